/* SPDX-License-Identifier: Apache-2.0
 *
 * Rebuild: the resource that what was found comes from: its attributes, and its record.
 */
#include "rebuild.h"

#include <string.h>

/* Of an installation, as an annotation has it. */
#define KEY_MAX ((size_t)1024)

static void take_in(struct rebuilt *r, const struct search *s, const struct glm_value *text)
{
    rebuild_take_in(r, s, intake_of_text(text));
}

/* ---- installations ---- */

static const struct glm_value *installation_of(struct glm_arena *arena,
                                               const struct glm_value *view)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    const struct glm_value *written = glm_get(view, "gateway_revision");
    const struct glm_value *skip = glm_get(view, "skip_upgrade_validation");
    glm_map_set(&b, "gateway_revision", written);
    glm_map_set(&b, "control_plane_revision", glm_get(view, "control_plane_revision"));
    glm_map_set(&b, shown_version, glm_get(view, shown_version));
    glm_map_set(&b, "skip_upgrade_validation", skip->kind == GLM_BOOL ? skip : &glm_false);
    bool chart = glm_is_string(glm_get(view, "form"));
    glm_map_set(&b, shown_spec, chart ? &glm_null : glm_get(view, "spec"));
    glm_map_set(&b, shown_values, chart ? glm_get(view, "spec") : &glm_null);
    return glm_map_finish(&b, NULL);
}

/* The key that this installation goes by: its own, unless another one has it already. */
static const char *installation_key(struct rebuilt *r, const struct glm_value *view,
                                    const struct glm_value *installation, const char *cluster)
{
    const char *own = glm_string_or(glm_get(view, "key"), "default");
    if (strlen(own) > KEY_MAX || strcmp(own, SHAPE_KEY_ALL) == 0) /* which nobody has written */
        own = "default";
    const char *key = own;
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(glm_arena_room(r->arena));
    for (unsigned attempt = 0; attempt < 1000; attempt++) {
        const struct glm_value *other = glm_map_peek(&r->installations, key);
        if (glm_is_null(other) || glm_equal(other, installation))
            break;
        key = attempt == 0 ? glm_sprintf(scratch, "%s-%s", own, cluster)
                           : glm_sprintf(scratch, "%s-%s-%u", own, cluster, attempt + 1);
    }
    return glm_strdup(r->arena, key);
}

static const struct glm_value *placement_of(struct glm_arena *arena, const struct glm_value *view)
{
    const struct glm_value *cluster = glm_get(view, "cluster");
    const struct glm_value *active = glm_get(cluster, "active_gateway");
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "active_gateway", active->kind == GLM_BOOL ? active : &glm_false);
    glm_map_set(&b, "trust_domain", glm_get(cluster, "trust_domain"));
    glm_map_set(&b, "network", glm_get(cluster, "network"));
    return glm_map_finish(&b, NULL);
}

/* What is imported is as it is, and what is not seen may be meant, or not. */
static void warn_hidden(const struct rebuilt *r, const struct search *s, const char *key,
                        const struct glm_value *view, struct glm_diags *d)
{
    const char *hidden = s->importing ? shown_view_hidden(r->arena, view) : NULL;
    if (hidden)
        glm_warn(
            d, NULL, "What is imported has characters that are not seen",
            "installations[\"%s\"], from cluster \"%s\": its %s, or helm_global, has characters "
            "that a terminal takes for commands or does not show, the first one of which is "
            "\"%s\". It is imported with them, as it is. Look at it before you write it into a "
            "configuration: whoever may write the objects of %s/%s there may have put them in.",
            key, s->cluster_name, glm_is_string(glm_get(view, "form")) ? shown_values : shown_spec,
            hidden, s->namespace_, s->name);
}

