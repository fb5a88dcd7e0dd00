/* SPDX-License-Identifier: Apache-2.0
 *
 * Credential plugins: small scripts that are run as kubectl would run them, and go wrong.
 */
#include "folder.h"
#include "plugin_case.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- how it is found and run ---- */

static void an_absolute_path_is_run_as_it_is(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(c, "token", "answer t0ken");
    assert_true(plugin_run(c));
    assert_true(glm_string_is(glm_get(c->status, "token"), "t0ken"));
}

static void a_bare_name_is_looked_up_in_path(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(c, "glm-bare-name", "answer t0ken");
    c->exec.command = "glm-bare-name";
    c->exec.directory = "/nowhere";
    assert_false(plugin_run(c));
    glm_assert_error(&c->d, "", "PATH");
    const char *before = glm_strdup(c->arena, getenv("PATH"));
    setenv("PATH", glm_sprintf(c->arena, "%s:%s", c->folder, before), 1);
    bool ok = plugin_run(c);
    setenv("PATH", before, 1);
    assert_true(ok);
}

static void a_bare_name_is_not_looked_for_in_the_working_directory(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(c, "glm-bare-name", "answer t0ken");
    c->exec.command = "glm-bare-name";
    const char *before = glm_strdup(c->arena, getenv("PATH"));
    char *was = getcwd(NULL, 0);
    assert_int_equal(chdir(c->folder), 0);
    setenv("PATH", glm_sprintf(c->arena, ":.:%s:", before), 1);
    bool ok = plugin_run(c);
    setenv("PATH", before, 1);
    assert_int_equal(chdir(was), 0);
    free(was);
    assert_false(ok);
}

static void a_relative_path_is_relative_to_the_kubeconfig(void **state)
{
    struct plugin_case *c = *state;
    plugin_script(c, "bin/token", "answer t0ken");
    c->exec.command = "bin/token";
    c->exec.directory = c->folder;
    assert_true(plugin_run(c));
    c->exec.command = "./bin/token";
    assert_true(plugin_run(c));
}

static void arguments_arrive_as_they_are(void **state)
{
    struct plugin_case *c = *state;
    const char *pwned = glm_sprintf(c->arena, "%s/pwned", c->folder);
    const char *touch = glm_sprintf(c->arena, "$(touch %s)", pwned);
    const char *const args[] = {"a b", touch, "", "`id`", "'\"*", "new\nline", NULL};
    plugin_script(c, "token", "for a; do printf '%s|' \"$a\" >>\"$0.args\"; done; answer t0ken");
    c->exec.args = args;
    assert_true(plugin_run(c));
    assert_string_equal(plugin_file(c, "token.args"),
                        glm_sprintf(c->arena, "a b|%s||`id`|'\"*|new\nline|", touch));
    assert_false(glm_test_exists("%s", pwned));
}

static void it_has_our_environment_and_its_own(void **state)
{
    struct plugin_case *c = *state;
    const struct glm_value *own =
        glm_test_value(c->arena, "{'GLM_TEST_A': 'its own', 'GLM_TEST_C': 'new $HOME'}");
    c->exec.environment = own->as.map;
    c->exec.environment_count = own->len;
    setenv("GLM_TEST_A", "ours", 1);
    setenv("GLM_TEST_B", "inherited", 1);
    plugin_script(c, "token",
                  "echo \"$GLM_TEST_A|$GLM_TEST_B|$GLM_TEST_C\" >\"$0.env\"; env | grep -c "
                  "^GLM_TEST_A= >>\"$0.env\"; answer t0ken");
    assert_true(plugin_run(c));
    assert_string_equal(plugin_file(c, "token.env"), "its own|inherited|new $HOME\n1\n");
    assert_string_equal(getenv("GLM_TEST_A"), "ours"); /* nothing leaks into this process */
    assert_null(getenv("GLM_TEST_C"));
    assert_null(getenv("KUBERNETES_EXEC_INFO"));
    unsetenv("GLM_TEST_A");
    unsetenv("GLM_TEST_B");
}

