/* SPDX-License-Identifier: Apache-2.0
 *
 * Why a gateway is not ready, in Kubernetes' own words: conditions, Pods, the last events.
 */
#include "judge.h"

#include <stdlib.h>
#include <string.h>

#define EVENTS_SHOWN 5
#define TEXT_MAX ((size_t)400)

static void line(struct glm_text *text, const char *what, const char *name, const char *reason,
                 const char *message)
{
    size_t len = strcspn(message, "\n");
    glm_text_addf(text, "%s%s%s%s: %s", text->len ? "\n" : "", what, *name ? " " : "", name,
                  reason);
    if (*message)
        glm_text_addf(text, ": %.*s%s", (int)(len < TEXT_MAX ? len : TEXT_MAX), message,
                      len > TEXT_MAX ? "..." : "");
}

static void add_conditions(struct glm_text *text, const struct glm_value *deployment)
{
    static const struct {
        const char *type, *bad;
    } conditions[] = {{"Available", "False"}, {"Progressing", "False"}, {"ReplicaFailure", "True"}};
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        const struct glm_value *c = condition_of(deployment, conditions[i].type);
        if (glm_string_is(glm_get(c, "status"), conditions[i].bad))
            line(text, "Deployment",
                 glm_string_or(glm_get_path(deployment, "metadata", "name", NULL), ""),
                 glm_string_or(glm_get(c, "reason"), conditions[i].type),
                 glm_string_or(glm_get(c, "message"), ""));
    }
}

static void add_containers(struct glm_text *text, const struct glm_value *pod, const char *name,
                           const char *list)
{
    const struct glm_value *statuses = glm_get_path(pod, "status", list, NULL);
    for (size_t i = 0; glm_is_list(statuses) && i < statuses->len; i++) {
        const struct glm_value *waiting =
            glm_get_path(statuses->as.list[i], "state", "waiting", NULL);
        const struct glm_value *ended =
            glm_get_path(statuses->as.list[i], "lastState", "terminated", NULL);
        const char *reason = glm_string_or(glm_get(waiting, "reason"), "");
        const char *message = glm_string_or(glm_get(waiting, "message"), "");
        if (*reason && strcmp(reason, "PodInitializing") != 0)
            line(text, "Pod", name, reason,
                 *message ? message : glm_string_or(glm_get(ended, "reason"), ""));
    }
}

static void add_pods(struct glm_text *text, const struct glm_value *pods)
{
    for (size_t i = 0; glm_is_list(pods) && i < pods->len; i++) {
        const struct glm_value *pod = pods->as.list[i];
        const char *name = glm_string_or(glm_get_path(pod, "metadata", "name", NULL), "");
        const struct glm_value *scheduled = condition_of(pod, "PodScheduled");
        if (glm_string_is(glm_get(scheduled, "status"), "False"))
            line(text, "Pod", name, glm_string_or(glm_get(scheduled, "reason"), "not scheduled"),
                 glm_string_or(glm_get(scheduled, "message"), ""));
        add_containers(text, pod, name, "initContainerStatuses");
        add_containers(text, pod, name, "containerStatuses");
    }
}

/* ---- events ---- */

static const char *time_of(const struct glm_value *event)
{
    static const char *const fields[] = {"lastTimestamp", "eventTime", "firstTimestamp"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *time = glm_string_or(glm_get(event, fields[i]), "");
        if (*time)
            return time;
    }
    return glm_string_or(glm_get_path(event, "metadata", "creationTimestamp", NULL), "");
}

static int newest_first(const void *a, const void *b)
{
    return strcmp(time_of(*(const struct glm_value *const *)b),
                  time_of(*(const struct glm_value *const *)a));
}

/* About the Deployment, or about something that was made for it: its ReplicaSets and Pods. */
static bool is_about(const struct glm_value *event, const char *deployment)
{
    const char *name = glm_string_or(glm_get_path(event, "involvedObject", "name", NULL), "");
    size_t len = strlen(deployment);
    return strncmp(name, deployment, len) == 0 && (name[len] == '\0' || name[len] == '-');
}

static void add_events(struct glm_arena *arena, struct glm_text *text,
                       const struct glm_value *events, const char *deployment)
{
    size_t count = 0, most = glm_is_list(events) ? events->len : 0;
    const struct glm_value **about = GLM_NEW_ARRAY(arena, most, const struct glm_value *);
    for (size_t i = 0; i < most; i++)
        if (is_about(events->as.list[i], deployment) &&
            !glm_string_is(glm_get(events->as.list[i], "type"), "Normal"))
            about[count++] = events->as.list[i];
    if (count > 1)
        qsort(about, count, sizeof *about, newest_first);
    for (size_t i = 0; i < count && i < EVENTS_SHOWN; i++) {
        int64_t times = 1;
        glm_number_int64(glm_get(about[i], "count"), &times);
        const char *reason = glm_sprintf(arena, "%s (%lld times, last %s)",
                                         glm_string_or(glm_get(about[i], "reason"), "?"),
                                         (long long)times, time_of(about[i]));
        line(text, "Event",
             glm_string_or(glm_get_path(about[i], "involvedObject", "name", NULL), ""), reason,
             glm_string_or(glm_get(about[i], "message"), ""));
    }
}

const char *glm_why_not_ready(struct glm_arena *arena, const struct glm_value *deployment,
                              const struct glm_value *pods, const struct glm_value *events)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)64 << 10);
    add_conditions(&text, deployment);
    add_pods(&text, pods);
    const char *name = glm_string_or(glm_get_path(deployment, "metadata", "name", NULL), "");
    if (*name)
        add_events(arena, &text, events, name);
    return glm_utf8_clean(arena, text.data, text.len);
}
