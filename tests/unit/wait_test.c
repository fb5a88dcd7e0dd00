/* SPDX-License-Identifier: Apache-2.0
 *
 * How long a wait is, what it takes, and how it ends. The cluster is a fake: no real one says
 * something else two thousand times on demand.
 */
#include "../../src/installer/operator/operator.h"
#include "../../src/lifecycle/parts.h"
#include "fake_cluster.h"
#include "test.h"

#define MINUTES(n) ((int64_t)(n)*60 * 1000)

/* ---- a gateway that is not ready yet ---- */

struct gateway {
    struct glm_cluster *cluster;
    atomic_bool stop;
    unsigned rounds, most; /* the provider is to stop after so many looks; 0: never */
    struct glm_estate estate;
    struct glm_change change;
    struct glm_installation installation;
    struct wanted_object object;
    struct wanted_pair pair;
    struct wanted_seat wanted;
    struct operator_notes notes;
    struct pair_work work_of_pair;
    struct work work;
    struct glm_diags d;
};

/* What another says at each look, and never the same. */
static void put_restless(struct gateway *g)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 20);
    glm_fake_put(
        g->cluster,
        glm_test_value(arena, glm_sprintf(arena,
                                          "{'apiVersion':'install.istio.io/v1alpha1',"
                                          "'kind':'IstioOperator','metadata':{'name':'a',"
                                          "'namespace':'n','uid':'u','generation':%u,"
                                          "'resourceVersion':'%u','finalizers':["
                                          "'istio-finalizer.install.istio.io','f%u']},"
                                          "'spec':{'profile':'empty'},'status':{'status':"
                                          "'STRANGE %0900u'}}",
                                          g->rounds + 1, g->rounds + 1, g->rounds, g->rounds)));
}

static void next_round(void *context)
{
    struct gateway *g = context;
    if (++g->rounds == g->most)
        atomic_store(&g->stop, true);
    put_restless(g);
}

static struct gateway *new_gateway(struct glm_arena *arena, int64_t limit_ms)
{
    struct gateway *g = GLM_NEW(arena, struct gateway);
    g->cluster = glm_fake_create_live("east");
    g->estate = (struct glm_estate){.installers = glm_test_installers(), .stop = &g->stop};
    g->change = (struct glm_change){.prior = &glm_null, .attributes = &glm_empty_map};
    g->installation = (struct glm_installation){.key = "1-24", .revision = "1-24"};
    g->object = (struct wanted_object){
        .ref = {GLM_KIND_ISTIO_OPERATOR, "n", "a"}, .role = GLM_ROLE_WORKLOAD, .main = true};
    g->pair = (struct wanted_pair){
        .installation = &g->installation,
        .key = "1-24",
        .cluster = "east",
        .objects = &g->object,
        .object_count = 1,
    };
    g->wanted = (struct wanted_seat){.name = "east", .pairs = &g->pair, .pair_count = 1};
    g->notes = (struct operator_notes){.taken_up = true};
    g->work_of_pair = (struct pair_work){.installed = true, .await = true, .notes = &g->notes};
    g->work = (struct work){
        .estate = &g->estate,
        .change = &g->change,
        .name = "gw",
        .namespace_ = "n",
        .cluster_name = "east",
        .installer = glm_test_installers()[0],
        .members = &glm_empty_map,
        .cluster = g->cluster,
        .closing = g->cluster,
        .kept = arena,
        .label = "east",
        .wanted = &g->wanted,
        .record = &glm_empty_map,
        .patient = true,
        .limit = time_limit("update", limit_ms),
        .pairs = &g->work_of_pair,
    };
    glm_diags_init(&g->d, arena);
    return g;
}

static size_t memory_of_a_wait(unsigned looks)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    struct gateway *g = new_gateway(arena, 0);
    g->most = looks;
    put_restless(g);
    glm_fake_each_round(g->cluster, next_round, g);
    wait_until_ready(&g->work, arena, &g->d);
    assert_int_equal(g->rounds, looks);
    size_t used = glm_arena_used(arena);
    g->cluster->ops->destroy(g->cluster);
    return used;
}

static size_t memory_of_a_removal(unsigned looks)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    struct gateway *g = new_gateway(arena, 0);
    bool gone = false;
    g->most = looks;
    put_restless(g);
    glm_fake_each_round(g->cluster, next_round, g);
    wait_until_gone(&g->work, arena, &g->object.ref, &gone, 1, &g->d);
    assert_int_equal(g->rounds, looks);
    size_t used = glm_arena_used(arena);
    g->cluster->ops->destroy(g->cluster);
    return used;
}

