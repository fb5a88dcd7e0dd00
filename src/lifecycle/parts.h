/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of an apply share: the work in one cluster, which looks first, then does what there is
 * to do, and tells what was reached. One thread per cluster; nothing here is shared but const data.
 *
 *   hold.c       directories held against other processes; two names of one cluster
 *   guard.c      what may be overwritten
 *   rivals.c     what somebody else makes already
 *   hands.c      what another installer has made so far
 *   hands_over.c how it comes to the new one
 *   rehearse.c   what is refused, before anything is written
 *   preflight.c  whether gateways can be installed at all
 *   sight.c      what the installer is asked about
 *   compare.c    whether an object is as wanted
 *   conflicts.c  with other field managers
 *   write.c      one object
 *   wait.c       until gateways are healthy, and until what was removed is gone
 *   endpoints.c  whether traffic can be switched over, and has been
 *   remove.c     what is not wanted any more
 *   report.c     what is said of errors
 *   same.c       whether installers render the same each time
 *   applied.c    what there was before
 *   outcome.c    what it comes to, for the state and the record
 *   work.c       the order of all this
 */
#ifndef GLM_LIFECYCLE_PARTS_H
#define GLM_LIFECYCLE_PARTS_H

#include "lifecycle_internal.h"

/* One pair's way through an apply. */
struct pair_work {
    struct glm_read *looks;         /* beside the pair's objects, Namespaces left out */
    bool *same;                     /* beside them; files: what was looked at is as wanted */
    bool blocked;                   /* preflight: nothing of it may be written; status is set */
    bool installed;                 /* what stands for it is as wanted */
    bool made;                      /* something that stands for it was written, or may have been */
    bool await;                     /* its state is to be found out: the plan does not know it */
    bool ready;                     /* HEALTHY, or nothing that one waits for */
    const char *written;            /* see struct written.version */
    const struct glm_value *status; /* its entry of the status, once there is one */
    void *notes;                    /* the installer's, see notes_size */
    bool unrehearsed; /* something of it stands in a Namespace that is not there yet */
    bool instead;     /* something was written in the place of an object */

    /* hands.c, of a pair that another installer has made so far */
    const struct glm_installer *from; /* that one; NULL: it does not change hands */
    struct glm_installer_look *left;  /* its main objects, by the look */
    size_t left_count;
    const char **uids; /* beside the pair's objects, when they were looked at or written */
    bool handed;       /* it has begun */
    bool takes;        /* the new one has all that it inherits: what is left may go */
    bool taken;        /* nothing is left */

    bool seen_healthy;
    const char
        *healthy;  /* glm_object_generation, when it was seen HEALTHY now; NULL: it has none */
    bool imported; /* what stands for it was somebody else's when it was imported, and still is */
};

/* What the work comes to, a map each. */
enum outcome_of {
    OUTCOME_PAIR,   /* true: something that stands for it is there, or may be; by its key */
    OUTCOME_STATUS, /* of a pair, by its key */
    OUTCOME_NOTES,  /* what the record has of a pair, by its key */
    OUTCOME_OBJECT, /* what the record has of an object, by record_text */
    OUTCOMES
};

/* Bytes that the record may have of what clusters made of all that was written. */
#define WORK_ALTERED_MAX ((size_t)16 << 20)

/* The objects of a kind that were listed for a look. */
struct guard_listing {
    const struct glm_object_kind *kind;
    const struct glm_value *list;
    bool fresh, served;
    size_t lookups;
    const struct glm_value
        *index; /* {"ns/name": object}, once many were looked up; NULL: not yet */
    struct guard_listing *next;
};

struct work {
    const struct glm_estate *estate;
    const struct glm_change *change;
    const char *name, *namespace_; /* of the resource */
    const char *cluster_name;      /* the entry of `clusters` that is written to */
    const struct glm_installer *installer;
    const struct glm_value *members; /* the clusters whose pairs that is for, and was, as keys */
    struct glm_cluster *cluster;     /* for as long as the operation has */
    struct glm_cluster
        *closing;             /* a moment longer: for the last look, and for what is to be said */
    const char *label;        /* the cluster, for people */
    const char *place;        /* NULL: not known */
    const char *key;          /* of files, by the last look: see ops->key; NULL: not known */
    const struct wanted *all; /* of what wanted is a part; NULL: nothing is wanted */
    const struct wanted_seat *wanted;  /* in a step: with objects; NULL: nothing is wanted here */
    const struct wanted_seat *planned; /* between steps: without */
    const struct wanted *before;       /* prior; NULL: there is none */
    const struct glm_value *record;    /* of this cluster, empty when it has moved */
    const struct glm_value *left;      /* ... what it was then; NULL: it has not */
    bool creating, adopt, force, patient; /* patient: wait_for_healthy */
    struct time_limit limit;              /* of the look, then of the whole operation */

