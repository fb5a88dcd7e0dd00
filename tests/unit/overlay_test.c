/* SPDX-License-Identifier: Apache-2.0
 *
 * Overlays, by what Istio does with them. That it does so is held by tests/peers/run-overlay.
 */
#include "glm/overlay.h"
#include "test.h"

#include <string.h>

#define SERVICE                                                                                    \
    "{'kind': 'Service', 'metadata': {'name': 'edge', 'annotations': {'a.b/c': 'x'}}, 'spec': "    \
    "{'type': 'LoadBalancer', 'selector': {'app': 'edge'}, 'ports': [{'name': 'http2', 'port': "   \
    "80}, {'name': 'https', 'port': 443}], 'externalIPs': ['10.0.0.1', '10.0.0.2'], 'none': "      \
    "null}}"

/* Applies patches ("[['path', value], ...]", several lists for several overlays) to object. */
static struct glm_overlay_result apply_to(struct glm_arena *arena, const char *object,
                                          const char *lists, enum glm_overlay_dialect dialect)
{
    const struct glm_value *all = glm_test_value(arena, lists);
    const struct glm_value **overlays = GLM_NEW_ARRAY(arena, all->len, const struct glm_value *);
    struct glm_overlay_result result;
    for (size_t o = 0; o < all->len; o++) {
        struct glm_list_builder patches;
        glm_list_init(&patches, arena);
        for (size_t i = 0; i < glm_at(all, o)->len; i++) {
            const struct glm_value *pair = glm_at(glm_at(all, o), i);
            const struct glm_value *patch =
                glm_with(arena, &glm_empty_map, "path", glm_at(pair, 0));
            glm_list_add(&patches, glm_with(arena, patch, "value", glm_at(pair, 1)));
        }
        overlays[o] = glm_with(arena, &glm_empty_map, "patches", glm_list_finish(&patches));
    }
    glm_overlay_apply(arena, glm_test_value(arena, object), overlays, all->len, SIZE_MAX, dialect,
                      &result);
    return result;
}

static struct glm_overlay_result apply(void **state, const char *object, const char *patches)
{
    struct glm_arena *arena = *state;
    return apply_to(arena, object, glm_sprintf(arena, "[[%s]]", patches), GLM_OVERLAY_OPERATOR);
}

static void assert_makes_(void **state, const char *object, const char *patches,
                          const char *expected, int line)
{
    glm_assert_value_equal_(apply(state, object, patches).object, glm_test_value(*state, expected),
                            __FILE__, line);
}
#define assert_makes(before, patches, after)                                                       \
    assert_makes_(state, (before), (patches), (after), __LINE__)

/* The last patch does not fit, and these are Istio's words. */
#define assert_misfit(object, patches, words)                                                      \
    do {                                                                                           \
        struct glm_overlay_result r_ = apply(state, object, patches);                              \
        assert_int_equal(r_.outcomes[r_.count - 1].effect, GLM_OVERLAY_MISFIT);                    \
        assert_string_equal(r_.outcomes[r_.count - 1].reason, words);                              \
        assert_true(strlen(r_.outcomes[r_.count - 1].why) > 0);                                    \
    } while (0)

/* v with every text "later" as an unknown value. */
static const struct glm_value *with_unknowns(struct glm_arena *arena, const struct glm_value *v)
{
    if (glm_string_is(v, "later"))
        return &glm_unknown;
    if (glm_is_list(v)) {
        struct glm_list_builder b;
        glm_list_init(&b, arena);
        for (size_t i = 0; i < v->len; i++)
            glm_list_add(&b, with_unknowns(arena, glm_at(v, i)));
        return glm_list_finish(&b);
    }
    for (size_t i = 0; glm_is_map(v) && i < v->len; i++)
        v = glm_with(arena, v, v->as.map[i].key, with_unknowns(arena, v->as.map[i].value));
    return v;
}

