/* SPDX-License-Identifier: Apache-2.0
 *
 * Secrets: the credentials that are in use, found in whatever form somebody repeats them, and starred.
 *
 * What:   a server may send back what it was sent, decoded, quoted or cut, and a plugin may trace its
 *         own arguments. A secret is found as it is, as it is in JSON or in a URL, in base64, and as
 *         what its base64 stands for; parts of tokens and lines of keys are found alone; and where a
 *         text was cut, its beginning is enough.
 * Limits: what is shorter than eight bytes is found as a word of its own only, and what is shorter
 *         than three is not: stars in all ordinary words would hide nothing and tell it.
 * Owner:  the arena given; the texts of secrets are copied into it.
 * Errors: none.
 * Thread: no shared state.
 */
#ifndef GLM_KUBE_SECRETS_H
#define GLM_KUBE_SECRETS_H

#include "internal.h"

struct secrets;

struct secrets *secrets_create(struct glm_arena *arena);
/* A token, a password, a key; NULL or "": none. */
void secrets_add(struct secrets *secrets, const char *text);
/* What basic authentication sends; password NULL: an empty one. */
void secrets_add_login(struct secrets *secrets, const char *user, const char *password);
/* The password in a URL, if there is one. */
void secrets_add_url(struct secrets *secrets, const char *url);
/* An argument of a program: whatever in it is, or looks like, a credential. before: the argument
 * before it, or NULL. */
void secrets_add_argument(struct secrets *secrets, const char *before, const char *argument);
/* Arguments and variables of a plugin. */
void secrets_add_exec(struct secrets *secrets, const struct exec_config *exec);
/* Whether a variable, an option or a key is called as credentials are. */
bool secrets_names_one(const char *name);

/* All that a cluster is reached with, and what a request carries (NULL: nothing). */
struct secrets *secrets_of(struct glm_arena *arena, const struct access *access,
                           const struct credential *credential);

/* The text with "***" for every secret in it; the same one when there is none. */
const char *secrets_starred(const struct secrets *secrets, struct glm_arena *arena,
                            const char *text, size_t len);
/* The same done to what an API server has answered: to all words for people, and elsewhere for what
 * is long enough to be no name. A spec is the user's, and left alone. */
const struct glm_value *secrets_starred_answer(const struct secrets *secrets,
                                               struct glm_arena *arena, const struct glm_value *v);

#endif
