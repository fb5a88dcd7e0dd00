/* SPDX-License-Identifier: Apache-2.0
 *
 * Read, of one object: where what a cluster has is not as the manifest that the state has of it.
 *
 * What:   manifest: of the state, the same for all clusters. should: that with what is the cluster's own, as
 *         the configuration of the state makes it today: so neither another default_distribution nor another
 *         release of the provider, which make another manifest, is drift. is: what was found, as far as it is
 *         owned. Whoever cannot say what is own (the configuration makes no such object any more) believes
 *         what the state says of it.
 */
#include "read.h"

#include "glm/difference.h"

#include <string.h>

/* Where the attributes show an object. */
struct shown_at {
    struct shape_object of;           /* entries NULL: they do not show it of this cluster */
    const struct glm_value *manifest; /* a document; null: there is none */
};

static bool is_shown(const struct shown_at *at)
{
    return at->of.entries != NULL;
}

/* false: no attribute can show it. */
static bool find_shown(const struct reading *reading, struct glm_arena *arena,
                       const struct read_object *o, const struct wanted_object *applied,
                       struct shown_at *ret)
{
    if (!seen_find(arena, reading->change->prior, applied, o->cluster, o->recorded->text,
                   o->recorded->role == GLM_ROLE_TRAFFIC, &ret->of))
        return false;
    ret->manifest = shape_document(reading->documents, &ret->of);
    return true;
}

/* ---- one object ---- */

/* As its label should say it: of a Service that of the installation that the state says it is of. NULL: nothing
 * says that any more, and the label counts for nothing. */
static const char *revision_of(const struct read_object *o, const struct wanted_object *applied,
                               const struct shown_at *at)
{
    if (o->recorded->role != GLM_ROLE_TRAFFIC)
        return o->recorded->pair ? read_revision_of_key(o->recorded->pair) : NULL;
    if (!applied || !applied->object || !applied->common || !is_shown(at) ||
        strcmp(applied->common->key, at->of.key) != 0)
        return NULL;
    const struct glm_value *label =
        glm_get_path(applied->object, "metadata", "labels", GLM_LABEL_REVISION, NULL);
    return glm_is_string(label) ? read_revision_of_key(label->as.text) : NULL;
}

/* With the labels of its owner and the view that it should carry. */
static const struct glm_value *labelled(const struct reading *reading, struct glm_arena *arena,
                                        const struct read_object *o,
                                        const struct glm_value *document, const char *revision,
                                        const char *view)
{
    return glm_own(arena, document, reading->name, reading->namespace_, o->cluster, revision, view);
}

static const struct glm_value *without_revision(struct glm_arena *arena,
                                                const struct glm_value *object)
{
    const struct glm_value *labels = glm_get_path(object, "metadata", "labels", NULL);
    return glm_has(labels, GLM_LABEL_REVISION)
               ? glm_with_path(arena, object, glm_without(arena, labels, GLM_LABEL_REVISION),
                               "metadata", "labels", NULL)
               : object;
}

/* What was found, as far as it is owned. NULL: who could say that is not there, or broken. */
static const struct glm_value *reduced(const struct reading *reading, struct glm_arena *arena,
                                       const struct read_object *o, const struct glm_value *owned,
                                       struct glm_diags *d)
{
    const struct glm_installer *maker = read_maker(reading, o);
    const struct glm_installer_call call =
        seam_call(arena, reading->estate, maker, reading->cluster_name);
    if (!maker)
        return NULL;
    const struct glm_value *is = seam_project(&call, o->look.object, owned);
    if (glm_is_map(is))
        return is;
    seam_warn_broken(&call, "project gave nothing: the state keeps what it has", d);
    return NULL;
}

/* What an object should be, without labels: what an import found, as long as the record has that, else what
 * the configuration of the state makes of the manifest. NULL: nothing says it. */
static const struct glm_value *should_be(const struct reading *reading, struct glm_arena *arena,
                                         const struct read_object *o,
                                         const struct wanted_object *applied,
                                         const struct glm_value *manifest)
{
    const char *found = record_found(arena, reading->record, &o->ref);
    const struct glm_value *should =
        found ? shown_document(arena, glm_string(arena, found)) : &glm_null;
    if (glm_is_map(should))
        return should;
    return read_is_foreign(reading, arena, o) ? NULL : seen_whole(arena, manifest, applied);
}

/* ... as far as it is owned: of what should be there, and of what the manifest has besides. */
static const struct glm_value *found_of(const struct reading *reading, struct glm_arena *arena,
                                        const struct read_object *o, const struct glm_value *should,
                                        const struct glm_value *manifest, struct glm_diags *d)
{
    if (reading->cluster->ops->files && read_is_foreign(reading, arena, o))
        return glm_disown(arena, o->look.object);
    if (reading->cluster->ops->files)
        return o->look.object;
    const struct glm_value *is = reduced(reading, arena, o, should, d);
    if (!is || (record_found(arena, reading->record, &o->ref) && glm_equal(is, should)))
        return is;
    is = reduced(reading, arena, o, glm_owned_union(arena, should, manifest), d);
    /* What something in the cluster made of our last write is no drift. */
    const struct glm_value *altered = record_altered(arena, reading->record, &o->ref);
    return is && seen_is_altered(arena, altered, should, is) ? should : is;
}

