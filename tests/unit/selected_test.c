/* SPDX-License-Identifier: Apache-2.0
 *
 * By which label revisions are told apart is the installer's to say: Services that select one of them
 * are found by it, and it stands in what is said of them.
 */
#include "../../src/lifecycle/lifecycle_internal.h"
#include "fake_cluster.h"
#include "glm/installer_operator.h"
#include "test.h"

static size_t pods(const struct glm_installer_call *call, const struct glm_value *object,
                   const struct glm_installer_pods **ret)
{
    struct glm_installer_pods *p = GLM_NEW(call->arena, struct glm_installer_pods);
    *p = (struct glm_installer_pods){
        .namespace_ = "gw", .labels = glm_get(object, "labels"), .strangers = true};
    *ret = p;
    return 1;
}

struct world {
    struct glm_installer row;
    const struct glm_installer *rows[2];
    struct glm_cluster_config config;
    struct glm_cluster *cluster;
    struct glm_estate estate;
};

static struct world *new_world(struct glm_arena *arena, const char *revision_label)
{
    struct world *w = GLM_NEW(arena, struct world);
    w->row = glm_installer_operator;
    w->row.revision_label = revision_label;
    w->row.pods = pods;
    w->rows[0] = &w->row;
    w->config = (struct glm_cluster_config){
        .name = "east", .place = GLM_PLACE_LIVE, .operator_namespace = "n"};
    w->cluster = glm_fake_create_live("east");
    w->estate = (struct glm_estate){
        .installers = w->rows,
        .mesh = {.known = true,
                 .operator_namespace = "istio-system",
                 .clusters = &w->config,
                 .cluster_count = 1,
                 .default_distribution = &glm_null},
        .clusters = &w->cluster,
        .max_parallel = 1,
    };
    return w;
}

static const char *selected(struct glm_arena *arena, struct world *w)
{
    static const char *const selectors[] = {"{'rev':'1-24'}", "{'revision':'1-24'}",
                                            "{'rev':'1-23'}", "{'app':'in'}"};
    struct glm_installer_call call = estate_call(&w->estate, arena, "east");
    call.cluster = w->cluster;
    for (size_t i = 0; i < 4; i++)
        glm_fake_put(
            w->cluster,
            glm_test_value(arena, glm_sprintf(arena,
                                              "{'apiVersion':'v1','kind':'Service',"
                                              "'metadata':{'name':'s%zu','namespace':'gw'},"
                                              "'spec':{'selector':%s}}",
                                              i, selectors[i])));
    return selected_text(
        arena,
        selected_by(&call, glm_test_value(arena, "{'labels':{'app':'in','rev':'1-24'}}"), true));
}

static void a_service_selects_a_revision_by_the_installers_label(void **state)
{
    struct world *w = new_world(*state, "rev");
    assert_string_equal(selected(*state, w), "Service gw/s0 (selector rev=1-24)");
    w->cluster->ops->destroy(w->cluster);
    w = new_world(*state, NULL);
    assert_string_equal(selected(*state, w), "");
    w->cluster->ops->destroy(w->cluster);
}

static const char *active(struct glm_arena *arena, const char *revision_label, const char *selector)
{
    struct world *w = new_world(arena, revision_label);
    const struct glm_value *prior = glm_test_value(
        arena,
        glm_sprintf(arena,
                    "{'name':'gw','namespace':'n','helm_global':null,'installations':{},"
                    "'objects':{},'addresses':{},'services':{'gw/in':{'active':{'east':'1-24'"
                    "},'per_cluster':{},'manifests':{'1-24':"
                    "'{\\'spec\\':{\\'selector\\':%s}}'}}}}",
                    selector));
    const char *text = glm_lifecycle_active(arena, &w->estate, prior, &glm_null);
    w->cluster->ops->destroy(w->cluster);
    return text;
}

static void the_revision_of_a_service_is_what_its_installer_selects_by(void **state)
{
    const char *rev = "{\\'rev\\':\\'1-24\\'}";
    assert_string_equal(active(*state, "rev", rev),
                        "  east: Service gw/in (ClusterIP, revision \"1-24\")");
    assert_string_equal(active(*state, NULL, rev),
                        "  east: Service gw/in (ClusterIP, selector rev=1-24)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_service_selects_a_revision_by_the_installers_label),
        cmocka_unit_test(the_revision_of_a_service_is_what_its_installer_selects_by),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
