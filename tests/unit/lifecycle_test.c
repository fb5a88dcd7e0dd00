/* SPDX-License-Identifier: Apache-2.0
 *
 * The lifecycle over fake clusters: what reaches the state when something fails, what is never
 * overwritten, what costs no write.
 */
#include "test.h"
#include "shown.h"

#include "fake_cluster.h"
#include "folder.h"
#include "glm/lifecycle.h"
#include "test_installer.h"

#include <string.h>

struct world {
    struct glm_arena *arena;
    struct glm_cluster *east, *west;
    struct glm_cluster *clusters[2];
    struct glm_cluster_config configs[2];
    struct glm_estate estate;
    atomic_bool stop;
    struct glm_diags d;
};

static struct world *new_world(struct glm_arena *arena)
{
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    w->east = glm_fake_create("east");
    w->west = glm_fake_create("west");
    w->clusters[0] = w->east;
    w->clusters[1] = w->west;
    for (size_t i = 0; i < 2; i++)
        w->configs[i] = (struct glm_cluster_config){.name = w->clusters[i]->name,
                                                    .place = GLM_PLACE_DIRECTORY,
                                                    .operator_namespace = "istio-system"};
    w->estate = (struct glm_estate){
        .installers = glm_test_installers(),
        .mesh = {.known = true,
                 .operator_namespace = "istio-system",
                 .clusters = w->configs,
                 .cluster_count = 2,
                 .default_distribution = &glm_null},
        .clusters = w->clusters,
        .max_parallel = 2,
        .stop = &w->stop,
    };
    glm_diags_init(&w->d, arena);
    return w;
}

static void end_world(struct world *w)
{
    w->east->ops->destroy(w->east);
    w->west->ops->destroy(w->west);
}

#define SPEC SPEC_OF("1.24.1", "443")
#define SPEC_OF(tag, port)                                                                         \
    "profile: empty\\nhub: example.com/istio\\ntag: " tag "\\ncomponents:\\n  ingressGateways:\\n" \
    "  - name: ingress\\n    namespace: gateways\\n    enabled: true\\n    label:\\n"              \
    "      istio: ingress\\n    k8s:\\n      service:\\n        type: LoadBalancer\\n"             \
    "        ports:\\n        - name: https\\n          port: " port                               \
    "\\n          targetPort: 8443\\n"

/* Attributes with one installation "1-24"; clusters as JSON with single quotes. */
static const struct glm_value *attributes(struct world *w, const char *clusters, const char *spec)
{
    return glm_test_value(
        w->arena, glm_sprintf(w->arena,
                              "{'name':'ingress','namespace':'gloo-mesh','adopt_existing':false,"
                              "'installations':{'1-24':{'gateway_revision':'1-24','clusters':%s,"
                              "'istio_operator_spec':'%s'}},'helm_global':null}",
                              clusters, spec));
}

#define BOTH "{'east':{'active_gateway':true},'west':{'active_gateway':true}}"

/* The main object of the installation in one of the clusters, and what somebody makes of it there. */
static const struct glm_value *main_in(struct world *w, struct glm_cluster *cluster)
{
    return glm_test_main_get(w->arena, cluster, "istio-system", "ingress-1-24");
}

static void put_main(struct world *w, struct glm_cluster *cluster, const struct glm_value *object)
{
    glm_test_main_put(w->arena, cluster, object);
}

