/* SPDX-License-Identifier: Apache-2.0
 *
 * An installer that writes one object for all pairs to an entry that has no pairs of its own, as a management
 * plane wants it: a ConfigMap in "hub", in which each pair has its spec, and somebody puts its state beside
 * that. Nobody has access to the clusters of the pairs.
 */
#include "test.h"
#include "shown.h"
#include "../../src/lifecycle/shape.h"

#include "fake_cluster.h"
#include "glm/lifecycle.h"
#include "glm/text.h"
#include "test_installer.h"
#include "traced_installer.h"

#include <string.h>

#define OBJECT "ConfigMap management/ingress"

/* ---- the installer ---- */

static const char *seat(const struct glm_installer_call *call, const char *cluster,
                        struct glm_diags *d)
{
    (void)call;
    (void)cluster;
    (void)d;
    return "hub";
}

static const char *name_of(const struct glm_installer_call *call,
                           const struct glm_installer_pair *pair, const char *what)
{
    return glm_sprintf(call->arena, "%s.%s.%s", pair->cluster, pair->key, what);
}

static const struct glm_value *shared_object(struct glm_arena *arena, const char *name,
                                             const struct glm_value *data)
{
    struct glm_map_builder b, metadata;
    glm_map_init(&metadata, arena);
    glm_map_set(&metadata, "name", glm_string(arena, name));
    glm_map_set(&metadata, "namespace", glm_string(arena, "management"));
    glm_map_init(&b, arena);
    glm_map_set(&b, "apiVersion", glm_string(arena, "v1"));
    glm_map_set(&b, "kind", glm_string(arena, "ConfigMap"));
    glm_map_set(&b, "metadata", glm_map_finish(&metadata, NULL));
    glm_map_set(&b, "data", data);
    return glm_map_finish(&b, NULL);
}

static bool render(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                   size_t count, struct glm_installer_rendering *ret, struct glm_diags *d)
{
    struct glm_arena *arena = call->arena;
    struct glm_installer_object *o = GLM_NEW(arena, struct glm_installer_object);
    struct glm_map_builder data;
    bool known = true;
    (void)d;
    glm_map_init(&data, arena);
    for (size_t i = 0; i < count; i++) {
        const struct glm_value *spec = pairs[i].installation->spec;
        bool here = glm_is_wholly_known(spec);
        known = known && here;
        ret->pairs[i].traffic_known = true;
        if (here)
            glm_map_set(&data, name_of(call, &pairs[i], "spec"),
                        glm_string(arena, glm_json_text(arena, spec)));
    }
    o->pair = GLM_PAIR_ALL;
    o->role = GLM_ROLE_WORKLOAD;
    o->main = true;
    o->object = known ? shared_object(arena, call->manager->name, glm_map_finish(&data, NULL))
                      : &glm_unknown;
    o->ref = (struct glm_object_ref){
        .kind = &glm_test_config_map, .namespace_ = "management", .name = call->manager->name};
    ret->objects = o;
    ret->count = 1;
    return true;
}

static void judge(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                  void *notes, struct glm_installer_judgement *ret)
{
    (void)notes;
    assert_int_equal(sight->look_count, 1);
    const struct glm_value *state = glm_get_path(sight->looks[0].read.object, "data",
                                                 name_of(call, sight->pair, "state"), NULL);
    *ret = (struct glm_installer_judgement){
        .state = GLM_STATE_PENDING, .message = "Nobody has said.", .hold_ms = -1};
    if (!glm_is_string(state) || !glm_test_state(state->as.text, &ret->state))
        return;
    ret->message = "So it was said.";
    ret->revision = "1-24.7";
    ret->settled = true;
    ret->hold_ms = 0;
}

static const struct glm_installer_kind kinds[] = {
    {.kind = &glm_test_config_map, .role = GLM_ROLE_WORKLOAD, .find = true, .main = true},
    {.kind = NULL}};
static const struct glm_object_kind *const followed[] = {&glm_test_config_map, NULL};
static const char *const forms[] = {"istio_operator_spec", NULL};

