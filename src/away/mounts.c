/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether what is done at a path may hang: on a file system that is not of this machine's own
 * disks or memory (NFS, FUSE, SMB, 9p, ...), which stops answering when its server does.
 *
 * To ask the file system itself is to hang with it. So the kernel's table of mounts is read, which
 * never hangs, and the path is followed name by name, no further than to such a mount.
 *
 * Source: proc_pid_mountinfo(5).
 * Owner:  texts live in the arena given.
 * Errors: none: what cannot be found out may hang.
 * Thread: no shared state.
 */
#include "away.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A machine with some thousand containers has one. */
#define TABLE_MAX ((size_t)4 << 20)
/* As the kernel follows. */
#define LINKS_MAX 40

/* File systems of this machine, and the kernel's own, which answer or fail by themselves. */
static const char *const steady[] = {
    "apparmorfs", "bcachefs", "binder",    "binfmt_misc", "bpf",        "btrfs",     "cgroup",
    "cgroup2",    "configfs", "cramfs",    "debugfs",     "devpts",     "devtmpfs",  "efivarfs",
    "erofs",      "exfat",    "ext2",      "ext3",        "ext4",       "f2fs",      "fusectl",
    "hfs",        "hfsplus",  "hugetlbfs", "iso9660",     "jfs",        "mqueue",    "msdos",
    "nilfs2",     "nsfs",     "ntfs3",     "overlay",     "proc",       "pstore",    "ramfs",
    "reiserfs",   "resctrl",  "rootfs",    "rpc_pipefs",  "securityfs", "selinuxfs", "squashfs",
    "sysfs",      "tmpfs",    "tracefs",   "udf",         "ufs",        "vfat",      "xfs",
    "zfs",
};

struct table {
    struct glm_arena *arena;
    const char *text;
};

static bool is_steady(const char *type, size_t len)
{
    for (size_t i = 0; i < sizeof steady / sizeof *steady; i++)
        if (strncmp(steady[i], type, len) == 0 && steady[i][len] == '\0')
            return true;
    return false;
}

