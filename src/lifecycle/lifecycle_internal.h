/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the lifecycle share: the wanted objects, the work per cluster, the record.
 */
#ifndef GLM_LIFECYCLE_INTERNAL_H
#define GLM_LIFECYCLE_INTERNAL_H

#include "glm/clock.h"
#include "glm/codec.h"
#include "glm/lifecycle.h"
#include "glm/look.h"
#include "glm/observe.h"
#include "record.h"
#include "seam.h"
#include "shape.h"

/* What an installation makes of every cluster: an object of its rendering for nobody. Of what is for all pairs
 * of a seat, the seat's own. */
struct wanted_common {
    const char *key; /* of the installation, or SHAPE_KEY_ALL */
    const struct glm_installer *installer;
    struct glm_object_ref ref; /* name NULL while unknown */
    enum glm_role role;
    const char
        *text; /* as in the attributes: "Kind ns/name", of traffic "ns/name"; NULL while unknown */
    const struct glm_value *bare; /* UNKNOWN, or partly so, while it is not known */
    const char *manifest;         /* bare as JSON; NULL while unknown */
    bool listed; /* it is in struct wanted_commons; else wherever it was asked for */
};

/* ... and all of one installation, without Namespaces. */
struct wanted_commons {
    const struct wanted_common *objects; /* in the order of writing */
    size_t count;
    bool known;         /* false: R, C or a name are not, so that objects may be missing here */
    bool traffic_known; /* false: which of them carry traffic is not known yet */
};

/* One object as a cluster is to have it. */
struct wanted_object {
    struct glm_object_ref ref; /* name NULL while unknown */
    enum glm_role role;
    const char *cluster; /* that its pair is installed into */
    bool main;           /* stands for its pair */
    bool view;           /* carries the view from which an import rebuilds the pair */
    const char
        *found; /* JSON: what an import found, and it is kept as; NULL: as its installer makes it */
    const char *key; /* "ns/name", as in the attribute `services`; NULL while unknown */
    /* With owner labels and view; NULL while unknown, and of a Namespace, which is nobody's. */
    const struct glm_value *object;
    const struct glm_value *bare; /* without those; NULL while unknown */
    /* What it has in common with those of all clusters, and what it has of its own, {PATH: TEXT}, UNKNOWN
     * while unknown. NULL of a Namespace, and where commons were not built. */
    const struct wanted_common *common;
    const struct glm_value *own;
};

/* One installation in one cluster. */
struct wanted_pair {
    /* Of what was before, by the record; NULL: the seat's. */
    const struct glm_installer *maker;
    const struct glm_installation *installation;
    const struct glm_placement *placement;
    const char *cluster;           /* that it is installed into */
    const char *key;               /* the key in status; NULL: unknown */
    const char *view;              /* glm_view_text; NULL while unknown */
    uint64_t traits;               /* what its installer notes of its main object */
    bool traffic_known;            /* false: which of its objects carry traffic is not known yet */
    struct wanted_object *objects; /* in the order of writing */
    size_t object_count;
    const struct wanted_pair *shared; /* what it has in common with the others of its seat */
};

/* Everything that is written to one entry of `clusters`, which may be for the pairs of others. */
struct wanted_seat {
    const char *name;
    const struct glm_installer *installer;
    const struct glm_cluster_config *config; /* NULL: not in the provider's configuration */
    struct glm_cluster *cluster;             /* NULL: never to be reached */
    bool tolerate;                           /* unreachable is a warning on read */
    struct wanted_pair *pairs;               /* by the keys of installations, then by clusters */
    size_t pair_count, pair_capacity;
    struct wanted_pair shared; /* the objects that are for all pairs; nothing else is in it */
};

/* What is installed into one cluster, wherever it is written to. */
struct wanted_cluster {
    const char *name;
    struct wanted_place {
        struct wanted_seat *seat;
        size_t index; /* of the pair there */
    } * places;
    size_t place_count, place_capacity;
};

