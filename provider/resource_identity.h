/* SPDX-License-Identifier: Apache-2.0
 *
 * Resource identity: the few values that tell a resource from all others, whatever is in its state.
 *
 * What:   every resource type has a table of identity attributes, which are attributes of the
 *         resource too. A REQUIRED one must be given to import by identity, an OPTIONAL one may be
 *         left out and then has its fallback. These functions are the one walker for all tables.
 * Owner:  results live in the arena of the call.
 * Rule:   an identity is sent whole or not at all. A null in a stored identity is never repaired by
 *         Terraform: every later plan would find that the identity has changed.
 * Thread: no shared state.
 */
#ifndef GLM_RESOURCE_IDENTITY_H
#define GLM_RESOURCE_IDENTITY_H

#include "wire.h"

/* The identity of the first of two states that has one, as a message; NULL when neither has. */
Tfplugin6__ResourceIdentityData *glm_wire_identity(struct glm_call *call,
                                                   const struct glm_schema *identity,
                                                   const struct glm_value *state,
                                                   const struct glm_value *otherwise);

/* What an import is asked for by identity, with the fallbacks, checked; the null value when there
 * is no identity in the message. */
bool glm_wire_identity_wanted(struct glm_call *call, const struct glm_schema *identity,
                              const Tfplugin6__ResourceIdentityData *message,
                              const struct glm_value **ret_identity);

#endif