static const struct glm_installer shared = {
    .name = "shared",
    .what = "ConfigMaps",
    .kinds = kinds,
    .followed = followed,
    .forms = forms,
    .seat = seat,
    .render = render,
    .judge = judge,
};

/* ---- the world: nobody has access to east and west ---- */

struct world {
    struct glm_arena *arena;
    struct glm_cluster *clusters[3];
    struct glm_cluster_config configs[3];
    const struct glm_installer *installers[3];
    struct glm_estate estate;
    struct glm_diags d;
};

static const char *const names[] = {"east", "hub", "west"};

static struct world *new_world(struct glm_arena *arena)
{
    static const struct glm_installer *traced; /* to the end of the process */
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    if (!traced)
        traced = glm_traced_create(&shared);
    w->installers[0] = traced;
    w->installers[1] = &glm_test_installer_config_map;
    w->clusters[1] = glm_fake_create_live("hub");
    for (size_t i = 0; i < 3; i++)
        w->configs[i] = (struct glm_cluster_config){
            .name = names[i], .place = GLM_PLACE_LIVE, .operator_namespace = "istio-system"};
    w->estate = (struct glm_estate){.installers = w->installers,
                                    .mesh = {.known = true,
                                             .operator_namespace = "istio-system",
                                             .clusters = w->configs,
                                             .cluster_count = 3,
                                             .default_distribution = &glm_null},
                                    .clusters = w->clusters,
                                    .max_parallel = 2};
    glm_diags_init(&w->d, arena);
    return w;
}

static void end_world(struct world *w)
{
    w->clusters[1]->ops->destroy(w->clusters[1]);
}

#define EAST "'east':{'active_gateway':true}"
#define WEST "'west':{'active_gateway':true}"
#define BOTH EAST "," WEST

static const struct glm_value *attributes(struct world *w, const char *clusters, const char *hub)
{
    return glm_test_value(
        w->arena,
        glm_sprintf(w->arena,
                    "{'name':'ingress','namespace':'gloo-mesh','wait_for_healthy':false,"
                    "'installations':{'1-24':{'gateway_revision':'1-24','clusters':{%s},"
                    "'skip_upgrade_validation':true,'istio_operator_spec':'hub: %s\\ntag: 1.24.1\\n"
                    "values: {global: {meshID: m}}\\ncomponents:\\n  ingressGateways:\\n"
                    "  - name: ingress\\n    namespace: gateways\\n    enabled: true\\n'}},"
                    "'helm_global':null}",
                    clusters, hub));
}

