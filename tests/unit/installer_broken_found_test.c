/* SPDX-License-Identifier: Apache-2.0
 *
 * What a broken installer says of objects does not reach them. See broken_case.h.
 */
#include "broken_case.h"
#include "shown.h"

/* ---- steps ---- */

static size_t steps_of(const struct glm_installer_call *call, const struct glm_value *object,
                       size_t count, const struct glm_installer_step **ret)
{
    struct glm_installer_step *all = GLM_NEW_ARRAY(call->arena, count, struct glm_installer_step);
    for (size_t i = 0; i < count; i++)
        all[i].object = object;
    *ret = all;
    return count;
}

STEPS(of_another)
{
    (void)live;
    (void)why;
    return breaks
               ? steps_of(call,
                          glm_with_path(call->arena, o->object, glm_string(call->arena, "another"),
                                        "metadata", "name", NULL),
                          1, ret)
               : 0;
}

STEPS(a_thousand)
{
    (void)live;
    (void)why;
    return breaks ? steps_of(call, o->object, 1000, ret) : 0;
}

STEPS(of_nothing)
{
    (void)o;
    (void)live;
    (void)why;
    return breaks ? steps_of(call, NULL, 1, ret) : 0;
}

STEPS(a_number_of_steps)
{
    (void)call;
    (void)o;
    (void)live;
    (void)why;
    *ret = NULL;
    return breaks ? 2 : 0;
}

static void steps_that_are_none_of_the_object_are_not_written(void **state)
{
    static const struct {
        const char *words;
        size_t (*steps)(const struct glm_installer_call *call, const struct glm_installer_object *o,
                        const struct glm_value *live, enum glm_installer_write why,
                        const struct glm_installer_step **ret);
    } all[] = {{"a write beside that of ConfigMap istio-system/ingress-1-24 which is none of that "
                "object",
                of_another},
               {"which is none of that object", of_nothing},
               {"wants 1000 writes", a_thousand},
               {"wants 2 writes", a_number_of_steps}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct world *w = new_world(*state);
        struct glm_change planned;
        bool ok;
        broken.steps = all[i].steps;
        struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
        const struct glm_value *before = main_in(w, 0);
        must(w, plan(w, &made, attributes(w, "b.example"), &planned));
        struct glm_change after = apply(w, &planned, 0, &ok);
        assert_false(ok);
        blamed(w, all[i].words);
        glm_assert_value_equal(main_in(w, 0), before);
        assert_int_equal(glm_fake_count(w->clusters[0]), OBJECTS);
        assert_non_null(strstr(glm_json_text(w->arena, main_in(w, 1)), "b.example"));
        converge(w, &after, attributes(w, "b.example"));
        end_world(w);
    }
}

/* ---- project ---- */

enum { NOTHING, A_TEXT, A_LIST, NOT_KNOWN, PARTLY_KNOWN, ANOTHER_OBJECT, TOO_MUCH, PROJECTIONS };
static int projection;

static const struct glm_value *projects_badly(const struct glm_installer_call *call,
                                              const struct glm_value *live,
                                              const struct glm_value *owned)
{
    switch (breaks ? projection : PROJECTIONS) {
    case NOTHING:
        return NULL;
    case A_TEXT:
        return glm_string(call->arena, "x");
    case A_LIST:
        return &glm_empty_list;
    case NOT_KNOWN:
        return &glm_unknown;
    case PARTLY_KNOWN:
        return glm_with(call->arena, live, "more", &glm_unknown);
    case ANOTHER_OBJECT:
        return glm_with_path(call->arena, live, glm_string(call->arena, "another"), "metadata",
                             "name", NULL);
    case TOO_MUCH: /* a field that nobody asked for */
        return glm_with(call->arena, live, "more", glm_string(call->arena, "than asked for"));
    default:
        return glm_project(call->arena, live, owned);
    }
}

