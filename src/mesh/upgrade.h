/* SPDX-License-Identifier: Apache-2.0
 *
 * What the comparison of upgrade.c hands to the texts of upgrade_recipe.c.
 */
#ifndef GLM_MESH_UPGRADE_H
#define GLM_MESH_UPGRADE_H

#include "glm/upgrade.h"
#include "internal.h"

#define UPGRADE_CLUSTERS_SHOWN 12 /* by their names; the others are counted */

struct upgrade_problem {
    bool warning;
    const char *summary, *what;
    const struct glm_installation *before;
    bool versions; /* from and to differ in their minor version: another control plane */
    bool said;     /* the new version is what istio_version says, not a tag of the spec */
    bool moved;    /* another name or namespace: another Service */
    bool apart;    /* not even beside one another in one resource */
    struct glm_version from, to;
    const char *clusters; /* "east", "west": each in quotes, the first of them */
    size_t cluster_count;
    const char *last_cluster;
    struct upgrade_problem *next;
};

/* upgrade_recipe.c: the mistakes, and the steps that lead there without losing traffic.
 * distribution: default_distribution, or the null value. */
void upgrade_report(struct glm_arena *arena, const struct glm_manager *manager,
                    const struct glm_installation *after, const struct glm_value *distribution,
                    const struct upgrade_problem *first, struct glm_diags *d);

#endif
