/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML: what scalars mean, positions, aliases and merges, ceilings, diagnostics, encoding.
 * The table of scalars agrees with sigs.k8s.io/yaml; tests/peers/run-codec holds many more.
 */
#include "test.h"

#include "glm/text.h"

#include <string.h>

static const struct glm_value *decode(struct glm_arena *a, const char *text)
{
    struct glm_diags d;
    const struct glm_value *v = NULL;
    glm_diags_init(&d, a);
    if (!glm_yaml_decode(a, text, strlen(text), "spec", NULL, &v, &d)) {
        print_error("%s\n%s", text, glm_test_diags_text(a, &d));
        fail();
    }
    assert_int_equal(d.errors, 0);
    return v;
}

/* The diagnostics, which must have an error at the path given. */
static const char *refuse(struct glm_arena *a, const char *text, size_t len)
{
    struct glm_diags d;
    const struct glm_value *v = &glm_true;
    glm_diags_init(&d, a);
    assert_false(glm_yaml_decode(a, text, len, "spec", GLM_AT_ATTR(NULL, "spec"), &v, &d));
    assert_ptr_equal(v, &glm_true);
    assert_true(d.errors > 0);
    glm_assert_error(&d, "spec", "");
    return glm_test_diags_text(a, &d);
}

static void assert_refused(struct glm_arena *a, const char *text, const char *part)
{
    const char *diags = refuse(a, text, strlen(text));
    if (!strstr(diags, part)) {
        print_error("%s\nlacks: %s\n%s", text, part, diags);
        fail();
    }
}