/* Nobody else is blamed, and nothing is written that is there. */
static void what_it_cannot_compare_is_compared_as_any_other(void **state)
{
    for (projection = 0; projection < PROJECTIONS; projection++) {
        struct world *w = new_world(*state);
        struct glm_change planned;
        bool ok;
        broken.project = projects_badly;
        struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
        struct glm_change read = {.prior = made.result, .record = made.result_record};
        glm_diags_init(&w->d, w->arena);
        must(w, glm_lifecycle_read(w->arena, &w->estate, &read, &w->d));
        blamed(w, "project");
        glm_assert_value_equal(glm_test_objects(read.result), glm_test_objects(made.result));
        unsigned writes = glm_fake_writes(w->clusters[0]);
        must(w, plan(w, &read, attributes(w, "a.example"), &planned));
        apply(w, &planned, 0, &ok);
        must(w, ok);
        assert_int_equal(glm_fake_writes(w->clusters[0]), writes);
        must(w, plan(w, &read, attributes(w, "b.example"), &planned));
        struct glm_change after = apply(w, &planned, 0, &ok);
        must(w, ok);
        blamed(w, "project");
        assert_null(strstr(glm_test_diags_text(w->arena, &w->d), "policy engine"));
        assert_non_null(strstr(glm_json_text(w->arena, main_in(w, 0)), "b.example"));
        converge(w, &after, attributes(w, "b.example"));
        end_world(w);
    }
}

/* ---- nothing, where something was promised ---- */

static size_t makes_five(const struct glm_installer_call *call, const struct glm_value *object,
                         const char *const **ret)
{
    (void)call;
    (void)object;
    *ret = NULL;
    return 5;
}

static size_t pods_of_three(const struct glm_installer_call *call, const struct glm_value *object,
                            const struct glm_installer_pods **ret)
{
    (void)call;
    (void)object;
    *ret = NULL;
    return 3;
}

static uint64_t all_traits(const struct glm_installer_call *call,
                           const struct glm_value *description)
{
    (void)call;
    (void)description;
    return UINT64_MAX;
}

static const char *loses_nothing(const struct glm_installer_call *call, const struct glm_value *was,
                                 uint64_t is, const char **ret_why)
{
    (void)call;
    (void)was;
    (void)is;
    *ret_why = NULL;
    return NULL;
}

static const char *explains_nothing(const struct glm_installer_call *call,
                                    const struct glm_installer_sight *sight,
                                    const struct glm_installer_judgement *judgement,
                                    const void *notes, int64_t held_ms)
{
    (void)call;
    (void)sight;
    (void)judgement;
    (void)notes;
    (void)held_ms;
    return NULL;
}

static void no_answer_is_nothing(void **state)
{
    struct world *w = new_world(*state);
    bool ok;
    broken.makes = makes_five;
    broken.pods = pods_of_three;
    broken.traits = all_traits;
    broken.loses = loses_nothing;
    broken.explain = explains_nothing;
    struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
    struct glm_change read = {.prior = made.result, .record = made.result_record};
    must(w, glm_lifecycle_read(w->arena, &w->estate, &read, &w->d));
    broken.judge = never_settles;
    made = wait_for(w, &read, short_ms(w), &ok);
    assert_false(ok);
    is_half_done(w, &made);
    must(w,
         glm_lifecycle_plan_remove(w->arena, &w->estate, made.result, made.result_record, &w->d));
    struct glm_change gone = {.prior = made.result, .record = made.result_record};
    must(w, glm_lifecycle_remove(w->arena, &w->estate, &gone, &w->d));
    assert_true(glm_is_null(main_in(w, 0)) && glm_is_null(main_in(w, 1)));
    end_world(w);
}

/* ---- import ---- */

static struct glm_change find(struct world *w)
{
    struct glm_change found = {.prior = &glm_null, .record = &glm_null, .importing = true};
    glm_diags_init(&w->d, w->arena);
    must(w, glm_lifecycle_find(w->arena, &w->estate, "ingress", "gloo-mesh", &glm_null, &found,
                               &w->d));
    return found;
}

static const struct glm_value *istio_operator(struct world *w, const char *name)
{
    return glm_test_value(
        w->arena, glm_sprintf(w->arena,
                              "{'apiVersion': 'install.istio.io/v1alpha1', 'kind': "
                              "'IstioOperator', 'metadata': {'name': '%s', 'namespace': "
                              "'istio-system'}, 'spec': {'profile': 'empty', 'revision': '1-24', "
                              "'components': {'ingressGateways': [{'name': 'gw-1-24', 'namespace':"
                              " 'gw', 'enabled': true, 'label': {'revision': '1-24'}}]}}}",
                              name));
}

static void put_main(struct world *w, size_t cluster, const struct glm_value *object)
{
    glm_fake_put_as(w->clusters[cluster], &glm_test_config_map,
                    glm_test_config_map_of(w->arena, object));
}

static bool always(const struct glm_installer_call *call, const struct glm_value *object,
                   const char *name)
{
    (void)call;
    (void)object;
    (void)name;
    return true;
}

