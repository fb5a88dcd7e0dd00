/* SPDX-License-Identifier: Apache-2.0
 *
 * Waiting: until gateways are healthy, until what was deleted is gone. A watch brings every change;
 * what it means, and how long it has to stay so to be believed, the pair's installer judges.
 *
 * Thread: that of the cluster. Every wait ends within a second of a stop.
 */
#include "parts.h"

#include "glm/shown.h"
#include "seam.h"

#include <string.h>

#define ROUND_MS 1000

struct wait_course {
    size_t index;
    struct sight_of of;
    int64_t since; /* when what was seen last changed */
    struct kept version, message, generation, revision;
    enum glm_state state;
    bool settled, quiet, done;
    int64_t rest; /* until the next look, unless something changes */
};

static void begin(struct work *work, struct glm_arena *arena, struct wait_course *x, size_t index)
{
    *x = (struct wait_course){.index = index, .since = glm_clock_ms()};
    kept_set(&x->version, "");
    kept_set(&x->message, "");
    sight_of_pair(work, arena, index, &x->of);
}

static void end(struct wait_course *x)
{
    kept_set(&x->version, NULL);
    kept_set(&x->message, NULL);
    kept_set(&x->generation, NULL);
    kept_set(&x->revision, NULL);
}

/* The resourceVersions of the pair's objects: they change with what is seen. */
static const char *versions_of(struct glm_arena *arena, const struct sight *sight)
{
    const char *all = "";
    for (size_t i = 0; i < sight->seen.look_count; i++)
        all = glm_sprintf(arena, "%s%s%s", all, i ? "," : "",
                          glm_string_or(glm_get_path(sight->seen.looks[i].read.object, "metadata",
                                                     "resourceVersion", NULL),
                                        ""));
    return all;
}

/* Takes over what was seen, out of the scratch arena. */
static void take(struct glm_arena *scratch, struct wait_course *x, const struct sight *sight)
{
    const struct glm_installer_judgement *j = &sight->judgement;
    const char *version = versions_of(scratch, sight);
    bool changed =
        !kept_is(&x->version, version) || j->state != x->state || !kept_is(&x->message, j->message);
    if (changed)
        x->since = glm_clock_ms();
    kept_set(&x->version, version);
    kept_set(&x->message, j->message);
    x->state = j->state;
    x->settled = j->settled;
    x->quiet = j->quiet;
    kept_set(&x->generation, sight_generation(scratch, sight));
    kept_set(&x->revision, j->revision);
}

/* What is not settled has held for long enough: whether that is the end. */
static bool is_given_up(const struct work *work, struct glm_arena *scratch,
                        const struct wait_course *x, const struct sight *sight)
{
    struct glm_installer_call call = x->of.call;
    call.arena = scratch;
    call.cluster = work->cluster;
    return x->settled || seam_give_up(&call, &sight->seen, x->of.notes);
}

static void look(struct work *work, struct wait_course *x)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_diags errors;
    struct sight sight;
    glm_diags_init(&errors, scratch);
    x->rest = ROUND_MS;
    if (!observe(work->closing, scratch, &x->of, &sight, &errors)) {
        /* The API server may come back: what is known of it is kept as the message. */
        x->state = GLM_STATE_UNKNOWN;
        x->settled = x->quiet = false;
        kept_set(&x->message, errors.first ? errors.first->detail : "it does not answer");
        return;
    }
    take(scratch, x, &sight);
    int64_t wanted = sight.judgement.hold_ms, held = glm_clock_ms() - x->since;
    x->done = wanted >= 0 && held >= wanted;
    if (wanted > held)
        x->rest = wanted - held;
    x->done = x->done && is_given_up(work, scratch, x, &sight);
}

/* ---- the end of it ---- */

