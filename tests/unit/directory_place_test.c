/* SPDX-License-Identifier: Apache-2.0
 *
 * The directory cluster: which directory it is, whatever names lead there; who holds it; that what
 * is created takes nobody's place, also on file systems that cannot do it the usual way.
 */
#include "test.h"

#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void release(void *cluster)
{
    struct glm_cluster *c = cluster;
    c->ops->destroy(c);
}

static struct glm_cluster *open_at(struct glm_arena *a, const char *path)
{
    struct glm_cluster *c = glm_directory_create("repo", path, NULL);
    glm_arena_defer(a, release, c);
    return c;
}

static struct glm_directory_where where_is(struct glm_arena *a, const char *path)
{
    struct glm_directory_where where;
    const char *clean = glm_directory_clean(a, path);
    glm_directory_find(a, &clean, 1, &where);
    return where;
}

static const char *key_of(struct glm_arena *a, const char *path)
{
    return where_is(a, path).key;
}

static const char *realpath_of(struct glm_arena *a, const char *folder, const char *name)
{
    char *real = realpath(glm_sprintf(a, "%s/%s", folder, name), NULL);
    const char *copy = glm_strdup(a, real ? real : "");
    free(real);
    return copy;
}

/* Which one ---------------------------------------------------------------------------------- */

static void all_names_of_a_directory_have_one_key(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    glm_test_put("", "%s/real/x", folder);
    assert_int_equal(symlink("real", glm_sprintf(a, "%s/link", folder)), 0);
    static const char *const rests[] = {"", "/not/yet", "/x"};
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
        const char *key = key_of(a, glm_sprintf(a, "%s/real%s", folder, rests[i]));
        assert_string_equal(key_of(a, glm_sprintf(a, "%s/link%s", folder, rests[i])), key);
        assert_string_equal(key_of(a, glm_sprintf(a, "%s/y/../link//.%s/", folder, rests[i])), key);
        assert_string_not_equal(key_of(a, glm_sprintf(a, "%s/other%s", folder, rests[i])), key);
    }
    char *before = getcwd(NULL, 0);
    assert_int_equal(chdir(folder), 0);
    const char *relative = key_of(a, "./link/not/yet"), *up = key_of(a, "../..");
    assert_int_equal(chdir(before), 0);
    free(before);
    assert_string_equal(relative, key_of(a, glm_sprintf(a, "%s/real/not/yet", folder)));
    assert_string_equal(up, key_of(a, glm_sprintf(a, "%s/../..", folder)));
    assert_string_equal(where_is(a, glm_sprintf(a, "%s/link/not/yet", folder)).path,
                        glm_sprintf(a, "%s/not/yet", realpath_of(a, folder, "real")));
}

static enum glm_leads old(struct glm_cluster *c, struct glm_arena *a, const char *path)
{
    return c->ops->leads(c, a, glm_sprintf(a, "directory %s", path));
}

static bool leads_to(struct glm_cluster *c, struct glm_arena *a, const char *path)
{
    return old(c, a, path) == GLM_LEADS_HERE;
}

static void a_recorded_place_is_known_again_by_what_it_leads_to(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    glm_test_put("", "%s/real/x", folder);
    assert_int_equal(symlink("real", glm_sprintf(a, "%s/link", folder)), 0);
    static const char *const names[] = {"real", "real/not/yet"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct glm_cluster *c = open_at(a, glm_sprintf(a, "%s/%s", folder, names[i]));
        assert_true(leads_to(c, a, glm_sprintf(a, "%s/%s", folder, names[i])));
        assert_true(leads_to(c, a, glm_sprintf(a, "%s/link%s", folder, names[i] + 4)));
        assert_false(leads_to(c, a, glm_sprintf(a, "%s/link/other", folder)));
        assert_false(leads_to(c, a, ""));
        assert_false(leads_to(c, a, names[i]));
        assert_int_equal(c->ops->leads(c, a, glm_sprintf(a, "%s/%s", folder, names[i])),
                         GLM_LEADS_ELSEWHERE);
        assert_int_equal(c->ops->leads(c, a, "API server with kube-system UID 1-2-3"),
                         GLM_LEADS_ELSEWHERE);
        assert_int_equal(old(c, a, folder), GLM_LEADS_ELSEWHERE);
        assert_int_equal(old(c, a, glm_sprintf(a, "%s/gone", folder)), GLM_LEADS_NOWHERE);
    }
}

