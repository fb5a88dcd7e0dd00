/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing one object of a work.
 */
#ifndef GLM_LIFECYCLE_WRITE_H
#define GLM_LIFECYCLE_WRITE_H

#include "parts.h"

struct write_for {
    const struct glm_path *at;
    const struct wanted_pair *pair; /* that is not ready without it; NULL: of traffic */
    bool retry; /* the state of this pair is to be found out: what may be stuck is tried again */
    bool same;  /* files: it was as wanted when it was looked at */
    const struct glm_installer *from; /* that has made the pair so far; NULL: none but this one */
    bool finish; /* all that is inherited was taken up: nothing is written instead any more */
};

struct written {
    const struct glm_value *stored; /* the object as the cluster has it now */
    bool wrote;
    bool unsure;         /* it failed, and may be there all the same */
    bool touched;        /* something of it was written, though not all: it failed then */
    bool instead;        /* something else was written in its place, until it can be */
    const char *version; /* resourceVersion after our write; NULL: no write, or none of another
                            spec, or it has none */
    const struct glm_value *altered; /* see struct record_object */
};

/* Makes the cluster have the object. look: what is there; renewed when that changes meanwhile.
 * false: the work has failed, and d says why. */
bool write_object(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                  struct glm_read *look, const struct write_for *purpose,
                  struct written *ret_written, struct glm_diags *d);
/* The same for show: nothing is written. */
enum write_rehearsal {
    WRITE_WOULD_DO,  /* or there is nothing to do */
    WRITE_UNTOLD,    /* it cannot be found out now */
    WRITE_IN_THE_WAY /* somebody else's object is there: *look is it */
};
bool write_rehearse(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                    struct glm_read *look, const struct write_for *purpose,
                    enum write_rehearsal *ret_rehearsal, struct glm_diags *errors);
/* A Namespace that has to be there. It is shared with others and never changed. */
bool write_namespace(struct work *work, struct glm_arena *arena, const char *name,
                     const struct glm_path *at, struct glm_diags *d);

/* ---- compare.c ---- */

/* What the state shows of an object. */
struct compare_seen {
    struct shape_object of;
    const struct glm_value *manifest; /* null: nothing */
    const struct glm_value *whole;    /* with what is the cluster's own */
    const struct glm_value
        *entries; /* where what was there is not as the manifest; null: nowhere */
};
struct compare_seen compare_seen(struct work *work, struct glm_arena *arena,
                                 const struct wanted_object *o);
/* A live object reduced to what is owned, as its installer spells it. */
const struct glm_value *compare_project(const struct work *work, struct glm_arena *arena,
                                        const struct glm_value *live,
                                        const struct glm_value *owned);
bool compare_is_as_wanted(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                          const struct glm_value *found);

/* ---- conflicts.c ---- */

/* May the conflicts of a write be settled with force? Otherwise an error. steps: what its installer writes
 * beside it. */
bool conflicts_may_force(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                         const struct glm_read *look, const struct glm_write *write,
                         const struct glm_installer_step *steps, size_t count,
                         struct glm_diags *errors);

#endif
