/* SPDX-License-Identifier: Apache-2.0
 *
 * The installer "direct", case by case: each folder of tests/golden/direct is one.
 *
 * attributes.yaml  the resource; {$unknown: true} stands for an unknown value
 * provider.yaml    clusters and default_distribution; optional (see mesh_case.h)
 * diags.txt        every error and warning, of the mesh's rules and of the installer's, expected
 * <cluster>.yaml   what the cluster gets, each object under a comment that says what it is to the lifecycle,
 *                  expected; none when there are errors
 *
 * GLM_UPDATE_GOLDEN=1 rewrites what is expected.
 */
#include "glm/codec.h"
#include "glm/installer_direct.h"
#include "mesh_case.h"
#include "test.h"

#include <string.h>

#define ROOT "tests/golden/direct"
#define TEXT_MAX ((size_t)4 << 20)
#define PAIRS_MAX 16

struct golden {
    struct glm_arena *arena;
    const char *folder;
    struct glm_mesh_config config;
    struct glm_manager *manager;
    struct glm_diags d;
};

/* The cases' configuration, with each cluster as one that is installed into by "direct". */
static void configure(struct golden *c, const struct glm_value *provider)
{
    c->config = *glm_case_config(c->arena, provider);
    struct glm_cluster_config *clusters =
        GLM_NEW_ARRAY(c->arena, c->config.cluster_count, struct glm_cluster_config);
    for (size_t i = 0; i < c->config.cluster_count; i++) {
        clusters[i] = c->config.clusters[i];
        clusters[i].installer = "direct";
        clusters[i].rendered = true;
    }
    c->config.clusters = clusters;
}

static struct glm_installer_call call_for(struct golden *c, const char *cluster)
{
    return (struct glm_installer_call){.self = &glm_installer_direct,
                                       .arena = c->arena,
                                       .mesh = &c->config,
                                       .manager = c->manager,
                                       .seat = cluster};
}

/* The pairs of a cluster; NULL: the one of each installation for nobody. */
static size_t pairs_of(const struct golden *c, const char *cluster,
                       struct glm_installer_pair *pairs)
{
    size_t count = 0;
    for (size_t i = 0; i < c->manager->installation_count; i++) {
        const struct glm_installation *in = &c->manager->installations[i];
        for (size_t p = 0; cluster && p < in->placement_count; p++)
            if (strcmp(in->placements[p].cluster, cluster) == 0 && count < PAIRS_MAX)
                pairs[count++] = (struct glm_installer_pair){.cluster = cluster,
                                                             .key = glm_revision_key(in->revision),
                                                             .installation = in,
                                                             .placement = &in->placements[p]};
    }
    return count;
}

static const char *words_of(struct glm_arena *arena, const struct glm_installer_object *o)
{
    static const char *const roles[] = {"namespace", "access", "workload", "traffic"};
    return glm_sprintf(arena, "# %s%s%s\n", roles[o->role], o->main ? ", main" : "",
                       o->view ? ", view" : "");
}

static void add_objects(struct golden *c, const struct glm_installer_rendering *r,
                        struct glm_text *text)
{
    for (size_t i = 0; i < r->count; i++) {
        glm_text_adds(text, i ? "---\n" : "");
        glm_text_adds(text, words_of(c->arena, &r->objects[i]));
        if (glm_is_wholly_known(r->objects[i].object))
            glm_yaml_encode(r->objects[i].object, text);
        else
            glm_text_addf(text, "%s: known after apply\n",
                          r->objects[i].ref.name ? glm_object_ref_text(c->arena, &r->objects[i].ref)
                                                 : r->objects[i].ref.kind->name);
    }
}

static bool render(struct golden *c, const char *cluster)
{
    struct glm_installer_pair pairs[PAIRS_MAX];
    const struct glm_installer_call call = call_for(c, cluster);
    struct glm_installer_rendering r = {
        .pairs = GLM_NEW_ARRAY(c->arena, PAIRS_MAX, struct glm_installer_shown)};
    size_t count = pairs_of(c, cluster, pairs), errors = c->d.errors;
    struct glm_text text;
    glm_text_init(&text, c->arena, TEXT_MAX);
    bool ok = call.self->render(&call, pairs, count, &r, &c->d);
    assert_true(ok == (c->d.errors == errors));
    if (!ok)
        return false;
    add_objects(c, &r, &text);
    glm_assert_golden(glm_sprintf(c->arena, "%s/%s.yaml", c->folder, cluster), text.data);
    return true;
}

