/* SPDX-License-Identifier: Apache-2.0
 *
 * What a read shows of drift: a line for each field that is not as it should be, of its cluster alone, with what
 * is there and what should be; and to the very value what the state has where nothing is.
 */
#include "test.h"

#include "../../src/lifecycle/lifecycle_internal.h"
#include "fake_cluster.h"
#include "test_installer.h"

#include <string.h>

struct world {
    struct glm_arena *arena;
    struct glm_cluster *clusters[2]; /* east: an API server; west: files */
    struct glm_cluster_config configs[2];
    struct glm_estate estate;
    atomic_bool stop;
    struct glm_diags d;
};

static struct world *new_world(struct glm_arena *arena)
{
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    w->clusters[0] = glm_fake_create_live("east");
    w->clusters[1] = glm_fake_create("west");
    for (size_t i = 0; i < 2; i++)
        w->configs[i] =
            (struct glm_cluster_config){.name = w->clusters[i]->name,
                                        .place = i ? GLM_PLACE_DIRECTORY : GLM_PLACE_LIVE,
                                        .operator_namespace = "istio-system"};
    w->estate = (struct glm_estate){
        .installers = glm_test_installers(),
        .mesh = {.known = true,
                 .clusters = w->configs,
                 .cluster_count = 2,
                 .operator_namespace = "istio-system",
                 .default_distribution = &glm_null},
        .clusters = w->clusters,
        .max_parallel = 2,
        .stop = &w->stop,
    };
    glm_diags_init(&w->d, arena);
    glm_fake_put(w->clusters[0],
                 glm_test_value(arena,
                                "{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {"
                                "'name': 'istiod-1-24', 'namespace': 'istio-system', 'labels': "
                                "{'app': 'istiod', 'istio.io/rev': '1-24'}}, 'spec': {'template': "
                                "{'spec': {'containers': [{'name': 'discovery', 'image': "
                                "'docker.io/istio/pilot:1.24.1'}]}}}}"));
    return w;
}

static void end_world(struct world *w)
{
    for (size_t i = 0; i < 2; i++)
        w->clusters[i]->ops->destroy(w->clusters[i]);
}

#define SPEC                                                                                       \
    "profile: empty\\nhub: example.com/istio\\ntag: 1.24.1\\ncomponents:\\n  ingressGateways:\\n"  \
    "  - name: ingress\\n    namespace: gateways\\n    enabled: true\\n    label:\\n"              \
    "      istio: ingress\\n    k8s:\\n      env:\\n      - name: A\\n        value: one\\n"       \
    "      service:\\n        type: LoadBalancer\\n        ports:\\n        - name: https\\n"      \
    "          port: 443\\n          targetPort: 8443\\n"

#define CONFIGURED(more)                                                                           \
    "{'name':'ingress','namespace':'gloo-mesh','adopt_existing':false,'wait_for_healthy':false,"   \
    "'installations':{'1-24':{'gateway_revision':'1-24','clusters':{"                              \
    "'east':{'active_gateway':true},'west':{'active_gateway':true}},"                              \
    "'istio_operator_spec':'" SPEC "'}" more "},'helm_global':null}"

static const struct glm_value *attributes(struct world *w)
{
    return glm_test_value(w->arena, CONFIGURED(""));
}

static struct glm_change read_it(struct world *w, const struct glm_change *state)
{
    struct glm_change change = {.prior = state->result, .record = state->result_record};
    glm_lifecycle_read(w->arena, &w->estate, &change, &w->d);
    return change;
}

