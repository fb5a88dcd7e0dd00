/* SPDX-License-Identifier: Apache-2.0
 *
 * The tracing installer. See traced_installer.h.
 */
#include "traced_installer.h"

#include "glm/observe.h"
#include "glm/text.h"
#include "test.h"

#include <pthread.h>
#include <string.h>

#define LOG_MAX ((size_t)16 << 20)

const char *const glm_slot_names[GLM_SLOTS] = {
    "seat",    "check",    "render",  "traits",    "loses",   "makes",
    "targets", "judge",    "project", "steps",     "yields",  "inherits",
    "pods",    "namesake", "recall",  "preflight", "give_up", "explain"};

struct traced {
    struct glm_installer row; /* first: whoever has the row finds the rest by it */
    const struct glm_installer *inner;
    pthread_mutex_t lock;
    struct glm_arena *arena;
    struct glm_text log;
    unsigned calls[GLM_SLOTS], fail_at[GLM_SLOTS];
};

static struct traced *of(const struct glm_installer *row)
{
    return (struct traced *)(uintptr_t)row;
}

/* What every call promises; the call as the inner installer is to see it. */
static struct glm_installer_call enter(const struct glm_installer_call *call, enum glm_slot slot,
                                       bool *ret_fails)
{
    struct traced *t = of(call->self);
    bool blocks = slot >= GLM_SLOT_PREFLIGHT;
    if (!call->arena || !call->mesh)
        fail_msg("%s: without an arena or a mesh", glm_slot_names[slot]);
    if (blocks != (call->cluster != NULL))
        fail_msg("%s: %s", glm_slot_names[slot],
                 blocks ? "without a cluster" : "with a cluster, and it must not block");
    if (call->cluster && call->cluster->ops->files)
        fail_msg("%s: asked of files", glm_slot_names[slot]);
    pthread_mutex_lock(&t->lock);
    t->calls[slot]++;
    *ret_fails = t->fail_at[slot] > 0 && --t->fail_at[slot] == 0;
    pthread_mutex_unlock(&t->lock);
    struct glm_installer_call inner = *call;
    inner.self = t->inner;
    return inner;
}

static void note(const struct glm_installer_call *call, enum glm_slot slot, size_t asked,
                 size_t said)
{
    struct traced *t = of(call->self);
    pthread_mutex_lock(&t->lock);
    if (t->log.len < LOG_MAX / 2)
        glm_text_addf(&t->log, "%s %s %zu -> %zu\n", glm_slot_names[slot],
                      call->seat ? call->seat : "-", asked, said);
    pthread_mutex_unlock(&t->lock);
}

static bool injected(enum glm_slot slot, struct glm_diags *d)
{
    return glm_error(d, GLM_AT_ATTR(NULL, "installations"), "The traced installer fails",
                     "Its slot %s was told to.", glm_slot_names[slot]);
}

/* Twice the same words. */
static void same_words(struct glm_arena *arena, enum glm_slot slot, const struct glm_diags *a,
                       const struct glm_diags *b)
{
    const char *first = glm_test_diags_text(arena, a), *second = glm_test_diags_text(arena, b);
    if (strcmp(first, second) != 0)
        fail_msg("%s: two answers: %s%s", glm_slot_names[slot], first, second);
}

/* ---- pure ---- */

static const char *seat(const struct glm_installer_call *call, const char *cluster,
                        struct glm_diags *d)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_SEAT, &fails);
    struct glm_diags again;
    glm_diags_init(&again, call->arena);
    if (fails) {
        injected(GLM_SLOT_SEAT, d);
        return NULL;
    }
    const char *second = inner.self->seat(&inner, cluster, &again);
    const char *first = inner.self->seat(&inner, cluster, d);
    if (!first != !second || (first && strcmp(first, second) != 0))
        fail_msg("seat: two answers");
    note(call, GLM_SLOT_SEAT, 1, first != NULL);
    return first;
}

static bool check(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                  size_t count, bool warn, struct glm_diags *d)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_CHECK, &fails);
    struct glm_diags a, b;
    glm_diags_init(&a, call->arena);
    glm_diags_init(&b, call->arena);
    if (fails)
        return injected(GLM_SLOT_CHECK, d);
    bool second = inner.self->check(&inner, pairs, count, warn, &b);
    bool first = inner.self->check(&inner, pairs, count, warn, &a);
    assert_int_equal(first, second);
    same_words(call->arena, GLM_SLOT_CHECK, &a, &b);
    glm_diags_append(d, NULL, &a);
    note(call, GLM_SLOT_CHECK, count, first);
    return first;
}

