/* SPDX-License-Identifier: Apache-2.0
 *
 * An installer that writes one object for all pairs to one entry of `clusters`, as a management plane wants
 * it: a ConfigMap in east with the spec of each pair, by cluster and revision, and beside it what somebody
 * says of its state. West is only a name, and nobody has access to it.
 */
#include "test.h"
#include "shown.h"

#include "../../src/lifecycle/lifecycle_internal.h"
#include "fake_cluster.h"
#include "glm/codec.h"
#include "glm/lifecycle.h"
#include "test_installer.h"

#include <string.h>

#define NAME "ingress-all"
#define EAST "{'active_gateway':false}"
#define BOTH "{'east':" EAST ",'west':" EAST "}"

/* ---- the installer ---- */

static const char *first_entry(const struct glm_installer_call *call, const char *cluster,
                               struct glm_diags *d)
{
    (void)cluster;
    (void)d;
    return call->mesh->clusters[0].name;
}

static const struct glm_value *config_map(struct glm_arena *arena, const char *name,
                                          const struct glm_value *data)
{
    const struct glm_value *object = glm_test_value(
        arena, glm_sprintf(arena,
                           "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'%s',"
                           "'namespace':'mesh'}}",
                           name));
    return glm_with(arena, object, "data", data);
}

static bool render(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                   size_t count, struct glm_installer_rendering *ret, struct glm_diags *d)
{
    (void)d;
    struct glm_installer_object *one = GLM_NEW(call->arena, struct glm_installer_object);
    struct glm_map_builder data;
    glm_map_init(&data, call->arena);
    for (size_t i = 0; i < count; i++) {
        const struct glm_value *spec =
            glm_string(call->arena, glm_json_text(call->arena, pairs[i].installation->spec));
        const char *key = glm_sprintf(call->arena, "%s.%s", pairs[i].cluster, pairs[i].key);
        glm_map_set(&data, key, spec);
        ret->pairs[i].traffic_known = true;
    }
    *one = (struct glm_installer_object){
        .pair = GLM_PAIR_ALL,
        .role = GLM_ROLE_WORKLOAD,
        .object = config_map(call->arena, NAME, glm_map_finish(&data, NULL)),
        .main = true};
    assert_true(glm_object_ref_as(one->object, &glm_test_config_map, &one->ref));
    ret->objects = one;
    ret->count = count > 0;
    return true;
}

static void judge(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                  void *notes, struct glm_installer_judgement *ret)
{
    (void)notes;
    assert_int_equal(sight->look_count, 1);
    const char *key =
        glm_sprintf(call->arena, "state.%s.%s", sight->pair->cluster, sight->pair->key);
    const struct glm_value *state = glm_get_path(sight->looks[0].read.object, "data", key, NULL);
    *ret = (struct glm_installer_judgement){
        .state = GLM_STATE_PENDING, .message = "Nobody has said anything yet.", .hold_ms = -1};
    if (glm_is_string(state) && glm_test_state(state->as.text, &ret->state))
        ret->message = "As somebody says.";
    ret->settled = ret->state == GLM_STATE_HEALTHY;
    ret->hold_ms = ret->settled ? 0 : -1;
}

static bool namesake(const struct glm_installer_call *call, const struct glm_value *object,
                     const char *name)
{
    (void)call;
    (void)object;
    (void)name;
    return false;
}

static size_t recall(const struct glm_installer_call *call, const struct glm_value *object,
                     const struct glm_value *traffic, const char *const **ret_clusters,
                     const struct glm_value *const **ret_views)
{
    (void)traffic;
    const struct glm_value *data = glm_get(object, "data");
    const char **clusters = GLM_NEW_ARRAY(call->arena, data->len, const char *);
    const struct glm_value **views =
        GLM_NEW_ARRAY(call->arena, data->len, const struct glm_value *);
    size_t count = 0;
    for (size_t i = 0; i < data->len; i++) {
        const char *key = data->as.map[i].key, *dot = strchr(key, '.');
        if (strncmp(key, "state.", strlen("state.")) == 0)
            continue;
        const struct glm_value *view =
            glm_with(call->arena, &glm_empty_map, "key", glm_string(call->arena, dot + 1));
        view = glm_with(call->arena, view, "gateway_revision", glm_string(call->arena, dot + 1));
        clusters[count] = glm_strndup(call->arena, key, (size_t)(dot - key));
        views[count++] = glm_with(call->arena, view, "spec", data->as.map[i].value);
    }
    *ret_clusters = clusters;
    *ret_views = views;
    return count;
}

