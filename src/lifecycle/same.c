/* SPDX-License-Identifier: Apache-2.0
 *
 * Same: an installer is asked for its objects at plan, before the look and before the first write, because
 * they take more memory than time. What it makes then is believed only if it is each time the same: what the
 * plan has shown, and what was looked at.
 */
#include "parts.h"

#include <string.h>

/* What is not known in the plan is as planned, whatever it is. */
static bool is_as_planned(struct glm_arena *arena, const struct glm_value *planned,
                          const struct wanted_pair *pair, const struct wanted_object *o)
{
    if (o->role == GLM_ROLE_NAMESPACE)
        return true;
    const struct wanted_common *c = o->common;
    bool service = o->role == GLM_ROLE_TRAFFIC;
    const struct glm_value *manifest = service ? shape_service_manifest(planned, c->text, c->key)
                                               : shape_manifest(planned, c->key, c->text);
    const struct glm_value *entries = service
                                          ? shape_service_entries(planned, c->text, pair->cluster)
                                          : shape_entries(planned, c->key, c->text, pair->cluster);
    const struct glm_value *active =
        service ? shape_active(planned, c->text, pair->cluster) : &glm_unknown;
    return (glm_is_unknown(manifest) || shown_text(arena, manifest, c->manifest) == manifest) &&
           (glm_is_unknown(entries) || glm_equal(entries, o->own)) &&
           (glm_is_unknown(active) || glm_string_is(active, c->key));
}

/* True when one of the pair's objects is what the plan shows. */
static bool is_made(const struct wanted_pair *pair, const struct shape_object *shown)
{
    for (size_t i = 0; i < pair->object_count; i++) {
        const struct wanted_object *o = &pair->objects[i];
        if (o->role != GLM_ROLE_NAMESPACE && strcmp(o->common->text, shown->object) == 0 &&
            (o->role == GLM_ROLE_TRAFFIC) == shown->service)
            return true;
    }
    return false;
}

/* All that the plan shows of a pair, and nothing else of it. all: what it shows of the pair's cluster. */
static bool is_pair_as_planned(struct glm_arena *arena, const struct glm_value *planned,
                               const struct wanted_pair *pair, const struct shape_object *all,
                               size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].key, pair->installation->key) == 0 && !is_made(pair, &all[i]))
            return false;
    for (size_t i = 0; i < pair->object_count; i++)
        if (!is_as_planned(arena, planned, pair, &pair->objects[i]))
            return false;
    return true;
}

bool work_as_planned(const struct work *work, struct glm_arena *arena,
                     const struct wanted_seat *rendered, struct glm_diags *d)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    const struct glm_installer_call call = work_call(work, arena, NULL);
    const struct glm_value *planned = work->change->attributes;
    const struct shape_object *all = NULL;
    size_t count = 0;
    bool ok = true;
    for (size_t i = 0; i < rendered->pair_count; i++) {
        const struct wanted_pair *pair = &rendered->pairs[i];
        if (i == 0 || strcmp(pair[-1].cluster, pair->cluster) != 0)
            count = shape_of_cluster(scratch, planned, pair->cluster, &all);
        if (!is_pair_as_planned(scratch, planned, pair, all, count))
            ok = seam_broken(&call, GLM_AT_INSTALLATION(pair->installation->key),
                             "render makes something else of it than what was planned", d);
    }
    return ok;
}

/* ---- what was looked at ---- */

static uint64_t add_number(uint64_t digest, uint64_t number)
{
    digest = (digest ^ number) * 0x9E3779B97F4A7C15U;
    return digest ^ digest >> 32;
}

static uint64_t add_text(uint64_t digest, const char *text, size_t len)
{
    digest = add_number(digest, len);
    for (uint64_t word; len >= sizeof word; text += sizeof word, len -= sizeof word) {
        memcpy(&word, text, sizeof word);
        digest = add_number(digest, word);
    }
    for (; len > 0; len--)
        digest = add_number(digest, (unsigned char)*text++);
    return digest;
}

