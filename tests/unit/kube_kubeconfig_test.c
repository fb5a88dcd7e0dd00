/* SPDX-License-Identifier: Apache-2.0
 *
 * Kubeconfig texts: which context is found in which of several, and what is said about mistakes.
 */
#include "test.h"

#include "../../src/kube/internal.h"

#include <stdio.h>
#include <string.h>

static const char one[] = "apiVersion: v1\n"
                          "kind: Config\n"
                          "clusters:\n"
                          "- {name: east, cluster: {server: https://east-1}}\n"
                          "- {name: shared, cluster: {server: https://one}}\n"
                          "contexts:\n"
                          "- {name: east, context: {cluster: east, user: ann}}\n"
                          "- {name: both, context: {cluster: shared, user: ann}}\n"
                          "users:\n"
                          "- {name: ann, user: {token: SECRET-1}}\n";
static const char two[] = "clusters:\n"
                          "- {name: shared, cluster: {server: https://two}}\n"
                          "- {name: west, cluster: {server: https://west-2}}\n"
                          "contexts:\n"
                          "- {name: both, context: {cluster: west, user: bob}}\n"
                          "- {name: west, context: {cluster: west, user: ann}}\n"
                          "- {name: nobody, context: {cluster: east}}\n"
                          "users:\n"
                          "- {name: ann, user: {token: SECRET-2}}\n"
                          "- {name: bob, user: {token: SECRET-3}}\n"
                          "current-context: west\n";

struct world {
    struct glm_arena *a;
    struct glm_diags d;
    struct kubeconfig_source sources[3];
    size_t count;
    struct kubeconfig_context found;
};

static struct world new_world(void **state)
{
    struct world w = {.a = *state};
    glm_diags_init(&w.d, w.a);
    return w;
}

static void add(struct world *w, const char *label, const char *directory, const char *text)
{
    w->sources[w->count++] =
        (struct kubeconfig_source){label, directory, text, text ? strlen(text) : 0};
}

static struct world with_both(void **state)
{
    struct world w = new_world(state);
    add(&w, "/a/config", "/a", one);
    add(&w, "/b/config", "/b", two);
    return w;
}

static bool find(struct world *w, const char *context)
{
    bool ok = kubeconfig_find(w->a, w->sources, w->count, context, &w->found, &w->d);
    assert_int_equal(ok, w->d.errors == 0);
    assert_null(strstr(glm_test_diags_text(w->a, &w->d), "SECRET"));
    return ok;
}

static const char *server_of(const struct world *w)
{
    return glm_string_or(glm_get(w->found.cluster, "server"), "");
}

static const char *token_of(const struct world *w)
{
    return glm_string_or(glm_get(w->found.user, "token"), "");
}

static void a_context_has_its_cluster_and_its_user(void **state)
{
    struct world w = with_both(state);
    assert_true(find(&w, "east"));
    assert_string_equal(w.found.name, "east");
    assert_string_equal(server_of(&w), "https://east-1");
    assert_string_equal(token_of(&w), "SECRET-1");
    assert_string_equal(w.found.cluster_label, "cluster \"east\" in /a/config");
    assert_string_equal(w.found.user_label, "user \"ann\" in /a/config");
}

static void the_first_source_that_has_a_name_wins(void **state)
{
    struct world w = with_both(state);
    assert_true(find(&w, "both"));
    assert_string_equal(server_of(&w), "https://one");
    assert_string_equal(token_of(&w), "SECRET-1");
}

/* As kubectl: a context may name a cluster of one file and a user of another. */
static void parts_of_a_context_come_from_several_sources(void **state)
{
    struct world w = with_both(state);
    assert_true(find(&w, "west"));
    assert_string_equal(server_of(&w), "https://west-2");
    assert_string_equal(w.found.cluster_directory, "/b");
    assert_string_equal(token_of(&w), "SECRET-1");
    assert_string_equal(w.found.user_directory, "/a");
}

static void a_context_may_have_no_user(void **state)
{
    struct world w = with_both(state);
    assert_true(find(&w, "nobody"));
    assert_string_equal(server_of(&w), "https://east-1");
    assert_true(glm_is_null(w.found.user));
}

static void missing_and_empty_sources_are_skipped(void **state)
{
    struct world w = new_world(state);
    add(&w, "/missing", "/", NULL);
    add(&w, "/empty", "/", "");
    add(&w, "/a/config", "/a", one);
    assert_true(find(&w, "east"));
}

static void sources_of_which_none_exists_are_an_error(void **state)
{
    struct world w = new_world(state);
    add(&w, "/x/config", "/x", NULL);
    add(&w, "/y/config", "/y", NULL);
    assert_false(find(&w, "east"));
    glm_assert_error(&w.d, "", "/x/config and /y/config");
    glm_assert_error(&w.d, "", "config_paths");
}

static void an_unknown_context_is_told_what_there_is(void **state)
{
    struct world w = with_both(state);
    assert_false(find(&w, "wets"));
    glm_assert_error(&w.d, "", "Did you mean \"west\"?");
    glm_assert_error(&w.d, "", "\"east\", \"both\", \"west\" and \"nobody\"");
    glm_assert_error(&w.d, "", "/a/config and /b/config");
}
