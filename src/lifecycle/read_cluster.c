/* SPDX-License-Identifier: Apache-2.0
 *
 * Read, in one cluster: what it has now of what the record says is ours, as the attributes show it.
 */
#include "read.h"

#include "glm/shown.h"

#include <string.h>

static const struct glm_value *prior_of(const struct reading *r, const char *attribute)
{
    return glm_get(glm_get(r->change->prior, attribute), r->cluster_name);
}

/* What the view of a pair was when it was written, from the prior state. */
static const char *view_of(const struct reading *r, const char *key)
{
    for (size_t i = 0; r->applied && i < r->applied->pair_count; i++) {
        const struct wanted_pair *pair = &r->applied->pairs[i];
        if (pair->key && pair->view && strcmp(pair->key, key) == 0)
            return pair->view;
    }
    return NULL;
}

/* True for an object that was imported from somebody else and is as it was: that it does not carry
 * our labels is no drift, and the next write puts them on. */
static bool is_foreign(const struct reading *r, struct glm_arena *arena,
                       const struct glm_value *object)
{
    return glm_is_true(glm_get(r->record, "foreign")) &&
           glm_owner_of(arena, object, r->name, r->namespace_, r->cluster_name, NULL) ==
               GLM_OWNER_FOREIGN;
}

/* The labels and annotations that a found object should carry besides its own. */
static const struct glm_value *expected(const struct reading *r, struct glm_arena *arena,
                                        const struct glm_value *found,
                                        const struct glm_value *before, const char *revision,
                                        const char *view)
{
    const struct glm_value *bare = glm_disown(arena, before);
    if (!glm_is_map(bare))
        bare = glm_disown(arena, found);
    return glm_own(arena, bare, r->name, r->namespace_, r->cluster_name, revision, view);
}

/* A found object as the attributes show it. before: as they showed it before. */
static const struct glm_value *document_of(const struct reading *r, struct glm_arena *arena,
                                           const struct glm_object_ref *ref,
                                           const struct glm_value *found,
                                           const struct glm_value *before,
                                           const struct glm_value *should)
{
    if (r->cluster->ops->files)
        return shown_tame(arena, shown_object(arena, found, should), before);
    const struct wanted_object *applied = wanted_object_find(r->applied, ref);
    const struct glm_value *owned = glm_disown(arena, before);
    if (applied)
        owned = glm_owned_union(arena, applied->bare, owned);
    if (!glm_is_map(owned))
        owned = live_bare(arena, found);
    const struct glm_value *is = shown_live(arena, found, owned, should);
    /* What something in the cluster made of our last write is no drift. */
    const struct glm_value *altered =
        glm_get_path(r->record, "altered", glm_object_ref_text(arena, ref), NULL);
    if (applied && glm_is_string(altered) && glm_string_is(altered, glm_json_text(arena, is)))
        return applied->bare;
    if (glm_equal(is, before)) /* an import takes somebody else's as it is */
        return is;
    return shown_tame(arena, is, applied ? applied->bare : before);
}

/* The same as text: was itself, of which before is the document, where it says the same. */
static const struct glm_value *show(const struct reading *r, struct glm_arena *arena,
                                    const struct glm_value *document, const struct glm_value *was,
                                    const struct glm_value *before)
{
    return glm_is_string(was) && glm_equal(document, before)
               ? was
               : glm_string(r->kept, glm_json_text(arena, document));
}

static void does_not_answer(struct reading *r, const struct glm_diags *errors, struct glm_diags *d)
{
    struct glm_arena *arena = r->said;
    r->answered = false;
    const char *why = time_limit_why(r->limit, arena,
                                     errors->first ? errors->first->detail : "it does not answer");
    const struct glm_path *at = time_limit_over(r->limit) ? GLM_AT_ATTR(NULL, "timeouts") : NULL;
    if (r->tolerate)
        glm_warn_shared(d, at, glm_sprintf(arena, "Cluster \"%s\" cannot be read", r->cluster_name),
                        "%s\n\nThe state keeps what it has of this cluster, with status UNKNOWN.",
                        why);
    else
        glm_error(d, at, glm_sprintf(arena, "Cluster \"%s\" cannot be read", r->cluster_name),
                  "%s\n\nThe state keeps what it has of this cluster. With on_unreachable = "
                  "\"warn\" in its entry this is a warning.",
                  why);
    r->operators = prior_of(r, "istio_operators");
    r->services = prior_of(r, "services");
    struct glm_map_builder status;
    glm_map_init(&status, arena);
    for (size_t i = 0; glm_is_map(r->operators) && i < r->operators->len; i++) {
        const char *key = r->operators->as.map[i].key;
        glm_map_append(
            &status, key, 0, 0,
            status_entry(arena, GLM_STATE_UNKNOWN, strcmp(key, "default") == 0 ? "" : key, why));
    }
    r->status = glm_map_finish(&status, NULL);
}

