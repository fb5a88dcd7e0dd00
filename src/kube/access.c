/* SPDX-License-Identifier: Apache-2.0
 *
 * One cluster's way in: its entry in the provider's configuration, and the kubeconfig, Pod or
 * address that it names, made into a struct access.
 *
 * What:   each of the four ways gives a kubeconfig's cluster and user (of a host: empty ones); what
 *         the entry says goes before. Files are read here, programs are not run.
 * Owner:  the arena given.
 * Errors: all at once, by name of the setting and the file; never a value.
 * Thread: no shared state.
 */
#include "access_parts.h"

#include "glm/schema.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_TIMEOUT_MS INT64_C(30000)
#define PATHS_MAX ((size_t)1000)

struct found {
    struct settings cluster, user;
};

/* ---- kubeconfig files ---- */

struct paths {
    const char **items;
    size_t count;
};

static void add_path(struct resolver *r, struct paths *paths, const char *path, size_t len)
{
    if (len > 0 && paths->count < PATHS_MAX)
        paths->items[paths->count++] = access_path(r, glm_strndup(r->arena, path, len), NULL);
}

/* `config_paths`, else KUBECONFIG, else ~/.kube/config. */
static bool choose_paths(struct resolver *r, struct paths *ret_paths)
{
    const struct glm_value *given = r->config->config_paths;
    struct paths paths = {GLM_NEW_ARRAY(r->arena, PATHS_MAX, const char *), 0};
    for (size_t i = 0; given && glm_is_list(given) && i < given->len; i++)
        if (glm_is_string(glm_at(given, i)))
            add_path(r, &paths, glm_at(given, i)->as.text, glm_at(given, i)->len);
    const char *list = access_variable(r->environment, "KUBECONFIG");
    while (list && *list && !(given && glm_is_list(given) && given->len)) {
        size_t len = strcspn(list, ":");
        add_path(r, &paths, list, len);
        list += len + (list[len] == ':');
    }
    if (paths.count == 0 && !access_variable(r->environment, "HOME"))
        return glm_error(r->d, NULL, "No kubeconfig",
                         "Neither KUBECONFIG nor HOME is set, so there is no kubeconfig to look "
                         "in. Name the files in the provider's `config_paths`.");
    if (paths.count == 0)
        add_path(r, &paths, "~/.kube/config", strlen("~/.kube/config"));
    *ret_paths = paths;
    return true;
}

static bool read_sources(struct resolver *r, const struct paths *paths,
                         struct kubeconfig_source *sources)
{
    bool ok = true;
    for (size_t i = 0; i < paths->count; i++) {
        const char *path = paths->items[i], *why = "";
        sources[i] = (struct kubeconfig_source){path, access_directory(r->arena, path), NULL, 0};
        int error =
            access_read(r->arena, path, KUBE_CONFIG_MAX, &sources[i].text, &sources[i].len, &why);
        if (error && error != ENOENT && error != ENOTDIR)
            ok = glm_error(r->d, NULL, "Kubeconfig that cannot be read", "%s: %s.", path, why);
    }
    return ok;
}

static void take_context(const struct kubeconfig_context *context, struct found *ret_found)
{
    ret_found->cluster =
        (struct settings){context->cluster, context->cluster_label, context->cluster_directory};
    ret_found->user =
        (struct settings){context->user, context->user_label, context->user_directory};
}

static bool find_context(struct resolver *r, const char *name, struct found *ret_found)
{
    struct paths paths = {0};
    struct kubeconfig_context context;
    if (!choose_paths(r, &paths))
        return false;
    struct kubeconfig_source *sources =
        GLM_NEW_ARRAY(r->arena, paths.count, struct kubeconfig_source);
    if (!read_sources(r, &paths, sources) ||
        !kubeconfig_find(r->arena, sources, paths.count, name, &context, r->d))
        return false;
    take_context(&context, ret_found);
    return true;
}

static bool find_inline(struct resolver *r, const struct glm_value *text, struct found *ret_found)
{
    struct kubeconfig_source source = {"the attribute `kubeconfig`", NULL, text->as.text,
                                       text->len};
    struct kubeconfig_context context;
    if (!kubeconfig_find(r->arena, &source, 1, NULL, &context, r->d))
        return false;
    take_context(&context, ret_found);
    return true;
}

