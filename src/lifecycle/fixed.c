/* SPDX-License-Identifier: Apache-2.0
 *
 * Fixed: what API servers let nobody change of a Service that they have. A plan would promise it, and an apply
 * would be refused when other things are written already. Pure; a warning, so that whoever destroys may plan.
 */
#include "fixed.h"

#include "glm/text.h"

#include <string.h>

#define TEXT_MAX_BYTES ((size_t)64 << 10)
#define CLUSTERS_SHOWN 12 /* by their names; the others are counted */

/* A change of the Service of an installation, or from one's to another's, and the clusters that get it. */
struct change {
    const struct wanted_common *to;
    const char *from; /* K */
    const char *what; /* "": nothing of it is refused */
    const char *clusters;
    size_t count;
    struct change *next;
};

static const char *said(struct glm_arena *arena, const struct glm_value *v)
{
    struct glm_text line;
    glm_text_init(&line, arena, SIZE_MAX / 4);
    glm_yaml_line(v, &line);
    return glm_is_null(v) ? "nothing" : line.data;
}

static bool is_type(const struct glm_value *was, const struct glm_value *is, const char *type)
{
    return glm_string_is(glm_get(was, "type"), type) && glm_string_is(glm_get(is, "type"), type);
}

/* "spec.clusterIP from A to B"; "": none of these changes. */
static const char *what_changes(struct glm_arena *arena, const struct glm_value *was,
                                const struct glm_value *is)
{
    static const char *const fields[] = {"loadBalancerClass", "clusterIP", "healthCheckNodePort"};
    struct glm_text text;
    glm_text_init(&text, arena, TEXT_MAX_BYTES);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct glm_value *from = glm_get(was, fields[i]), *to = glm_get(is, fields[i]);
        /* A class goes with the type; of the others the server keeps what is not said any more. */
        if (glm_equal(from, to) || (i == 0 && !is_type(was, is, "LoadBalancer")) ||
            (i > 0 && (glm_is_null(to) || !glm_equal(glm_get(was, "type"), glm_get(is, "type")))))
            continue;
        glm_text_addf(&text, "%sspec.%s from %s to %s", text.len ? ", and " : "", fields[i],
                      said(arena, from), said(arena, to));
    }
    return text.data;
}

static struct change *change_of(struct glm_arena *arena, struct change **first,
                                const struct glm_value *prior, const char *from,
                                const struct wanted_common *to)
{
    struct change **at = first;
    for (; *at; at = &(*at)->next)
        if ((*at)->to == to && strcmp((*at)->from, from) == 0)
            return *at;
    const struct glm_value *was =
        shown_document(arena, shape_service_manifest(prior, to->text, from));
    *at = GLM_NEW(arena, struct change);
    **at = (struct change){
        .to = to,
        .from = from,
        .what = glm_is_map(was)
                    ? what_changes(arena, glm_get(was, "spec"), glm_get(to->bare, "spec"))
                    : "",
        .clusters = "",
    };
    return *at;
}

static void add(struct glm_arena *arena, struct change **first, const struct glm_value *prior,
                const char *cluster, const struct wanted_object *o)
{
    const struct wanted_common *to = o->common;
    const struct glm_value *from =
        to && to->text ? shape_active(prior, to->text, cluster) : &glm_null;
    if (!glm_is_string(from) || !to->listed || !glm_is_wholly_known(to->bare) ||
        glm_string_is(shape_service_manifest(prior, to->text, from->as.text), to->manifest))
        return;
    struct change *c = change_of(arena, first, prior, from->as.text, to);
    if (*c->what && c->count++ < CLUSTERS_SHOWN)
        c->clusters =
            glm_sprintf(arena, "%s%s\"%s\"", c->clusters, *c->clusters ? ", " : "", cluster);
}

/* True where the Service that the state speaks of is the one that gets the change. */
static bool is_there(struct glm_arena *arena, const struct wanted_seat *seat,
                     const struct glm_value *prior, const struct glm_value *record)
{
    return seat->config && seat->config->place == GLM_PLACE_LIVE && seat->cluster &&
           place_known(arena, record_cluster(arena, record, prior, seat->name), seat->cluster) ==
               PLACE_SAME;
}

void fixed_warn(const struct wanted *wanted, const struct glm_value *prior,
                const struct glm_value *record, struct glm_diags *d)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct change *first = NULL;
    for (size_t s = 0; glm_is_map(prior) && s < wanted->seat_count; s++) {
        const struct wanted_seat *seat = &wanted->seats[s];
        const size_t pairs = is_there(arena, seat, prior, record) ? seat->pair_count : 0;
        for (size_t i = 0; i < pairs; i++)
            for (size_t k = 0; k < seat->pairs[i].object_count; k++)
                if (seat->pairs[i].objects[k].role == GLM_ROLE_TRAFFIC)
                    add(arena, &first, prior, seat->pairs[i].cluster, &seat->pairs[i].objects[k]);
    }
    for (const struct change *c = first; c; c = c->next) {
        size_t more = c->count > CLUSTERS_SHOWN ? c->count - CLUSTERS_SHOWN : 0;
        if (*c->what)
            glm_warn(d, GLM_AT_INSTALLATION(c->to->key), "API servers will refuse a change",
                     "Of Service %s changes %s, which an API server lets nobody change as long as "
                     "the Service is there: the apply will fail in cluster%s %s%s.\n\nLeave it as "
                     "it was; or remove the Service first (`kubectl delete service`), and the next "
                     "plan makes it anew. Its clients get no answer in between, and it may get "
                     "another address.",
                     c->to->text, c->what, c->count > 1 ? "s" : "", c->clusters,
                     more ? glm_sprintf(arena, " and %zu more", more) : "");
    }
}
