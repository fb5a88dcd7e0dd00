/* SPDX-License-Identifier: Apache-2.0
 *
 * Entries of `clusters` that lead to other places than before: what is in the old ones stays known, and is
 * named, until something is written in the new ones. Over fakes of API servers, and directories.
 */
#include "test.h"
#include "shown.h"

#include "../../src/lifecycle/lifecycle_internal.h"
#include "fake_cluster.h"
#include "folder.h"
#include "glm/directory.h"
#include "glm/lifecycle.h"
#include "test_installer.h"

#include <string.h>

#define OLD_IS_NAMED "Service gateways/ingress)." /* at the end of the list */

struct world {
    struct glm_arena *arena;
    struct glm_cluster *a, *b, *c; /* API servers */
    struct glm_cluster *clusters[2];
    struct glm_cluster_config configs[2];
    struct glm_estate estate;
    struct glm_diags d;
};

#define SPEC                                                                                       \
    "tag: 1.24.1\\nvalues: {global: {meshID: m}}\\ncomponents:\\n  ingressGateways:\\n"            \
    "  - name: ingress\\n    namespace: gateways\\n    enabled: true\\n    k8s:\\n      "          \
    "service:\\n"                                                                                  \
    "        type: LoadBalancer\\n"
#define BOTH "{'east':{'active_gateway':true},'west':{'active_gateway':true}}"
#define WEST "{'west':{'active_gateway':true}}"

static struct glm_cluster *new_server(struct glm_arena *arena, const char *name)
{
    struct glm_cluster *server = glm_fake_create_live(name);
    glm_fake_put(server,
                 glm_test_value(arena,
                                "{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {"
                                "'name': 'istiod-1-24', 'namespace': 'istio-system', 'labels': "
                                "{'app': 'istiod', 'istio.io/rev': '1-24'}}, 'spec': {'template': "
                                "{'spec': {'containers': [{'name': 'discovery', 'image': "
                                "'docker.io/istio/pilot:1.24.1'}]}}}}"));
    return server;
}

static void lead(struct world *w, struct glm_cluster *east, struct glm_cluster *west)
{
    struct glm_cluster *const to[] = {east, west};
    for (size_t i = 0; i < 2; i++) {
        w->clusters[i] = to[i];
        w->configs[i].place = to[i]->ops->files ? GLM_PLACE_DIRECTORY : GLM_PLACE_LIVE;
    }
}

static struct world *new_world(struct glm_arena *arena)
{
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    w->a = new_server(arena, "a");
    w->b = new_server(arena, "b");
    w->c = new_server(arena, "c");
    for (size_t i = 0; i < 2; i++)
        w->configs[i] = (struct glm_cluster_config){.name = i == 0 ? "east" : "west",
                                                    .operator_namespace = "istio-system"};
    w->estate = (struct glm_estate){.installers = glm_test_installers(),
                                    .mesh = {.known = true,
                                             .operator_namespace = "istio-system",
                                             .clusters = w->configs,
                                             .cluster_count = 2,
                                             .default_distribution = &glm_null},
                                    .clusters = w->clusters,
                                    .max_parallel = 2};
    lead(w, w->a, w->b);
    glm_diags_init(&w->d, arena);
    return w;
}

static void end_world(struct world *w)
{
    w->a->ops->destroy(w->a);
    w->b->ops->destroy(w->b);
    w->c->ops->destroy(w->c);
}

static const struct glm_value *attributes(struct world *w, const char *clusters)
{
    return glm_test_value(
        w->arena, glm_sprintf(w->arena,
                              "{'name':'ingress','namespace':'gloo-mesh','wait_for_healthy':false,"
                              "'installations':{'1-24':{'gateway_revision':'1-24','clusters':%s,"
                              "'skip_upgrade_validation':true,'istio_operator_spec':'hub: h\\n%s'}"
                              "},'helm_global':null}",
                              clusters, SPEC));
}

static const char *said(struct world *w)
{
    return glm_test_diags_text(w->arena, &w->d);
}

/* How often it is said. */
static size_t times(struct world *w, const char *what)
{
    size_t count = 0;
    for (const char *at = strstr(said(w), what); at; at = strstr(at + 1, what))
        count++;
    return count;
}

