/* SPDX-License-Identifier: Apache-2.0
 *
 * Endings: which traffic a plan ends: active Services that go, last active revisions whose Service
 * is not ours, and Services of the gateway chart that it is told to make no more. Pure; said by
 * plans only.
 */
#include "glm/text.h"
#include "lifecycle_internal.h"

#include <string.h>

#define TEXT_MAX_BYTES ((size_t)64 << 10)

/* A manifest, which is the same text for all clusters, as a document. */
struct decoded {
    const struct glm_value *text, *document;
    const struct decoded *next;
};

struct endings {
    struct glm_arena *arena;
    const struct decoded *decoded;
    const struct glm_estate *estate;
    const struct glm_manager *before;
    const struct glm_value *prior, *record;
};

static struct endings endings_of(struct glm_arena *arena, const struct glm_estate *estate,
                                 const struct glm_value *prior, const struct glm_value *record)
{
    struct endings e = {.arena = arena, .estate = estate, .prior = prior, .record = record};
    struct glm_manager *before;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    glm_manager_read(arena, prior, &estate->mesh, false, &before, &ignored);
    e.before = before;
    return e;
}

static const struct glm_value *document_of(struct endings *e, const struct glm_value *text)
{
    const struct decoded *d = e->decoded;
    while (d && d->text != text)
        d = d->next;
    if (d)
        return d->document;
    struct decoded *made = GLM_NEW(e->arena, struct decoded);
    *made = (struct decoded){text, shown_document(e->arena, text), e->decoded};
    e->decoded = made;
    return made->document;
}

/* "Service ns/name (LoadBalancer, 203.0.113.7, revision 1-24)" */
static void add_service(struct endings *e, struct glm_text *text, const char *cluster,
                        const struct shape_object *service)
{
    const char *label = estate_installer(e->estate, cluster)->revision_label;
    const struct glm_value *spec = glm_get(document_of(e, service->manifest), "spec");
    const struct glm_value *addresses = shape_addresses(e->prior, service->object, cluster);
    glm_text_addf(text, "%sService %s (%s", text->len ? ", " : "", service->object,
                  glm_string_or(glm_get(spec, "type"), "ClusterIP"));
    for (size_t i = 0; glm_is_list(addresses) && i < addresses->len; i++)
        glm_text_addf(text, ", %s", glm_string_or(addresses->as.list[i], "?"));
    const struct glm_value *selector = glm_get(spec, "selector");
    if (label)
        glm_text_addf(text, ", revision \"%s\")",
                      glm_string_or(glm_get(selector, label), "default"));
    else
        glm_text_addf(text, ", selector %s)", glm_live_selector(e->arena, selector));
}

/* True when something is or may become active. */
static bool stays_active(const struct wanted_cluster *after)
{
    for (size_t i = 0; after && i < after->place_count; i++)
        if (!glm_is_false(wanted_pair_at(after, i)->placement->active))
            return true;
    return false;
}

/* By its main object, what a plan removes nothing of. */
static bool is_taken_pair(const struct glm_value *r, const struct glm_value *owners,
                          const char *key)
{
    const char *main = record_main(r, key);
    return main && glm_has(owners, main);
}

static void add_active(const struct endings *e, struct glm_text *text, const char *cluster,
                       const struct glm_value *r)
{
    const struct glm_value *owners = record_owners(e->arena, r);
    for (size_t i = 0; i < e->before->installation_count; i++) {
        const struct glm_installation *in = &e->before->installations[i];
        if (is_taken_pair(r, owners, in->key))
            continue;
        for (size_t p = 0; p < in->placement_count; p++)
            if (strcmp(in->placements[p].cluster, cluster) == 0 &&
                glm_is_true(in->placements[p].active))
                glm_text_addf(text,
                              "%sinstallation \"%s\" (active, where this resource has no "
                              "Service now)",
                              text->len ? ", " : "", in->key);
    }
}

/* Nothing is removed there, whatever the plan leaves out. */
static bool is_left_alone(const struct endings *e, const char *cluster, const struct glm_value *r)
{
    const struct glm_cluster_config *config;
    struct glm_cluster *reached;
    bool tolerate;
    return !estate_find(e->estate, cluster, &config, &reached, &tolerate) ||
           config->decommissioned || place_known(e->arena, r, reached) == PLACE_OTHER;
}

/* What ends in one cluster; "" when nothing does. after: NULL when everything goes. */
static const char *ending(struct endings *e, const char *cluster,
                          const struct wanted_cluster *after)
{
    const struct glm_value *r = record_cluster(e->arena, e->record, e->prior, cluster);
    const struct glm_value *owners = record_owners(e->arena, r);
    const struct shape_object *shown;
    size_t count = shape_of_cluster(e->arena, e->prior, cluster, &shown), services = 0;
    struct glm_text text;
    glm_text_init(&text, e->arena, TEXT_MAX_BYTES);
    if (is_left_alone(e, cluster, r))
        return "";
    for (size_t i = 0; after && i < after->place_count; i++)
        if (!wanted_pair_at(after, i)->traffic_known)
            return "";
    for (size_t i = 0; i < count; i++) {
        services += shown[i].service;
        if (shown[i].service && !glm_has(owners, shown[i].text) &&
            !wanted_has_traffic(after, shown[i].object))
            add_service(e, &text, cluster, &shown[i]);
    }
    bool any = record_has_mains(r) || count > services;
    if (!text.len && any && !stays_active(after) && services == 0)
        add_active(e, &text, cluster, r);
    return text.data;
}

