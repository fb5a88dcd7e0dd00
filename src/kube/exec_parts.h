/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files about credential plugins share.
 *
 *   exec.c          a plugin's run: what it is given, what it must answer
 *   exec_process.c  a program, run by argv, ended when it takes too long
 *   exec_words.c    what a program complained about, made fit to be shown
 */
#ifndef GLM_KUBE_EXEC_PARTS_H
#define GLM_KUBE_EXEC_PARTS_H

#include "access_parts.h"

/* ---- exec.c ---- */

/* The variable KUBERNETES_EXEC_INFO: tells equal plugins for different clusters apart, too. */
const char *exec_info(struct glm_arena *arena, const struct access *access);

/* ---- exec_process.c ---- */

struct exec_program {
    const char *path;
    const char *const *argv, *const *environment; /* ended by NULL */
    int64_t timeout_ms;
    size_t output_max;
    const atomic_bool *stop;
};

enum exec_end {
    EXEC_EXITED,      /* code: its exit code */
    EXEC_KILLED,      /* code: the signal */
    EXEC_NOT_STARTED, /* code: errno */
    EXEC_TIMEOUT,
    EXEC_STOPPED,
    EXEC_TOO_LARGE,
};

struct exec_result {
    enum exec_end end;
    int code;
    const char *output;
    size_t output_len;
    const char *complaint; /* the end of its stderr, as it came */
    size_t complaint_len;
};

/* The program has /dev/null as stdin, pipes of its own as stdout and stderr, nothing else of ours,
 * and a process group of its own. Returns when it has ended, or it and its group were killed. */
void exec_process(struct glm_arena *arena, const struct exec_program *program,
                  struct exec_result *ret_result);

/* ---- exec_words.c ---- */

/* The last lines of a complaint, "" where there is none: limited, without control characters,
 * without the values of the plugin's own variables and without lines that look like credentials. */
const char *exec_complaint(struct glm_arena *arena, const struct exec_config *exec,
                           const struct exec_result *result);

/* ---- credential_time.c ---- */

/* RFC 3339: "2026-01-02T03:04:05Z", with a fraction or an offset. Seconds since 1970. */
bool credential_time(const char *text, int64_t *ret_seconds);
int64_t credential_now(void);          /* seconds since 1970 */
int64_t credential_monotonic_ms(void); /* since some moment */

/* ---- credential_plugin.c ---- */

struct plugin; /* of one table, shared by those who have equal ones */

struct plugin *plugin_of(struct glm_plugins *plugins, const struct access *access);
/* See credentials_get. */
bool plugin_get(struct glm_plugins *plugins, struct plugin *plugin, const struct access *access,
                const atomic_bool *stop, struct glm_arena *arena, uint64_t refused,
                struct credential *ret_credential, struct glm_diags *d);

#endif