/* Nothing says what should be: of somebody else's, or of what no configuration makes. */
static const struct glm_value *of_unsaid(const struct reading *reading, struct glm_arena *arena,
                                         const struct read_object *o,
                                         const struct wanted_object *applied,
                                         const struct shown_at *at,
                                         const struct glm_value *manifest, struct glm_diags *d)
{
    bool foreign = read_is_foreign(reading, arena, o);
    const struct glm_value *owned = foreign && applied && applied->bare ? applied->bare : manifest;
    const struct glm_value *is = reading->cluster->ops->files
                                     ? glm_disown(arena, o->look.object)
                                     : reduced(reading, arena, o, owned, d);
    if (!is)
        return NULL;
    return foreign
               ? glm_differences(arena, manifest, is, NULL)
               : shape_rebased(arena, manifest, is, is_shown(at) ? at->of.entries : &glm_empty_map);
}

/* With the view that should be there, where something else is not as it should be: a view is about what it stands
 * beside, and says nothing more then. */
static const struct glm_value *without_view(struct glm_arena *arena, const struct glm_value *is,
                                            const struct glm_value *should)
{
    const struct glm_value *view =
        glm_get_path(should, "metadata", "annotations", GLM_ANNOTATION_VIEW, NULL);
    if (glm_is_null(view))
        return is;
    const struct glm_value *as =
        glm_with_path(arena, is, view, "metadata", "annotations", GLM_ANNOTATION_VIEW, NULL);
    return glm_equal(as, should) ? is : as;
}