/* ---- a Pod ---- */

static bool find_pod(struct resolver *r, const char *directory, struct found *ret_found)
{
    static const char label[] = "the Pod's service account";
    const char *host = access_variable(r->environment, "KUBERNETES_SERVICE_HOST");
    const char *port = access_variable(r->environment, "KUBERNETES_SERVICE_PORT");
    if (!host || !port)
        return glm_error(r->d, NULL, "Not in a Pod",
                         "`in_cluster` is set, and %s is not in the environment: Terraform does "
                         "not run in a Pod of a cluster. Use `context`, `host` or `kubeconfig`.",
                         host ? "KUBERNETES_SERVICE_PORT" : "KUBERNETES_SERVICE_HOST");
    bool v6 = strchr(host, ':') && host[0] != '[';
    struct glm_arena *a = r->arena;
    const struct glm_value *cluster =
        glm_with(a, &glm_empty_map, "server",
                 glm_stringf(a, "https://%s%s%s:%s", v6 ? "[" : "", host, v6 ? "]" : "", port));
    cluster = glm_with(a, cluster, "certificate-authority", glm_stringf(a, "%s/ca.crt", directory));
    const struct glm_value *user =
        glm_with(a, &glm_empty_map, "tokenFile", glm_stringf(a, "%s/token", directory));
    *ret_found = (struct found){{cluster, label, NULL}, {user, label, NULL}};
    return true;
}

/* ---- the whole ---- */

static bool find_way(struct resolver *r, const struct glm_value *entry, const char *service_account,
                     struct found *ret_found)
{
    const struct glm_value *context = glm_get(entry, "context");
    const struct glm_value *kubeconfig = glm_get(entry, "kubeconfig");
    if (glm_is_string(context))
        return find_context(r, context->as.text, ret_found);
    if (glm_is_string(kubeconfig))
        return find_inline(r, kubeconfig, ret_found);
    if (glm_is_true(glm_get(entry, "in_cluster")))
        return find_pod(r, service_account, ret_found);
    if (!glm_is_string(glm_get(entry, "host")))
        return glm_error(r->d, NULL, "Cluster without a way to it",
                         "None of `context`, `host`, `kubeconfig` and `in_cluster` is set.");
    *ret_found = (struct found){{&glm_empty_map, NULL, NULL}, {&glm_empty_map, NULL, NULL}};
    return true;
}

static bool take_timeout(struct resolver *r, const struct glm_value *entry, struct access *access)
{
    const struct glm_value *v = glm_get(entry, "request_timeout");
    access->timeout_ms = DEFAULT_TIMEOUT_MS;
    if (glm_is_null(v) ||
        (glm_duration_parse(glm_string_or(v, "0"), &access->timeout_ms) && access->timeout_ms > 0))
        return true;
    return glm_error(r->d, NULL, "Not a duration",
                     "`request_timeout` must be a duration such as \"30s\" or \"1m\", longer than "
                     "zero.");
}

bool access_resolve_at(struct glm_arena *arena, const struct glm_live_config *config,
                       const char *service_account, struct access *ret_access, struct glm_diags *d)
{
    struct resolver r = {arena, config, config->environment, d};
    struct settings own = {config->entry, NULL, NULL};
    struct access access = {.plugins = config->plugins};
    struct found found;
    if (!r.environment)
        r.environment = (const char *const *)environ;
    access.environment = r.environment;
    bool ok = take_timeout(&r, own.map, &access);
    if (!find_way(&r, own.map, service_account, &found))
        return false;
    ok = access_server(&r, &found.cluster, &own, &access) && ok;
    ok = access_user(&r, &found.user, &found.cluster, &own, &access) && ok;
    if (ok)
        *ret_access = access;
    return ok;
}

bool access_resolve(struct glm_arena *arena, const struct glm_live_config *config,
                    struct access *ret_access, struct glm_diags *d)
{
    return access_resolve_at(arena, config, ACCESS_SERVICE_ACCOUNT, ret_access, d);
}