static void the_memory_of_a_wait_does_not_grow_with_its_looks(void **state)
{
    (void)state;
    size_t few = memory_of_a_wait(20), many = memory_of_a_wait(1000);
    if (many > few + few / 10)
        fail_msg("20 looks take %zu bytes, 1000 take %zu", few, many);
    few = memory_of_a_removal(20);
    many = memory_of_a_removal(1000);
    if (many > few + few / 10)
        fail_msg("20 looks at what goes take %zu bytes, 1000 take %zu", few, many);
}

/* HEALTHY after our own write has to hold for a while; when the time is over before that, it did. */
static void healthy_when_the_time_is_over_is_success(void **state)
{
    struct gateway *g = new_gateway(*state, 200);
    g->work_of_pair.written = "1"; /* our own write; since then it was not seen to be worked on */
    glm_fake_put(g->cluster,
                 glm_test_value(*state, "{'apiVersion':'install.istio.io/v1alpha1','kind':"
                                        "'IstioOperator','metadata':{'name':'a','namespace':'n',"
                                        "'uid':'u','generation':1,'resourceVersion':'2',"
                                        "'finalizers':['iop.pluma.io/finalizer']},"
                                        "'spec':{'profile':'empty'},'status':{'status':"
                                        "'HEALTHY'}}"));
    wait_until_ready(&g->work, *state, &g->d);
    assert_string_equal(glm_test_diags_text(*state, &g->d), "");
    assert_true(time_limit_over(&g->work.limit));
    assert_true(g->work_of_pair.ready);
    assert_string_equal(g->work_of_pair.healthy, "u/1");
    g->cluster->ops->destroy(g->cluster);
}

/* How long it was so, whose time that was, and whose object would stop every operator. */
static void what_nobody_takes_up_says_what_to_do_and_who_stands_in_the_way(void **state)
{
    struct glm_arena *arena = *state;
    struct gateway *g = new_gateway(arena, 0);
    struct glm_installer_sight sight;
    struct sight_of of;
    struct sight seen;
    g->work.limit = time_limit("create", MINUTES(20));
    g->installation.control_plane = "1-24";
    glm_fake_put(g->cluster,
                 glm_test_value(arena, "{'apiVersion':'install.istio.io/v1alpha1','kind':"
                                       "'IstioOperator','metadata':{'name':'a','namespace':'n'},"
                                       "'spec':{'revision':'1-24'}}"));
    glm_fake_put(g->cluster,
                 glm_test_value(arena, "{'apiVersion':'install.istio.io/v1alpha1','kind':"
                                       "'IstioOperator','metadata':{'name':'bad','namespace':'n'},"
                                       "'spec':{'hub':[]}}"));
    sight_of_pair(&g->work, arena, 0, &of);
    assert_true(observe(g->cluster, arena, &of, &seen, &g->d));
    assert_int_equal(seen.judgement.state, GLM_STATE_PENDING);
    sight = seen.seen;
    of.call.cluster = g->cluster;
    const char *given_up = operator_explain(&of.call, &sight, &seen.judgement, NULL, MINUTES(5));
    const char *going_on = operator_explain(&of.call, &sight, &seen.judgement, NULL, -1);
    assert_non_null(strstr(given_up, "Nobody has touched it for 5m0s."));
    assert_non_null(strstr(given_up, "serves revision \"1-24\" and watches namespace n"));
    assert_non_null(strstr(given_up, "a quarter of timeouts.create,"));
    assert_non_null(strstr(given_up, "\nIstioOperator n/bad is malformed"));
    assert_null(strstr(going_on, "Nobody"));
    assert_true(strncmp(going_on, "IstioOperator n/bad is malformed", 32) == 0);
    g->cluster->ops->destroy(g->cluster);
}

/* ---- without waiting ---- */

static const char healthy_without_a_generation[] =
    "{'apiVersion':'install.istio.io/v1alpha1','kind':'IstioOperator','metadata':{'name':"
    "'ingress-1-24','namespace':'n','finalizers':['iop.pluma.io/finalizer']},'spec':{'profile':"
    "'empty'},'status':{'status':'HEALTHY'}}";
static const char istiod[] =
    "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'istiod','namespace':'i',"
    "'labels':{'app':'istiod','istio.io/rev':'1-24'}},'spec':{'template':{'spec':{'containers':["
    "{'name':'discovery','image':'istio/pilot:1.24.3'}]}}}}";

static bool is_unwaited(const struct glm_change *change)
{
    const struct glm_value *c = glm_get_path(change->result_record, "clusters", "east", NULL);
    assert_true(glm_is_map(c));
    return record_is_unwaited(c, "1-24");
}

