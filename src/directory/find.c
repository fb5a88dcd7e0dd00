/* SPDX-License-Identifier: Apache-2.0
 *
 * Where many directories lead, each of which may hang: all are asked at once, and for half a second.
 *
 * Owner:  texts live in the arena given.
 * Errors: none.
 * Thread: what was found out last about a recorded place is under a lock of the directory.
 */
#include "internal.h"

#include "glm/clock.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Two paths. */
#define SAID_MAX ((size_t)1 << 20)

/* In a child. A path may have any byte but NUL. */
static void find_there(void *context, int say, int leash)
{
    const char *clean = context;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    const struct glm_directory_where where = directory_where(arena, clean);
    struct glm_text text;
    (void)leash;
    glm_text_init(&text, arena, SAID_MAX);
    glm_text_add(&text, where.key, strlen(where.key) + 1);
    glm_text_add(&text, where.path, strlen(where.path) + 1);
    ssize_t n = write(say, text.data, text.len); /* a part of it is none */
    (void)n;
}

/* What the child has said; false: nothing, or not all. */
static bool take(const struct glm_text *text, struct glm_directory_where *ret_where)
{
    const char *end = text->len ? memchr(text->data, '\0', text->len) : NULL;
    if (!end || text->data[text->len - 1] != '\0' || end + 1 == text->data + text->len)
        return false;
    *ret_where = (struct glm_directory_where){.key = text->data, .path = end + 1};
    return true;
}

void glm_directory_find(struct glm_arena *arena, const char *const *clean, size_t count,
                        struct glm_directory_where *ret_where)
{
    struct away_child *children = GLM_NEW_ARRAY(arena, count, struct away_child);
    const struct away_mounts mounts = away_mounts_now(arena);
    struct away_mount mount;
    for (size_t i = 0; i < count; i++) {
        const char *path = mounts.steady ? clean[i] : directory_absolute(arena, clean[i]);
        ret_where[i] = (struct glm_directory_where){.key = path, .path = path};
        if (!away_may_hang(arena, &mounts, path, &mount))
            ret_where[i] = directory_where(arena, clean[i]);
        else
            away_child_begin(&children[i], false, find_there, glm_strdup(arena, clean[i]));
    }
    int64_t until_ms = glm_clock_ms() + DIRECTORY_HASTE_MS;
    for (size_t i = 0; i < count; i++) {
        struct glm_text text;
        if (!children[i].pid)
            continue;
        glm_text_init(&text, arena, SAID_MAX);
        if (away_child_hear(&children[i], &text, false, NULL, until_ms) == AWAY_ENDED)
            take(&text, &ret_where[i]);
        away_child_end(&children[i], until_ms);
    }
}

/* By what both lead to: also where that is not there yet. A path that was recorded with bytes escaped leads
 * nowhere that is known. */
static enum glm_leads find_out(const struct directory *dir, struct glm_arena *arena,
                               const char *path)
{
    struct glm_directory_where where[2];
    const char *const both[] = {dir->path, glm_directory_clean(arena, path)};
    glm_directory_find(arena, both, 2, where);
    if (strcmp(where[0].key, where[1].key) == 0)
        return GLM_LEADS_HERE;
    bool known = *where[1].key != '/', there = where[1].key[strlen(where[1].key) - 1] == '/';
    return known && !there ? GLM_LEADS_NOWHERE : GLM_LEADS_ELSEWHERE;
}

enum glm_leads directory_leads(struct directory_shared *s, const struct directory *dir,
                               struct glm_arena *arena, const char *path)
{
    pthread_mutex_lock(&s->place_lock);
    if (!s->asked || strcmp(s->asked, path) != 0) {
        free(s->asked);
        s->asked = strdup(path);
        s->asked_leads = find_out(dir, arena, path);
    }
    enum glm_leads there = s->asked_leads;
    pthread_mutex_unlock(&s->place_lock);
    return there;
}
