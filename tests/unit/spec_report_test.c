/* SPDX-License-Identifier: Apache-2.0
 *
 * The report: places, quoted lines, gathered warnings.
 */
#include "test.h"

#include "glm/codec.h"
#include "glm/spec.h"
#include "glm/text.h"

#include <string.h>

static const struct glm_path attribute = {.step = GLM_STEP_ATTRIBUTE, .name = "spec"};

static const char text[] = "profile: empty\n"
                           "components:\n"
                           "  ingressGateways:\n"
                           "  - enabled: tru\n";

static void begin(struct glm_spec_report *r, struct glm_arena *a, struct glm_diags *d,
                  const char *document)
{
    glm_diags_init(d, a);
    glm_spec_report_begin(r, a, &attribute, document, document ? strlen(document) : 0, true, d);
}

/* The one quote of the document at that place. */
static const char *quote(struct glm_arena *a, const char *document, size_t len, uint32_t line,
                         uint32_t column)
{
    struct glm_spec_report r;
    struct glm_diags d;
    glm_diags_init(&d, a);
    glm_spec_report_begin(&r, a, &attribute, document, len, true, &d);
    return glm_spec_quote(&r, line, column);
}

static void errors_have_their_place_and_quote_the_line(void **state)
{
    struct glm_spec_report r;
    struct glm_diags d;
    begin(&r, *state, &d, text);
    assert_false(glm_spec_error(&r, 4, 14, "components.x", "Wrong", "must be %s.", "true"));
    assert_int_equal(d.errors, 1);
    assert_false(r.ok);
    assert_string_equal(d.first->summary, "Wrong");
    assert_string_equal(d.first->detail, "Line 4, column 14: components.x must be true.\n\n"
                                         "    4 |   - enabled: tru");
    assert_string_equal(glm_path_text(*state, d.first->path), "spec");
    assert_false(glm_spec_report_end(&r));
    assert_int_equal(d.errors, 1);
}

static void a_message_may_go_on_with_a_colon(void **state)
{
    struct glm_spec_report r;
    struct glm_diags d;
    begin(&r, *state, &d, text);
    glm_spec_error(&r, 1, 10, "profile", "Wrong", ": the operator has no such profile.");
    assert_string_equal(d.first->detail,
                        "Line 1, column 10: profile: the operator has no such profile.\n\n"
                        "    1 | profile: empty");
}

static void without_a_position_there_is_only_the_path(void **state)
{
    struct glm_spec_report r;
    struct glm_diags d;
    begin(&r, *state, &d, text);
    glm_spec_error(&r, 0, 0, "values.x", "Wrong", "is wrong.");
    assert_string_equal(d.first->detail, "values.x is wrong.");
    begin(&r, *state, &d, text);
    glm_spec_error(&r, 0, 0, "", "Wrong", "is wrong.");
    assert_string_equal(d.first->detail, "the spec is wrong.");
    begin(&r, *state, &d, NULL);
    glm_spec_error(&r, 3, 1, "values", "Wrong", "is wrong.");
    assert_string_equal(d.first->detail, "Line 3, column 1: values is wrong.");
    begin(&r, *state, &d, text); /* a position of some other text */
    glm_spec_error(&r, 6, 1, "values", "Wrong", "is wrong.");
    assert_string_equal(d.first->detail, "Line 6, column 1: values is wrong.");
}

