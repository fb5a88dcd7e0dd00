/* SPDX-License-Identifier: Apache-2.0
 *
 * What a plan shows of what is not known yet: whatever it turns out to be, nothing that was shown changes, and no
 * key of a map comes or goes, else Terraform refuses the apply of the plan.
 */
#include "test.h"

#include "fake_cluster.h"
#include "glm/lifecycle.h"
#include "test_installer.h"

#include <string.h>

#define CLUSTERS 3

struct world {
    struct glm_arena *arena;
    struct glm_cluster *clusters[CLUSTERS];
    struct glm_cluster_config configs[CLUSTERS];
    struct glm_estate estate;
};

static const char *const names[CLUSTERS] = {"east", "north", "west"};

static const char *const minors[] = {"24", "25"};

static struct world *new_world(struct glm_arena *arena)
{
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    for (size_t i = 0; i < CLUSTERS; i++) {
        w->clusters[i] = glm_fake_create_live(names[i]);
        w->configs[i] = (struct glm_cluster_config){
            .name = names[i], .place = GLM_PLACE_LIVE, .operator_namespace = "istio-system"};
    }
    w->estate = (struct glm_estate){
        .installers = glm_test_installers(),
        .mesh = {.known = true,
                 .operator_namespace = "istio-system",
                 .clusters = w->configs,
                 .cluster_count = CLUSTERS,
                 .default_distribution = glm_test_value(
                     arena, "{'revision': '1-25', 'hub': 'example.com/istio', 'tag': '1.25.1'}")},
        .clusters = w->clusters,
        .max_parallel = 1,
    };
    for (size_t i = 0; i < CLUSTERS; i++)
        for (size_t k = 0; k < sizeof minors / sizeof *minors; k++)
            glm_fake_put(
                w->clusters[i],
                glm_test_value(
                    arena,
                    glm_sprintf(arena,
                                "{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {"
                                "'name': 'istiod-1-%s', 'namespace': 'istio-system', 'labels': {"
                                "'app': 'istiod', 'istio.io/rev': '1-%s'}}, 'spec': {'template': {"
                                "'spec': {'containers': [{'name': 'discovery', 'image': "
                                "'example.com/istio/pilot:1.%s.1'}]}}}}",
                                minors[k], minors[k], minors[k])));
    return w;
}

static void end_world(struct world *w)
{
    for (size_t i = 0; i < CLUSTERS; i++)
        w->clusters[i]->ops->destroy(w->clusters[i]);
}

#define SPEC(more)                                                                                 \
    "'" more "components:\\n  ingressGateways:\\n  - name: ingress\\n    namespace: gateways\\n"   \
    "    enabled: true\\n    k8s:\\n      service:\\n        type: LoadBalancer\\n'"

/* Two installations; the second one, in two of the clusters, is not active. */
static const struct glm_value *attributes(struct world *w)
{
    return glm_test_value(
        w->arena,
        "{'name':'ingress','namespace':'gloo-mesh','wait_for_healthy':false,"
        "'installations':{"
        "'1-24':{'gateway_revision':'1-24','control_plane_revision':null,'skip_upgrade_validation':"
        "true,'clusters':{"
        "'east':{'active_gateway':true},'north':{'active_gateway':true},"
        "'west':{'active_gateway':true}},"
        "'istio_operator_spec':" SPEC(
            "") "},"
                "'1-25':{'gateway_revision':'1-25','control_plane_revision':null,'skip_upgrade_"
                "validation':true,'clusters':{"
                "'east':{'active_gateway':false},'north':{'active_gateway':false}},"
                "'istio_operator_spec':" SPEC(
                    "meshConfig:\\n  trustDomain: mesh.example\\n") "}},'helm_global':null}");
}

