/* SPDX-License-Identifier: Apache-2.0
 *
 * The record as bytes: JSON, so that a later version can read it. Versions: 1 (of 0.1.0, record_v1.c)
 * is read, 2 (record.c; written without what the attributes show, record_lean.c) read and written;
 * newer ones are refused, and stay as they are.
 */
#include "record.h"

#include "glm/codec.h"

#define RECORD_VERSION 2
#define RECORD_MAX_BYTES GLM_JSON_MAX_BYTES /* a message has no more */

const char *glm_record_encode(struct glm_arena *arena,
                              const struct glm_installer *const *installers,
                              const struct glm_value *record, const struct glm_value *attributes)
{
    return glm_json_text(arena, glm_is_map(record)
                                    ? record_lean(arena, installers, record, attributes)
                                    : &glm_empty_map);
}

const struct glm_value *glm_record_with_intent(struct glm_arena *arena,
                                               const struct glm_value *record, const char *intent,
                                               const char *id)
{
    struct glm_map_builder b;
    glm_map_init_from(&b, arena, record);
    glm_map_set(&b, "version", glm_integer(arena, RECORD_VERSION));
    glm_map_set(&b, "intent", glm_string(arena, intent));
    glm_map_set(&b, "id", id ? glm_string(arena, id) : &glm_null);
    return glm_map_finish(&b, NULL);
}

bool glm_record_intends(const struct glm_value *record, const char *intent, const char *id)
{
    return glm_string_is(glm_get(record, "intent"), intent) &&
           (!id || glm_string_is(glm_get(record, "id"), id));
}

const struct glm_value *record_make(struct glm_arena *arena, const struct glm_value *clusters)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "version", glm_integer(arena, RECORD_VERSION));
    glm_map_set(&b, "clusters", clusters);
    return glm_map_finish(&b, NULL);
}

static bool refuse_newer(int64_t version, struct glm_diags *d)
{
    return glm_error(d, NULL, "Private state of a newer release",
                     "What the provider keeps in the state of this resource is of version %lld, "
                     "and this release knows versions up to %d: a newer release has written it. "
                     "Nothing was read or changed. Use that release of the provider, or a later "
                     "one. To go back to this one, remove the resource from the state (`terraform "
                     "state rm`) and import it again.",
                     (long long)version, RECORD_VERSION);
}

/* As record.c has it. */
static const struct glm_value *of_version_1(struct glm_arena *arena, const struct glm_value *v1)
{
    const struct glm_value *clusters = glm_get(v1, "clusters");
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; glm_is_map(clusters) && i < clusters->len; i++)
        if (glm_is_map(clusters->as.map[i].value))
            glm_map_append(&b, clusters->as.map[i].key, 0, 0,
                           record_v1_cluster(arena, clusters->as.map[i].value));
    return glm_is_null(clusters) ? v1 : glm_with(arena, v1, "clusters", glm_map_finish(&b, NULL));
}

bool glm_record_decode(struct glm_arena *arena, const struct glm_installer *const *installers,
                       const void *bytes, size_t len, const struct glm_value *prior,
                       const struct glm_value **ret_record, struct glm_diags *d)
{
    struct glm_diags ignored;
    glm_diags_init(&ignored, arena);
    const struct glm_value *v = NULL;
    int64_t version = 0;
    bool ours = len > 0 && len <= RECORD_MAX_BYTES &&
                glm_json_decode(arena, bytes, len, "private state", NULL, &v, &ignored) &&
                glm_number_int64(glm_get(v, "version"), &version) && version >= 1;
    if (ours && version > RECORD_VERSION)
        return refuse_newer(version, d);
    /* What is not ours is as good as none: what matters in it can be rebuilt from the state itself,
     * and is where a part of it is damaged. */
    if (!ours)
        v = &glm_null;
    else if (version == 1)
        v = of_version_1(arena, v);
    v = record_whole(arena, installers, v, prior);
    *ret_record = glm_is_map(v) ? glm_with(arena, v, "version", glm_integer(arena, RECORD_VERSION))
                                : &glm_null;
    return true;
}
