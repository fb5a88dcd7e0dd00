/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the lifecycle share: the wanted objects, the work per cluster, the record.
 */
#ifndef GLM_LIFECYCLE_INTERNAL_H
#define GLM_LIFECYCLE_INTERNAL_H

#include "glm/clock.h"
#include "glm/codec.h"
#include "glm/lifecycle.h"
#include "glm/observe.h"

/* One object as a cluster is to have it. */
struct wanted_object {
    struct glm_object_ref ref;
    const struct glm_value *object; /* with owner labels and view; NULL while unknown */
    const struct glm_value *bare;   /* without those; NULL while unknown */
    const char *text;               /* bare as JSON, as the attributes show it */
};

/* The two types of gateways: their list in a spec's components, and their values. */
#define WANTED_TYPES 2
extern const struct wanted_type {
    const char *list, *values;
} wanted_types[WANTED_TYPES];

/* One installation in one cluster. */
struct wanted_pair {
    const struct glm_installation *installation;
    const struct glm_placement *placement;
    const char *key;                   /* the key in istio_operators and status; NULL: unknown */
    struct wanted_object operator_;    /* text NULL: unknown */
    const char *view;                  /* glm_view_text; NULL while unknown */
    bool custom_service[WANTED_TYPES]; /* glm_custom_service of operator_ */
    bool as_found;                     /* operator_ is what an import found, not the translation */
    bool services_known;
    struct wanted_object *services; /* the active ones */
    const char *const *service_keys;
    size_t service_count;
    const char *const *namespaces;
    size_t namespace_count;
};

/* Everything one cluster is to have. */
struct wanted_cluster {
    const char *name;
    const struct glm_cluster_config *config; /* NULL: not in the provider's configuration */
    struct glm_cluster *cluster;             /* NULL: never to be reached */
    bool tolerate;                           /* unreachable is a warning on read */
    struct wanted_pair *pairs;
    size_t pair_count, pair_capacity;
};

struct wanted {
    const struct glm_manager *manager;
    bool known;                      /* false: which clusters there are is not known */
    struct wanted_cluster *clusters; /* sorted by name */
    size_t cluster_count;
};

/* wanted.c: what is to be where, nothing of it translated yet. */
bool wanted_read(struct glm_arena *arena, const struct glm_estate *estate,
                 const struct glm_value *attributes, bool warn, struct wanted **ret_wanted,
                 struct glm_diags *d);
/* The same with every installation translated for every cluster, for a plan: the texts, and of
 * IstioOperators nothing else; one cluster's translation at a time is in memory. */
bool wanted_build(struct glm_arena *arena, const struct glm_estate *estate,
                  const struct glm_value *attributes, bool warn, struct wanted **ret_wanted,
                  struct glm_diags *d);
/* One cluster of what was read, translated whole into an arena that may go before it. */
bool wanted_render(struct glm_arena *arena, const struct glm_estate *estate,
                   const struct wanted *wanted, const struct wanted_cluster *of,
                   struct wanted_cluster **ret_cluster, struct glm_diags *d);
/* What an import took from somebody else stays as it was found, whatever the translation would add,
 * until what the configuration says of it is no longer what the state has. change: wanted. */
void wanted_keep_found(struct glm_arena *arena, const struct glm_manager *manager,
                       struct wanted_cluster *cluster, const struct glm_change *change);
/* What the prior state has, without a word, and not translated; NULL when there is none or it makes
 * no sense now. */
const struct wanted *wanted_before(struct glm_arena *arena, const struct glm_estate *estate,
                                   const struct glm_value *prior);
/* Of that, one cluster's part translated, without texts. NULL: there is none, or it makes no sense
 * now. */
const struct wanted_cluster *wanted_render_before(struct glm_arena *arena,
                                                  const struct glm_estate *estate,
                                                  const struct wanted *before, const char *cluster);
