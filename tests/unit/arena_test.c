/* SPDX-License-Identifier: Apache-2.0
 *
 * The arena: zeroed and aligned memory, the ceiling, what is released when it goes.
 */
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void memory_is_zeroed_aligned_and_apart(void **state)
{
    struct glm_arena *a = *state;
    static const size_t sizes[] = {0, 1, 15, 16, 17, 100, 2047, 2048, 2049, 8192, 70000, 3000000};
    unsigned char *blocks[sizeof sizes / sizeof *sizes];
    for (size_t round = 0; round < 30; round++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            blocks[i] = glm_alloc(a, sizes[i]);
            assert_int_equal((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
            for (size_t j = 0; j < sizes[i]; j++)
                if (blocks[i][j] != 0)
                    fail();
            memset(blocks[i], (int)(i + 1), sizes[i]);
        }
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
            for (size_t j = 0; j < sizes[i]; j++)
                if (blocks[i][j] != i + 1)
                    fail();
    }
}

static void used_counts_what_was_handed_out(void **state)
{
    struct glm_arena *a = *state;
    size_t before = glm_arena_used(a);
    glm_alloc(a, 100);
    glm_alloc_array(a, 10, 8);
    assert_int_equal(glm_arena_used(a) - before, 180);
}

static void copies_are_whole_and_terminated(void **state)
{
    struct glm_arena *a = *state;
    const char *text = "a\0b";
    assert_memory_equal(glm_strndup(a, text, 3), "a\0b", 4);
    assert_string_equal(glm_strndup(a, "abcdef", 2), "ab");
    assert_string_equal(glm_strndup(a, NULL, 0), "");
    assert_string_equal(glm_strdup(a, ""), "");
    assert_string_equal(glm_sprintf(a, "%s-%d-%5.2f", "x", 7, 1.5), "x-7- 1.50");
    char *large = glm_sprintf(a, "%*s", 100000, "end");
    assert_int_equal(strlen(large), 100000);
    assert_string_equal(large + 99997, "end");
}

static unsigned released[4];
static unsigned release_count;

static void release(void *ptr)
{
    released[release_count++] = *(const unsigned *)ptr;
}

static void what_is_deferred_is_released_last_first_while_the_memory_is_there(void **state)
{
    (void)state;
    struct glm_arena *a = glm_arena_create((size_t)1 << 20);
    release_count = 0;
    for (unsigned i = 0; i < 4; i++) {
        unsigned *n = GLM_NEW(a, unsigned);
        *n = i;
        glm_arena_defer(a, release, n);
    }
    glm_arena_destroy(a);
    assert_int_equal(release_count, 4);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(released[i], 3 - i);
    glm_arena_destroy(NULL);
    {
        struct glm_arena *GLM_AUTO_ARENA scoped = glm_arena_create((size_t)1 << 20);
        glm_arena_defer(scoped, release, glm_strdup(scoped, "four"));
        release_count = 0;
    }
    assert_int_equal(release_count, 1);
}

static void at_the_ceiling(struct glm_arena *a)
{
    for (int i = 0; i < 10; i++)
        glm_alloc(a, 100);
}
static void past_the_ceiling(struct glm_arena *a)
{
    at_the_ceiling(a);
    glm_alloc(a, 1);
}
static void in_one_large_step(struct glm_arena *a)
{
    glm_alloc(a, SIZE_MAX);
}
static void by_an_overflow(struct glm_arena *a)
{
    glm_alloc_array(a, SIZE_MAX / 2 + 2, 2);
}
static void with_an_empty_element(struct glm_arena *a)
{
    glm_alloc_array(a, SIZE_MAX, 0);
}

/* How a process ends that does this with an arena of 1000 bytes: 0, or the signal. */
static int end_of(void (*body)(struct glm_arena *a))
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(1);
        body(glm_arena_create(1000));
        _exit(0);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void the_ceiling_is_exact_and_past_it_the_process_aborts(void **state)
{
    (void)state;
    assert_int_equal(end_of(at_the_ceiling), 0);
    assert_int_equal(end_of(past_the_ceiling), SIGABRT);
    assert_int_equal(end_of(in_one_large_step), SIGABRT);
    assert_int_equal(end_of(by_an_overflow), SIGABRT);
    assert_int_equal(end_of(with_an_empty_element), 0);
}

static void what_grows_keeps_its_bytes_and_leaves_nothing_behind(void **state)
{
    (void)state;
    struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create((size_t)64 << 20);
    char *text = glm_regrow(a, NULL, 0, 10);
    memcpy(text, "0123456789", 10);
    for (size_t size = 10; size < (size_t)16 << 20; size *= 2) {
        text = glm_regrow(a, text, size, 2 * size);
        memset(text + size, 'x', size);
        assert_memory_equal(text, "0123456789", 10);
        assert_int_equal(text[2 * size - 1], 'x');
    }
#ifndef GLM_ARENA_DEBUG
    assert_true(glm_arena_used(a) < (size_t)34 << 20);
#endif
    assert_int_equal(glm_arena_room(a), ((size_t)64 << 20) - glm_arena_used(a));
}

static void what_grows_never_overwrites_what_came_after_it(void **state)
{
    (void)state;
    struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create((size_t)64 << 20);
    static const size_t sizes[] = {10, 1000, 7000, 100000, 300000, 5000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *grows = glm_regrow(a, NULL, 0, sizes[i]);
        memset(grows, 'a', sizes[i]);
        char *after = glm_alloc(a, sizes[i]);
        memset(after, 'b', sizes[i]);
        grows = glm_regrow(a, grows, sizes[i], 2 * sizes[i]);
        memset(grows + sizes[i], 'c', sizes[i]);
        for (size_t k = 0; k < sizes[i]; k++)
            assert_true(grows[k] == 'a' && after[k] == 'b');
    }
}

/* The process that looks at its own memory is in kube_wiped_test.c. */
static void an_arena_knows_that_it_is_to_be_overwritten(void **state)
{
    (void)state;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 20);
    assert_false(glm_arena_is_wiped(arena));
    glm_arena_wipe(arena);
    assert_true(glm_arena_is_wiped(arena));
    for (int i = 0; i < 2000; i++)
        assert_string_equal(glm_sprintf(arena, "%s-%d", "a text", 7), "a text-7");
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(memory_is_zeroed_aligned_and_apart),
        CASE(used_counts_what_was_handed_out),
        CASE(copies_are_whole_and_terminated),
        CASE(what_is_deferred_is_released_last_first_while_the_memory_is_there),
        CASE(an_arena_knows_that_it_is_to_be_overwritten),
        CASE(the_ceiling_is_exact_and_past_it_the_process_aborts),
        cmocka_unit_test(what_grows_keeps_its_bytes_and_leaves_nothing_behind),
        cmocka_unit_test(what_grows_never_overwrites_what_came_after_it),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
