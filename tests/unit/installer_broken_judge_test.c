/* SPDX-License-Identifier: Apache-2.0
 *
 * What a broken installer makes of what it finds ends no wait and removes nothing. See broken_case.h.
 */
#include "broken_case.h"
#include "shown.h"

/* ---- judge ---- */

JUDGE(no_judgement)
{
    if (!breaks)
        sound->judge(call, sight, notes, ret);
}

JUDGED(state_99, 99, "Fine.", true, 0)
JUDGED(one_state_more, GLM_STATES, "Fine.", true, 0)
JUDGED(no_message, GLM_STATE_HEALTHY, NULL, true, 0)
JUDGED(an_empty_message, GLM_STATE_HEALTHY, "", true, 0)

JUDGE(nothing_to_add_to_a_failure)
{
    sound->judge(call, sight, notes, ret);
    if (breaks)
        *ret = (struct glm_installer_judgement){
            .state = GLM_STATE_FAILED, .message = "It is not.", .quiet = true, .hold_ms = -1};
}

static void what_it_does_not_judge_is_unknown_and_kept(void **state)
{
    static void (*const judges[])(const struct glm_installer_call *call,
                                  const struct glm_installer_sight *sight, void *notes,
                                  struct glm_installer_judgement *ret) = {
        no_judgement, state_99,         one_state_more,
        no_message,   an_empty_message, nothing_to_add_to_a_failure};
    for (size_t i = 0; i < sizeof judges / sizeof *judges; i++) {
        struct world *w = new_world(*state);
        broken.judge = judges[i];
        struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
        struct glm_change read = {.prior = made.result, .record = made.result_record};
        must(w, glm_lifecycle_read(w->arena, &w->estate, &read, &w->d));
        assert_string_equal(glm_string_or(status_of(&read, "east", "state"), ""), "UNKNOWN");
        const char *message = glm_string_or(status_of(&read, "east", "message"), "");
        assert_non_null(strstr(message, BLAME));
        assert_string_equal(glm_string_or(status_of(&read, "west", "state"), ""), "PENDING");
        glm_assert_value_equal(glm_test_objects(read.result), glm_test_objects(made.result));
        glm_assert_value_equal(glm_test_services(read.result), glm_test_services(made.result));
        converge(w, &read, attributes(w, "a.example"));
        end_world(w);
    }
}

static void a_wait_for_what_never_settles_ends_with_its_time(void **state)
{
    struct world *w = new_world(*state);
    bool ok;
    broken.judge = never_settles;
    struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
    made = wait_for(w, &made, short_ms(w), &ok);
    assert_false(ok);
    glm_assert_error(&w->d, AT ".clusters[\"east\"]", "Waiting has timed out");
    glm_assert_error(&w->d, AT ".clusters[\"east\"]", "1-24: PENDING: Any moment now.");
    assert_int_equal(w->d.errors, 1);
    is_half_done(w, &made);
    end_world(w);
}

static void a_wait_for_what_nobody_judges_names_the_installer(void **state)
{
    struct world *w = new_world(*state);
    bool ok;
    broken.judge = no_judgement;
    struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
    made = wait_for(w, &made, short_ms(w), &ok);
    assert_false(ok);
    blamed(w, "Waiting has timed out");
    is_half_done(w, &made);
    end_world(w);
}

/* More than a table of them all has room for. */
static const char *megabytes(struct glm_arena *arena)
{
    enum { SIZE = 2 << 20 };
    char *text = glm_alloc(arena, SIZE + 1);
    memset(text, 'x', SIZE);
    memcpy(text, "It begins\nso, and ", strlen("It begins\nso, and "));
    return text;
}

JUDGED(says_megabytes, GLM_STATE_PENDING, megabytes(call->arena), false, -1)

static const char *explains_megabytes(const struct glm_installer_call *call,
                                      const struct glm_installer_sight *sight,
                                      const struct glm_installer_judgement *judgement,
                                      const void *notes, int64_t held_ms)
{
    (void)sight;
    (void)judgement;
    (void)notes;
    (void)held_ms;
    return glm_sprintf(call->arena, "Because %s", megabytes(call->arena));
}