static struct glm_change plan_it(struct world *w, const struct glm_value *prior,
                                 const struct glm_value *record, const struct glm_value *wanted)
{
    struct glm_change change = {.prior = prior, .record = record, .attributes = wanted};
    if (!glm_lifecycle_plan(w->arena, &w->estate, &change, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return change;
}

/* plan, then apply of the plan; ret_ok tells whether apply was without error. */
static struct glm_change apply_it(struct world *w, const struct glm_value *prior,
                                  const struct glm_value *record, const struct glm_value *wanted,
                                  bool *ret_ok)
{
    struct glm_change plan = plan_it(w, prior, record, wanted);
    struct glm_change change = {.prior = prior,
                                .record = plan.result_record,
                                .attributes = plan.result,
                                .creating = glm_is_null(prior)};
    *ret_ok = glm_lifecycle_apply(w->arena, &w->estate, &change, &w->d);
    if (*ret_ok)
        glm_assert_value_equal(change.result, plan.result);
    return change;
}

static struct glm_change must_apply(struct world *w, const struct glm_value *prior,
                                    const struct glm_value *record, const struct glm_value *wanted)
{
    bool ok;
    struct glm_change change = apply_it(w, prior, record, wanted, &ok);
    if (!ok)
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return change;
}

static struct glm_change read_it(struct world *w, const struct glm_value *state,
                                 const struct glm_value *record)
{
    struct glm_change change = {.prior = state, .record = record};
    glm_lifecycle_read(w->arena, &w->estate, &change, &w->d);
    return change;
}

static void apply_installs_every_cluster_and_the_second_plan_has_no_changes(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH, SPEC);
    struct glm_change made = must_apply(w, &glm_null, &glm_null, wanted);
    assert_int_equal(glm_fake_count(w->east), 4); /* two Namespaces, the main object, Service */
    assert_int_equal(glm_fake_count(w->west), 4);
    struct glm_change now = read_it(w, made.result, made.result_record);
    glm_assert_value_equal(now.result, made.result);
    struct glm_change again = plan_it(w, now.result, made.result_record, wanted);
    glm_assert_value_equal(again.result, made.result);
    assert_int_equal(w->d.errors, 0);
    end_world(w);
}

static void unchanged_objects_get_no_write(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH, SPEC);
    struct glm_change made = must_apply(w, &glm_null, &glm_null, wanted);
    unsigned writes = glm_fake_writes(w->east);
    must_apply(w, made.result, made.result_record, wanted);
    assert_int_equal(glm_fake_writes(w->east), writes);
    end_world(w);
}

static void a_broken_cluster_fails_alone_and_the_state_tells_the_truth(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH, SPEC);
    glm_fake_break(w->west, true);
    bool ok;
    struct glm_change made = apply_it(w, &glm_null, &glm_null, wanted, &ok);
    assert_false(ok);
    glm_assert_error(&w->d, "installations[\"1-24\"].clusters[\"west\"]", "untaint");
    assert_int_equal(glm_fake_count(w->east), 4);
    assert_true(glm_is_string(glm_get(glm_test_objects_of(w->arena, made.result, "east"), "1-24")));
    assert_false(glm_has(glm_test_objects_of(w->arena, made.result, "west"), "1-24"));
    assert_true(glm_string_is(glm_get_path(made.result, "status", "clusters", "west",
                                           "installations", "1-24", "state", NULL),
                              "FAILED"));

    /* After untaint: only the broken one is touched. */
    glm_fake_break(w->west, false);
    unsigned writes = glm_fake_writes(w->east);
    struct glm_change now = read_it(w, made.result, made.result_record);
    struct glm_change retried = must_apply(w, now.result, made.result_record, wanted);
    assert_int_equal(glm_fake_writes(w->east), writes);
    assert_int_equal(glm_fake_count(w->west), 4);
    assert_true(glm_string_is(glm_get_path(retried.result, "status", "clusters", "west",
                                           "installations", "1-24", "state", NULL),
                              "INSTALL_PENDING"));
    end_world(w);
}

static void a_create_that_reaches_nothing_leaves_no_state(void **state)
{
    struct world *w = new_world(*state);
    glm_fake_break(w->east, true);
    glm_fake_break(w->west, true);
    bool ok;
    struct glm_change made = apply_it(w, &glm_null, &glm_null, attributes(w, BOTH, SPEC), &ok);
    assert_false(ok);
    assert_true(glm_is_null(made.result));
    end_world(w);
}

/* Otherwise nobody would know of it, and the next create would refuse it. */
static void what_was_written_without_an_answer_is_in_the_state(void **state)
{
    const struct glm_object_kind *const kinds[] = {glm_test_main_kind(), GLM_KIND_SERVICE};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct world *w = new_world(*state);
        const struct glm_value *wanted = attributes(w, BOTH, SPEC);
        glm_fake_lose_at(w->east, kinds[i], 1);
        bool ok;
        struct glm_change made = apply_it(w, &glm_null, &glm_null, wanted, &ok);
        assert_false(ok);
        glm_assert_error(&w->d, "installations[\"1-24\"].clusters[\"east\"]",
                         "may have been written all the same");
        const struct glm_value *east = glm_test_objects_of(w->arena, made.result, "east");
        assert_true(glm_is_string(glm_get(east, "1-24")));
        bool service = glm_test_services_of(w->arena, made.result, "east")->len > 0;
        assert_int_equal(service, kinds[i] == GLM_KIND_SERVICE);
        glm_diags_init(&w->d, w->arena);
        struct glm_change now = read_it(w, made.result, made.result_record);
        unsigned writes = glm_fake_writes(w->west);
        must_apply(w, now.result, now.result_record, wanted);
        assert_int_equal(glm_fake_writes(w->west), writes);
        assert_int_equal(glm_fake_count(w->east), 4);
        end_world(w);
    }
}

