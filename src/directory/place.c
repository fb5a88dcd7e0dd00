/* SPDX-License-Identifier: Apache-2.0
 *
 * Which directory it is, whatever names lead there.
 *
 * Owner:  texts live in the arena given.
 * Errors: none; what cannot be opened shows when it is written.
 * Thread: any.
 */
#include "glm/text.h"
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *directory_absolute(struct glm_arena *arena, const char *root)
{
    if (*root == '/')
        return root;
    char *here = getcwd(NULL, 0);
    if (!here || *here != '/') {
        free(here);
        return root;
    }
    const char *joined = glm_sprintf(arena, "%s/%s", here, root);
    free(here);
    return glm_directory_clean(arena, joined);
}

const char *directory_parent(struct glm_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return NULL;
    if (!slash)
        return ".";
    return slash == path ? "/" : glm_strndup(arena, path, (size_t)(slash - path));
}

/* The deepest directory of a path that exists, and what comes after it. */
struct found {
    const char *there, *rest;
    struct stat st;
};

/* false: not even the first one can be looked at. */
static bool find(struct glm_arena *arena, const char *clean, struct found *ret_found)
{
    struct found f = {.there = clean};
    while (stat(f.there, &f.st) < 0) {
        f.there = errno == ENAMETOOLONG ? NULL : directory_parent(arena, f.there);
        if (!f.there)
            return false;
    }
    f.rest = clean;
    if (strcmp(f.there, clean) == 0)
        f.rest = "";
    else if (strcmp(f.there, ".") != 0)
        f.rest = clean + strlen(f.there) + (f.there[strlen(f.there) - 1] != '/');
    *ret_found = f;
    return true;
}

static const char *key_text(struct glm_arena *arena, const struct found *f)
{
    return glm_sprintf(arena, "%llx:%llx/%s", (unsigned long long)f->st.st_dev,
                       (unsigned long long)f->st.st_ino, f->rest);
}

struct glm_directory_where directory_where(struct glm_arena *arena, const char *clean)
{
    struct found f;
    if (!find(arena, clean, &f))
        return (struct glm_directory_where){clean, directory_absolute(arena, clean)};
    char *real = realpath(f.there, NULL);
    const char *begin = real ? glm_strdup(arena, real) : directory_absolute(arena, f.there);
    free(real);
    return (struct glm_directory_where){
        .key = key_text(arena, &f),
        .path = *f.rest ? glm_sprintf(arena, "%s%s%s", begin, begin[1] ? "/" : "", f.rest) : begin,
    };
}

size_t directory_missing(struct glm_arena *arena, const char *path)
{
    struct stat st;
    size_t count = 0;
    while (path && lstat(path, &st) < 0 && errno == ENOENT) {
        count++;
        path = directory_parent(arena, path);
    }
    return count;
}
