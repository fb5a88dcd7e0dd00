/* SPDX-License-Identifier: Apache-2.0
 *
 * GatewayLifecycleManager documents to attributes, and back.
 *
 * Owner:  results live in the arena.
 * Errors: whatever the attributes have no place for, with line and column. What a manifest says
 *         outside of its spec (labels, annotations, status) belongs to the API server.
 */
#include "manifest.h"

#include "glm/chart_values.h"
#include "glm/codec.h"
#include "glm/mesh.h"
#include "glm/shown.h"
#include "glm/spec.h"

#include <string.h>

#define API_VERSION "admin.gloo.solo.io/v2"
#define KIND "GatewayLifecycleManager"
/* More than one resource can hold. */
#define TEXT_LIMIT ((size_t)256 << 20)
#define KINDS_SHOWN 20

/* ---- the type; a test holds it against the schema ---- */

static const struct glm_field cluster_fields[] = {
    {"active_gateway", &glm_type_bool},
    {"network", &glm_type_string},
    {"trust_domain", &glm_type_string},
};
static const struct glm_type cluster_type = {
    .kind = GLM_TYPE_OBJECT, .fields = cluster_fields, .len = 3};
static const struct glm_type clusters_type = {.kind = GLM_TYPE_MAP, .element = &cluster_type};

static const struct glm_field installation_fields[] = {
    {"clusters", &clusters_type},
    {"control_plane_revision", &glm_type_string},
    {"gateway_chart_values", &glm_type_string},
    {"gateway_revision", &glm_type_string},
    {"istio_operator_spec", &glm_type_string},
    {"istio_version", &glm_type_string},
    {"skip_upgrade_validation", &glm_type_bool},
};
static const struct glm_type installation_type = {
    .kind = GLM_TYPE_OBJECT, .fields = installation_fields, .len = 7};
static const struct glm_type installations_type = {.kind = GLM_TYPE_MAP,
                                                   .element = &installation_type};

static const struct glm_field repo_secret_fields[] = {
    {"name", &glm_type_string},
    {"namespace", &glm_type_string},
};
static const struct glm_type repo_secret_type = {
    .kind = GLM_TYPE_OBJECT, .fields = repo_secret_fields, .len = 2};
static const struct glm_type repo_secrets_type = {.kind = GLM_TYPE_LIST,
                                                  .element = &repo_secret_type};
static const struct glm_field helm_global_fields[] = {
    {"repo", &glm_type_string},
    {"repo_secrets", &repo_secrets_type},
    {"repo_skip_tls_verify", &glm_type_bool},
};
static const struct glm_type helm_global_type = {
    .kind = GLM_TYPE_OBJECT, .fields = helm_global_fields, .len = 3};

static const struct glm_field manifest_fields[] = {
    {"helm_global", &helm_global_type},
    {"installations", &installations_type},
    {"name", &glm_type_string},
    {"namespace", &glm_type_string},
};
const struct glm_type glm_manifest_type = {
    .kind = GLM_TYPE_OBJECT, .fields = manifest_fields, .len = 4};

/* ---- decode ---- */

/* The kinds in the text, for the message that none of them is the one wanted. */
static const char *kinds_of(struct glm_arena *arena, const struct glm_value *documents)
{
    struct glm_text text;
    glm_text_init(&text, arena, SIZE_MAX / 4);
    for (size_t i = 0; i < documents->len && i < KINDS_SHOWN; i++) {
        const char *kind = glm_string_or(glm_get(documents->as.list[i], "kind"), NULL);
        glm_text_addf(&text, "%s%s", i > 0 ? ", " : "",
                      kind ? glm_shown_n(arena, kind, strlen(kind), GLM_SHOWN_KEY_MAX)
                           : "one without a kind");
    }
    if (documents->len > KINDS_SHOWN)
        glm_text_addf(&text, ", and %zu more", documents->len - KINDS_SHOWN);
    return text.data;
}

