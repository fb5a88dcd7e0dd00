/* SPDX-License-Identifier: Apache-2.0
 *
 * Two applies at once, as of two processes, that make the same gateways in the same directories: one
 * has it all, the other is refused. Each has an estate of its own, so nothing but the file system
 * tells one of the other.
 */
#include "test.h"

#include "folder.h"
#include "glm/lifecycle.h"
#include "glm/text.h"
#include "test_installer.h"

#include <ctype.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLUSTERS 3
#define ROUNDS 10

struct process {
    pthread_t thread;
    pthread_barrier_t *start;
    struct glm_arena *arena;
    struct glm_cluster *clusters[CLUSTERS];
    struct glm_cluster_config configs[CLUSTERS];
    struct glm_estate estate;
    const char *hub; /* of the spec: whose files they are */
    int64_t timeout_ms;

    struct glm_diags d;
    const struct glm_value *result, *record;
};

static void begin(struct process *p, const char *hub, const char *const *paths,
                  pthread_barrier_t *start)
{
    static const char *const names[CLUSTERS] = {"east", "north", "west"};
    *p = (struct process){.hub = hub, .start = start};
    p->arena = glm_arena_create((size_t)1 << 30);
    for (size_t i = 0; i < CLUSTERS; i++) {
        p->clusters[i] = glm_directory_create(names[i], paths[i], NULL);
        p->configs[i] = (struct glm_cluster_config){
            .name = names[i], .place = GLM_PLACE_DIRECTORY, .operator_namespace = "istio-system"};
    }
    p->estate = (struct glm_estate){.installers = glm_test_installers(),
                                    .mesh = {.known = true,
                                             .operator_namespace = "istio-system",
                                             .clusters = p->configs,
                                             .cluster_count = CLUSTERS,
                                             .default_distribution = &glm_null},
                                    .clusters = p->clusters,
                                    .claims = glm_claims_create(p->arena),
                                    .max_parallel = CLUSTERS};
}

static void end(struct process *p)
{
    for (size_t i = 0; i < CLUSTERS; i++)
        p->clusters[i]->ops->destroy(p->clusters[i]);
    glm_arena_destroy(p->arena);
}

static const char *installation(const struct process *p, const char *revision)
{
    return glm_sprintf(
        p->arena,
        "'%s':{'gateway_revision':'%s','clusters':{'east':{'active_gateway':%s},'north':"
        "{'active_gateway':%s},'west':{'active_gateway':%s}},'istio_operator_spec':'profile: "
        "empty\\nhub: %s\\nvalues: {global: {meshID: m}}\\ncomponents:\\n  ingressGateways:\\n  - "
        "name: in\\n    enabled: true\\n    k8s: {service: {ports: [{port: 80}]}}\\n'}",
        revision, revision, strcmp(revision, "1-24") == 0 ? "true" : "false",
        strcmp(revision, "1-24") == 0 ? "true" : "false",
        strcmp(revision, "1-24") == 0 ? "true" : "false", p->hub);
}

static const struct glm_value *attributes(const struct process *p)
{
    return glm_test_value(p->arena,
                          glm_sprintf(p->arena,
                                      "{'name':'in','namespace':'gloo-mesh','adopt_existing':false,"
                                      "'helm_global':null,'installations':{%s,%s}}",
                                      installation(p, "1-23"), installation(p, "1-24")));
}

static void *create(void *context)
{
    struct process *p = context;
    struct glm_change plan = {.prior = &glm_null, .record = &glm_null, .attributes = attributes(p)};
    glm_diags_init(&p->d, p->arena);
    bool ok = glm_lifecycle_plan(p->arena, &p->estate, &plan, &p->d);
    struct glm_change change = {.prior = &glm_null,
                                .record = plan.result_record,
                                .attributes = plan.result,
                                .creating = true,
                                .timeout_ms = p->timeout_ms};
    pthread_barrier_wait(p->start);
    if (ok)
        glm_lifecycle_apply(p->arena, &p->estate, &change, &p->d);
    p->result = change.result;
    return NULL;
}

/* How the files of main objects begin, and a spec in one of them. */
static const char *main_prefix(struct glm_arena *a)
{
    char *prefix = glm_sprintf(a, "/%s-", glm_test_main_kind()->name);
    for (char *c = prefix; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return prefix;
}

static const char *hub_as_written(struct glm_arena *a, const char *hub)
{
    return glm_sprintf(a, glm_test_is("istio_operator") ? "\n  hub: %s\n" : "\"hub\":\"%s\"", hub);
}

/* All files that there are, by whose they are. */
static void assert_all_of(struct glm_arena *a, const char *folder, const char *hub,
                          const char *other)
{
    size_t files = 0;
    for (const char *line = glm_test_tree(a, folder); *line;) {
        size_t len = strcspn(line, "\n");
        const char *path = glm_sprintf(a, "%s/%s", folder, glm_strndup(a, line, len));
        line += len + (line[len] == '\n');
        if (!strstr(path, main_prefix(a)))
            continue;
        const char *text = glm_test_file(a, path, NULL);
        files += strstr(text, hub_as_written(a, hub)) != NULL;
        assert_null(strstr(text, hub_as_written(a, other)));
    }
    assert_int_equal(files, 2 * CLUSTERS);
}

static void race(struct glm_arena *a, const char *const *one, const char *const *two,
                 const char *folder)
{
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, 2);
    struct process both[2];
    begin(&both[0], "one", one, &start);
    begin(&both[1], "two", two, &start);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&both[i].thread, NULL, create, &both[i]), 0);
    for (size_t i = 0; i < 2; i++)
        pthread_join(both[i].thread, NULL);
    size_t lost = both[0].d.errors ? 0 : 1;
    if ((both[0].d.errors > 0) == (both[1].d.errors > 0))
        fail_msg("%s and %s", glm_test_diags_text(a, &both[0].d),
                 glm_test_diags_text(a, &both[1].d));
    assert_true(glm_is_null(both[lost].result));
    for (const struct glm_diag *e = both[lost].d.first; e; e = e->next)
        assert_string_equal(e->summary, "Objects are already there");
    assert_all_of(a, folder, both[!lost].hub, both[lost].hub);
    assert_int_equal(glm_test_count(a, folder, ".tmp"), 0);
    for (size_t i = 0; i < 2; i++)
        end(&both[i]);
    pthread_barrier_destroy(&start);
}

