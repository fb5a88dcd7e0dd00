/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of a find share: find.c searches the clusters, rebuild.c makes attributes of what
 * was found.
 */
#ifndef GLM_LIFECYCLE_FIND_H
#define GLM_LIFECYCLE_FIND_H

#include "lifecycle_internal.h"

#include <string.h>

/* One object that was found. */
struct find_object {
    struct glm_object_ref ref;
    const struct glm_installer *installer;
    const struct glm_value *object;
    const char *cluster; /* that its pair is installed into, by its labels or its view */
    enum glm_role role;  /* by its kind */
    bool find;           /* by its kind, see struct glm_installer_kind */
    bool stands;         /* by its kind: for a pair */
    bool main;           /* it does, and what it was made of is known */
    /* What it was made of, by cluster; of one that is not main: nothing. */
    const char *const *clusters;
    const struct glm_value *const *views;
    size_t view_count;
};

/* What was found stands for one, in a cluster. */
struct find_pair {
    const char *cluster, *key;
    const char *revision; /* "" of `default` */
    const size_t *mains;  /* indices of objects */
    size_t main_count;
    enum glm_state state;
    const char *message, *healthy; /* NULL: not HEALTHY */
};

/* One entry of `clusters`: what is written there. */
struct search {
    const struct glm_estate *estate;
    const char *name, *namespace_;
    const char *cluster_name;
    struct glm_cluster *cluster;
    bool tolerate, importing;
    const struct time_limit *limit;
    atomic_size_t *room; /* for what is kept of files, of all searches together */

    /* results */
    const char *place;
    struct find_object *objects;
    size_t object_count;
    struct find_pair *pairs;
    size_t pair_count;
    bool judged;   /* pairs have states: the cluster is live */
    bool labelled; /* the objects carry our labels; else they only have the name */
};

/* The revision that an object was made for: by its label, else its view. */
static inline const char *find_revision(const struct glm_value *object,
                                        const struct glm_value *view)
{
    const struct glm_value *label =
        glm_get_path(object, "metadata", "labels", GLM_LABEL_REVISION, NULL);
    if (glm_is_string(label))
        return label->as.text;
    const char *written = glm_string_or(glm_get(view, "gateway_revision"), "");
    return strcmp(written, "default") == 0 ? "" : written;
}

/* rebuild.c: the attributes and the record of what was found; the null value: nothing. labelled: only of
 * what has our labels, or has none of them. */
void find_rebuild(struct glm_arena *arena, const struct glm_estate *estate,
                  const struct search *searches, size_t count, bool labelled,
                  struct glm_change *change, struct glm_diags *d);

#endif
