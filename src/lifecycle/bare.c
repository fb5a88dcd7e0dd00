/* SPDX-License-Identifier: Apache-2.0
 *
 * Directories that hold none of the files that were written there. A mount point without its mount looks
 * like this, and so does a directory that somebody has emptied: nothing that is there tells which, so it
 * is asked, and whatever forgets those files says so.
 */
#include "lifecycle_internal.h"

static const char *title_of(enum bare_when when)
{
    return when == BARE_READ ? "A directory has none of its files"
                             : "A directory had none of its files";
}

static const char *remedy(enum bare_when when)
{
    if (when == BARE_READ)
        return "Is it mounted? If it is on a file system that is not mounted now, mount it and "
               "plan again: an apply would write everything into the empty place where it belongs. "
               "If the files were removed on purpose, an apply writes them again.";
    if (when == BARE_WRITTEN)
        return "They were there when this was planned, and everything was written anew. Was it "
               "mounted? If it is on a file system that was not, what was written is in the empty "
               "place where that belongs: remove it there, mount the file system and apply again. "
               "If the files were removed on purpose, nothing is to be done.";
    return "There was nothing to remove, and they have left the state. Was it mounted? If it is on "
           "a file system that was not, the files are still there: mount it and remove them by "
           "hand. If they were removed on purpose, nothing is to be done.";
}

void bare_warn(struct glm_arena *arena, const struct glm_value *prior,
               const struct bare_place *places, size_t count, enum bare_when when,
               struct glm_diags *d)
{
    struct glm_text text;
    if (count == 0)
        return;
    glm_text_init(&text, arena, (size_t)256 << 10);
    for (size_t i = 0; i < count; i++)
        glm_text_addf(&text,
                      "%sCluster \"%s\": %s %s none of the %zu files that were written there.",
                      i > 0 ? "\n" : "", places[i].cluster, places[i].label,
                      when == BARE_READ ? "holds" : "held", places[i].files);
    glm_warn_shared(d, spoken_at(arena, prior, places[0].cluster),
                    spoken_title(arena, title_of(when), prior, places[0].cluster, count), "%s%s%s",
                    text.data, count > 1 ? "\n\n" : " ", remedy(when));
}
