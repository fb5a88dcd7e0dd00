/* SPDX-License-Identifier: Apache-2.0
 *
 * What may hang: which paths do, the process that does what may hang, files that it looks at.
 * Real file systems that hang are in tests/terraform/test_hung_files.py.
 */
#include "../../src/away/away.h"
#include "folder.h"
#include "glm/clock.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As before Linux 5.9, and in containers that forbid it, when the test says so. */
static bool old_kernel;
static unsigned closed;

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the system's are reserved names */
int close_range(unsigned first, unsigned last, int flags)
{
    if (!old_kernel)
        return (int)syscall(SYS_close_range, first, last, flags);
    errno = ENOSYS;
    return -1;
}

int close(int fd)
{
    closed++;
    return (int)syscall(SYS_close, fd);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

/* ---- which may hang ---- */

static const char root[] = "27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n";

static bool may_hang(struct glm_arena *a, const char *mounts, const char *path)
{
    struct away_mount mount = {"", ""};
    const struct away_mounts of = away_mounts_of(glm_sprintf(a, "%s%s", root, mounts));
    return away_may_hang(a, &of, path, &mount);
}

static void what_is_on_a_file_system_of_a_server_may_hang(void **state)
{
    struct glm_arena *a = *state;
    static const char nfs[] = "30 27 0:40 / /mnt/a rw,vers=4.2 shared:9 - nfs4 server:/export rw\n";
    assert_false(may_hang(a, "", "/srv/repo"));
    assert_false(may_hang(a, nfs, "/srv/repo"));
    assert_true(may_hang(a, nfs, "/mnt/a"));
    assert_true(may_hang(a, nfs, "/mnt/a/clusters/east"));
    assert_true(may_hang(a, nfs, "/tmp/../mnt/./a//x"));
    assert_false(may_hang(a, nfs, "/mnt/ab"));
    assert_false(may_hang(a, nfs, "/tmp/mnt/a"));
}

static void a_mount_below_the_directory_counts(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    glm_test_put("", "%s/repo/namespaces/x", folder);
    const char *mount =
        glm_sprintf(a, "30 27 0:40 / %s/repo/namespaces rw - fuse.sshfs h:/ rw\n", folder);
    assert_true(may_hang(a, mount, glm_sprintf(a, "%s/repo", folder)));
    assert_true(may_hang(a, mount, folder));
    assert_false(may_hang(a, mount, glm_sprintf(a, "%s/other", folder)));
}

static void links_are_followed_as_far_as_the_mount(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    const char *mount = glm_sprintf(a, "30 27 0:40 / %s/far rw - 9p share rw\n", folder);
    glm_test_put("", "%s/near/x", folder);
    assert_int_equal(symlink("far/deep", glm_sprintf(a, "%s/relative", folder)), 0);
    assert_int_equal(
        symlink(glm_sprintf(a, "%s/near/../far", folder), glm_sprintf(a, "%s/absolute", folder)),
        0);
    assert_int_equal(symlink("loop", glm_sprintf(a, "%s/loop", folder)), 0);
    assert_true(may_hang(a, mount, glm_sprintf(a, "%s/relative/east", folder)));
    assert_true(may_hang(a, mount, glm_sprintf(a, "%s/absolute", folder)));
    assert_false(may_hang(a, mount, glm_sprintf(a, "%s/near", folder)));
    assert_false(may_hang(a, mount, glm_sprintf(a, "%s/loop/x", folder)));
}

static void a_relative_path_is_one_of_the_working_directory(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    const char *mount = glm_sprintf(a, "30 27 0:40 / %s/far rw - 9p share rw\n", folder);
    char *was = getcwd(NULL, 0);
    assert_int_equal(chdir(folder), 0);
    bool far = may_hang(a, mount, "./far/token"), near = may_hang(a, mount, "near");
    assert_int_equal(chdir(was), 0);
    free(was);
    assert_true(far);
    assert_false(near);
}

static void the_last_mount_at_a_place_counts(void **state)
{
    struct glm_arena *a = *state;
    static const char below[] = "30 27 0:40 / /mnt/a rw - cifs //s/x rw\n"
                                "31 30 0:41 / /mnt/a rw - tmpfs none rw\n",
                      above[] = "30 27 0:41 / /mnt/a rw - tmpfs none rw\n"
                                "31 30 0:40 / /mnt/a rw - cifs //s/x rw\n";
    assert_false(may_hang(a, below, "/mnt/a"));
    assert_true(may_hang(a, above, "/mnt/a"));
}

static void the_kernels_spelling_is_read(void **state)
{
    struct glm_arena *a = *state;
    struct away_mount mount;
    static const char spaces[] = "30 27 0:40 / /mnt/a\\040b\\134 rw - fuse.x\\040y h:/ rw\n";
    assert_true(may_hang(a, spaces, "/mnt/a b\\/x"));
    assert_false(may_hang(a, spaces, "/mnt/a"));
    const struct away_mounts of = away_mounts_of(spaces);
    assert_true(away_may_hang(a, &of, "/mnt/a b\\", &mount));
    assert_string_equal(mount.type, "fuse.x\\040y");
    assert_string_equal(mount.at, "/mnt/a\\040b\\134");
    /* What cannot be found out may hang; what is no line is none. */
    const struct away_mounts unknown = away_mounts_of(NULL);
    assert_true(away_may_hang(a, &unknown, "/srv", &mount));
    assert_null(mount.type);
    static const char *const broken[] = {
        "30", "30 27 0:40 / /mnt/a", "\n\n", " - ", "- nfs4", "30 27 0:40 / /mnt/a rw nfs4 s:/\n"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_false(may_hang(a, broken[i], "/mnt/a"));
}

static void this_machine_has_a_table(void **state)
{
    const struct away_mounts mounts = away_mounts_now(*state);
    assert_non_null(mounts.text);
    assert_non_null(strstr(mounts.text, " - "));
}

/* ---- a process ---- */

static void say_two_lines(void *context, int say, int leash)
{
    const char *text = context;
    (void)leash;
    assert_true(write(say, text, strlen(text)) > 0);
}

static void say_and_wait(void *context, int say, int leash)
{
    char c;
    say_two_lines(context, say, leash);
    while (read(leash < 0 ? say : leash, &c, 1) < 0 && errno == EINTR)
        ;
    if (leash < 0)
        pause();
}

static void what_it_says_is_heard_to_the_end(void **state)
{
    struct away_child child;
    struct glm_text text;
    glm_text_init(&text, *state, 4096);
    assert_int_equal(away_child_begin(&child, false, say_two_lines, (char[]){"one\ntwo\n"}), 0);
    assert_int_equal(away_child_hear(&child, &text, false, NULL, glm_clock_ms() + 10000),
                     AWAY_ENDED);
    assert_string_equal(text.data, "one\ntwo\n");
    assert_int_equal(away_child_end(&child, glm_clock_ms() + 10000), 0);
    assert_int_equal(child.pid, 0);
}

static void whoever_waits_keeps_the_limits(void **state)
{
    struct away_child child;
    struct glm_text text;
    atomic_bool stop = false;
    glm_text_init(&text, *state, 4096);
    assert_int_equal(away_child_begin(&child, false, say_and_wait, (char[]){"one\n"}), 0);
    int64_t before = glm_clock_ms();
    assert_int_equal(away_child_hear(&child, &text, true, NULL, before + 10000), AWAY_ENDED);
    assert_int_equal(away_child_hear(&child, &text, true, NULL, before + 50), AWAY_LATE);
    atomic_store(&stop, true);
    assert_int_equal(away_child_hear(&child, &text, true, &stop, before + 10000), AWAY_STOPPED);
    pid_t pid = child.pid;
    assert_int_equal(away_child_end(&child, glm_clock_ms() + 10000), 0);
    assert_in_range(glm_clock_ms() - before, 0, GLM_TEST_PROMPT_MS);
    assert_int_equal(kill(pid, 0), -1);
}

static void it_ends_when_the_leash_is_let_go_of(void **state)
{
    struct away_child child;
    struct glm_text text;
    glm_text_init(&text, *state, 4096);
    assert_int_equal(away_child_begin(&child, true, say_and_wait, (char[]){"held\n"}), 0);
    assert_int_equal(away_child_hear(&child, &text, true, NULL, glm_clock_ms() + 10000),
                     AWAY_ENDED);
    close(child.leash);
    child.leash = -1;
    assert_int_equal(away_child_hear(&child, &text, false, NULL, glm_clock_ms() + 10000),
                     AWAY_ENDED);
    assert_int_equal(away_child_end(&child, glm_clock_ms() + 10000), 0);
}

/* How many descriptors it has but its own, and how many it had to close for that. */
static void say_descriptors(void *context, int say, int leash)
{
    unsigned counts[2] = {0, closed - *(unsigned *)context};
    for (int fd = STDERR_FILENO + 1; fd < 2000; fd++)
        counts[0] += fd != say && fd != leash && fcntl(fd, F_GETFD) >= 0;
    away_child_tell(say, counts, sizeof counts);
}

/* However many there might be: a container may have room for a thousand million. */
static void it_has_none_of_our_descriptors(void **state)
{
    struct glm_arena *a = *state;
    unsigned counts[2];
    const int low = open("/dev/null", O_RDONLY), high = fcntl(low, F_DUPFD, 900);
    for (int i = 0; i < 4; i++) {
        struct away_child child;
        struct glm_text text;
        glm_text_init(&text, a, 4096);
        old_kernel = i % 2;
        assert_int_equal(away_child_begin(&child, i / 2, say_descriptors, &(unsigned){closed}), 0);
        assert_int_equal(away_child_hear(&child, &text, false, NULL, glm_clock_ms() + 10000),
                         AWAY_ENDED);
        assert_int_equal(away_child_end(&child, glm_clock_ms() + 10000), 0);
        assert_int_equal(text.len, sizeof counts);
        memcpy(counts, text.data, sizeof counts);
        assert_int_equal(counts[0], 0);
        assert_in_range(counts[1], 0, 100);
    }
    old_kernel = false;
    close(low);
    close(high);
}

/* ---- a file ---- */

/* The same here and from a process of its own. */
static struct away_file asked(struct glm_arena *a, enum away_question question, const char *path,
                              size_t max)
{
    struct away_file here, away;
    struct away_ask ask = {.path = path, .question = question, .max = max};
    away_file(a, &ask, &here);
    ask.may_hang = true;
    away_file(a, &ask, &away);
    assert_int_equal(here.error, away.error);
    assert_int_equal(here.stat.st_ino, away.stat.st_ino);
    assert_int_equal(here.stat.st_mode, away.stat.st_mode);
    assert_int_equal(here.len, away.len);
    assert_true(!here.text == !away.text);
    assert_true(!here.text || memcmp(here.text, away.text, here.len + 1) == 0);
    return away;
}

static void a_file_is_the_same_from_another_process(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    const char *path = glm_sprintf(a, "%s/token", folder);
    glm_test_put("s3cret\n", "%s", path);
    assert_string_equal(asked(a, AWAY_READ, path, 100).text, "s3cret\n");
    assert_null(asked(a, AWAY_LOOK, path, 100).text);
    assert_int_equal(asked(a, AWAY_LOOK, path, 0).stat.st_size, 7);
    assert_string_equal(asked(a, AWAY_READ, path, 7).text, "s3cret\n");
    assert_int_equal(asked(a, AWAY_READ, path, 6).error, EFBIG);
    assert_string_equal(asked(a, AWAY_READ, "/dev/null", 7).text, "");
    assert_int_equal(asked(a, AWAY_READ, glm_sprintf(a, "%s/none", folder), 7).error, ENOENT);
    assert_int_equal(asked(a, AWAY_READ, glm_sprintf(a, "%s/x", path), 7).error, ENOTDIR);
    const struct away_file none = asked(a, AWAY_READ, folder, 7);
    assert_int_equal(none.error, 0);
    assert_null(none.text);
    assert_true(S_ISDIR(none.stat.st_mode));
    assert_int_equal(asked(a, AWAY_RUNS, glm_sprintf(a, "%s/none", folder), 0).error, ENOENT);
    assert_int_equal(asked(a, AWAY_RUNS, path, 0).error, EACCES);
    assert_int_equal(asked(a, AWAY_RUNS, "/bin/sh", 0).error, 0);
}

static void a_large_file_comes_whole(void **state)
{
    struct glm_arena *a = *state;
    const char *path = glm_sprintf(a, "%s/large", glm_test_folder(a));
    size_t len = 1000003;
    char *text = glm_alloc(a, len + 1);
    for (size_t i = 0; i < len; i++)
        text[i] = (char)('a' + i % 23);
    glm_test_put(text, "%s", path);
    const struct away_file file = asked(a, AWAY_READ, path, (size_t)1 << 20);
    assert_int_equal(file.len, len);
    assert_string_equal(file.text, text);
    assert_int_equal(asked(a, AWAY_READ, path, len - 1).error, EFBIG);
}

static bool ends_in_0(const char *name)
{
    return name[strlen(name) - 1] == '0';
}

static void files_of_a_directory_come_together(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    struct away_file file;
    struct away_ask ask = {
        .path = folder, .question = AWAY_READ_ALL, .max = 7000, .wanted = ends_in_0};
    for (int i = 0; i < 300; i++)
        glm_test_put("0123456789", "%s/a-file-with-a-long-name-%d", folder, i);
    for (int away = 0; away < 2; away++) {
        ask.may_hang = away == 1;
        ask.max = 30 * 11;
        away_file(a, &ask, &file);
        assert_int_equal(file.error, 0);
        assert_int_equal(file.len, 30 * 11);
        assert_memory_equal(file.text, "0123456789\n0123456789\n0", 23);
        ask.max = 30 * 11 - 2;
        away_file(a, &ask, &file);
        assert_int_equal(file.error, EFBIG);
        assert_null(file.text);
    }
    assert_int_equal(asked(a, AWAY_READ_ALL, folder, 1 << 20).len, 300 * 11);
    assert_null(
        asked(a, AWAY_READ_ALL, glm_sprintf(a, "%s/a-file-with-a-long-name-0", folder), 9).text);
    assert_int_equal(asked(a, AWAY_READ_ALL, glm_sprintf(a, "%s/none", folder), 9).error, ENOENT);
}

static void what_does_not_answer_is_left(void **state)
{
    struct glm_arena *a = *state;
    struct away_file file;
    atomic_bool left = true;
    struct away_ask ask = {
        .path = "/bin/sh", .question = AWAY_READ, .max = 1, .may_hang = true, .left = &left};
    away_file(a, &ask, &file);
    assert_int_equal(file.error, ETIME);
    ask.left = NULL;
    ask.until_ms = glm_clock_ms() - 1;
    away_file(a, &ask, &file);
    assert_int_equal(file.error, ETIME);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_is_on_a_file_system_of_a_server_may_hang),
        CASE(a_mount_below_the_directory_counts),
        CASE(links_are_followed_as_far_as_the_mount),
        CASE(a_relative_path_is_one_of_the_working_directory),
        CASE(the_last_mount_at_a_place_counts),
        CASE(the_kernels_spelling_is_read),
        CASE(this_machine_has_a_table),
        CASE(what_it_says_is_heard_to_the_end),
        CASE(whoever_waits_keeps_the_limits),
        CASE(it_ends_when_the_leash_is_let_go_of),
        CASE(it_has_none_of_our_descriptors),
        CASE(a_file_is_the_same_from_another_process),
        CASE(a_large_file_comes_whole),
        CASE(files_of_a_directory_come_together),
        CASE(what_does_not_answer_is_left),
    };
    return cmocka_run_group_tests_name("what may hang", tests, NULL, NULL);
}
