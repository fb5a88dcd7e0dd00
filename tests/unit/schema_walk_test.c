/* SPDX-License-Identifier: Apache-2.0
 *
 * The walkers over a small table of this test's own, which has one attribute of every sort.
 */
#include "test.h"

#include "glm/schema.h"

#include <string.h>

static bool check_short(struct glm_arena *arena, const struct glm_value *v,
                        const struct glm_path *at, struct glm_diags *d)
{
    (void)arena;
    return v->len <= 5 || glm_error(d, at, "Too long", "\"%s\" is too long.", v->as.text);
}

static const struct glm_attr shelf_attrs[] = {
    {.name = "height", .type = &glm_type_number, .use = GLM_OPTIONAL, .crd = "height"},
    {.name = "full",
     .type = &glm_type_bool,
     .use = GLM_OPTIONAL | GLM_COMPUTED,
     .fallback = "false",
     .crd = "isFull"},
    {.name = NULL},
};
static const struct glm_attr book_attrs[] = {
    {.name = "title", .type = &glm_type_string, .use = GLM_REQUIRED, .crd = "title"},
    {.name = NULL},
};
static const struct glm_attr room_attrs[] = {
    {.name = "label",
     .type = &glm_type_string,
     .use = GLM_OPTIONAL | GLM_COMPUTED,
     .fallback = GLM_FALLBACK_KEY,
     .check = check_short,
     .crd = "roomLabel"},
    {.name = "shelves",
     .nesting = GLM_NEST_MAP,
     .nested = shelf_attrs,
     .use = GLM_REQUIRED,
     .check_key = check_short,
     .crd = "shelves",
     .crd_key = "name"},
    {.name = "notes",
     .type = &glm_type_string,
     .use = GLM_OPTIONAL,
     .crd = "notes",
     .crd_document = true},
    {.name = NULL},
};
static const struct glm_attr attrs[] = {
    {.name = "name",
     .type = &glm_type_string,
     .use = GLM_REQUIRED | GLM_REPLACE,
     .check = check_short,
     .doc = "The name."},
    {.name = "city",
     .type = &glm_type_string,
     .use = GLM_OPTIONAL | GLM_COMPUTED | GLM_REPLACE,
     .fallback = "\"Turin\"",
     .doc = "The city."},
    {.name = "rooms",
     .nesting = GLM_NEST_MAP,
     .nested = room_attrs,
     .use = GLM_OPTIONAL,
     .crd = "rooms",
     .crd_key = "roomLabel",
     .crd_key_empty = "main",
     .doc = "The rooms."},
    {.name = "books",
     .nesting = GLM_NEST_LIST,
     .nested = book_attrs,
     .use = GLM_OPTIONAL,
     .crd = "bookList",
     .doc = "The books."},
    {.name = "seen",
     .type = &glm_type_map_of_list_of_string,
     .use = GLM_COMPUTED,
     .doc = "What was seen."},
    {.name = NULL},
};

static struct glm_diags diags(struct glm_arena *a)
{
    struct glm_diags d;
    glm_diags_init(&d, a);
    return d;
}

/* ---- type ---- */

static void the_type_is_the_object_of_all_attributes(void **state)
{
    struct glm_arena *a = *state;
    assert_string_equal(
        glm_json_text(a, glm_type_to_value(a, glm_schema_type(a, attrs))),
        "[\"object\",{\"books\":[\"list\",[\"object\",{\"title\":\"string\"}]],"
        "\"city\":\"string\",\"name\":\"string\","
        "\"rooms\":[\"map\",[\"object\",{\"label\":\"string\",\"notes\":\"string\","
        "\"shelves\":[\"map\",[\"object\",{\"full\":\"bool\",\"height\":\"number\"}]]}]],"
        "\"seen\":[\"map\",[\"list\",\"string\"]]}]");
}

static void the_fields_of_a_type_are_sorted(void **state)
{
    const struct glm_type *type = glm_schema_type(*state, attrs);
    for (size_t i = 1; i < type->len; i++)
        assert_true(strcmp(type->fields[i - 1].name, type->fields[i].name) < 0);
}

/* ---- check ---- */

