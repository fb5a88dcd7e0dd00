/* SPDX-License-Identifier: Apache-2.0
 *
 * What a server says, or somebody has done to the state, and what must be in the state, and of what
 * size, all the same. Over fakes of API servers that nobody acts on.
 */
#include "test.h"
#include "shown.h"

#include "../../src/lifecycle/lifecycle_internal.h"
#include "fake_cluster.h"
#include "glm/codec.h"
#include "glm/lifecycle.h"
#include "test_installer.h"

#include <string.h>

struct world {
    struct glm_arena *arena;
    struct glm_cluster *clusters[1];
    struct glm_cluster_config configs[1];
    struct glm_estate estate;
    struct glm_diags d;
};

#define SPEC                                                                                       \
    "tag: 1.24.1\\ncomponents:\\n  ingressGateways:\\n  - name: ingress\\n    namespace: gateways" \
    "\\n    enabled: true\\n    k8s:\\n      service:\\n        type: LoadBalancer\\n"

static const struct glm_value *attributes(struct world *w, const char *tag)
{
    return glm_test_value(
        w->arena, glm_sprintf(w->arena,
                              "{'name':'ingress','namespace':'gloo-mesh','wait_for_healthy':false,"
                              "'installations':{'1-24':{'gateway_revision':'1-24','clusters':"
                              "{'east':{'active_gateway':true}},'skip_upgrade_validation':true,"
                              "'istio_operator_spec':'hub: %s\\n%s'}},'helm_global':null}",
                              tag, SPEC));
}

static struct world *new_world(struct glm_arena *arena)
{
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    w->clusters[0] = glm_fake_create_live("east");
    w->configs[0] = (struct glm_cluster_config){
        .name = "east", .place = GLM_PLACE_LIVE, .operator_namespace = "istio-system"};
    w->estate = (struct glm_estate){.installers = glm_test_installers(),
                                    .mesh = {.known = true,
                                             .operator_namespace = "istio-system",
                                             .clusters = w->configs,
                                             .cluster_count = 1,
                                             .default_distribution = &glm_null},
                                    .clusters = w->clusters,
                                    .max_parallel = 1};
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
    w->clusters[0]->ops->destroy(w->clusters[0]);
}

