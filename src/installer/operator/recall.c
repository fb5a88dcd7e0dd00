/* SPDX-License-Identifier: Apache-2.0
 *
 * Recall: IstioOperators that somebody else made, for an import: which would bear the name of a
 * gateway lifecycle manager, and what it would say to make them so.
 */
#include "glm/look.h"
#include "operator.h"

#include <string.h>

static bool is_of(struct glm_arena *arena, const char *is, const char *name, const char *revision)
{
    return *revision && strcmp(is, glm_sprintf(arena, "%s-%s", name, revision)) == 0;
}

/* With or without the revision of its gateways, or of the control plane that it selects. */
bool operator_namesake(const struct glm_installer_call *call, const struct glm_value *object,
                       const char *name)
{
    const char *is = glm_live_name(object);
    const char *revision = glm_string_or(glm_get_path(object, "spec", "revision", NULL), "");
    if (strcmp(is, name) == 0 || is_of(call->arena, is, name, revision))
        return true;
    if (strncmp(is, name, strlen(name)) != 0)
        return false;
    const struct glm_value *view = glm_untranslate(call->arena, call->seat, object, NULL);
    return is_of(call->arena, is, name, glm_string_or(glm_get(view, "gateway_revision"), ""));
}

size_t operator_recall(const struct glm_installer_call *call, const struct glm_value *object,
                       const struct glm_value *traffic, const char *const **ret_clusters,
                       const struct glm_value *const **ret_views)
{
    const char **clusters = GLM_NEW(call->arena, const char *);
    const struct glm_value **views = GLM_NEW(call->arena, const struct glm_value *);
    *clusters = call->seat;
    *views = glm_untranslate(call->arena, call->seat, object, traffic);
    *ret_clusters = clusters;
    *ret_views = views;
    return 1;
}
