/* SPDX-License-Identifier: Apache-2.0
 *
 * The directory cluster: where objects are, what is read back, what is taken for no object.
 * How it fails is in directory_trouble_test.c, how it survives in directory_crash_test.c.
 */
#include "test.h"

#include "folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct world {
    struct glm_arena *a;
    const char *folder;
    struct glm_cluster *c;
    struct glm_diags d;
};

static void release(void *cluster)
{
    struct glm_cluster *c = cluster;
    c->ops->destroy(c);
}

static struct glm_cluster *open_at(struct glm_arena *a, const char *path)
{
    struct glm_cluster *c = glm_directory_create("repo", path, NULL);
    glm_arena_defer(a, release, c);
    return c;
}

/* A cluster in the directory "repo" of a fresh folder, not yet made. */
static struct world new_world(void **state)
{
    struct world w = {.a = *state};
    w.folder = glm_test_folder(w.a);
    w.c = open_at(w.a, glm_sprintf(w.a, "%s/repo", w.folder));
    glm_diags_init(&w.d, w.a);
    return w;
}

static const struct glm_object_ref an_operator = {
    .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "istio-system", .name = "in"};

static void write_ok(struct world *w, const struct glm_value *object)
{
    if (!glm_test_write(w->c, w->a, object, &w->d)) {
        fprintf(stderr, "%s", glm_test_diags_text(w->a, &w->d));
        fail();
    }
}

static struct glm_read look_at(struct world *w, const struct glm_object_ref *ref)
{
    struct glm_read look = {.found = (enum glm_found)99, .object = &glm_null, .why = ""};
    if (!w->c->ops->read(w->c, w->a, ref, &look, &w->d)) {
        fprintf(stderr, "%s", glm_test_diags_text(w->a, &w->d));
        fail();
    }
    return look;
}

static const struct glm_value *service(struct glm_arena *a, const char *namespace_,
                                       const char *name)
{
    return glm_test_value(a, glm_sprintf(a,
                                         "{'apiVersion': 'v1', 'kind': 'Service', 'metadata': "
                                         "{'name': '%s', 'namespace': '%s'}}",
                                         name, namespace_));
}

static const struct glm_value *namespace_object(struct glm_arena *a, const char *name)
{
    return glm_test_value(a, glm_sprintf(a,
                                         "{'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': "
                                         "{'name': '%s'}}",
                                         name));
}

/* Paths ------------------------------------------------------------------------------------- */

