/* SPDX-License-Identifier: Apache-2.0
 *
 * Credential plugins as they are configured: in a kubeconfig or in an entry. Nothing is run here.
 *
 * Rule:   client-go, tools/clientcmd/api/v1/types.go (ExecConfig) and validation.go.
 * Errors: the key; never a value of the environment, which may be a secret.
 */
#include "internal.h"

#include "glm/shown.h"

#include <string.h>

#define VARIABLES_MAX 1000 /* of `env`: they are looked through for each other */

static bool wrong(struct access_draft *a, const char *what, const char *key, const char *problem)
{
    return glm_error(a->d, NULL, "Invalid credential plugin", "`%s` of the `exec` of %s %s.", key,
                     what, problem);
}

static bool is_text(const struct glm_value *v)
{
    return glm_is_string(v) && strlen(v->as.text) == v->len;
}

static bool read_version(struct access_draft *a, const char *what, const char *version,
                         const char *key)
{
    static const char prefix[] = "client.authentication.k8s.io/";
    const char *of = strncmp(version, prefix, sizeof prefix - 1) ? "" : version + sizeof prefix - 1;
    if (!strcmp(of, "v1") || !strcmp(of, "v1beta1"))
        return true;
    if (!strcmp(of, "v1alpha1"))
        return wrong(a, what, key,
                     "is v1alpha1, which Kubernetes has given up. Make the kubeconfig anew with a "
                     "current version of the plugin, which has v1beta1 or v1");
    return wrong(a, what, key,
                 "must be client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1");
}

static bool read_args(struct access_draft *a, const char *what, const struct glm_value *args,
                      struct exec_config *exec)
{
    size_t count = glm_is_list(args) ? args->len : 0;
    const char **texts = GLM_NEW_ARRAY(a->arena, count + 1, const char *);
    exec->args = texts;
    if (!glm_is_null(args) && !glm_is_list(args))
        return wrong(a, what, "args", "must be a list of texts");
    for (size_t i = 0; i < count; i++) {
        if (!is_text(args->as.list[i]))
            return wrong(a, what, "args",
                         "must be a list of texts: put numbers, true and false in quotes");
        texts[i] = args->as.list[i]->as.text;
    }
    return true;
}

static bool check_count(struct access_draft *a, const char *what, size_t count)
{
    return count <= VARIABLES_MAX ||
           wrong(a, what, "env",
                 glm_sprintf(a->arena, "has %zu variables, and at most %d are taken", count,
                             VARIABLES_MAX));
}

/* A kubeconfig has a list of maps with a name and a value. */
static bool read_env_list(struct access_draft *a, const char *what, const struct glm_value *env,
                          struct exec_config *exec)
{
    size_t count = glm_is_list(env) ? env->len : 0;
    struct glm_pair *pairs = GLM_NEW_ARRAY(a->arena, count, struct glm_pair);
    if (!glm_is_null(env) && !glm_is_list(env))
        return wrong(a, what, "env", "must be a list of maps with `name` and `value`");
    if (!check_count(a, what, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct glm_value *name = glm_get(env->as.list[i], "name");
        const struct glm_value *value = glm_get(env->as.list[i], "value");
        bool named = is_text(name) && name->len && !strchr(name->as.text, '=');
        if (!named || !(is_text(value) || glm_is_null(value)))
            return wrong(a, what, "env",
                         "must be a list of maps with `name` and `value`, both of them texts");
        pairs[i].key = name->as.text;
        pairs[i].value = glm_is_null(value) ? glm_string(a->arena, "") : value;
    }
    exec->environment = pairs;
    exec->environment_count = count;
    return true;
}

/* An entry has a map. */
static bool read_env_map(struct access_draft *a, const char *what, const struct glm_value *env,
                         struct exec_config *exec)
{
    size_t count = glm_is_map(env) ? env->len : 0;
    if (!check_count(a, what, count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!*env->as.map[i].key || strchr(env->as.map[i].key, '=') ||
            !is_text(env->as.map[i].value))
            return wrong(a, what, "env",
                         "must have names without \"=\" and texts without NUL bytes");
    exec->environment = count ? env->as.map : NULL;
    exec->environment_count = count;
    return true;
}

static bool check_mode(struct access_draft *a, const char *what, const struct glm_value *mode)
{
    if (glm_is_null(mode) || glm_string_is(mode, "") || glm_string_is(mode, "Never") ||
        glm_string_is(mode, "IfAvailable"))
        return true;
    if (glm_string_is(mode, "Always"))
        return wrong(a, what, "interactiveMode",
                     "is Always: the plugin wants to ask somebody at a terminal, and Terraform has "
                     "none for it. Log in beforehand and use a plugin, or a mode, that does "
                     "without questions");
    return wrong(a, what, "interactiveMode", "must be Never, IfAvailable or Always");
}

static void use(struct access_draft *a, const struct exec_config *exec)
{
    const char *slash = strrchr(exec->command, '/');
    a->exec = exec;
    a->credential_label = glm_sprintf(a->arena, "the exec plugin %s",
                                      glm_shown(a->arena, slash ? slash + 1 : exec->command));
}

bool access_exec_of_user(struct access_draft *a, const struct glm_value *v, const char *what,
                         const char *directory)
{
    struct exec_config *exec = GLM_NEW(a->arena, struct exec_config);
    const struct glm_value *command = glm_get(v, "command");
    const struct glm_value *info = glm_get(v, "provideClusterInfo");
    bool ok = true;
    exec->command = is_text(command) ? command->as.text : "";
    exec->directory = directory;
    exec->api_version = glm_string_or(glm_get(v, "apiVersion"), "");
    exec->install_hint = glm_string_or(glm_get(v, "installHint"), NULL);
    exec->provide_cluster_info = glm_is_true(info);
    exec->cluster_config = a->cluster_config;
    if (!*exec->command)
        ok = wrong(a, what, "command", "must be the name or the path of a program");
    if (!glm_is_null(info) && info->kind != GLM_BOOL)
        ok = wrong(a, what, "provideClusterInfo", "must be true or false");
    ok &= read_version(a, what, exec->api_version, "apiVersion");
    ok &= read_args(a, what, glm_get(v, "args"), exec);
    ok &= read_env_list(a, what, glm_get(v, "env"), exec);
    ok &= check_mode(a, what, glm_get(v, "interactiveMode"));
    if (ok)
        use(a, exec);
    return ok;
}

bool access_exec_of_entry(struct access_draft *a, const struct glm_value *v)
{
    static const char what[] = "this cluster";
    struct exec_config *exec = GLM_NEW(a->arena, struct exec_config);
    const struct glm_value *command = glm_get(v, "command");
    bool ok = true;
    exec->command = is_text(command) ? command->as.text : "";
    if (*exec->command)
        ok = access_path(a, exec->command, NULL, &exec->command);
    exec->api_version = glm_string_or(glm_get(v, "api_version"), "");
    /* No cluster information: there is no attribute for it, and without it clusters that have the
     * same plugin can share what it answers. */
    if (!*exec->command)
        ok = wrong(a, what, "command", "must be the name or the path of a program");
    ok &= read_version(a, what, exec->api_version, "api_version");
    ok &= read_args(a, what, glm_get(v, "args"), exec);
    ok &= read_env_map(a, what, glm_get(v, "env"), exec);
    if (ok)
        use(a, exec);
    return ok;
}
