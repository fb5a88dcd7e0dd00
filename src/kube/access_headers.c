/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts that go into headers, and the headers of impersonation.
 *
 * Source: Kubernetes, "User impersonation": Impersonate-User, -Group (repeated), -Uid and
 *         -Extra-KEY, whose KEY is case-insensitive and percent-encoded where a header's name
 *         cannot hold it.
 * Rule:   no text becomes a header that could end it and begin another.
 * Thread: no shared state.
 */
#include "access_parts.h"

#include <ctype.h>
#include <string.h>

#define HEADER_MAX ((size_t)64 << 10)
#define HEADERS_MAX ((size_t)1000)

const char *access_header_problem(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '\r' || c == '\n')
            return "it has a line break in it";
        if (c < 0x20 || c == 0x7f)
            return "it has a control character in it";
    }
    return NULL;
}

/* An identity: white space at its ends would be lost on the way, and make another of it. */
static const char *identity_problem(const char *text, size_t len)
{
    const char *problem = access_header_problem(text, len);
    if (problem)
        return problem;
    if (len == 0)
        return "it is empty";
    if (len > HEADER_MAX)
        return "it is too long";
    if (text[0] == ' ' || text[len - 1] == ' ')
        return "it begins or ends with a space, which a header cannot keep";
    return NULL;
}

struct headers {
    struct resolver *r;
    const struct settings *from;
    const char **lines;
    size_t count;
    bool ok;
};

static void refuse(struct headers *h, const char *key, const char *problem)
{
    h->ok = glm_error(h->r->d, NULL, "Impersonation that cannot be sent", "%s: %s.",
                      access_name(h->r, h->from, key), problem);
}

static void add(struct headers *h, const char *key, const char *header, const struct glm_value *v)
{
    const char *problem =
        glm_is_string(v) ? identity_problem(v->as.text, v->len) : "each must be a text";
    if (!problem && h->count == HEADERS_MAX)
        problem = "there are more than 1000 groups and extra values";
    if (problem)
        refuse(h, key, problem);
    else
        h->lines[h->count++] = glm_sprintf(h->r->arena, "%s: %s", header, v->as.text);
}

static void add_list(struct headers *h, const char *key, const char *header,
                     const struct glm_value *list)
{
    if (!glm_is_null(list) && !glm_is_list(list))
        refuse(h, key, "it must be a list");
    for (size_t i = 0; glm_is_list(list) && i < list->len && h->ok; i++)
        add(h, key, header, glm_at(list, i));
}

/* RFC 7230's token characters but "%", which is what the others are written with. */
static bool is_plain(unsigned char c)
{
    return isalnum(c) || (c && strchr("!#$&'*+-.^_`|~", c));
}

static const char *extra_header(struct glm_arena *arena, const char *key)
{
    struct glm_text name;
    glm_text_init(&name, arena, HEADER_MAX);
    glm_text_adds(&name, "Impersonate-Extra-");
    for (; *key; key++) {
        unsigned char c = (unsigned char)*key;
        if (is_plain(c))
            glm_text_addc(&name, (char)tolower(c));
        else
            glm_text_addf(&name, "%%%02X", c);
    }
    return name.data;
}

static void add_extra(struct headers *h, const char *key, const struct glm_value *extra)
{
    if (!glm_is_null(extra) && !glm_is_map(extra))
        refuse(h, key, "it must be a map of lists");
    for (size_t i = 0; glm_is_map(extra) && i < extra->len; i++) {
        const struct glm_pair *pair = &extra->as.map[i];
        if (!*pair->key || strlen(pair->key) > HEADER_MAX / 4)
            refuse(h, key, "a key of it is empty or too long");
        else
            add_list(h, key, extra_header(h->r->arena, pair->key), pair->value);
    }
}

bool access_impersonate(struct resolver *r, const struct settings *from, bool kubeconfig,
                        const char *const **ret_headers)
{
    static const char *const keys[2][4] = {{"user", "uid", "groups", "extra"},
                                           {"as", "as-uid", "as-groups", "as-user-extra"}};
    const char *const *key = keys[kubeconfig];
    const struct glm_value *v[4];
    bool any = false;
    for (size_t i = 0; i < 4; i++) {
        v[i] = glm_get(from->map, key[i]);
        bool empty = glm_is_null(v[i]) || (v[i]->kind >= GLM_STRING && v[i]->len == 0);
        any |= i > 0 && !empty;
    }
    bool user = !glm_is_null(v[0]) && !glm_string_is(v[0], "");
    if (any && !user)
        return glm_error(r->d, NULL, "Impersonation of nobody",
                         "%s is not set, and `%s`, `%s` or `%s` is: they are about the user to act "
                         "as. Set it.",
                         access_name(r, from, key[0]), key[1], key[2], key[3]);
    struct headers h = {r, from, GLM_NEW_ARRAY(r->arena, HEADERS_MAX + 1, const char *), 0, true};
    if (user) {
        add(&h, key[0], "Impersonate-User", v[0]);
        if (!glm_is_null(v[1]) && !glm_string_is(v[1], ""))
            add(&h, key[1], "Impersonate-Uid", v[1]);
        add_list(&h, key[2], "Impersonate-Group", v[2]);
        add_extra(&h, key[3], v[3]);
    }
    if (!h.ok)
        return false;
    *ret_headers = h.lines;
    return true;
}