static void a_recorded_place_is_looked_at_once(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a), *link = glm_sprintf(a, "%s/link", folder);
    glm_test_put("", "%s/real/x", folder);
    assert_int_equal(symlink("real", link), 0);
    struct glm_cluster *c = open_at(a, glm_sprintf(a, "%s/real", folder));
    assert_true(leads_to(c, a, link));
    assert_int_equal(unlink(link), 0);
    assert_true(leads_to(c, a, link));
    assert_false(leads_to(c, a, folder));
    assert_false(leads_to(c, a, link));
}

static void the_place_is_absolute_and_the_label_as_configured(void **state)
{
    struct glm_arena *a = *state;
    char *here = getcwd(NULL, 0);
    struct glm_diags d;
    glm_diags_init(&d, a);
    const char *place = NULL;
    struct glm_cluster *c = open_at(a, "./clusters/../clusters/east/");
    assert_true(c->ops->identify(c, a, &place, &d));
    assert_string_equal(place, glm_sprintf(a, "directory %s/clusters/east", here));
    assert_string_equal(c->ops->label(c, a), "directory clusters/east");
    /* Names of any bytes go into the record as text. */
    const char *odd = glm_sprintf(a, "%s/\xff\n", glm_test_folder(a));
    glm_test_put("", "%s/x", odd);
    assert_int_equal(chdir(odd), 0);
    c = open_at(a, "repo");
    assert_int_equal(chdir(here), 0);
    assert_true(c->ops->identify(c, a, &place, &d));
    assert_non_null(strstr(place, "/\\xff\\n/repo"));
    c = open_at(a, "/x/../y");
    assert_true(c->ops->identify(c, a, &place, &d));
    assert_string_equal(place, "directory /y");
    free(here);
}

/* Holding ------------------------------------------------------------------------------------ */

static void whoever_holds_it_keeps_others_out_and_leaves_nothing_behind(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    const char *path = glm_sprintf(a, "%s/deep/er/repo", folder);
    struct glm_cluster *one = open_at(a, path), *two = open_at(a, path); /* as in two processes */
    assert_true(one->ops->hold(one, true));
    assert_true(one->ops->hold(one, true)); /* two resources of one process */
    assert_false(two->ops->hold(two, true));
    one->ops->release(one);
    assert_false(two->ops->hold(two, false));
    assert_string_equal(glm_test_tree(a, folder), "deep/er/repo/\n");
    one->ops->release(one);
    assert_string_equal(glm_test_tree(a, folder), ""); /* nothing was written */
    assert_true(two->ops->hold(two, true));
    glm_test_put("", "%s/file", path);
    two->ops->release(two);
    assert_string_equal(glm_test_tree(a, folder), "deep/er/repo/file\n");
}

static void what_cannot_be_held_is_nobodys_and_hinders_nobody(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    struct glm_cluster *c = open_at(a, glm_sprintf(a, "%s/not/there", folder));
    assert_true(c->ops->hold(c, false));
    assert_string_equal(glm_test_tree(a, folder), ""); /* it is not made for a removal */
    c->ops->release(c);
    glm_test_put("", "%s/file", folder);
    c = open_at(a, glm_sprintf(a, "%s/file", folder));
    assert_true(c->ops->hold(c, true));
    c->ops->release(c);
}

