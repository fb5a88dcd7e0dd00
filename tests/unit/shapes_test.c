/* SPDX-License-Identifier: Apache-2.0
 *
 * What a cluster has may have any shape: each field of objects that were recorded of real clusters
 * (tests/golden/judge) is missing, of every other kind, or without measure, one at a time, and every
 * verb of the lifecycle goes on. A read keeps the state, and nothing is said without words.
 *
 * The cluster is a fake: no real one stores such objects, and a directory, a broken proxy and an
 * aggregated API may all the same.
 */
#include "fake_cluster.h"
#include "glm/control_planes.h"
#include "glm/lifecycle.h"
#include "test.h"
#include "test_installer.h"

#include <limits.h>
#include <string.h>

#define SPEC                                                                                       \
    "{\\'profile\\':\\'empty\\',\\'hub\\':\\'docker.io/istio\\',\\'tag\\':\\'1.22.8\\',"           \
    "\\'components\\':{\\'ingressGateways\\':[{\\'name\\':\\'istio-ingressgateway\\',"             \
    "\\'namespace\\':\\'gloo-mesh-gateways\\',\\'enabled\\':true,\\'label\\':{\\'istio\\':"        \
    "\\'ingressgateway\\'},\\'k8s\\':{\\'service\\':{\\'ports\\':[{\\'name\\':\\'https\\',"        \
    "\\'port\\':443}]}}}]}}"
#define GATEWAYS "gloo-mesh-gateways"
#define NAME "istio-ingressgateway-1-24"

struct world {
    struct glm_arena *arena;
    struct glm_cluster *cluster;
    struct glm_cluster *clusters[1];
    struct glm_cluster_config config;
    struct glm_estate estate;
    atomic_bool stop;
    struct glm_change made; /* of the baseline */
    const struct glm_value *wanted;
};

static const struct glm_value *recorded(struct glm_arena *arena, const char *name)
{
    const struct glm_value *v = &glm_null;
    struct glm_diags d;
    size_t len;
    const char *path = glm_sprintf(arena, "tests/golden/judge/%s/observed.yaml", name);
    const char *text = glm_test_file(arena, path, &len);
    glm_diags_init(&d, arena);
    if (!glm_yaml_decode(arena, text, len, path, NULL, &v, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    return v;
}

static void must(bool ok, struct glm_arena *arena, const struct glm_diags *d)
{
    if (!ok)
        fail_msg("%s", glm_test_diags_text(arena, d));
}

/* ---- every verb ---- */

struct saying {
    struct glm_arena *arena;
    struct glm_diags d;
    const char *what;
};

static void check_words(const struct saying *s, const struct glm_value *result)
{
    const char *said = glm_test_diags_text(s->arena, &s->d);
    const char *shown = result ? glm_json_text(s->arena, result) : "";
    if (strstr(said, "(null)") || strstr(shown, "(null)"))
        fail_msg("%s: %s\n%s", s->what, said, shown);
}

static struct glm_change read_it(struct world *w, struct saying *s)
{
    struct glm_change change = {.prior = w->made.result, .record = w->made.result_record};
    glm_lifecycle_read(s->arena, &w->estate, &change, &s->d);
    check_words(s, change.result);
    if (glm_is_null(change.result))
        fail_msg("%s: the read has lost the state", s->what);
    return change;
}

static void apply_it(struct world *w, const struct glm_change *now, int64_t timeout_ms,
                     struct saying *s)
{
    struct glm_change plan = {
        .prior = now->result, .record = now->result_record, .attributes = w->wanted};
    bool planned = glm_lifecycle_plan(s->arena, &w->estate, &plan, &s->d);
    check_words(s, plan.result);
    if (!planned && strstr(glm_test_diags_text(s->arena, &s->d), "belong to another resource"))
        return; /* by the labels of its owner */
    must(planned, s->arena, &s->d);
    struct glm_change change = {.prior = now->result,
                                .record = plan.result_record,
                                .attributes = plan.result,
                                .timeout_ms = timeout_ms};
    glm_lifecycle_apply(s->arena, &w->estate, &change, &s->d);
    check_words(s, change.result);
    if (glm_is_null(change.result))
        fail_msg("%s: the apply has lost the state", s->what);
}

static void find_it(struct world *w, struct saying *s)
{
    struct glm_change change = {.prior = &glm_null, .record = &glm_null};
    const struct glm_value *planes = &glm_null;
    glm_lifecycle_find(s->arena, &w->estate, "istio-ingressgateway", "gloo-mesh", &glm_null,
                       &change, &s->d);
    check_words(s, change.result);
    glm_lifecycle_control_planes(s->arena, &w->estate, &glm_null, 0, &planes, &s->d);
    check_words(s, planes);
}

static void remove_it(struct world *w, struct saying *s)
{
    struct glm_change change = {
        .prior = w->made.result, .record = w->made.result_record, .timeout_ms = 1000};
    glm_lifecycle_remove(s->arena, &w->estate, &change, &s->d);
    check_words(s, change.result);
}

/* One object of the cluster. */
struct live {
    struct glm_object_ref ref;
    const struct glm_value *object;
};

static void put_all(struct world *w, const struct live *all, size_t count)
{
    for (size_t i = 0; i < count; i++)
        glm_fake_fix(w->cluster, &all[i].ref, all[i].object);
}

static void every_verb(struct world *w, const struct live *all, size_t count,
                       const struct live *odd, const char *what)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    struct saying s = {.arena = arena, .what = what};
    glm_diags_init(&s.d, arena);
    glm_fake_fix(w->cluster, &odd->ref, odd->object);
    struct glm_change now = read_it(w, &s);
    find_it(w, &s);
    apply_it(w, &now, 3, &s);
    remove_it(w, &s);
    put_all(w, all, count);
}

/* ---- each field, each kind ---- */

static const struct {
    const char *name, *json; /* json NULL: the key is missing */
} shapes[] = {
    {"missing", NULL},
    {"null", "null"},
    {"-1", "-1"},
    {"1.5", "1.5"},
    {"1e400", "1e400"},
    {"a text", "'x'"},
    {"empty", "''"},
    {"a list of nulls", "[null]"},
    {"a map of maps", "{'a': {'b': null}}"},
};

struct walk {
    struct world *w;
    const struct live *all;
    size_t count, at;
    size_t tried;
};

/* Puts v at the path into the object; NULL takes it out. */
static const struct glm_value *replaced(struct glm_arena *arena, const struct glm_value *object,
                                        const size_t *path, size_t depth, const struct glm_value *v)
{
    if (depth == 0)
        return v;
    if (glm_is_map(object)) {
        const struct glm_pair *pair = &object->as.map[path[0]];
        const struct glm_value *below = replaced(arena, pair->value, path + 1, depth - 1, v);
        return below ? glm_with(arena, object, pair->key, below)
                     : glm_without(arena, object, pair->key);
    }
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < object->len; i++) {
        const struct glm_value *item = object->as.list[i];
        if (i == path[0])
            item = replaced(arena, item, path + 1, depth - 1, v);
        if (item)
            glm_list_add(&b, item);
    }
    return glm_list_finish(&b);
}

