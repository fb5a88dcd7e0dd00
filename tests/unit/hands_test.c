/* SPDX-License-Identifier: Apache-2.0
 *
 * A pair changes hands: from an installer whose objects somebody acts on to one that does it all by itself, and
 * back; broken off anywhere, by an error or by a kill, and gone on with.
 */
#include "fake_cluster.h"
#include "glm/lifecycle.h"
#include "glm/text.h"
#include "hands_installer.h"
#include "shown.h"
#include "test.h"
#include "test_installer.h"
#include "traced_installer.h"

#include <string.h>

#define NS "istio-system"
#define NAME "ingress-1-24"
#define WAIT_MS 60000

struct world {
    struct glm_arena *arena;
    struct glm_cluster *cluster;
    struct glm_cluster_config config;
    struct glm_estate estate;
    struct glm_test_actor actor;
    atomic_bool stop;
    struct glm_diags d;
};

/* Traced: who asks them of what they must not be asked fails. */
static const struct glm_installer *installers[3];

static struct world *new_world(struct glm_arena *arena)
{
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    w->cluster = glm_fake_create_live("east");
    glm_fake_own_fields(w->cluster);
    w->config = (struct glm_cluster_config){
        .name = "east", .place = GLM_PLACE_LIVE, .operator_namespace = NS};
    w->estate = (struct glm_estate){.installers = installers,
                                    .mesh = {.known = true,
                                             .operator_namespace = NS,
                                             .clusters = &w->config,
                                             .cluster_count = 1,
                                             .default_distribution = &glm_null},
                                    .clusters = &w->cluster,
                                    .max_parallel = 1,
                                    .stop = &w->stop};
    glm_diags_init(&w->d, arena);
    assert_true(glm_installers_check(installers, &w->d));
    glm_test_actor_begin(&w->actor, arena, w->cluster);
    glm_fake_each_round(w->cluster, glm_test_actor_act, &w->actor);
    return w;
}

static void end_world(struct world *w)
{
    w->cluster->ops->destroy(w->cluster);
}

static const struct glm_value *attributes(struct world *w, bool patient)
{
    return glm_test_value(
        w->arena,
        glm_sprintf(w->arena,
                    "{'name':'ingress','namespace':'gloo-mesh','wait_for_healthy':%s,"
                    "'installations':{'1-24':{'gateway_revision':'1-24','clusters':{'east':{"
                    "'active_gateway':true}},'skip_upgrade_validation':true,'istio_operator_spec':"
                    "'{tag: 1.24.1, components: {ingressGateways: [{name: in, namespace: gw, "
                    "enabled: true, k8s: {service: {ports: [{port: 80}]}}}]}}'}},"
                    "'helm_global':null}",
                    patient ? "true" : "false"));
}

static void use(struct world *w, const char *installer)
{
    w->config.installer = installer;
}

static bool plan(struct world *w, const struct glm_change *before, struct glm_change *ret)
{
    *ret = (struct glm_change){.prior = before ? before->result : &glm_null,
                               .record = before ? before->result_record : &glm_null,
                               .attributes = attributes(w, true)};
    glm_diags_init(&w->d, w->arena);
    return glm_lifecycle_plan(w->arena, &w->estate, ret, &w->d);
}

static void must(struct world *w, bool ok)
{
    if (!ok)
        fail_msg("%s", glm_test_diags_text(w->arena, &w->d));
}

/* Plan and apply. */
static bool apply(struct world *w, const struct glm_change *before, int64_t limit_ms,
                  struct glm_change *ret)
{
    struct glm_change planned;
    must(w, plan(w, before, &planned));
    *ret = (struct glm_change){.prior = planned.prior,
                               .record = planned.result_record,
                               .attributes = planned.result,
                               .timeout_ms = limit_ms,
                               .creating = !before};
    glm_diags_init(&w->d, w->arena);
    return glm_lifecycle_apply(w->arena, &w->estate, ret, &w->d);
}

static struct glm_change read_it(struct world *w, const struct glm_change *made)
{
    struct glm_change read = {.prior = made->result, .record = made->result_record};
    glm_diags_init(&w->d, w->arena);
    must(w, glm_lifecycle_read(w->arena, &w->estate, &read, &w->d));
    return read;
}

static const struct glm_value *object(const struct world *w, const struct glm_object_kind *kind)
{
    return glm_fake_get(w->cluster, kind, NS, NAME);
}

static const char *text(const struct glm_value *object, const char *key)
{
    return glm_string_or(glm_get_path(object, "metadata", key, NULL), "");
}