/* true: it goes into the state. */
static bool takes_in(struct reading *r, struct glm_arena *arena, size_t bytes, struct glm_diags *d)
{
    if (share_add(&r->share, bytes))
        return true;
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    glm_error(&errors, NULL, "It has too much",
              "What it has of the installations is too large: with what the state has of all "
              "clusters it would come to more than the %zu MiB that one resource may have. Look at "
              "what makes it so large (`kubectl get istiooperators,services -A -o yaml`), and "
              "whether this is the cluster that its entry is meant to lead to.",
              GLM_EXTENT_MAX >> 20);
    does_not_answer(r, &errors, d);
    return false;
}

static bool look(struct reading *r, struct glm_arena *arena, const struct glm_object_ref *ref,
                 struct glm_read *ret_found, struct glm_diags *d)
{
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    r->recorded++;
    if (!r->cluster->ops->read(r->cluster, arena, ref, ret_found, &errors)) {
        does_not_answer(r, &errors, d);
        return false;
    }
    if (ret_found->found != GLM_FOUND_NOTHING) /* NO_API says nothing about the object */
        r->found++;
    if (ret_found->found == GLM_FOUND_UNREADABLE)
        glm_warn(d, NULL,
                 glm_sprintf(arena, "Cluster \"%s\": an object cannot be read", r->cluster_name),
                 "%s: %s. The next apply writes it again.", glm_object_ref_text(arena, ref),
                 ret_found->why);
    return true;
}

/* Status of a pair in files by what was found; a state that an apply left for the next one stays. */
static const struct glm_value *status_of_file(const struct reading *r, struct glm_arena *arena,
                                              const char *key, const char *revision,
                                              const struct glm_read *f, bool same)
{
    const struct glm_value *was = status_get(r->change->prior, r->cluster_name, key);
    if (glm_is_map(was) &&
        !glm_string_is(glm_get(was, "state"), glm_state_name(GLM_STATE_INSTALL_PENDING)) &&
        !glm_string_is(glm_get(was, "state"), glm_state_name(GLM_STATE_UNKNOWN)))
        return was;
    if (same)
        return status_written(r->kept, revision, r->label);
    const char *what = f->found == GLM_FOUND           ? "was changed outside Terraform"
                       : f->found == GLM_FOUND_NOTHING ? "is missing"
                                                       : "cannot be read";
    return status_entry(r->kept, GLM_STATE_INSTALL_PENDING, revision,
                        glm_sprintf(arena,
                                    "The IstioOperator in %s %s; the next apply writes it "
                                    "again.",
                                    r->label, what));
}

static bool has_custom_service(struct glm_arena *arena, const struct glm_value *istio_operator)
{
    const struct glm_value *spec = glm_get(istio_operator, "spec");
    return glm_custom_service(arena, spec, "istio-ingressgateway") ||
           glm_custom_service(arena, spec, "istio-egressgateway");
}

/* The user's own Service that sends traffic to the pair, in its message, and in the record: a plan
 * that removes the pair shows it, and asks no cluster. */
static const char *with_selected(struct reading *r, struct glm_arena *arena, const char *key,
                                 const struct glm_value *object, const char *message)
{
    const struct glm_value *services = glm_get(r->record, "services");
    if ((glm_is_list(services) && services->len > 0) || !has_custom_service(arena, object))
        return message;
    const struct glm_value *selected = selected_by(r->cluster, arena, object);
    if (selected->len > 0)
        glm_map_set(&r->selected, key, glm_copy(r->kept, selected));
    return selected_message(arena, message, selected);
}

/* What the next plan has to settle stays so. */
static void stays_open(struct reading *r, const char *key)
{
    if (record_is_unsettled(r->record, key))
        glm_list_add(&r->unsettled, glm_string(r->kept, key));
    if (record_is_unwaited(r->record, key))
        glm_list_add(&r->unwaited, glm_string(r->kept, key));
}