static struct glm_change apply_it(struct world *w, const struct glm_change *before,
                                  const struct glm_value *wanted, bool *ret_ok)
{
    struct glm_change plan = {.prior = before ? before->result : &glm_null,
                              .record = before ? before->result_record : &glm_null,
                              .attributes = wanted};
    if (!glm_lifecycle_plan(w->arena, &w->estate, &plan, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    struct glm_change change = {.prior = plan.prior,
                                .record = plan.result_record,
                                .attributes = plan.result,
                                .creating = !before};
    *ret_ok = glm_lifecycle_apply(w->arena, &w->estate, &change, &w->d);
    return change;
}

static struct glm_change create(struct world *w)
{
    bool ok;
    struct glm_change made = apply_it(w, NULL, attributes(w, "a.example"), &ok);
    if (!ok)
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return made;
}

static struct glm_change destroy(struct world *w, const struct glm_value *state,
                                 const struct glm_value *record, bool *ret_ok)
{
    struct glm_change change = {.prior = state, .record = record};
    glm_diags_init(&w->d, w->arena);
    *ret_ok = glm_lifecycle_remove(w->arena, &w->estate, &change, &w->d);
    return change;
}

/* ---- nothing is removed in silence ---- */

static void clusters_that_are_not_known_lose_nothing(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = create(w);
    const struct glm_estate known = w->estate;
    bool ok;
    w->estate.mesh = (struct glm_mesh_config){.known = false, .default_distribution = &glm_null};
    struct glm_change after = destroy(w, made.result, made.result_record, &ok);
    assert_false(ok);
    glm_assert_error(&w->d, "", "depend on a value that is not known");
    assert_ptr_equal(after.result, made.result);
    struct glm_change again = {
        .prior = made.result, .record = made.result_record, .attributes = made.result};
    glm_diags_init(&w->d, w->arena);
    assert_false(glm_lifecycle_apply(w->arena, &w->estate, &again, &w->d));
    assert_ptr_equal(again.result, made.result);
    w->estate = known;
    destroy(w, made.result, made.result_record, &ok);
    assert_true(ok);
    end_world(w);
}

static void an_api_that_is_not_served_removes_no_service(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = create(w);
    bool ok;
    glm_fake_unserve(w->clusters[0], GLM_KIND_SERVICE, true);
    struct glm_change after = destroy(w, made.result, made.result_record, &ok);
    assert_false(ok);
    glm_assert_error(&w->d, "installations", "That says nothing of the object");
    assert_int_equal(glm_test_services_of(w->arena, after.result, "east")->len, 1);
    glm_fake_unserve(w->clusters[0], GLM_KIND_SERVICE, false);
    destroy(w, after.result, after.result_record, &ok);
    assert_true(ok);
    end_world(w);
}

static void a_kind_is_gone_only_where_namespaces_are_served(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = create(w);
    bool ok;
    glm_fake_unserve(w->clusters[0], glm_test_main_kind(), true);
    glm_fake_unserve(w->clusters[0], GLM_KIND_NAMESPACE, true);
    struct glm_change after = destroy(w, made.result, made.result_record, &ok);
    assert_false(ok);
    assert_int_equal(glm_test_objects_of(w->arena, after.result, "east")->len, 1);
    glm_fake_unserve(w->clusters[0], GLM_KIND_NAMESPACE, false);
    destroy(w, after.result, after.result_record, &ok);
    assert_true(ok); /* its CustomResourceDefinition is gone, and every object with it */
    end_world(w);
}

static const struct glm_value *ingress_of(struct world *w)
{
    return glm_test_main_get(w->arena, w->clusters[0], "istio-system", "ingress-1-24");
}

/* What was in another namespace before, and had not gone then. The state shows only what came after. */
static void what_is_left_of_before_stays_in_the_record_when_what_came_after_is_gone(void **state)
{
    static const char old[] = "old/ingress-1-24";
    int left = 0;
    for (unsigned nth = 1; nth < 20; nth++) {
        struct world *w = new_world(*state);
        struct glm_change made = create(w);
        bool ok;
        glm_test_main_put(w->arena, w->clusters[0],
                          glm_with_path(w->arena, ingress_of(w), glm_string(w->arena, "old"),
                                        "metadata", "namespace", NULL));
        const struct glm_value *record = glm_with_path(
            w->arena, made.result_record,
            glm_test_value(w->arena, "{'pair':'1-24','role':'workload','main':true,'leaves':true}"),
            "clusters", "east", "objects",
            glm_sprintf(w->arena, "%s %s", glm_test_main_kind()->name, old), NULL);
        glm_fake_fail_at(w->clusters[0], nth, "not now");
        struct glm_change after = destroy(w, made.result, record, &ok);
        glm_fake_fail_at(w->clusters[0], 0, NULL);
        struct glm_object_ref ref;
        assert_true(record_ref_as(w->arena, glm_test_main_kind(), old, &ref));
        if (!glm_is_null(glm_fake_get(w->clusters[0], ref.kind, "old", "ingress-1-24"))) {
            assert_false(ok);
            assert_true(record_has(
                w->arena, glm_get_path(after.result_record, "clusters", "east", NULL), &ref));
            struct glm_change read = {.prior = after.result, .record = after.result_record};
            assert_true(glm_lifecycle_read(w->arena, &w->estate, &read, &w->d));
            assert_true(glm_is_map(read.result));
            left += glm_is_null(ingress_of(w));
        }
        end_world(w);
    }
    assert_true(left > 0);
}

/* ---- what a person is told ---- */

static void a_cluster_whose_turn_never_came_did_not_take_the_time(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change plan = {
        .prior = &glm_null, .record = &glm_null, .attributes = attributes(w, "a.example")};
    assert_true(glm_lifecycle_plan(w->arena, &w->estate, &plan, &w->d));
    struct glm_change change = {.prior = &glm_null,
                                .record = plan.result_record,
                                .attributes = plan.result,
                                .creating = true,
                                .timeout_ms = 1}; /* over before anything */
    assert_false(glm_lifecycle_apply(w->arena, &w->estate, &change, &w->d));
    const char *said = glm_test_diags_text(w->arena, &w->d);
    assert_non_null(strstr(said, "Its turn did not come in half of timeouts.create"));
    assert_non_null(strstr(said, "1 of them are looked at at once (max_parallel_clusters)"));
    end_world(w);
}

static void of_many_services_that_select_a_revision_the_rest_is_counted(void **state)
{
    struct world *w = new_world(*state);
    for (int i = 0; i < 23; i++)
        glm_fake_put(w->clusters[0],
                     glm_test_value(w->arena,
                                    glm_sprintf(w->arena,
                                                "{'apiVersion': 'v1', 'kind': 'Service', "
                                                "'metadata': {'name': 's%02d', 'namespace': 'gw'}, "
                                                "'spec': {'selector': {'revision': '1-24'}}}",
                                                i)));
    const struct glm_value *o = glm_test_value(
        w->arena, "{'metadata': {'name': 'o'}, 'spec': {'components': {'ingressGateways': [{"
                  "'namespace': 'gw', 'label': {'revision': '1-24'}}]}}}");
    struct glm_installer_call call = estate_call(&w->estate, w->arena, "east");
    call.cluster = w->clusters[0];
    const char *text =
        selected_text(w->arena, selected_by(&call, glm_test_main(w->arena, o), false));
    assert_non_null(strstr(text, "Service gw/s19 (selector revision=1-24) and 3 more"));
    assert_null(strstr(text, "gw/s20"));
    end_world(w);
}

/* ---- a record that somebody has edited ---- */

static const struct glm_value *decoded(struct world *w, const char *text,
                                       const struct glm_value *prior)
{
    const struct glm_value *record;
    assert_true(glm_record_decode(w->arena, glm_test_installers(), text, strlen(text), prior,
                                  &record, &w->d));
    return record;
}

static void what_the_state_shows_is_in_the_record_whatever_that_says(void **state)
{
    /* %: the kind of what stands for a pair */
    static const char *const damages[] = {
        "{'version':1,'clusters':{'east':{}}}",
        "{'version':1,'clusters':{'east':{'istio_operators':[],'services':{}}}}",
        "{'version':1,'clusters':{'east':{'istio_operators':{'1-24':7},'services':[1,null]}}}",
        "{'version':1,'clusters':{'east':{'istio_operators':{'1-24':'none'},'services':['x']}}}",
        "{'version':1,'clusters':{'east':null}}",
        "{'version':1,'clusters':[]}",
        "{'version':1}",
        "{'version':2,'clusters':{'east':{}}}",
        "{'version':2,'clusters':{'east':{'objects':[],'pairs':7}}}",
        "{'version':2,'clusters':{'east':{'objects':{'% istio-system/ingress-1-24':7,"
        "'Service gateways/ingress':null,'x':{},' a/b':{},'a /b':{},'a "
        "b/':{}},'pairs':{'1-24':1}}}}",
        "{'version':2,'clusters':{'east':{'objects':{'% istio-system/ingress-1-24':{"
        "'pair':7,'role':'x','main':1,'leaves':0,'foreign':'','altered':1,'found':[]}}}}}",
        "{'version':2,'clusters':{'east':null}}",
        "{'version':2,'clusters':[]}",
        "{'version':2}",
        "{'version':1,'clusters':{'east'",
        "",
    };
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        struct world *w = new_world(*state);
        struct glm_change made = create(w);
        const char *at = strchr(damages[i], '%');
        char *text = at ? glm_sprintf(w->arena, "%.*s%s%s", (int)(at - damages[i]), damages[i],
                                      glm_test_main_kind()->name, at + 1)
                        : glm_strdup(w->arena, damages[i]);
        for (char *c = text; *c; c++)
            *c = *c == '\'' ? '"' : *c;
        const struct glm_value *record = decoded(w, text, made.result);
        struct glm_change read = {.prior = made.result, .record = record};
        assert_true(glm_lifecycle_read(w->arena, &w->estate, &read, &w->d));
        glm_assert_value_equal(glm_test_objects(read.result), glm_test_objects(made.result));
        glm_assert_value_equal(glm_test_services(read.result), glm_test_services(made.result));
        bool ok;
        destroy(w, made.result, record, &ok);
        assert_true(ok);
        assert_int_equal(glm_fake_count(w->clusters[0]), 3); /* Namespaces, istiod */
        end_world(w);
    }
}

static void a_record_is_what_it_was_when_it_is_decoded(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = create(w);
    const char *text =
        glm_record_encode(w->arena, glm_test_installers(), made.result_record, made.result);
    assert_null(strstr(text, "objects")); /* the attributes show them all */
    glm_assert_value_equal(decoded(w, text, made.result), made.result_record);
    end_world(w);
}

/* An earlier attempt was carried out, its answer lost, and the next one refused: whoever cannot look then has to
 * say that it may be there. */
static void a_create_that_is_not_looked_at_again_is_in_the_state(void **state)
{
    struct world *w = new_world(*state);
    bool ok;
    glm_fake_stale_at(w->clusters[0], glm_test_main_kind(), 1);
    struct glm_change made = apply_it(w, NULL, attributes(w, "a.example"), &ok);
    assert_false(ok);
    glm_assert_error(&w->d, "installations[\"1-24\"].clusters[\"east\"]",
                     "may have been written all the same");
    assert_true(glm_is_map(made.result));
    made = apply_it(w, &made, attributes(w, "a.example"), &ok);
    assert_true(ok);
    end_world(w);
}

/* ---- how much of a server's is kept ---- */

static void conflicts_without_end_are_not_looked_up_one_by_one(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = create(w);
    static struct glm_conflict conflicts[50000];
    bool ok;
    for (size_t i = 0; i < sizeof conflicts / sizeof *conflicts; i++)
        conflicts[i] = (struct glm_conflict){.manager = "m", .field = ".spec.components"};
    glm_fake_conflict(w->clusters[0], conflicts, 3);
    size_t before = glm_arena_used(w->arena);
    struct glm_change after = apply_it(w, &made, attributes(w, "b.example"), &ok);
    assert_true(ok); /* as the plan showed it */
    size_t few = glm_arena_used(w->arena) - before;
    glm_fake_conflict(w->clusters[0], conflicts, 50000);
    before = glm_arena_used(w->arena);
    glm_diags_init(&w->d, w->arena);
    apply_it(w, &after, attributes(w, "c.example"), &ok);
    assert_false(ok);
    glm_assert_error(&w->d, "installations[\"1-24\"].clusters[\"east\"]",
                     "other field managers have set these fields");
    assert_true(glm_arena_used(w->arena) - before < few + ((size_t)4 << 20));
    end_world(w);
}

/* What a plan has shown is overwritten, whoever owns it; what it has not is not, and neither is what lies
 * around or within that. */
static void a_conflict_is_settled_where_the_plan_has_shown_the_field(void **state)
{
    if (!glm_test_is("istio_operator"))
        return; /* its spec is one field */
    static const struct {
        const char *field, *drifts;
        bool settled;
    } cases[] = {
        {".spec.tag", "tag", true},         {".spec", "tag", true},
        {".spec.tag", NULL, true},          {".spec.tag", "hub", true},
        {".spec.hub", "hub", true},         {".spec.tag", "!tag", false},
        {".spec", "!hub", false},           {".spec.tag", "!hub", true},
        {".spec.components", "!tag", true}, {".metadata.labels", "!tag", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *w = new_world(*state);
        struct glm_change made = create(w),
                          now = {.prior = made.result, .record = made.result_record};
        const struct glm_conflict conflict = {.manager = "kubectl", .field = cases[i].field};
        const char *drifts = cases[i].drifts;
        bool unseen = drifts && *drifts == '!', ok;
        const struct glm_value *object =
            glm_test_main_get(w->arena, w->clusters[0], "istio-system", "ingress-1-24");
        if (drifts)
            object = glm_with_path(w->arena, object, glm_string(w->arena, "edited"), "spec",
                                   drifts + unseen, NULL);
        if (!unseen)
            glm_test_main_put(w->arena, w->clusters[0], object);
        assert_true(glm_lifecycle_read(w->arena, &w->estate, &now, &w->d));
        if (unseen)
            glm_test_main_put(w->arena, w->clusters[0], object);
        glm_fake_conflict(w->clusters[0], &conflict, 1);
        apply_it(w, &now, attributes(w, "b.example"), &ok);
        if (ok != cases[i].settled)
            fail_msg("%s, %s: %s", cases[i].field, drifts, glm_test_diags_text(w->arena, &w->d));
        end_world(w);
    }
}

static const struct glm_value *long_list(struct glm_arena *arena, const char *item, size_t count)
{
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < count; i++)
        glm_list_add(&b, glm_test_value(arena, item));
    return glm_list_finish(&b);
}

static void a_balancer_has_no_more_addresses_than_somebody_could_use(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *service =
        glm_with_path(arena, &glm_empty_map, long_list(arena, "{'ip': '192.0.2.1'}", 5000),
                      "status", "loadBalancer", "ingress", NULL);
    assert_int_equal(shown_addresses(arena, service)->len, 1000);
}

static void what_the_cluster_makes_of_an_object_is_remembered_up_to_a_ceiling(void **state)
{
    if (!glm_test_is("istio_operator"))
        return; /* its spec is one field */
    struct world *w = new_world(*state);
    bool ok;
    const struct glm_object_ref ref = {
        .kind = glm_test_main_kind(), .namespace_ = "istio-system", .name = "ingress-1-24"};
    const struct glm_value *object = glm_test_value(
        w->arena, "{'apiVersion': 'install.istio.io/v1alpha1', 'kind': 'IstioOperator', "
                  "'metadata': {'name': 'ingress-1-24', 'namespace': 'istio-system'}}");
    object = glm_with_path(w->arena, object, long_list(w->arena, "{'name': 'x'}", 350000), "spec",
                           "components", "ingressGateways", NULL);
    glm_fake_fix(w->clusters[0], &ref, glm_test_main(w->arena, object));
    struct glm_value adopting = *attributes(w, "a.example");
    struct glm_change made =
        apply_it(w, NULL, glm_with(w->arena, &adopting, "adopt_existing", &glm_true), &ok);
    assert_true(ok);
    assert_non_null(strstr(glm_test_diags_text(w->arena, &w->d), "too much to be remembered"));
    assert_true(strlen(glm_record_encode(w->arena, glm_test_installers(), made.result_record,
                                         made.result)) < 10000);
    end_world(w);
}

static void what_all_clusters_make_of_objects_has_a_ceiling_together(void **state)
{
    enum { COUNT = 26, FIELDS = 200, KEYS = 19, KEY = 200 };
    if (!glm_test_is("istio_operator"))
        return; /* its spec is one field */
    struct world *w = new_world(*state);
    struct glm_cluster *clusters[COUNT];
    struct glm_cluster_config configs[COUNT];
    const struct glm_object_ref ref = {
        .kind = glm_test_main_kind(), .namespace_ = "istio-system", .name = "ingress-1-24"};
    const struct glm_value *istiod =
        glm_fake_get(w->clusters[0], GLM_KIND_DEPLOYMENT, "istio-system", "istiod-1-24");
    const struct glm_value *object = glm_test_value(
        w->arena, "{'apiVersion': 'install.istio.io/v1alpha1', 'kind': 'IstioOperator', "
                  "'metadata': {'name': 'ingress-1-24', 'namespace': 'istio-system'}}");
    /* Lines of a megabyte in each. */
    struct glm_map_builder fields;
    char *key = glm_alloc(w->arena, KEY + 1);
    memset(key, 'x', KEY);
    glm_map_init(&fields, w->arena);
    for (int i = 0; i < FIELDS; i++)
        glm_map_set(&fields, glm_sprintf(w->arena, "f%d", i), &glm_true);
    const struct glm_value *gateway = glm_map_finish(&fields, NULL);
    for (int i = 0; i < KEYS; i++)
        gateway = glm_with(w->arena, &glm_empty_map, key, gateway);
    gateway = glm_with(w->arena, gateway, "name", glm_string(w->arena, "ingress-1-24"));
    object = glm_with_path(w->arena, object, glm_list(w->arena, &gateway, 1), "spec", "components",
                           "ingressGateways", NULL);
    const struct glm_value *names = &glm_empty_map;
    for (int i = 0; i < COUNT; i++) {
        const char *name = glm_sprintf(w->arena, "c%02d", i);
        clusters[i] = glm_fake_create_live(name);
        configs[i] = w->configs[0];
        configs[i].name = name;
        glm_fake_put(clusters[i], istiod);
        glm_fake_fix(clusters[i], &ref, glm_test_main(w->arena, object));
        names =
            glm_with(w->arena, names, name, glm_test_value(w->arena, "{'active_gateway':false}"));
    }
    w->estate.clusters = clusters;
    w->estate.mesh.clusters = configs;
    w->estate.mesh.cluster_count = COUNT;
    w->estate.max_parallel = COUNT;
    const struct glm_value *wanted =
        glm_with(w->arena, attributes(w, "a.example"), "adopt_existing", &glm_true);
    wanted = glm_with_path(w->arena, wanted, names, "installations", "1-24", "clusters", NULL);
    bool ok;
    struct glm_change made = apply_it(w, NULL, wanted, &ok);
    if (!ok)
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    assert_non_null(strstr(glm_test_diags_text(w->arena, &w->d), "too much to be remembered"));
    int remembered = 0;
    for (int i = 0; i < COUNT; i++)
        remembered +=
            record_altered(w->arena,
                           glm_get_path(made.result_record, "clusters", configs[i].name, NULL),
                           &ref) != NULL;
    assert_in_range(remembered, 12, COUNT - 1);
    for (int i = 0; i < COUNT; i++)
        clusters[i]->ops->destroy(clusters[i]);
    end_world(w);
}

/* ---- import ---- */

static void put_ours(struct world *w, const char *name, const char *view)
{
    const struct glm_value *o = glm_test_value(
        w->arena,
        glm_sprintf(w->arena,
                    "{'apiVersion': 'install.istio.io/v1alpha1', 'kind': 'IstioOperator', "
                    "'metadata': {'name': '%s', 'namespace': 'istio-system'}, 'spec': {'hub': "
                    "'%s'}}",
                    name, name));
    glm_test_main_put(w->arena, w->clusters[0],
                      glm_own(w->arena, o, "ingress", "gloo-mesh", "east", name, view));
}

static bool find_it(struct world *w, struct glm_change *found)
{
    *found = (struct glm_change){.prior = &glm_null, .record = &glm_null};
    glm_diags_init(&w->d, w->arena);
    glm_lifecycle_find(w->arena, &w->estate, "ingress", "gloo-mesh", &glm_null, found, &w->d);
    return !glm_is_null(found->result);
}

/* CRLF, an emoji with its variation selector, joined to another one, and a soft hyphen. */
#define UNSEEN "a\\r\\nb \xE2\x9D\xA4\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x94\xA5 c\xC2\xAD-d"

static bool import_it(struct world *w, struct glm_change *found)
{
    *found = (struct glm_change){.prior = &glm_null, .record = &glm_null, .importing = true};
    glm_diags_init(&w->d, w->arena);
    return glm_lifecycle_find(w->arena, &w->estate, "ingress", "gloo-mesh", &glm_null, found,
                              &w->d) &&
           !glm_is_null(found->result);
}

static void assert_untouched_by_an_apply(struct world *w, const struct glm_change *found)
{
    struct glm_change read = {.prior = found->result, .record = found->result_record};
    assert_true(glm_lifecycle_read(w->arena, &w->estate, &read, &w->d));
    glm_assert_value_equal(glm_test_objects(read.result), glm_test_objects(found->result));
    bool ok;
    const struct glm_value *spec = glm_get(ingress_of(w), "spec");
    const struct glm_value *wanted =
        glm_with(w->arena, found->result, "wait_for_healthy", &glm_false);
    apply_it(w, &read, wanted, &ok);
    assert_true(ok);
    glm_assert_value_equal(glm_get(ingress_of(w), "spec"), spec);
}

static void what_is_imported_stays_as_it_is_to_the_character(void **state)
{
    struct world *w = new_world(*state);
    bool ok;
    const struct glm_value *wanted = attributes(w, "a.example");
    const char *spec = glm_sprintf(
        w->arena, "hub: a.example\nmeshConfig:\n  accessLogFormat: \"%s\"\n%s", UNSEEN,
        strstr(glm_get_path(wanted, "installations", "1-24", "istio_operator_spec", NULL)->as.text,
               "tag:"));
    wanted = glm_with_path(w->arena, wanted, glm_string(w->arena, spec), "installations", "1-24",
                           "istio_operator_spec", NULL);
    struct glm_change made = apply_it(w, NULL, wanted, &ok), found;
    assert_true(ok);
    assert_true(import_it(w, &found));
    glm_assert_value_equal(glm_test_objects(found.result), glm_test_objects(made.result));
    assert_non_null(
        strstr(glm_test_diags_text(w->arena, &w->d), "the first one of which is \"\\r\""));
    assert_non_null(strstr(glm_test_diags_text(w->arena, &w->d), "installations[\"1-24\"]"));
    assert_untouched_by_an_apply(w, &found);
    end_world(w);
}

static void what_somebody_else_made_is_imported_to_the_character(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change found;
    const struct glm_value *theirs = glm_test_value(
        w->arena, "{'apiVersion': 'install.istio.io/v1alpha1', 'kind': 'IstioOperator', "
                  "'metadata': {'name': 'ingress-1-24', 'namespace': 'istio-system'}, 'spec': {"
                  "'profile': 'empty', 'revision': '1-24', 'tag': '1.24.1', 'hub': 'a.example', "
                  "'meshConfig': {'trustDomain': 'east', 'accessLogFormat': '" UNSEEN
                  "'}, 'components': {'ingressGateways': [{"
                  "'name': 'gw-1-24', 'namespace': 'gw', 'enabled': true, 'label': {'revision': "
                  "'1-24'}}]}}}");
    glm_test_main_put(w->arena, w->clusters[0], theirs);
    assert_true(import_it(w, &found));
    assert_non_null(strstr(glm_test_diags_text(w->arena, &w->d), "characters that are not seen"));
    assert_untouched_by_an_apply(w, &found);
    end_world(w);
}

static void commands_to_a_terminal_are_named_by_an_import_and_tamed_by_a_data_source(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change found;
    put_ours(w, "r1", "{\"key\":\"k\",\"spec\":{\"hub\":\"a\\u001b[2Jb\"}}");
    assert_true(import_it(w, &found));
    const char *said = glm_test_diags_text(w->arena, &w->d);
    assert_non_null(strstr(said, "installations[\"k\"], from cluster \"east\""));
    assert_non_null(strstr(said, "the first one of which is \"\\x1b\""));
    assert_true(find_it(w, &found));
    assert_null(strstr(glm_test_diags_text(w->arena, &w->d), "characters that are not seen"));
    assert_string_equal(
        glm_get_path(found.result, "installations", "k", "istio_operator_spec", NULL)->as.text,
        "{\"hub\":\"a\\\\x1b[2Jb\"}");
    put_ours(w, "r1", "{\"key\":\"k\",\"spec\":{\"hub\":\"a\\n\\tb\"}}");
    assert_true(import_it(w, &found));
    assert_null(strstr(glm_test_diags_text(w->arena, &w->d), "characters that are not seen"));
    end_world(w);
}

static void annotations_that_unpack_to_more_than_a_resource_are_not_imported(void **state)
{
    static const char begin[] = "{\"key\":\"a\",\"spec\":{}";
    struct world *w = new_world(*state);
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create((size_t)1 << 30);
    size_t len = (size_t)50 << 20;
    char *spaces = glm_alloc(scratch, len + 1);
    struct glm_change found;
    memset(spaces, ' ', len);
    memcpy(spaces, begin, sizeof begin - 1);
    spaces[len - 1] = '}';
    const char *view =
        glm_sprintf(w->arena, "zlib+base64:%s", glm_deflate_base64(scratch, spaces, len));
    put_ours(w, "r1", view);
    assert_true(find_it(w, &found));
    for (int i = 2; i < 200; i++)
        put_ours(w, glm_sprintf(w->arena, "r%d", i), view);
    size_t before = glm_arena_used(w->arena);
    assert_false(find_it(w, &found));
    assert_non_null(
        strstr(glm_test_diags_text(w->arena, &w->d), "comes to more than 64 MiB, which is more"));
    assert_true(glm_arena_used(w->arena) - before < (size_t)1 << 20);
    end_world(w);
}

static void installations_of_one_key_get_keys_that_stay_short(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change found;
    for (int i = 0; i < 300; i++)
        put_ours(w, glm_sprintf(w->arena, "r%03d", i),
                 glm_sprintf(w->arena, "{\"key\":\"a\",\"spec\":{\"hub\":\"h%d\"}}", i));
    assert_true(find_it(w, &found));
    const struct glm_value *installations = glm_get(found.result, "installations");
    assert_int_equal(installations->len, 300);
    for (size_t i = 0; i < installations->len; i++)
        assert_true(strlen(installations->as.map[i].key) <= strlen("a-east-300"));
    assert_true(glm_has(installations, "a") && glm_has(installations, "a-east"));
    end_world(w);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(clusters_that_are_not_known_lose_nothing),
        TEST(an_api_that_is_not_served_removes_no_service),
        TEST(a_kind_is_gone_only_where_namespaces_are_served),
        TEST(what_is_left_of_before_stays_in_the_record_when_what_came_after_is_gone),
        TEST(a_cluster_whose_turn_never_came_did_not_take_the_time),
        TEST(of_many_services_that_select_a_revision_the_rest_is_counted),
        TEST(what_the_state_shows_is_in_the_record_whatever_that_says),
        TEST(a_record_is_what_it_was_when_it_is_decoded),
        TEST(a_create_that_is_not_looked_at_again_is_in_the_state),
        TEST(conflicts_without_end_are_not_looked_up_one_by_one),
        TEST(a_conflict_is_settled_where_the_plan_has_shown_the_field),
        TEST(a_balancer_has_no_more_addresses_than_somebody_could_use),
        TEST(what_the_cluster_makes_of_an_object_is_remembered_up_to_a_ceiling),
        TEST(what_all_clusters_make_of_objects_has_a_ceiling_together),
        TEST(what_is_imported_stays_as_it_is_to_the_character),
        TEST(what_somebody_else_made_is_imported_to_the_character),
        TEST(commands_to_a_terminal_are_named_by_an_import_and_tamed_by_a_data_source),
        TEST(annotations_that_unpack_to_more_than_a_resource_are_not_imported),
        TEST(installations_of_one_key_get_keys_that_stay_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
