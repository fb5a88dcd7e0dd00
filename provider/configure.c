/* SPDX-License-Identifier: Apache-2.0
 *
 * The provider's own validate and configure: from its configuration to an estate. Nothing is
 * reached here; clusters are reached when they are needed.
 */
#include "state.h"

#include "check_provider.h"
#include "glm/directory.h"
#include "glm/live.h"
#include "glm/path.h"
#include "installers.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_OPERATOR_NAMESPACE "istio-system"
#define DEFAULT_PARALLEL 32
#define DEFAULT_FIELD_MANAGER "terraform-provider-glm"

/* Of a cluster, or with the null value of nobody. NULL: not known yet. */
static const char *operator_namespace(const struct glm_value *config,
                                      const struct glm_value *cluster)
{
    const struct glm_value *own = glm_get(cluster, "operator_namespace");
    const struct glm_value *chosen = glm_is_null(own) ? glm_get(config, "operator_namespace") : own;
    if (glm_is_unknown(config) || glm_is_unknown(chosen))
        return NULL;
    return glm_string_or(chosen, DEFAULT_OPERATOR_NAMESPACE);
}

/* NULL: the default. Files are written by no installer of their own. */
static const char *installer_name(const struct glm_value *config, const struct glm_value *cluster)
{
    const struct glm_value *own = glm_get(cluster, "installer");
    const char *name = glm_string_or(glm_is_null(own) ? glm_get(config, "installer") : own, NULL);
    return name && strcmp(name, "directory") != 0 ? name : NULL;
}

/* What kind of place it is, when that is known. */
static enum glm_place_kind place_kind(const struct glm_value *entry)
{
    static const char *const live[] = {"context", "host", "kubeconfig"};
    if (glm_is_string(glm_get(entry, "directory")))
        return GLM_PLACE_DIRECTORY;
    for (size_t i = 0; i < sizeof live / sizeof *live; i++)
        if (glm_is_string(glm_get(entry, live[i])))
            return GLM_PLACE_LIVE;
    return glm_is_true(glm_get(entry, "in_cluster")) ? GLM_PLACE_LIVE : GLM_PLACE_UNKNOWN;
}

static struct glm_cluster_config
read_cluster(struct glm_arena *arena, const struct glm_value *config, const struct glm_pair *pair)
{
    struct glm_cluster_config c = {
        .name = glm_strdup(arena, pair->key),
        .place = GLM_PLACE_UNKNOWN,
        .decommissioned = glm_is_true(glm_get(pair->value, "decommissioned")),
    };
    const char *namespace_ = operator_namespace(config, pair->value);
    c.operator_namespace = namespace_ ? glm_strdup(arena, namespace_) : NULL;
    const char *installer = installer_name(config, pair->value);
    c.installer = installer ? glm_strdup(arena, installer) : NULL;
    const struct glm_installer *row = glm_installer_find(glm_provider_installers, installer);
    c.rendered = row && row->renders;
    c.place = place_kind(pair->value);
    return c;
}

/* The configuration with every `directory` as the path that it stands for; one whose "~" stands for
 * nothing is unknown, after an error. */
static const struct glm_value *expand_home(struct glm_arena *arena, const struct glm_value *config,
                                           struct glm_diags *d)
{
    const struct glm_value *clusters = glm_get(config, "clusters");
    const char *home = getenv("HOME");
    if (!glm_is_map(clusters))
        return config;
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, clusters);
    for (size_t i = 0; i < clusters->len; i++) {
        const struct glm_pair *pair = &clusters->as.map[i];
        const struct glm_value *directory = glm_get(pair->value, "directory");
        if (!glm_is_string(directory))
            continue;
        const char *path = glm_path_home(arena, directory->as.text, home && *home ? home : NULL);
        if (!path)
            glm_error(
                d, GLM_AT_ATTR(GLM_AT_KEY(GLM_AT_ATTR(NULL, "clusters"), pair->key), "directory"),
                "Unknown home directory",
                "\"%s\" begins with the home directory, and HOME is not set in the "
                "environment. Set it, or write the whole path.",
                directory->as.text);
        if (path != directory->as.text)
            glm_map_set(&b, pair->key,
                        glm_with(arena, pair->value, "directory",
                                 path ? glm_string(arena, path) : &glm_unknown));
    }
    return glm_with(arena, config, "clusters", glm_map_finish(&b, NULL));
}

static void release_cluster(void *cluster)
{
    struct glm_cluster *c = cluster;
    c->ops->destroy(c);
}

static struct glm_cluster *open_live(struct glm_arena *arena, const struct glm_surroundings *around,
                                     const struct glm_value *config, const struct glm_pair *pair,
                                     const struct glm_cluster_config *cluster)
{
    const struct glm_installer *installer =
        glm_installer_find(glm_provider_installers, cluster->installer);
    const struct glm_value *paths = glm_get(config, "config_paths");
    const struct glm_live_config live = {
        .name = pair->key,
        .entry = pair->value,
        .config_paths = paths,
        .rights = installer ? glm_installer_rights(arena, installer) : NULL,
        .field_manager = glm_string_or(glm_get(config, "field_manager"), DEFAULT_FIELD_MANAGER),
        .user_agent = around->user_agent,
        .stop = around->stop,
        .http = around->http,
        .exec_cache = around->exec_cache,
    };
    /* A part that is not known yet may be what the way to it depends on. */
    if (!around->http || !glm_is_wholly_known(pair->value) || !glm_is_wholly_known(paths) ||
        glm_is_unknown(glm_get(config, "field_manager")))
        return NULL;
    return glm_live_create(&live);
}

