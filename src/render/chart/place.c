/* SPDX-License-Identifier: Apache-2.0
 *
 * Places: where in the values something is said, and diagnostics about it.
 */
#include "internal.h"

#include "glm/shown.h"

#include <string.h>

/* The pair at a path such as "service.type"; NULL: there is none. */
static const struct glm_pair *find(struct glm_arena *arena, const struct glm_value *v,
                                   const char *path)
{
    const struct glm_pair *pair = NULL;
    for (const char *step = path; step;) {
        const char *end = strchr(step, '.');
        size_t len = end ? (size_t)(end - step) : strlen(step);
        pair = glm_get_pair(v, glm_strndup(arena, step, len));
        if (!pair)
            return NULL;
        v = pair->value;
        step = end ? end + 1 : NULL;
    }
    return pair;
}

/* The first that says it, of those that templates would see. */
struct glm_gateway_chart_place
glm_gateway_chart_place(struct glm_arena *arena, const struct glm_gateway_chart_request *request,
                        const char *path)
{
    static const char *const below[] = {NULL, "global", "_internal_defaults_do_not_set",
                                        "defaults"};
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        const struct glm_value *from =
            below[i] ? glm_get(request->values, below[i]) : request->values;
        const struct glm_pair *pair = find(arena, from, path);
        if (pair)
            return (struct glm_gateway_chart_place){
                .where = below[i] ? glm_sprintf(arena, "%s.%s", below[i], path) : path,
                .line = pair->value->line,
                .column = pair->value->column,
                .value = pair->value,
            };
    }
    return (struct glm_gateway_chart_place){.where = path, .value = &glm_null};
}

bool chart_refuse(struct chart_call *call, const char *path, const char *summary,
                  const char *message, ...)
{
    struct glm_gateway_chart_place place =
        glm_gateway_chart_place(call->arena, call->request, path);
    va_list args;
    va_start(args, message);
    glm_spec_error(call->report, place.line, place.column, place.where, summary, "%s",
                   glm_shown_vsprintf(call->arena, message, args));
    va_end(args);
    return false;
}

bool chart_refuse_applied(struct chart_call *call, const char *path, const char *message, ...)
{
    static const char summary[] = CHART_NO_CLUSTER;
    struct glm_gateway_chart_place place =
        glm_gateway_chart_place(call->arena, call->request, path);
    va_list args;
    va_start(args, message);
    const char *text = glm_shown_vsprintf(call->arena, message, args);
    va_end(args);
    if (call->request->applied)
        return glm_spec_error(call->report, place.line, place.column, place.where, summary, "%s",
                              text);
    glm_spec_warn(call->report, place.line, place.column, place.where, summary, "%s", text);
    return false;
}

void chart_warn(struct chart_call *call, const struct glm_pair *pair, const char *where,
                const char *summary, const char *message, ...)
{
    va_list args;
    va_start(args, message);
    glm_spec_warn(call->report, pair->line, pair->column, where, summary, "%s",
                  glm_shown_vsprintf(call->arena, message, args));
    va_end(args);
}