/* The installations and their clusters, as they were written. */
static void add_installations(struct rebuilt *r, const struct search *s,
                              const struct find_object *o, struct glm_diags *d)
{
    struct glm_arena *arena = r->arena;
    for (size_t i = 0; i < o->view_count && !r->too_much; i++) {
        const struct glm_value *view = o->views[i];
        const struct glm_value *installation = installation_of(arena, view);
        const char *key = installation_key(r, view, installation, o->clusters[i]);
        if (glm_is_null(glm_map_peek(&r->installations, key))) { /* the state has it once */
            take_in(r, s, glm_get(view, "spec"));
            warn_hidden(r, s, key, view, d);
        }
        glm_map_set(&r->installations, key, installation);
        glm_map_set(
            &r->keys,
            entries_key(arena, o->clusters[i], glm_revision_key(find_revision(o->object, view))),
            glm_string(arena, key));
        glm_map_set(&r->placements, key,
                    glm_with(arena, glm_map_peek(&r->placements, key), o->clusters[i],
                             placement_of(arena, view)));
        if (!glm_is_null(glm_get(view, "helm_global")))
            r->helm_global = glm_get(view, "helm_global");
    }
}

static const struct glm_value *join_installations(struct rebuilt *r)
{
    const struct glm_value *installations = glm_map_finish(&r->installations, NULL);
    struct glm_map_builder b;
    glm_map_init(&b, r->arena);
    for (size_t i = 0; i < installations->len; i++) {
        const struct glm_pair *pair = &installations->as.map[i];
        glm_map_append(
            &b, pair->key, 0, 0,
            glm_with(r->arena, pair->value, "clusters", glm_map_peek(&r->placements, pair->key)));
    }
    return glm_map_finish(&b, NULL);
}

/* ---- objects ---- */

/* What is recorded of an object. text: as it is shown; NULL: it is not. */
static void record_it(struct rebuilt *r, const struct search *s, const struct find_object *o,
                      const char *key, const struct wanted_object *applied,
                      const struct glm_value *text)
{
    const struct record_object entry = {
        .pair = key,
        .cluster =
            rebuild_is_shared(s, o) ? NULL : record_pair_cluster(s->cluster_name, o->cluster),
        .role = applied ? applied->role : o->role,
        .main = applied ? applied->main : o->main,
        .foreign = !s->labelled,
        .found = text && !s->labelled ? text->as.text : NULL,
    };
    glm_map_set(&r->objects, record_text(r->arena, &o->ref), record_object_make(r->arena, &entry));
}

/* One that stands for a pair. */
static void add_main(struct rebuilt *r, const struct search *s, const struct find_pair *pair,
                     const struct find_object *o, struct glm_diags *d)
{
    const struct wanted_object *applied = wanted_object_find(r->applied, &o->ref);
    const struct glm_value *shown = rebuild_shown(r, s, o, applied, d);
    const struct glm_value *text = NULL;
    const char *at = entries_key(r->arena, pair->cluster, pair->key);
    if (!s->importing || !s->labelled)
        text = glm_string(r->arena, glm_json_text(r->arena, shown));
    if (!s->importing && glm_is_null(glm_map_peek(&r->documents, at)))
        glm_map_set(&r->documents, at, text);
    if (!s->labelled) /* the record has it */
        take_in(r, s, text);
    rebuild_put(r, s, o, applied, shown);
    record_it(r, s, o, rebuild_is_shared(s, o) ? NULL : pair->key, applied, text);
}

/* One that stands for none. */
static void add_other(struct rebuilt *r, const struct search *s, const struct find_object *o,
                      struct glm_diags *d)
{
    const struct wanted_object *applied = wanted_object_find(r->applied, &o->ref);
    const char *label = glm_string_or(
        glm_get_path(o->object, "metadata", "labels", GLM_LABEL_REVISION, NULL), NULL);
    bool traffic = (applied ? applied->role : o->role) == GLM_ROLE_TRAFFIC;
    rebuild_put(r, s, o, applied, rebuild_shown(r, s, o, applied, d));
    record_it(r, s, o, label && !traffic ? glm_revision_key(label) : NULL, applied, NULL);
}

