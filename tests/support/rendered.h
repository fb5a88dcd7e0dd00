/* SPDX-License-Identifier: Apache-2.0
 *
 * Golden cases of what is rendered, for several versions of Istio: each is a folder.
 *
 * versions.txt    versions of Istio, a line each
 * VERSION.yaml    of a single version: the objects, expected
 * changes.txt     of several: what is not as it was in the version before, expected: objects that
 *                 come (+) and go (-), and for each field that changes a line, with the objects below it
 * diags.txt       every error and warning of every version, expected
 */
#ifndef GLM_TEST_RENDERED_H
#define GLM_TEST_RENDERED_H

#include "test.h"

#define RENDERED_VERSIONS_MAX 16

struct rendered {
    const char *version;
    bool ok;
    const struct glm_value *const *objects;
    size_t count;
};

struct rendered_golden {
    struct glm_arena *arena;
    const char *folder;
    struct rendered versions[RENDERED_VERSIONS_MAX];
    size_t count;
    struct glm_text diags;
};

/* Renders what is in the folder for ret->version: fills the rest of it. */
typedef void rendered_fn(struct rendered_golden *c, struct rendered *ret, struct glm_diags *d);

/* The tree with the value at a place of its walk replaced; *left counts down to it, and stays 0 then. */
const struct glm_value *rendered_replaced(struct glm_arena *arena, const struct glm_value *v,
                                          size_t *left, const struct glm_value *by);

const char *rendered_file(struct rendered_golden *c, const char *name);
void rendered_golden_run(const char *folder, rendered_fn *render);

#endif
