/* SPDX-License-Identifier: Apache-2.0
 *
 * The record: the resource's private state, and what a plan, an apply and a read ask of it.
 *
 * What:   where the objects of each cluster are, which, and what the next plan has to know of them.
 *         record.c has the shape, record_shown.c makes good for what is missing in it by what the
 *         state shows, record_lean.c leaves that out when it is written, record_v1.c reads what
 *         0.1.0 wrote, record_codec.c has all of it as bytes.
 *         Nobody else knows the shape.
 * Owner:  what is returned lives in the arena given, or is borrowed from the record.
 * Errors: none; what is damaged counts as not there. glm_record_decode refuses what is newer.
 */
#ifndef GLM_LIFECYCLE_RECORD_H
#define GLM_LIFECYCLE_RECORD_H

#include "glm/installer.h"
#include "glm/lifecycle.h"

/* ---- clusters ---- */

/* record_shown.c: the record of one cluster; from what prior shows when the record does not have it. */
const struct glm_value *record_cluster(struct glm_arena *arena, const struct glm_value *record,
                                       const struct glm_value *prior, const char *cluster);
/* Whether prior shows an object of a pair in its cluster, wherever that is written to. */
bool record_shows_pair(struct glm_arena *arena, const struct glm_value *prior, const char *cluster,
                       const char *key);
/* The names of all clusters that the record or prior mention, as a sorted list of strings. */
const struct glm_value *record_clusters(struct glm_arena *arena, const struct glm_value *record,
                                        const struct glm_value *prior);
/* record_codec.c: the whole record, of a map of clusters. */
const struct glm_value *record_make(struct glm_arena *arena, const struct glm_value *clusters);
/* One cluster's. place, label: NULL, not known, or not of files. objects: by their texts, see
 * record_object_make; pairs: by their revision keys, see record_pair_make. */
const struct glm_value *record_cluster_make(struct glm_arena *arena, const char *place,
                                            const char *label, const struct glm_value *objects,
                                            const struct glm_value *pairs);

/* All objects, all pairs of a cluster, as record_cluster_make takes them; the null value: none. */
const struct glm_value *record_cluster_objects(const struct glm_value *cluster_record);
const struct glm_value *record_cluster_pairs(const struct glm_value *cluster_record);

/* The place that the entry of `clusters` led to at the last look, when that is another one than where
 * these objects are; NULL: it is not known to be. Of API servers, which a plan does not ask. */
const char *record_leads_to(const struct glm_value *cluster_record);
/* The same record with it. place: NULL, without. */
const struct glm_value *record_with_leads_to(struct glm_arena *arena,
                                             const struct glm_value *cluster_record,
                                             const char *place);
/* All objects as text, for people; of very many the first, and how many more. */
const char *record_names(struct glm_arena *arena, const struct glm_value *cluster_record);

/* ---- objects ---- */

/* One object that a cluster's record has. */
struct record_object {
    const char *text;    /* "Deployment gateways/ingress-1-24", see record_ref */
    const char *pair;    /* the revision key that it was made for; NULL: it is for several */
    const char *cluster; /* that this pair is installed into; NULL: the one that the object is in */
    enum glm_role role;  /* never GLM_ROLE_NAMESPACE */
    bool main;           /* stands for its pair */
    bool leaves;         /* had to go and is still there; its pair has another main one, or none */
    bool foreign;        /* imported from somebody else, and not written since */
    const char
        *owner; /* whose it is by its labels, at the last read; NULL: ours, as far as is known */
    /* Where it is not what was written, because something in the cluster makes that of it: {PATH: TEXT}, as
     * glm_differences has it of what is owned. A string, of earlier releases: all of that as JSON. NULL:
     * nothing does. */
    const struct glm_value *altered;
    const char *found; /* JSON: what an import found that was somebody else's, while nothing else
                            is said of it. NULL: nothing */
};
/* Its value, under its text. */
const struct glm_value *record_object_make(struct glm_arena *arena,
                                           const struct record_object *object);
/* The one of this text. false: there is none. */
bool record_object_find(const struct glm_value *cluster_record, const char *text,
                        struct record_object *ret_object);
/* All, sorted by text. Returns how many. */
size_t record_objects(struct glm_arena *arena, const struct glm_value *cluster_record,
                      const struct record_object **ret_objects);
/* True when it has an object; one that stands for a pair; one that stands for several; this one. */
bool record_has_any(const struct glm_value *cluster_record);
bool record_has_mains(const struct glm_value *cluster_record);
bool record_has_shared(const struct glm_value *cluster_record);
bool record_has(struct glm_arena *arena, const struct glm_value *cluster_record,
                const struct glm_object_ref *ref);
/* The text of the (first) main object of a pair that does not leave; NULL: there is none. of: the
 * cluster of the pair as in struct record_object. */
const char *record_main(const struct glm_value *cluster_record, const char *key);
const char *record_main_of(const struct glm_value *cluster_record, const char *of, const char *key);
/* True when it has an object of the pair. */
bool record_has_object_of(const struct glm_value *cluster_record, const char *of, const char *key);
/* True when something that was made for the pair had to go, and is still there. */
bool record_has_leaver_of(const struct glm_value *cluster_record, const char *of, const char *key);
/* The cluster of a pair whose objects are in `in`, as struct record_object has it. */
const char *record_pair_cluster(const char *in, const char *of);
/* What struct record_object has of an object; NULL, false: nothing. */
const struct glm_value *record_altered(struct glm_arena *arena,
                                       const struct glm_value *cluster_record,
                                       const struct glm_object_ref *ref);