static void another_resources_object_is_never_taken(void **state)
{
    struct world *w = new_world(*state);
    broken.namesake = always;
    put_main(w, 0,
             glm_own(w->arena, istio_operator(w, "ingress-1-24"), "other", "gloo-mesh", "east",
                     "1-24", NULL));
    put_main(w, 1, istio_operator(w, "ingress-1-24"));
    struct glm_change found = find(w);
    assert_int_equal(glm_test_objects_of(w->arena, found.result, "east")->len, 0);
    assert_int_equal(glm_test_objects_of(w->arena, found.result, "west")->len, 1);
    end_world(w);
}

static size_t recalls_nothing(const struct glm_installer_call *call, const struct glm_value *object,
                              const struct glm_value *traffic, const char *const **ret_clusters,
                              const struct glm_value *const **ret_views)
{
    (void)call;
    (void)object;
    (void)traffic;
    (void)ret_clusters;
    (void)ret_views;
    return 0;
}

static const char *const odd_views[] = {
    NULL, /* none */
    "{}",
    "{'key':'','spec':'a: b'}",
    "{'key':5,'spec':'a: b'}",
    "{'key':'k'}",
    "{'key':'k','spec':['x']}",
    "{'key':'k','spec':'a: b','gateway_revision':{'a':1}}",
    "{'key':'k','spec':'a: b','control_plane_revision':true}",
    "{'key':'k','spec':'a: b','skip_upgrade_validation':3}",
    "{'key':'k','spec':'a: b','cluster':'no'}",
    "{'key':'k','spec':'a: b','cluster':{'active_gateway':'x'}}",
    "{'key':'k','spec':'a: b','cluster':{'trust_domain':[]}}",
    "{'key':'k','spec':'a: b','helm_global':'s'}",
    "{'key':'k','spec':'a: b','helm_global':{'repo':[]}}",
    "{'key':'k','spec':'a: b','helm_global':{'repo_secrets':[1]}}",
};
#define VIEWS (sizeof odd_views / sizeof *odd_views)
static size_t odd_view; /* VIEWS: of an unknown part */

/* One that is no view, and a good one of a cluster that there is not. */
static size_t recalls_odd_views(const struct glm_installer_call *call,
                                const struct glm_value *object, const struct glm_value *traffic,
                                const char *const **ret_clusters,
                                const struct glm_value *const **ret_views)
{
    const char **clusters = GLM_NEW_ARRAY(call->arena, 3, const char *);
    const struct glm_value **views = GLM_NEW_ARRAY(call->arena, 3, const struct glm_value *);
    const struct glm_value *good = glm_test_value(call->arena, "{'key':'k','spec':'a: b'}");
    (void)object;
    (void)traffic;
    clusters[0] = "east";
    clusters[1] = "nowhere";
    views[0] = odd_view == VIEWS     ? glm_with(call->arena, good, "spec", &glm_unknown)
               : odd_views[odd_view] ? glm_test_value(call->arena, odd_views[odd_view])
                                     : NULL;
    views[1] = views[2] = good;
    *ret_clusters = clusters;
    *ret_views = views;
    return 3;
}

static void is_passed_over(struct glm_arena *arena,
                           size_t (*recalls)(const struct glm_installer_call *call,
                                             const struct glm_value *object,
                                             const struct glm_value *traffic,
                                             const char *const **ret_clusters,
                                             const struct glm_value *const **ret_views))
{
    struct world *w = new_world(arena);
    broken.recall = recalls;
    put_main(w, 0, istio_operator(w, "ingress-1-24"));
    put_main(w, 1, istio_operator(w, "ingress-1-24"));
    struct glm_change found = find(w);
    blamed(w, "recall does not say what ingress-1-24 was made of");
    assert_int_equal(w->d.errors, 0);
    assert_int_equal(glm_test_objects_of(w->arena, found.result, "east")->len, 0);
    assert_int_equal(glm_test_objects_of(w->arena, found.result, "west")->len, 1);
    end_world(w);
}

static void what_it_does_not_recall_is_passed_over(void **state)
{
    is_passed_over(*state, recalls_nothing);
    for (odd_view = 0; odd_view <= VIEWS; odd_view++)
        is_passed_over(*state, recalls_odd_views);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        TEST(steps_that_are_none_of_the_object_are_not_written),
        TEST(what_it_cannot_compare_is_compared_as_any_other),
        TEST(no_answer_is_nothing),
        TEST(another_resources_object_is_never_taken),
        TEST(what_it_does_not_recall_is_passed_over),
    };
    return cmocka_run_group_tests_name("installer broken found", tests, NULL, NULL);
}
