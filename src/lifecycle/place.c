/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the objects of a cluster are, and whether that is where the record says they were.
 *
 * A cluster in another place counts as new and empty. A directory has two names: the path as
 * configured, mostly relative, and the absolute one. When only the absolute one differs, Terraform
 * runs in another working directory. Mostly that is another checkout of the same repository, which
 * has the files, and nothing has changed then; or it is a place that has none of them. Only a look
 * tells the two apart; the plan, which looks at nothing, takes it for the first.
 *
 * Until something is written in the new place the record stays that of the old one: the entry may have
 * been changed by mistake, and whoever puts it right finds everything as it was. Which API server an
 * entry leads to only a look can tell, so the record has what the last one found beside it.
 */
#include "lifecycle_internal.h"

#include "glm/shown.h"

#include <string.h>

/* Where the recorded place leads now. */
static enum glm_leads old_leads(struct glm_arena *arena, const struct glm_value *cluster_record,
                                struct glm_cluster *cluster)
{
    const char *was = glm_string_or(glm_get(cluster_record, "place"), "");
    return cluster->ops->leads ? cluster->ops->leads(cluster, arena, was) : GLM_LEADS_ELSEWHERE;
}

enum place_change place_compare(struct glm_arena *arena, const struct glm_value *cluster_record,
                                struct glm_cluster *cluster, const char *place)
{
    const char *was = glm_string_or(glm_get(cluster_record, "place"), "");
    if (!*was || !place || strcmp(was, place) == 0)
        return PLACE_SAME;
    if (!cluster->ops->files)
        return PLACE_OTHER;
    const char *label = estate_label(arena, cluster);
    if (strcmp(was, label) == 0) /* recorded when absolute paths were not */
        return PLACE_SAME;
    if (old_leads(arena, cluster_record, cluster) == GLM_LEADS_HERE)
        return PLACE_SAME;
    return glm_string_is(glm_get(cluster_record, "label"), label) ? PLACE_CARRIED : PLACE_OTHER;
}

const char *place_text(struct glm_arena *arena, struct glm_cluster *cluster)
{
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    const char *place = NULL;
    cluster->ops->identify(cluster, arena, &place, &ignored);
    return place;
}

enum place_change place_known(struct glm_arena *arena, const struct glm_value *cluster_record,
                              struct glm_cluster *cluster)
{
    if (!cluster)
        return PLACE_SAME;
    if (cluster->ops->files)
        return place_compare(arena, cluster_record, cluster, place_text(arena, cluster));
    /* Only files have a label. */
    bool other = record_leads_to(cluster_record) || glm_is_string(glm_get(cluster_record, "label"));
    return other ? PLACE_OTHER : PLACE_SAME;
}

/* ---- what is there ---- */

static enum glm_owner owner_of(struct glm_arena *arena, const struct glm_cluster *cluster,
                               const struct glm_value *object, const struct glm_value *prior,
                               const char **ret_owner)
{
    return glm_owner_of(arena, object, glm_string_or(glm_get(prior, "name"), ""),
                        glm_string_or(glm_get(prior, "namespace"), ""), cluster->name, ret_owner);
}

static bool is_ours(struct glm_cluster *cluster, struct glm_arena *arena,
                    const struct glm_value *cluster_record, const struct glm_object_ref *ref,
                    const struct glm_value *prior)
{
    struct glm_read read;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    if (!cluster->ops->read(cluster, arena, ref, &read, &ignored) || read.found != GLM_FOUND)
        return false;
    enum glm_owner whose = owner_of(arena, cluster, read.object, prior, NULL);
    /* What was imported from somebody else carries no labels until it is written. */
    return whose == GLM_OWNER_US ||
           (whose == GLM_OWNER_FOREIGN && record_is_foreign(arena, cluster_record, ref));
}

bool place_has_ours(const struct glm_estate *estate, struct glm_cluster *cluster,
                    const struct glm_value *cluster_record, const struct glm_value *prior)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    const struct record_object *objects;
    size_t count = record_objects(arena, cluster_record, &objects);
    struct glm_object_ref ref;
    for (size_t i = 0; i < count; i++) {
        struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
        if (record_ref(scratch, estate, objects[i].text, &ref) &&
            is_ours(cluster, scratch, cluster_record, &ref, prior))
            return true;
    }
    return false;
}

/* So many are named; of others is said how many there are. */
#define THERE_MAX ((size_t)20)

/* Objects in a new place, as a list in words. */
struct place_names {
    struct glm_text text;
    size_t count;
};

/* why: "", or what stands behind the name. */
static void add_name(struct place_names *names, const struct glm_object_ref *ref, const char *why)
{
    if (names->count++ < THERE_MAX)
        glm_text_addf(&names->text, "%s%s%s", names->text.len ? ", " : "",
                      glm_object_ref_text(names->text.arena, ref), why);
}

static const char *names_text(struct place_names *names)
{
    if (names->count > THERE_MAX)
        glm_text_addf(&names->text, " and %zu more", names->count - THERE_MAX);
    return names->text.data;
}

struct place_there {
    const struct place_move *move;
    bool kept;                /* its files came along: the record speaks of them */
    struct place_names known; /* by the record, which speaks of them */
    struct place_names ours;  /* by their labels alone */
    struct place_names in_the_way;
    bool silent; /* nobody answers there */
};