static void a_create_refuses_what_is_there_before_the_first_write_anywhere(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH, SPEC);
    put_main(w, w->west,
             glm_test_value(w->arena, "{'apiVersion':'install.istio.io/v1alpha1',"
                                      "'kind':'IstioOperator','metadata':{'name':"
                                      "'ingress-1-24','namespace':'istio-system'}}"));
    bool ok;
    struct glm_change made = apply_it(w, &glm_null, &glm_null, wanted, &ok);
    assert_false(ok);
    assert_true(glm_is_null(made.result));
    glm_assert_error(&w->d, "installations[\"1-24\"].clusters[\"west\"]",
                     "id = \"gloo-mesh/ingress\"");
    assert_int_equal(glm_fake_count(w->east), 0);
    assert_int_equal(glm_fake_writes(w->west), 0);

    struct world *other = new_world(*state);
    put_main(other, other->west, main_in(w, w->west));
    must_apply(other, &glm_null, &glm_null,
               glm_with(w->arena, wanted, "adopt_existing", &glm_true));
    assert_int_equal(glm_fake_count(other->west), 4);
    end_world(w);
    end_world(other);
}

static void our_own_leftovers_are_refused_by_a_create_and_found_by_an_import(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH, SPEC);
    struct glm_change made = must_apply(w, &glm_null, &glm_null, wanted);
    bool ok;
    apply_it(w, &glm_null, &glm_null, wanted, &ok);
    assert_false(ok);
    glm_assert_error(&w->d, "installations[\"1-24\"].clusters[\"east\"]",
                     "made for this resource before");

    struct glm_diags d;
    glm_diags_init(&d, w->arena);
    struct glm_change found = {.prior = &glm_null, .record = &glm_null};
    assert_true(
        glm_lifecycle_find(w->arena, &w->estate, "ingress", "gloo-mesh", &glm_null, &found, &d));
    static const char *const same[] = {"id", "name", "namespace", GLM_TEST_SHOWN, "status"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        glm_assert_value_equal(glm_get(found.result, same[i]), glm_get(made.result, same[i]));
    const struct glm_value *written =
        glm_get_path(made.result, "installations", "1-24", "istio_operator_spec", NULL);
    const struct glm_value *spec;
    assert_true(glm_yaml_decode(w->arena, written->as.text, written->len, "spec", NULL, &spec, &d));
    assert_string_equal(
        glm_get_path(found.result, "installations", "1-24", "istio_operator_spec", NULL)->as.text,
        glm_json_text(w->arena, spec));
    glm_assert_value_equal(glm_get(found.result_record, "clusters"),
                           glm_get(made.result_record, "clusters"));
    end_world(w);
}

static struct glm_change find_it(struct world *w)
{
    struct glm_change found = {.prior = &glm_null, .record = &glm_null};
    assert_true(
        glm_lifecycle_find(w->arena, &w->estate, "ingress", "gloo-mesh", &glm_null, &found, &w->d));
    return found;
}

static void an_import_of_somebody_elses_object_plans_nothing_until_something_changes(void **state)
{
    struct world *w = new_world(*state);
    put_main(w, w->east,
             glm_test_value(w->arena,
                            "{'apiVersion':'install.istio.io/v1alpha1','kind':'IstioOperator',"
                            "'metadata':{'name':'ingress-1-24','namespace':'istio-system'},"
                            "'spec':{'profile':'empty','revision':'1-24','tag':'1.24.1',"
                            "'meshConfig':{'trustDomain':'east'},'components':{"
                            "'ingressGateways':[{'name':'gw-1-24','namespace':'gw','enabled':"
                            "true,'label':{'revision':'1-24'}}]},'values':{'global':{"
                            "'multiCluster':{'clusterName':'east'}}}}}"));
    struct glm_change found = find_it(w);
    struct glm_change now = read_it(w, found.result, found.result_record);
    glm_assert_value_equal(now.result, found.result);
    struct glm_change plan = plan_it(w, now.result, now.result_record, now.result);
    glm_assert_value_equal(plan.result, now.result);

    /* The first write makes it ours, and from then on the labels count. */
    const struct glm_value *spec =
        glm_get_path(now.result, "installations", "1-24", "istio_operator_spec", NULL);
    const char *tag = strstr(spec->as.text, "1.24.1");
    assert_non_null(tag);
    const struct glm_value *wanted =
        glm_with_path(w->arena, now.result,
                      glm_stringf(w->arena, "%.*s1.24.2%s", (int)(tag - spec->as.text),
                                  spec->as.text, tag + strlen("1.24.1")),
                      "installations", "1-24", "istio_operator_spec", NULL);
    struct glm_change made = must_apply(w, now.result, now.result_record, wanted);
    const struct glm_value *object = main_in(w, w->east);
    assert_true(glm_is_map(glm_get_path(object, "metadata", "labels", NULL)));
    put_main(w, w->east, glm_disown(w->arena, object));
    now = read_it(w, made.result, made.result_record);
    assert_false(glm_equal(glm_test_objects(now.result), glm_test_objects(made.result)));
    end_world(w);
}

