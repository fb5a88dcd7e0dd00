/* SPDX-License-Identifier: Apache-2.0
 *
 * What Istio refuses, and what it takes but could not be meant: before anything is rendered, with the place
 * in the document.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define PRIVILEGED_BELOW 1024

/* ---- fields of the spec ---- */

/* empty: "" is held against it, too. */
static bool check_text(struct render_call *call, const char *field, bool empty, const char *summary,
                       const char *(*fault)(struct glm_arena *arena, const char *text))
{
    const struct glm_pair *pair = glm_get_pair(call->spec, field);
    const char *text = pair ? glm_string_or(pair->value, NULL) : NULL;
    const char *wrong = text && (*text || empty) ? fault(call->arena, text) : NULL;
    return !wrong ||
           glm_spec_error(call->report, pair->line, pair->column, field, summary, "%s", wrong);
}

static const char *tag_fault(struct glm_arena *arena, const char *tag)
{
    return glm_tag_fault(arena, tag, false);
}

/* Istio writes these into values as text and reads them again: true, 123 and 1e5 are no texts then. */
static const struct glm_value *read_again(struct glm_arena *arena, const char *text)
{
    static const char *const booleans[] = {"1", "t", "T", "TRUE",  "true",  "True",
                                           "0", "f", "F", "FALSE", "false", "False"};
    char *end;
    for (size_t i = 0; i < sizeof booleans / sizeof *booleans; i++)
        if (strcmp(booleans[i], text) == 0)
            return &glm_true;
    double number = strtod(text, &end);
    bool hexadecimal = strpbrk(text, "xX") != NULL;
    return *text && !*end && !hexadecimal ? glm_stringf(arena, "%.15g", number) : NULL;
}

static const char *revision_fault(struct glm_arena *arena, const char *revision)
{
    if (read_again(arena, revision))
        return glm_sprintf(
            arena,
            "\"%s\" is read as a number or a boolean by Istio, and no revision then. "
            "Write one with a letter or a dash in it, such as \"r%s\".",
            revision, revision);
    if (glm_name_is_label_value(revision) && !strpbrk(revision, "._"))
        return NULL;
    const char *nearest = glm_name_suggest(arena, revision);
    return glm_sprintf(
        arena, "\"%s\" is no revision: that is a word of letters, digits and \"-\"%s%s%s.",
        revision, nearest ? ", such as \"" : "", nearest ? nearest : "", nearest ? "\"" : "");
}

/* ---- gateways ---- */

struct checking {
    struct render_call *call;
    const struct render_type *type;
    const struct glm_value *entry;
    const char *where;
    bool on; /* objects are made of it */
    bool ok;
};

static void refuse(struct checking *c, const struct glm_value *at, const char *field,
                   const char *summary, const char *why)
{
    const char *where = glm_sprintf(c->call->arena, "%s%s", c->where, field);
    c->ok = glm_spec_error(c->call->report, at->line, at->column, where, summary, "%s", why);
}

static void check_name(struct checking *c)
{
    const struct glm_value *name = glm_get(c->entry, "name");
    const char *text = glm_string_or(name, "");
    if (glm_is_unknown(name))
        return;
    if (!*text && c->on)
        refuse(c, c->entry, "", "A gateway without a name",
               ": has no name, and its objects would have none. Write name.");
    else if (*text && !glm_name_is_subdomain(text))
        refuse(c, name, ".name", "Not a name",
               glm_sprintf(c->call->arena,
                           "\"%s\" is no name of a Kubernetes object: lower-case letters, digits, "
                           "\"-\" and \".\", at most 253.",
                           text));
}

/* 1.10 is 1.1 then. */
static bool check_tag_kind(struct render_call *call, const struct glm_value *tag, const char *where)
{
    if (tag->kind == GLM_LIST || tag->kind == GLM_MAP || tag->kind == GLM_BOOL)
        return glm_spec_error(call->report, tag->line, tag->column, where, "Not a tag",
                              "must be a text, but is %s.", glm_kind_name(tag->kind));
    return tag->kind != GLM_NUMBER ||
           glm_spec_error(call->report, tag->line, tag->column, where, "A tag that is a number",
                          "is the number %s, and ends up as \"%s\". Put it in quotes: \"%s\".",
                          tag->as.text, glm_chart_text(call->arena, tag), tag->as.text);
}