/* The managers of an object, "a b". */
static const char *managers(struct world *w, const struct glm_value *object)
{
    const struct glm_value *all = glm_get_path(object, "metadata", "managedFields", NULL);
    const char *names = "";
    for (size_t i = 0; glm_is_list(all) && i < all->len; i++)
        names = glm_sprintf(w->arena, "%s%s%s", names, i ? " " : "",
                            glm_string_or(glm_get(all->as.list[i], "manager"), "?"));
    return names;
}

static const struct glm_value *noted(const struct glm_change *made, const char *what)
{
    return glm_get_path(made->result_record, "clusters", "east", "pairs", "1-24", what, NULL);
}

/* What must not be replaced, and did not even change. */
struct before {
    const char *account, *worker;
    const struct glm_value *generation;
};

static struct before see(const struct world *w)
{
    const struct glm_value *worker = object(w, &glm_test_worker);
    return (struct before){text(object(w, &glm_test_account), "uid"), text(worker, "uid"),
                           glm_get_path(worker, "metadata", "generation", NULL)};
}

static void is_untouched(const struct world *w, const struct before *b)
{
    const struct glm_value *worker = object(w, &glm_test_worker);
    assert_string_equal(text(worker, "uid"), b->worker);
    assert_string_equal(text(object(w, &glm_test_account), "uid"), b->account);
    glm_assert_value_equal(glm_get_path(worker, "metadata", "generation", NULL), b->generation);
}

static struct glm_change installed(struct world *w, const char *installer)
{
    struct glm_change made;
    use(w, installer);
    must(w, apply(w, NULL, WAIT_MS, &made));
    assert_true(glm_is_map(object(w, &glm_test_worker)));
    return made;
}

/* All is the one's that does it by itself. */
static void is_done(struct world *w, const struct glm_change *made)
{
    assert_true(glm_is_null(object(w, &glm_test_config_map)));
    assert_string_equal(managers(w, object(w, &glm_test_account)), "the manager");
    assert_string_equal(managers(w, object(w, &glm_test_worker)), "the manager");
    assert_false(
        glm_has(glm_get_path(object(w, &glm_test_worker), "metadata", "labels", NULL), "made-for"));
    assert_string_equal(glm_string_or(noted(made, "installer"), ""), "does");
    assert_true(glm_is_null(noted(made, "from")));
}

/* All is the actor's, and of the ConfigMap nothing is left of the way. */
static void is_asked_for(struct world *w, const struct glm_change *made)
{
    const struct glm_value *config_map = object(w, &glm_test_config_map);
    assert_string_equal(managers(w, config_map), "the manager");
    assert_false(glm_has(glm_get(config_map, "data"), "once"));
    assert_string_equal(managers(w, object(w, &glm_test_account)), GLM_TEST_ACTOR);
    assert_string_equal(managers(w, object(w, &glm_test_worker)), GLM_TEST_ACTOR);
    assert_false(glm_has(glm_get_path(object(w, &glm_test_worker), "metadata", "labels", NULL),
                         "app.kubernetes.io/managed-by"));
    assert_true(glm_is_null(noted(made, "installer")));
    assert_true(glm_is_null(noted(made, "from")));
}

/* A plan has nothing to do, after a read neither. */
static void is_settled(struct world *w, const struct glm_change *made)
{
    struct glm_change again;
    unsigned writes = glm_fake_writes(w->cluster);
    const struct glm_change read = read_it(w, made);
    must(w, plan(w, &read, &again));
    glm_assert_value_equal(glm_test_objects(again.result), glm_test_objects(made->result));
    glm_assert_value_equal(glm_get(again.result, "status"), glm_get(made->result, "status"));
    must(w, apply(w, &read, WAIT_MS, &again));
    assert_int_equal(glm_fake_writes(w->cluster), writes);
}

static void it_is_taken_over_from_who_acts_on_it(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = installed(w, NULL), planned;
    const struct before before = see(w);
    use(w, "does");
    must(w, plan(w, &made, &planned));
    const char *said = glm_test_diags_text(w->arena, &w->d);
    assert_non_null(strstr(said, "\"does\" takes over from \"asks\""));
    assert_non_null(strstr(said, "Nothing is made anew."));
    must(w, apply(w, &made, WAIT_MS, &made));
    is_untouched(w, &before);
    is_done(w, &made);
    is_settled(w, &made);
    end_world(w);
}

static void it_goes_back_to_who_remembers_it(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = installed(w, NULL);
    const struct before before = see(w);
    use(w, "does");
    must(w, apply(w, &made, WAIT_MS, &made));
    unsigned applied = w->actor.applied;
    use(w, NULL);
    must(w, apply(w, &made, WAIT_MS, &made));
    assert_true(w->actor.applied > applied);
    is_untouched(w, &before);
    is_asked_for(w, &made);
    is_settled(w, &made);
    end_world(w);
}

