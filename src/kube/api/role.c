/* SPDX-License-Identifier: Apache-2.0
 *
 * The ClusterRole that would have allowed a request, ready to be applied. It has all that this
 * provider does in a cluster: a rule for one kind only would be followed by the next refusal, and a
 * Role needs a namespace that may not be there yet.
 *
 * Owner:  texts live in the arena given.
 * Errors: none.
 * Thread: no shared state.
 * Source: Kubernetes' RBAC; a server-side apply needs `patch`, and `create` for what is not there.
 */
#include "internal.h"

#include <string.h>

#define ROLE "terraform-provider-glm"
#define ACCOUNT "system:serviceaccount:"
#define USER_SHOWN_MAX 256

/* All that is done with objects of a kind, so that one rule is enough. */
static void add_rule(struct glm_text *text, const struct glm_object_kind *kind)
{
    const char *verbs = !kind->order  ? ""
                        : kind->stays ? ", \"create\", \"patch\""
                                      : ", \"create\", \"patch\", \"delete\"";
    glm_text_addf(text,
                  "  - {apiGroups: [\"%s\"], resources: [\"%s\"], verbs: [\"get\", \"list\", "
                  "\"watch\"%s]}\n",
                  url_group(text->arena, kind), kind->plural, verbs);
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

/* A webhook or a policy may say "cannot", too. */
bool refusal_is_of_rights(const char *message)
{
    const char *user = strstr(message, "User \"");
    return user && strstr(user, "\" cannot ");
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

const char *refusal_rule(struct glm_arena *arena, const char *message,
                         const struct glm_object_kind *const *kinds)
{
    bool given = kinds != NULL;
    struct glm_text text;
    glm_text_init(&text, arena, SIZE_MAX / 4);
    glm_text_addf(&text, "  apiVersion: rbac.authorization.k8s.io/v1\n"
                         "  kind: ClusterRole\n"
                         "  metadata:\n"
                         "    name: " ROLE "\n"
                         "  rules:\n");
    for (; kinds && *kinds; kinds++)
        add_rule(&text, *kinds);
    for (const struct glm_object_kind *kind = glm_object_kinds; !given && kind->name; kind++)
        add_rule(&text, kind);
    glm_text_addf(&text, "\n  kubectl create clusterrolebinding " ROLE " --clusterrole=" ROLE " %s",
                  subject(arena, user_of(arena, message)));
    return text.data;
}

/* What stands between the mark and the next quotation mark, fit to stand in quotes; NULL: nothing
 * such. */
static const char *quoted_after(struct glm_arena *arena, const char *message, const char *mark)
{
    const char *from = strstr(message, mark);
    if (!from)
        return NULL;
    from += strlen(mark);
    size_t len = strcspn(from, "\"");
    const char *text = glm_strndup(arena, from, len);
    return len < USER_SHOWN_MAX && from[len] && plain(text) ? text : NULL;
}

const char *refusal_impersonation(struct glm_arena *arena, const char *message,
                                  const struct glm_value *status)
{
    const char *resource = quoted_after(arena, message, " cannot impersonate resource \"");
    const char *group = quoted_after(arena, message, "\" in API group \"");
    const char *name = glm_string_or(glm_get_path(status, "details", "name", NULL), "");
    bool named = *name && strlen(name) < USER_SHOWN_MAX && plain(name) && !strchr(name, '"');
    return glm_sprintf(
        arena,
        "  apiVersion: rbac.authorization.k8s.io/v1\n"
        "  kind: ClusterRole\n"
        "  metadata:\n"
        "    name: " ROLE "-impersonation\n"
        "  rules:\n"
        "  - {apiGroups: [\"%s\"], resources: [\"%s\"], verbs: [\"impersonate\"]%s%s%s}\n"
        "\n  kubectl create clusterrolebinding " ROLE "-impersonation --clusterrole=" ROLE
        "-impersonation %s",
        group ? group : "", resource ? resource : "users", named ? ", resourceNames: [\"" : "",
        named ? name : "", named ? "\"]" : "", subject(arena, user_of(arena, message)));
}
