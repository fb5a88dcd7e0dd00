/* SPDX-License-Identifier: Apache-2.0
 *
 * A read has an end: when timeouts.read is over every request of it ends, in every cluster, and what
 * was not read is kept. Against a fake API server that answers some of what it is asked.
 */
#include "live_case.h"
#include "shown.h"

#include "glm/control_planes.h"
#include "glm/lifecycle.h"

#define READ_MS 700 /* what the read has */

/* Nothing is answered but which cluster this is, and what is asked of the cluster in a mode. */
enum { ANSWER_ALL, ANSWER_IDENTITY, ANSWER_NOTHING };

static bool fall_silent(struct fake_objects *o, struct fake_call *call)
{
    int mode = atomic_load(&o->mode);
    bool identity = strstr(call->path, "kube-system") != NULL;
    if (mode == ANSWER_ALL || (mode == ANSWER_IDENTITY && identity))
        return false;
    while (atomic_load(&o->mode) == mode && fake_wait(call, 50))
        ;
    return false;
}

struct world {
    struct live_case_estate of;
    struct glm_change change;
};

static struct world *new_world(struct live_case *c, int mode)
{
    struct world *w = GLM_NEW(c->arena, struct world);
    live_case_scripted(c, fall_silent, mode);
    live_case_put_main(c, "ingress-1-24", "empty");
    live_case_estate(c, &w->of);
    w->change = (struct glm_change){
        .prior = glm_test_value(
            c->arena,
            glm_sprintf(c->arena,
                        "{'name':'ingress','namespace':'gloo-mesh','installations':{},'objects':"
                        "{'1-24':{'%s n/ingress-1-24':{'manifest':'{}','per_cluster':{'east':{"
                        "'spec.kept':'1'}}}}},'services':{},'addresses':{},'status':{'clusters':"
                        "{'east':{'installations':{'1-24':{'state':'HEALTHY','message':'',"
                        "'observed_revision':'1-24'}}}}}}",
                        glm_test_main_kind()->name)),
        .record = glm_test_value(c->arena,
                                 glm_sprintf(c->arena,
                                             "{'clusters':{'east':{'objects':{'%s n/ingress-1-24':"
                                             "{'pair':'1-24','role':'workload','main':true}}}}}",
                                             glm_test_main_kind()->name)),
        .timeout_ms = READ_MS,
    };
    return w;
}

static const char *state_of(const struct glm_change *change)
{
    return glm_string_or(glm_get_path(change->result, "status", "clusters", "east", "installations",
                                      "1-24", "state", NULL),
                         "none");
}

/* What was asked in vain ended with the read, and says so by the cluster and the attribute. */
static void check_end(struct live_case *c, const struct world *w, int64_t began)
{
    const char *said = glm_test_diags_text(c->arena, &c->d);
    assert_true(glm_clock_ms() - began < GLM_TEST_PROMPT_MS);
    if (!strstr(said, "Cluster \"east\"") || !strstr(said, "timeouts.read = \"0.7s\""))
        fail_msg("%s", said);
    assert_string_equal(state_of(&w->change), "UNKNOWN");
    const struct glm_value *shown = glm_test_objects_of(c->arena, w->change.result, "east");
    assert_non_null(strstr(glm_string_or(glm_get(shown, "1-24"), ""), "\nspec.kept = 1\n"));
}

static void a_read_ends_when_its_time_is_over_and_keeps_what_it_had(void **state)
{
    struct live_case *c = *state;
    for (int mode = ANSWER_IDENTITY; mode <= ANSWER_NOTHING; mode++) {
        struct world *w = new_world(c, mode);
        glm_diags_init(&c->d, c->arena);
        int64_t began = glm_clock_ms();
        assert_true(glm_lifecycle_read(c->arena, &w->of.estate, &w->change, &c->d));
        check_end(c, w, began);
        assert_int_equal(c->d.warnings, 1);
    }
}