static void what_is_said_at_length_is_cut_and_not_lost(void **state)
{
    struct world *w = new_world(*state);
    bool ok;
    broken.judge = says_megabytes;
    broken.explain = explains_megabytes;
    struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
    made = wait_for(w, &made, short_ms(w), &ok);
    assert_false(ok);
    glm_assert_error(&w->d, AT ".clusters[\"east\"]", "1-24: PENDING: It begins\n      so, and x");
    glm_assert_error(&w->d, AT ".clusters[\"east\"]", "Because It begins");
    assert_true(strlen(glm_string_or(status_of(&made, "east", "message"), "")) < 10000);
    is_half_done(w, &made);
    end_world(w);
}

static void stop_it(void *context)
{
    struct world *w = context;
    atomic_store(&w->stop, true);
}

static void a_stop_ends_a_wait_for_what_never_settles(void **state)
{
    struct world *w = new_world(*state);
    bool ok;
    broken.judge = never_settles;
    struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
    glm_fake_each_round(w->clusters[0], stop_it, w);
    int64_t began = glm_clock_ms();
    made = wait_for(w, &made, 0, &ok);
    assert_false(ok);
    assert_true(glm_clock_ms() - began < GLM_TEST_PROMPT_MS);
    glm_assert_error(&w->d, AT ".clusters[\"east\"]", "asked to stop");
    atomic_store(&w->stop, false);
    glm_fake_each_round(w->clusters[0], NULL, NULL);
    converge(w, &made, attributes(w, "b.example"));
    end_world(w);
}

static unsigned looks; /* of east, so far */

#define LOOKS 2000
JUDGED(another_message, GLM_STATE_PENDING, glm_sprintf(call->arena, "Look %u.", ++looks), false, -1)

static void stop_after_many_looks(void *context)
{
    if (looks >= LOOKS)
        stop_it(context);
}

static void new_words_at_each_look_take_no_memory(void **state)
{
    size_t used[2];
    for (int i = 0; i < 2; i++) {
        struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
        struct world *w = new_world(arena);
        bool ok;
        broken.judge = another_message;
        struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
        looks = i == 0 ? LOOKS - 10 : 0; /* ten looks, then two thousand */
        glm_fake_each_round(w->clusters[0], stop_after_many_looks, w);
        size_t before = glm_arena_used(arena);
        wait_for(w, &made, 0, &ok);
        used[i] = glm_arena_used(arena) - before;
        assert_true(looks >= LOOKS);
        end_world(w);
    }
    assert_true(used[1] < used[0] + ((size_t)64 << 10));
    (void)state;
}

static void a_wait_that_is_never_given_up_ends_with_its_time(void **state)
{
    struct world *w = new_world(*state);
    bool ok;
    broken.judge = gives_up_soon;
    broken.give_up = never;
    struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
    made = wait_for(w, &made, short_ms(w), &ok);
    assert_false(ok);
    glm_assert_error(&w->d, AT ".clusters[\"east\"]", "Waiting has timed out");
    is_half_done(w, &made);
    end_world(w);
}

/* ---- preflight ---- */

PREFLIGHT(blocks_without_a_word)
{
    (void)call;
    (void)sights;
    (void)notes;
    (void)d;
    for (size_t i = 0; i < count; i++)
        ret[i].blocked = breaks;
    return true;
}

PREFLIGHT(fails_without_a_word)
{
    (void)call;
    (void)sights;
    (void)count;
    (void)notes;
    (void)ret;
    (void)d;
    return !breaks;
}

PREFLIGHT(blocks_in_no_state)
{
    assert_non_null(call->cluster);
    (void)sights;
    (void)notes;
    (void)d;
    for (size_t i = 0; i < count && breaks; i++)
        ret[i] = (struct glm_installer_verdict){.blocked = true,
                                                .state = (enum glm_state) - 5,
                                                .summary = "No",
                                                .message = "Not here."};
    return true;
}

