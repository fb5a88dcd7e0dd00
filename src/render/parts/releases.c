/* SPDX-License-Identifier: Apache-2.0
 *
 * Releases: which of them a text names, and which of them have a thing. A new minor is a higher GLM_RENDER_NEWEST
 * and PART_NEWEST.
 */
#include "parts.h"

#include "glm/version.h"

#include <string.h>

#define LAST_PATCH 255U /* of a minor that is named without its patch */
#define CHART_LABEL_MAX 63

bool part_has(const struct part_switch *row, struct part_number n)
{
    if (row->until && n.minor > row->until)
        return false;
    for (size_t i = 0; i < PART_PORTED && row->since[i].minor; i++) {
        bool last = i + 1 == PART_PORTED || !row->since[i + 1].minor;
        if (n.minor == row->since[i].minor)
            return n.patch >= row->since[i].patch;
        if (last && n.minor > row->since[i].minor)
            return true;
    }
    return false;
}

const char *part_plain_number(struct glm_arena *arena, const struct glm_version *v)
{
    return v->patch < 0
               ? glm_sprintf(arena, "%d.%d", (int)v->major, (int)v->minor)
               : glm_sprintf(arena, "%d.%d.%d", (int)v->major, (int)v->minor, (int)v->patch);
}

struct part_number part_number_of(const struct glm_version *v)
{
    return (struct part_number){
        .minor = (unsigned)v->minor,
        .patch = v->patch < 0 || v->patch > LAST_PATCH ? LAST_PATCH : (unsigned)v->patch,
    };
}

bool part_release_read(struct glm_arena *arena, const char *said, const struct glm_path *at,
                       struct part_number *ret, const char **ret_text, struct glm_diags *d)
{
    struct glm_version v;
    if (!glm_version_parse(said, &v))
        return glm_error(
            d, at, "No version of Istio",
            "\"%s\" is no version of Istio. Write one such as \"" GLM_RENDER_NEWEST ".0\".", said);
    if (v.major < 1 || (v.major == 1 && v.minor < PART_OLDEST))
        return glm_error(d, at, "A version of Istio that is too old",
                         "Istio %s is older than what gateways are rendered for here: "
                         "" GLM_RENDER_OLDEST " to " GLM_RENDER_NEWEST ".",
                         part_plain_number(arena, &v));
    if (v.major > 1 || v.minor > PART_NEWEST)
        return glm_error(d, at, "A version of Istio that is not known yet",
                         "Istio %s is newer than what gateways are rendered for here: "
                         "" GLM_RENDER_OLDEST " to " GLM_RENDER_NEWEST
                         ". Its gateways may well be the same: render them as those of "
                         "\"" GLM_RENDER_NEWEST "\", or use a newer version of this program.",
                         part_plain_number(arena, &v));
    *ret = part_number_of(&v);
    *ret_text = part_plain_number(arena, &v);
    return true;
}

const struct glm_value *part_chart_label(struct glm_arena *arena, const char *chart,
                                         const char *version)
{
    char *text = glm_sprintf(arena, "%s-%s", chart, version);
    size_t len = strlen(text);
    if (len > CHART_LABEL_MAX)
        len = CHART_LABEL_MAX;
    if (len && text[len - 1] == '-')
        len--;
    for (size_t i = 0; i < len; i++)
        if (text[i] == '+')
            text[i] = '_';
    return glm_stringn(arena, text, len);
}
