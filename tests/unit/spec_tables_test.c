/* SPDX-License-Identifier: Apache-2.0
 *
 * What the walker relies on in the generated tables, and samples of what they must know.
 */
#include "test.h"

#include "glm/spec.h"

#include <string.h>

static void fields_are_sorted_and_one_row_holds_for_a_minor(void **state)
{
    (void)state;
    for (size_t i = 0; i < glm_spec_type_count; i++) {
        const struct glm_spec_type *t = &glm_spec_types[i];
        for (size_t k = 1; k < t->count; k++) {
            const struct glm_spec_field *a = &t->fields[k - 1], *b = &t->fields[k];
            int order = strcmp(a->name, b->name);
            if (order > 0 || (order == 0 && (a->until == 0 || a->until >= b->since)))
                fail_msg("%s: %s and %s", t->name, a->name, b->name);
        }
    }
}

static bool is_minor(unsigned minor)
{
    return minor == 0 || (minor >= GLM_SPEC_OLDEST && minor <= GLM_SPEC_NEWEST);
}

static void versions_kinds_and_references_are_real(void **state)
{
    (void)state;
    for (size_t i = 0; i < glm_spec_type_count; i++) {
        const struct glm_spec_type *t = &glm_spec_types[i];
        for (size_t k = 0; k < t->count; k++) {
            const struct glm_spec_field *f = &t->fields[k];
            if (!is_minor(f->since) || !is_minor(f->until) || (f->until && f->since > f->until))
                fail_msg("%s.%s: since %u, until %u", t->name, f->name, f->since, f->until);
            assert_true(f->kind <= GLM_SPEC_OBJECT && f->shape <= GLM_SPEC_MAP);
            if (f->kind == GLM_SPEC_OBJECT)
                assert_true(f->index < glm_spec_type_count);
            if (f->kind == GLM_SPEC_ENUM)
                assert_non_null(glm_spec_enums[f->index].values[0]);
        }
    }
}

/* Every name of a list such as "+a,b=X;c" is a field of the type. */
static void assert_names(const struct glm_spec_type *t, const char *list)
{
    while (*list) {
        size_t len = strcspn(list, ",=;");
        bool found = false;
        for (size_t k = 0; k < t->count && !found; k++)
            found = strlen(t->fields[k].name) == len && strncmp(t->fields[k].name, list, len) == 0;
        if (!found)
            fail_msg("%s has no field %.*s", t->name, (int)len, list);
        list += len;
        list += *list == '=' ? strcspn(list, ",;") : 0;
        list += *list != 0;
    }
}

static void choices_and_list_keys_name_fields(void **state)
{
    (void)state;
    for (size_t i = 0; i < glm_spec_type_count; i++) {
        const struct glm_spec_type *t = &glm_spec_types[i];
        for (size_t c = 0; t->choices && t->choices[c]; c++)
            assert_names(t, t->choices[c] + strspn(t->choices[c], "+*~"));
        for (size_t k = 0; k < t->count; k++) {
            const char *key = glm_spec_limits[t->fields[k].limit].list_key;
            if (key) {
                assert_int_equal(t->fields[k].shape, GLM_SPEC_LIST);
                assert_int_equal(t->fields[k].kind, GLM_SPEC_OBJECT);
                assert_names(&glm_spec_types[t->fields[k].index], key);
            }
        }
    }
}

/* "values.global.hub" in the language of a minor: its field, NULL where it is not known. */
static const struct glm_spec_field *look_up(struct glm_arena *arena, const char *path,
                                            unsigned minor)
{
    const struct glm_spec_type *type = glm_spec_root(minor);
    for (const char *at = path;;) {
        size_t len = strcspn(at, ".");
        const struct glm_spec_field *f = glm_spec_field(type, glm_strndup(arena, at, len), minor);
        if (!f || !at[len])
            return f;
        assert_int_equal(f->kind, GLM_SPEC_OBJECT);
        type = &glm_spec_types[f->index];
        at += len + 1;
    }
}

static void versions_know_what_they_know(void **state)
{
    static const struct {
        const char *path;
        unsigned since, until; /* 0: all */
    } known[] = {
        {"components.ingressGateways.k8s.hpaSpec.metrics.resource.targetAverageUtilization", 0, 23},
        {"components.ingressGateways.k8s.env.valueFrom.secretKeyRef.localObjectReference", 0, 23},
        {"components.ingressGateways.k8s.env.valueFrom.secretKeyRef.name", 24, 0},
        {"components.egressGateways.k8s.hpaSpec.behavior.scaleDown.tolerance", 26, 0},
        {"components.egressGateways.k8s.service.ipFamilies", 24, 0},
        {"components.egressGateways.k8s.volumes.projected", 24, 0},
        {"values.gateways.istio-egressgateway.zvpn", 0, 25},
        {"values.gateways.securityContext", 0, 0},
        {"values.gateways.istio_ingressgateway", 99, 0},
        {"values.global.proxy_init.image", 0, 0},
        {"values.global.networkPolicy.enabled", 28, 0},
        {"values.global.readerServiceAccount.name", 31, 0},
        {"values.global.oneNamespace", 99, 0},
        {"values.cni.env", 27, 0},
        {"values.meshConfig.defaultConfig.proxyMetadata", 0, 0},
        {"meshConfig.extensionProviders.opentelemetry.grpc", 24, 0},
        {"meshConfig.outboundTrafficPolicy.tls", 30, 0},
        {"meshConfig.defaultConfig.statsCompression", 29, 0},
        {"unvalidatedValues", 0, 0},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        for (unsigned minor = GLM_SPEC_OLDEST; minor <= GLM_SPEC_NEWEST; minor++) {
            bool want = minor >= known[i].since && (!known[i].until || minor <= known[i].until);
            bool besides = minor == 23 && strcmp(known[i].path, "values.cni.env") == 0;
            if ((look_up(*state, known[i].path, minor) != NULL) != (want || besides))
                fail_msg("%s in 1.%u: %s", known[i].path, minor, want ? "missing" : "there");
        }
}

static void a_name_of_two_types_is_the_operators_until_it_is_gone(void **state)
{
    (void)state;
    const struct glm_spec_type *operators = glm_spec_type("ServiceSpec", GLM_SPEC_OPERATOR);
    const struct glm_spec_type *real = glm_spec_type("ServiceSpec", GLM_SPEC_OPERATOR + 1);
    assert_int_equal(operators->decoder, GLM_SPEC_PROTO);
    assert_int_equal(real->decoder, GLM_SPEC_GO);
    assert_ptr_equal(glm_spec_type("Service", GLM_SPEC_OPERATOR),
                     glm_spec_type("Service", GLM_SPEC_NEWEST));
    assert_null(glm_spec_type("Srevice", GLM_SPEC_NEWEST));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_sorted_and_one_row_holds_for_a_minor),
        cmocka_unit_test(versions_kinds_and_references_are_real),
        cmocka_unit_test(choices_and_list_keys_name_fields),
        cmocka_unit_test_setup_teardown(versions_know_what_they_know, glm_test_arena_setup,
                                        glm_test_arena_teardown),
        cmocka_unit_test(a_name_of_two_types_is_the_operators_until_it_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
