/* SPDX-License-Identifier: Apache-2.0
 *
 * What a broken installer renders is neither shown nor written. See broken_case.h.
 */
#include "broken_case.h"
#include "shown.h"

#define MAIN "ConfigMap istio-system/ingress-1-24"

/* ---- render ---- */

#define RENDER(name)                                                                               \
    static bool name(const struct glm_installer_call *call,                                        \
                     const struct glm_installer_pair *pairs, size_t count,                         \
                     struct glm_installer_rendering *ret, struct glm_diags *d)

/* The objects of a sound answer, to be changed, with room for one more. */
static struct glm_installer_object *rendered(const struct glm_installer_call *call,
                                             const struct glm_installer_pair *pairs, size_t count,
                                             struct glm_installer_rendering *ret,
                                             struct glm_diags *d)
{
    assert_true(sound->render(call, pairs, count, ret, d));
    struct glm_installer_object *all =
        GLM_NEW_ARRAY(call->arena, ret->count + 1, struct glm_installer_object);
    for (size_t i = 0; i < ret->count; i++)
        all[i] = ret->objects[i];
    ret->objects = all;
    return all;
}

static size_t main_of(const struct glm_installer_rendering *r)
{
    size_t i = 0;
    while (!r->objects[i].main)
        i++;
    return i;
}

/* A slot that changes `o`, the main object of a sound answer. */
#define CHANGED(name, change)                                                                      \
    RENDER(name)                                                                                   \
    {                                                                                              \
        struct glm_installer_object *all = rendered(call, pairs, count, ret, d);                   \
        struct glm_installer_object *o = &all[main_of(ret)];                                       \
        if (breaks) {                                                                              \
            change;                                                                                \
        }                                                                                          \
        (void)o;                                                                                   \
        return true;                                                                               \
    }

CHANGED(no_objects, ret->objects = NULL; ret->count = 0)
CHANGED(a_number_of_nothing, ret->objects = NULL)
CHANGED(a_million, ret->count = 1000000)
CHANGED(no_main, o->main = false)
CHANGED(a_foreign_kind, o->ref.kind = GLM_KIND_POD)
CHANGED(no_kind, o->ref.kind = NULL)
CHANGED(traffic_of_another_kind, o->role = GLM_ROLE_TRAFFIC)
CHANGED(unlike_its_reference, o->ref.name = "another")
CHANGED(no_name, o->ref.name = NULL)
CHANGED(no_role, o->role = GLM_ROLES)
CHANGED(no_pair, o->pair = 7)
CHANGED(no_object, o->object = NULL)
CHANGED(no_object_at_all, o->object = &glm_null)
CHANGED(a_main_namespace, all[0].main = true)
CHANGED(twice, all[ret->count++] = *o)
CHANGED(an_owner, o->object = glm_own(call->arena, o->object, "other", "n", "east", NULL, NULL))
CHANGED(a_view, o->object = glm_with_path(call->arena, o->object, glm_string(call->arena, "{}"),
                                          "metadata", "annotations", GLM_ANNOTATION_VIEW, NULL))
CHANGED(a_version, o->object = glm_with_path(call->arena, o->object, glm_string(call->arena, "5"),
                                             "metadata", "resourceVersion", NULL))
CHANGED(a_status, o->object = glm_with(call->arena, o->object, "status", &glm_empty_map))

/* The main object under another name, of another namespace. */
static void call_it(struct glm_arena *arena, struct glm_installer_object *o, const char *ns,
                    const char *name)
{
    o->object =
        glm_with_path(arena, o->object, glm_string(arena, ns), "metadata", "namespace", NULL);
    o->object = glm_with_path(arena, o->object, glm_string(arena, name), "metadata", "name", NULL);
    o->ref.namespace_ = ns;
    o->ref.name = name;
}
CHANGED(a_path, call_it(call->arena, o, "n", "../../x"))
CHANGED(a_command, call_it(call->arena, o, "n", "a\x1b[31m"))
CHANGED(a_long_name, call_it(call->arena, o, "n", glm_sprintf(call->arena, "%0254d", 1)))
CHANGED(a_path_of_a_namespace, call_it(call->arena, o, "..", "x"))