/* Where an object that is found there belongs. */
static void sort_found(struct place_there *there, struct glm_arena *arena,
                       const struct glm_object_ref *ref, const struct glm_read *read)
{
    const char *owner = NULL;
    if (read->found == GLM_FOUND_UNREADABLE) {
        if (!there->kept)
            add_name(&there->in_the_way, ref, " (what is there is not that object, and has to go)");
        return;
    }
    enum glm_owner whose =
        owner_of(arena, there->move->look_in, read->object, there->move->prior, &owner);
    if (whose == GLM_OWNER_US)
        add_name(there->kept ? &there->known : &there->ours, ref, "");
    else if (whose == GLM_OWNER_OTHER_RESOURCE)
        add_name(&there->in_the_way, ref,
                 glm_sprintf(arena, " (it belongs to the gateway lifecycle manager %s)",
                             glm_shown(arena, owner ? owner : "of somebody else")));
    else if (!there->kept)
        add_name(&there->in_the_way, ref, " (it was not made by this provider)");
}

/* One that is recorded, of whoever has it there. false: nobody answers, and more is not asked. */
static bool look_at_recorded(struct place_there *there, const char *text)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_cluster *cluster = there->move->look_in;
    struct glm_object_ref ref;
    struct glm_read read;
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    if (!record_ref(arena, there->move->estate, text, &ref))
        return true;
    if (!cluster->ops->read(cluster, arena, &ref, &read, &ignored)) {
        there->silent = true;
        return false;
    }
    if (read.found == GLM_FOUND || read.found == GLM_FOUND_UNREADABLE)
        sort_found(there, arena, &ref, &read);
    return true;
}

/* Those of a kind that are ours and that the state does not know. */
static void add_unknown(struct place_there *there, const struct glm_object_kind *kind)
{
    const struct place_move *move = there->move;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    const struct glm_value *list = glm_cluster_list_if_allowed(move->look_in, arena, kind, NULL);
    for (size_t i = 0; i < list->len; i++) {
        struct glm_object_ref ref;
        if (glm_object_ref_as(list->as.list[i], kind, &ref) &&
            !record_has(arena, move->record, &ref) &&
            owner_of(arena, move->look_in, list->as.list[i], move->prior, NULL) == GLM_OWNER_US)
            add_name(&there->ours, &ref, "");
    }
}

static void look_there(struct place_there *there, struct glm_arena *arena)
{
    const struct place_move *move = there->move;
    const struct record_object *objects;
    size_t count = record_objects(arena, move->record, &objects);
    for (size_t i = 0; i < count; i++)
        if (!look_at_recorded(there, objects[i].text))
            return;
    const struct glm_installer *row = estate_installer(move->estate, move->name);
    for (size_t k = 0; row && row->kinds[k].kind; k++)
        if (row->kinds[k].kind != GLM_KIND_SERVICE)
            add_unknown(there, row->kinds[k].kind);
    add_unknown(there, GLM_KIND_SERVICE);
}

/* What of that an apply does not get past comes first. */
static const char *there_text(struct place_there *there, struct glm_arena *arena)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)256 << 10);
    if (there->in_the_way.count > 0)
        glm_text_addf(
            &text,
            " There already: %s. An apply takes that over with adopt_existing = true, and "
            "is refused without: then move it away or remove it.",
            names_text(&there->in_the_way));
    if (there->known.count > 0)
        glm_text_addf(&text, " There already, and taken for what the state has: %s.",
                      names_text(&there->known));
    if (there->ours.count > 0)
        glm_text_addf(&text,
                      " There already, of an earlier time: %s. An apply brings up to date what of "
                      "that the configuration has; the rest stays, and nothing looks after it: "
                      "remove it by hand.",
                      names_text(&there->ours));
    if (there->silent)
        glm_text_adds(&text, " What is there already is not known, because it does not answer.");
    return text.data;
}

void place_warn(struct glm_arena *arena, const struct place_move *move, struct glm_diags *d)
{
    const char *was = glm_string_or(glm_get(move->record, "place"), "in another place");
    const char *again = " If the old one is meant, let the entry lead there again: the state keeps "
                        "what it has of it until something is written in the new one.";
    const char *left = "what is in the old one is left alone, also by a destroy";
    const char *has = "", *why = move->why, *remedy = move->remedy;
    if (move->look_in) {
        struct place_there there = {.move = move};
        there.kept = move->look_in->ops->files &&
                     place_has_ours(move->estate, move->look_in, move->record, move->prior);
        struct place_names *const names[] = {&there.known, &there.ours, &there.in_the_way};
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            glm_text_init(&names[i]->text, arena, (size_t)64 << 10);
        look_there(&there, arena);
        has = there_text(&there, arena);
        if (there.silent) /* they may have come along */
            why = remedy = NULL;
        if (old_leads(arena, move->record, move->look_in) == GLM_LEADS_NOWHERE) {
            left = "in the old one, which is not there now, nothing is done";
            again = there.kept ? "" : again;
        }
    }
    glm_warn_shared(
        d, spoken_at(arena, move->prior, move->name),
        spoken_title(arena, "Cluster has moved", move->prior, NULL, 0),
        "Cluster \"%s\" was %s and is now %s%s. It counts as new there: an apply writes "
        "%s to the new place, and %s (%s).%s%s",
        move->name, glm_shown(arena, was), glm_shown(arena, move->is), why ? why : "",
        *has ? "what is missing or differs" : "everything", left, record_names(arena, move->record),
        has, remedy ? remedy : again);
}
