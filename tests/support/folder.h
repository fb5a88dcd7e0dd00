/* SPDX-License-Identifier: Apache-2.0
 *
 * Folders for tests of the directory cluster, and children to kill, to starve and to lock out.
 */
#ifndef GLM_TEST_FOLDER_H
#define GLM_TEST_FOLDER_H

#include "glm/directory.h"

#include <sys/types.h>

/* A fresh folder under $TMPDIR that everybody may search; removed with all that is in it when the
 * arena is destroyed. */
const char *glm_test_folder(struct glm_arena *arena);
/* Writes a file, making the directories above it. path: printf. */
void glm_test_put(const char *content, const char *path_format, ...)
    __attribute__((format(printf, 2, 3)));
/* True when something (a dangling link, too) is there. */
bool glm_test_exists(const char *path_format, ...) __attribute__((format(printf, 1, 2)));
/* Every file and empty directory below folder, relative, in the order of a walk by name (that of
 * `kubectl -R`), a line each; directories end in '/'. */
const char *glm_test_tree(struct glm_arena *arena, const char *folder);
/* How many names below folder contain part. */
size_t glm_test_count(struct glm_arena *arena, const char *folder, const char *part);

/* An IstioOperator whose spec is {"hub": <text>}. */
const struct glm_value *glm_test_operator(struct glm_arena *arena, const char *namespace_,
                                          const char *name, const char *text);

/* Runs body in a process of its own and returns what it left in `said`: assertions belong to the
 * parent. Fails the test when the child dies of a signal. */
struct glm_test_said {
    char text[8192];
};
const char *glm_test_in_child(struct glm_arena *arena,
                              void (*body)(void *context, struct glm_test_said *said),
                              void *context);
void glm_test_say(struct glm_test_said *said, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
