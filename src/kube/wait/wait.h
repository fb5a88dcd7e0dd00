/* SPDX-License-Identifier: Apache-2.0
 *
 * Waiting, with limits and stops: what all rooms below src/kube/ stand on.
 *
 *   clock.c  conditions by the monotonic clock, and pauses
 *   aside.c  work that takes as long as somebody else likes: it is done in a thread of its own, and
 *            whoever waits for it has limits of his own and may leave. What cannot even be killed, in a
 *            file system that has gone away, is a process's (src/away), and the thread waits for that
 *
 * Owner:  the work has an arena of its own, in which everything is that it touches; the last of its
 *         users, of which its thread is one, takes it along.
 * Errors: the work's own.
 * Thread: any; the work's result is nobody's before it is done, and constant then.
 *
 * Times that something has to be done by (until_ms) are in milliseconds of glm_clock_ms.
 */
#ifndef GLM_KUBE_WAIT_H
#define GLM_KUBE_WAIT_H

#include "glm/arena.h"
#include "glm/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- clock.c ---- */

/* Its time is over; 0: never. */
bool kube_late(int64_t until_ms);
/* Between half of it and one and a half. */
int64_t kube_jitter(int64_t milliseconds);
/* A condition that is waited for by glm_clock_ms, and the wait for it. */
void kube_cond_init(pthread_cond_t *cond);
void kube_cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_ms);
/* Until then, or until it is time to look at the stop flag again. */
void kube_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_ms);

/* ---- aside.c ---- */

struct aside;

/* Begins. Takes the arena, in which context is. NULL, and the arena is still the caller's: no thread
 * can be started, *ret_error is an errno. left: becomes true when nobody waits any more; the work
 * may look at it, and end sooner. */
struct aside *kube_aside_begin(struct glm_arena *arena,
                               void (*run)(struct glm_arena *arena, void *context,
                                           const atomic_bool *left),
                               void *context, int *ret_error);
/* NULL: nothing happens, as with the drop. */
struct aside *kube_aside_take(struct aside *aside);
/* Who is the last but the thread itself leaves it. */
void kube_aside_drop(struct aside *aside);
/* `left` becomes true now: it is to end as soon as it can. */
void kube_aside_leave(struct aside *aside);

/* Why none can be begun, and what to do, as the end of a sentence: "cannot be started (...): ...". */
const char *kube_aside_why_not(struct glm_arena *arena, int error);

enum aside_end { ASIDE_DONE, ASIDE_STOPPED, ASIDE_LATE };

/* Waits for its end. stop, cancel: NULL: there is none; until_ms: by glm_clock_ms. */
enum aside_end kube_aside_wait(struct aside *aside, const atomic_bool *stop,
                               const atomic_bool *cancel, int64_t until_ms);
bool kube_aside_is_done(struct aside *aside);
/* What was given to kube_aside_begin; the result is in it when it is done. */
void *kube_aside_context(struct aside *aside);

#endif