static void run_case(const char *name)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    struct golden c = {.arena = arena, .folder = glm_sprintf(arena, ROOT "/%s", name)};
    const struct glm_value *attributes =
        glm_case_yaml(arena, glm_sprintf(arena, "%s/attributes.yaml", c.folder));
    print_message("          %s\n", name);
    glm_diags_init(&c.d, arena);
    configure(&c, glm_case_yaml(arena, glm_sprintf(arena, "%s/provider.yaml", c.folder)));
    bool ok = glm_manager_read(arena, attributes, &c.config, true, &c.manager, &c.d);
    for (size_t i = 0; ok && i < c.config.cluster_count; i++) {
        struct glm_installer_pair pairs[PAIRS_MAX];
        if (pairs_of(&c, c.config.clusters[i].name, pairs) > 0)
            ok = render(&c, c.config.clusters[i].name);
    }
    assert_true(ok == (c.d.errors == 0));
    glm_assert_golden(glm_sprintf(arena, "%s/diags.txt", c.folder),
                      glm_test_diags_text(arena, &c.d));
}

static void every_golden_case_is_made_as_recorded(void **state)
{
    glm_test_each_folder(*state, ROOT, run_case);
}

/* ---- for nobody ---- */

static void nobody_gets_the_same_objects_in_the_same_order(void **state)
{
    struct glm_arena *arena = *state;
    struct golden c = {.arena = arena};
    struct glm_installer_pair pairs[PAIRS_MAX];
    struct glm_installer_shown shown[2];
    struct glm_installer_rendering r = {.pairs = &shown[0]}, common = {.pairs = &shown[1]};
    glm_diags_init(&c.d, arena);
    configure(&c, &glm_null);
    assert_true(glm_manager_read(arena, glm_case_yaml(arena, ROOT "/ingress/attributes.yaml"),
                                 &c.config, false, &c.manager, &c.d));
    const struct glm_installer_call call = call_for(&c, "cluster1"), nobody = call_for(&c, NULL);
    assert_int_equal(pairs_of(&c, "cluster1", pairs), 1);
    const struct glm_installer_pair of_nobody = {
        .key = pairs[0].key, .installation = pairs[0].installation, .placement = &glm_nobody};
    assert_true(call.self->render(&call, pairs, 1, &r, &c.d));
    assert_true(call.self->render(&nobody, &of_nobody, 1, &common, &c.d));
    assert_int_equal(r.count, common.count);
    for (size_t i = 0; i < r.count; i++) {
        assert_true(glm_object_ref_same(&r.objects[i].ref, &common.objects[i].ref));
        assert_int_equal(r.objects[i].role, common.objects[i].role);
    }
}

/* ---- what an import recalls ---- */

static const struct glm_value *deployment_of(struct golden *c, const struct glm_value *attributes)
{
    struct glm_installer_pair pairs[PAIRS_MAX];
    struct glm_installer_shown shown;
    struct glm_installer_rendering r = {.pairs = &shown};
    if (!glm_manager_read(c->arena, attributes, &c->config, false, &c->manager, &c->d))
        fail_msg("%s", glm_test_diags_text(c->arena, &c->d));
    const struct glm_installer_call call = call_for(c, "cluster1");
    assert_int_equal(pairs_of(c, "cluster1", pairs), 1);
    assert_true(call.self->render(&call, pairs, 1, &r, &c->d));
    for (size_t i = 0; i < r.count; i++)
        if (r.objects[i].main)
            return r.objects[i].object;
    fail_msg("there is no Deployment");
    return NULL;
}

