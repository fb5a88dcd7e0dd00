/* SPDX-License-Identifier: Apache-2.0
 *
 * A credential plugin's run: what it is given, where it is found, what it must answer.
 *
 * Source: Kubernetes, "client-go credential plugins"; client-go, plugin/pkg/client/auth/exec.
 * Errors: the plugin by name and where it is from, what it complained about and what to do; never
 *         what it answered, its arguments or its variables.
 * Thread: no shared state.
 */
#include "exec_parts.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char info_name[] = "KUBERNETES_EXEC_INFO";
static const char usual_path[] = "/usr/local/bin:/usr/bin:/bin";

/* ---- what it is given ---- */

static void set_text(struct glm_arena *arena, struct glm_map_builder *b, const char *key,
                     const char *text)
{
    if (text && *text)
        glm_map_set(b, key, glm_string(arena, text));
}

static const struct glm_value *cluster_info(struct glm_arena *arena, const struct access *access)
{
    const struct http_route *route = &access->route;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    set_text(arena, &b, "server", access->server);
    set_text(arena, &b, "tls-server-name", route->server_name);
    set_text(arena, &b, "proxy-url", route->proxy);
    if (route->insecure)
        glm_map_set(&b, "insecure-skip-tls-verify", &glm_true);
    if (route->ca)
        set_text(arena, &b, "certificate-authority-data",
                 glm_base64_encode(arena, (const unsigned char *)route->ca, strlen(route->ca)));
    if (!glm_is_null(access->exec->cluster_config))
        glm_map_set(&b, "config", access->exec->cluster_config);
    return glm_map_finish(&b, NULL);
}

const char *exec_info(struct glm_arena *arena, const struct access *access)
{
    const struct glm_value *spec = glm_with(arena, &glm_empty_map, "interactive", &glm_false);
    if (access->exec->provide_cluster_info)
        spec = glm_with(arena, spec, "cluster", cluster_info(arena, access));
    const struct glm_value *info = glm_with(arena, &glm_empty_map, "spec", spec);
    info = glm_with(arena, info, "kind", glm_string(arena, "ExecCredential"));
    info = glm_with(arena, info, "apiVersion", glm_string(arena, access->exec->api_version));
    return glm_json_text(arena, info);
}

static bool is_overridden(const struct exec_config *exec, const char *variable)
{
    size_t len = strcspn(variable, "=");
    if (len == sizeof info_name - 1 && strncmp(variable, info_name, len) == 0)
        return true;
    for (size_t i = 0; i < exec->environment_count; i++)
        if (strlen(exec->environment[i].key) == len &&
            strncmp(exec->environment[i].key, variable, len) == 0)
            return true;
    return false;
}

static const char *const *environment_of(struct glm_arena *arena, const struct access *access)
{
    const struct exec_config *exec = access->exec;
    size_t count = 0, n = 0;
    while (access->environment[count])
        count++;
    const char **environment =
        GLM_NEW_ARRAY(arena, count + exec->environment_count + 2, const char *);
    for (size_t i = 0; i < count; i++)
        if (!is_overridden(exec, access->environment[i]))
            environment[n++] = access->environment[i];
    for (size_t i = 0; i < exec->environment_count; i++)
        if (strcmp(exec->environment[i].key, info_name) != 0)
            environment[n++] = glm_sprintf(arena, "%s=%s", exec->environment[i].key,
                                           exec->environment[i].value->as.text);
    environment[n] = glm_sprintf(arena, "%s=%s", info_name, exec_info(arena, access));
    return environment;
}

static const char *const *argv_of(struct glm_arena *arena, const struct exec_config *exec)
{
    size_t count = 0;
    while (exec->args && exec->args[count])
        count++;
    const char **argv = GLM_NEW_ARRAY(arena, count + 2, const char *);
    argv[0] = exec->command;
    for (size_t i = 0; i < count; i++)
        argv[i + 1] = exec->args[i];
    return argv;
}

/* ---- where it is ---- */

static const char *who(struct glm_arena *arena, const struct access *access)
{
    return access->credential_label
               ? access->credential_label
               : glm_sprintf(arena, "the exec plugin %s", access->exec->command);
}

static const char *hint_of(struct glm_arena *arena, const struct exec_config *exec)
{
    return exec->install_hint ? glm_sprintf(arena, "\n\n%s", exec->install_hint) : "";
}

