/* SPDX-License-Identifier: Apache-2.0
 *
 * Documents: what a text that is to be an IstioOperator spec holds. The spec itself, or a whole
 * IstioOperator, of which the spec is taken; alone, in a List, or beside other documents.
 *
 * Owner:  the values live in the arena; positions are those of the text, whatever stands around.
 * Errors: what the text is instead, and what becomes of such a thing.
 */
#include "document.h"

#include "glm/codec.h"

#include <string.h>

#define API_GROUP "install.istio.io/"
#define API_VERSION API_GROUP "v1alpha1"
#define KIND "IstioOperator"
#define LISTED_KINDS ((size_t)20)

static const char *text_at(const struct glm_value *v, const char *key)
{
    return glm_string_or(glm_get(v, key), "");
}

/* A spec has neither field; every object has both, and people leave one of them out. */
static bool is_object(const struct glm_value *v)
{
    return glm_has(v, "kind") || glm_has(v, "apiVersion");
}

static bool is_istio_operator(const struct glm_value *v)
{
    if (glm_has(v, "kind"))
        return glm_string_is(glm_get(v, "kind"), KIND);
    return strncmp(text_at(v, "apiVersion"), API_GROUP, strlen(API_GROUP)) == 0;
}

/* `Namespace "gw" (line 3)` */
static const char *name_of(struct glm_arena *arena, const struct glm_value *v)
{
    const char *kind = text_at(v, "kind");
    const char *name = glm_string_or(glm_get_path(v, "metadata", "name", NULL), NULL);
    return glm_sprintf(arena, "%s%s%s%s (line %u)", *kind ? kind : "one without a kind",
                       name ? " \"" : "", name ? name : "", name ? "\"" : "", v->line);
}

/* ---- what is no spec ---- */

static bool ends_in(const char *text, const char *end)
{
    size_t len = strlen(text), n = strlen(end);
    return len >= n && strcmp(text + len - n, end) == 0;
}

/* How the content of a file is had whose name stands where the content should; "" for no name. */
static const char *content_of(struct glm_arena *arena, const char *text)
{
    const char *dot = strrchr(text, '.');
    size_t len = strlen(text);
    if (len == 0 || strpbrk(text, "\n ${}"))
        return "";
    if (strstr(text, "://"))
        return glm_sprintf(
            arena,
            " It looks like an address, and the content is wanted here: "
            "data.http.spec.response_body, with data \"http\" \"spec\" { url = \"%s\" }.",
            text);
    if (!strchr("~./", text[0]) && !strpbrk(text, "/\\") &&
        (!dot || len - (size_t)(dot - text) > 6))
        return "";
    /* Strings of Terraform would take a backslash for an escape. */
    char *path = glm_strdup(arena, text);
    for (char *c = path; *c; c++)
        *c = *c == '\\' ? '/' : *c;
    bool template_ = ends_in(path, ".tftpl") || ends_in(path, ".tpl") || ends_in(path, ".tmpl");
    return glm_sprintf(arena,
                       template_
                           ? " It looks like the path of a template, and the content is wanted "
                             "here: templatefile(\"%s\", { ... })."
                           : " It looks like the path of a file, and the content is wanted "
                             "here: file(\"%s\").",
                       path);
}

const char *mesh_document_hint(struct glm_arena *arena, const char *text)
{
    return strchr(text, '\n')
               ? " It is a text inside of a text: where the content comes from a file, leave "
                 "jsonencode or yamlencode away."
               : content_of(arena, text);
}

static bool refuse_scalar(struct glm_spec_report *r, const struct glm_value *v)
{
    const char *what_to_do = mesh_document_hint(r->arena, glm_string_or(v, ""));
    return glm_spec_error(r, v->line, v->column, "istio_operator_spec", "Not an IstioOperator spec",
                          "must be a map of fields such as profile, tag and components, but is "
                          "%s.%s",
                          glm_kind_name(v->kind), what_to_do);
}

