/* SPDX-License-Identifier: Apache-2.0
 *
 * Function manifest_encode: the resource's attributes to a GatewayLifecycleManager manifest.
 */
#include "manifest.h"

static const struct glm_value *run(struct glm_call *call, const struct glm_value *arguments)
{
    const struct glm_value *attributes;
    const char *text = NULL;
    struct glm_diags found;
    glm_diags_init(&found, call->arena);
    if (glm_schema_convert(call->arena, glm_resource_schema.attrs, glm_at(arguments, 0), NULL,
                           &attributes, &found))
        glm_manifest_encode(call->arena, attributes, NULL, &text, &found);
    glm_manifest_report(call, 0, &found);
    return found.errors > 0 ? NULL : glm_string(call->arena, text);
}

static const struct glm_parameter parameters[] = {
    {"object", &glm_type_dynamic,
     "A resource `glm_gateway_lifecycle_manager`, the result of `manifest_decode`, or an object "
     "with `name` and `installations`; optional attributes may be left out."},
    {.name = NULL},
};

const struct glm_function_type glm_function_manifest_encode = {
    .name = "manifest_encode",
    .parameters = parameters,
    .result = &glm_type_string,
    .summary = "Writes the attributes of the resource as a GatewayLifecycleManager manifest.",
    .doc = "The result is YAML that `kubectl apply -f -` takes where Gloo Mesh is installed, and "
           "that `manifest_decode` reads. Attributes that only this provider has, such as "
           "`timeouts` and `istio_version`, are left out. Clusters with a `network` get an "
           "installation of the same revision for each network, whose spec says it. Installations "
           "and clusters are sorted by their keys.",
    .run = run,
};
