/* SPDX-License-Identifier: Apache-2.0
 *
 * Injection: a gateway whose image is "auto" is what an injector makes of its pods. Whether one of a cluster
 * would: the API server asks every webhook whose selectors fit the namespace and the pod, and a pod that
 * none is asked about stays as it is.
 *
 * Source: MutatingWebhookConfigurations as Istio's charts make them; Kubernetes' LabelSelector.
 */
#include "istio.h"

#include "glm/look.h"
#include "glm/shown.h"
#include "glm/text.h"

#include <string.h>

#define INJECTORS_MAX ((size_t)8 << 10)

/* ---- a selector, and labels ---- */

static bool is_in(const struct glm_value *values, const char *text)
{
    for (size_t i = 0; i < glm_live_count(values); i++)
        if (glm_string_is(glm_at(values, i), text))
            return true;
    return false;
}

static bool fits_expression(const struct glm_value *e, const struct glm_value *labels)
{
    const char *operator_ = glm_string_or(glm_get(e, "operator"), "");
    const char *has = glm_string_or(glm_get(labels, glm_string_or(glm_get(e, "key"), "")), NULL);
    if (strcmp(operator_, "Exists") == 0)
        return has;
    if (strcmp(operator_, "DoesNotExist") == 0)
        return !has;
    bool in = has && is_in(glm_get(e, "values"), has);
    return strcmp(operator_, "NotIn") == 0 ? !in : in;
}

static bool fits(const struct glm_value *selector, const struct glm_value *labels)
{
    const struct glm_value *match = glm_get(selector, "matchLabels");
    const struct glm_value *expressions = glm_get(selector, "matchExpressions");
    for (size_t i = 0; glm_is_map(match) && i < match->len; i++)
        if (!glm_equal(glm_get(labels, match->as.map[i].key), match->as.map[i].value))
            return false;
    for (size_t i = 0; i < glm_live_count(expressions); i++)
        if (!fits_expression(glm_at(expressions, i), labels))
            return false;
    return true;
}

bool istio_is_injected_by(const struct glm_value *webhooks, const struct glm_value *namespace_,
                          const struct glm_value *pod)
{
    for (size_t i = 0; i < glm_live_count(webhooks); i++) {
        const struct glm_value *list = glm_get(glm_at(webhooks, i), "webhooks");
        for (size_t w = 0; w < glm_live_count(list); w++)
            if (fits(glm_get(glm_at(list, w), "namespaceSelector"), namespace_) &&
                fits(glm_get(glm_at(list, w), "objectSelector"), pod))
                return true;
    }
    return false;
}

/* ---- of a gateway ---- */

bool istio_is_injected(const struct glm_value *deployment)
{
    return glm_string_is(glm_get(glm_live_container(deployment, "istio-proxy"), "image"), "auto");
}

/* The labels of a namespace: those that every one has, where it is not there yet. False: nobody knows. */
static bool namespace_labels(const struct glm_installer_call *call, const char *name,
                             const struct glm_value **ret)
{
    const struct glm_object_ref ref = {.kind = GLM_KIND_NAMESPACE, .name = name};
    struct glm_diags ignored;
    struct glm_read read;
    glm_diags_init(&ignored, call->arena);
    if (!call->cluster->ops->read(call->cluster, call->arena, &ref, &read, &ignored))
        return false;
    *ret = glm_with(call->arena, &glm_empty_map, "kubernetes.io/metadata.name",
                    glm_string(call->arena, name));
    if (read.found == GLM_FOUND)
        *ret = glm_get_path(read.object, "metadata", "labels", NULL);
    return true;
}

static const char *label_text(struct glm_arena *arena, const struct glm_value *labels,
                              const char *label)
{
    const char *value = glm_string_or(glm_get(labels, label), NULL);
    return value ? glm_sprintf(arena, "%s=%s", label, glm_shown(arena, value))
                 : glm_sprintf(arena, "no %s", label);
}

static const char *revisions_of(struct glm_arena *arena, const struct glm_value *webhooks)
{
    struct glm_text text;
    glm_text_init(&text, arena, INJECTORS_MAX);
    for (size_t i = 0; i < glm_live_count(webhooks); i++) {
        const char *tag = glm_live_label(glm_at(webhooks, i), "istio.io/tag");
        const char *revision = glm_live_label(glm_at(webhooks, i), "istio.io/rev");
        glm_text_addf(&text, "%s\"%s\"", text.len ? ", " : "",
                      glm_shown(arena, *tag ? tag : revision));
    }
    return text.len ? text.data : "none";
}

const char *istio_not_injected(const struct glm_installer_call *call,
                               const struct glm_value *deployment)
{
    struct glm_arena *arena = call->arena;
    const struct glm_selection revisions = {.labels = "istio.io/rev"};
    const struct glm_value *webhooks, *namespace_;
    const struct glm_value *pod =
        glm_get_path(deployment, "spec", "template", "metadata", "labels", NULL);
    const char *name = glm_live_namespace(deployment);
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    if (!istio_is_injected(deployment) ||
        !glm_cluster_list(call->cluster, arena, GLM_KIND_MUTATING_WEBHOOK, &revisions, &webhooks,
                          NULL, &ignored) ||
        !namespace_labels(call, name, &namespace_) ||
        istio_is_injected_by(webhooks, namespace_, pod))
        return NULL;
    return glm_sprintf(
        arena,
        "The pods of Deployment %s have the image \"auto\", which an injector of Istio fills in, "
        "and none of "
        "this cluster takes them up: namespace %s has %s and %s, and the pods have %s. Injectors "
        "that are there: %s. Label the namespace with istio.io/rev and one of these (or with "
        "istio-injection=enabled, for the default one), or install the control plane.",
        glm_live_place(arena, deployment), name, label_text(arena, namespace_, "istio.io/rev"),
        label_text(arena, namespace_, "istio-injection"), label_text(arena, pod, "istio.io/rev"),
        revisions_of(arena, webhooks));
}

/* ---- of its pods ---- */

static bool waits_as_it_is(const struct glm_value *pod)
{
    const struct glm_value *containers = glm_get_path(pod, "spec", "containers", NULL);
    const struct glm_value *ready = glm_live_condition(pod, "Ready");
    if (glm_string_is(glm_get(ready, "status"), "True"))
        return false;
    for (size_t i = 0; i < glm_live_count(containers); i++)
        if (glm_string_is(glm_get(glm_at(containers, i), "image"), "auto"))
            return true;
    return false;
}

const char *istio_pod_not_injected(const struct glm_installer_call *call,
                                   const struct glm_value *deployment)
{
    const struct glm_selection selection = {
        .namespace_ = glm_live_namespace(deployment),
        .labels = glm_live_selector(
            call->arena, glm_get_path(deployment, "spec", "selector", "matchLabels", NULL)),
        .fresh = true};
    if (!istio_is_injected(deployment) || !*selection.labels)
        return NULL;
    const struct glm_value *pods =
        glm_cluster_list_if_allowed(call->cluster, call->arena, GLM_KIND_POD, &selection);
    for (size_t i = 0; i < pods->len; i++)
        if (waits_as_it_is(glm_at(pods, i)))
            return glm_live_place(call->arena, glm_at(pods, i));
    return NULL;
}