static void clean_gives_every_path_its_one_form(void **state)
{
    static const struct {
        const char *path, *clean;
    } cases[] = {
        {"./a/../b/", "b"},
        {"a", "a"},
        {"a//b///c/", "a/b/c"},
        {".", "."},
        {"", "."},
        {"./", "."},
        {"/", "/"},
        {"//", "/"},
        {"/..", "/"},
        {"/../a", "/a"},
        {"..", ".."},
        {"../..", "../.."},
        {"../a/..", ".."},
        {"a/..", "."},
        {"a/../..", ".."},
        {"a/../../b", "../b"},
        {"/a/./b/", "/a/b"},
        {"...", "..."},
        {"..a/.b", "..a/.b"},
        {"~/x", "~/x"},
        {"a b/c", "a b/c"},
        {"/a/../../b", "/b"},
        {"a/b/../../../c", "../c"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(glm_directory_clean(*state, cases[i].path), cases[i].clean);
}

static void the_place_is_the_cleaned_path(void **state)
{
    struct glm_cluster *c = open_at(*state, "./x/../clusters//east/");
    assert_string_equal(c->ops->label(c, *state), "directory clusters/east");
    assert_string_equal(c->ops->kind, "directory");
    assert_string_equal(c->name, "repo");
}

static void a_very_long_path_is_no_crash(void **state)
{
    struct glm_arena *a = *state;
    char *path = glm_alloc(a, (size_t)2 << 20);
    memset(path, '/', ((size_t)2 << 20) - 1);
    for (size_t i = 1; i < ((size_t)2 << 20) - 1; i += 2)
        path[i] = 'a';
    struct glm_cluster *c = open_at(a, path);
    struct world w = {.a = a, .c = c};
    glm_diags_init(&w.d, a);
    assert_int_equal(look_at(&w, &an_operator).found, GLM_FOUND_NOTHING);
    assert_string_equal(glm_directory_clean(a, path), c->ops->label(c, a) + strlen("directory "));
}

/* Writing and reading ----------------------------------------------------------------------- */

static void the_tree_has_namespaces_first_in_a_walk_by_name(void **state)
{
    struct world w = new_world(state);
    write_ok(&w, service(w.a, "alpha", "in"));
    write_ok(&w, glm_test_operator(w.a, "istio-system", "in-1-24", "h"));
    write_ok(&w, namespace_object(w.a, "zeta"));
    write_ok(&w, namespace_object(w.a, "alpha"));
    assert_string_equal(glm_test_tree(w.a, w.folder),
                        "repo/cluster/namespace-alpha.yaml\n"
                        "repo/cluster/namespace-zeta.yaml\n"
                        "repo/namespaces/alpha/service-in.yaml\n"
                        "repo/namespaces/istio-system/istiooperator-in-1-24.yaml\n");
}

static void a_file_says_who_writes_it_and_holds_the_object(void **state)
{
    struct world w = new_world(state);
    write_ok(&w, namespace_object(w.a, "alpha"));
    const char *path = glm_sprintf(w.a, "%s/repo/cluster/namespace-alpha.yaml", w.folder);
    assert_string_equal(glm_test_file(w.a, path, NULL),
                        "# Written by terraform-provider-glm; changes are overwritten.\n"
                        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: alpha\n");
    struct stat st;
    mode_t mask = umask(0);
    umask(mask);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0644 & ~mask);
    assert_int_equal(stat(glm_sprintf(w.a, "%s/repo/cluster", w.folder), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0755 & ~mask);
}

static void what_was_written_is_found_again_exactly(void **state)
{
    static const char *const specs[] = {
        "{}",
        "{'tag': '1.10', 'n': 1.10, 'big': 123456789012345678901234567890, 'e': 1e3, 'neg': -0}",
        "{'null': null, 'yes': 'yes', 'no': false, 'empty': '', 'list': [], 'map': {}}",
        "{'text': 'a\\nb\\n', 'trailing': 'a\\n\\n', 'tab': '\\ta', 'umlaut': '\\u00e4'}",
        "{'# no comment': '# neither', '---': '--- a', 'a: b': ' c ', '~': '~'}",
    };
    struct world w = new_world(state);
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        const struct glm_value *object =
            glm_with(w.a, glm_test_operator(w.a, "istio-system", "in", ""), "spec",
                     glm_test_value(w.a, specs[i]));
        write_ok(&w, object);
        struct glm_read look = look_at(&w, &an_operator);
        assert_int_equal(look.found, GLM_FOUND);
        glm_assert_value_equal(look.object, object);
    }
}

static void a_spec_of_the_full_size_survives(void **state)
{
    struct world w = new_world(state);
    char *text = glm_alloc(w.a, GLM_YAML_MAX_BYTES);
    memset(text, 'x', GLM_YAML_MAX_BYTES - 1);
    const struct glm_value *object = glm_test_operator(w.a, "istio-system", "in", text);
    write_ok(&w, object);
    struct glm_read look = look_at(&w, &an_operator);
    assert_null(look.why);
    assert_int_equal(look.found, GLM_FOUND);
    assert_true(glm_equal(look.object, object));
}

static void a_relative_path_is_relative_to_the_working_directory(void **state)
{
    struct world w = new_world(state);
    char *before = getcwd(NULL, 0);
    assert_int_equal(chdir(w.folder), 0);
    w.c = open_at(w.a, "./clusters/east");
    write_ok(&w, namespace_object(w.a, "alpha"));
    w.c = open_at(w.a, "~");
    write_ok(&w, namespace_object(w.a, "alpha"));
    w.c = open_at(w.a, "clusters/../clusters/east/");
    const struct glm_object_ref ref = {.kind = GLM_KIND_NAMESPACE, .name = "alpha"};
    enum glm_found found = look_at(&w, &ref).found;
    assert_int_equal(chdir(before), 0);
    free(before);
    assert_int_equal(found, GLM_FOUND);
    assert_string_equal(glm_test_tree(w.a, w.folder), "clusters/east/cluster/namespace-alpha.yaml\n"
                                                      "~/cluster/namespace-alpha.yaml\n");
}

static void the_directory_itself_may_be_a_link(void **state)
{
    struct world w = new_world(state);
    assert_int_equal(mkdir(glm_sprintf(w.a, "%s/real", w.folder), 0755), 0);
    assert_int_equal(symlink("real", glm_sprintf(w.a, "%s/repo", w.folder)), 0);
    const struct glm_value *object = glm_test_operator(w.a, "istio-system", "in", "h");
    write_ok(&w, object);
    assert_int_equal(look_at(&w, &an_operator).found, GLM_FOUND);
    assert_true(glm_test_exists("%s/real/namespaces/istio-system/istiooperator-in.yaml", w.folder));
}

static void nothing_is_there_before_the_first_write_and_reading_makes_nothing(void **state)
{
    struct world w = new_world(state);
    const struct glm_value *list = &glm_null;
    assert_int_equal(look_at(&w, &an_operator).found, GLM_FOUND_NOTHING);
    assert_true(glm_test_list(w.c, w.a, GLM_KIND_SERVICE, &list, &w.d));
    glm_assert_value_equal(list, &glm_empty_list);
    assert_true(glm_test_list(w.c, w.a, GLM_KIND_NAMESPACE, &list, &w.d));
    glm_assert_value_equal(list, &glm_empty_list);
    assert_true(glm_test_remove(w.c, w.a, &an_operator, &w.d));
    assert_string_equal(glm_test_tree(w.a, w.folder), "");
    /* A file where a directory would be holds no object, and keeps it from being written. */
    glm_test_put("", "%s/repo/namespaces", w.folder);
    const struct glm_read look = look_at(&w, &an_operator);
    assert_int_equal(look.found, GLM_FOUND_UNREADABLE);
    assert_non_null(strstr(look.why, "repo/namespaces: it is not a directory"));
    assert_true(glm_test_remove(w.c, w.a, &an_operator, &w.d));
    assert_true(glm_test_list(w.c, w.a, GLM_KIND_SERVICE, &list, &w.d));
    glm_assert_value_equal(list, &glm_empty_list);
    assert_int_equal(w.d.errors + w.d.warnings, 0);
}

#define OPERATOR                                                                                   \
    "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n"                                 \
    "metadata: {name: in, namespace: istio-system}\n"

static void what_is_not_that_object_is_unreadable_and_says_why(void **state)
{
    static const struct {
        const char *content, *why;
    } cases[] = {
        {"", "istiooperator-in.yaml: it holds no object"},
        {"# only a comment\n", "it holds no object"},
        {"- a\n", "it holds a list, not an object"},
        {"hello\n", "it holds a string, not an object"},
        {"a: b\n c: d\n", "istiooperator-in.yaml: line 2, column 3: "},
        {OPERATOR "---\n" OPERATOR, "a second document begins"},
        {"a: 1\na: 2\n", "line 2, column 1: "},
        {"{}\n", "it does not hold the IstioOperator istio-system/in of apiVersion"},
        {"apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: in}\n",
         "it does not hold the IstioOperator istio-system/in"},
        {"apiVersion: v1\nkind: IstioOperator\nmetadata: {name: in, namespace: istio-system}\n",
         "it does not hold the IstioOperator istio-system/in"},
        {"apiVersion: v1\nkind: Service\nmetadata: {name: in, namespace: istio-system}\n",
         "it holds Service istio-system/in, yet its place is that of IstioOperator "
         "istio-system/in"},
        {"apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n"
         "metadata: {name: out, namespace: istio-system}\n",
         "it holds IstioOperator istio-system/out"},
        {"apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n"
         "metadata: {name: in, namespace: other}\n",
         "it holds IstioOperator other/in"},
        {"a: \xff\n", "line 1, column 4: the text is not valid UTF-8"},
    };
    struct world w = new_world(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        glm_test_put(cases[i].content, "%s/repo/namespaces/istio-system/istiooperator-in.yaml",
                     w.folder);
        struct glm_read look = look_at(&w, &an_operator);
        assert_int_equal(look.found, GLM_FOUND_UNREADABLE);
        if (!strstr(look.why, cases[i].why) || look.why[strlen(look.why) - 1] == '.') {
            fprintf(stderr, "case %zu: %s\n", i, look.why);
            fail();
        }
    }
    glm_test_put("---\n" OPERATOR "...\n---\n# the end\n",
                 "%s/repo/namespaces/istio-system/istiooperator-in.yaml", w.folder);
    assert_int_equal(look_at(&w, &an_operator).found, GLM_FOUND);
}

static void what_is_no_file_is_unreadable_and_never_hangs(void **state)
{
    struct world w = new_world(state);
    const char *file =
        glm_sprintf(w.a, "%s/repo/namespaces/istio-system/istiooperator-in.yaml", w.folder);
    glm_test_put(OPERATOR, "%s/elsewhere.yaml", w.folder);
    glm_test_put("", "%s", file);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(symlink("../../../elsewhere.yaml", file), 0);
    struct glm_read look = look_at(&w, &an_operator);
    assert_int_equal(look.found, GLM_FOUND_UNREADABLE);
    assert_non_null(strstr(look.why, "it is a symbolic link"));
    /* Asked for, a write takes the link's place; what it led to stays as it was. */
    write_ok(&w, glm_test_operator(w.a, "istio-system", "in", "h"));
    assert_int_equal(look_at(&w, &an_operator).found, GLM_FOUND);
    assert_string_equal(glm_test_file(w.a, glm_sprintf(w.a, "%s/elsewhere.yaml", w.folder), NULL),
                        OPERATOR);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(mkdir(file, 0755), 0);
    look = look_at(&w, &an_operator);
    assert_int_equal(look.found, GLM_FOUND_UNREADABLE);
    assert_non_null(strstr(look.why, "it is a directory"));
    assert_int_equal(rmdir(file), 0);
    assert_int_equal(mkfifo(file, 0644), 0);
    look = look_at(&w, &an_operator);
    assert_int_equal(look.found, GLM_FOUND_UNREADABLE);
    assert_non_null(strstr(look.why, "it is not a regular file"));
}

static void a_link_inside_is_not_followed(void **state)
{
    struct world w = new_world(state);
    glm_test_put(OPERATOR, "%s/elsewhere/istiooperator-in.yaml", w.folder);
    glm_test_put("", "%s/repo/namespaces/x/y", w.folder);
    assert_int_equal(
        symlink("../../elsewhere", glm_sprintf(w.a, "%s/repo/namespaces/istio-system", w.folder)),
        0);
    struct glm_read look = look_at(&w, &an_operator);
    assert_int_equal(look.found, GLM_FOUND_UNREADABLE);
    assert_non_null(strstr(look.why, "/repo/namespaces/istio-system: it is a symbolic link"));
    assert_false(glm_test_write(w.c, w.a, glm_test_operator(w.a, "istio-system", "in", "h"), &w.d));
    assert_false(glm_test_remove(w.c, w.a, &an_operator, &w.d));
    glm_assert_error(&w.d, "", "/repo/namespaces/istio-system: it is a symbolic link");
    assert_string_equal(
        glm_test_file(w.a, glm_sprintf(w.a, "%s/elsewhere/istiooperator-in.yaml", w.folder), NULL),
        OPERATOR);
    const struct glm_value *list = &glm_null;
    assert_true(glm_test_list(w.c, w.a, GLM_KIND_ISTIO_OPERATOR, &list, &w.d));
    glm_assert_value_equal(list, &glm_empty_list);
    glm_assert_warning(&w.d, "", "/repo/namespaces/istio-system: it is a symbolic link");
}

static void a_file_beyond_the_ceiling_is_unreadable(void **state)
{
    struct world w = new_world(state);
    const char *file =
        glm_sprintf(w.a, "%s/repo/namespaces/istio-system/istiooperator-in.yaml", w.folder);
    glm_test_put(OPERATOR, "%s", file);
    assert_int_equal(truncate(file, ((off_t)64 << 20) + 1), 0);
    struct glm_read look = look_at(&w, &an_operator);
    assert_int_equal(look.found, GLM_FOUND_UNREADABLE);
    assert_non_null(strstr(look.why, "it has 67108865 bytes, and at most 67108864 are read"));
}

/* Listing and removing ---------------------------------------------------------------------- */

static void list_gives_every_object_of_the_kind_in_order(void **state)
{
    struct world w = new_world(state);
    static const struct {
        const char *namespace_, *name;
    } in_order[] = {{"a", "in"}, {"a", "in-1"}, {"a", "in.x"}, {"a-b", "in"}, {"b", "a"}};
    for (size_t i = 5; i > 0; i--)
        write_ok(&w, glm_test_operator(w.a, in_order[i - 1].namespace_, in_order[i - 1].name, ""));
    write_ok(&w, service(w.a, "a", "in"));
    write_ok(&w, namespace_object(w.a, "a"));
    /* What others keep in the tree is theirs. */
    glm_test_put("no: object", "%s/repo/namespaces/a/kustomization.yaml", w.folder);
    glm_test_put("no: object", "%s/repo/namespaces/a/.istiooperator-x.yaml", w.folder);
    glm_test_put("no: object", "%s/repo/namespaces/a/istiooperator-x.yaml.bak", w.folder);
    glm_test_put("no: object", "%s/repo/namespaces/a/istiooperator-.yaml", w.folder);
    glm_test_put("no: object", "%s/repo/namespaces/README.md", w.folder);
    const struct glm_value *list = &glm_null;
    assert_true(glm_test_list(w.c, w.a, GLM_KIND_ISTIO_OPERATOR, &list, &w.d));
    assert_int_equal(w.d.warnings, 0);
    assert_int_equal(list->len, 5);
    for (size_t i = 0; i < 5; i++)
        glm_assert_value_equal(
            glm_at(list, i), glm_test_operator(w.a, in_order[i].namespace_, in_order[i].name, ""));
    assert_true(glm_test_list(w.c, w.a, GLM_KIND_SERVICE, &list, &w.d));
    assert_int_equal(list->len, 1);
    assert_true(glm_test_list(w.c, w.a, GLM_KIND_NAMESPACE, &list, &w.d));
    assert_int_equal(list->len, 1);
}

static void list_names_what_it_cannot_read_and_gives_the_rest(void **state)
{
    struct world w = new_world(state);
    write_ok(&w, glm_test_operator(w.a, "a", "in", ""));
    glm_test_put("a: [", "%s/repo/namespaces/a/istiooperator-broken.yaml", w.folder);
    glm_test_put(OPERATOR, "%s/repo/namespaces/a/istiooperator-copy.yaml", w.folder);
    glm_test_put("", "%s/repo/namespaces/a/istiooperator-folder.yaml/x", w.folder);
    const struct glm_value *list = &glm_null;
    assert_true(glm_test_list(w.c, w.a, GLM_KIND_ISTIO_OPERATOR, &list, &w.d));
    assert_int_equal(list->len, 1);
    assert_int_equal(w.d.warnings, 3);
    glm_assert_warning(&w.d, "", "repo/namespaces/a/istiooperator-broken.yaml: line ");
    glm_assert_warning(&w.d, "", "istiooperator-copy.yaml: it holds IstioOperator istio-system/in");
    glm_assert_warning(&w.d, "", "istiooperator-folder.yaml: it is a directory");
}

static void remove_takes_the_file_and_an_empty_namespace_only(void **state)
{
    struct world w = new_world(state);
    const struct glm_object_ref ref = {.kind = GLM_KIND_SERVICE, .namespace_ = "a", .name = "in"};
    write_ok(&w, namespace_object(w.a, "a"));
    write_ok(&w, service(w.a, "a", "in"));
    write_ok(&w, service(w.a, "a", "out"));
    assert_true(glm_test_remove(w.c, w.a, &ref, &w.d));
    assert_string_equal(glm_test_tree(w.a, w.folder), "repo/cluster/namespace-a.yaml\n"
                                                      "repo/namespaces/a/service-out.yaml\n");
    const struct glm_object_ref other = {
        .kind = GLM_KIND_SERVICE, .namespace_ = "a", .name = "out"};
    assert_true(glm_test_remove(w.c, w.a, &other, &w.d));
    assert_true(glm_test_remove(w.c, w.a, &other, &w.d));
    assert_string_equal(glm_test_tree(w.a, w.folder),
                        "repo/cluster/namespace-a.yaml\nrepo/namespaces/\n");
    const struct glm_object_ref namespace_ = {.kind = GLM_KIND_NAMESPACE, .name = "a"};
    write_ok(&w, namespace_object(w.a, "b"));
    assert_true(glm_test_remove(w.c, w.a, &namespace_, &w.d));
    assert_string_equal(glm_test_tree(w.a, w.folder),
                        "repo/cluster/namespace-b.yaml\nrepo/namespaces/\n");
    assert_int_equal(w.d.errors + w.d.warnings, 0);
}

static void it_has_what_was_written_as_long_as_no_byte_is_another(void **state)
{
    struct world w = new_world(state);
    const struct glm_object_ref ref = {.kind = GLM_KIND_SERVICE, .namespace_ = "a", .name = "in"};
    const struct glm_value *in = service(w.a, "a", "in");
    const struct glm_value *other =
        glm_with_path(w.a, in, glm_string(w.a, "None"), "spec", "clusterIP", NULL);
    const char *file = glm_sprintf(w.a, "%s/repo/namespaces/a/service-in.yaml", w.folder);
    assert_false(w.c->ops->has(w.c, &ref, in));
    assert_false(glm_test_exists("%s/repo", w.folder));
    write_ok(&w, in);
    assert_true(w.c->ops->has(w.c, &ref, in));
    assert_false(w.c->ops->has(w.c, &ref, other));
    write_ok(&w, other);
    assert_false(w.c->ops->has(w.c, &ref, in));
    assert_true(w.c->ops->has(w.c, &ref, other));
    FILE *f = fopen(file, "r+");
    assert_non_null(f);
    fputs("#\n", f); /* of the same length, and means the same */
    fclose(f);
    assert_false(w.c->ops->has(w.c, &ref, other));
    assert_int_equal(unlink(file), 0);
    assert_int_equal(symlink("elsewhere", file), 0);
    assert_false(w.c->ops->has(w.c, &ref, other));
    assert_int_equal(w.d.errors + w.d.warnings, 0);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(clean_gives_every_path_its_one_form),
        CASE(the_place_is_the_cleaned_path),
        CASE(a_very_long_path_is_no_crash),
        CASE(the_tree_has_namespaces_first_in_a_walk_by_name),
        CASE(a_file_says_who_writes_it_and_holds_the_object),
        CASE(what_was_written_is_found_again_exactly),
        CASE(it_has_what_was_written_as_long_as_no_byte_is_another),
        CASE(a_spec_of_the_full_size_survives),
        CASE(a_relative_path_is_relative_to_the_working_directory),
        CASE(the_directory_itself_may_be_a_link),
        CASE(nothing_is_there_before_the_first_write_and_reading_makes_nothing),
        CASE(what_is_not_that_object_is_unreadable_and_says_why),
        CASE(what_is_no_file_is_unreadable_and_never_hangs),
        CASE(a_link_inside_is_not_followed),
        CASE(a_file_beyond_the_ceiling_is_unreadable),
        CASE(list_gives_every_object_of_the_kind_in_order),
        CASE(list_names_what_it_cannot_read_and_gives_the_rest),
        CASE(remove_takes_the_file_and_an_empty_namespace_only),
    };
    return cmocka_run_group_tests_name("directory", tests, NULL, NULL);
}
