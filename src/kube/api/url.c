/* SPDX-License-Identifier: Apache-2.0
 *
 * Paths and queries of the Kubernetes API.
 *
 * Owner:  texts live in the arena given.
 * Errors: none.
 * Thread: no shared state.
 * Source: RFC 3986 (only unreserved characters stay as they are), the API's conventions.
 */
#include "internal.h"

#include <string.h>

const char *api_url_group(struct glm_arena *arena, const struct glm_object_kind *kind)
{
    const char *api_version = kind->api_version;
    const char *slash = strchr(api_version, '/');
    return slash ? glm_strndup(arena, api_version, (size_t)(slash - api_version)) : "";
}

#define UNRESERVED "-._~" /* with letters and digits */

/* "/part"; "." and ".." would be taken for steps of the path, so their dots are encoded. */
static void add_part(struct glm_text *text, const char *part)
{
    bool dots = part[strspn(part, ".")] == '\0';
    glm_text_addc(text, '/');
    glm_text_add_percent(text, part, dots ? "" : UNRESERVED);
}

const char *api_url_of(struct glm_arena *arena, const char *server,
                       const struct glm_object_kind *kind, const char *namespace_, const char *name,
                       const char *query)
{
    struct glm_text url;
    glm_text_init(&url, arena, SIZE_MAX / 4);
    size_t len = strlen(server);
    while (len && server[len - 1] == '/')
        len--;
    glm_text_add(&url, server, len);
    const char *api_version = kind->api_version;
    glm_text_addf(&url, "/%s/%s", strchr(api_version, '/') ? "apis" : "api", api_version);
    if (namespace_) {
        glm_text_adds(&url, "/namespaces");
        add_part(&url, namespace_);
    }
    glm_text_addf(&url, "/%s", kind->plural);
    if (name)
        add_part(&url, name);
    if (query && *query)
        glm_text_addf(&url, "?%s", query);
    return url.data;
}

void api_url_query(struct glm_text *query, const char *key, const char *value)
{
    if (query->len)
        glm_text_addc(query, '&');
    glm_text_add_percent(query, key, UNRESERVED);
    glm_text_addc(query, '=');
    glm_text_add_percent(query, value, UNRESERVED);
}
