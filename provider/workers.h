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

/* With its first thread, so that a job can always wait for its turn: a caller that had to run it
 * itself would be deaf meanwhile. NULL: there is no thread, or no memory, to be had. */
struct glm_workers *glm_workers_create(void);
void glm_workers_submit(struct glm_workers *workers, struct glm_job *job);

#endif
