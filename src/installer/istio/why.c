/* SPDX-License-Identifier: Apache-2.0
 *
 * Why a gateway is not ready, in the words of Kubernetes: one line for each thing there is to say.
 *
 * What:   the Deployment's conditions, then its Pods, then the last Warning events of them, newest
 *         first and each reason once; those of its autoscaler only when nothing else is said.
 *         Times are the objects' own.
 */
#include "istio.h"

#include "glm/look.h"
#include "glm/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PODS_MAX 5   /* that are described; the others are counted */
#define EVENTS_MAX 5 /* the newest */
#define EVENTS_SEEN_MAX 500
#define WHY_MAX ((size_t)32 << 10)

struct why {
    struct glm_arena *arena;
    struct glm_text text;
};

static const char *text_at(const struct glm_value *map, const char *key)
{
    return glm_string_or(glm_get(map, key), "");
}

/* The words of an object at key: on one line and not endless. */
static const char *said_at(struct why *w, const struct glm_value *map, const char *key)
{
    return glm_said(w->arena, text_at(map, key));
}

static void line(struct why *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void line(struct why *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = glm_vsprintf(w->arena, format, args);
    va_end(args);
    glm_text_adds(&w->text, glm_sprintf(w->arena, "%s%s", w->text.len ? "\n" : "", text));
}

/* ": message", "" when there is none. */
static const char *after_colon(struct why *w, const char *message)
{
    return *message ? glm_sprintf(w->arena, ": %s", message) : "";
}

/* ---- the Deployment ---- */

static void condition(struct why *w, const struct glm_value *deployment, const char *type,
                      const char *bad)
{
    const struct glm_value *c = glm_live_condition(deployment, type);
    if (!glm_string_is(glm_get(c, "status"), bad))
        return;
    line(w, "Deployment %s: %s=%s%s, %s%s", glm_live_place(w->arena, deployment), type, bad,
         glm_since(w->arena, text_at(c, "lastTransitionTime")), said_at(w, c, "reason"),
         after_colon(w, said_at(w, c, "message")));
}

/* ---- Pods ---- */

static const char *last_end(struct why *w, const struct glm_value *status)
{
    const struct glm_value *end = glm_get_path(status, "lastState", "terminated", NULL);
    const char *at = said_at(w, end, "finishedAt");
    if (!glm_is_map(end))
        return "";
    return glm_sprintf(w->arena, "; it last ended with exit code %" PRId64 " (%s)%s%s%s",
                       glm_live_integer(end, "exitCode", -1), said_at(w, end, "reason"),
                       *at ? " at " : "", at, after_colon(w, said_at(w, end, "message")));
}

static void container(struct why *w, const char *pod, const struct glm_value *status)
{
    const struct glm_value *waiting = glm_get_path(status, "state", "waiting", NULL);
    const struct glm_value *ended = glm_get_path(status, "state", "terminated", NULL);
    const struct glm_value *running = glm_get_path(status, "state", "running", NULL);
    const char *name = said_at(w, status, "name");
    int64_t exit_code = glm_live_integer(ended, "exitCode", 0);
    if (glm_is_map(waiting)) {
        const char *reason = text_at(waiting, "reason");
        const char *image = strstr(reason, "Image") ? said_at(w, status, "image") : "";
        line(w, "Pod %s: container %s waits: %s%s%s%s%s", pod, name, glm_said(w->arena, reason),
             *image ? " of " : "", image, after_colon(w, said_at(w, waiting, "message")),
             last_end(w, status));
    } else if (glm_is_map(ended) && exit_code != 0) {
        line(w, "Pod %s: container %s ended with exit code %" PRId64 " (%s)%s", pod, name,
             exit_code, said_at(w, ended, "reason"), after_colon(w, said_at(w, ended, "message")));
    } else if (glm_is_map(running) && glm_is_false(glm_get(status, "ready"))) {
        line(w, "Pod %s: container %s runs%s but is not ready (%" PRId64 " restarts)%s", pod, name,
             glm_since(w->arena, text_at(running, "startedAt")),
             glm_live_integer(status, "restartCount", 0), last_end(w, status));
    }
}

static void describe_pod(struct why *w, const struct glm_value *pod)
{
    static const char *const lists[] = {"initContainerStatuses", "containerStatuses"};
    const char *place = glm_live_place(w->arena, pod);
    const struct glm_value *status = glm_get(pod, "status");
    const struct glm_value *scheduled = glm_live_condition(pod, "PodScheduled");
    size_t before = w->text.len;
    if (glm_string_is(glm_get(scheduled, "status"), "False"))
        line(w, "Pod %s: %s%s%s", place, said_at(w, scheduled, "reason"),
             glm_since(w->arena, text_at(scheduled, "lastTransitionTime")),
             after_colon(w, said_at(w, scheduled, "message")));
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        const struct glm_value *statuses = glm_get(status, lists[l]);
        for (size_t i = 0; i < glm_live_count(statuses); i++)
            container(w, place, glm_at(statuses, i));
    }
    if (w->text.len == before)
        line(w, "Pod %s: %s, not ready%s%s", place,
             *text_at(status, "phase") ? said_at(w, status, "phase") : "no phase yet",
             *text_at(status, "reason") ? ", " : "", said_at(w, status, "reason"));
}

