/* SPDX-License-Identifier: Apache-2.0
 *
 * One object in its file: read, written, removed.
 *
 * Owner:  objects live in the arena given.
 * Errors: one diagnostic that names the file and what to do.
 * Thread: every call opens what it needs by itself.
 */
#include "glm/codec.h"
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* How often a write begins again because another removed the directory it had just made. */
#define ATTEMPTS 32

static const char header[] = "# Written by terraform-provider-glm; changes are overwritten.\n";

/* Checks that the names of the reference may become names of files. */
static bool check_ref(struct glm_arena *arena, const struct glm_object_ref *ref, const char *doing,
                      struct glm_diags *d)
{
    const char *why = NULL;
    if (directory_ref_valid(arena, ref, &why))
        return true;
    return glm_error(d, NULL, glm_sprintf(arena, "Cannot %s", doing),
                     "It cannot have a file: %s. Change that name.", why);
}

/* Reading ----------------------------------------------------------------------------------- */

bool directory_read(const struct directory *dir, struct glm_arena *arena,
                    const struct glm_object_ref *ref, struct glm_read *ret_read,
                    struct glm_diags *d)
{
    const char *doing = glm_sprintf(arena, "read %s", glm_object_ref_text(arena, ref));
    if (!check_ref(arena, ref, doing, d))
        return false;
    struct directory_way way = directory_way_to(ref->kind->namespaced, ref->namespace_);
    struct trouble t;
    int AUTO_CLOSE at = directory_open(dir, arena, &way, DIRECTORY_LOOK, &t);
    if (at >= 0) {
        size_t bytes;
        if (directory_load(dir, arena, at, ref, directory_file_name(arena, ref), ret_read, &bytes,
                           &t))
            return true;
        return t.over ? directory_trouble_over(d, doing, dir)
                      : directory_trouble_error(d, doing, &t);
    }
    if (!t.why && (t.error == ENOENT || t.error == ENAMETOOLONG)) {
        *ret_read = (struct glm_read){.found = GLM_FOUND_NOTHING, .object = &glm_null};
        return true;
    }
    if (t.below && (t.why || t.error == ELOOP || t.error == ENOTDIR)) {
        /* A link, or a file, where a directory of ours belongs. */
        t.error = t.why ? ELOOP : t.error;
        t.why = NULL;
        *ret_read = (struct glm_read){.found = GLM_FOUND_UNREADABLE,
                                      .object = &glm_null,
                                      .why = directory_trouble_text(arena, &t)};
        return true;
    }
    return directory_trouble_error(d, doing, &t);
}

/* Writing ----------------------------------------------------------------------------------- */

static bool nested_within(const struct glm_value *v, unsigned depth)
{
    if (v->kind != GLM_LIST && v->kind != GLM_MAP)
        return true;
    if (depth == 0)
        return false;
    for (size_t i = 0; i < v->len; i++)
        if (!nested_within(v->kind == GLM_MAP ? v->as.map[i].value : v->as.list[i], depth - 1))
            return false;
    return true;
}

/* The file's text; refused when it could not be read back. */
static bool compose(struct glm_arena *arena, const struct glm_value *object, const char *doing,
                    struct glm_text *text, struct glm_diags *d)
{
    if (!nested_within(object, GLM_VALUE_DEPTH))
        return glm_error(d, NULL, glm_sprintf(arena, "Cannot %s", doing),
                         "It is nested deeper than %d levels. Flatten its spec.", GLM_VALUE_DEPTH);
    glm_text_init(text, arena, DIRECTORY_FILE_MAX);
    glm_text_adds(text, header);
    glm_yaml_encode(object, text);
    if (text->overflow)
        return glm_error(d, NULL, glm_sprintf(arena, "Cannot %s", doing),
                         "As YAML it has more than %zu bytes. Make its spec smaller.",
                         DIRECTORY_FILE_MAX);
    return true;
}