static const char *remedy_of_kind(struct glm_arena *arena, const char *kind, const char *version)
{
    static const char *const kinds[] = {KIND};
    if (strcmp(kind, "GatewayLifecycleManager") == 0)
        return "provider::glm::manifest_decode reads these: installations = "
               "provider::glm::manifest_decode(file(\"...\")).installations, and in the same way "
               "name and namespace.";
    if (strcmp(kind, "IstioControlPlane") == 0)
        return "Istio has given that up with version 1.5. Write an IstioOperator with "
               "components.ingressGateways.";
    if (strcmp(kind, "Gateway") == 0)
        return "A Gateway says what the proxies of a gateway listen to, not how they are "
               "installed: apply it by other means, and describe the proxies under "
               "components.ingressGateways.";
    if (strcmp(kind, "List") == 0 || strcmp(kind, KIND "List") == 0)
        return "The list has no IstioOperator among its items.";
    if (glm_nearest(kind, kinds, 1))
        return "Did you mean IstioOperator?";
    if (!*kind)
        return glm_sprintf(arena, "It has the apiVersion \"%s\" and no kind.", version);
    return "Write the spec of an IstioOperator, or a whole IstioOperator.";
}

/* None of the documents is an IstioOperator: the first that is an object says what they are. */
static bool refuse_kind(struct glm_spec_report *r, const struct glm_value *documents)
{
    size_t i = 0;
    while (i + 1 < documents->len && !is_object(documents->as.list[i]))
        i++;
    const struct glm_value *v = documents->as.list[i];
    const struct glm_pair *pair = glm_get_pair(v, glm_has(v, "kind") ? "kind" : "apiVersion");
    const char *kind = text_at(v, "kind");
    if (!pair)
        return refuse_scalar(r, v);
    return glm_spec_error(r, pair->line, pair->column, pair->key, "Not an IstioOperator",
                          ": this is an object of %s%s%s, and an IstioOperator or its spec is "
                          "wanted. %s",
                          *kind ? "kind \"" : "another kind", kind, *kind ? "\"" : "",
                          remedy_of_kind(r->arena, kind, text_at(v, "apiVersion")));
}

/* The values of Istio's charts, which have other names at the top than a spec. */
static bool looks_like_values(const struct glm_value *v)
{
    static const char *const of_spec[] = {"components", "hub",    "meshConfig",        "profile",
                                          "tag",        "values", "unvalidatedValues", NULL};
    static const char *const of_charts[] = {"autoscaling",    "gateways", "global",         "image",
                                            "podAnnotations", "service",  "serviceAccount", NULL};
    bool found = false;
    for (size_t i = 0; of_spec[i]; i++)
        if (glm_has(v, of_spec[i]))
            return false;
    for (size_t i = 0; of_charts[i]; i++)
        found |= glm_has(v, of_charts[i]);
    return found;
}

static bool refuse_values(struct glm_spec_report *r, const struct glm_value *v)
{
    bool under_values = glm_has(v, "global") || glm_has(v, "gateways");
    return glm_spec_error(
        r, v->line, v->column, "", "Not an IstioOperator spec",
        "has fields of a Helm chart's values, and none of an IstioOperator spec. %s",
        under_values ? "In a spec they stand under `values`, and what a gateway is under "
                       "components.ingressGateways or components.egressGateways."
                     : "In a spec a gateway stands under components.ingressGateways or "
                       "components.egressGateways, with what its Deployment and Service are under "
                       "k8s.");
}

/* ---- a whole IstioOperator ---- */

static bool check_beside(struct glm_spec_report *r, const struct glm_value *v)
{
    static const char *const known[] = {"apiVersion", "kind", "metadata", "spec", "status", NULL};
    bool ok = true;
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        size_t k = 0;
        while (known[k] && strcmp(known[k], pair->key) != 0)
            k++;
        if (!known[k])
            ok = glm_spec_error(r, pair->line, pair->column, pair->key,
                                "Unknown field beside the IstioOperator spec",
                                "is not a field of the object itself, which has apiVersion, kind, "
                                "metadata and spec. If it belongs to the spec, indent it below "
                                "`spec:`.");
    }
    return ok;
}