/* Whether an installation's spec means what this text (of a state) means. */
bool wanted_spec_is(struct glm_arena *arena, const struct glm_installation *installation,
                    const struct glm_value *text);
struct wanted_cluster *wanted_find(const struct wanted *wanted, const char *name);
/* The object with this reference; NULL when it is not wanted or not known. cluster: NULL, none is. */
const struct wanted_object *wanted_object_find(const struct wanted_cluster *cluster,
                                               const struct glm_object_ref *ref);

/* The cluster of this name in the estate; false when the estate does not have it. */
bool estate_find(const struct glm_estate *estate, const char *name,
                 const struct glm_cluster_config **ret_config, struct glm_cluster **ret_cluster,
                 bool *ret_tolerate);
/* The cluster in words for people; NULL when it is not to be reached. */
const char *estate_label(struct glm_arena *arena, const struct glm_cluster *cluster);

/* record.c */
/* The record of one cluster: {place, label, istio_operators = {R: "ns/name"}, services = ["ns/name"],
 * healthy = {R: generation}, unsettled = [R], unwaited = [R], altered = {object: JSON},
 * found = {R: JSON}}; from what prior shows when the record does not have it. */
const struct glm_value *record_cluster(struct glm_arena *arena, const struct glm_value *record,
                                       const struct glm_value *prior, const char *cluster);
/* The names of all clusters that the record or prior mention, as a sorted list of strings. */
const struct glm_value *record_clusters(struct glm_arena *arena, const struct glm_value *record,
                                        const struct glm_value *prior);
struct record_parts {
    const char *place;                 /* NULL: not known */
    const char *label;                 /* of files: their place as configured; else NULL */
    const struct glm_value *operators; /* {R: "ns/name"} */
    const struct glm_value *services;  /* ["ns/name"] */
    const struct glm_value *healthy;   /* {R: glm_generation of it when it was last HEALTHY} */
    const struct glm_value *unsettled; /* [R]: the last apply did not see it become HEALTHY */
    const struct glm_value *unwaited;  /* [R]: it was not HEALTHY yet, and no apply has waited */
    const struct glm_value *altered;   /* {"Service ns/name": JSON}: what something in the cluster
                                          makes of what we write, reduced to what is owned */
    const struct glm_value *automatic; /* {R: tag}: of a revision that `auto` stood for */
    const struct glm_value *selected;  /* {R: see selected.c}: by the last look */
    const struct glm_value *found;     /* {R: JSON}: what an import found that was somebody else's,
                                          while nothing else is said of it */
    bool foreign;                      /* imported from somebody else, and not written since */
};
const struct glm_value *record_make_cluster(struct glm_arena *arena,
                                            const struct record_parts *parts);
/* Notes of which desired state a revision was HEALTHY with. generation NULL: not known. */
void record_healthy(struct glm_map_builder *healthy, struct glm_arena *arena, const char *key,
                    const char *generation);
bool record_is_unsettled(const struct glm_value *cluster_record, const char *key);
bool record_is_unwaited(const struct glm_value *cluster_record, const char *key);
const struct glm_value *record_make(struct glm_arena *arena, const struct glm_value *clusters);
/* In a record, an object that had to go but is still there, beside the one that has its revision
 * key now; and the revision key of any recorded key. */
const char *record_leaver_key(struct glm_arena *arena, const char *key, const char *ref);
const char *record_key(struct glm_arena *arena, const char *recorded_key);
/* True when the record of the cluster has the object. */
bool record_has(struct glm_arena *arena, const struct glm_value *cluster_record,
                const struct glm_object_ref *ref);
/* A reference as "ns/name", and back. */
const char *record_ref_text(struct glm_arena *arena, const struct glm_object_ref *ref);
bool record_ref(struct glm_arena *arena, const struct glm_object_kind *kind, const char *text,
                struct glm_object_ref *ret_ref);

