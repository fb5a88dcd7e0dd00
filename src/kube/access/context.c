/* SPDX-License-Identifier: Apache-2.0
 *
 * A way in through a kubeconfig: a context of the files on disk, or a content given whole.
 *
 * Rule:   client-go, tools/clientcmd/client_config.go: inline data wins over a file, a token file
 *         over a token, and one user has one way to log in. Go, net/http: a socks5:// proxy is
 *         given host names, as a socks5h:// one.
 * Errors: the entry of the kubeconfig, the key and the line; never a value that may be a secret.
 */
#include "internal.h"

#include <string.h>

#define CONFIGS_MAX (4 * KUBE_CONFIG_MAX) /* all of them together */

/* One map of a kubeconfig, a cluster or a user, while it is read. */
struct part {
    struct access_draft *a;
    const struct glm_value *map;
    const char *label, *directory;
    bool ok;
};

static bool wrong(struct part *p, const char *key, const char *what)
{
    const struct glm_pair *pair = glm_get_pair(p->map, key);
    p->ok = glm_error(p->a->d, NULL, "Invalid kubeconfig", "`%s` of %s (line %u) %s.", key,
                      p->label, pair ? pair->line : 0, what);
    return false;
}

/* NULL where there is none, an empty one, or one that is no text, which has been said. */
static const char *text_of(struct part *p, const char *key)
{
    const struct glm_value *v = glm_get(p->map, key);
    if (glm_is_null(v))
        return NULL;
    if (glm_is_string(v) && strlen(v->as.text) == v->len)
        return v->len ? v->as.text : NULL;
    wrong(p, key, glm_is_string(v) ? "has a NUL byte" : "must be a text: put the value in quotes");
    return NULL;
}

static bool flag_of(struct part *p, const char *key)
{
    const struct glm_value *v = glm_get(p->map, key);
    if (!glm_is_null(v) && v->kind != GLM_BOOL)
        wrong(p, key, "must be true or false");
    return glm_is_true(v);
}

/* Without blanks: a long value is folded over lines, which YAML joins by spaces. */
static const char *unfolded(struct glm_arena *arena, const char *data)
{
    struct glm_text text;
    glm_text_init(&text, arena, KUBE_CONFIG_MAX);
    for (const char *p = data; *p; p++)
        if (!strchr(" \t\r\n", *p))
            glm_text_addc(&text, *p);
    return text.data;
}

static void pem_from_data(struct part *p, enum access_pem_kind kind, const char *key,
                          const char *data, struct access_pem *ret_pem)
{
    size_t len;
    data = unfolded(p->a->arena, data);
    const char *text = glm_base64_decode(p->a->arena, data, strlen(data), &len);
    const char *label = glm_sprintf(p->a->arena, "`%s` of %s", key, p->label);
    if (!text)
        wrong(p, key, "must be base64 of a PEM text");
    else if (!access_check_pem(p->a->d, kind, text, len, label))
        p->ok = false;
    else
        *ret_pem = (struct access_pem){text, label};
}

/* NAME-data, or else the file of NAME. */
static void read_pem(struct part *p, enum access_pem_kind kind, const char *key,
                     struct access_pem *ret_pem)
{
    const char *data_key = glm_sprintf(p->a->arena, "%s-data", key);
    const char *data = text_of(p, data_key), *file = text_of(p, key), *text = NULL;
    size_t len = 0;
    if (data) {
        pem_from_data(p, kind, data_key, data, ret_pem);
        return;
    }
    const char *what = glm_sprintf(p->a->arena, "`%s` of %s", key, p->label);
    if (!file)
        return;
    if (!access_check_path(p->a->d, file, what)) {
        p->ok = false;
        return;
    }
    /* client-go expands no "~" here: it is a name like any other. */
    if (file[0] != '/' && p->directory)
        file = glm_sprintf(p->a->arena, "%s/%s", p->directory, file);
    if (access_file(p->a->arena, file, KUBE_FILE_MAX, what, &text, &len, NULL, p->a->d) &&
        access_check_pem(p->a->d, kind, text, len,
                         glm_sprintf(p->a->arena, "\"%s\", %s,", file, what)))
        *ret_pem = (struct access_pem){text, file};
    else
        p->ok = false;
}

static const struct glm_value *plugin_config(const struct glm_value *cluster)
{
    const struct glm_value *extensions = glm_get(cluster, "extensions");
    for (size_t i = 0; glm_is_list(extensions) && i < extensions->len; i++)
        if (glm_string_is(glm_get(extensions->as.list[i], "name"),
                          "client.authentication.k8s.io/exec"))
            return glm_get(extensions->as.list[i], "extension");
    return NULL;
}