static void paths_are_cleaned_like_paths_of_files(void **state)
{
    static const char *const same[] = {"a.b",   ".a.b",     "a.b.",     "a..b",
                                       "./a.b", "a.b/",     "x/../a.b", "x/y/../../a.b",
                                       "a.b/.", "a.b/x/..", ".//a.b"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_makes("{'a': {'b': 1}}", glm_sprintf(*state, "['%s', 2]", same[i]),
                     "{'a': {'b': 2}}");
    assert_makes("{}", "['/a.b', 1], ['../c', 2], ['d//e', 3]",
                 "{'/a': {'b': 1}, '/c': 2, 'd/e': 3}");
}

static void dots_are_escaped_with_a_backslash(void **state)
{
    assert_makes("{'m': {'a.b/c': 1}}", "['m.a\\\\.b/c', 2], ['m.x\\\\.y[0]', 3]",
                 "{'m': {'a.b/c': 2, 'x.y': {'[0]': 3}}}");
    assert_makes("{'l': [{'h': 'a.b'}]}", "['l.[h:a\\\\.b].h', 'c']", "{'l': [{'h': 'c'}]}");
}

static void an_element_is_chosen_by_key_and_value(void **state)
{
    assert_makes("{'l': [{'n': 'a', 'p': 1}, {'n': 'b', 'p': 80}]}",
                 "['l[n:b].p', 2], ['l.[p:1].n', 'c'], ['l.[n:c].q', true]",
                 "{'l': [{'n': 'c', 'p': 1, 'q': true}, {'n': 'b', 'p': 2}]}");
    assert_makes("{'l': [{'a': 1}, {'n': null}]}", "['l.[n:<nil>].x', 1]",
                 "{'l': [{'a': 1, 'x': 1}, {'n': null}]}");
    assert_misfit(SERVICE, "['spec.ports.[name:nope].port', 1]",
                  "path spec.ports.[name:nope].port: element [name:nope] not found");
    struct glm_overlay_result r = apply(state, SERVICE, "['spec.ports.[name:nope].port', 1]");
    assert_string_equal(r.outcomes[0].why,
                        "there is no element whose name is \"nope\"; there are \"http2\", "
                        "\"https\"");
    assert_string_equal(r.outcomes[0].step, "[name:nope]");
}

static void a_value_with_a_colon_matches_no_map(void **state)
{
    assert_misfit("{'l': [{'image': 'a:1'}]}", "['l.[image:a:1].x', 1]",
                  "path l.[image:a:1].x: [image:a:1] is not a valid key:value path element");
    assert_misfit("{'l': [{'image': 'a:1'}]}", "['l.[image:a\\\\:1].x', 1]",
                  "path l.[image:a\\:1].x: element [image:a\\:1] not found");
    assert_makes("{'l': ['--level=default:info']}", "['l.[:--level=default:info]', 'x']",
                 "{'l': ['x']}");
}

/* Printed, a map begins with "map[" and a list with "[", and what is unknown in it could be anything. */
static void a_field_with_something_unknown_in_it_may_be_the_one(void **state)
{
    struct glm_arena *arena = *state;
    static const struct {
        const char *before, *path;
        enum glm_overlay_effect effect;
    } cases[] = {
        {"{'l': [{'k': ['later']}, {'k': []}]}", "l.[k:[]].x", GLM_OVERLAY_UNSEEN},
        {"{'l': [{'k': {'a': 'later'}}, {'k': {}}]}", "l.[k:map[]].x", GLM_OVERLAY_UNSEEN},
        {"{'l': [{'k': {'a': 'later'}}, {'k': 'b'}]}", "l.[k:b].x", GLM_OVERLAY_APPLIED},
        {"{'l': [{'k': {'a': 1}}, {'k': {}}]}", "l.[k:map[]].x", GLM_OVERLAY_APPLIED},
        {"{'l': [['later'], 'a']}", "l.[:a]", GLM_OVERLAY_UNSEEN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct glm_value *object =
            with_unknowns(arena, glm_test_value(arena, cases[i].before));
        const struct glm_value *patch =
            glm_with(arena, glm_with(arena, &glm_empty_map, "value", glm_string(arena, "1")),
                     "path", glm_string(arena, cases[i].path));
        const struct glm_value *overlay =
            glm_with(arena, &glm_empty_map, "patches", glm_list(arena, &patch, 1));
        struct glm_overlay_result r;
        glm_overlay_apply(arena, object, &overlay, 1, SIZE_MAX, GLM_OVERLAY_OPERATOR, &r);
        if (r.outcomes[0].effect != cases[i].effect)
            fail_msg("%s, %s: %d", cases[i].before, cases[i].path, r.outcomes[0].effect);
    }
}

static void numbers_print_as_in_go(void **state)
{
    assert_makes("{'l': [{'n': 1000000}]}", "['l.[n:1000000].x', 1]",
                 "{'l': [{'n': 1000000, 'x': 1}]}");
    assert_makes("{'l': [{}]}", "['l.[0].n', 1000000], ['l.[n:1e+06].x', 1]",
                 "{'l': [{'n': 1000000, 'x': 1}]}");
    assert_makes("{'l': [{}]}", "['l.[0].n', 0.00001], ['l.[n:1e-05].x', 1]",
                 "{'l': [{'n': 0.00001, 'x': 1}]}");
    assert_makes("{'l': [{}]}", "['l.[0].n', -12.5], ['l.[n:-12\\\\.5].x', 1]",
                 "{'l': [{'n': -12.5, 'x': 1}]}");
}

static void scalars_are_searched_with_expressions(void **state)
{
    static const struct {
        const char *text, *expression;
        bool found;
    } cases[] = {
        {"10.0.0.2", ":10\\\\.0\\\\.0\\\\.2", true},
        {"router", "out", true},
        {"router", ":^out", false},
        {"router", ":^r\\\\.*r$", true},
        {"router", ":[^a-z]", false},
        {"r2", ":[0-9]+", true},
        {"abc", ":x|b", true},
        {"abc", ":x|", true},
        {"abc", ":ab?d?c", true},
        {"aaa", ":^a+$", true},
        {"é", ":^\\\\.$", true},
        {"a b", ":\\\\s", true},
        {"a", ":*", false},
        {"a", ":[", false},
        {"a-b", ":[a-]b", true},
        {"[x]", ":]", true},
        {"$", ":\\\\$", true},
        {"", ":^$", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct glm_overlay_result r =
            apply(state, glm_sprintf(*state, "{'l': ['%s']}", cases[i].text),
                  glm_sprintf(*state, "['l.[%s]', '!']", cases[i].expression));
        if (glm_string_is(glm_at(glm_get(r.object, "l"), 0), "!") != cases[i].found)
            fail_msg("%s in %s", cases[i].expression, cases[i].text);
    }
}

static void expressions_beyond_what_is_understood_are_refused(void **state)
{
    static const char *const beyond[] = {"(a)", "a{2}", "\\\\bx", "[[:alpha:]]", "^*", "\\\\pL"};
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        struct glm_overlay_result r =
            apply(state, "{'l': ['x']}", glm_sprintf(*state, "['l.[:%s]', 1]", beyond[i]));
        assert_int_equal(r.outcomes[0].effect, GLM_OVERLAY_REFUSED);
    }
}

static void an_expression_takes_linear_time(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_text text, expression;
    glm_text_init(&text, arena, 100000);
    glm_text_init(&expression, arena, 4000);
    for (int i = 0; i < 2000; i++)
        glm_text_adds(&text, "a");
    for (int i = 0; i < 500; i++)
        glm_text_adds(&expression, "a*a?");
    struct glm_overlay_result r = apply(state, glm_sprintf(arena, "{'l': ['%s']}", text.data),
                                        glm_sprintf(arena, "['l.[:%sb]', 1]", expression.data));
    assert_int_equal(r.outcomes[0].effect, GLM_OVERLAY_MISFIT);
}

static void an_index_outside_appends(void **state)
{
    assert_makes("{'l': [1, 2]}", "['l.[0]', 'a'], ['l.[-1]', 'b'], ['l[9]', 'c'], ['l.[3]', 'd']",
                 "{'l': ['a', 2, 'b', 'd']}");
    assert_makes("{'l': []}", "['l.[0].a.b', 1]", "{'l': [{'a': {'b': 1}}]}");
}

static void brackets_on_maps_are_keys(void **state)
{
    assert_makes("{'m': {}}", "['m.[a:b].c', 1], ['new.[0].a', 2]",
                 "{'m': {'[a:b]': {'c': 1}}, 'new': {'[0]': {'a': 2}}}");
}

static void missing_maps_are_made_and_stay(void **state)
{
    assert_makes("{'a': 1}", "['b.c.d', 1]", "{'a': 1, 'b': {'c': {'d': 1}}}");
    assert_makes("{'l': []}", "['b.c', {'l': [1]}], ['b.x.y', null]",
                 "{'b': {'c': {'l': [1]}, 'x': {}}, 'l': []}");
}

static void null_deletes(void **state)
{
    assert_makes(SERVICE, "['spec', null], ['metadata.annotations.a\\\\.b/c', null], ['x', null]",
                 "{'kind': 'Service', 'metadata': {'name': 'edge', 'annotations': {}}}");
    assert_makes("{'l': [1, 2, 3]}", "['l.[1]', null], ['l.[:3]', null]", "{'l': [1]}");
    struct glm_overlay_result r = apply(state, "{}", "['x', null]");
    assert_int_equal(r.outcomes[0].effect, GLM_OVERLAY_IDLE);
}

static void deleting_past_the_end_ends_istio(void **state)
{
    static const char *const ends[] = {"[-1]", "[2]"};
    for (size_t i = 0; i < 2; i++) {
        struct glm_overlay_result r =
            apply(state, SERVICE, glm_sprintf(*state, "['spec.ports.%s', null]", ends[i]));
        assert_int_equal(r.outcomes[0].effect, GLM_OVERLAY_CRASH);
        glm_assert_value_equal(r.object, glm_test_value(*state, SERVICE));
    }
}

static void what_stands_in_the_way_is_named(void **state)
{
    assert_misfit("{'a': {'b': 3}}", "['a.b.c.d', 1]", "leaf type int in non-leaf Node c.d");
    assert_misfit("{'a': 'x'}", "['a.[0]', 1]", "leaf type string in non-leaf Node [0]");
    assert_misfit("{'a': 1.5}", "['a.b', 1]", "leaf type float64 in non-leaf Node b");
    assert_misfit(SERVICE, "['spec.ports.port', 1]",
                  "path spec.ports.port: port is not a valid key:value path element");
    assert_misfit(SERVICE, "['spec.externalIPs.x', 1]",
                  "path spec.externalIPs.x: x is not a valid value path element");
    assert_misfit("{'l': [[1]]}", "['l.[0].[0]', 2]", "don't know about type []interface {}");
    assert_misfit("{'n': null}", "['n.[0]', 2]", "don't know about type []interface {}");
    assert_misfit("{}", "['.', null]", "cannot delete root element");
}

static void each_patch_stands_alone(void **state)
{
    struct glm_overlay_result r =
        apply(state, SERVICE, "['spec.type.x', 1], ['spec.type', 'NodePort'], ['spec.a.[0]', 1]");
    assert_int_equal(r.count, 3);
    assert_int_equal(r.failed, 1);
    assert_int_equal(r.outcomes[0].effect, GLM_OVERLAY_MISFIT);
    assert_true(glm_string_is(glm_get_path(r.object, "spec", "type", NULL), "NodePort"));
}

static void setting_replaces_whatever_is_there(void **state)
{
    assert_makes("{'a': [1, 2], 'b': {'c': 1}}", "['a', {'x': 1}], ['b', [3]], ['b', 'text']",
                 "{'a': {'x': 1}, 'b': 'text'}");
}

static void setting_a_list_that_an_earlier_patch_brought_appends(void **state)
{
    assert_makes("{}", "['a', {'l': [1]}], ['a.l', 2], ['a.l', [3]], ['a.l', {'m': 4}]",
                 "{'a': {'l': [1, 2, [3], {'m': 4}]}}");
    assert_makes("{}", "['a', {}], ['a.l.[0]', 1], ['a.l.[0].x', 2]", "{'a': {'l': [1]}}");
    glm_assert_value_equal(
        apply_to(*state, "{}", "[[['a', {'l': [1]}]], [['a.l', 2]]]", GLM_OVERLAY_ISTIOCTL).object,
        glm_test_value(*state, "{'a': {'l': 2}}"));
}

static void text_that_reads_as_a_map_becomes_one(void **state)
{
    assert_makes(SERVICE,
                 "['metadata.annotations', 'a/b: \\\"1\\\"\\nc: two\\n'], ['spec', 'k: v']",
                 "{'kind': 'Service', 'metadata': {'name': 'edge', 'annotations': {'a/b': '1', "
                 "'c': 'two'}}, 'spec': {'k': 'v'}}");
    struct glm_overlay_result r = apply(state, "{}", "['a', 'just: one line']");
    assert_true(r.outcomes[0].text_became_map);
    assert_makes("{'l': ['x']}", "['l.[0]', 'k: v']", "{'l': [{'k': 'v'}]}");
}

static void other_text_stays_text(void **state)
{
    static const char *const texts[] = {"http://x:80", "a:1", "{\\\"a\\\": 1}", "- a: 1", "a: b: c",
                                        "one\\ntwo",   "x:",  "\\ta: 1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_makes("{}", glm_sprintf(*state, "['a', '%s']", texts[i]),
                     glm_sprintf(*state, "{'a': '%s'}", texts[i]));
}

static void text_inside_what_a_patch_brought_takes_the_place_of_the_key(void **state)
{
    assert_makes("{}", "['a', {'x': 1}], ['a.x', 'k: v']", "{'a': {'k': 'v'}}");
    assert_makes("{}", "['a', {'x': 1, 'k': 2}], ['a.x', 'k: ']", "{'a': {}}");
    struct glm_overlay_result r = apply(state, "{}", "['a', {'x': 1}], ['a.x', 'k: v\\nl: w']");
    assert_int_equal(r.outcomes[1].effect, GLM_OVERLAY_CHANCE);
}

static void a_key_twice_in_text_is_not_guessed(void **state)
{
    struct glm_overlay_result r = apply(state, "{}", "['a', 'k: 1\\nk: 2\\n']");
    assert_int_equal(r.outcomes[0].effect, GLM_OVERLAY_CHANCE);
}

static void a_blank_path_does_nothing(void **state)
{
    struct glm_overlay_result r = apply(state, "{'a': 1}", "['', null], [' ', 1], [null, 2]");
    glm_assert_value_equal(r.object, glm_test_value(*state, "{'a': 1}"));
    for (size_t i = 0; i < r.count; i++)
        assert_int_equal(r.outcomes[i].effect, GLM_OVERLAY_IDLE);
}

static void unknown_values_are_not_looked_into(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_overlay_result r;
    const struct glm_value *object = glm_with(arena, &glm_empty_map, "a", &glm_unknown);
    const struct glm_value *overlay = glm_test_value(
        arena, "{'patches': [{'path': 'a.b.c', 'value': 1}, {'path': 'a', 'value': 2}]}");
    glm_overlay_apply(arena, object, &overlay, 1, 1, GLM_OVERLAY_OPERATOR, &r);
    assert_int_equal(r.count, 1);
    assert_int_equal(r.outcomes[0].effect, GLM_OVERLAY_UNSEEN);
    assert_int_equal(r.failed, 0);
    glm_overlay_apply(arena, object, &overlay, 1, SIZE_MAX, GLM_OVERLAY_OPERATOR, &r);
    glm_assert_value_equal(r.object, glm_test_value(arena, "{'a': 2}"));
}

static void numbers_stay_exact(void **state)
{
    assert_makes("{}", "['a', 12345678901234567890.5]", "{'a': 12345678901234567890.5}");
}

static void ceilings_refuse(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_text path, deep;
    glm_text_init(&path, arena, 10000);
    for (int i = 0; i < 101; i++)
        glm_text_adds(&path, "a.");
    struct glm_overlay_result r = apply(state, "{}", glm_sprintf(arena, "['%s', 1]", path.data));
    assert_int_equal(r.outcomes[0].effect, GLM_OVERLAY_REFUSED);
    for (int i = 0; i < 4000; i++)
        glm_text_adds(&path, "x");
    r = apply(state, "{}", glm_sprintf(arena, "['%s', 1]", path.data));
    assert_int_equal(r.outcomes[0].effect, GLM_OVERLAY_REFUSED);
    glm_text_init(&deep, arena, 10000);
    for (int i = 0; i < 150; i++)
        glm_text_adds(&deep, "[");
    for (int i = 0; i < 150; i++)
        glm_text_adds(&deep, "]");
    path.data[2 * 60] = 0;
    r = apply(state, "{}", glm_sprintf(arena, "['%s', %s]", path.data, deep.data));
    assert_int_equal(r.outcomes[0].effect, GLM_OVERLAY_REFUSED);
    assert_true(glm_is_map(r.object));
}

static void many_patches_take_little_time(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_list_builder patches;
    struct glm_overlay_result r;
    glm_list_init(&patches, arena);
    for (size_t i = 0; i <= GLM_OVERLAY_PATCHES_MAX; i++) {
        const struct glm_value *path = glm_stringf(arena, "metadata.annotations.key-%zu", i);
        const struct glm_value *patch = glm_with(arena, &glm_empty_map, "path", path);
        glm_list_add(&patches, glm_with(arena, patch, "value", glm_string(arena, "x")));
    }
    const struct glm_value *overlay =
        glm_with(arena, &glm_empty_map, "patches", glm_list_finish(&patches));
    glm_overlay_apply(arena, glm_test_value(arena, SERVICE), &overlay, 1, SIZE_MAX,
                      GLM_OVERLAY_OPERATOR, &r);
    assert_int_equal(r.failed, 1); /* the one beyond the ceiling */
    assert_int_equal(glm_get_path(r.object, "metadata", "annotations", NULL)->len,
                     GLM_OVERLAY_PATCHES_MAX + 1);
}

static void mistakes_in_a_path_need_no_object(void **state)
{
    static const struct {
        const char *path, *part;
    } cases[] = {
        {"spec.ports.[name:http2", "does not close it"},
        {"spec.ports.name:http2]", "closes a bracket"},
        {"spec.containers.[image:a.b/c].x", "does not close it"},
        {"spec.ports.[].port", "names no element"},
        {"[0].x", "cannot come first"},
        {"/spec/type", "dots"},
        {"spec/type", "dots"},
        {"spec.containers.[image:a:1].env", "no way to write a value with \":\""},
        {"spec.containers.[image:a\\:1].env", "taken as it stands"},
        {"spec.ports.[name:http2].port", NULL},
        {"spec.args.[:--level=default:info]", NULL},
        {"metadata.annotations.example\\.com/a", NULL},
        {"spec.ports[-1]", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct glm_overlay_path path;
        assert_true(glm_overlay_path_read(*state, glm_string(*state, cases[i].path), &path));
        const char *mistake = glm_overlay_path_mistake(*state, &path);
        if (!mistake != !cases[i].part || (mistake && !strstr(mistake, cases[i].part)))
            fail_msg("%s: %s", cases[i].path, mistake ? mistake : "no mistake");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_cleaned_like_paths_of_files),
        cmocka_unit_test(dots_are_escaped_with_a_backslash),
        cmocka_unit_test(an_element_is_chosen_by_key_and_value),
        cmocka_unit_test(a_value_with_a_colon_matches_no_map),
        cmocka_unit_test(a_field_with_something_unknown_in_it_may_be_the_one),
        cmocka_unit_test(numbers_print_as_in_go),
        cmocka_unit_test(scalars_are_searched_with_expressions),
        cmocka_unit_test(expressions_beyond_what_is_understood_are_refused),
        cmocka_unit_test(an_expression_takes_linear_time),
        cmocka_unit_test(an_index_outside_appends),
        cmocka_unit_test(brackets_on_maps_are_keys),
        cmocka_unit_test(missing_maps_are_made_and_stay),
        cmocka_unit_test(null_deletes),
        cmocka_unit_test(deleting_past_the_end_ends_istio),
        cmocka_unit_test(what_stands_in_the_way_is_named),
        cmocka_unit_test(each_patch_stands_alone),
        cmocka_unit_test(setting_replaces_whatever_is_there),
        cmocka_unit_test(setting_a_list_that_an_earlier_patch_brought_appends),
        cmocka_unit_test(text_that_reads_as_a_map_becomes_one),
        cmocka_unit_test(other_text_stays_text),
        cmocka_unit_test(text_inside_what_a_patch_brought_takes_the_place_of_the_key),
        cmocka_unit_test(a_key_twice_in_text_is_not_guessed),
        cmocka_unit_test(a_blank_path_does_nothing),
        cmocka_unit_test(unknown_values_are_not_looked_into),
        cmocka_unit_test(numbers_stay_exact),
        cmocka_unit_test(ceilings_refuse),
        cmocka_unit_test(many_patches_take_little_time),
        cmocka_unit_test(mistakes_in_a_path_need_no_object),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
