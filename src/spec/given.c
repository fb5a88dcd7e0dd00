/* SPDX-License-Identifier: Apache-2.0
 *
 * Given: what a map of Kubernetes' says at a key, as its API server takes it.
 */
#include "kubernetes.h"

#include <string.h>

const char *spec_text(const struct glm_value *map, const char *key)
{
    return glm_string_or(glm_get(map, key), "");
}

bool spec_given(const struct glm_value *map, const char *key)
{
    const struct glm_value *v = glm_get(map, key);
    int64_t n;
    if (v->kind == GLM_NUMBER)
        return !glm_number_int64(v, &n) || n != 0;
    return !glm_is_null(v) && !glm_is_unknown(v) &&
           !((v->kind == GLM_STRING || v->kind == GLM_LIST) && v->len == 0);
}

bool spec_one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}
