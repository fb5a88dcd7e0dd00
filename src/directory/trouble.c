/* SPDX-License-Identifier: Apache-2.0
 *
 * What the operating system refused, in words that say what is wrong and what to do.
 *
 * Owner:  texts live in the arena given.
 * Errors: this makes them.
 * Thread: no shared state.
 */
#include "internal.h"

#include "glm/shown.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* what: a clause after "PATH: ". remedy: what to do, in sentences. */
static const struct {
    int error;
    const char *what, *remedy;
} known[] = {
    {EACCES, "permission is denied",
     "Give the user that runs Terraform the right to read and write there, or set `directory` to "
     "another place."},
    {EPERM, "the operation is not permitted",
     "The file or directory may be marked immutable, or belong to another user: change that, or "
     "set `directory` to another place."},
    {EROFS, "the file system is mounted read-only",
     "Mount it for writing, or set `directory` to another place."},
    {ENOSPC, "no space is left on the device",
     "Free some space on that file system (see `df -h` and `df -i`), then apply again."},
    {EDQUOT, "the disk quota is used up",
     "Free some space or have the quota raised, then apply again."},
    {EFBIG, "the file would be larger than this process may write",
     "Raise the limit of the shell that runs Terraform (`ulimit -f`), then apply again."},
    {ENOTDIR, "it is not a directory", "Move that file away, or set `directory` to another place."},
    {ELOOP, "it is a symbolic link, and links inside of the directory are not followed",
     "Replace the link by a real directory or file. The configured `directory` itself may be a "
     "link."},
    {EISDIR, "a directory is at the place of the file",
     "Move that directory away, then apply again."},
    {ENAMETOOLONG, "the name is longer than the file system allows (mostly 255 bytes)",
     "Choose a shorter name for the gateway or its namespace, or a shorter path for `directory`."},
    {ENOENT, "it does not exist",
     "Something else removes it at the same time: let only one Terraform run work on it."},
    {EAGAIN, "something else removes the temporary files in it",
     "Let only one Terraform run work on it, and exclude it from clean-up jobs."},
    {EIO, "the disk reports an input/output error",
     "Check the disk and the kernel's log, or set `directory` to another place."},
    {ESTALE, "the network file system has lost it", "Mount it again, then apply again."},
    {EMFILE, "this process has too many open files",
     "Raise the limit of the shell that runs Terraform (`ulimit -n`), then try again."},
    {ENFILE, "the machine has too many open files", "Close some programs, then try again."},
    {E2BIG, "it has more names than are looked at (100000)",
     "Give the cluster a directory of its own, or move what is not needed out of it."},
    {EBUSY, "it is in use, maybe as a mount point",
     "Unmount it or stop what uses it, then apply again."},
};

/* What the C library says of an errno that is not in the table. */
static const char *system_text(struct glm_arena *arena, int error)
{
    const size_t size = 256;
    return strerror_r(error, glm_alloc(arena, size), size);
}

const char *trouble_text(struct glm_arena *arena, const struct trouble *t)
{
    const char *what = t->why;
    for (size_t i = 0; !what && i < sizeof known / sizeof *known; i++)
        if (known[i].error == t->error)
            what = known[i].what;
    return glm_sprintf(arena, "%s: %s", glm_shown(arena, t->path),
                       what ? what : system_text(arena, t->error));
}

bool trouble_error(struct glm_diags *d, const char *doing, const struct trouble *t)
{
    const char *remedy = "Check that path, or set `directory` to another place.";
    if (t->gone)
        return glm_error(d, NULL, glm_sprintf(d->arena, "Cannot %s", doing),
                         "%s: it was removed while Terraform works in it. Run Terraform again, "
                         "from a directory that is there.",
                         t->path);
    for (size_t i = 0; !t->why && i < sizeof known / sizeof *known; i++)
        if (known[i].error == t->error)
            remedy = known[i].remedy;
    const char *user = "";
    if (!t->why && (t->error == EACCES || t->error == EPERM))
        user = glm_sprintf(d->arena, " for the user with the id %lu%s%s", (unsigned long)geteuid(),
                           t->locked ? ", who may not search " : "", t->locked ? t->locked : "");
    return glm_error(d, NULL, glm_sprintf(d->arena, "Cannot %s", doing), "%s%s. %s",
                     trouble_text(d->arena, t), user, remedy);
}
