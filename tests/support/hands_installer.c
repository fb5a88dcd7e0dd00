/* SPDX-License-Identifier: Apache-2.0
 *
 * Installers that change hands. See hands_installer.h.
 */
#include "hands_installer.h"

#include "fake_cluster.h"
#include "glm/codec.h"
#include "glm/installer_operator.h"
#include "glm/observe.h"
#include "glm/text.h"
#include "test_installer.h"

#include <string.h>

#define KEEP_AWAY "actor.example/keep-away"
#define FINALIZER "actor.example/cleanup"
#define MADE_FOR "made-for"

const struct glm_object_kind glm_test_account = {.api_version = "v1",
                                                 .name = "Account",
                                                 .plural = "accounts",
                                                 .namespaced = true,
                                                 .order = 4,
                                                 .many = true,
                                                 .label = "app.kubernetes.io/managed-by",
                                                 .value = "terraform-provider-glm"};
const struct glm_object_kind glm_test_worker = {.api_version = "v1",
                                                .name = "Worker",
                                                .plural = "workers",
                                                .namespaced = true,
                                                .order = 5,
                                                .many = true,
                                                .label = "app.kubernetes.io/managed-by",
                                                .value = "terraform-provider-glm"};

static const struct glm_value *metadata_of(const struct glm_value *object, const char *key)
{
    return glm_get_path(object, "metadata", key, NULL);
}

/* ---- what both of them make ---- */

static const struct glm_value *made(struct glm_arena *arena, const struct glm_object_kind *kind,
                                    const struct glm_value *config_map)
{
    static const char *const same[] = {"name", "namespace"};
    struct glm_map_builder b, metadata;
    glm_map_init(&metadata, arena);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        glm_map_set(&metadata, same[i], metadata_of(config_map, same[i]));
    glm_map_init(&b, arena);
    glm_map_set(&b, "apiVersion", glm_string(arena, kind->api_version));
    glm_map_set(&b, "kind", glm_string(arena, kind->name));
    glm_map_set(&b, "metadata", glm_map_finish(&metadata, NULL));
    glm_map_set(&b, "spec",
                glm_with(arena, &glm_empty_map, "text",
                         kind == &glm_test_worker ? glm_get_path(config_map, "data", "spec", NULL)
                                                  : glm_string(arena, "an account")));
    return glm_map_finish(&b, NULL);
}

static bool render_asks(const struct glm_installer_call *call,
                        const struct glm_installer_pair *pairs, size_t count,
                        struct glm_installer_rendering *ret, struct glm_diags *d)
{
    return glm_test_installer_config_map.render(call, pairs, count, ret, d);
}

static bool render_does(const struct glm_installer_call *call,
                        const struct glm_installer_pair *pairs, size_t count,
                        struct glm_installer_rendering *ret, struct glm_diags *d)
{
    if (!render_asks(call, pairs, count, ret, d))
        return false;
    struct glm_installer_object *all =
        GLM_NEW_ARRAY(call->arena, ret->count * 2, struct glm_installer_object);
    size_t n = 0;
    for (size_t i = 0; i < ret->count; i++) {
        struct glm_installer_object o = ret->objects[i];
        if (!o.main) {
            all[n++] = o;
            continue;
        }
        struct glm_installer_object account = o;
        account.role = GLM_ROLE_ACCESS;
        account.main = false;
        o.view =
            false; /* the account carries it: a worker's annotations would cost it a generation */
        account.ref.kind = &glm_test_account;
        o.ref.kind = &glm_test_worker;
        if (glm_is_map(o.object)) {
            account.object = made(call->arena, &glm_test_account, o.object);
            o.object = made(call->arena, &glm_test_worker, o.object);
        }
        all[n++] = account;
        all[n++] = o;
    }
    ret->objects = all;
    ret->count = n;
    return true;
}

/* ---- states ---- */

static void judge(const struct glm_installer_sight *sight, bool healthy,
                  struct glm_installer_judgement *ret)
{
    bool there = sight->look_count > 0 && sight->looks[0].read.found == GLM_FOUND;
    *ret = (struct glm_installer_judgement){
        .state = GLM_STATE_PENDING, .message = "Nobody has acted on it.", .hold_ms = -1};
    if (!there) {
        ret->state = sight->wanted ? GLM_STATE_INSTALL_PENDING : GLM_STATE_UNINSTALLED_GATEWAY;
        ret->message = "It is not there.";
    } else if (healthy) {
        *ret = (struct glm_installer_judgement){
            .state = GLM_STATE_HEALTHY, .message = "It is there.", .quiet = true, .settled = true};
    }
}

static void judge_asks(const struct glm_installer_call *call,
                       const struct glm_installer_sight *sight, void *notes,
                       struct glm_installer_judgement *ret)
{
    (void)call;
    (void)notes;
    const struct glm_value *o = sight->look_count > 0 ? sight->looks[0].read.object : &glm_null;
    judge(sight, glm_equal(glm_get_path(o, "status", "of", NULL), metadata_of(o, "generation")),
          ret);
}

