/* SPDX-License-Identifier: Apache-2.0
 *
 * See plugin_case.h.
 */
#include "test.h"

#include "folder.h"
#include "plugin_case.h"

#include <string.h>
#include <sys/stat.h>

static const char prelude[] =
    "#!/bin/sh\n"
    "answer() { printf '{\"apiVersion\":\"client.authentication.k8s.io/v1\","
    "\"kind\":\"ExecCredential\",\"status\":{\"token\":\"%s\"%s}}' \"$1\" \"$2\"; }\n";

int plugin_set_up(void **state)
{
    struct glm_arena *arena = glm_arena_create((size_t)256 << 20);
    struct plugin_case *c = GLM_NEW(arena, struct plugin_case);
    c->arena = arena;
    c->folder = glm_test_folder(arena);
    c->exec.api_version = "client.authentication.k8s.io/v1";
    c->access.server = "https://10.0.0.1:6443";
    c->access.exec = &c->exec;
    *state = c;
    return 0;
}

int plugin_tear_down(void **state)
{
    struct plugin_case *c = *state;
    glm_arena_destroy(c->arena);
    return 0;
}

void plugin_script(struct plugin_case *c, const char *name, const char *body)
{
    const char *path = glm_sprintf(c->arena, "%s/%s", c->folder, name);
    glm_test_put(glm_sprintf(c->arena, "%s%s\n", prelude, body), "%s", path);
    assert_int_equal(chmod(path, 0755), 0);
    c->exec.command = path;
}

bool plugin_run(struct plugin_case *c)
{
    glm_diags_init(&c->d, c->arena);
    bool ok = exec_run(c->arena, &c->access, &c->stop, 0, &c->status, &c->d);
    assert_int_equal(c->d.errors, ok ? 0 : 1);
    return ok;
}

void plugin_fails(struct plugin_case *c, const char *part)
{
    if (plugin_run(c))
        fail_msg("it did not fail with \"%s\"", part);
    glm_assert_error(&c->d, "", part);
    const char *said = glm_test_diags_text(c->arena, &c->d);
    if (strstr(said, "s3cret"))
        fail_msg("%s", said);
    if (!glm_utf8_valid(said, strlen(said)))
        fail_msg("not UTF-8: %s", said);
}

const char *plugin_file(struct plugin_case *c, const char *name)
{
    size_t len;
    return glm_test_file(c->arena, glm_sprintf(c->arena, "%s/%s", c->folder, name), &len);
}

size_t plugin_lines(struct plugin_case *c, const char *name)
{
    size_t lines = 0;
    if (!glm_test_exists("%s/%s", c->folder, name))
        return 0;
    for (const char *p = plugin_file(c, name); *p; p++)
        lines += *p == '\n';
    return lines;
}
