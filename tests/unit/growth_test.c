/* SPDX-License-Identifier: Apache-2.0
 *
 * No quadratic places, where a whole resource (tests/rpc/growth_test.c) does not come: what others
 * send and keep, and what a ceiling or an index stands before.
 *
 * GLM_GROWTH in the environment prints every slope of the tests that it names ("*": of all).
 */
#include "../../src/kube/access/internal.h"
#include "../../src/kube/exec/exec.h"
#include "../../src/kube/internal.h"
#include "../../src/kube/store/internal.h"
#include "../../src/lifecycle/lifecycle_internal.h"
#include "glm/difference.h"
#include "glm/observe.h"
#include "../../src/installer/istio/istio.h"
#include "glm/overlay.h"
#include "growth.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

static struct glm_arena *large_arena(void)
{
    return glm_arena_create(GLM_ARENA_RPC_LIMIT);
}

static const struct glm_value *decoded(struct glm_arena *arena, const struct glm_text *text)
{
    struct glm_diags d;
    const struct glm_value *v = &glm_null;
    glm_diags_init(&d, arena);
    if (!glm_json_decode(arena, text->data, text->len, "text", NULL, &v, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    return v;
}

static void contexts(const void *context, size_t n, double seconds[GROWTH_STAGES])
{
    struct glm_arena *GLM_AUTO_ARENA arena = large_arena();
    struct kubeconfig_context found;
    struct glm_text t;
    struct glm_diags d;
    (void)context;
    glm_diags_init(&d, arena);
    glm_text_init(&t, arena, (size_t)1 << 30);
    glm_text_adds(&t, "users: [{name: ann, user: {token: t}}]\ncontexts:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(&t, "- {name: east-%zu, context: {cluster: east-%zu, user: ann}}\n", i, i);
    glm_text_adds(&t, "clusters:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(&t, "- {name: east-%zu, cluster: {server: \"https://east-%zu\"}}\n", i, i);
    const struct kubeconfig_source source = {"config", "/", t.data, t.len};
    double began = growth_clock();
    if (!access_kubeconfig_find(arena, &source, 1, glm_sprintf(arena, "east-%zu", n - 1), &found,
                                &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    seconds[0] = growth_clock() - began;
    began = growth_clock();
    assert_false(access_kubeconfig_find(arena, &source, 1, "west", &found, &d));
    seconds[1] = growth_clock() - began;
}

static void conflicts(const void *context, size_t n, double seconds[GROWTH_STAGES])
{
    struct glm_arena *GLM_AUTO_ARENA arena = large_arena();
    const struct glm_conflict *found;
    struct glm_text t;
    (void)context;
    glm_text_init(&t, arena, (size_t)1 << 30);
    glm_text_adds(&t, "{\"details\": {\"causes\": [{}");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(&t,
                      ", {\"reason\": \"FieldManagerConflict\", \"field\": \".spec.f%zu\", "
                      "\"message\": \"conflict with \\\"m%zu\\\" using v1\"}",
                      i, i);
    glm_text_adds(&t, "]}}");
    double began = growth_clock();
    const struct glm_value *status = decoded(arena, &t);
    seconds[0] = growth_clock() - began;
    began = growth_clock();
    assert_int_equal(live_conflicts(arena, status, &found), n);
    seconds[1] = growth_clock() - began;
}

/* n Deployments of istiod, and as many webhooks that are tags, all of one revision and each of one. */
static void planes(const void *context, size_t n, double seconds[GROWTH_STAGES])
{
    struct glm_arena *GLM_AUTO_ARENA arena = large_arena();
    const struct glm_control_plane *found, *tag_of;
    struct glm_text t, u;
    (void)context;
    for (int same = 0; same < 2; same++) {
        glm_text_init(&t, arena, (size_t)1 << 30);
        glm_text_init(&u, arena, (size_t)1 << 30);
        for (size_t i = 0; i < n; i++) {
            size_t r = same ? 0 : i;
            glm_text_addf(&t,
                          "%s{\"metadata\": {\"name\": \"d%zu\", \"labels\": {\"app\": "
                          "\"istiod\", \"istio.io/rev\": \"r%zu\"}}}",
                          i ? "," : "[", i, r);
            glm_text_addf(&u,
                          "%s{\"metadata\": {\"labels\": {\"istio.io/tag\": \"t%zu\", "
                          "\"istio.io/rev\": \"r%zu\"}}},{\"metadata\": {\"labels\": "
                          "{\"istio.io/rev\": \"x%zu\"}}}",
                          i ? "," : "[", i, r, i);
        }
        glm_text_adds(&t, "]");
        glm_text_adds(&u, "]");
        const struct glm_value *deployments = decoded(arena, &t), *webhooks = decoded(arena, &u);
        double began = growth_clock();
        size_t count = glm_control_planes(arena, deployments, webhooks, &found);
        assert_null(glm_control_plane_find(found, count, "none", &tag_of));
        seconds[same] = growth_clock() - began;
        assert_int_equal(count, 2 * n);
    }
}

/* n Pods that are not ready, and as many events of Pods that are gone. */
static void warnings(const void *context, size_t n, double seconds[GROWTH_STAGES])
{
    struct glm_arena *GLM_AUTO_ARENA arena = large_arena();
    struct glm_text t, u;
    (void)context;
    glm_text_init(&t, arena, (size_t)1 << 30);
    glm_text_init(&u, arena, (size_t)1 << 30);
    for (size_t i = 0; i < n; i++) {
        glm_text_addf(&t, "%s{\"metadata\": {\"name\": \"gw-1-p%zu\"}}", i ? "," : "[", i);
        glm_text_addf(&u,
                      "%s{\"type\": \"Warning\", \"reason\": \"R%zu\", \"involvedObject\": "
                      "{\"kind\": \"Pod\", \"name\": \"gw-1-gone%zu\"}}",
                      i ? "," : "[", i, i);
    }
    glm_text_adds(&t, "]");
    glm_text_adds(&u, "]");
    const struct glm_value *pods = decoded(arena, &t), *all = decoded(arena, &u);
    double began = growth_clock();
    const char *why = istio_why_not_ready(arena, &glm_null, pods, all);
    seconds[0] = growth_clock() - began;
    assert_non_null(strstr(why, "more pods are not ready"));
}

/* n labels that hold the credential that was sent. */
static void echoes(const void *context, size_t n, double seconds[GROWTH_STAGES])
{
    struct glm_arena *GLM_AUTO_ARENA arena = large_arena();
    struct glm_map_builder b;
    struct secrets *secrets = exec_secrets_create(arena);
    (void)context;
    exec_secrets_add(secrets, "the-token-that-was-sent");
    glm_map_init(&b, arena);
    for (size_t i = 0; i < n; i++)
        glm_map_append(&b, glm_sprintf(arena, "l%zu", i), 0, 0,
                       glm_string(arena, "the-token-that-was-sent"));
    const struct glm_value *answer = glm_map_finish(&b, NULL);
    size_t before = glm_arena_used(arena);
    double began = growth_clock();
    const struct glm_value *starred =
        exec_secrets_starred_answer(secrets, arena, NULL, NULL, answer);
    seconds[0] = growth_clock() - began;
    assert_string_equal(starred->as.map[n - 1].value->as.text, "***");
    assert_true(glm_arena_used(arena) - before < n * 1024);
}

/* n patches that look for an element by a key, and a key that is n long in what stands there. */
static void searches(const void *context, size_t n, double seconds[GROWTH_STAGES])
{
    struct glm_arena *GLM_AUTO_ARENA arena = large_arena();
    const struct glm_value *overlay;
    struct glm_overlay_result result;
    struct glm_list_builder patches;
    char *filler = glm_alloc(arena, n * 20 + 1);
    (void)context;
    memset(filler, 'x', n * 20);
    const struct glm_value *object =
        glm_test_value(arena, glm_sprintf(arena, "{'l': [{'k': {'%s': 1}}]}", filler));
    glm_list_init(&patches, arena);
    for (size_t i = 0; i < n; i++)
        glm_list_add(&patches, glm_with(arena, &glm_empty_map, "path",
                                        glm_stringf(arena, "l.[k:map[x%zu]].v", i)));
    overlay = glm_with(arena, &glm_empty_map, "patches", glm_list_finish(&patches));
    double began = growth_clock();
    glm_overlay_apply(arena, object, &overlay, 1, SIZE_MAX, GLM_OVERLAY_OPERATOR, &result);
    seconds[0] = growth_clock() - began;
    assert_int_equal(result.failed, n);
}

static void add_object(struct glm_text *t, size_t i, size_t version)
{
    glm_text_addf(t,
                  "{\"apiVersion\": \"install.istio.io/v1alpha1\", \"kind\": \"IstioOperator\", "
                  "\"metadata\": {\"name\": \"edge-%zu\", \"namespace\": \"n\", \"uid\": \"u%zu\", "
                  "\"resourceVersion\": \"%zu\"}, \"spec\": {\"profile\": \"empty\"}}",
                  i, i, version);
}

/* What a list of n objects becomes. */
static struct held *listed(size_t n)
{
    struct held *held = store_held_create();
    struct glm_text t;
    glm_text_init(&t, held->arena, (size_t)1 << 30);
    for (size_t i = 0; i < n; i++) {
        glm_text_adds(&t, i ? ", " : "[");
        add_object(&t, i, 1 + i);
    }
    glm_text_addc(&t, ']');
    held->value = decoded(held->arena, &t);
    return held;
}

static const struct item *keep_fresh(void *context, const struct item *fresh,
                                     const struct item *old)
{
    (void)context;
    return fresh ? fresh : old;
}

static void listings(const void *context, size_t n, double seconds[GROWTH_STAGES])
{
    (void)context;
    double began = growth_clock();
    struct held *held = listed(n);
    seconds[0] = growth_clock() - began;
    began = growth_clock();
    struct snapshot *all = store_snapshot_of_list(held);
    seconds[1] = growth_clock() - began;
    began = growth_clock();
    for (size_t i = 0; i < n; i++)
        assert_non_null(store_snapshot_find(all, "n", all->items[i].name));
    seconds[2] = growth_clock() - began;
    began = growth_clock();
    struct snapshot *merged = store_snapshot_merge(all, all, keep_fresh, NULL);
    seconds[3] = growth_clock() - began;
    assert_int_equal(merged->count, n);
    store_snapshot_drop(merged);
    store_snapshot_drop(all);
    store_held_drop(held);
}

static bool take_event(void *context, enum watch_event event, struct held *held)
{
    store_event(context, event, held);
    return true;
}

/* Of n objects each changes once, as after a restart of the operator. */
static void events(const void *context, size_t n, double seconds[GROWTH_STAGES])
{
    struct glm_arena *GLM_AUTO_ARENA arena = large_arena();
    struct store *store = store_create(NULL);
    struct held *held = listed(n);
    (void)context;
    pthread_mutex_lock(&store->lock);
    struct collection *c = store_collection_of(store, GLM_KIND_ISTIO_OPERATOR, NULL);
    store_collection_remember(c, store_snapshot_of_list(held));
    pthread_mutex_unlock(&store->lock);
    store_held_drop(held);
    struct watch_lines lines = {.kind = GLM_KIND_ISTIO_OPERATOR, .event = take_event, .context = c};
    struct glm_text t;
    glm_text_init(&t, arena, (size_t)1 << 30);
    for (size_t i = 0; i < n; i++) {
        glm_text_adds(&t, "{\"type\": \"MODIFIED\", \"object\": ");
        add_object(&t, i, 1 + n + i);
        glm_text_adds(&t, "}\n");
    }
    double began = growth_clock();
    assert_true(store_watch_feed(&lines, t.data, t.len));
    seconds[0] = growth_clock() - began;
    assert_int_equal(c->memory->count, n);
    assert_int_equal(c->memory->items[n - 1].version > n, true);
    store_watch_lines_done(&lines);
    store_destroy(store);
}

/* n elements or fields that differ from n others, and as many that do not. */
static void differences(const void *context, size_t n, double seconds[GROWTH_STAGES])
{
    static const char *const parts[][3] = {
        {"{\"name\": \"e", "\", \"value\": ", "}"},
        {"{\"port\": ", ", \"targetPort\": ", "}"},
        {"{\"path\": \"p", "\", \"value\": ", "}"},
        {"[", ", ", "]"},
        {"\"s", "-", "\""},
    };
    struct glm_arena *GLM_AUTO_ARENA arena = large_arena();
    (void)context;
    for (size_t f = 0; f < sizeof parts / sizeof *parts; f++) {
        const struct glm_value *sides[2];
        for (int side = 0; side < 2; side++) {
            struct glm_text t;
            glm_text_init(&t, arena, (size_t)1 << 30);
            for (size_t i = 0; i < 2 * n; i++)
                glm_text_addf(&t, "%s%s%zu%s%d%s", i ? "," : "[", parts[f][0], i, parts[f][1],
                              i % 2 ? side : 0, parts[f][2]);
            glm_text_addc(&t, ']');
            sides[side] = decoded(arena, &t);
        }
        double began = growth_clock();
        const struct glm_value *found = glm_differences(arena, sides[0], sides[1], sides[0]);
        seconds[f] = growth_clock() - began;
        assert_int_equal(found->len, GLM_DIFFERENCES_MAX + 1);
    }
}

/* What one apply is about to make, beside another that makes little. */
static void claims(const void *context, size_t n, double seconds[GROWTH_STAGES])
{
    (void)context;
    struct glm_arena *GLM_AUTO_ARENA arena = large_arena();
    struct glm_claims *all = glm_claims_create(arena);
    int one, other;
    assert_null(claims_take(all, arena, &other, "east", "Service gw/other", "ns/other"));
    double began = growth_clock();
    for (size_t i = 0; i < n; i++)
        assert_null(claims_take(all, arena, &one, "east", glm_sprintf(arena, "Service gw/s%zu", i),
                                "ns/one"));
    seconds[0] = growth_clock() - began;
    assert_string_equal(claims_take(all, arena, &other, "east", "Service gw/s0", "ns/other"),
                        "ns/one");
    claims_release(all, &one);
    assert_null(claims_take(all, arena, &other, "east", "Service gw/s0", "ns/other"));
}

static const struct growth growths[] = {
    {.name = "contexts", .run = contexts, .least = 50, .most = 10000, .stages = {"find", "miss"}},
    {.name = "conflicts", .run = conflicts, .least = 50, .most = 20000, .stages = {"read", "say"}},
    {.name = "control planes",
     .run = planes,
     .least = 50,
     .most = 20000,
     .stages = {"of many revisions", "of one"}},
    {.name = "events of pods", .run = warnings, .least = 50, .most = 20000, .stages = {"why"}},
    {.name = "credentials in answers",
     .run = echoes,
     .least = 50,
     .most = 20000,
     .stages = {"star"}},
    {.name = "searches by a key that is a map",
     .run = searches,
     .least = 50,
     .most = 9000,
     .stages = {"apply"}},
    {.name = "elements that differ",
     .run = differences,
     .least = 300,
     .most = 20000,
     .stages = {"by name", "by port", "by index", "lists", "scalars"}},
    {.name = "objects in a listing",
     .run = listings,
     .least = 50,
     .most = 50000,
     .stages = {"read", "keep", "find", "merge"}},
    {.name = "claims of one apply", .run = claims, .least = 200, .most = 50000, .stages = {"take"}},
    {.name = "watch events", .run = events, .least = 50, .most = 10000, .stages = {"follow"}},
};

static void time_grows_in_proportion(void **state)
{
    growth_assert(*state);
}

#define COUNT (sizeof growths / sizeof *growths)

int main(void)
{
    static struct CMUnitTest tests[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        tests[i].name = growths[i].name;
        tests[i].test_func = time_grows_in_proportion;
        tests[i].initial_state = (void *)(uintptr_t)&growths[i];
    }
    cmocka_set_test_filter(getenv("GLM_GROWTH"));
    return _cmocka_run_group_tests("growth", tests, COUNT, NULL, NULL);
}
