/* SPDX-License-Identifier: Apache-2.0
 *
 * Version: which release of Istio the gateways of an installation are of.
 *
 * What:   what is said, by istio_version or by a tag; never what runs in a cluster. Images have tags that
 *         say nothing, and one that is copied into another registry may say anything.
 */
#include "internal.h"

#include "glm/version.h"

#include <string.h>

/* Two or three numbers, as they are written; *ret_numbers. */
static bool is_version(const char *text, size_t *ret_numbers)
{
    size_t numbers = 0, digits;
    while ((digits = strspn(text, "0123456789")) > 0 && digits < 6) {
        if (digits > 1 && *text == '0')
            return false;
        numbers++;
        text += digits;
        if (*text != '.')
            break;
        text++;
    }
    *ret_numbers = numbers;
    return !*text && digits && (numbers == 2 || numbers == 3);
}

/* 1.30 as a number is 1.3, and nobody means the Istio of 2019. */
static bool lost_a_zero(const char *text, size_t numbers)
{
    return numbers == 2 && strlen(text) == 3 && strncmp(text, "1.", 2) == 0;
}

/* What may be meant by a text that is no version: a sentence, after a space. */
static const char *meant(struct glm_arena *arena, const char *text)
{
    const char *plain = mesh_version_text(arena, text);
    if (plain && strcmp(plain, text) != 0)
        return glm_sprintf(arena, " Write \"%s\".", plain);
    return glm_name_is_label(text) && strchr(text, '-')
               ? " A revision is no version: it is the name of a control plane, whatever that runs."
               : "";
}

bool glm_istio_version_check(struct glm_arena *arena, const char *what, const char *text,
                             size_t len, const struct glm_path *at, struct glm_diags *d)
{
    size_t numbers = 0;
    bool is = is_version(text, &numbers) && strlen(text) == len, lost = lost_a_zero(text, numbers);
    if (is && !lost)
        return true;
    return glm_error(d, at, "Not a version of Istio",
                     "%s \"%s\" must be a version of Istio%s: \"1.30.3\", or \"1.30\" for the last "
                     "patch of it.%s",
                     what, text, at ? " in quotes" : "",
                     lost ? glm_sprintf(arena,
                                        " %s a number, and loses its zero: 1.30 is 1.3. Write "
                                        "\"%s0\".",
                                        at ? "Without quotes it is" : "It may have been", text)
                          : meant(arena, text));
}

const struct glm_value *mesh_version_read(struct glm_arena *arena, const struct glm_value *written,
                                          const struct glm_path *at, struct glm_diags *d)
{
    return !glm_is_string(written) || glm_istio_version_check(arena, "istio_version",
                                                              written->as.text, written->len, at, d)
               ? written
               : &glm_null;
}

bool mesh_version_parse(struct glm_arena *arena, const char *tag, struct glm_version *ret)
{
    return glm_version_parse(glm_strndup(arena, tag, strcspn(tag, "@")), ret);
}

const char *mesh_version_text(struct glm_arena *arena, const char *tag)
{
    struct glm_version v;
    if (!mesh_version_parse(arena, tag, &v))
        return NULL;
    return v.patch < 0 ? glm_sprintf(arena, "%lld.%lld", (long long)v.major, (long long)v.minor)
                       : glm_sprintf(arena, "%lld.%lld.%lld", (long long)v.major,
                                     (long long)v.minor, (long long)v.patch);
}

/* ---- tags ---- */

const char *mesh_gateway_tag(struct glm_arena *arena, const struct glm_installation *in,
                             const struct glm_gateway *g, const char *auto_tag, bool *ret_known)
{
    const struct glm_value *tag = g ? glm_get(g->value, "tag") : &glm_null;
    if (glm_installation_is_auto(in)) {
        *ret_known = auto_tag != NULL;
        return auto_tag && *auto_tag ? auto_tag : NULL;
    }
    if (glm_is_null(tag) || glm_string_is(tag, ""))
        tag = mesh_setting(arena, in->spec, "global", "tag", NULL).value;
    *ret_known = !glm_is_unknown(tag) && tag->kind != GLM_NUMBER;
    return *glm_string_or(tag, "") ? tag->as.text : NULL;
}

const char *mesh_default_tag(const struct glm_mesh_config *config)
{
    const struct glm_value *distribution = config->default_distribution;
    if (!distribution || glm_is_unknown(distribution) ||
        glm_is_unknown(glm_get(distribution, "tag")))
        return NULL;
    return glm_string_or(glm_get(distribution, "tag"), "");
}

