/* SPDX-License-Identifier: Apache-2.0
 *
 * The directory cluster where the system refuses: every refusal names the path and the remedy,
 * leaves the old file as it was and nothing else behind. The refusals are the kernel's own: another
 * user, a full, a read-only file system, a limit of the process.
 */
#include "test.h"

#include "folder.h"
#include "glm/text.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

struct world {
    struct glm_arena *a;
    const char *folder;
    const struct glm_value *object; /* to write */
};

static const struct glm_object_ref an_operator = {
    .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "istio-system", .name = "in"};

static struct world new_world(void **state)
{
    struct world w = {.a = *state, .folder = glm_test_folder(*state)};
    w.object = glm_test_operator(w.a, "istio-system", "in", "new");
    return w;
}

/* Says what every operation answers, a line each: "write: ok" or its error. */
static void try_all(const struct world *w, struct glm_test_said *said)
{
    struct glm_cluster *c =
        glm_directory_create("repo", glm_sprintf(w->a, "%s/repo", w->folder), NULL);
    for (int i = 0; i < 4; i++) {
        struct glm_diags d;
        glm_diags_init(&d, w->a);
        struct glm_read read;
        const struct glm_value *v = &glm_null;
        const char *const names[] = {"write", "read", "list", "remove"};
        bool ok = i == 0   ? glm_test_write(c, w->a, w->object, &d)
                  : i == 1 ? c->ops->read(c, w->a, &an_operator, &read, &d)
                  : i == 2 ? glm_test_list(c, w->a, GLM_KIND_ISTIO_OPERATOR, &v, &d)
                           : glm_test_remove(c, w->a, &an_operator, &d);
        if (ok != (d.errors == 0))
            glm_test_say(said, "BROKEN PROMISE ");
        glm_test_say(said, "%s: %s %s\n", names[i], ok ? "ok" : "failed",
                     glm_test_diags_text(w->a, &d));
    }
    c->ops->destroy(c);
}

static void expect(const char *said, const char *part)
{
    if (strstr(said, part))
        return;
    fprintf(stderr, "expected: %s\nsaid:\n%s\n", part, said);
    fail();
}