/* Status of a pair in a live cluster; false when that stops answering. */
static bool status_of_live(struct reading *r, struct glm_arena *arena, const char *key,
                           const char *revision, const struct glm_read *f,
                           const struct glm_value **ret_status, struct glm_diags *d)
{
    const struct glm_value *healthy = glm_get_path(r->record, "healthy", key, NULL);
    const struct sight_of of = {.wanted = true, .healthy = glm_string_or(healthy, NULL)};
    struct sight sight;
    const char *now = NULL;
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    if (f->found == GLM_FOUND_NO_API) {
        *ret_status = status_entry(r->kept, GLM_STATE_FAILED, revision,
                                   glm_sprintf(arena,
                                               "The cluster does not serve IstioOperators: "
                                               "%s.",
                                               f->why));
    } else if (!observe_object(r->cluster, arena, f->found == GLM_FOUND ? f->object : &glm_null,
                               &of, &sight, &errors)) {
        does_not_answer(r, &errors, d);
        return false;
    } else {
        *ret_status =
            status_entry(r->kept, sight.judgement.state, revision,
                         with_selected(r, arena, key, sight.object, sight.judgement.message));
        if (sight.judgement.state == GLM_STATE_HEALTHY)
            now = glm_generation(arena, f->object);
        else
            stays_open(r, key);
    }
    if (f->found == GLM_FOUND_NO_API)
        stays_open(r, key);
    record_healthy(&r->healthy, r->kept, key, now ? now : of.healthy);
    return true;
}

/* The IstioOperator as it is shown, with what the state shows of it; false when it is too much. */
static bool show_operator(struct reading *r, struct glm_arena *arena, const char *key,
                          const struct glm_object_ref *ref, const struct glm_value *found,
                          const struct glm_value *was, const struct glm_value **ret_shown,
                          struct glm_diags *d)
{
    const char *revision = strcmp(key, "default") == 0 ? "" : key;
    const struct glm_value *before = shown_document(arena, was);
    const struct glm_value *should =
        is_foreign(r, arena, found) ? NULL
                                    : expected(r, arena, found, before, revision, view_of(r, key));
    *ret_shown = show(r, arena, document_of(r, arena, ref, found, before, should), was, before);
    return takes_in(r, arena, intake_of_text(*ret_shown), d);
}

/* One recorded IstioOperator; false when the cluster does not answer. */
static bool read_operator(struct reading *r, const struct glm_pair *pair,
                          struct glm_map_builder *shown, struct glm_map_builder *status,
                          struct glm_diags *d)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    const char *key = pair->key;
    struct glm_object_ref ref;
    struct glm_read f = {.object = &glm_null};
    if (!record_ref(arena, GLM_KIND_ISTIO_OPERATOR, glm_string_or(pair->value, ""), &ref))
        return true;
    if (!look(r, arena, &ref, &f, d))
        return false;
    if (strchr(key, '@'))
        return true; /* a leaver: it has no entry of its own */
    const char *revision = strcmp(key, "default") == 0 ? "" : key;
    const struct glm_value *was = glm_get(prior_of(r, "istio_operators"), key);
    const struct glm_value *now = &glm_null, *entry = NULL;
    if (f.found == GLM_FOUND) {
        if (!show_operator(r, arena, key, &ref, f.object, was, &now, d))
            return false;
        glm_map_append(shown, key, 0, 0, now);
    } else if (f.found == GLM_FOUND_NO_API && glm_is_string(was)) {
        glm_map_append(shown, key, 0, 0, was); /* nothing is known about the object */
    }
    bool same = f.found == GLM_FOUND && (!glm_is_string(was) || now == was);
    if (r->cluster->ops->files) {
        entry = status_of_file(r, arena, key, revision, &f, same);
        stays_open(r, key); /* until it is written */
    } else if (!status_of_live(r, arena, key, revision, &f, &entry, d)) {
        return false;
    }
    glm_map_append(status, key, 0, 0, entry);
    return true;
}

static bool read_operators(struct reading *r, struct glm_diags *d)
{
    const struct glm_value *recorded = glm_get(r->record, "istio_operators");
    struct glm_map_builder shown, status;
    glm_map_init(&shown, r->kept);
    glm_map_init(&status, r->kept);
    for (size_t i = 0; glm_is_map(recorded) && i < recorded->len; i++)
        if (!read_operator(r, &recorded->as.map[i], &shown, &status, d))
            return false;
    /* Pairs that an apply could not even begin have a status and no object. */
    const struct glm_value *old = glm_get_path(r->change->prior, "status", "clusters",
                                               r->cluster_name, "installations", NULL);
    for (size_t i = 0; glm_is_map(old) && i < old->len; i++) {
        const char *key = old->as.map[i].key;
        if (glm_has(recorded, key))
            continue;
        glm_map_append(&status, key, 0, 0, old->as.map[i].value);
        stays_open(r, key);
    }
    r->operators = glm_map_finish(&shown, NULL);
    r->status = glm_map_finish(&status, NULL);
    return true;
}

/* The revision that a Service should be labelled with: whichever of ours it has, because a switch
 * that was not made leaves it with the one before; else the one that was applied. */