static void check_images(struct checking *c)
{
    const struct glm_value *tag = glm_get(c->entry, "tag"), *hub = glm_get(c->entry, "hub");
    c->ok = check_tag_kind(c->call, tag, glm_sprintf(c->call->arena, "%s.tag", c->where)) && c->ok;
    const char *text = glm_string_or(tag, "");
    const struct glm_value *read = *text ? read_again(c->call->arena, text) : NULL;
    if ((*text || *glm_string_or(hub, "")) && !glm_get(c->entry, "label")->len &&
        render_has(&c->call->release, RENDER_LABEL_WITH_IMAGE))
        refuse(c, *text ? tag : hub, *text ? ".tag" : ".hub", "An image without a label",
               ": Istio 1.24 and 1.25 fail for a gateway that has a hub or tag of its own and no "
               "label. Remove it: it has no effect in these versions.");
    else if (read && render_has(&c->call->release, RENDER_GATEWAY_TAG))
        refuse(
            c, tag, ".tag", "A tag that is read as a number",
            glm_sprintf(c->call->arena,
                        "\"%s\" is read as a number by Istio, which makes \"%s\" of it. Write the "
                        "whole version, such as \"%s.0\".",
                        text, glm_string_or(read, text), text));
}

/* An ordinary user cannot listen there. field: of the port, below where. */
static void check_port(struct checking *c, const struct glm_value *port, const char *field)
{
    const struct glm_value *target = glm_get(port, "targetPort");
    int64_t number = part_int(glm_get(port, "port")), to = part_int(target);
    if (glm_is_string(target) || glm_is_unknown(target) || glm_is_unknown(glm_get(port, "port")))
        return;
    if (to >= PRIVILEGED_BELOW || (to == 0 && number > PRIVILEGED_BELOW))
        return;
    refuse(c, port, field, "A port that needs root",
           glm_sprintf(c->call->arena,
                       ": port %lld leads to port %lld of the pods, and those do not run as root. "
                       "Set targetPort to %d or more, or values.gateways.%s.runAsRoot to true.",
                       (long long)number, (long long)(to ? to : number), PRIVILEGED_BELOW,
                       c->type->app));
}

static void check_ports(struct checking *c)
{
    const struct glm_value *ports = glm_get_path(c->entry, "k8s", "service", "ports", NULL);
    const struct glm_value *root =
        glm_get_path(c->call->spec, "values", "gateways", c->type->app, "runAsRoot", NULL);
    for (size_t i = 0; glm_is_list(ports) && !glm_chart_truthy(root) && i < ports->len; i++)
        check_port(c, ports->as.list[i], glm_sprintf(c->call->arena, ".k8s.service.ports[%zu]", i));
}

/* Ports that values add to all of a type, whoever the pods run as. */
static void check_more_ports(struct checking *c)
{
    const struct glm_value *ports =
        glm_get_path(c->call->spec, "values", "gateways", c->type->app, c->type->more_ports, NULL);
    c->where =
        glm_sprintf(c->call->arena, "values.gateways.%s.%s", c->type->app, c->type->more_ports);
    for (size_t i = 0; glm_is_list(ports) && i < ports->len; i++)
        if (glm_get(ports->as.list[i], "port")->kind == GLM_NUMBER)
            check_port(c, ports->as.list[i], glm_sprintf(c->call->arena, "[%zu]", i));
}

static bool check_gateways(struct render_call *call, enum render_type_index type)
{
    struct checking c = {.call = call, .type = &render_types[type], .ok = true};
    const struct glm_value *list = call->lists[type];
    for (size_t i = 0; i < list->len; i++) {
        c.entry = list->as.list[i];
        c.where = glm_sprintf(call->arena, "components.%s[%zu]", c.type->list, i);
        c.on = render_is_on(call, type, c.entry);
        check_name(&c);
        check_ports(&c);
        if (c.on)
            check_images(&c);
    }
    check_more_ports(&c);
    return c.ok;
}

/* Fields around the spec. Objects of a cluster have a status, too. */
bool render_check_document(struct render_call *call, const struct glm_value *document)
{
    static const char *const known[] = {"apiVersion", "kind", "metadata", "spec", "status"};
    const struct glm_value *kind = glm_get(document, "kind"), *spec = glm_get(document, "spec");
    bool ok = true;
    if (!glm_is_null(kind) && !glm_string_is(kind, "IstioOperator"))
        return glm_spec_error(call->report, kind->line, kind->column, "kind",
                              "Not an IstioOperator",
                              "is \"%s\", and gateways are rendered from an IstioOperator only.",
                              glm_string_or(kind, glm_kind_name(kind->kind)));
    for (size_t i = 0; i < document->len; i++) {
        const struct glm_pair *pair = &document->as.map[i];
        const char *nearest = glm_nearest(pair->key, known, sizeof known / sizeof *known);
        bool is_known = false;
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            is_known |= strcmp(known[k], pair->key) == 0;
        if (!is_known)
            ok = glm_spec_error(call->report, pair->line, pair->column, pair->key,
                                "Unknown field in the IstioOperator",
                                "is no field of an IstioOperator.%s%s%s",
                                nearest ? " Did you mean " : "", nearest ? nearest : "",
                                nearest ? "?" : " What is said of gateways is below spec.");
    }
    if (!glm_is_null(spec) && !glm_is_map(spec))
        ok = glm_spec_error(call->report, spec->line, spec->column, "spec", "Not a spec",
                            "must be a map, but is %s.", glm_kind_name(spec->kind));
    return ok;
}

