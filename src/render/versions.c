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

#define OLDEST 22
#define NEWEST 31
#define LAST_PATCH 255U /* of a minor that is named without its patch */
#define PORTED 4        /* release lines that one change was brought to */

struct row {
    /* The first release of each line that has it; all minors after the last line have it too. */
    struct {
        uint8_t minor, patch;
    } since[PORTED];
    uint8_t until; /* the last minor that has it; 0: the newest */
};

static const struct row rows[RENDER_SWITCHES] = {
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
    [RENDER_CORE_DUMP] = {{{OLDEST, 0}}, 23},
    [RENDER_VALUES_PLATFORM] = {{{24, 0}}, 0},
    [RENDER_PLATFORM_FILES] = {{{24, 0}}, 0},
    [RENDER_GLOBAL_PROFILE] = {{{25, 0}}, 0},
    [RENDER_SCALE_IN_VALUES] = {{{28, 8}, {31, 0}}, 0},
    [RENDER_ONE_BUDGET_LIMIT] = {{{22, 0}, {23, 0}, {24, 2}, {25, 0}}, 0},
    [RENDER_ON_BY_DEFAULT] = {{{24, 0}}, 0},
    [RENDER_LISTS_REPLACED] = {{{24, 0}}, 0},
    [RENDER_SPEC_NAMESPACE] = {{{OLDEST, 0}}, 23},
    [RENDER_LABEL_ALWAYS] = {{{24, 0}}, 0},
    [RENDER_RAW_SETTINGS] = {{{24, 0}}, 0},
    [RENDER_REPLICAS_ALWAYS] = {{{24, 0}}, 0},
    [RENDER_TYPED_PORTS] = {{{OLDEST, 0}}, 23},
    [RENDER_LENIENT_OVERLAYS] = {{{24, 0}}, 0},
    [RENDER_LABEL_WITH_IMAGE] = {{{24, 0}}, 25},
    [RENDER_SPEC_MESH_WINS] = {{{24, 0}}, 0},
    [RENDER_NULL_COUNTS] = {{{24, 0}}, 0},
};

bool render_has(const struct render_release *release, enum render_switch which)
{
    const struct row *row = &rows[which];
    const struct render_number *n =
        which >= RENDER_PIPELINE ? &release->pipeline : &release->charts;
    if (row->until && n->minor > row->until)
        return false;
    for (size_t i = 0; i < PORTED && row->since[i].minor; i++) {
        bool last = i + 1 == PORTED || !row->since[i + 1].minor;
        if (n->minor == row->since[i].minor)
            return n->patch >= row->since[i].patch;
        if (last && n->minor > row->since[i].minor)
            return true;
    }
    return false;
}

/* ---- what a version says ---- */

/* Images of builds from source, and of releases: the registry has moved. */
static const struct {
    unsigned since;
    const char *source, *release;
} hubs[] = {
    {30, "registry.istio.io/testing", "registry.istio.io/release"},
    {OLDEST, "gcr.io/istio-testing", "docker.io/istio"},
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

/* The number in front, without what names a build. */
static const char *plain_number(struct glm_arena *arena, const struct glm_version *v)
{
    return v->patch < 0
               ? glm_sprintf(arena, "%d.%d", (int)v->major, (int)v->minor)
               : glm_sprintf(arena, "%d.%d.%d", (int)v->major, (int)v->minor, (int)v->patch);
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
    return glm_version_parse(tag, &v) ? plain_number(arena, &v) : NULL;
}

static struct render_number number_of(const struct glm_version *v)
{
    return (struct render_number){
        .minor = (unsigned)v->minor,
        .patch = v->patch < 0 || v->patch > LAST_PATCH ? LAST_PATCH : (unsigned)v->patch,
    };
}

enum glm_render_budget glm_render_budget_of(const char *istio_version)
{
    struct glm_version v;
    if (!glm_version_parse(istio_version, &v))
        return GLM_RENDER_BUDGET_ALWAYS;
    const struct render_release release = {.charts = number_of(&v), .pipeline = number_of(&v)};
    if (!render_has(&release, RENDER_BUDGET_GUARD))
        return GLM_RENDER_BUDGET_ALWAYS;
    return render_has(&release, RENDER_SCALE_IN_VALUES) ? GLM_RENDER_BUDGET_OF_ALL
                                                        : GLM_RENDER_BUDGET_OF_VALUES;
}

bool render_release_read(struct glm_arena *arena, const struct glm_render_request *request,
                         struct render_release *ret, struct glm_diags *d)
{
    struct glm_version v;
    const char *said = request->istio_version;
    if (!glm_version_parse(said, &v))
        return glm_error(
            d, request->at, "No version of Istio",
            "\"%s\" is no version of Istio. Write one such as \"" GLM_RENDER_NEWEST ".0\".", said);
    if (v.major < 1 || (v.major == 1 && v.minor < OLDEST))
        return glm_error(d, request->at, "A version of Istio that is too old",
                         "Istio %s is older than what gateways are rendered for here: "
                         "" GLM_RENDER_OLDEST " to " GLM_RENDER_NEWEST ".",
                         plain_number(arena, &v));
    if (v.major > 1 || v.minor > NEWEST)
        return glm_error(d, request->at, "A version of Istio that is not known yet",
                         "Istio %s is newer than what gateways are rendered for here: "
                         "" GLM_RENDER_OLDEST " to " GLM_RENDER_NEWEST
                         ". Its gateways may well be the same: render them as those of "
                         "\"" GLM_RENDER_NEWEST "\", or use a newer version of this program.",
                         plain_number(arena, &v));
    const struct render_number number = number_of(&v);
    *ret = (struct render_release){
        .charts = number, .pipeline = number, .text = plain_number(arena, &v)};
    ret->chart_version = request->chart_version ? request->chart_version : ret->text;
    set_images(ret);
    return true;
}