static uint64_t add_value(uint64_t digest, const struct glm_value *v, unsigned depth)
{
    digest = add_number(digest, v->kind);
    if (depth > GLM_VALUE_DEPTH) /* no value is */
        return digest;
    switch (v->kind) {
    case GLM_BOOL:
        return add_number(digest, v->as.boolean);
    case GLM_NUMBER:
    case GLM_STRING:
        return add_text(digest, v->as.text, v->len);
    case GLM_LIST:
        digest = add_number(digest, v->len);
        for (size_t i = 0; i < v->len; i++)
            digest = add_value(digest, v->as.list[i], depth + 1);
        return digest;
    case GLM_MAP:
        digest = add_number(digest, v->len);
        for (size_t i = 0; i < v->len; i++) {
            const struct glm_pair *pair = &v->as.map[i];
            digest = add_text(digest, pair->key, strlen(pair->key));
            digest = add_value(digest, pair->value, depth + 1);
        }
        return digest;
    case GLM_NULL:
    case GLM_UNKNOWN:
    default:
        return digest;
    }
}

static uint64_t digest_of(size_t pair, const struct wanted_object *o)
{
    const struct glm_object_ref *ref = &o->ref;
    const char *namespace_ = ref->namespace_ ? ref->namespace_ : "",
               *name = ref->name ? ref->name : "";
    uint64_t digest = add_number(0xcbf29ce484222325U, pair);
    digest = add_number(digest, (uint64_t)o->role);
    digest = add_number(digest, (uint64_t)o->main << 1 | o->view);
    digest = add_text(digest, ref->kind->name, strlen(ref->kind->name));
    digest = add_text(digest, namespace_, strlen(namespace_));
    digest = add_text(digest, name, strlen(name));
    return o->bare ? add_value(digest, o->bare, 0) : digest;
}

static const struct wanted_pair *pair_at(const struct wanted_seat *seat, size_t index)
{
    return index < seat->pair_count ? &seat->pairs[index] : &seat->shared;
}

static size_t count_objects(const struct wanted_seat *seat)
{
    size_t count = 0;
    for (size_t i = 0; i <= seat->pair_count; i++)
        count += pair_at(seat, i)->object_count;
    return count;
}

static void note_looked_at(struct work *work, const struct wanted_seat *rendered)
{
    size_t count = count_objects(rendered), n = 0;
    uint64_t *digests = GLM_NEW_ARRAY(work->kept, count, uint64_t);
    for (size_t i = 0; i <= rendered->pair_count; i++)
        for (size_t k = 0; k < pair_at(rendered, i)->object_count; k++)
            digests[n++] = digest_of(i, &pair_at(rendered, i)->objects[k]);
    work->looked_at = digests;
    work->looked_at_count = count;
}

static bool is_another(const struct work *work, struct glm_arena *arena,
                       const struct wanted_pair *pair, const struct wanted_object *o,
                       struct glm_diags *d)
{
    const struct glm_installer_call call = work_call(work, arena, NULL);
    const struct glm_path *all = GLM_AT_ATTR(NULL, "installations");
    return seam_broken(
        &call, pair->installation ? GLM_AT_KEY(all, pair->installation->key) : all,
        glm_sprintf(arena, "render makes something else than what was looked at, from %s on",
                    o ? glm_object_ref_text(arena, &o->ref) : "its last object"),
        d);
}

bool work_as_looked_at(struct work *work, struct glm_arena *arena,
                       const struct wanted_seat *rendered, struct glm_diags *d)
{
    size_t n = 0;
    if (!work->looked_at) {
        note_looked_at(work, rendered);
        return true;
    }
    for (size_t i = 0; i <= rendered->pair_count; i++) {
        const struct wanted_pair *pair = pair_at(rendered, i);
        for (size_t k = 0; k < pair->object_count; k++, n++)
            if (n >= work->looked_at_count || work->looked_at[n] != digest_of(i, &pair->objects[k]))
                return is_another(work, arena, pair, &pair->objects[k], d);
    }
    return n == work->looked_at_count || is_another(work, arena, &rendered->shared, NULL, d);
}