struct wanted {
    const struct glm_manager *manager;
    const struct wanted_commons *commons; /* beside manager->installations; NULL: not built */
    bool known;                           /* false: which clusters there are is not known */
    struct wanted_seat *seats;
    size_t seat_count;
    struct wanted_cluster *clusters; /* that installations name */
    size_t cluster_count;            /* both sorted by name */
};

/* wanted.c: what is to be where; nothing has objects yet. */
bool wanted_read(struct glm_arena *arena, const struct glm_estate *estate,
                 const struct glm_value *attributes, bool warn, struct wanted **ret_wanted,
                 struct glm_diags *d);
/* render.c: the same with all that installers make of it, for a plan: what the attributes show of it,
 * and nothing else; one cluster's objects at a time are in memory. */
bool wanted_build(struct glm_arena *arena, const struct glm_estate *estate,
                  const struct glm_value *attributes, bool warn, struct wanted **ret_wanted,
                  struct glm_diags *d);
/* One seat of what was read with all its objects, in an arena that may go before it. */
bool wanted_render(struct glm_arena *arena, const struct glm_estate *estate,
                   const struct wanted *wanted, const struct wanted_seat *of,
                   struct wanted_seat **ret_seat, struct glm_diags *d);
/* common.c: renders every installation once for nobody, by each installer that is in use for it. Const from
 * then on, for any thread. */
bool common_build(struct glm_arena *arena, const struct glm_estate *estate, struct wanted *wanted,
                  struct glm_diags *d);
/* What an object of a pair has in common with those of all clusters: the one with its ref; else, where an
 * entry of the cluster has changed that, the nth of its kind and role; else nothing but what its ref says.
 * nth: how many of them the pair's rendering has before it. */
const struct wanted_common *common_of(struct glm_arena *arena, const struct wanted *wanted,
                                      const struct wanted_pair *pair,
                                      const struct glm_installer *installer,
                                      const struct glm_installer_object *object, size_t nth);
/* The same as common_of gives where it lives as long as the arena. of: may be NULL. */
const struct wanted_common *common_kept(struct glm_arena *arena, const struct wanted_common *of);
const struct wanted_commons *commons_of(const struct wanted *wanted,
                                        const struct wanted_pair *pair);
/* Puts a manifest, in the spelling that attributes have where that means the same. */
void common_put(struct shape_builder *b, const struct glm_value *spelling,
                const struct wanted_common *common);
/* The Services "ns/name" that the installations of a cluster make, whether they are active or not, as `wanted`
 * has them. Returns how many. arena: of the array. */
size_t common_services(struct glm_arena *arena, const struct wanted *wanted,
                       const struct wanted_cluster *cluster, const char *const **ret);
/* Puts every Service that installations make, active nowhere, to be put better. */
void common_put_services(struct shape_builder *b, const struct wanted *wanted,
                         const struct glm_value *spelling);
/* found.c: what an import took from somebody else stays as it was found, whatever the translation would add,
 * until what the configuration says of it is no longer what the state has. change: wanted. */
void wanted_keep_found(struct glm_arena *arena, const struct glm_estate *estate,
                       const struct glm_manager *manager, struct wanted_seat *seat,
                       const struct glm_change *change);
/* What the prior state has, without a word, and without objects, each pair of the installer that has made it;
 * NULL when there is none or it makes no sense now. */
const struct wanted *wanted_before(struct glm_arena *arena, const struct glm_estate *estate,
                                   const struct glm_value *prior, const struct glm_value *record);
/* Of that, one seat with its objects, without texts. NULL: there is none, or it makes no sense
 * now. */
const struct wanted_seat *wanted_render_before(struct glm_arena *arena,
                                               const struct glm_estate *estate,
                                               const struct wanted *before, const char *seat);