    /* filled by work_look */
    struct pair_work *pairs;   /* beside wanted->pairs */
    struct pair_work shared;   /* of what is for all of them */
    const uint64_t *looked_at; /* a digest of each object that was rendered for the look */
    size_t looked_at_count;
    bool opened;                    /* the cluster was reached */
    struct guard_listing *listings; /* of this look, see guard_list */
    bool looked;                    /* everything wanted was looked at */
    bool refused;                   /* something is in the way: nothing may be written anywhere */
    bool unrehearsed;               /* see struct pair_work */
    bool held;                      /* files: no other process writes there until hold_release */
    bool outrun;                    /* files: somebody else made what was to be created */
    size_t found;                /* files: of what was looked for, by the look and to be removed */
    bool failed;                 /* this cluster has an error */
    bool late;                   /* ... that says that the time is over */
    const char *why;             /* ... the last one's text; NULL: none yet */
    size_t altered_more;         /* bytes that are remembered beyond what was written */
    atomic_size_t *altered_left; /* of WORK_ALTERED_MAX, for all clusters of the resource */

    struct glm_arena *kept; /* of the results, and of what one step leaves to the next */

    /* filled by work_applied */
    const struct wanted_seat *applied; /* of before, what this cluster got */
    bool rendered;

    struct glm_map_builder gone;              /* what was removed, by record_text */
    struct glm_map_builder outcome[OUTCOMES]; /* from outcome_begin on */
    struct shown_part *shown;                 /* see outcome_shape.c */
    size_t shown_count, shown_capacity;
};

/* The pairs of a work and, after them, with the number pair_count, what is for all of them. */
static inline const struct wanted_pair *work_pair(const struct work *work, size_t index)
{
    return index < work->wanted->pair_count ? &work->wanted->pairs[index] : &work->wanted->shared;
}

/* The attribute that says what is made: all that one resource installs into a cluster is in one form. */
static inline const char *work_form(const struct work *work)
{
    const struct wanted_pair *first = work->wanted->pair_count ? work_pair(work, 0) : NULL;
    return first && first->installation ? glm_installation_form(first->installation)
                                        : work->installer->forms[0];
}
static inline struct pair_work *work_of_pair(struct work *work, size_t index)
{
    return index < work->wanted->pair_count ? &work->pairs[index] : &work->shared;
}

/* ---- same.c ---- */

/* Whether what is rendered for a step is what the plan has shown, and what was rendered for the step
 * before; false: its installer is broken, with an error. */
bool work_as_planned(const struct work *work, struct glm_arena *arena,
                     const struct wanted_seat *rendered, struct glm_diags *d);
bool work_as_looked_at(struct work *work, struct glm_arena *arena,
                       const struct wanted_seat *rendered, struct glm_diags *d);

/* ---- applied.c ---- */

/* What the record has of a cluster whose pairs are written here; empty when everything has moved. */
const struct glm_value *work_record(const struct work *work, const char *cluster);
/* The object as prior's configuration made it; NULL: it did not. */
const struct wanted_object *work_applied(struct work *work, struct glm_arena *arena,
                                         const struct glm_object_ref *ref);

/* ---- sight.c: what the installer is asked about ---- */

/* A call for the work's installer. cluster: NULL for a slot that must not block. */
struct glm_installer_call work_call(const struct work *work, struct glm_arena *arena,
                                    struct glm_cluster *cluster);
/* An object as its installer made it. */
struct glm_installer_object sight_object(const struct wanted_object *o);
/* What there is to be seen of a wanted pair, with what the look before the first write has found. */
void sight_of_pair(struct work *work, struct glm_arena *arena, size_t index,
                   struct sight_of *ret_of);

/* ---- report.c ---- */

/* Of a create that has left nothing at all: there is nothing to go on with, and nothing is tainted. */
void report_nothing_made(struct glm_diags *d);