RENDER(without_a_word)
{
    return !breaks && sound->render(call, pairs, count, ret, d);
}

RENDER(no_pairs)
{
    bool ok = sound->render(call, pairs, count, ret, d);
    ret->pairs = breaks ? NULL : ret->pairs; /* which is none of its business */
    return ok;
}

static const struct {
    const char *at, *words;
    bool (*render)(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                   size_t count, struct glm_installer_rendering *ret, struct glm_diags *d);
} renders[] = {
    {AT, "nothing that stands for it", no_objects},
    {"installations", "no objects and a number of them", a_number_of_nothing},
    {"installations", "more objects than anybody needs", a_million},
    {AT, "nothing that stands for it", no_main},
    {AT, "of a kind that is none of its own", a_foreign_kind},
    {AT, "of a kind that is none of its own", no_kind},
    {AT, "of a kind that is none of its own", traffic_of_another_kind},
    {AT, "not what its reference names", unlike_its_reference},
    {AT, "not what its reference names", no_name},
    {AT, "a role that there is not", no_role},
    {"installations", "a pair that there is not", no_pair},
    {AT, "that is nothing", no_object},
    {AT, "not what its reference names", no_object_at_all},
    {AT, "a Namespace and more than that", a_main_namespace},
    {AT, "gave ConfigMap istio-system/ingress-1-24 twice", twice},
    {AT, "has terraform-provider-glm/cluster, which is not its business", an_owner},
    {AT, "has terraform-provider-glm/installation, which is not its business", a_view},
    {AT, "has resourceVersion, which is not its business", a_version},
    {AT, "has status, which is not its business", a_status},
    {AT, "under a name that no object can have", a_path},
    {AT, "under a name that no object can have", a_command},
    {AT, "under a name that no object can have", a_long_name},
    {AT, "under a name that no object can have", a_path_of_a_namespace},
    {"installations", "render failed without a word", without_a_word},
};

/* Another answer each time, of objects beside the main one: another name, more and more of them, another content,
 * one fewer. */
static unsigned renderings;

static void add_hidden(struct glm_installer_rendering *ret, struct glm_arena *arena,
                       struct glm_installer_object *o, const char *name, const char *content)
{
    const char *text = glm_sprintf(arena,
                                   "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'%s',"
                                   "'namespace':'istio-system'},'data':{'a':'%s'}}",
                                   name, content);
    *o = (struct glm_installer_object){
        .role = GLM_ROLE_ACCESS,
        .ref = {.kind = &glm_test_config_map, .namespace_ = "istio-system", .name = name},
        .object = glm_test_value(arena, text)};
    ret->count++;
}

#define RESTLESS(name, most, change)                                                               \
    RENDER(name)                                                                                   \
    {                                                                                              \
        assert_true(sound->render(call, pairs, count, ret, d));                                    \
        struct glm_installer_object *all =                                                         \
            GLM_NEW_ARRAY(call->arena, ret->count + (most), struct glm_installer_object);          \
        for (size_t i = 0; i < ret->count; i++)                                                    \
            all[i] = ret->objects[i];                                                              \
        ret->objects = all;                                                                        \
        const char *n = glm_sprintf(call->arena, "%u", renderings);                                \
        for (size_t i = 0; breaks && i < (most); i++) {                                            \
            const char *more = glm_sprintf(call->arena, "more-%zu", i);                            \
            change;                                                                                \
        }                                                                                          \
        (void)n;                                                                                   \
        renderings++;                                                                              \
        return true;                                                                               \
    }

RESTLESS(of_another_name, 1,
         add_hidden(ret, call->arena, &all[ret->count], glm_sprintf(call->arena, "call-%s", n),
                    more))
RESTLESS(of_another_content, 1, add_hidden(ret, call->arena, &all[ret->count], more, n))
RESTLESS(more_and_more, renderings *renderings,
         add_hidden(ret, call->arena, &all[ret->count], more, "a"))