/* Whether an installation's spec means what this text (of a state) means. */
bool wanted_spec_is(struct glm_arena *arena, const struct glm_installation *installation,
                    const struct glm_value *text);
struct wanted_cluster *wanted_find(const struct wanted *wanted, const char *name);
struct wanted_seat *wanted_seat_find(const struct wanted *wanted, const char *name);
/* A pair of a cluster, by its number there. */
static inline struct wanted_pair *wanted_pair_at(const struct wanted_cluster *cluster, size_t i)
{
    return &cluster->places[i].seat->pairs[cluster->places[i].index];
}
/* The object that stands for a pair; never NULL, but nothing is in it while it is not known. */
const struct wanted_object *wanted_main(const struct wanted_pair *pair);
/* Whether a pair, a cluster (NULL: nothing) wants traffic to come by way of the Service "ns/name". */
bool wanted_has_traffic(const struct wanted_cluster *cluster, const char *key);
/* The object with this reference; NULL when it is not wanted or not known. seat: NULL, none is. */
const struct wanted_object *wanted_object_find(const struct wanted_seat *seat,
                                               const struct glm_object_ref *ref);

/* The cluster of this name in the estate; false when the estate does not have it. */
bool estate_find(const struct glm_estate *estate, const char *name,
                 const struct glm_cluster_config **ret_config, struct glm_cluster **ret_cluster,
                 bool *ret_tolerate);
/* The cluster in words for people; NULL when it is not to be reached. */
const char *estate_label(struct glm_arena *arena, const struct glm_cluster *cluster);

/* place.c: where a cluster is, against where the record says that it was. */
enum place_change {
    PLACE_SAME,    /* or the record does not know */
    PLACE_CARRIED, /* files: the same relative path, from another working directory */
    PLACE_OTHER,
};
/* place: of the cluster now, by its ops; NULL: not known. */
enum place_change place_compare(struct glm_arena *arena, const struct glm_value *cluster_record,
                                struct glm_cluster *cluster, const char *place);
/* The same without asking anybody: of files, and of an API server by what is recorded, which is
 * PLACE_SAME when that says nothing. */
enum place_change place_known(struct glm_arena *arena, const struct glm_value *cluster_record,
                              struct glm_cluster *cluster);
struct place_move {
    const struct glm_estate *estate;
    const struct glm_value *prior;
    const char *name;               /* of the cluster */
    const struct glm_value *record; /* of the old place */
    const char *is;                 /* the place now */
    const char *why;                /* how that comes; may be NULL */
    const char *remedy;             /* NULL: to let the entry lead there again */
    struct glm_cluster *look_in;    /* what the new place has already is said; NULL: nobody looks */
};
/* Warns of a cluster in another place: what is left in the old one, and what the new one has already. */
void place_warn(struct glm_arena *arena, const struct place_move *move, struct glm_diags *d);
/* True when the cluster has one of the recorded objects, and it is that of this resource: files
 * that came along to another place, as with a checkout of their repository. */
bool place_has_ours(const struct glm_estate *estate, struct glm_cluster *cluster,
                    const struct glm_value *cluster_record, const struct glm_value *prior);
/* The cluster's place as ops->identify tells it; NULL when it does not answer. */
const char *place_text(struct glm_arena *arena, struct glm_cluster *cluster);

/* plan.c: clusters that the state has objects in and the provider no longer serves as before. limit: of the
 * operation, of which the look at moved directories has no more than half; NULL: it has none. */
struct time_limit;
bool plan_check_clusters(struct glm_arena *arena, const struct glm_estate *estate,
                         const struct glm_value *prior, const struct glm_value *record,
                         const struct time_limit *limit, struct glm_diags *d);

/* plan_shape.c: the attributes with what they will show of objects, Services and addresses; of what has been
 * taken (see taken_of), what they show now. */
const struct glm_value *plan_shape(struct glm_arena *arena, const struct wanted *wanted,
                                   const struct glm_value *prior, const struct glm_value *taken,
                                   const struct glm_value *attributes);

