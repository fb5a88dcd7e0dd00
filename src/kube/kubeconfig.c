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
    const char *list;      /* "contexts" */
    const char *body;      /* the key of an element's content: "context" */
    const char *summary;   /* of the diagnostic when a name is not there */
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
        if (!glm_yaml_decode_sized(m->arena, sources[i].text, sources[i].len, KUBE_CONFIG_MAX,
                                   sources[i].label, NULL, &document->value, m->d)) {
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
        glm_text_addf(&text, "%s%s", i == 0 ? "" : i + 1 == count ? " and " : ", ",
                      sources[i].label);
    return text.data;
}

/* The names of a section in all documents, each once, in their order; room for all is made. */
static const char **names_of(const struct merge *m, const struct section *section,
                             size_t *ret_count)
{
    size_t room = 0, count = 0;
    struct glm_map_builder seen;
    glm_map_init(&seen, m->arena);
    for (size_t i = 0; i < m->count; i++) {
        const struct glm_value *list = glm_get(m->documents[i].value, section->list);
        room += glm_is_list(list) ? list->len : 0;
    }
    const char **names = GLM_NEW_ARRAY(m->arena, room, const char *);
    for (size_t i = 0; i < m->count; i++) {
        const struct glm_value *list = glm_get(m->documents[i].value, section->list);
        for (size_t k = 0; glm_is_list(list) && k < list->len; k++) {
            const char *name = glm_string_or(glm_get(list->as.list[k], "name"), NULL);
            if (!name || glm_is_true(glm_map_peek(&seen, name)))
                continue;
            glm_map_set(&seen, name, &glm_true);
            names[count++] = name;
        }
    }
    *ret_count = count;
    return names;
}
