/* SPDX-License-Identifier: Apache-2.0
 *
 * The tests' own installers. See test_installer.h.
 */
#include "test_installer.h"

#include "fake_cluster.h"
#include "glm/codec.h"
#include "glm/installer_operator.h"
#include "test.h"
#include "traced_installer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* As that of IstioOperators: a usual list has all of them, whoever made them. */
const struct glm_object_kind glm_test_config_map = {.api_version = "v1",
                                                    .name = "ConfigMap",
                                                    .plural = "configmaps",
                                                    .namespaced = true,
                                                    .order = 2,
                                                    .many = true,
                                                    .absent = "nobody serves it here."};

bool glm_test_state(const char *name, enum glm_state *ret_state)
{
    for (int i = 0; i < GLM_STATES; i++)
        if (strcmp(glm_state_name((enum glm_state)i), name) == 0) {
            *ret_state = (enum glm_state)i;
            return true;
        }
    return false;
}

/* ---- an IstioOperator in a ConfigMap ---- */

const struct glm_value *glm_test_config_map_of(struct glm_arena *arena,
                                               const struct glm_value *istio_operator)
{
    struct glm_map_builder b, data;
    const struct glm_value *spec = glm_get(istio_operator, "spec");
    const struct glm_value *state = glm_get_path(istio_operator, "status", "status", NULL);
    glm_map_init(&data, arena);
    if (glm_is_map(spec))
        glm_map_set(&data, "spec",
                    glm_is_wholly_known(spec) ? glm_string(arena, glm_json_text(arena, spec))
                                              : &glm_unknown);
    if (glm_is_string(state))
        glm_map_set(&data, "state", state);
    glm_map_init(&b, arena);
    glm_map_set(&b, "apiVersion", glm_string(arena, glm_test_config_map.api_version));
    glm_map_set(&b, "kind", glm_string(arena, glm_test_config_map.name));
    glm_map_set(&b, "metadata", glm_get(istio_operator, "metadata"));
    glm_map_set(&b, "data", glm_map_finish(&data, NULL));
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *unwrapped(struct glm_arena *arena,
                                         const struct glm_value *config_map)
{
    struct glm_map_builder b;
    struct glm_diags ignored;
    const struct glm_value *text = glm_get_path(config_map, "data", "spec", NULL);
    const struct glm_value *state = glm_get_path(config_map, "data", "state", NULL);
    const struct glm_value *spec;
    if (!glm_is_map(config_map))
        return &glm_null;
    glm_diags_init(&ignored, arena);
    glm_map_init(&b, arena);
    glm_map_set(&b, "apiVersion", glm_string(arena, GLM_KIND_ISTIO_OPERATOR->api_version));
    glm_map_set(&b, "kind", glm_string(arena, GLM_KIND_ISTIO_OPERATOR->name));
    glm_map_set(&b, "metadata", glm_get(config_map, "metadata"));
    if (glm_is_string(text) &&
        glm_json_decode(arena, text->as.text, text->len, "spec", NULL, &spec, &ignored))
        glm_map_set(&b, "spec", spec);
    if (glm_is_string(state))
        glm_map_set(&b, "status", glm_with(arena, &glm_empty_map, "status", state));
    return glm_map_finish(&b, NULL);
}

/* ---- the slots: what Istio's operator's installer says of the IstioOperator ---- */

static struct glm_installer_call inner(const struct glm_installer_call *call)
{
    struct glm_installer_call c = *call;
    c.self = &glm_installer_operator;
    return c;
}

static bool render(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                   size_t count, struct glm_installer_rendering *ret, struct glm_diags *d)
{
    const struct glm_installer_call c = inner(call);
    if (!c.self->render(&c, pairs, count, ret, d))
        return false;
    struct glm_installer_object *all =
        GLM_NEW_ARRAY(call->arena, ret->count, struct glm_installer_object);
    for (size_t i = 0; i < ret->count; i++) {
        all[i] = ret->objects[i];
        if (!all[i].main)
            continue;
        all[i].ref.kind = &glm_test_config_map;
        if (glm_is_map(all[i].object))
            all[i].object = glm_test_config_map_of(call->arena, all[i].object);
    }
    ret->objects = all;
    return true;
}

static uint64_t traits(const struct glm_installer_call *call, const struct glm_value *description)
{
    const struct glm_installer_call c = inner(call);
    return c.self->traits(&c, unwrapped(call->arena, description));
}

static const char *loses(const struct glm_installer_call *call, const struct glm_value *was,
                         uint64_t is, const char **ret_why)
{
    const struct glm_installer_call c = inner(call);
    return c.self->loses(&c, unwrapped(call->arena, was), is, ret_why);
}

static size_t makes(const struct glm_installer_call *call, const struct glm_value *object,
                    const char *const **ret)
{
    const struct glm_installer_call c = inner(call);
    return c.self->makes(&c, unwrapped(call->arena, object), ret);
}

static size_t pods(const struct glm_installer_call *call, const struct glm_value *object,
                   const struct glm_installer_pods **ret)
{
    const struct glm_installer_call c = inner(call);
    return c.self->pods(&c, unwrapped(call->arena, object), ret);
}

static bool namesake(const struct glm_installer_call *call, const struct glm_value *object,
                     const char *name)
{
    const struct glm_installer_call c = inner(call);
    return c.self->namesake(&c, unwrapped(call->arena, object), name);
}

static size_t recall(const struct glm_installer_call *call, const struct glm_value *object,
                     const struct glm_value *traffic, const char *const **ret_clusters,
                     const struct glm_value *const **ret_views)
{
    const struct glm_installer_call c = inner(call);
    return c.self->recall(&c, unwrapped(call->arena, object), traffic, ret_clusters, ret_views);
}

/* By data.state, which somebody else puts there. */
static void judge(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                  void *notes, struct glm_installer_judgement *ret)
{
    (void)call;
    (void)notes;
    const struct glm_installer_look *main = sight->look_count > 0 ? &sight->looks[0] : NULL;
    const struct glm_value *state =
        main ? glm_get_path(main->read.object, "data", "state", NULL) : &glm_null;
    *ret = (struct glm_installer_judgement){
        .state = GLM_STATE_PENDING, .message = "Nobody has taken it up yet.", .hold_ms = -1};
    if (!main || main->read.found != GLM_FOUND) {
        ret->state = sight->wanted ? GLM_STATE_INSTALL_PENDING : GLM_STATE_UNINSTALLED_GATEWAY;
        ret->message = "It is not there.";
        ret->settled = !sight->wanted;
    } else if (!sight->wanted) {
        ret->state = GLM_STATE_UNINSTALLING_GATEWAY;
        ret->message = "It is still there.";
    } else if (glm_is_string(state)) {
        ret->message = "As data.state says.";
        if (!glm_test_state(state->as.text, &ret->state))
            ret->state = GLM_STATE_UNKNOWN;
        ret->quiet = ret->state == GLM_STATE_HEALTHY;
        ret->settled = ret->state == GLM_STATE_HEALTHY || ret->state == GLM_STATE_FAILED ||
                       ret->state == GLM_STATE_ACTION_REQUIRED;
    }
    if (ret->settled)
        ret->hold_ms = ret->state == GLM_STATE_HEALTHY ? 0 : GLM_INSTALLER_GRACE_MS;
}

static const struct glm_installer_kind kinds[] = {
    {.kind = &glm_test_config_map, .role = GLM_ROLE_WORKLOAD, .find = true, .main = true},
    {.kind = GLM_KIND_SERVICE, .role = GLM_ROLE_TRAFFIC},
    {.kind = NULL}};
static const struct glm_object_kind *const followed[] = {&glm_test_config_map, NULL};
static const char *const forms[] = {"istio_operator_spec", NULL};

const struct glm_installer glm_test_installer_config_map = {
    .name = "config_map",
    .what = "ConfigMaps and Services",
    .kinds = kinds,
    .followed = followed,
    .forms = forms,
    .rivals = followed,
    .rival_why = "Two of them overwrite each other's gateway.",
    .revision_label = "revision",
    .render = render,
    .traits = traits,
    .loses = loses,
    .makes = makes,
    .judge = judge,
    .pods = pods,
    .namesake = namesake,
    .recall = recall,
};

/* ---- the same, all of it in the first entry ---- */

static const char *first_entry(const struct glm_installer_call *call, const char *cluster,
                               struct glm_diags *d)
{
    (void)d;
    return call->mesh->cluster_count > 0 ? call->mesh->clusters[0].name : cluster;
}

/* "ingress-1-24-west": no two clusters' objects are one. */
static const struct glm_value *renamed(struct glm_arena *arena, const struct glm_value *object,
                                       const char *cluster)
{
    const struct glm_value *name = glm_get_path(object, "metadata", "name", NULL);
    return glm_is_string(name)
               ? glm_with_path(arena, object, glm_stringf(arena, "%s-%s", name->as.text, cluster),
                               "metadata", "name", NULL)
               : object;
}

static bool render_elsewhere(const struct glm_installer_call *call,
                             const struct glm_installer_pair *pairs, size_t count,
                             struct glm_installer_rendering *ret, struct glm_diags *d)
{
    if (!render(call, pairs, count, ret, d))
        return false;
    struct glm_installer_object *all =
        GLM_NEW_ARRAY(call->arena, ret->count, struct glm_installer_object);
    for (size_t i = 0; i < ret->count; i++) {
        struct glm_installer_object *o = &all[i];
        *o = ret->objects[i];
        const char *cluster = pairs[o->pair].cluster;
        if (o->role == GLM_ROLE_NAMESPACE || !cluster || strcmp(cluster, call->seat) == 0)
            continue;
        o->object = renamed(call->arena, o->object, cluster);
        glm_object_ref_as(o->object, o->ref.kind, &o->ref);
    }
    ret->objects = all;
    return true;
}

const struct glm_installer glm_test_installer_elsewhere = {
    .name = "elsewhere",
    .what = "ConfigMaps and Services of other clusters",
    .kinds = kinds,
    .followed = followed,
    .forms = forms,
    .rivals = followed,
    .rival_why = "Two of them overwrite each other's gateway.",
    .revision_label = "revision",
    .seat = first_entry,
    .render = render_elsewhere,
    .makes = makes,
    .judge = judge,
    .namesake = namesake,
    .recall = recall,
};

/* ---- which one the tests run with ---- */

#define MOST 3
static const struct glm_installer *const product[] = {&glm_installer_operator, NULL};
static const struct glm_installer *const own[] = {&glm_test_installer_config_map, NULL};
static const struct glm_installer *const other[] = {&glm_test_installer_elsewhere, NULL};
static const struct glm_installer *traced[MOST + 1];
static const struct glm_installer *const *chosen;

static void choose(void)
{
    const char *name = getenv("GLM_TEST_INSTALLER");
    const char *trace = getenv("GLM_TEST_TRACE");
    chosen = name && strcmp(name, own[0]->name) == 0     ? own
             : name && strcmp(name, other[0]->name) == 0 ? other
                                                         : product;
    if (name && strcmp(name, chosen[0]->name) != 0)
        fail_msg("GLM_TEST_INSTALLER=%s: there is no such installer", name);
    if (!trace || strcmp(trace, "1") != 0)
        return;
    for (size_t i = 0; i < MOST && chosen[i]; i++)
        traced[i] = glm_traced_create(chosen[i]);
    chosen = traced;
}

const struct glm_installer *const *glm_test_installers(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, choose);
    return chosen;
}

bool glm_test_is(const char *installer)
{
    return strcmp(glm_test_installers()[0]->name, installer) == 0;
}

const struct glm_object_kind *glm_test_main_kind(void)
{
    return glm_test_is("istio_operator") ? GLM_KIND_ISTIO_OPERATOR : &glm_test_config_map;
}

const struct glm_value *glm_test_main(struct glm_arena *arena,
                                      const struct glm_value *istio_operator)
{
    return glm_test_is("istio_operator") ? istio_operator
                                         : glm_test_config_map_of(arena, istio_operator);
}

const struct glm_value *glm_test_main_read(struct glm_arena *arena, const struct glm_value *main)
{
    return glm_test_is("istio_operator") ? main : unwrapped(arena, main);
}

void glm_test_main_put(struct glm_arena *arena, struct glm_cluster *cluster,
                       const struct glm_value *istio_operator)
{
    glm_fake_put_as(cluster, glm_test_main_kind(), glm_test_main(arena, istio_operator));
}

const struct glm_value *glm_test_main_get(struct glm_arena *arena, struct glm_cluster *cluster,
                                          const char *ns, const char *name)
{
    return glm_test_main_read(arena, glm_fake_get(cluster, glm_test_main_kind(), ns, name));
}