static void the_last_variable_of_a_name_wins(void **state)
{
    struct plugin_case *c = *state;
    const struct glm_pair pairs[] = {
        {.key = "GLM_TEST_A", .value = glm_string(c->arena, "first")},
        {.key = "GLM_TEST_B", .value = glm_string(c->arena, "b")},
        {.key = "GLM_TEST_A", .value = glm_string(c->arena, "last")},
    };
    c->exec.environment = pairs;
    c->exec.environment_count = 3;
    setenv("GLM_TEST_A", "ours", 1);
    plugin_script(c, "token",
                  "tr '\\0' '\\n' </proc/$$/environ | grep ^GLM_TEST_ | sort >\"$0.env\";"
                  "answer t0ken");
    assert_true(plugin_run(c));
    unsetenv("GLM_TEST_A");
    assert_string_equal(plugin_file(c, "token.env"), "GLM_TEST_A=last\nGLM_TEST_B=b\n");
}

static void it_has_nothing_of_ours_but_three_descriptors(void **state)
{
    struct plugin_case *c = *state;
    /* As a host may leave one open: not close-on-exec. */
    int inherited = dup2(STDERR_FILENO, 200);
    plugin_script(c, "token",
                  "for n in 0 1 2 200; do l=\"$l$n $(readlink /proc/$$/fd/$n)|\"; done;"
                  "echo \"$l\" >\"$0.fds\"; "
                  "echo $$ $(cut -d' ' -f5 /proc/$$/stat) >\"$0.group\"; answer t0ken");
    assert_true(plugin_run(c));
    close(inherited);
    const char *fds = plugin_file(c, "token.fds");
    if (strncmp(fds, "0 /dev/null|1 pipe:", 19) != 0 || !strstr(fds, "|2 pipe:") ||
        !strstr(fds, "|200 |"))
        fail_msg("%s", fds);
    long pid = -1, group = -2;
    char *end;
    pid = strtol(plugin_file(c, "token.group"), &end, 10);
    group = strtol(end, NULL, 10);
    assert_int_equal(pid, group);
    assert_int_not_equal(group, getpgrp());
}

/* ---- what it is told ---- */

static const struct glm_value *told(struct plugin_case *c)
{
    const struct glm_value *v = NULL;
    plugin_script(c, "token", "printf %s \"$KUBERNETES_EXEC_INFO\" >\"$0.info\"; answer t0ken");
    assert_true(plugin_run(c));
    const char *text = plugin_file(c, "token.info");
    assert_true(glm_json_decode(c->arena, text, strlen(text), "info", NULL, &v, &c->d));
    return v;
}

static void it_is_told_that_nobody_can_be_asked(void **state)
{
    struct plugin_case *c = *state;
    glm_assert_value_equal(
        told(c), glm_test_value(c->arena, "{'apiVersion': 'client.authentication.k8s.io/v1',"
                                          " 'kind': 'ExecCredential',"
                                          " 'spec': {'interactive': false}}"));
}

static void it_is_told_about_the_cluster_when_it_wants_to_be(void **state)
{
    struct plugin_case *c = *state;
    c->exec.provide_cluster_info = true;
    c->exec.cluster_config = glm_test_value(c->arena, "{'audience': ['x']}");
    c->access.route = (struct http_route){.ca = "CA\n", .server_name = "name", .insecure = true};
    c->access.proxy = "http://proxy:1";
    glm_assert_value_equal(
        glm_get_path(told(c), "spec", "cluster", NULL),
        glm_test_value(c->arena,
                       "{'server': 'https://10.0.0.1:6443', 'tls-server-name': 'name',"
                       " 'certificate-authority-data': 'Q0EK', 'proxy-url': 'http://proxy:1',"
                       " 'insecure-skip-tls-verify': true, 'config': {'audience': ['x']}}"));
}

static void it_is_told_no_more_about_the_cluster_than_there_is(void **state)
{
    struct plugin_case *c = *state;
    c->exec.provide_cluster_info = true;
    glm_assert_value_equal(glm_get_path(told(c), "spec", "cluster", NULL),
                           glm_test_value(c->arena, "{'server': 'https://10.0.0.1:6443'}"));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, plugin_set_up, plugin_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_absolute_path_is_run_as_it_is),
        CASE(a_bare_name_is_looked_up_in_path),
        CASE(a_bare_name_is_not_looked_for_in_the_working_directory),
        CASE(a_relative_path_is_relative_to_the_kubeconfig),
        CASE(arguments_arrive_as_they_are),
        CASE(it_has_our_environment_and_its_own),
        CASE(the_last_variable_of_a_name_wins),
        CASE(it_has_nothing_of_ours_but_three_descriptors),
        CASE(it_is_told_that_nobody_can_be_asked),
        CASE(it_is_told_about_the_cluster_when_it_wants_to_be),
        CASE(it_is_told_no_more_about_the_cluster_than_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