/* No cluster name, and a Service that the gateway chart makes: the translation has both otherwise. */
static void what_an_import_found_stays_as_it_was_until_something_else_is_said_of_it(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *theirs = glm_test_value(
        w->arena, "{'apiVersion':'install.istio.io/v1alpha1','kind':'IstioOperator','metadata':{"
                  "'name':'ingress-1-24','namespace':'istio-system'},'spec':{'profile':'empty',"
                  "'revision':'1-24','tag':'1.24.1','components':{'ingressGateways':[{'name':"
                  "'gw-1-24','namespace':'gw','enabled':true,'label':{'revision':'1-24'},'k8s':{"
                  "'service':{'ports':[{'port':80}]}}}]}}}");
    put_main(w, w->east, theirs);
    struct glm_change found = find_it(w);
    struct glm_change now = read_it(w, found.result, found.result_record);
    struct glm_change plan = plan_it(w, now.result, now.result_record, now.result);
    glm_assert_value_equal(plan.result, now.result);

    /* Something else changes: the object is labelled as ours, and says what it said. */
    const struct glm_value *wanted =
        glm_with(w->arena, now.result, "deletion_protection", &glm_true);
    struct glm_change made = must_apply(w, now.result, now.result_record, wanted);
    const struct glm_value *object = main_in(w, w->east);
    glm_assert_value_equal(glm_get(object, "spec"), glm_get(theirs, "spec"));
    now = read_it(w, made.result, made.result_record);
    plan = plan_it(w, now.result, now.result_record, wanted);
    glm_assert_value_equal(plan.result, now.result);

    /* Drift is drift. */
    put_main(w, w->east,
             glm_with_path(w->arena, object, glm_string(w->arena, "1.24.9"), "spec", "tag", NULL));
    now = read_it(w, now.result, now.result_record);
    made = must_apply(w, now.result, now.result_record, wanted);
    object = main_in(w, w->east);
    glm_assert_value_equal(glm_get(object, "spec"), glm_get(theirs, "spec"));

    /* A word about it, and the translation holds. */
    wanted = glm_with_path(w->arena, wanted, glm_string(w->arena, "mesh"), "installations", "1-24",
                           "clusters", "east", "trust_domain", NULL);
    must_apply(w, made.result, made.result_record, wanted);
    object = main_in(w, w->east);
    assert_true(glm_string_is(
        glm_get_path(object, "spec", "values", "global", "multiCluster", "clusterName", NULL),
        "east"));
    end_world(w);
}

static void drift_shows_field_by_field_and_apply_repairs_it(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH, SPEC);
    struct glm_change made = must_apply(w, &glm_null, &glm_null, wanted);
    const struct glm_value *object = main_in(w, w->east);
    put_main(w, w->east,
             glm_with_path(w->arena, object, glm_string(w->arena, "1.24.9"), "spec", "tag", NULL));
    struct glm_change now = read_it(w, made.result, made.result_record);
    const char *east =
        glm_string_or(glm_get(glm_test_objects_of(w->arena, now.result, "east"), "1-24"), "");
    if (glm_test_is("istio_operator")) /* else the spec is one field */
        assert_non_null(strstr(east, "spec.tag = 1.24.9 (should be 1.24.1)"));
    assert_false(glm_equal(glm_test_objects_of(w->arena, now.result, "east"),
                           glm_test_objects_of(w->arena, made.result, "east")));
    assert_null(strstr(east, GLM_LABEL_NAME)); /* our labels are as they were: not shown */
    glm_assert_value_equal(glm_test_objects_of(w->arena, now.result, "west"),
                           glm_test_objects_of(w->arena, made.result, "west"));
    must_apply(w, now.result, made.result_record, wanted);
    glm_assert_value_equal(main_in(w, w->east), object);
    end_world(w);
}

