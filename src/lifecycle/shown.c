/* SPDX-License-Identifier: Apache-2.0
 *
 * Objects as the attributes show them: JSON texts, which Terraform renders field by field.
 */
#include "lifecycle_internal.h"

#include "glm/shown.h"
#include "seam.h"

#include <stdint.h>
#include <string.h>

#define DNS_NAME_MAX 254 /* with a dot at the end */
#define DNS_LABEL_MAX 63
#define ADDRESSES_MAX 1000 /* of one Service: some balancers name every node */

const char shown_spec[] = "istio_operator_spec";
const char shown_values[] = "gateway_chart_values";
const char shown_version[] = "istio_version";

const struct glm_value *shown_document(struct glm_arena *arena, const struct glm_value *text)
{
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    const struct glm_value *v = &glm_null;
    if (glm_is_string(text))
        glm_json_decode(arena, text->as.text, text->len, "state", NULL, &v, &ignored);
    return v;
}

/* True when the two texts hold the same document. */
static bool shown_equal(struct glm_arena *arena, const struct glm_value *a,
                        const struct glm_value *b)
{
    if (!glm_is_string(a) || !glm_is_string(b))
        return false;
    if (glm_equal(a, b))
        return true;
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(glm_arena_room(arena));
    return glm_equal(shown_document(scratch, a), shown_document(scratch, b));
}

const struct glm_value *shown_text(struct glm_arena *arena, const struct glm_value *prior,
                                   const char *text)
{
    if (glm_string_is(prior, text))
        return prior;
    const struct glm_value *v = glm_string(arena, text);
    return shown_equal(arena, prior, v) ? prior : v;
}

static const struct glm_value *tame_map(struct glm_arena *arena, const struct glm_value *v,
                                        const struct glm_value *expected)
{
    struct glm_map_builder b;
    bool changed = false;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        const struct glm_pair *known = glm_get_pair(expected, pair->key);
        const char *key = known ? pair->key : glm_shown(arena, pair->key);
        const struct glm_value *as =
            shown_tame(arena, pair->value, known ? known->value : &glm_null);
        changed = changed || key != pair->key || as != pair->value;
        glm_map_append(&b, key, pair->line, pair->column, as);
    }
    return changed ? glm_map_finish(&b, NULL) : v;
}

static const struct glm_value *tame_list(struct glm_arena *arena, const struct glm_value *v,
                                         const struct glm_value *expected)
{
    struct glm_list_builder b;
    bool changed = false;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_value *item = v->as.list[i];
        const struct glm_value *as = shown_tame(arena, item, glm_at(expected, i));
        changed = changed || as != item;
        glm_list_add(&b, as);
    }
    return changed ? glm_list_finish(&b) : v;
}

const struct glm_value *shown_tame(struct glm_arena *arena, const struct glm_value *v,
                                   const struct glm_value *expected)
{
    if (glm_is_map(v))
        return tame_map(arena, v, expected);
    if (glm_is_list(v))
        return tame_list(arena, v, expected);
    if (!glm_is_string(v) || glm_equal(v, expected))
        return v;
    const char *text = glm_shown_lines(arena, v->as.text, SIZE_MAX / 4);
    return text == v->as.text ? v : glm_string(arena, text);
}

/* Only what JSON escapes, or is more than ASCII, can be anything but plain. */
static bool is_plain_json(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x7f || (*text == '\\' && strchr("ubfr", text[1])))
            return false;
    return true;
}

const struct glm_value *shown_view_names(struct glm_arena *arena, const struct glm_value *view)
{
    static const char *const exact[] = {"spec", "helm_global"};
    const struct glm_value *tame = shown_tame(arena, view, &glm_null);
    for (size_t i = 0; i < sizeof exact / sizeof *exact && tame != view; i++)
        if (glm_has(view, exact[i]))
            tame = glm_with(arena, tame, exact[i], glm_get(view, exact[i]));
    return tame;
}

/* The first character of a text that shown_tame would write in another way, as it would. */
static const char *hidden_in_text(struct glm_arena *arena, const char *text)
{
    for (size_t len = strlen(text); len > 0;) {
        bool plain;
        uint32_t code;
        size_t step = glm_shown_character(text, len, &plain, &code);
        if (!plain && code != '\n' && code != '\t')
            return glm_shown_n(arena, text, step, GLM_SHOWN_KEY_MAX);
        text += step;
        len -= step;
    }
    return NULL;
}

static const char *hidden_in(struct glm_arena *arena, const struct glm_value *v)
{
    const char *found = glm_is_string(v) ? hidden_in_text(arena, v->as.text) : NULL;
    for (size_t i = 0; glm_is_list(v) && i < v->len && !found; i++)
        found = hidden_in(arena, v->as.list[i]);
    for (size_t i = 0; glm_is_map(v) && i < v->len && !found; i++) {
        found = hidden_in_text(arena, v->as.map[i].key);
        if (!found)
            found = hidden_in(arena, v->as.map[i].value);
    }
    return found;
}

