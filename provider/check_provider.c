/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks of the provider's configuration that look at several attributes at once.
 *
 * What:   how each cluster is reached, exactly once; what cannot go together there; what a
 *         directory has no use for; two clusters in one directory. What is unknown may still turn out to be null, and counts as neither.
 * Errors: at `clusters["east"]` and the attributes below it, all at once.
 */
#include "check_provider.h"

#include "check_release.h"
#include "glm/directory.h"
#include "glm/text.h"

#include <string.h>
#include <strings.h>

static const char *const ways[] = {"context", "host", "kubeconfig", "in_cluster", "directory"};
#define WAYS (sizeof ways / sizeof *ways)

/* What a directory has no use for: there is no API server to speak to. */
static const char *const server_only[] = {
    "client_certificate",
    "client_key",
    "cluster_ca_certificate",
    "exec",
    "impersonate",
    "insecure",
    "password",
    "proxy_url",
    "request_timeout",
    "tls_server_name",
    "token",
    "token_file",
    "username",
};

static bool is_given(const struct glm_value *v)
{
    return !glm_is_null(v) && !glm_is_unknown(v) && !glm_is_false(v);
}

/* "`context` and `host`" */
static const char *join(struct glm_arena *arena, const char *const *names, size_t count)
{
    struct glm_text text;
    glm_text_init(&text, arena, 4096);
    for (size_t i = 0; i < count; i++)
        glm_text_addf(&text, "%s`%s`", i == 0 ? "" : i + 1 == count ? " and " : ", ", names[i]);
    return text.data;
}

static bool check_one_way(struct glm_arena *arena, const struct glm_value *cluster,
                          const struct glm_path *at, struct glm_diags *d)
{
    const char *given[WAYS];
    size_t count = 0, unknown = 0;
    for (size_t i = 0; i < WAYS; i++) {
        const struct glm_value *v = glm_get(cluster, ways[i]);
        unknown += glm_is_unknown(v);
        if (is_given(v))
            given[count++] = ways[i];
    }
    if (count > 1)
        return glm_error(d, at, "Cluster reached in several ways",
                         "%s are set, and a cluster is reached in exactly one way: keep one of "
                         "`context`, `host`, `kubeconfig`, `in_cluster` and `directory`.",
                         join(arena, given, count));
    /* A decommissioned cluster is never reached: what to call it is enough. */
    const struct glm_value *gone = glm_get(cluster, "decommissioned");
    if (count == 0 && unknown == 0 && !glm_is_true(gone) && !glm_is_unknown(gone))
        return glm_error(d, at, "Cluster without a way to it",
                         "Say how this cluster is reached, with exactly one of `context`, `host`, "
                         "`kubeconfig`, `in_cluster` and `directory`. There is no default: the "
                         "current context is never used.");
    return true;
}

static bool check_directory(const struct glm_value *cluster, const struct glm_path *at,
                            struct glm_diags *d)
{
    bool ok = true;
    if (!is_given(glm_get(cluster, "directory")))
        return true;
    for (size_t i = 0; i < sizeof server_only / sizeof *server_only; i++)
        if (is_given(glm_get(cluster, server_only[i])))
            ok = glm_error(d, GLM_AT_ATTR(at, server_only[i]), "No use for a directory",
                           "`%s` is about an API server, and this cluster is a `directory`, "
                           "which has none. Remove one of the two.",
                           server_only[i]);
    return ok;
}

static bool is_absent(const struct glm_value *cluster, const char *name)
{
    return glm_is_null(glm_get(cluster, name));
}

/* needed goes with name, wherever name is given. */
static bool check_pair(const struct glm_value *cluster, const char *name, const char *needed,
                       const struct glm_path *at, struct glm_diags *d)
{
    if (!is_given(glm_get(cluster, name)) || !is_absent(cluster, needed))
        return true;
    return glm_error(d, GLM_AT_ATTR(at, name), "Half of a credential",
                     "`%s` needs `%s`, which is not set. Set both, or neither.", name, needed);
}

static bool check_logins(struct glm_arena *arena, const struct glm_value *cluster,
                         const struct glm_path *at, struct glm_diags *d)
{
    static const char *const logins[] = {"token", "token_file", "username", "exec"};
    const char *given[sizeof logins / sizeof *logins];
    size_t count = 0;
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++)
        if (is_given(glm_get(cluster, logins[i])))
            given[count++] = logins[i];
    if (count <= 1)
        return true;
    return glm_error(d, at, "Several ways to log in",
                     "%s are set, and only one of `token`, `token_file`, `username` with "
                     "`password`, and `exec` can be. Remove the others.",
                     join(arena, given, count));
}

