/* SPDX-License-Identifier: Apache-2.0
 *
 * One cluster's way in: from its entry and the files that it names to a struct access.
 *
 * What:   the way in (context, host, kubeconfig, in_cluster) fills a draft, the other attributes
 *         take the place of what is in it, and what has come of it is checked.
 * Owner:  everything lives in the arena given, nothing is borrowed from the configuration.
 * Errors: without a path, since the caller knows the cluster; never with a secret.
 * Thread: no shared state; the environment is read and must not be written meanwhile.
 */
#include "internal.h"

#include "glm/schema.h"

#include <string.h>
#include <strings.h>

#define DEFAULT_TIMEOUT_MS INT64_C(30000)
#define SERVER_MAX ((size_t)2048)

static bool read_way(struct access_draft *a, const struct glm_value *entry,
                     const struct glm_value *config_paths)
{
    const struct glm_value *context = glm_get(entry, "context");
    const struct glm_value *host = glm_get(entry, "host");
    const struct glm_value *kubeconfig = glm_get(entry, "kubeconfig");
    if (glm_is_string(context))
        return access_from_context(a, context->as.text, config_paths);
    if (glm_is_string(kubeconfig))
        return access_from_kubeconfig(a, kubeconfig->as.text, kubeconfig->len);
    if (glm_is_true(glm_get(entry, "in_cluster")))
        return access_from_pod(a);
    if (glm_is_string(host)) {
        a->server = host->as.text;
        a->server_label = "`host`";
        return true;
    }
    return glm_error(a->d, NULL, "Cluster without a way to it",
                     "Say how the cluster is reached, with one of `context`, `host`, `kubeconfig` "
                     "and `in_cluster`.");
}

/* ---- the server ---- */

static bool is_port(const char *text)
{
    uint64_t port;
    size_t digits = glm_digits(text, SIZE_MAX, &port);
    return digits > 0 && !text[digits] && port > 0 && port <= 65535;
}

/* "host", "host:port", "[address]:port"; NULL, or what is wrong with it. */
static const char *problem_of_authority(const char *authority)
{
    const char *end;
    if (strchr(authority, '@'))
        return "has a user or a password in it. Take them out, and give `username` and `password`";
    if (authority[0] == '[') {
        end = strchr(authority, ']');
        if (!end)
            return "has a \"[\" without a \"]\"";
        end++;
    } else {
        end = authority + strcspn(authority, ":");
        if (*end && strchr(end + 1, ':'))
            return "has an IPv6 address without brackets: https://[2001:db8::1]:6443";
    }
    if (end == authority)
        return "has no host";
    if (*end && (*end != ':' || !is_port(end + 1)))
        return "has something after the host that is no port: write \":6443\", for example";
    return NULL;
}

static const char *problem_of_server(struct glm_arena *arena, const char *server)
{
    const char *rest = !strncmp(server, "https://", 8)  ? server + 8
                       : !strncmp(server, "http://", 7) ? server + 7
                                                        : NULL;
    if (!rest)
        return "does not begin with https:// (or http://)";
    if (strlen(server) > SERVER_MAX)
        return glm_sprintf(arena, "has %zu bytes, and at most %zu are taken", strlen(server),
                           SERVER_MAX);
    for (const char *p = server; *p; p++)
        if ((unsigned char)*p <= 0x20 || *p == 0x7f)
            return "has a blank or a control character in it";
        else if ((unsigned char)*p > 0x7f)
            return "has a character that is not ASCII: write a name of other letters as DNS has it "
                   "(xn--...)";
    if (strpbrk(rest, "?#"))
        return "has a query or a fragment, which the address of an API server has not";
    return problem_of_authority(glm_strndup(arena, rest, strcspn(rest, "/")));
}

/* The address itself may hold a password and is not repeated. */
static bool finish_server(struct access_draft *a, const char **ret_server)
{
    const char *problem = problem_of_server(a->arena, a->server);
    if (problem)
        return glm_error(
            a->d, NULL, "Not the address of an API server",
            "%s %s. An address is such as \"https://10.0.0.1:6443\", with a path where "
            "a proxy wants one.",
            a->server_label, problem);
    size_t len = strlen(a->server);
    while (len > 0 && a->server[len - 1] == '/')
        len--;
    *ret_server = glm_strndup(a->arena, a->server, len);
    return true;
}

/* ---- what has come of it ---- */

static bool check_login(const struct access_draft *a)
{
    struct glm_diags *d = a->d;
    bool ok = true;
    if (a->certificate.text && !a->key.text)
        ok = glm_error(d, NULL, "Client certificate without its key",
                       "There is a client certificate, %s, and no private key for it.",
                       a->certificate.label);
    if (a->key.text && !a->certificate.text)
        ok = glm_error(d, NULL, "Client key without its certificate",
                       "There is a private key, %s, and no client certificate for it.",
                       a->key.label);
    if (a->password && !a->username)
        ok = glm_error(d, NULL, "Password without a username",
                       "There is a password to log in with, and no username.");
    if (a->username && strchr(a->username, ':'))
        ok = glm_error(d, NULL, "Not a username",
                       "The username has a \":\", which basic authentication cannot send.");
    if (a->token)
        ok &= access_check_line(d, a->token, "The token");
    if (a->username)
        ok &= access_check_line(d, a->username, "The username");
    if (a->password)
        ok &= access_check_line(d, a->password, "The password");
    return ok;
}