/* taken.c: objects of another resource by now, as {seat: {text as in the record: owner}}. */
/* Warns of them. taken: what a read has found. */
void taken_warn(struct glm_arena *arena, const struct glm_value *prior,
                const struct glm_value *taken, struct glm_diags *d);
/* All that a plan leaves alone: none where they are adopted. */
const struct glm_value *taken_of(struct glm_arena *arena, const struct glm_change *change);
bool taken_has(struct glm_arena *arena, const struct glm_value *taken, const char *seat,
               const struct wanted_object *o);
/* One of a pair's objects, or of those for all pairs of its seat. */
bool taken_has_of(struct glm_arena *arena, const struct glm_value *taken, const char *seat,
                  const struct wanted_pair *pair);
/* Refuses a plan that changes something while one of them is wanted. change: planned. */
bool taken_check(struct glm_arena *arena, const struct glm_value *taken,
                 const struct wanted *wanted, const struct glm_change *change, struct glm_diags *d);

/* news.c: adds to d what of `said`, the warnings that the configuration gives reason for, has not
 * been said before. change: planned. */
void news_tell(struct glm_arena *arena, const struct glm_estate *estate,
               const struct wanted *wanted, const struct glm_change *change,
               const struct glm_diags *said, struct glm_diags *d);
/* Of retired clusters that installations still name: they get nothing. */
void news_of_retired(const struct glm_estate *estate, const struct glm_manager *manager,
                     struct glm_diags *d);

/* upgrade.c: whether what was applied last may become what is planned, in place. */
bool upgrades_check(const struct glm_estate *estate, const struct glm_manager *after,
                    const struct glm_value *prior, const struct glm_value *record,
                    struct glm_diags *d);

/* moves.c: refuses what would be written to another entry than where it is, or by another installer that does
 * not take it over. */
bool moves_check(const struct glm_estate *estate, const struct wanted *wanted,
                 const struct glm_value *prior, const struct glm_value *record,
                 struct glm_diags *d);
/* Warns of what changes hands. */
void moves_warn(const struct glm_estate *estate, const struct wanted *wanted,
                const struct glm_value *prior, const struct glm_value *record, struct glm_diags *d);

/* endings.c: warns of traffic that has no active revision any more, and of Services of others whose
 * gateway goes. after: NULL, all goes. */
void endings_warn(const struct glm_estate *estate, const struct wanted *after,
                  const struct glm_value *prior, const struct glm_value *record,
                  struct glm_diags *d);

/* spoken.c: what a warning points to that speaks of a cluster: the first installation that is in it, else the
 * resource's name. */
const struct glm_path *spoken_at(struct glm_arena *arena, const struct glm_value *attributes,
                                 const char *cluster);
/* Its title, with the resource and whom of its clusters it speaks of: "TITLE (ingress in west and 2 more)", of
 * so many. cluster: NULL, the title says it. For glm_warn_shared, which adds nothing to that. */
const char *spoken_title(struct glm_arena *arena, const char *title,
                         const struct glm_value *attributes, const char *cluster, size_t count);

/* bare.c: one warning about all directories that hold none of the files that were written there: when that was
 * seen, and what has come of it. Nothing for none. */
enum bare_when { BARE_READ, BARE_WRITTEN, BARE_REMOVED };
struct bare_place {
    const char *cluster, *label;
    size_t files; /* that should be there */
};
void bare_warn(struct glm_arena *arena, const struct glm_value *prior,
               const struct bare_place *places, size_t count, enum bare_when when,
               struct glm_diags *d);

/* find.c: true when a list of clusters, null for all, has this one. */
bool find_is_chosen(const struct glm_value *only, const char *name);

/* entries.c: what pairs of many clusters have, by cluster and key in one map; and as {cluster: {key: value}},
 * beside what is there. */
