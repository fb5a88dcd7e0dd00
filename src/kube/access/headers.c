/* SPDX-License-Identifier: Apache-2.0
 *
 * Who to act as, in the headers of every request.
 *
 * Rule:   https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 *         and client-go, transport/round_trippers.go: the names of extra fields are lower case and
 *         percent-encoded where a header's name cannot have the character.
 * Errors: which part cannot be sent.
 */
#include "internal.h"

#include "glm/shown.h"

#include <string.h>

bool access_check_line(struct glm_diags *d, const char *text, const char *what)
{
    size_t len = strlen(text);
    if (len > KUBE_FILE_MAX)
        return glm_error(d, NULL, "Too long for a request",
                         "%s has %zu bytes, and at most %zu are taken. Is it the content of "
                         "another file?",
                         what, len, KUBE_FILE_MAX);
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return glm_error(d, NULL, "Not one line of text",
                             "%s has a line break or another control character in it, and goes "
                             "into the header of a request, which cannot have one. Where it comes "
                             "from a file, leave out the line break at its end.",
                             what);
    return true;
}

struct headers {
    struct access_draft *a;
    const char **items;
    size_t count;
    bool ok;
};

static void add(struct headers *h, const char *name, const char *value, const char *what)
{
    what = glm_sprintf(h->a->arena, "%s of %s", what, h->a->impersonation_label);
    /* As Go sends it; a server would drop them too. */
    value += strspn(value, " \t");
    size_t len = strlen(value);
    while (len > 0 && strchr(" \t", value[len - 1]))
        len--;
    value = glm_strndup(h->a->arena, value, len);
    if (!*value)
        h->ok = glm_error(h->a->d, NULL, "Empty impersonation",
                          "%s is empty, and cannot be sent as a header. Leave it out.", what);
    else if (!access_check_line(h->a->d, value, what))
        h->ok = false;
    else
        h->items[h->count++] = glm_sprintf(h->a->arena, "%s: %s", name, value);
}

/* Every text of a list, one header each. */
static void add_list(struct headers *h, const char *name, const struct glm_value *list,
                     const char *what)
{
    for (size_t i = 0; i < list->len; i++) {
        const struct glm_value *v = list->as.list[i];
        if (glm_is_string(v) && strlen(v->as.text) == v->len)
            add(h, name, v->as.text, what);
        else
            h->ok = glm_error(h->a->d, NULL, "Invalid impersonation",
                              "%s of %s must be a list of texts: put the values in quotes.", what,
                              h->a->impersonation_label);
    }
}

static const char *extra_name(struct glm_arena *arena, const char *key)
{
    struct glm_text text;
    glm_text_init(&text, arena, KUBE_CONFIG_MAX);
    glm_text_adds(&text, "Impersonate-Extra-");
    char *lower = glm_strdup(arena, key);
    for (char *p = lower; *p; p++)
        *p = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
    /* What else a token in RFC 9110 has, without the "%" that marks what is encoded. */
    glm_text_add_percent(&text, lower, "!#$&'*+-.^_`|~");
    return text.data;
}

static void add_extra(struct headers *h, const struct glm_value *extra)
{
    for (size_t i = 0; i < extra->len; i++) {
        const struct glm_pair *pair = &extra->as.map[i];
        const char *what =
            glm_sprintf(h->a->arena, "the extra field \"%s\"", glm_shown(h->a->arena, pair->key));
        if (*pair->key && glm_is_list(pair->value))
            add_list(h, extra_name(h->a->arena, pair->key), pair->value, what);
        else
            h->ok = glm_error(h->a->d, NULL, "Invalid impersonation",
                              "%s of %s must have a name and a list of texts.", what,
                              h->a->impersonation_label);
    }
}

static size_t room_for(const struct access_draft *a)
{
    size_t room = 3 + (a->groups ? a->groups->len : 0);
    for (size_t i = 0; a->extra && i < a->extra->len; i++)
        room += glm_is_list(a->extra->as.map[i].value) ? a->extra->as.map[i].value->len : 0;
    return room;
}

bool access_headers(struct access_draft *a, const char *const **ret_headers)
{
    struct headers h = {.a = a, .ok = true};
    h.items = GLM_NEW_ARRAY(a->arena, room_for(a), const char *);
    bool more = a->uid || (a->groups && a->groups->len) || (a->extra && a->extra->len);
    if (!a->user && more)
        return glm_error(a->d, NULL, "Impersonation without a user",
                         "The impersonation of %s has groups, a UID or extra fields, and no user "
                         "to act as; Kubernetes wants one.",
                         a->impersonation_label);
    if (a->user)
        add(&h, "Impersonate-User", a->user, "the user to act as");
    if (a->uid)
        add(&h, "Impersonate-Uid", a->uid, "the UID to act as");
    if (a->groups)
        add_list(&h, "Impersonate-Group", a->groups, "a group to act in");
    if (a->extra)
        add_extra(&h, a->extra);
    *ret_headers = h.items;
    return h.ok;
}