/* What the installer has to say of a pair that is not ready, by another look at it. */
static const char *explain(const struct work *work, struct glm_arena *arena,
                           const struct wait_course *x)
{
    struct glm_diags ignored;
    struct sight sight;
    struct sight_of of = x->of;
    of.notes = NULL;
    glm_diags_init(&ignored, arena);
    if (x->state == GLM_STATE_UNKNOWN || work_stop_asked(work) ||
        !observe(work->closing, arena, &of, &sight, &ignored))
        return "";
    struct glm_installer_call call = of.call;
    call.arena = arena;
    call.cluster = work->closing;
    const struct glm_installer_judgement judgement = {
        .state = x->state, .message = x->message.text, .settled = x->settled, .hold_ms = -1};
    return seam_explain(&call, &sight.seen, &judgement, x->of.notes,
                        x->done ? glm_clock_ms() - x->since : -1);
}

static bool is_ready(const struct wait_course *x)
{
    return x->done && x->state == GLM_STATE_HEALTHY;
}

/* Text of several lines: the first goes on where we are, the others are indented. */
static void add_lines(struct glm_text *text, const char *lines)
{
    for (const char *line = lines; *line;) {
        size_t len = strcspn(line, "\n");
        if (line != lines)
            glm_text_adds(text, "\n      ");
        glm_text_add(text, line, len);
        line += len + (line[len] == '\n');
    }
}

static void table(struct work *work, struct glm_arena *arena, const struct wait_course *all,
                  size_t count, struct glm_text *text)
{
    for (size_t i = 0; i < count; i++) {
        const struct wait_course *x = &all[i];
        const struct wanted_pair *pair = &work->wanted->pairs[x->index];
        glm_text_addf(text, "\n  %s: %s: ", pair->key, glm_state_name(x->state));
        add_lines(text, x->message.text);
        if (is_ready(x))
            continue;
        const char *why = explain(work, arena, x);
        if (*why)
            glm_text_adds(text, "\n      ");
        add_lines(text, why);
    }
}

/* UNHEALTHY when whatever is not ready was healthy before. */
static enum glm_state worst(const struct wait_course *all, size_t count)
{
    enum glm_state state = GLM_STATE_HEALTHY;
    for (size_t i = 0; i < count; i++)
        if (!is_ready(&all[i]) &&
            (state == GLM_STATE_HEALTHY || all[i].state != GLM_STATE_UNHEALTHY))
            state = all[i].state;
    return state;
}

static void report(struct work *work, struct glm_arena *arena, const struct wait_course *all,
                   size_t count, int64_t began, struct glm_diags *d)
{
    size_t unready = 0, failed = 0, first = 0;
    for (size_t i = count; i-- > 0;) {
        if (is_ready(&all[i]))
            continue;
        unready++;
        failed += all[i].done;
        first = all[i].index;
    }
    if (unready == 0 || work_interrupted(work, arena, WORK_AT(work, first), d))
        return;
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)256 << 10);
    table(work, arena, all, count, &text);
    work_error(work, arena, WORK_AT(work, first), d,
               failed < unready                           ? "Waiting has timed out"
               : worst(all, count) == GLM_STATE_UNHEALTHY ? "A gateway is not healthy"
                                                          : "A gateway is not installed",
               "%zu of %zu installations in this cluster %s not healthy after %s:\n%s\n\nThe next "
               "apply goes on from here and waits again.",
               unready, count, unready == 1 ? "is" : "are",
               glm_clock_text(arena, glm_clock_ms() - began), text.data);
}