const char *entries_key(struct glm_arena *arena, const char *cluster, const char *key);
void entries_sort(struct glm_map_builder *to, const struct glm_value *entries);
/* Adds the clusters of entries as keys. */
void entries_clusters(struct glm_map_builder *names, const struct glm_map_builder *entries);

/* fanout.c: runs work(job) for every job, at most max_parallel at once, each in a thread with an
 * arena of its own that lives as long as `arena`, and scratch memory that goes when the job is done;
 * then appends their diagnostics in order. Where all jobs are of files fewer are begun with. */
struct fanout_job {
    struct glm_arena *arena, *scratch;
    struct glm_diags diags;
    void *work;
    bool files; /* the caller's word */
};
void fanout(struct glm_arena *arena, size_t max_parallel, struct fanout_job *jobs, size_t count,
            void (*run)(struct fanout_job *job), struct glm_diags *d);

/* intake.c: what all clusters of a resource may bring into its state together. */
struct intake {
    atomic_size_t left; /* bytes */
};
/* One cluster's. */
struct share {
    struct intake *intake;
    size_t had, brought; /* bytes: what the state has of the cluster, what has come so far */
    size_t taken;        /* of the intake */
};
/* had: bytes that the state has of all clusters. */
void intake_begin(struct intake *intake, size_t had);
/* Counts what has come. false: that is too much for the state. */
bool share_add(struct share *share, size_t bytes);
/* Nothing of what has come goes into the state after all. */
void share_give_back(struct share *share);
/* The bytes of a text of the attributes as the state has it, of entries {PATH: TEXT}, of addresses, and of
 * all that attributes have of a cluster. */
size_t intake_of_text(const struct glm_value *text);
size_t intake_of_entries(const struct glm_value *entries);
size_t intake_of_addresses(const struct glm_value *addresses);
size_t intake_of_cluster(const struct glm_value *attributes, const char *cluster);
/* Where to look at what a cluster has of objects, for a sentence: a command, or its files. */
const char *intake_where(struct glm_arena *arena, const struct glm_estate *estate,
                         const struct glm_cluster *cluster);

/* claims.c */
/* Claims `what` ("Service ns/name") in a place, by ops->identify, for one apply (taker). NULL, or
 * the resource "ns/name" of the apply that has it; claims may be NULL. */
const char *claims_take(struct glm_claims *claims, struct glm_arena *arena, const void *taker,
                        const char *where, const char *what, const char *resource);
/* Before the arenas of the claims are destroyed. */
void claims_release(struct glm_claims *claims, const void *taker);

/* shown.c: objects as the attributes show them, JSON text. */
/* Attributes of an installation: what describes it, and what says of which release it is. */
extern const char shown_spec[], shown_values[], shown_version[];
/* text as a value; prior itself when it says the same, so that nothing differs by spelling. */
const struct glm_value *shown_text(struct glm_arena *arena, const struct glm_value *prior,
                                   const char *text);
/* An object of a cluster as it may be shown: what somebody else has put where something else is
 * expected (or nothing: the null value) could hold what a terminal takes for commands. What is as
 * expected stays as it is, whatever it is. */
const struct glm_value *shown_tame(struct glm_arena *arena, const struct glm_value *v,
                                   const struct glm_value *expected);
/* The same of what a data source makes of an object, whose spec is a JSON text. */
const struct glm_value *shown_view(struct glm_arena *arena, const struct glm_value *view);
/* What an import makes of it: spec and helm_global stay as they are, to the character, because the
 * next apply writes what they say. */
const struct glm_value *shown_view_names(struct glm_arena *arena, const struct glm_value *view);
/* The first character of these two that shown_view would write in another way, as it would; NULL:
 * there is none. */