static void removed_labels_are_drift(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH, SPEC);
    struct glm_change made = must_apply(w, &glm_null, &glm_null, wanted);
    const struct glm_value *object = main_in(w, w->east);
    put_main(w, w->east,
             glm_with_path(w->arena, object, &glm_empty_map, "metadata", "labels", NULL));
    struct glm_change now = read_it(w, made.result, made.result_record);
    assert_false(glm_equal(glm_test_objects(now.result), glm_test_objects(made.result)));
    must_apply(w, now.result, made.result_record, wanted);
    glm_assert_value_equal(main_in(w, w->east), object);
    end_world(w);
}

static void a_missing_or_garbled_object_is_written_again(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH, SPEC);
    struct glm_change made = must_apply(w, &glm_null, &glm_null, wanted);
    glm_fake_delete(w->east, glm_test_main_kind(), "istio-system", "ingress-1-24");
    glm_fake_garble(w->west, GLM_KIND_SERVICE, "gateways", "ingress");
    struct glm_change now = read_it(w, made.result, made.result_record);
    assert_false(glm_is_null(now.result));
    struct glm_change repaired = must_apply(w, now.result, made.result_record, wanted);
    glm_assert_value_equal(repaired.result, made.result);
    assert_true(glm_is_map(glm_fake_get(w->west, GLM_KIND_SERVICE, "gateways", "ingress")));
    end_world(w);
}

static void live(struct world *w, size_t i)
{
    struct glm_cluster **cluster = i == 0 ? &w->east : &w->west;
    const char *name = w->configs[i].name;
    struct glm_cluster *was = *cluster;
    *cluster = w->clusters[i] = glm_fake_create_live(name);
    w->configs[i].name = w->clusters[i]->name;
    w->configs[i].place = GLM_PLACE_LIVE;
    was->ops->destroy(was);
}

/* What a live cluster must have first. */
static void put_istiod(struct world *w, struct glm_cluster *cluster)
{
    glm_fake_put(cluster,
                 glm_test_value(w->arena,
                                "{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {"
                                "'name': 'istiod-1-24', 'namespace': 'istio-system', 'labels': "
                                "{'app': 'istiod', 'istio.io/rev': '1-24'}}, 'spec': {'template': "
                                "{'spec': {'containers': [{'name': 'discovery', 'image': "
                                "'docker.io/istio/pilot:1.24.1'}]}}}}"));
}

static void delete_all(struct world *w)
{
    for (size_t i = 0; i < 2; i++) {
        glm_fake_delete(w->clusters[i], glm_test_main_kind(), "istio-system", "ingress-1-24");
        glm_fake_delete(w->clusters[i], GLM_KIND_SERVICE, "gateways", "ingress");
    }
}

static void only_certain_absence_everywhere_is_gone(void **state)
{
    struct world *w = new_world(*state);
    for (size_t i = 0; i < 2; i++) {
        live(w, i);
        put_istiod(w, w->clusters[i]);
    }
    const struct glm_value *wanted =
        glm_with(w->arena, attributes(w, BOTH, SPEC), "wait_for_healthy", &glm_false);
    struct glm_change plan = plan_it(w, &glm_null, &glm_null, wanted);
    struct glm_change made = {.prior = &glm_null,
                              .record = plan.result_record,
                              .attributes = plan.result,
                              .creating = true};
    assert_true(glm_lifecycle_apply(w->arena, &w->estate, &made, &w->d)); /* with addresses */
    delete_all(w);
    glm_fake_break(w->west, true);
    struct glm_change now = read_it(w, made.result, made.result_record);
    assert_true(glm_is_map(now.result));
    glm_assert_value_equal(glm_test_objects_of(w->arena, now.result, "west"),
                           glm_test_objects_of(w->arena, made.result, "west"));
    assert_true(glm_string_is(glm_get_path(now.result, "status", "clusters", "west",
                                           "installations", "1-24", "state", NULL),
                              "UNKNOWN"));
    assert_int_equal(w->d.errors, 0); /* a warning */
    glm_fake_break(w->west, false);
    assert_true(glm_is_null(read_it(w, made.result, made.result_record).result));
    end_world(w);
}

/* It may be one that is not mounted. */
static void what_no_directory_has_any_more_is_forgotten_by_a_destroy_with_words(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH, SPEC);
    struct glm_change made = must_apply(w, &glm_null, &glm_null, wanted);
    delete_all(w);
    struct glm_change now = read_it(w, made.result, made.result_record);
    assert_true(glm_is_map(now.result));
    glm_assert_value_equal(now.result_record, made.result_record);
    glm_assert_warning(&w->d, "installations[\"1-24\"]", "holds none of the 2 files");
    struct glm_change change = {.prior = now.result, .record = now.result_record};
    struct glm_diags d;
    glm_diags_init(&d, w->arena);
    assert_true(glm_lifecycle_remove(w->arena, &w->estate, &change, &d));
    assert_true(glm_is_null(change.result));
    glm_assert_warning(&d, "installations[\"1-24\"]", "held none of the 2 files");
    end_world(w);
}