/* Free for Istio's decoders; the tables have a type for it, because it ends in a pod. */
static bool is_free(const struct glm_value *own, const char *key)
{
    const struct glm_value *v = glm_get(own, key);
    bool free_ = glm_is_map(v) && strcmp(key, "resources") == 0;
    if (glm_is_list(v) && strcmp(key, "additionalContainers") == 0) {
        free_ = true;
        for (size_t i = 0; i < v->len; i++)
            free_ = free_ && glm_is_map(v->as.list[i]);
    }
    return free_;
}

/* The spec without what no decoder looks into. */
static const struct glm_value *looked_into(const struct render_call *call)
{
    static const char *const keys[] = {"additionalContainers", "resources"};
    const struct glm_value *spec = call->spec;
    for (size_t t = 0; t < RENDER_TYPES; t++) {
        const char *app = render_types[t].app;
        const struct glm_value *own = glm_get_path(spec, "values", "gateways", app, NULL);
        const struct glm_value *rest = own;
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
            rest = is_free(own, keys[i]) ? glm_without(call->arena, rest, keys[i]) : rest;
        if (rest != own)
            spec = glm_with_path(call->arena, spec, rest, "values", "gateways", app, NULL);
    }
    return spec;
}

/* Since 1.24 these are not the same as nothing: the text <nil> comes of them, or all that belongs there is lost. */
static bool check_nulls(struct render_call *call)
{
    static const char *const fields[][2] = {
        {"compatibilityVersion"},
        {"components"},
        {"components", "egressGateways"},
        {"components", "ingressGateways"},
        {"hub"},
        {"meshConfig"},
        {"revision"},
        {"tag"},
        {"values"},
        {"values", "revision"},
    };
    bool ok = true;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct glm_pair *pair = glm_get_pair(call->spec, fields[i][0]);
        if (pair && fields[i][1])
            pair = glm_get_pair(pair->value, fields[i][1]);
        if (pair && glm_is_null(pair->value) && render_has(&call->release, RENDER_NULL_COUNTS))
            ok = glm_spec_error(call->report, pair->line, pair->column,
                                glm_sprintf(call->arena, "%s%s%s", fields[i][0],
                                            fields[i][1] ? "." : "",
                                            fields[i][1] ? fields[i][1] : ""),
                                "Null is not nothing",
                                "is null, and since 1.24 Istio does not take that for nothing. "
                                "Remove it.");
    }
    return ok;
}

static bool check_charts(struct render_call *call)
{
    const struct glm_pair *pair = glm_get_pair(call->spec, "installPackagePath");
    return !pair || !glm_chart_truthy(pair->value) ||
           glm_spec_error(call->report, pair->line, pair->column, pair->key,
                          "Charts that are not Istio's own",
                          "names other charts, and what is rendered here is what Istio's own make. "
                          "Remove it.");
}

bool render_check_spec(struct render_call *call)
{
    unsigned minor = call->release.pipeline.minor;
    bool typed =
        render_has(&call->release, RENDER_NULL_COUNTS); /* before, "" was as good as none */
    bool ok = glm_spec_check(call->report, glm_spec_root(minor), minor, looked_into(call), NULL);
    ok = check_text(call, "hub", false, "Not a hub", glm_hub_fault) && ok;
    ok = check_text(call, "tag", typed, "Not a tag", tag_fault) && ok;
    ok = check_tag_kind(call, glm_get(call->spec, "tag"), "tag") && ok;
    ok = check_charts(call) && ok;
    ok = check_nulls(call) && ok;
    return check_text(call, "revision", false, "Not a revision", revision_fault) && ok;
}

/* The mesh is looked at as the spec says it, and as values do. */
static bool check_trust_domain(struct render_call *call, const struct glm_value *said,
                               const char *where)
{
    const struct glm_value *domain = glm_get_path(said, "meshConfig", "trustDomain", NULL);
    const char *text = glm_string_or(domain, NULL);
    const char *fault = text ? glm_trust_domain_fault(call->arena, text) : NULL;
    return !fault || glm_spec_error(call->report, domain->line, domain->column, where,
                                    "Not a trust domain", "%s", fault);
}

bool render_check_gateways(struct render_call *call)
{
    bool ok = check_trust_domain(call, call->spec, "meshConfig.trustDomain");
    ok = check_trust_domain(call, glm_get(call->spec, "values"), "values.meshConfig.trustDomain") &&
         ok;
    ok = check_gateways(call, RENDER_INGRESS) && ok;
    return check_gateways(call, RENDER_EGRESS) && ok;
}