bool directory_has(const struct directory *dir, const struct glm_object_ref *ref,
                   const struct glm_value *object)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct directory_way way = directory_way_to(ref->kind->namespaced, ref->namespace_);
    struct glm_text text = {.data = NULL};
    struct glm_diags ignored;
    struct trouble t;
    const char *data, *why = NULL;
    size_t len;
    glm_diags_init(&ignored, scratch);
    if (!check_ref(scratch, ref, "", &ignored) || !compose(scratch, object, "", &text, &ignored) ||
        text.len > DIRECTORY_LARGE) /* whose turn it would have to be */
        return false;
    int AUTO_CLOSE at = directory_open(dir, scratch, &way, DIRECTORY_LOOK, &t);
    const char *file = at >= 0 ? directory_file_name(scratch, ref) : NULL;
    return file && directory_file_size(at, file) == text.len &&
           directory_file_read(at, scratch, file, &data, &len, &why) == 0 && len == text.len &&
           memcmp(data, text.data, len) == 0;
}

static int write_once(const struct directory *dir, struct glm_arena *arena,
                      const struct glm_object_ref *ref, const struct glm_text *text, bool create,
                      bool *ret_unsure, struct trouble *t)
{
    struct directory_way way = directory_way_to(ref->kind->namespaced, ref->namespace_);
    int AUTO_CLOSE at = directory_open(dir, arena, &way, DIRECTORY_WRITE, t);
    if (at < 0)
        return t->why || t->gone ? -1 : t->error;
    const char *file = directory_file_name(arena, ref);
    int error = directory_file_write(at, arena, file, text->data, text->len, create, ret_unsure);
    *t = (struct trouble){.error = error, .path = directory_path_text(arena, dir, &way, file)};
    return error;
}

/* A file that was there when it was looked at is ours, whoever changed it; one that was not may be
 * somebody else's by now. */
bool directory_write(const struct directory *dir, struct glm_arena *arena,
                     const struct glm_write *w, enum glm_written *ret_written, bool *ret_unsure,
                     struct glm_diags *d)
{
    struct glm_object_ref ref;
    if (!glm_object_ref_as(w->object, w->kind, &ref))
        return glm_error(d, NULL, "Cannot write an object",
                         "It is of no kind that is written here, or it has no name or namespace. "
                         "This is a bug of the provider: please report it.");
    const char *doing = glm_sprintf(arena, "write %s", glm_object_ref_text(arena, &ref));
    struct glm_text text = {0};
    if (!check_ref(arena, &ref, doing, d) || !compose(arena, w->object, doing, &text, d))
        return false;
    struct trouble t = {0};
    int error = ENOENT;
    /* ENOENT: the directory was empty when another call removed the last object in it. */
    for (int i = 0; i < ATTEMPTS && error == ENOENT; i++)
        error = write_once(dir, arena, &ref, &text, w->create, ret_unsure, &t);
    if (error == EEXIST) {
        *ret_written = GLM_WRITE_STALE;
        return true;
    }
    if (error)
        return directory_trouble_error(d, doing, &t);
    *ret_written = GLM_WRITE_DONE;
    return true;
}

/* Removing ---------------------------------------------------------------------------------- */

bool directory_remove(const struct directory *dir, struct glm_arena *arena,
                      const struct glm_object_ref *ref, struct glm_diags *d)
{
    const char *doing = glm_sprintf(arena, "remove %s", glm_object_ref_text(arena, ref));
    if (!check_ref(arena, ref, doing, d))
        return false;
    struct directory_way way = directory_way_to(ref->kind->namespaced, ref->namespace_);
    struct trouble t;
    int AUTO_CLOSE at = directory_open(dir, arena, &way, DIRECTORY_LIST, &t);
    if (at < 0 && !t.why && (t.error == ENOENT || t.error == ENOTDIR || t.error == ENAMETOOLONG))
        return true;
    if (at < 0)
        return directory_trouble_error(d, doing, &t);
    const char *file = directory_file_name(arena, ref);
    t.path = directory_path_text(arena, dir, &way, file);
    t.error = unlinkat(at, file, 0) < 0 ? errno : 0;
    if (t.error && t.error != ENOENT && t.error != ENAMETOOLONG)
        return directory_trouble_error(d, doing, &t);
    if (!t.error && !directory_sync(at)) {
        t.error = errno;
        return directory_trouble_error(d, doing, &t);
    }
    if (ref->kind->namespaced)
        directory_remove_empty(dir, arena, ref->namespace_);
    return true;
}
