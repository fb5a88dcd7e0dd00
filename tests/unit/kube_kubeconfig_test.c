/* SPDX-License-Identifier: Apache-2.0
 *
 * Kubeconfig texts: which context is found in which of several, and what is said about mistakes.
 */
#include "test.h"

#include "../../src/kube/access/internal.h"

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
    bool ok = access_kubeconfig_find(w->a, w->sources, w->count, context, &w->found, &w->d);
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

static void who_has_nothing_to_log_in_with_is_nobody(void **state)
{
    static const char *const cases[][2] = {
        {"user: null", "[]"},
        {"user: ''", "[]"},
        {"user: u", "[{name: u}]"},
        {"user: u", "[{name: u, user: null}]"},
        {"user: u", "[{name: u, user: {}}]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = new_world(state);
        add(&w, "/a/config", "/a",
            glm_sprintf(w.a,
                        "clusters: [{name: k, cluster: {server: https://k}}]\n"
                        "contexts: [{name: c, context: {cluster: k, %s}}]\nusers: %s\n",
                        cases[i][0], cases[i][1]));
        assert_true(find(&w, "c"));
        assert_true(glm_is_null(w.found.user) || w.found.user->len == 0);
    }
    struct world w = new_world(state);
    add(&w, "/a/config", "/a",
        "clusters: [{name: k, cluster: {server: https://k}}]\n"
        "contexts: [{name: c, context: {cluster: k, user: gone}}]\nusers: [{name: u}]\n");
    assert_false(find(&w, "c"));
    glm_assert_error(&w.d, "", "\"gone\" is not in");
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

static void of_many_contexts_some_are_listed(void **state)
{
    struct world w = new_world(state);
    struct glm_text text;
    glm_text_init(&text, w.a, 100000);
    glm_text_adds(&text, "contexts:\n");
    for (int i = 0; i < 2000; i++)
        glm_text_addf(&text, "- {name: context-%d, context: {cluster: east}}\n", i);
    add(&w, "/a/config", "/a", text.data);
    assert_false(find(&w, "arn:aws:eks:us-east-1:1:cluster/east"));
    glm_assert_error(&w.d, "", "\"context-29\" and others");
    assert_true(strlen(w.d.first->detail) < 1000);
}

static void a_context_that_names_nothing_real_is_an_error(void **state)
{
    struct world w = new_world(state);
    add(&w, "/a/config", "/a",
        "contexts: [{name: c, context: {cluster: esat, user: ann}}, {name: e, context: {}}]\n"
        "clusters: [{name: east, cluster: {server: https://e}}]\n");
    assert_false(find(&w, "c"));
    glm_assert_error(&w.d, "", "\"esat\" is not in /a/config, where the context \"c\" names it");
    glm_assert_error(&w.d, "", "Did you mean \"east\"?");
    glm_assert_error(&w.d, "", "there are no `users` at all");
    glm_diags_init(&w.d, w.a);
    assert_false(find(&w, "e"));
    glm_assert_error(&w.d, "", "The context \"e\" in /a/config names no `cluster`");
}

static void a_content_given_whole_has_its_current_context(void **state)
{
    struct world w = new_world(state);
    add(&w, "the attribute `kubeconfig`", NULL, two);
    assert_true(find(&w, NULL));
    assert_string_equal(w.found.name, "west");
}

static void the_only_context_need_not_be_current(void **state)
{
    struct world w = new_world(state);
    add(&w, "the attribute `kubeconfig`", NULL,
        "contexts: [{name: c, context: {cluster: east}}]\n"
        "clusters: [{name: east, cluster: {server: https://e}}]\n");
    assert_true(find(&w, NULL));
    assert_string_equal(w.found.name, "c");
}

static void which_of_several_contexts_is_never_guessed(void **state)
{
    struct world w = new_world(state);
    add(&w, "the attribute `kubeconfig`", NULL, one);
    assert_false(find(&w, NULL));
    glm_assert_error(&w.d, "", "\"east\" and \"both\". Set `current-context`");
    w = new_world(state);
    add(&w, "the attribute `kubeconfig`", NULL, "clusters: []\n");
    assert_false(find(&w, NULL));
    glm_assert_error(&w.d, "", "There is no context in the attribute `kubeconfig`");
}

static void names_twice_in_one_source_are_an_error_where_they_matter(void **state)
{
    struct world w = new_world(state);
    add(&w, "/a/config", "/a",
        "contexts:\n"
        "- {name: c, context: {cluster: east}}\n"
        "- {name: c, context: {cluster: west}}\n"
        "- {name: d, context: {cluster: east}}\n"
        "clusters: [{name: east, cluster: {server: https://e}}]\n");
    assert_false(find(&w, "c"));
    glm_assert_error(&w.d, "", "/a/config, line 3: \"c\" is in `contexts` a second time");
    glm_diags_init(&w.d, w.a);
    assert_true(find(&w, "d"));
}

static void texts_that_are_no_kubeconfig_are_refused(void **state)
{
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"just a text with a SECRET", "line 1: a kubeconfig is a map"},
        {"kind: Secret\nusers: [{name: a, user: {token: SECRET}}]", "not of the kind \"Config\""},
        {"apiVersion: v2\n", "`apiVersion` must be \"v1\""},
        {"\ncontexts: SECRET\n", "line 2: `contexts` must be a list"},
        {"users: {a: SECRET}\n", "`users` must be a list"},
        {"contexts: [{name: c}]\n", "\"c\" in `contexts` must have a map `context`"},
        {"users:\n- name: a\n  user: {token: \"SECRET\n", "(line"},
        {"users:\n- name: a\n  user: {token: SECRET: @SECRET}\n", "(line 3"},
        {"users:\n- name: a\n\tuser: {token: SECRET}\n", "(line 3"},
        {"contexts: [{name: c, context: {cluster: 7}}]\nusers: []\n", "`cluster` of the context"},
        {"---\na: 1\n---\nb: SECRET\n", "(line"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = new_world(state);
        add(&w, "/a/config", "/a", cases[i].text);
        assert_false(find(&w, "c"));
        glm_assert_error(&w.d, "", cases[i].error);
        assert_non_null(strstr(glm_test_diags_text(w.a, &w.d), "/a/config"));
    }
}

/* One file that is broken must not become a wrong context of the next. */
static void a_broken_source_is_not_skipped(void **state)
{
    struct world w = new_world(state);
    add(&w, "/bad", "/", "contexts: [\n");
    add(&w, "/a/config", "/a", one);
    assert_false(find(&w, "east"));
    glm_assert_error(&w.d, "", "/bad");
}

static void a_kubeconfig_beyond_the_ceiling_is_refused(void **state)
{
    struct world w = new_world(state);
    char *text = glm_alloc(w.a, KUBE_CONFIG_MAX + 2);
    for (size_t i = 0; i <= KUBE_CONFIG_MAX; i++)
        text[i] = '#';
    add(&w, "/a/config", "/a", text);
    assert_false(find(&w, "east"));
    glm_assert_error(&w.d, "", "too large");
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, glm_test_arena_setup, glm_test_arena_teardown)

/* An error about YAML quotes what is there: an alias that is a password, a key that is a token. */
static void broken_yaml_is_not_quoted(void **state)
{
    static const char *const texts[] = {
        "users:\n- {name: ann, user: {password: *SECRET-9}}\n",
        "users:\n- name: ann\n  user: {SECRET-9: 1, SECRET-9: 2}\n",
        "users:\n- name: ann\n  user: {token: \"SECRET-9\\q\"}\n",
        "users: !SECRET-9 [\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct world w = new_world(state);
        add(&w, "/a/config", "/a", texts[i]);
        assert_false(find(&w, "east"));
        glm_assert_error(&w.d, "", "/a/config cannot be read as YAML (line ");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_context_has_its_cluster_and_its_user),
        TEST(the_first_source_that_has_a_name_wins),
        TEST(parts_of_a_context_come_from_several_sources),
        TEST(a_context_may_have_no_user),
        TEST(who_has_nothing_to_log_in_with_is_nobody),
        TEST(missing_and_empty_sources_are_skipped),
        TEST(sources_of_which_none_exists_are_an_error),
        TEST(an_unknown_context_is_told_what_there_is),
        TEST(of_many_contexts_some_are_listed),
        TEST(a_context_that_names_nothing_real_is_an_error),
        TEST(a_content_given_whole_has_its_current_context),
        TEST(the_only_context_need_not_be_current),
        TEST(which_of_several_contexts_is_never_guessed),
        TEST(names_twice_in_one_source_are_an_error_where_they_matter),
        TEST(texts_that_are_no_kubeconfig_are_refused),
        TEST(a_broken_source_is_not_skipped),
        TEST(broken_yaml_is_not_quoted),
        TEST(a_kubeconfig_beyond_the_ceiling_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
