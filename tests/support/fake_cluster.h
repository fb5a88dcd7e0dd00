/* SPDX-License-Identifier: Apache-2.0
 *
 * A fake cluster: objects in memory, and faults on demand. For what no real place can be made to
 * do at the right moment.
 *
 * Thread: as cluster.h wants it, any.
 */
#ifndef GLM_FAKE_CLUSTER_H
#define GLM_FAKE_CLUSTER_H

#include "glm/cluster.h"

#include <stdatomic.h>

struct glm_fake_cluster;

struct glm_cluster *glm_fake_create(const char *name);
/* One that counts as an API server: its objects are no files. Nobody acts on them either. */
struct glm_cluster *glm_fake_create_live(const char *name);

/* From now on writes of a live one are server-side applies, of fields that managers own (fake_owned.h), with
 * resourceVersions, UIDs and generations; lists have what their kind's label selects; and what has finalizers
 * is not removed. */
void glm_fake_own_fields(struct glm_cluster *cluster);
/* Of one that owns fields: what a program in the cluster applies, with force, whatever else fails. */
void glm_fake_apply_as(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                       const struct glm_value *object, const char *manager);
/* Of one that owns fields: writes of a kind, and rehearsals of them, are refused; NULL: of none. */
void glm_fake_refuse_writes(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                            const char *why);
/* Lists of a kind are remembered as they are now, for whoever does not ask afresh; NULL: of none. */
void glm_fake_remember(struct glm_cluster *cluster, const struct glm_object_kind *kind);
/* Lists that were asked for afresh. */
unsigned glm_fake_fresh_lists(const struct glm_cluster *cluster);
/* ... and rehearsals of a kind tell nothing. */
void glm_fake_untell(struct glm_cluster *cluster, const struct glm_object_kind *kind);
/* Of one that owns fields: after the nth write or removal from now every operation fails, and the flag becomes
 * true, so that nobody waits for it. */
void glm_fake_die_after(struct glm_cluster *cluster, unsigned nth, atomic_bool *stop);
/* ... and of that write nobody hears: its answer is lost. */
void glm_fake_die_unheard(struct glm_cluster *cluster, bool unheard);

/* The nth operation from now (1 is the next) fails with `why`; 0: none does. */
void glm_fake_fail_at(struct glm_cluster *cluster, unsigned nth, const char *why);
/* The nth write of a kind is carried out, and its answer lost: it fails. */
void glm_fake_lose_at(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                      unsigned nth);
/* The same, but the answer is that it has to be looked at again, and the next operation fails. */
void glm_fake_stale_at(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                       unsigned nth);
/* Every operation fails. */
void glm_fake_break(struct glm_cluster *cluster, bool broken);
/* Lists of one kind fail with `why`; NULL: no longer. */
void glm_fake_refuse(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                     const char *why);
/* The same for want of rights. */
void glm_fake_deny(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                   const char *why);
/* Every write that does not take fields by force is refused because of these, which are borrowed. */
void glm_fake_conflict(struct glm_cluster *cluster, const struct glm_conflict *conflicts,
                       size_t count);
/* A kind that the cluster does not serve at all, or does again. */
void glm_fake_unserve(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                      bool unserved);
/* After the nth write the flag becomes true, as StopProvider would make it. */
void glm_fake_stop_after(struct glm_cluster *cluster, unsigned nth_write, atomic_bool *flag);

/* What a person with kubectl would do. object NULL: delete. */
void glm_fake_put(struct glm_cluster *cluster, const struct glm_value *object);
/* The same of a kind that is not of glm_object_kinds. */
void glm_fake_put_as(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                     const struct glm_value *object);
void glm_fake_delete(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                     const char *ns, const char *name);
/* Whatever is written there, and whatever the object says it is: this is what the cluster has. */
void glm_fake_fix(struct glm_cluster *cluster, const struct glm_object_ref *ref,
                  const struct glm_value *object);
/* Called whenever somebody waits for something to happen; the wait is over at once. */
void glm_fake_each_round(struct glm_cluster *cluster, void (*round)(void *context), void *context);
/* ... and after every write and removal, too. */
void glm_fake_each_change(struct glm_cluster *cluster);
/* Something at the object's place that is not that object. */
void glm_fake_garble(struct glm_cluster *cluster, const struct glm_object_kind *kind,
                     const char *ns, const char *name);
/* The null value when absent. Lives as long as the cluster. */
const struct glm_value *glm_fake_get(struct glm_cluster *cluster,
                                     const struct glm_object_kind *kind, const char *ns,
                                     const char *name);

/* For how many milliseconds, by ops->within, whoever listed or wrote last had a live one; 0: nobody
 * has said, or none did. */
int64_t glm_fake_listed_within(const struct glm_cluster *cluster);
int64_t glm_fake_wrote_within(const struct glm_cluster *cluster);
unsigned glm_fake_writes(const struct glm_cluster *cluster);
/* Writes that were only rehearsed. */
unsigned glm_fake_rehearsals(const struct glm_cluster *cluster);
unsigned glm_fake_removals(const struct glm_cluster *cluster);
unsigned glm_fake_operations(const struct glm_cluster *cluster);
size_t glm_fake_count(const struct glm_cluster *cluster);

#endif
