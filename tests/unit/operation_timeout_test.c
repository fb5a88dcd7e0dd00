/* SPDX-License-Identifier: Apache-2.0
 *
 * An operation has an end: timeouts.create, update and delete bound all of it, looks and writes
 * included. And what a write is held against: the object as it was looked at last. Against a fake API
 * server that falls silent, or changes its mind, at one stage.
 */
#include "live_case.h"

#include "glm/lifecycle.h"

/* What the operation has; it has more, twice and twice again, where the machine does not come as far as the
 * stage that is silent in that. */
#define LIMIT_MS 700
#define LIMIT_MAX_MS 100000
#define SPEC                                                                                       \
    "{\\'profile\\':\\'empty\\',\\'hub\\':\\'docker.io/istio\\',\\'tag\\':\\'1.22.8\\',"           \
    "\\'components\\':{\\'ingressGateways\\':[{\\'name\\':\\'ingress\\',\\'namespace\\':"          \
    "\\'gw\\',\\'enabled\\':true,\\'label\\':{\\'istio\\':\\'ingress\\'}}]}}"

struct world {
    struct live_case_estate of;
    const struct glm_value *wanted;
};

static void fill_world(struct world *w, struct live_case *c)
{
    live_case_estate(c, &w->of);
    w->wanted = glm_test_value(
        c->arena, "{'name':'ingress','namespace':'gloo-mesh','adopt_existing':false,"
                  "'force_conflicts':true,'installations':{'1-24':{'gateway_revision':'1-24',"
                  "'clusters':{'east':{'active_gateway':false}},'istio_operator_spec':'" SPEC "'}},"
                  "'helm_global':null,'wait_for_healthy':true}");
}

static const char istiod[] =
    "{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': 'istiod-1-24', "
    "'namespace': 'istio-system', 'labels': {'app': 'istiod', 'istio.io/rev': '1-24'}}, 'spec': "
    "{'template': {'spec': {'containers': [{'name': 'discovery', 'image': "
    "'docker.io/istio/pilot:1.22.8'}]}}}, 'status': {'availableReplicas': 1}}";

static struct glm_change create_of(struct world *w, struct glm_arena *arena, int64_t limit_ms,
                                   struct glm_diags *d)
{
    struct glm_change plan = {
        .prior = &glm_null, .record = &glm_null, .attributes = w->wanted, .creating = true};
    if (!glm_lifecycle_plan(arena, &w->of.estate, &plan, d))
        fail_msg("%s", glm_test_diags_text(arena, d));
    return (struct glm_change){.prior = &glm_null,
                               .record = plan.result_record,
                               .attributes = plan.result,
                               .creating = true,
                               .timeout_ms = limit_ms};
}

/* ---- silence at one stage ---- */

static const char MAIN[] = "main objects";
static const char DEPLOYMENTS[] = "/deployments"; /* which a preflight looks at */

static const struct stage {
    const char *method, *part; /* not answered: of this method, with this in its path and query */
} stages[] = {
    {"GET", "kube-system"},      {"GET", MAIN},   {"GET", DEPLOYMENTS}, {"GET", "/namespaces/gw"},
    {"PATCH", "/namespaces/gw"}, {"PATCH", MAIN}, {"DELETE", MAIN},
};

/* "/istiooperators" */
static const char *part_of(struct glm_arena *arena, const struct stage *stage)
{
    return stage->part == MAIN ? glm_sprintf(arena, "/%s", glm_test_main_kind()->plural)
                               : stage->part;
}

static atomic_bool reached; /* the stage was, since the operation began */

static bool fall_silent(struct fake_objects *o, struct fake_call *call)
{
    int mode = atomic_load(&o->mode);
    if (mode < 0 || strcmp(call->method, stages[mode].method) != 0 ||
        !strstr(glm_sprintf(call->arena, "%s?%s", call->path, call->query),
                part_of(call->arena, &stages[mode])))
        return false;
    atomic_store(&reached, true);
    while (atomic_load(&o->mode) == mode && fake_wait(call, 50))
        ;
    return true;
}

static struct world *silent_world(struct live_case *c)
{
    struct world *w = GLM_NEW(c->arena, struct world);
    live_case_scripted(c, fall_silent, -1);
    fake_objects_put(&c->objects, istiod);
    fill_world(w, c);
    return w;
}

#define LOOKS 3 /* so many of them come before the first write anywhere */

/* One request of the operation gets no answer: all ends when its time is over, and says so. */
static void check_end(struct live_case *c, int64_t began, int64_t limit_ms, const char *words)
{
    const char *said = glm_test_diags_text(c->arena, &c->d);
    const char *whole =
        glm_sprintf(c->arena, "%s = \"%lld.%llds\"", words, (long long)(limit_ms / 1000),
                    (long long)(limit_ms % 1000 / 100));
    int64_t spent = glm_clock_ms() - began;
    if (spent >= limit_ms + GLM_TEST_PROMPT_MS || !strstr(said, whole))
        fail_msg("after %lld ms: %s", (long long)spent, said);
}