static struct glm_change plan(struct world *w, const struct glm_change *before,
                              const struct glm_value *wanted)
{
    struct glm_change change = {.prior = before ? before->result : &glm_null,
                                .record = before ? before->result_record : &glm_null,
                                .attributes = wanted};
    glm_diags_init(&w->d, w->arena);
    if (!glm_lifecycle_plan(w->arena, &w->estate, &change, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return change;
}

/* As from one process to the next. */
static const struct glm_value *kept(struct world *w, const struct glm_change *change)
{
    const struct glm_value *record;
    const char *bytes =
        glm_record_encode(w->arena, glm_test_installers(), change->result_record, change->result);
    assert_true(glm_record_decode(w->arena, glm_test_installers(), bytes, strlen(bytes),
                                  change->result, &record, &w->d));
    return record;
}

static struct glm_change apply(struct world *w, const struct glm_change *before,
                               const struct glm_value *wanted, bool *ret_ok)
{
    struct glm_change planned = plan(w, before, wanted);
    struct glm_change change = {.prior = planned.prior,
                                .record = planned.result_record,
                                .attributes = planned.result,
                                .creating = glm_is_null(planned.prior)};
    *ret_ok = glm_lifecycle_apply(w->arena, &w->estate, &change, &w->d);
    change.result_record = kept(w, &change);
    return change;
}

static struct glm_change must_apply(struct world *w, const struct glm_change *before,
                                    const struct glm_value *wanted)
{
    bool ok;
    struct glm_change change = apply(w, before, wanted, &ok);
    if (!ok)
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return change;
}

static const struct glm_value *object_of(struct world *w)
{
    return glm_fake_get(w->clusters[1], &glm_test_config_map, "management", "ingress");
}

static bool has_spec(struct world *w, const char *cluster)
{
    return glm_is_string(
        glm_get_path(object_of(w), "data", glm_sprintf(w->arena, "%s.1-24.spec", cluster), NULL));
}

static const char *state_of(const struct glm_change *change, const char *cluster)
{
    return glm_string_or(glm_get_path(change->result, "status", "clusters", cluster,
                                      "installations", "1-24", "state", NULL),
                         "none");
}

/* ---- the tests ---- */

static void the_object_is_shown_once_where_it_is(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH, "example.com/a");
    struct glm_change made = must_apply(w, NULL, wanted);
    assert_int_equal(glm_fake_count(w->clusters[1]), 1);
    assert_true(has_spec(w, "east") && has_spec(w, "west"));
    const struct glm_value *shown = glm_test_objects(made.result);
    assert_true(glm_is_map(shape_entries(made.result, SHAPE_KEY_ALL, OBJECT, "hub")));
    assert_true(glm_is_string(shape_manifest(made.result, SHAPE_KEY_ALL, OBJECT)));
    assert_string_equal(state_of(&made, "west"), "PENDING");

    struct glm_change now = {.prior = made.result, .record = made.result_record};
    assert_true(glm_lifecycle_read(w->arena, &w->estate, &now, &w->d));
    glm_assert_value_equal(now.result, made.result);

    unsigned writes = glm_fake_writes(w->clusters[1]);
    struct glm_change again = plan(w, &made, wanted);
    glm_assert_value_equal(glm_test_objects(again.result), shown);
    must_apply(w, &made, wanted);
    assert_int_equal(glm_fake_writes(w->clusters[1]), writes);
    end_world(w);
}

/* What somebody in the hub says of the pairs. */
static void say(void *context)
{
    struct world *w = context;
    const struct glm_value *o = object_of(w);
    o = glm_with_path(w->arena, o, glm_string(w->arena, "HEALTHY"), "data", "east.1-24.state",
                      NULL);
    o = glm_with_path(w->arena, o, glm_string(w->arena, "FAILED"), "data", "west.1-24.state", NULL);
    glm_fake_put_as(w->clusters[1], &glm_test_config_map, o);
}

static void each_pair_is_waited_for_by_what_the_object_says_of_it(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted =
        glm_with(w->arena, attributes(w, BOTH, "example.com/a"), "wait_for_healthy", &glm_true);
    bool ok;
    glm_fake_each_round(w->clusters[1], say, w);
    struct glm_change made = apply(w, NULL, wanted, &ok);
    assert_false(ok);
    glm_assert_error(&w->d, "installations[\"1-24\"].clusters[\"west\"]", "So it was said.");
    assert_string_equal(state_of(&made, "east"), "HEALTHY");
    assert_string_equal(state_of(&made, "west"), "FAILED");
    const struct glm_value *as_planned =
        glm_test_value(w->arena, "{'state':'HEALTHY','message':null,'observed_revision':'1-24'}");
    glm_assert_value_equal(
        glm_get_path(made.result, "status", "clusters", "east", "installations", "1-24", NULL),
        as_planned);
    end_world(w);
}

static void a_pair_that_leaves_takes_nothing_from_the_others(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = must_apply(w, NULL, attributes(w, BOTH, "example.com/a"));
    made = must_apply(w, &made, attributes(w, EAST, "example.com/a"));
    assert_true(has_spec(w, "east"));
    assert_false(has_spec(w, "west"));
    assert_true(glm_is_null(glm_test_objects_of(w->arena, made.result, "west")));
    end_world(w);
}

static void a_write_that_fails_is_the_failure_of_every_pair(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, BOTH, "example.com/b");
    struct glm_change made = must_apply(w, NULL, attributes(w, BOTH, "example.com/a"));
    for (unsigned nth = 1; nth <= 8; nth++) {
        bool ok;
        glm_fake_fail_at(w->clusters[1], nth, "This one fails.");
        struct glm_change failed = apply(w, &made, wanted, &ok);
        glm_fake_fail_at(w->clusters[1], 0, NULL);
        if (ok)
            break;
        assert_false(glm_is_null(glm_test_objects_of(w->arena, failed.result, "east")));
        assert_false(glm_is_null(glm_test_objects_of(w->arena, failed.result, "west")));
        struct glm_change done = must_apply(w, &failed, wanted);
        assert_int_equal(glm_fake_count(w->clusters[1]), 1);
        made = must_apply(w, &done, attributes(w, BOTH, "example.com/a"));
    }
    end_world(w);
}