static bool check_trust(const struct access_draft *a)
{
    if (!a->insecure || !a->ca.text)
        return true;
    return glm_error(a->d, NULL, "Trust everybody or only some",
                     "The kubeconfig says not to check the certificate of the API server "
                     "(`insecure-skip-tls-verify`), and also what to check it against (%s). Remove "
                     "one of the two.",
                     a->ca.label);
}

static bool check_server_name(const struct access_draft *a)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:";
    if (!a->server_name || !a->server_name[strspn(a->server_name, allowed)])
        return true;
    return glm_error(a->d, NULL, "Not a server name",
                     "The name that the certificate must have (`tls_server_name`, or "
                     "`tls-server-name` of the kubeconfig) is \"%s\", which is neither a DNS name "
                     "nor an address.",
                     a->server_name);
}

static bool read_timeout(struct glm_diags *d, const struct glm_value *entry, int64_t *ret_timeout)
{
    const char *text = glm_string_or(glm_get(entry, "request_timeout"), NULL);
    *ret_timeout = DEFAULT_TIMEOUT_MS;
    if (!text || (glm_duration_parse(text, ret_timeout) && *ret_timeout > 0))
        return true;
    return glm_error(d, NULL, "Not a duration",
                     "`request_timeout` must be a time longer than zero, such as \"10s\" or "
                     "\"1m\".");
}

/* What is sent without TLS is for everybody on the way. On the machine itself nobody is: that is how
 * `kubectl proxy` is asked. `host` is warned of where it is written. */
static void warn_of_plain_text(const struct access_draft *a, const char *server)
{
    static const char *const near[] = {"127.", "localhost", "[::1]"};
    bool credential = a->token || a->token_file || a->password || a->exec;
    if (strncmp(server, "http://", 7) != 0 || !credential || strcmp(a->server_label, "`host`") == 0)
        return;
    for (size_t i = 0; i < sizeof near / sizeof *near; i++)
        if (strncasecmp(server + 7, near[i], strlen(near[i])) == 0)
            return;
    glm_warn_shared(
        a->d, NULL, "Credentials without TLS",
        "%s begins with http://, so the credentials for it go over the network in plain "
        "text, and whoever is on the way can read and use them. Write https:// there, "
        "or take the credentials out.",
        a->server_label);
}

static const char *credential_label(const struct access_draft *a)
{
    if (a->credential_label)
        return a->credential_label;
    return a->certificate.text
               ? glm_sprintf(a->arena, "the client certificate %s", a->certificate.label)
               : NULL;
}

/* What libcurl calls socks5:// looks names up here; kubectl leaves them to the proxy. */
static const char *proxy_of(const struct access_draft *a)
{
    static const char scheme[] = "socks5://";
    if (!a->proxy || !a->proxy_resolves || strncasecmp(a->proxy, scheme, sizeof scheme - 1) != 0)
        return a->proxy;
    return glm_sprintf(a->arena, "socks5h://%s", a->proxy + sizeof scheme - 1);
}

/* A plugin has its own, longer time, since some ask a server far away for a new login; but whoever
 * says how long a request may take does not want to wait longer for what comes before it. */
static const struct exec_config *exec_of(const struct access_draft *a,
                                         const struct glm_value *entry, int64_t timeout_ms)
{
    if (!a->exec || !glm_is_string(glm_get(entry, "request_timeout")))
        return a->exec;
    struct exec_config *exec = GLM_NEW(a->arena, struct exec_config);
    *exec = *a->exec;
    exec->timeout_ms = timeout_ms;
    return exec;
}

bool access_resolve_in(struct glm_arena *arena, const struct access_surroundings *around,
                       const struct glm_value *given, const struct glm_value *config_paths,
                       struct access *ret_access, struct glm_diags *d)
{
    const struct glm_value *entry = glm_copy(arena, given);
    struct access_draft a = {.arena = arena, .around = around, .d = d};
    struct access result = {0};
    access_own(&a, entry);
    bool ok = read_way(&a, entry, config_paths);
    bool server = a.server != NULL;
    ok &= access_from_entry(&a, entry);
    ok &= read_timeout(d, entry, &result.timeout_ms);
    if (server)
        ok &= finish_server(&a, &result.server);
    /* A certificate that could not be read is not one that is missing. */
    if (ok)
        ok = check_login(&a) & check_trust(&a) & check_server_name(&a);
    ok &= access_headers(&a, &result.headers);
    if (!ok)
        return false;
    result.route = (struct http_route){
        .ca = a.ca.text,
        .certificate = a.certificate.text,
        .key = a.key.text,
        .server_name = a.server_name,
        .proxy = proxy_of(&a),
        .insecure = a.insecure,
    };
    result.proxy = a.proxy;
    result.token = a.token;
    result.token_file = a.token_file;
    result.username = a.username;
    result.password = a.password;
    result.exec = exec_of(&a, entry, result.timeout_ms);
    result.credential_label = credential_label(&a);
    result.ca_label = a.ca.text ? a.ca.label : "the system's authorities";
    warn_of_plain_text(&a, result.server);
    *ret_access = result;
    return true;
}

bool access_resolve(struct glm_arena *arena, const struct glm_value *entry,
                    const struct glm_value *config_paths, struct access *ret_access,
                    struct glm_diags *d)
{
    struct access_surroundings around;
    access_surroundings(&around);
    return access_resolve_in(arena, &around, entry, config_paths, ret_access, d);
}
