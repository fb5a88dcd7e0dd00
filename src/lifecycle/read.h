/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of a read share:
 *
 *   read.c          all entries of `clusters`, and what comes of them
 *   read_parts.c    what is recorded of one entry, in order
 *   read_cluster.c  one entry: everything that is recorded there
 *   read_pair.c     one pair: its status
 *   read_object.c   one object: looked at
 *   read_entries.c  ... and where it is not as its manifest
 */
#ifndef GLM_LIFECYCLE_READ_H
#define GLM_LIFECYCLE_READ_H

#include "lifecycle_internal.h"

/* What is recorded of an entry, in the order in which it is looked at. */
enum read_part {
    READ_PART_SHARED, /* stands for several pairs */
    READ_PART_PAIRS,  /* stands for one */
    READ_PART_OTHERS,
    READ_PART_TRAFFIC, /* outlives pairs */
    READ_PARTS
};

/* What a read comes to beside struct read_entries, a map each. */
enum read_of {
    READ_STATUS, /* of pairs */
    READ_NOTES,  /* of pairs, see record_with_notes */
    READ_RESULTS
};

/* A pair of which something is here, and what stands for it alone. */
struct read_pair {
    const char *cluster, *key;
    const struct record_object *mains;
    size_t main_count;
};

/* Where an object of a cluster is not as its manifest. */
struct read_entries {
    const char *cluster;      /* that its pair is installed into */
    const char *key, *object; /* as in struct shape_object */
    bool service, nobodys;    /* nobodys: it selects no installation */
    const struct glm_value *entries;
    const struct glm_value *manifest;  /* of one that the state does not have; NULL: it has it */
    const struct glm_value *addresses; /* of a Service */
    const struct read_entries *next;
};

struct reading {
    const struct glm_estate *estate;
    const struct glm_change *change;
    const struct shape_documents *documents; /* of prior */
    const struct wanted *before;             /* prior, for what is owned; NULL: not possible */
    const struct wanted_seat *applied;       /* of that, what this entry got; NULL: not possible */
    const char *name, *namespace_;
    const char *cluster_name;
    struct glm_cluster *cluster;
    const char *label, *place;
    bool tolerate;
    bool
        moved; /* the record, and so the state, speaks of another place, and nothing of that is here */
    bool settled; /* files: the record's place may be what it is now */
    const struct time_limit *limit;
    const struct glm_value *record;      /* of this entry */
    const struct record_object *objects; /* ... what it has, in the order of enum read_part */
    size_t object_count;
    size_t parts[READ_PARTS + 1]; /* ... where each part begins */
    const struct read_pair *pairs;
    size_t pair_count;
    /* What entries have of other clusters' pairs, by entries_key: pairs, and Services. */
    const struct glm_value *elsewhere;
    struct share share;
    struct glm_arena *scratch;  /* of this entry */
    struct read_object *shared; /* what stands for all pairs, looked at */
    size_t shared_count;
    struct glm_arena *said; /* what lives as long as the read, whatever comes of it */
    struct glm_arena *kept; /* the results; everything else is scratch, and goes with its object */

    /* results; by entries_key, because what is here may be for pairs of other clusters */
    bool answered;
    size_t recorded, found;
    const struct read_entries *entries;
    struct glm_map_builder results[READ_RESULTS];
    struct glm_map_builder owners; /* of what another resource has taken, by its text */
    struct glm_map_builder gone;   /* what was there and is not, by its text */
};

/* One recorded object, looked at. */
struct read_object {
    const struct record_object *recorded;
    const char *cluster;       /* that its pair is installed into */
    struct glm_object_ref ref; /* kind NULL: this release does not know it */
    struct glm_read look;
    /* It is to the byte as the configuration of the state has it written, and look.object is that very
     * object. NULL: that is not known. */
    const struct wanted_object *as_applied;
};

/* ---- read_object.c ---- */

/* The record that has the notes of a cluster's pairs. */
const struct glm_value *read_record(const struct reading *reading, const char *cluster);
/* Looks at a recorded object. false: the cluster does not answer, and errors say why. */
bool read_look(struct reading *reading, struct glm_arena *arena,
               const struct record_object *recorded, struct read_object *ret,
               struct glm_diags *errors, struct glm_diags *d);
/* The installer that made an object, as the record of its pair says. NULL: this release has none of that
 * name. */
const struct glm_installer *read_maker(const struct reading *reading, const struct read_object *o);
/* The view that it was written with, by the configuration of the state; NULL: none. */
const char *read_view_of(const struct reading *reading, const struct read_object *o);
/* The other resource that an object belongs to by its labels; NULL: none. */
const char *read_taken_by(const struct reading *reading, struct glm_arena *arena,
                          const struct read_object *o);
/* True for an object that was imported from somebody else and is as it was: that it does not carry our
 * labels is no drift, and the next write puts them on. */
bool read_is_foreign(const struct reading *reading, struct glm_arena *arena,
                     const struct read_object *o);

/* ---- read_entries.c ---- */

/* Where an object that was looked at is not as its manifest, into the results. Returns the bytes that go
 * into the state. */
size_t read_compare(struct reading *reading, struct glm_arena *arena, const struct read_object *o,
                    struct glm_diags *d);

/* ---- read_pair.c ---- */

/* The revision of a pair, "" where it has none. */
const char *read_revision_of_key(const char *key);

/* Its status, by its main objects; false when the cluster stops answering. */
bool read_status(struct reading *reading, struct glm_arena *arena, const struct read_pair *pair,
                 const struct read_object *objects, size_t count, struct glm_diags *errors);
/* A pair without objects keeps the status that it has, and what the next plan has to settle stays so. */
void read_keep_status(struct reading *reading, const char *cluster, const char *key,
                      const struct glm_value *status);

/* ---- read_parts.c ---- */

/* Sorts what the record has of an entry, and finds the pairs of which something is there. */
void read_sort(struct glm_arena *arena, struct reading *reading);
/* Adds what is there of other clusters' pairs to {entries_key: true}. */
void read_note_elsewhere(struct glm_map_builder *elsewhere, const struct reading *reading);
/* True for a cluster all of whose pairs have their objects in other entries. */
bool read_is_nothing_there(const struct reading *reading);

/* ---- read_cluster.c ---- */

/* One entry, into the results. */
void read_one_cluster(struct fanout_job *job);

#endif
