/* SPDX-License-Identifier: Apache-2.0
 *
 * What the schema has and this release has not: installers that are not in its list yet. They are
 * refused here and nowhere else, so that this file is what goes away when they have all arrived.
 *
 * Errors: one per attribute, by name. Decommissioned clusters are never reached and pass.
 */
#include "check_release.h"

#include "installers.h"

#include <string.h>

/* True for a word of the schema that no installer of this release has for a name. */
static bool is_planned(struct glm_arena *arena, const char *name)
{
    const char *const *words;
    size_t count = glm_provider_installer_words(arena, &words);
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], name) == 0)
            return !glm_installer_find(glm_provider_installers, name);
    return false;
}

static bool check_installer(const struct glm_value *holder, const struct glm_path *at,
                            struct glm_diags *d)
{
    const struct glm_value *installer = glm_get(holder, "installer");
    if (!is_planned(d->arena, glm_string_or(installer, "")))
        return true; /* of what is no installer at all the schema has said what there is */
    return glm_error(d, GLM_AT_ATTR(at, "installer"), "Not in this release",
                     "`installer` = \"%s\" is not in this release yet, which has %s. Remove it: "
                     "\"%s\" is the default, and a cluster with a `directory` needs no installer.",
                     installer->as.text, glm_installer_names(d->arena, glm_provider_installers),
                     glm_provider_installers[0]->name);
}

static bool check_cluster(const struct glm_value *cluster, const struct glm_path *at,
                          struct glm_diags *d)
{
    const struct glm_value *gone = glm_get(cluster, "decommissioned");
    if (glm_is_true(gone) || glm_is_unknown(gone))
        return true;
    return check_installer(cluster, at, d);
}

bool glm_check_release(const struct glm_value *config, struct glm_diags *d)
{
    const struct glm_value *clusters = glm_get(config, "clusters");
    bool ok = check_installer(config, NULL, d);
    for (size_t i = 0; glm_is_map(clusters) && i < clusters->len; i++) {
        const struct glm_pair *pair = &clusters->as.map[i];
        ok &= check_cluster(pair->value, GLM_AT_KEY(GLM_AT_ATTR(NULL, "clusters"), pair->key), d);
    }
    return ok;
}
