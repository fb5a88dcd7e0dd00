/* SPDX-License-Identifier: Apache-2.0
 *
 * One gateway of revision 1-24 in a fake of a live cluster on which nobody acts: planned and applied with
 * this tag and that.
 */
#ifndef GLM_TEST_UPGRADE_CASE_H
#define GLM_TEST_UPGRADE_CASE_H

#include "test.h"

#include "fake_cluster.h"
#include "glm/lifecycle.h"
#include "test_installer.h"

struct world {
    struct glm_arena *arena;
    struct glm_cluster *east;
    struct glm_cluster *clusters[1];
    struct glm_cluster_config configs[1];
    struct glm_estate estate;
    struct glm_diags d;
};

static inline struct world *new_world(struct glm_arena *arena)
{
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    w->east = glm_fake_create_live("east");
    w->clusters[0] = w->east;
    w->configs[0] = (struct glm_cluster_config){
        .name = "east", .place = GLM_PLACE_LIVE, .operator_namespace = "istio-system"};
    w->estate = (struct glm_estate){
        .installers = glm_test_installers(),
        .mesh = {.known = true,
                 .operator_namespace = "istio-system",
                 .clusters = w->configs,
                 .cluster_count = 1,
                 .default_distribution = &glm_null},
        .clusters = w->clusters,
        .max_parallel = 1,
    };
    glm_diags_init(&w->d, arena);
    return w;
}

static inline void end_world(struct world *w)
{
    w->east->ops->destroy(w->east);
}

static inline void put_istiod(struct world *w, const char *tag)
{
    glm_fake_put(w->east,
                 glm_test_value(
                     w->arena,
                     glm_sprintf(w->arena,
                                 "{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {"
                                 "  'name': 'istiod-1-24', 'namespace': 'istio-system',"
                                 "  'labels': {'app': 'istiod', 'istio.io/rev': '1-24'}},"
                                 " 'spec': {'template': {'spec': {'containers': [{"
                                 "  'name': 'discovery', 'image': 'docker.io/istio/pilot:%s'}]}}}}",
                                 tag)));
}

/* An operator that takes up the IstioOperators of one revision. */
static inline void put_operator(struct world *w, const char *name, const char *revision)
{
    glm_fake_put(w->east,
                 glm_test_value(
                     w->arena,
                     glm_sprintf(w->arena,
                                 "{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {"
                                 "  'name': '%s', 'namespace': 'istio-operator'},"
                                 " 'spec': {'template': {'spec': {'containers': [{"
                                 "  'name': 'operator', 'image': 'docker.io/istio/operator:1.23.6',"
                                 "  'env': [{'name': 'REVISION', 'value': '%s'}]}]}}}}",
                                 name, revision)));
}

/* One active installation "1-24" of this tag. */
static inline const struct glm_value *attributes(struct world *w, const char *tag, bool skip)
{
    const char *spec = glm_sprintf(
        w->arena,
        "tag: %s\\ncomponents:\\n  ingressGateways:\\n  - name: ingress\\n    namespace: gateways"
        "\\n    enabled: true\\n    k8s:\\n      service:\\n        type: LoadBalancer\\n",
        tag);
    return glm_test_value(
        w->arena,
        glm_sprintf(w->arena,
                    "{'name':'ingress','namespace':'gloo-mesh','wait_for_healthy':false,"
                    "'installations':{'1-24':{'gateway_revision':'1-24',"
                    "'clusters':{'east':{'active_gateway':true}},'skip_upgrade_validation':%s,"
                    "'istio_operator_spec':'%s'}},'helm_global':null}",
                    skip ? "true" : "false", spec));
}

static inline struct glm_change plan(struct world *w, const struct glm_change *before,
                                     const struct glm_value *wanted)
{
    struct glm_change change = {.prior = before ? before->result : &glm_null,
                                .record = before ? before->result_record : &glm_null,
                                .attributes = wanted};
    if (!glm_lifecycle_plan(w->arena, &w->estate, &change, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return change;
}

static inline struct glm_change apply(struct world *w, const struct glm_change *before,
                                      const struct glm_value *wanted)
{
    struct glm_change planned = plan(w, before, wanted);
    struct glm_change change = {.prior = planned.prior,
                                .record = planned.result_record,
                                .attributes = planned.result,
                                .creating = !before};
    glm_lifecycle_apply(w->arena, &w->estate, &change, &w->d);
    return change;
}

static inline const char *tag_in_cluster(struct world *w)
{
    const struct glm_value *object =
        glm_test_main_get(w->arena, w->east, "istio-system", "ingress-1-24");
    return glm_string_or(glm_get_path(object, "spec", "tag", NULL), "none");
}

#define AT "installations[\"1-24\"].clusters[\"east\"]"

#endif