static const struct glm_value *planned(struct world *w, const struct glm_change *before,
                                       const struct glm_value *wanted)
{
    struct glm_diags d;
    struct glm_change change = {.prior = before ? before->result : &glm_null,
                                .record = before ? before->result_record : &glm_null,
                                .attributes = wanted};
    glm_diags_init(&d, w->arena);
    if (!glm_lifecycle_plan(w->arena, &w->estate, &change, &d))
        fail_msg("%s", glm_test_diags_text(w->arena, &d));
    return change.result;
}

static struct glm_change applied_of(struct world *w, const struct glm_value *wanted)
{
    struct glm_diags d;
    struct glm_change change = {.prior = &glm_null,
                                .record = &glm_null,
                                .attributes = planned(w, NULL, wanted),
                                .creating = true};
    glm_diags_init(&d, w->arena);
    if (!glm_lifecycle_apply(w->arena, &w->estate, &change, &d))
        fail_msg("%s", glm_test_diags_text(w->arena, &d));
    return change;
}

static struct glm_change applied(struct world *w)
{
    return applied_of(w, attributes(w));
}

/* As Terraform compares what was planned first with what is planned, or done, once all is known. */
static void conforms(struct world *w, const char *where, const struct glm_value *first,
                     const struct glm_value *then)
{
    if (glm_is_unknown(first))
        return;
    if (!glm_is_map(first) || !glm_is_map(then)) {
        if (!glm_equal(first, then))
            fail_msg("%s: %s became %s", where, glm_json_text(w->arena, first),
                     glm_json_text(w->arena, then));
        return;
    }
    for (size_t i = 0; i < then->len; i++)
        if (!glm_has(first, then->as.map[i].key))
            fail_msg("%s: %s has appeared", where, then->as.map[i].key);
    for (size_t i = 0; i < first->len; i++) {
        const char *key = first->as.map[i].key;
        if (!glm_has(then, key))
            fail_msg("%s: %s has vanished", where, key);
        conforms(w, glm_sprintf(w->arena, "%s.%s", where, key), first->as.map[i].value,
                 glm_get(then, key));
    }
}

static void conforms_all(struct world *w, const char *row, const struct glm_value *first,
                         const struct glm_value *then)
{
    static const char *const computed[] = {"objects", "services", "addresses", "status"};
    for (size_t i = 0; i < sizeof computed / sizeof *computed; i++)
        conforms(w, glm_sprintf(w->arena, "%s: %s", row, computed[i]), glm_get(first, computed[i]),
                 glm_get(then, computed[i]));
}

/* A value of the configuration, as JSON, and what it may turn out to be. */
static const struct {
    const char *path[6];
    const char *values[5];
} rows[] = {
    {{"installations", "1-24", "clusters", "west", "trust_domain"}, {"null", "'west'", "'a.b'"}},
    {{"installations", "1-25", "clusters", "east", "trust_domain"},
     {"null", "'east'", "'mesh.example'"}},
    {{"installations", "1-24", "clusters", "west", "active_gateway"}, {"true", "false"}},
    {{"installations", "1-24", "istio_operator_spec"},
     {SPEC("tag: 1.24.1\\n"), SPEC("tag: 1.24.1\\nmeshConfig:\\n  trustDomain: x\\n"),
      "'tag: 1.24.1\\ncomponents:\\n  ingressGateways:\\n  - name: other\\n    namespace: gw\\n"
      "    enabled: true\\n'"}},
    {{"installations", "1-25", "gateway_revision"}, {"'1-25'", "'auto'", "'1-26'"}},
    {{"installations", "1-25", "control_plane_revision"}, {"null", "'1-26'"}},
    {{"installations", "1-25", "clusters"},
     {"{'east':{'active_gateway':false}}", "{'west':{'active_gateway':false}}"}},
    {{"name"}, {"'ingress'", "'another'"}},
    {{"wait_for_healthy"}, {"true", "false"}},
    {{"installations", "1-24", "clusters", "west", "network"}, {"null", "'net1'"}},
    {{"installations", "1-24", "istio_version"}, {"null", "'1.24.1'"}},
};