RESTLESS(fewer_and_fewer, renderings < 9 ? 9 - renderings : 0,
         add_hidden(ret, call->arena, &all[ret->count], more, "a"))

/* What is written has been shown: nothing else is believed, and nothing is left behind. */
static void what_is_another_object_each_time_is_refused_before_the_first_write(void **state)
{
    static bool (*const restless[])(const struct glm_installer_call *call,
                                    const struct glm_installer_pair *pairs, size_t count,
                                    struct glm_installer_rendering *ret, struct glm_diags *d) = {
        of_another_name, of_another_content, more_and_more, fewer_and_fewer};
    for (size_t i = 0; i < sizeof restless / sizeof *restless; i++) {
        struct world *w = new_world(*state);
        struct glm_change planned;
        bool ok;
        renderings = 1;
        broken.render = restless[i];
        must(w, plan(w, NULL, attributes(w, "a.example"), &planned));
        struct glm_change after = apply(w, &planned, 0, &ok);
        assert_false(ok);
        blamed(w, "something else of it than what was planned");
        assert_int_equal(glm_fake_count(w->clusters[0]), 0);
        assert_int_equal(glm_fake_count(w->clusters[1]), 0);
        converge(w, &after, attributes(w, "a.example"));
        end_world(w);
    }
}

/* At plan, of a create and of an update. */
static void what_a_plan_cannot_show_is_refused(void **state)
{
    for (size_t i = 0; i < sizeof renders / sizeof *renders; i++) {
        struct world *w = new_world(*state);
        struct glm_change planned;
        broken.render = renders[i].render;
        assert_false(plan(w, NULL, attributes(w, "a.example"), &planned));
        blamed(w, renders[i].words);
        glm_assert_error(&w->d, renders[i].at, "");
        struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
        assert_false(plan(w, &made, attributes(w, "b.example"), &planned));
        blamed(w, renders[i].words);
        converge(w, &made, attributes(w, "b.example"));
        end_world(w);
    }
}

/* The plan was sound: nothing is written anywhere, nothing is lost, and the next one is done. */
static void what_an_apply_cannot_write_is_refused_before_the_first_write(void **state)
{
    for (size_t i = 0; i < sizeof renders / sizeof *renders; i++) {
        struct world *w = new_world(*state);
        struct glm_change planned;
        bool ok;
        broken.render = renders[i].render;
        struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
        breaks = false;
        must(w, plan(w, &made, attributes(w, "b.example"), &planned));
        breaks = true;
        unsigned writes = glm_fake_writes(w->clusters[0]) + glm_fake_writes(w->clusters[1]);
        struct glm_change after = apply(w, &planned, 0, &ok);
        assert_false(ok);
        blamed(w, renders[i].words);
        assert_int_equal(glm_fake_writes(w->clusters[0]) + glm_fake_writes(w->clusters[1]), writes);
        glm_assert_value_equal(after.result, made.result);
        after.result_record = made.result_record;
        converge(w, &after, attributes(w, "b.example"));
        end_world(w);
    }
}

static void what_is_none_of_its_business_does_no_harm(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change planned;
    broken.render = no_pairs;
    must(w, plan(w, NULL, attributes(w, "a.example"), &planned));
    converge(w, NULL, attributes(w, "a.example"));
    end_world(w);
}

CHANGED(unknown, o->object = &glm_unknown)

/* What a plan may leave open, an apply may not. */
static void what_stays_unknown_is_not_written(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change planned;
    bool ok;
    broken.render = unknown;
    must(w, plan(w, NULL, attributes(w, "a.example"), &planned));
    struct glm_change made = apply(w, &planned, 0, &ok);
    assert_false(ok);
    blamed(w, "when it is to be written");
    assert_true(glm_is_null(made.result));
    assert_int_equal(glm_fake_count(w->clusters[0]) + glm_fake_count(w->clusters[1]), 0);
    converge(w, NULL, attributes(w, "a.example"));
    end_world(w);
}

static unsigned answers; /* until another one is given */

static const struct glm_value *with_hub(const struct glm_installer_call *call,
                                        const struct glm_value *object)
{
    return glm_with_path(call->arena, object, glm_string(call->arena, "{\"hub\":\"another\"}"),
                         "data", "spec", NULL);
}

