/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on the mesh configuration that no table says: how the fields of localityLbSetting have to
 * agree. Istio's operator refuses the whole document where they do not.
 *
 * Errors: at installations[key].istio_operator_spec, with line and column in the text.
 */
#include "internal.h"

#include <string.h>

#define SUMMARY "Localities that do not agree"
#define WEIGHT_OF_ALL 100

/* distribute[i]: each locality gets a part of 100, and together they get all of it. */
static void check_weights(struct glm_spec_report *r, const struct glm_value *to, const char *where)
{
    int64_t sum = 0, weight = 0;
    if (!glm_is_map(to))
        return;
    for (size_t i = 0; i < to->len; i++) {
        const struct glm_value *v = to->as.map[i].value;
        if (glm_is_null(v))
            continue;
        if (v->kind != GLM_NUMBER || !glm_number_int64(v, &weight))
            return; /* refused for its type, or not known yet */
        if (weight < 1 || weight > WEIGHT_OF_ALL)
            return; /* the tables have said so */
        sum += weight;
    }
    if (sum != WEIGHT_OF_ALL)
        glm_spec_error(r, to->line, to->column, where, SUMMARY,
                       ": the weights add up to %lld, but must make %d together.", (long long)sum,
                       WEIGHT_OF_ALL);
}

static void check_failover(struct glm_spec_report *r, const struct glm_value *v, const char *where)
{
    const struct glm_value *from = glm_get(v, "from"), *to = glm_get(v, "to");
    if (glm_is_string(from) && glm_equal(from, to))
        glm_spec_error(r, to->line, to->column, glm_sprintf(r->arena, "%s.to", where), SUMMARY,
                       "is \"%.80s\" like from, but must be another region.", to->as.text);
    for (int i = 0; i < 2; i++) {
        const struct glm_value *region = i ? to : from;
        const char *text = glm_string_or(region, "");
        if (strpbrk(text, "/*"))
            glm_spec_error(r, region->line, region->column,
                           glm_sprintf(r->arena, "%s.%s", where, i ? "to" : "from"), SUMMARY,
                           "is \"%.80s\", but must be the name of a region alone, such as "
                           "\"us-east1\".",
                           text);
    }
}

static void check_setting(struct glm_spec_report *r, const struct glm_value *v, const char *where)
{
    const struct glm_pair *failover = glm_get_pair(v, "failover");
    const struct glm_value *distribute = glm_get(v, "distribute");
    bool both = glm_is_list(distribute) && distribute->len && failover &&
                glm_is_list(failover->value) && failover->value->len;
    if (both)
        glm_spec_error(r, failover->line, failover->column,
                       glm_sprintf(r->arena, "%s.failover", where), SUMMARY,
                       "stands beside distribute, and there may be one of the two only. Remove "
                       "one of them.");
    for (size_t i = 0; !both && glm_is_list(distribute) && i < distribute->len; i++)
        check_weights(r, glm_get(glm_at(distribute, i), "to"),
                      glm_sprintf(r->arena, "%s.distribute[%zu].to", where, i));
    for (size_t i = 0;
         !both && failover && glm_is_list(failover->value) && i < failover->value->len; i++)
        check_failover(r, glm_at(failover->value, i),
                       glm_sprintf(r->arena, "%s.failover[%zu]", where, i));
}

void mesh_rules_mesh(const struct glm_value *spec, struct glm_spec_report *report)
{
    for (int l = GLM_LAYER_SPEC; l <= GLM_LAYER_VALUES; l++) {
        struct mesh_setting said = mesh_setting_in(report->arena, spec, (enum glm_layer)l,
                                                   "meshConfig", "localityLbSetting", NULL);
        check_setting(report, said.value, said.where);
    }
}