static bool is_in_trouble(const struct glm_value *pod)
{
    const struct glm_value *ready = glm_live_condition(pod, "Ready");
    return glm_is_map(pod) && !glm_has(glm_get(pod, "metadata"), "deletionTimestamp") &&
           !glm_string_is(glm_get(ready, "status"), "True");
}

static void describe_pods(struct why *w, const struct glm_value *pods)
{
    size_t count = 0;
    for (size_t i = 0; i < glm_live_count(pods); i++)
        if (is_in_trouble(glm_at(pods, i)) && ++count <= PODS_MAX)
            describe_pod(w, glm_at(pods, i));
    if (count > PODS_MAX)
        line(w, "%zu more pods are not ready", count - PODS_MAX);
}

/* ---- events ---- */

/* The API server's times are all UTC; without fractions, they compare as texts. */
static const char *event_time(const struct glm_value *event)
{
    const char *time = glm_string_or(glm_get_path(event, "series", "lastObservedTime", NULL), "");
    if (!*time)
        time = text_at(event, "lastTimestamp");
    if (!*time)
        time = text_at(event, "eventTime");
    if (!*time)
        time = glm_string_or(glm_get_path(event, "metadata", "creationTimestamp", NULL), "");
    return time;
}

static int newest_first(const void *a, const void *b)
{
    const struct glm_value *x = *(const struct glm_value *const *)a;
    const struct glm_value *y = *(const struct glm_value *const *)b;
    int order = strncmp(event_time(y), event_time(x), strlen("2006-01-02T15:04:05"));
    return order ? order : strcmp(glm_live_name(x), glm_live_name(y));
}

/* " (12 times since TIME)", "" for once. */
static const char *how_often(struct why *w, const struct glm_value *event)
{
    int64_t count =
        glm_live_integer(glm_get(event, "series"), "count", glm_live_integer(event, "count", 1));
    const char *first = text_at(event, "firstTimestamp");
    if (!*first)
        first = text_at(event, "eventTime");
    if (count < 2)
        return "";
    return glm_sprintf(w->arena, " (%" PRId64 " times%s)", count, glm_since(w->arena, first));
}

/* The same of another pod, or of the same again: a crash or a missing metric is told once. */
static bool is_said(const struct glm_value *const *events, size_t index)
{
    const struct glm_value *kind = glm_get_path(events[index], "involvedObject", "kind", NULL);
    const struct glm_value *reason = glm_get(events[index], "reason");
    for (size_t i = 0; i < index && i < EVENTS_SEEN_MAX; i++)
        if (glm_equal(glm_get(events[i], "reason"), reason) &&
            glm_equal(glm_get_path(events[i], "involvedObject", "kind", NULL), kind))
            return true;
    return false;
}

/* A map with the names of the pods as keys. */
static const struct glm_value *names_of(struct glm_arena *arena, const struct glm_value *pods)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < glm_live_count(pods); i++)
        glm_map_append(&b, glm_live_name(glm_at(pods, i)), 0, 0, &glm_true);
    return glm_map_finish(&b, NULL);
}

/* Events outlive the pods that they are about. pods: their names. */
static bool is_of_gone_pod(const struct glm_value *event, const struct glm_value *pods)
{
    const struct glm_value *object = glm_get(event, "involvedObject");
    const struct glm_value *name = glm_get(object, "name");
    return glm_string_is(glm_get(object, "kind"), "Pod") && pods->len > 0 &&
           !(glm_is_string(name) && glm_has(pods, name->as.text));
}

/* An event's object belongs to the Deployment, as far as its name tells: the namespace has other
 * gateways, too. The controllers append one part for a ReplicaSet, two for a Pod. */