static struct glm_change install_as(struct world *w, const struct glm_value *configured)
{
    struct glm_change plan = {.prior = &glm_null, .record = &glm_null, .attributes = configured};
    if (!glm_lifecycle_plan(w->arena, &w->estate, &plan, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    struct glm_change made = {.prior = &glm_null,
                              .record = plan.result_record,
                              .attributes = plan.result,
                              .creating = true};
    if (!glm_lifecycle_apply(w->arena, &w->estate, &made, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return read_it(w, &made);
}

/* Installed and read. */
static struct glm_change install(struct world *w)
{
    return install_as(w, attributes(w));
}

#define MAIN "IstioOperator istio-system/ingress-1-24"
#define SERVICE "gateways/ingress"

static const struct glm_value *main_entries(const struct glm_change *state, const char *cluster)
{
    return shape_entries(state->result, "1-24", MAIN, cluster);
}

static const struct glm_value *service_entries(const struct glm_change *state, const char *cluster)
{
    return shape_service_entries(state->result, SERVICE, cluster);
}

static const char *lines(struct world *w, const struct glm_value *entries)
{
    struct glm_text text;
    glm_text_init(&text, w->arena, (size_t)1 << 24);
    if (!glm_is_map(entries))
        return "(none)";
    for (size_t i = 0; i < entries->len; i++)
        glm_text_addf(&text, "%s = %s\n", entries->as.map[i].key,
                      entries->as.map[i].value->as.text);
    return text.data;
}

#define OWN(cluster)                                                                               \
    "spec.meshConfig.trustDomain = " cluster                                                       \
    "\nspec.values.global.multiCluster.clusterName = " cluster "\n"

static const struct glm_value *main_in(struct world *w, size_t cluster)
{
    return glm_test_main_get(w->arena, w->clusters[cluster], "istio-system", "ingress-1-24");
}

/* Reads a state after a value of the main object is another; the null value: is gone. */
static struct glm_change with_main(struct world *w, const struct glm_change *state, size_t cluster,
                                   const struct glm_value *object)
{
    const struct glm_value *was = main_in(w, cluster);
    glm_test_main_put(w->arena, w->clusters[cluster], object);
    struct glm_change now = read_it(w, state);
    glm_test_main_put(w->arena, w->clusters[cluster], was);
    return now;
}

static void what_is_as_it_should_be_stays_the_very_value(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = install(w);
    assert_string_equal(lines(w, main_entries(&made, "east")), OWN("east"));
    assert_string_equal(lines(w, main_entries(&made, "west")), OWN("west"));
    assert_string_equal(lines(w, service_entries(&made, "east")), "");
    assert_true(glm_string_is(shape_active(made.result, SERVICE, "east"), "1-24"));
    assert_true(glm_is_list(shape_addresses(made.result, SERVICE, "east")));
    assert_true(glm_is_null(shape_addresses(made.result, SERVICE, "west")));
    struct glm_change now = read_it(w, &made);
    glm_assert_value_equal(now.result, made.result);
    assert_ptr_equal(main_entries(&now, "east"), main_entries(&made, "east"));
    end_world(w);
}

static void a_file_that_is_as_it_was_written_is_not_decoded(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change was = install(w);
    unsigned before = glm_fake_operations(w->clusters[1]);
    struct glm_change now = read_it(w, &was);
    assert_int_equal(glm_fake_operations(w->clusters[1]), before);
    glm_assert_value_equal(now.result, was.result);
    glm_assert_value_equal(now.result_record, was.result_record);
    const struct glm_value *service =
        glm_fake_get(w->clusters[1], GLM_KIND_SERVICE, "gateways", "ingress");
    glm_fake_put(w->clusters[1], glm_with_path(w->arena, service, glm_string(w->arena, "NodePort"),
                                               "spec", "type", NULL));
    now = read_it(w, &was);
    assert_int_equal(glm_fake_operations(w->clusters[1]), before + 1);
    assert_string_equal(
        glm_string_or(glm_get(shape_service_entries(now.result, SERVICE, "west"), "spec.type"), ""),
        "NodePort (should be LoadBalancer)");
    end_world(w);
}

static void each_field_that_drifts_is_a_line_of_its_cluster(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = install(w);
    static const char *const names[] = {"east", "west"};
    for (size_t i = 0; i < 2; i++) {
        const struct glm_value *object = main_in(w, i);
        object =
            glm_with_path(w->arena, object, glm_string(w->arena, "1.24.9"), "spec", "tag", NULL);
        object = glm_with_path(w->arena, object, glm_string(w->arena, "other"), "spec",
                               "meshConfig", "trustDomain", NULL);
        object = glm_with(w->arena, object, "spec",
                          glm_without(w->arena, glm_get(object, "spec"), "hub"));
        object = glm_with_path(w->arena, object, glm_string(w->arena, "x"), "metadata", "labels",
                               GLM_LABEL_NAME, NULL);
        struct glm_change now = with_main(w, &made, i, object);
        assert_string_equal(lines(w, main_entries(&now, names[i])),
                            glm_sprintf(w->arena,
                                        "metadata.labels['" GLM_LABEL_NAME
                                        "'] = x (should be ingress)\n"
                                        "spec.hub = missing (should be example.com/istio)\n"
                                        "spec.meshConfig.trustDomain = other\n"
                                        "spec.tag = 1.24.9 (should be 1.24.1)\n"
                                        "spec.values.global.multiCluster.clusterName = %s\n",
                                        names[i]));
        assert_ptr_equal(main_entries(&now, names[!i]), main_entries(&made, names[!i]));
        glm_assert_value_equal(shape_manifest(now.result, "1-24", MAIN),
                               shape_manifest(made.result, "1-24", MAIN));
        /* And goes as it came. */
        now = read_it(w, &now);
        glm_assert_value_equal(main_entries(&now, names[i]), main_entries(&made, names[i]));
    }
    end_world(w);
}

static void labels_that_are_all_gone_are_lines_of_their_own(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = install(w);
    static const char *const names[] = {"east", "west"};
    for (size_t i = 0; i < 2; i++) {
        const struct glm_value *object = main_in(w, i);
        object = glm_with(w->arena, object, "metadata",
                          glm_without(w->arena, glm_get(object, "metadata"), "labels"));
        struct glm_change now = with_main(w, &made, i, object);
        assert_string_equal(
            lines(w, main_entries(&now, names[i])),
            glm_sprintf(
                w->arena,
                "metadata.labels['app.kubernetes.io/managed-by'] = missing (should be "
                "terraform-provider-glm)\n"
                "metadata.labels['terraform-provider-glm/cluster'] = missing (should be %s)\n"
                "metadata.labels['terraform-provider-glm/name'] = missing (should be ingress)\n"
                "metadata.labels['terraform-provider-glm/namespace'] = missing (should be "
                "gloo-mesh)\n"
                "metadata.labels['terraform-provider-glm/revision'] = missing (should be "
                "1-24)\n"
                "spec.meshConfig.trustDomain = %s\n"
                "spec.values.global.multiCluster.clusterName = %s\n",
                names[i], names[i], names[i]));
    }
    end_world(w);
}

static void elements_of_lists_are_lines_by_their_names(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = install(w);
    const struct glm_value *object = main_in(w, 0);
    const struct glm_value *gateways =
        glm_get_path(object, "spec", "components", "ingressGateways", NULL);
    const struct glm_value *env =
        glm_test_value(w->arena, "[{'name':'A','value':'two'},{'name':'B','value':'3'}]");
    const struct glm_value *gateway =
        glm_with_path(w->arena, glm_at(gateways, 0), env, "k8s", "env", NULL);
    object = glm_with_path(w->arena, object, glm_list(w->arena, &gateway, 1), "spec", "components",
                           "ingressGateways", NULL);
    struct glm_change now = with_main(w, &made, 0, object);
    assert_string_equal(lines(w, main_entries(&now, "east")),
                        "spec.components.ingressGateways[ingress-1-24].k8s.env[A].value = two "
                        "(should be one)\n"
                        "spec.components.ingressGateways[ingress-1-24].k8s.env[B] = {name: B, "
                        "value: \"3\"} (should not be there)\n" OWN("east"));
    end_world(w);
}

static void a_service_is_held_against_the_manifest_of_who_is_active(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = install(w);
    for (size_t i = 0; i < 2; i++) {
        const char *cluster = w->clusters[i]->name;
        const struct glm_value *was =
            glm_fake_get(w->clusters[i], GLM_KIND_SERVICE, "gateways", "ingress");
        const struct glm_value *service = glm_with_path(w->arena, was, glm_string(w->arena, "1-25"),
                                                        "spec", "selector", "revision", NULL);
        service = glm_with_path(w->arena, service, glm_string(w->arena, "1-25"), "metadata",
                                "labels", GLM_LABEL_REVISION, NULL);
        service = glm_with_path(
            w->arena, service,
            glm_test_value(w->arena, "[{'name':'https','port':443,'targetPort':443}]"), "spec",
            "ports", NULL);
        glm_fake_put(w->clusters[i], service);
        struct glm_change now = read_it(w, &made);
        assert_string_equal(lines(w, service_entries(&now, cluster)),
                            "metadata.labels['terraform-provider-glm/revision'] = 1-25 (should be "
                            "1-24)\n"
                            "spec.ports[https].targetPort = 443 (should be 8443)\n"
                            "spec.selector.revision = 1-25 (should be 1-24)\n");
        glm_fake_put(w->clusters[i], was);
        glm_assert_value_equal(read_it(w, &now).result, made.result);
    }
    end_world(w);
}

static const struct glm_value *selector_in(struct world *w, size_t cluster)
{
    return glm_get_path(glm_fake_get(w->clusters[cluster], GLM_KIND_SERVICE, "gateways", "ingress"),
                        "spec", "selector", NULL);
}

static void edit_selector(struct world *w, size_t cluster, const struct glm_value *selector)
{
    const struct glm_value *service =
        glm_fake_get(w->clusters[cluster], GLM_KIND_SERVICE, "gateways", "ingress");
    glm_fake_put(w->clusters[cluster],
                 glm_with_path(w->arena, service, selector, "spec", "selector", NULL));
}

static const char *active(const struct glm_change *state, const char *cluster)
{
    return glm_string_or(shape_active(state->result, SERVICE, cluster), NULL);
}

/* What a plan of the same configuration makes of it. */
static struct glm_change planned(struct world *w, const struct glm_value *configured,
                                 const struct glm_change *state)
{
    struct glm_change plan = {
        .prior = state->result, .record = state->result_record, .attributes = configured};
    if (!glm_lifecycle_plan(w->arena, &w->estate, &plan, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return plan;
}

#define SELECTOR(revision)                                                                         \
    "{'app':'istio-ingressgateway','istio':'ingress','revision':'" revision "'}"

static void who_is_active_follows_what_the_service_selects(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *configured = glm_test_value(
        w->arena, CONFIGURED(",'1-25':{'gateway_revision':'1-25','control_plane_revision':'1-24',"
                             "'clusters':{'east':{'active_gateway':false},'west':{"
                             "'active_gateway':false}},'istio_operator_spec':'" SPEC "'}"));
    struct glm_change made = install_as(w, configured);
    for (size_t i = 0; i < 2; i++) {
        const char *cluster = w->clusters[i]->name;
        const struct glm_value *was = selector_in(w, i);
        glm_assert_value_equal(was, glm_test_value(w->arena, SELECTOR("1-24")));
        edit_selector(w, i, glm_test_value(w->arena, SELECTOR("1-25")));
        struct glm_change now = read_it(w, &made);
        assert_string_equal(active(&now, cluster), "1-25");
        assert_string_equal(active(&now, w->clusters[!i]->name), "1-24");
        assert_string_equal(lines(w, service_entries(&now, cluster)), "");
        glm_assert_value_equal(read_it(w, &now).result, now.result);
        struct glm_change plan = planned(w, configured, &now);
        assert_string_equal(active(&plan, cluster), "1-24");
        glm_assert_value_equal(shape_addresses(plan.result, SERVICE, "east"),
                               shape_addresses(made.result, SERVICE, "east"));
        /* Of both, so of who is to have it. */
        edit_selector(w, i, glm_test_value(w->arena, "{'istio':'ingress'}"));
        now = read_it(w, &now);
        assert_string_equal(active(&now, cluster), "1-24");
        assert_string_equal(lines(w, service_entries(&now, cluster)),
                            "spec.selector.app = missing (should be istio-ingressgateway)\n"
                            "spec.selector.revision = missing (should be 1-24)\n");
        glm_assert_value_equal(read_it(w, &made).result, now.result);
        edit_selector(w, i, was);
        glm_assert_value_equal(read_it(w, &now).result, made.result);
    }
    end_world(w);
}

static void a_service_that_selects_nobody_is_nobodys_and_keeps_its_lines(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = install(w);
    for (size_t i = 0; i < 2; i++) {
        const char *cluster = w->clusters[i]->name;
        const struct glm_value *was = selector_in(w, i);
        edit_selector(w, i, glm_test_value(w->arena, SELECTOR("1-99")));
        struct glm_change now = read_it(w, &made);
        assert_null(active(&now, cluster));
        assert_string_equal(lines(w, service_entries(&now, cluster)),
                            "spec.selector.revision = 1-99 (should be 1-24)\n");
        glm_assert_value_equal(read_it(w, &now).result, now.result);
        glm_assert_value_equal(shape_addresses(now.result, SERVICE, "east"),
                               shape_addresses(made.result, SERVICE, "east"));
        /* A cluster that does not answer keeps that, and so does one in which an apply fails. */
        glm_fake_break(w->clusters[i], true);
        struct glm_change kept = read_it(w, &now);
        assert_null(active(&kept, cluster));
        glm_assert_value_equal(service_entries(&kept, cluster), service_entries(&now, cluster));
        struct glm_change plan = planned(w, attributes(w), &now);
        assert_string_equal(active(&plan, cluster), "1-24");
        assert_string_equal(lines(w, service_entries(&plan, cluster)), "");
        glm_assert_value_equal(shape_addresses(plan.result, SERVICE, "east"),
                               shape_addresses(made.result, SERVICE, "east"));
        struct glm_change applied = {
            .prior = now.result, .record = now.result_record, .attributes = plan.result};
        assert_false(glm_lifecycle_apply(w->arena, &w->estate, &applied, &w->d));
        assert_null(active(&applied, cluster));
        glm_assert_value_equal(service_entries(&applied, cluster), service_entries(&now, cluster));
        glm_fake_break(w->clusters[i], false);
        edit_selector(w, i, was);
        glm_assert_value_equal(read_it(w, &now).result, made.result);
    }
    end_world(w);
}

/* The same configuration with another Service. */
static const struct glm_value *with_service(struct world *w, const char *lines)
{
    const char *text = glm_string_or(
        glm_get_path(attributes(w), "installations", "1-24", "istio_operator_spec", NULL), "");
    const char *at = strstr(text, "        ports:");
    assert_non_null(at);
    return glm_with_path(w->arena, attributes(w),
                         glm_stringf(w->arena, "%.*s%s%s", (int)(at - text), text, lines, at),
                         "installations", "1-24", "istio_operator_spec", NULL);
}

static void what_api_servers_let_nobody_change_is_said_by_the_plan(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made =
        install_as(w, with_service(w, "        loadBalancerClass: example.com/one\n"));
    glm_diags_init(&w->d, w->arena);
    planned(w,
            with_service(w, "        loadBalancerClass: example.com/two\n"
                            "        clusterIP: 10.0.0.9\n"),
            &made);
    const char *said = glm_test_diags_text(w->arena, &w->d);
    assert_non_null(strstr(said, "API servers will refuse a change"));
    assert_non_null(strstr(said, "Of Service " SERVICE
                                 " changes spec.loadBalancerClass from example.com/one to "
                                 "example.com/two, and spec.clusterIP from nothing to 10.0.0.9"));
    assert_non_null(strstr(said, "will fail in cluster \"east\"."));
    /* Taken out, it is refused too. */
    glm_diags_init(&w->d, w->arena);
    planned(w, attributes(w), &made);
    said = glm_test_diags_text(w->arena, &w->d);
    assert_non_null(strstr(said, "from example.com/one to nothing"));
    glm_diags_init(&w->d, w->arena);
    planned(w,
            with_service(w, "        loadBalancerClass: example.com/one\n"
                            "        externalTrafficPolicy: Local\n"),
            &made);
    assert_null(strstr(glm_test_diags_text(w->arena, &w->d), "refuse"));
    end_world(w);
}

static void what_is_gone_is_in_no_cluster_and_comes_back_with_the_object(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = install(w);
    const struct glm_value *main = main_in(w, 0);
    const struct glm_value *service =
        glm_fake_get(w->clusters[0], GLM_KIND_SERVICE, "gateways", "ingress");
    glm_fake_delete(w->clusters[0], glm_test_main_kind(), "istio-system", "ingress-1-24");
    glm_fake_delete(w->clusters[0], GLM_KIND_SERVICE, "gateways", "ingress");
    struct glm_change now = read_it(w, &made);
    assert_true(glm_is_null(main_entries(&now, "east")));
    assert_true(glm_is_null(shape_active(now.result, SERVICE, "east")));
    assert_true(glm_is_null(shape_addresses(now.result, SERVICE, "east")));
    assert_string_equal(lines(w, main_entries(&now, "west")), OWN("west"));
    assert_non_null(
        strstr(glm_test_diags_text(w->arena, &w->d), "Objects were gone (ingress in east)"));
    assert_non_null(strstr(glm_test_diags_text(w->arena, &w->d),
                           "\n  east: " MAIN " was gone\n  east: Service " SERVICE " was gone\n"));
    glm_diags_init(&w->d, w->arena);
    now = read_it(w, &now); /* as long as they are, whatever the state shows by now */
    assert_non_null(strstr(glm_test_diags_text(w->arena, &w->d), "Objects were gone"));
    glm_diags_init(&w->d, w->arena);
    glm_test_main_put(w->arena, w->clusters[0], main);
    glm_fake_put(w->clusters[0], service);
    now = read_it(w, &now);
    assert_null(strstr(glm_test_diags_text(w->arena, &w->d), "gone"));
    assert_string_equal(lines(w, main_entries(&now, "east")), OWN("east"));
    assert_true(glm_string_is(shape_active(now.result, SERVICE, "east"), "1-24"));
    end_world(w);
}

/* Terraform says a warning again with the result of the apply. */
static void what_was_not_in_order_is_told_as_what_was(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = install(w);
    glm_diags_init(&w->d, w->arena);
    glm_fake_delete(w->clusters[0], glm_test_main_kind(), "istio-system", "ingress-1-24");
    read_it(w, &made);
    const char *said = glm_test_diags_text(w->arena, &w->d);
    assert_non_null(strstr(said, "Not every installation was in order (ingress in east)"));
    assert_non_null(strstr(said, "\n  east, 1-24: INSTALL_PENDING: "));
    assert_null(strstr(said, "is in order"));
    end_world(w);
}

static void a_cluster_that_does_not_answer_keeps_what_it_had(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = install(w);
    const struct glm_value *object =
        glm_with_path(w->arena, main_in(w, 0), glm_string(w->arena, "1.24.9"), "spec", "tag", NULL);
    glm_test_main_put(w->arena, w->clusters[0], object);
    struct glm_change drifted = read_it(w, &made);
    for (size_t i = 0; i < 2; i++) {
        glm_fake_break(w->clusters[i], true);
        struct glm_change now = read_it(w, &drifted);
        glm_fake_break(w->clusters[i], false);
        assert_ptr_equal(main_entries(&now, "east"), main_entries(&drifted, "east"));
        assert_ptr_equal(main_entries(&now, "west"), main_entries(&drifted, "west"));
        glm_assert_value_equal(shape_addresses(now.result, SERVICE, "east"),
                               shape_addresses(drifted.result, SERVICE, "east"));
        assert_true(glm_string_is(shape_active(now.result, SERVICE, w->clusters[i]->name), "1-24"));
    }
    end_world(w);
}

/* Another default or another release makes another manifest: that is for a plan to say. */
static void another_translation_of_the_same_configuration_is_no_drift(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = install(w);
    const struct glm_value *manifest = shape_manifest(made.result, "1-24", MAIN);
    const char *tag = strstr(manifest->as.text, "\"1.24.1\"");
    assert_non_null(tag);
    /* As if the state were from a release that made another tag of it, and so were what is there. */
    const struct glm_value *old =
        glm_stringf(w->arena, "%.*s\"1.24.0\"%s", (int)(tag - manifest->as.text), manifest->as.text,
                    tag + strlen("\"1.24.1\""));
    struct shape_builder b;
    shape_begin(&b, w->arena);
    shape_put_bare(&b, made.result);
    shape_put_manifest(&b, "1-24", MAIN, old);
    for (size_t i = 0; i < 2; i++) {
        const struct shape_object *all;
        const char *cluster = w->clusters[i]->name;
        size_t count = shape_of_cluster(w->arena, made.result, cluster, &all);
        for (size_t k = 0; k < count; k++)
            shape_put_as_shown(&b, made.result, cluster, &all[k]);
        glm_test_main_put(w->arena, w->clusters[i],
                          glm_with_path(w->arena, main_in(w, i), glm_string(w->arena, "1.24.0"),
                                        "spec", "tag", NULL));
    }
    made.result = shape_finish(&b, made.result);
    struct glm_change now = read_it(w, &made);
    assert_ptr_equal(main_entries(&now, "east"), main_entries(&made, "east"));
    assert_ptr_equal(main_entries(&now, "west"), main_entries(&made, "west"));
    assert_ptr_equal(shape_manifest(now.result, "1-24", MAIN), old);
    end_world(w);
}

/* What the configuration does not make any more keeps what is said of it, and what else differs. */
static void what_nobody_makes_any_more_is_believed(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = install(w);
    made.result = glm_with_path(w->arena, made.result, glm_string(w->arena, "spec: ["),
                                "installations", "1-24", "istio_operator_spec", NULL);
    struct glm_change now = read_it(w, &made);
    assert_ptr_equal(main_entries(&now, "east"), main_entries(&made, "east"));
    now = with_main(w, &made, 0,
                    glm_with_path(w->arena, main_in(w, 0), glm_string(w->arena, "1.24.9"), "spec",
                                  "tag", NULL));
    assert_string_equal(lines(w, main_entries(&now, "east")),
                        "spec.meshConfig.trustDomain = east\n"
                        "spec.tag = 1.24.9 (should be 1.24.1)\n"
                        "spec.values.global.multiCluster.clusterName = east\n");
    end_world(w);
}

static void what_is_not_seen_is_spelled_and_what_is_much_is_counted(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = install(w);
    struct glm_map_builder many;
    glm_map_init(&many, w->arena);
    for (int i = 0; i < 10000; i++)
        glm_map_set(&many, glm_sprintf(w->arena, "key%d", i), glm_string(w->arena, "x"));
    const struct glm_value *object = main_in(w, 1);
    object = glm_with_path(w->arena, object, glm_string(w->arena, "a\x1b[31m\xE2\x80\xAE"), "spec",
                           "tag", NULL);
    object = glm_with_path(w->arena, object, glm_map_finish(&many, NULL), "spec", "values", "more",
                           NULL);
    struct glm_change now = with_main(w, &made, 1, object);
    const struct glm_value *entries = main_entries(&now, "west");
    assert_int_equal(entries->len, 257);
    assert_non_null(strstr(lines(w, entries), "more fields differ"));
    assert_null(strstr(lines(w, entries), "\x1b"));
    assert_non_null(strstr(lines(w, entries), "spec.tag = "));
    end_world(w);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_as_it_should_be_stays_the_very_value),
        TEST(a_file_that_is_as_it_was_written_is_not_decoded),
        TEST(each_field_that_drifts_is_a_line_of_its_cluster),
        TEST(labels_that_are_all_gone_are_lines_of_their_own),
        TEST(elements_of_lists_are_lines_by_their_names),
        TEST(a_service_is_held_against_the_manifest_of_who_is_active),
        TEST(who_is_active_follows_what_the_service_selects),
        TEST(a_service_that_selects_nobody_is_nobodys_and_keeps_its_lines),
        TEST(what_api_servers_let_nobody_change_is_said_by_the_plan),
        TEST(what_is_gone_is_in_no_cluster_and_comes_back_with_the_object),
        TEST(what_was_not_in_order_is_told_as_what_was),
        TEST(a_cluster_that_does_not_answer_keeps_what_it_had),
        TEST(another_translation_of_the_same_configuration_is_no_drift),
        TEST(what_nobody_makes_any_more_is_believed),
        TEST(what_is_not_seen_is_spelled_and_what_is_much_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