static void a_killed_holder_holds_nothing(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct glm_cluster *c = glm_directory_create("repo", folder, NULL);
        char held = c->ops->hold(c, true) ? 'y' : 'n';
        if (write(ready[1], &held, 1) == 1)
            pause();
        _exit(1);
    }
    char held = 0;
    assert_int_equal(read(ready[0], &held, 1), 1);
    assert_int_equal(held, 'y');
    struct glm_cluster *c = open_at(a, folder);
    assert_false(c->ops->hold(c, true));
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(c->ops->hold(c, true));
    c->ops->release(c);
    close(ready[0]);
    close(ready[1]);
}

/* Creating ----------------------------------------------------------------------------------- */

static enum glm_written create(struct glm_cluster *c, struct glm_arena *a, const char *text,
                               struct glm_diags *d)
{
    struct glm_write w = {.object = glm_test_operator(a, "istio-system", "in", text),
                          .create = true};
    enum glm_written written = (enum glm_written)99;
    bool ok = c->ops->write(c, a, &w, &written, d);
    return ok ? written : (enum glm_written)99;
}

#define CREATORS 4

struct creator {
    pthread_t thread;
    pthread_barrier_t *start;
    const char *folder;
    char text[2];
    enum glm_written written;
};

static void *create_one(void *context)
{
    struct creator *me = context;
    struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create((size_t)1 << 30);
    struct glm_diags d;
    glm_diags_init(&d, a);
    struct glm_cluster *c = glm_directory_create("repo", me->folder, NULL);
    pthread_barrier_wait(me->start);
    me->written = create(c, a, me->text, &d);
    c->ops->destroy(c);
    return NULL;
}

/* Rounds in each of which all create the same object; says what went wrong. */
static void race(const char *folder, struct glm_test_said *said)
{
    for (unsigned round = 0; round < 40; round++) {
        struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create((size_t)1 << 30);
        const char *path = glm_sprintf(a, "%s/%u", folder, round);
        pthread_barrier_t start;
        pthread_barrier_init(&start, NULL, CREATORS);
        struct creator all[CREATORS];
        for (unsigned i = 0; i < CREATORS; i++) {
            all[i] =
                (struct creator){.start = &start, .folder = path, .text = {(char)('a' + i), '\0'}};
            pthread_create(&all[i].thread, NULL, create_one, &all[i]);
        }
        unsigned won = 0, lost = 0;
        const char *winner = "";
        for (unsigned i = 0; i < CREATORS; i++) {
            pthread_join(all[i].thread, NULL);
            won += all[i].written == GLM_WRITE_DONE;
            lost += all[i].written == GLM_WRITE_STALE;
            winner = all[i].written == GLM_WRITE_DONE ? all[i].text : winner;
        }
        pthread_barrier_destroy(&start);
        const char *file = glm_test_file(
            a, glm_sprintf(a, "%s/namespaces/istio-system/istiooperator-in.yaml", path), NULL);
        if (won != 1 || lost != CREATORS - 1 || !strstr(file, glm_sprintf(a, "hub: %s\n", winner)))
            glm_test_say(said, "round %u: %u won, %u lost\n", round, won, lost);
        if (glm_test_count(a, path, ".tmp"))
            glm_test_say(said, "round %u: temporary files are left\n", round);
    }
    glm_test_say(said, "done");
}

static void race_with_all_there_is(void *folder, struct glm_test_said *said)
{
    race(folder, said);
}

/* From now on a system call of this process fails with an errno; flags: only with some in its
 * argument 4. As if the file system could not do it. */
static bool forbid(long number, bool with_flags, int error)
{
    const struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[4])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, with_flags ? 1 : 0, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, (struct sock_filter *)(uintptr_t)code};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static void race_without_renameat2(void *folder, struct glm_test_said *said)
{
    if (forbid(SYS_renameat2, true, EINVAL))
        race(folder, said);
    else
        glm_test_say(said, "no seccomp");
}