static void of_two_creates_one_has_it_all_and_the_other_nothing(void **state)
{
    struct glm_arena *a = *state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        const char *folder = glm_test_folder(a);
        const char *const paths[CLUSTERS] = {glm_sprintf(a, "%s/new/a", folder),
                                             glm_sprintf(a, "%s/new/b", folder),
                                             glm_sprintf(a, "%s/new/c", folder)};
        race(a, paths, paths, folder);
    }
}

/* No order of names or of anything else is the same for both. */
static void clusters_in_another_order_do_not_wait_for_each_other(void **state)
{
    struct glm_arena *a = *state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        const char *folder = glm_test_folder(a);
        const char *const one[CLUSTERS] = {glm_sprintf(a, "%s/a", folder),
                                           glm_sprintf(a, "%s/b", folder),
                                           glm_sprintf(a, "%s/c", folder)};
        assert_int_equal(symlink("a", glm_sprintf(a, "%s/z", folder)), 0);
        /* The same trees under the names of other clusters: whoever is second finds files of the
         * first in all three. */
        const char *const two[CLUSTERS] = {one[2], one[1], glm_sprintf(a, "%s/z", folder)};
        glm_test_put("", "%s/a/x", folder);
        race(a, one, two, folder);
    }
}

/* Two names that are one only once the directory is made: neither is a link to it yet. */
static void what_turns_out_to_be_one_directory_is_refused_before_the_first_write(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    const char *const paths[CLUSTERS] = {glm_sprintf(a, "%s/link", folder),
                                         glm_sprintf(a, "%s/other", folder),
                                         glm_sprintf(a, "%s/place", folder)};
    assert_int_equal(symlink("place", paths[0]), 0);
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, 1);
    struct process p;
    begin(&p, "one", paths, &start);
    create(&p);
    assert_true(glm_is_null(p.result));
    glm_assert_error(
        &p.d, "installations",
        glm_sprintf(a, "\"east\" (directory %s) and \"west\" (directory %s)", paths[0], paths[2]));
    end(&p);
    pthread_barrier_destroy(&start);
    assert_string_equal(glm_test_tree(a, folder), "link\n");
}

static const struct glm_cluster_ops *asked_ops; /* of directories */
static atomic_uint asked;

/* Whoever asks first gets the number of a directory that is no more, and so does the next. */
static const char *key_of_what_was_removed(struct glm_cluster *cluster, struct glm_arena *arena)
{
    return atomic_fetch_add(&asked, 1) < CLUSTERS ? "fd00:7/" : asked_ops->key(cluster, arena);
}

static void a_number_that_was_used_again_makes_no_two_directories_one(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    const char *const paths[CLUSTERS] = {glm_sprintf(a, "%s/a", folder),
                                         glm_sprintf(a, "%s/b", folder),
                                         glm_sprintf(a, "%s/c", folder)};
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, 1);
    struct process p;
    begin(&p, "one", paths, &start);
    asked_ops = p.clusters[0]->ops;
    struct glm_cluster_ops ops = *asked_ops;
    ops.key = key_of_what_was_removed;
    for (size_t i = 0; i < CLUSTERS; i++)
        p.clusters[i]->ops = &ops;
    create(&p);
    assert_int_equal(p.d.errors, 0);
    assert_all_of(a, folder, "one", "two");
    end(&p);
    pthread_barrier_destroy(&start);
}

/* For as long as this one has time. */
static void what_another_process_holds_to_the_end_is_left_alone(void **state)
{
    struct glm_arena *a = *state;
    const char *folder = glm_test_folder(a);
    const char *const paths[CLUSTERS] = {glm_sprintf(a, "%s/a", folder),
                                         glm_sprintf(a, "%s/b", folder),
                                         glm_sprintf(a, "%s/c", folder)};
    struct glm_cluster *other = glm_directory_create("other", paths[1], NULL);
    assert_true(other->ops->hold(other, true));
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, 1);
    struct process p;
    /* Longer where the machine does not even look within that. */
    const char *said = "";
    for (int64_t ms = 100; ms < 100000 && !strstr(said, "Another process held"); ms *= 2) {
        begin(&p, "one", paths, &start);
        p.timeout_ms = ms;
        create(&p);
        said = glm_test_diags_text(a, &p.d);
        assert_true(p.d.errors > 0);
        end(&p);
    }
    if (!strstr(said, "error: installations: ") || !strstr(said, "Another process held directory"))
        fail_msg("%s", said);
    pthread_barrier_destroy(&start);
    assert_int_equal(glm_test_count(a, paths[1], ".yaml"), 0);
    other->ops->release(other);
    other->ops->destroy(other);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(of_two_creates_one_has_it_all_and_the_other_nothing),
        CASE(clusters_in_another_order_do_not_wait_for_each_other),
        CASE(what_another_process_holds_to_the_end_is_left_alone),
        CASE(what_turns_out_to_be_one_directory_is_refused_before_the_first_write),
        CASE(a_number_that_was_used_again_makes_no_two_directories_one),
    };
    return cmocka_run_group_tests_name("two applies", tests, NULL, NULL);
}
