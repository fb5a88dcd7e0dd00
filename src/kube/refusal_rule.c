/* SPDX-License-Identifier: Apache-2.0
 *
 * The Role or ClusterRole that would have allowed a request, ready to be applied.
 *
 * Owner:  texts live in the arena given.
 * Errors: none.
 * Thread: no shared state.
 * Source: Kubernetes' RBAC; a server-side apply needs `patch`, and `create` for what is not there.
 */
#include "store.h"

#include <string.h>

#define ROLE "terraform-provider-glm"
#define ACCOUNT "system:serviceaccount:"
#define USER_SHOWN_MAX 256

/* All that is done with objects of a kind, so that one rule is enough. Namespaces stay. */
static const char *verbs(enum glm_object_kind kind)
{
    if (kind == GLM_KIND_NAMESPACE)
        return "\"get\", \"list\", \"watch\", \"create\", \"patch\"";
    if (kind == GLM_KIND_ISTIO_OPERATOR || kind == GLM_KIND_SERVICE)
        return "\"get\", \"list\", \"watch\", \"create\", \"patch\", \"delete\"";
    return "\"get\", \"list\", \"watch\"";
}

/* The user in `... is forbidden: User "x" cannot ...`; NULL: the message names none. */
static const char *user_of(struct glm_arena *arena, const char *message)
{
    const char *user = strstr(message, "User \"");
    if (!user)
        return NULL;
    user += strlen("User \"");
    const char *end = strstr(user, "\" cannot ");
    return end && end > user && end - user < USER_SHOWN_MAX
               ? glm_strndup(arena, user, (size_t)(end - user))
               : NULL;
}

/* Fit to stand in single quotes in a shell. */
static bool plain(const char *text)
{
    return !text[strcspn(text, "'\n\r\\")];
}

/* "--serviceaccount=ns:name", or "--user='x'". */
static const char *subject(struct glm_arena *arena, const char *user)
{
    if (!user || !plain(user))
        return "--user=USER";
    if (strncmp(user, ACCOUNT, strlen(ACCOUNT)) == 0)
        return glm_sprintf(arena, "--serviceaccount='%s'", user + strlen(ACCOUNT));
    return glm_sprintf(arena, "--user='%s'", user);
}

const char *refusal_rule(struct glm_arena *arena, const struct kube_request *request,
                         const char *message)
{
    const char *namespace_ = request->namespace_;
    const char *bind = subject(arena, user_of(arena, message));
    struct glm_text text;
    glm_text_init(&text, arena, SIZE_MAX / 4);
    glm_text_addf(&text,
                  "  apiVersion: rbac.authorization.k8s.io/v1\n"
                  "  kind: %s\n"
                  "  metadata:\n"
                  "    name: " ROLE "-%s\n",
                  namespace_ ? "Role" : "ClusterRole", url_resource(request->kind));
    if (namespace_)
        glm_text_addf(&text, "    namespace: %s\n", namespace_);
    glm_text_addf(&text,
                  "  rules:\n"
                  "  - apiGroups: [\"%s\"]\n"
                  "    resources: [\"%s\"]\n"
                  "    verbs: [%s]\n\n",
                  url_group(arena, request->kind), url_resource(request->kind),
                  verbs(request->kind));
    if (namespace_)
        glm_text_addf(&text, "  kubectl -n %s create rolebinding " ROLE "-%s --role=" ROLE "-%s %s",
                      namespace_, url_resource(request->kind), url_resource(request->kind), bind);
    else
        glm_text_addf(
            &text, "  kubectl create clusterrolebinding " ROLE "-%s --clusterrole=" ROLE "-%s %s",
            url_resource(request->kind), url_resource(request->kind), bind);
    return text.data;
}