static void scalars_mean_what_kubernetes_takes_them_for(void **state)
{
    static const struct {
        const char *yaml, *json;
    } cases[] = {
        {"y", "true"},
        {"YES", "true"},
        {"On", "true"},
        {"n", "false"},
        {"off", "false"},
        {"tRUE", "'tRUE'"},
        {"~", "null"},
        {"Null", "null"},
        {"nULL", "'nULL'"},
        {"0x1F", "31"},
        {"-0x1F", "-31"},
        {"0o17", "15"},
        {"017", "15"},
        {"089", "89"},
        {"0b101", "5"},
        {"0b-1", "-1"},
        {"0B-1", "'0B-1'"},
        {"1_000", "1000"},
        {"_1", "'_1'"},
        {"+5", "5"},
        {".5", "0.5"},
        {"-.5", "-0.5"},
        {"+.5", "0.5"},
        {"._5", "'._5'"},
        {"1.", "1"},
        {"1.e3", "1e3"},
        {"00.5", "0.5"},
        {"1e3", "1e3"},
        {"1e", "'1e'"},
        {"12e4567", "'12e4567'"}, /* beyond a double: a string, such as a commit's name */
        {"0xFFFFFFFFFFFFFFFF", "18446744073709551615"},
        {"0x10000000000000000", "'0x10000000000000000'"},
        {"1.2.3", "'1.2.3'"},
        {"1-24", "'1-24'"},
        {"12:30", "'12:30'"},
        {"2001-01-01", "'2001-01-01'"},
        {"'1'", "'1'"},
        {"! '1'", "'1'"},
        {"!!str 1", "'1'"},
        {"!!int '7'", "7"},
        {"!!float 3", "3"},
        {"!!bool 'yes'", "true"},
        {"!!null ''", "null"},
        {"!!timestamp 2001-02-28", "'2001-02-28'"},
        {"!!binary |\n  aGVs\n  bG8=", "'hello'"},
        {"!custom 1", "'1'"},
        {"!!str", "''"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct glm_arena *a = *state;
        const struct glm_value *v = decode(a, glm_sprintf(a, "k: %s\n", cases[i].yaml));
        const struct glm_value *expected = glm_test_value(a, cases[i].json);
        if (glm_get(v, "k")->kind != expected->kind || !glm_equal(glm_get(v, "k"), expected))
            print_error("%s\n", cases[i].yaml);
        glm_assert_value_equal(glm_get(v, "k"), expected);
    }
}

static void numbers_come_back_as_they_went_in(void **state)
{
    static const char *const numbers[] = {"9223372036854775809",
                                          "123456789012345678901234567890",
                                          "-123456789012345678901234567890",
                                          "1e-7",
                                          "0.1",
                                          "0.30000000000000000000000001",
                                          "1.50",
                                          "1E+05",
                                          "1e-999",
                                          "0"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const struct glm_value *v = decode(*state, numbers[i]);
        assert_int_equal(v->kind, GLM_NUMBER);
        assert_int_equal(v->len, strlen(numbers[i]));
        assert_string_equal(v->as.text, numbers[i]);
    }
}

static void tags_that_do_not_fit_are_refused(void **state)
{
    assert_refused(*state, "a: !!int x\n", "Line 1, column 4: this value is tagged !!int");
    assert_refused(*state, "a: !!int 1.5\n", "whole number");
    assert_refused(*state, "a: !!bool 1\n", "!!bool");
    assert_refused(*state, "a: !!null x\n", "!!null");
    assert_refused(*state, "a: !!float x\n", "!!float");
    assert_refused(*state, "a: !!timestamp 2001-02-29\n", "!!timestamp");
    assert_refused(*state, "a: !!binary x\n", "not valid base64");
    assert_refused(*state, "a: !!binary /w==\n", "UTF-8");
}

static void infinity_is_no_number(void **state)
{
    assert_refused(*state, "a: 1\nb: .inf\n", "Line 2, column 4: .inf is no number");
    assert_refused(*state, "- .NaN\n", ".nan is no number");
    assert_refused(*state, "a: &x .inf\nb: *x\n", ".inf");
}

static void keys_become_strings(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *v =
        decode(a, "1: a\n1.50: b\nyes: c\n0x10: d\n1e3: e\n1234567.0: f\n.inf: g\n-0: h\n'': i\n");
    glm_assert_value_equal(
        v, glm_test_value(a, "{'1':'a','1.5':'b','true':'c','16':'d','1000':'e','1.234567e+06':'f',"
                             "'.inf':'g','0':'h','':'i'}"));
    assert_refused(a, "~: a\n", "this key is empty or null");
    assert_refused(a, "18446744073709551615: a\n", "beyond 64 bits");
    assert_refused(a, "a: 1\n\"b\\0c\": a\n", "Line 2, column 1: this key has a NUL character");
    assert_refused(a, "a: {{ x }}\n", "Line 1, column 5: the key of this map is itself");
    assert_refused(a, "? [a]\n: b\n", "the key of this map is itself");
}

static void positions_are_those_of_the_text(void **state)
{
    const struct glm_value *v = decode(*state, "a: 1\n"
                                               "größe: [x, {k: z}]\n"
                                               "c:\n"
                                               "  - d\n");
    const struct glm_pair *pair = glm_get_pair(v, "größe");
    assert_int_equal(v->line, 1);
    assert_int_equal(v->column, 1);
    assert_int_equal(pair->line, 2);
    assert_int_equal(pair->column, 1);
    assert_int_equal(pair->value->column, 8); /* characters, not bytes */
    pair = glm_get_pair(glm_at(pair->value, 1), "k");
    assert_int_equal(pair->line, 2);
    assert_int_equal(pair->column, 13);
    assert_int_equal(pair->value->column, 16);
    assert_int_equal(glm_at(glm_get(v, "c"), 0)->line, 4);
    assert_int_equal(glm_at(glm_get(v, "c"), 0)->column, 5);
}

static void byte_order_mark_and_windows_lines_do_not_matter(void **state)
{
    struct glm_arena *a = *state;
    glm_assert_value_equal(decode(a, "\xEF\xBB\xBF"
                                     "a: 1\r\nb:\r\n  - c\r\n"),
                           glm_test_value(a, "{'a': 1, 'b': ['c']}"));
}

static void duplicate_keys_are_refused_with_both_places(void **state)
{
    assert_refused(*state, "b: 1\na:\n  x: 1\n  y: 2\n  'x': 3\n",
                   "Line 5, column 3: the key \"x\" is there twice in the same map, first at line "
                   "3, column 3");
    assert_refused(*state, "1: a\n'1': b\n", "the key \"1\" is there twice");
    const char *both = refuse(*state, "a: {x: 1, x: 2}\nb: {z: 1, z: 2}\n", 32);
    assert_non_null(strstr(both, "\"x\""));
    assert_non_null(strstr(both, "\"z\""));
}

static void aliases_are_expanded(void **state)
{
    struct glm_arena *a = *state;
    glm_assert_value_equal(decode(a, "a: &x {k: [1]}\nb: *x\nc: [*x, *x]\n"),
                           glm_test_value(a, "{'a':{'k':[1]},'b':{'k':[1]},"
                                             "'c':[{'k':[1]},{'k':[1]}]}"));
}

static void an_alias_names_the_anchor_defined_last(void **state)
{
    struct glm_arena *a = *state;
    glm_assert_value_equal(decode(a, "a: &x 1\nb: &x 2\nc: *x\nd: &y [&y z, *y]\ne: *y\n"),
                           glm_test_value(a, "{'a':1,'b':2,'c':2,'d':['z','z'],'e':'z'}"));
    glm_assert_value_equal(decode(a, "a: &k key\nb: {*k : 2}\n"),
                           glm_test_value(a, "{'a':'key','b':{'key':2}}"));
}

static void bad_aliases_are_refused(void **state)
{
    assert_refused(*state, "a: *x\n", "Line 1, column 4: *x refers to an anchor that is not");
    assert_refused(*state, "a: &x [1, *x]\n", "Line 1, column 11: *x is used inside of &x itself");
    assert_refused(*state, "a: &x {b: {c: *x}}\n", "itself");
}

static void anchors_end_with_their_document(void **state)
{
    struct glm_diags d;
    const struct glm_value *v;
    const char *text = "a: &x 1\n---\nb: *x\n";
    glm_diags_init(&d, *state);
    assert_false(glm_yaml_decode_all(*state, text, strlen(text), "spec", NULL, &v, &d));
    glm_assert_error(&d, "", "Line 3, column 4: *x refers");
}

static void aliases_cannot_blow_up(void **state)
{
    struct glm_arena *a = *state;
    struct glm_text text;
    glm_text_init(&text, a, 10000);
    glm_text_adds(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 20; i++)
        glm_text_addf(&text, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1,
                      i - 1, i - 1, i - 1, i - 1);
    size_t before = glm_arena_used(a);
    assert_non_null(strstr(refuse(a, text.data, text.len), "grows beyond 4194304 values"));
    assert_true(glm_arena_used(a) - before < (size_t)1 << 20);
}

static void aliases_of_long_texts_cannot_blow_up(void **state)
{
    struct glm_arena *a = *state;
    struct glm_text text;
    glm_text_init(&text, a, 100000);
    glm_text_adds(&text, "a: &a ");
    for (int i = 0; i < 4000; i++)
        glm_text_addc(&text, 'x');
    glm_text_adds(&text, "\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n");
    glm_text_adds(&text, "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n");
    decode(a, glm_strdup(a, text.data));
    glm_text_adds(&text, "d: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n");
    size_t before = glm_arena_used(a);
    assert_non_null(strstr(refuse(a, text.data, text.len),
                           "Line 4, column 50: aliases such as *name have added more than "
                           "16777216 bytes"));
    assert_true(glm_arena_used(a) - before < (size_t)1 << 20);
}

static void a_nul_is_refused_in_every_string(void **state)
{
    assert_refused(*state, "a: \"x\\0y\"\n", "Line 1, column 4: there is a NUL character");
    assert_refused(*state, "a: [\"\\x00\"]\n", "NUL character");
    assert_refused(*state, "a: !!binary eAB5\n", "NUL character");
    assert_refused(*state, "a: &x \"\\u0000\"\n", "NUL character");
}

static void aliases_cannot_get_around_the_depth(void **state)
{
    struct glm_arena *a = *state;
    struct glm_text text;
    glm_text_init(&text, a, 100000);
    glm_text_adds(&text, "a0: &a0 x\n");
    for (int i = 1; i <= 199; i++)
        glm_text_addf(&text, "a%d: &a%d [*a%d]\n", i, i, i - 1);
    size_t deepest = text.len;
    const struct glm_value *v = decode(a, glm_strndup(a, text.data, deepest));
    assert_true(glm_equal(v, glm_copy(a, v)));
    glm_text_adds(&text, "a200: [*a199]\n");
    assert_non_null(strstr(refuse(a, text.data, text.len), "nested more than 200 deep"));
}

static void merge_keys_take_what_is_not_there(void **state)
{
    struct glm_arena *a = *state;
    static const struct {
        const char *yaml, *json;
    } cases[] = {
        {"{<<: {x: 1, z: 2}, x: 3}", "{'x':3,'z':2}"},
        /* As Kubernetes has it: what is later in the text wins. */
        {"{x: 3, <<: {x: 1, z: 2}}", "{'x':1,'z':2}"},
        {"<<: [{x: 1}, {x: 2, z: 2}]", "{'x':1,'z':2}"},
        {"<<: {<<: {x: 1}, z: 2}", "{'x':1,'z':2}"},
        {"{'<<': 1}", "{'<<':1}"},
        {"!!merge <<: {x: 1}", "{'x':1}"},
        {"- <<", "['<<']"},
        {"<<: {x: 1}\nx: null", "{'x':null}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        glm_assert_value_equal(decode(a, cases[i].yaml), glm_test_value(a, cases[i].json));
    glm_assert_value_equal(glm_get(decode(a, "a: &a {x: 1}\nb: {<<: *a, z: 2}\n"), "b"),
                           glm_test_value(a, "{'x':1,'z':2}"));
    assert_refused(a, "<<: 1\n", "'<<' merges other maps");
    assert_refused(a, "<<: [{a: 1}, 2]\n", "'<<' merges other maps");
    assert_refused(a, "a: &l [{x: 1}]\nb: {<<: *l}\n", "Line 2, column 5: '<<' merges");
    assert_refused(a, "<<: {a: 1}\n<<: {b: 1}\n", "the key '<<' is there twice, first at line 1");
}

static void one_document_is_expected(void **state)
{
    struct glm_arena *a = *state;
    assert_true(glm_is_null(decode(a, "")));
    assert_true(glm_is_null(decode(a, "# nothing\n")));
    assert_true(glm_is_null(decode(a, "---\n---\n")));
    assert_true(glm_string_is(decode(a, "---\n--- x\n---\n"), "x"));
    assert_refused(a, "a: 1\n---\n\nb: 2\n", "Line 4, column 1: a second document begins");
}

static void all_documents_are_a_list_without_the_empty_ones(void **state)
{
    struct glm_diags d;
    const struct glm_value *v = NULL;
    const char *text = "---\na: 1\n---\n---\n# none\n---\nnull\n...\n--- x\n";
    glm_diags_init(&d, *state);
    assert_true(glm_yaml_decode_all(*state, text, strlen(text), "spec", NULL, &v, &d));
    glm_assert_value_equal(v, glm_test_value(*state, "[{'a':1}, null, 'x']"));
    assert_true(glm_yaml_decode_all(*state, "", 0, "spec", NULL, &v, &d));
    glm_assert_value_equal(v, &glm_empty_list);
}

static void there_is_a_ceiling_of_documents(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    struct glm_text text;
    const struct glm_value *v = NULL;
    glm_diags_init(&d, a);
    glm_text_init(&text, a, (size_t)1 << 20);
    for (size_t i = 0; i < GLM_YAML_MAX_DOCUMENTS; i++)
        glm_text_adds(&text, "--- x\n");
    assert_true(glm_yaml_decode_all(a, text.data, text.len, "spec", NULL, &v, &d));
    assert_int_equal(v->len, GLM_YAML_MAX_DOCUMENTS);
    glm_text_adds(&text, "--- x\n");
    assert_false(glm_yaml_decode_all(a, text.data, text.len, "spec", NULL, &v, &d));
    glm_assert_error(&d, "", "more than 10000 documents");
}

static void the_ceiling_of_bytes_is_inclusive(void **state)
{
    struct glm_arena *a = *state;
    char *text = glm_alloc(a, GLM_YAML_MAX_BYTES + 2);
    memset(text, '#', GLM_YAML_MAX_BYTES + 1);
    text[0] = 'x';
    text[1] = ' ';
    struct glm_diags d;
    const struct glm_value *v = NULL;
    glm_diags_init(&d, a);
    assert_true(glm_yaml_decode(a, text, GLM_YAML_MAX_BYTES, "spec", NULL, &v, &d));
    assert_true(glm_string_is(v, "x"));
    assert_non_null(strstr(refuse(a, text, GLM_YAML_MAX_BYTES + 1), "at most 16777216 are read"));
}

static const char *nested(struct glm_arena *a, unsigned depth)
{
    char *text = glm_alloc(a, 2 * (size_t)depth + 2);
    memset(text, '[', depth);
    text[depth] = 'x';
    memset(text + depth + 1, ']', depth);
    return text;
}

static void the_ceiling_of_depth_is_exact(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *v = decode(a, nested(a, GLM_VALUE_DEPTH));
    glm_assert_value_equal(v, glm_copy(a, v));
    assert_refused(a, nested(a, GLM_VALUE_DEPTH + 1), "Line 1, column 201: maps and lists are");
    assert_refused(a, nested(a, 100000), "nested more than 200 deep");
}

static void mistakes_are_explained(void **state)
{
    static const struct {
        const char *yaml, *part;
    } cases[] = {
        {"a:\n\tb: 1\n", "Line 2, column 1: a tab is used for indentation"},
        {"a: 1\n\tb: 2\n", "a tab is used for indentation"},
        {"a: b: c\n", "Line 1, column 5: a ':' is not expected here"},
        {"a:\n  b: 1\n c: 2\n", "Line 3, column 2: a key is expected here"},
        {"a:\n- x\nb\n", "Line 3, column 2: this line is no 'key: value'"},
        {"a: \"x\nb: 1\n\n", "Line 2, column 5: the text ends inside of quotes"},
        {"a: [\r\n \r\n", "Line 1, column 5: a value is expected here"},
        {"a: [1, 2\nb: 3\n", "Line 2, column 2: ',' or ']' is expected here"},
        {"a: {b: 1\nc: 2\n", "'{' is not closed"},
        {"a: 'x\n", "the text ends inside of quotes"},
        {"a: \"\\q\"\n", "no escape"},
        {"a: \"\\ud83d\\ude00\"\n", "half of a pair"},
        {"a: @x\n", "Line 1, column 4: a value cannot begin with '@' unless it is in quotes"},
        {"größe: @x\n", "Line 1, column 8: a value cannot begin with '@'"},
        {"[a:, b]\n", "Line 1, column 3: the ':' is neither part of a quoted value"},
        {"a: `x`\n", "cannot begin with '`'"},
        {"a: *\n", "'*' and '&' are followed by a name"},
        {"a: !e!x 1\n", "has a prefix that is not defined"},
        {"a: - b\n", "'- ' begins a list item where none can be"},
        {"a: 1\nb: \x07\n", "Line 2, column 4: there is a control character here"},
        {"a: 1\nb: \xff\n", "Line 2, column 4: the text is not valid UTF-8"},
        {"%YAML 3.0\n---\na\n", "only YAML 1.1 and 1.2"},
        {"[1]\n]\n", "the document has ended here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(*state, cases[i].yaml, cases[i].part);
    assert_non_null(strstr(refuse(*state, "a\0b", 3), "control character"));
}

static const char *encode(struct glm_arena *a, const struct glm_value *v)
{
    struct glm_text text;
    glm_text_init(&text, a, (size_t)1 << 20);
    glm_yaml_encode(v, &text);
    assert_false(text.overflow);
    glm_assert_value_equal(decode(a, text.data), v);
    return text.data;
}

static void encoding_is_block_style(void **state)
{
    struct glm_arena *a = *state;
    assert_string_equal(
        encode(a, glm_test_value(a, "{'spec':{'b':[1,{'x':1,'y':[]},[true,[null]]],'a':{}},"
                                    "'kind':'IstioOperator','list':[{'k':{'z':'1'}}]}")),
        "kind: IstioOperator\n"
        "list:\n"
        "- k:\n"
        "    z: \"1\"\n"
        "spec:\n"
        "  a: {}\n"
        "  b:\n"
        "  - 1\n"
        "  - x: 1\n"
        "    \"y\": []\n"
        "  - - true\n"
        "    - - null\n");
    assert_string_equal(encode(a, &glm_empty_map), "{}\n");
    assert_string_equal(encode(a, &glm_null), "null\n");
    assert_string_equal(encode(a, glm_string(a, "x")), "x\n");
}

static void strings_are_quoted_only_where_a_reader_could_err(void **state)
{
    static const char *const plain[] = {
        "a",     "a b",       "1-24",       "1.24.3", "10.0.0.1", "10.0.0.0/16", "http://x:80/y",
        "a:b",   "--flag=x",  "-v",         "a#b",    "100m",     "1Gi",         "it's",
        "größe", "a, b",      "a[0]",       "v1",     "/x",       "<x>",         "2001-01-01-rc1",
        "a\"b",  "$(POD_IP)", "deadbeef99", "yesno",  "a}"};
    static const char *const quoted[] = {"",        "1",          "-1",    "1.5",  "1e3",
                                         "0x1F",    "0o17",       "1_000", ".5",   "12:30",
                                         "1:2:3.5", "true",       "YES",   "y",    "n",
                                         "Off",     "null",       "~",     ".inf", "-.INF",
                                         ".nan",    "=",          "<<",    "- a",  "-",
                                         "? a",     "a: b",       "a:",    "a #b", " a",
                                         "a ",      "2001-01-01", "*a",    "&a",   "!a",
                                         "{a",      "@a",         "%a",    "`a",   "'a",
                                         "\"a",     "#a",         ":a",    "|",    ">",
                                         "---",     "...",        "1,000", "0b1",  "2001-1-1 5:6:7",
                                         "NULL",    "1e999",      "+5",    "0777"};
    struct glm_arena *a = *state;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        assert_string_equal(encode(a, glm_string(a, plain[i])), glm_sprintf(a, "%s\n", plain[i]));
    for (size_t i = 0; i < sizeof quoted / sizeof *quoted; i++)
        assert_true(strchr("\"'", encode(a, glm_string(a, quoted[i]))[0]));
    assert_string_equal(encode(a, glm_string(a, "say \"x\" \\ y:")), "'say \"x\" \\ y:'\n");
    assert_string_equal(encode(a, glm_string(a, "a\x01"
                                                "b\x7f\t\"")),
                        "\"a\\x01b\\x7F\\t\\\"\"\n");
    assert_string_equal(encode(a, glm_string(a, "\xE2\x80\xA8")), "\"\\u2028\"\n");
}

static void lines_become_literal_blocks(void **state)
{
    struct glm_arena *a = *state;
    assert_string_equal(encode(a, glm_test_value(a, "{'a':'x\\n  y\\n','b':'x\\n\\ny'}")),
                        "a: |\n  x\n    y\nb: |-\n  x\n\n  y\n");
    assert_string_equal(encode(a, glm_string(a, "x\n\n")), "|+\n  x\n\n");
    assert_string_equal(encode(a, glm_test_value(a, "['x\\n# y\\n']")), "- |\n  x\n  # y\n");
    /* Not exact in every reader, hence quoted. */
    assert_string_equal(encode(a, glm_string(a, " x\ny")), "\" x\\ny\"\n");
    assert_string_equal(encode(a, glm_string(a, "x\n \ny")), "\"x\\n \\ny\"\n");
    assert_string_equal(encode(a, glm_string(a, "x\r\ny")), "\"x\\r\\ny\"\n");
    assert_string_equal(encode(a, glm_string(a, "\n")), "\"\\n\"\n");
}

static void long_keys_and_large_numbers_survive(void **state)
{
    struct glm_arena *a = *state;
    for (size_t len = 990; len < 1040; len++) {
        char *key = glm_alloc(a, len + 1);
        memset(key, 'k', len);
        encode(a, glm_with(a, &glm_empty_map, key, glm_with(a, &glm_empty_map, key, &glm_true)));
        memset(key, '\'', len);
        encode(a, glm_with(a, &glm_empty_map, key, glm_test_value(a, "[1]")));
    }
    assert_string_equal(encode(a, glm_number(a, "1e999", 5)), "!!float 1e999\n");
}

/* On one line, which reads back. */
static const char *encode_line(struct glm_arena *a, const struct glm_value *v)
{
    struct glm_text text;
    glm_text_init(&text, a, (size_t)1 << 20);
    glm_yaml_line(v, &text);
    assert_false(text.overflow);
    assert_null(strpbrk(text.data, "\n\r\t"));
    glm_assert_value_equal(decode(a, text.data), v);
    return text.data;
}

static void one_line_is_flow_style_for_people(void **state)
{
    static const struct {
        const char *json, *line;
    } cases[] = {
        {"'east'", "east"},
        {"'1'", "\"1\""},
        {"1.0", "1.0"},
        {"1e999", "!!float 1e999"},
        {"true", "true"},
        {"'yes'", "\"yes\""},
        {"null", "null"},
        {"'null'", "\"null\""},
        {"''", "\"\""},
        {"{}", "{}"},
        {"[]", "[]"},
        {"'a, b'", "a, b"},
        {"['a, b', 'c']", "[\"a, b\", c]"},
        {"['a:?b', 'a?b:']", "[\"a:?b\", \"a?b:\"]"},
        {"{'http://x:?y': 'a ?b'}", "{\"http://x:?y\": a ?b}"},
        {"['[', '}', 'a: b', 'http://x:1/y', '-', '#c']",
         "[\"[\", \"}\", \"a: b\", http://x:1/y, \"-\", \"#c\"]"},
        {"{'name': 'debug', 'port': 9000, 'of': {'a': [{}, [], null]}}",
         "{name: debug, of: {a: [{}, [], null]}, port: 9000}"},
        {"{'a, b': 1, '': 2, 'y': 3}", "{\"\": 2, \"a, b\": 1, \"y\": 3}"},
        {"'two\\nlines\\t'", "\"two\\nlines\\t\""},
        {"'a\\\\b'", "a\\b"},
        {"'\\\\ \\u0022 '", "'\\ \" '"},
        {"'\\u202e \\u200b \\u00e4'", "\"\\u202E \\u200B ä\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(encode_line(*state, glm_test_value(*state, cases[i].json)),
                            cases[i].line);
}

static void keys_of_any_length_read_back_from_one_line(void **state)
{
    struct glm_arena *a = *state;
    for (size_t len = 100; len <= 3000; len += 100) {
        char *key = glm_alloc(a, len + 1);
        memset(key, len % 200 ? 'x' : '\n', len);
        const struct glm_value *v = glm_with(a, &glm_empty_map, key, &glm_true);
        v = glm_with(a, v, "a", glm_list(a, &v, 1));
        encode_line(a, v);
    }
}

static void one_line_ends_where_there_is_no_room(void **state)
{
    static const char *const cases[] = {"'aaaaaaaaa'", "111111111", "[1, [2, 3]]",
                                        "{'a': 'aaaaaa'}", "{'aaaaaaaaa': 1}"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t limit = 0; limit <= 8; limit++) {
            struct glm_text text;
            glm_text_init(&text, *state, limit);
            glm_yaml_line(glm_test_value(*state, cases[i]), &text);
            assert_true(text.overflow);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_mean_what_kubernetes_takes_them_for),
        cmocka_unit_test(numbers_come_back_as_they_went_in),
        cmocka_unit_test(tags_that_do_not_fit_are_refused),
        cmocka_unit_test(infinity_is_no_number),
        cmocka_unit_test(keys_become_strings),
        cmocka_unit_test(positions_are_those_of_the_text),
        cmocka_unit_test(byte_order_mark_and_windows_lines_do_not_matter),
        cmocka_unit_test(duplicate_keys_are_refused_with_both_places),
        cmocka_unit_test(aliases_are_expanded),
        cmocka_unit_test(an_alias_names_the_anchor_defined_last),
        cmocka_unit_test(bad_aliases_are_refused),
        cmocka_unit_test(anchors_end_with_their_document),
        cmocka_unit_test(aliases_cannot_blow_up),
        cmocka_unit_test(aliases_of_long_texts_cannot_blow_up),
        cmocka_unit_test(a_nul_is_refused_in_every_string),
        cmocka_unit_test(aliases_cannot_get_around_the_depth),
        cmocka_unit_test(merge_keys_take_what_is_not_there),
        cmocka_unit_test(one_document_is_expected),
        cmocka_unit_test(all_documents_are_a_list_without_the_empty_ones),
        cmocka_unit_test(there_is_a_ceiling_of_documents),
        cmocka_unit_test(the_ceiling_of_bytes_is_inclusive),
        cmocka_unit_test(the_ceiling_of_depth_is_exact),
        cmocka_unit_test(mistakes_are_explained),
        cmocka_unit_test(encoding_is_block_style),
        cmocka_unit_test(one_line_is_flow_style_for_people),
        cmocka_unit_test(keys_of_any_length_read_back_from_one_line),
        cmocka_unit_test(one_line_ends_where_there_is_no_room),
        cmocka_unit_test(strings_are_quoted_only_where_a_reader_could_err),
        cmocka_unit_test(lines_become_literal_blocks),
        cmocka_unit_test(long_keys_and_large_numbers_survive),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
