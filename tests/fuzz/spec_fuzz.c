/* SPDX-License-Identifier: Apache-2.0
 *
 * Fuzz target: any bytes as a document, held against the tables of three languages and as a
 * Service.
 *
 * Holds:  no crash; an error exactly when the walker says so; what is said is UTF-8 and short, also
 *         where the document is not; the same answer with and without warnings; what is right with
 *         a value in it stays right when the value is not known yet.
 */
#include "../support/harmless.h"
#include "glm/codec.h"
#include "glm/spec.h"
#include "glm/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A hundred places with their lines. */
#define SAID_MAX ((size_t)1 << 18)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static bool check(struct glm_arena *arena, const char *text, size_t len,
                  const struct glm_spec_type *type, unsigned minor, const struct glm_value *v,
                  bool warn)
{
    struct glm_spec_report report;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    glm_spec_report_begin(&report, arena, NULL, text, len, warn, &d);
    bool right = glm_spec_check(&report, type, minor, v, NULL);
    require(glm_spec_report_end(&report) == right);
    require(right == (d.errors == 0));
    require(warn || d.warnings == 0);
    for (const struct glm_diag *said = d.first; said; said = said->next) {
        size_t detail = strlen(said->detail);
        require(detail < SAID_MAX && is_harmless(said->detail, true, GLM_SHOWN_LINES_MAX));
    }
    return right;
}

/* The document with the first value of each map on the way down unknown. */
static const struct glm_value *veiled(struct glm_arena *arena, const struct glm_value *v)
{
    if (!glm_is_map(v) || v->len == 0)
        return &glm_unknown;
    const struct glm_pair *first = &v->as.map[0];
    return glm_with(arena, v, first->key, veiled(arena, first->value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned minors[] = {GLM_SPEC_OPERATOR, 24, GLM_SPEC_NEWEST};
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)2 << 30);
    const char *text = (const char *)data;
    const struct glm_value *v = NULL;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    if (!glm_yaml_decode(arena, text, size, "document", NULL, &v, &d))
        return 0;
    for (size_t i = 0; i < sizeof minors / sizeof *minors; i++) {
        const struct glm_spec_type *root = glm_spec_root(minors[i]);
        const struct glm_spec_type *service = glm_spec_type("Service", minors[i]);
        require(root && service);
        bool right = check(arena, text, size, root, minors[i], v, true);
        require(check(arena, NULL, 0, root, minors[i], v, false) == right);
        check(arena, text, size, root, minors[i], veiled(arena, v), true);
        check(arena, text, size, service, minors[i], v, true);
    }
    return 0;
}