#define DEEPEST 16

static void each_shape(struct walk *walk, const size_t *path, size_t depth, const char *name)
{
    const struct live *whole = &walk->all[walk->at];
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)64 << 20);
        const struct glm_value *v = shapes[i].json ? glm_test_value(arena, shapes[i].json) : NULL;
        const struct live odd = {whole->ref, replaced(arena, whole->object, path, depth, v)};
        every_verb(walk->w, walk->all, walk->count, &odd,
                   glm_sprintf(arena, "%s%s is %s", whole->ref.kind->name, name, shapes[i].name));
        walk->tried++;
    }
}

static void each_field(struct walk *walk, struct glm_arena *arena, const struct glm_value *v,
                       size_t *path, size_t depth, const char *name)
{
    if (depth > 0)
        each_shape(walk, path, depth, name);
    bool map = glm_is_map(v);
    if (depth == DEEPEST || (!map && !glm_is_list(v)))
        return;
    for (size_t i = 0; i < v->len; i++) {
        path[depth] = i;
        each_field(walk, arena, map ? v->as.map[i].value : v->as.list[i], path, depth + 1,
                   map ? glm_sprintf(arena, "%s.%s", name, v->as.map[i].key)
                       : glm_sprintf(arena, "%s[%zu]", name, i));
    }
}

/* ---- the cluster ---- */

static struct world *new_world(struct glm_arena *arena)
{
    struct world *w = GLM_NEW(arena, struct world);
    w->arena = arena;
    w->cluster = w->clusters[0] = glm_fake_create_live("east");
    w->config = (struct glm_cluster_config){
        .name = "east", .place = GLM_PLACE_LIVE, .operator_namespace = "istio-system"};
    w->estate = (struct glm_estate){
        .installers = glm_test_installers(),
        .mesh = {.known = true,
                 .operator_namespace = "istio-system",
                 .clusters = &w->config,
                 .cluster_count = 1,
                 .default_distribution = &glm_null},
        .clusters = w->clusters,
        .max_parallel = 1,
        .stop = &w->stop,
    };
    w->wanted = glm_test_value(
        arena, "{'name':'istio-ingressgateway','namespace':'gloo-mesh','adopt_existing':false,"
               "'installations':{'1-24':{'gateway_revision':'1-24','clusters':{'east':"
               "{'active_gateway':true}},'istio_operator_spec':'" SPEC "'}},'helm_global':null,"
               "'wait_for_healthy':true}");
    return w;
}