/* NULL: it cannot be read. */
static const char *read_whole(struct glm_arena *arena, int fd)
{
    size_t size = (size_t)8 << 10, len = 0;
    char *text = glm_alloc(arena, size);
    for (ssize_t n; size <= TABLE_MAX;) {
        n = read(fd, text + len, size - len - 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return NULL;
        len += (size_t)n;
        text[len] = '\0';
        if (n == 0)
            return text;
        if (len + 1 == size) {
            text = glm_regrow(arena, text, size, 2 * size);
            size *= 2;
        }
    }
    return NULL;
}

static const char *read_table(struct glm_arena *arena)
{
    int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    const char *text = read_whole(arena, fd);
    close(fd);
    return text;
}

/* A line: "36 35 98:0 /root /mnt/a\040b rw - ext4 /dev/sda1 rw". */
struct mount_line {
    const char *at; /* where it is mounted, as it is written there */
    size_t at_len;
    const char *type;
    size_t type_len;
};

/* The next line; false: there is none. *text moves on. */
static bool next_line(const char **text, struct mount_line *ret_line)
{
    while (**text) {
        const char *p = *text, *end = p + strcspn(p, "\n");
        *text = end + (*end == '\n');
        for (int i = 0; i < 4 && p < end; i++)
            p += strcspn(p, " \n") + 1;
        const char *dash = p < end ? strstr(p, " - ") : NULL;
        if (!dash || dash >= end)
            continue;
        *ret_line = (struct mount_line){.at = p, .at_len = strcspn(p, " "), .type = dash + 3};
        ret_line->type_len = strcspn(ret_line->type, " \n");
        return true;
    }
    return false;
}

static bool is_octal(const char *s)
{
    for (int i = 1; i <= 3; i++)
        if (s[i] < '0' || s[i] > '7')
            return false;
    return s[0] == '\\';
}

/* How a mount's place begins: with all of a path. Returns how much of it is the path, 0: it does not. */
static size_t begins_with(const struct mount_line *line, const char *path, size_t len)
{
    size_t i = 0;
    for (size_t k = 0; k < len; k++) {
        if (i >= line->at_len)
            return 0;
        bool octal = i + 4 <= line->at_len && is_octal(line->at + i);
        char c = octal ? (char)((line->at[i + 1] - '0') * 64 + (line->at[i + 2] - '0') * 8 +
                                line->at[i + 3] - '0')
                       : line->at[i];
        if (c != path[k])
            return 0;
        i += octal ? 4 : 1;
    }
    return i;
}

static void take(const struct table *table, const struct mount_line *line,
                 struct away_mount *ret_mount)
{
    *ret_mount = (struct away_mount){glm_strndup(table->arena, line->type, line->type_len),
                                     glm_strndup(table->arena, line->at, line->at_len)};
}

/* What is mounted at a path, last, where that may hang; path has no links. */
static bool hangs_at(const struct table *table, const char *path, size_t len,
                     struct away_mount *ret_mount)
{
    struct mount_line line, last = {NULL};
    for (const char *p = table->text; next_line(&p, &line);)
        if (line.at_len >= len && begins_with(&line, path, len) == line.at_len)
            last = line;
    if (!last.at || is_steady(last.type, last.type_len))
        return false;
    take(table, &last, ret_mount);
    return true;
}

/* The same of what is mounted anywhere below it. */
static bool hangs_below(const struct table *table, const char *path, size_t len,
                        struct away_mount *ret_mount)
{
    struct mount_line line;
    for (const char *p = table->text; next_line(&p, &line);) {
        size_t n = len == 1 ? 1 : begins_with(&line, path, len);
        if (!n || is_steady(line.type, line.type_len) || (len > 1 && line.at[n] != '/'))
            continue;
        take(table, &line, ret_mount);
        return true;
    }
    return false;
}

struct away_mounts away_mounts_of(const char *text)
{
    struct away_mounts mounts = {.text = text, .steady = text != NULL};
    struct mount_line line;
    for (const char *p = text; mounts.steady && next_line(&p, &line);)
        mounts.steady = is_steady(line.type, line.type_len);
    return mounts;
}

struct away_mounts away_mounts_now(struct glm_arena *arena)
{
    return away_mounts_of(read_table(arena));
}

/* What a link leads to; NULL: it cannot be read. */
static const char *target_of(const struct table *table, const char *link)
{
    char *target = glm_alloc(table->arena, PATH_MAX);
    return readlink(link, target, PATH_MAX - 1) > 0 ? target : NULL;
}

/* The place before the last name, "" for the root. */
static const char *before(const struct table *table, const char *here)
{
    const char *slash = strrchr(here, '/');
    return glm_strndup(table->arena, here, slash ? (size_t)(slash - here) : 0);
}

/* Follows the path as the kernel does, but no further than to a mount that may hang. */
static bool walk(const struct table *table, const char *path, struct away_mount *ret_mount)
{
    const char *here = "", *rest = path; /* where it has come to, without links; what is left */
    for (int links = 0; *(rest += strspn(rest, "/"));) {
        const char *name = glm_strndup(table->arena, rest, strcspn(rest, "/"));
        rest += strlen(name);
        if (strcmp(name, ".") == 0)
            continue;
        if (strcmp(name, "..") == 0) {
            here = before(table, here);
            continue;
        }
        const char *next = glm_sprintf(table->arena, "%s/%s", here, name);
        struct stat st;
        if (hangs_at(table, next, strlen(next), ret_mount))
            return true;
        if (lstat(next, &st) < 0)
            return false; /* and so there is nothing below it */
        const char *target = S_ISLNK(st.st_mode) ? target_of(table, next) : NULL;
        if (S_ISLNK(st.st_mode) && (!target || ++links > LINKS_MAX))
            return false;
        if (target)
            rest = glm_sprintf(table->arena, "%s/%s", target, rest);
        here = !target ? next : *target == '/' ? "" : here;
    }
    return hangs_below(table, *here ? here : "/", *here ? strlen(here) : 1, ret_mount);
}

/* The path from "/" on; as it is where the working directory is gone. */
static const char *absolute(struct glm_arena *arena, const char *path)
{
    if (*path == '/')
        return path;
    char *here = glm_alloc(arena, PATH_MAX);
    return getcwd(here, PATH_MAX) ? glm_sprintf(arena, "%s/%s", here, path) : path;
}

bool away_may_hang(struct glm_arena *arena, const struct away_mounts *mounts, const char *path,
                   struct away_mount *ret_mount)
{
    const struct table table = {arena, mounts->text};
    if (mounts->steady)
        return false;
    *ret_mount = (struct away_mount){NULL, NULL};
    if (!mounts->text)
        return true;
    path = absolute(arena, path);
    return *path == '/' && (hangs_at(&table, "/", 1, ret_mount) || walk(&table, path, ret_mount));
}
