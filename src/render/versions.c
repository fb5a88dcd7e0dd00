/* SPDX-License-Identifier: Apache-2.0
 *
 * Versions: what differs between releases of Istio, a row each. A new minor is a higher GLM_RENDER_NEWEST
 * and as many rows as it has changes.
 *
 * Source: the content of charts and pipeline of every patch release from 1.22.0 on, compared.
 */
#include "internal.h"

#include "glm/version.h"

#include <string.h>

static const struct part_switch rows[RENDER_SWITCHES] = {
    [RENDER_COMMON_LABELS] = {{{24, 0}}, 0},
    [RENDER_CANONICAL_INJECTED] = {{{24, 0}}, 0},
    [RENDER_DATAPLANE_MODE] = {{{25, 0}}, 0},
    [RENDER_GATEWAY_TAG] = {{{26, 0}}, 0},
    [RENDER_TRUST_BUNDLE] = {{{26, 0}}, 0},
    [RENDER_TRUST_BUNDLE_NAME] = {{{27, 0}}, 0},
    [RENDER_BUDGET_GUARD] = {{{28, 0}}, 0},
    [RENDER_NETWORK_POLICY] = {{{28, 0}}, 0},
    [RENDER_POLICY_FROM_ANYBODY] = {{{28, 0}}, 29},
    [RENDER_SPARSE_RESOURCES] = {{{28, 6}, {29, 1}, {30, 0}}, 0},
    [RENDER_CPU_DIVISOR] = {{{29, 0}}, 0},
    [RENDER_CORE_DUMP] = {{{PART_OLDEST, 0}}, 23},
    [RENDER_VALUES_PLATFORM] = {{{24, 0}}, 0},
    [RENDER_PLATFORM_FILES] = {{{24, 0}}, 0},
    [RENDER_GLOBAL_PROFILE] = {{{25, 0}}, 0},
    [RENDER_SCALE_IN_VALUES] = {{{28, 8}, {31, 0}}, 0},
    [RENDER_ONE_BUDGET_LIMIT] = {{{22, 0}, {23, 0}, {24, 2}, {25, 0}}, 0},
    [RENDER_ON_BY_DEFAULT] = {{{24, 0}}, 0},
    [RENDER_LISTS_REPLACED] = {{{24, 0}}, 0},
    [RENDER_SPEC_NAMESPACE] = {{{PART_OLDEST, 0}}, 23},
    [RENDER_LABEL_ALWAYS] = {{{24, 0}}, 0},
    [RENDER_RAW_SETTINGS] = {{{24, 0}}, 0},
    [RENDER_REPLICAS_ALWAYS] = {{{24, 0}}, 0},
    [RENDER_TYPED_PORTS] = {{{PART_OLDEST, 0}}, 23},
    [RENDER_LENIENT_OVERLAYS] = {{{24, 0}}, 0},
    [RENDER_LABEL_WITH_IMAGE] = {{{24, 0}}, 25},
    [RENDER_SPEC_MESH_WINS] = {{{24, 0}}, 0},
    [RENDER_NULL_COUNTS] = {{{24, 0}}, 0},
};

bool render_has(const struct render_release *release, enum render_switch which)
{
    return part_has(&rows[which], which >= RENDER_PIPELINE ? release->pipeline : release->charts);
}

/* ---- what a version says ---- */

/* Images of builds from source, and of releases: the registry has moved. */
static const struct {
    unsigned since;
    const char *source, *release;
} hubs[] = {
    {30, "registry.istio.io/testing", "registry.istio.io/release"},
    {PART_OLDEST, "gcr.io/istio-testing", "docker.io/istio"},
};

#define SOURCE_CHART "1.0.0"
#define SOURCE_TAG "latest"

static void set_images(struct render_release *release)
{
    bool source = strcmp(release->chart_version, SOURCE_CHART) == 0;
    size_t i = 0;
    while (release->charts.minor < hubs[i].since)
        i++;
    release->hub = source ? hubs[i].source : hubs[i].release;
    release->tag = source ? SOURCE_TAG : release->chart_version;
}

const char *glm_render_version(struct glm_arena *arena, const struct glm_value *document)
{
    const struct glm_value *const tags[] = {
        glm_get_path(document, "spec", "unvalidatedValues", "global", "tag", NULL),
        glm_get_path(document, "spec", "values", "global", "tag", NULL),
        glm_get_path(document, "spec", "tag", NULL),
    };
    size_t i = 0;
    struct glm_version v;
    while (i + 1 < sizeof tags / sizeof *tags && glm_is_null(tags[i])) /* the first that says any */
        i++;
    const char *tag = glm_string_or(tags[i], "");
    tag = glm_strndup(arena, tag, strcspn(tag, "@")); /* without a digest */
    return glm_version_parse(tag, &v) ? part_plain_number(arena, &v) : NULL;
}

enum glm_render_budget glm_render_budget_of(const char *istio_version)
{
    struct glm_version v;
    if (!glm_version_parse(istio_version, &v))
        return GLM_RENDER_BUDGET_ALWAYS;
    const struct render_release release = {.charts = part_number_of(&v),
                                           .pipeline = part_number_of(&v)};
    if (!render_has(&release, RENDER_BUDGET_GUARD))
        return GLM_RENDER_BUDGET_ALWAYS;
    return render_has(&release, RENDER_SCALE_IN_VALUES) ? GLM_RENDER_BUDGET_OF_ALL
                                                        : GLM_RENDER_BUDGET_OF_VALUES;
}

bool render_release_read(struct glm_arena *arena, const struct glm_render_request *request,
                         struct render_release *ret, struct glm_diags *d)
{
    struct part_number number;
    const char *text;
    if (!part_release_read(arena, request->istio_version, request->at, &number, &text, d))
        return false;
    *ret = (struct render_release){.charts = number, .pipeline = number, .text = text};
    ret->chart_version = request->chart_version ? request->chart_version : ret->text;
    set_images(ret);
    return true;
}