static void race_without_locks(void *folder, struct glm_test_said *said)
{
    if (forbid(SYS_renameat2, true, EINVAL) && forbid(SYS_flock, false, EBADF))
        race(folder, said);
    else
        glm_test_say(said, "no seccomp");
}

static void of_many_that_create_one_wins(void **state)
{
    void (*const races[])(void *, struct glm_test_said *) = {
        race_with_all_there_is, race_without_renameat2, race_without_locks};
    for (size_t i = 0; i < sizeof races / sizeof *races; i++) {
        const char *folder = glm_test_folder(*state);
        const char *said = glm_test_in_child(*state, races[i], (void *)(uintptr_t)folder);
        if (strcmp(said, "no seccomp") == 0)
            skip();
        assert_string_equal(said, "done");
    }
}

/* Neither renameat2 nor link(2): FAT, some network file systems. */
static void create_where_little_works(void *folder, struct glm_test_said *said)
{
    struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create((size_t)1 << 30);
    struct glm_diags d;
    glm_diags_init(&d, a);
    struct glm_cluster *c = glm_directory_create("repo", folder, NULL);
    if (!forbid(SYS_renameat2, true, EINVAL) || !forbid(SYS_linkat, false, EPERM)) {
        glm_test_say(said, "no seccomp");
    } else {
        const struct glm_value *object = glm_test_operator(a, "istio-system", "in", "three");
        glm_test_say(said, "%d ", (int)create(c, a, "one", &d));
        glm_test_say(said, "%d ", (int)create(c, a, "two", &d));
        glm_test_say(said, "%d ", glm_test_write(c, a, object, &d));
        glm_test_say(said, "%s", glm_test_diags_text(a, &d));
    }
    c->ops->destroy(c);
}

static void without_rename_flags_and_links_it_is_looked_first(void **state)
{
    const char *folder = glm_test_folder(*state);
    const char *said =
        glm_test_in_child(*state, create_where_little_works, (void *)(uintptr_t)folder);
    if (strcmp(said, "no seccomp") == 0)
        skip();
    assert_string_equal(said,
                        glm_sprintf(*state, "%d %d 1 ", (int)GLM_WRITE_DONE, (int)GLM_WRITE_STALE));
}

static void whatever_is_there_is_stale(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    glm_diags_init(&d, a);
    const char *folder = glm_test_folder(a);
    const char *file = glm_sprintf(a, "%s/namespaces/istio-system/istiooperator-in.yaml", folder);
    struct glm_cluster *c = open_at(a, folder);
    glm_test_put("theirs", "%s", file);
    assert_int_equal(create(c, a, "x", &d), GLM_WRITE_STALE);
    assert_string_equal(glm_test_file(a, file, NULL), "theirs");
    assert_int_equal(unlink(file), 0);
    assert_int_equal(symlink("nothing", file), 0);
    assert_int_equal(create(c, a, "x", &d), GLM_WRITE_STALE);
    assert_int_equal(d.errors, 0);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(create(c, a, "x", &d), GLM_WRITE_DONE);
    assert_int_equal(glm_test_count(a, folder, ".tmp"), 0);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(all_names_of_a_directory_have_one_key),
        CASE(a_recorded_place_is_known_again_by_what_it_leads_to),
        CASE(a_recorded_place_is_looked_at_once),
        CASE(the_place_is_absolute_and_the_label_as_configured),
        CASE(whoever_holds_it_keeps_others_out_and_leaves_nothing_behind),
        CASE(what_cannot_be_held_is_nobodys_and_hinders_nobody),
        CASE(a_killed_holder_holds_nothing),
        CASE(of_many_that_create_one_wins),
        CASE(without_rename_flags_and_links_it_is_looked_first),
        CASE(whatever_is_there_is_stale),
    };
    return cmocka_run_group_tests_name("directory place", tests, NULL, NULL);
}