static bool read_cluster(struct access_draft *a, const struct kubeconfig_context *c)
{
    struct part p = {a, c->cluster, c->cluster_label, c->cluster_directory, true};
    a->server = text_of(&p, "server");
    a->server_label = glm_sprintf(a->arena, "`server` of %s", p.label);
    if (!a->server && p.ok)
        p.ok = glm_error(a->d, NULL, "Cluster without a server",
                         "The %s has no `server`, the URL of its API server.", p.label);
    if (!a->own_trust)
        read_pem(&p, ACCESS_CERTIFICATE, "certificate-authority", &a->ca);
    a->insecure = flag_of(&p, "insecure-skip-tls-verify");
    a->server_name = text_of(&p, "tls-server-name");
    a->proxy = text_of(&p, "proxy-url");
    a->proxy_resolves = true;
    a->cluster_config = plugin_config(c->cluster);
    return p.ok;
}

/* Who to act as: never left out in silence, it would be somebody else who acts. */
static void read_impersonation(struct part *p)
{
    struct access_draft *a = p->a;
    const struct glm_value *groups = glm_get(p->map, "as-groups");
    const struct glm_value *extra = glm_get(p->map, "as-user-extra");
    a->user = text_of(p, "as");
    a->uid = text_of(p, "as-uid");
    a->impersonation_label = p->label;
    if (!glm_is_null(groups) && !glm_is_list(groups))
        wrong(p, "as-groups", "must be a list of texts");
    if (!glm_is_null(extra) && !glm_is_map(extra))
        wrong(p, "as-user-extra", "must be a map of lists of texts");
    a->groups = glm_is_list(groups) ? groups : NULL;
    a->extra = glm_is_map(extra) ? extra : NULL;
}

static void refuse_provider(struct part *p)
{
    const struct glm_value *provider = glm_get(p->map, "auth-provider");
    if (glm_is_null(provider))
        return;
    p->ok = glm_error(p->a->d, NULL, "No auth-provider any more",
                      "The %s logs in with the auth-provider \"%s\". Kubernetes has given those up "
                      "for `exec` plugins: gke-gcloud-auth-plugin instead of gcp, kubelogin "
                      "instead of azure and oidc. Make the kubeconfig anew with a current version "
                      "of the cloud's command, or use the attribute `exec`.",
                      p->label, glm_string_or(glm_get(provider, "name"), ""));
}

static void read_token(struct part *p)
{
    struct access_draft *a = p->a;
    a->token = text_of(p, "token");
    const char *file = text_of(p, "tokenFile");
    if (file &&
        !access_check_path(a->d, file, glm_sprintf(a->arena, "`tokenFile` of %s", p->label))) {
        p->ok = false;
    } else if (file) {
        a->token = NULL;
        a->token_file = file[0] == '/' || !p->directory
                            ? file
                            : glm_sprintf(a->arena, "%s/%s", p->directory, file);
        a->credential_label = glm_sprintf(a->arena, "the token in %s", a->token_file);
    } else if (a->token) {
        a->credential_label = glm_sprintf(a->arena, "the token of %s", p->label);
    }
}

static void read_login(struct part *p)
{
    struct access_draft *a = p->a;
    const struct glm_value *exec = glm_get(p->map, "exec");
    read_token(p);
    a->username = text_of(p, "username");
    a->password = text_of(p, "password");
    if ((a->username || a->password) && a->credential_label)
        p->ok = glm_error(a->d, NULL, "Two ways to log in",
                          "The %s has a token and also a username or password. Remove one of them "
                          "from the kubeconfig: kubectl refuses this too.",
                          p->label);
    else if (a->username || a->password)
        a->credential_label = glm_sprintf(a->arena, "the password of %s", p->label);
    /* As client-go: a plugin is asked only where nothing else is there to say. */
    if (!glm_is_null(exec) && !a->credential_label)
        p->ok &= access_exec_of_user(a, exec, p->label, p->directory);
}

static bool read_user(struct access_draft *a, const struct kubeconfig_context *c)
{
    struct part p = {a, c->user, c->user_label, c->user_directory, true};
    if (glm_is_null(c->user))
        return true;
    if (!a->own_credentials) {
        refuse_provider(&p);
        read_login(&p);
        read_pem(&p, ACCESS_CERTIFICATE, "client-certificate", &a->certificate);
        read_pem(&p, ACCESS_KEY, "client-key", &a->key);
    }
    if (!a->own_impersonation)
        read_impersonation(&p);
    return p.ok;
}