CHANGED(another_answer, if (pairs[0].cluster && answers > 0 && --answers == 0)
                            o->object = with_hub(call, o->object))

/* In the look before the first write, and after it. */
static void another_answer_than_at_plan_is_not_written(void **state)
{
    for (unsigned nth = 2; nth <= 3; nth++) {
        struct world *w = new_world(*state);
        struct glm_change planned;
        bool ok;
        broken.render = another_answer;
        struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
        const struct glm_value *east = main_in(w, 0), *west = main_in(w, 1);
        answers = nth;
        must(w, plan(w, &made, attributes(w, "b.example"), &planned));
        struct glm_change after = apply(w, &planned, 0, &ok);
        assert_false(ok);
        blamed(w, "something else of it than what was planned");
        glm_assert_value_equal(main_in(w, 0), east);
        assert_int_equal(glm_equal(main_in(w, 1), west), nth == 2);
        glm_assert_value_equal(shape_entries(after.result, "1-24", MAIN, "east"),
                               shape_entries(made.result, "1-24", MAIN, "east"));
        converge(w, &after, attributes(w, "b.example"));
        end_world(w);
    }
}

/* ---- check ---- */

static const char *nowhere(const struct glm_installer_call *call, const char *cluster,
                           struct glm_diags *d)
{
    (void)call;
    (void)d;
    return breaks ? "nowhere" : cluster;
}

static const char *no_place(const struct glm_installer_call *call, const char *cluster,
                            struct glm_diags *d)
{
    (void)call;
    (void)d;
    return breaks ? NULL : cluster;
}

/* What is there stays known, and goes when all goes. */
static void a_place_that_there_is_not_is_refused(void **state)
{
    static const struct {
        const char *words;
        const char *(*seat)(const struct glm_installer_call *call, const char *cluster,
                            struct glm_diags *d);
    } all[] = {
        {"to \"nowhere\", and the provider's `clusters` has only \"east\", \"west\"", nowhere},
        {"seat failed without a word", no_place}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct world *w = new_world(*state);
        struct glm_change planned;
        broken.seat = all[i].seat;
        assert_false(plan(w, NULL, attributes(w, "a.example"), &planned));
        blamed(w, all[i].words);
        glm_assert_error(&w->d, "installations", "");
        struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
        struct glm_change read = {.prior = made.result, .record = made.result_record};
        must(w, glm_lifecycle_read(w->arena, &w->estate, &read, &w->d));
        glm_assert_value_equal(glm_test_objects(read.result), glm_test_objects(made.result));
        struct glm_change gone = {.prior = made.result, .record = made.result_record};
        glm_diags_init(&w->d, w->arena);
        must(w, glm_lifecycle_remove(w->arena, &w->estate, &gone, &w->d));
        assert_true(glm_is_null(main_in(w, 0)) && glm_is_null(main_in(w, 1)));
        end_world(w);
    }
}

static bool no_word(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                    size_t count, bool warn, struct glm_diags *d)
{
    (void)call;
    (void)pairs;
    (void)count;
    (void)warn;
    (void)d;
    return !breaks;
}

static void a_check_that_fails_without_a_word_is_blamed(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change planned;
    broken.check = no_word;
    assert_false(plan(w, NULL, attributes(w, "a.example"), &planned));
    blamed(w, "check failed without a word");
    converge(w, NULL, attributes(w, "a.example"));
    end_world(w);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_a_plan_cannot_show_is_refused),
        TEST(what_an_apply_cannot_write_is_refused_before_the_first_write),
        TEST(what_is_another_object_each_time_is_refused_before_the_first_write),
        TEST(what_is_none_of_its_business_does_no_harm),
        TEST(what_stays_unknown_is_not_written),
        TEST(another_answer_than_at_plan_is_not_written),
        TEST(a_place_that_there_is_not_is_refused),
        TEST(a_check_that_fails_without_a_word_is_blamed),
    };
    return cmocka_run_group_tests_name("installer broken render", tests, NULL, NULL);
}