static bool is_of_other(const struct glm_value *event, const struct glm_value *deployment)
{
    static const struct {
        const char *kind;
        int parts;
    } rules[] = {{"Deployment", 0},
                 {"HorizontalPodAutoscaler", 0},
                 {"PodDisruptionBudget", 0},
                 {"ReplicaSet", 1},
                 {"Pod", 2}};
    const struct glm_value *object = glm_get(event, "involvedObject");
    const char *name = text_at(object, "name"), *owner = glm_live_name(deployment);
    size_t len = strlen(name);
    for (size_t i = 0; *owner && i < sizeof rules / sizeof *rules; i++) {
        if (!glm_string_is(glm_get(object, "kind"), rules[i].kind))
            continue;
        for (int part = 0; part < rules[i].parts; part++)
            while (len > 0 && name[--len] != '-')
                ;
        return len != strlen(owner) || strncmp(name, owner, len) != 0;
    }
    return false;
}

static bool is_of_autoscaler(const struct glm_value *event)
{
    return glm_string_is(glm_get_path(event, "involvedObject", "kind", NULL),
                         "HorizontalPodAutoscaler");
}

/* Warnings about the Deployment and what it made, newest first. */
static size_t warnings_of(struct why *w, const struct glm_value *events,
                          const struct glm_value *deployment, const struct glm_value *pods,
                          const struct glm_value ***ret_warnings)
{
    size_t count = 0;
    const struct glm_value *names = names_of(w->arena, pods);
    const struct glm_value **warnings =
        GLM_NEW_ARRAY(w->arena, glm_live_count(events), const struct glm_value *);
    for (size_t i = 0; i < glm_live_count(events); i++) {
        const struct glm_value *event = glm_at(events, i);
        if (glm_string_is(glm_get(event, "type"), "Warning") && !is_of_gone_pod(event, names) &&
            !is_of_other(event, deployment))
            warnings[count++] = event;
    }
    if (count > 1)
        qsort(warnings, count, sizeof *warnings, newest_first);
    *ret_warnings = warnings;
    return count;
}

static void describe_events(struct why *w, const struct glm_value *const *warnings, size_t count,
                            bool of_autoscaler)
{
    for (size_t i = 0, said = 0; i < count && said < EVENTS_MAX; i++) {
        const char *message = said_at(w, warnings[i], "message");
        if (is_of_autoscaler(warnings[i]) != of_autoscaler || is_said(warnings, i) ||
            (*message && strstr(w->text.data, message)))
            continue;
        said++;
        const struct glm_value *object = glm_get(warnings[i], "involvedObject");
        line(w, "%s %s %s: %s%s%s", glm_said(w->arena, event_time(warnings[i])),
             said_at(w, object, "kind"), said_at(w, object, "name"),
             said_at(w, warnings[i], "reason"), how_often(w, warnings[i]), after_colon(w, message));
    }
}

const char *istio_why_not_ready(struct glm_arena *arena, const struct glm_value *deployment,
                                const struct glm_value *pods, const struct glm_value *events)
{
    struct why w = {.arena = arena};
    glm_text_init(&w.text, arena, WHY_MAX);
    condition(&w, deployment, "Available", "False");
    condition(&w, deployment, "Progressing", "False");
    condition(&w, deployment, "ReplicaFailure", "True");
    size_t conditions = w.text.len;
    describe_pods(&w, pods);
    const struct glm_value **warnings;
    size_t count = warnings_of(&w, events, deployment, pods, &warnings);
    describe_events(&w, warnings, count, false);
    if (w.text.len == conditions) /* metrics that are missing keep no pod from being ready */
        describe_events(&w, warnings, count, true);
    return w.text.data;
}

const char *istio_why(const struct glm_installer_call *call,
                      const struct glm_installer_look *deployment)
{
    struct glm_arena *arena = call->arena;
    const char *selector = glm_live_selector(
        arena, glm_get_path(deployment->read.object, "spec", "selector", "matchLabels", NULL));
    if (!*selector)
        return "";
    const struct glm_selection pods = {
        .namespace_ = deployment->ref.namespace_, .labels = selector, .fresh = true};
    const struct glm_selection warnings = {
        .namespace_ = deployment->ref.namespace_, .fields = "type=Warning", .fresh = true};
    return istio_why_not_ready(
        arena, deployment->read.object,
        glm_cluster_list_if_allowed(call->cluster, arena, GLM_KIND_POD, &pods),
        glm_cluster_list_if_allowed(call->cluster, arena, GLM_KIND_EVENT, &warnings));
}
