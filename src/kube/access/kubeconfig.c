/* SPDX-License-Identifier: Apache-2.0
 *
 * Kubeconfig texts, merged as kubectl merges them: by name, and the first that has a name wins.
 *
 * Owner:  everything lives in the arena given; sources are borrowed.
 * Errors: which source, which line, which names there are; never a value, which may be a secret.
 * Thread: no shared state.
 * Rule:   client-go, tools/clientcmd/loader.go and api/v1/types.go.
 */
#include "internal.h"

#include "glm/shown.h"

#include <string.h>

/* Names that a diagnostic lists. */
#define LISTED 30

struct document {
    const struct kubeconfig_source *source;
    const struct glm_value *value; /* a map */
};

struct merge {
    struct glm_arena *arena;
    struct document *documents;
    size_t count;
    struct glm_diags *d;
};

/* One of the three lists of a kubeconfig. */
struct section {
    const char *list;    /* "contexts" */
    const char *body;    /* the key of an element's content: "context" */
    const char *summary; /* of the diagnostic when a name is not there */
};

static const struct section contexts = {"contexts", "context", "No such context"};
static const struct section clusters = {"clusters", "cluster", "No such cluster in the kubeconfig"};
static const struct section users = {"users", "user", "No such user in the kubeconfig"};

static bool wrong(const struct merge *m, const struct document *document,
                  const struct glm_value *where, const char *what)
{
    return glm_error(m->d, NULL, "Invalid kubeconfig", "%s, line %u: %s", document->source->label,
                     where->line ? where->line : 1, what);
}

static bool check_document(const struct merge *m, const struct document *document)
{
    const struct section *sections[] = {&contexts, &clusters, &users};
    const struct glm_value *kind = glm_get(document->value, "kind");
    bool ok = true;
    if (!glm_is_null(kind) && !glm_string_is(kind, "Config"))
        return wrong(m, document, kind,
                     "the document is not of the kind \"Config\", so it is no kubeconfig.");
    const struct glm_value *version = glm_get(document->value, "apiVersion");
    if (!glm_is_null(version) && !glm_string_is(version, "v1") && !glm_string_is(version, ""))
        ok = wrong(m, document, version, "`apiVersion` must be \"v1\", the only one there is.");
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        const struct glm_value *list = glm_get(document->value, sections[i]->list);
        if (!glm_is_null(list) && !glm_is_list(list))
            ok = wrong(m, document, list,
                       glm_sprintf(m->arena, "`%s` must be a list of maps with a `name`.",
                                   sections[i]->list));
    }
    return ok;
}

/* "line 3, column 7" of an error about YAML: all that may be told of it, because the words of such
 * errors quote what is there, and that may be a secret. "" where it does not say. */
static const char *only_place(struct glm_arena *arena, const struct glm_diags *errors)
{
    const char *detail = errors->first ? errors->first->detail : "";
    const char *end = strchr(detail, ':');
    if (strncmp(detail, "Line ", 5) != 0 || !end ||
        strspn(detail + 5, "0123456789, column") != (size_t)(end - detail - 5))
        return "";
    return glm_sprintf(arena, " (l%.*s)", (int)(end - detail - 1), detail + 1);
}

static bool decode(struct merge *m, const struct kubeconfig_source *source,
                   const struct glm_value **ret_value)
{
    struct glm_diags errors;
    glm_diags_init(&errors, m->arena);
    if (glm_yaml_decode_sized(m->arena, source->text, source->len, KUBE_CONFIG_MAX, source->label,
                              NULL, ret_value, &errors))
        return true;
    if (source->len > KUBE_CONFIG_MAX) { /* that quotes nothing */
        glm_diags_append(m->d, NULL, &errors);
        return false;
    }
    return glm_error(m->d, NULL, "Malformed kubeconfig",
                     "%s cannot be read as YAML%s. What is there is not shown, because it may be a "
                     "secret. `kubectl config view --kubeconfig=FILE` says more.",
                     source->label, only_place(m->arena, &errors));
}