static void the_object_goes_with_the_resource_and_until_then_all_is_shown(void **state)
{
    unsigned failed = 0;
    for (unsigned nth = 1; nth <= 3; nth++) {
        struct world *w = new_world(*state);
        struct glm_change made = must_apply(w, NULL, attributes(w, BOTH, "example.com/a"));
        struct glm_change gone = {.prior = made.result, .record = made.result_record};
        glm_fake_fail_at(w->clusters[1], nth, "This one fails.");
        if (!glm_lifecycle_remove(w->arena, &w->estate, &gone, &w->d)) {
            failed++;
            glm_fake_fail_at(w->clusters[1], 0, NULL);
            glm_assert_value_equal(glm_test_objects(gone.result), glm_test_objects(made.result));
            gone = (struct glm_change){.prior = gone.result, .record = kept(w, &gone)};
            assert_true(glm_lifecycle_remove(w->arena, &w->estate, &gone, &w->d));
        }
        assert_true(glm_is_null(gone.result));
        assert_int_equal(glm_fake_count(w->clusters[1]), 0);
        end_world(w);
    }
    assert_true(failed > 0);
}

static void refused_at_plan(struct world *w, const char *clusters, const char *why)
{
    struct glm_change change = {.prior = &glm_null,
                                .record = &glm_null,
                                .attributes = attributes(w, clusters, "example.com/a")};
    assert_false(glm_lifecycle_plan(w->arena, &w->estate, &change, &w->d));
    glm_assert_error(&w->d, "installations", why);
}

/* East's own gateway would come after that of the hub has gone. */
static void what_would_go_there_before_it_is_ready_here_is_refused(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = must_apply(w, NULL, attributes(w, EAST, "example.com/a"));
    w->configs[0].installer = "config_map";
    struct glm_change change = {.prior = made.result,
                                .record = made.result_record,
                                .attributes = attributes(w, EAST, "example.com/a")};
    assert_false(glm_lifecycle_plan(w->arena, &w->estate, &change, &w->d));
    glm_assert_error(&w->d, "installations[\"1-24\"]", "was written to \"hub\"");
    glm_diags_init(&w->d, w->arena);
    change.attributes = made.result;
    assert_false(glm_lifecycle_apply(w->arena, &w->estate, &change, &w->d));
    glm_assert_error(&w->d, "installations[\"1-24\"]", "its traffic would end");
    assert_true(has_spec(w, "east"));
    end_world(w);
}

static void two_installers_do_not_write_to_one_entry(void **state)
{
    struct world *w = new_world(*state);
    w->configs[1].installer = "config_map";
    refused_at_plan(w, EAST ",'hub':{}", "By \"shared\" and by \"config_map\"");
    end_world(w);
}

static void an_installer_that_there_is_not_is_refused_with_those_that_there_are(void **state)
{
    struct world *w = new_world(*state);
    w->configs[2].installer = "helm";
    refused_at_plan(w, BOTH,
                    "\"helm\", and the installers that there are: \"shared\" or "
                    "\"config_map\"");
    end_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
        CASE(the_object_is_shown_once_where_it_is),
        CASE(each_pair_is_waited_for_by_what_the_object_says_of_it),
        CASE(a_pair_that_leaves_takes_nothing_from_the_others),
        CASE(a_write_that_fails_is_the_failure_of_every_pair),
        CASE(the_object_goes_with_the_resource_and_until_then_all_is_shown),
        CASE(what_would_go_there_before_it_is_ready_here_is_refused),
        CASE(two_installers_do_not_write_to_one_entry),
        CASE(an_installer_that_there_is_not_is_refused_with_those_that_there_are),
    };
    return cmocka_run_group_tests_name("installer_hub", tests, NULL, NULL);
}