static void lines_are_counted_as_yaml_counts_them(void **state)
{
    static const struct {
        const char *text;
        uint32_t line;
        const char *quoted;
    } cases[] = {
        {"a\r\nb\r\nc", 2, "\n\n    2 | b"},
        {"a\rb\rc\r", 3, "\n\n    3 | c"},
        {"a\xC2\x85"
         "b\xE2\x80\xA8"
         "c\xE2\x80\xA9"
         "d",
         4, "\n\n    4 | d"},
        {"\xEF\xBB\xBF"
         "a: 1\n",
         1, "\n\n    1 | a: 1"},
        {"a\n\nb", 2, "\n\n    2 | "},
        {"a\n", 2, "\n\n    2 | "},
        {"", 1, "\n\n    1 | "},
        {"a", 2, ""},
        {"\xE2\x80", 1, "\n\n    1 | \xEF\xBF\xBD\xEF\xBF\xBD"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(quote(*state, cases[i].text, strlen(cases[i].text), cases[i].line, 1),
                            cases[i].quoted);
}

static void a_long_line_is_cut_around_the_column(void **state)
{
    struct glm_text line;
    glm_text_init(&line, *state, 1 << 20);
    for (int i = 0; i < 10000; i++)
        glm_text_addf(&line, "<%07d>", i);
    const char *said = quote(*state, line.data, line.len, 1, 1);
    assert_int_equal(strlen(said), strlen("\n\n    1 | ...") + 100);
    assert_memory_equal(said, "\n\n    1 | <0000000>", 18);
    said = quote(*state, line.data, line.len, 1, 45001);
    assert_non_null(strstr(said, "| ...96><0004997>"));
    assert_non_null(strstr(said, "<0005000>"));
    assert_string_equal(said + strlen(said) - 10, "<000500...");
    said = quote(*state, line.data, line.len, 1, 90000);
    assert_string_equal(said + strlen(said) - 9, "<0009999>");
    said = quote(*state, line.data, line.len, 1, 100000); /* beyond its end */
    assert_string_equal(said, "\n\n    1 | ...");
    said = quote(*state, line.data, 100, 1, 99); /* just not too long */
    assert_int_equal(strlen(said), strlen("\n\n    1 | ") + 100);
}

static void columns_and_cuts_are_characters(void **state)
{
    struct glm_text line;
    glm_text_init(&line, *state, 1 << 20);
    for (int i = 0; i < 300; i++)
        glm_text_adds(&line, "\xE2\x82\xAC"); /* a euro sign */
    glm_text_adds(&line, "x");
    for (int i = 0; i < 300; i++)
        glm_text_adds(&line, "\xF0\x9F\x9A\x80"); /* a rocket */
    const char *said = quote(*state, line.data, line.len, 1, 301);
    assert_true(glm_utf8_valid(said, strlen(said)));
    assert_memory_equal(strchr(said, 'x') - 90, line.data, 90);
    assert_memory_equal(strchr(said, 'x') + 1, "\xF0\x9F\x9A\x80", 4);
    assert_int_equal(strlen(said), strlen("\n\n    1 | ......") + 90 + 1 + 69 * 4);
}

static void what_a_terminal_would_obey_is_not_shown(void **state)
{
    static const char odd[] = "a\tb\x1B[31m\xC2\x9B"
                              "c\xE2\x80\xAE"
                              "d\0e\x7F\xFF";
    assert_string_equal(quote(*state, odd, sizeof odd - 1, 1, 1),
                        "\n\n    1 | a b\xEF\xBF\xBD[31m\xEF\xBF\xBD"
                        "c\xEF\xBF\xBD"
                        "d\xEF\xBF\xBD"
                        "e\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void warnings_of_one_summary_become_one_in_the_order_of_the_text(void **state)
{
    struct glm_spec_report r;
    struct glm_diags d;
    begin(&r, *state, &d, text);
    glm_spec_warn_noted(&r, 4, 5, "b", "Unknown key", "All are kept.", "is not known.");
    glm_spec_warn(&r, 2, 1, "components", "Another", "is odd.");
    glm_spec_warn_noted(&r, 1, 1, "a", "Unknown key", "All are kept.", "is not known.");
    glm_spec_warn_noted(&r, 1, 1, "a", "Unknown key", "All are kept.", "is not known.");
    glm_spec_warn_noted(&r, 4, 3, "c", "Unknown key", "Or not.", "is not known.");
    assert_int_equal(d.warnings, 0);
    assert_true(glm_spec_report_end(&r));
    assert_string_equal(glm_test_diags_text(*state, &d),
                        "warning: spec: Unknown key: Line 1, column 1: a is not known.\n\n"
                        "    1 | profile: empty\n\n"
                        "Line 4, column 3: c is not known.\n\n"
                        "    4 |   - enabled: tru\n\n"
                        "Line 4, column 5: b is not known.\n\n"
                        "    4 |   - enabled: tru\n\n"
                        "All are kept.\n\n"
                        "Or not.\n"
                        "warning: spec: Another: Line 2, column 1: components is odd.\n\n"
                        "    2 | components:\n");
    assert_true(glm_spec_report_end(&r)); /* nothing is said twice */
    assert_int_equal(d.warnings, 2);
}

static void summaries_of_two_documents_differ(void **state)
{
    struct glm_spec_report r;
    struct glm_diags d;
    begin(&r, *state, &d, text);
    r.of = "edge, installation 1-24";
    glm_spec_warn(&r, 1, 1, "a", "Unknown key", "is not known.");
    glm_spec_report_end(&r);
    assert_string_equal(d.first->summary, "Unknown key (edge, installation 1-24)");
}

static void warnings_are_dropped_where_nobody_wants_them(void **state)
{
    struct glm_spec_report r;
    struct glm_diags d;
    glm_diags_init(&d, *state);
    glm_spec_report_begin(&r, *state, &attribute, text, strlen(text), false, &d);
    glm_spec_warn(&r, 1, 1, "a", "Unknown key", "is not known.");
    glm_spec_warn_noted(&r, 1, 1, "a", "Unknown key", "Note.", "is not known.");
    assert_true(glm_spec_report_end(&r));
    assert_int_equal(d.warnings, 0);
}

static void credentials_are_starred_in_lines_and_messages(void **state)
{
    static const char document[] = "env: [{name: DB_PASSWORD, value: 'pä55 word & <more>', x: 1}]\n"
                                   "tracing: {accessToken: 12345678, address: 1, port: 123456789}\n"
                                   "hub: https://me:hunter2@registry/istio\n"
                                   "json: \"p\xC3\xA4"
                                   "55 word \\u0026 more hunter2 hunter22 abcd\"\n"
                                   "licenseKey: abc\n";
    struct glm_spec_report r;
    struct glm_diags d;
    begin(&r, *state, &d, document);
    assert_true(glm_yaml_decode(*state, document, strlen(document), "spec", NULL, &r.document, &d));
    assert_string_equal(
        glm_spec_quote(&r, 1, 55),
        "\n\n    1 | env: [{name: DB_PASSWORD, value: '**********& <****>', x: 1}]");
    assert_string_equal(
        glm_spec_quote(&r, 2, 42),
        "\n\n    2 | tracing: {accessToken: ********, address: 1, port: ********9}");
    assert_string_equal(glm_spec_quote(&r, 3, 1),
                        "\n\n    3 | hub: https://me:*******@registry/istio");
    assert_string_equal(glm_spec_quote(&r, 4, 1),
                        "\n\n    4 | json: \"**********\\u0026 **** ******* hunter22 abcd\"");
    assert_string_equal(glm_spec_quote(&r, 5, 1), "\n\n    5 | licenseKey: abc");
    glm_spec_error(&r, 0, 0, "x", "Wrong", "is the number 12345678, hunter2.");
    glm_spec_warn(&r, 0, 0, "x", "Odd", "is the string \"pä55 wor...\".");
    glm_spec_report_end(&r);
    assert_string_equal(d.first->detail, "x is the number ********, *******.");
    assert_string_equal(d.last->detail, "x is the string \"********...\".");
}

static void what_cannot_be_decoded_is_starred_by_its_keys(void **state)
{
    static const char document[] = "dbPassword: a: b\n"
                                   "{\"vault.io/token\" : \"x\", \"a\": [\r\n"
                                   "secret: {secretName: edge\n"
                                   "token:\n"
                                   "port: 1: 2\n";
    static const char *const lines[] = {
        "dbPassword: ****",
        "{\"vault.io/token\" : ***********",
        "secret: {secretName: edge",
        "token:",
        "port: 1: 2",
    };
    for (uint32_t i = 0; i < 5; i++)
        assert_string_equal(quote(*state, document, strlen(document), i + 1, 1),
                            glm_sprintf(*state, "\n\n%5u | %s", i + 1, lines[i]));
}

static void more_than_can_be_read_are_counted(void **state)
{
    struct glm_spec_report r;
    struct glm_diags d;
    begin(&r, *state, &d, text);
    for (uint32_t i = 1; i <= 100; i++)
        glm_spec_warn(&r, 1, i, "a", "Unknown key", "is not known.");
    glm_spec_report_end(&r);
    assert_null(strstr(d.first->detail, "more of this kind"));
    begin(&r, *state, &d, text);
    for (uint32_t i = 1; i <= 103; i++)
        glm_spec_warn(&r, 1, i, "a", "Unknown key", "is not known.");
    for (uint32_t i = 0; i < GLM_DIAGS_LIMIT + 50; i++)
        glm_spec_error(&r, 2, i, "b", "Wrong", "is wrong.");
    assert_false(glm_spec_report_end(&r));
    assert_int_equal(d.errors, GLM_DIAGS_LIMIT + 50);
    assert_string_equal(d.last->summary, "Too many problems to list");
    begin(&r, *state, &d, text);
    for (uint32_t i = 1; i <= 103; i++)
        glm_spec_warn(&r, 1, i, "a", "Unknown key", "is not known.");
    glm_spec_report_end(&r);
    assert_string_equal(strstr(d.first->detail, "\n\nThere are"),
                        "\n\nThere are 3 more of this kind.");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(errors_have_their_place_and_quote_the_line),
        TEST(a_message_may_go_on_with_a_colon),
        TEST(without_a_position_there_is_only_the_path),
        TEST(lines_are_counted_as_yaml_counts_them),
        TEST(a_long_line_is_cut_around_the_column),
        TEST(columns_and_cuts_are_characters),
        TEST(what_a_terminal_would_obey_is_not_shown),
        TEST(warnings_of_one_summary_become_one_in_the_order_of_the_text),
        TEST(summaries_of_two_documents_differ),
        TEST(warnings_are_dropped_where_nobody_wants_them),
        TEST(credentials_are_starred_in_lines_and_messages),
        TEST(what_cannot_be_decoded_is_starred_by_its_keys),
        TEST(more_than_can_be_read_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
