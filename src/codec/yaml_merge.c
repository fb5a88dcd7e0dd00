/* SPDX-License-Identifier: Apache-2.0
 *
 * Maps with `<<` in them.
 *
 * Owner:  the result lives in the arena given and shares the values of the maps.
 * Errors: none.
 * Thread: no shared state.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

struct ranked {
    const struct glm_pair *pair;
    size_t rank; /* the lowest wins */
};

static int by_key_and_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    int order = strcmp(x->pair->key, y->pair->key);
    return order ? order : x->rank < y->rank ? -1 : x->rank > y->rank;
}

static bool comes_after(const struct glm_pair *pair, const struct glm_yaml_merge *merge)
{
    return pair->line > merge->line || (pair->line == merge->line && pair->column > merge->column);
}

/* What comes later in the text wins, be it a key or a `<<`: so the parser of Kubernetes has it,
 * where YAML 1.1 lets a key win over any `<<`. */
const struct glm_value *codec_yaml_merged(struct glm_arena *arena, const struct glm_value *own,
                                          const struct glm_yaml_merge *merges)
{
    size_t count = own->len, rank = 1;
    for (const struct glm_yaml_merge *m = merges; m; m = m->next)
        count += m->map->len;
    struct ranked *all = GLM_NEW_ARRAY(arena, count, struct ranked);
    size_t n = 0;
    for (size_t i = 0; i < own->len; i++)
        all[n++] =
            (struct ranked){&own->as.map[i], comes_after(&own->as.map[i], merges) ? 0 : SIZE_MAX};
    for (const struct glm_yaml_merge *m = merges; m; m = m->next, rank++)
        for (size_t i = 0; i < m->map->len; i++)
            all[n++] = (struct ranked){&m->map->as.map[i], rank};
    qsort(all, n, sizeof *all, by_key_and_rank);
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || strcmp(all[i - 1].pair->key, all[i].pair->key) != 0)
            glm_map_append(&b, all[i].pair->key, all[i].pair->line, all[i].pair->column,
                           all[i].pair->value);
    return glm_map_finish(&b, NULL);
}