static const struct glm_value *with(struct world *w, size_t row, const struct glm_value *v)
{
    const char *const *p = rows[row].path;
    return glm_with_path(w->arena, attributes(w), v, p[0], p[1], p[1] ? p[2] : NULL,
                         p[1] && p[2] ? p[3] : NULL, p[1] && p[2] && p[3] ? p[4] : NULL, NULL);
}

static void run_rows(struct world *w, const struct glm_change *before)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct glm_value *first = planned(w, before, with(w, i, &glm_unknown));
        for (size_t k = 0; rows[i].values[k]; k++)
            conforms_all(
                w, glm_sprintf(w->arena, "row %zu, %s", i, rows[i].values[k]), first,
                planned(w, before, with(w, i, glm_test_value(w->arena, rows[i].values[k]))));
    }
}

static void whatever_a_value_turns_out_to_be_a_create_is_as_planned(void **state)
{
    struct world *w = new_world(*state);
    run_rows(w, NULL);
    end_world(w);
}

static void whatever_a_value_turns_out_to_be_an_update_is_as_planned(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_change before = applied(w);
    run_rows(w, &before);
    end_world(w);
}

static void whatever_the_providers_configuration_turns_out_to_be_it_is_as_planned(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_change made = applied(w), *const before[] = {NULL, &made};
    for (size_t i = 0; i < 2; i++) {
        w->configs[1].operator_namespace = NULL;
        const struct glm_value *first = planned(w, before[i], attributes(w));
        w->configs[1].operator_namespace = "gm-iop-{revision}";
        conforms_all(w, "namespace", first, planned(w, before[i], attributes(w)));
        w->configs[1].operator_namespace = "istio-system";
        conforms_all(w, "namespace", first, planned(w, before[i], attributes(w)));

        w->configs[2].place = GLM_PLACE_UNKNOWN;
        struct glm_cluster *west = w->clusters[2];
        w->clusters[2] = NULL;
        first = planned(w, before[i], attributes(w));
        w->configs[2].place = GLM_PLACE_LIVE;
        w->clusters[2] = west;
        conforms_all(w, "place", first, planned(w, before[i], attributes(w)));

        w->estate.mesh.known = false;
        w->estate.mesh.cluster_count = 0;
        first = planned(w, before[i], attributes(w));
        w->estate.mesh.known = true;
        w->estate.mesh.cluster_count = CLUSTERS;
        conforms_all(w, "clusters", first, planned(w, before[i], attributes(w)));

        const struct glm_value *distribution = w->estate.mesh.default_distribution;
        const struct glm_value *automatic =
            glm_with_path(w->arena, attributes(w), glm_test_value(w->arena, "'auto'"),
                          "installations", "1-25", "gateway_revision", NULL);
        w->estate.mesh.default_distribution = &glm_unknown;
        first = planned(w, before[i], automatic);
        w->estate.mesh.default_distribution = distribution;
        conforms_all(w, "distribution", first, planned(w, before[i], automatic));
    }
    end_world(w);
}

/* ---- and no more than that is unknown ---- */

static bool is_known(const struct glm_value *planned, const char *attribute, const char *key)
{
    return glm_is_wholly_known(glm_get(glm_get(planned, attribute), key));
}

static void what_depends_on_something_else_stays_known(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_change before = applied(w);
    const struct glm_value *p = planned(w, &before, with(w, 0, &glm_unknown));
    const struct glm_value *objects = glm_get(glm_get(p, "objects"), "1-24");
    assert_int_equal(objects->len, 1);
    const struct glm_value *each = glm_get(objects->as.map[0].value, "per_cluster");
    assert_true(glm_is_unknown(glm_get(each, "west")));
    assert_true(glm_is_wholly_known(glm_get(each, "east")));
    assert_true(is_known(p, "objects", "1-25"));
    assert_true(glm_is_wholly_known(glm_get(p, "services")));
    assert_true(glm_is_wholly_known(glm_get(p, "addresses")));

    p = planned(w, &before, with(w, 2, &glm_unknown)); /* active_gateway */
    assert_true(glm_is_wholly_known(glm_get(p, "objects")));
    const struct glm_value *active =
        glm_get_path(p, "services", "gateways/ingress", "active", NULL);
    assert_true(glm_is_unknown(glm_get(active, "west")));
    assert_true(glm_string_is(glm_get(active, "east"), "1-24"));
    assert_true(glm_is_unknown(glm_get_path(p, "addresses", "gateways/ingress", NULL)));

    p = planned(w, &before, with(w, 3, &glm_unknown)); /* a spec */
    assert_true(glm_is_unknown(glm_get(glm_get(p, "objects"), "1-24")));
    assert_true(is_known(p, "objects", "1-25"));
    assert_true(glm_is_unknown(glm_get(p, "services")));
    end_world(w);
}

