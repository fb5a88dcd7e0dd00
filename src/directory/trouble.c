/* SPDX-License-Identifier: Apache-2.0
 *
 * What the operating system refused, in words that say what is wrong and what to do.
 *
 * Owner:  texts live in the arena given.
 * Errors: this makes them.
 * Thread: no shared state.
 */
#include "internal.h"

#include "glm/clock.h"
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
    {EIO, "the disk, or the server that it is on, reports an input/output error",
     "Check the disk, or the mount, and the kernel's log, or set `directory` to another place."},
    {ESTALE, "the network file system has lost it", "Mount it again, then apply again."},
    {ENOTCONN, "the server of the file system that it is on is gone",
     "Unmount it (`umount -l`) and mount it again, then run Terraform again."},
    {ETIMEDOUT, "the server of the file system that it is on does not answer",
     "See whether it can be reached from here, then run Terraform again."},
    {EHOSTDOWN, "the server of the file system that it is on cannot be reached",
     "See whether it can be reached from here, then run Terraform again."},
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

const char *directory_trouble_text(struct glm_arena *arena, const struct trouble *t)
{
    const char *what = t->why;
    for (size_t i = 0; !what && i < sizeof known / sizeof *known; i++)
        if (known[i].error == t->error)
            what = known[i].what;
    return glm_sprintf(arena, "%s: %s", glm_shown(arena, t->path),
                       what ? what : system_text(arena, t->error));
}

bool directory_trouble_error(struct glm_diags *d, const char *doing, const struct trouble *t)
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
                     directory_trouble_text(d->arena, t), user, remedy);
}

bool directory_trouble_is_over(const struct directory *dir)
{
    return (dir->stop && atomic_load(dir->stop)) ||
           (dir->until_ms && glm_clock_ms() >= dir->until_ms);
}

bool directory_trouble_over(struct glm_diags *d, const char *doing, const struct directory *dir)
{
    const char *why =
        dir->stop && atomic_load(dir->stop) ? "Terraform is stopping" : "The time is over";
    return glm_error(d, NULL, glm_sprintf(d->arena, "Cannot %s", doing),
                     "%s, and there is more in \"%s\" than was read until then.", why, dir->root);
}

/* " (nfs4, mounted at /mnt/repo)"; "": it is not known. */
static const char *mount_text(struct glm_arena *arena, const struct away_mount *mount)
{
    return !mount->type ? ""
                        : glm_sprintf(arena, " (%s, mounted at %s)", glm_shown(arena, mount->type),
                                      glm_shown(arena, mount->at));
}

bool directory_trouble_alone(struct glm_diags *d, const char *doing, const struct directory *dir,
                             const struct away_mount *mount, int error)
{
    if (error == EMFILE || error == ENFILE)
        return directory_trouble_error(d, doing,
                                       &(struct trouble){.error = error, .path = dir->root});
    return glm_error(d, NULL, glm_sprintf(d->arena, "Cannot %s", doing),
                     "The file system that \"%s\" is on%s may hang, so it is a process of its own "
                     "that looks there, and none can be started: %s. Raise the limit of processes "
                     "of whoever runs Terraform (`ulimit -u`, or that of the container), or lower "
                     "terraform's -parallelism and `max_parallel_clusters`.",
                     dir->root, mount_text(d->arena, mount), system_text(d->arena, error));
}

/* Less is no silence: the time was over while it was at work. */
#define SILENCE_MS 1000

bool directory_trouble_silent(struct glm_diags *d, const char *doing, const struct directory *dir,
                              const struct away_mount *mount, int64_t since_ms, const char *more)
{
    const char *summary = glm_sprintf(d->arena, "Cannot %s", doing);
    const char *where = mount_text(d->arena, mount);
    int64_t waited_ms = glm_clock_ms() - since_ms;
    if (waited_ms < SILENCE_MS)
        return glm_error(d, NULL, summary,
                         "The time was over before \"%s\" had answered: the file system that it is "
                         "on%s is slow.%s Run Terraform again, with more time.",
                         dir->root, where, more);
    return glm_error(d, NULL, summary,
                     "\"%s\" has not answered for %lld s: the server of the file system that it is "
                     "on%s may be gone.%s Bring that back, or unmount it (`umount -l`), then run "
                     "Terraform again.",
                     dir->root, (long long)(waited_ms + 500) / 1000, where, more);
}
