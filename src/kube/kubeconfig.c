/* SPDX-License-Identifier: Apache-2.0
 *
 * kubeconfig texts, merged as kubectl merges them: the first text that has a name wins.
 *
 * What:   finds a context and the maps it names; what is in the maps is access.c's business.
 * Source: client-go's clientcmd: loader.go (the merge), api/v1/types.go (the fields).
 * Errors: with file, line and the names that are there; never a value, any may be a credential.
 * Thread: no shared state.
 */
#include "internal.h"

#include <string.h>

#define NAMES_SHOWN 20
#define LIST_MAX ((size_t)8 << 10)

/* A list of named things in a kubeconfig: `clusters` of entries that have a `cluster`. */
struct section {
    const char *list, *item;
};
static const struct section contexts = {"contexts", "context"};
static const struct section clusters = {"clusters", "cluster"};
static const struct section users = {"users", "user"};

struct merged {
    struct glm_arena *arena;
    const struct kubeconfig_source *sources;
    const struct glm_value **documents; /* one of each source; the null value: nothing there */
    size_t count;
    struct glm_diags *d;
};

struct named {
    const struct glm_value *body; /* the map below the item's key */
    const struct kubeconfig_source *source;
    uint32_t line;
};

/* ---- reading ---- */

/* The decoder's own sentence may quote what is there: only its position is kept. */
static bool not_yaml(const struct kubeconfig_source *source, const struct glm_diags *found,
                     struct glm_diags *d)
{
    const char *detail = found->first ? found->first->detail : "";
    int position = (int)strcspn(detail, ":");
    if (strncmp(detail, "Line ", 5) != 0)
        return glm_error(d, NULL, "Not a kubeconfig", "%s: %s", source->label,
                         source->len > KUBE_CONFIG_MAX
                             ? "it has more than 4 MiB, which no kubeconfig has."
                             : "it is not one YAML document.");
    return glm_error(d, NULL, "Not a kubeconfig",
                     "%s: it is not valid YAML at l%.*s. What is there is not shown, for it may be "
                     "a credential; `kubectl config view --kubeconfig FILE` says more.",
                     source->label, position - 1, detail + 1);
}

static bool check_header(const struct kubeconfig_source *source, const struct glm_value *document,
                         struct glm_diags *d)
{
    static const struct {
        const char *key, *value;
    } wanted[] = {{"kind", "Config"}, {"apiVersion", "v1"}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const struct glm_value *v = glm_get(document, wanted[i].key);
        /* kubectl takes texts without them, and so do the tools that write such. */
        if (glm_is_null(v) || glm_string_is(v, "") || glm_string_is(v, wanted[i].value))
            continue;
        return glm_error(d, NULL, "Not a kubeconfig",
                         "%s: line %u: `%s` must be \"%s\", and is something else: this is another "
                         "kind of document.",
                         source->label, v->line, wanted[i].key, wanted[i].value);
    }
    return true;
}

static bool decode(struct merged *m, size_t index)
{
    const struct kubeconfig_source *source = &m->sources[index];
    const struct glm_value *document = &glm_null;
    struct glm_diags found;
    glm_diags_init(&found, m->arena);
    m->documents[index] = &glm_null;
    if (!source->text)
        return true;
    if (!glm_yaml_decode_sized(m->arena, source->text, source->len, KUBE_CONFIG_MAX, "kubeconfig",
                               NULL, &document, &found))
        return not_yaml(source, &found, m->d);
    if (glm_is_null(document))
        return true;
    if (!glm_is_map(document))
        return glm_error(m->d, NULL, "Not a kubeconfig",
                         "%s: a kubeconfig is a map with `clusters`, `users` and `contexts`; this "
                         "is %s.",
                         source->label, glm_is_string(document) ? "text" : "something else");
    if (!check_header(source, document, m->d))
        return false;
    m->documents[index] = document;
    bool ok = true;
    static const struct section *const sections[] = {&contexts, &clusters, &users};
    for (size_t i = 0; i < 3; i++) {
        const struct glm_value *list = glm_get(document, sections[i]->list);
        if (!glm_is_null(list) && !glm_is_list(list))
            ok =
                glm_error(m->d, NULL, "Not a kubeconfig",
                          "%s: line %u: `%s` must be a list, and is %s.", source->label, list->line,
                          sections[i]->list, glm_is_map(list) ? "a map" : "a single value");
    }
    return ok;
}