static bool take(struct glm_spec_report *r, const struct glm_value *v, struct glm_document *ret)
{
    const struct glm_pair *version = glm_get_pair(v, "apiVersion");
    const struct glm_value *spec = glm_get(v, "spec");
    bool ok = check_beside(r, v);
    if (version && !glm_string_is(version->value, API_VERSION))
        ok = glm_spec_error(r, version->line, version->column, "apiVersion",
                            "Another version of the API",
                            "is \"%s\", and IstioOperators are of " API_VERSION ": no other "
                            "version was ever served. Write that.",
                            glm_string_or(version->value, ""));
    ret->object = v;
    if (glm_is_null(spec))
        return ok && glm_spec_error(r, v->line, v->column, "", "No IstioOperator spec",
                                    "is empty: this IstioOperator has nothing under `spec`, so no "
                                    "gateway would be installed.");
    if (!glm_is_map(spec))
        return ok &&
               glm_spec_error(r, spec->line, spec->column, "spec", "Not an IstioOperator spec",
                              "must be a map of fields such as profile, tag and components, "
                              "but is %s.",
                              glm_kind_name(spec->kind));
    if (ok)
        ret->spec = spec;
    return ok;
}

/* ---- which of several ---- */

/* The documents of the text, the items of a List among them. */
static const struct glm_value *flatten(struct glm_arena *arena, const struct glm_value *documents)
{
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < documents->len; i++) {
        const struct glm_value *v = documents->as.list[i], *items = glm_get(v, "items");
        const char *kind = text_at(v, "kind");
        bool list = strcmp(kind, "List") == 0 || strcmp(kind, KIND "List") == 0;
        if (!list || !glm_is_list(items) || items->len == 0)
            glm_list_add(&b, v);
        else
            for (size_t k = 0; k < items->len; k++)
                glm_list_add(&b, items->as.list[k]);
    }
    return glm_list_finish(&b);
}

static const char *others(struct glm_arena *arena, const struct glm_value *documents,
                          const struct glm_value *chosen)
{
    struct glm_text text;
    size_t count = 0;
    glm_text_init(&text, arena, (size_t)1 << 16);
    for (size_t i = 0; i < documents->len; i++) {
        const struct glm_value *v = documents->as.list[i];
        if (v == chosen)
            continue;
        if (count++ < LISTED_KINDS)
            glm_text_addf(&text, "%s%s", text.len ? ", " : "", name_of(arena, v));
    }
    if (count > LISTED_KINDS)
        glm_text_addf(&text, " and %zu more", count - LISTED_KINDS);
    return text.data;
}

static bool choose(struct glm_spec_report *r, const struct glm_value *documents,
                   struct glm_document *ret)
{
    const struct glm_value *chosen = NULL;
    for (size_t i = 0; i < documents->len; i++) {
        const struct glm_value *v = documents->as.list[i];
        if (!is_istio_operator(v))
            continue;
        if (chosen)
            return glm_spec_error(r, v->line, v->column, KIND, "Several IstioOperators in one text",
                                  ": a second IstioOperator begins here, after the one of line %u. "
                                  "An installation has one: give each a file and an installation "
                                  "of its own, or put the gateways of both into one spec.",
                                  chosen->line);
        chosen = v;
    }
    if (!chosen)
        return refuse_kind(r, documents);
    if (documents->len > 1)
        ret->others = others(r->arena, documents, chosen);
    return take(r, chosen, ret);
}

