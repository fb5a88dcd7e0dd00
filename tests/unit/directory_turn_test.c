/* SPDX-License-Identifier: Apache-2.0
 *
 * The directory cluster: how much of large files is in memory at once.
 */
#include "test.h"

#include "folder.h"
#include "glm/directory.h"

#include <pthread.h>
#include <string.h>

#define MIB ((size_t)1 << 20)
#define WAITED_MS 1500

static const struct glm_object_ref first = {.kind = GLM_KIND_SERVICE,
                                            .namespace_ = "ns",
                                            .name = "first"},
                                   second = {.kind = GLM_KIND_SERVICE,
                                             .namespace_ = "ns",
                                             .name = "second"};

struct reader {
    struct glm_cluster *cluster;
    const struct glm_object_ref *ref;
    struct glm_arena *arena;
    int64_t milliseconds; /* that it has; 0: as many as it takes */
    bool ok;
    struct glm_diags d;
};

static void put(const char *folder, const char *name, size_t size)
{
    struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    char *text = glm_alloc(a, size + 1);
    memset(text, 'x', size);
    glm_test_put(glm_sprintf(a,
                             "apiVersion: v1\nkind: Service\nmetadata:\n  name: %s\n"
                             "  namespace: ns\n  annotations: {note: %s}\n",
                             name, text),
                 "%s/namespaces/ns/service-%s.yaml", folder, name);
}

static void *run(void *context)
{
    struct reader *r = context;
    struct glm_cluster *c = r->cluster;
    struct glm_read look = {.found = GLM_FOUND_NOTHING};
    glm_diags_init(&r->d, r->arena);
    if (r->milliseconds)
        c = c->ops->within(c, r->arena, r->milliseconds);
    r->ok = c->ops->read(c, r->arena, r->ref, &look, &r->d) && look.found == GLM_FOUND;
    return NULL;
}

/* In a thread of its own. */
static void read_in_thread(struct reader *r)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, run, r), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void large_files_of_all_directories_wait_for_their_turn(void **state)
{
    struct glm_arena *a = *state, *held = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    const char *folder = glm_test_folder(a), *other = glm_test_folder(a);
    put(folder, "first", 9 * MIB);
    put(folder, "second", 9 * MIB);
    put(other, "first", 9 * MIB);
    put(other, "second", MIB / 2);
    struct glm_directory_turns *turns = glm_directory_turns_create();
    struct glm_cluster *c = glm_directory_create("c", folder, NULL),
                       *d = glm_directory_create("d", other, NULL);
    glm_directory_share(c, turns);
    glm_directory_share(d, turns);
    struct reader mine = {.cluster = c, .ref = &first, .arena = held};
    run(&mine);
    assert_true(mine.ok);
    mine.ref = &second; /* whoever has a turn waits for none */
    run(&mine);
    assert_true(mine.ok);
    struct glm_arena *GLM_AUTO_ARENA own = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct reader late = {.cluster = d, .ref = &first, .arena = own, .milliseconds = WAITED_MS};
    read_in_thread(&late);
    assert_false(late.ok);
    glm_assert_error(&late.d, "", "The time is over");
    struct reader small = {.cluster = d, .ref = &second, .arena = a};
    read_in_thread(&small); /* small ones need none */
    assert_true(small.ok);
    glm_arena_destroy(held); /* which gives both turns back */
    late.milliseconds = 0;
    read_in_thread(&late);
    assert_true(late.ok);
    c->ops->destroy(c);
    d->ops->destroy(d);
    glm_directory_turns_destroy(turns);
}

static atomic_bool stop;

static void a_stop_ends_the_wait(void **state)
{
    struct glm_arena *a = *state, *held = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    const char *folder = glm_test_folder(a);
    put(folder, "first", 9 * MIB);
    struct glm_directory_turns *turns = glm_directory_turns_create();
    struct glm_cluster *c = glm_directory_create("c", folder, NULL),
                       *d = glm_directory_create("d", folder, &stop);
    glm_directory_share(c, turns);
    glm_directory_share(d, turns);
    glm_directory_turns_destroy(turns); /* whoever uses them keeps them */
    struct reader mine = {.cluster = c, .ref = &first, .arena = held},
                  late = {.cluster = d, .ref = &first, .arena = a};
    run(&mine);
    assert_true(mine.ok);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, run, &late), 0);
    atomic_store(&stop, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_false(late.ok);
    glm_assert_error(&late.d, "", "Terraform is stopping");
    glm_arena_destroy(held);
    c->ops->destroy(c);
    d->ops->destroy(d);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(large_files_of_all_directories_wait_for_their_turn),
        CASE(a_stop_ends_the_wait),
    };
    return cmocka_run_group_tests_name("directory turn", tests, NULL, NULL);
}