/* Labels and annotations that are all gone are said one by one, as any of them. */
static const struct glm_value *with_metadata(struct glm_arena *arena, const struct glm_value *is,
                                             const struct glm_value *should)
{
    static const char *const parts[] = {"labels", "annotations"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (glm_is_map(glm_get_path(should, "metadata", parts[i], NULL)) &&
            glm_is_null(glm_get_path(is, "metadata", parts[i], NULL)))
            is = glm_with_path(arena, is, &glm_empty_map, "metadata", parts[i], NULL);
    return is;
}

/* NULL: nothing new can be said of it. */
static const struct glm_value *entries_of(const struct reading *reading, struct glm_arena *arena,
                                          const struct read_object *o,
                                          const struct wanted_object *applied,
                                          const struct shown_at *at,
                                          const struct glm_value *manifest, struct glm_diags *d)
{
    const struct glm_value *should = should_be(reading, arena, o, applied, manifest);
    if (!should)
        return of_unsaid(reading, arena, o, applied, at, manifest, d);
    if (!read_is_foreign(reading, arena, o)) {
        const char *view = applied && applied->view ? read_view_of(reading, o) : NULL;
        const char *revision = revision_of(o, applied, at);
        should = labelled(reading, arena, o, should, revision, view);
        manifest = labelled(reading, arena, o, manifest, revision, view);
    }
    const struct glm_value *is = found_of(reading, arena, o, should, manifest, d);
    if (!is)
        return NULL;
    if (!glm_has(glm_get_path(should, "metadata", "labels", NULL), GLM_LABEL_REVISION))
        is = without_revision(arena, is);
    is = with_metadata(arena, without_view(arena, is, should), should);
    return glm_differences(arena, manifest, is, should);
}

/* ... of a file that is as the configuration of the state has it written, where the state has what that makes
 * of every cluster. NULL: that is not all that there is to it. */
static const struct glm_value *entries_as_applied(const struct reading *reading,
                                                  struct glm_arena *arena,
                                                  const struct read_object *o,
                                                  const struct shown_at *at,
                                                  const struct glm_value *manifest)
{
    const struct wanted_object *applied = o->as_applied;
    return applied && applied->common && strcmp(applied->common->key, at->of.key) == 0 &&
                   glm_equal(applied->common->bare, manifest) &&
                   !record_found(arena, reading->record, &o->ref)
               ? applied->own
               : NULL;
}

/* ---- whose traffic it is ---- */

/* True when Pods that have all labels of the one selector have those of the other. */
static bool selects(const struct glm_value *selector, const struct glm_value *of)
{
    bool all = glm_is_map(selector) && selector->len > 0;
    for (size_t i = 0; all && i < selector->len; i++)
        all = glm_equal(selector->as.map[i].value, glm_get(of, selector->as.map[i].key));
    return all;
}

static const struct glm_value *selector_of(const struct glm_value *service)
{
    return glm_get_path(service, "spec", "selector", NULL);
}

/* The selector of a Service as its manifest has it, in this cluster. */
static const struct glm_value *selector_by(struct glm_arena *arena,
                                           const struct glm_value *manifest,
                                           const struct wanted_object *applied)
{
    const struct glm_value *whole = seen_whole(arena, manifest, applied);
    return selector_of(whole ? whole : manifest);
}

/* An installation of the cluster that a Service selects; NULL: none. */
static const char *selected(const struct reading *reading, struct glm_arena *arena,
                            const struct read_object *o, const struct wanted_object *applied,
                            const char *service)
{
    const struct glm_value *all = glm_get(reading->documents->services, service);
    for (size_t i = 0; glm_is_map(all) && i < all->len; i++) {
        const struct glm_value *clusters = glm_get_path(reading->change->prior, "installations",
                                                        all->as.map[i].key, "clusters", NULL);
        if (glm_has(clusters, o->cluster) &&
            selects(selector_of(o->look.object), selector_by(arena, all->as.map[i].value, applied)))
            return all->as.map[i].key;
    }
    return NULL;
}

/* Whose traffic a Service has, by what it selects, which somebody may have edited: what is shown of it is of
 * that one's manifest. Of several it is who is to have it. False: nobody's, and it is shown as of that one. */
static bool find_active(const struct reading *reading, struct glm_arena *arena,
                        const struct read_object *o, const struct wanted_object *applied,
                        struct shown_at *at)
{
    const struct glm_value *is = selector_of(o->look.object);
    if (!at->of.service || o->look.found != GLM_FOUND || !glm_is_map(at->manifest) ||
        glm_equal(is, selector_by(arena, at->manifest, applied)) ||
        read_is_foreign(reading, arena, o) || record_found(arena, reading->record, &o->ref) ||
        record_altered(arena, reading->record, &o->ref))
        return true;
    if (applied && applied->common)
        at->of.key = applied->common->key;
    at->manifest = shape_document(reading->documents, &at->of);
    if (selects(is, selector_by(arena, at->manifest, applied)))
        return true;
    const char *key = selected(reading, arena, o, applied, at->of.object);
    if (!key)
        return false;
    at->of.key = key;
    at->manifest = shape_document(reading->documents, &at->of);
    return true;
}

/* ---- results ---- */

static void add(struct reading *reading, const struct read_entries *found)
{
    struct read_entries *e = GLM_NEW(reading->kept, struct read_entries);
    *e = *found;
    e->next = reading->entries;
    reading->entries = e;
}

/* As the state has it, to the very value, where it says the same. */
static const struct glm_value *kept_entries(struct reading *reading, const struct shown_at *at,
                                            const struct glm_value *now)
{
    if (is_shown(at) && (!now || glm_equal(now, at->of.entries)))
        return at->of.entries;
    return now ? glm_copy(reading->kept, now) : NULL;
}

size_t read_compare(struct reading *reading, struct glm_arena *arena, const struct read_object *o,
                    struct glm_diags *d)
{
    const struct wanted_object *applied = wanted_object_find(reading->applied, &o->ref);
    const struct glm_value *now = NULL, *manifest;
    struct shown_at at;
    if ((o->look.found != GLM_FOUND && o->look.found != GLM_FOUND_NO_API) ||
        !find_shown(reading, arena, o, applied, &at))
        return 0;
    bool nobodys = !find_active(reading, arena, o, applied, &at);
    manifest = at.manifest;
    if (!glm_is_map(manifest) && applied && applied->common &&
        glm_is_wholly_known(applied->common->bare))
        manifest = applied->common->bare; /* somebody has edited the state */
    if (o->look.found == GLM_FOUND && glm_is_map(manifest))
        now = entries_as_applied(reading, arena, o, &at, manifest);
    if (o->look.found == GLM_FOUND && glm_is_map(manifest) && !now)
        now = entries_of(reading, arena, o, applied, &at, manifest, d);
    now = kept_entries(reading, &at, now);
    if (!now)
        return 0;
    struct read_entries found = {.cluster = o->cluster,
                                 .key = glm_strdup(reading->kept, at.of.key),
                                 .object = glm_strdup(reading->kept, at.of.object),
                                 .service = at.of.service,
                                 .nobodys = nobodys && now->len > 0,
                                 .entries = now,
                                 .manifest = NULL,
                                 .addresses = &glm_null};
    if (manifest != at.manifest)
        found.manifest = glm_string(reading->kept, glm_json_text(arena, manifest));
    if (at.of.service && o->look.found == GLM_FOUND && !reading->cluster->ops->files)
        found.addresses = shown_balancer(reading->kept, manifest, now, o->look.object);
    add(reading, &found);
    return intake_of_entries(now) + intake_of_addresses(found.addresses);
}
