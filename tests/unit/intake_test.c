/* SPDX-License-Identifier: Apache-2.0
 *
 * What all clusters of one resource may bring into its state together: each object has a ceiling, and
 * so has the sum. The clusters are fakes: no real one holds tens of megabytes.
 */
#include "../../src/lifecycle/lifecycle_internal.h"
#include "fake_cluster.h"
#include "folder.h"
#include "test.h"
#include "test_installer.h"

#include <malloc.h>
#include <string.h>

#define MIB ((size_t)1 << 20)

static struct share share_of(struct intake *intake, size_t had)
{
    return (struct share){.intake = intake, .had = had};
}

static void what_is_more_than_before_is_taken_of_what_is_left(void **state)
{
    (void)state;
    struct intake intake;
    intake_begin(&intake, GLM_EXTENT_MAX - 100);
    struct share east = share_of(&intake, 50), west = share_of(&intake, 0);
    assert_true(share_add(&east, 30));
    assert_true(share_add(&east, 120)); /* 100 more than it had */
    assert_false(share_add(&east, 1));
    assert_false(share_add(&west, 1));
    share_give_back(&east); /* its state is kept */
    west = share_of(&intake, 0);
    assert_true(share_add(&west, 100));
}

static void a_cluster_that_has_not_changed_can_always_be_read(void **state)
{
    (void)state;
    struct intake intake;
    intake_begin(&intake, 3 * GLM_EXTENT_MAX);
    struct share east = share_of(&intake, 2 * GLM_EXTENT_MAX);
    struct share west = share_of(&intake, GLM_EXTENT_MAX);
    assert_true(share_add(&east, 2 * GLM_EXTENT_MAX));
    assert_true(share_add(&west, GLM_EXTENT_MAX));
    assert_false(share_add(&west, 1));
}

static void a_text_counts_as_the_state_has_it(void **state)
{
    struct glm_arena *a = *state;
    assert_int_equal(intake_of_text(&glm_null), 0);
    assert_int_equal(intake_of_text(glm_string(a, "abc")), strlen("'abc'"));
    assert_int_equal(intake_of_text(glm_string(a, "<&>")), strlen("'") * 2 + 3 * strlen("\\u003c"));
    assert_int_equal(intake_of_text(glm_string(a, "{\"a\":\"\\n\"}")),
                     strlen("'{\\'a\\':\\'\\\\n\\'}'"));
    assert_int_equal(intake_of_text(glm_string(a, "\xE2\x80\xA8")), strlen("'\\u2028'"));
}

/* ---- a read ---- */

struct world {
    struct glm_cluster *clusters[2];
    struct glm_cluster_config configs[2];
    bool must_answer[2];
    atomic_bool stop;
    struct glm_estate estate;
    struct glm_change change;
    struct glm_diags d;
};

static char *text_of(struct glm_arena *arena, char c, size_t size)
{
    char *text = glm_alloc(arena, size + 1);
    memset(text, c, size);
    return text;
}

/* An IstioOperator of somebody else's making, with an annotation of that size. */
static void put_text(struct glm_cluster *cluster, struct glm_arena *arena, char c, size_t size)
{
    const struct glm_value *bare = glm_test_value(
        arena, "{'apiVersion':'install.istio.io/v1alpha1','kind':'IstioOperator','metadata':{"
               "'name':'ingress','namespace':'n'},'spec':{'profile':'empty'}}");
    glm_test_main_put(arena, cluster,
                      glm_with_path(arena, bare, glm_string(arena, text_of(arena, c, size)),
                                    "metadata", "annotations", "note", NULL));
}

static void put(struct glm_cluster *cluster, struct glm_arena *arena, size_t size)
{
    put_text(cluster, arena, 'x', size);
}

