/* SPDX-License-Identifier: Apache-2.0
 *
 * Istio operators that run in a cluster: which revisions and namespaces they take, and what stops
 * them.
 *
 * Source: the operator of Istio 1.22 and 1.23: the command `operator server`; REVISION and
 *         WATCH_NAMESPACE in its environment; one IstioOperator that its typed decoder cannot read
 *         stops the informer for all of them.
 */
#include "glm/observe.h"
#include "internal.h"

#include <string.h>

static const char *environment(const struct glm_value *container, const char *name)
{
    const struct glm_value *list = glm_get(container, "env");
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        if (glm_string_is(glm_get(list->as.list[i], "name"), name))
            return glm_string_or(glm_get(list->as.list[i], "value"), "");
    return NULL;
}

/* "gcr.io/istio-testing/operator:1.23.6" */
static bool is_operator_image(const char *image)
{
    const char *slash = strrchr(image, '/');
    const char *base = slash ? slash + 1 : image;
    size_t len = strcspn(base, ":@");
    return len == strlen("operator") && strncmp(base, "operator", len) == 0;
}

/* The container that is the operator; NULL: there is none. */
static const struct glm_value *operator_container(const struct glm_value *deployment)
{
    const struct glm_value *containers =
        glm_get_path(deployment, "spec", "template", "spec", "containers", NULL);
    for (size_t i = 0; glm_is_list(containers) && i < containers->len; i++) {
        const struct glm_value *c = containers->as.list[i];
        if (environment(c, "WATCH_NAMESPACE") &&
            (environment(c, "OPERATOR_NAME") ||
             is_operator_image(glm_string_or(glm_get(c, "image"), ""))))
            return c;
    }
    return NULL;
}

static size_t split(struct glm_arena *arena, const char *text, const char *const **ret_items)
{
    const char **items = GLM_NEW_ARRAY(arena, strlen(text) / 2 + 1, const char *);
    size_t count = 0;
    while (*text) {
        size_t len = strcspn(text, ",");
        size_t begin = strspn(text, " ");
        if (begin < len)
            items[count++] = glm_strndup(arena, text + begin, len - begin);
        text += len + (text[len] == ',');
    }
    *ret_items = items;
    return count;
}

size_t glm_operators(struct glm_arena *arena, const struct glm_value *deployments,
                     const struct glm_operator **ret_operators)
{
    size_t most = glm_is_list(deployments) ? deployments->len : 0, count = 0;
    struct glm_operator *all = GLM_NEW_ARRAY(arena, most, struct glm_operator);
    for (size_t i = 0; i < most; i++) {
        const struct glm_value *d = deployments->as.list[i];
        const struct glm_value *container = operator_container(d);
        if (!container)
            continue;
        struct glm_operator *op = &all[count++];
        const char *revision = environment(container, "REVISION");
        int64_t available = 0;
        glm_number_int64(glm_get_path(d, "status", "availableReplicas", NULL), &available);
        *op = (struct glm_operator){
            .namespace_ = glm_string_or(glm_get_path(d, "metadata", "namespace", NULL), ""),
            .name = glm_string_or(glm_get_path(d, "metadata", "name", NULL), ""),
            .revision = revision ? revision : "",
            .ready = available > 0};
        op->watched_count = split(arena, environment(container, "WATCH_NAMESPACE"), &op->watched);
    }
    *ret_operators = all;
    return count;
}

bool glm_operator_serves(const struct glm_operator *op, const char *revision,
                         const char *namespace_)
{
    if (*op->revision && strcmp(op->revision, revision) != 0)
        return false;
    for (size_t i = 0; i < op->watched_count; i++)
        if (strcmp(op->watched[i], namespace_) == 0)
            return true;
    return op->watched_count == 0;
}

const char *glm_operator_blocked_by(struct glm_arena *arena, const struct glm_value *istio_operator)
{
    struct glm_diags d;
    glm_diags_init(&d, arena);
    const struct glm_value *spec = glm_get(istio_operator, "spec");
    if (!glm_is_map(spec) || glm_iop_check(arena, spec, NULL, false, &d))
        return NULL;
    for (const struct glm_diag *e = d.first; e; e = e->next)
        if (e->severity == GLM_ERROR)
            return e->detail;
    return NULL;
}
