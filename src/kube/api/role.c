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
static void add_rule(struct glm_text *text, const char *indent, const struct glm_object_kind *kind,
                     bool written)
{
    const char *verbs = !written      ? ""
                        : kind->stays ? ", \"create\", \"patch\""
                                      : ", \"create\", \"patch\", \"delete\"";
    glm_text_addf(text,
                  "%s- {apiGroups: [\"%s\"], resources: [\"%s\"], verbs: [\"get\", \"list\", "
                  "\"watch\"%s]}\n",
                  indent, api_url_group(text->arena, kind), kind->plural, verbs);
    if (written && kind->grants)
        glm_text_addf(text, "%s- %s # what %ss of ours grant\n", indent, kind->grants, kind->name);
}

/* The ClusterRole, each line after an indent. besides: a kind that is allowed, too; may be NULL. */
static void add_role(struct glm_text *text, const char *indent,
                     const struct glm_object_right *rights, const struct glm_object_kind *besides)
{
    glm_text_addf(text,
                  "%sapiVersion: rbac.authorization.k8s.io/v1\n"
                  "%skind: ClusterRole\n"
                  "%smetadata:\n"
                  "%s  name: " ROLE "\n"
                  "%srules:\n",
                  indent, indent, indent, indent, indent);
    bool given = rights != NULL, has = besides == NULL;
    for (; rights && rights->kind; rights++) {
        add_rule(text, indent, rights->kind, rights->written);
        has = has || rights->kind == besides;
    }
    if (given && !has)
        add_rule(text, indent, besides, besides->order > 0);
    for (const struct glm_object_kind *kind = glm_object_kinds; !given && kind->name; kind++)
        add_rule(text, indent, kind, kind->order > 0);
}

const char *api_role(struct glm_arena *arena, const struct glm_object_right *rights)
{
    struct glm_text text;
    glm_text_init(&text, arena, SIZE_MAX / 4);
    add_role(&text, "", rights, NULL);
    return text.data;
}

#define GRANTING " is attempting to grant RBAC permissions not currently held"

/* How API servers say that a user may not: what stands before and behind the name. Nobody may give to others
 * what he has not himself. */
static const struct {
    const char *before, *behind, *then;
} refusals[] = {
    {"User \"", "\" cannot ", ""},
    {"user \"", "\" (groups=", GRANTING},
};

/* The user that a message is about, and how long the name is; NULL: it is about none. */
static const char *find_user(const char *message, size_t *ret_len)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const char *user = strstr(message, refusals[i].before);
        const char *end = user ? strstr(user, refusals[i].behind) : NULL;
        if (!end || !strstr(end, refusals[i].then))
            continue;
        user += strlen(refusals[i].before);
        *ret_len = end > user ? (size_t)(end - user) : 0;
        return user;
    }
    return NULL;
}

/* The user in `... is forbidden: User "x" cannot ...`; NULL: the message names none. */
static const char *user_of(struct glm_arena *arena, const char *message)
{
    size_t len;
    const char *user = find_user(message, &len);
    return user && len > 0 && len < USER_SHOWN_MAX ? glm_strndup(arena, user, len) : NULL;
}

/* A webhook or a policy may say "cannot", too. */
bool api_refusal_is_of_rights(const char *message)
{
    size_t len;
    return find_user(message, &len) != NULL;
}

bool api_refusal_is_of_granting(const char *message)
{
    return strstr(message, GRANTING) != NULL;
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

const char *api_refusal_rule(struct glm_arena *arena, const char *message,
                             const struct glm_object_right *rights,
                             const struct glm_object_kind *kind)
{
    struct glm_text text;
    glm_text_init(&text, arena, SIZE_MAX / 4);
    add_role(&text, "  ", rights, kind);
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

const char *api_refusal_impersonation(struct glm_arena *arena, const char *message,
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
