/* SPDX-License-Identifier: Apache-2.0
 *
 * One object out of its file: whatever else the file holds is not that object.
 *
 * Owner:  objects live in the arena given.
 * Errors: what is wrong with the content is a clause; what the system says, trouble.
 */
#include "glm/codec.h"
#include "internal.h"

#include <errno.h>
#include <string.h>

static bool is_waited_for(const void *context)
{
    return !directory_trouble_is_over(context);
}

/* What is wrong with a file's content, as a clause; NULL when it is the object. ret_over: nobody waits
 * for it any more, and it was not read to its end. */
static const char *examine(const struct directory *dir, struct glm_arena *arena,
                           const struct glm_object_ref *ref, const char *data, size_t len,
                           const struct glm_value **ret_object, bool *ret_over)
{
    struct glm_diags d;
    glm_diags_init(&d, arena);
    const struct glm_value *v = &glm_null;
    const struct glm_yaml_limits limits = {.bytes = DIRECTORY_FILE_MAX,
                                           .going = len > DIRECTORY_LARGE ? is_waited_for : NULL,
                                           .context = dir};
    if (!glm_yaml_decode_within(arena, data, len, &limits, "the file", NULL, &v, &d)) {
        *ret_over = d.errors == 0;
        if (*ret_over)
            return NULL;
        /* "Line 3, column 5: ... ." becomes a clause: lower case, without the full stop. */
        char *why = glm_strdup(arena, d.first->detail);
        size_t end = strlen(why);
        if (strncmp(why, "Line ", 5) == 0)
            why[0] = 'l';
        if (end && why[end - 1] == '.')
            why[end - 1] = '\0';
        return why;
    }
    struct glm_object_ref found;
    if (glm_is_null(v))
        return "it holds no object";
    if (!glm_is_map(v))
        return glm_sprintf(arena, "it holds %s, not an object", glm_kind_name(v->kind));
    if (!glm_object_ref_as(v, ref->kind, &found) && !glm_object_ref_of(v, &found))
        return glm_sprintf(arena, "it does not hold the %s of apiVersion %s that belongs there",
                           glm_object_ref_text(arena, ref), ref->kind->api_version);
    if (!glm_object_ref_same(&found, ref))
        return glm_sprintf(arena, "it holds %s, yet its place is that of %s",
                           glm_object_ref_text(arena, &found), glm_object_ref_text(arena, ref));
    *ret_object = v;
    return NULL;
}

bool directory_load(const struct directory *dir, struct glm_arena *arena, int at,
                    const struct glm_object_ref *ref, const char *file, struct glm_read *ret_read,
                    size_t *ret_bytes, struct trouble *t)
{
    struct directory_way way = directory_way_to(ref->kind->namespaced, ref->namespace_);
    const char *path = directory_path_text(arena, dir, &way, file);
    const char *data = NULL, *why = NULL;
    size_t len = 0;
    *t = (struct trouble){.path = path, .below = true};
    *ret_bytes = 0;
    t->over = !directory_turn(dir, arena, dir->aside ? 0 : directory_file_size(at, file));
    if (t->over)
        return false;
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    int error = directory_file_read(at, scratch, file, &data, &len, &why);
    if (why)
        why = glm_strdup(arena, why);
    *ret_bytes = len;
    if (error && !why && error != ENOENT && error != ENAMETOOLONG) {
        *t = (struct trouble){.error = error, .path = path, .below = true};
        return false;
    }
    *ret_read = (struct glm_read){.found = GLM_FOUND_NOTHING, .object = &glm_null};
    if (!error)
        why = examine(dir, arena, ref, data, len, &ret_read->object, &t->over);
    if (t->over)
        return false;
    if (why) {
        ret_read->found = GLM_FOUND_UNREADABLE;
        ret_read->why = glm_sprintf(arena, "%s: %s", path, why);
    } else if (!error) {
        ret_read->found = GLM_FOUND;
    }
    return true;
}