/* ---- addresses, of load balancers alone ---- */

#define SERVICE "gateways/ingress"

static const struct glm_value *addresses_of(const struct glm_value *attributes)
{
    return glm_get_path(attributes, "addresses", SERVICE, NULL);
}

static void addresses_that_nobody_has_yet_are_unknown_in_one_word(void **state)
{
    struct world *w = new_world(*state);
    assert_true(glm_is_unknown(addresses_of(planned(w, NULL, attributes(w)))));
    w->configs[0].place = GLM_PLACE_DIRECTORY;
    w->configs[2].place = GLM_PLACE_UNKNOWN;
    assert_true(glm_is_unknown(addresses_of(planned(w, NULL, attributes(w)))));
    end_world(w);
}

static void a_cluster_that_comes_makes_nobody_elses_addresses_unknown(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *all = attributes(w), *clusters;
    clusters = glm_get_path(all, "installations", "1-24", "clusters", NULL);
    const struct glm_change before =
        applied_of(w, glm_with_path(w->arena, all, glm_without(w->arena, clusters, "west"),
                                    "installations", "1-24", "clusters", NULL));
    glm_assert_value_equal(addresses_of(before.result),
                           glm_test_value(w->arena, "{'east': [], 'north': []}"));
    const struct glm_value *is = addresses_of(planned(w, &before, all));
    assert_true(glm_is_unknown(glm_get(is, "west")));
    assert_true(glm_is_list(glm_get(is, "east")));
    assert_true(glm_is_list(glm_get(is, "north")));
    end_world(w);
}

static void what_is_no_load_balancer_any_more_has_no_addresses(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = applied(w);
    const struct glm_value *live =
        glm_fake_get(w->clusters[0], GLM_KIND_SERVICE, "gateways", "ingress");
    glm_fake_put(w->clusters[0], glm_with_path(w->arena, live, glm_string(w->arena, "ClusterIP"),
                                               "spec", "type", NULL));
    struct glm_change now = {.prior = made.result, .record = made.result_record};
    struct glm_diags d;
    glm_diags_init(&d, w->arena);
    assert_true(glm_lifecycle_read(w->arena, &w->estate, &now, &d));
    glm_assert_value_equal(addresses_of(now.result),
                           glm_test_value(w->arena, "{'north': [], 'west': []}"));
    const struct glm_value *is = addresses_of(planned(w, &now, attributes(w)));
    assert_true(glm_is_unknown(glm_get(is, "east"))); /* the plan makes it one again */
    assert_true(glm_is_list(glm_get(is, "west")));
    end_world(w);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        TEST(whatever_a_value_turns_out_to_be_a_create_is_as_planned),
        TEST(whatever_a_value_turns_out_to_be_an_update_is_as_planned),
        TEST(whatever_the_providers_configuration_turns_out_to_be_it_is_as_planned),
        TEST(what_depends_on_something_else_stays_known),
        TEST(addresses_that_nobody_has_yet_are_unknown_in_one_word),
        TEST(a_cluster_that_comes_makes_nobody_elses_addresses_unknown),
        TEST(what_is_no_load_balancer_any_more_has_no_addresses),
    };
    return cmocka_run_group_tests_name("plan unknown", tests, NULL, NULL);
}
