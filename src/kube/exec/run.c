/* SPDX-License-Identifier: Apache-2.0
 *
 * A credential plugin's run: what it is given, where it is, how it ended.
 *
 * Source: Kubernetes, "client-go credential plugins"; client-go, plugin/pkg/client/auth/exec.
 * Errors: the plugin by name, what it complained about and what to do; never
 *         what it answered, its arguments or its variables.
 * Thread: no shared state.
 */
#include "../../away/away.h"
#include "internal.h"

#include "glm/shown.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
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
    set_text(arena, &b, "proxy-url", access->proxy);
    if (route->insecure)
        glm_map_set(&b, "insecure-skip-tls-verify", &glm_true);
    if (route->ca)
        set_text(arena, &b, "certificate-authority-data",
                 glm_base64_encode(arena, (const unsigned char *)route->ca, strlen(route->ca)));
    if (access->exec->cluster_config && !glm_is_null(access->exec->cluster_config))
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

/* True for what the plugin is not given: KUBERNETES_EXEC_INFO is ours, and of one name the last
 * wins, as for client-go. A shell would take the first or the last as it likes. */
static bool is_superseded(const struct exec_config *exec, size_t at)
{
    const char *key = exec->environment[at].key;
    for (size_t i = at + 1; i < exec->environment_count; i++)
        if (strcmp(exec->environment[i].key, key) == 0)
            return true;
    return strcmp(key, info_name) == 0;
}

