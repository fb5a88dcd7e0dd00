/* SPDX-License-Identifier: Apache-2.0
 *
 * What an API server warns of when something is written: deprecated fields, admission policies and
 * webhooks that warn. Shown as kubectl shows it, each text once for each cluster.
 *
 * Owner:  the texts that were said are in an arena of their own, as long as the cluster lives.
 * Thread: one lock.
 * Source: Kubernetes' warning headers: 299, the agent "-", and the text in quotes; an API server
 *         sends no more than 4 KiB of them with one answer.
 */
#include "internal.h"

#include <string.h>

#define TEXTS_MAX 64                 /* different ones that are shown of one cluster */
#define SAID_LIMIT ((size_t)1 << 20) /* malformed bytes become three, and all are of the longest */

struct said {
    struct said *next;
    const char *text;
};

struct live_warnings {
    struct glm_arena *arena;
    pthread_mutex_t lock;
    struct said *said;
    size_t count;
};

struct live_warnings *live_warnings_create(void)
{
    struct glm_arena *arena = glm_arena_create(SAID_LIMIT);
    struct live_warnings *warnings = GLM_NEW(arena, struct live_warnings);
    warnings->arena = arena;
    pthread_mutex_init(&warnings->lock, NULL);
    return warnings;
}

void live_warnings_destroy(struct live_warnings *warnings)
{
    pthread_mutex_destroy(&warnings->lock);
    glm_arena_destroy(warnings->arena);
}

/* Whether to say it; the first that is one too many is said to be that. Under the lock. */
static bool is_new(struct live_warnings *warnings, const char *text)
{
    for (const struct said *s = warnings->said; s; s = s->next)
        if (strcmp(s->text, text) == 0)
            return false;
    if (warnings->count > TEXTS_MAX)
        return false;
    struct said *s = GLM_NEW(warnings->arena, struct said);
    s->text = glm_strdup(warnings->arena, text);
    s->next = warnings->said;
    warnings->said = s;
    warnings->count++;
    return true;
}

void live_warnings_tell(struct live_warnings *warnings, const char *cluster, const char *doing,
                        const struct http_response *response, struct glm_diags *d)
{
    for (size_t i = 0; i < response->warning_count; i++) {
        const char *text = response->warnings[i];
        pthread_mutex_lock(&warnings->lock);
        bool tell = is_new(warnings, text);
        bool last = warnings->count > TEXTS_MAX;
        pthread_mutex_unlock(&warnings->lock);
        if (tell && last)
            glm_warn(d, NULL, "More warnings of an API server",
                     "Cluster \"%s\" has warned of more than %d different things; no more of them "
                     "are shown.",
                     cluster, TEXTS_MAX);
        else if (tell)
            glm_warn(d, NULL, "Warning of an API server", "Cluster \"%s\", asked to %s: %s",
                     cluster, doing, text);
    }
}

void live_tell_warnings(struct live *live, const struct kube_request *request,
                        const struct kube_answer *answer, struct glm_diags *d)
{
    if (answer->http.warning_count > 0)
        live_warnings_tell(live->warnings, live->cluster.name, api_refusal_doing(d->arena, request),
                           &answer->http, d);
}