static void judge_does(const struct glm_installer_call *call,
                       const struct glm_installer_sight *sight, void *notes,
                       struct glm_installer_judgement *ret)
{
    (void)call;
    (void)notes;
    judge(sight, true, ret);
}

/* ---- hands ---- */

static bool has_manager(const struct glm_value *object, const char *manager)
{
    const struct glm_value *all = metadata_of(object, "managedFields");
    for (size_t i = 0; glm_is_list(all) && i < all->len; i++)
        if (glm_string_is(glm_get(all->as.list[i], "manager"), manager))
            return true;
    return false;
}

static const struct glm_value *bare(struct glm_arena *arena, const struct glm_value *object)
{
    static const char *const same[] = {"name", "namespace"};
    struct glm_map_builder b, metadata;
    glm_map_init(&metadata, arena);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        glm_map_set(&metadata, same[i], metadata_of(object, same[i]));
    glm_map_init(&b, arena);
    glm_map_set(&b, "apiVersion", glm_get(object, "apiVersion"));
    glm_map_set(&b, "kind", glm_get(object, "kind"));
    glm_map_set(&b, "metadata", glm_map_finish(&metadata, NULL));
    return glm_map_finish(&b, NULL);
}

static void yields_asks(const struct glm_installer_call *call, const struct glm_value *live,
                        struct glm_installer_yield *ret)
{
    if (glm_has(glm_get(live, "status"), "busy"))
        ret->busy = "the actor is at work";
    ret->object =
        glm_with_path(call->arena, bare(call->arena, live), glm_string(call->arena, "true"),
                      "metadata", "annotations", KEEP_AWAY, NULL);
    ret->finalizer = FINALIZER;
}

static void yields_does(const struct glm_installer_call *call, const struct glm_value *live,
                        struct glm_installer_yield *ret)
{
    (void)call;
    (void)live;
    (void)ret;
}

static const struct glm_value *made_for(const struct glm_value *object)
{
    return glm_get_path(object, "metadata", "labels", MADE_FOR, NULL);
}

static enum glm_installer_heir inherits_does(const struct glm_installer_call *call,
                                             const struct glm_installer_sight *sight,
                                             const struct glm_installer_look *found)
{
    (void)call;
    for (size_t i = 0; i < sight->look_count; i++)
        if (glm_string_is(made_for(found->read.object), sight->looks[i].ref.name))
            return GLM_INSTALLER_TAKES;
    return GLM_INSTALLER_NOT;
}

static enum glm_installer_heir inherits_asks(const struct glm_installer_call *call,
                                             const struct glm_installer_sight *sight,
                                             const struct glm_installer_look *found)
{
    (void)call;
    (void)sight;
    if (found->ref.kind == &glm_test_config_map)
        return GLM_INSTALLER_NOT;
    return glm_string_is(made_for(found->read.object), found->ref.name) &&
                   has_manager(found->read.object, GLM_TEST_ACTOR)
               ? GLM_INSTALLER_TAKES
               : GLM_INSTALLER_WAIT;
}

/* What the actor does not remember. */
static size_t steps_asks(const struct glm_installer_call *call,
                         const struct glm_installer_object *o, const struct glm_value *live,
                         enum glm_installer_write why, const struct glm_installer_step **ret)
{
    (void)why;
    const char *version = glm_string_or(metadata_of(live, "resourceVersion"), "0");
    if (!o->main || !call->predecessor)
        return 0;
    struct glm_installer_step *step = GLM_NEW(call->arena, struct glm_installer_step);
    *step = (struct glm_installer_step){.when = GLM_INSTALLER_INSTEAD,
                                        .object = glm_with_path(call->arena, o->object,
                                                                glm_string(call->arena, version),
                                                                "data", "once", NULL)};
    *ret = step;
    return 1;
}

static size_t steps_does(const struct glm_installer_call *call,
                         const struct glm_installer_object *o, const struct glm_value *live,
                         enum glm_installer_write why, const struct glm_installer_step **ret)
{
    (void)why;
    if (!has_manager(live, GLM_TEST_ACTOR))
        return 0;
    struct glm_installer_step *steps = GLM_NEW_ARRAY(call->arena, 2, struct glm_installer_step);
    steps[0] = (struct glm_installer_step){.when = GLM_INSTALLER_BEFORE,
                                           .object = o->object,
                                           .manager = GLM_TEST_ACTOR,
                                           .force = true};
    steps[1] = (struct glm_installer_step){.when = GLM_INSTALLER_AFTER,
                                           .object = bare(call->arena, live),
                                           .manager = GLM_TEST_ACTOR,
                                           .bare = true};
    *ret = steps;
    return 2;
}

static const struct glm_installer_kind kinds_asks[] = {
    {.kind = &glm_test_config_map, .role = GLM_ROLE_WORKLOAD, .find = true, .main = true},
    {.kind = GLM_KIND_SERVICE, .role = GLM_ROLE_TRAFFIC},
    {.kind = NULL}};
static const struct glm_installer_kind kinds_does[] = {
    {.kind = &glm_test_account, .role = GLM_ROLE_ACCESS},
    {.kind = &glm_test_worker, .role = GLM_ROLE_WORKLOAD, .find = true, .main = true},
    {.kind = GLM_KIND_SERVICE, .role = GLM_ROLE_TRAFFIC},
    {.kind = NULL}};
