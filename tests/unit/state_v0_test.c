/* SPDX-License-Identifier: Apache-2.0
 *
 * States of schema version 0 become states of version 1.
 *
 * tests/golden/state_v0/CASE has
 *   state.yaml     the attributes, with documents instead of their JSON; without it those of
 *                  tests/terraform/fixtures/state-0.1.0/CASE
 *   upgraded.yaml  what is another now, with documents in the same way, expected
 *
 * GLM_UPDATE_GOLDEN=1 rewrites what is expected.
 */
#include "mesh_case.h"
#include "test.h"

#include "glm/lifecycle.h"
#include "glm/text.h"

#include <string.h>
#include <unistd.h>

#define ROOT "tests/golden/state_v0"

/* Documents as their JSON, in maps of that depth; other values as they are. */
static const struct glm_value *with_texts(struct glm_arena *arena, const struct glm_value *v,
                                          unsigned depth)
{
    struct glm_map_builder b;
    if (!glm_is_map(v))
        return v;
    if (depth == 0)
        return glm_string(arena, glm_json_text(arena, v));
    glm_map_init(&b, arena);
    for (size_t i = 0; i < v->len; i++)
        glm_map_set(&b, v->as.map[i].key, with_texts(arena, v->as.map[i].value, depth - 1));
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *state_of(struct glm_arena *arena, const char *name)
{
    const char *path = glm_sprintf(arena, ROOT "/%s/state.yaml", name);
    if (access(path, F_OK) != 0) {
        path = glm_sprintf(arena, "tests/terraform/fixtures/state-0.1.0/%s/state.json", name);
        const struct glm_value *resources = glm_get(glm_case_yaml(arena, path), "resources");
        return glm_get(glm_at(glm_get(glm_at(resources, 0), "instances"), 0), "attributes");
    }
    const struct glm_value *state = glm_case_yaml(arena, path);
    state = glm_with(arena, state, "istio_operators",
                     with_texts(arena, glm_get(state, "istio_operators"), 2));
    const struct glm_value *services = glm_get(state, "services");
    for (size_t i = 0; i < services->len; i++)
        for (size_t k = 0; k < services->as.map[i].value->len; k++) {
            const struct glm_pair *c = &services->as.map[i], *s = &c->value->as.map[k];
            state = glm_with_path(arena, state, with_texts(arena, glm_get(s->value, "manifest"), 0),
                                  "services", c->key, s->key, "manifest", NULL);
        }
    return state;
}

/* JSON texts as what is in them, so that they are easy to read. */
static const struct glm_value *without_texts(struct glm_arena *arena, const struct glm_value *v)
{
    struct glm_diags ignored;
    const struct glm_value *document;
    glm_diags_init(&ignored, arena);
    if (glm_is_string(v) && v->as.text[0] == '{' &&
        glm_json_decode(arena, v->as.text, v->len, "a manifest", NULL, &document, &ignored))
        return document;
    if (!glm_is_map(v))
        return v;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < v->len; i++)
        glm_map_set(&b, v->as.map[i].key, without_texts(arena, v->as.map[i].value));
    return glm_map_finish(&b, NULL);
}

static void run_golden(const char *name)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    const struct glm_value *state = state_of(arena, name), *upgraded, *again;
    struct glm_diags d;
    struct glm_map_builder changed;
    struct glm_text text;
    glm_diags_init(&d, arena);
    if (!glm_lifecycle_upgrade_state(arena, glm_test_installers(), state, &upgraded, &d) ||
        !glm_lifecycle_upgrade_state(arena, glm_test_installers(), state, &again, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    assert_null(d.first);
    glm_assert_value_equal(upgraded, again);
    assert_false(glm_has(upgraded, "istio_operators"));
    glm_map_init(&changed, arena);
    for (size_t i = 0; i < upgraded->len; i++) {
        const struct glm_pair *is = &upgraded->as.map[i];
        if (!glm_equal(is->value, glm_get(state, is->key)))
            glm_map_set(&changed, is->key, without_texts(arena, is->value));
    }
    glm_text_init(&text, arena, (size_t)1 << 20);
    glm_yaml_encode(glm_map_finish(&changed, NULL), &text);
    glm_assert_golden(glm_sprintf(arena, ROOT "/%s/upgraded.yaml", name), text.data);
}

static void states_become_what_is_expected(void **state)
{
    glm_test_each_folder(*state, ROOT, run_golden);
}

static void a_state_of_another_shape_is_refused_by_name(void **state)
{
    struct glm_arena *arena = *state;
    static const struct {
        const char *state, *part;
    } cases[] = {
        {"[]", "the resource is not a map"},
        {"{'installations':[]}", "installations is not a map"},
        {"{'istio_operators':7}", "istio_operators is not a map"},
        {"{'istio_operators':{'east':[]}}", "istio_operators[\"east\"] is not a map"},
        {"{'istio_operators':{'east':{'1-24':{}}}}",
         "istio_operators[\"east\"][\"1-24\"] is not a string"},
        {"{'services':{'east':{'gw/in':''}}}", "services[\"east\"][\"gw/in\"] is not a map"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct glm_diags d;
        const struct glm_value *upgraded = NULL;
        glm_diags_init(&d, arena);
        assert_false(glm_lifecycle_upgrade_state(
            arena, glm_test_installers(), glm_test_value(arena, cases[i].state), &upgraded, &d));
        assert_null(upgraded);
        glm_assert_error(&d, "", cases[i].part);
    }
}

/* As after a create that did not come to anything, or from somebody's editor. */
static void a_state_may_have_nothing(void **state)
{
    struct glm_arena *arena = *state;
    static const char *const cases[] = {
        "{}", "{'installations':null,'istio_operators':null,'services':null,'status':null}",
        "{'installations':{'1-24':null},'istio_operators':{'east':null},'services':{'east':null}}"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct glm_diags d;
        const struct glm_value *upgraded;
        glm_diags_init(&d, arena);
        if (!glm_lifecycle_upgrade_state(arena, glm_test_installers(),
                                         glm_test_value(arena, cases[i]), &upgraded, &d))
            fail_msg("%s", glm_test_diags_text(arena, &d));
        glm_assert_value_equal(glm_get(upgraded, "objects"), &glm_empty_map);
        glm_assert_value_equal(glm_get(upgraded, "addresses"), &glm_empty_map);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(states_become_what_is_expected),
        TEST(a_state_of_another_shape_is_refused_by_name),
        TEST(a_state_may_have_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
