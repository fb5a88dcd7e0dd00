/* SPDX-License-Identifier: Apache-2.0
 *
 * The installers of this provider. The first one is the default.
 */
#include "installers.h"

#include "glm/installer_direct.h"
#include "glm/installer_operator.h"
#include "glm/text.h"

const struct glm_installer *const glm_provider_installers[] = {&glm_installer_operator,
                                                               &glm_installer_direct, NULL};

/* Names that a configuration may have, and that no release has had so far. */
static const char *const planned[] = {"gloo"};
#define PLANNED (sizeof planned / sizeof *planned)

size_t glm_provider_installer_words(struct glm_arena *arena, const char *const **ret_words)
{
    size_t count = 0;
    for (size_t i = 0; glm_provider_installers[i]; i++)
        count++;
    const char **words = GLM_NEW_ARRAY(arena, count + PLANNED, const char *);
    for (size_t i = 0; i < count; i++)
        words[i] = glm_provider_installers[i]->name;
    for (size_t i = 0; i < PLANNED; i++)
        if (!glm_installer_find(glm_provider_installers, planned[i]))
            words[count++] = planned[i];
    *ret_words = words;
    return count;
}
