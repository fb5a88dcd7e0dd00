/* SPDX-License-Identifier: Apache-2.0
 *
 * One operation: here, or in a process of its own where it may hang.
 *
 * Whoever waits keeps the limits: those of his handle, a stop, and the most that one operation may
 * take. What is not done by then is left, with what it has, and nobody takes its result. As long as
 * it cannot even be killed, and for some seconds in any case, nothing more is asked of the
 * directory: it would only be waited for again.
 *
 * Errors: what has not answered, for how long, and whether it may have been done.
 * Thread: any; several jobs of a directory may be under way at once.
 */
#include "internal.h"

#include "glm/clock.h"
#include "glm/codec.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* How old what is known of the mounts may be. */
#define MOUNTS_AGE_MS 5000
/* How long a write goes on after a stop. */
#define GRACE_MS 300
/* How soon one that answers again is noticed. */
#define SILENT_LOOK_MS 20
/* For so long a directory that did not answer is not waited for again. */
#define SHUN_MS 15000
/* A file twice: as it is read, and as it is told. */
#define ANSWER_MAX (4 * DIRECTORY_FILE_MAX)

/* ---- what is done ---- */

static bool run(const struct directory *dir, struct glm_arena *arena, struct directory_job *job,
                struct glm_diags *d)
{
    switch (job->verb) {
    case DIRECTORY_READ:
        return directory_read(dir, arena, job->ref, &job->read, d);
    case DIRECTORY_ALL:
        return directory_list(dir, arena, job->kind, &job->read, d);
    case DIRECTORY_PUT:
        return directory_write(dir, arena, job->write, &job->written, &job->unsure, d);
    case DIRECTORY_REMOVE:
        return directory_remove(dir, arena, job->ref, d);
    case DIRECTORY_TIDY:
        directory_tidy(dir, arena);
        return true;
    case DIRECTORY_KEY:
        job->key = directory_where(arena, dir->root).key;
        return true;
    }
    return true;
}

/* "read Service gateways/x": for an error. */
static const char *doing_text(const struct directory *dir, struct glm_arena *arena,
                              const struct directory_job *job)
{
    struct glm_object_ref ref;
    switch (job->verb) {
    case DIRECTORY_READ:
        return glm_sprintf(arena, "read %s", glm_object_ref_text(arena, job->ref));
    case DIRECTORY_ALL:
        return glm_sprintf(arena, "list the %ss of cluster \"%s\"", job->kind->name,
                           dir->cluster.name);
    case DIRECTORY_PUT:
        return glm_object_ref_as(job->write->object, job->write->kind, &ref)
                   ? glm_sprintf(arena, "write %s", glm_object_ref_text(arena, &ref))
                   : "write an object";
    case DIRECTORY_REMOVE:
        return glm_sprintf(arena, "remove %s", glm_object_ref_text(arena, job->ref));
    case DIRECTORY_TIDY:
    case DIRECTORY_KEY:
        break;
    }
    return "look into the directory";
}

/* ---- in a process of its own ---- */

struct task {
    const struct directory *dir;
    struct directory_job *job;
    size_t room;
};

static void run_task(void *context, int say, int leash)
{
    struct task *task = context;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(task->room);
    struct glm_diags said;
    struct directory dir = *task->dir;
    (void)leash;
    dir.aside = true;
    glm_diags_init(&said, arena);
    bool ok = run(&dir, arena, task->job, &said);
    size_t len;
    const char *text = directory_answer_text(arena, task->job, ok, &said, &len);
    away_child_tell(say, text, len);
}

/* ---- silence ---- */

int64_t directory_silent_since(struct directory_shared *s)
{
    if (s->left && away_child_gone(s->left))
        s->left = 0;
    return s->left || glm_clock_ms() < s->shun_ms ? s->silent_ms : 0;
}

void directory_note_left(struct directory_shared *s, pid_t left)
{
    if (!left)
        return;
    s->silent_ms = s->left ? s->silent_ms : glm_clock_ms();
    s->left = left;
}