static void what_was_never_asked_for_can_be(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = installed(w, "does");
    const struct before before = see(w);
    use(w, NULL);
    must(w, apply(w, &made, WAIT_MS, &made));
    is_untouched(w, &before);
    is_asked_for(w, &made);
    is_settled(w, &made);
    end_world(w);
}

static void nothing_is_begun_while_somebody_is_at_work(void **state)
{
    struct world *w = new_world(*state);
    w->actor.busy = true;
    struct glm_change made = installed(w, NULL), stuck;
    const struct before before = see(w);
    use(w, "does");
    assert_false(apply(w, &made, 1500, &stuck));
    const char *said = glm_test_diags_text(w->arena, &w->d);
    assert_non_null(strstr(said, "A gateway is not let go"));
    assert_non_null(strstr(said, "the actor is at work"));
    is_untouched(w, &before);
    assert_string_equal(managers(w, object(w, &glm_test_worker)), GLM_TEST_ACTOR);
    /* It comes to an end. */
    const struct glm_value *config_map = object(w, &glm_test_config_map);
    w->actor.busy = false;
    glm_fake_put_as(w->cluster, &glm_test_config_map,
                    glm_with(w->arena, config_map, "status",
                             glm_without(w->arena, glm_get(config_map, "status"), "busy")));
    must(w, apply(w, &stuck, WAIT_MS, &made));
    is_untouched(w, &before);
    is_done(w, &made);
    end_world(w);
}

/* ---- broken off ---- */

enum end { BY_ERROR, BY_LOSS, BY_KILL };

/* From one to the other, but after so many writes every request fails; *ret_made: what Terraform has of it. */
static bool break_off(struct world *w, const char *to, const struct glm_change *made, unsigned nth,
                      enum end end, struct glm_change *ret_made)
{
    struct glm_change change;
    use(w, to);
    glm_fake_die_after(w->cluster, nth, &w->stop);
    glm_fake_die_unheard(w->cluster, end == BY_LOSS);
    bool ok = apply(w, made, WAIT_MS, &change);
    glm_fake_die_after(w->cluster, 0, NULL);
    atomic_store(&w->stop, false);
    glm_fake_break(w->cluster, false);
    *ret_made = end == BY_KILL && !ok ? *made : change;
    return ok;
}

/* Every way to break off `from` to `to`, and then on to `then`, where all is as it was. */
static void broken_off(struct glm_arena *arena, const char *from, const char *to, const char *then,
                       enum end end)
{
    for (unsigned nth = 1;; nth++) {
        struct world *w = new_world(arena);
        struct glm_change made = installed(w, from);
        const struct before before = see(w);
        assert_true(nth < 50);
        bool ok = break_off(w, to, &made, nth, end, &made);
        is_untouched(w, &before);
        made = read_it(w, &made);
        use(w, then);
        bool again = apply(w, &made, WAIT_MS, &made);
        if (!again)
            fail_msg("after %u writes: %s", nth, glm_test_diags_text(arena, &w->d));
        is_untouched(w, &before);
        /* What a kill has left where nobody goes on with it is in no state. */
        bool known = ok || end != BY_KILL || to == then;
        if (known && then)
            is_done(w, &made);
        else if (known)
            is_asked_for(w, &made);
        is_settled(w, &made);
        end_world(w);
        if (ok)
            return;
    }
}

static void an_apply_goes_on_where_another_ended(void **state)
{
    broken_off(*state, NULL, "does", "does", BY_ERROR);
    broken_off(*state, NULL, "does", "does", BY_LOSS);
}

static void an_apply_goes_on_where_another_was_killed(void **state)
{
    broken_off(*state, NULL, "does", "does", BY_KILL);
}

static void going_back_goes_on_where_it_ended(void **state)
{
    broken_off(*state, "does", NULL, NULL, BY_ERROR);
    broken_off(*state, "does", NULL, NULL, BY_LOSS);
}

static void going_back_goes_on_where_it_was_killed(void **state)
{
    broken_off(*state, "does", NULL, NULL, BY_KILL);
}

static void what_was_begun_can_be_given_up(void **state)
{
    broken_off(*state, NULL, "does", NULL, BY_ERROR);
    broken_off(*state, "does", NULL, "does", BY_ERROR);
    broken_off(*state, NULL, "does", NULL, BY_LOSS);
    broken_off(*state, "does", NULL, "does", BY_LOSS);
}