/* The document; NULL after an error. */
static const struct glm_value *find_manifest(struct glm_arena *arena,
                                             const struct glm_value *documents,
                                             const struct glm_path *at, struct glm_diags *d)
{
    const struct glm_value *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < documents->len; i++)
        if (glm_string_is(glm_get(documents->as.list[i], "kind"), KIND)) {
            found = count == 0 ? documents->as.list[i] : found;
            count++;
        }
    if (count == 1)
        return found;
    if (count > 1)
        glm_error(d, at, "Several manifests in one text",
                  "The text has %zu documents of kind " KIND ", and a resource is made from one. "
                  "Split it, for example with [for t in split(\"\\n---\\n\", file(\"...\")) : "
                  "provider::glm::manifest_decode(t)].",
                  count);
    else if (documents->len == 0)
        glm_error(d, at, "Empty manifest",
                  "The text has no document. It must have one of kind " KIND ".");
    else
        glm_error(d, at, "No " KIND " in the text",
                  "The text has no document of kind " KIND ", only: %s.",
                  kinds_of(arena, documents));
    return NULL;
}

/* "Line 3, column 9: the", or "The" of what is not there. */
static const char *the(struct glm_arena *arena, const struct glm_pair *pair)
{
    return pair && pair->line
               ? glm_sprintf(arena, "Line %u, column %u: the", pair->line, pair->column)
               : "The";
}

static bool check_text(struct glm_arena *arena, const struct glm_value *metadata, const char *key,
                       bool required, const struct glm_path *at, struct glm_diags *d)
{
    const struct glm_pair *pair = glm_get_pair(metadata, key);
    const struct glm_value *v = glm_get(metadata, key);
    if (glm_is_null(v) && !required)
        return true;
    if (glm_is_string(v) && v->len > 0)
        return true;
    return glm_error(d, GLM_AT_ATTR(at, key), "Field missing in the manifest",
                     "%s manifest needs metadata.%s: %s.", the(arena, pair), key,
                     glm_is_null(v) || glm_is_string(v)
                         ? "there is none"
                         : "it must be a string, so put it in quotes");
}

static bool check_head(struct glm_arena *arena, const struct glm_value *document,
                       const struct glm_path *at, struct glm_diags *d)
{
    bool ok = true;
    const struct glm_path *metadata_at = GLM_AT_ATTR(at, "metadata");
    const struct glm_value *metadata = glm_get(document, "metadata");
    if (!glm_string_is(glm_get(document, "apiVersion"), API_VERSION))
        ok = glm_error(d, GLM_AT_ATTR(at, "apiVersion"), "Another version of the API",
                       "%s apiVersion is \"%s\", and this function reads " API_VERSION ".",
                       the(arena, glm_get_pair(document, "apiVersion")),
                       glm_string_or(glm_get(document, "apiVersion"), ""));
    ok &= check_text(arena, metadata, "name", true, metadata_at, d);
    ok &= check_text(arena, metadata, "namespace", false, metadata_at, d);
    if (!glm_is_map(glm_get(document, "spec")))
        ok = glm_error(d, GLM_AT_ATTR(at, "spec"), "Field missing in the manifest",
                       "%s manifest needs a spec with installations.",
                       the(arena, glm_get_pair(document, "spec")));
    return ok;
}

static bool read_manifest(struct glm_arena *arena, struct glm_yaml_source *source,
                          const struct glm_path *at, const struct glm_value **ret_attributes,
                          struct glm_diags *d)
{
    const struct glm_value *documents, *attributes;
    if (!glm_yaml_decode_all(arena, source->text, source->len, "the manifest", at, &documents, d))
        return false;
    const struct glm_value *document = find_manifest(arena, documents, at, d);
    if (!document)
        return false;
    bool ok = check_head(arena, document, at, d);
    const struct glm_value *spec = glm_get(document, "spec");
    if (!glm_is_map(spec) ||
        !glm_schema_from_crd(arena, glm_resource_schema.attrs, spec, source,
                             GLM_AT_ATTR(at, "spec"), &attributes, d) ||
        !ok)
        return false;
    const struct glm_value *metadata = glm_get(document, "metadata");
    attributes = glm_with(arena, attributes, "name", glm_get(metadata, "name"));
    *ret_attributes = glm_with(arena, attributes, "namespace", glm_get(metadata, "namespace"));
    return true;
}