static const struct glm_value *istiod(struct glm_arena *arena)
{
    return glm_test_value(
        arena, "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'istiod-1-24',"
               "'namespace':'istio-system','labels':{'app':'istiod','istio.io/rev':'1-24'}},"
               "'spec':{'template':{'spec':{'containers':[{'name':'discovery','image':"
               "'docker.io/istio/pilot:1.22.8'}]}}},'status':{'availableReplicas':1}}");
}

static const struct glm_value *operator_(struct glm_arena *arena)
{
    return glm_test_value(
        arena, "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'istio-operator',"
               "'namespace':'istio-operator'},'spec':{'template':{'spec':{'containers':[{'name':"
               "'istio-operator','image':'docker.io/istio/operator:1.22.8','env':[{'name':"
               "'WATCH_NAMESPACE','value':'istio-system'},{'name':'REVISION','value':''}]}]}}},"
               "'status':{'availableReplicas':1}}");
}

static const struct glm_value *webhook(struct glm_arena *arena)
{
    return glm_test_value(arena,
                          "{'apiVersion':'admissionregistration.k8s.io/v1','kind':"
                          "'MutatingWebhookConfiguration','metadata':{'name':'prod','labels':"
                          "{'istio.io/rev':'1-24','istio.io/tag':'prod'}}}");
}

static const struct glm_value *slice(struct glm_arena *arena)
{
    return glm_test_value(
        arena, "{'apiVersion':'discovery.k8s.io/v1','kind':'EndpointSlice','metadata':{'name':"
               "'s','namespace':'" GATEWAYS "','labels':{'kubernetes.io/service-name':"
               "'istio-ingressgateway'}},'endpoints':[{'conditions':{'ready':true},'targetRef':"
               "{'kind':'Pod','name':'p'}}]}");
}

static struct live with_identity(struct glm_arena *arena, const struct glm_value *object)
{
    struct live live = {.object = object};
    assert_true(glm_object_ref_of(object, &live.ref));
    if (!glm_has(glm_get(object, "metadata"), "uid"))
        live.object =
            glm_with_path(arena, object, glm_string(arena, "uid-1"), "metadata", "uid", NULL);
    return live;
}

/* An object of a recording, which lacks what items of lists do. */
static const struct glm_value *with_version(struct glm_arena *arena, const struct glm_value *object,
                                            const struct glm_object_kind *kind)
{
    object = glm_with(arena, object, "kind", glm_string(arena, kind->name));
    if (kind == GLM_KIND_EVENT) /* of which only what is looked at was recorded */
        object = glm_with(arena, object, "metadata",
                          glm_test_value(arena, "{'name':'e','namespace':'" GATEWAYS "'}"));
    return glm_with(arena, object, "apiVersion", glm_string(arena, kind->api_version));
}

/* What was applied, with all that a real cluster had put to it. */
static struct live operator_of(struct world *w, const struct glm_value *recording)
{
    const struct glm_value *live = glm_get(recording, "istio_operator");
    const struct glm_value *ours = glm_test_main_get(w->arena, w->cluster, "istio-system", NAME);
    assert_true(glm_is_map(ours));
    const struct glm_value *metadata = glm_get(live, "metadata");
    static const char *const keys[] = {"labels", "annotations"};
    for (size_t i = 0; i < 2; i++)
        metadata =
            glm_with(w->arena, metadata, keys[i], glm_get_path(ours, "metadata", keys[i], NULL));
    live = glm_with(w->arena, live, "metadata", metadata);
    live = with_identity(w->arena, glm_with(w->arena, live, "spec", glm_get(ours, "spec"))).object;
    return (struct live){.ref = {glm_test_main_kind(), "istio-system", NAME},
                         .object = glm_test_main(w->arena, live)};
}

static struct live service_of(struct world *w)
{
    const struct glm_value *ours =
        glm_fake_get(w->cluster, GLM_KIND_SERVICE, GATEWAYS, "istio-ingressgateway");
    assert_true(glm_is_map(ours));
    return with_identity(w->arena,
                         glm_with(w->arena, ours, "status",
                                  glm_test_value(w->arena, "{'loadBalancer':{'ingress':[{'ip':"
                                                           "'203.0.113.7','ports':[]}]}}")));
}

