/* SPDX-License-Identifier: Apache-2.0
 *
 * Function manifest_decode: a GatewayLifecycleManager manifest to the resource's attributes.
 */
#include "manifest.h"

static const struct glm_value *run(struct glm_call *call, const struct glm_value *arguments)
{
    const struct glm_value *text = glm_at(arguments, 0), *attributes;
    if (!glm_manifest_decode(call->arena, glm_string_or(text, ""), text->len, GLM_AT_INDEX(NULL, 0),
                             &attributes, &call->diags))
        return NULL;
    return attributes;
}

static const struct glm_parameter parameters[] = {
    {"yaml", &glm_type_string,
     "The manifest: YAML or JSON with one document of kind GatewayLifecycleManager, such as "
     "`file(\"ingress.yaml\")`. Documents of other kinds are passed over."},
    {.name = NULL},
};

const struct glm_function_type glm_function_manifest_decode = {
    .name = "manifest_decode",
    .parameters = parameters,
    .result = &glm_manifest_type,
    .summary = "Reads a GatewayLifecycleManager manifest into the attributes of the resource.",
    .doc = "The result has `name`, `namespace`, `installations` and `helm_global`, each ready to "
           "be given to `glm_gateway_lifecycle_manager`. The list of installations becomes a map "
           "by gateway revision, and the list of clusters one by name. An installation without a "
           "revision gets the key `default`. Where several have the same revision, which is right "
           "when they go to different clusters, the second gets `-2` behind its key. What the "
           "manifest leaves out is null, and so takes the resource's default. Each spec is "
           "the text of the manifest itself, with its comments, its order and its spelling, moved "
           "to the left margin; of a manifest in JSON or flow style, or with an alias of an anchor "
           "elsewhere, it is written anew. Labels, annotations and status are left out. A field "
           "that the API does not have is an error, with line "
           "and column.",
    .run = run,
};
