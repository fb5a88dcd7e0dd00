/* SPDX-License-Identifier: Apache-2.0
 *
 * What the unit tests share. See test.h.
 */
#include "test.h"

#include "glm/cluster.h"
#include "glm/text.h"

#include <stdio.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define TEST_ARENA ((size_t)4 << 30)

int glm_test_arena_setup(void **state)
{
    *state = glm_arena_create(TEST_ARENA);
    return 0;
}

int glm_test_arena_teardown(void **state)
{
    glm_arena_destroy(*state);
    return 0;
}

const struct glm_value *glm_test_value(struct glm_arena *arena, const char *quoted_json)
{
    char *json = glm_strdup(arena, quoted_json);
    for (char *c = json; *c; c++)
        if (*c == '\'')
            *c = '"';
    struct glm_diags d;
    glm_diags_init(&d, arena);
    const struct glm_value *v = NULL;
    if (!glm_json_decode(arena, json, strlen(json), "the test's value", NULL, &v, &d)) {
        fprintf(stderr, "%s\n", glm_test_diags_text(arena, &d));
        abort();
    }
    return v;
}

void glm_assert_value_equal_(const struct glm_value *actual, const struct glm_value *expected,
                             const char *file, int line)
{
    if (glm_equal(actual, expected))
        return;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(TEST_ARENA);
    fprintf(stderr, "%s:%d: values differ\n  actual:   %s\n  expected: %s\n", file, line,
            glm_json_text(arena, actual), glm_json_text(arena, expected));
    _fail(file, line);
}

const char *glm_test_diags_text(struct glm_arena *arena, const struct glm_diags *d)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)16 << 20);
    for (const struct glm_diag *diag = d->first; diag; diag = diag->next) {
        const char *path = glm_path_text(arena, diag->path);
        glm_text_addf(&text, "%s: %s%s%s: %s\n", diag->severity == GLM_ERROR ? "error" : "warning",
                      path, *path ? ": " : "", diag->summary, diag->detail);
    }
    assert_null(strstr(text.data, "(null)")); /* a text that somebody forgot */
    return text.data;
}

void glm_assert_diag_(const struct glm_diags *d, enum glm_severity severity, const char *path,
                      const char *part, const char *file, int line)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(TEST_ARENA);
    for (const struct glm_diag *diag = d->first; diag; diag = diag->next)
        if (diag->severity == severity && strcmp(glm_path_text(arena, diag->path), path) == 0 &&
            (strstr(diag->summary, part) || strstr(diag->detail, part)))
            return;
    fprintf(stderr, "%s:%d: no such diagnostic: at %s, with \"%s\"; there are:\n%s", file, line,
            *path ? path : "the root", part, glm_test_diags_text(arena, d));
    _fail(file, line);
}

const char *glm_test_file(struct glm_arena *arena, const char *path, size_t *ret_len)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "cannot open %s\n", path);
        fail();
        return "";
    }
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)1 << 30);
    char *block = glm_alloc(arena, (size_t)1 << 16);
    for (size_t n; (n = fread(block, 1, (size_t)1 << 16, file)) > 0;)
        glm_text_add(&text, block, n);
    fclose(file);
    if (ret_len)
        *ret_len = text.len;
    return text.data;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(text, 1, strlen(text), file) != strlen(text)) {
        fprintf(stderr, "cannot write %s\n", path);
        fail();
    }
    if (file)
        fclose(file);
}

void glm_assert_golden_(const char *path, const char *actual, const char *file, int line)
{
    const char *update = getenv("GLM_UPDATE_GOLDEN");
    if (update && *update == '1') {
        write_file(path, actual);
        return;
    }
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(TEST_ARENA);
    const char *expected = glm_test_file(arena, path, NULL);
    if (strcmp(actual, expected) == 0)
        return;
    fprintf(stderr, "%s:%d: differs from %s\n--- expected\n%s\n--- actual\n%s\n", file, line, path,
            expected, actual);
    _fail(file, line);
}

bool glm_test_write(struct glm_cluster *cluster, struct glm_arena *arena,
                    const struct glm_value *object, struct glm_diags *d)
{
    struct glm_write w = {.object = object};
    enum glm_written written;
    return cluster->ops->write(cluster, arena, &w, &written, d);
}

bool glm_test_remove(struct glm_cluster *cluster, struct glm_arena *arena,
                     const struct glm_object_ref *ref, struct glm_diags *d)
{
    bool gone;
    return cluster->ops->remove(cluster, arena, ref, NULL, &gone, d);
}

bool glm_test_list(struct glm_cluster *cluster, struct glm_arena *arena,
                   const struct glm_object_kind *kind, const struct glm_value **ret_list,
                   struct glm_diags *d)
{
    struct glm_read read;
    bool ok = cluster->ops->list(cluster, arena, kind, NULL, &read, d);
    if (ok)
        *ret_list = read.object;
    return ok;
}

#define FOLDERS_MAX 1000

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void glm_test_each_folder(struct glm_arena *arena, const char *root, void (*run)(const char *name))
{
    const char **names = GLM_NEW_ARRAY(arena, FOLDERS_MAX, const char *);
    size_t count = 0;
    DIR *dir = opendir(root);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL && count < FOLDERS_MAX;)
        if (e->d_name[0] != '.')
            names[count++] = glm_strdup(arena, e->d_name);
    closedir(dir);
    assert_true(count > 0);
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++)
        run(names[i]);
}

size_t glm_test_threads(void)
{
    size_t count = 0;
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks)
        abort();
    for (const struct dirent *e; (e = readdir(tasks));)
        count += e->d_name[0] != '.';
    closedir(tasks);
    return count;
}