/* The whole cluster of a recording, applied once. */
static size_t install(struct world *w, const char *recording, struct live *all)
{
    struct glm_diags d;
    glm_diags_init(&d, w->arena);
    const struct glm_value *r = recorded(w->arena, recording);
    glm_fake_put(w->cluster, istiod(w->arena));
    struct glm_change plan = {
        .prior = &glm_null, .record = &glm_null, .attributes = w->wanted, .creating = true};
    must(glm_lifecycle_plan(w->arena, &w->estate, &plan, &d), w->arena, &d);
    w->made = (struct glm_change){.prior = &glm_null,
                                  .record = plan.result_record,
                                  .attributes = plan.result,
                                  .creating = true,
                                  .timeout_ms = 600000};
    glm_fake_put(w->cluster,
                 with_version(w->arena, glm_at(glm_get(r, "deployments"), 0), GLM_KIND_DEPLOYMENT));
    w->made.attributes = glm_with(w->arena, plan.result, "wait_for_healthy", &glm_false);
    must(glm_lifecycle_apply(w->arena, &w->estate, &w->made, &d), w->arena, &d);
    size_t count = 0;
    all[count++] = operator_of(w, r);
    all[count++] = service_of(w);
    all[count++] =
        with_identity(w->arena, with_version(w->arena, glm_at(glm_get(r, "deployments"), 0),
                                             GLM_KIND_DEPLOYMENT));
    all[count++] = with_identity(w->arena, istiod(w->arena));
    all[count++] = with_identity(w->arena, operator_(w->arena));
    all[count++] = with_identity(w->arena, webhook(w->arena));
    all[count++] = with_identity(w->arena, slice(w->arena));
    static const struct {
        const char *list;
        const struct glm_object_kind *kind;
    } lists[] = {{"pods", GLM_KIND_POD}, {"events", GLM_KIND_EVENT}};
    for (size_t i = 0; i < 2; i++)
        if (glm_is_map(glm_at(glm_get(r, lists[i].list), 0)))
            all[count++] =
                with_identity(w->arena, with_version(w->arena, glm_at(glm_get(r, lists[i].list), 0),
                                                     lists[i].kind));
    put_all(w, all, count);
    return count;
}

#define OBJECTS_MAX 16

static bool is_one_of(const struct glm_object_kind *kind,
                      const struct glm_object_kind *const *kinds)
{
    for (; kinds && *kinds; kinds++)
        if (*kinds == kind)
            return true;
    return false;
}

/* What the verbs look at at all. kinds: of what Istio's operator makes, ended by NULL; NULL: of all. */
static bool is_walked(const struct glm_object_kind *kind,
                      const struct glm_object_kind *const *kinds)
{
    if (glm_test_is("istio_operator"))
        return !kinds || is_one_of(kind, kinds);
    return kind == glm_test_main_kind() || kind == GLM_KIND_SERVICE;
}

/* state: by what Istio's operator and Kubernetes say; others believe the object. */
static void any_field_may_have_any_shape(const char *recording, const char *state,
                                         const struct glm_object_kind *const *kinds)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    struct world *w = new_world(arena);
    struct live all[OBJECTS_MAX];
    struct walk walk = {.w = w, .all = all, .count = install(w, recording, all)};
    /* As a whole it is what it was recorded as, or what is tried with its parts would say nothing. */
    struct saying s = {.arena = arena, .what = "the whole"};
    glm_diags_init(&s.d, arena);
    struct glm_change now = read_it(w, &s);
    enum glm_state any;
    if (!glm_test_is("istio_operator"))
        state = glm_string_or(
            glm_get_path(glm_test_main_read(arena, all[0].object), "status", "status", NULL), "");
    if (!glm_test_state(state, &any))
        state = "UNKNOWN";
    assert_string_equal(glm_string_or(glm_get_path(now.result, "status", "clusters", "east",
                                                   "installations", "1-24", "state", NULL),
                                      "none"),
                        state);
    for (walk.at = 0; walk.at < walk.count; walk.at++) {
        size_t path[DEEPEST];
        if (is_walked(all[walk.at].ref.kind, kinds))
            each_field(&walk, arena, all[walk.at].object, path, 0, "");
    }
    assert_true(walk.tried > 200);
    w->cluster->ops->destroy(w->cluster);
}

static void any_field_of_a_healthy_gateway_may_have_any_shape(void **state)
{
    (void)state;
    any_field_may_have_any_shape("healthy", "HEALTHY", NULL);
}

static void any_field_of_a_crashing_gateway_may_have_any_shape(void **state)
{
    (void)state;
    static const struct glm_object_kind *const kinds[] = {GLM_KIND_POD, GLM_KIND_EVENT, NULL};
    any_field_may_have_any_shape("crashing", "UNHEALTHY", kinds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_field_of_a_healthy_gateway_may_have_any_shape),
        cmocka_unit_test(any_field_of_a_crashing_gateway_may_have_any_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