static struct glm_change read_it(struct world *w, const struct glm_change *before)
{
    struct glm_change change = {.prior = before->result, .record = before->result_record};
    glm_diags_init(&w->d, w->arena);
    if (!glm_lifecycle_read(w->arena, &w->estate, &change, &w->d))
        fail_msg("%s", said(w));
    return change;
}

static struct glm_change plan(struct world *w, const struct glm_change *before,
                              const struct glm_value *wanted)
{
    struct glm_change change = {.prior = before ? before->result : &glm_null,
                                .record = before ? before->result_record : &glm_null,
                                .attributes = wanted};
    glm_diags_init(&w->d, w->arena);
    if (!glm_lifecycle_plan(w->arena, &w->estate, &change, &w->d))
        fail_msg("%s", said(w));
    return change;
}

static struct glm_change apply(struct world *w, const struct glm_change *before,
                               const struct glm_value *wanted, bool *ret_ok)
{
    struct glm_change planned = plan(w, before, wanted);
    struct glm_change change = {.prior = planned.prior,
                                .record = planned.result_record,
                                .attributes = planned.result,
                                .creating = glm_is_null(planned.prior)};
    glm_diags_init(&w->d, w->arena);
    *ret_ok = glm_lifecycle_apply(w->arena, &w->estate, &change, &w->d);
    return change;
}

static struct glm_change must_apply(struct world *w, const struct glm_change *before,
                                    const struct glm_value *wanted)
{
    bool ok;
    struct glm_change change = apply(w, before, wanted, &ok);
    if (!ok)
        fail_msg("%s", said(w));
    return change;
}

static void plan_destroy(struct world *w, const struct glm_change *before)
{
    glm_diags_init(&w->d, w->arena);
    if (!glm_lifecycle_plan_remove(w->arena, &w->estate, before->result, before->result_record,
                                   &w->d))
        fail_msg("%s", said(w));
}

static struct glm_change destroy(struct world *w, const struct glm_change *before, bool *ret_ok)
{
    struct glm_change change = {.prior = before->result, .record = before->result_record};
    glm_diags_init(&w->d, w->arena);
    *ret_ok = glm_lifecycle_remove(w->arena, &w->estate, &change, &w->d);
    return change;
}

static bool has_main(struct world *w, struct glm_cluster *cluster)
{
    const struct glm_object_ref ref = {
        .kind = glm_test_main_kind(), .namespace_ = "istio-system", .name = "ingress-1-24"};
    struct glm_read read = {.found = GLM_FOUND_NOTHING};
    struct glm_diags d;
    glm_diags_init(&d, w->arena);
    assert_true(cluster->ops->read(cluster, w->arena, &ref, &read, &d));
    return read.found == GLM_FOUND;
}

static const struct glm_value *recorded(const struct glm_change *of, const char *cluster)
{
    return glm_get_path(of->result_record, "clusters", cluster, NULL);
}

static const char *place(const struct glm_change *of, const char *cluster)
{
    return glm_string_or(glm_get(recorded(of, cluster), "place"), "none");
}

static size_t shown(struct world *w, const struct glm_change *of, const char *cluster)
{
    const struct glm_value *pairs = glm_test_objects_of(w->arena, of->result, cluster);
    return glm_is_map(pairs) ? pairs->len : 0;
}

static const char *state_of(const struct glm_change *of, const char *cluster)
{
    return glm_string_or(glm_get_path(of->result, "status", "clusters", cluster, "installations",
                                      "1-24", "state", NULL),
                         "none");
}

/* ---- entries changed by mistake ---- */