/* The attributes of a resource that has what a view says. */
static const struct glm_value *attributes_of(struct glm_arena *arena, const struct glm_value *view)
{
    const struct glm_value *all = &glm_empty_map;
    const char *key = glm_string_or(glm_get(view, "key"), "?");
    all = glm_with_path(arena, all, glm_string(arena, "istio-ingressgateway"), "name", NULL);
    all = glm_with_path(arena, all, glm_string(arena, "gloo-mesh"), "namespace", NULL);
    all = glm_with_path(arena, all, glm_get(view, "spec"), "installations", key,
                        "istio_operator_spec", NULL);
    return glm_with_path(arena, all, glm_get(view, "cluster"), "installations", key, "clusters",
                         "cluster1", NULL);
}

static void a_deployment_recalls_what_renders_it_again(void **state)
{
    struct glm_arena *arena = *state;
    struct golden c = {.arena = arena};
    const char *const *clusters;
    const struct glm_value *const *views;
    glm_diags_init(&c.d, arena);
    configure(&c, &glm_null);
    const struct glm_value *was =
        deployment_of(&c, glm_case_yaml(arena, ROOT "/chart-service/attributes.yaml"));
    const struct glm_value *theirs =
        glm_with_path(arena, was, glm_string(arena, "IngressGateways"), "metadata", "labels",
                      "operator.istio.io/component", NULL);
    const struct glm_installer_call call = call_for(&c, "cluster1");
    assert_true(call.self->namesake(&call, theirs, "istio-ingressgateway"));
    assert_false(call.self->namesake(&call, theirs, "ingressgateway"));
    assert_false(call.self->namesake(&call, was, "istio-ingressgateway")); /* ours */
    assert_int_equal(call.self->recall(&call, theirs, NULL, &clusters, &views), 1);
    assert_string_equal(clusters[0], "cluster1");
    assert_true(glm_view_is(views[0]));
    const struct glm_value *is = deployment_of(&c, attributes_of(arena, views[0]));
    glm_assert_value_equal(glm_get(is, "spec"), glm_get(was, "spec"));
}

/* ---- Services of the user's own ---- */

static bool leads_to_strangers(struct golden *c, const struct glm_value *deployment)
{
    const struct glm_installer_call call = call_for(c, "cluster1");
    const struct glm_installer_pods *pods;
    assert_int_equal(call.self->pods(&call, deployment, &pods), 1);
    assert_string_equal(pods[0].namespace_, "gloo-mesh-gateways");
    return pods[0].strangers;
}

static void whose_services_lead_to_it_is_said_by_the_configuration(void **state)
{
    struct glm_arena *arena = *state;
    struct golden c = {.arena = arena};
    glm_diags_init(&c.d, arena);
    configure(&c, &glm_null);
    const struct glm_value *attributes = glm_case_yaml(arena, ROOT "/ingress/attributes.yaml");
    const struct glm_value *of = glm_get(attributes, "installations"), *spec;
    const char *key = of->as.map[0].key;
    const struct glm_value *text = glm_get(of->as.map[0].value, "istio_operator_spec");
    assert_false(leads_to_strangers(&c, deployment_of(&c, attributes)));
    assert_true(glm_spec_decode(arena, text->as.text, text->len, &spec));
    spec = glm_with_path(arena, spec, &glm_true, "values", "gateways", "istio-ingressgateway",
                         "customService", NULL);
    attributes = glm_with_path(arena, attributes, glm_string(arena, glm_json_text(arena, spec)),
                               "installations", key, "istio_operator_spec", NULL);
    const struct glm_value *deployment = deployment_of(&c, attributes);
    assert_true(leads_to_strangers(&c, deployment));
    c.manager = NULL; /* no configuration speaks of it */
    assert_false(leads_to_strangers(&c, deployment));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_golden_case_is_made_as_recorded, glm_test_arena_setup,
                                        glm_test_arena_teardown),
        cmocka_unit_test_setup_teardown(a_deployment_recalls_what_renders_it_again,
                                        glm_test_arena_setup, glm_test_arena_teardown),
        cmocka_unit_test_setup_teardown(whose_services_lead_to_it_is_said_by_the_configuration,
                                        glm_test_arena_setup, glm_test_arena_teardown),
        cmocka_unit_test_setup_teardown(nobody_gets_the_same_objects_in_the_same_order,
                                        glm_test_arena_setup, glm_test_arena_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
