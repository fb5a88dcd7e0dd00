/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether an answer is about the object that was asked for. A proxy that mixes up answers, a cache
 * that serves an old one, an address that leads elsewhere: nothing of that counts as read or written.
 *
 * Owner:  texts live in the diagnostics' arena.
 * Errors: one, with what was answered and what was asked for.
 * Thread: no shared state.
 */
#include "internal.h"

#include <string.h>

static const char *text_at(const struct glm_value *map, const char *key)
{
    return glm_string_or(glm_get(map, key), "");
}

/* A UID that is known on both sides decides; an answer that has none is not the object of one. */
static bool is_uid(const struct glm_value *is, const char *uid)
{
    return !uid || glm_string_is(is, uid);
}

bool answer_is(const struct glm_value *object, const struct glm_object_ref *ref, const char *uid)
{
    return glm_object_is(object, ref) && is_uid(glm_get_path(object, "metadata", "uid", NULL), uid);
}

bool answer_is_removal(const struct glm_value *status, const struct glm_object_ref *ref,
                       const char *uid)
{
    const struct glm_value *details = glm_get(status, "details");
    const struct glm_value *name = glm_get(details, "name"), *told = glm_get(details, "uid");
    return glm_string_is(glm_get(status, "kind"), "Status") &&
           glm_string_is(glm_get(status, "status"), "Success") &&
           (glm_is_null(name) || glm_string_is(name, ref->name)) &&
           (glm_is_null(told) || is_uid(told, uid));
}

const struct glm_value *answer_item(struct glm_arena *arena, const struct glm_value *object,
                                    const struct glm_object_kind *kind, const char *namespace_)
{
    static const char *const keys[] = {"apiVersion", "kind"};
    const char *const texts[] = {kind->api_version, kind->name};
    if (!glm_is_map(object))
        return NULL;
    struct glm_map_builder b; /* items of lists lack them */
    glm_map_init_from(&b, arena, object);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (glm_is_null(glm_get(object, keys[i])))
            glm_map_set(&b, keys[i], glm_string(arena, texts[i]));
    object = glm_map_finish(&b, NULL);
    struct glm_object_ref ref;
    if (!glm_object_ref_as(object, kind, &ref) ||
        (namespace_ && ref.namespace_ && strcmp(ref.namespace_, namespace_) != 0))
        return NULL;
    return object;
}

/* "Service "a/b" of v1, UID "x"", as far as it is told. */
static const char *described(struct glm_arena *arena, const struct glm_value *object)
{
    const struct glm_value *metadata = glm_get(object, "metadata");
    const char *kind = text_at(object, "kind"), *version = text_at(object, "apiVersion");
    const char *name = text_at(metadata, "name"), *namespace_ = text_at(metadata, "namespace");
    const char *uid = text_at(metadata, "uid");
    return glm_sprintf(arena, "%s \"%s%s%s\" of %s, %s%s",
                       *kind ? refusal_quote(arena, kind) : "something without a kind,",
                       refusal_quote(arena, namespace_), *namespace_ ? "/" : "",
                       refusal_quote(arena, name),
                       *version ? refusal_quote(arena, version) : "no apiVersion",
                       *uid ? "UID " : "without a UID", refusal_quote(arena, uid));
}

bool answer_error(struct glm_diags *d, const struct access *access,
                  const struct kube_request *request, const struct glm_value *object,
                  const char *uid)
{
    const struct glm_object_ref ref = {request->kind, request->namespace_, request->name};
    bool read = strcmp(request->method, "GET") == 0;
    const char *what = request->name ? glm_object_ref_text(d->arena, &ref)
                                     : glm_sprintf(d->arena, "a named %s%s%s", ref.kind->name,
                                                   ref.namespace_ ? " in namespace " : "",
                                                   ref.namespace_ ? ref.namespace_ : "");
    return glm_error(d, NULL, glm_sprintf(d->arena, "Cannot %s", refusal_doing(d->arena, request)),
                     "API server %s answers with something else than what was asked for: with %s, "
                     "and not with %s of %s%s%s. Something between here and the API server may mix "
                     "up answers or keep old ones: check the address, and proxies on the way.%s",
                     access ? access->server : "", described(d->arena, object), what,
                     ref.kind->api_version, uid ? ", UID " : "",
                     uid ? refusal_quote(d->arena, uid) : "",
                     read ? ""
                          : " Whether it was carried out is not known; the next run looks at what "
                            "is there.");
}

bool answer_no_list(struct glm_diags *d, const struct access *access,
                    const struct kube_request *request)
{
    return glm_error(d, NULL, glm_sprintf(d->arena, "Cannot %s", refusal_doing(d->arena, request)),
                     "API server %s answers with something that is no whole list of %s of %s. "
                     "Check that the address is that of a Kubernetes API server, and proxies on "
                     "the way.",
                     access ? access->server : "", request->kind->name, request->kind->api_version);
}