static void swapped_entries_keep_what_is_in_the_old_places(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH);
    const struct glm_change made = must_apply(w, NULL, wanted);
    bool ok;
    lead(w, w->b, w->a);
    destroy(w, &made, &ok); /* which finds it out by itself */
    assert_true(ok && has_main(w, w->a) && has_main(w, w->b));
    assert_int_equal(times(w, OLD_IS_NAMED), 2);
    struct glm_change now = made;
    for (int round = 0; round < 2; round++) { /* every refresh, plan and apply says it again */
        now = read_it(w, &now);
        assert_int_equal(times(w, "Cluster has moved"), 2);
        assert_int_equal(times(w, OLD_IS_NAMED), 2);
        assert_int_equal(shown(w, &now, "east"), 0); /* they count as new and empty */
        assert_string_equal(state_of(&now, "west"), "none");
        assert_string_equal(place(&now, "east"), "fake a");
        assert_true(record_has_mains(recorded(&now, "west")));
        plan(w, &now, wanted);
        assert_int_equal(times(w, OLD_IS_NAMED), 2);
        now = apply(w, &now, wanted, &ok);
        assert_false(ok);
        glm_assert_error(&w->d, "installations[\"1-24\"].clusters[\"east\"]", "already has");
        assert_int_equal(times(w, "Cluster has moved"), 2); /* once each */
        assert_string_equal(place(&now, "west"), "fake b");
    }
    plan_destroy(w, &now);
    assert_int_equal(times(w, OLD_IS_NAMED), 2);
    assert_int_equal(times(w, "Traffic ends"), 0);
    const struct glm_change gone = destroy(w, &now, &ok);
    assert_true(ok && glm_is_null(gone.result));
    assert_int_equal(times(w, OLD_IS_NAMED), 2);
    assert_true(has_main(w, w->a) && has_main(w, w->b));
    /* Put right again, everything is as it was. */
    lead(w, w->a, w->b);
    now = read_it(w, &now);
    assert_int_equal(times(w, "moved"), 0);
    glm_assert_value_equal(glm_test_objects(now.result), glm_test_objects(made.result));
    glm_assert_value_equal(glm_test_services(now.result), glm_test_services(made.result));
    assert_null(record_leads_to(recorded(&now, "east")));
    plan(w, &now, wanted);
    assert_int_equal(times(w, "moved"), 0);
    destroy(w, &now, &ok);
    assert_true(ok && !has_main(w, w->a) && !has_main(w, w->b));
    end_world(w);
}

/* Also without a refresh, which would have found it out. */
static void what_an_apply_finds_moved_stays_until_something_is_written(void **state)
{
    for (int refresh = 0; refresh < 2; refresh++) {
        struct world *w = new_world(*state);
        const struct glm_value *wanted = attributes(w, BOTH);
        struct glm_change now = must_apply(w, NULL, wanted);
        bool ok;
        lead(w, w->c, w->b);
        if (refresh)
            now = read_it(w, &now);
        glm_fake_deny(w->c, glm_test_main_kind(), "You may not.");
        glm_fake_refuse(w->c, glm_test_main_kind(), "You may not.");
        now = apply(w, &now, wanted, &ok);
        assert_false(ok);
        assert_int_equal(times(w, "Cluster has moved"), 1);
        assert_int_equal(times(w, OLD_IS_NAMED), 1);
        assert_string_equal(place(&now, "east"), "fake a");
        assert_string_equal(glm_string_or(glm_get(recorded(&now, "east"), "leads_to"), "none"),
                            refresh || shown(w, &now, "east") == 0 ? "fake c" : "none");
        glm_fake_deny(w->c, glm_test_main_kind(), NULL);
        glm_fake_refuse(w->c, glm_test_main_kind(), NULL);
        now = must_apply(w, &now, wanted);
        assert_string_equal(place(&now, "east"), "fake c");
        assert_null(record_leads_to(recorded(&now, "east")));
        now = read_it(w, &now);
        assert_int_equal(times(w, "moved"), 0);
        destroy(w, &now, &ok);
        assert_true(ok && has_main(w, w->a) && !has_main(w, w->b) && !has_main(w, w->c));
        end_world(w);
    }
}

/* Whichever operation in the new place fails: either place is in the record, never none. */
static void no_failure_in_the_new_place_loses_both(void **state)
{
    for (unsigned nth = 1; nth <= 12; nth++) {
        struct world *w = new_world(*state);
        const struct glm_value *wanted = attributes(w, BOTH);
        struct glm_change now = must_apply(w, NULL, wanted);
        bool ok;
        lead(w, w->c, w->b);
        now = read_it(w, &now);
        glm_fake_fail_at(w->c, nth, "This one fails.");
        now = apply(w, &now, wanted, &ok);
        glm_fake_fail_at(w->c, 0, NULL);
        bool there = has_main(w, w->c);
        assert_true(record_has_any(recorded(&now, "east")));
        if (there)
            assert_string_equal(place(&now, "east"), "fake c");
        else if (strcmp(place(&now, "east"), "fake a") == 0)
            assert_string_equal(record_leads_to(recorded(&now, "east")), "fake c");
        now = must_apply(w, &now, wanted);
        destroy(w, &now, &ok);
        assert_true(ok && !has_main(w, w->c));
        end_world(w);
    }
}