/* ---- pairs ---- */

/* Of several objects that stand for a pair those that its installer makes of it; of what it makes
 * none of (somebody has made copies) the last one. */
static void add_mains(struct rebuilt *r, const struct search *s, const struct find_pair *pair,
                      struct glm_diags *d)
{
    bool any = false;
    for (size_t m = 0; m < pair->main_count; m++)
        any = any || wanted_object_find(r->applied, &s->objects[pair->mains[m]].ref);
    for (size_t m = 0; m < pair->main_count && !r->too_much; m++) {
        const struct find_object *o = &s->objects[pair->mains[m]];
        if (any ? wanted_object_find(r->applied, &o->ref) != NULL : m + 1 == pair->main_count)
            add_main(r, s, pair, o, d);
    }
}

static void add_pair(struct rebuilt *r, const struct search *s, const struct find_pair *pair,
                     struct glm_diags *d)
{
    struct glm_arena *arena = r->arena;
    const char *at = entries_key(r->arena, pair->cluster, pair->key);
    /* What is not healthy is as after an apply that did not see it healthy. */
    const struct record_pair notes = {
        .seat = record_pair_cluster(pair->cluster, s->cluster_name),
        .installer = estate_installer_note(s->estate, s->objects[pair->mains[0]].installer),
        .healthy = pair->healthy,
        .unsettled = s->judged && pair->state != GLM_STATE_HEALTHY};
    add_mains(r, s, pair, d);
    glm_map_set(&r->status, at,
                s->judged ? status_entry(arena, pair->state, pair->revision, pair->message)
                          : status_written(arena, pair->revision));
    const struct glm_value *noted = record_pair_make(arena, &notes);
    if (noted->len > 0)
        glm_map_set(&r->notes, at, noted);
}

/* ---- clusters ---- */

/* What the installations make of an entry; NULL: they make no sense now. */
static const struct wanted_seat *render(const struct rebuilt *r, struct glm_arena *arena,
                                        const char *name)
{
    const struct wanted_seat *of = r->wanted ? wanted_seat_find(r->wanted, name) : NULL;
    struct wanted_seat *seat;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    return of && wanted_render(arena, r->estate, r->wanted, of, &seat, &ignored) ? seat : NULL;
}

/* Everything of one cluster. Returns the objects of its record. */
static const struct glm_value *add_cluster(struct rebuilt *r, const struct search *s,
                                           struct glm_diags *d)
{
    struct glm_arena *GLM_AUTO_ARENA rendered = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    r->applied = render(r, rendered, s->cluster_name);
    glm_map_init(&r->objects, r->arena);
    for (size_t i = 0; i < s->pair_count && !r->too_much; i++)
        add_pair(r, s, &s->pairs[i], d);
    for (size_t i = 0; i < s->object_count && !r->too_much; i++)
        if (!s->objects[i].main)
            add_other(r, s, &s->objects[i], d);
    r->applied = NULL;
    return glm_map_finish(&r->objects, NULL);
}

static bool matters(const struct search *s, bool labelled)
{
    return s->labelled == labelled && s->object_count > 0;
}

/* By cluster what is by entries_key. names: clusters that have a key even when empty. */
static const struct glm_value *by_cluster(struct rebuilt *r, struct glm_map_builder *entries,
                                          const struct glm_value *names)
{
    struct glm_map_builder b;
    glm_map_init_from(&b, r->arena, names);
    entries_sort(&b, glm_map_finish(entries, NULL));
    return glm_map_finish(&b, NULL);
}

