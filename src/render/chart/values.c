/* SPDX-License-Identifier: Apache-2.0
 *
 * Values: what templates see, as helm and the chart's own zzz_profile.yaml lay one thing over another.
 *
 * Depth: that of values, GLM_VALUE_DEPTH.
 */
#include "internal.h"

#include <string.h>

const char *chart_defaults_key(const struct chart_release *release)
{
    return chart_has(release, CHART_INTERNAL_DEFAULTS) ? "_internal_defaults_do_not_set"
                                                       : "defaults";
}

/* ---- the defaults, over which helm lays the user's table of the same key: a null removes one ---- */

static const struct glm_value *coalesced(struct glm_arena *arena, const struct glm_value *base,
                                         const struct glm_value *over)
{
    const struct glm_value *ret = part_merged(arena, base, over);
    for (size_t i = 0; i < over->len; i++) {
        const char *key = over->as.map[i].key;
        const struct glm_value *is = over->as.map[i].value;
        const struct glm_pair *was = glm_get_pair(base, key);
        if (was && glm_is_null(is))
            ret = glm_without(arena, ret, key);
        else if (was && glm_is_map(was->value) && glm_is_map(is))
            ret = glm_with(arena, ret, key, coalesced(arena, was->value, is));
    }
    return ret;
}

/* ---- the chart's files ---- */

/* Which file somebody wants. */
struct chart_wanted {
    const char *what; /* "profile" */
    const char *path; /* where values say so */
    const struct glm_value *name;
};

static struct chart_wanted first_said(struct chart_call *call, const char *what, const char *path,
                                      bool here, bool global)
{
    const struct glm_value *own = here ? glm_get(call->user, what) : &glm_null;
    const struct glm_value *general =
        global ? glm_get_path(call->user, "global", what, NULL) : &glm_null;
    if (glm_chart_truthy(own) || !glm_chart_truthy(general))
        return (struct chart_wanted){what, what, own};
    return (struct chart_wanted){what, path, general};
}

static bool is_compatible(struct chart_call *call, const char *name)
{
    unsigned minor = part_oldest_compatible(call->release.number.minor);
    for (; minor < call->release.number.minor; minor++)
        if (strcmp(name, glm_sprintf(call->arena, "1.%u", minor)) == 0)
            return true;
    return false;
}

static bool has_prefix(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* All of them are files of one folder: profile-X, profile-platform-X and profile-compatibility-version-X. */
static bool is_profile(struct chart_call *call, const char *name)
{
    static const char platform[] = "platform-", compatible[] = "compatibility-version-";
    unsigned minor = call->release.number.minor;
    if (has_prefix(name, platform))
        return part_has_file(PART_PLATFORM, name + sizeof platform - 1, minor);
    if (has_prefix(name, compatible))
        return is_compatible(call, name + sizeof compatible - 1);
    return part_has_file(PART_PROFILE, name, minor);
}

static bool refuse_file(struct chart_call *call, const struct chart_wanted *w, const char *title,
                        const char *known)
{
    return chart_refuse(call, w->path, glm_sprintf(call->arena, "Unknown %s", title),
                        "is \"%s\", which is no %s of the chart of Istio %s. %s",
                        chart_text(call->arena, w->name), title, call->release.text, known);
}

static bool check_files(struct chart_call *call, const struct chart_wanted *profile,
                        const struct chart_wanted *platform)
{
    unsigned minor = call->release.number.minor;
    const struct chart_wanted version = {"compatibilityVersion", "compatibilityVersion",
                                         glm_get(call->user, "compatibilityVersion")};
    bool ok = true;
    if (glm_chart_truthy(profile->name) &&
        !is_profile(call, chart_text(call->arena, profile->name)))
        ok = refuse_file(call, profile, "profile", part_files(call->arena, PART_PROFILE, minor));
    if (glm_chart_truthy(version.name) &&
        !is_compatible(call, chart_text(call->arena, version.name)))
        ok = refuse_file(call, &version, "compatibility version",
                         glm_sprintf(call->arena, "Those are \"1.%u\" to \"1.%u\".",
                                     part_oldest_compatible(minor), minor - 1));
    if (glm_chart_truthy(platform->name) &&
        !part_has_file(PART_PLATFORM, chart_text(call->arena, platform->name), minor))
        ok = refuse_file(call, platform, "platform", part_files(call->arena, PART_PLATFORM, minor));
    return ok;
}

/* What a file says that a gateway has to do with: which platform it is. */
static const struct glm_value *file_says(struct chart_call *call,
                                         const struct chart_wanted *profile)
{
    if (chart_has(&call->release, CHART_PLATFORM_FILES) ||
        !has_prefix(chart_text(call->arena, profile->name), "openshift"))
        return &glm_empty_map;
    return PART_MAP(call->arena, {"platform", glm_string(call->arena, "openshift")});
}

/* ---- all of it ---- */

static bool check_defaults(struct chart_call *call)
{
    const char *key = chart_defaults_key(&call->release);
    const struct glm_pair *table = glm_get_pair(call->user, key);
    const struct glm_pair *old = glm_get_pair(call->user, "defaults");
    if (table && !glm_is_map(table->value))
        return chart_refuse(call, key, "Not a map", "must be a map, but is %s. Remove it.",
                            glm_kind_name(table->value->kind));
    if (old && chart_has(&call->release, CHART_INTERNAL_DEFAULTS) && glm_chart_truthy(old->value))
        return chart_refuse(call, "defaults", "Values below `defaults`",
                            "is refused by the chart since 1.24. Move what is below it to the "
                            "top of the values.");
    return true;
}

bool chart_values(struct chart_call *call)
{
    const struct chart_release *release = &call->release;
    bool both = chart_has(release, CHART_ROOT_PLATFORM);
    const struct chart_wanted profile = first_said(call, "profile", "global.profile", true, both);
    struct chart_wanted platform = first_said(call, "platform", "global.platform", both, true);
    if (!chart_has(release, CHART_PLATFORM_FILES))
        platform.name = &glm_null;
    bool ok = check_defaults(call);
    ok = check_files(call, &profile, &platform) && ok;
    if (!ok)
        return false;
    const char *key = chart_defaults_key(release);
    const struct glm_value *user = chart_numbers(call->arena, call->user);
    const struct glm_value *table = glm_get(user, key), *global = glm_get(user, "global");
    const struct glm_value *values = chart_defaults(release);
    if (glm_is_map(table))
        values = coalesced(call->arena, values, table);
    values = part_merged(call->arena, values, file_says(call, &profile));
    if (chart_has(release, CHART_FLAT_GLOBAL) && glm_is_map(global))
        values = part_merged(call->arena, values, global);
    call->values = part_merged(call->arena, values,
                               glm_has(user, key) ? glm_without(call->arena, user, key) : user);
    return true;
}