/* A destroy that has to be repeated may be one of entries that have been put right. */
static void a_destroy_that_fails_elsewhere_forgets_no_old_place(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH);
    struct glm_change now = must_apply(w, NULL, wanted);
    bool ok;
    lead(w, w->c, w->b);
    now = read_it(w, &now);
    glm_fake_break(w->b, true);
    now = destroy(w, &now, &ok);
    assert_false(ok);
    assert_string_equal(place(&now, "east"), "fake a");
    glm_fake_break(w->b, false);
    lead(w, w->a, w->b);
    destroy(w, &now, &ok);
    assert_true(ok && !has_main(w, w->a) && !has_main(w, w->b));
    end_world(w);
}

static void a_moved_cluster_that_leaves_the_installations_leaves_the_state(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change now = must_apply(w, NULL, attributes(w, BOTH));
    lead(w, w->c, w->b);
    now = read_it(w, &now);
    now = must_apply(w, &now, attributes(w, WEST));
    assert_int_equal(times(w, OLD_IS_NAMED), 1);
    assert_true(glm_is_null(recorded(&now, "east")));
    assert_true(has_main(w, w->a));
    end_world(w);
}

static bool identify_nobody(struct glm_cluster *cluster, struct glm_arena *arena,
                            const char **ret_place, struct glm_diags *d)
{
    (void)cluster, (void)arena, (void)ret_place;
    return glm_error(d, NULL, "The fake cluster fails", "It does not say who it is.");
}

/* What is not known of the entry now is what was known before. */
static void a_new_place_that_does_not_answer_changes_nothing(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH);
    struct glm_change now = must_apply(w, NULL, wanted);
    bool ok;
    lead(w, w->b, w->a);
    now = read_it(w, &now);
    const struct glm_value *before = recorded(&now, "east");
    const struct glm_cluster_ops *sound = w->b->ops;
    struct glm_cluster_ops silent = *sound;
    silent.identify = identify_nobody;
    w->b->ops = &silent;
    now = apply(w, &now, wanted, &ok);
    w->b->ops = sound;
    assert_false(ok);
    glm_assert_value_equal(recorded(&now, "east"), before);
    end_world(w);
}

static unsigned looks;

static bool read_nothing(struct glm_cluster *cluster, struct glm_arena *arena,
                         const struct glm_object_ref *ref, struct glm_read *ret_read,
                         struct glm_diags *d)
{
    (void)cluster, (void)arena, (void)ref, (void)ret_read;
    looks++;
    return glm_error(d, NULL, "The fake cluster fails", "It says nothing of any object.");
}

/* Each look may take as long as a request may. */
static void a_new_place_that_answers_no_look_is_asked_once(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change now = must_apply(w, NULL, attributes(w, BOTH));
    assert_true(glm_get(recorded(&now, "east"), "objects")->len > 1);
    const struct glm_cluster_ops *sound = w->c->ops;
    struct glm_cluster_ops silent = *sound;
    silent.read = read_nothing;
    w->c->ops = &silent;
    lead(w, w->c, w->b);
    looks = 0;
    read_it(w, &now);
    w->c->ops = sound;
    assert_int_equal(looks, 1);
    assert_int_equal(times(w, OLD_IS_NAMED), 1);
    end_world(w);
}