static struct world *new_world(struct glm_arena *arena)
{
    static const char *const names[] = {"east", "west"};
    struct world *w = GLM_NEW(arena, struct world);
    for (size_t i = 0; i < 2; i++) {
        w->clusters[i] = glm_fake_create(names[i]);
        w->configs[i] = (struct glm_cluster_config){
            .name = names[i], .place = GLM_PLACE_DIRECTORY, .operator_namespace = "n"};
    }
    w->estate = (struct glm_estate){
        .installers = glm_test_installers(),
        .mesh = {.known = true,
                 .operator_namespace = "istio-system",
                 .clusters = w->configs,
                 .cluster_count = 2,
                 .default_distribution = &glm_null},
        .clusters = w->clusters,
        .must_answer = w->must_answer,
        .max_parallel = 1, /* one after the other */
        .stop = &w->stop,
    };
    w->change = (struct glm_change){
        .prior = glm_test_value(
            arena, glm_sprintf(arena,
                               "{'name':'ingress','namespace':'g','installations':{},'objects':{"
                               "'default':{'%s n/ingress':{'manifest':'{\\'spec\\':{}}',"
                               "'per_cluster':{'east':{'kept':'1'},'west':{'kept':'2'}}}}},"
                               "'services':{},'addresses':{},'status':{'clusters':{}}}",
                               glm_test_main_kind()->name)),
        .record = glm_test_value(
            arena, glm_sprintf(arena,
                               "{'clusters':{'east':{'objects':{'%s n/ingress':{'pair':'default',"
                               "'role':'workload','main':true}}},'west':{'objects':{'%s n/ingress':"
                               "{'pair':'default','role':'workload','main':true}}}}}",
                               glm_test_main_kind()->name, glm_test_main_kind()->name)),
    };
    glm_diags_init(&w->d, arena);
    return w;
}

static void end_world(struct world *w)
{
    for (size_t i = 0; i < 2; i++)
        w->clusters[i]->ops->destroy(w->clusters[i]);
}

static const struct glm_value *entries(const struct world *w, const char *cluster)
{
    return shape_entries(w->change.result, "default",
                         glm_sprintf(w->d.arena, "%s n/ingress", glm_test_main_kind()->name),
                         cluster);
}

static bool has_note(const struct glm_value *entries)
{
    return glm_has(entries, "metadata.annotations.note");
}

/* A cluster of which nothing is read has all but so many bytes. */
static void fill(struct world *w, struct glm_arena *arena, size_t left)
{
    struct shape_builder b;
    struct glm_map_builder much;
    char *text = text_of(arena, 'x', GLM_EXTENT_MAX - left);
    glm_map_init(&much, arena);
    glm_map_set(&much, "much", glm_string(arena, text));
    shape_begin(&b, arena);
    shape_put_bare(&b, w->change.prior);
    const char *const names[] = {"east", "west"};
    for (size_t i = 0; i < 2; i++) {
        const struct shape_object *all;
        size_t count = shape_of_cluster(arena, w->change.prior, names[i], &all);
        for (size_t k = 0; k < count; k++)
            shape_put_as_shown(&b, w->change.prior, names[i], &all[k]);
    }
    shape_put_entries(&b, "default", glm_sprintf(arena, "%s n/ingress", glm_test_main_kind()->name),
                      "south", glm_map_finish(&much, NULL));
    w->change.prior = shape_finish(&b, w->change.prior);
}

static void a_field_of_any_size_is_a_line(void **state)
{
    struct world *w = new_world(*state);
    put(w->clusters[0], *state, 40 * MIB);
    put_text(w->clusters[1], *state, '<', 40 * MIB);
    assert_true(glm_lifecycle_read(*state, &w->estate, &w->change, &w->d));
    assert_true(has_note(entries(w, "east")) && has_note(entries(w, "west")));
    assert_true(strlen(glm_json_text(*state, w->change.result)) < 4000);
    end_world(w);
}

static void a_cluster_that_brings_too_much_keeps_what_the_state_has_of_it(void **state)
{
    struct world *w = new_world(*state);
    put(w->clusters[0], *state, 1000);
    put(w->clusters[1], *state, 1000);
    fill(w, *state, 900); /* the lines of one of them */
    assert_true(glm_lifecycle_read(*state, &w->estate, &w->change, &w->d));
    assert_true(has_note(entries(w, "east")));
    glm_assert_value_equal(entries(w, "west"), glm_test_value(*state, "{'kept':'2'}"));
    const char *said = glm_test_diags_text(*state, &w->d);
    assert_non_null(strstr(said, "Cluster \"west\" cannot be read"));
    assert_non_null(strstr(said, "more than the 64 MiB that one resource may have"));
    assert_non_null(strstr(said, "(the files of fake west)"));
    assert_null(strstr(said, "kubectl"));
    assert_null(strstr(said, "Cluster \"east\" cannot be read"));
    end_world(w);
}

static void where_it_must_answer_that_is_an_error(void **state)
{
    struct world *w = new_world(*state);
    w->must_answer[0] = true;
    put(w->clusters[0], *state, 1000);
    fill(w, *state, 200);
    assert_false(glm_lifecycle_read(*state, &w->estate, &w->change, &w->d));
    glm_assert_value_equal(entries(w, "east"), glm_test_value(*state, "{'kept':'1'}"));
    glm_assert_error(&w->d, "", "more than the 64 MiB that one resource may have");
    end_world(w);
}