const char *record_found(struct glm_arena *arena, const struct glm_value *cluster_record,
                         const struct glm_object_ref *ref);
bool record_is_foreign(struct glm_arena *arena, const struct glm_value *cluster_record,
                       const struct glm_object_ref *ref);

/* A reference as "Kind ns/name", or "Kind name" of a kind that is in no namespace, to the character;
 * and back. false: it is none (no object has such a name), or of a kind that this release does not
 * know. */
const char *record_text(struct glm_arena *arena, const struct glm_object_ref *ref);
bool record_ref(struct glm_arena *arena, const struct glm_estate *estate, const char *text,
                struct glm_object_ref *ret_ref);
/* True for one that an object can have: an API server takes such names. */
bool record_is_ref(const struct glm_object_ref *ref);
/* The same of a kind that is known and has namespaces: "ns/name". */
const char *record_ref_text(struct glm_arena *arena, const struct glm_object_ref *ref);
bool record_ref_as(struct glm_arena *arena, const struct glm_object_kind *kind, const char *text,
                   struct glm_object_ref *ret_ref);

/* {text: owner} of those that are not ours any more. */
const struct glm_value *record_owners(struct glm_arena *arena,
                                      const struct glm_value *cluster_record);
/* The same cluster after a look at all of its objects. */
const struct glm_value *record_with_owners(struct glm_arena *arena,
                                           const struct glm_value *cluster_record,
                                           const struct glm_value *owners);

/* ---- pairs ---- */

/* What is noted of one, whether it has objects or not. */
struct record_pair {
    const char *seat;      /* the entry of `clusters` that its objects are in; NULL: its own */
    const char *installer; /* the name of the one that made it; NULL: the default */
    const char
        *from; /* the name of the one that made it before and has not let go of all of it; NULL:
                              none has anything of it */
    const char *healthy;   /* glm_object_generation of its main objects when it was last HEALTHY;
                              NULL: never */
    bool unsettled;        /* the last apply did not see it become HEALTHY */
    bool unwaited;         /* it was not HEALTHY yet, and no apply has waited */
    const char *automatic; /* the tag of a revision that `auto` stood for; NULL: it was none */
    const struct glm_value *selected; /* see selected.c, by the last look; NULL, empty: by nobody */
};
/* Its value, under its key; empty when there is nothing to note. */
const struct glm_value *record_pair_make(struct glm_arena *arena, const struct record_pair *pair);
/* The value of a pair that the next plan has to settle, whatever else is noted of it. */
const struct glm_value *record_pair_unsettled(struct glm_arena *arena,
                                              const struct glm_value *pair);
struct record_pair record_pair(const struct glm_value *cluster_record, const char *key);
/* One of them. */
const char *record_generation(const struct glm_value *cluster_record, const char *key);
const char *record_automatic(const struct glm_value *cluster_record, const char *key);
const struct glm_value *record_selected_by(const struct glm_value *cluster_record, const char *key);
bool record_is_unsettled(const struct glm_value *cluster_record, const char *key);
bool record_is_unwaited(const struct glm_value *cluster_record, const char *key);
/* The same cluster with what a read notes of pairs, all but seat, installer, from and automatic, which
 * stay. notes: by
 * revision keys, see record_pair_make; pairs that are not among them are as they were. */
const struct glm_value *record_with_notes(struct glm_arena *arena,
                                          const struct glm_value *cluster_record,
                                          const struct glm_value *notes);

/* ---- between the files of the record ---- */

/* True for a text of the form "Kind ns/name" or "Kind name". */
bool record_is_text(const char *text);
/* record_shown.c: what a state shows, to be asked of one cluster after another. */
struct record_shown {
    struct glm_arena *arena;
    const struct glm_installer *const
        *installers; /* NULL: not known, all objects stand for a pair */
    const struct glm_value *prior;
    struct record_key *keys; /* private */
    size_t key_count;
};
void record_shown_begin(struct record_shown *s, struct glm_arena *arena,
                        const struct glm_installer *const *installers,
                        const struct glm_value *prior);
/* What is recorded of a cluster, and what the state shows of it. */
const struct glm_value *record_with_shown(struct record_shown *s, const struct glm_value *recorded,
                                          const char *cluster);
/* record_lean.c: the record as it is written beside these attributes; and the whole again, of what was
 * written, and of what was not because prior shows it. */
const struct glm_value *record_lean(struct glm_arena *arena,
                                    const struct glm_installer *const *installers,
                                    const struct glm_value *record,
                                    const struct glm_value *attributes);
const struct glm_value *record_whole(struct glm_arena *arena,
                                     const struct glm_installer *const *installers,
                                     const struct glm_value *lean, const struct glm_value *prior);
/* record_v1.c: one cluster of a record of version 1. */
const struct glm_value *record_v1_cluster(struct glm_arena *arena, const struct glm_value *v1);

#endif