/* ---- Services that are not managed here ---- */

static bool keeps_pair(const struct wanted_cluster *after, const char *key)
{
    for (size_t i = 0; after && i < after->place_count; i++)
        if (!wanted_pair_at(after, i)->key || strcmp(wanted_pair_at(after, i)->key, key) == 0)
            return true; /* of an unknown revision: it may be this one */
    return false;
}

/* Of the revisions that go in one cluster: whose Pods others select, by the last look. */
static void add_selected(const struct endings *e, struct glm_text *text, const char *cluster,
                         const struct wanted_cluster *after)
{
    const struct glm_value *r = record_cluster(e->arena, e->record, e->prior, cluster);
    const struct glm_value *pairs = record_cluster_pairs(r);
    const struct glm_value *owners = record_owners(e->arena, r);
    for (size_t i = 0; glm_is_map(pairs) && i < pairs->len; i++) {
        const char *key = pairs->as.map[i].key;
        const char *names = selected_text(e->arena, record_selected_by(r, key));
        if (*names && !is_taken_pair(r, owners, key) && !keeps_pair(after, key))
            glm_text_addf(text, "%s  %s, %s: %s", text->len ? "\n" : "", cluster, key, names);
    }
}

static void warn_selected(const struct endings *e, const struct wanted *after, struct glm_diags *d)
{
    const struct glm_value *names = record_clusters(e->arena, e->record, e->prior);
    const char *first = "";
    struct glm_text text;
    glm_text_init(&text, e->arena, TEXT_MAX_BYTES);
    for (size_t i = 0; i < names->len; i++) {
        const char *name = names->as.list[i]->as.text;
        if (!is_left_alone(e, name, record_cluster(e->arena, e->record, e->prior, name)))
            add_selected(e, &text, name, after ? wanted_find(after, name) : NULL);
        first = text.len && !*first ? name : first;
    }
    if (text.len)
        glm_warn_shared(
            d, spoken_at(e->arena, e->prior, first),
            spoken_title(e->arena, "A Service selects what is to be removed", e->prior, NULL, 0),
            "The Pods of these revisions are still selected by Services that are not managed "
            "here and are not touched:\n%s\n\nPoint their selectors at a revision that stays "
            "before you apply this: without one they have no endpoints.",
            text.data);
}

/* ---- Services that an installer removes ---- */

/* Those of the Services, one to a line, that are not the pair's traffic. */
static void add_lost(struct glm_arena *arena, struct glm_text *text, const char *names,
                     const struct wanted_cluster *after)
{
    for (const char *name = names; *name;) {
        size_t len = strcspn(name, "\n");
        const char *key = glm_strndup(arena, name, len);
        if (len > 0 && !wanted_has_traffic(after, key))
            glm_text_addf(text, "%sService %s", text->len ? ", " : "", key);
        name += len + (name[len] == '\n');
    }
}

/* What stood for a pair, whatever its installation is called by now: of what was imported as it was found all
 * that is in it, else what its installation made of every cluster. NULL: there was nothing, or what is wanted
 * is not known. */
static const struct glm_value *stood_for(struct endings *e, struct glm_arena *scratch,
                                         const struct wanted_seat *seat,
                                         const struct wanted_pair *pair,
                                         const struct shape_object *all, size_t count)
{
    const struct wanted_object *main = wanted_main(pair);
    if (!pair->key || !main->ref.name || !main->own || !glm_is_map(main->own))
        return NULL;
    const struct glm_value *r = record_cluster(e->arena, e->record, e->prior, seat->name);
    const char *found = record_found(e->arena, r, &main->ref);
    const char *text = record_text(e->arena, &main->ref);
    for (size_t i = 0; !found && i < count; i++)
        if (strcmp(all[i].text, text) == 0)
            return glm_is_string(all[i].manifest) ? document_of(e, all[i].manifest) : NULL;
    return found ? shown_document(scratch, glm_string(scratch, found)) : NULL;
}

#define SERVICE "Service "

/* True when some object of the pair is not known, or is this one. */
static bool may_have(const struct wanted_pair *pair, const char *service)
{
    for (size_t i = 0; i < pair->object_count; i++) {
        const struct wanted_object *o = &pair->objects[i];
        if (!o->key || (o->ref.kind == GLM_KIND_SERVICE && strcmp(o->key, service) == 0))
            return true;
    }
    return false;
}

/* A Service that a pair has, no traffic that outlives it, which stays without it. */
static bool is_given_up(const struct shape_object *shown, const struct wanted_cluster *after)
{
    const char *service = shown->text + strlen(SERVICE);
    bool stays = false;
    if (shown->service || strncmp(shown->text, SERVICE, strlen(SERVICE)) != 0)
        return false;
    for (size_t i = 0; i < after->place_count; i++) {
        const struct wanted_pair *pair = wanted_pair_at(after, i);
        stays = stays || strcmp(pair->installation->key, shown->key) == 0;
        if (may_have(pair, service))
            return false;
    }
    return stays;
}