static bool is_program(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* A relative part of PATH is passed over, as Go does: whoever can write there would be run. */
static const char *look_up(struct glm_arena *arena, const char *path, const char *name)
{
    while (*path) {
        size_t len = strcspn(path, ":");
        if (*path == '/') {
            const char *file = glm_sprintf(arena, "%.*s/%s", (int)len, path, name);
            if (is_program(file))
                return file;
        }
        path += len + (path[len] == ':');
    }
    return NULL;
}

static bool find_program(struct glm_arena *arena, const struct access *access,
                         const char **ret_path, struct glm_diags *d)
{
    const struct exec_config *exec = access->exec;
    if (strchr(exec->command, '/')) {
        *ret_path = exec->command[0] == '/' || !exec->directory
                        ? exec->command
                        : glm_sprintf(arena, "%s/%s", exec->directory, exec->command);
        if (is_program(*ret_path))
            return true;
        return glm_error(d, NULL, "Credential plugin not found", "%s cannot be run: %s %s.%s",
                         who(arena, access), *ret_path,
                         errno == EACCES ? "is not executable" : "is no program",
                         hint_of(arena, exec));
    }
    const char *path = access_variable(access->environment, "PATH");
    *ret_path = look_up(arena, path ? path : usual_path, exec->command);
    if (*ret_path)
        return true;
    return glm_error(d, NULL, "Credential plugin not found",
                     "%s cannot be run: there is no program \"%s\" in PATH (%s). Install it where "
                     "Terraform runs, or give its whole path.%s",
                     who(arena, access), exec->command, path ? path : usual_path,
                     hint_of(arena, exec));
}

/* ---- how it ended ---- */

static const char *why_not_started(struct glm_arena *arena, int error)
{
    if (error == E2BIG)
        return "its arguments and variables, the cluster's certificate authority among them, are "
               "too long for this system";
    if (error == ENOENT)
        return "the interpreter in its first line is not there";
    if (error == ENOEXEC)
        return "it is no program for this machine; a script needs a first line like \"#!/bin/sh\"";
    char text[128]; /* strerror_r's interface: the longest text of glibc has 49 bytes */
    return glm_strdup(arena, strerror_r(error, text, sizeof text));
}

static bool check_end(struct glm_arena *arena, const struct access *access,
                      const struct exec_program *program, const struct exec_result *result,
                      struct glm_diags *d)
{
    static const char summary[] = "Credential plugin failed";
    const char *name = who(arena, access);
    const char *complaint = exec_complaint(arena, access->exec, result);
    const char *wrote = *complaint ? " It wrote:\n\n" : " It wrote nothing to stderr.";
    switch (result->end) {
    case EXEC_EXITED:
        if (result->code == 0)
            return true;
        return glm_error(d, NULL, summary, "%s ended with exit code %d.%s%s", name, result->code,
                         wrote, complaint);
    case EXEC_KILLED:
        return glm_error(
            d, NULL, summary, "%s was killed by signal %d (%s).%s%s", name, result->code,
            sigabbrev_np(result->code) ? sigabbrev_np(result->code) : "unknown", wrote, complaint);
    case EXEC_NOT_STARTED:
        return glm_error(d, NULL, summary, "%s cannot be run (%s): %s.", name, program->path,
                         why_not_started(arena, result->code));
    case EXEC_TIMEOUT:
        return glm_error(d, NULL, summary,
                         "%s did not end within %" PRId64 " s and was killed. A plugin that asks a "
                         "question, or opens a browser, cannot be answered below Terraform: log in "
                         "with it beforehand.%s%s",
                         name, (program->timeout_ms + 999) / 1000, wrote, complaint);
    case EXEC_STOPPED:
        return glm_error(d, NULL, "Interrupted",
                         "Terraform is stopping: %s was ended before it had an answer.", name);
    case EXEC_TOO_LARGE:
        break;
    }
    return glm_error(d, NULL, summary,
                     "%s printed more than %zu MiB, which no credential has, and was killed.", name,
                     program->output_max >> 20);
}

/* ---- what it answered ---- */

static bool wrong_answer(struct glm_arena *arena, const struct access *access, const char *problem,
                         struct glm_diags *d)
{
    return glm_error(d, NULL, "Credential plugin's answer cannot be used",
                     "%s must print an ExecCredential of %s, and %s. The answer itself is not "
                     "shown: it may hold a credential.",
                     who(arena, access), access->exec->api_version, problem);
}

/* Shown only when it cannot be anything but what it should be: letters, and a version. */
static const char *shown_version(const struct glm_value *v)
{
    static const char group[] = "client.authentication.k8s.io/";
    const char *text = glm_string_or(v, "");
    if (strncmp(text, group, sizeof group - 1) != 0 || v->len > sizeof group + 16)
        return NULL;
    for (const char *p = text + sizeof group - 1; *p; p++)
        if (!isalnum((unsigned char)*p))
            return NULL;
    return text;
}

static const char *text_problem(struct glm_arena *arena, const struct glm_value *status,
                                const char *key)
{
    const struct glm_value *v = glm_get(status, key);
    if (glm_is_null(v))
        return NULL;
    if (!glm_is_string(v) || strlen(v->as.text) != v->len)
        return glm_sprintf(arena, "its status.%s is not a text", key);
    return NULL;
}

static bool has(const struct glm_value *status, const char *key)
{
    return glm_string_or(glm_get(status, key), "")[0] != '\0';
}

static const char *status_problem(struct glm_arena *arena, const struct glm_value *status)
{
    static const char *const keys[] = {"token", "clientCertificateData", "clientKeyData",
                                       "expirationTimestamp"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *problem = text_problem(arena, status, keys[i]);
        if (problem)
            return problem;
    }
    bool certificate = has(status, keys[1]), key = has(status, keys[2]);
    if (certificate != key)
        return glm_sprintf(arena, "its status has %s without %s", keys[certificate ? 1 : 2],
                           keys[certificate ? 2 : 1]);
    if (!has(status, "token") && !certificate)
        return "its status has neither a token nor a client certificate. Is the login still valid?";
    const struct glm_value *token = glm_get(status, "token");
    const char *problem =
        glm_is_string(token) ? access_header_problem(token->as.text, token->len) : NULL;
    if (problem)
        return glm_sprintf(arena, "its status.token cannot be sent: %s", problem);
    for (size_t i = 1; certificate && i < 3; i++) {
        problem = access_pem_problem(i == 1 ? PEM_CERTIFICATE : PEM_KEY,
                                     glm_get(status, keys[i])->as.text);
        if (problem)
            return glm_sprintf(arena, "its status.%s is not fit for use: %s", keys[i], problem);
    }
    int64_t seconds;
    if (has(status, keys[3]) && !credential_time(glm_get(status, keys[3])->as.text, &seconds))
        return "its status.expirationTimestamp is no time as RFC 3339 has it "
               "(2026-01-02T03:04:05Z)";
    return NULL;
}

static bool check_answer(struct glm_arena *arena, const struct access *access,
                         const struct exec_result *result, const struct glm_value **ret_status,
                         struct glm_diags *d)
{
    const struct glm_value *answer = &glm_null;
    struct glm_diags ignored; /* a decoder's own words may quote the text */
    glm_diags_init(&ignored, arena);
    const char *output = result->output;
    if (output[strspn(output, " \t\r\n")] == '\0')
        return wrong_answer(arena, access, "it printed nothing", d);
    if (!glm_json_decode(arena, output, result->output_len, "answer", NULL, &answer, &ignored) ||
        !glm_is_map(answer))
        return wrong_answer(arena, access,
                            glm_sprintf(arena, "the %zu bytes that it printed are no JSON object",
                                        result->output_len),
                            d);
    if (!glm_string_is(glm_get(answer, "kind"), "ExecCredential"))
        return wrong_answer(arena, access,
                            glm_is_null(glm_get(answer, "kind"))
                                ? "what it printed has no `kind`"
                                : "the `kind` of what it printed is another one",
                            d);
    const struct glm_value *version = glm_get(answer, "apiVersion");
    if (!glm_string_is(version, access->exec->api_version))
        return wrong_answer(
            arena, access,
            shown_version(version)
                ? glm_sprintf(arena, "it prints one of %s: set the plugin's API version to that",
                              shown_version(version))
                : "the `apiVersion` of what it printed is another one",
            d);
    const struct glm_value *status = glm_get(answer, "status");
    if (!glm_is_map(status))
        return wrong_answer(arena, access, "what it printed has no `status`", d);
    const char *problem = status_problem(arena, status);
    if (problem)
        return wrong_answer(arena, access, problem, d);
    *ret_status = status;
    return true;
}

bool exec_run(struct glm_arena *arena, const struct access *access, const atomic_bool *stop,
              const struct glm_value **ret_status, struct glm_diags *d)
{
    struct exec_program program = {
        .argv = argv_of(arena, access->exec),
        .environment = environment_of(arena, access),
        .timeout_ms = access->exec->timeout_ms ? access->exec->timeout_ms : KUBE_EXEC_TIMEOUT_MS,
        .output_max = KUBE_EXEC_OUTPUT_MAX,
        .stop = stop,
    };
    struct exec_result result;
    if (!find_program(arena, access, &program.path, d))
        return false;
    exec_process(arena, &program, &result);
    return check_end(arena, access, &program, &result, d) &&
           check_answer(arena, access, &result, ret_status, d);
}