static const char *copy(struct glm_arena *arena, const char *text)
{
    return text ? glm_strdup(arena, text) : NULL;
}

/* What is kept of the kubeconfigs: two of their entries, and not what a thousand others take. */
static void keep(struct glm_arena *arena, struct kubeconfig_context *c)
{
    c->name = copy(arena, c->name);
    c->cluster = glm_copy(arena, c->cluster);
    c->user = glm_copy(arena, c->user);
    c->cluster_directory = copy(arena, c->cluster_directory);
    c->user_directory = copy(arena, c->user_directory);
    c->cluster_label = copy(arena, c->cluster_label);
    c->user_label = copy(arena, c->user_label);
}

/* Of a context that was found. */
static bool read_context(struct access_draft *a, struct kubeconfig_context *c)
{
    keep(a->arena, c);
    bool ok = read_cluster(a, c);
    return read_user(a, c) && ok;
}

static struct glm_arena *scratch_of(const struct access_draft *a)
{
    struct glm_arena *scratch = glm_arena_create(glm_arena_room(a->arena));
    glm_arena_wipe(scratch);
    return scratch;
}

bool access_from_kubeconfig(struct access_draft *a, const char *text, size_t len)
{
    const struct kubeconfig_source source = {
        .label = "the attribute `kubeconfig`", .text = text, .len = len};
    struct glm_arena *GLM_AUTO_ARENA scratch = scratch_of(a);
    struct kubeconfig_context c;
    return access_kubeconfig_find(scratch, &source, 1, NULL, &c, a->d) && read_context(a, &c);
}

/* ---- the files ---- */

/* The parts of $KUBECONFIG as a list; empty ones are no files. */
static const struct glm_value *split_paths(struct glm_arena *arena, const char *paths)
{
    struct glm_list_builder list;
    glm_list_init(&list, arena);
    for (const char *p = paths; *p;) {
        size_t len = strcspn(p, ":");
        if (len > 0)
            glm_list_add(&list, glm_stringn(arena, p, len));
        p += len + (p[len] == ':');
    }
    return glm_list_finish(&list);
}

static const struct glm_value *usual_paths(struct access_draft *a)
{
    const struct glm_value *named =
        split_paths(a->arena, a->around->kubeconfig ? a->around->kubeconfig : "");
    if (named->len > 0)
        return named;
    const struct glm_value *usual = glm_string(a->arena, "~/.kube/config");
    return glm_list(a->arena, &usual, 1);
}

static bool read_source(struct access_draft *a, struct glm_arena *scratch, const char *path,
                        struct kubeconfig_source *source)
{
    bool absent;
    if (!access_path(a, path, NULL, &source->label) ||
        !access_file(scratch, source->label, KUBE_CONFIG_MAX, "The kubeconfig", &source->text,
                     &source->len, &absent, a->d))
        return false;
    const char *slash = strrchr(source->label, '/');
    if (slash)
        source->directory = glm_strndup(
            scratch, source->label, slash == source->label ? 1 : (size_t)(slash - source->label));
    return true;
}

bool access_from_context(struct access_draft *a, const char *context,
                         const struct glm_value *config_paths)
{
    const struct glm_value *paths =
        glm_is_list(config_paths) && config_paths->len ? config_paths : usual_paths(a);
    struct glm_arena *GLM_AUTO_ARENA scratch = scratch_of(a);
    struct kubeconfig_source *sources =
        GLM_NEW_ARRAY(scratch, paths->len, struct kubeconfig_source);
    struct kubeconfig_context c;
    bool ok = true;
    size_t bytes = 0;
    for (size_t i = 0; i < paths->len; i++) {
        ok &= read_source(a, scratch, glm_string_or(paths->as.list[i], ""), &sources[i]);
        bytes += sources[i].len;
        if (bytes > CONFIGS_MAX)
            return glm_error(
                a->d, NULL, "Kubeconfigs too large",
                "The kubeconfigs up to \"%s\" have more than %zu bytes together, and at "
                "most so many are read. Name fewer of them in `config_paths` or "
                "KUBECONFIG.",
                sources[i].label, CONFIGS_MAX);
    }
    return ok && access_kubeconfig_find(scratch, sources, paths->len, context, &c, a->d) &&
           read_context(a, &c);
}