bool mesh_document_read(struct glm_spec_report *r, const char *text, size_t len,
                        struct glm_document *ret)
{
    const struct glm_value *documents;
    struct glm_diags d;
    *ret = (struct glm_document){.spec = NULL, .object = NULL, .others = NULL};
    glm_diags_init(&d, r->arena);
    if (!glm_yaml_decode_all(r->arena, text, len, "istio_operator_spec", NULL, &documents, &d))
        return glm_spec_pass_on(r, &d);
    bool objects = false;
    for (size_t i = 0; i < documents->len; i++)
        objects |= is_object(documents->as.list[i]);
    /* Several documents of which none is an object: which one is meant nobody knows. */
    const struct glm_value *one = &glm_null;
    if (documents->len > 1 && !objects)
        return glm_yaml_decode(r->arena, text, len, "istio_operator_spec", NULL, &one, &d) ||
               glm_spec_pass_on(r, &d);
    if (objects)
        return choose(r, flatten(r->arena, documents), ret);
    one = glm_at(documents, 0);
    if (glm_is_null(one))
        return r->ok = glm_error(r->d, r->at, "No IstioOperator spec",
                                 "istio_operator_spec is empty, so no gateway would be installed. "
                                 "Write an IstioOperator spec with at least one enabled gateway "
                                 "under components.ingressGateways or components.egressGateways.");
    if (!glm_is_map(one))
        return refuse_scalar(r, one);
    if (looks_like_values(one))
        return refuse_values(r, one);
    ret->spec = one;
    return true;
}

bool glm_spec_decode(struct glm_arena *arena, const char *text, size_t len,
                     const struct glm_value **ret_spec)
{
    struct glm_spec_report report;
    struct glm_document document;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    glm_spec_report_begin(&report, arena, NULL, text, len, false, &ignored);
    if (!mesh_document_read(&report, text, len, &document))
        return false;
    *ret_spec = document.spec;
    return true;
}

/* ---- what is left out ---- */

/* Whether a map has a key that somebody wrote, and no program. */
static bool has_own_keys(const struct glm_value *map)
{
    static const char *const machines[] = {
        "kubectl.kubernetes.io/last-applied-configuration",
        GLM_LABEL_MANAGED_BY,
        "terraform-provider-glm/",
    };
    for (size_t i = 0; glm_is_map(map) && i < map->len; i++) {
        size_t k = 0;
        while (k < 3 && strncmp(map->as.map[i].key, machines[k], strlen(machines[k])) != 0)
            k++;
        if (k == 3)
            return true;
    }
    return false;
}

static bool goes_elsewhere(const struct glm_mesh_config *config, struct glm_arena *arena,
                           const struct glm_installation *in, const char *namespace_)
{
    for (size_t i = 0; *namespace_ && in->control_plane && i < in->placement_count; i++) {
        const struct glm_cluster_config *c = glm_mesh_cluster(config, in->placements[i].cluster);
        if (c && c->operator_namespace &&
            strcmp(namespace_,
                   glm_operator_namespace(arena, c->operator_namespace, in->control_plane)) != 0)
            return true;
    }
    return false;
}

void mesh_document_warn(struct glm_spec_report *r, const struct glm_document *document,
                        const struct glm_mesh_config *config, const struct glm_installation *in)
{
    static const char *const maps[] = {"labels", "annotations", "finalizers", "ownerReferences"};
    const struct glm_pair *pair =
        document->object ? glm_get_pair(document->object, "metadata") : NULL;
    if (document->others)
        glm_spec_warn(r, 0, 0, document->others, "Other documents are left out",
                      ": of this text only the IstioOperator is taken. Apply the others by other "
                      "means if they are wanted.");
    if (!pair)
        return;
    const char *namespace_ = text_at(pair->value, "namespace");
    struct glm_text text;
    glm_text_init(&text, r->arena, (size_t)1 << 16);
    if (goes_elsewhere(config, r->arena, in, namespace_))
        glm_text_addf(&text, "metadata.namespace \"%s\"", namespace_);
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        const struct glm_value *v = glm_get(pair->value, maps[i]);
        if (has_own_keys(v) || (glm_is_list(v) && v->len > 0))
            glm_text_addf(&text, "%smetadata.%s", text.len ? ", " : "", maps[i]);
    }
    if (text.len)
        glm_spec_warn(r, pair->line, pair->column, text.data,
                      "Metadata of the IstioOperator is left out",
                      ": only the spec of this object is taken. The IstioOperators that are "
                      "written have the name and labels that this resource gives them, and go to "
                      "the provider's operator_namespace.");
}
