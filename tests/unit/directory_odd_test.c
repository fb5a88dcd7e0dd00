/* SPDX-License-Identifier: Apache-2.0
 *
 * File systems that say odd things. There is none to be had here, so fstat, renameat2, fsync, open (of
 * the table of mounts) and fork are fakes in this program: they say what the test wants, and are the
 * system's otherwise.
 */
#include "folder.h"
#include "glm/clock.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
    bool uncounted;     /* nothing has any links */
    int error;          /* of regular files */
    int renamed;        /* what a rename says that was made */
    int unsynced;       /* what fsync says of directories */
    const char *mounts; /* a file with the table of mounts */
    bool alone;         /* no process can be had */
} odd;

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the system's is reserved */
int fstat(int fd, struct stat *ret_stat)
{
    int rc = fstatat(fd, "", ret_stat, AT_EMPTY_PATH);
    if (rc == 0 && odd.uncounted)
        ret_stat->st_nlink = 0;
    if (rc == 0 && odd.error && S_ISREG(ret_stat->st_mode)) {
        errno = odd.error;
        return -1;
    }
    return rc;
}

int renameat2(int from, const char *name, int to, const char *other, unsigned flags)
{
    int rc = (int)syscall(SYS_renameat2, from, name, to, other, flags);
    if (rc < 0 || !odd.renamed)
        return rc;
    errno = odd.renamed;
    return -1;
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the system's is reserved */
int open(const char *path, int flags, ...)
{
    va_list args;
    mode_t mode = 0;
    va_start(args, flags);
    if (flags & O_CREAT)
        mode = va_arg(args, mode_t); /* NOLINT(clang-analyzer-valist.Uninitialized): it was */
    va_end(args);
    if (odd.mounts && strcmp(path, "/proc/self/mountinfo") == 0)
        path = odd.mounts;
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

pid_t fork(void)
{
    if (!odd.alone)
        return _Fork();
    errno = EAGAIN;
    return -1;
}

int fsync(int fd)
{
    struct stat st;
    if (odd.unsynced && fstatat(fd, "", &st, AT_EMPTY_PATH) == 0 && S_ISDIR(st.st_mode)) {
        errno = odd.unsynced;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

struct world {
    struct glm_arena *a;
    const char *folder;
    struct glm_cluster *c;
    struct glm_diags d;
};

static void release(void *cluster)
{
    struct glm_cluster *c = cluster;
    c->ops->destroy(c);
}

static struct world new_world(void **state)
{
    struct world w = {.a = *state};
    memset(&odd, 0, sizeof odd);
    w.folder = glm_test_folder(w.a);
    w.c = glm_directory_create("repo", glm_sprintf(w.a, "%s/repo", w.folder), NULL);
    glm_arena_defer(w.a, release, w.c);
    glm_diags_init(&w.d, w.a);
    return w;
}

static void write_twice(struct world *w)
{
    const struct glm_value *object = glm_test_operator(w->a, "istio-system", "in", "text");
    assert_true(glm_test_write(w->c, w->a, object, &w->d));
    assert_true(glm_test_write(w->c, w->a, object, &w->d));
    assert_int_equal(w->d.errors, 0);
    assert_string_equal(glm_test_tree(w->a, w->folder),
                        "repo/namespaces/istio-system/istiooperator-in.yaml\n");
}

static void links_that_are_not_counted_are_no_removal(void **state)
{
    struct world w = new_world(state);
    odd.uncounted = true;
    assert_true(w.c->ops->hold(w.c, true));
    write_twice(&w);
    w.c->ops->release(w.c);
    struct glm_object_ref other = {
        .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "other", .name = "in"};
    struct glm_read read;
    assert_true(w.c->ops->read(w.c, w.a, &other, &read, &w.d));
    assert_int_equal(read.found, GLM_FOUND_NOTHING);
}

static void a_file_that_cannot_be_asked_about_is_written_and_leaves_none(void **state)
{
    struct world w = new_world(state);
    odd.error = EIO;
    write_twice(&w);
}

/* A create, and what has come of it: "done", "stale", "failed", "unsure". */
static const char *create(struct world *w)
{
    struct glm_write write = {.object = glm_test_operator(w->a, "istio-system", "in", "text"),
                              .create = true};
    enum glm_written written;
    glm_diags_init(&w->d, w->a);
    if (!w->c->ops->write(w->c, w->a, &write, &written, &w->d))
        return write.unsure ? "unsure" : "failed";
    return written == GLM_WRITE_DONE ? "done" : "stale";
}

/* As of NFS, whose server is asked again when its answer was lost. */
static void a_rename_whose_answer_was_lost_is_one(void **state)
{
    static const int errors[] = {ENOENT, EEXIST, EIO};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        struct world w = new_world(state);
        odd.renamed = errors[i];
        assert_string_equal(create(&w), "done");
        assert_string_equal(glm_test_tree(w.a, w.folder),
                            "repo/namespaces/istio-system/istiooperator-in.yaml\n");
        odd.renamed = 0;
        assert_string_equal(create(&w), "stale");
    }
}

static void what_may_not_be_on_the_disk_may_be_there(void **state)
{
    struct world w = new_world(state);
    assert_true(w.c->ops->hold(w.c, true));
    glm_test_put("", "%s/repo/namespaces/istio-system/x", w.folder);
    odd.unsynced = EIO;
    assert_string_equal(create(&w), "unsure");
    odd.unsynced = 0;
    assert_string_equal(create(&w), "stale");
    w.c->ops->release(w.c);
}

/* Where the directory may hang: each operation is a process of its own, or none. */
static struct world new_far_world(void **state)
{
    struct world w = new_world(state);
    glm_test_put(glm_sprintf(w.a, "30 1 0:40 / %s rw - nfs4 server:/ rw\n", w.folder), "%s/mounts",
                 w.folder);
    odd.mounts = glm_sprintf(w.a, "%s/mounts", w.folder);
    return w;
}

static void what_may_hang_is_done_by_another_process(void **state)
{
    struct world w = new_far_world(state);
    assert_true(w.c->ops->hold(w.c, true));
    assert_string_equal(create(&w), "done");
    assert_string_equal(create(&w), "stale");
    struct glm_object_ref ref = {
        .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "istio-system", .name = "in"};
    struct glm_read read;
    assert_true(w.c->ops->read(w.c, w.a, &ref, &read, &w.d));
    assert_int_equal(read.found, GLM_FOUND);
    assert_non_null(w.c->ops->key(w.c, w.a));
    w.c->ops->release(w.c);
}

static void without_a_process_nothing_that_may_hang_is_done(void **state)
{
    struct world w = new_far_world(state);
    odd.alone = true;
    assert_true(w.c->ops->hold(w.c, true));
    assert_string_equal(create(&w), "failed");
    glm_assert_error(&w.d, "", "(nfs4, mounted at ");
    glm_assert_error(&w.d, "", "none can be started: Resource temporarily unavailable. Raise");
    assert_null(w.c->ops->key(w.c, w.a));
    w.c->ops->release(w.c);
    assert_false(glm_test_exists("%s/repo", w.folder));
}

static void what_ends_while_it_is_at_work_is_no_silence(void **state)
{
    struct world w = new_far_world(state);
    struct glm_cluster *hasty = w.c->ops->within(w.c, w.a, 0);
    struct glm_object_ref ref = {
        .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "istio-system", .name = "in"};
    struct glm_read read;
    assert_false(hasty->ops->read(hasty, w.a, &ref, &read, &w.d));
    glm_assert_error(&w.d, "", "The time was over before");
    glm_assert_error(&w.d, "", "is slow. Run Terraform again, with more time.");
}

struct stopping {
    atomic_bool stop;
    int64_t since_ms;
};

static void *stop_soon(void *context)
{
    struct stopping *s = context;
    while (glm_clock_ms() - s->since_ms < 100)
        poll(NULL, 0, 1);
    atomic_store(&s->stop, true);
    return NULL;
}

/* A file of three million values takes seconds, which nobody has after a stop. */
static void a_large_file_is_read_no_longer_than_it_is_waited_for(void **state)
{
    struct world w = new_world(state);
    struct stopping s = {.since_ms = glm_clock_ms()};
    struct glm_text text;
    glm_text_init(&text, w.a, (size_t)64 << 20);
    for (size_t i = 0; i < 3000000; i++)
        glm_text_adds(&text, "- a\n");
    glm_test_put(text.data, "%s/repo/namespaces/istio-system/istiooperator-in.yaml", w.folder);
    struct glm_cluster *c =
        glm_directory_create("repo", glm_sprintf(w.a, "%s/repo", w.folder), &s.stop);
    glm_arena_defer(w.a, release, c);
    struct glm_object_ref ref = {
        .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "istio-system", .name = "in"};
    struct glm_read read;
    pthread_t thread;
    s.since_ms = glm_clock_ms();
    assert_int_equal(pthread_create(&thread, NULL, stop_soon, &s), 0);
    assert_false(c->ops->read(c, w.a, &ref, &read, &w.d));
    assert_in_range(glm_clock_ms() - s.since_ms, 100, GLM_TEST_PROMPT_MS);
    pthread_join(thread, NULL);
    glm_assert_error(&w.d, "", "Terraform is stopping, and there is more in");
    atomic_store(&s.stop, false);
    glm_diags_init(&w.d, w.a);
    struct glm_cluster *hasty = c->ops->within(c, w.a, 100);
    assert_false(hasty->ops->read(hasty, w.a, &ref, &read, &w.d));
    glm_assert_error(&w.d, "", "The time is over, and there is more in");
}

static void where_no_directory_can_be_made_the_error_says_so(void **state)
{
    struct world w = new_world(state);
    struct glm_cluster *c = glm_directory_create("repo", "/proc/glm", NULL);
    glm_arena_defer(w.a, release, c);
    const struct glm_value *object = glm_test_operator(w.a, "istio-system", "in", "text");
    assert_false(glm_test_write(c, w.a, object, &w.d));
    glm_assert_error(&w.d, "", "/proc/glm: no directory can be made there.");
}

static void what_goes_through_many_files_ends_with_whoever_waits(void **state)
{
    struct world w = new_world(state);
    atomic_bool stop = true;
    glm_test_put("", "%s/repo/namespaces/x/istiooperator-a.yaml", w.folder);
    struct glm_cluster *c =
        glm_directory_create("repo", glm_sprintf(w.a, "%s/repo", w.folder), &stop);
    glm_arena_defer(w.a, release, c);
    struct glm_read read;
    assert_false(c->ops->list(c, w.a, GLM_KIND_ISTIO_OPERATOR, NULL, &read, &w.d));
    glm_assert_error(&w.d, "", "Terraform is stopping, and there is more in");
    atomic_store(&stop, false);
    struct glm_cluster *late = c->ops->within(c, w.a, 0);
    assert_false(late->ops->list(late, w.a, GLM_KIND_ISTIO_OPERATOR, NULL, &read, &w.d));
    glm_assert_error(&w.d, "", "The time is over, and there is more in");
    assert_true(c->ops->list(c, w.a, GLM_KIND_ISTIO_OPERATOR, NULL, &read, &w.d));
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(links_that_are_not_counted_are_no_removal),
        CASE(a_file_that_cannot_be_asked_about_is_written_and_leaves_none),
        CASE(a_rename_whose_answer_was_lost_is_one),
        CASE(what_may_not_be_on_the_disk_may_be_there),
        CASE(what_may_hang_is_done_by_another_process),
        CASE(without_a_process_nothing_that_may_hang_is_done),
        CASE(what_ends_while_it_is_at_work_is_no_silence),
        CASE(a_large_file_is_read_no_longer_than_it_is_waited_for),
        CASE(where_no_directory_can_be_made_the_error_says_so),
        CASE(what_goes_through_many_files_ends_with_whoever_waits),
    };
    return cmocka_run_group_tests_name("odd file systems", tests, NULL, NULL);
}