/* What is said about an API server must make sense together, unless nobody asks it any more. */
static bool check_server(struct glm_arena *arena, const struct glm_value *cluster,
                         const struct glm_path *at, struct glm_diags *d)
{
    const struct glm_value *gone = glm_get(cluster, "decommissioned");
    if (is_given(glm_get(cluster, "directory")) || glm_is_true(gone) || glm_is_unknown(gone))
        return true;
    bool ok = check_logins(arena, cluster, at, d);
    ok &= check_pair(cluster, "client_certificate", "client_key", at, d);
    ok &= check_pair(cluster, "client_key", "client_certificate", at, d);
    ok &= check_pair(cluster, "password", "username", at, d);
    if (is_given(glm_get(cluster, "insecure")) &&
        is_given(glm_get(cluster, "cluster_ca_certificate")))
        ok = glm_error(d, GLM_AT_ATTR(at, "insecure"), "Trust everybody or only some",
                       "`insecure` says not to check the certificate of the API server, and "
                       "`cluster_ca_certificate` what to check it against. Remove one of the two.");
    return ok;
}

static bool check_installer(const struct glm_value *cluster, const struct glm_path *at,
                            struct glm_diags *d)
{
    const struct glm_value *directory = glm_get(cluster, "directory");
    if (!glm_string_is(glm_get(cluster, "installer"), "directory") || !glm_is_null(directory))
        return true;
    return glm_error(d, GLM_AT_ATTR(at, "installer"), "No directory to install into",
                     "`installer` = \"directory\" is what a cluster with a `directory` has, and "
                     "this one has none. Set `directory`, or another installer.");
}

struct directories {
    struct glm_arena *arena;
    const struct glm_path *at;
    struct glm_map_builder by_clean, by_key, by_path; /* -> name of the cluster */
    struct glm_diags *d;
};

/* Files of two clusters would overwrite each other. Decommissioned clusters are not written. */
static const char *directory_of(const struct glm_pair *pair)
{
    const struct glm_value *directory = glm_get(pair->value, "directory");
    bool used = glm_is_string(directory) && directory->len > 0 &&
                !glm_is_true(glm_get(pair->value, "decommissioned"));
    return used ? directory->as.text : NULL;
}

/* A directory that is used: of which cluster, in its one form, and where it leads. */
struct placed {
    const struct glm_pair *pair;
    const char *directory, *clean;
    struct glm_directory_where where;
};

static bool check_shared(struct directories *s, const struct placed *placed)
{
    const struct glm_pair *pair = placed->pair;
    const char *directory = placed->directory, *clean = placed->clean;
    const struct glm_directory_where where = placed->where;
    const struct glm_path *at = GLM_AT_ATTR(GLM_AT_KEY(s->at, pair->key), "directory");
    const struct glm_value *name = glm_string(s->arena, pair->key);
    const struct glm_value *other = glm_map_peek(&s->by_clean, clean);
    if (!glm_is_null(other))
        return glm_error(s->d, at, "Two clusters in one directory",
                         "\"%s\" is the directory of cluster \"%s\" too (both are \"%s\"), and "
                         "their files would overwrite each other. Give each its own.",
                         directory, other->as.text, clean);
    other = glm_map_peek(&s->by_key, where.key);
    if (!glm_is_null(other))
        return glm_error(s->d, at, "Two clusters in one directory",
                         "\"%s\" leads to the directory of cluster \"%s\" too, by a symbolic link, "
                         "a mount or another way to write it (it is \"%s\"), and their files would "
                         "overwrite each other. Give each its own.",
                         directory, other->as.text, where.path);
    glm_map_set(&s->by_clean, clean, name);
    glm_map_set(&s->by_key, where.key, name);
    glm_map_set(&s->by_path, where.path, name);
    return true;
}

/* The cluster whose directory is above this one; NULL: there is none. */
static const char *cluster_above(const struct directories *s, const char *path)
{
    for (size_t len = strlen(path); len > 1;) {
        while (len > 0 && path[len - 1] != '/')
            len--;
        while (len > 1 && path[len - 1] == '/')
            len--;
        const char *above = glm_strndup(s->arena, path, len);
        const struct glm_value *other = glm_map_peek(&s->by_path, above);
        if (!glm_is_null(other))
            return other->as.text;
    }
    return NULL;
}

static void warn_nested(struct directories *s, const struct placed *placed)
{
    const struct glm_pair *pair = placed->pair;
    const char *directory = placed->directory, *above = cluster_above(s, placed->where.path);
    if (above)
        glm_warn(s->d, GLM_AT_ATTR(GLM_AT_KEY(s->at, pair->key), "directory"),
                 "A directory inside of another cluster's",
                 "\"%s\" is inside of the directory of cluster \"%s\": `kubectl apply -R -f`, or "
                 "a GitOps tool, takes everything below that one, so cluster \"%s\" would get the "
                 "gateways of \"%s\" too. Put the two side by side.",
                 directory, above, above, pair->key);
}