/* place.c: where a cluster is, against where the record says that it was. */
enum place_change {
    PLACE_SAME,    /* or the record does not know */
    PLACE_CARRIED, /* files: the same relative path, from another working directory */
    PLACE_OTHER,
};
/* place, label: of the cluster now, by its ops; place NULL: not known. */
enum place_change place_compare(const struct glm_value *cluster_record, const char *place,
                                const char *label);
/* The same of files, whose place is known without asking; PLACE_SAME of an API server. */
enum place_change place_of_files(struct glm_arena *arena, const struct glm_value *cluster_record,
                                 struct glm_cluster *cluster);
/* True when the cluster has one of the recorded objects, and it is that of this resource: files
 * that came along to another place, as with a checkout of their repository. */
bool place_has_ours(struct glm_cluster *cluster, struct glm_arena *arena,
                    const struct glm_value *cluster_record, const char *name,
                    const char *namespace_);
/* The cluster's place as ops->identify tells it; NULL when it does not answer. */
const char *place_text(struct glm_arena *arena, struct glm_cluster *cluster);

/* plan.c: clusters that the state has objects in and the provider no longer serves as before. */
bool plan_check_clusters(struct glm_arena *arena, const struct glm_estate *estate,
                         const struct glm_value *prior, const struct glm_value *record,
                         struct glm_diags *d);

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

/* endings.c: warns of traffic that has no active revision any more, and of Services of others whose
 * gateway goes. after: NULL, all goes. */
void endings_warn(const struct glm_estate *estate, const struct wanted *after,
                  const struct glm_value *prior, const struct glm_value *record,
                  struct glm_diags *d);

/* find.c: true when a list of clusters, null for all, has this one. */
bool cluster_chosen(const struct glm_value *only, const char *name);

/* fanout.c: runs work(job) for every job, at most max_parallel at once, each in a thread with an
 * arena of its own that lives as long as `arena`, and scratch memory that goes when the job is done;
 * then appends their diagnostics in order. */
