/* SPDX-License-Identifier: Apache-2.0
 *
 * Credentials: what a request says who we are with, got anew when it has to be, from a token, a file
 * or a credential plugin (`exec`); and hidden wherever somebody repeats them.
 *
 * Owner:  what is got lives in the arena given.
 * Errors: a plugin or a file by its name, what it complained about and what to do; never what it
 *         answered, its arguments or its variables.
 * Thread: any. No lock is held while a file is read or a plugin runs.
 *
 *   credential.c  the Authorization header of a cluster's requests
 *   cache.c       what plugins have answered, shared by clusters with equal ones
 *   run.c         a plugin's run: what it is given, where it is, how it ended
 *   spawn.c       how a program is begun
 *   process.c     a program, run by argv, ended when it takes too long
 *   answer.c      what a plugin must answer: pure
 *   words.c       what it wrote to stderr, made fit to be shown: pure
 *   expiry.c      when credentials expire, and what time it is
 *   secrets.c     the credentials that are in use, and the forms in which they may come back: pure
 *   stars.c       where they are, and stars in their place: pure
 *   folded.c      the same where somebody has folded or capitalised them: pure
 */
#ifndef GLM_KUBE_EXEC_H
#define GLM_KUBE_EXEC_H

#include "../access/access.h"

#include "glm/exec_cache.h"

/* What one request carries. Lives in the arena given. */
struct credential {
    const char *authorization;     /* "Bearer ...", "Basic ..."; NULL: none */
    const char *certificate, *key; /* from a plugin: instead of the route's; NULL: none */
    uint64_t generation;           /* from 1: tells a plugin's or a file's next one from this */
};

struct credentials; /* of one cluster: keeps what it has got; any thread */

/* Times that a call has to be done by (until_ms) are in milliseconds of glm_clock_ms; 0: as long as
 * it takes. */

/* All borrowed. cache NULL: its plugin's answers are its own. */
struct credentials *exec_credentials_create(const struct access *access,
                                            struct glm_exec_cache *cache, const atomic_bool *stop);
void exec_credentials_destroy(struct credentials *credentials);
/* refused: the generation that a server answered 401 to, or 0: a newer one is got if that can be;
 * ret_credential has the same generation where it cannot. */
bool exec_credentials_get(struct credentials *credentials, struct glm_arena *arena,
                          uint64_t refused, int64_t until_ms, struct credential *ret_credential,
                          struct glm_diags *d);

/* For tests, in place of waiting: what it keeps counts as so much older. */
void exec_credentials_age(struct credentials *credentials, int64_t milliseconds);

/* ---- secrets.c ----
 *
 * What:   a server may send back what it was sent, decoded, quoted or cut, and a plugin may trace its
 *         own arguments. A secret is found as it is, as it is in JSON, in HTML or in a URL, or in
 *         one of these within another, as the numbers of its bytes, in base32 and in base64, whatever
 *         was encoded with it, base64 of base64 too, and as what its base64 stands for, each in one
 *         line or in several; parts of tokens and lines of keys are found
 *         alone; and where a text was cut, its beginning is enough. In words for people it is found
 *         as well when only its letters and digits are there, in either case, whatever parts them.
 * Limits: what is shorter than eight bytes is found as a word of its own only, and what is shorter
 *         than three is not: stars in all ordinary words would hide nothing and tell it. What is
 *         longer than 64 KiB is found as it is, not encoded. Nor is what was encoded more often, turned
 *         round or enciphered: whoever wants to can always write it so.
 */

struct secrets;

struct secrets *exec_secrets_create(struct glm_arena *arena);
/* A token, a password, a key; NULL or "": none. */
void exec_secrets_add(struct secrets *secrets, const char *text);
/* What basic authentication sends; password NULL: an empty one. */
void exec_secrets_add_login(struct secrets *secrets, const char *user, const char *password);
/* The passwords in a text with a URL or several. */
void exec_secrets_add_url(struct secrets *secrets, const char *url);
/* An argument of a program: whatever in it is, or looks like, a credential. before: the argument
 * before it, or NULL. */
void exec_secrets_add_argument(struct secrets *secrets, const char *before, const char *argument);
/* What a program wrote: words that look like credentials, behind one that names them. */
void exec_secrets_add_said(struct secrets *secrets, const char *words, size_t len);
/* Variables, "NAME=value", ended by NULL, as a plugin may print them; NULL: none. */
void exec_secrets_add_environment(struct secrets *secrets, const char *const *environment);

/* All that a cluster is reached with. */
void exec_secrets_add_access(struct secrets *secrets, const struct access *access);
/* The same, and first what a request carries (NULL: nothing). */
struct secrets *exec_secrets_of(struct glm_arena *arena, const struct access *access,
                                const struct credential *credential);

/* ---- stars.c ---- */

/* The text with "***" for every secret in it; the same one when there is none. */
const char *exec_secrets_starred(const struct secrets *secrets, struct glm_arena *arena,
                                 const char *text, size_t len);
/* The same done to what an API server has answered: to all words for people, and elsewhere for what
 * is long enough to be no name. A spec is the user's, and left alone. `going` (NULL: to the end) is asked
 * now and then; when it says false, there is no answer: NULL. */
const struct glm_value *exec_secrets_starred_answer(const struct secrets *secrets,
                                                    struct glm_arena *arena,
                                                    bool (*going)(const void *context),
                                                    const void *context, const struct glm_value *v);

#endif