/* False: it did not come as far as this stage. */
static bool create_in(struct live_case *c, int stage, int64_t limit_ms)
{
    struct world *w = silent_world(c);
    glm_diags_init(&c->d, c->arena);
    struct glm_change change = create_of(w, c->arena, limit_ms, &c->d);
    atomic_store(&reached, false);
    atomic_store(&c->objects.mode, stage);
    int64_t began = glm_clock_ms();
    assert_false(glm_lifecycle_apply(c->arena, &w->of.estate, &change, &c->d));
    if (!atomic_load(&reached))
        return false;
    check_end(c, began, limit_ms,
              stage < LOOKS ? "than half of timeouts.create" : "longer than timeouts.create");
    return true;
}

static void a_create_ends_when_its_time_is_over(void **state)
{
    struct live_case *c = *state;
    for (int i = 0; i < 6; i++) {
        if (stages[i].part == DEPLOYMENTS && !glm_test_is("istio_operator"))
            continue;
        bool came = false;
        for (int64_t ms = LIMIT_MS; !came && ms < LIMIT_MAX_MS; ms *= 2)
            came = create_in(c, i, ms);
        assert_true(came);
    }
}

/* The same of a delete. */
static bool remove_in(struct live_case *c, const struct glm_change *made, int stage,
                      int64_t limit_ms)
{
    struct world *w = silent_world(c);
    glm_diags_init(&c->d, c->arena);
    struct glm_change change = {
        .prior = made->result, .record = made->result_record, .timeout_ms = limit_ms};
    atomic_store(&reached, false);
    atomic_store(&c->objects.mode, stage);
    int64_t began = glm_clock_ms();
    assert_false(glm_lifecycle_remove(c->arena, &w->of.estate, &change, &c->d));
    assert_true(glm_is_map(change.result)); /* nothing of the state is lost */
    if (!atomic_load(&reached))
        return false;
    check_end(c, began, limit_ms, "timeouts.delete");
    return true;
}

static void a_delete_ends_when_its_time_is_over(void **state)
{
    struct live_case *c = *state;
    struct world *w = silent_world(c);
    struct glm_change made = create_of(w, c->arena, LIMIT_MS, &c->d);
    made.attributes = glm_with(c->arena, made.attributes, "wait_for_healthy", &glm_false);
    made.timeout_ms = 0;
    if (!glm_lifecycle_apply(c->arena, &w->of.estate, &made, &c->d))
        fail_msg("%s", glm_test_diags_text(c->arena, &c->d));
    static const int at[] = {0, 6};
    for (size_t i = 0; i < 2; i++) {
        bool came = false;
        for (int64_t ms = LIMIT_MS; !came && ms < LIMIT_MAX_MS; ms *= 2)
            came = remove_in(c, &made, at[i], ms);
        assert_true(came);
    }
}

/* ---- force ---- */

/* A conflict with what appeared, which is looked at once more; then force settles it; then the object has
 * changed; then all is well. */
static bool conflict_then_change(struct fake_objects *o, struct fake_call *call)
{
    if (strcmp(call->method, "PATCH") != 0 || !strstr(call->path, glm_test_main_kind()->plural))
        return false;
    int nth = atomic_fetch_add(&o->mode, 1);
    bool forced = strstr(call->query, "force=true") != NULL;
    if (nth < 2 && !forced)
        fake_status(call, 409, "Conflict", "Apply failed",
                    "{'causes': [{'reason': 'FieldManagerConflict', 'message': 'conflict with "
                    "\\'kubectl\\' using v1', 'field': '.spec.profile'}]}");
    else if (nth == 2 && forced)
        fake_status(call, 409, "Conflict", "the object has been modified", "");
    else if (forced || nth == 2)
        fake_status(call, 400, "BadRequest", "forced what nobody was asked about", "");
    else
        return false;
    return true;
}

static void force_is_for_the_conflicts_that_were_looked_at(void **state)
{
    struct live_case *c = *state;
    struct world *w = silent_world(c);
    struct glm_change change = create_of(w, c->arena, LIMIT_MS, &c->d);
    change.attributes = glm_with(c->arena, change.attributes, "wait_for_healthy", &glm_false);
    change.timeout_ms = 0;
    c->objects.script = conflict_then_change;
    atomic_store(&c->objects.mode, 0);
    if (!glm_lifecycle_apply(c->arena, &w->of.estate, &change, &c->d))
        fail_msg("%s", glm_test_diags_text(c->arena, &c->d));
    assert_int_equal(live_case_calls(c, "PATCH", glm_test_main_kind()->plural), 4);
}

/* ---- what appeared since the last list ---- */

static void a_create_looks_afresh(void **state)
{
    struct live_case *c = *state;
    struct world *w = silent_world(c);
    struct glm_change change = create_of(w, c->arena, LIMIT_MS, &c->d);
    assert_string_equal(live_case_list(c, glm_test_main_kind(), NULL), "");
    live_case_put_main(c, "ingress-1-24", "theirs"); /* the list is remembered for seconds */
    assert_false(glm_lifecycle_apply(c->arena, &w->of.estate, &change, &c->d));
    glm_assert_error(&c->d, "installations[\"1-24\"].clusters[\"east\"]",
                     "it was not made by this provider");
    assert_int_equal(live_case_calls(c, "PATCH", ""), 0); /* before the first write anywhere */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, live_case_setup, live_case_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_create_ends_when_its_time_is_over),
        TEST(a_delete_ends_when_its_time_is_over),
        TEST(force_is_for_the_conflicts_that_were_looked_at),
        TEST(a_create_looks_afresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