static void every_mistake_is_found_at_its_path(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d = diags(a);
    const struct glm_value *config =
        glm_test_value(a, "{'name': 'a long name', 'books': [{'title': 'x'}, null],"
                          " 'rooms': {'r1': {'label': 'a long label',"
                          "                  'shelves': {'a long shelf': {}, 's': null}},"
                          "           'r2': null}}");
    assert_false(glm_schema_check(a, attrs, config, NULL, &d));
    assert_int_equal(d.errors, 6);
    glm_assert_error(&d, "name", "Too long");
    glm_assert_error(&d, "rooms[\"r1\"].label", "Too long");
    glm_assert_error(&d, "rooms[\"r1\"].shelves[\"a long shelf\"]", "Too long");
    glm_assert_error(&d, "rooms[\"r1\"].shelves[\"s\"]", "null");
    glm_assert_error(&d, "rooms[\"r2\"]", "leave it out of the map");
    glm_assert_error(&d, "books[1]", "leave it out of the list");
}

static void what_is_null_or_unknown_is_not_checked(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d = diags(a);
    const struct glm_value *config = glm_test_value(a, "{'name': null, 'city': null}");
    assert_true(glm_schema_check(a, attrs, config, NULL, &d));
    config = glm_with(a, config, "name", &glm_unknown);
    config = glm_with(a, config, "rooms", &glm_unknown);
    assert_true(glm_schema_check(a, attrs, config, NULL, &d));
    config = glm_with_path(a, &glm_empty_map, &glm_unknown, "rooms", "r", NULL);
    assert_true(glm_schema_check(a, attrs, config, NULL, &d));
    assert_true(glm_schema_check(a, attrs, &glm_unknown, NULL, &d));
    assert_true(glm_schema_check(a, attrs, &glm_null, NULL, &d));
    assert_int_equal(d.errors, 0);
}

/* ---- defaults ---- */

static void defaults_fill_what_is_null_at_every_depth(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *config =
        glm_test_value(a, "{'name': 'n', 'rooms': {'r1': {'shelves': {'s': {'height': 2}}},"
                          " 'r2': {'label': 'own', 'shelves': {'s': {'full': true}}}}}");
    glm_assert_value_equal(
        glm_schema_defaults(a, attrs, config),
        glm_test_value(a, "{'name': 'n', 'city': 'Turin', 'books': null, 'seen': null, 'rooms': {"
                          "'r1': {'label': 'r1', 'notes': null,"
                          "       'shelves': {'s': {'height': 2, 'full': false}}},"
                          "'r2': {'label': 'own', 'notes': null,"
                          "       'shelves': {'s': {'height': null, 'full': true}}}}}"));
}

static void one_value_at_many_keys_stays_one(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *shelf = glm_test_value(a, "{'height': 2}");
    const struct glm_value *other = glm_test_value(a, "{'height': 3}");
    const struct glm_value *config = glm_with_path(a, &glm_empty_map, shelf, "s1", NULL);
    config = glm_with(a, glm_with(a, config, "s2", shelf), "s3", other);
    const struct glm_value *room = glm_with(a, &glm_empty_map, "shelves", config);
    config = glm_with_path(a, &glm_empty_map, room, "rooms", "r1", NULL);
    config = glm_with_path(a, config, room, "rooms", "r2", NULL);
    const struct glm_value *rooms = glm_get(glm_schema_defaults(a, attrs, config), "rooms");
    const struct glm_value *shelves = glm_get_path(rooms, "r1", "shelves", NULL);
    assert_ptr_equal(glm_get(shelves, "s1"), glm_get(shelves, "s2"));
    glm_assert_value_equal(glm_get(shelves, "s3"),
                           glm_test_value(a, "{'height': 3, 'full': false}"));
    /* ... but where the key says something. */
    assert_true(glm_string_is(glm_get_path(rooms, "r1", "label", NULL), "r1"));
    assert_true(glm_string_is(glm_get_path(rooms, "r2", "label", NULL), "r2"));
}

static void defaults_leave_unknown_alone(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *config = glm_test_value(a, "{'name': 'n'}");
    config = glm_with(a, config, "city", &glm_unknown);
    config = glm_with_path(a, config, &glm_unknown, "rooms", "r", NULL);
    const struct glm_value *filled = glm_schema_defaults(a, attrs, config);
    assert_true(glm_is_unknown(glm_get(filled, "city")));
    assert_true(glm_is_unknown(glm_get_path(filled, "rooms", "r", NULL)));
    assert_true(glm_is_unknown(glm_schema_defaults(a, attrs, &glm_unknown)));
    assert_true(glm_is_null(glm_schema_defaults(a, attrs, &glm_null)));
}

