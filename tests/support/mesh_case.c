/* SPDX-License-Identifier: Apache-2.0
 *
 * Cases of the mesh. See mesh_case.h.
 */
#include "mesh_case.h"
#include "glm/codec.h"
#include "test.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define LATER "(known after apply)"

/* v with each unknown replaced by `to`, or each {$unknown: true} by unknown when to is NULL. */
static const struct glm_value *replace(struct glm_arena *arena, const struct glm_value *v,
                                       const struct glm_value *to)
{
    if (to && v->kind == GLM_UNKNOWN)
        return to;
    if (!to && glm_is_true(glm_get(v, "$unknown")))
        return &glm_unknown;
    if (v->kind == GLM_LIST) {
        struct glm_list_builder b;
        glm_list_init(&b, arena);
        for (size_t i = 0; i < v->len; i++)
            glm_list_add(&b, replace(arena, v->as.list[i], to));
        return glm_list_finish(&b);
    }
    if (v->kind != GLM_MAP)
        return v;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < v->len; i++)
        glm_map_append(&b, v->as.map[i].key, v->as.map[i].line, v->as.map[i].column,
                       replace(arena, v->as.map[i].value, to));
    return glm_map_finish(&b, NULL);
}

const struct glm_value *glm_case_unknowns(struct glm_arena *arena, const struct glm_value *v)
{
    return replace(arena, v, NULL);
}

/* NULL: not known. */
static const char *read_namespace(const struct glm_value *v, const char *fallback)
{
    return glm_is_unknown(v) ? NULL : glm_string_or(v, fallback);
}

static void read_cluster(const struct glm_pair *pair, const char *namespace_,
                         struct glm_cluster_config *ret)
{
    const struct glm_value *place = glm_get(pair->value, "place");
    *ret = (struct glm_cluster_config){.name = pair->key, .place = GLM_PLACE_DIRECTORY};
    if (glm_string_is(place, "live"))
        ret->place = GLM_PLACE_LIVE;
    else if (glm_string_is(place, "unknown"))
        ret->place = GLM_PLACE_UNKNOWN;
    /* It is said, unless it is said to be "". */
    ret->installer = glm_string_or(glm_get(pair->value, "installer"), "istio_operator");
    ret->installer = *ret->installer ? ret->installer : NULL;
    ret->operator_namespace =
        read_namespace(glm_get(pair->value, "operator_namespace"), namespace_);
    ret->rendered = glm_is_true(glm_get(pair->value, "rendered"));
    ret->decommissioned = glm_is_true(glm_get(pair->value, "decommissioned"));
}

const struct glm_value *glm_case_yaml(struct glm_arena *arena, const char *path)
{
    const struct glm_value *v = &glm_null;
    struct glm_diags d;
    size_t len;
    if (access(path, F_OK) != 0)
        return v;
    const char *text = glm_test_file(arena, path, &len);
    glm_diags_init(&d, arena);
    if (!glm_yaml_decode(arena, text, len, path, NULL, &v, &d))
        fail_msg("%s: %s", path, glm_test_diags_text(arena, &d));
    return glm_case_unknowns(arena, v);
}

const struct glm_mesh_config *glm_case_config(struct glm_arena *arena,
                                              const struct glm_value *provider)
{
    struct glm_mesh_config *config = GLM_NEW(arena, struct glm_mesh_config);
    const struct glm_value *clusters = glm_get(provider, "clusters");
    if (glm_is_null(clusters)) {
        struct glm_map_builder b;
        glm_map_init(&b, arena);
        glm_map_set(&b, "cluster1", &glm_empty_map);
        glm_map_set(&b, "cluster2", &glm_empty_map);
        clusters = glm_map_finish(&b, NULL);
    }
    config->operator_namespace =
        read_namespace(glm_get(provider, "operator_namespace"), "istio-system");
    struct glm_cluster_config *items =
        GLM_NEW_ARRAY(arena, clusters->len, struct glm_cluster_config);
    for (size_t i = 0; glm_is_map(clusters) && i < clusters->len; i++)
        read_cluster(&clusters->as.map[i], config->operator_namespace,
                     &items[config->cluster_count++]);
    config->known = !glm_is_false(glm_get(provider, "known"));
    config->clusters = items;
    config->default_distribution = glm_get(provider, "default_distribution");
    return config;
}

static void add_document(struct glm_text *text, const struct glm_value *object)
{
    const struct glm_value *later = glm_string(text->arena, LATER);
    glm_text_adds(text, "---\n");
    glm_yaml_encode(replace(text->arena, object, later), text);
}

const char *glm_case_rendering(struct glm_arena *arena, const struct glm_rendering *rendering)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)64 << 20);
    glm_text_adds(&text, "# namespaces:");
    for (size_t i = 0; i < rendering->namespace_count; i++)
        glm_text_addf(&text, " %s", rendering->namespaces[i]);
    glm_text_adds(&text, "\n# services:");
    for (size_t i = 0; i < rendering->service_count; i++)
        glm_text_addf(&text, " %s", rendering->services[i].key);
    glm_text_addf(&text, "%s\n", rendering->services_known ? "" : " " LATER);
    add_document(&text, rendering->istio_operator);
    for (size_t i = 0; i < rendering->service_count; i++)
        add_document(&text, rendering->services[i].object);
    return text.data;
}

static const struct glm_value *clusters_from_crd(struct glm_arena *arena,
                                                 const struct glm_value *list)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < list->len; i++) {
        const struct glm_value *from = glm_at(list, i);
        struct glm_map_builder entry;
        glm_map_init(&entry, arena);
        glm_map_set(&entry, "active_gateway", glm_get(from, "activeGateway"));
        glm_map_set(&entry, "trust_domain", glm_get(from, "trustDomain"));
        glm_map_set(&b, glm_string_or(glm_get(from, "name"), ""), glm_map_finish(&entry, NULL));
    }
    return glm_map_finish(&b, NULL);
}

const struct glm_value *glm_case_from_crd(struct glm_arena *arena, const struct glm_value *document)
{
    const struct glm_value *list = glm_get_path(document, "spec", "installations", NULL);
    struct glm_map_builder installations, b;
    glm_map_init(&installations, arena);
    for (size_t i = 0; i < list->len; i++) {
        const struct glm_value *from = glm_at(list, i);
        const char *revision = glm_string_or(glm_get(from, "gatewayRevision"), "default");
        struct glm_text spec;
        glm_text_init(&spec, arena, (size_t)64 << 20);
        glm_yaml_encode(glm_get(from, "istioOperatorSpec"), &spec);
        struct glm_map_builder one;
        glm_map_init(&one, arena);
        glm_map_set(&one, "gateway_revision", glm_string(arena, revision));
        glm_map_set(&one, "control_plane_revision", glm_get(from, "controlPlaneRevision"));
        glm_map_set(&one, "skip_upgrade_validation", glm_get(from, "skipUpgradeValidation"));
        glm_map_set(&one, "clusters", clusters_from_crd(arena, glm_get(from, "clusters")));
        glm_map_set(&one, "istio_operator_spec", glm_stringn(arena, spec.data, spec.len));
        glm_map_set(&installations, glm_sprintf(arena, "%zu-%s", i, revision),
                    glm_map_finish(&one, NULL));
    }
    glm_map_init(&b, arena);
    glm_map_set(&b, "name", glm_get_path(document, "metadata", "name", NULL));
    glm_map_set(&b, "namespace", glm_get_path(document, "metadata", "namespace", NULL));
    glm_map_set(&b, "installations", glm_map_finish(&installations, NULL));
    return glm_map_finish(&b, NULL);
}
