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

#include <sys/types.h>

#define KUBE_EXEC_OUTPUT_MAX ((size_t)4 << 20)
#define KUBE_EXEC_TIMEOUT_MS INT64_C(60000) /* where nobody says how long a plugin may run */
#define KUBE_TOKEN_MAX ((size_t)1 << 20)

/* ---- cache.c ---- */

/* Clusters that have equal plugins (command, arguments, environment, cluster information, how long
 * it may take) share one answer, until 10 s before it expires or until it is refused, and one run.
 * A plugin that answers a refused credential again is not asked because of a refusal for a minute.
 * A run that ended for want of its caller's time is not the end for who has more. Otherwise as
 * exec_credentials_get. */
bool exec_cache_get(struct glm_exec_cache *cache, const struct access *access,
                    const atomic_bool *stop, struct glm_arena *arena, uint64_t refused,
                    int64_t until_ms, struct credential *ret_credential, struct glm_diags *d);
/* For tests, in place of waiting: what it keeps counts as so much older. */
void exec_cache_age(struct glm_exec_cache *cache, int64_t milliseconds);

/* ---- expiry.c ---- */

/* RFC 3339: "2026-01-02T03:04:05Z", with a fraction or an offset. Seconds since 1970. */
bool exec_credential_time(const char *text, int64_t *ret_seconds);
int64_t exec_credential_now(void); /* seconds since 1970 */

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
    bool may_hang; /* the start of it: there are file systems that may (../../away/away.h) */
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

/* ---- spawn.c ---- */

/* Begins a program, the first of a group of its own, with out and err as its stdout and stderr. 0 or
 * errno. Where that may hang it is not waited for: *ret_fail is a descriptor that says why it was not
 * begun, for exec_spawn_error; otherwise -1. */
int exec_spawn(const struct exec_program *program, int out, int err, pid_t *ret_pid, int *ret_fail);
/* What the descriptor, which is closed, has said: 0 or errno; ETIME: nothing yet, it is not begun. */
int exec_spawn_error(int fail);
/* A pipe whose ends are none of the three that a program's own are put at, closed by exec. 0 or errno. */
int exec_spawn_pipe(int ends[2]);

/* ---- words.c: pure ---- */

/* "the credential plugin aws", for messages. */
const char *exec_label(struct glm_arena *arena, const struct access *access);
/* The last lines of its stderr, "" where there are none: limited, as UTF-8 without control
 * characters, without what the cluster is reached with, values of variables whose names speak of
 * secrets and what looks like a credential; none where there are more secrets than are looked for. */
const char *exec_words(struct glm_arena *arena, const struct access *access,
                       const struct exec_result *result);
/* What a program has printed, as a value. said: why it is none; its words may quote the text. */
bool exec_decode(struct glm_arena *arena, const struct exec_result *result,
                 const struct glm_value **ret_answer, struct glm_diags *said);
/* Why a text cannot be sent as a token, as a clause that does not hold it; NULL: it can. */
const char *exec_credential_token_problem(const char *token, size_t len);

/* ---- answer.c ---- */

/* The `status` of the ExecCredential that a program has printed, checked, or an error that holds
 * nothing of it. */
bool exec_answer(struct glm_arena *arena, const struct access *access,
                 const struct exec_result *result, const struct glm_value **ret_status,
                 struct glm_diags *d);

/* ---- secrets.c fills it, stars.c looks ---- */

#define SECRET_NEEDLES_MAX ((size_t)12288) /* a secret has some thirty forms */
#define SECRET_LONG_MIN ((size_t)8)        /* shorter ones are words of their own */
#define SECRET_PART_MIN ((size_t)16)       /* of a token or a key, that is known alone */

struct needle {
    const char *text;
    size_t len;
};

/* Credentials without all but letters and digits, in small letters, one after another with a NUL before
 * and behind each; and where in them which characters are. */
struct folded {
    char *text;
    uint32_t *heads, *next;  /* places, from 1; 0: no more */
    uint32_t *begins, *more; /* the same of the first characters of a piece */
    size_t len, room, slots;
};

struct secrets {
    struct glm_arena *arena;
    struct needle *needles;
    char *firsts; /* their first characters */
    size_t count, room;
    bool full; /* there were more, which are not looked for */
    bool begins[256];
    uint8_t pairs[65536 / 8]; /* their first two characters, a bit for each */
    struct folded folded;
};

/* ---- folded.c ---- */

void exec_folded_add(struct secrets *secrets, const char *text, size_t len);
/* The text with "***" for what is folded of a secret; the same one when there is none. */
const char *exec_folded_starred(const struct secrets *secrets, struct glm_arena *arena,
                                const char *text, size_t len);
/* False: no sixteen in a row are a credential's. Takes a small part of the time of a search. */
bool exec_folded_may_have(const struct folded *folded, const char *text, size_t len);
#define FOLDED_SAME_MAX 8 /* places that are kept of the same characters */
/* Where in all credentials something begins with the first four characters of a text; 0: no more. */
uint32_t exec_folded_first(const struct folded *folded, const char *text);
uint32_t exec_folded_next(const struct folded *folded, uint32_t at);

/* ---- pieces.c ---- */

/* The same of what is said in pieces, with other words between them. */
const char *exec_pieces_starred(const struct secrets *secrets, struct glm_arena *arena,
                                const char *text, size_t len);

#endif
