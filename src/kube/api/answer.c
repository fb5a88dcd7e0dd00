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

#include "glm/shown.h"

#include <string.h>

/* Names have 253 bytes at the most, UIDs and resourceVersions some dozens. They go back into requests. */
#define IDENTITY_MAX ((size_t)1 << 10)

static const char *text_at(const struct glm_value *map, const char *key)
{
    return glm_string_or(glm_get(map, key), "");
}

/* A UID that is known on both sides decides; an answer that has none is not the object of one. */
static bool is_uid(const struct glm_value *is, const char *uid)
{
    return !uid || glm_string_is(is, uid);
}

/* The field of the metadata that is longer than any API server's, or NULL. */
static const char *endless_field(const struct glm_value *object)
{
    static const char *const fields[] = {"name", "namespace", "uid", "resourceVersion"};
    const struct glm_value *metadata = glm_get(object, "metadata");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strlen(text_at(metadata, fields[i])) > IDENTITY_MAX)
            return fields[i];
    return NULL;
}

bool api_answer_is(const struct glm_value *object, const struct glm_object_ref *ref,
                   const char *uid)
{
    return glm_object_is(object, ref) && !endless_field(object) &&
           is_uid(glm_get_path(object, "metadata", "uid", NULL), uid);
}

const char *api_answer_version(const struct glm_value *value)
{
    const char *version = text_at(glm_get(value, "metadata"), "resourceVersion");
    return strlen(version) > IDENTITY_MAX ? "" : version;
}

bool api_answer_is_removal(const struct glm_value *status, const struct glm_object_ref *ref,
                           const char *uid)
{
    const struct glm_value *details = glm_get(status, "details");
    const struct glm_value *name = glm_get(details, "name"), *told = glm_get(details, "uid");
    return glm_string_is(glm_get(status, "kind"), "Status") &&
           glm_string_is(glm_get(status, "status"), "Success") &&
           (glm_is_null(name) || glm_string_is(name, ref->name)) &&
           (glm_is_null(told) || is_uid(told, uid));
}

const struct glm_value *api_answer_item(struct glm_arena *arena, const struct glm_value *object,
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
    if (!glm_object_ref_as(object, kind, &ref) || endless_field(object) ||
        (namespace_ && ref.namespace_ && strcmp(ref.namespace_, namespace_) != 0))
        return NULL;
    return object;
}

static const char *word(struct glm_arena *arena, const char *text)
{
    return glm_shown_n(arena, text, strlen(text), GLM_SHOWN_KEY_MAX);
}

/* "Service "a/b" of v1, UID "x"", as far as it is told. */
static const char *described(struct glm_arena *arena, const struct glm_value *object)
{
    const struct glm_value *metadata = glm_get(object, "metadata");
    const char *kind = text_at(object, "kind"), *version = text_at(object, "apiVersion");
    const char *name = text_at(metadata, "name"), *namespace_ = text_at(metadata, "namespace");
    const char *uid = text_at(metadata, "uid");
    return glm_sprintf(arena, "%s \"%s%s%s\" of %s, %s%s",
                       *kind ? word(arena, kind) : "something without a kind,",
                       word(arena, namespace_), *namespace_ ? "/" : "", word(arena, name),
                       *version ? word(arena, version) : "no apiVersion",
                       *uid ? "UID " : "without a UID", word(arena, uid));
}

bool api_answer_error(struct glm_diags *d, const struct access *access,
                      const struct kube_request *request, const struct glm_value *object,
                      const char *uid)
{
    const struct glm_object_ref ref = {
        .kind = request->kind, .namespace_ = request->namespace_, .name = request->name};
    bool read = strcmp(request->method, "GET") == 0;
    const char *unsure = read ? ""
                              : " Whether it was carried out is not known; the next run looks at "
                                "what is there.";
    const char *server = access ? access->server : "", *endless = endless_field(object);
    if (endless)
        return glm_error(d, NULL,
                         glm_sprintf(d->arena, "Cannot %s", api_refusal_doing(d->arena, request)),
                         "API server %s answers with %s, whose %s has %zu bytes: no Kubernetes API "
                         "server has such "
                         "objects. Check the address, and proxies on the way.%s",
                         server, described(d->arena, object), endless,
                         strlen(text_at(glm_get(object, "metadata"), endless)), unsure);
    const char *what = request->name ? glm_object_ref_text(d->arena, &ref)
                                     : glm_sprintf(d->arena, "a named %s%s%s", ref.kind->name,
                                                   ref.namespace_ ? " in namespace " : "",
                                                   ref.namespace_ ? ref.namespace_ : "");
    return glm_error(d, NULL,
                     glm_sprintf(d->arena, "Cannot %s", api_refusal_doing(d->arena, request)),
                     "API server %s answers with something else than what was asked for: with %s, "
                     "and not with %s of %s%s%s. Something between here and the API server may mix "
                     "up answers or keep old ones: check the address, and proxies on the way.%s",
                     server, described(d->arena, object), what, ref.kind->api_version,
                     uid ? ", UID " : "", uid ? api_refusal_quote(d->arena, uid) : "", unsure);
}

bool api_answer_no_list(struct glm_diags *d, const struct access *access,
                        const struct kube_request *request)
{
    return glm_error(d, NULL,
                     glm_sprintf(d->arena, "Cannot %s", api_refusal_doing(d->arena, request)),
                     "API server %s answers with something that is no whole list of %s of %s. "
                     "Check that the address is that of a Kubernetes API server, and proxies on "
                     "the way.",
                     access ? access->server : "", request->kind->name, request->kind->api_version);
}
