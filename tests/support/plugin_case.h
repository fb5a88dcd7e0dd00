/* SPDX-License-Identifier: Apache-2.0
 *
 * One test of credential plugins: shell scripts in a folder, and a cluster that has one of them.
 */
#ifndef GLM_TEST_PLUGIN_CASE_H
#define GLM_TEST_PLUGIN_CASE_H

#include "../../src/kube/exec/internal.h"

struct plugin_case {
    struct glm_arena *arena;
    const char *folder;
    struct access access;    /* https://10.0.0.1:6443, exec */
    struct exec_config exec; /* client.authentication.k8s.io/v1 */
    atomic_bool stop;
    const struct glm_value *status;
    struct glm_diags d;
};

/* Test fixtures: *state is a fresh case. */
int plugin_set_up(void **state);
int plugin_tear_down(void **state);

/* Writes an executable script into the folder and makes it the plugin, by its whole path. Its body
 * may call `answer TOKEN [MORE]`, which prints an ExecCredential; MORE: `,"key":"value"`. */
void plugin_script(struct plugin_case *c, const char *name, const char *body);
/* exec_run, with fresh diagnostics. */
bool plugin_run(struct plugin_case *c);
/* The run fails, with part in its diagnostic, and the word "s3cret" nowhere in it. */
void plugin_fails(struct plugin_case *c, const char *part);
/* A file of the folder as text. */
const char *plugin_file(struct plugin_case *c, const char *name);
/* How many lines a file of the folder has; 0 where there is none. */
size_t plugin_lines(struct plugin_case *c, const char *name);

#endif