static void what_was_begun_and_killed_can_be_given_up(void **state)
{
    broken_off(*state, NULL, "does", NULL, BY_KILL);
    broken_off(*state, "does", NULL, "does", BY_KILL);
}

/* Whoever acted on it cleans up what has not come over. */
static void destroyed(struct glm_arena *arena, enum end end)
{
    for (unsigned nth = 1;; nth++) {
        struct world *w = new_world(arena);
        struct glm_change made = installed(w, NULL);
        assert_true(nth < 50);
        bool ok = break_off(w, "does", &made, nth, end, &made);
        struct glm_change gone = {
            .prior = made.result, .record = made.result_record, .timeout_ms = WAIT_MS};
        glm_diags_init(&w->d, w->arena);
        if (!glm_lifecycle_remove(w->arena, &w->estate, &gone, &w->d))
            fail_msg("after %u writes: %s", nth, glm_test_diags_text(w->arena, &w->d));
        if (glm_is_map(object(w, &glm_test_config_map)) ||
            glm_is_map(object(w, &glm_test_account)) || glm_is_map(object(w, &glm_test_worker)))
            fail_msg("after %u writes: something is left", nth);
        end_world(w);
        if (ok)
            return;
    }
}

static void what_was_begun_can_be_destroyed(void **state)
{
    destroyed(*state, BY_ERROR);
}

static void what_was_begun_and_not_heard_of_can_be_destroyed(void **state)
{
    destroyed(*state, BY_LOSS);
}

/* ... and comes back only to that: what is removed beside it is not made anew. */
static void who_comes_back_to_clean_up_makes_nothing(void **state)
{
    for (unsigned nth = 1;; nth++) {
        struct world *w = new_world(*state);
        struct glm_change made = installed(w, NULL);
        assert_true(nth < 50);
        bool ok = break_off(w, "does", &made, nth, BY_ERROR, &made);
        unsigned applied = w->actor.applied;
        struct glm_change gone = {
            .prior = made.result, .record = made.result_record, .timeout_ms = WAIT_MS};
        w->actor.heedful = true;
        glm_fake_each_change(w->cluster);
        glm_diags_init(&w->d, w->arena);
        if (!glm_lifecycle_remove(w->arena, &w->estate, &gone, &w->d))
            fail_msg("after %u writes: %s", nth, glm_test_diags_text(w->arena, &w->d));
        if (w->actor.applied != applied)
            fail_msg("after %u writes: made anew", nth);
        assert_true(glm_is_null(object(w, &glm_test_config_map)));
        assert_true(glm_is_null(object(w, &glm_test_worker)));
        end_world(w);
        if (ok)
            return;
    }
}

static void in_files_the_one_is_written_and_the_other_removed(void **state)
{
    struct world *w = new_world(*state);
    w->cluster->ops->destroy(w->cluster);
    w->cluster = glm_fake_create("east");
    w->config.place = GLM_PLACE_DIRECTORY;
    use(w, NULL);
    struct glm_change made;
    must(w, apply(w, NULL, WAIT_MS, &made));
    use(w, "does");
    must(w, apply(w, &made, WAIT_MS, &made));
    assert_true(glm_is_null(object(w, &glm_test_config_map)));
    assert_true(glm_is_map(object(w, &glm_test_worker)));
    assert_string_equal(glm_string_or(noted(&made, "installer"), ""), "does");
    assert_true(glm_is_null(noted(&made, "from")));
    end_world(w);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    installers[0] = glm_traced_create(&glm_test_installer_asks);
    installers[1] = glm_traced_create(&glm_test_installer_does);
    const struct CMUnitTest tests[] = {
        TEST(it_is_taken_over_from_who_acts_on_it),
        TEST(it_goes_back_to_who_remembers_it),
        TEST(what_was_never_asked_for_can_be),
        TEST(nothing_is_begun_while_somebody_is_at_work),
        TEST(an_apply_goes_on_where_another_ended),
        TEST(an_apply_goes_on_where_another_was_killed),
        TEST(going_back_goes_on_where_it_ended),
        TEST(going_back_goes_on_where_it_was_killed),
        TEST(what_was_begun_can_be_given_up),
        TEST(what_was_begun_and_killed_can_be_given_up),
        TEST(what_was_begun_can_be_destroyed),
        TEST(what_was_begun_and_not_heard_of_can_be_destroyed),
        TEST(who_comes_back_to_clean_up_makes_nothing),
        TEST(in_files_the_one_is_written_and_the_other_removed),
    };
    return cmocka_run_group_tests_name("hands", tests, NULL, NULL);
}
