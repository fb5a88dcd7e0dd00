/* SPDX-License-Identifier: Apache-2.0
 *
 * The walk: a document is checked, its values merged once, and then each gateway is viewed, built, patched and
 * overlaid.
 * Depth: that of values, GLM_VALUE_DEPTH.
 */
#include "internal.h"

#define RENDER_WEIGHT_MAX 1000000

/* The kinds, in the order of applying: what a pod needs before the Deployment, what counts it after, and last
 * what leads traffic to it. */
static const struct glm_value *(*const builders[])(const struct render_gateway *g) = {
    render_account,    render_role,   render_binding, render_deployment,
    render_autoscaler, render_budget, render_policy,  render_service,
};
#define BUILDERS (sizeof builders / sizeof *builders)

struct gateway_objects {
    const char *where;
    const struct glm_value *objects[BUILDERS]; /* NULL: there is none of that kind */
};

/* How many values there are in v. */
static size_t weight_of(const struct glm_value *v)
{
    size_t weight = 1;
    for (size_t i = 0; (glm_is_map(v) || glm_is_list(v)) && i < v->len; i++)
        weight += weight_of(glm_is_map(v) ? v->as.map[i].value : v->as.list[i]);
    return weight;
}

/* Values are written out for each gateway: what that comes to has a ceiling. */
static bool is_light(struct render_call *call, const struct render_gateway *g)
{
    const struct glm_value *metadata =
        glm_get_path(g->values, "meshConfig", "defaultConfig", "proxyMetadata", NULL);
    call->weight += weight_of(g->own) + weight_of(g->global) + weight_of(metadata);
    call->weight += weight_of(g->k8s);
    return call->weight <= RENDER_WEIGHT_MAX ||
           glm_spec_error(call->report, g->entry->line, g->entry->column, g->where,
                          "Too much to render",
                          ": with this gateway there are more than %d values to write out, counted "
                          "once for each gateway. Split the document.",
                          RENDER_WEIGHT_MAX);
}

static bool render_one(struct render_call *call, const struct glm_value *files,
                       enum render_type_index type, size_t index, struct gateway_objects *ret)
{
    struct render_gateway g;
    render_view(call, files, type, index, &g);
    ret->where = g.where;
    if (!is_light(call, &g) || !render_check_view(call, &g))
        return false;
    for (size_t i = 0; i < BUILDERS; i++) {
        ret->objects[i] = builders[i](&g);
        if (ret->objects[i] && glm_is_map(g.k8s))
            ret->objects[i] = render_patched(&g, ret->objects[i]);
    }
    return render_overlaid(call, &g, ret->objects, BUILDERS);
}

static bool any_is_on(const struct render_call *call)
{
    for (int t = 0; t < RENDER_TYPES; t++)
        for (size_t i = 0; i < call->lists[t]->len; i++)
            if (render_is_on(call, (enum render_type_index)t, call->lists[t]->as.list[i]))
                return true;
    return false;
}

static bool render_all(struct render_call *call, struct gateway_objects *all, size_t *ret_count)
{
    const struct glm_value *files = &glm_empty_map;
    size_t count = 0;
    bool ok = render_check_gateways(call);
    if ((any_is_on(call) && !render_chart_files(call, &files)) || !ok)
        return false;
    for (int t = 0; t < RENDER_TYPES; t++)
        for (size_t i = 0; i < call->lists[t]->len && call->weight <= RENDER_WEIGHT_MAX; i++)
            if (render_is_on(call, (enum render_type_index)t, call->lists[t]->as.list[i]))
                ok = render_one(call, files, (enum render_type_index)t, i, &all[count++]) && ok;
    *ret_count = count;
    return ok;
}

/* Kind by kind, each in the order of the document. */
static void collect(struct glm_arena *arena, const struct gateway_objects *all, size_t count,
                    struct glm_render_result *ret)
{
    struct glm_render_object *objects =
        GLM_NEW_ARRAY(arena, count * BUILDERS, struct glm_render_object);
    size_t len = 0;
    for (size_t kind = 0; kind < BUILDERS; kind++)
        for (size_t i = 0; i < count; i++)
            if (all[i].objects[kind])
                objects[len++] = (struct glm_render_object){.object = all[i].objects[kind],
                                                            .gateway = all[i].where};
    *ret = (struct glm_render_result){.objects = objects, .count = len};
}

bool render_with(struct glm_arena *arena, const struct glm_render_request *request,
                 const struct render_release *release, struct glm_render_result *ret,
                 struct glm_diags *d)
{
    struct render_call call = {.arena = arena, .release = *release};
    struct glm_spec_report report;
    call.spec = glm_get(request->document, "spec");
    if (!glm_is_map(call.spec))
        call.spec = &glm_empty_map;
    glm_spec_report_begin(&report, arena, request->at, request->text, request->len, request->warn,
                          d);
    report.document = request->document;
    report.decoded = report.rendered = true;
    call.report = &report;
    struct gateway_objects *all = NULL;
    size_t count = 0;
    bool ok = render_check_document(&call, request->document) && render_check_spec(&call) &&
              render_values(&call, request->document);
    if (ok) {
        all = GLM_NEW_ARRAY(arena, call.lists[0]->len + call.lists[1]->len, struct gateway_objects);
        render_say_idle(&call);
        ok = render_all(&call, all, &count);
    }
    if (!glm_spec_report_end(&report) || !ok)
        return false;
    collect(arena, all, count, ret);
    return true;
}

bool glm_render(struct glm_arena *arena, const struct glm_render_request *request,
                struct glm_render_result *ret, struct glm_diags *d)
{
    struct render_release release;
    return render_release_read(arena, request, &release, d) &&
           render_with(arena, request, &release, ret, d);
}