static bool is_stopped(const struct directory *dir)
{
    return dir->stop && atomic_load(dir->stop);
}

/* Since when it is silent, once that has been waited for. */
static int64_t silent_until(const struct directory *dir, int64_t until_ms, int64_t most_ms)
{
    struct directory_shared *s = dir->shared;
    for (;;) {
        pthread_mutex_lock(&s->lock);
        int64_t since = directory_silent_since(s), now = glm_clock_ms();
        pthread_mutex_unlock(&s->lock);
        if (!since || now >= until_ms || now >= since + most_ms || is_stopped(dir))
            return since;
        poll(NULL, 0, SILENT_LOOK_MS);
    }
}

static void note_silence(struct directory_shared *s, pid_t left, int64_t since_ms)
{
    int64_t now = glm_clock_ms();
    pthread_mutex_lock(&s->lock);
    directory_note_left(s, left);
    s->silent_ms = since_ms;
    if (now - since_ms >= DIRECTORY_PATIENCE_MS)
        s->shun_ms = now + SHUN_MS;
    pthread_mutex_unlock(&s->lock);
}

/* ---- the whole ---- */

static bool hangs(const struct directory *dir, struct glm_arena *arena,
                  struct away_mount *ret_mount)
{
    struct directory_shared *s = dir->shared;
    pthread_mutex_lock(&s->lock);
    int64_t now = glm_clock_ms();
    bool fresh = s->looked_ms && now - s->looked_ms < MOUNTS_AGE_MS, may = s->may_hang;
    pthread_mutex_unlock(&s->lock);
    if (fresh && !may)
        return false;
    const struct away_mounts mounts = away_mounts_now(arena);
    may = away_may_hang(arena, &mounts, dir->path, ret_mount);
    pthread_mutex_lock(&s->lock);
    s->looked_ms = now;
    s->may_hang = may;
    pthread_mutex_unlock(&s->lock);
    return may;
}

bool directory_hangs(const struct directory *dir)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct away_mount mount;
    return hangs(dir, scratch, &mount);
}

static bool changes(const struct directory_job *job)
{
    return job->verb == DIRECTORY_PUT || job->verb == DIRECTORY_REMOVE;
}

/* What was waited for in vain. */
struct vain {
    const char *doing;
    const struct away_mount *mount;
    enum away_end end;
    int64_t since_ms;
};

static bool gave_up(const struct directory *dir, struct directory_job *job, const struct vain *v,
                    struct glm_diags *d)
{
    const char *maybe = "";
    job->unsure = changes(job);
    if (job->verb == DIRECTORY_REMOVE)
        maybe = " It may have been removed all the same.";
    if (v->end == AWAY_STOPPED)
        return glm_error(d, NULL, glm_sprintf(d->arena, "Cannot %s", v->doing),
                         "Terraform is stopping, and \"%s\" had not answered yet.%s", dir->root,
                         maybe);
    return directory_trouble_silent(d, v->doing, dir, v->mount, v->since_ms, maybe);
}

/* What it says, to its end. A write that a stop finds at work mostly ends by itself, at once, and
 * then it is known what has come of it. */
static enum away_end hear(const struct directory *dir, const struct directory_job *job,
                          const struct away_child *child, struct glm_text *text, int64_t until_ms)
{
    enum away_end end = away_child_hear(child, text, false, dir->stop, until_ms);
    if (end != AWAY_STOPPED || !changes(job))
        return end;
    int64_t grace_ms = glm_clock_ms() + GRACE_MS;
    end = away_child_hear(child, text, false, NULL, grace_ms < until_ms ? grace_ms : until_ms);
    return end == AWAY_ENDED ? end : AWAY_STOPPED;
}

/* A look leaves half of the time to what comes after it, in the other clusters too, which nobody
 * writes to before all were looked at. */
