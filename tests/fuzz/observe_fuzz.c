/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any JSON as what a cluster has: {live, owned, deployments, pods, events, healthy,
 * written, fields}. live is judged, projected onto owned, and searched for the fields.
 *
 * Holds:  no crash; messages are UTF-8 and never empty; only what is final is settled; an object
 *         projected onto itself is itself, projecting twice is projecting once, and an object owns
 *         together with itself what it owns alone.
 */
#include "../support/harmless.h"
#include "glm/codec.h"
#include "glm/observe.h"
#include "../../src/installer/istio/istio.h"
#include "../../src/installer/operator/operator.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void require_text(const char *text)
{
    require(is_harmless(text, true, GLM_SHOWN_LINES_MAX));
}

static void judge(struct glm_arena *arena, const struct glm_value *v, bool wanted)
{
    struct operator_judgement judgement;
    struct operator_observed o = {
        .wanted = wanted,
        .istio_operator = glm_get(v, "live"),
        .healthy = glm_string_or(glm_get(v, "healthy"), NULL),
        .written = glm_string_or(glm_get(v, "written"), NULL),
    };
    o.target_count = glm_targets(arena, o.istio_operator, &o.targets);
    const struct glm_value **deployments =
        GLM_NEW_ARRAY(arena, o.target_count, const struct glm_value *);
    for (size_t i = 0; i < o.target_count; i++)
        deployments[i] = glm_at(glm_get(v, "deployments"), i);
    o.deployments = deployments;
    operator_judge(arena, &o, &judgement);
    require(*judgement.message);
    require_text(judgement.message);
    require(!judgement.settled || (wanted && (judgement.state == GLM_STATE_HEALTHY ||
                                              judgement.state == GLM_STATE_FAILED ||
                                              judgement.state == GLM_STATE_UNHEALTHY ||
                                              judgement.state == GLM_STATE_ACTION_REQUIRED)));
    if (judgement.state == GLM_STATE_HEALTHY)
        require(glm_reconciler_of(o.istio_operator) != GLM_RECONCILER_NONE);
}

static void project(struct glm_arena *arena, const struct glm_value *live,
                    const struct glm_value *owned)
{
    const struct glm_value *shown = glm_project(arena, live, owned);
    require(glm_equal(glm_project(arena, shown, owned), shown));
    /* Without the API server's own. */
    const struct glm_value *own = glm_project(arena, owned, owned);
    require(glm_equal(glm_project(arena, own, own), own));
    require(glm_equal(glm_owned_union(arena, owned, owned), owned));
    glm_project(arena, live, glm_owned_union(arena, owned, live));
}

static void look_around(struct glm_arena *arena, const struct glm_value *v)
{
    const struct glm_value *deployments = glm_get(v, "deployments");
    const struct glm_control_plane *planes;
    const struct glm_operator *operators;
    size_t count = glm_control_planes(arena, deployments, glm_get(v, "events"), &planes);
    for (size_t i = 0; i < count; i++) {
        require(glm_control_plane_find(planes, count, planes[i].revision, NULL) != NULL);
        require_text(planes[i].version);
    }
    count = glm_operators(arena, deployments, &operators);
    for (size_t i = 0; i < count; i++)
        glm_operator_serves(&operators[i], "1-24", "istio-system");
    const char *blocked = glm_operator_blocked_by(arena, glm_get(v, "live"));
    require_text(blocked ? blocked : "");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)2 << 30);
    const struct glm_value *v;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    if (!glm_json_decode(arena, (const char *)data, size, "input", NULL, &v, &d))
        return 0;
    const struct glm_value *live = glm_get(v, "live"), *fields = glm_get(v, "fields");
    judge(arena, v, true);
    judge(arena, v, false);
    require_text(istio_why_not_ready(arena, glm_at(glm_get(v, "deployments"), 0),
                                     glm_get(v, "pods"), glm_get(v, "events")));
    project(arena, live, glm_get(v, "owned"));
    look_around(arena, v);
    for (size_t i = 0; glm_is_list(fields) && i < fields->len; i++)
        require(glm_value_at_field(live, glm_string_or(glm_at(fields, i), "")) != NULL);
    return 0;
}
