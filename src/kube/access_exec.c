/* SPDX-License-Identifier: Apache-2.0
 *
 * The settings of a credential plugin, out of a kubeconfig or out of the provider's entry.
 *
 * Source: client-go, tools/clientcmd/api/v1/types.go (ExecConfig).
 * Errors: by name of the setting; never an argument or a variable's value.
 */
#include "access_parts.h"

#include <string.h>

#define ITEMS_MAX ((size_t)10000)

struct names {
    const char *api_version, *install_hint, *cluster_info, *interactive;
};
static const struct names theirs = {"apiVersion", "installHint", "provideClusterInfo",
                                    "interactiveMode"};
static const struct names ours = {"api_version", "install_hint", "provide_cluster_info",
                                  "interactive_mode"};

static bool is_item(const struct glm_value *v)
{
    return glm_is_string(v) && strlen(v->as.text) == v->len;
}

static bool wrong(struct resolver *r, const struct settings *from, const char *key,
                  const char *wanted)
{
    return glm_error(r->d, NULL, "Plugin that cannot be run", "%s must be %s.",
                     access_name(r, from, key), wanted);
}

static bool take_args(struct resolver *r, const struct settings *from, struct exec_config *exec)
{
    const struct glm_value *list = glm_get(from->map, "args");
    if (!glm_is_null(list) && (!glm_is_list(list) || list->len > ITEMS_MAX))
        return wrong(r, from, "args", "a list of texts");
    size_t count = glm_is_list(list) ? list->len : 0;
    const char **args = GLM_NEW_ARRAY(r->arena, count + 1, const char *);
    for (size_t i = 0; i < count; i++) {
        if (!is_item(glm_at(list, i)))
            return wrong(r, from, "args", "a list of texts: put numbers and booleans in quotes");
        args[i] = glm_at(list, i)->as.text;
    }
    exec->args = args;
    return true;
}

/* A kubeconfig has a list of {name, value}; of equal names the last counts, as for kubectl. */
static const struct glm_value *map_of_list(struct glm_arena *arena, const struct glm_value *list)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    if (!glm_is_list(list) || list->len > ITEMS_MAX)
        return NULL;
    for (size_t i = 0; i < list->len; i++) {
        const struct glm_value *name = glm_get(glm_at(list, i), "name");
        if (!is_item(name))
            return NULL;
        const struct glm_value *value = glm_get(glm_at(list, i), "value");
        glm_map_set(&b, name->as.text, glm_is_null(value) ? glm_string(arena, "") : value);
    }
    return glm_map_finish(&b, NULL);
}

static bool take_environment(struct resolver *r, const struct settings *from, bool kubeconfig,
                             struct exec_config *exec)
{
    const struct glm_value *given = glm_get(from->map, "env");
    const char *shape = kubeconfig ? "a list of `name` and `value`, both texts" : "a map of texts";
    if (glm_is_null(given))
        return true;
    const struct glm_value *map = kubeconfig ? map_of_list(r->arena, given) : given;
    if (!map || !glm_is_map(map))
        return wrong(r, from, "env", shape);
    for (size_t i = 0; i < map->len; i++) {
        const struct glm_pair *pair = &map->as.map[i];
        if (!*pair->key || strchr(pair->key, '='))
            return wrong(r, from, "env", "of names that are not empty and have no \"=\"");
        if (!is_item(pair->value))
            return wrong(r, from, "env", shape);
    }
    exec->environment = map->as.map;
    exec->environment_count = map->len;
    return true;
}

static bool take_version(struct resolver *r, const struct settings *from, const char *key,
                         struct exec_config *exec)
{
    static const char v1[] = "client.authentication.k8s.io/v1";
    static const char v1beta1[] = "client.authentication.k8s.io/v1beta1";
    const char *version;
    if (!access_text(r, from, key, &version))
        return false;
    if (version && (strcmp(version, v1) == 0 || strcmp(version, v1beta1) == 0)) {
        exec->api_version = version;
        return true;
    }
    return glm_error(r->d, NULL, "Plugin that cannot be run",
                     "%s must be \"%s\" or \"%s\", whichever the program prints.%s",
                     access_name(r, from, key), v1, v1beta1,
                     version && strstr(version, "/v1alpha1")
                         ? " v1alpha1 is gone from Kubernetes: a newer release of the program, and "
                           "the kubeconfig written anew with it, is what helps."
                         : "");
}

static bool take_mode(struct resolver *r, const struct settings *from, const char *key)
{
    const char *mode;
    if (!access_text(r, from, key, &mode))
        return false;
    if (!mode || strcmp(mode, "Never") == 0 || strcmp(mode, "IfAvailable") == 0)
        return true;
    if (strcmp(mode, "Always") == 0)
        return glm_error(r->d, NULL, "Plugin that asks questions",
                         "%s is Always: the program wants a terminal, and there is none below "
                         "Terraform. Log in with it beforehand and set IfAvailable, or use another "
                         "way to log in.",
                         access_name(r, from, key));
    return wrong(r, from, key, "Never or IfAvailable");
}

static const struct glm_value *cluster_config(const struct settings *cluster)
{
    const struct glm_value *list = glm_get(cluster->map, "extensions");
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        if (glm_string_is(glm_get(glm_at(list, i), "name"), "client.authentication.k8s.io/exec"))
            return glm_get(glm_at(list, i), "extension");
    return &glm_null;
}

bool access_exec(struct resolver *r, const struct settings *from, const struct settings *cluster,
                 bool kubeconfig, const struct exec_config **ret_exec)
{
    const struct names *names = kubeconfig ? &theirs : &ours;
    struct settings inner = {glm_get(from->map, "exec"), NULL, from->directory};
    inner.label = access_name(r, from, "exec");
    if (!glm_is_map(inner.map))
        return wrong(r, from, "exec", "a map");
    struct exec_config *exec = GLM_NEW(r->arena, struct exec_config);
    *exec = (struct exec_config){.directory = from->directory,
                                 .cluster_config = cluster_config(cluster)};
    bool ok = access_text(r, &inner, "command", &exec->command);
    if (ok && !exec->command)
        ok = wrong(r, &inner, "command", "the name or the path of a program");
    if (ok && exec->command[0] == '~')
        exec->command = access_path(r, exec->command, NULL);
    ok = take_args(r, &inner, exec) && ok;
    ok = take_environment(r, &inner, kubeconfig, exec) && ok;
    ok = take_version(r, &inner, names->api_version, exec) && ok;
    ok = take_mode(r, &inner, names->interactive) && ok;
    ok = access_text(r, &inner, names->install_hint, &exec->install_hint) && ok;
    ok = access_flag(r, &inner, names->cluster_info, &exec->provide_cluster_info) && ok;
    *ret_exec = exec;
    return ok;
}