/* What the plan has said already stays; what is to be said besides, the next read will show. */
static void conclude(struct work *work, struct glm_arena *arena, const struct wait_course *x,
                     struct glm_diags *d)
{
    struct pair_work *p = &work->pairs[x->index];
    const struct wanted_pair *pair = &work->wanted->pairs[x->index];
    const char *own = pair->installation->revision;
    const char *message = x->quiet ? NULL : x->message.text;
    const struct glm_value *planned =
        status_get(work->change->attributes, pair->cluster, pair->key);
    p->ready = !work->patient || is_ready(x);
    p->status = status_entry(arena, x->state, x->revision.text ? x->revision.text : own, message);
    if (p->ready && glm_is_map(planned)) {
        bool said = glm_equal(glm_get(planned, "message"), glm_get(p->status, "message"));
        if (message && !said)
            glm_warn(d, WORK_AT(work, x->index), "There is more to say of a gateway",
                     "Cluster \"%s\", revision %s: %s: %s", pair->cluster, pair->key,
                     glm_state_name(x->state), message);
        p->status = planned;
    }
    p->seen_healthy = x->state == GLM_STATE_HEALTHY && x->settled;
    p->healthy =
        p->seen_healthy && x->generation.text ? glm_strdup(arena, x->generation.text) : NULL;
}

/* HEALTHY that had not held for long enough when the time was over is HEALTHY. */
static void close_wait(const struct work *work, struct wait_course *all, size_t count)
{
    for (size_t i = 0; i < count && !work_stop_asked(work); i++)
        if (all[i].state == GLM_STATE_HEALTHY && all[i].settled)
            all[i].done = true;
}

static void watch(struct work *work, struct wait_course *all, size_t count)
{
    uint64_t version = 0;
    const struct glm_object_kind *const *followed = all[0].of.call.self->followed;
    work->cluster->ops->follow(work->cluster, followed);
    for (;;) {
        size_t open = 0;
        int64_t rest = ROUND_MS;
        work->cluster->ops->await(work->cluster, &version, 0);
        for (size_t i = 0; i < count; i++) {
            if (!all[i].done)
                look(work, &all[i]);
            open += !all[i].done;
            if (!all[i].done && all[i].rest < rest)
                rest = all[i].rest;
        }
        int64_t left = time_limit_left(&work->limit, rest);
        if (open == 0 || work_stop_asked(work) || left <= 0)
            break;
        work->cluster->ops->await(work->cluster, &version, left);
    }
    work->cluster->ops->unfollow(work->cluster, followed);
    close_wait(work, all, count);
}

static void settle_files(struct work *work, struct glm_arena *arena)
{
    for (size_t i = 0; i < work->wanted->pair_count; i++) {
        struct pair_work *p = &work->pairs[i];
        if (!p->installed)
            continue;
        p->ready = true;
        p->status = status_written(arena, work->wanted->pairs[i].installation->revision);
    }
}

void wait_until_ready(struct work *work, struct glm_arena *arena, struct glm_diags *d)
{
    if (work->cluster->ops->files) {
        settle_files(work, arena);
        return;
    }
    int64_t began = glm_clock_ms();
    struct wait_course *all = GLM_NEW_ARRAY(arena, work->wanted->pair_count, struct wait_course);
    size_t count = 0;
    for (size_t i = 0; i < work->wanted->pair_count; i++) {
        struct pair_work *p = &work->pairs[i];
        if (p->installed && p->await)
            begin(work, arena, &all[count++], i);
        else if (p->installed)
            p->ready = true; /* untouched, and the plan has its status */
    }
    if (count > 0 && work->patient)
        watch(work, all, count);
    for (size_t i = 0; i < count; i++) {
        if (!work->patient)
            look(work, &all[i]);
        conclude(work, arena, &all[i], d);
    }
    if (work->patient)
        report(work, arena, all, count, began, d);
    for (size_t i = 0; i < count; i++)
        end(&all[i]);
}

/* ---- until gone ---- */

static const char *finalizers(struct glm_arena *arena, const struct glm_value *object)
{
    const struct glm_value *list = glm_get_path(object, "metadata", "finalizers", NULL);
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)4 << 10);
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++)
        glm_text_addf(&text, "%s%s", i ? ", " : "", glm_string_or(list->as.list[i], "?"));
    return text.data;
}

