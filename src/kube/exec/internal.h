/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of this room share: exec.h has what each is for.
 */
#ifndef GLM_KUBE_EXEC_INTERNAL_H
#define GLM_KUBE_EXEC_INTERNAL_H

#include "exec.h"

#include "glm/clock.h"
#include "glm/codec.h"
#include "glm/text.h"

#define KUBE_EXEC_OUTPUT_MAX ((size_t)4 << 20)
#define KUBE_EXEC_TIMEOUT_MS INT64_C(60000) /* where nobody says how long a plugin may run */
#define KUBE_TOKEN_MAX ((size_t)1 << 20)

/* ---- cache.c ---- */

/* Clusters that have equal plugins (command, arguments, environment, cluster information, how long
 * it may take) share one answer, until 10 s before it expires or until it is refused, and one run.
 * A plugin that answers a refused credential again is not asked because of a refusal for a minute.
 * A run that ended for want of its caller's time is not the end for who has more. Otherwise as
 * credentials_get. */
bool exec_cache_get(struct glm_exec_cache *cache, const struct access *access,
                    const atomic_bool *stop, struct glm_arena *arena, uint64_t refused,
                    int64_t until_ms, struct credential *ret_credential, struct glm_diags *d);
/* For tests, in place of waiting: what it keeps counts as so much older. */
void exec_cache_age(struct glm_exec_cache *cache, int64_t milliseconds);

/* ---- expiry.c ---- */

/* RFC 3339: "2026-01-02T03:04:05Z", with a fraction or an offset. Seconds since 1970. */
bool credential_time(const char *text, int64_t *ret_seconds);
int64_t credential_now(void); /* seconds since 1970 */

/* ---- run.c ---- */

/* Runs a plugin. ret_status: the `status` of the ExecCredential it printed, checked. Its stderr
 * becomes part of the diagnostic (last lines, limited); its output never. */
bool exec_run(struct glm_arena *arena, const struct access *access, const atomic_bool *stop,
              int64_t until_ms, const struct glm_value **ret_status, struct glm_diags *d);
/* The variable KUBERNETES_EXEC_INFO. */
const char *exec_info(struct glm_arena *arena, const struct access *access);

/* ---- process.c ---- */

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
    const char *const *environment; /* that it was given, "NAME=value", ended by NULL; or NULL */
};

/* The program has /dev/null as stdin, pipes of its own as stdout and stderr, nothing else of ours,
 * and a process group of its own. Returns when it has ended, or it and its group were killed. */
void exec_process(struct glm_arena *arena, const struct exec_program *program,
                  struct exec_result *ret_result);

/* ---- words.c: pure ---- */

/* "the credential plugin aws", for messages. */
const char *exec_label(struct glm_arena *arena, const struct access *access);
/* The last lines of its stderr, "" where there are none: limited, as UTF-8 without control
 * characters, without what the cluster is reached with, values of variables whose names speak of
 * secrets and what looks like a credential; none where there are more secrets than are looked for. */
const char *exec_words(struct glm_arena *arena, const struct access *access,
                       const struct exec_result *result);
/* Why a text cannot be sent as a token, as a clause that does not hold it; NULL: it can. */
const char *credential_token_problem(const char *token, size_t len);

/* ---- answer.c ---- */

/* The `status` of the ExecCredential that a program has printed, checked, or an error that holds
 * nothing of it. */
bool exec_answer(struct glm_arena *arena, const struct access *access,
                 const struct exec_result *result, const struct glm_value **ret_status,
                 struct glm_diags *d);

/* ---- secrets.c fills it, stars.c looks ---- */

#define SECRET_NEEDLES_MAX ((size_t)4096) /* a secret has some nine forms, a login twenty */
#define SECRET_LONG_MIN ((size_t)8)       /* shorter ones are words of their own */
#define SECRET_PART_MIN ((size_t)16)      /* of a token or a key, that is known alone */

struct needle {
    const char *text;
    size_t len;
};

struct secrets {
    struct glm_arena *arena;
    struct needle needles[SECRET_NEEDLES_MAX];
    char firsts[SECRET_NEEDLES_MAX]; /* their first characters */
    size_t count;
    bool full; /* there were more, which are not looked for */
    bool begins[256];
};

#endif
