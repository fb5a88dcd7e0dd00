/* SPDX-License-Identifier: Apache-2.0
 *
 * States that `moved` blocks bring from resources of other types and providers.
 *
 * What:   moved_source.c reads the state of another resource: what object it stands for; moved_release.c that of
 *         a helm_release: which chart, and its values. moved.c makes of that a
 *         state that only says whom it is about, which the next read, by the clusters, makes whole; and the plan
 *         beside that read takes over what the configuration names, or refuses. Terraform keeps the private state
 *         of the other resource, and asks for the move before it configures the provider: so both go by
 *         the attributes.
 * Owner:  results live in call->arena.
 * Thread: no shared state.
 */
#ifndef GLM_MOVED_H
#define GLM_MOVED_H

#include "provider.h"

/* An object in a cluster, as the state of a resource of another type has it. */
struct glm_moved_source {
    const char *type;               /* of the resource */
    const struct glm_value *object; /* apiVersion, kind, metadata, spec */
};

/* moved_source.c. Pure. */
bool glm_moved_read_source(struct glm_arena *arena, const struct glm_move_call *move,
                           struct glm_moved_source *ret_source, struct glm_diags *d);

/* A release of Istio's chart `gateway`. */
struct glm_moved_release {
    const char *name, *namespace_;
    const char *chart_version, *app_version;
    const struct glm_value *values; /* the user's own, all in one */
};

/* moved_release.c: of a state of helm_release, under any version of its schema. Pure. */
bool glm_moved_read_release(struct glm_arena *arena, const struct glm_value *state,
                            struct glm_moved_release *ret_release, struct glm_diags *d);

/* moved.c: the resource's function of this name. */
void glm_moved_move(struct glm_call *call, struct glm_move_call *move);
/* True for a state that nothing has been read into yet. */
bool glm_moved_is_bare(const struct glm_value *state);
/* Reads it: result, and its record; the null value where nothing has been installed yet. false: an error. */
bool glm_moved_find(struct glm_call *call, const struct glm_value *bare,
                    const struct glm_value **ret_state, const struct glm_value **ret_record);
/* The record once more, after a later read: the plan beside that is like any other. */
const struct glm_value *glm_moved_settled(struct glm_arena *arena, const struct glm_value *record);
/* What a plan has to refuse of a state that was moved just now. config: with defaults; the null value: it is to
 * be destroyed. */
bool glm_moved_check(struct glm_call *call, const struct glm_value *prior,
                     const struct glm_value *record, const struct glm_value *config);
/* ... and of what it planned: everything that was found stays the object that it is. */
bool glm_moved_check_planned(struct glm_call *call, const struct glm_value *prior,
                             const struct glm_value *record, const struct glm_value *planned);
/* prior, with the namespace that is wanted: nothing said which it is of. */
const struct glm_value *glm_moved_placed(struct glm_arena *arena, const struct glm_value *prior,
                                         const struct glm_value *record,
                                         const struct glm_value *wanted);

#endif
