/* SPDX-License-Identifier: Apache-2.0
 *
 * Process: what surrounds the plugin: descriptors, limits, signals, core dumps, its end.
 *
 * Terraform takes SIGINT and SIGTERM as a request to stop, sends StopProvider and writes down what was
 * done. Both reach the whole process group, so the plugin must not end by them: what it has written
 * would be in no state. It stops its calls, and ends when Terraform says so or is gone.
 *
 * Thread: main, once each, in the order of this file; the questions: any.
 */
#ifndef GLM_PROCESS_H
#define GLM_PROCESS_H

#include "glm/arena.h"
#include "provider.h"

#include <stdbool.h>

/* Before all else: the three standard descriptors are open or taken, signals are handled, what can be
 * raised of the limits is. under_terraform: no core dumps, and no signal that a terminal or a CI job
 * sends ends the process; else each of them does. */
void glm_process_begin(bool under_terraform);
/* False: this process cannot serve, and ret_why says which limit is too low, or which file that a variable
 * names does not answer, in one line. */
bool glm_process_can_serve(struct glm_arena *arena, const char **ret_why);
/* Runs on the main thread, or on one with a stack that is large enough. The result of run. */
int glm_process_run(int (*run)(void));

/* path: the socket's, removed at the end; it must live as long as the process. */
void glm_process_owns_socket(const char *path);
/* From now on SIGINT and SIGTERM stop the provider's calls, as StopProvider does. One that came before, too. */
void glm_process_serves(struct glm_provider *provider);
bool glm_process_terminated(void);

/* Threads are still at work: exit() would take their world down under them. */
_Noreturn void glm_process_end(void);

#endif
