/* SPDX-License-Identifier: Apache-2.0
 *
 * Patience: how long what is seen has to stay before it is the end of a wait. The operator has no
 * observedGeneration, and right after a write it may still speak of the time before: HEALTHY counts
 * when it holds.
 */
#include "operator.h"

#include <string.h>

/* HEALTHY after our own write has to hold this long: the operator was seen to serve the old
 * HEALTHY for up to 195 ms after a write, and to begin a second round 30 ms after the first. */
#define HOLD_MS 400
#define HOLD_UNSEEN_MS 2000 /* ... when it was not seen to work on it */
/* How long nobody may take up an IstioOperator when no operator is known that would: a share of the
 * time that there is. An operator comes back from a back-off or a crash only after minutes. */
#define UNTOUCHED_SHARE 4
#define UNTOUCHED_MIN_MS 120000

int64_t operator_untouched_ms(int64_t given)
{
    int64_t share = given / UNTOUCHED_SHARE;
    return share > UNTOUCHED_MIN_MS ? share : UNTOUCHED_MIN_MS;
}

int64_t operator_hold_ms(const struct glm_installer_call *call,
                         const struct glm_installer_sight *sight,
                         const struct operator_judgement *judgement, struct operator_notes *notes)
{
    const struct glm_value *object = operator_found(sight);
    const char *version =
        glm_string_or(glm_get_path(object, "metadata", "resourceVersion", NULL), "");
    if (judgement->reconciling_seen && (!sight->written || strcmp(version, sight->written) != 0))
        notes->reconciling = true;
    if (judgement->settled && judgement->state == GLM_STATE_HEALTHY)
        return !sight->written ? 0 : notes->reconciling ? HOLD_MS : HOLD_UNSEEN_MS;
    /* An operator that was not seen to work on what we wrote may have given up something else. */
    if (judgement->settled && judgement->state == GLM_STATE_UNHEALTHY && sight->written &&
        !notes->reconciling)
        return -1;
    if (judgement->settled)
        return GLM_INSTALLER_GRACE_MS;
    if (judgement->state == GLM_STATE_PENDING && !notes->taken_up &&
        glm_reconciler_of(object) == GLM_RECONCILER_NONE)
        return operator_untouched_ms(call->given_ms);
    return -1;
}