static void a_cluster_that_must_answer_makes_it_an_error(void **state)
{
    struct live_case *c = *state;
    struct world *w = new_world(c, ANSWER_IDENTITY);
    w->of.must_answer[0] = true;
    int64_t began = glm_clock_ms();
    assert_false(glm_lifecycle_read(c->arena, &w->of.estate, &w->change, &c->d));
    check_end(c, w, began);
}

static void data_sources_end_when_their_time_is_over(void **state)
{
    struct live_case *c = *state;
    struct world *w = new_world(c, ANSWER_NOTHING);
    const struct glm_value *result;
    int64_t began = glm_clock_ms();
    assert_true(glm_lifecycle_find(c->arena, &w->of.estate, "ingress", "gloo-mesh", &glm_null,
                                   &w->change, &c->d));
    assert_true(glm_is_null(w->change.result));
    assert_true(
        glm_lifecycle_control_planes(c->arena, &w->of.estate, &glm_null, READ_MS, &result, &c->d));
    assert_true(glm_clock_ms() - began < GLM_TEST_PROMPT_MS);
    const char *said = glm_test_diags_text(c->arena, &c->d);
    const char *first = strstr(said, "timeouts.read"), *second = strstr(said, "asked for its");
    assert_non_null(first);
    assert_non_null(second);
    assert_non_null(strstr(second, "timeouts.read = \"0.7s\""));
}

/* No attribute says how long that may be, and no attribute is named. */
static void an_import_ends_when_its_time_is_over(void **state)
{
    struct live_case *c = *state;
    struct world *w = new_world(c, ANSWER_NOTHING);
    w->of.must_answer[0] = true;
    w->change.importing = true;
    int64_t began = glm_clock_ms();
    assert_false(glm_lifecycle_find(c->arena, &w->of.estate, "ingress", "gloo-mesh", &glm_null,
                                    &w->change, &c->d));
    assert_true(glm_clock_ms() - began < GLM_TEST_PROMPT_MS);
    glm_assert_error(&c->d, "", "All of the import, in every cluster, took longer than the 0.7s");
    assert_null(strstr(glm_test_diags_text(c->arena, &c->d), "timeouts"));
}

/* The other one has all the time that it needs, and its list is none that was cut short. */
static void who_has_more_time_does_not_share_a_list_that_was_cut_short(void **state)
{
    struct live_case *c = *state;
    struct world *w = new_world(c, ANSWER_NOTHING);
    struct glm_cluster *hasty = c->cluster->ops->within(c->cluster, c->arena, READ_MS);
    struct live_case_thread patient;
    struct glm_read read;
    (void)w;
    live_case_put_iop(c, "ingress-1-24", "empty"); /* of any kind: no installer is asked */
    live_case_thread_start(&patient, c, live_case_reader, "ingress-1-24");
    assert_false(hasty->ops->list(hasty, c->arena, GLM_KIND_ISTIO_OPERATOR, NULL, &read, &c->d));
    hasty = c->cluster->ops->within(c->cluster, c->arena, READ_MS);
    assert_false(hasty->ops->list(hasty, c->arena, GLM_KIND_ISTIO_OPERATOR, NULL, &read, &c->d));
    atomic_store(&c->objects.mode, ANSWER_ALL);
    live_case_thread_join(&patient);
    if (!patient.ok)
        fail_msg("%s", glm_test_diags_text(c->arena, &patient.d));
    assert_int_equal(patient.found, GLM_FOUND);
    live_case_thread_done(&patient);
    /* Nor is the server thought to be down because somebody was in a hurry. */
    assert_string_equal(live_case_profile(c, "ingress-1-24"), "empty");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, live_case_setup, live_case_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_read_ends_when_its_time_is_over_and_keeps_what_it_had),
        TEST(a_cluster_that_must_answer_makes_it_an_error),
        TEST(data_sources_end_when_their_time_is_over),
        TEST(an_import_ends_when_its_time_is_over),
        TEST(who_has_more_time_does_not_share_a_list_that_was_cut_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