/* ---- looking up ---- */

/* The nth name of a section in one document; NULL where the entry has none. */
static const char *name_at(const struct glm_value *list, size_t index)
{
    const struct glm_value *name = glm_get(glm_at(list, index), "name");
    return glm_is_string(name) && strlen(name->as.text) == name->len ? name->as.text : NULL;
}

static bool find_in(const struct merged *m, size_t index, const struct section *section,
                    const char *name, struct named *ret_named, bool *ret_found)
{
    const struct kubeconfig_source *source = &m->sources[index];
    const struct glm_value *list = glm_get(m->documents[index], section->list);
    uint32_t first = 0;
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++) {
        const struct glm_value *entry = glm_at(list, i);
        const char *own = name_at(list, i);
        if (!own || strcmp(own, name) != 0)
            continue;
        if (*ret_found)
            return glm_error(m->d, NULL, "Ambiguous kubeconfig",
                             "%s: the %s \"%s\" is there twice, at line %u and line %u. Remove or "
                             "rename one: kubectl refuses such a file too.",
                             source->label, section->item, name, first, entry->line);
        *ret_found = true;
        first = entry->line;
        const struct glm_value *body = glm_get(entry, section->item);
        if (!glm_is_map(body) && !glm_is_null(body))
            return glm_error(m->d, NULL, "Not a kubeconfig",
                             "%s: line %u: `%s` of \"%s\" must be a map.", source->label,
                             body->line, section->item, name);
        *ret_named = (struct named){glm_is_map(body) ? body : &glm_empty_map, source, first};
    }
    return true;
}

/* True without anything found is no error yet: what is missing is for the caller to say. */
static bool find(const struct merged *m, const struct section *section, const char *name,
                 struct named *ret_named, bool *ret_found)
{
    *ret_found = false;
    for (size_t i = 0; i < m->count && !*ret_found; i++)
        if (!find_in(m, i, section, name, ret_named, ret_found))
            return false;
    return true;
}

static const char **all_names(const struct merged *m, const struct section *section,
                              size_t *ret_count)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; i < m->count; i++)
        most += glm_get(m->documents[i], section->list)->len;
    const char **names = GLM_NEW_ARRAY(m->arena, most, const char *);
    for (size_t i = 0; i < m->count; i++) {
        const struct glm_value *list = glm_get(m->documents[i], section->list);
        for (size_t k = 0; glm_is_list(list) && k < list->len; k++) {
            const char *name = name_at(list, k);
            if (name)
                names[count++] = name;
        }
    }
    *ret_count = count;
    return names;
}

/* ---- mistakes ---- */

/* "/root/.kube/config and /etc/kc (which does not exist)" */
static const char *looked_in(const struct merged *m)
{
    struct glm_text text;
    glm_text_init(&text, m->arena, LIST_MAX);
    for (size_t i = 0; i < m->count; i++)
        glm_text_addf(&text, "%s%s%s",
                      i == 0              ? ""
                      : i + 1 == m->count ? " and "
                                          : ", ",
                      m->sources[i].label, m->sources[i].text ? "" : " (which does not exist)");
    return text.data;
}

static const char *known(const struct merged *m, const struct section *section)
{
    size_t count;
    const char **names = all_names(m, section, &count);
    if (count == 0)
        return glm_sprintf(m->arena, "There are no %s at all.", section->list);
    struct glm_text text;
    glm_text_init(&text, m->arena, LIST_MAX);
    glm_text_addf(&text, "The %s there: ", section->list);
    for (size_t i = 0; i < count && i < NAMES_SHOWN; i++)
        glm_text_addf(&text, "%s\"%s\"", i ? ", " : "", names[i]);
    if (count > NAMES_SHOWN)
        glm_text_addf(&text, " and %zu more", count - NAMES_SHOWN);
    glm_text_addc(&text, '.');
    return text.data;
}

static const char *did_you_mean(const struct merged *m, const struct section *section,
                                const char *name)
{
    size_t count;
    const char **names = all_names(m, section, &count);
    const char *nearest = glm_nearest(name, names, count);
    return nearest ? glm_sprintf(m->arena, " Did you mean \"%s\"?", nearest) : "";
}