/* "Cluster \"east\": summary", the detail and what happens next. Marks the work as failed. */
void work_fail(struct work *work, struct glm_arena *arena, const struct glm_path *at,
               const struct glm_diags *from, struct glm_diags *d);
/* The same of one error of our own. */
void work_error(struct work *work, struct glm_arena *arena, const struct glm_path *at,
                struct glm_diags *d, const char *summary, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* True when the provider is to stop. */
bool work_stop_asked(const struct work *work);
/* The same, with an error that says so. */
bool work_interrupted(struct work *work, struct glm_arena *arena, const struct glm_path *at,
                      struct glm_diags *d);
/* The same, also when the time of the operation is over: nothing more may be begun. */
bool work_stopped(struct work *work, struct glm_arena *arena, const struct glm_path *at,
                  struct glm_diags *d);
/* True when the write of this Service changes which Pods it selects. */
bool work_moves_traffic(const struct wanted_object *service, const struct glm_read *look);

/* ---- outcome.c: the results ---- */

void outcome_begin(struct work *work);
/* Of a cluster in which nothing was begun: all that the state and the record have. */
void outcome_keep(struct work *work);
/* The status of a pair that failed just now. */
const struct glm_value *outcome_failed(const struct work *work, struct glm_arena *arena,
                                       size_t index);
/* An object is there, or may be: the state has it, and the next refresh finds out. stored: as the
 * cluster has it; null: not known. altered: see struct record_object. */
void outcome_object(struct work *work, const struct wanted_pair *pair,
                    const struct wanted_object *o, const struct glm_value *stored,
                    const struct glm_value *altered);
/* An object stays what the record has of it, and what the state shows. text: by record_text. */
void outcome_keep_object(struct work *work, const char *text);
/* The same of one that this release does not know, and that no attribute shows therefore. */
void outcome_keep_unknown(struct work *work, const char *text);
/* An object that had to go is still there: it stays in the state, and the status of its pair differs
 * from what the next plan wants, so that the next apply tries again. */
void outcome_leaver(struct work *work, const struct record_object *object);
/* A cluster that could not even be looked at is left as it is. */
void outcome_leave(struct work *work, struct glm_arena *arena);
/* What is known of every pair in the end. */
void outcome_tell(struct work *work, struct glm_arena *arena);
/* An error where a pair does not end as planned, and none has been said yet. */
void outcome_check(struct work *work, struct glm_arena *arena, struct glm_diags *d);

/* The result has the object, by record_text. */
bool outcome_has_object(const struct work *work, const char *text);
/* Notes again what the record has of a pair, after outcome_tell. */
void outcome_note(struct work *work, size_t index);

/* ---- outcome_shape.c: what they come to in the attributes ---- */

/* An object is as wanted, or may be. stored: see outcome_object. */
void outcome_show(struct work *work, const struct wanted_pair *pair, const struct wanted_object *o,
                  const struct glm_value *stored);
/* What prior shows of a cluster's object stays. text: as in the record; NULL: of all that it has. */
void outcome_show_before(struct work *work, const char *cluster, const char *text);
/* Adds the clusters that the works have something of. */
void outcome_shown_clusters(const struct work *works, size_t count, struct glm_map_builder *names);
/* The attributes with objects, Services and addresses. wanted: NULL, nothing is. */
const struct glm_value *outcome_shape(struct glm_arena *arena, const struct wanted *wanted,
                                      const struct work *works, size_t count,
                                      const struct glm_change *change,
                                      const struct glm_value *attributes);

/* ---- work.c ---- */

/* Reads every wanted object and decides what may be overwritten. */
void work_look(struct work *work, struct glm_arena *arena, struct glm_diags *d);
/* Of the files that were looked at keeps whether they are as wanted, and what they select. */
void work_forget(struct work *work);
/* Installs, waits, switches, removes. Not called when any cluster refused. */
void work_do(struct work *work, struct glm_arena *arena, struct glm_diags *d);

/* The attribute that speaks of a pair. */
#define WORK_AT(work, index)                                                                       \
    ((index) < (work)->wanted->pair_count                                                          \
         ? GLM_AT_PLACEMENT((work)->wanted->pairs[index].installation->key,                        \
                            (work)->wanted->pairs[index].cluster)                                  \
         : GLM_AT_ATTR(NULL, "installations"))

/* ---- hold.c ---- */

/* Holds all directories of the works. false: one could not be had, with an error. */
bool hold_files(struct work *works, size_t count, struct glm_arena *arena, struct glm_diags *d);
/* Of files that were looked at: which directory that is, for hold_refuse_twins. */
void hold_find_key(struct work *work, struct glm_arena *arena, struct glm_diags *d);
/* Nothing when it is not held. */
void hold_release(struct work *work);
/* false: two works are of one and the same place; the second one of each is refused. */
bool hold_refuse_twins(struct work *works, size_t count, struct glm_arena *arena,
                       struct glm_diags *d);

/* ---- preflight.c: of clusters with an API server ---- */

/* Whether what is missing can be installed at all, by the installer. Pairs that cannot
 * be are blocked, with their status and an error. */
void preflight(struct work *work, struct glm_arena *arena, struct glm_diags *d);

/* ---- kept.c ---- */

struct kept {
    struct glm_arena *arena;
    const char *text; /* NULL: none */
};
/* text: copied; NULL gives back what there is. */
void kept_set(struct kept *kept, const char *text);
bool kept_is(const struct kept *kept, const char *text);

/* ---- wait.c ---- */

/* Finds out the state of every installed pair that the plan does not know: at once, or, when the
 * work is patient, after waiting until all are healthy. In files there is nothing to wait for. */
void wait_until_ready(struct work *work, struct glm_arena *arena, struct glm_diags *d);
/* Waits until objects that were deleted are gone; sets gone[i]. An error names what holds them. */
void wait_until_gone(struct work *work, struct glm_arena *arena, const struct glm_object_ref *refs,
                     bool *gone, size_t count, struct glm_diags *d);

/* ---- endpoints.c: of a live Service whose selector changes ---- */

/* Waits until a ready Pod matches what the Service is to select. false: an error says so. */
bool endpoints_before(struct work *work, struct glm_arena *arena, size_t index,
                      const struct wanted_object *service, struct glm_diags *d);
/* Waits until the Service, switched, has a ready endpoint of the new revision. */
bool endpoints_after(struct work *work, struct glm_arena *arena, size_t index,
                     const struct wanted_object *service, struct glm_diags *d);

/* ---- remove.c ---- */

/* Before anything is written: removes what is no longer rendered and acts on what stays. false: it does not go,
 * with an error. */
bool remove_actors(struct work *work, struct glm_arena *arena, struct glm_diags *d);
/* Removes what the record has and nobody wants; what cannot be removed stays in the result. */
void remove_leavers(struct work *work, struct glm_arena *arena, struct glm_diags *d);

/* ---- guard.c ---- */

void guard_look(struct work *work, struct glm_arena *arena, struct glm_diags *d);
/* What a look has not found and no rehearsal has told of is looked up once more, in a list that is not older. */
bool guard_look_afresh(struct work *work, struct glm_arena *arena, const struct pair_work *p,
                       const struct glm_object_ref *ref, struct glm_read *look,
                       struct glm_diags *errors);
/* rivals.c: refuses what another owner makes in the cluster. */
void rivals_look(struct work *work, struct glm_arena *arena, struct glm_diags *d);
/* The objects of a kind in the cluster. fresh: not remembered from before this work. */
bool guard_list(struct work *work, struct glm_arena *arena, const struct glm_object_kind *kind,
                bool fresh, const struct glm_value **ret_list, bool *ret_served,
                struct glm_diags *errors);
/* Whose an object is: a pair's of any of the clusters that this is written for. ret_owner: may be NULL. */
enum glm_owner guard_owner(const struct work *work, struct glm_arena *arena,
                           const struct glm_value *object, const char **ret_owner);
/* NULL when the object may be written over what was found, else why not. */
const char *guard_in_the_way(struct work *work, struct glm_arena *arena,
                             const struct glm_object_ref *ref, const struct glm_read *look);
/* What is in the way in one cluster, a line each. */
struct guard_obstacles {
    struct glm_text lines;
    bool importable; /* by an import of this resource */
    bool of_another; /* all of it is another resource's */
    bool own;        /* some of it was made for this resource */
    bool never;      /* some of it is never taken over */
};
void guard_obstacles_begin(struct guard_obstacles *obstacles, struct glm_arena *arena);
/* Adds what was found in the place of an object, if it is in the way. */
void guard_add_obstacle(struct work *work, struct glm_arena *arena, const struct wanted_object *o,
                        const struct glm_read *look, struct guard_obstacles *obstacles);
/* true: there are some, and an error says so; nothing may be written anywhere. */
bool guard_refuse_obstacles(struct work *work, struct glm_arena *arena, const struct glm_path *at,
                            const struct guard_obstacles *obstacles, struct glm_diags *d);
/* What a create has to say that meets objects of this provider: they may be those of the resource
 * that it replaces. Nothing that Terraform sends tells a create whether it is half of that. */
#define GUARD_CREATE_BEFORE_DESTROY                                                                \
    "If the plan says that this resource is replaced, create_before_destroy is why: with it the "  \
    "new gateways would come before the old ones go, and one cannot be there twice. Remove "       \
    "create_before_destroy from the lifecycle of this resource, and of what depends on it, and "   \
    "apply again: a replacement under the same name then touches nothing, and a change of name "   \
    "removes the old gateways first.\n\n"

/* ---- hands.c: pairs that another installer has made so far; of live clusters ---- */

/* The field manager that keeps others away from an object, and whether it does so. */
const char *hands_manager(const struct work *work, struct glm_arena *arena);
bool hands_is_kept_away(const struct work *work, struct glm_arena *arena,
                        const struct glm_value *live);
/* Which pairs change hands, and what the other installer has of them. */
void hands_look(struct work *work, struct glm_arena *arena, struct glm_diags *d);
/* True for a main object that the other one has of a pair. */
bool hands_lets_go(const struct work *work, const struct glm_object_ref *ref);
/* True when what was found in the place of a wanted object is the new installer's by right. */
bool hands_inherits(struct work *work, struct glm_arena *arena, const struct glm_object_ref *ref,
                    const struct glm_read *look);
/* True for an object that was made for the pair alone. */
bool hands_is_of_pair(const struct work *work, const struct record_object *o,
                      const struct wanted_pair *pair);
/* True for a recorded object that a pair has no more, because another installer makes it now. */
bool hands_is_left(struct work *work, struct glm_arena *arena, const struct record_object *o,
                   const struct wanted_pair *pair, struct glm_object_ref *ret_ref);
/* What the new one says of an object of a pair that changes hands. */
enum glm_installer_heir hands_heir(struct work *work, struct glm_arena *arena, size_t index,
                                   const struct glm_object_ref *ref, enum glm_role role,
                                   const struct glm_read *read);

/* ---- hands_over.c ---- */

/* Before anything is written: the other one lets go. A pair of which it does not is blocked, with an error. */
void hands_yield(struct work *work, struct glm_arena *arena, struct glm_diags *d);
/* When pairs are HEALTHY: waits until the new one has taken up what it inherits. */
void hands_take(struct work *work, struct glm_arena *arena, struct glm_diags *d);
/* A recorded object that goes. */
enum hands_left {
    HANDS_NOT_ITS, /* it is nobody's but ours: it is removed as ever */
    HANDS_KEPT,    /* it must not go yet */
    HANDS_DONE,    /* it was released to who has it now, or let go: see ret_gone */
    HANDS_RETURNS, /* it is removed as ever, and then whoever acts on it cleans up: hands_return */
};
/* look: what is there. false: it stays, with an error. */
bool hands_remove(struct work *work, struct glm_arena *arena, const struct record_object *o,
                  const struct glm_object_ref *ref, struct glm_read *look, enum hands_left *ret,
                  bool *ret_gone, struct glm_diags *errors);
/* Who was kept away from an object may act on it again. While it only leaves, that is cleaning up after it: one
 * that came back before the removal could make what is removed beside it anew. */
bool hands_return(struct work *work, struct glm_arena *arena, const struct glm_object_ref *ref,
                  struct glm_diags *errors);
/* In the end: what was taken over is what it was. */
void hands_end(struct work *work, struct glm_arena *arena, struct glm_diags *d);

/* ---- rehearse.c ---- */

/* In the look. What is refused is an error of the cluster, in which nothing is written then. */
void rehearse_look(struct work *work, struct glm_arena *arena, struct glm_diags *d);
/* Before the first write: what stands in Namespaces that had to be made first. */
bool rehearse_rest(struct work *work, struct glm_arena *arena, struct glm_diags *d);

#endif