static void an_object_of_another_resource_is_never_overwritten_nor_removed(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH, SPEC);
    struct glm_change made = must_apply(w, &glm_null, &glm_null, wanted);
    const struct glm_value *object = main_in(w, w->east);
    const struct glm_value *theirs =
        glm_with_path(w->arena, object, glm_string(w->arena, "somebody-else"), "metadata", "labels",
                      GLM_LABEL_NAME, NULL);
    put_main(w, w->east, theirs);
    bool ok;
    struct glm_change now = read_it(w, made.result, made.result_record);
    apply_it(w, now.result, made.result_record, wanted, &ok);
    assert_false(ok);
    glm_assert_error(&w->d, "installations[\"1-24\"].clusters[\"east\"]",
                     "gloo-mesh/somebody-else");
    struct glm_change change = {.prior = made.result, .record = made.result_record};
    struct glm_diags d;
    glm_diags_init(&d, w->arena);
    assert_true(glm_lifecycle_remove(w->arena, &w->estate, &change, &d));
    assert_true(glm_is_null(change.result));
    glm_assert_value_equal(main_in(w, w->east), theirs);
    glm_assert_warning(&d, "installations", "left alone");
    end_world(w);
}

static void removal_takes_everything_but_namespaces_and_reports_what_is_left(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH, SPEC);
    struct glm_change made = must_apply(w, &glm_null, &glm_null, wanted);
    glm_fake_break(w->west, true);
    struct glm_change change = {.prior = made.result, .record = made.result_record};
    assert_false(glm_lifecycle_remove(w->arena, &w->estate, &change, &w->d));
    assert_int_equal(glm_fake_count(w->east), 2);
    assert_true(glm_is_null(glm_test_objects_of(w->arena, change.result, "east")));
    assert_true(
        glm_is_string(glm_get(glm_test_objects_of(w->arena, change.result, "west"), "1-24")));
    glm_fake_break(w->west, false);
    struct glm_change rest = {.prior = change.result, .record = change.result_record};
    glm_diags_init(&w->d, w->arena);
    assert_true(glm_lifecycle_remove(w->arena, &w->estate, &rest, &w->d));
    assert_true(glm_is_null(rest.result));
    assert_int_equal(glm_fake_count(w->west), 2);
    end_world(w);
}

static void a_cluster_that_leaves_the_installations_loses_its_objects_only(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = must_apply(w, &glm_null, &glm_null, attributes(w, BOTH, SPEC));
    unsigned writes = glm_fake_writes(w->east);
    struct glm_change less = must_apply(w, made.result, made.result_record,
                                        attributes(w, "{'east':{'active_gateway':true}}", SPEC));
    assert_int_equal(glm_fake_count(w->west), 2);
    assert_int_equal(glm_fake_writes(w->east), writes);
    assert_true(glm_is_null(glm_test_objects_of(w->arena, less.result, "west")));
    end_world(w);
}

static void a_cluster_gone_from_the_provider_is_refused_by_name(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH, SPEC);
    struct glm_change made = must_apply(w, &glm_null, &glm_null, wanted);
    w->estate.mesh.cluster_count = 1;
    struct glm_change change = {.prior = made.result,
                                .record = made.result_record,
                                .attributes =
                                    attributes(w, "{'east':{'active_gateway':true}}", SPEC)};
    assert_false(glm_lifecycle_plan(w->arena, &w->estate, &change, &w->d));
    glm_assert_error(&w->d, "installations", "decommissioned = true");
    end_world(w);
}

static void a_decommissioned_cluster_leaves_the_state_with_a_warning(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = must_apply(w, &glm_null, &glm_null, attributes(w, BOTH, SPEC));
    w->configs[1].decommissioned = true;
    glm_fake_break(w->west, true); /* it is never asked */
    unsigned operations = glm_fake_operations(w->west);
    struct glm_change now = read_it(w, made.result, made.result_record);
    struct glm_change less = must_apply(w, now.result, made.result_record,
                                        attributes(w, "{'east':{'active_gateway':true}}", SPEC));
    glm_assert_warning(&w->d, "installations[\"1-24\"]", "decommissioned");
    assert_int_equal(glm_fake_operations(w->west), operations);
    assert_true(glm_is_null(glm_test_objects_of(w->arena, less.result, "west")));
    end_world(w);
}

