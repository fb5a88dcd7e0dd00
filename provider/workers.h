/* SPDX-License-Identifier: Apache-2.0
 *
 * Workers: threads for calls that wait, started one by one as they are needed.
 *
 * Owner:  whoever created the pool; it lives as long as the process.
 * Rule:   up to GLM_WORKERS_MAX calls at once (Terraform's -parallelism may be above its default
 *         of 10); more wait in a queue, in order.
 * Thread: any.
 */
#ifndef GLM_WORKERS_H
#define GLM_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

#define GLM_WORKERS_MAX 128

/* What is queued; the first member of whatever the caller queues. */
struct glm_job {
    struct glm_job *next;
    void (*run)(struct glm_job *job);
};

struct glm_workers;

/* NULL when there is no memory. */
struct glm_workers *glm_workers_create(void);
/* Of a pool that never had a job: threads are never taken back. */
void glm_workers_destroy(struct glm_workers *workers);
/* false: no thread could be started and none is there; the job is not taken. */
bool glm_workers_submit(struct glm_workers *workers, struct glm_job *job);

#endif
