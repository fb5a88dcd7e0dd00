/* SPDX-License-Identifier: Apache-2.0
 *
 * What all clusters of one resource may bring into its state together: each object has a ceiling, and
 * so has the sum. The clusters are fakes: no real one holds tens of megabytes.
 */
#include "../../src/lifecycle/lifecycle_internal.h"
#include "fake_cluster.h"
#include "test.h"

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

static const char *text_of(struct glm_arena *arena, char c, size_t size)
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
    glm_fake_put(cluster, glm_with_path(arena, bare, glm_string(arena, text_of(arena, c, size)),
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
        .mesh = {.known = true,
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
            arena, "{'name':'ingress','namespace':'g','installations':{},'istio_operators':{"
                   "'east':{'default':'{\\'kept\\':1}'},'west':{'default':'{\\'kept\\':2}'}},"
                   "'services':{'east':{},'west':{}},'status':{'clusters':{}}}"),
        .record = glm_test_value(arena, "{'clusters':{'east':{'istio_operators':{'default':"
                                        "'n/ingress'}},'west':{'istio_operators':{'default':"
                                        "'n/ingress'}}}}"),
    };
    glm_diags_init(&w->d, arena);
    return w;
}

static void end_world(struct world *w)
{
    for (size_t i = 0; i < 2; i++)
        w->clusters[i]->ops->destroy(w->clusters[i]);
}

static const char *shown(const struct world *w, const char *cluster)
{
    return glm_string_or(
        glm_get_path(w->change.result, "istio_operators", cluster, "default", NULL), "none");
}

static void a_cluster_that_brings_too_much_keeps_what_the_state_has_of_it(void **state)
{
    struct world *w = new_world(*state);
    put(w->clusters[0], *state, 40 * MIB);
    put(w->clusters[1], *state, 40 * MIB);
    assert_true(glm_lifecycle_read(*state, &w->estate, &w->change, &w->d));
    assert_true(strlen(shown(w, "east")) > 40 * MIB);
    assert_string_equal(shown(w, "west"), "{\"kept\":2}");
    const char *said = glm_test_diags_text(*state, &w->d);
    assert_non_null(strstr(said, "Cluster \"west\" cannot be read"));
    assert_non_null(strstr(said, "more than the 64 MiB that one resource may have"));
    assert_null(strstr(said, "Cluster \"east\" cannot be read"));
    end_world(w);
}

static void what_takes_more_in_the_state_counts_as_that(void **state)
{
    struct world *w = new_world(*state);
    put_text(w->clusters[0], *state, '<', 15 * MIB); /* six times that */
    put(w->clusters[1], *state, 15 * MIB);
    assert_true(glm_lifecycle_read(*state, &w->estate, &w->change, &w->d));
    assert_string_equal(shown(w, "east"), "{\"kept\":1}");
    assert_true(strlen(shown(w, "west")) > 15 * MIB);
    end_world(w);
}

static void where_it_must_answer_that_is_an_error(void **state)
{
    struct world *w = new_world(*state);
    w->must_answer[0] = true;
    put(w->clusters[0], *state, 70 * MIB);
    put(w->clusters[1], *state, 1);
    assert_false(glm_lifecycle_read(*state, &w->estate, &w->change, &w->d));
    assert_string_equal(shown(w, "east"), "{\"kept\":1}");
    assert_non_null(strstr(shown(w, "west"), "\"note\":\"x\"")); /* nobody else's matter */
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
    put(w->clusters[1], *state, 40 * MIB); /* once as it is shown, once as it was found */
    assert_false(import(*state, w));
    assert_true(glm_is_null(w->change.result));
    glm_assert_error(&w->d, "", "more than the 64 MiB that one resource may have");
    assert_non_null(strstr(glm_test_diags_text(*state, &w->d), "Cluster \"west\""));
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
    glm_fake_put(cluster, glm_own(arena, bare, "ingress", "g", cluster->name, "", view));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_more_than_before_is_taken_of_what_is_left),
        cmocka_unit_test(a_text_counts_as_the_state_has_it),
        cmocka_unit_test(a_cluster_that_has_not_changed_can_always_be_read),
        cmocka_unit_test(a_cluster_that_brings_too_much_keeps_what_the_state_has_of_it),
        cmocka_unit_test(what_takes_more_in_the_state_counts_as_that),
        cmocka_unit_test(where_it_must_answer_that_is_an_error),
        cmocka_unit_test(an_import_of_too_much_is_refused),
        cmocka_unit_test(an_import_counts_a_spec_once_for_all_clusters),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