const char *shown_view_hidden(struct glm_arena *arena, const struct glm_value *view)
{
    const struct glm_value *spec = glm_get(view, "spec");
    const char *found = hidden_in(arena, glm_get(view, "helm_global"));
    if (found || !glm_is_string(spec) || is_plain_json(spec->as.text))
        return found;
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(glm_arena_room(arena));
    return hidden_in(arena, shown_document(scratch, spec));
}

const struct glm_value *shown_view(struct glm_arena *arena, const struct glm_value *view)
{
    const struct glm_value *spec = glm_get(view, "spec");
    view = shown_tame(arena, view, &glm_null);
    if (!glm_is_string(spec) || is_plain_json(spec->as.text))
        return view;
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(glm_arena_room(arena));
    spec = shown_tame(scratch, shown_document(scratch, spec), &glm_null);
    return glm_with(arena, view, "spec", glm_string(arena, glm_json_text(scratch, spec)));
}

bool shown_has_balancer(const struct glm_value *service)
{
    return glm_string_is(glm_get_path(service, "spec", "type", NULL), "LoadBalancer");
}

static bool is_ipv4(const char *text)
{
    for (int part = 0; part < 4; part++) {
        size_t digits = strspn(text, "0123456789");
        if (digits == 0 || digits > 3 || text[digits] != (part < 3 ? '.' : '\0'))
            return false;
        text += digits + (part < 3);
    }
    return true;
}

/* 2001:db8::1, ::ffff:10.0.0.1: eight groups, or fewer and one gap. */
static bool is_ipv6(const char *text)
{
    size_t groups = 0, gaps = 0;
    if (*text == ':' && text[1] != ':')
        return false;
    while (*text) {
        size_t digits = strspn(text, "0123456789abcdefABCDEF");
        if (text[digits] == '.' && groups + 2 <= 8) {
            groups += 2;
            return is_ipv4(text) && (gaps ? groups < 8 : groups == 8);
        }
        if (digits > 4 || (text[digits] && text[digits] != ':'))
            return false;
        groups += digits > 0;
        text += digits;
        if (*text == ':' && text[1] == ':') {
            gaps++;
            text += 2;
        } else if (*text == ':' && !*++text) {
            return false;
        }
    }
    return gaps == 1 ? groups < 8 : gaps == 0 && groups == 8;
}

/* An IP address, or a DNS name as resolvers take them: anything else comes from no load balancer. */
static bool is_address(const struct glm_value *v)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    if (!glm_is_string(v) || v->len == 0 || v->len > DNS_NAME_MAX || strlen(v->as.text) != v->len)
        return false;
    if (strchr(v->as.text, ':'))
        return is_ipv6(v->as.text);
    for (const char *label = v->as.text; *label;) {
        size_t len = strspn(label, letters);
        if (len == 0 || len > DNS_LABEL_MAX || (label[len] && label[len] != '.'))
            return false;
        label += len + (label[len] == '.');
    }
    return true;
}

const struct glm_value *shown_addresses(struct glm_arena *arena, const struct glm_value *service)
{
    const struct glm_value *ingress =
        glm_get_path(service, "status", "loadBalancer", "ingress", NULL);
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; glm_is_list(ingress) && i < ingress->len && b.len < ADDRESSES_MAX; i++) {
        const struct glm_value *entry = ingress->as.list[i];
        const struct glm_value *address = glm_get(entry, "hostname");
        if (!glm_is_string(address) || address->len == 0)
            address = glm_get(entry, "ip");
        if (is_address(address))
            glm_list_add(&b, glm_string(arena, address->as.text));
    }
    return glm_list_finish(&b);
}

const struct glm_value *shown_balancer(struct glm_arena *arena, const struct glm_value *manifest,
                                       const struct glm_value *entries,
                                       const struct glm_value *live)
{
    bool other = glm_has(entries, "spec.type");
    return shown_has_balancer(other ? live : manifest) ? shown_addresses(arena, live) : &glm_null;
}

const struct glm_value *shown_bare(struct glm_arena *arena, const struct glm_value *found)
{
    static const char *const names[] = {"name", "namespace"};
    struct glm_map_builder object, metadata;
    glm_map_init_from(&object, arena, found);
    glm_map_init(&metadata, arena);
    glm_map_remove(&object, "status");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (glm_has(glm_get(found, "metadata"), names[i]))
            glm_map_set(&metadata, names[i], glm_get_path(found, "metadata", names[i], NULL));
    glm_map_set(&object, "metadata", glm_map_finish(&metadata, NULL));
    return glm_map_finish(&object, NULL);
}