/* ---- an import ---- */

static bool import(struct glm_arena *arena, struct world *w)
{
    w->change = (struct glm_change){.prior = &glm_null, .record = &glm_null, .importing = true};
    return glm_lifecycle_find(arena, &w->estate, "ingress", "g", &glm_null, &w->change, &w->d);
}

static void an_import_of_too_much_is_refused(void **state)
{
    struct world *w = new_world(*state);
    put(w->clusters[0], *state, 1);
    put(w->clusters[1], *state, 1);
    assert_true(import(*state, w));
    assert_true(glm_is_map(w->change.result));
    put(w->clusters[1], *state, 65 * MIB);
    assert_false(import(*state, w));
    assert_true(glm_is_null(w->change.result));
    glm_assert_error(&w->d, "", "more than the 64 MiB that one resource may have");
    assert_non_null(strstr(glm_test_diags_text(*state, &w->d), "Cluster \"west\""));
    end_world(w);
}

static void of_an_api_server_it_is_said_how_to_ask_it(void **state)
{
    struct glm_arena *arena = *state;
    struct world *w = new_world(arena);
    struct glm_cluster *live = glm_fake_create_live("east");
    assert_string_equal(intake_where(arena, &w->estate, w->clusters[0]), "the files of fake east");
    assert_string_equal(
        intake_where(arena, &w->estate, live),
        glm_sprintf(arena, "`kubectl get %s,services -A -o yaml`", glm_test_main_kind()->plural));
    live->ops->destroy(live);
    end_world(w);
}

/* An IstioOperator of the resource's own, by its labels, with a spec of that size in its annotation. */
static void put_ours(struct glm_cluster *cluster, struct glm_arena *arena, size_t size)
{
    const struct glm_value *bare = glm_test_value(
        arena, "{'apiVersion':'install.istio.io/v1alpha1','kind':'IstioOperator','metadata':{"
               "'name':'ingress','namespace':'n'},'spec':{'profile':'empty'}}");
    const char *view =
        glm_sprintf(arena, "{\"key\":\"k\",\"spec\":{\"hub\":\"%s\"}}", text_of(arena, 'x', size));
    glm_test_main_put(arena, cluster,
                      glm_own(arena, bare, "ingress", "g", cluster->name, "", view));
}

static void an_import_counts_a_spec_once_for_all_clusters(void **state)
{
    struct world *w = new_world(*state);
    put_ours(w->clusters[0], *state, 37 * MIB);
    put_ours(w->clusters[1], *state, 37 * MIB);
    assert_true(import(*state, w));
    assert_true(glm_is_map(w->change.result));
    assert_int_equal(glm_get(w->change.result, "installations")->len, 1);
    end_world(w);
}

static size_t memory_in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* Of files, which are read into memory of our own. What is ours is kept until all was searched. */
static void an_import_keeps_nothing_of_what_is_nobodys(void **state)
{
    const size_t count = 8, size = 2 * MIB;
    struct world *w = new_world(*state);
    const char *folder = glm_test_folder(*state);
    char *text = text_of(*state, 'x', size);
    put_ours(w->clusters[0], *state, 1);
    w->clusters[1]->ops->destroy(w->clusters[1]);
    w->clusters[1] = glm_directory_create("west", folder, NULL);
    for (size_t i = 0; i < count; i++)
        glm_test_put(glm_sprintf(*state,
                                 "apiVersion: v1\nkind: Service\nmetadata:\n  name: s%zu\n"
                                 "  namespace: ns\n  annotations: {note: %s}\n",
                                 i, text),
                     "%s/namespaces/ns/service-s%zu.yaml", folder, i);
    size_t before = memory_in_use();
    assert_true(import(*state, w));
    size_t after = memory_in_use();
    assert_in_range(after > before ? after - before : 0, 0, size);
    end_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_more_than_before_is_taken_of_what_is_left),
        cmocka_unit_test(a_text_counts_as_the_state_has_it),
        cmocka_unit_test(a_cluster_that_has_not_changed_can_always_be_read),
        cmocka_unit_test(a_cluster_that_brings_too_much_keeps_what_the_state_has_of_it),
        cmocka_unit_test(a_field_of_any_size_is_a_line),
        cmocka_unit_test(where_it_must_answer_that_is_an_error),
        cmocka_unit_test(an_import_of_too_much_is_refused),
        cmocka_unit_test(of_an_api_server_it_is_said_how_to_ask_it),
        cmocka_unit_test(an_import_counts_a_spec_once_for_all_clusters),
        cmocka_unit_test(an_import_keeps_nothing_of_what_is_nobodys),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
