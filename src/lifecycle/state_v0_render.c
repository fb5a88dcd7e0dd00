/* SPDX-License-Identifier: Apache-2.0
 *
 * What an installation of a state of schema version 0 makes today, for nobody and for each of its clusters: the
 * provider's configuration is read off the documents that it had made. Pure.
 */
#include "state_v0.h"

#include "glm/shown.h"

#include <string.h>

const struct glm_value *old_documents(struct glm_arena *arena, const struct glm_map_builder *texts)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < texts->len; i++) {
        const struct glm_value *document = shown_document(arena, texts->pairs[i].value);
        struct glm_object_ref ref;
        if (glm_object_ref_as(document, GLM_KIND_ISTIO_OPERATOR, &ref))
            glm_map_set(&b, texts->pairs[i].key, document);
    }
    return glm_map_finish(&b, NULL);
}

static const char *namespace_of(const struct glm_value *document)
{
    return glm_string_or(glm_get_path(document, "metadata", "namespace", NULL), "");
}

/* The namespace that most of them are in, of several the first one. */
static const char *usual_namespace(struct glm_arena *arena, const struct glm_value *documents)
{
    struct glm_map_builder counts;
    const char *usual = "istio-system";
    int64_t most = 0;
    glm_map_init(&counts, arena);
    for (size_t i = 0; i < documents->len; i++) {
        const char *ns = namespace_of(documents->as.map[i].value);
        int64_t count = 0;
        glm_number_int64(glm_map_peek(&counts, ns), &count);
        glm_map_set(&counts, ns, glm_integer(arena, ++count));
    }
    for (size_t i = 0; i < documents->len; i++) {
        const char *ns = namespace_of(documents->as.map[i].value);
        int64_t count = 0;
        if (glm_number_int64(glm_map_peek(&counts, ns), &count) && count > most) {
            usual = ns;
            most = count;
        }
    }
    return usual;
}

/* What `auto` stood for, by a document. */
static const struct glm_value *distribution_of(struct glm_arena *arena, const struct old_key *k,
                                               const struct glm_value *document)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "revision", glm_string(arena, k->stood_for));
    glm_map_set(&b, "hub", glm_get_path(document, "spec", "hub", NULL));
    glm_map_set(&b, "tag", glm_get_path(document, "spec", "tag", NULL));
    return glm_map_finish(&b, NULL);
}

/* The clusters that have documents, each in the namespace of its own. */
static struct glm_cluster_config *configs_of(struct glm_arena *arena,
                                             const struct glm_value *documents)
{
    struct glm_cluster_config *configs =
        GLM_NEW_ARRAY(arena, documents->len, struct glm_cluster_config);
    for (size_t i = 0; i < documents->len; i++)
        configs[i] = (struct glm_cluster_config){.name = documents->as.map[i].key,
                                                 .place = GLM_PLACE_LIVE,
                                                 .operator_namespace =
                                                     namespace_of(documents->as.map[i].value)};
    return configs;
}

static const struct glm_placement *placement_of(const struct glm_installation *in,
                                                const char *cluster)
{
    for (size_t i = 0; i < in->placement_count; i++)
        if (strcmp(in->placements[i].cluster, cluster) == 0)
            return &in->placements[i];
    return NULL; /* it is not there any more */
}

static void render_clusters(const struct glm_installer_call *call,
                            const struct glm_installer_pair *nobody,
                            const struct glm_value *documents, struct old_rendering *ret)
{
    struct glm_installer_pair *pairs =
        GLM_NEW_ARRAY(call->arena, documents->len, struct glm_installer_pair);
    const char **names = GLM_NEW_ARRAY(call->arena, documents->len, const char *);
    struct glm_diags ignored;
    size_t count = 0;
    glm_diags_init(&ignored, call->arena);
    for (size_t i = 0; i < documents->len; i++) {
        const char *cluster = documents->as.map[i].key;
        const struct glm_placement *placement = placement_of(nobody->installation, cluster);
        if (!placement)
            continue;
        names[count] = cluster;
        pairs[count] = *nobody;
        pairs[count].cluster = cluster;
        pairs[count++].placement = placement;
    }
    ret->names = names;
    if (count == 0 || !seam_render(call, pairs, count, true, &ret->clusters, &ignored))
        ret->clusters = (struct glm_installer_rendering){0};
}

bool old_render(const struct old_state *s, struct glm_arena *arena, const struct old_key *k,
                const struct glm_value *documents, struct old_rendering *ret)
{
    const struct glm_value *first = documents->as.map[0].value;
    struct glm_estate estate = {.installers = s->installers,
                                .mesh = {.known = false,
                                         .operator_namespace = usual_namespace(arena, documents),
                                         .default_distribution = distribution_of(arena, k, first)}};
    struct glm_diags ignored;
    struct glm_manager *manager;
    glm_diags_init(&ignored, arena);
    const struct glm_value *attributes =
        glm_with(arena, s->state, "installations", glm_with(arena, &glm_empty_map, k->key, k->in));
    if (glm_is_null(k->in) ||
        !glm_manager_read(arena, attributes, &estate.mesh, false, &manager, &ignored) ||
        manager->installation_count != 1 || !manager->installations[0].revision ||
        !manager->installations[0].control_plane)
        return false;
    const struct glm_installation *in = &manager->installations[0];
    const struct glm_installer_pair nobody = {
        .key = glm_revision_key(in->revision), .installation = in, .placement = &glm_nobody};
    struct glm_installer_call call = seam_call(arena, &estate, s->installers[0], NULL);
    call.manager = manager;
    *ret = (struct old_rendering){0};
    if (!seam_render(&call, &nobody, 1, true, &ret->nobody, &ignored))
        return false;
    estate.mesh.known = true;
    estate.mesh.clusters = configs_of(arena, documents);
    estate.mesh.cluster_count = documents->len;
    render_clusters(&call, &nobody, documents, ret);
    return true;
}

const struct glm_value *old_should_be(const struct old_rendering *r, const char *cluster,
                                      const struct glm_object_ref *ref)
{
    for (size_t i = 0; i < r->clusters.count; i++) {
        const struct glm_installer_object *o = &r->clusters.objects[i];
        if (o->pair != GLM_PAIR_ALL && strcmp(r->names[o->pair], cluster) == 0 &&
            o->ref.kind == ref->kind && o->ref.name && strcmp(o->ref.name, ref->name) == 0)
            return o->object;
    }
    return NULL;
}

/* v without what is at the path, and the maps that have nothing else. */
static const struct glm_value *without_path(struct glm_arena *arena, const struct glm_value *v,
                                            const char *const *path)
{
    if (!glm_has(v, path[0]))
        return v;
    const struct glm_value *rest = &glm_empty_map;
    if (path[1])
        rest = without_path(arena, glm_get(v, path[0]), path + 1);
    return glm_is_map(rest) && rest->len == 0 ? glm_without(arena, v, path[0])
                                              : glm_with(arena, v, path[0], rest);
}

const struct glm_value *old_without_own(struct glm_arena *arena, const struct glm_value *v)
{
    static const char *const trust_domain[] = {"spec", "meshConfig", "trustDomain", NULL};
    static const char *const name[] = {"spec",         "values",      "global",
                                       "multiCluster", "clusterName", NULL};
    return without_path(arena, without_path(arena, v, trust_domain), name);
}