static struct glm_cluster *open_directory(const struct glm_surroundings *around,
                                          const struct glm_pair *pair)
{
    struct glm_cluster *handle =
        glm_directory_create(pair->key, glm_get(pair->value, "directory")->as.text, around->stop);
    if (around->turns)
        glm_directory_share(handle, around->turns);
    return handle;
}

static struct glm_cluster *open_cluster(struct glm_arena *arena,
                                        const struct glm_surroundings *around,
                                        const struct glm_value *config, const struct glm_pair *pair,
                                        const struct glm_cluster_config *cluster)
{
    struct glm_cluster *handle = NULL;
    if (cluster->decommissioned)
        return NULL;
    if (cluster->place == GLM_PLACE_DIRECTORY)
        handle = open_directory(around, pair);
    else if (cluster->place == GLM_PLACE_LIVE)
        handle = open_live(arena, around, config, pair, cluster);
    if (handle)
        glm_arena_defer(arena, release_cluster, handle);
    return handle;
}

/* What it says of the mesh, without a way to any cluster. */
static void read_mesh(struct glm_arena *arena, const struct glm_value *config,
                      struct glm_mesh_config *ret_mesh)
{
    const struct glm_value *clusters = glm_get(config, "clusters");
    size_t count = glm_is_map(clusters) ? clusters->len : 0;
    struct glm_cluster_config *configs = GLM_NEW_ARRAY(arena, count, struct glm_cluster_config);
    const char *namespace_ = operator_namespace(config, &glm_null);
    for (size_t i = 0; i < count; i++)
        configs[i] = read_cluster(arena, config, &clusters->as.map[i]);
    *ret_mesh = (struct glm_mesh_config){
        .known = !glm_is_unknown(clusters) && !glm_is_unknown(config),
        .default_distribution = glm_copy(arena, glm_get(config, "default_distribution")),
        .operator_namespace = namespace_ ? glm_strdup(arena, namespace_) : NULL,
        .clusters = configs,
        .cluster_count = count,
    };
}

struct glm_estate *glm_estate_from_config(struct glm_arena *arena, const struct glm_value *config,
                                          const struct glm_surroundings *around)
{
    struct glm_estate *estate = GLM_NEW(arena, struct glm_estate);
    read_mesh(arena, config, &estate->mesh);
    estate->installers = glm_provider_installers;
    estate->max_parallel = DEFAULT_PARALLEL;
    int64_t parallel;
    if (glm_number_int64(glm_get(config, "max_parallel_clusters"), &parallel) && parallel > 0)
        estate->max_parallel = (size_t)parallel;

    const struct glm_value *clusters = glm_get(config, "clusters");
    size_t count = estate->mesh.cluster_count;
    struct glm_cluster **handles = GLM_NEW_ARRAY(arena, count, struct glm_cluster *);
    bool *must_answer = GLM_NEW_ARRAY(arena, count, bool);
    for (size_t i = 0; i < count; i++) {
        const struct glm_pair *pair = &clusters->as.map[i];
        handles[i] = open_cluster(arena, around, config, pair, &estate->mesh.clusters[i]);
        must_answer[i] = glm_string_is(glm_get(pair->value, "on_unreachable"), "error");
    }
    estate->clusters = handles;
    estate->must_answer = must_answer;
    estate->claims = glm_claims_create(arena);
    return estate;
}

void glm_provider_validate(struct glm_call *call, const struct glm_value *config)
{
    glm_schema_check(call->arena, glm_provider_schema.attrs, config, NULL, &call->diags);
    config = expand_home(call->arena, config, &call->diags);
    glm_check_provider(call->arena, config, false, &call->diags);
    /* What the resources of this process are checked against before Configure: an error in
     * validation ends a plan before it comes to that. */
    struct glm_arena *arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    glm_arena_wipe(arena);
    struct glm_mesh_config *mesh = GLM_NEW(arena, struct glm_mesh_config);
    read_mesh(arena, config, mesh); /* names are all that is wanted of it: no cluster is opened */
    glm_provider_set_seen(call->provider, arena, mesh);
}

void glm_provider_configure(struct glm_call *call, const struct glm_value *config,
                            const char *terraform_version)
{
    glm_schema_check(call->arena, glm_provider_schema.attrs, config, NULL, &call->diags);
    config = expand_home(call->arena, config, &call->diags);
    glm_check_provider(call->arena, config, true, &call->diags);
    glm_installers_check(glm_provider_installers, &call->diags);
    if (call->diags.errors > 0)
        return;
    struct glm_arena *arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    glm_arena_wipe(arena);
    struct glm_surroundings around = glm_provider_surroundings(call->provider);
    around.user_agent = glm_sprintf(arena, "terraform-provider-glm/" GLM_VERSION " terraform/%s",
                                    *terraform_version ? terraform_version : "unknown");
    struct glm_estate *estate = glm_estate_from_config(arena, config, &around);
    /* The estate lives as long as the provider, and so does what is seen in it. */
    glm_provider_set_seen(call->provider, NULL, &estate->mesh);
    glm_provider_set_estate(call->provider, arena, estate);
}