bool glm_manifest_decode(struct glm_arena *arena, const char *text, size_t len,
                         const struct glm_path *at, const struct glm_value **ret_attributes,
                         struct glm_diags *d)
{
    struct glm_yaml_source source = {.text = text, .len = len};
    struct glm_spec_report report;
    struct glm_diags found;
    glm_diags_init(&found, arena);
    if (read_manifest(arena, &source, at, ret_attributes, &found))
        return true;
    glm_spec_report_begin(&report, arena, at, text, len, false, d);
    return glm_spec_pass_on(&report, &found);
}

/* ---- encode ---- */

/* The attributes with every whole IstioOperator as the spec in it, which is all that a manifest has
 * room for. */
static const struct glm_value *bare_specs(struct glm_arena *arena,
                                          const struct glm_value *attributes)
{
    const struct glm_value *installations = glm_get(attributes, "installations");
    if (!glm_is_map(installations))
        return attributes;
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, installations);
    for (size_t i = 0; i < installations->len; i++) {
        const struct glm_pair *pair = &installations->as.map[i];
        const struct glm_value *text = glm_get(pair->value, "istio_operator_spec"), *spec;
        if (glm_is_string(text) && glm_spec_decode(arena, text->as.text, text->len, &spec))
            glm_map_set(&b, pair->key,
                        glm_with(arena, pair->value, "istio_operator_spec",
                                 glm_string(arena, glm_json_text(arena, spec))));
    }
    return glm_with(arena, attributes, "installations", glm_map_finish(&b, NULL));
}

/* ---- networks, which a manifest has no field for: an installation for each, with a spec that says it ---- */

static const struct glm_value *network_of(const struct glm_value *entry)
{
    const struct glm_value *network = glm_get(entry, "network");
    return glm_is_string(network) && network->len ? network : &glm_null;
}

/* Those of one network, which none says any more. */
static const struct glm_value *clusters_of(struct glm_arena *arena,
                                           const struct glm_value *clusters,
                                           const struct glm_value *network)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < clusters->len; i++)
        if (glm_equal(network_of(clusters->as.map[i].value), network))
            glm_map_set(&b, clusters->as.map[i].key, clusters->as.map[i].value);
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *spec_in(struct glm_arena *arena, const struct glm_value *text,
                                       const struct glm_value *network)
{
    const struct glm_value *spec;
    if (glm_is_null(network) || !glm_is_string(text) ||
        !glm_spec_decode(arena, text->as.text, text->len, &spec))
        return text;
    return glm_string(arena, glm_json_text(arena, glm_network_spec(arena, spec, network)));
}

/* A key that nothing has yet: it orders them, and is not written. */
static const char *key_in(struct glm_map_builder *b, const struct glm_value *all, const char *key,
                          const struct glm_value *network)
{
    const char *own =
        glm_is_null(network) ? key : glm_sprintf(b->arena, "%s-%s", key, network->as.text);
    for (unsigned n = 2; own != key && (glm_has(all, own) || !glm_is_null(glm_map_peek(b, own)));
         n++)
        own = glm_sprintf(b->arena, "%s-%s-%u", key, network->as.text, n);
    return own;
}

static void add_by_network(struct glm_map_builder *b, const struct glm_value *all,
                           const struct glm_pair *pair)
{
    const struct glm_value *clusters = glm_get(pair->value, "clusters");
    const struct glm_value *revision = glm_get(pair->value, "gateway_revision");
    struct glm_map_builder seen;
    glm_map_init(&seen, b->arena);
    for (size_t i = 0; i < clusters->len; i++) {
        const struct glm_value *network = network_of(clusters->as.map[i].value);
        const char *name = glm_string_or(network, "");
        if (!glm_is_null(glm_map_peek(&seen, name)))
            continue;
        glm_map_set(&seen, name, &glm_true);
        const struct glm_value *one =
            glm_with(b->arena, pair->value, "clusters", clusters_of(b->arena, clusters, network));
        one = glm_with(b->arena, one, "istio_operator_spec",
                       spec_in(b->arena, glm_get(one, "istio_operator_spec"), network));
        if (glm_is_null(revision))
            one = glm_with(b->arena, one, "gateway_revision", glm_string(b->arena, pair->key));
        glm_map_set(b, key_in(b, all, pair->key, network), one);
    }
}

