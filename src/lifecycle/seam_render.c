/* SPDX-License-Identifier: Apache-2.0
 *
 * The slot render: what it gives is held against installer.h, object by object, before anything is shown or
 * written of it.
 */
#include "record.h"
#include "seam.h"

#include "glm/shown.h"

#include <string.h>

#define OBJECTS_MAX 4096 /* of a pair, on the average */

struct rendered {
    const struct glm_installer_call *call;
    const struct glm_installer_pair *pairs;
    size_t count;
    bool whole;
    const struct glm_installer_rendering *r;
    struct glm_diags *d;
};

/* An error at the installation of a pair; of none, at all of them. */
static bool breaks(const struct rendered *h, size_t pair, const char *what)
{
    const struct glm_path *all = GLM_AT_ATTR(NULL, "installations");
    const struct glm_installation *in = pair < h->count ? h->pairs[pair].installation : NULL;
    what = glm_sprintf(h->call->arena, "render %s", what);
    return seam_broken(h->call, in ? GLM_AT_KEY(all, in->key) : all, what, h->d);
}

static bool is_its_kind(const struct rendered *h, const struct glm_installer_object *o)
{
    const struct glm_installer_kind *k = h->call->self->kinds;
    if (o->role == GLM_ROLE_NAMESPACE)
        return o->ref.kind == GLM_KIND_NAMESPACE;
    if (o->role == GLM_ROLE_TRAFFIC && o->ref.kind != GLM_KIND_SERVICE)
        return false;
    while (k->kind && k->kind != o->ref.kind)
        k++;
    return k->kind != NULL;
}

/* What is wrong with an object, a part of a sentence about it; NULL: nothing is. */
static const char *object_fault(const struct rendered *h, const struct glm_installer_object *o)
{
    if (o->pair >= h->count && o->pair != GLM_PAIR_ALL)
        return "for a pair that there is not";
    if ((unsigned)o->role >= GLM_ROLES)
        return "with a role that there is not";
    if (!o->ref.kind || !is_its_kind(h, o))
        return "of a kind that is none of its own, or not of that role";
    if (!o->object)
        return "that is nothing";
    bool known = glm_is_wholly_known(o->object);
    if (h->whole && !known)
        return "that is not known, when it is to be written";
    if (known && !(o->ref.name && glm_object_is(o->object, &o->ref)))
        return "that is not what its reference names";
    if (known && !record_is_ref(&o->ref))
        return "under a name that no object can have";
    const char *foreign = known ? glm_object_not_its_own(o->object) : NULL;
    if (foreign)
        return glm_sprintf(h->call->arena, "that has %s, which is not its business", foreign);
    if (o->role == GLM_ROLE_NAMESPACE && (o->main || o->view || o->pair == GLM_PAIR_ALL))
        return "that is a Namespace and more than that";
    if (o->pair == GLM_PAIR_ALL && (o->view || o->role == GLM_ROLE_TRAFFIC))
        return "for all pairs that can be only for one (view, traffic)";
    return NULL;
}

static const char *text_of(const struct rendered *h, const struct glm_installer_object *o)
{
    return o->ref.kind && o->ref.name ? glm_object_ref_text(h->call->arena, &o->ref)
                                      : "one without a name";
}

static bool check_object(const struct rendered *h, const struct glm_installer_object *o)
{
    const char *fault = object_fault(h, o);
    return !fault ||
           breaks(h, o->pair,
                  glm_sprintf(h->call->arena, "gave an object %s (%s)", fault, text_of(h, o)));
}

/* Two pairs may want the same Namespace, and nothing else. */
static bool check_twice(const struct rendered *h)
{
    struct glm_map_builder seen;
    glm_map_init(&seen, h->call->arena);
    glm_map_reserve(&seen, h->r->count);
    for (size_t i = 0; i < h->r->count; i++) {
        const struct glm_installer_object *o = &h->r->objects[i];
        if (o->role == GLM_ROLE_NAMESPACE || !o->ref.name)
            continue;
        const char *text = glm_object_ref_text(h->call->arena, &o->ref);
        if (!glm_is_null(glm_map_peek(&seen, text)))
            return breaks(h, o->pair, glm_sprintf(h->call->arena, "gave %s twice", text));
        glm_map_set(&seen, text, &glm_true);
    }
    return true;
}

/* True when something of a pair is not known: what stands for it may be missing. */
static bool is_unknown(const struct rendered *h, size_t pair)
{
    for (size_t i = 0; i < h->r->count; i++)
        if ((h->r->objects[i].pair == pair || h->r->objects[i].pair == GLM_PAIR_ALL) &&
            !glm_is_wholly_known(h->r->objects[i].object))
            return true;
    return false;
}

/* Something stands for each pair. */
static bool check_pairs(const struct rendered *h)
{
    bool *has_main = GLM_NEW_ARRAY(h->call->arena, h->count, bool), shared = false, ok = true;
    for (size_t i = 0; i < h->r->count; i++) {
        const struct glm_installer_object *o = &h->r->objects[i];
        if (o->pair == GLM_PAIR_ALL)
            shared = shared || o->main;
        else if (o->main)
            has_main[o->pair] = true;
    }
    for (size_t i = 0; i < h->count; i++)
        if (!has_main[i] && !shared && (h->whole || !is_unknown(h, i)))
            ok = breaks(h, i, "gave a pair nothing that stands for it (main)");
    return ok;
}

static bool check_all(const struct rendered *h)
{
    if (h->r->count > 0 && !h->r->objects)
        return breaks(h, h->count, "gave no objects and a number of them");
    if (h->r->count / OBJECTS_MAX > h->count)
        return breaks(h, h->count, "gave more objects than anybody needs");
    bool ok = true;
    for (size_t i = 0; i < h->r->count; i++)
        ok = check_object(h, &h->r->objects[i]) && ok;
    return ok && check_twice(h) && check_pairs(h);
}

bool seam_render(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                 size_t count, bool whole, struct glm_installer_rendering *ret, struct glm_diags *d)
{
    struct glm_installer_call pure = *call;
    size_t errors = d->errors;
    struct glm_installer_rendering r = {
        .pairs = GLM_NEW_ARRAY(call->arena, count, struct glm_installer_shown)};
    struct glm_installer_shown *own = r.pairs;
    pure.cluster = NULL;
    if (!seam_said_why(call, GLM_AT_ATTR(NULL, "installations"),
                       call->self->render(&pure, pairs, count, &r, d), errors, "render", d))
        return false;
    r.pairs = own;
    const struct rendered h = {call, pairs, count, whole, &r, d};
    if (!check_all(&h))
        return false;
    *ret = r;
    return true;
}
