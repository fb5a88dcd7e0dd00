/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the upgrade of a state of schema version 0 share:
 *
 *   state_v0.c         which document is whose, and what is shown of all of them
 *   state_v0_render.c  what the installation of a document makes today
 */
#ifndef GLM_LIFECYCLE_STATE_V0_H
#define GLM_LIFECYCLE_STATE_V0_H

#include "lifecycle_internal.h"
#include "shape.h"

#define OPERATORS "istio_operators"
#define SERVICES "services"

/* An installation, or what stays of one. */
struct old_key {
    const char *key;
    const char *revision;            /* its key in the documents; NULL: what `auto` stood for */
    const char *stood_for;           /* the key of the first one; NULL: it has none */
    const struct glm_value *in;      /* of `installations`; null: it is not there any more */
    struct glm_map_builder texts;    /* its documents, by cluster */
    const struct glm_value *traffic; /* the Services that it makes, by "ns/name" */
};

/* What its documents are held against. */
struct old_common {
    struct glm_object_ref ref;
    const struct glm_value *bare;
};

struct old_state {
    struct glm_arena *arena;
    const struct glm_installer *const *installers; /* the first one alone is as old as that */
    const struct glm_value *state;
    struct old_key *keys;
    size_t installation_count, key_count; /* those that stay come after the installations */
    struct shape_builder shape;
};

/* ---- state_v0_render.c ---- */

/* {cluster: document} of what is one. */
const struct glm_value *old_documents(struct glm_arena *arena, const struct glm_map_builder *texts);
/* What an installation makes. */
struct old_rendering {
    struct glm_installer_rendering nobody, clusters;
    const char *const *names; /* of the clusters, beside their pairs */
};
/* By the documents that clusters have of it. false: that cannot be told of nobody, and so of none. */
bool old_render(const struct old_state *s, struct glm_arena *arena, const struct old_key *k,
                const struct glm_value *documents, struct old_rendering *ret);
/* An object of a cluster as it should be; NULL: that cannot be told. */
const struct glm_value *old_should_be(const struct old_rendering *r, const char *cluster,
                                      const struct glm_object_ref *ref);
/* A document without what each cluster has of its own, as far as one can tell from one of them. */
const struct glm_value *old_without_own(struct glm_arena *arena, const struct glm_value *v);

#endif