static const struct glm_value *by_network(struct glm_arena *arena,
                                          const struct glm_value *attributes)
{
    const struct glm_value *installations = glm_get(attributes, "installations");
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; glm_is_map(installations) && i < installations->len; i++) {
        const struct glm_pair *pair = &installations->as.map[i];
        const struct glm_value *clusters = glm_get(pair->value, "clusters");
        bool any = false;
        for (size_t k = 0; glm_is_map(clusters) && k < clusters->len; k++)
            any |= !glm_is_null(network_of(clusters->as.map[k].value));
        if (any)
            add_by_network(&b, installations, pair);
        else
            glm_map_set(&b, pair->key, pair->value);
    }
    return glm_is_map(installations)
               ? glm_with(arena, attributes, "installations", glm_map_finish(&b, NULL))
               : attributes;
}

/* ---- the whole ---- */

/* The API has no field for values of a chart. */
static bool check_forms(const struct glm_value *attributes, const struct glm_path *at,
                        struct glm_diags *d)
{
    const struct glm_value *installations = glm_get(attributes, "installations");
    bool ok = true;
    for (size_t i = 0; glm_is_map(installations) && i < installations->len; i++) {
        const struct glm_pair *pair = &installations->as.map[i];
        if (!glm_is_null(glm_get(pair->value, GLM_FORM_CHART)))
            ok = glm_error(
                d,
                GLM_AT_ATTR(GLM_AT_KEY(GLM_AT_ATTR(at, "installations"), pair->key),
                            GLM_FORM_CHART),
                "No place in a GatewayLifecycleManager",
                "installations[\"%s\"] has gateway_chart_values, which a GatewayLifecycleManager "
                "has no field for. Only an installation with istio_operator_spec can be written "
                "as one.",
                pair->key);
    }
    return ok;
}

bool glm_manifest_encode(struct glm_arena *arena, const struct glm_value *attributes,
                         const struct glm_path *at, const char **ret_text, struct glm_diags *d)
{
    const struct glm_value *spec;
    if (!check_forms(attributes, at, d))
        return false;
    attributes = by_network(arena, bare_specs(arena, attributes));
    if (!glm_schema_to_crd(arena, glm_resource_schema.attrs, attributes, at, &spec, d))
        return false;
    const struct glm_value *namespace_ =
        glm_get(glm_schema_defaults(arena, glm_resource_schema.attrs, attributes), "namespace");
    const struct glm_value *document = &glm_empty_map;
    document = glm_with(arena, document, "apiVersion", glm_string(arena, API_VERSION));
    document = glm_with(arena, document, "kind", glm_string(arena, KIND));
    document =
        glm_with_path(arena, document, glm_get(attributes, "name"), "metadata", "name", NULL);
    document = glm_with_path(arena, document, namespace_, "metadata", "namespace", NULL);
    document = glm_with(arena, document, "spec", spec);
    struct glm_text text;
    glm_text_init(&text, arena, TEXT_LIMIT);
    glm_yaml_encode(document, &text);
    if (text.overflow)
        return glm_error(d, at, "Manifest too large",
                         "Written out, the manifest is larger than %zu MiB.", TEXT_LIMIT >> 20);
    *ret_text = text.data;
    return true;
}

/* ---- diagnostics of functions ---- */

void glm_manifest_report(struct glm_call *call, size_t argument, const struct glm_diags *found)
{
    const struct glm_path *at = GLM_AT_INDEX(NULL, argument);
    for (const struct glm_diag *d = found->first; d; d = d->next) {
        const char *path = glm_path_text(call->arena, d->path);
        if (d->severity != GLM_ERROR)
            continue;
        if (*path)
            glm_error(&call->diags, at, d->summary, "At %s: %s", path, d->detail);
        else
            glm_error(&call->diags, at, d->summary, "%s", d->detail);
    }
}