static void same_objects(const struct glm_installer_object *a, const struct glm_installer_object *b)
{
    bool same = a->pair == b->pair && a->role == b->role && a->main == b->main &&
                a->view == b->view && a->ref.kind == b->ref.kind && !a->ref.name == !b->ref.name;
    if (!same || (a->ref.name && !glm_object_ref_same(&a->ref, &b->ref)))
        fail_msg("render: two answers");
    glm_assert_value_equal(a->object, b->object);
}

static bool render(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                   size_t count, struct glm_installer_rendering *ret, struct glm_diags *d)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_RENDER, &fails);
    struct glm_installer_rendering other = {
        .pairs = GLM_NEW_ARRAY(call->arena, count, struct glm_installer_shown)};
    struct glm_diags a, b;
    glm_diags_init(&a, call->arena);
    glm_diags_init(&b, call->arena);
    for (size_t i = 0; i < count; i++)
        if (!pairs[i].installation || !pairs[i].installation->revision ||
            !pairs[i].installation->control_plane)
            fail_msg("render: a pair whose revisions are not known");
    if (fails)
        return injected(GLM_SLOT_RENDER, d);
    bool second = inner.self->render(&inner, pairs, count, &other, &b);
    bool first = inner.self->render(&inner, pairs, count, ret, &a);
    assert_int_equal(first, second);
    same_words(call->arena, GLM_SLOT_RENDER, &a, &b);
    glm_diags_append(d, NULL, &a);
    assert_int_equal(first ? ret->count : 0, first ? other.count : 0);
    for (size_t i = 0; first && i < ret->count; i++)
        same_objects(&ret->objects[i], &other.objects[i]);
    note(call, GLM_SLOT_RENDER, count, first ? ret->count : 0);
    return first;
}

static uint64_t traits(const struct glm_installer_call *call, const struct glm_value *description)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_TRAITS, &fails);
    uint64_t bits = fails ? 0 : inner.self->traits(&inner, description);
    note(call, GLM_SLOT_TRAITS, 1, (size_t)bits);
    return bits;
}

static const char *loses(const struct glm_installer_call *call, const struct glm_value *was,
                         uint64_t is, const char **ret_why)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_LOSES, &fails);
    const char *names = fails ? "" : inner.self->loses(&inner, was, is, ret_why);
    note(call, GLM_SLOT_LOSES, 1, names ? strlen(names) : 0);
    return names;
}

static size_t makes(const struct glm_installer_call *call, const struct glm_value *object,
                    const char *const **ret)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_MAKES, &fails);
    size_t count = fails ? 0 : inner.self->makes(&inner, object, ret);
    note(call, GLM_SLOT_MAKES, 1, count);
    return count;
}

static size_t targets(const struct glm_installer_call *call,
                      const struct glm_installer_sight *sight, const struct glm_object_ref **ret)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_TARGETS, &fails);
    size_t count = fails ? 0 : inner.self->targets(&inner, sight, ret);
    note(call, GLM_SLOT_TARGETS, sight->look_count, count);
    return count;
}

static void judge(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                  void *notes, struct glm_installer_judgement *ret)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_JUDGE, &fails);
    for (size_t i = 0; i < sight->look_count; i++)
        if (!sight->looks[i].main || !sight->looks[i].read.object ||
            (sight->looks[i].read.found != GLM_FOUND && !glm_is_null(sight->looks[i].read.object)))
            fail_msg("judge: a look that is none of a main object");
    if (fails)
        *ret = (struct glm_installer_judgement){
            .state = GLM_STATE_UNKNOWN, .message = "The traced installer fails.", .hold_ms = -1};
    else
        inner.self->judge(&inner, sight, notes, ret);
    note(call, GLM_SLOT_JUDGE, sight->look_count, (size_t)ret->state);
}

static const struct glm_value *project(const struct glm_installer_call *call,
                                       const struct glm_value *live, const struct glm_value *owned)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_PROJECT, &fails);
    const struct glm_value *v = fails ? live : inner.self->project(&inner, live, owned);
    note(call, GLM_SLOT_PROJECT, 1, v != NULL);
    return v;
}

static size_t steps(const struct glm_installer_call *call, const struct glm_installer_object *o,
                    const struct glm_value *live, enum glm_installer_write why,
                    const struct glm_installer_step **ret)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_STEPS, &fails);
    size_t count = fails ? 0 : inner.self->steps(&inner, o, live, why, ret);
    note(call, GLM_SLOT_STEPS, (size_t)why, count);
    return count;
}

static void yields(const struct glm_installer_call *call, const struct glm_value *live,
                   struct glm_installer_yield *ret)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_YIELDS, &fails);
    if (!fails)
        inner.self->yields(&inner, live, ret);
    note(call, GLM_SLOT_YIELDS, 1, ret->object != NULL);
}