static void a_stop_ends_the_work_and_what_was_done_is_in_the_state(void **state)
{
    struct world *w = new_world(*state);
    w->estate.max_parallel = 1;
    glm_fake_stop_after(w->east, 3, &w->stop);
    bool ok;
    struct glm_change made = apply_it(w, &glm_null, &glm_null, attributes(w, BOTH, SPEC), &ok);
    assert_false(ok);
    glm_assert_error(&w->d, "installations[\"1-24\"].clusters[\"west\"]", "asked to stop");
    assert_true(glm_is_string(glm_get(glm_test_objects_of(w->arena, made.result, "east"), "1-24")));
    assert_int_equal(glm_fake_count(w->west), 0);
    end_world(w);
}

/* Fails every single operation of an apply in turn: each time the state must tell what is there,
 * and one more apply must reach the end. */
static void any_operation_may_fail_and_the_next_apply_converges(void **state)
{
    for (unsigned nth = 1; nth <= 12; nth++) {
        struct world *w = new_world(*state);
        const struct glm_value *wanted = attributes(w, BOTH, SPEC);
        glm_fake_fail_at(w->west, nth, "This one fails.");
        bool ok;
        struct glm_change made = apply_it(w, &glm_null, &glm_null, wanted, &ok);
        const struct glm_value *shown =
            glm_get(glm_test_objects_of(w->arena, made.result, "west"), "1-24");
        const struct glm_value *there = main_in(w, w->west);
        assert_int_equal(glm_is_string(shown), glm_is_map(there));
        if (ok) {
            end_world(w);
            break;
        }
        glm_diags_init(&w->d, w->arena);
        struct glm_change done = must_apply(w, made.result, made.result_record, wanted);
        struct glm_change again = plan_it(w, done.result, done.result_record, wanted);
        glm_assert_value_equal(again.result, done.result);
        assert_int_equal(glm_fake_count(w->west), 4);
        assert_true(nth < 12);
        end_world(w);
    }
}

/* What lags behind the manifest that the others have says so, as a read would find it. */
static void what_an_update_shows_that_fails_is_what_a_read_finds(void **state)
{
    bool ok;
    size_t lagging = 0;
    for (unsigned nth = 1, tried = 0; nth <= tried + 1; nth++) {
        struct world *w = new_world(*state);
        struct glm_change made = must_apply(w, &glm_null, &glm_null, attributes(w, BOTH, SPEC));
        unsigned before = glm_fake_operations(w->west);
        glm_fake_fail_at(w->west, nth, "This one fails.");
        struct glm_change after = apply_it(w, made.result, made.result_record,
                                           attributes(w, BOTH, SPEC_OF("1.24.2", "9443")), &ok);
        tried = glm_fake_operations(w->west) - before; /* it may do without one, and go on */
        glm_fake_fail_at(w->west, 0, NULL);
        struct glm_change now = read_it(w, after.result, after.result_record);
        glm_assert_value_equal(glm_test_objects(now.result), glm_test_objects(after.result));
        glm_assert_value_equal(glm_test_services(now.result), glm_test_services(after.result));
        lagging += strstr(glm_json_text(w->arena, glm_test_services(after.result)),
                          "443 (should be 9443)") != NULL;
        assert_true(nth < 40);
        end_world(w);
    }
    assert_true(lagging > 0);
}

/* An apply that finds everything as wanted writes nothing, and a read never does. */
/* Also before everything has been looked at. */
static void a_live_cluster_may_fail_at_any_operation(void **state)
{
    for (unsigned nth = 1; nth <= 8; nth++) {
        struct world *w = new_world(*state);
        live(w, 1);
        glm_fake_fail_at(w->west, nth, "This one fails.");
        const struct glm_value *wanted =
            glm_with(w->arena, attributes(w, BOTH, SPEC), "wait_for_healthy", &glm_false);
        struct glm_change plan = plan_it(w, &glm_null, &glm_null, wanted);
        struct glm_change made = {.prior = &glm_null,
                                  .record = plan.result_record,
                                  .attributes = plan.result,
                                  .creating = true};
        bool ok = glm_lifecycle_apply(w->arena, &w->estate, &made, &w->d);
        assert_true(ok == (w->d.errors == 0));
        assert_true(nth > 1 || !ok);
        assert_true(
            glm_is_string(glm_get(glm_test_objects_of(w->arena, made.result, "east"), "1-24")));
        end_world(w);
    }
}

/* The object of another operator_namespace has to go, and does not: whatever else is as wanted, the
 * next plan knows. */
