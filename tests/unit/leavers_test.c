/* SPDX-License-Identifier: Apache-2.0
 *
 * What the record has of single objects, from one apply to the next: what had to go and could not, what
 * the cluster makes of it, what was somebody else's, what this release does not know.
 */
#include "test.h"
#include "shown.h"

#include "../../src/lifecycle/lifecycle_internal.h"
#include "fake_cluster.h"
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

static struct world *new_world(struct glm_arena *arena, bool live)
{
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    w->clusters[0] = live ? glm_fake_create_live("east") : glm_fake_create("east");
    w->configs[0] =
        (struct glm_cluster_config){.name = "east",
                                    .place = live ? GLM_PLACE_LIVE : GLM_PLACE_DIRECTORY,
                                    .operator_namespace = "istio-system"};
    w->estate = (struct glm_estate){.mesh = {.known = true,
                                             .operator_namespace = "istio-system",
                                             .clusters = w->configs,
                                             .cluster_count = 1,
                                             .default_distribution = &glm_null},
                                    .installers = glm_test_installers(),
                                    .clusters = w->clusters,
                                    .max_parallel = 1};
    glm_diags_init(&w->d, arena);
    if (live)
        glm_fake_put(w->clusters[0],
                     glm_test_value(arena,
                                    "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{"
                                    "'name':'istiod-1-24','namespace':'istio-system','labels':{"
                                    "'app':'istiod','istio.io/rev':'1-24'}},'spec':{'template':{"
                                    "'spec':{'containers':[{'name':'discovery','image':"
                                    "'docker.io/istio/pilot:1.24.1'}]}}}}"));
    return w;
}

static void end_world(struct world *w)
{
    w->clusters[0]->ops->destroy(w->clusters[0]);
}

/* One installation of a gateway, with a hub that may change. */
static const struct glm_value *attributes(struct world *w, const char *gateway, const char *hub)
{
    return glm_test_value(
        w->arena,
        glm_sprintf(w->arena,
                    "{'name':'ingress','namespace':'gloo-mesh','wait_for_healthy':false,"
                    "'installations':{'1-24':{'gateway_revision':'1-24','clusters':{'east':{"
                    "'active_gateway':true}},'skip_upgrade_validation':true,'istio_operator_spec':"
                    "'{hub: %s, tag: 1.24.1, components: {ingressGateways: [{name: %s, namespace: "
                    "gateways, enabled: true, k8s: {service: {ports: [{port: 80}]}}}]}}'}},"
                    "'helm_global':null}",
                    hub, gateway));
}