static enum glm_installer_heir inherits(const struct glm_installer_call *call,
                                        const struct glm_installer_sight *sight,
                                        const struct glm_installer_look *found)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_INHERITS, &fails);
    if (!call->predecessor || found->read.found != GLM_FOUND)
        fail_msg("inherits: asked of what nobody has made");
    enum glm_installer_heir heir =
        fails ? GLM_INSTALLER_NOT : inner.self->inherits(&inner, sight, found);
    note(call, GLM_SLOT_INHERITS, sight->look_count, (size_t)heir);
    return heir;
}

static size_t pods(const struct glm_installer_call *call, const struct glm_value *object,
                   const struct glm_installer_pods **ret)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_PODS, &fails);
    size_t count = fails ? 0 : inner.self->pods(&inner, object, ret);
    note(call, GLM_SLOT_PODS, 1, count);
    return count;
}

static bool namesake(const struct glm_installer_call *call, const struct glm_value *object,
                     const char *name)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_NAMESAKE, &fails);
    bool is = !fails && inner.self->namesake(&inner, object, name);
    note(call, GLM_SLOT_NAMESAKE, 1, is);
    return is;
}

static size_t recall(const struct glm_installer_call *call, const struct glm_value *object,
                     const struct glm_value *traffic, const char *const **ret_clusters,
                     const struct glm_value *const **ret_views)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_RECALL, &fails);
    size_t count = fails ? 0 : inner.self->recall(&inner, object, traffic, ret_clusters, ret_views);
    note(call, GLM_SLOT_RECALL, 1, count);
    return count;
}

/* ---- what may block ---- */

static bool preflight(const struct glm_installer_call *call,
                      const struct glm_installer_sight *sights, size_t count, void *const *notes,
                      struct glm_installer_verdict *ret, struct glm_diags *d)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_PREFLIGHT, &fails);
    bool ok = fails ? injected(GLM_SLOT_PREFLIGHT, d)
                    : inner.self->preflight(&inner, sights, count, notes, ret, d);
    note(call, GLM_SLOT_PREFLIGHT, count, ok);
    return ok;
}

static bool give_up(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                    void *notes)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_GIVE_UP, &fails);
    bool is = fails || inner.self->give_up(&inner, sight, notes);
    note(call, GLM_SLOT_GIVE_UP, 1, is);
    return is;
}

static const char *explain(const struct glm_installer_call *call,
                           const struct glm_installer_sight *sight,
                           const struct glm_installer_judgement *judgement, const void *notes,
                           int64_t held_ms)
{
    bool fails;
    const struct glm_installer_call inner = enter(call, GLM_SLOT_EXPLAIN, &fails);
    const char *lines = fails ? "" : inner.self->explain(&inner, sight, judgement, notes, held_ms);
    note(call, GLM_SLOT_EXPLAIN, 1, lines ? strlen(lines) : 0);
    return lines;
}

/* ---- what tests ask ---- */

#define WRAP(slot) t->row.slot = inner->slot ? slot : NULL

const struct glm_installer *glm_traced_create(const struct glm_installer *inner)
{
    struct glm_arena *arena = glm_arena_create((size_t)1 << 30);
    struct traced *t = GLM_NEW(arena, struct traced);
    t->row = *inner;
    t->inner = inner;
    t->arena = arena;
    pthread_mutex_init(&t->lock, NULL);
    glm_text_init(&t->log, arena, LOG_MAX);
    WRAP(seat);
    WRAP(check);
    WRAP(render);
    WRAP(traits);
    WRAP(loses);
    WRAP(makes);
    WRAP(targets);
    WRAP(judge);
    WRAP(project);
    WRAP(steps);
    WRAP(yields);
    WRAP(inherits);
    WRAP(pods);
    WRAP(namesake);
    WRAP(recall);
    WRAP(preflight);
    WRAP(give_up);
    WRAP(explain);
    return &t->row;
}

void glm_traced_reset(const struct glm_installer *traced)
{
    struct traced *t = of(traced);
    pthread_mutex_lock(&t->lock);
    memset(t->calls, 0, sizeof t->calls);
    memset(t->fail_at, 0, sizeof t->fail_at);
    glm_text_init(&t->log, t->arena, LOG_MAX);
    pthread_mutex_unlock(&t->lock);
}

unsigned glm_traced_calls(const struct glm_installer *traced, enum glm_slot slot)
{
    return of(traced)->calls[slot];
}

const char *glm_traced_log(struct glm_arena *arena, const struct glm_installer *traced)
{
    return glm_strdup(arena, of(traced)->log.data ? of(traced)->log.data : "");
}

void glm_traced_fail(const struct glm_installer *traced, enum glm_slot slot, unsigned nth)
{
    of(traced)->fail_at[slot] = nth;
}
