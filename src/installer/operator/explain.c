/* SPDX-License-Identifier: Apache-2.0
 *
 * Explain: what is said of a pair that was waited for in vain, besides its state: why its Pods are
 * not ready, and of an IstioOperator that nobody takes up what stands in the way.
 */
#include "operator.h"

#include "../istio/istio.h"
#include "glm/clock.h"
#include "glm/text.h"

#define EXPLAIN_MAX ((size_t)256 << 10)

static void add_lines(struct glm_text *text, const char *lines)
{
    glm_text_addf(text, "%s%s", text->len && *lines ? "\n" : "", lines);
}

/* IstioOperators that the operator cannot read, which stop it for all others. */
static void add_blockers(const struct glm_installer_call *call, struct glm_text *text)
{
    struct glm_arena *arena = call->arena;
    const struct glm_value *all =
        glm_cluster_list_if_allowed(call->cluster, arena, GLM_KIND_ISTIO_OPERATOR, NULL);
    for (size_t i = 0; i < all->len; i++) {
        const char *wrong = glm_operator_blocked_by(arena, all->as.list[i]);
        struct glm_object_ref ref;
        if (wrong && glm_object_ref_of(all->as.list[i], &ref))
            add_lines(text, glm_sprintf(arena,
                                        "%s is malformed, which stops the operator for every other "
                                        "one: %s. Correct or delete it.",
                                        glm_object_ref_text(arena, &ref), wrong));
    }
}

/* An object that was given up because nobody takes it up. */
static const char *untouched(const struct glm_installer_call *call,
                             const struct glm_installer_sight *sight, int64_t held_ms)
{
    return glm_sprintf(
        call->arena,
        "Nobody has touched it for %s. Istio 1.24 and later has no operator: say installer = "
        "\"direct\" in this cluster's entry of the provider's `clusters`, and the provider makes "
        "the gateway itself. With Istio 1.23 or older, start an operator that serves revision "
        "\"%s\" and watches namespace %s, or read the log of the one that should have taken this "
        "up; then apply again. An operator that the cluster does not show is waited for a quarter "
        "of "
        "timeouts.%s, at least two minutes.",
        glm_clock_text(call->arena, held_ms),
        glm_revision_key(sight->pair->installation->control_plane), sight->looks[0].ref.namespace_,
        call->operation);
}

const char *operator_explain(const struct glm_installer_call *call,
                             const struct glm_installer_sight *sight,
                             const struct glm_installer_judgement *judgement, const void *notes,
                             int64_t held_ms)
{
    struct glm_text text;
    (void)notes;
    glm_text_init(&text, call->arena, EXPLAIN_MAX);
    for (size_t i = 0; i < sight->target_count; i++)
        add_lines(&text, istio_why(call, &sight->targets[i]));
    if (judgement->state != GLM_STATE_PENDING ||
        glm_reconciler_of(operator_found(sight)) != GLM_RECONCILER_NONE)
        return text.data;
    if (held_ms >= 0 && sight->pair->installation)
        add_lines(&text, untouched(call, sight, held_ms));
    add_blockers(call, &text);
    return text.data;
}