/* The Services that end with what their pairs were; "" when none. */
static const char *lost_services(struct endings *e, const char *cluster,
                                 const struct wanted_cluster *after, const char **ret_why)
{
    const struct glm_value *owners =
        record_owners(e->arena, record_cluster(e->arena, e->record, e->prior, cluster));
    const struct shape_object *shown;
    size_t count = shape_of_cluster(e->arena, e->prior, cluster, &shown);
    struct glm_text text;
    glm_text_init(&text, e->arena, TEXT_MAX_BYTES);
    for (size_t i = 0; after && i < count; i++)
        if (!glm_has(owners, shown[i].text) && is_given_up(&shown[i], after))
            glm_text_addf(&text, "%s%s", text.len ? ", " : "", shown[i].text);
    for (size_t i = 0; after && i < after->place_count; i++) {
        const struct wanted_pair *pair = wanted_pair_at(after, i);
        const struct wanted_seat *seat = after->places[i].seat;
        struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
        const struct glm_value *was = stood_for(e, scratch, seat, pair, shown, count);
        if (!was)
            continue;
        const struct glm_installer_call call =
            seam_call(scratch, e->estate, seat->installer, seat->name);
        const char *why = "";
        add_lost(scratch, &text, seam_loses(&call, was, pair->traits, &why), after);
        *ret_why = glm_strdup(e->arena, why);
    }
    return text.data;
}

static void warn_lost(struct endings *e, const struct wanted *after, struct glm_diags *d)
{
    const char *why = "", *first = "";
    const struct glm_value *names = record_clusters(e->arena, e->record, e->prior);
    struct glm_text text;
    glm_text_init(&text, e->arena, TEXT_MAX_BYTES);
    for (size_t i = 0; after && i < names->len; i++) {
        const char *name = names->as.list[i]->as.text;
        const char *services = lost_services(e, name, wanted_find(after, name), &why);
        if (*services &&
            !is_left_alone(e, name, record_cluster(e->arena, e->record, e->prior, name)))
            glm_text_addf(&text, "%s  %s: %s", text.len ? "\n" : "", name, services);
        first = text.len && !*first ? name : first;
    }
    if (text.len)
        glm_warn_shared(
            d, spoken_at(e->arena, e->prior, first),
            spoken_title(e->arena, "Services of the gateway chart go", e->prior, NULL, 0),
            "These Services are removed, with their addresses:\n%s\n\nClients will get no "
            "answer there. %s",
            text.data, why);
}

/* ---- the whole ---- */

/* "  CLUSTER: WHAT", a line for each cluster in which something ends. after: NULL when everything
 * goes. ret_count, ret_last: of these clusters; the last is NULL when there is none. */
static const char *endings_by_cluster(struct endings *e, const struct wanted *after,
                                      size_t *ret_count, const char **ret_last)
{
    const struct glm_value *names = record_clusters(e->arena, e->record, e->prior);
    struct glm_text text;
    glm_text_init(&text, e->arena, TEXT_MAX_BYTES);
    *ret_count = 0;
    *ret_last = NULL;
    for (size_t i = 0; i < names->len; i++) {
        const char *name = names->as.list[i]->as.text;
        const char *what = ending(e, name, after ? wanted_find(after, name) : NULL);
        if (!*what)
            continue;
        glm_text_addf(&text, "%s  %s: %s", text.len ? "\n" : "", name, what);
        *ret_last = name;
        ++*ret_count;
    }
    return text.data;
}

void endings_warn(const struct glm_estate *estate, const struct wanted *after,
                  const struct glm_value *prior, const struct glm_value *record,
                  struct glm_diags *d)
{
    if (!glm_is_map(prior) || (after && !after->known))
        return;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct endings e = endings_of(arena, estate, prior, record);
    size_t count;
    const char *last;
    const char *text = endings_by_cluster(&e, after, &count, &last);
    warn_selected(&e, after, d);
    warn_lost(&e, after, d);
    if (count == 0)
        return;
    const char *title = count == 1 ? glm_sprintf(arena, "Traffic ends in cluster \"%s\"", last)
                                   : glm_sprintf(arena, "Traffic ends in %zu clusters", count);
    glm_warn_shared(
        d, spoken_at(arena, prior, last), spoken_title(arena, title, prior, NULL, 0),
        "No active revision is left for:\n%s\n\nClients will get no answer there.%s", text,
        after ? " To move the traffic to another installation instead, set active_gateway = "
                "true for the cluster there; it keeps the Service when its gateway has the "
                "same name and namespace."
              : "");
}

const char *glm_lifecycle_active(struct glm_arena *arena, const struct glm_estate *estate,
                                 const struct glm_value *prior, const struct glm_value *record)
{
    struct endings e = endings_of(arena, estate, prior, record);
    size_t count;
    const char *last;
    return endings_by_cluster(&e, NULL, &count, &last);
}
