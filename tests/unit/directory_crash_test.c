/* SPDX-License-Identifier: Apache-2.0
 *
 * The directory cluster under kill -9 and under several writers at once: whole files only, nothing
 * left behind for good, nobody hurt by another's cleaning.
 */
#include "test.h"

#include "folder.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ARENA ((size_t)1 << 30)
#define INNER "repo/namespaces/istio-system"

static const struct glm_object_ref an_operator = {
    .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "istio-system", .name = "in"};

static struct glm_cluster *open_repo(const char *folder)
{
    struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create(ARENA);
    return glm_directory_create("repo", glm_sprintf(a, "%s/repo", folder), NULL);
}

/* Version n: a letter, as often as its number demands, so that every version has its own length. */
static const struct glm_value *version(struct glm_arena *a, unsigned n)
{
    size_t len = 40000 + 7001 * (size_t)(n % 26);
    char *text = glm_alloc(a, len + 1);
    memset(text, 'a' + (int)(n % 26), len);
    return glm_test_operator(a, "istio-system", "in", text);
}

static bool is_a_version(struct glm_arena *a, const struct glm_value *v)
{
    const char *text = glm_string_or(glm_get_path(v, "spec", "hub", NULL), "");
    return *text >= 'a' && *text <= 'z' && glm_equal(v, version(a, (unsigned)(*text - 'a')));
}

static bool write_object(struct glm_cluster *c, const struct glm_value *object)
{
    struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create(ARENA);
    struct glm_diags d;
    glm_diags_init(&d, a);
    bool ok = glm_test_write(c, a, object, &d);
    if (!ok)
        fprintf(stderr, "%s", glm_test_diags_text(a, &d));
    return ok;
}

static bool remove_object(struct glm_cluster *c, const struct glm_object_ref *ref)
{
    struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create(ARENA);
    struct glm_diags d;
    glm_diags_init(&d, a);
    bool ok = glm_test_remove(c, a, ref, &d);
    if (!ok)
        fprintf(stderr, "%s", glm_test_diags_text(a, &d));
    return ok;
}

/* What is read is one of the versions, whole; nothing only if that is fine. */
static void assert_whole(const char *folder, bool nothing_is_fine)
{
    struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create(ARENA);
    struct glm_cluster *c = open_repo(folder);
    struct glm_diags d;
    glm_diags_init(&d, a);
    struct glm_read read = {.found = GLM_FOUND_UNREADABLE, .object = &glm_null};
    const struct glm_value *list = &glm_null;
    bool ok = c->ops->read(c, a, &an_operator, &read, &d) &&
              glm_test_list(c, a, GLM_KIND_ISTIO_OPERATOR, &list, &d);
    c->ops->destroy(c);
    const enum glm_found found = read.found;
    const struct glm_value *v = read.object;
    if (!ok || d.warnings || found == GLM_FOUND_UNREADABLE)
        fprintf(stderr, "%s%s", read.why ? read.why : "", glm_test_diags_text(a, &d));
    assert_true(ok);
    assert_int_equal(d.warnings, 0);
    assert_true(found == GLM_FOUND || (nothing_is_fine && found == GLM_FOUND_NOTHING));
    assert_true(found == GLM_FOUND_NOTHING || is_a_version(a, v));
    for (size_t i = 0; i < list->len; i++)
        assert_true(is_a_version(a, glm_at(list, i)));
}

/* What the next process does before anything else. */
static void tidy(const char *folder)
{
    struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create(ARENA);
    struct glm_cluster *c = open_repo(folder);
    c->ops->tidy(c, a);
    c->ops->destroy(c);
}

static void nap(long microseconds)
{
    const struct timespec time = {microseconds / 1000000, microseconds % 1000000 * 1000};
    nanosleep(&time, NULL);
}

/* Kill -9 ----------------------------------------------------------------------------------- */