static const struct glm_installer_kind kinds[] = {
    {.kind = &glm_test_config_map, .role = GLM_ROLE_WORKLOAD, .find = true, .main = true},
    {.kind = NULL}};
static const struct glm_object_kind *const followed[] = {&glm_test_config_map, NULL};
static const char *const forms[] = {"istio_operator_spec", NULL};

static const struct glm_installer together = {.name = "together",
                                              .what = "one ConfigMap",
                                              .kinds = kinds,
                                              .followed = followed,
                                              .forms = forms,
                                              .seat = first_entry,
                                              .render = render,
                                              .judge = judge,
                                              .namesake = namesake,
                                              .recall = recall};
static const struct glm_installer *const installers[] = {&together, NULL};

/* ---- the world ---- */

struct world {
    struct glm_arena *arena;
    struct glm_cluster *clusters[2];
    struct glm_cluster_config configs[2];
    struct glm_estate estate;
    struct glm_diags d;
};

static struct world *new_world(struct glm_arena *arena)
{
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    w->clusters[0] = glm_fake_create_live("east");
    for (size_t i = 0; i < 2; i++)
        w->configs[i] = (struct glm_cluster_config){.name = i == 0 ? "east" : "west",
                                                    .place = GLM_PLACE_LIVE,
                                                    .operator_namespace = "istio-system"};
    w->estate = (struct glm_estate){.installers = installers,
                                    .mesh = {.known = true,
                                             .operator_namespace = "istio-system",
                                             .clusters = w->configs,
                                             .cluster_count = 2,
                                             .default_distribution = &glm_null},
                                    .clusters = w->clusters,
                                    .max_parallel = 2};
    glm_diags_init(&w->d, arena);
    return w;
}

static void end_world(struct world *w)
{
    w->clusters[0]->ops->destroy(w->clusters[0]);
}

