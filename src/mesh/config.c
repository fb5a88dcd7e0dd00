/* SPDX-License-Identifier: Apache-2.0
 *
 * Configuration: the clusters of the provider, and what the revisions of an installation are called there.
 */
#include "chart_values.h"

#include <string.h>

const struct glm_cluster_config *glm_mesh_cluster(const struct glm_mesh_config *config,
                                                  const char *name)
{
    size_t low = 0, high = config->cluster_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, config->clusters[middle].name);
        if (order == 0)
            return &config->clusters[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool mesh_is_rendered(const struct glm_mesh_config *config, const struct glm_installation *in)
{
    for (size_t i = 0; i < in->placement_count; i++) {
        const struct glm_cluster_config *c = glm_mesh_cluster(config, in->placements[i].cluster);
        if (!c || !c->rendered)
            return false;
    }
    return in->placement_count > 0;
}

const char *glm_installation_form(const struct glm_installation *installation)
{
    return installation->values_text ? GLM_FORM_CHART : GLM_FORM_SPEC;
}

const struct glm_value *glm_installation_text(const struct glm_installation *installation)
{
    return installation->values_text ? installation->values_text : installation->spec_text;
}

const struct glm_value *glm_installation_input(const struct glm_installation *installation)
{
    return installation->values_text ? installation->values : installation->spec;
}

bool glm_installation_is_auto(const struct glm_installation *installation)
{
    return installation->written_revision && strcmp(installation->written_revision, "auto") == 0;
}

const char *glm_revision_key(const char *revision)
{
    return *revision ? revision : "default";
}

const char *glm_operator_namespace(struct glm_arena *arena, const char *template_, const char *c)
{
    static const char mark[] = "{revision}";
    struct glm_text text;
    glm_text_init(&text, arena, strlen(template_) + strlen(template_) / 10 * strlen(c) + 64);
    for (const char *at; (at = strstr(template_, mark)) != NULL; template_ = at + sizeof mark - 1) {
        size_t len = (size_t)(at - template_);
        if (!*c && len > 0 && template_[len - 1] == '-')
            len--;
        glm_text_add(&text, template_, len);
        glm_text_adds(&text, c);
    }
    glm_text_adds(&text, template_);
    return text.data;
}
