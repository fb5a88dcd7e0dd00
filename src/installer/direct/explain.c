/* SPDX-License-Identifier: Apache-2.0
 *
 * Explain: what is said of a pair that was waited for in vain, besides its state: why its Pods are not ready,
 * and of those that nobody has injected that this is why.
 */
#include "../istio/istio.h"
#include "direct.h"
#include "glm/text.h"

#define EXPLAIN_MAX ((size_t)256 << 10)

static void add_lines(struct glm_text *text, const char *lines)
{
    glm_text_addf(text, "%s%s", text->len && *lines ? "\n" : "", lines);
}

/* Not seen in the Deployment: pods that nobody has injected, which nobody will. */
bool direct_give_up(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                    void *notes)
{
    (void)notes;
    for (size_t i = 0; i < sight->look_count; i++)
        if (istio_pod_not_injected(call, sight->looks[i].read.object))
            return true;
    return false;
}

const char *direct_explain(const struct glm_installer_call *call,
                           const struct glm_installer_sight *sight,
                           const struct glm_installer_judgement *judgement, const void *notes,
                           int64_t held_ms)
{
    struct glm_text text;
    (void)judgement;
    (void)notes;
    (void)held_ms;
    glm_text_init(&text, call->arena, EXPLAIN_MAX);
    for (size_t i = 0; i < sight->look_count; i++) {
        const struct glm_value *deployment = sight->looks[i].read.object;
        const char *pod = istio_pod_not_injected(call, deployment);
        const char *why = pod ? istio_not_injected(call, deployment) : NULL;
        if (pod)
            add_lines(
                &text,
                glm_sprintf(call->arena,
                            "Pod %s: its image is still \"auto\": no injector has filled it in. %s",
                            pod, why ? why : "Its events, and the log of istiod, say why."));
        add_lines(&text, istio_why(call, &sight->looks[i]));
    }
    return text.data;
}