/* Decodes what is there. Empty files are as good as absent, as for kubectl. */
static bool read_documents(struct merge *m, const struct kubeconfig_source *sources, size_t count)
{
    bool ok = true;
    m->documents = GLM_NEW_ARRAY(m->arena, count, struct document);
    for (size_t i = 0; i < count; i++) {
        struct document *document = &m->documents[m->count];
        document->source = &sources[i];
        if (!sources[i].text)
            continue;
        if (!decode(m, &sources[i], &document->value)) {
            ok = false;
            continue;
        }
        if (glm_is_null(document->value))
            document->value = &glm_empty_map;
        if (!glm_is_map(document->value))
            ok = wrong(m, document, document->value, "a kubeconfig is a map, and this is none.");
        else
            ok &= check_document(m, document);
        m->count++;
    }
    return ok;
}

static const char *labels(struct glm_arena *arena, const struct kubeconfig_source *sources,
                          size_t count)
{
    struct glm_text text;
    glm_text_init(&text, arena, KUBE_CONFIG_MAX);
    for (size_t i = 0; i < count; i++)
        glm_text_addf(&text, "%s%s",
                      i == 0           ? ""
                      : i + 1 == count ? " and "
                                       : ", ",
                      sources[i].label);
    return text.data;
}

/* The names of a section in all documents, in their order. */
static const char **names_of(const struct merge *m, const struct section *section,
                             size_t *ret_count)
{
    size_t room = 0, count = 0;
    for (size_t i = 0; i < m->count; i++) {
        const struct glm_value *list = glm_get(m->documents[i].value, section->list);
        room += glm_is_list(list) ? list->len : 0;
    }
    const char **names = GLM_NEW_ARRAY(m->arena, room, const char *);
    for (size_t i = 0; i < m->count; i++) {
        const struct glm_value *list = glm_get(m->documents[i].value, section->list);
        for (size_t k = 0; glm_is_list(list) && k < list->len; k++) {
            const char *name = glm_string_or(glm_get(list->as.list[k], "name"), "");
            if (*name)
                names[count++] = name;
        }
    }
    *ret_count = count;
    return names;
}

static bool is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(names[i], name))
            return true;
    return false;
}

/* "There are "a" and "b"." Names that come twice are listed once. */
static const char *known_names(const struct merge *m, const char *const *names, size_t count)
{
    const char *listed[LISTED];
    size_t n = 0, seen = 0;
    for (; seen < count && n < LISTED; seen++)
        if (!is_among(names[seen], listed, n))
            listed[n++] = names[seen];
    struct glm_text text;
    glm_text_init(&text, m->arena, KUBE_CONFIG_MAX);
    for (size_t i = 0; i < n; i++)
        glm_text_addf(&text, "%s\"%s\"",
                      i == 0                        ? ""
                      : i + 1 == n && seen == count ? " and "
                                                    : ", ",
                      glm_shown(m->arena, listed[i]));
    if (seen < count)
        glm_text_adds(&text, " and others");
    return text.data;
}

static bool unknown_name(const struct merge *m, const struct section *section, const char *name,
                         const char *where)
{
    size_t count;
    const char **names = names_of(m, section, &count);
    const char *nearest = glm_nearest(name, names, count);
    if (count == 0)
        return glm_error(m->d, NULL, section->summary,
                         "\"%s\" is not in %s: there are no `%s` at "
                         "all.",
                         name, where, section->list);
    return glm_error(
        m->d, NULL, section->summary, "\"%s\" is not in %s.%s The `%s` there: %s.", name, where,
        nearest ? glm_sprintf(m->arena, " Did you mean \"%s\"?", glm_shown(m->arena, nearest)) : "",
        section->list, known_names(m, names, count));
}

/* The element of that name: 1 found, 0 there is none, -1 it has been said what is wrong. */
static int find_named(const struct merge *m, const struct section *section, const char *name,
                      const struct glm_value **ret_body, const struct document **ret_document)
{
    const struct glm_value *found = NULL;
    for (size_t i = 0; i < m->count && !found; i++) {
        const struct glm_value *list = glm_get(m->documents[i].value, section->list);
        for (size_t k = 0; glm_is_list(list) && k < list->len; k++) {
            const struct glm_value *element = list->as.list[k];
            if (!glm_string_is(glm_get(element, "name"), name))
                continue;
            *ret_document = &m->documents[i];
            if (found) {
                wrong(m, *ret_document, element,
                      glm_sprintf(m->arena, "\"%s\" is in `%s` a second time. Remove one.",
                                  glm_shown(m->arena, name), section->list));
                return -1;
            }
            found = element;
        }
    }
    if (!found)
        return 0;
    *ret_body = glm_get(found, section->body);
    /* For kubectl a user with nothing in it is nobody, just as a context without a user. */
    if (glm_is_map(*ret_body) || (section == &users && glm_is_null(*ret_body)))
        return 1;
    wrong(m, *ret_document, found,
          glm_sprintf(m->arena, "\"%s\" in `%s` must have a map `%s`.", glm_shown(m->arena, name),
                      section->list, section->body));
    return -1;
}