static const char *revision_of(const struct reading *r, const struct glm_object_ref *ref,
                               const struct glm_value *found)
{
    const struct wanted_object *applied = wanted_object_find(r->applied, ref);
    const char *has =
        glm_string_or(glm_get_path(found, "metadata", "labels", GLM_LABEL_REVISION, NULL), "");
    if (!applied || glm_has(glm_get(r->record, "istio_operators"), has))
        return has;
    return glm_string_or(
        glm_get_path(applied->object, "metadata", "labels", GLM_LABEL_REVISION, NULL), "");
}

/* One recorded Service; false when the cluster does not answer. */
static bool read_service(struct reading *r, const char *key, struct glm_map_builder *shown,
                         struct glm_diags *d)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_object_ref ref;
    struct glm_read f;
    if (!record_ref(arena, GLM_KIND_SERVICE, key, &ref))
        return true;
    if (!look(r, arena, &ref, &f, d))
        return false;
    if (f.found != GLM_FOUND)
        return true;
    const struct glm_value *entry = glm_get(prior_of(r, "services"), key);
    const struct glm_value *was = glm_get(entry, "manifest");
    const struct glm_value *before = shown_document(arena, was);
    const struct glm_value *should =
        expected(r, arena, f.object, before, revision_of(r, &ref, f.object), NULL);
    const struct glm_value *addresses = glm_get(entry, "addresses");
    if (!r->cluster->ops->files)
        addresses = shown_addresses(r->kept, f.object);
    else if (!glm_is_list(addresses))
        addresses = &glm_empty_list;
    const struct glm_value *now = shown_service(
        r->kept, show(r, arena, document_of(r, arena, &ref, f.object, before, should), was, before),
        addresses);
    glm_map_append(shown, key, 0, 0, now);
    return takes_in(r, arena, intake_of_service(now), d);
}

static bool read_services(struct reading *r, struct glm_diags *d)
{
    const struct glm_value *recorded = glm_get(r->record, "services");
    struct glm_map_builder shown;
    glm_map_init(&shown, r->kept);
    for (size_t i = 0; glm_is_list(recorded) && i < recorded->len; i++)
        if (!read_service(r, glm_string_or(recorded->as.list[i], ""), &shown, d))
            return false;
    r->services = glm_map_finish(&shown, NULL);
    return true;
}

/* Which place this is; false when it does not answer, or when it is not the one that the record
 * speaks of: nothing of ours is known to be there then. */
static bool open_place(struct reading *r, struct glm_arena *arena, struct glm_diags *d)
{
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    if (!r->cluster->ops->identify(r->cluster, r->said, &r->place, &errors)) {
        does_not_answer(r, &errors, d);
        return false;
    }
    r->label = estate_label(r->said, r->cluster);
    bool files = r->cluster->ops->files;
    enum place_change place = place_compare(r->record, r->place, files ? r->label : NULL);
    r->moved = place != PLACE_SAME &&
               !(files && place_has_ours(r->cluster, arena, r->record, r->name, r->namespace_));
    r->settled = files && !r->moved && place != PLACE_OTHER;
    if (!r->moved || files) /* of files the plan says so */
        return true;
    glm_warn(d, GLM_AT_ATTR(NULL, "installations"), "Cluster has moved",
             "Cluster \"%s\" was %s and is now %s. It counts as new there: the next apply writes "
             "everything to the new one, and what is in the old one is left alone.",
             r->cluster_name, glm_shown(arena, glm_string_or(glm_get(r->record, "place"), "?")),
             glm_shown(arena, r->place));
    r->operators = r->services = r->status = &glm_empty_map;
    return false;
}

/* What somebody else has there is looked at in scratch memory. */
static bool open_and_tidy(struct reading *r, struct glm_diags *d)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    if (!open_place(r, scratch, d))
        return false;
    /* Here too: after a kill the plan may be empty, and then nothing else ever works there. */
    if (r->cluster->ops->tidy)
        r->cluster->ops->tidy(r->cluster, scratch);
    return true;
}

static void release_arena(void *arena)
{
    glm_arena_destroy(arena);
}

void read_one_cluster(struct fanout_job *job)
{
    struct reading *r = job->work;
    r->answered = true;
    r->said = job->arena;
    r->kept = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    r->cluster = time_limit_cluster(r->limit, job->arena, r->cluster);
    glm_map_init(&r->healthy, r->kept);
    glm_map_init(&r->selected, r->kept);
    glm_list_init(&r->unsettled, r->kept);
    glm_list_init(&r->unwaited, r->kept);
    if (open_and_tidy(r, &job->diags)) {
        r->applied = wanted_render_before(job->scratch, r->estate, r->before, r->cluster_name);
        if (read_operators(r, &job->diags))
            read_services(r, &job->diags);
        r->applied = NULL;
    }
    if (r->answered) {
        glm_arena_defer(job->arena, release_arena, r->kept);
        return;
    }
    share_give_back(&r->share);
    glm_arena_destroy(r->kept);
}