static struct glm_change plan_it(struct world *w, const struct glm_value *state,
                                 const struct glm_value *record, const struct glm_value *wanted)
{
    struct glm_change plan = {.prior = state, .record = record, .attributes = wanted};
    if (!glm_lifecycle_plan(w->arena, &w->estate, &plan, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return plan;
}

static struct glm_change apply_it(struct world *w, const struct glm_change *before,
                                  const struct glm_value *wanted, bool *ret_ok)
{
    struct glm_change plan = plan_it(w, before ? before->result : &glm_null,
                                     before ? before->result_record : &glm_null, wanted);
    struct glm_change change = {.prior = plan.prior,
                                .record = plan.result_record,
                                .attributes = plan.result,
                                .creating = !before};
    glm_diags_init(&w->d, w->arena);
    *ret_ok = glm_lifecycle_apply(w->arena, &w->estate, &change, &w->d);
    return change;
}

static struct glm_change must_apply(struct world *w, const struct glm_change *before,
                                    const struct glm_value *wanted)
{
    bool ok;
    struct glm_change made = apply_it(w, before, wanted, &ok);
    if (!ok)
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return made;
}

static struct glm_change read_it(struct world *w, const struct glm_change *before)
{
    struct glm_change read = {.prior = before->result, .record = before->result_record};
    glm_diags_init(&w->d, w->arena);
    if (!glm_lifecycle_read(w->arena, &w->estate, &read, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return read;
}

static bool has_main(struct world *w, const char *ns)
{
    return !glm_is_null(glm_fake_get(w->clusters[0], glm_test_main_kind(), ns, "ingress-1-24"));
}

static const struct glm_value *record_of(const struct glm_change *change)
{
    return glm_get_path(change->result_record, "clusters", "east", NULL);
}

static const char *state_of(const struct glm_change *change)
{
    return glm_string_or(glm_get(status_get(change->result, "east", "1-24"), "state"), "none");
}

static const char *message_of(const struct glm_change *change)
{
    return glm_string_or(glm_get(status_get(change->result, "east", "1-24"), "message"), "");
}

static bool plans_nothing(struct world *w, const struct glm_change *read,
                          const struct glm_value *wanted)
{
    const struct glm_change plan = plan_it(w, read->result, read->result_record, wanted);
    static const char *const parts[] = {GLM_TEST_SHOWN, "status"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!glm_equal(glm_get(plan.result, parts[i]), glm_get(read->result, parts[i])))
            return false;
    return true;
}

/* ---- what had to go and is still there ---- */

/* The pair moves to another namespace, and any one operation fails. What then is there twice goes with
 * the next apply, which there is, because the plan is not empty. Returns how often it was. */
static int move(struct glm_arena *arena, bool live)
{
    int left = 0;
    for (unsigned nth = 1; nth < 50; nth++) {
        struct world *w = new_world(arena, live);
        struct glm_change made = must_apply(w, NULL, attributes(w, "one", "a.example"));
        /* An operator would take the gateway away with the old object: live, it is another one. */
        const struct glm_value *wanted = attributes(w, live ? "two" : "one", "a.example");
        bool ok;
        w->configs[0].operator_namespace = "another";
        glm_fake_fail_at(w->clusters[0], nth, "not now");
        struct glm_change after = apply_it(w, &made, wanted, &ok);
        glm_fake_fail_at(w->clusters[0], 0, NULL);
        struct glm_change now = read_it(w, &after);
        bool twice = has_main(w, "istio-system") && has_main(w, "another");
        if (twice) {
            left++;
            assert_false(ok);
            assert_true(record_has_leaver_of(record_of(&after), NULL, "1-24"));
            assert_true(record_has_leaver_of(record_of(&now), NULL, "1-24"));
            assert_string_equal(
                record_main(record_of(&now), "1-24"),
                glm_sprintf(arena, "%s another/ingress-1-24", glm_test_main_kind()->name));
            assert_string_equal(state_of(&after), "UNINSTALLING_GATEWAY");
            assert_string_equal(state_of(&now), "UNINSTALLING_GATEWAY");
            assert_non_null(strstr(message_of(&now), "unless it is wanted by then"));
            assert_false(plans_nothing(w, &now, wanted));
        }
        struct glm_change done = must_apply(w, &now, wanted);
        assert_false(has_main(w, "istio-system"));
        assert_true(has_main(w, "another"));
        assert_false(record_has_leaver_of(record_of(&done), NULL, "1-24"));
        done = read_it(w, &done);
        assert_true(plans_nothing(w, &done, wanted));
        end_world(w);
    }
    return left;
}

static void what_could_not_be_removed_from_files_is_tried_again(void **state)
{
    assert_true(move(*state, false) > 0);
}

static void what_could_not_be_removed_from_a_cluster_is_tried_again(void **state)
{
    assert_true(move(*state, true) > 0);
}

/* Somebody removes it by hand meanwhile: the next apply has nothing to remove, and forgets it. */
static void what_has_gone_by_itself_is_forgotten(void **state)
{
    struct world *w = new_world(*state, true);
    const struct glm_value *wanted = attributes(w, "one", "a.example");
    struct glm_change made = must_apply(w, NULL, wanted);
    const char *text = glm_sprintf(w->arena, "%s old/ingress-1-24", glm_test_main_kind()->name);
    made.result_record = glm_with_path(
        w->arena, made.result_record,
        glm_test_value(w->arena, "{'pair':'1-24','role':'workload','main':true,'leaves':true}"),
        "clusters", "east", "objects", text, NULL);
    struct glm_change now = read_it(w, &made);
    assert_string_not_equal(state_of(&now), "UNINSTALLING_GATEWAY");
    assert_false(plans_nothing(w, &now, wanted)); /* it is in the record */
    struct glm_change done = must_apply(w, &now, wanted);
    assert_false(record_has_leaver_of(record_of(&done), NULL, "1-24"));
    assert_true(plans_nothing(w, &done, wanted));
    end_world(w);
}

/* ---- what the cluster makes of it ---- */

/* Whatever is written, the hub is another one. */
static void put_webhook(struct world *w, const struct glm_object_ref *ref)
{
    const struct glm_value *object =
        glm_test_main_get(w->arena, w->clusters[0], ref->namespace_, ref->name);
    object = glm_with_path(w->arena, object, glm_string(w->arena, "webhook.example"), "spec", "hub",
                           NULL);
    glm_fake_fix(w->clusters[0], ref, glm_test_main(w->arena, object));
}

static void what_the_cluster_makes_of_an_object_is_known_after_a_failed_write(void **state)
{
    struct world *w = new_world(*state, true);
    const struct glm_object_ref ref = {
        .kind = glm_test_main_kind(), .namespace_ = "istio-system", .name = "ingress-1-24"};
    const struct glm_value *wanted = attributes(w, "one", "a.example");
    struct glm_change made = must_apply(w, NULL, wanted);
    put_webhook(w, &ref);
    made = read_it(w, &made);
    made = must_apply(w, &made, wanted);
    assert_non_null(record_altered(w->arena, record_of(&made), &ref));
    made = read_it(w, &made);
    assert_true(plans_nothing(w, &made, wanted));
    int failed = 0;
    for (unsigned nth = 1; nth < 30; nth++) {
        bool ok;
        glm_fake_fail_at(w->clusters[0], nth, "not now");
        struct glm_change after = apply_it(w, &made, attributes(w, "one", "b.example"), &ok);
        glm_fake_fail_at(w->clusters[0], 0, NULL);
        failed += !ok;
        assert_non_null(record_altered(w->arena, record_of(&after), &ref));
    }
    assert_true(failed > 1);
    end_world(w);
}

/* ---- what was somebody else's ---- */

static void put_theirs(struct world *w, const char *revision)
{
    glm_test_main_put(
        w->arena, w->clusters[0],
        glm_test_value(
            w->arena,
            glm_sprintf(w->arena,
                        "{'apiVersion':'install.istio.io/v1alpha1','kind':'IstioOperator',"
                        "'metadata':{'name':'ingress-%s','namespace':'istio-system'},'spec':{"
                        "'profile':'empty','revision':'%s','tag':'1.24.1','meshConfig':{"
                        "'trustDomain':'east'},'components':{'ingressGateways':[{'name':'gw-%s',"
                        "'namespace':'gw','enabled':true,'label':{'revision':'%s'}}]}}}",
                        revision, revision, revision, revision)));
}

static const struct glm_object_ref *ref_of(struct world *w, const char *revision)
{
    struct glm_object_ref *ref = GLM_NEW(w->arena, struct glm_object_ref);
    *ref = (struct glm_object_ref){.kind = glm_test_main_kind(),
                                   .namespace_ = "istio-system",
                                   .name = glm_sprintf(w->arena, "ingress-%s", revision)};
    return ref;
}

static bool is_ours(struct world *w, const char *revision)
{
    const struct glm_value *object = glm_test_main_get(
        w->arena, w->clusters[0], "istio-system", glm_sprintf(w->arena, "ingress-%s", revision));
    return glm_owner_of(w->arena, object, "ingress", "gloo-mesh", "east", NULL) == GLM_OWNER_US;
}

/* An apply that writes one of two imported objects and fails at the other. */
static void each_imported_object_is_somebody_elses_until_it_is_written(void **state)
{
    int partly = 0;
    for (unsigned nth = 1; nth < 30; nth++) {
        struct world *w = new_world(*state, false);
        put_theirs(w, "1-23");
        put_theirs(w, "1-24");
        struct glm_change found = {.prior = &glm_null, .record = &glm_null, .importing = true};
        assert_true(glm_lifecycle_find(w->arena, &w->estate, "ingress", "gloo-mesh", &glm_null,
                                       &found, &w->d));
        assert_true(record_is_foreign(w->arena, record_of(&found), ref_of(w, "1-23")));
        const struct glm_value *wanted =
            glm_with(w->arena, found.result, "deletion_protection", &glm_true);
        bool ok;
        glm_fake_fail_at(w->clusters[0], nth, "not now");
        struct glm_change after = apply_it(w, &found, wanted, &ok);
        glm_fake_fail_at(w->clusters[0], 0, NULL);
        static const char *const revisions[] = {"1-23", "1-24"};
        for (size_t i = 0; i < 2; i++) {
            const struct glm_object_ref *ref = ref_of(w, revisions[i]);
            assert_true(record_has(w->arena, record_of(&after), ref));
            assert_int_equal(record_is_foreign(w->arena, record_of(&after), ref),
                             !is_ours(w, revisions[i]));
            assert_non_null(record_found(w->arena, record_of(&after), ref));
        }
        partly += is_ours(w, "1-23") != is_ours(w, "1-24");
        /* Nothing of it is drift, and a destroy takes both. */
        struct glm_change now = read_it(w, &after);
        glm_assert_value_equal(glm_test_objects(now.result), glm_test_objects(found.result));
        struct glm_change gone = {.prior = now.result, .record = now.result_record};
        glm_diags_init(&w->d, w->arena);
        assert_true(glm_lifecycle_remove(w->arena, &w->estate, &gone, &w->d));
        assert_int_equal(w->d.warnings, 0);
        assert_true(glm_is_null(
            glm_fake_get(w->clusters[0], glm_test_main_kind(), "istio-system", "ingress-1-23")));
        end_world(w);
    }
    assert_true(partly > 0);
}

/* ---- what this release does not know ---- */

static void an_object_of_an_unknown_kind_is_kept_and_left_alone(void **state)
{
    struct world *w = new_world(*state, true);
    struct glm_change made = must_apply(w, NULL, attributes(w, "one", "a.example"));
    const struct glm_value *gizmo =
        glm_test_value(w->arena, "{'pair':'1-24','role':'access','more':1}");
    made.result_record = glm_with_path(w->arena, made.result_record, gizmo, "clusters", "east",
                                       "objects", "Gizmo n/g", NULL);
    struct glm_change now = read_it(w, &made);
    glm_assert_warning(&w->d, "installations", "Gizmo n/g is in the state of this resource");
    assert_true(glm_has(glm_get(record_of(&now), "objects"), "Gizmo n/g"));
    assert_true(plans_nothing(w, &now, attributes(w, "one", "a.example")));
    now = must_apply(w, &now, attributes(w, "one", "b.example"));
    assert_null(strstr(glm_test_diags_text(w->arena, &w->d), "Gizmo"));
    assert_true(glm_has(glm_get(record_of(&now), "objects"), "Gizmo n/g"));
    /* As long as nobody knows that it is gone, neither is the resource. */
    glm_fake_delete(w->clusters[0], glm_test_main_kind(), "istio-system", "ingress-1-24");
    glm_fake_delete(w->clusters[0], GLM_KIND_SERVICE, "gateways", "one");
    now = read_it(w, &now);
    assert_true(glm_is_map(now.result));
    struct glm_change gone = {.prior = now.result, .record = now.result_record};
    glm_diags_init(&w->d, w->arena);
    assert_true(glm_lifecycle_remove(w->arena, &w->estate, &gone, &w->d));
    assert_true(glm_is_null(gone.result));
    glm_assert_warning(&w->d, "installations", "Gizmo n/g was to be removed");
    end_world(w);
}

/* Somebody has edited the private state. The good ones go all the same. */
static void what_no_object_is_called_keeps_no_other_from_being_removed(void **state)
{
    static const char *const names[] = {"Service ../..//victim", "Service a/b/c",
                                        "Service gateways/\x1b[31mred", "Service n/.."};
    for (size_t live = 0; live < 2; live++)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            struct world *w = new_world(*state, live);
            struct glm_change made = must_apply(w, NULL, attributes(w, "one", "a.example"));
            size_t count = glm_fake_count(w->clusters[0]);
            made.result_record = glm_with_path(w->arena, made.result_record,
                                               glm_test_value(w->arena, "{'role':'traffic'}"),
                                               "clusters", "east", "objects", names[i], NULL);
            made = read_it(w, &made);
            glm_assert_warning(&w->d, "installations", "so it is left alone");
            made = must_apply(w, &made, attributes(w, "one", "b.example"));
            struct glm_change gone = {.prior = made.result, .record = made.result_record};
            glm_diags_init(&w->d, w->arena);
            assert_true(glm_lifecycle_remove(w->arena, &w->estate, &gone, &w->d));
            assert_int_equal(glm_fake_count(w->clusters[0]), count - 2);
            end_world(w);
        }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

/* ---- what another resource has taken ---- */

/* Gives an object away by its label, or takes it back by hand. */
static void relabel(struct world *w, const struct glm_object_kind *kind, const char *ns,
                    const char *name, const char *owner)
{
    const struct glm_value *is = glm_fake_get(w->clusters[0], kind, ns, name);
    const struct glm_value *labels = glm_get_path(is, "metadata", "labels", NULL);
    labels = glm_with(w->arena, labels, GLM_LABEL_NAME, glm_string(w->arena, owner));
    glm_fake_put_as(w->clusters[0], kind,
                    glm_with_path(w->arena, is, labels, "metadata", "labels", NULL));
}

/* true: the plan is refused, for objects of another resource. */
static bool is_refused(struct world *w, const struct glm_change *read,
                       const struct glm_value *wanted)
{
    struct glm_change plan = {
        .prior = read->result, .record = read->result_record, .attributes = wanted};
    glm_diags_init(&w->d, w->arena);
    return !glm_lifecycle_plan(w->arena, &w->estate, &plan, &w->d) &&
           strstr(glm_test_diags_text(w->arena, &w->d), "belongs to gloo-mesh/other");
}

static void what_another_resource_has_taken_is_in_no_plan(struct glm_arena *arena, bool live,
                                                          bool service)
{
    struct world *w = new_world(arena, live);
    const struct glm_object_kind *kind = service ? GLM_KIND_SERVICE : glm_test_main_kind();
    const char *ns = service ? "gateways" : "istio-system",
               *name = service ? "ingress" : "ingress-1-24";
    const struct glm_value *wanted = attributes(w, "ingress", "a.example");
    const struct glm_value *other = attributes(w, "ingress", "b.example");
    const struct glm_value *adopts = glm_with(arena, wanted, "adopt_existing", &glm_true);
    struct glm_change made = must_apply(w, NULL, wanted);
    relabel(w, kind, ns, name, "other");
    struct glm_change read = read_it(w, &made);
    assert_non_null(strstr(glm_test_diags_text(arena, &w->d), "belongs to gloo-mesh/other"));
    assert_true(plans_nothing(w, &read, wanted));
    assert_true(is_refused(w, &read, other));
    struct glm_change again = read_it(w, &read);
    assert_true(plans_nothing(w, &again, wanted));

    struct glm_change back = must_apply(w, &read, adopts);
    const struct glm_value *now = glm_fake_get(w->clusters[0], kind, ns, name);
    assert_true(
        glm_string_is(glm_get_path(now, "metadata", "labels", GLM_LABEL_NAME, NULL), "ingress"));
    assert_int_equal(record_owners(arena, record_of(&back))->len, 0);

    relabel(w, kind, ns, name, "other");
    read = read_it(w, &back);
    relabel(w, kind, ns, name, "ingress");
    assert_true(is_refused(w, &read, other)); /* as far as is known */
    read = read_it(w, &read);
    assert_false(is_refused(w, &read, other));
    end_world(w);
}

static void what_another_resource_has_taken_of_a_cluster_is_in_no_plan(void **state)
{
    what_another_resource_has_taken_is_in_no_plan(*state, true, false);
    what_another_resource_has_taken_is_in_no_plan(*state, true, true);
}

static void what_another_resource_has_taken_of_files_is_in_no_plan(void **state)
{
    what_another_resource_has_taken_is_in_no_plan(*state, false, false);
    what_another_resource_has_taken_is_in_no_plan(*state, false, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_could_not_be_removed_from_files_is_tried_again),
        TEST(what_could_not_be_removed_from_a_cluster_is_tried_again),
        TEST(what_has_gone_by_itself_is_forgotten),
        TEST(what_the_cluster_makes_of_an_object_is_known_after_a_failed_write),
        TEST(each_imported_object_is_somebody_elses_until_it_is_written),
        TEST(an_object_of_an_unknown_kind_is_kept_and_left_alone),
        TEST(what_no_object_is_called_keeps_no_other_from_being_removed),
        TEST(what_another_resource_has_taken_of_a_cluster_is_in_no_plan),
        TEST(what_another_resource_has_taken_of_files_is_in_no_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
