/* SPDX-License-Identifier: Apache-2.0
 *
 * The walk: values are checked, laid over the chart's own, viewed, and built.
 */
#include "internal.h"

/* The kinds, in the order of applying: what a pod needs before its workload, what counts it after, and last what
 * leads traffic to it. */
static const struct glm_value *(*const builders[])(const struct chart_gateway *g) = {
    chart_account,    chart_role,   chart_binding, chart_workload,
    chart_autoscaler, chart_budget, chart_policy,  chart_service,
};
#define BUILDERS (sizeof builders / sizeof *builders)

static bool read_release(struct chart_call *call, struct glm_diags *d)
{
    const struct glm_gateway_chart_request *request = call->request;
    struct chart_release *ret = &call->release;
    if (!part_release_read(call->arena, request->istio_version, request->at, &ret->number,
                           &ret->text, d))
        return false;
    ret->chart_version = request->chart_version ? request->chart_version : ret->text;
    ret->app_version = request->app_version ? request->app_version : ret->chart_version;
    return true;
}

static bool check_root(struct chart_call *call)
{
    const struct glm_value *values = call->request->values;
    call->user = glm_is_map(values) ? values : &glm_empty_map;
    return glm_is_map(values) || glm_is_null(values) ||
           glm_spec_error(call->report, values->line, values->column, "", "Not the chart's values",
                          "must be a map, but is %s.", glm_kind_name(values->kind));
}

/* The Service of the release's own name, for the pods of a canary. */
static const struct glm_value *service_for(struct chart_call *call, const struct chart_gateway *g)
{
    struct glm_gateway_chart_request request = *call->request;
    struct chart_call first = *call;
    struct chart_gateway base;
    request.canary = NULL;
    first.request = &request;
    chart_view(&first, &base);
    const struct glm_value *service = chart_service(&base);
    if (!service)
        return NULL;
    const struct glm_value *selector = glm_get_path(service, "spec", "selector", NULL);
    return glm_with_path(call->arena, service, part_merged(call->arena, selector, g->selector),
                         "spec", "selector", NULL);
}

static void build(struct chart_call *call, const struct chart_gateway *g,
                  struct glm_gateway_chart *ret)
{
    const struct glm_value **objects =
        GLM_NEW_ARRAY(call->arena, BUILDERS, const struct glm_value *);
    const struct glm_value *service = NULL;
    size_t count = 0;
    for (size_t i = 0; i < BUILDERS; i++) {
        const struct glm_value *object = builders[i](g);
        service = builders[i] == chart_service ? object : service;
        if (object)
            objects[count++] = object;
    }
    *ret = (struct glm_gateway_chart){
        .objects = objects,
        .count = count,
        .name = g->title,
        .base = g->base,
        .account = g->account_title,
        .revision = chart_text(call->arena, glm_get(g->values, "revision")),
        .selector = g->selector,
        .service = call->request->canary ? service_for(call, g) : service,
    };
}

bool glm_gateway_chart(struct glm_arena *arena, const struct glm_gateway_chart_request *request,
                       struct glm_gateway_chart *ret, struct glm_diags *d)
{
    struct chart_call call = {.arena = arena, .request = request};
    struct glm_spec_report report;
    struct chart_gateway g;
    if (!read_release(&call, d))
        return false;
    glm_spec_report_begin(&report, arena, request->at, request->text, request->len, request->warn,
                          d);
    report.what = request->what ? request->what : "the chart's values";
    report.root = report.what;
    report.document = request->values;
    call.report = &report;
    bool ok = check_root(&call) && chart_check_schema(&call) && chart_values(&call) &&
              chart_check_ends(&call);
    if (ok) {
        chart_view(&call, &g);
        ok = chart_check_applied(&call, &g);
    }
    if (!glm_spec_report_end(&report) || !ok)
        return false;
    build(&call, &g, ret);
    return true;
}
