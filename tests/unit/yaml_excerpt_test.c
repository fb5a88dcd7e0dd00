/* SPDX-License-Identifier: Apache-2.0
 *
 * Excerpts: the text of a map as it stands in the text around it, or none.
 */
#include "test.h"

#include "glm/codec.h"

#include <string.h>

/* The excerpt of `at.spec` of a text; NULL when there is none. */
static const char *excerpt_of(struct glm_arena *a, const char *text)
{
    const struct glm_value *v;
    struct glm_diags d;
    size_t len = strlen(text);
    glm_diags_init(&d, a);
    struct glm_yaml_source source = {.text = text, .len = len};
    if (!glm_yaml_decode(a, text, len, "the text", NULL, &v, &d))
        fail_msg("%s", glm_test_diags_text(a, &d));
    const struct glm_value *spec = glm_get_path(v, "at", "spec", NULL), *again;
    const char *excerpt = glm_yaml_excerpt(a, &source, spec, &len);
    if (!excerpt)
        return NULL;
    assert_true(glm_yaml_decode(a, excerpt, len, "the excerpt", NULL, &again, &d));
    glm_assert_value_equal(again, spec);
    return glm_strndup(a, excerpt, len);
}

static void a_map_is_cut_out_as_it_stands(void **state)
{
    static const struct {
        const char *text, *excerpt;
    } cases[] = {
        {"at:\n  spec:\n    b: 1\n    a: 0400\n  after: 2\n", "b: 1\na: 0400\n"},
        /* comments above, beside, between, at the end, and further out */
        {"at:\n  spec:\n    # above\n    b: 1 # beside\n# out\n    # in\n    a: 2\n    # end\n"
         "  # not ours\n  after: 3\n",
         "# above\nb: 1 # beside\n# out\n# in\na: 2\n# end\n"},
        /* the end of the text, without a line break */
        {"at:\n  spec:\n    b: 1", "b: 1"},
        /* quotes and lists at the indentation of their key */
        {"at:\n  spec:\n    b:\n    - 'x'\n    - \"y\"\n", "b:\n- 'x'\n- \"y\"\n"},
        /* text blocks with indentation and chomping indicators, and what looks like a comment */
        {"at:\n  spec:\n    b: |2\n        x\n      # y\n    c: >-\n      z\n\n      z\n  d: 1\n",
         "b: |2\n    x\n  # y\nc: >-\n  z\n\n  z\n"},
        {"at:\n  spec:\n    b: |+\n      x\n\n\n  d: 1\n", "b: |+\n  x\n\n\n"},
        {"at:\n  spec:\n    b: |\n      x\n\n\n  d: 1\n", "b: |\n  x\n"},
        /* line breaks of Windows */
        {"at:\r\n  spec:\r\n    b: 1\r\n\r\n    a: 2\r\n  after: 3\r\n", "b: 1\r\n\r\na: 2\r\n"},
        /* in a list element, after an anchor or a comment on the line of its key */
        {"at:\n  spec: &all # ours\n    b: {x: 1}\n  more: *all\n", "b: {x: 1}\n"},
        {"x: 0\nat: {a: 1, spec: {b: 1}}\n---\n", NULL},
        /* an anchor of its own */
        {"at:\n  spec:\n    b: &x {c: 1}\n    a: *x\n", "b: &x {c: 1}\na: *x\n"},
        /* a document marker ends it */
        {"---\nat:\n  spec:\n    b: 1\n...\n", "b: 1\n"},
        /* a byte order mark */
        {"\xEF\xBB\xBF"
         "at:\n  spec:\n    b: 1\n",
         "b: 1\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *excerpt = excerpt_of(*state, cases[i].text);
        if (!cases[i].excerpt)
            assert_null(excerpt);
        else if (!excerpt)
            fail_msg("no excerpt of\n%s", cases[i].text);
        else
            assert_string_equal(excerpt, cases[i].excerpt);
    }
}

static void what_cannot_stand_alone_is_no_excerpt(void **state)
{
    static const char *const texts[] = {
        "{\"at\": {\"spec\": {\"b\": 1}}}",
        "at:\n  spec: {b: 1,\n    a: 2}\n",
        "x: &x {c: 1}\nat:\n  spec:\n    b: *x\n",
        "x: &x {c: 1}\nat:\n  spec:\n    <<: *x\n    b: 1\n",
        "at:\n  spec: {}\n",
        "at:\n  spec: text\n",
        "at:\n  spec:\n    - b: 1\n",
        "at:\n  ? spec\n  : b: 1\n    a: 2\n",
        "%TAG !e! tag:yaml.org,2002:\n---\nat:\n  spec:\n    b: !e!str 1\n",
        "at:\n  spec:\n    b: \"x\n y\"\n    a: 1\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (excerpt_of(*state, texts[i]))
            fail_msg("an excerpt of\n%s", texts[i]);
}

/* Each is found from where the last one was. */
static void many_are_cut_out_of_one_text(void **state)
{
    struct glm_arena *a = *state;
    struct glm_text text;
    struct glm_diags d;
    const struct glm_value *list;
    enum { COUNT = 20000 };
    glm_diags_init(&d, a);
    glm_text_init(&text, a, (size_t)16 << 20);
    for (int i = 0; i < COUNT; i++)
        glm_text_addf(&text, "- n: %d\n  spec:\n    # %d\n    b: %d\n", i, i, i);
    assert_true(glm_yaml_decode(a, text.data, text.len, "the text", NULL, &list, &d));
    struct glm_yaml_source source = {.text = text.data, .len = text.len};
    for (size_t i = 0; i < COUNT; i++) {
        size_t len;
        const char *excerpt = glm_yaml_excerpt(a, &source, glm_get(glm_at(list, i), "spec"), &len);
        assert_non_null(excerpt);
        assert_string_equal(glm_strndup(a, excerpt, len), glm_sprintf(a, "# %zu\nb: %zu\n", i, i));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_is_cut_out_as_it_stands),
        cmocka_unit_test(what_cannot_stand_alone_is_no_excerpt),
        cmocka_unit_test(many_are_cut_out_of_one_text),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