struct world {
    struct glm_cluster *clusters[1];
    struct glm_cluster_config configs[1];
    atomic_bool stop;
    struct glm_estate estate;
    struct glm_change change;
};

/* A create without waiting, planned, in a cluster that has a control plane for it. */
static struct world *new_world(struct glm_arena *arena)
{
    struct world *w = GLM_NEW(arena, struct world);
    struct glm_diags d;
    glm_diags_init(&d, arena);
    w->clusters[0] = glm_fake_create_live("east");
    w->configs[0] = (struct glm_cluster_config){
        .name = "east", .place = GLM_PLACE_LIVE, .operator_namespace = "n"};
    w->estate = (struct glm_estate){
        .installers = glm_test_installers(),
        .mesh = {.known = true,
                 .operator_namespace = "istio-system",
                 .clusters = w->configs,
                 .cluster_count = 1,
                 .default_distribution = &glm_null},
        .clusters = w->clusters,
        .max_parallel = 1,
        .stop = &w->stop,
    };
    w->change = (struct glm_change){
        .prior = &glm_null,
        .record = &glm_null,
        .creating = true,
        .attributes = glm_test_value(
            arena, "{'name':'ingress','namespace':'g','helm_global':null,'wait_for_healthy':false,"
                   "'adopt_existing':true,'installations':{'1-24':{'gateway_revision':'1-24',"
                   "'clusters':{'east':{'active_gateway':false}},'istio_operator_spec':"
                   "'{\\'profile\\':\\'empty\\',\\'hub\\':\\'istio\\',\\'tag\\':\\'1.24.3\\',"
                   "\\'components\\':{\\'ingressGateways\\':[{\\'name\\':\\'ingress\\',"
                   "\\'namespace\\':\\'n\\',\\'enabled\\':true,\\'label\\':{\\'istio\\':"
                   "\\'ingress\\'}}]}}'}}}")};
    if (!glm_lifecycle_plan(arena, &w->estate, &w->change, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    w->change.attributes = w->change.result;
    w->change.record = &glm_null;
    glm_fake_put(w->clusters[0], glm_test_value(arena, istiod));
    return w;
}

static void apply(struct glm_arena *arena, struct world *w)
{
    struct glm_diags d;
    glm_diags_init(&d, arena);
    if (!glm_lifecycle_apply(arena, &w->estate, &w->change, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
}

/* What a server says of a pair decides, not whether it has given the object a uid. */
static void what_is_healthy_already_needs_no_wait_later(void **state)
{
    struct world *w = new_world(*state);
    const struct glm_object_ref ref = {
        .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "n", .name = "ingress-1-24"};
    apply(*state, w);
    assert_true(is_unwaited(&w->change));
    glm_fake_fix(w->clusters[0], &ref, glm_test_value(*state, healthy_without_a_generation));
    apply(*state, w); /* once more, as when the first one's state was lost */
    assert_false(is_unwaited(&w->change));
    w->clusters[0]->ops->destroy(w->clusters[0]);
}

/* Such as an entry of the provider's configuration that is not known yet. */
static void a_cluster_without_a_way_to_it_is_an_error(void **state)
{
    struct world *w = new_world(*state);
    struct glm_cluster *none[1] = {NULL};
    struct glm_diags d;
    glm_diags_init(&d, *state);
    w->estate.clusters = none;
    assert_false(glm_lifecycle_apply(*state, &w->estate, &w->change, &d));
    glm_assert_error(&d, "installations", "How to reach cluster \"east\" is not known");
    w->clusters[0]->ops->destroy(w->clusters[0]);
}

/* ---- who has how long ---- */

/* So that what comes after it, in the other clusters too, has as much at the least. */
static void a_look_has_half_of_the_time(void **state)
{
    struct world *w = new_world(*state);
    w->change.timeout_ms = MINUTES(20);
    apply(*state, w);
    assert_in_range(glm_fake_listed_within(w->clusters[0]), MINUTES(5), MINUTES(10));
    assert_in_range(glm_fake_wrote_within(w->clusters[0]), MINUTES(15), MINUTES(20));
    w->clusters[0]->ops->destroy(w->clusters[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_memory_of_a_wait_does_not_grow_with_its_looks),
        cmocka_unit_test(healthy_when_the_time_is_over_is_success),
        cmocka_unit_test(what_nobody_takes_up_says_what_to_do_and_who_stands_in_the_way),
        cmocka_unit_test(what_is_healthy_already_needs_no_wait_later),
        cmocka_unit_test(a_cluster_without_a_way_to_it_is_an_error),
        cmocka_unit_test(a_look_has_half_of_the_time),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
