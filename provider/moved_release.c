/* SPDX-License-Identifier: Apache-2.0
 *
 * The states of helm_release (hashicorp/helm): `metadata` is a list of one under the schema versions 0 and 1 (2.x), and
 * an object under version 2 (3.x). What it has in `values` is what helm itself has stored with the release: `values`,
 * `set` and `set_list` laid over one another, so that none of that has to be done again.
 */
#include "moved.h"

#include "glm/codec.h"
#include "glm/shown.h"
#include "glm/text.h"

#include <string.h>

#define CHART "gateway"
/* What stands in the values for what was given by set_sensitive. */
#define HIDDEN "(sensitive value)"
#define HIDDEN_SHOWN 10 /* paths */

struct release_state {
    struct glm_arena *arena;
    const struct glm_value *state, *metadata;
    const char *name; /* as it is shown */
    struct glm_diags *d;
};

/* What can be done about a release that stays helm's. */
#define LEAVE_IT "Take the moved block out, and leave this release to helm_release."

static const char *text_of(const struct glm_value *v, const char *key)
{
    return glm_string_or(glm_get(v, key), "");
}

static const struct glm_value *only(const struct glm_value *v)
{
    return glm_is_list(v) && v->len == 1 ? v->as.list[0] : v;
}

/* ---- what is refused ---- */

static bool check_chart(const struct release_state *r)
{
    const char *chart = text_of(r->metadata, "chart");
    if (strcmp(chart, CHART) == 0)
        return true;
    return glm_error(r->d, NULL, "A release of another chart cannot be moved",
                     "helm_release \"%s\" is of the chart \"%s\", which is not Istio's chart of "
                     "gateways, \"" CHART "\": this resource "
                     "is about gateways alone. " LEAVE_IT,
                     r->name, glm_shown(r->arena, chart));
}

static bool check_status(const struct release_state *r)
{
    const char *status = text_of(r->state, "status");
    if (strcmp(status, "deployed") == 0)
        return true;
    return glm_error(r->d, NULL, "A release that is not deployed cannot be moved",
                     "helm_release \"%s\" is in the status \"%s\" and not \"deployed\", so that "
                     "its values are not what is in the "
                     "cluster. Bring it into order with helm first, apply the helm_release once "
                     "more, and move it then.",
                     r->name, glm_shown(r->arena, status));
}

static bool check_postrender(const struct release_state *r)
{
    const struct glm_value *v = glm_get(r->state, "postrender");
    if (glm_is_null(v) || ((glm_is_list(v) || glm_is_map(v)) && v->len == 0))
        return true;
    return glm_error(r->d, NULL, "A release with a postrenderer cannot be moved",
                     "helm_release \"%s\" has its objects changed by a program after they were "
                     "rendered (postrender), so that "
                     "its values do not say what is in the cluster. Say the same in values, apply "
                     "it without postrender, and "
                     "move it then.",
                     r->name);
}

/* What leads to a value is written out only where it is said: keys may be as long as they like. */
static void find_hidden(struct glm_arena *arena, const struct glm_value *v,
                        const struct glm_path *at, struct glm_text *text, size_t *count)
{
    if (glm_string_is(v, HIDDEN) && (*count)++ < HIDDEN_SHOWN)
        glm_text_addf(text, "%s%s", text->len ? ", " : "",
                      glm_shown(arena, glm_path_text(arena, at)));
    for (size_t i = 0; glm_is_map(v) && i < v->len; i++)
        find_hidden(arena, v->as.map[i].value, GLM_AT_ATTR(at, v->as.map[i].key), text, count);
    for (size_t i = 0; glm_is_list(v) && i < v->len; i++)
        find_hidden(arena, v->as.list[i], GLM_AT_INDEX(at, i), text, count);
}

static bool check_hidden(const struct release_state *r, const struct glm_value *values)
{
    struct glm_text text;
    size_t count = 0;
    glm_text_init(&text, r->arena, (size_t)64 << 10);
    find_hidden(r->arena, values, NULL, &text, &count);
    if (count > 0)
        return glm_error(r->d, NULL, "A release with sensitive values cannot be moved",
                         "helm_release \"%s\" has values by set_sensitive, which its state does "
                         "not have among the others: %s. "
                         "Values of a gateway are in the clear in its pods. Write them under "
                         "`values`, apply it without "
                         "set_sensitive, and move it then.",
                         r->name, text.data);
    if (glm_is_null(glm_get(r->state, "set_wo_revision")))
        return true;
    return glm_error(r->d, NULL, "A release with write-only values cannot be moved",
                     "helm_release \"%s\" has values by set_wo, and so its state has none at all. "
                     "Write them under `values`, apply "
                     "it without set_wo and set_wo_revision, and move it then.",
                     r->name);
}

/* ---- the whole ---- */

static bool read_values(const struct release_state *r, const struct glm_value **ret_values)
{
    const char *text = text_of(r->metadata, "values");
    struct glm_diags ignored;
    glm_diags_init(&ignored, r->arena);
    *ret_values = &glm_empty_map;
    if (!*text || strcmp(text, "null") == 0)
        return true;
    if (glm_json_decode(r->arena, text, strlen(text), "metadata.values", NULL, ret_values,
                        &ignored) &&
        glm_is_map(*ret_values))
        return true;
    return glm_error(r->d, NULL, "The state that is to be moved cannot be read",
                     "metadata.values of helm_release \"%s\" is no JSON object. Apply that "
                     "resource once more with its own "
                     "provider, and move it then.",
                     r->name);
}

bool glm_moved_read_release(struct glm_arena *arena, const struct glm_value *state,
                            struct glm_moved_release *ret_release, struct glm_diags *d)
{
    struct release_state r = {
        .arena = arena, .state = state, .metadata = only(glm_get(state, "metadata")), .d = d};
    const struct glm_value *values;
    r.name = glm_shown(arena, text_of(state, "name"));
    if (!glm_is_map(r.metadata) || !*text_of(state, "name"))
        return glm_error(d, NULL, "The state that is to be moved cannot be read",
                         "It does not have the name and the metadata of a release, which a "
                         "helm_release has. Apply that "
                         "resource once more with its own provider, and move it then.");
    if (!check_chart(&r))
        return false;
    bool ok = check_status(&r);
    ok &= check_postrender(&r);
    if (!read_values(&r, &values))
        return false;
    ok &= check_hidden(&r, values);
    if (!ok)
        return false;
    *ret_release = (struct glm_moved_release){.name = text_of(state, "name"),
                                              .namespace_ = text_of(state, "namespace"),
                                              .chart_version = text_of(r.metadata, "version"),
                                              .app_version = text_of(r.metadata, "app_version"),
                                              .values = values};
    return true;
}
