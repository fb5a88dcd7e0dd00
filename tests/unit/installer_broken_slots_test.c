/* SPDX-License-Identifier: Apache-2.0
 *
 * Every slot of an installer may fail, at any time. See broken_case.h.
 */
#include "broken_case.h"
#include "shown.h"
#include "traced_installer.h"

/* ---- each slot, each time ---- */

static const char *own_seat(const struct glm_installer_call *call, const char *cluster,
                            struct glm_diags *d)
{
    (void)call;
    (void)d;
    return cluster;
}

static bool checks(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                   size_t count, bool warn, struct glm_diags *d)
{
    (void)call;
    (void)pairs;
    (void)count;
    (void)warn;
    (void)d;
    return true;
}

static size_t one_target(const struct glm_installer_call *call,
                         const struct glm_installer_sight *sight, const struct glm_object_ref **ret)
{
    static const struct glm_object_ref target = {
        .kind = GLM_KIND_DEPLOYMENT, .namespace_ = "n", .name = "d"};
    (void)call;
    (void)sight;
    *ret = &target;
    return 1;
}

static const struct glm_value *projects(const struct glm_installer_call *call,
                                        const struct glm_value *live, const struct glm_value *owned)
{
    return glm_project(call->arena, live, owned);
}

STEPS(no_steps)
{
    (void)call;
    (void)o;
    (void)live;
    (void)why;
    (void)ret;
    return 0;
}

static size_t no_pods(const struct glm_installer_call *call, const struct glm_value *object,
                      const struct glm_installer_pods **ret)
{
    (void)call;
    (void)object;
    (void)ret;
    return 0;
}

PREFLIGHT(finds_nothing)
{
    (void)call;
    (void)sights;
    (void)count;
    (void)notes;
    (void)ret;
    (void)d;
    return true;
}

static const char *explains(const struct glm_installer_call *call,
                            const struct glm_installer_sight *sight,
                            const struct glm_installer_judgement *judgement, const void *notes,
                            int64_t held_ms)
{
    (void)sight;
    (void)judgement;
    (void)notes;
    (void)held_ms;
    return glm_sprintf(call->arena, "Because.");
}

JUDGE(takes_its_time)
{
    sound->judge(call, sight, notes, ret);
    if (ret->state == GLM_STATE_PENDING)
        ret->hold_ms = 1;
}

/* A sound installer that has every slot, traced. It outlives the test. */
static const struct glm_installer *whole(void)
{
    static struct glm_installer row;
    row = *sound;
    row.name = "broken";
    row.seat = own_seat;
    row.check = checks;
    row.targets = one_target;
    row.judge = takes_its_time;
    row.project = projects;
    row.steps = no_steps;
    row.pods = no_pods;
    row.preflight = finds_nothing;
    row.give_up = never;
    row.explain = explains;
    return glm_traced_create(&row);
}

/* What nobody labelled is looked at for an import. */
static void find_what_is_nobodys(struct world *w)
{
    static const char text[] =
        "{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'ingress-1-24', "
        "'namespace': 'istio-system'}, 'data': {'spec': '{\\'revision\\':\\'1-24\\'}'}}";
    struct glm_change found = {.prior = &glm_null, .record = &glm_null, .importing = true};
    glm_fake_put_as(w->clusters[0], &glm_test_config_map, glm_test_value(w->arena, text));
    glm_lifecycle_find(w->arena, &w->estate, "ingress", "gloo-mesh", &glm_null, &found, &w->d);
    glm_fake_delete(w->clusters[0], &glm_test_config_map, "istio-system", "ingress-1-24");
}

/* The state says what there is. */
static void is_told(struct world *w, const struct glm_change *made)
{
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(
            glm_is_map(main_in(w, i)),
            glm_is_string(glm_get(glm_test_objects_of(w->arena, made->result, w->clusters[i]->name),
                                  "1-24")));
}

/* Import, create, read, update with a wait, and the end of it. What fails on the way is passed over, as
 * people do. */
static struct glm_change walk(struct world *w)
{
    struct glm_change made = {.result = &glm_null, .result_record = &glm_null}, planned;
    bool ok;
    glm_fake_each_round(w->clusters[1], heal, w);
    find_what_is_nobodys(w);
    for (int i = 0; i < 2 && glm_is_null(made.result); i++)
        if (plan(w, NULL, attributes(w, "a.example"), &planned))
            made = apply(w, &planned, 0, &ok);
    is_told(w, &made);
    struct glm_change read = {.prior = made.result, .record = made.result_record};
    if (glm_lifecycle_read(w->arena, &w->estate, &read, &w->d) && glm_is_map(read.result))
        made = read;
    if (plan(w, &made,
             glm_with(w->arena, attributes(w, "b.example"), "wait_for_healthy", &glm_true),
             &planned))
        made = apply(w, &planned, 60000, &ok);
    is_told(w, &made);
    struct glm_change gone = {.prior = made.result, .record = made.result_record};
    if (glm_lifecycle_plan_remove(w->arena, &w->estate, gone.prior, gone.record, &w->d))
        glm_lifecycle_remove(w->arena, &w->estate, &gone, &w->d);
    else
        gone = made;
    is_told(w, &gone);
    return gone;
}

/* The nth call of a slot fails, 0: none does. Returns how many calls there were. */
static unsigned walk_with(const struct glm_installer *traced, enum glm_slot slot, unsigned nth)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    const struct glm_installer *const all[] = {sound, traced, NULL};
    struct world *w = new_world(arena);
    w->estate.installers = all;
    breaks = false;
    glm_traced_reset(traced);
    glm_traced_fail(traced, slot, nth);
    struct glm_change made = walk(w);
    unsigned calls = glm_traced_calls(traced, slot);
    glm_traced_reset(traced);
    converge(w, glm_is_null(made.result) ? NULL : &made, attributes(w, "c.example"));
    end_world(w);
    return calls;
}

#define MOST 30

static void any_slot_may_fail_and_the_next_apply_converges(void **state)
{
    static const struct glm_installer *traced; /* to the end of the process */
    traced = whole();
    (void)state;
    for (enum glm_slot slot = 0; slot < GLM_SLOTS; slot++) {
        if (slot == GLM_SLOT_YIELDS || slot == GLM_SLOT_INHERITS)
            continue; /* of pairs that change hands, see hands_test.c; they cannot fail */
        unsigned calls = walk_with(traced, slot, 0);
        if (calls == 0)
            fail_msg("nobody asks for %s", glm_slot_names[slot]);
        for (unsigned nth = 1; nth <= calls && nth <= MOST; nth++)
            walk_with(traced, slot, nth);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        TEST(any_slot_may_fail_and_the_next_apply_converges),
    };
    return cmocka_run_group_tests_name("installer broken slots", tests, NULL, NULL);
}
