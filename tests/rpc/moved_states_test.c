/* SPDX-License-Identifier: Apache-2.0
 *
 * States that `moved` blocks bring from resources of other types.
 *
 * tests/golden/moved/CASE has
 *   source.json  {"type": of the resource, "attributes": as its provider has written them}; without it the
 *                first instance in tests/terraform/fixtures/moved/CASE.json, which a real one has written
 *   moved.yaml   what the state is then, as far as it is not null, or the errors, expected
 *
 * GLM_UPDATE_GOLDEN=1 rewrites what is expected.
 */
#define DISPATCH_REAL_TYPES
#include "dispatch_call.h"

#include "../../provider/moved.h"
#include "glm/codec.h"
#include "glm/text.h"

#include <unistd.h>

#define ROOT "tests/golden/moved"

static const struct glm_value *json_file(struct glm_arena *arena, const char *path)
{
    struct glm_diags d;
    const struct glm_value *v;
    size_t len;
    glm_diags_init(&d, arena);
    const char *text = glm_test_file(arena, path, &len);
    if (!glm_json_decode(arena, text, len, path, NULL, &v, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    return v;
}

static const struct glm_value *source_of(struct glm_arena *arena, const char *name)
{
    const char *path = glm_sprintf(arena, ROOT "/%s/source.json", name);
    if (access(path, F_OK) == 0)
        return json_file(arena, path);
    const struct glm_value *found =
        json_file(arena, glm_sprintf(arena, "tests/terraform/fixtures/moved/%s.json", name));
    return glm_with(arena, found, "attributes",
                    glm_get(glm_at(glm_get(found, "instances"), 0), "attributes"));
}

static const Tfplugin6__MoveResourceState__Response *move_state(struct glm_arena *arena,
                                                                const char *type, const char *json)
{
    char target[] = "glm_gateway_lifecycle_manager";
    Tfplugin6__RawState raw = TFPLUGIN6__RAW_STATE__INIT;
    Tfplugin6__MoveResourceState__Request request = TFPLUGIN6__MOVE_RESOURCE_STATE__REQUEST__INIT;
    raw.json.data = (uint8_t *)glm_strdup(arena, json);
    raw.json.len = strlen(json);
    request.source_type_name = glm_strdup(arena, type);
    request.target_type_name = target;
    request.source_state = &raw;
    return call(arena, "MoveResourceState", &request.base,
                &tfplugin6__move_resource_state__response__descriptor);
}

static const struct glm_value *without_nulls(struct glm_arena *arena, const struct glm_value *v)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < v->len; i++)
        if (!glm_is_null(v->as.map[i].value))
            glm_map_set(&b, v->as.map[i].key, v->as.map[i].value);
    return glm_map_finish(&b, NULL);
}

static void run_golden(const char *name)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    const struct glm_value *source = source_of(arena, name);
    const Tfplugin6__MoveResourceState__Response *response =
        move_state(arena, glm_get(source, "type")->as.text,
                   glm_json_text(arena, glm_get(source, "attributes")));
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)1 << 20);
    for (size_t i = 0; i < response->n_diagnostics; i++)
        glm_text_addf(&text, "%s: %s\n", response->diagnostics[i]->summary,
                      response->diagnostics[i]->detail);
    assert_true((response->target_state == NULL) == (response->n_diagnostics > 0));
    assert_null(response->target_identity);
    assert_int_equal(response->target_private.len, 0);
    if (response->target_state) {
        const struct glm_type *type = object(arena, glm_resource_types[0]->schema->attrs);
        glm_yaml_encode(without_nulls(arena, unpacked(arena, type, response->target_state)), &text);
    }
    glm_assert_golden(glm_sprintf(arena, ROOT "/%s/moved.yaml", name), text.data);
}

static void states_become_what_is_expected(void **state)
{
    glm_test_each_folder(*state, ROOT, run_golden);
}