/* Nothing is written in east, west is done. */
static void a_preflight_that_says_nothing_is_blamed(void **state)
{
    static const struct {
        const char *words;
        bool (*preflight)(const struct glm_installer_call *call,
                          const struct glm_installer_sight *sights, size_t count,
                          void *const *notes, struct glm_installer_verdict *ret,
                          struct glm_diags *d);
    } all[] = {{"stands in the way without saying why", blocks_without_a_word},
               {"stands in the way without saying why", blocks_in_no_state},
               {"preflight failed without a word", fails_without_a_word}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct world *w = new_world(*state);
        struct glm_change planned;
        bool ok;
        broken.preflight = all[i].preflight;
        must(w, plan(w, NULL, attributes(w, "a.example"), &planned));
        struct glm_change made = apply(w, &planned, 0, &ok);
        assert_false(ok);
        blamed(w, all[i].words);
        assert_true(glm_is_null(main_in(w, 0)));
        assert_int_equal(glm_fake_count(w->clusters[1]), OBJECTS);
        assert_string_equal(glm_string_or(status_of(&made, "east", "state"), ""), "FAILED");
        converge(w, &made, attributes(w, "a.example"));
        end_world(w);
    }
}

/* ---- targets ---- */

static size_t seen; /* targets, by the judge of east */

JUDGE(counts_targets)
{
    if (sight->look_count > 0 && sight->looks[0].read.found == GLM_FOUND)
        seen = sight->target_count;
    sound->judge(call, sight, notes, ret);
}

static size_t thousands(const struct glm_installer_call *call,
                        const struct glm_installer_sight *sight, const struct glm_object_ref **ret)
{
    enum { COUNT = 10000 };
    struct glm_object_ref *all = GLM_NEW_ARRAY(call->arena, COUNT, struct glm_object_ref);
    (void)sight;
    for (size_t i = 0; i < COUNT; i++)
        all[i] = (struct glm_object_ref){.kind = GLM_KIND_DEPLOYMENT,
                                         .namespace_ = "n",
                                         .name = glm_sprintf(call->arena, "d%zu", i)};
    *ret = all;
    return COUNT;
}

static size_t nameless(const struct glm_installer_call *call,
                       const struct glm_installer_sight *sight, const struct glm_object_ref **ret)
{
    static const struct glm_object_ref all[] = {
        {.kind = NULL},
        {.kind = GLM_KIND_DEPLOYMENT, .name = "d"},
        {.kind = GLM_KIND_DEPLOYMENT, .namespace_ = "n", .name = NULL},
        {.kind = GLM_KIND_DEPLOYMENT, .namespace_ = "n", .name = ""},
        {.kind = GLM_KIND_DEPLOYMENT, .namespace_ = "n", .name = "d"}};
    (void)call;
    (void)sight;
    *ret = all;
    return sizeof all / sizeof *all;
}

static size_t number_of_none(const struct glm_installer_call *call,
                             const struct glm_installer_sight *sight,
                             const struct glm_object_ref **ret)
{
    (void)call;
    (void)sight;
    *ret = NULL;
    return 3;
}

static void targets_are_read_up_to_a_ceiling_and_by_their_names(void **state)
{
    static const struct {
        size_t (*targets)(const struct glm_installer_call *call,
                          const struct glm_installer_sight *sight,
                          const struct glm_object_ref **ret);
        size_t seen;
    } all[] = {{thousands, 256}, {nameless, 1}, {number_of_none, 0}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct world *w = new_world(*state);
        broken.targets = all[i].targets;
        broken.judge = counts_targets;
        struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
        struct glm_change read = {.prior = made.result, .record = made.result_record};
        seen = 9999;
        must(w, glm_lifecycle_read(w->arena, &w->estate, &read, &w->d));
        assert_int_equal(seen, all[i].seen);
        glm_assert_value_equal(glm_test_objects(read.result), glm_test_objects(made.result));
        end_world(w);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_it_does_not_judge_is_unknown_and_kept),
        TEST(a_wait_for_what_never_settles_ends_with_its_time),
        TEST(a_wait_for_what_nobody_judges_names_the_installer),
        TEST(what_is_said_at_length_is_cut_and_not_lost),
        TEST(a_stop_ends_a_wait_for_what_never_settles),
        TEST(new_words_at_each_look_take_no_memory),
        TEST(a_wait_that_is_never_given_up_ends_with_its_time),
        TEST(a_preflight_that_says_nothing_is_blamed),
        TEST(targets_are_read_up_to_a_ceiling_and_by_their_names),
    };
    return cmocka_run_group_tests_name("installer broken judge", tests, NULL, NULL);
}