static void what_a_wanted_pair_leaves_behind_is_in_the_next_plan(void **state)
{
    bool left = false;
    for (unsigned nth = 1; nth <= 12; nth++) {
        struct world *w = new_world(*state);
        const struct glm_value *wanted = attributes(w, BOTH, SPEC);
        struct glm_change made = must_apply(w, &glm_null, &glm_null, wanted);
        w->configs[1].operator_namespace = "other";
        glm_fake_fail_at(w->west, nth, "This one fails.");
        bool ok;
        made = apply_it(w, made.result, made.result_record, wanted, &ok);
        glm_fake_fail_at(w->west, 0, NULL);
        glm_diags_init(&w->d, w->arena);
        const struct glm_value *moved =
            glm_test_main_get(w->arena, w->west, "other", "ingress-1-24");
        if (!ok && glm_is_map(moved) && glm_is_map(main_in(w, w->west))) {
            left = true;
            struct glm_change plan = plan_it(w, made.result, made.result_record, wanted);
            assert_false(glm_equal(glm_get(plan.result, "status"), glm_get(made.result, "status")));
            must_apply(w, made.result, made.result_record, wanted);
            assert_true(glm_is_null(main_in(w, w->west)));
        }
        end_world(w);
    }
    assert_true(left);
}

/* As in another process: "east" is the directory. */
static void begin_anew(struct world *w, const char *folder)
{
    w->east->ops->destroy(w->east);
    w->east = w->clusters[0] = glm_directory_create("east", folder, NULL);
    w->configs[0].name = w->east->name;
}

static void what_a_killed_write_left_goes_where_nothing_has_to_be_written(void **state)
{
    static const char left[] = ".glm-write-0123456789abcdef.tmp";
    struct world *w = new_world(*state);
    const char *folder = glm_test_folder(w->arena);
    begin_anew(w, folder);
    const struct glm_value *wanted = attributes(w, BOTH, SPEC);
    struct glm_change made = must_apply(w, &glm_null, &glm_null, wanted);
    const char *tree = glm_test_tree(w->arena, folder);
    for (int reading = 0; reading < 2; reading++) {
        begin_anew(w, folder);
        glm_test_put("half", "%s/cluster/%s", folder, left);
        glm_test_put("half", "%s/namespaces/gateways/%s", folder, left);
        glm_test_put("half", "%s/namespaces/only-begun/%s", folder, left);
        if (reading)
            read_it(w, made.result, made.result_record);
        else
            must_apply(w, made.result, made.result_record, wanted);
        assert_string_equal(glm_test_tree(w->arena, folder), tree);
    }
    end_world(w);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(apply_installs_every_cluster_and_the_second_plan_has_no_changes),
        CASE(unchanged_objects_get_no_write),
        CASE(a_broken_cluster_fails_alone_and_the_state_tells_the_truth),
        CASE(a_create_that_reaches_nothing_leaves_no_state),
        CASE(what_was_written_without_an_answer_is_in_the_state),
        CASE(a_create_refuses_what_is_there_before_the_first_write_anywhere),
        CASE(our_own_leftovers_are_refused_by_a_create_and_found_by_an_import),
        CASE(an_import_of_somebody_elses_object_plans_nothing_until_something_changes),
        CASE(what_an_import_found_stays_as_it_was_until_something_else_is_said_of_it),
        CASE(drift_shows_field_by_field_and_apply_repairs_it),
        CASE(removed_labels_are_drift),
        CASE(a_missing_or_garbled_object_is_written_again),
        CASE(only_certain_absence_everywhere_is_gone),
        CASE(what_no_directory_has_any_more_is_forgotten_by_a_destroy_with_words),
        CASE(an_object_of_another_resource_is_never_overwritten_nor_removed),
        CASE(removal_takes_everything_but_namespaces_and_reports_what_is_left),
        CASE(a_cluster_that_leaves_the_installations_loses_its_objects_only),
        CASE(a_cluster_gone_from_the_provider_is_refused_by_name),
        CASE(a_decommissioned_cluster_leaves_the_state_with_a_warning),
        CASE(a_stop_ends_the_work_and_what_was_done_is_in_the_state),
        CASE(any_operation_may_fail_and_the_next_apply_converges),
        CASE(what_an_update_shows_that_fails_is_what_a_read_finds),
        CASE(a_live_cluster_may_fail_at_any_operation),
        CASE(what_a_wanted_pair_leaves_behind_is_in_the_next_plan),
        CASE(what_a_killed_write_left_goes_where_nothing_has_to_be_written),
    };
    return cmocka_run_group_tests_name("lifecycle", tests, NULL, NULL);
}