/* For a kubeconfig given whole: the context it says is current, or the only one. */
static bool choose_context(const struct merge *m, const char *where, const char **ret_name)
{
    for (size_t i = 0; i < m->count; i++) {
        *ret_name = glm_string_or(glm_get(m->documents[i].value, "current-context"), "");
        if (**ret_name)
            return true;
    }
    size_t count;
    const char **names = names_of(m, &contexts, &count);
    if (count == 1) {
        *ret_name = names[0];
        return true;
    }
    if (count == 0)
        return glm_error(m->d, NULL, "Kubeconfig without a context",
                         "There is no context in %s, and a cluster is reached through one.", where);
    return glm_error(m->d, NULL, "Kubeconfig without a current context",
                     "There are several contexts in %s, and `current-context` does not say which "
                     "one is meant: %s. Set `current-context` in it.",
                     where, known_names(m, names, count));
}

/* What a context names: its cluster or its user. */
static bool find_part(const struct merge *m, const struct section *section, const char *context,
                      const struct document *of, const struct glm_value *reference,
                      const char *where, const struct glm_value **ret_body,
                      const struct document **ret_document)
{
    const char *name = glm_string_or(reference, "");
    if (!glm_is_string(reference) && !glm_is_null(reference))
        return wrong(m, of, reference,
                     glm_sprintf(m->arena, "`%s` of the context \"%s\" must be a text, a name.",
                                 section->body, glm_shown(m->arena, context)));
    if (!*name && section == &users) {
        *ret_body = &glm_null;
        *ret_document = of;
        return true;
    }
    if (!*name)
        return glm_error(m->d, NULL, "Context without a cluster",
                         "The context \"%s\" in %s names no `cluster`.", context,
                         of->source->label);
    int found = find_named(m, section, name, ret_body, ret_document);
    if (found == 0)
        return unknown_name(m, section, name,
                            glm_sprintf(m->arena, "%s, where the context \"%s\" names it", where,
                                        glm_shown(m->arena, context)));
    return found == 1;
}

static bool nothing_there(struct merge *m, const char *where, const char *context)
{
    return glm_error(m->d, NULL, "No kubeconfig",
                     "The context \"%s\" cannot be looked up: there is no %s. Name the kubeconfig "
                     "files that exist in the provider's `config_paths`, or set KUBECONFIG.",
                     context ? context : "", where);
}

bool access_kubeconfig_find(struct glm_arena *arena, const struct kubeconfig_source *sources,
                            size_t count, const char *context,
                            struct kubeconfig_context *ret_context, struct glm_diags *d)
{
    struct merge m = {.arena = arena, .d = d};
    const char *where = labels(arena, sources, count);
    const struct document *of, *cluster_of = NULL, *user_of = NULL;
    const struct glm_value *body;
    struct kubeconfig_context c = {.name = context};
    if (!read_documents(&m, sources, count))
        return false;
    if (m.count == 0)
        return nothing_there(&m, where, context);
    if (!c.name && !choose_context(&m, where, &c.name))
        return false;
    int found = find_named(&m, &contexts, c.name, &body, &of);
    if (found == 0)
        return unknown_name(&m, &contexts, c.name, where);
    if (found < 0)
        return false;
    const struct glm_value *cluster = glm_get(body, "cluster"), *user = glm_get(body, "user");
    bool ok = find_part(&m, &clusters, c.name, of, cluster, where, &c.cluster, &cluster_of);
    ok &= find_part(&m, &users, c.name, of, user, where, &c.user, &user_of);
    if (!ok)
        return false;
    c.cluster_directory = cluster_of->source->directory;
    c.user_directory = user_of->source->directory;
    c.cluster_label =
        glm_sprintf(arena, "cluster \"%s\" in %s", glm_shown(arena, glm_string_or(cluster, "")),
                    cluster_of->source->label);
    c.user_label = glm_sprintf(arena, "user \"%s\" in %s",
                               glm_shown(arena, glm_string_or(user, "")), user_of->source->label);
    *ret_context = c;
    return true;
}