static void what_is_computed_is_null_in_the_defaults(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *config = glm_test_value(a, "{'name': 'n', 'seen': {'x': ['y']}}");
    assert_true(glm_is_null(glm_get(glm_schema_defaults(a, attrs, config), "seen")));
}

/* ---- replaced ---- */

static void only_changed_identity_replaces(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *prior =
        glm_test_value(a, "{'name': 'a', 'city': 'Turin', 'books': []}");
    const char *const *names;
    const struct glm_value *same = glm_with(a, prior, "books", &glm_null);
    assert_int_equal(glm_schema_replaced(a, attrs, prior, same, &names), 0);
    const struct glm_value *renamed = glm_with(a, same, "name", glm_string(a, "b"));
    assert_int_equal(glm_schema_replaced(a, attrs, prior, renamed, &names), 1);
    assert_string_equal(names[0], "name");
    const struct glm_value *unsure = glm_with(a, renamed, "city", &glm_unknown);
    assert_int_equal(glm_schema_replaced(a, attrs, prior, unsure, &names), 2);
    assert_string_equal(names[1], "city");
}

static void creating_and_destroying_replace_nothing(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *v = glm_test_value(a, "{'name': 'a'}");
    const char *const *names;
    assert_int_equal(glm_schema_replaced(a, attrs, &glm_null, v, &names), 0);
    assert_int_equal(glm_schema_replaced(a, attrs, v, &glm_null, &names), 0);
}

/* ---- convert ---- */

static void a_literal_becomes_an_object_of_the_type(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d = diags(a);
    const struct glm_value *v;
    assert_true(glm_schema_convert(
        a, attrs,
        glm_test_value(a, "{'name': 5, 'rooms': {'r': {'shelves': {'s': {'full': 'true'}}}}}"),
        NULL, &v, &d));
    glm_assert_value_equal(
        v, glm_test_value(a, "{'name': '5', 'city': null, 'books': null, 'seen': null, 'rooms':"
                             "{'r': {'label': null, 'notes': null,"
                             " 'shelves': {'s': {'height': null, 'full': true}}}}}"));
}

static void a_literal_that_does_not_fit_is_refused_with_all_its_mistakes(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d = diags(a);
    const struct glm_value *v = NULL;
    assert_false(glm_schema_convert(
        a, attrs,
        glm_test_value(a, "{'nme': 'x', 'zzz': 1, 'city': ['x'], 'books': {},"
                          " 'rooms': {'r': {'shelves': {'s': {'full': 'yes', 'height': '2'}}},"
                          "           'q': 7, 'p': {}}}"),
        NULL, &v, &d));
    assert_null(v);
    glm_assert_error(&d, "name", "required");
    glm_assert_error(&d, "nme", "Did you mean \"name\"?");
    glm_assert_error(&d, "zzz", "The attributes are: name, city");
    glm_assert_error(&d, "city", "a string");
    glm_assert_error(&d, "books", "a list of objects");
    glm_assert_error(&d, "rooms[\"r\"].shelves[\"s\"].full", "true or false");
    glm_assert_error(&d, "rooms[\"r\"].shelves[\"s\"].height", "a number");
    glm_assert_error(&d, "rooms[\"q\"]", "an object");
    glm_assert_error(&d, "rooms[\"p\"].shelves", "required");
    assert_int_equal(d.errors, 9);
}

/* ---- the API's documents ---- */

static const struct glm_value *from_yaml(struct glm_arena *a, const char *yaml, struct glm_diags *d)
{
    const struct glm_value *spec, *v;
    assert_true(glm_yaml_decode(a, yaml, strlen(yaml), "spec", NULL, &spec, d));
    return glm_schema_from_crd(a, attrs, spec, NULL, NULL, &v, d) ? v : NULL;
}

