/* SPDX-License-Identifier: Apache-2.0
 *
 * The states of other providers' resources: kubernetes_manifest (hashicorp/kubernetes) and kubectl_manifest
 * (gavinbunney/kubectl, alekc/kubectl), under any version of their schemas: what is read here has been the same in
 * all of them.
 */
#include "moved.h"

#include "glm/codec.h"
#include "glm/shown.h"

#include <string.h>

static bool refuse_unreadable(const char *type, const char *attribute, struct glm_diags *d)
{
    return glm_error(
        d, NULL, "The state that is to be moved cannot be read",
        "Its %s is not what a %s has: it should hold one Kubernetes object, with apiVersion, kind "
        "and "
        "metadata.name. Apply that resource once more with its own provider, and move it then; or "
        "import the gateways instead, after a `removed` block with destroy = false for it.",
        attribute, type);
}

/* What is dynamic is in a state beside its type. */
static const struct glm_value *dynamic(const struct glm_value *v)
{
    return glm_has(v, "type") && glm_has(v, "value") ? glm_get(v, "value") : v;
}

/* `object` is what the API server has made of it; a state of long ago has `manifest` alone. */
static const struct glm_value *of_kubernetes(const struct glm_value *state)
{
    const struct glm_value *manifest = dynamic(glm_get(state, "manifest"));
    return glm_is_map(manifest) ? manifest : dynamic(glm_get(state, "object"));
}

/* yaml_body may be sensitive: nothing of it is shown. */
static const struct glm_value *of_kubectl(struct glm_arena *arena, const struct glm_value *state)
{
    const struct glm_value *text = glm_get(state, "yaml_body"), *documents, *object;
    const struct glm_value *elsewhere = glm_get(state, "override_namespace");
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    if (!glm_is_string(text) ||
        !glm_yaml_decode_all(arena, text->as.text, text->len, "yaml_body", NULL, &documents,
                             &ignored) ||
        documents->len != 1)
        return &glm_null;
    object = documents->as.list[0];
    return glm_is_map(object) && glm_is_string(elsewhere) && elsewhere->len
               ? glm_with_path(arena, object, elsewhere, "metadata", "namespace", NULL)
               : object;
}

static bool is_object(const struct glm_value *v)
{
    return glm_is_string(glm_get(v, "apiVersion")) && glm_is_string(glm_get(v, "kind")) &&
           *glm_string_or(glm_get_path(v, "metadata", "name", NULL), "");
}

bool glm_moved_read_source(struct glm_arena *arena, const struct glm_move_call *move,
                           struct glm_moved_source *ret_source, struct glm_diags *d)
{
    bool kubectl = strcmp(move->source_type, "kubectl_manifest") == 0;
    if (!kubectl && strcmp(move->source_type, "kubernetes_manifest") != 0)
        return glm_error(
            d, NULL, "Nothing that can be moved here",
            "The state is that of a %s, and this resource can go on from kubernetes_manifest and "
            "kubectl_manifest. Let go of that one with a `removed` block and destroy = false, and "
            "import the "
            "gateways: `import { to = glm_gateway_lifecycle_manager.NAME, id = \"NAMESPACE/NAME\" "
            "}`.",
            glm_shown(arena, move->source_type));
    const struct glm_value *object =
        kubectl ? of_kubectl(arena, move->source_state) : of_kubernetes(move->source_state);
    if (!is_object(object))
        return refuse_unreadable(move->source_type, kubectl ? "yaml_body" : "manifest", d);
    *ret_source = (struct glm_moved_source){.type = move->source_type, .object = object};
    return true;
}
