/* SPDX-License-Identifier: Apache-2.0
 *
 * See folder.h.
 */
#include "test.h"

#include "folder.h"
#include "glm/text.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void remove_folder(void *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *glm_test_folder(struct glm_arena *arena)
{
    const char *base = getenv("TMPDIR");
    char *path = glm_sprintf(arena, "%s/glm-test-XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(path) || chmod(path, 0755) < 0) {
        fprintf(stderr, "cannot make %s: %s\n", path, strerror(errno));
        fail();
    }
    glm_arena_defer(arena, remove_folder, path);
    return path;
}

void glm_test_put(const char *content, const char *path_format, ...)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 20);
    va_list args;
    va_start(args, path_format);
    char *path = glm_vsprintf(arena, path_format, args);
    va_end(args);
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(content, 1, strlen(content), file) != strlen(content)) {
        fprintf(stderr, "cannot write %s: %s\n", path, strerror(errno));
        fail();
    }
    if (file)
        fclose(file);
}

bool glm_test_exists(const char *path_format, ...)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 20);
    va_list args;
    va_start(args, path_format);
    const char *path = glm_vsprintf(arena, path_format, args);
    va_end(args);
    struct stat st;
    return lstat(path, &st) == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void walk(struct glm_arena *arena, const char *folder, const char *below,
                 struct glm_text *text, unsigned depth)
{
    struct dirent **entries = NULL;
    int count = scandir(glm_sprintf(arena, "%s/%s", folder, below), &entries, NULL, by_name);
    if (depth > 20)
        fail();
    for (int i = 0; i < count; i++) {
        const char *name = glm_sprintf(arena, "%s%s", below, entries[i]->d_name);
        bool inner = entries[i]->d_type == DT_DIR;
        free(entries[i]);
        if (strcmp(name + strlen(below), ".") == 0 || strcmp(name + strlen(below), "..") == 0)
            continue;
        size_t before = text->len;
        if (inner)
            walk(arena, folder, glm_sprintf(arena, "%s/", name), text, depth + 1);
        if (text->len == before)
            glm_text_addf(text, "%s%s\n", name, inner ? "/" : "");
    }
    free(entries);
}

const char *glm_test_tree(struct glm_arena *arena, const char *folder)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)1 << 24);
    walk(arena, folder, "", &text, 0);
    return text.data;
}

size_t glm_test_count(struct glm_arena *arena, const char *folder, const char *part)
{
    size_t count = 0;
    for (const char *p = glm_test_tree(arena, folder); (p = strstr(p, part)) != NULL; p++)
        count++;
    return count;
}

const struct glm_value *glm_test_operator(struct glm_arena *arena, const char *namespace_,
                                          const char *name, const char *text)
{
    return glm_with_path(
        arena,
        glm_test_value(arena, glm_sprintf(arena,
                                          "{'apiVersion': 'install.istio.io/v1alpha1', "
                                          "'kind': 'IstioOperator', "
                                          "'metadata': {'name': '%s', 'namespace': '%s'}}",
                                          name, namespace_)),
        glm_string(arena, text), "spec", "hub", NULL);
}

void glm_test_say(struct glm_test_said *said, const char *format, ...)
{
    size_t len = strlen(said->text);
    va_list args;
    va_start(args, format);
    vsnprintf(said->text + len, sizeof said->text - len, format, args);
    va_end(args);
}

const char *glm_test_in_child(struct glm_arena *arena,
                              void (*body)(void *context, struct glm_test_said *said),
                              void *context)
{
    struct glm_test_said *said =
        mmap(NULL, sizeof *said, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(said != MAP_FAILED);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        body(context, said);
        _exit(0);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    const char *text = glm_strdup(arena, said->text);
    munmap(said, sizeof *said);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return text;
}