const char *shown_view_hidden(struct glm_arena *arena, const struct glm_value *view);
/* A live object without what is the API server's and other people's: what one would have written. */
const struct glm_value *shown_bare(struct glm_arena *arena, const struct glm_value *found);
/* The document in a text of an attribute; the null value when there is none. */
const struct glm_value *shown_document(struct glm_arena *arena, const struct glm_value *text);
/* True for a Service, as it is wanted, that gets a load balancer: what has none has no addresses. */
bool shown_has_balancer(const struct glm_value *service);
/* The host names and addresses of a live Service's load balancer. */
const struct glm_value *shown_addresses(struct glm_arena *arena, const struct glm_value *service);
/* The same, the null value where it has none by what is shown of it, its manifest and its entries: what is not
 * owned, or has been altered by something in the cluster, a plan knows nothing of. */
const struct glm_value *shown_balancer(struct glm_arena *arena, const struct glm_value *manifest,
                                       const struct glm_value *entries,
                                       const struct glm_value *live);

/* seen.c: what attributes show of one object. */
/* Under which names, by what the configuration calls it (applied, may be NULL), else by its text in the record.
 * ret->entries NULL: they do not show it of this cluster, and these are the names that they would have. false:
 * no attribute can show it. */
bool seen_find(struct glm_arena *arena, const struct glm_value *attributes,
               const struct wanted_object *applied, const char *cluster, const char *text,
               bool service, struct shape_object *ret);
/* Its manifest; the null value: there is none. */
const struct glm_value *seen_manifest(struct glm_arena *arena, const struct glm_value *attributes,
                                      const struct shape_object *of);
/* The manifest with what is the cluster's own, by the configuration; NULL: that does not say. */
const struct glm_value *seen_whole(struct glm_arena *arena, const struct glm_value *manifest,
                                   const struct wanted_object *applied);
/* True when an object is what something in the cluster made of it (see struct record_object), with its labels
 * and annotations in place. is: in the spelling of wanted. */
bool seen_is_altered(struct glm_arena *arena, const struct glm_value *altered,
                     const struct glm_value *wanted, const struct glm_value *is);

/* settled.c: by nothing but the arguments, so that plan and apply say the same. */
struct settling {
    struct glm_arena *arena;
    const struct glm_value *prior, *planned, *record; /* planned: with what is shown of objects */
    const struct wanted_seat *seat;                   /* of the pair */
};
/* True when an apply has nothing to do for the pair, so that its status stays as it is. */
bool settled_untouched(const struct settling *s, const struct wanted_pair *pair);
/* The entry of its status that an apply without an error ends with; UNKNOWN: it is to be found out. */
const struct glm_value *settled_status(const struct settling *s, const struct wanted_pair *pair);

/* status.c: one entry of status.clusters[c].installations. message: NULL, there is nothing to say. */
const struct glm_value *status_entry(struct glm_arena *arena, enum glm_state state,
                                     const char *revision, const char *message);
/* The entry of a pair that was written to files without a fault: its state says all, as HEALTHY does. */
const struct glm_value *status_written(struct glm_arena *arena, const char *revision);
/* The entry of a pair with an object that had to go, and is still there. object: by record_text. */
const struct glm_value *status_leaving(struct glm_arena *arena, const char *revision_key,
                                       const char *object);
const struct glm_value *status_get(const struct glm_value *attributes, const char *cluster,
                                   const char *revision_key);
/* {clusters = {c = {installations = ...}}} from a map of maps of entries; unknown stays. */
const struct glm_value *status_wrap(struct glm_arena *arena, const struct glm_value *by_cluster);

/* lists.c */
/* Of an object of a kind that is not served (why), whether it is gone: with a CustomResourceDefinition
 * Kubernetes removes every object of it. Every API server has Services, and namespaces: where those are
 * not served either, something else has answered. false: an error says so. */
bool kind_is_gone(struct glm_cluster *cluster, struct glm_arena *arena,
                  const struct glm_object_ref *ref, const char *why, struct glm_diags *errors);