static const struct glm_object_kind *const followed_asks[] = {&glm_test_config_map, NULL};
static const struct glm_object_kind *const followed_does[] = {&glm_test_worker, NULL};
static const char *const forms[] = {"istio_operator_spec", NULL};

const struct glm_installer glm_test_installer_asks = {
    .name = "asks",
    .what = "ConfigMaps and Services",
    .kinds = kinds_asks,
    .followed = followed_asks,
    .forms = forms,
    .inherited = "The actor takes it up.",
    .render = render_asks,
    .judge = judge_asks,
    .steps = steps_asks,
    .yields = yields_asks,
    .inherits = inherits_asks,
};
const struct glm_installer glm_test_installer_does = {
    .name = "does",
    .what = "Accounts, Workers and Services",
    .kinds = kinds_does,
    .followed = followed_does,
    .forms = forms,
    .inherited = "Nothing is made anew.",
    .rehearse = true,
    .render = render_does,
    .judge = judge_does,
    .steps = steps_does,
    .yields = yields_does,
    .inherits = inherits_does,
};

/* ---- the actor ---- */

void glm_test_actor_begin(struct glm_test_actor *actor, struct glm_arena *arena,
                          struct glm_cluster *cluster)
{
    *actor = (struct glm_test_actor){.cluster = cluster, .arena = arena};
    glm_map_init(&actor->remembered, arena);
}

static void make(struct glm_test_actor *actor, const struct glm_object_kind *kind,
                 const struct glm_value *config_map)
{
    struct glm_arena *a = actor->arena;
    const char *name = metadata_of(config_map, "name")->as.text;
    const char *key = glm_sprintf(a, "%s %s", kind->name, name);
    const struct glm_value *object = glm_with_path(
        a, made(a, kind, config_map), glm_string(a, name), "metadata", "labels", MADE_FOR, NULL);
    const struct glm_value *once = glm_get_path(config_map, "data", "once", NULL);
    if (glm_is_string(once))
        object = glm_with_path(a, object, once, "metadata", "labels", "once", NULL);
    const struct glm_value *live =
        actor->heedful
            ? glm_fake_get(actor->cluster, kind, metadata_of(object, "namespace")->as.text, name)
            : object;
    if (glm_equal(glm_map_peek(&actor->remembered, key), object) &&
        glm_equal(glm_project(a, live, object), object))
        return;
    glm_fake_apply_as(actor->cluster, kind, object, GLM_TEST_ACTOR);
    glm_map_set(&actor->remembered, key, object);
    actor->applied++;
}

static void clean_up(struct glm_test_actor *actor, const struct glm_object_kind *kind,
                     const char *ns, const char *name)
{
    const struct glm_value *object = glm_fake_get(actor->cluster, kind, ns, name);
    if (glm_string_is(made_for(object), name))
        glm_fake_delete(actor->cluster, kind, ns, name);
    glm_map_remove(&actor->remembered, glm_sprintf(actor->arena, "%s %s", kind->name, name));
}

static void act_on(struct glm_test_actor *actor, const struct glm_value *config_map)
{
    struct glm_arena *a = actor->arena;
    const char *ns = metadata_of(config_map, "namespace")->as.text;
    const char *name = metadata_of(config_map, "name")->as.text;
    const struct glm_value *generation = metadata_of(config_map, "generation");
    if (glm_string_is(glm_get_path(config_map, "metadata", "annotations", KEEP_AWAY, NULL), "true"))
        return;
    if (!glm_is_null(metadata_of(config_map, "deletionTimestamp"))) {
        clean_up(actor, &glm_test_worker, ns, name);
        clean_up(actor, &glm_test_account, ns, name);
        glm_fake_delete(actor->cluster, &glm_test_config_map, ns, name);
        return;
    }
    /* It acts on a new generation, and on nothing else. */
    if (glm_equal(glm_get_path(config_map, "status", "of", NULL), generation) && !actor->heedful)
        return;
    make(actor, &glm_test_account, config_map);
    make(actor, &glm_test_worker, config_map);
    struct glm_list_builder finalizers;
    glm_list_init(&finalizers, a);
    glm_list_add(&finalizers, glm_string(a, FINALIZER));
    config_map =
        glm_with_path(a, config_map, glm_list_finish(&finalizers), "metadata", "finalizers", NULL);
    config_map = glm_with_path(a, config_map, generation, "status", "of", NULL);
    if (actor->busy)
        config_map = glm_with_path(a, config_map, &glm_true, "status", "busy", NULL);
    glm_fake_put_as(actor->cluster, &glm_test_config_map, config_map);
}

void glm_test_actor_act(void *context)
{
    struct glm_test_actor *actor = context;
    struct glm_read read;
    struct glm_diags ignored;
    glm_diags_init(&ignored, actor->arena);
    if (!actor->cluster->ops->list(actor->cluster, actor->arena, &glm_test_config_map, NULL, &read,
                                   &ignored))
        return;
    for (size_t i = 0; i < read.object->len; i++)
        act_on(actor, read.object->as.list[i]);
}
