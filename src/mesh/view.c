/* SPDX-License-Identifier: Apache-2.0
 *
 * View: one cluster's own view of an installation, as the annotation from which import rebuilds it.
 *
 * What:   JSON, the spec in it as an object, so that people can read it; above 32 KiB compressed,
 *         with a prefix that no JSON text starts with. A spec that is only formatted in another
 *         way has the same view.
 * Errors: a text above the API server's limit, at the installation's spec.
 */
#include "glm/codec.h"
#include "chart_values.h"

#include <string.h>

#define COMPRESS_ABOVE ((size_t)32 << 10)
#define PREFIX "zlib+base64:"
/* Left for the key of our annotation and for others on the same object. */
#define HEADROOM ((size_t)1024)

static const struct glm_value *known_or_null(const struct glm_value *v)
{
    return glm_is_wholly_known(v) ? v : &glm_null;
}

/* What older versions of this provider did not know is only there where it says something, so that
 * no object that says nothing differs from what they wrote. */
static void set_if_said(struct glm_map_builder *b, const char *key, const struct glm_value *v)
{
    if (glm_is_string(v))
        glm_map_set(b, key, v);
}

static const struct glm_value *cluster_entry(struct glm_arena *arena,
                                             const struct glm_placement *placement)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "active_gateway", known_or_null(placement->active));
    glm_map_set(&b, "trust_domain", known_or_null(placement->trust_domain));
    set_if_said(&b, "network", placement->network);
    return glm_map_finish(&b, NULL);
}

bool glm_view_text(struct glm_arena *arena, const struct glm_manager *manager,
                   const struct glm_installation *installation,
                   const struct glm_placement *placement, const char **ret_text,
                   struct glm_diags *d)
{
    const char *control_plane = installation->control_plane;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "key", glm_string(arena, installation->key));
    glm_map_set(&b, "gateway_revision",
                installation->written_revision ? glm_string(arena, installation->written_revision)
                                               : &glm_null);
    glm_map_set(&b, "control_plane_revision",
                installation->control_plane_written && control_plane
                    ? glm_string(arena, glm_revision_key(control_plane))
                    : &glm_null);
    glm_map_set(&b, "cluster", cluster_entry(arena, placement));
    set_if_said(&b, "istio_version", installation->istio_version);
    glm_map_set(&b, "helm_global", known_or_null(manager->helm_global));
    glm_map_set(&b, "skip_upgrade_validation",
                known_or_null(installation->skip_upgrade_validation));
    if (installation->values_text)
        glm_map_set(&b, "form", glm_string(arena, GLM_FORM_CHART));
    glm_map_set(&b, "spec", known_or_null(glm_installation_input(installation)));

    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(glm_arena_room(arena));
    const char *text = glm_json_text(scratch, glm_map_finish(&b, NULL));
    text = strlen(text) > COMPRESS_ABOVE
               ? glm_sprintf(arena, PREFIX "%s", glm_deflate_base64(scratch, text, strlen(text)))
               : glm_strdup(arena, text);
    *ret_text = text;
    if (strlen(text) <= GLM_ANNOTATION_MAX_BYTES - HEADROOM)
        return true;
    return glm_error(d,
                     GLM_AT_ATTR(GLM_AT_KEY(GLM_AT_ATTR(NULL, "installations"), installation->key),
                                 glm_installation_form(installation)),
                     installation->values_text ? "The chart's values are too large"
                                               : "The IstioOperator spec is too large",
                     "Compressed, this installation takes %zu bytes in an annotation, and "
                     "Kubernetes allows %d bytes of annotations for an object. %s",
                     strlen(text), GLM_ANNOTATION_MAX_BYTES,
                     installation->values_text ? "Make the values smaller."
                                               : "Make the spec smaller, or split its gateways "
                                                 "into several resources.");
}

static bool is_or_null(const struct glm_value *v, enum glm_kind kind)
{
    return v->kind == kind || glm_is_null(v);
}

static bool is_helm_global(const struct glm_value *v)
{
    const struct glm_value *secrets = glm_get(v, "repo_secrets");
    for (size_t i = 0; glm_is_list(secrets) && i < secrets->len; i++)
        if (!glm_is_map(secrets->as.list[i]) ||
            !is_or_null(glm_get(secrets->as.list[i], "name"), GLM_STRING) ||
            !is_or_null(glm_get(secrets->as.list[i], "namespace"), GLM_STRING))
            return false;
    return is_or_null(v, GLM_MAP) && is_or_null(secrets, GLM_LIST) &&
           is_or_null(glm_get(v, "repo"), GLM_STRING) &&
           is_or_null(glm_get(v, "repo_skip_tls_verify"), GLM_BOOL);
}

bool glm_view_is(const struct glm_value *view)
{
    const struct glm_value *cluster = glm_get(view, "cluster");
    return glm_is_wholly_known(view) && *glm_string_or(glm_get(view, "key"), "") &&
           glm_is_string(glm_get(view, "spec")) &&
           (glm_is_null(glm_get(view, "form")) ||
            glm_string_is(glm_get(view, "form"), GLM_FORM_CHART)) &&
           is_or_null(glm_get(view, "gateway_revision"), GLM_STRING) &&
           is_or_null(glm_get(view, "control_plane_revision"), GLM_STRING) &&
           is_or_null(glm_get(view, "istio_version"), GLM_STRING) &&
           is_or_null(glm_get(view, "skip_upgrade_validation"), GLM_BOOL) &&
           is_or_null(cluster, GLM_MAP) &&
           is_or_null(glm_get(cluster, "active_gateway"), GLM_BOOL) &&
           is_or_null(glm_get(cluster, "trust_domain"), GLM_STRING) &&
           is_or_null(glm_get(cluster, "network"), GLM_STRING) &&
           is_helm_global(glm_get(view, "helm_global"));
}

/* Whoever may write the object may write this: it is unpacked aside, and no further than there is room
 * for. */
bool glm_view_read(struct glm_arena *arena, const char *text, size_t *left,
                   const struct glm_value **ret_view)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(glm_arena_room(arena));
    struct glm_diags ignored;
    size_t len = strlen(text);
    const struct glm_value *view;
    *ret_view = &glm_null;
    glm_diags_init(&ignored, scratch);
    if (len > GLM_ANNOTATION_MAX_BYTES)
        return false;
    if (strncmp(text, PREFIX, sizeof PREFIX - 1) == 0 &&
        !glm_inflate_base64(scratch, text + sizeof PREFIX - 1, *left, &text, &len)) {
        *left -= len < *left ? len : *left;
        return false;
    }
    *left -= len < *left ? len : *left;
    if (!glm_json_decode_foreign(scratch, text, len, GLM_ANNOTATION_VIEW, NULL, &view, &ignored) ||
        !glm_is_map(view) || !glm_is_map(glm_get(view, "spec")))
        return false;
    const char *spec = glm_json_text(scratch, glm_get(view, "spec"));
    view = glm_with(scratch, view, "spec", glm_string(scratch, spec));
    if (!glm_view_is(view))
        return false;
    *ret_view = glm_copy(arena, view);
    return true;
}
