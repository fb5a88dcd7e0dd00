/* SPDX-License-Identifier: Apache-2.0
 *
 * Work on many clusters at once: how many are at work.
 */
#include "../../src/lifecycle/lifecycle_internal.h"
#include "test.h"

#include <stdatomic.h>
#include <unistd.h>

#define JOBS ((size_t)40)
#define PARALLEL ((size_t)32)

static atomic_size_t running, most, done;

static void come_in(void)
{
    size_t now = atomic_fetch_add(&running, 1) + 1, so_far = atomic_load(&most);
    while (now > so_far && !atomic_compare_exchange_weak(&most, &so_far, now))
        ;
}

static void leave(struct fanout_job *job)
{
    glm_alloc(job->scratch, 1000);
    atomic_fetch_sub(&running, 1);
    atomic_fetch_add(&done, 1);
}

static void be_quick(struct fanout_job *job)
{
    come_in();
    leave(job);
}

/* Until a dozen are at it, or ten seconds are over. */
static void wait_for_others(struct fanout_job *job)
{
    come_in();
    for (int i = 0; i < 1000 && atomic_load(&most) < 12; i++)
        usleep(10000);
    leave(job);
}

static size_t run(struct glm_arena *arena, size_t count, size_t parallel, bool files,
                  void (*step)(struct fanout_job *))
{
    struct fanout_job *jobs = GLM_NEW_ARRAY(arena, count, struct fanout_job);
    struct glm_diags d;
    glm_diags_init(&d, arena);
    for (size_t i = 0; i < count; i++)
        jobs[i].files = files;
    atomic_store(&running, 0);
    atomic_store(&most, 0);
    atomic_store(&done, 0);
    fanout(arena, parallel, jobs, count, step, &d);
    assert_int_equal(atomic_load(&done), count);
    return atomic_load(&most);
}

static void files_that_are_quick_are_done_few_at_once(void **state)
{
    assert_in_range(run(*state, JOBS, PARALLEL, true, be_quick), 1, 10);
}

static void files_that_take_long_keep_no_others_waiting(void **state)
{
    assert_in_range(run(*state, JOBS, PARALLEL, true, wait_for_others), 12, PARALLEL);
}

static void api_servers_are_asked_all_at_once(void **state)
{
    assert_in_range(run(*state, JOBS, PARALLEL, false, wait_for_others), 12, PARALLEL);
}

static void no_more_are_at_work_than_may_be(void **state)
{
    assert_int_equal(run(*state, JOBS, 1, true, be_quick), 1);
    assert_int_equal(run(*state, JOBS, 1, false, be_quick), 1);
    assert_in_range(run(*state, 3, PARALLEL, true, be_quick), 1, 3);
    assert_int_equal(run(*state, 1, PARALLEL, false, be_quick), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(test) cmocka_unit_test_setup_teardown(test, glm_test_arena_setup, glm_test_arena_teardown)
        T(files_that_are_quick_are_done_few_at_once),
        T(files_that_take_long_keep_no_others_waiting),
        T(api_servers_are_asked_all_at_once),
        T(no_more_are_at_work_than_may_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
