/* SPDX-License-Identifier: Apache-2.0
 *
 * The installers that gateways can be installed by, as a list for estates, ended by NULL.
 */
#ifndef GLM_PROVIDER_INSTALLERS_H
#define GLM_PROVIDER_INSTALLERS_H

#include "glm/installer.h"

extern const struct glm_installer *const glm_provider_installers[];
/* Values of the attribute `installer`: the names of all of these, and of those that are to come. */
size_t glm_provider_installer_words(struct glm_arena *arena, const char *const **ret_words);

#endif
