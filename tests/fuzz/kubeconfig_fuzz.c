/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any bytes as kubeconfigs: as two files, divided by a line of "---8<---", that a context
 * is looked for in, and as the content that a cluster's entry gives.
 *
 * Holds:  no crash; errors exactly when the answer says so; what is said is UTF-8; what is found is a
 *         map, and a way in has an address and nothing that would make two headers of one.
 */
#include "../support/harmless.h"
#include "../../src/kube/access/internal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void check_said(const struct glm_diags *d, bool ok)
{
    require(ok == (d->errors == 0));
    for (const struct glm_diag *said = d->first; said; said = said->next) {
        require(*said->summary && is_harmless(said->summary, false, GLM_SHOWN_KEY_MAX));
        require(is_harmless(said->detail, true, GLM_SHOWN_LINES_MAX));
    }
}

static void find(struct glm_arena *arena, const struct kubeconfig_source *sources, size_t count,
                 const char *context)
{
    struct kubeconfig_context found;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    bool ok = access_kubeconfig_find(arena, sources, count, context, &found, &d);
    check_said(&d, ok);
    if (!ok)
        return;
    require(!context || strcmp(found.name, context) == 0);
    require(glm_is_map(found.cluster) && (glm_is_map(found.user) || glm_is_null(found.user)));
}

static void find_in_two(struct glm_arena *arena, const char *text, size_t size)
{
    static const char mark[] = "\n---8<---\n";
    const char *cut = memmem(text, size, mark, sizeof mark - 1);
    size_t first = cut ? (size_t)(cut - text) + 1 : size, from = cut ? first + sizeof mark - 2 : 0;
    const struct kubeconfig_source sources[] = {
        {"one", "/nowhere", text, first},
        {"two", NULL, cut ? text + from : NULL, cut ? size - from : 0},
    };
    find(arena, sources, 2, "east");
    find(arena, sources, 1, NULL);
}

static void check_line(const char *text)
{
    for (; text && *text; text++)
        require((unsigned char)*text >= ' ' && *text != 0x7f);
}

static void resolve(struct glm_arena *arena, const uint8_t *data, size_t size)
{
    static const struct access_surroundings nowhere = {.home = "/nowhere"};
    const struct glm_value *text = glm_stringn(arena, (const char *)data, size);
    const struct glm_value *entry = glm_with(arena, &glm_empty_map, "kubeconfig", text);
    struct access access = {0};
    struct glm_diags d;
    glm_diags_init(&d, arena);
    bool ok = access_resolve_in(arena, &nowhere, entry, &glm_null, &access, &d);
    check_said(&d, ok);
    if (!ok)
        return;
    require(strncmp(access.server, "http", 4) == 0);
    require(access.server[strlen(access.server) - 1] != '/');
    check_line(access.server);
    check_line(access.token);
    for (const char *const *header = access.headers; header && *header; header++)
        check_line(*header);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)2 << 30);
    find_in_two(arena, (const char *)data, size);
    resolve(arena, data, size);
    return 0;
}