static void as_nobody(struct glm_test_said *said)
{
    if (geteuid() == 0 && (setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
        glm_test_say(said, "cannot become nobody: %s\n", strerror(errno));
}

static void all_as_nobody(void *context, struct glm_test_said *said)
{
    as_nobody(said);
    try_all(context, said);
}

/* No permission ----------------------------------------------------------------------------- */

static void a_directory_that_cannot_be_made_is_named_with_the_user(void **state)
{
    struct world w = new_world(state);
    assert_int_equal(chmod(w.folder, 0555), 0);
    const char *said = glm_test_in_child(w.a, all_as_nobody, &w);
    expect(said, glm_sprintf(w.a,
                             "write: failed error: Cannot write IstioOperator istio-system/in: "
                             "%s/repo: permission is denied for the user with the id ",
                             w.folder));
    expect(said, "Give the user that runs Terraform the right to read and write there");
    expect(said, "read: ok");
    expect(said, "list: ok");
    expect(said, "remove: ok");
}

static void a_directory_that_cannot_be_written_keeps_its_file(void **state)
{
    struct world w = new_world(state);
    const char *inner = glm_sprintf(w.a, "%s/repo/namespaces/istio-system", w.folder);
    glm_test_put("apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n"
                 "metadata: {name: in, namespace: istio-system}\n",
                 "%s/istiooperator-in.yaml", inner);
    assert_int_equal(chmod(inner, 0555), 0);
    const char *said = glm_test_in_child(w.a, all_as_nobody, &w);
    expect(said, "write: failed");
    expect(said, glm_sprintf(w.a, "%s/istiooperator-in.yaml: permission is denied", inner));
    expect(said, "read: ok");
    expect(said, "list: ok");
    expect(said, "remove: failed");
    assert_string_equal(glm_test_tree(w.a, inner), "istiooperator-in.yaml\n");
}

static void what_cannot_be_looked_into_is_an_error_never_absent(void **state)
{
    struct world w = new_world(state);
    glm_test_put("", "%s/repo/namespaces/istio-system/istiooperator-in.yaml", w.folder);
    const char *root = glm_sprintf(w.a, "%s/repo", w.folder);
    assert_int_equal(chmod(root, 0000), 0);
    const char *said = glm_test_in_child(w.a, all_as_nobody, &w);
    assert_int_equal(chmod(root, 0755), 0);
    expect(said, "write: failed");
    expect(said, "read: failed error: Cannot read IstioOperator istio-system/in: ");
    expect(said, "/repo/namespaces: permission is denied for the user with the id ");
    expect(said, glm_sprintf(w.a, ", who may not search %s. Give", root));
    expect(said, "list: failed error: Cannot list the IstioOperators of cluster \"repo\": ");
    expect(said, "remove: failed");
}

static void a_file_that_cannot_be_read_is_an_error_and_a_warning_in_a_list(void **state)
{
    struct world w = new_world(state);
    const char *file =
        glm_sprintf(w.a, "%s/repo/namespaces/istio-system/istiooperator-in.yaml", w.folder);
    glm_test_put("", "%s", file);
    assert_int_equal(chmod(file, 0000), 0);
    const char *said = glm_test_in_child(w.a, all_as_nobody, &w);
    expect(said, "read: failed");
    expect(said, "istiooperator-in.yaml: permission is denied for the user");
    expect(said, "list: ok warning: Cannot read a file of cluster \"repo\": ");
    expect(said, "istiooperator-in.yaml: permission is denied. It is left out.");
}

/* Something else is at that place ------------------------------------------------------------ */

static void a_file_in_the_way_is_named_wherever_it_is(void **state)
{
    static const char *const places[] = {"repo", "repo/namespaces", "repo/namespaces/istio-system"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct world w = new_world(state);
        glm_test_put("precious", "%s/%s", w.folder, places[i]);
        const char *said = glm_test_in_child(w.a, all_as_nobody, &w);
        expect(said, glm_sprintf(w.a, "%s/%s: it is not a directory. Move that file away", w.folder,
                                 places[i]));
        expect(said, "write: failed");
        /* In the place of the directory itself it is none; below, no object is in a file. */
        expect(said, i == 0 ? "read: failed" : "read: ok");
        expect(said, i == 0 ? "list: failed" : "list: ok");
        expect(said, "remove: ok");
        assert_string_equal(
            glm_test_file(w.a, glm_sprintf(w.a, "%s/%s", w.folder, places[i]), NULL), "precious");
    }
}

static void all_of_us(void *context, struct glm_test_said *said)
{
    try_all(context, said);
}

static void a_directory_at_the_place_of_the_file_is_named(void **state)
{
    struct world w = new_world(state);
    glm_test_put("", "%s/repo/namespaces/istio-system/istiooperator-in.yaml/precious", w.folder);
    const char *said = glm_test_in_child(w.a, all_of_us, &w);
    expect(said, "write: failed");
    expect(said, "istiooperator-in.yaml: a directory is at the place of the file. Move");
    expect(said, "remove: failed");
    assert_string_equal(glm_test_tree(w.a, w.folder),
                        "repo/namespaces/istio-system/istiooperator-in.yaml/precious\n");
}

static void a_dangling_link_on_the_way_is_an_error_never_absent(void **state)
{
    struct world w = new_world(state);
    assert_int_equal(symlink("not-mounted", glm_sprintf(w.a, "%s/repo", w.folder)), 0);
    const char *said = glm_test_in_child(w.a, all_of_us, &w);
    expect(said, "/repo: it is a symbolic link to something that does not exist. Check");
    expect(said, "write: failed");
    expect(said, "read: failed");
    expect(said, "list: failed");
    expect(said, "remove: failed");
    assert_false(glm_test_exists("%s/not-mounted", w.folder));
}

/* The configured directory may be a link, so it is never said that links are not followed. */
static void a_directory_that_is_a_broken_link_is_said_as_it_is(void **state)
{
    static const struct {
        const char *target, *words;
    } cases[] = {
        {"repo", "it is a symbolic link that leads back to itself, or through more than 40 others"},
        {"./x/../repo", "it is a symbolic link that leads back to itself"},
        {"file", "it is a symbolic link to something that is not a directory"},
        {"locked/inner", "it is a symbolic link to a place that this user may not reach"},
        {"file/inner", "it is a symbolic link to something that is not a directory"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = new_world(state);
        glm_test_put("", "%s/file", w.folder);
        glm_test_put("", "%s/x/y", w.folder);
        glm_test_put("", "%s/locked/inner/z", w.folder);
        const char *locked = glm_sprintf(w.a, "%s/locked", w.folder);
        assert_int_equal(chmod(locked, 0), 0);
        assert_int_equal(symlink(cases[i].target, glm_sprintf(w.a, "%s/repo", w.folder)), 0);
        const char *said = glm_test_in_child(w.a, all_as_nobody, &w);
        assert_int_equal(chmod(locked, 0755), 0);
        for (int k = 0; k < 4; k++)
            expect(said, ((const char *const[]){"write: failed", "read: failed", "list: failed",
                                                "remove: failed"})[k]);
        expect(said, glm_sprintf(w.a, "/repo: %s", cases[i].words));
        assert_null(strstr(said, "not followed"));
        assert_null(strstr(said, "(null)"));
    }
}

static void in_a_directory_that_is_gone(void *context, struct glm_test_said *said)
{
    const struct world *w = context;
    const char *inner = glm_sprintf(w->a, "%s/inner", w->folder);
    struct glm_diags d;
    glm_diags_init(&d, w->a);
    if (mkdir(inner, 0755) < 0 || chdir(inner) < 0 || rmdir(inner) < 0)
        glm_test_say(said, "unexpected");
    struct glm_cluster *c = glm_directory_create("repo", "clusters/east", NULL);
    const char *place = NULL;
    bool ok = glm_test_write(c, w->a, w->object, &d);
    c->ops->identify(c, w->a, &place, &d);
    glm_test_say(said, "%d %s %s", ok, place, glm_test_diags_text(w->a, &d));
    c->ops->destroy(c);
}

static void a_working_directory_that_is_gone_is_said_so(void **state)
{
    struct world w = new_world(state);
    const char *said = glm_test_in_child(w.a, in_a_directory_that_is_gone, &w);
    expect(said, "0 directory clusters/east error: Cannot write IstioOperator istio-system/in: .: "
                 "it was removed while Terraform works in it. Run Terraform again");
}

/* What the tree of a repository may hold ------------------------------------------------------ */

static void names_of_any_bytes_are_left_out_and_never_shown(void **state)
{
    struct world w = new_world(state);
    const char *inner = glm_sprintf(w.a, "%s/repo/namespaces/istio-system", w.folder);
    glm_test_put("a: b", "%s/istiooperator-\xff\xfe.yaml", inner);
    glm_test_put("a: b", "%s/istiooperator-\x1b[31m.yaml", inner);
    glm_test_put("a: b", "%s/repo/namespaces/\xff/istiooperator-in.yaml", w.folder);
    glm_test_put("a: b", "%s/repo/namespaces/a\nb/istiooperator-in.yaml", w.folder);
    const char *said = glm_test_in_child(w.a, all_of_us, &w);
    expect(said, "list: ok warning: Cannot read a file of cluster \"repo\": ");
    expect(said, "/repo/namespaces/istio-system: the name of a istiooperator-*.yaml in it is not "
                 "one of Kubernetes");
    assert_true(glm_utf8_valid(said, strlen(said)));
    assert_null(strchr(said, '\x1b'));
}

static void pipes_sockets_and_devices_are_neither_waited_for_nor_opened(void **state)
{
    struct world w = new_world(state);
    const char *inner = glm_sprintf(w.a, "%s/repo/namespaces/istio-system", w.folder);
    glm_test_put("", "%s/x", inner);
    static const mode_t kinds[] = {S_IFIFO, S_IFSOCK, S_IFCHR};
    const char *left = glm_sprintf(w.a, "%s/.glm-write-0123456789abcdef.tmp", inner);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *file = glm_sprintf(w.a, "%s/istiooperator-in.yaml", inner);
        dev_t null = i == 2 ? 0x103 : 0; /* /dev/null */
        if (mknod(file, kinds[i] | 0600, null) < 0 && errno == EPERM)
            continue;
        mknod(left, kinds[i] | 0600, null);
        struct glm_cluster *c =
            glm_directory_create("repo", glm_sprintf(w.a, "%s/repo", w.folder), NULL);
        struct glm_diags d;
        glm_diags_init(&d, w.a);
        struct glm_read read;
        const struct glm_value *v = NULL;
        c->ops->tidy(c, w.a);
        assert_true(c->ops->read(c, w.a, &an_operator, &read, &d));
        assert_int_equal(read.found, GLM_FOUND_UNREADABLE);
        expect(read.why, "it is not a regular file");
        assert_true(glm_test_list(c, w.a, GLM_KIND_ISTIO_OPERATOR, &v, &d));
        assert_int_equal(v->len, 0);
        c->ops->destroy(c);
        assert_true(glm_test_exists("%s", left));
        assert_int_equal(unlink(file), 0);
        assert_int_equal(unlink(left), 0);
    }
}

/* Ceilings of a list: names, bytes, warnings. */
static void a_tree_beyond_all_measure_is_refused_with_words(void **state)
{
    struct world w = new_world(state);
    const char *inner = glm_sprintf(w.a, "%s/repo/namespaces/istio-system", w.folder);
    struct glm_cluster *c =
        glm_directory_create("repo", glm_sprintf(w.a, "%s/repo", w.folder), NULL);
    for (int i = 0; i < 50; i++)
        glm_test_put("no: object", "%s/istiooperator-in-%d.yaml", inner, i);
    struct glm_diags d;
    glm_diags_init(&d, w.a);
    const struct glm_value *v = NULL;
    assert_true(glm_test_list(c, w.a, GLM_KIND_ISTIO_OPERATOR, &v, &d));
    assert_int_equal(d.warnings, 21);
    glm_assert_warning(&d, "", "there are 30 more that cannot be read");
    for (int i = 0; i < 3; i++)
        assert_int_equal(
            truncate(glm_sprintf(w.a, "%s/istiooperator-in-%d.yaml", inner, i), (off_t)33 << 20),
            0);
    assert_false(glm_test_list(c, w.a, GLM_KIND_ISTIO_OPERATOR, &v, &d));
    glm_assert_error(&d, "", "its files have more than 67108864 bytes together");
    c->ops->destroy(c);
}

static void a_name_too_long_for_a_file_says_so(void **state)
{
    struct world w = new_world(state);
    char *name = glm_alloc(w.a, 254);
    memset(name, 'n', 253);
    w.object = glm_test_operator(w.a, "istio-system", name, "");
    const char *said = glm_test_in_child(w.a, all_of_us, &w);
    expect(said, "nnn.yaml: the name is longer than the file system allows (mostly 255 bytes). "
                 "Choose a shorter name");
    assert_int_equal(glm_test_count(w.a, w.folder, "tmp"), 0);
    /* The longest that fits does: the temporary file's name does not depend on it. */
    w.object = glm_test_operator(w.a, "istio-system", name + 253 - 236, "");
    expect(glm_test_in_child(w.a, all_of_us, &w), "write: ok");
    assert_int_equal(glm_test_count(w.a, w.folder, ".yaml"), 1);
}

static void names_that_would_leave_the_directory_are_refused(void **state)
{
    static const char *const names[] = {"..",  ".",    "a/b",      "../x", "/etc", "A",
                                        "a_b", "-a",   "a-",       ".a",   "a.",   "a..b",
                                        "a b", "a\nb", "\xc3\xa4", "a.-b", "a-.b"};
    struct world w = new_world(state);
    struct glm_cluster *c =
        glm_directory_create("repo", glm_sprintf(w.a, "%s/repo", w.folder), NULL);
    for (size_t i = 0; i < 2 * sizeof names / sizeof *names; i++) {
        const char *bad = names[i / 2];
        struct glm_object_ref ref = {
            .kind = GLM_KIND_SERVICE, .namespace_ = i % 2 ? "ns" : bad, .name = i % 2 ? bad : "in"};
        const struct glm_value *object =
            glm_with_path(w.a, glm_test_operator(w.a, "ns", "in", ""), glm_string(w.a, bad),
                          "metadata", i % 2 ? "name" : "namespace", NULL);
        struct glm_diags d;
        glm_diags_init(&d, w.a);
        struct glm_read read;
        assert_false(glm_test_write(c, w.a, object, &d));
        assert_false(c->ops->read(c, w.a, &ref, &read, &d));
        assert_false(glm_test_remove(c, w.a, &ref, &d));
        assert_int_equal(d.errors, 3);
        glm_assert_error(&d, "", "is not a Kubernetes name");
    }
    c->ops->destroy(c);
    assert_string_equal(glm_test_tree(w.a, w.folder), "");
}

static void what_could_not_be_read_back_is_not_written(void **state)
{
    struct world w = new_world(state);
    const struct glm_value *deep = &glm_null;
    for (int i = 0; i < GLM_VALUE_DEPTH; i++)
        deep = glm_list(w.a, &deep, 1);
    w.object = glm_with(w.a, w.object, "spec", deep);
    expect(glm_test_in_child(w.a, all_of_us, &w),
           "Cannot write IstioOperator istio-system/in: It is nested deeper than 200 levels");
    char *large = glm_alloc(w.a, ((size_t)64 << 20) + 1);
    memset(large, 'x', (size_t)64 << 20);
    w.object = glm_test_operator(w.a, "istio-system", "in", large);
    expect(glm_test_in_child(w.a, all_of_us, &w), "As YAML it has more than 67108864 bytes");
    w.object = glm_test_value(w.a, "{'apiVersion': 'v1', 'kind': 'Pod'}");
    expect(glm_test_in_child(w.a, all_of_us, &w), "It is of no kind that is written here");
    assert_string_equal(glm_test_tree(w.a, w.folder), "");
}

/* The disk ---------------------------------------------------------------------------------- */

static void beyond_the_limit_of_the_process(void *context, struct glm_test_said *said)
{
    const struct rlimit limit = {4096, 4096};
    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
        glm_test_say(said, "cannot set the limit\n");
    try_all(context, said);
}

static void a_file_size_limit_leaves_the_old_file_and_no_other(void **state)
{
    struct world w = new_world(state);
    const char *inner = glm_sprintf(w.a, "%s/repo/namespaces/istio-system", w.folder);
    glm_test_put("old", "%s/service-old.yaml", inner);
    char *large = glm_alloc(w.a, 100001);
    memset(large, 'x', 100000);
    w.object = glm_test_operator(w.a, "istio-system", "in", large);
    const char *said = glm_test_in_child(w.a, beyond_the_limit_of_the_process, &w);
    expect(said, "istiooperator-in.yaml: the file would be larger than this process may write. "
                 "Raise the limit");
    assert_string_equal(glm_test_tree(w.a, inner), "service-old.yaml\n");
}

/* A file system of our own at <folder>/repo, of 256 KiB and few inodes. False where this machine
 * does not let us. */
static bool mount_small(const struct world *w, struct glm_test_said *said)
{
    const char *repo = glm_sprintf(w->a, "%s/repo", w->folder);
    int flags = CLONE_NEWNS | (geteuid() == 0 ? 0 : CLONE_NEWUSER);
    if (mkdir(repo, 0755) < 0 || unshare(flags) < 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("none", repo, "tmpfs", 0, "size=256k,mode=0755") < 0) {
        glm_test_say(said, "no mount: %s", strerror(errno));
        return false;
    }
    return true;
}

static void on_a_full_disk(void *context, struct glm_test_said *said)
{
    struct world *w = context;
    if (!mount_small(w, said))
        return;
    struct world first = *w;
    first.object = glm_test_operator(w->a, "istio-system", "in", "old");
    struct glm_cluster *c =
        glm_directory_create("repo", glm_sprintf(w->a, "%s/repo", w->folder), NULL);
    struct glm_diags d;
    glm_diags_init(&d, w->a);
    if (!glm_test_write(c, w->a, first.object, &d) || glm_test_write(c, w->a, w->object, &d))
        glm_test_say(said, "unexpected\n");
    glm_test_say(said, "%s\n", glm_test_diags_text(w->a, &d));
    struct glm_read read;
    if (c->ops->read(c, w->a, &an_operator, &read, &d) && read.found == GLM_FOUND &&
        glm_equal(read.object, first.object))
        glm_test_say(said, "the old object is whole\n");
    glm_test_say(said, "%s", glm_test_tree(w->a, w->folder));
    c->ops->destroy(c);
}

static void a_full_disk_leaves_the_old_file_and_no_other(void **state)
{
    struct world w = new_world(state);
    char *large = glm_alloc(w.a, 400001);
    memset(large, 'x', 400000);
    w.object = glm_test_operator(w.a, "istio-system", "in", large);
    const char *said = glm_test_in_child(w.a, on_a_full_disk, &w);
    if (strncmp(said, "no mount", 8) == 0) {
        print_message("%s\n", said);
        skip();
    }
    expect(said, glm_sprintf(w.a,
                             "error: Cannot write IstioOperator istio-system/in: "
                             "%s/repo/namespaces/istio-system/istiooperator-in.yaml: "
                             "no space is left on the device. Free some space",
                             w.folder));
    expect(said, "the old object is whole\nrepo/namespaces/istio-system/istiooperator-in.yaml\n");
    assert_null(strstr(said, "unexpected"));
    assert_null(strstr(said, ".tmp"));
}

static void on_a_read_only_disk(void *context, struct glm_test_said *said)
{
    struct world *w = context;
    if (!mount_small(w, said))
        return;
    glm_test_put("", "%s/repo/namespaces/istio-system/istiooperator-in.yaml", w->folder);
    if (mount("none", glm_sprintf(w->a, "%s/repo", w->folder), "tmpfs", MS_REMOUNT | MS_RDONLY,
              NULL) < 0)
        glm_test_say(said, "cannot remount\n");
    try_all(w, said);
    w->object = glm_test_operator(w->a, "other", "in", "");
    try_all(w, said);
}

static void a_read_only_disk_is_named(void **state)
{
    struct world w = new_world(state);
    const char *said = glm_test_in_child(w.a, on_a_read_only_disk, &w);
    if (strncmp(said, "no mount", 8) == 0) {
        print_message("%s\n", said);
        skip();
    }
    expect(said, "istio-system/istiooperator-in.yaml: the file system is mounted read-only. Mount");
    expect(said, "/repo/namespaces/other: the file system is mounted read-only. Mount");
    expect(said, "read: ok");
    expect(said, "remove: failed");
}

static void without_descriptors(void *context, struct glm_test_said *said)
{
    const struct rlimit limit = {3, 3};
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        glm_test_say(said, "cannot set the limit\n");
    try_all(context, said);
}

static void no_descriptors_left_is_an_error_never_absent(void **state)
{
    struct world w = new_world(state);
    glm_test_put("", "%s/repo/namespaces/istio-system/istiooperator-in.yaml", w.folder);
    const char *said = glm_test_in_child(w.a, without_descriptors, &w);
    expect(said, "write: failed");
    expect(said, "read: failed");
    expect(said, "list: failed");
    expect(said, "remove: failed");
    expect(said, "this process has too many open files. Raise the limit");
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        CASE(a_directory_that_cannot_be_made_is_named_with_the_user),
        CASE(a_directory_that_cannot_be_written_keeps_its_file),
        CASE(what_cannot_be_looked_into_is_an_error_never_absent),
        CASE(a_file_that_cannot_be_read_is_an_error_and_a_warning_in_a_list),
        CASE(a_file_in_the_way_is_named_wherever_it_is),
        CASE(a_directory_at_the_place_of_the_file_is_named),
        CASE(a_dangling_link_on_the_way_is_an_error_never_absent),
        CASE(a_directory_that_is_a_broken_link_is_said_as_it_is),
        CASE(a_working_directory_that_is_gone_is_said_so),
        CASE(names_of_any_bytes_are_left_out_and_never_shown),
        CASE(pipes_sockets_and_devices_are_neither_waited_for_nor_opened),
        CASE(a_tree_beyond_all_measure_is_refused_with_words),
        CASE(a_name_too_long_for_a_file_says_so),
        CASE(names_that_would_leave_the_directory_are_refused),
        CASE(what_could_not_be_read_back_is_not_written),
        CASE(a_file_size_limit_leaves_the_old_file_and_no_other),
        CASE(a_full_disk_leaves_the_old_file_and_no_other),
        CASE(a_read_only_disk_is_named),
        CASE(no_descriptors_left_is_an_error_never_absent),
    };
    return cmocka_run_group_tests_name("directory trouble", tests, NULL, NULL);
}
