/* SPDX-License-Identifier: Apache-2.0
 *
 * What every unit test includes: cmocka with what it needs, and assertions on our own types.
 */
#ifndef GLM_TEST_H
#define GLM_TEST_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "glm/arena.h"
#include "glm/codec.h"
#include "glm/diag.h"
#include "glm/value.h"

/* Group fixtures: *state is a fresh arena. */
int glm_test_arena_setup(void **state);
int glm_test_arena_teardown(void **state);

/* A document written as JSON with single quotes: glm_test_value(a, "{'a': [1, null]}"). */
const struct glm_value *glm_test_value(struct glm_arena *arena, const char *quoted_json);

void glm_assert_value_equal_(const struct glm_value *actual, const struct glm_value *expected,
                             const char *file, int line);
#define glm_assert_value_equal(actual, expected)                                                   \
    glm_assert_value_equal_((actual), (expected), __FILE__, __LINE__)

/* Some diagnostic is of this severity at this path (as text) and has `part` in its summary or
 * detail. */
void glm_assert_diag_(const struct glm_diags *d, enum glm_severity severity, const char *path,
                      const char *part, const char *file, int line);
#define glm_assert_error(d, path, part)                                                            \
    glm_assert_diag_((d), GLM_ERROR, (path), (part), __FILE__, __LINE__)
#define glm_assert_warning(d, path, part)                                                          \
    glm_assert_diag_((d), GLM_WARNING, (path), (part), __FILE__, __LINE__)

/* Every diagnostic as text, "error: path: summary: detail" a line, in order. */
const char *glm_test_diags_text(struct glm_arena *arena, const struct glm_diags *d);

/* The functions of a cluster without what only API servers make use of. */
struct glm_cluster;
struct glm_object_kind;
struct glm_object_ref;
bool glm_test_write(struct glm_cluster *cluster, struct glm_arena *arena,
                    const struct glm_value *object, struct glm_diags *d);
bool glm_test_remove(struct glm_cluster *cluster, struct glm_arena *arena,
                     const struct glm_object_ref *ref, struct glm_diags *d);
bool glm_test_list(struct glm_cluster *cluster, struct glm_arena *arena,
                   const struct glm_object_kind *kind, const struct glm_value **ret_list,
                   struct glm_diags *d);

/* The installers of a test's estate, ended by NULL. */
struct glm_installer;
const struct glm_installer *const *glm_test_installers(void);

/* Threads of this process, this one included. */
size_t glm_test_threads(void);
/* In milliseconds. A limit or a stop is kept within a second; but machines that run tests are slow, under
 * valgrind most of all. What is not kept lasts for a multiple of this, or for ever. */
#define GLM_TEST_PROMPT_MS 10000

/* The whole file, NUL-terminated in the arena; fails the test when it cannot be read. */
const char *glm_test_file(struct glm_arena *arena, const char *path, size_t *ret_len);
/* Holds actual against the file; with GLM_UPDATE_GOLDEN=1 in the environment, rewrites it. */
void glm_assert_golden_(const char *path, const char *actual, const char *file, int line);
#define glm_assert_golden(path, actual) glm_assert_golden_((path), (actual), __FILE__, __LINE__)
/* Runs every entry of the folder, by its name and in order; there must be one. */
void glm_test_each_folder(struct glm_arena *arena, const char *root, void (*run)(const char *name));

#endif