/* observe.c: what a live cluster has of a pair, as its installer judges it. */
struct sight_of {
    struct glm_installer_call call;    /* arena and cluster are those of each look */
    struct glm_installer_sight wanted; /* looks: which objects; nothing of them is read yet */
    void *notes;                       /* NULL: none are kept */
};
struct sight {
    enum glm_found
        found; /* FOUND, NO_API as soon as one of its objects is of a kind that is not served, else
                             NOTHING */
    struct glm_installer_sight seen;
    struct glm_installer_judgement judgement;
};
/* The installer of a cluster's pairs. */
const struct glm_installer *estate_installer(const struct glm_estate *estate, const char *cluster);
/* Its name, as the record has it of the pairs that it made: NULL of the default. */
const char *estate_installer_note(const struct glm_estate *estate,
                                  const struct glm_installer *installer);
/* A call for it that knows nothing but what the estate says. */
struct glm_installer_call estate_call(const struct glm_estate *estate, struct glm_arena *arena,
                                      const char *cluster);
/* Of a pair that a read or a find has met, and that no configuration speaks of. key: in `status`.
 * healthy: see struct glm_installer_sight. */
void sight_of_found(const struct glm_estate *estate, struct glm_arena *arena, const char *cluster,
                    const char *key, const char *healthy, struct sight_of *ret_of);
/* false when the cluster cannot be asked. */
bool observe(struct glm_cluster *cluster, struct glm_arena *arena, const struct sight_of *of,
             struct sight *ret_sight, struct glm_diags *d);
/* The same of objects that have been read already: looks instead of those of `of`. */
bool observe_looks(struct glm_cluster *cluster, struct glm_arena *arena, const struct sight_of *of,
                   const struct glm_installer_look *looks, size_t count, struct sight *ret_sight,
                   struct glm_diags *d);
/* Which desired state of its main objects it is, for the record; NULL when one of them does not say. */
const char *sight_generation(struct glm_arena *arena, const struct sight *sight);

/* selected.c */
/* Services that are not managed here and select Pods of a main object by their revision, in the cluster
 * of the call: [{"service": "ns/a", "selector": {k: v}}], as the record has them; of many the first ones,
 * and then {"more": 3}. strangers: none unless only the user's own Services lead to those Pods. */
const struct glm_value *selected_by(const struct glm_installer_call *call,
                                    const struct glm_value *object, bool strangers);
/* "Service ns/a (selector k=v), Service ns/b (selector k=v) and 3 more"; "" of what says nothing. */
const char *selected_text(struct glm_arena *arena, const struct glm_value *selected);
/* A status message that says so. */
const char *selected_message(struct glm_arena *arena, const char *message,
                             const struct glm_value *selected);

/* clock.c: what a whole operation has, by an entry of `timeouts`, and when that is over by glm_clock_ms. */
struct time_limit {
    const char *operation; /* "create"; "import", which has no entry of its own */
    int64_t total_ms;      /* 0: as long as it takes */
    int64_t until_ms;
    bool half;      /* of a look, which has half of that */
    size_t at_once; /* of a look that never had its turn: as many as have it at once; else 0 */
};
struct time_limit time_limit(const char *operation, int64_t total_ms);
/* What the look before the first write has of it, so that the rest is left for what comes then. */
struct time_limit time_limit_half(const struct time_limit *limit);
bool time_limit_over(const struct time_limit *limit);
/* Milliseconds that are left, but no more than most. */
int64_t time_limit_left(const struct time_limit *limit, int64_t most);
/* The same with some milliseconds more, for what has to be found out when it is over. */
struct time_limit time_limit_and(const struct time_limit *limit, int64_t more_ms);
/* The cluster for one who has no more time than that. */
struct glm_cluster *time_limit_cluster(const struct time_limit *limit, struct glm_arena *arena,
                                       struct glm_cluster *cluster);
/* why, with a word about the limit when it is over: that is why, then. */
const char *time_limit_why(const struct time_limit *limit, struct glm_arena *arena,
                           const char *why);

#endif
