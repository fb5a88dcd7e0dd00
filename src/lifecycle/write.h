/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing one object of a work.
 */
#ifndef GLM_LIFECYCLE_WRITE_H
#define GLM_LIFECYCLE_WRITE_H

#include "parts.h"

struct write_for {
    const struct glm_path *at;
    const struct pair_work *pair; /* of an IstioOperator; NULL: of something else */
    const char *key;              /* its revision key */
    bool same;                    /* files: it was as wanted when it was looked at */
};

struct written {
    const struct glm_value *stored; /* the object as the cluster has it now */
    bool wrote;
    bool unsure;         /* it failed, and may be there all the same */
    const char *version; /* resourceVersion after our write; NULL: no write, or none that an
                            operator takes notice of, or it has none */
};

/* Makes the cluster have the object. look: what is there; renewed when that changes meanwhile.
 * false: the work has failed, and d says why. */
bool write_object(struct work *w, struct glm_arena *arena, const struct wanted_object *o,
                  struct glm_read *look, const struct write_for *purpose,
                  struct written *ret_written, struct glm_diags *d);
/* A Namespace that has to be there. It is shared with others and never changed. */
bool write_namespace(struct work *w, struct glm_arena *arena, const char *name,
                     const struct glm_path *at, struct glm_diags *d);

#endif