static void lists_become_maps_by_their_key(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d = diags(a);
    const struct glm_value *v =
        from_yaml(a,
                  "bookList: [{title: t}]\n"
                  "rooms:\n"
                  "- roomLabel: b\n  shelves: [{name: s2, isFull: true}, {name: s1, height: 3}]\n"
                  "- roomLabel: a\n  shelves: []\n  notes: {x: '1', z: [2]}\n",
                  &d);
    assert_non_null(v);
    glm_assert_value_equal(v, glm_test_value(a, "{'books': [{'title': 't'}], 'rooms': {"
                                                "'a': {'label': 'a', 'shelves': {}, 'notes':"
                                                "      'x: \\'1\\'\\nz:\\n- 2\\n'},"
                                                "'b': {'label': 'b', 'notes': null, 'shelves': {"
                                                "      's1': {'height': 3, 'full': null},"
                                                "      's2': {'height': null, 'full': true}}}}}"));
}

static void a_key_that_is_only_a_label_is_numbered(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d = diags(a);
    const struct glm_value *v = from_yaml(a,
                                          "rooms:\n"
                                          "- {roomLabel: x, shelves: []}\n"
                                          "- {roomLabel: x-2, shelves: []}\n"
                                          "- {roomLabel: x, shelves: []}\n"
                                          "- {shelves: []}\n"
                                          "- {roomLabel: '', shelves: []}\n"
                                          "- {roomLabel: , shelves: []}\n",
                                          &d);
    assert_non_null(v);
    const struct glm_value *rooms = glm_get(v, "rooms");
    assert_int_equal(rooms->len, 6);
    static const char *const expected[][2] = {{"x", "x"},         {"x-2", "x-2"},
                                              {"x-3", "x"},       {"main", "main"},
                                              {"main-2", "main"}, {"main-3", "main"}};
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(
            glm_string_or(glm_get_path(rooms, expected[i][0], "label", NULL), "nothing"),
            expected[i][1]);
}

static void what_has_no_place_is_refused_with_its_position(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d = diags(a);
    assert_null(from_yaml(a,
                          "rooms:\n"
                          "- roomLabel: 1.24\n"
                          "  shelfs: []\n"
                          "  notes: text\n"
                          "- roomLabel: r\n"
                          "  shelves: [{name: s}, {name: s}, {height: 1}, 5]\n"
                          "zzzzz: []\n"
                          "bookList: {}\n",
                          &d));
    glm_assert_error(&d, "rooms[0].roomLabel", "Line 2, column 14: \"roomLabel\" is a number");
    glm_assert_error(
        &d, "rooms[0].shelfs",
        "Line 3, column 3: there is no field \"shelfs\" here. Did you mean \"shelves\"?");
    glm_assert_error(&d, "rooms[0].shelves",
                     "Line 2, column 3: an element of \"rooms\" needs \"shelves\"");
    glm_assert_error(&d, "rooms[0].notes",
                     "Line 4, column 10: \"notes\" is a string; it must be an object");
    glm_assert_error(&d, "rooms[1].shelves[1]", "Line 6, column 24: another element");
    glm_assert_error(&d, "rooms[1].shelves[1]", "name \"s\" already. Each");
    glm_assert_error(&d, "rooms[1].shelves[2]", "needs \"name\"");
    glm_assert_error(&d, "rooms[1].shelves[3]", "must be an object");
    glm_assert_error(&d, "zzzzz", "The fields are: rooms, bookList");
    glm_assert_error(&d, "bookList", "it must be a list");
}

static void maps_become_lists_and_nulls_are_left_out(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d = diags(a);
    const struct glm_value *spec;
    const struct glm_value *values = glm_test_value(
        a, "{'name': 'n', 'city': 'c', 'books': null, 'rooms': {"
           "'k': {'label': 'own', 'shelves': {'s': {'full': false, 'height': null}}},"
           "'l': {'label': null, 'shelves': {}, 'notes': 'a: 1 # one'},"
           "'main-2': {'label': 'main', 'shelves': {}},"
           "'z': {'label': '', 'shelves': {}}}}");
    assert_true(glm_schema_to_crd(a, attrs, values, NULL, &spec, &d));
    glm_assert_value_equal(
        spec, glm_test_value(a, "{'rooms': ["
                                "{'roomLabel': 'own', 'shelves': [{'name': 's', 'isFull': false}]},"
                                "{'roomLabel': 'l', 'shelves': [], 'notes': {'a': 1}},"
                                "{'shelves': []}, {'shelves': []}]}"));
}

