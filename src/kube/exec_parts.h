/* SPDX-License-Identifier: Apache-2.0
 *
 * What credentials and the programs that get them are made of.
 *
 *   credential_time.c  when credentials expire, and what time it is
 *   exec.c             a plugin's run: what it is given, where it is, how it ended
 *   exec_answer.c      what it must answer: pure
 *   exec_process.c     a program, run by argv, ended when it takes too long
 *   exec_words.c       what a program wrote to stderr, made fit to be shown: pure
 */
#ifndef GLM_KUBE_EXEC_PARTS_H
#define GLM_KUBE_EXEC_PARTS_H

#include "internal.h"

/* ---- credential.c ---- */

/* Why a text cannot be sent as a token, as a clause that does not hold it; NULL: it can. */
const char *credential_token_problem(const char *token, size_t len);

/* ---- credential_time.c ---- */

/* RFC 3339: "2026-01-02T03:04:05Z", with a fraction or an offset. Seconds since 1970. */
bool credential_time(const char *text, int64_t *ret_seconds);
int64_t credential_now(void); /* seconds since 1970 */

/* ---- exec.c ---- */

/* The variable KUBERNETES_EXEC_INFO. */
const char *exec_info(struct glm_arena *arena, const struct access *access);
/* "the credential plugin aws", for messages. */
const char *exec_label(struct glm_arena *arena, const struct access *access);

/* ---- exec_process.c ---- */

struct exec_program {
    const char *path;                             /* looked up in PATH when there is no "/" in it */
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
    const char *output; /* from stdout, as it came */
    size_t output_len;
    const char *words; /* the end of its stderr, as it came */
    size_t words_len;
};

/* The program has /dev/null as stdin, pipes of its own as stdout and stderr, nothing else of ours,
 * and a process group of its own. Returns when it has ended, or it and its group were killed. */
void exec_process(struct glm_arena *arena, const struct exec_program *program,
                  struct exec_result *ret_result);

/* ---- exec_answer.c ---- */

/* The `status` of the ExecCredential that a program has printed, checked, or an error that holds
 * nothing of it. */
bool exec_answer(struct glm_arena *arena, const struct access *access,
                 const struct exec_result *result, const struct glm_value **ret_status,
                 struct glm_diags *d);

/* ---- exec_words.c ---- */

/* The last lines of its stderr, "" where there are none: limited, as UTF-8 without control
 * characters, without values of variables whose names speak of secrets and without what looks like
 * a credential. */
const char *exec_words(struct glm_arena *arena, const struct exec_config *exec,
                       const struct exec_result *result);

#endif