struct fanout_job {
    struct glm_arena *arena, *scratch;
    struct glm_diags diags;
    void *work;
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
/* The bytes of a text of the attributes as the state has it, of an entry of `services`, and of all
 * that attributes have of a cluster. */
size_t intake_of_text(const struct glm_value *text);
size_t intake_of_service(const struct glm_value *service);
size_t intake_of_cluster(const struct glm_value *attributes, const char *cluster);

/* claims.c */
/* Claims `what` ("Service ns/name") in a place, by ops->identify, for one apply (taker). NULL, or
 * the resource "ns/name" of the apply that has it; claims may be NULL. */
const char *claims_take(struct glm_claims *claims, struct glm_arena *arena, const void *taker,
                        const char *where, const char *what, const char *resource);
/* Before the arenas of the claims are destroyed. */
void claims_release(struct glm_claims *claims, const void *taker);

/* shown.c: objects as the attributes show them, JSON text. */
/* text as a value; prior itself when it says the same, so that nothing differs by spelling. */
const struct glm_value *shown_text(struct glm_arena *arena, const struct glm_value *prior,
                                   const char *text);
/* True when the two texts hold the same document. */
bool shown_equal(struct glm_arena *arena, const struct glm_value *a, const struct glm_value *b);
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
/* {manifest, addresses} */
const struct glm_value *shown_service(struct glm_arena *arena, const struct glm_value *manifest,
                                      const struct glm_value *addresses);
/* A found object as it is shown: without owner labels and view while those are as we write them
 * (expected), with all its labels and annotations when they are not, so that the drift shows. */
const struct glm_value *shown_object(struct glm_arena *arena, const struct glm_value *found,
                                     const struct glm_value *expected);
/* The same of a live object, reduced to what is owned; of labels and annotations that are not as
 * expected only those, null where one is missing. */
const struct glm_value *shown_live(struct glm_arena *arena, const struct glm_value *found,
                                   const struct glm_value *owned, const struct glm_value *expected);
/* A live object without what is the API server's and other people's: what one would have written. */
const struct glm_value *live_bare(struct glm_arena *arena, const struct glm_value *found);
/* The document in a text of an attribute; the null value when there is none. */
const struct glm_value *shown_document(struct glm_arena *arena, const struct glm_value *text);
/* The host names and addresses of a live Service's load balancer. */
const struct glm_value *shown_addresses(struct glm_arena *arena, const struct glm_value *service);

/* status.c: one entry of status.clusters[c].installations. */
const struct glm_value *status_entry(struct glm_arena *arena, enum glm_state state,
                                     const char *revision, const char *message);
/* The entry of a pair that was written to its place without a fault. */
const struct glm_value *status_written(struct glm_arena *arena, const char *revision,
                                       const char *place);
const struct glm_value *status_get(const struct glm_value *attributes, const char *cluster,
                                   const char *revision_key);
/* {clusters = {c = {installations = ...}}} from a map of maps of entries; unknown stays. */
const struct glm_value *status_wrap(struct glm_arena *arena, const struct glm_value *by_cluster);

/* lists.c */
/* Objects of a kind, always as a list: empty where the kind is not served, which ret_served (may be
 * NULL) tells. false: the cluster cannot be asked. */
bool list_objects(struct glm_cluster *cluster, struct glm_arena *arena,
                  const struct glm_object_kind *kind, const struct glm_selection *selection,
                  const struct glm_value **ret_list, bool *ret_served, struct glm_diags *d);
/* The same for what is of use but not needed: without the right to look there are none. */
const struct glm_value *list_if_allowed(struct glm_cluster *cluster, struct glm_arena *arena,
                                        const struct glm_object_kind *kind,
                                        const struct glm_selection *selection);
/* Of an object of a kind that is not served (why), whether it is gone: with a CustomResourceDefinition
 * Kubernetes removes every object of it. Every API server has Services, and namespaces: where those are
 * not served either, something else has answered. false: an error says so. */
bool kind_is_gone(struct glm_cluster *cluster, struct glm_arena *arena,
                  const struct glm_object_ref *ref, const char *why, struct glm_diags *errors);

/* observe.c: what a live cluster has of one installation. */
struct sight {
    enum glm_found found;           /* FOUND, NOTHING or NO_API */
    const struct glm_value *object; /* the IstioOperator; the null value unless FOUND */
    const struct glm_target *targets;
    const struct glm_value **deployments; /* beside targets; the null value: not there */
    size_t target_count;
    struct glm_judgement judgement;
};
struct sight_of {
    struct glm_object_ref ref;
    bool wanted;
    const char *healthy, *written; /* see struct glm_observed */
};
/* false when the cluster cannot be asked. */
bool observe(struct glm_cluster *cluster, struct glm_arena *arena, const struct sight_of *of,
             struct sight *ret_sight, struct glm_diags *d);
/* The same of an IstioOperator that has been read already. */
bool observe_object(struct glm_cluster *cluster, struct glm_arena *arena,
                    const struct glm_value *object, const struct sight_of *of,
                    struct sight *ret_sight, struct glm_diags *d);
/* "app=x,istio=y": labels as a selection takes them; "" of what is no map. */
const char *observe_labels(struct glm_arena *arena, const struct glm_value *labels);
/* Why the gateways are not ready, by conditions, Pods and events; "" when nothing says. */
const char *observe_why(struct glm_cluster *cluster, struct glm_arena *arena,
                        const struct sight *sight);

/* selected.c */
/* Services of a live cluster that are not managed here and select the gateways of an IstioOperator
 * by their revision: [{"service": "ns/a", "selector": {k: v}}], as the record has them; of many the
 * first ones, and then {"more": 3}. */
const struct glm_value *selected_by(struct glm_cluster *cluster, struct glm_arena *arena,
                                    const struct glm_value *istio_operator);
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
/* "20m0s", "1.5s" */
const char *clock_duration(struct glm_arena *arena, int64_t milliseconds);

#endif