static void a_document_that_is_no_yaml_cannot_be_written(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d = diags(a);
    const struct glm_value *spec;
    assert_false(glm_schema_to_crd(
        a, attrs, glm_test_value(a, "{'rooms': {'r': {'shelves': {}, 'notes': '{a: ['}}}"), NULL,
        &spec, &d));
    assert_string_equal(glm_path_text(a, d.first->path), "rooms[\"r\"].notes");
}

/* ---- documentation ---- */

static void the_documentation_has_the_registrys_shape(void **state)
{
    struct glm_arena *a = *state;
    struct glm_text text;
    glm_text_init(&text, a, 1 << 16);
    glm_schema_markdown(attrs, &text);
    glm_assert_golden("tests/golden/markdown/schema.md", text.data);
}

static void plain_object_types_are_documented_below(void **state)
{
    struct glm_arena *a = *state;
    static const struct glm_field inner_fields[] = {{"b", &glm_type_bool}};
    static const struct glm_type inner = {
        .kind = GLM_TYPE_OBJECT, .fields = inner_fields, .len = 1};
    static const struct glm_type inner_map = {.kind = GLM_TYPE_MAP, .element = &inner};
    static const struct glm_field fields[] = {{"a", &inner_map}};
    static const struct glm_type object = {.kind = GLM_TYPE_OBJECT, .fields = fields, .len = 1};
    static const struct glm_attr table[] = {
        {.name = "status", .type = &object, .use = GLM_COMPUTED, .doc = "Words."}, {.name = NULL}};
    struct glm_text text;
    glm_text_init(&text, a, 1 << 16);
    glm_schema_markdown(table, &text);
    glm_assert_golden("tests/golden/markdown/object.md", text.data);
}

/* ---- names ---- */

static void names_are_held_to_kubernetes_rules(void **state)
{
    struct glm_arena *a = *state;
    char *long_label =
        glm_strdup(a, "a23456789012345678901234567890123456789012345678901234567890123"
                      "4");
    assert_false(glm_dns_label_valid(long_label));
    long_label[63] = '\0';
    assert_true(glm_dns_label_valid(long_label));
    assert_true(glm_dns_label_valid("1-24"));
    static const char *const bad[] = {"", "-a", "a-", "A", "a_b", "a.b", "1.24", "a b", "\xc3\xa4"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(glm_dns_label_valid(bad[i]));
    assert_true(glm_dns_subdomain_valid("a.b-c.1"));
    assert_false(glm_dns_subdomain_valid("a..b"));
    assert_false(glm_dns_subdomain_valid(".a"));
    assert_false(glm_dns_subdomain_valid("a."));
    assert_string_equal(glm_dns_label_suggest(a, "My_Cluster (1)"), "my-cluster-1");
    assert_null(glm_dns_label_suggest(a, "__"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_type_is_the_object_of_all_attributes),
        cmocka_unit_test(the_fields_of_a_type_are_sorted),
        cmocka_unit_test(every_mistake_is_found_at_its_path),
        cmocka_unit_test(what_is_null_or_unknown_is_not_checked),
        cmocka_unit_test(defaults_fill_what_is_null_at_every_depth),
        cmocka_unit_test(one_value_at_many_keys_stays_one),
        cmocka_unit_test(defaults_leave_unknown_alone),
        cmocka_unit_test(what_is_computed_is_null_in_the_defaults),
        cmocka_unit_test(only_changed_identity_replaces),
        cmocka_unit_test(creating_and_destroying_replace_nothing),
        cmocka_unit_test(a_literal_becomes_an_object_of_the_type),
        cmocka_unit_test(a_literal_that_does_not_fit_is_refused_with_all_its_mistakes),
        cmocka_unit_test(lists_become_maps_by_their_key),
        cmocka_unit_test(a_key_that_is_only_a_label_is_numbered),
        cmocka_unit_test(what_has_no_place_is_refused_with_its_position),
        cmocka_unit_test(maps_become_lists_and_nulls_are_left_out),
        cmocka_unit_test(a_document_that_is_no_yaml_cannot_be_written),
        cmocka_unit_test(the_documentation_has_the_registrys_shape),
        cmocka_unit_test(plain_object_types_are_documented_below),
        cmocka_unit_test(names_are_held_to_kubernetes_rules),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
