/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the rules of Kubernetes share.
 */
#ifndef GLM_SPEC_KUBERNETES_H
#define GLM_SPEC_KUBERNETES_H

#include "internal.h"

struct object {
    struct glm_spec_walk *w;
    const struct glm_value *map;
    const struct glm_path *where;
    const struct glm_spec_level *up; /* of a map of the document itself */
};

/* ---- given.c ---- */

/* The text at the key, "" for anything else. */
const char *spec_text(const struct glm_value *map, const char *key);
/* There, and neither null, "", 0 nor an empty list. */
bool spec_given(const struct glm_value *map, const char *key);
bool spec_one_of(const char *word, const char *const *words);

#define AMONG(word, ...) spec_one_of((word), (const char *const[]){__VA_ARGS__, NULL})

/* At the field, which is there. */
#define CONTRADICTED(o, key, ...)                                                                  \
    spec_find_error((o)->w, GLM_SPEC_EXCLUDED, glm_get_pair((o)->map, (key))->line,                \
                    glm_get_pair((o)->map, (key))->column, GLM_AT_KEY((o)->where, (key)),          \
                    __VA_ARGS__)
#define MISSING(o, ...)                                                                            \
    spec_find_error((o)->w, GLM_SPEC_MISSING, (o)->map->line, (o)->map->column, (o)->where,        \
                    __VA_ARGS__)

/* kubernetes_service.c */
void spec_check_service(const struct object *o);

#endif