/* What was found there stays as it was in its place only. */
static void what_an_import_found_is_not_written_elsewhere(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH);
    struct glm_change now = must_apply(w, NULL, wanted);
    const struct glm_object_ref ref = {
        .kind = glm_test_main_kind(), .namespace_ = "istio-system", .name = "ingress-1-24"};
    const char *text = record_text(w->arena, &ref);
    const char *found =
        glm_string_or(glm_get(glm_test_objects_of(w->arena, now.result, "east"), "1-24"), "");
    now.result_record = glm_with_path(w->arena, now.result_record, glm_string(w->arena, found),
                                      "clusters", "east", "objects", text, "found", NULL);
    const struct glm_change here = plan(w, &now, wanted);
    lead(w, w->c, w->b);
    now = read_it(w, &now);
    assert_non_null(record_found(w->arena, recorded(&now, "east"), &ref));
    now = must_apply(w, &now, wanted);
    assert_null(record_found(w->arena, recorded(&now, "east"), &ref));
    glm_assert_value_equal(glm_test_objects(here.result), glm_test_objects(now.result));
    end_world(w);
}

/* ---- from one kind of cluster to another ---- */

static struct glm_cluster *directory(struct world *w)
{
    return glm_directory_create("east", glm_test_folder(w->arena), NULL);
}

static void files_know_nothing_of_what_an_api_server_said(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH);
    struct glm_cluster *files = directory(w);
    lead(w, files, w->b);
    struct glm_change now = must_apply(w, NULL, wanted);
    lead(w, w->a, w->b);
    now = read_it(w, &now);
    assert_int_equal(times(w, OLD_IS_NAMED), 1);
    now = must_apply(w, &now, wanted);
    assert_null(record_leads_to(recorded(&now, "east")));
    const struct glm_value *healthy =
        glm_with_path(w->arena, now.result, glm_string(w->arena, glm_state_name(GLM_STATE_HEALTHY)),
                      "status", "clusters", "east", "installations", "1-24", "state", NULL);
    struct glm_cluster *const others[] = {files, directory(w)}; /* with its old files, and empty */
    for (size_t i = 0; i < 2; i++) {
        struct glm_change then = {.result = healthy, .result_record = now.result_record};
        lead(w, others[i], w->b);
        then = read_it(w, &then);
        assert_int_equal(times(w, "HEALTHY"), 0);
        assert_int_equal(times(w, "east, 1-24"), 0);
        assert_string_equal(state_of(&then, "east"), i == 0 ? "INSTALL_PENDING" : "none");
        assert_string_equal(place(&then, "east"), "fake a");
        then = must_apply(w, &then, wanted);
        assert_int_equal(times(w, OLD_IS_NAMED), 1);
        assert_string_equal(state_of(&then, "east"), "INSTALL_PENDING");
        assert_true(strncmp(place(&then, "east"), "directory ", 10) == 0);
    }
    for (size_t i = 0; i < 2; i++)
        others[i]->ops->destroy(others[i]);
    end_world(w);
}

/* That a directory is no API server needs no look. */
static void a_directory_that_became_an_api_server_is_known_without_a_refresh(void **state)
{
    struct world *w = new_world(*state);
    struct glm_cluster *files = directory(w);
    bool ok;
    lead(w, files, w->b);
    struct glm_change now = must_apply(w, NULL, attributes(w, BOTH));
    lead(w, w->a, w->b);
    plan_destroy(w, &now);
    assert_int_equal(times(w, "Cluster \"east\" was directory "), 1);
    assert_int_equal(times(w, "  east: "), 0); /* of the traffic that ends */
    destroy(w, &now, &ok);
    assert_true(ok && has_main(w, files));
    assert_int_equal(times(w, "Cluster \"east\" was directory "), 1);
    files->ops->destroy(files);
    end_world(w);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(swapped_entries_keep_what_is_in_the_old_places),
        CASE(what_an_apply_finds_moved_stays_until_something_is_written),
        CASE(no_failure_in_the_new_place_loses_both),
        CASE(a_destroy_that_fails_elsewhere_forgets_no_old_place),
        CASE(a_moved_cluster_that_leaves_the_installations_leaves_the_state),
        CASE(a_new_place_that_does_not_answer_changes_nothing),
        CASE(a_new_place_that_answers_no_look_is_asked_once),
        CASE(what_an_import_found_is_not_written_elsewhere),
        CASE(files_know_nothing_of_what_an_api_server_said),
        CASE(a_directory_that_became_an_api_server_is_known_without_a_refresh),
    };
    return cmocka_run_group_tests_name("moved", tests, NULL, NULL);
}