/* A process that writes one version after the other until it is killed. written counts. */
static pid_t start_writer(const char *folder, unsigned first, _Atomic unsigned *written)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0)
        return child;
    struct glm_cluster *c = open_repo(folder);
    for (unsigned n = first;; n++) {
        struct glm_arena *a = glm_arena_create(ARENA);
        if (!write_object(c, version(a, n)))
            _exit(1);
        glm_arena_destroy(a);
        atomic_fetch_add(written, 1);
    }
}

static _Atomic unsigned *shared_counter(void)
{
    void *at = mmap(NULL, sizeof(_Atomic unsigned), PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(at != MAP_FAILED);
    return at;
}

static void a_kill_at_any_moment_leaves_whole_files(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    _Atomic unsigned *written = shared_counter();
    struct drand48_data random;
    srand48_r(20240911, &random);
    unsigned left_behind = 0, round = 0;
    /* On a busy machine most writers are killed before they write: then it goes on. */
    for (; round < 150 || ((*written <= 20 || left_behind <= 10) && round < 5000); round++) {
        pid_t child = start_writer(folder, round, written);
        long wait = 0;
        mrand48_r(&random, &wait);
        nap(labs(wait) % 12000);
        assert_whole(folder, true); /* while it writes */
        kill(child, SIGKILL);
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        assert_whole(folder, *written == 0);
        if (glm_test_count(a, folder, ".tmp") > 0)
            left_behind++;
    }
    print_message("%u writes, %u kills, %u of them in the middle of a write\n", *written, round,
                  left_behind);
    assert_true(*written > 20);
    assert_true(left_behind > 10);
    tidy(folder);
    assert_string_equal(glm_test_tree(a, folder), INNER "/istiooperator-in.yaml\n");
    munmap(written, sizeof *written);
}

/* Temporary files --------------------------------------------------------------------------- */

#define LEFT ".glm-write-0123456789abcdef.tmp"

static void what_a_killed_run_left_is_no_object_and_goes_with_the_next_process(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    glm_test_put("half an obj", "%s/" INNER "/" LEFT, folder);
    assert_whole(folder, true);
    tidy(folder);
    assert_string_equal(glm_test_tree(a, folder), "repo/namespaces/\n");
    glm_test_put("half an obj", "%s/" INNER "/" LEFT, folder);
    glm_test_put("an object", "%s/" INNER "/istiooperator-in.yaml", folder);
    tidy(folder);
    assert_string_equal(glm_test_tree(a, folder), INNER "/istiooperator-in.yaml\n");
}

static void a_directory_is_tidied_once_in_a_process(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    struct glm_cluster *c = open_repo(folder);
    c->ops->tidy(c, a);
    glm_test_put("half an obj", "%s/" INNER "/" LEFT, folder);
    c->ops->tidy(c, a);
    assert_true(write_object(c, version(a, 1)));
    assert_true(remove_object(c, &an_operator));
    c->ops->destroy(c);
    assert_string_equal(glm_test_tree(a, folder), INNER "/" LEFT "\n");
}

static void the_temporary_file_of_a_living_writer_stays(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    const char *left = glm_sprintf(a, "%s/" INNER "/" LEFT, folder);
    glm_test_put("half an obj", "%s", left);
    int fd = open(left, O_RDWR | O_CLOEXEC);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
    tidy(folder);
    assert_true(glm_test_exists("%s", left));
    close(fd);
    tidy(folder);
    assert_false(glm_test_exists("%s", left));
}

static void what_is_not_ours_by_name_is_never_cleaned_away(void **state)
{
    static const char *const names[] = {
        ".glm-write-0123456789abcde.tmp",   ".glm-write-0123456789abcdeg.tmp",
        ".glm-write-0123456789abcdef.tmp~", "glm-write-0123456789abcdef.tmp",
        ".glm-write-0123456789ABCDEF.tmp",  ".gitkeep",
        ".istiooperator-in.yaml.swp",       "service-in.yaml.tmp",
    };
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        glm_test_put("theirs", "%s/" INNER "/%s", folder, names[i]);
    glm_test_put("theirs", "%s/target", folder);
    assert_int_equal(symlink("../../../target", glm_sprintf(a, "%s/" INNER "/" LEFT, folder)), 0);
    struct glm_cluster *c = open_repo(folder);
    assert_true(write_object(c, version(a, 1)));
    assert_true(remove_object(c, &an_operator));
    c->ops->destroy(c);
    tidy(folder);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_true(glm_test_exists("%s/" INNER "/%s", folder, names[i]));
    assert_true(glm_test_exists("%s/target", folder));
}

/* Several at once --------------------------------------------------------------------------- */

static void two_processes_that_write_the_same_object_do_not_hurt_each_other(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    _Atomic unsigned *written = shared_counter();
    pid_t children[3];
    for (unsigned i = 0; i < 3; i++)
        children[i] = start_writer(folder, i * 5, written);
    for (unsigned i = 0; (i < 600 && *written < 300) || (i < 6000 && *written <= 30); i++) {
        nap(10000);
        assert_whole(folder, *written == 0);
    }
    for (unsigned i = 0; i < 3; i++) {
        int status = -1;
        assert_int_equal(waitpid(children[i], &status, WNOHANG), 0); /* no write has failed */
        kill(children[i], SIGKILL);
        waitpid(children[i], &status, 0);
    }
    assert_true(*written > 30);
    munmap(written, sizeof *written);
}

struct worker {
    pthread_t thread;
    struct glm_cluster *cluster;
    unsigned number;
    bool failed;
};

/* Writes and removes objects of its own, in namespaces that come and go all the time. */
static void *come_and_go(void *context)
{
    struct worker *w = context;
    for (unsigned i = 0; i < 40 && !w->failed; i++) {
        struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create(ARENA);
        const char *name = glm_sprintf(a, "in-%u", w->number);
        const char *namespace_ = i % 2 ? "even" : "odd";
        const struct glm_object_ref ref = {
            .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = namespace_, .name = name};
        const struct glm_value *object = glm_test_operator(a, namespace_, name, "h");
        struct glm_diags d;
        glm_diags_init(&d, a);
        struct glm_read read;
        bool ok = write_object(w->cluster, object) &&
                  w->cluster->ops->read(w->cluster, a, &ref, &read, &d) &&
                  read.found == GLM_FOUND && glm_equal(read.object, object) &&
                  remove_object(w->cluster, &ref) &&
                  w->cluster->ops->read(w->cluster, a, &ref, &read, &d) &&
                  read.found == GLM_FOUND_NOTHING;
        if (!ok)
            w->failed = true;
    }
    return NULL;
}

static void threads_share_a_cluster_while_directories_come_and_go(void **state)
{
    const char *folder = glm_test_folder(*state);
    struct glm_cluster *c = open_repo(folder);
    struct worker workers[8];
    for (unsigned i = 0; i < 8; i++) {
        workers[i] = (struct worker){.cluster = c, .number = i};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, come_and_go, &workers[i]), 0);
    }
    for (unsigned i = 0; i < 8; i++)
        pthread_join(workers[i].thread, NULL);
    for (unsigned i = 0; i < 8; i++)
        assert_false(workers[i].failed);
    c->ops->destroy(c);
    assert_string_equal(glm_test_tree(*state, folder), "repo/namespaces/\n");
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_kill_at_any_moment_leaves_whole_files),
        CASE(what_a_killed_run_left_is_no_object_and_goes_with_the_next_process),
        CASE(a_directory_is_tidied_once_in_a_process),
        CASE(the_temporary_file_of_a_living_writer_stays),
        CASE(what_is_not_ours_by_name_is_never_cleaned_away),
        CASE(two_processes_that_write_the_same_object_do_not_hurt_each_other),
        CASE(threads_share_a_cluster_while_directories_come_and_go),
    };
    return cmocka_run_group_tests_name("directory crash", tests, NULL, NULL);
}
