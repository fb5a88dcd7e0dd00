/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether traffic can be switched over: what Pods and EndpointSlices say, and what is made of it when
 * they cannot be looked at. The cluster is a fake: no real one fails on demand.
 */
#include "../../src/lifecycle/parts.h"
#include "fake_cluster.h"
#include "test.h"

#define TROUBLE "API server https://a has trouble of its own: no quorum (500)."

struct change {
    struct glm_cluster *cluster;
    atomic_bool stop;
    unsigned rounds;
    struct glm_estate estate;
    struct glm_change change;
    struct glm_installation installation;
    struct wanted_object service;
    struct wanted_pair pair;
    struct wanted_seat wanted;
    struct pair_work work_of_pair;
    struct work work;
    struct glm_diags d;
};

static struct change *new_change(struct glm_arena *arena, int64_t limit_ms)
{
    struct change *c = GLM_NEW(arena, struct change);
    c->cluster = glm_fake_create_live("east");
    c->estate = (struct glm_estate){.installers = glm_test_installers(), .stop = &c->stop};
    c->change = (struct glm_change){.prior = &glm_null, .attributes = &glm_empty_map};
    c->installation = (struct glm_installation){.key = "1-24", .revision = "1-24"};
    c->service = (struct wanted_object){
        .ref = {GLM_KIND_SERVICE, "gw", "ingress"},
        .bare = glm_test_value(arena, "{'spec':{'selector':{'app':'ingress'}}}")};
    c->pair =
        (struct wanted_pair){.installation = &c->installation, .key = "1-24", .cluster = "east"};
    c->wanted = (struct wanted_seat){.name = "east", .pairs = &c->pair, .pair_count = 1};
    c->work = (struct work){
        .estate = &c->estate,
        .change = &c->change,
        .cluster_name = "east",
        .installer = glm_test_installers()[0],
        .members = &glm_empty_map,
        .cluster = c->cluster,
        .closing = c->cluster,
        .kept = arena,
        .label = "east",
        .wanted = &c->wanted,
        .record = &glm_empty_map,
        .limit = time_limit("update", limit_ms),
        .pairs = &c->work_of_pair,
    };
    glm_diags_init(&c->d, arena);
    return c;
}

static void put_ready(struct glm_cluster *cluster, struct glm_arena *arena)
{
    glm_fake_put(cluster,
                 glm_test_value(arena, "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p',"
                                       "'namespace':'gw','labels':{'app':'ingress'}},'status':{"
                                       "'conditions':[{'type':'Ready','status':'True'}]}}"));
    glm_fake_put(
        cluster,
        glm_test_value(arena,
                       "{'apiVersion':'discovery.k8s.io/v1','kind':'EndpointSlice','metadata':{"
                       "'name':'s','namespace':'gw','labels':{'kubernetes.io/service-name':"
                       "'ingress'}},'endpoints':[{'targetRef':{'name':'p'}}]}"));
}

static bool before(struct change *c, struct glm_arena *arena)
{
    return endpoints_before(&c->work, arena, 0, &c->service, &c->d);
}

static bool after(struct change *c, struct glm_arena *arena)
{
    return endpoints_after(&c->work, arena, 0, &c->service, &c->d);
}

static void done(struct change *c)
{
    c->cluster->ops->destroy(c->cluster);
}

static void a_ready_pod_and_its_endpoint_are_enough(void **state)
{
    struct change *c = new_change(*state, 0);
    put_ready(c->cluster, *state);
    assert_true(before(c, *state));
    assert_true(after(c, *state));
    assert_string_equal(glm_test_diags_text(*state, &c->d), "");
    done(c);
}

static void without_the_right_to_look_the_deployment_has_to_do(void **state)
{
    const struct glm_object_kind *const kinds[] = {GLM_KIND_POD, GLM_KIND_ENDPOINT_SLICE};
    for (size_t i = 0; i < 2; i++) {
        struct change *c = new_change(*state, 0);
        put_ready(c->cluster, *state);
        glm_fake_deny(c->cluster, kinds[i], "The API server forbids it.");
        assert_true(after(c, *state));
        assert_int_equal(c->d.errors, 0);
        glm_assert_warning(&c->d, "installations[\"1-24\"].clusters[\"east\"]",
                           "by the health of the Deployment alone. The API server forbids it.");
        done(c);
    }
}

/* ---- trouble ---- */

static void recover(void *context)
{
    struct change *c = context;
    if (++c->rounds < 3)
        return;
    glm_fake_refuse(c->cluster, GLM_KIND_POD, NULL);
    glm_fake_refuse(c->cluster, GLM_KIND_ENDPOINT_SLICE, NULL);
}

static void trouble_that_passes_is_waited_out(void **state)
{
    const struct glm_object_kind *const kinds[] = {GLM_KIND_POD, GLM_KIND_ENDPOINT_SLICE};
    for (size_t i = 0; i < 2; i++) {
        struct change *c = new_change(*state, 0);
        put_ready(c->cluster, *state);
        glm_fake_refuse(c->cluster, kinds[i], TROUBLE);
        glm_fake_each_round(c->cluster, recover, c);
        assert_true(after(c, *state));
        assert_int_equal(c->rounds, 3);
        assert_string_equal(glm_test_diags_text(*state, &c->d), "");
        done(c);
    }
}

static void trouble_to_the_end_leaves_the_service_as_it_is(void **state)
{
    struct change *c = new_change(*state, 200);
    put_ready(c->cluster, *state);
    glm_fake_refuse(c->cluster, GLM_KIND_POD, TROUBLE);
    assert_false(before(c, *state));
    assert_true(time_limit_over(&c->work.limit));
    glm_assert_error(&c->d, "installations[\"1-24\"].clusters[\"east\"]",
                     "whether a ready Pod matches what it is to select could not be found out");
    glm_assert_error(&c->d, "installations[\"1-24\"].clusters[\"east\"]", TROUBLE);
    done(c);
}

static void no_ready_pod_to_the_end_says_so(void **state)
{
    struct change *c = new_change(*state, 200);
    assert_false(before(c, *state));
    glm_assert_error(&c->d, "installations[\"1-24\"].clusters[\"east\"]",
                     "no ready Pod matches what it is to select (its selector: app=ingress)");
    done(c);
}

static void a_service_that_was_written_is_not_said_to_be_left(void **state)
{
    struct change *c = new_change(*state, 200);
    assert_false(after(c, *state));
    const char *said = glm_test_diags_text(*state, &c->d);
    assert_non_null(strstr(said, "The switch was not seen to its end"));
    assert_null(strstr(said, "not switched over"));
    done(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ready_pod_and_its_endpoint_are_enough),
        cmocka_unit_test(without_the_right_to_look_the_deployment_has_to_do),
        cmocka_unit_test(trouble_that_passes_is_waited_out),
        cmocka_unit_test(trouble_to_the_end_leaves_the_service_as_it_is),
        cmocka_unit_test(no_ready_pod_to_the_end_says_so),
        cmocka_unit_test(a_service_that_was_written_is_not_said_to_be_left),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