static int64_t until(const struct directory *dir, const struct directory_job *job, int64_t most_ms)
{
    int64_t now = glm_clock_ms(), left = dir->until_ms ? dir->until_ms - now : most_ms;
    if (dir->until_ms && !changes(job))
        left /= 2;
    return now + (left < most_ms ? left : most_ms);
}

/* What somebody else has made of a file of ours may be too much to be told from one process to another.
 * It is no object then. */
static void leave_out(const struct directory *dir, struct glm_arena *arena,
                      struct directory_job *job, struct glm_diags *d)
{
    const char *why = glm_sprintf(arena, "more than %zu values", GLM_JSON_MAX_NODES);
    if (job->verb == DIRECTORY_READ) {
        struct directory_way way =
            directory_way_to(job->ref->kind->namespaced, job->ref->namespace_);
        const char *path =
            directory_path_text(arena, dir, &way, directory_file_name(arena, job->ref));
        job->read = (struct glm_read){.found = GLM_FOUND_UNREADABLE,
                                      .object = &glm_null,
                                      .why = glm_sprintf(arena, "%s: it has %s", path, why)};
    } else {
        glm_warn_shared(
            d, NULL, glm_sprintf(arena, "Cannot read a file of cluster \"%s\"", dir->cluster.name),
            "In \"%s\" there is an object that has %s. It is left out.", dir->root, why);
    }
}

/* In a child, and waited for. */
static bool do_aside(const struct directory *dir, struct glm_arena *arena,
                     struct directory_job *job, int64_t most_ms, const struct away_mount *mount,
                     struct glm_diags *d)
{
    struct vain vain = {.doing = doing_text(dir, arena, job), .mount = mount};
    int64_t until_ms = until(dir, job, most_ms);
    vain.since_ms = silent_until(dir, until_ms, most_ms);
    if (is_stopped(dir))
        return glm_error(d, NULL, glm_sprintf(d->arena, "Cannot %s", vain.doing),
                         "Terraform is stopping, and \"%s\" was not asked any more.", dir->root);
    if (vain.since_ms)
        return directory_trouble_silent(d, vain.doing, dir, mount, vain.since_ms, "");
    struct task task = {dir, job, glm_arena_room(arena)};
    struct away_child child;
    vain.since_ms = glm_clock_ms();
    int error = away_child_begin(&child, false, run_task, &task);
    if (error)
        return directory_trouble_alone(d, vain.doing, dir, mount, error);
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_text text;
    glm_text_init(&text, scratch, ANSWER_MAX);
    vain.end = hear(dir, job, &child, &text, until_ms);
    pid_t left = away_child_end(&child, glm_clock_ms() + AWAY_DEATH_MS);
    if (left || vain.end == AWAY_LATE)
        note_silence(dir->shared, left, vain.since_ms);
    if (vain.end != AWAY_ENDED)
        return gave_up(dir, job, &vain, d);
    bool ok;
    if (!directory_turn(dir, arena, text.len))
        return directory_trouble_over(d, vain.doing, dir);
    if (!text.overflow && directory_answer_take(arena, text.data, text.len, job, &ok, d)) {
        if (job->too_much)
            leave_out(dir, arena, job, d);
        return ok;
    }
    job->unsure = true;
    return glm_error(
        d, NULL, glm_sprintf(d->arena, "Cannot %s", vain.doing),
        "The process that looks into \"%s\" was ended before it had said all. See "
        "whether the machine is short of memory (the kernel's log), then run Terraform "
        "again.",
        dir->root);
}

bool directory_do(const struct directory *dir, struct glm_arena *arena, struct directory_job *job,
                  int64_t most_ms, struct glm_diags *d)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct away_mount mount;
    if (hangs(dir, scratch, &mount))
        return do_aside(dir, arena, job, most_ms, &mount, d);
    return run(dir, changes(job) ? scratch : arena, job, d); /* what changes answers in no texts */
}