/* All in one, whichever release of the provider has written it. */
static void a_helm_release_has_its_chart_and_its_values(void **state)
{
    static const char *const names[] = {"helm-2.17.0", "helm-3.1.2"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct glm_moved_release r;
        struct glm_diags d;
        glm_diags_init(&d, *state);
        assert_true(glm_moved_read_release(
            *state, glm_get(source_of(*state, names[i]), "attributes"), &r, &d));
        assert_string_equal(r.name, "istio-ingressgateway");
        assert_string_equal(r.namespace_, "istio-ingress");
        assert_string_equal(r.chart_version, "1.30.3");
        assert_string_equal(r.app_version, "1.30.3");
        glm_assert_value_equal(
            r.values,
            glm_test_value(
                *state,
                "{'autoscaling': {'minReplicas': 2}, 'labels': {'istio': 'ingressgateway'}, "
                "'service': {'annotations': {'a.example/b': 'x'}}}"));
    }
}

static void a_helm_release_without_values_has_an_empty_map(void **state)
{
    static const char *const texts[] = {"", "null", "{}"};
    const struct glm_value *whole = glm_get(source_of(*state, "helm-3.1.2"), "attributes");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct glm_moved_release r;
        struct glm_diags d;
        glm_diags_init(&d, *state);
        assert_true(glm_moved_read_release(
            *state,
            glm_with_path(*state, whole, glm_string(*state, texts[i]), "metadata", "values", NULL),
            &r, &d));
        assert_int_equal(r.values->len, 0);
    }
}

/* What is below it does not repeat it, which would be a GiB. */
static void a_long_key_of_a_helm_release_takes_its_own_length(void **state)
{
    const struct glm_value *whole = glm_get(source_of(*state, "helm-3.1.2"), "attributes");
    const char *key = glm_sprintf(*state, "%0*d", 1 << 20, 0);
    struct glm_text text;
    struct glm_moved_release r;
    struct glm_diags d;
    glm_text_init(&text, *state, (size_t)4 << 20);
    glm_text_addf(&text, "{\"%s\": [0", key);
    for (size_t i = 0; i < 1000; i++)
        glm_text_adds(&text, ",0");
    glm_text_adds(&text, "]}");
    glm_diags_init(&d, *state);
    whole = glm_with_path(*state, whole, glm_string(*state, text.data), "metadata", "values", NULL);
    assert_true(glm_moved_read_release(*state, whole, &r, &d));
    assert_true(glm_arena_used(*state) < (size_t)64 << 20);
}

static void a_state_of_any_other_shape_is_refused(void **state)
{
    static const char *const shapes[] = {
        "null",
        "[]",
        "7",
        "{}",
        "{\"manifest\": null, \"yaml_body\": null}",
        "{\"manifest\": {\"type\": \"string\", \"value\": \"x\"}, \"yaml_body\": \"x\"}",
        "{\"manifest\": {\"kind\": 7}, \"yaml_body\": \"a: [\"}",
        "{\"manifest\": {\"apiVersion\": \"a\", \"kind\": \"b\"}, \"yaml_body\": \"{a: "
        "1}\\n---\\n{b: 1}\"}",
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        static const char *const types[] = {"kubernetes_manifest", "kubectl_manifest",
                                            "helm_release"};
        for (size_t t = 0; t < 3; t++) {
            const Tfplugin6__MoveResourceState__Response *response =
                move_state(*state, types[t], shapes[i]);
            assert_one(response->n_diagnostics, response->diagnostics,
                       "The state that is to be moved cannot be read");
            assert_null(response->target_state);
        }
    }
}

static void nothing_of_a_sensitive_text_is_shown(void **state)
{
    const Tfplugin6__MoveResourceState__Response *response =
        move_state(*state, "kubectl_manifest", "{\"yaml_body\": \"secret: 'hunter2\"}");
    assert_one(response->n_diagnostics, response->diagnostics,
               "The state that is to be moved cannot be read");
    assert_null(strstr(response->diagnostics[0]->detail, "hunter2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(states_become_what_is_expected),
        TEST(a_helm_release_has_its_chart_and_its_values),
        TEST(a_helm_release_without_values_has_an_empty_map),
        TEST(a_long_key_of_a_helm_release_takes_its_own_length),
        TEST(a_state_of_any_other_shape_is_refused),
        TEST(nothing_of_a_sensitive_text_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