/* true: certainly gone. held: what else is known. */
static bool look_gone(struct work *work, const struct glm_object_ref *ref, struct kept *held)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_diags errors;
    glm_diags_init(&errors, scratch);
    struct glm_read read;
    if (!work->closing->ops->read(work->closing, scratch, ref, &read, &errors)) {
        kept_set(held, errors.first ? errors.first->detail : "it cannot be read");
        return false;
    }
    if (read.found == GLM_FOUND_NOTHING)
        return true;
    if (read.found == GLM_FOUND_NO_API) {
        bool gone = kind_is_gone(work->closing, scratch, ref, read.why, &errors);
        kept_set(held, glm_sprintf(scratch, "may be there: %s", glm_shown(scratch, read.why)));
        return gone;
    }
    const char *names = finalizers(scratch, read.object);
    kept_set(held, *names ? glm_sprintf(scratch, "waits for its finalizers: %s",
                                        glm_shown(scratch, names))
                          : "is being deleted");
    return false;
}

static void report_held(struct work *work, struct glm_arena *arena,
                        const struct glm_object_ref *refs, const bool *gone,
                        const struct kept *held, size_t count, int64_t spent_ms,
                        struct glm_diags *d)
{
    const struct glm_path *at = GLM_AT_ATTR(NULL, "installations");
    if (work_interrupted(work, arena, at, d))
        return;
    const char *said = work->installer->held;
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)64 << 10);
    for (size_t i = 0; i < count; i++)
        if (!gone[i])
            glm_text_addf(&text, "\n  %s %s", glm_object_ref_text(arena, &refs[i]), held[i].text);
    work_error(work, arena, at, d, "Objects are not gone",
               "After %s still there:\n%s\n\nA finalizer is taken off by the program that put it "
               "on%s%s. See whether it runs and what its log says. This provider never takes off a "
               "finalizer, because what it stands for would be left behind.",
               glm_clock_text(arena, spent_ms), text.data, said ? ": " : "", said ? said : "");
}

/* The kinds of those that are not gone, ended by NULL. */
static const struct glm_object_kind *const *
kinds_of(struct glm_arena *arena, const struct glm_object_ref *refs, const bool *gone, size_t count)
{
    const struct glm_object_kind **kinds =
        GLM_NEW_ARRAY(arena, count + 1, const struct glm_object_kind *);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        bool new = !gone[i];
        for (size_t k = 0; new &&k < n; k++)
            new = kinds[k] != refs[i].kind;
        if (new)
            kinds[n++] = refs[i].kind;
    }
    return kinds;
}

void wait_until_gone(struct work *work, struct glm_arena *arena, const struct glm_object_ref *refs,
                     bool *gone, size_t count, struct glm_diags *d)
{
    int64_t began = glm_clock_ms();
    size_t open = 0;
    for (size_t i = 0; i < count; i++)
        open += !gone[i];
    if (open == 0)
        return;
    const struct glm_object_kind *const *kinds = kinds_of(arena, refs, gone, count);
    struct kept *held = GLM_NEW_ARRAY(arena, count, struct kept);
    uint64_t version = 0;
    work->cluster->ops->follow(work->cluster, kinds);
    for (;;) {
        work->cluster->ops->await(work->cluster, &version, 0);
        open = 0;
        for (size_t i = 0; i < count; i++) {
            gone[i] = gone[i] || look_gone(work, &refs[i], &held[i]);
            open += !gone[i];
        }
        int64_t left = time_limit_left(&work->limit, ROUND_MS);
        if (open == 0 || work_stop_asked(work) || left <= 0)
            break;
        work->cluster->ops->await(work->cluster, &version, left);
    }
    work->cluster->ops->unfollow(work->cluster, kinds);
    if (open > 0)
        report_held(work, arena, refs, gone, held, count, glm_clock_ms() - began, d);
    for (size_t i = 0; i < count; i++)
        kept_set(&held[i], NULL);
}