static bool no_such_context(const struct merged *m, const char *name)
{
    bool any = false;
    for (size_t i = 0; i < m->count; i++)
        any = any || m->sources[i].text;
    if (!any)
        return glm_error(m->d, NULL, "No kubeconfig",
                         "The context \"%s\" is looked up in %s: no such file is there. Name the "
                         "files in the provider's `config_paths` or in KUBECONFIG.",
                         name, looked_in(m));
    const char *hint = "";
    if (strcmp(name, "current") == 0)
        hint = " The current context is never used by itself: it changes when somebody works with "
               "another cluster. Give its name.";
    return glm_error(m->d, NULL, "Unknown context", "There is no context \"%s\" in %s. %s%s%s",
                     name, looked_in(m), known(m, &contexts), did_you_mean(m, &contexts, name),
                     hint);
}

/* ---- the context ---- */

/* Of a text that is the cluster's own: its current context, or the only one. */
static bool choose(const struct merged *m, const char **ret_name)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct glm_value *current = glm_get(m->documents[i], "current-context");
        if (glm_is_string(current) && current->len > 0) {
            *ret_name = current->as.text;
            return true;
        }
    }
    size_t count;
    const char **names = all_names(m, &contexts, &count);
    if (count == 1) {
        *ret_name = names[0];
        return true;
    }
    if (count == 0)
        return glm_error(m->d, NULL, "No context", "%s has no context.", looked_in(m));
    return glm_error(m->d, NULL, "Which context?",
                     "%s has %zu contexts and no `current-context` that says which one is meant. "
                     "%s Set `current-context` in it.",
                     looked_in(m), count, known(m, &contexts));
}

/* The cluster or user that a context names. ret_named->body stays the null value for none. */
static bool follow(const struct merged *m, const struct named *context, const char *context_name,
                   const struct section *section, struct named *ret_named, const char **ret_name)
{
    const struct glm_value *name = glm_get(context->body, section->item);
    *ret_named = (struct named){&glm_null, context->source, context->line};
    *ret_name = NULL;
    if (glm_is_null(name) || glm_string_is(name, ""))
        return true;
    if (!glm_is_string(name) || strlen(name->as.text) != name->len)
        return glm_error(m->d, NULL, "Not a kubeconfig",
                         "%s: line %u: `%s` of the context \"%s\" must be a name in quotes.",
                         context->source->label, name->line, section->item, context_name);
    bool found;
    if (!find(m, section, name->as.text, ret_named, &found))
        return false;
    if (!found)
        return glm_error(m->d, NULL, "Broken context",
                         "%s: line %u: the context \"%s\" names the %s \"%s\", which is not in %s. "
                         "%s%s",
                         context->source->label, name->line, context_name, section->item,
                         name->as.text, looked_in(m), known(m, section),
                         did_you_mean(m, section, name->as.text));
    *ret_name = name->as.text;
    return true;
}

static const char *label_of(struct glm_arena *arena, const char *item, const char *name,
                            const struct named *named)
{
    return glm_sprintf(arena, "%s \"%s\" in %s", item, name, named->source->label);
}

bool kubeconfig_find(struct glm_arena *arena, const struct kubeconfig_source *sources, size_t count,
                     const char *context, struct kubeconfig_context *ret_context,
                     struct glm_diags *d)
{
    struct merged m = {arena, sources, GLM_NEW_ARRAY(arena, count, const struct glm_value *), count,
                       d};
    bool ok = true, found = false;
    for (size_t i = 0; i < count; i++)
        ok &= decode(&m, i);
    if (!ok || (!context && !choose(&m, &context)))
        return false;
    struct named here = {0}, cluster = {0}, user = {0};
    if (!find(&m, &contexts, context, &here, &found))
        return false;
    if (!found)
        return no_such_context(&m, context);
    const char *cluster_name = NULL, *user_name = NULL;
    ok = follow(&m, &here, context, &clusters, &cluster, &cluster_name);
    ok = follow(&m, &here, context, &users, &user, &user_name) && ok;
    if (ok && !cluster_name)
        ok = glm_error(d, NULL, "Broken context",
                       "%s: line %u: the context \"%s\" has no `cluster`.", here.source->label,
                       here.line, context);
    if (!ok)
        return false;
    *ret_context = (struct kubeconfig_context){
        .name = context,
        .cluster = cluster.body,
        .user = user.body,
        .cluster_directory = cluster.source->directory,
        .user_directory = user.source->directory,
        .cluster_label = label_of(arena, "cluster", cluster_name, &cluster),
        .user_label = user_name ? label_of(arena, "user", user_name, &user)
                                : label_of(arena, "context", context, &here),
    };
    return true;
}