static const char *const *environment_of(struct glm_arena *arena, const struct access *access)
{
    const struct exec_config *exec = access->exec;
    size_t count = 0, n = 0;
    while (environ[count])
        count++;
    const char **environment =
        GLM_NEW_ARRAY(arena, count + exec->environment_count + 2, const char *);
    for (size_t i = 0; i < count; i++)
        if (!is_overridden(exec, environ[i]))
            environment[n++] = environ[i];
    for (size_t i = 0; i < exec->environment_count; i++)
        if (!is_superseded(exec, i))
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

static const char *hint_of(struct glm_arena *arena, const struct exec_config *exec)
{
    return exec->install_hint
               ? glm_sprintf(arena, "\n\n%s",
                             glm_shown_lines(arena, exec->install_hint, GLM_SHOWN_MAX))
               : "";
}

/* What is looked for, where, and for how long. */
struct program_search {
    struct glm_arena *arena;
    const struct away_mounts *mounts;
    const atomic_bool *stop;
    int64_t until_ms;
    const char *silent; /* where nothing answered; NULL: nowhere */
};

/* 0, or errno. */
static int try_program(struct program_search *s, const char *path)
{
    struct away_mount mount;
    const struct away_ask ask = {.path = path,
                                 .question = AWAY_RUNS,
                                 .may_hang = away_may_hang(s->arena, s->mounts, path, &mount),
                                 .left = s->stop,
                                 .until_ms = s->until_ms};
    struct away_file file;
    away_file(s->arena, &ask, &file);
    if (file.error == ETIME)
        s->silent = path;
    return file.error ? file.error : S_ISREG(file.stat.st_mode) ? 0 : EISDIR;
}

static const char *variable(const char *name)
{
    size_t len = strlen(name);
    for (char **at = environ; *at; at++)
        if (strncmp(*at, name, len) == 0 && (*at)[len] == '=')
            return *at + len + 1;
    return NULL;
}

/* A relative part of PATH is passed over, as Go does: whoever can write there would be run. */
static const char *look_up(struct program_search *s, const char *path, const char *name)
{
    for (size_t len; *path && !s->silent; path += len + (path[len] == ':')) {
        len = strcspn(path, ":");
        const char *file = glm_sprintf(s->arena, "%.*s/%s", (int)len, path, name);
        if (*path == '/' && try_program(s, file) == 0)
            return file;
    }
    return NULL;
}

static bool not_found(struct glm_arena *arena, const struct access *access, const char *path,
                      int error, struct glm_diags *d)
{
    const char *why = error == ENOENT || error == ENOTDIR ? "there is no such file"
                      : error == EACCES                   ? "permission to execute it is denied"
                                                          : "it is not a program";
    return glm_error(d, NULL, "Credential plugin not found",
                     "Credentials come from %s, which cannot be run: \"%s\" was looked for, and "
                     "%s.%s",
                     exec_label(arena, access), path, why, hint_of(arena, access->exec));
}

static bool is_silent(const struct program_search *s, const struct access *access,
                      struct glm_diags *d)
{
    if (s->stop && atomic_load(s->stop))
        return glm_error(d, NULL, "Interrupted", "Terraform is stopping: %s had no answer yet.",
                         exec_label(s->arena, access));
    return glm_error(d, NULL, "Credential plugin not found",
                     "Credentials come from %s. \"%s\" was looked for, and the file system that it "
                     "is on does not answer.",
                     exec_label(s->arena, access), s->silent);
}

static bool find_program(struct program_search *s, const struct access *access,
                         const char **ret_path, struct glm_diags *d)
{
    const struct exec_config *exec = access->exec;
    if (strchr(exec->command, '/')) {
        *ret_path = exec->command[0] == '/' || !exec->directory
                        ? exec->command
                        : glm_sprintf(s->arena, "%s/%s", exec->directory, exec->command);
        int error = try_program(s, *ret_path);
        if (s->silent)
            return is_silent(s, access, d);
        return error == 0 || not_found(s->arena, access, *ret_path, error, d);
    }
    const char *path = variable("PATH");
    path = path && *path ? path : usual_path;
    *ret_path = look_up(s, path, exec->command);
    if (s->silent)
        return is_silent(s, access, d);
    if (*ret_path)
        return true;
    return glm_error(d, NULL, "Credential plugin not found",
                     "Credentials come from %s, which cannot be run: there is no program \"%s\" in "
                     "PATH (%s). Install it where Terraform runs, or give its whole path.%s",
                     exec_label(s->arena, access), exec->command, glm_shown(s->arena, path),
                     hint_of(s->arena, exec));
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
    if (error == ETIME)
        return "a file system that it, or the interpreter in its first line, is on does not answer";
    char text[128]; /* strerror_r's interface: the longest text of glibc has 49 bytes */
    return glm_strdup(arena, strerror_r(error, text, sizeof text));
}

static bool check_end(struct glm_arena *arena, const struct access *access,
                      const struct exec_program *program, const struct exec_result *result,
                      struct glm_diags *d)
{
    static const char summary[] = "Credential plugin failed";
    const char *name = exec_label(arena, access);
    const char *words = exec_words(arena, access, result);
    const char *wrote = *words ? " It wrote:\n\n" : " It wrote nothing to stderr.";
    switch (result->end) {
    case EXEC_EXITED:
        if (result->code == 0)
            return true;
        return glm_error(d, NULL, summary,
                         "Credentials come from %s, which ended with exit code %d.%s%s", name,
                         result->code, wrote, words);
    case EXEC_KILLED:
        return glm_error(
            d, NULL, summary, "Credentials come from %s, which was killed by signal %d (%s).%s%s",
            name, result->code, sigabbrev_np(result->code) ? sigabbrev_np(result->code) : "unknown",
            wrote, words);
    case EXEC_NOT_STARTED:
        return glm_error(d, NULL, summary,
                         "Credentials come from %s, which cannot be run (%s): %s.", name,
                         glm_shown(arena, program->path), why_not_started(arena, result->code));
    case EXEC_TIMEOUT:
        return glm_error(d, NULL, summary,
                         "Credentials come from %s, which did not end within %" PRId64 " s and was "
                         "killed. A plugin that asks a question, or opens a browser, cannot be "
                         "answered below Terraform: log in with it beforehand. The cluster's "
                         "`request_timeout` says how long it may take, where it is set.%s%s",
                         name, (program->timeout_ms + 999) / 1000, wrote, words);
    case EXEC_STOPPED:
        return glm_error(d, NULL, "Interrupted",
                         "Terraform is stopping: %s was ended before it had an answer.", name);
    case EXEC_TOO_LARGE:
        break;
    }
    return glm_error(d, NULL, summary,
                     "Credentials come from %s, which printed more than %zu MiB and was killed: no "
                     "credential is that long.",
                     name, program->output_max >> 20);
}

/* The shorter of what a plugin may take and what its caller has left. */
static int64_t time_for(const struct exec_config *exec, int64_t until_ms)
{
    int64_t most = exec->timeout_ms ? exec->timeout_ms : KUBE_EXEC_TIMEOUT_MS;
    int64_t left = until_ms - glm_clock_ms();
    if (!until_ms || left >= most)
        return most;
    return left > 0 ? left : 0;
}

bool exec_run(struct glm_arena *arena, const struct access *access, const atomic_bool *stop,
              int64_t until_ms, const struct glm_value **ret_status, struct glm_diags *d)
{
    const struct away_mounts mounts = away_mounts_now(arena);
    int64_t time_ms = time_for(access->exec, until_ms);
    struct program_search search = {arena, &mounts, stop, glm_clock_ms() + time_ms, .silent = NULL};
    struct exec_program program = {
        .argv = argv_of(arena, access->exec),
        .environment = environment_of(arena, access),
        .may_hang = !mounts.steady,
        .timeout_ms = time_ms,
        .output_max = KUBE_EXEC_OUTPUT_MAX,
        .stop = stop,
    };
    struct exec_result result;
    if (!find_program(&search, access, &program.path, d))
        return false;
    exec_process(arena, &program, &result);
    return check_end(arena, access, &program, &result, d) &&
           exec_answer(arena, access, &result, ret_status, d);
}