/* All directories that are used, found together: one that does not answer holds them for half a second. */
static struct placed *placed_of(struct glm_arena *arena, const struct glm_value *clusters,
                                size_t *ret_count)
{
    struct placed *placed = GLM_NEW_ARRAY(arena, clusters->len, struct placed);
    const char **clean = GLM_NEW_ARRAY(arena, clusters->len, const char *);
    struct glm_directory_where *where =
        GLM_NEW_ARRAY(arena, clusters->len, struct glm_directory_where);
    size_t count = 0;
    for (size_t i = 0; i < clusters->len; i++) {
        const struct glm_pair *pair = &clusters->as.map[i];
        const char *directory = directory_of(pair);
        if (!directory)
            continue;
        clean[count] = glm_directory_clean(arena, directory);
        placed[count] = (struct placed){pair, directory, clean[count], {NULL, NULL}};
        count++;
    }
    glm_directory_find(arena, clean, count, where);
    for (size_t i = 0; i < count; i++)
        placed[i].where = where[i];
    *ret_count = count;
    return placed;
}

/* By what they are now, whatever they are called. What does not exist yet is compared again when it
 * is made. */
static bool check_directories(struct glm_arena *arena, const struct glm_value *clusters, bool warn,
                              const struct glm_path *at, struct glm_diags *d)
{
    bool ok = true;
    struct directories s = {.arena = arena, .at = at, .d = d};
    glm_map_init(&s.by_clean, arena);
    glm_map_init(&s.by_key, arena);
    glm_map_init(&s.by_path, arena);
    size_t count = 0;
    struct placed *placed = placed_of(arena, clusters, &count);
    for (size_t i = 0; i < count; i++)
        ok &= check_shared(&s, &placed[i]);
    for (size_t i = 0; i < count && ok && warn; i++)
        warn_nested(&s, &placed[i]);
    return ok;
}

/* On the machine itself nobody else is on the way: that is how `kubectl proxy` is asked. */
static bool is_near(const char *host)
{
    static const char *const near[] = {"127.", "localhost", "[::1]"};
    for (size_t i = 0; i < sizeof near / sizeof *near; i++)
        if (strncasecmp(host, near[i], strlen(near[i])) == 0)
            return true;
    return false;
}

/* For each `host` that credentials would go to in plain text. */
static void warn_plain_text(const struct glm_value *clusters, struct glm_diags *d)
{
    static const char scheme[] = "http://";
    static const char *const logins[] = {"token", "token_file", "password", "exec"};
    for (size_t i = 0; i < clusters->len; i++) {
        const struct glm_pair *pair = &clusters->as.map[i];
        const char *host = glm_string_or(glm_get(pair->value, "host"), "");
        const char *login = NULL;
        for (size_t k = 0; k < sizeof logins / sizeof *logins; k++)
            if (!glm_is_null(glm_get(pair->value, logins[k])))
                login = logins[k];
        if (!login || strncmp(host, scheme, sizeof scheme - 1) != 0 ||
            is_near(host + sizeof scheme - 1))
            continue;
        glm_warn(
            d, GLM_AT_ATTR(GLM_AT_KEY(GLM_AT_ATTR(NULL, "clusters"), pair->key), "host"),
            "Credentials without TLS",
            "The address begins with http://, so `%s` goes over the network in plain text, and "
            "whoever is on the way can read and use it. Write https:// there, or take the "
            "credentials out.",
            login);
    }
}

bool glm_check_provider(struct glm_arena *arena, const struct glm_value *config, bool warn,
                        struct glm_diags *d)
{
    const struct glm_value *clusters = glm_get(config, "clusters");
    const struct glm_path *at = GLM_AT_ATTR(NULL, "clusters");
    bool ok = glm_check_release(config, d);
    if (glm_string_is(glm_get(config, "installer"), "directory"))
        ok = glm_error(d, GLM_AT_ATTR(NULL, "installer"), "Not a default",
                       "\"directory\" is what clusters with a `directory` have by themselves; it "
                       "cannot be the default of the others.");
    if (!glm_is_map(clusters))
        return ok;
    for (size_t i = 0; i < clusters->len; i++) {
        const struct glm_pair *pair = &clusters->as.map[i];
        const struct glm_path *here = GLM_AT_KEY(at, pair->key);
        if (!glm_is_map(pair->value))
            continue;
        ok &= check_one_way(arena, pair->value, here, d);
        ok &= check_directory(pair->value, here, d);
        ok &= check_server(arena, pair->value, here, d);
        ok &= check_installer(pair->value, here, d);
    }
    ok &= check_directories(arena, clusters, warn, at, d);
    if (warn)
        warn_plain_text(clusters, d);
    return ok;
}