/* The record of all clusters that something was found in. objects: beside the searches. */
static const struct glm_value *make_records(struct rebuilt *r, const struct search *searches,
                                            const struct glm_value *const *objects, size_t count,
                                            const struct glm_value *names)
{
    struct glm_arena *arena = r->arena;
    const struct glm_value *notes = by_cluster(r, &r->notes, names);
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < notes->len; i++)
        glm_map_set(&b, notes->as.map[i].key,
                    record_cluster_make(arena, NULL, NULL, &glm_empty_map, notes->as.map[i].value));
    for (size_t i = 0; i < count; i++) {
        const struct search *s = &searches[i];
        if (!objects[i])
            continue;
        const char *label = s->cluster->ops->files ? estate_label(arena, s->cluster) : NULL;
        glm_map_set(&b, s->cluster_name,
                    record_cluster_make(arena, s->place, label, objects[i],
                                        glm_get(notes, s->cluster_name)));
    }
    return record_make(arena, glm_map_finish(&b, NULL));
}

/* ---- the whole ---- */

static void refuse_too_much(const struct search *s, struct glm_diags *d)
{
    glm_error(
        d, NULL, glm_sprintf(d->arena, "Cluster \"%s\" has too much", s->cluster_name),
        "What was found of %s/%s comes to more than the %zu MiB that one resource may have "
        "with what this cluster has of it. Look at what makes it so large (%s), and whether this "
        "is the cluster that its entry is meant to lead to.",
        s->namespace_, s->name, GLM_EXTENT_MAX >> 20,
        intake_where(d->arena, s->estate, s->cluster));
}

static const struct glm_value *attributes_of(struct rebuilt *r, const char *name,
                                             const char *namespace_)
{
    struct glm_map_builder b;
    glm_map_init(&b, r->arena);
    glm_map_set(&b, "id", glm_stringf(r->arena, "%s/%s", namespace_, name));
    glm_map_set(&b, "name", glm_string(r->arena, name));
    glm_map_set(&b, "namespace", glm_string(r->arena, namespace_));
    glm_map_set(&b, "installations", join_installations(r));
    glm_map_set(&b, "helm_global", r->helm_global);
    return glm_map_finish(&b, NULL);
}

void find_rebuild(struct glm_arena *arena, const struct glm_estate *estate,
                  const struct search *searches, size_t count, bool labelled,
                  struct glm_change *change, struct glm_diags *d)
{
    struct rebuilt r = {.arena = arena, .estate = estate, .helm_global = &glm_null};
    const struct glm_value **objects = GLM_NEW_ARRAY(arena, count, const struct glm_value *);
    struct glm_map_builder names, b;
    intake_begin(&r.intake, 0);
    struct glm_map_builder *builders[] = {&r.installations, &r.placements, &r.keys, &r.status,
                                          &r.notes,         &r.documents,  &names};
    shape_begin(&r.shape, arena);
    for (size_t i = 0; i < sizeof builders / sizeof *builders; i++)
        glm_map_init(builders[i], arena);
    for (size_t i = 0; i < count; i++)
        for (size_t o = 0; matters(&searches[i], labelled) && o < searches[i].object_count; o++)
            add_installations(&r, &searches[i], &searches[i].objects[o], d);
    if (r.installations.len == 0)
        return;
    const struct glm_value *attributes =
        attributes_of(&r, searches[0].name, searches[0].namespace_);
    r.wanted = wanted_before(arena, estate, attributes, &glm_null);
    rebuild_put_commons(&r);
    for (size_t i = 0; i < count; i++) {
        if (!matters(&searches[i], labelled))
            continue;
        objects[i] = add_cluster(&r, &searches[i], d);
    }
    if (r.too_much) {
        refuse_too_much(r.too_much, d);
        return;
    }
    entries_clusters(&names, &r.status);
    const struct glm_value *all = glm_map_finish(&names, NULL);
    glm_map_init_from(&b, arena, attributes);
    glm_map_set(&b, "status", status_wrap(arena, by_cluster(&r, &r.status, all)));
    change->result = shape_finish(&r.shape, glm_map_finish(&b, NULL));
    change->documents = by_cluster(&r, &r.documents, &glm_empty_map);
    change->result_record = make_records(&r, searches, objects, count, all);
}