/* ---- of an installation ---- */

/* What the gateways' tags say; where they disagree, what the spec's own does. NULL: nothing. */
static const char *said_by_tags(struct glm_arena *arena, const struct glm_installation *in)
{
    struct glm_gateways gateways;
    const char *said = NULL;
    bool known, agreed = true;
    mesh_gateways_read(arena, in->spec, true, &gateways);
    for (size_t i = 0; i < gateways.count; i++) {
        const char *tag = gateways.items[i].enabled
                              ? mesh_gateway_tag(arena, in, &gateways.items[i], NULL, &known)
                              : NULL;
        const char *version = tag ? mesh_version_text(arena, tag) : NULL;
        agreed = agreed && (!version || !said || strcmp(version, said) == 0);
        said = version ? version : said;
    }
    if (said && agreed)
        return said;
    const char *tag = mesh_gateway_tag(arena, in, NULL, NULL, &known);
    return tag ? mesh_version_text(arena, tag) : NULL;
}

const struct glm_value *glm_installation_version(struct glm_arena *arena,
                                                 const struct glm_mesh_config *config,
                                                 const struct glm_installation *in)
{
    if (!glm_is_null(in->istio_version))
        return in->istio_version;
    bool automatic = glm_installation_is_auto(in);
    if (!automatic && in->spec && glm_is_unknown(in->spec))
        return &glm_unknown;
    if (!in->written_revision)
        return &glm_unknown;
    const char *said =
        !automatic && in->spec && glm_is_map(in->spec) ? said_by_tags(arena, in) : NULL;
    if (said)
        return glm_string(arena, said);
    const char *tag = mesh_default_tag(config);
    if (!tag && config->default_distribution)
        return &glm_unknown;
    said = tag ? mesh_version_text(arena, tag) : NULL;
    return said ? glm_string(arena, said) : &glm_null;
}

const struct glm_value *mesh_on_by_default(struct glm_arena *arena,
                                           const struct glm_mesh_config *config,
                                           const struct glm_installation *in)
{
    static const struct glm_version since = {.major = 1, .minor = 24};
    const struct glm_value *version = glm_installation_version(arena, config, in);
    struct glm_version v;
    if (glm_is_unknown(version))
        return &glm_unknown;
    return glm_bool(glm_is_string(version) && glm_version_parse(version->as.text, &v) &&
                    glm_version_minor_order(&v, &since) >= 0);
}

/* ---- rules ---- */

bool mesh_version_agrees(const struct glm_version *a, const struct glm_version *b)
{
    return glm_version_minor_order(a, b) == 0 &&
           (a->patch < 0 || b->patch < 0 || a->patch == b->patch);
}

/* The first tag that begins with another version; NULL: none does. */
static const char *other_tag(struct glm_arena *arena, const struct glm_mesh_config *config,
                             const struct glm_installation *in, const struct glm_gateways *gateways,
                             const struct glm_version *is)
{
    const char *auto_tag = mesh_default_tag(config);
    for (size_t i = 0; i < gateways->count; i++) {
        const struct glm_gateway *g = &gateways->items[i];
        bool known;
        struct glm_version v;
        const char *tag = g->enabled ? mesh_gateway_tag(arena, in, g, auto_tag, &known) : NULL;
        if (tag && mesh_version_parse(arena, tag, &v) && !mesh_version_agrees(is, &v))
            return tag;
    }
    return NULL;
}

void mesh_rules_version(const struct glm_rules *rules, const struct glm_installation *in,
                        const struct glm_gateways *gateways, const struct glm_path *at)
{
    struct glm_version is;
    const char *said = glm_string_or(in->istio_version, NULL);
    if (!rules->warn || !said || !glm_version_parse(said, &is))
        return;
    const char *tag = other_tag(rules->arena, rules->config, in, gateways, &is);
    if (tag)
        glm_warn(rules->d, GLM_AT_ATTR(at, "istio_version"),
                 glm_sprintf(rules->arena,
                             "A version that is not the tag's, in installations[\"%s\"]", in->key),
                 "istio_version is \"%s\", and the image of the gateway has the tag \"%s\". The "
                 "version that is said counts: upgrades are checked by it, and what is rendered is "
                 "of it. Where the tag says the right one, leave istio_version out.",
                 said, tag);
}