static const struct glm_value *attributes(struct world *w, const char *hub, const char *clusters)
{
    return glm_test_value(
        w->arena,
        glm_sprintf(
            w->arena,
            "{'name':'ingress','namespace':'gloo-mesh','wait_for_healthy':false,"
            "'installations':{'1-24':{'gateway_revision':'1-24','clusters':%s,"
            "'skip_upgrade_validation':true,'istio_operator_spec':'{values: {global: {meshID"
            ": m}}, hub: %s, tag: 1.24.1, components: {ingressGateways: [{name: ingress, "
            "enabled: true}]}}'}},'helm_global':null}",
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

static struct glm_change apply(struct world *w, const struct glm_change *before,
                               const struct glm_value *wanted, bool *ret_ok)
{
    const struct glm_change planned = plan(w, before, wanted);
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
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return change;
}

static struct glm_change read_it(struct world *w, const struct glm_change *made)
{
    struct glm_change change = {.prior = made->result, .record = made->result_record};
    glm_diags_init(&w->d, w->arena);
    if (!glm_lifecycle_read(w->arena, &w->estate, &change, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    return change;
}

static const struct glm_value *the_object(struct world *w)
{
    return glm_fake_get(w->clusters[0], &glm_test_config_map, "mesh", NAME);
}

static void set_state(struct world *w, const char *cluster, const char *state)
{
    glm_fake_put_as(w->clusters[0], &glm_test_config_map,
                    glm_with_path(w->arena, the_object(w), glm_string(w->arena, state), "data",
                                  glm_sprintf(w->arena, "state.%s.1-24", cluster), NULL));
}

static const char *state_of(const struct glm_change *change, const char *cluster)
{
    return glm_string_or(glm_get(status_get(change->result, cluster, "1-24"), "state"), "none");
}

static const struct glm_value *shown(const struct glm_change *change)
{
    return glm_test_objects(change->result);
}

static const struct glm_value *shown_of(struct world *w, const struct glm_change *change,
                                        const char *cluster)
{
    return glm_test_objects_of(w->arena, change->result, cluster);
}

/* ---- the tests ---- */

static void one_object_is_for_all_pairs(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_value *wanted = attributes(w, "a.example", BOTH);
    struct glm_change made = must_apply(w, NULL, wanted);
    assert_int_equal(glm_fake_count(w->clusters[0]), 1);
    assert_true(glm_has(glm_get(the_object(w), "data"), "east.1-24"));
    assert_true(glm_has(glm_get(the_object(w), "data"), "west.1-24"));
    const struct record_object *objects;
    assert_int_equal(record_objects(w->arena,
                                    glm_get_path(made.result_record, "clusters", "east", NULL),
                                    &objects),
                     1);
    assert_true(objects[0].main);
    assert_null(objects[0].pair);
    /* A read changes nothing, and then there is nothing to be done. */
    struct glm_change now = read_it(w, &made);
    glm_assert_value_equal(shown(&now), shown(&made));
    unsigned writes = glm_fake_writes(w->clusters[0]);
    now = must_apply(w, &now, wanted);
    assert_int_equal(glm_fake_writes(w->clusters[0]), writes);
    /* Something else is said of it. */
    now = must_apply(w, &now, attributes(w, "b.example", BOTH));
    assert_non_null(strstr(glm_json_text(w->arena, shown(&now)), "b.example"));
    assert_null(strstr(glm_json_text(w->arena, shown(&now)), "a.example"));
    end_world(w);
}

static void each_pair_of_one_object_has_its_own_state(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = must_apply(w, NULL, attributes(w, "a.example", BOTH));
    set_state(w, "east", "HEALTHY");
    struct glm_change now = read_it(w, &made);
    assert_string_equal(state_of(&now, "east"), "HEALTHY");
    assert_string_equal(state_of(&now, "west"), "PENDING");
    set_state(w, "west", "UNHEALTHY");
    now = read_it(w, &now);
    assert_string_equal(state_of(&now, "west"), "UNHEALTHY");
    glm_assert_value_equal(shown(&now), shown(&made));
    end_world(w);
}

static void a_pair_leaves_an_object_that_stays(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = must_apply(w, NULL, attributes(w, "a.example", BOTH));
    made = read_it(w, &made);
    made = must_apply(w, &made, attributes(w, "a.example", "{'west':" EAST "}"));
    assert_false(glm_has(glm_get(the_object(w), "data"), "east.1-24"));
    assert_true(glm_has(glm_get(the_object(w), "data"), "west.1-24"));
    made = read_it(w, &made);
    assert_string_equal(state_of(&made, "east"), "none");
    assert_string_equal(state_of(&made, "west"), "PENDING");
    struct glm_change gone = {.prior = made.result, .record = made.result_record};
    glm_diags_init(&w->d, w->arena);
    if (!glm_lifecycle_remove(w->arena, &w->estate, &gone, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    assert_true(glm_is_null(the_object(w)));
    end_world(w);
}

static void a_cluster_that_does_not_answer_keeps_the_pairs_of_all(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = must_apply(w, NULL, attributes(w, "a.example", BOTH));
    glm_fake_break(w->clusters[0], true);
    struct glm_change now = read_it(w, &made);
    glm_assert_value_equal(shown(&now), shown(&made));
    glm_assert_value_equal(now.result_record, made.result_record);
    assert_string_equal(state_of(&now, "east"), "UNKNOWN");
    assert_string_equal(state_of(&now, "west"), "UNKNOWN");
    glm_fake_break(w->clusters[0], false);
    now = read_it(w, &now);
    assert_string_equal(state_of(&now, "west"), "PENDING");
    /* When nothing has access to east either, all stays as it is. */
    static struct glm_cluster *const none[2];
    w->estate.clusters = none;
    struct glm_change kept = read_it(w, &now);
    glm_assert_value_equal(kept.result, now.result);
    glm_assert_value_equal(kept.result_record, now.result_record);
    end_world(w);
}

/* West has something of its own by now, and is read; nobody has access to east, which has the rest. */
static void a_pair_whose_object_is_in_an_entry_that_is_not_read_stays_as_it_is(void **state)
{
    struct world *w = new_world(*state);
    struct glm_cluster *east = w->clusters[0], *west = glm_fake_create_live("west");
    struct glm_change made = must_apply(w, NULL, attributes(w, "a.example", BOTH));
    set_state(w, "west", "HEALTHY");
    made = read_it(w, &made);
    const struct glm_value *own = config_map(w->arena, "own", &glm_empty_map);
    glm_fake_put_as(west, &glm_test_config_map, own);
    made.result_record =
        glm_with_path(w->arena, made.result_record,
                      glm_test_value(w->arena, "{'pair':'1-23','role':'workload','main':true}"),
                      "clusters", "west", "objects", "ConfigMap mesh/own", NULL);
    w->clusters[0] = NULL;
    w->clusters[1] = west;
    struct glm_change now = read_it(w, &made);
    glm_assert_value_equal(shown_of(w, &now, "east"), shown_of(w, &made, "east"));
    glm_assert_value_equal(glm_get(shown_of(w, &now, "west"), "1-24"),
                           glm_get(shown_of(w, &made, "west"), "1-24"));
    assert_string_equal(state_of(&now, "west"), "HEALTHY");
    assert_string_equal(glm_string_or(glm_get(status_get(now.result, "west", "1-23"), "state"), ""),
                        "PENDING");
    glm_assert_value_equal(
        glm_get_path(now.result_record, "clusters", "west", "pairs", "1-24", NULL),
        glm_get_path(made.result_record, "clusters", "west", "pairs", "1-24", NULL));
    /* Both are read: each says what it has. */
    w->clusters[0] = east;
    set_state(w, "west", "UNHEALTHY");
    now = read_it(w, &now);
    assert_string_equal(state_of(&now, "west"), "UNHEALTHY");
    west->ops->destroy(west);
    end_world(w);
}

static void an_object_that_is_gone_is_gone_for_all(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = must_apply(w, NULL, attributes(w, "a.example", BOTH));
    glm_fake_delete(w->clusters[0], &glm_test_config_map, "mesh", NAME);
    assert_true(glm_is_null(read_it(w, &made).result));
    end_world(w);
}

static void an_import_finds_all_pairs_of_one_object(void **state)
{
    struct world *w = new_world(*state);
    must_apply(w, NULL, attributes(w, "a.example", BOTH));
    set_state(w, "west", "HEALTHY");
    struct glm_change found = {.prior = &glm_null, .record = &glm_null, .importing = true};
    glm_diags_init(&w->d, w->arena);
    if (!glm_lifecycle_find(w->arena, &w->estate, "ingress", "gloo-mesh", &glm_null, &found, &w->d))
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
    assert_true(
        glm_has(glm_get_path(found.result, "installations", "1-24", "clusters", NULL), "west"));
    assert_string_equal(state_of(&found, "west"), "HEALTHY");
    assert_string_equal(state_of(&found, "east"), "PENDING");
    const struct record_object *objects;
    assert_int_equal(record_objects(w->arena,
                                    glm_get_path(found.result_record, "clusters", "east", NULL),
                                    &objects),
                     1);
    assert_null(objects[0].pair);
    struct glm_change now = read_it(w, &found);
    assert_string_equal(state_of(&now, "west"), "HEALTHY");
    glm_assert_value_equal(shown(&now), shown(&found));
    end_world(w);
}

/* Any operation of an update may fail: the next apply makes good for it. */
static void any_operation_may_fail_and_the_next_apply_makes_good(void **state)
{
    for (unsigned nth = 1; nth < 20; nth++) {
        struct world *w = new_world(*state);
        const struct glm_value *wanted = attributes(w, "b.example", BOTH);
        struct glm_change made = must_apply(w, NULL, attributes(w, "a.example", BOTH));
        bool ok;
        glm_fake_fail_at(w->clusters[0], nth, "not now");
        struct glm_change after = apply(w, &made, wanted, &ok);
        glm_fake_fail_at(w->clusters[0], 0, NULL);
        after = read_it(w, &after);
        after = must_apply(w, &after, wanted);
        assert_non_null(strstr(glm_json_text(w->arena, the_object(w)), "b.example"));
        assert_null(strstr(glm_json_text(w->arena, shown(&after)), "a.example"));
        end_world(w);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_object_is_for_all_pairs),
        TEST(each_pair_of_one_object_has_its_own_state),
        TEST(a_pair_leaves_an_object_that_stays),
        TEST(a_cluster_that_does_not_answer_keeps_the_pairs_of_all),
        TEST(a_pair_whose_object_is_in_an_entry_that_is_not_read_stays_as_it_is),
        TEST(an_object_that_is_gone_is_gone_for_all),
        TEST(an_import_finds_all_pairs_of_one_object),
        TEST(any_operation_may_fail_and_the_next_apply_makes_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
