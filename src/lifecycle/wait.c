/* SPDX-License-Identifier: Apache-2.0
 *
 * Waiting: until gateways are healthy, until what was deleted is gone. A watch brings every change;
 * what it means is judged by src/mesh. The operator has no observedGeneration, and right after a
 * write it may still speak of the time before: HEALTHY counts when it holds.
 *
 * Thread: that of the cluster. Every wait ends within a second of a stop.
 */
#include "parts.h"

#include "glm/shown.h"

#include <string.h>

/* What is waited for changes, and so does what it depends on. */
static const struct glm_object_kind *const followed[] = {GLM_KIND_ISTIO_OPERATOR,
                                                         GLM_KIND_DEPLOYMENT, NULL};

/* HEALTHY after our own write has to hold this long: the operator was seen to serve the old
 * HEALTHY for up to 195 ms after a write, and to begin a second round 30 ms after the first. */
#define HOLD_MS 400
#define HOLD_UNSEEN_MS 2000 /* ... when it was not seen to work on it */
/* FAILED and ACTION_REQUIRED may pass, as when an image is being pulled again. */
#define GRACE_MS 5000
/* How long nobody may take up an IstioOperator when no operator is known that would: a share of the
 * time that there is. An operator comes back from a back-off or a crash only after minutes. */
#define UNTOUCHED_SHARE 4
#define UNTOUCHED_MIN_MS 120000
#define ROUND_MS 1000

struct waiting {
    size_t index;
    struct sight_of of;
    int64_t since; /* when what was seen last changed */
    struct kept version, message, generation;
    enum glm_state state;
    bool settled, reconciling, touched, done;
    int64_t rest;      /* until the next look, unless something changes */
    int64_t untouched; /* how long nobody may take it up */
};

int64_t wait_untouched(int64_t given)
{
    int64_t share = given / UNTOUCHED_SHARE;
    return share > UNTOUCHED_MIN_MS ? share : UNTOUCHED_MIN_MS;
}

static void begin(struct work *w, struct waiting *x, size_t index)
{
    const struct wanted_pair *pair = &w->wanted->pairs[index];
    *x = (struct waiting){.index = index, .since = glm_clock_ms()};
    kept_set(&x->version, "");
    kept_set(&x->message, "");
    x->untouched = wait_untouched(w->change->timeout_ms);
    x->of = (struct sight_of){
        .ref = pair->operator_.ref,
        .wanted = true,
        .healthy = glm_string_or(glm_get_path(w->record, "healthy", pair->key, NULL), NULL),
        .written = w->pairs[index].written,
    };
}

static void end(struct waiting *x)
{
    kept_set(&x->version, NULL);
    kept_set(&x->message, NULL);
    kept_set(&x->generation, NULL);
}

/* Takes over what was seen, out of the scratch arena. */
static void take(struct glm_arena *scratch, struct waiting *x, const struct sight *sight)
{
    const struct glm_judgement *j = &sight->judgement;
    const char *version =
        glm_string_or(glm_get_path(sight->object, "metadata", "resourceVersion", NULL), "");
    bool changed =
        !kept_is(&x->version, version) || j->state != x->state || !kept_is(&x->message, j->message);
    if (changed)
        x->since = glm_clock_ms();
    kept_set(&x->version, version);
    kept_set(&x->message, j->message);
    x->state = j->state;
    x->settled = j->settled;
    x->touched = glm_reconciler_of(sight->object) != GLM_RECONCILER_NONE;
    if (j->reconciling_seen && (!x->of.written || strcmp(version, x->of.written) != 0))
        x->reconciling = true;
    kept_set(&x->generation, glm_generation(scratch, sight->object));
}

/* How long what was seen has to stay as it is before it is believed; -1: it is not the end. */
static int64_t hold(const struct work *w, const struct waiting *x)
{
    if (x->settled && x->state == GLM_STATE_HEALTHY)
        return !x->of.written ? 0 : x->reconciling ? HOLD_MS : HOLD_UNSEEN_MS;
    /* An operator that was not seen to work on what we wrote may have given up something else. */
    if (x->settled && x->state == GLM_STATE_UNHEALTHY && x->of.written && !x->reconciling)
        return -1;
    if (x->settled)
        return GRACE_MS;
    if (x->state == GLM_STATE_PENDING && !x->touched && !w->pairs[x->index].served)
        return x->untouched;
    return -1;
}

static void look(struct work *w, struct waiting *x)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_diags errors;
    struct sight sight;
    glm_diags_init(&errors, scratch);
    x->rest = ROUND_MS;
    if (!observe(w->closing, scratch, &x->of, &sight, &errors)) {
        /* The API server may come back: what is known of it is kept as the message. */
        x->state = GLM_STATE_UNKNOWN;
        x->settled = false;
        kept_set(&x->message, errors.first ? errors.first->detail : "it does not answer");
        return;
    }
    take(scratch, x, &sight);
    int64_t wanted = hold(w, x), held = glm_clock_ms() - x->since;
    x->done = wanted >= 0 && held >= wanted;
    if (wanted > held)
        x->rest = wanted - held;
    if (x->done && x->state == GLM_STATE_PENDING && preflight_served(w, scratch, x->index)) {
        w->pairs[x->index].served = true;
        x->done = false;
    }
}

/* ---- the end of it ---- */

static const char *why_of(struct work *w, struct glm_arena *arena, const struct waiting *x)
{
    struct glm_diags ignored;
    struct sight sight;
    glm_diags_init(&ignored, arena);
    if (x->state == GLM_STATE_UNKNOWN || work_stop_asked(w) ||
        !observe(w->closing, arena, &x->of, &sight, &ignored))
        return "";
    return observe_why(w->closing, arena, &sight);
}

/* IstioOperators that the operator cannot read, which stop it for all others. */
static const char *blockers(struct work *w, struct glm_arena *arena)
{
    const struct glm_value *all = list_if_allowed(w->closing, arena, GLM_KIND_ISTIO_OPERATOR, NULL);
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)16 << 10);
    for (size_t i = 0; i < all->len; i++) {
        const char *wrong = glm_operator_blocked_by(arena, all->as.list[i]);
        struct glm_object_ref ref;
        if (wrong && glm_object_ref_of(all->as.list[i], &ref))
            glm_text_addf(&text,
                          "\n%s is malformed, which stops the operator for every other "
                          "one: %s. Correct or delete it.",
                          glm_object_ref_text(arena, &ref), wrong);
    }
    return text.data;
}

/* An object that was given up because nobody takes it up. */
static const char *untouched(const struct work *w, struct glm_arena *arena, const struct waiting *x)
{
    const struct wanted_pair *pair = &w->wanted->pairs[x->index];
    return glm_sprintf(
        arena,
        "\nNobody has touched it for %s. Start an Istio operator that serves revision \"%s\" and "
        "watches namespace %s, or read the log of the one that should have taken this up; then "
        "apply again. An operator that the cluster does not show is waited for a quarter of "
        "timeouts.%s, at least two minutes.",
        clock_duration(arena, glm_clock_ms() - x->since),
        glm_revision_key(pair->installation->control_plane), pair->operator_.ref.namespace_,
        w->creating ? "create" : "update");
}

static bool is_ready(const struct waiting *x)
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

static void table(struct work *w, struct glm_arena *arena, const struct waiting *all, size_t count,
                  struct glm_text *text)
{
    for (size_t i = 0; i < count; i++) {
        const struct waiting *x = &all[i];
        const struct wanted_pair *pair = &w->wanted->pairs[x->index];
        glm_text_addf(text, "\n  %s: %s: ", pair->key, glm_state_name(x->state));
        add_lines(text, x->message.text);
        if (is_ready(x))
            continue;
        const char *why = why_of(w, arena, x);
        if (*why)
            glm_text_adds(text, "\n      ");
        add_lines(text, why);
        if (x->state != GLM_STATE_PENDING || x->touched)
            continue;
        if (x->done)
            add_lines(text, untouched(w, arena, x));
        glm_text_adds(text, blockers(w, arena));
    }
}

/* UNHEALTHY when whatever is not ready was healthy before. */
static enum glm_state worst(const struct waiting *all, size_t count)
{
    enum glm_state state = GLM_STATE_HEALTHY;
    for (size_t i = 0; i < count; i++)
        if (!is_ready(&all[i]) &&
            (state == GLM_STATE_HEALTHY || all[i].state != GLM_STATE_UNHEALTHY))
            state = all[i].state;
    return state;
}

static void report(struct work *w, struct glm_arena *arena, const struct waiting *all, size_t count,
                   int64_t began, struct glm_diags *d)
{
    size_t unready = 0, failed = 0, first = 0;
    for (size_t i = count; i-- > 0;) {
        if (is_ready(&all[i]))
            continue;
        unready++;
        failed += all[i].done;
        first = all[i].index;
    }
    if (unready == 0 || work_interrupted(w, arena, WORK_AT(w, first), d))
        return;
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)256 << 10);
    table(w, arena, all, count, &text);
    work_error(w, arena, WORK_AT(w, first), d,
               failed < unready                           ? "Waiting has timed out"
               : worst(all, count) == GLM_STATE_UNHEALTHY ? "A gateway is not healthy"
                                                          : "A gateway is not installed",
               "%zu of %zu installations in this cluster %s not healthy after %s:\n%s\n\nThe next "
               "apply goes on from here and waits again.",
               unready, count, unready == 1 ? "is" : "are",
               clock_duration(arena, glm_clock_ms() - began), text.data);
}

static void conclude(struct work *w, struct glm_arena *arena, const struct waiting *x)
{
    struct pair_work *p = &w->pairs[x->index];
    p->status = status_entry(arena, x->state, w->wanted->pairs[x->index].installation->revision,
                             x->message.text);
    p->ready = !w->patient || is_ready(x);
    p->seen_healthy = x->state == GLM_STATE_HEALTHY && x->settled;
    p->healthy =
        p->seen_healthy && x->generation.text ? glm_strdup(arena, x->generation.text) : NULL;
}

/* HEALTHY that had not held for long enough when the time was over is HEALTHY. */
static void close_wait(const struct work *w, struct waiting *all, size_t count)
{
    for (size_t i = 0; i < count && !work_stop_asked(w); i++)
        if (all[i].state == GLM_STATE_HEALTHY && all[i].settled)
            all[i].done = true;
}

static void watch(struct work *w, struct waiting *all, size_t count)
{
    uint64_t version = 0;
    w->cluster->ops->follow(w->cluster, followed);
    for (;;) {
        size_t open = 0;
        int64_t rest = ROUND_MS;
        w->cluster->ops->await(w->cluster, &version, 0);
        for (size_t i = 0; i < count; i++) {
            if (!all[i].done)
                look(w, &all[i]);
            open += !all[i].done;
            if (!all[i].done && all[i].rest < rest)
                rest = all[i].rest;
        }
        int64_t left = time_limit_left(&w->limit, rest);
        if (open == 0 || work_stop_asked(w) || left <= 0)
            break;
        w->cluster->ops->await(w->cluster, &version, left);
    }
    w->cluster->ops->unfollow(w->cluster, followed);
    close_wait(w, all, count);
}

static void settle_files(struct work *w, struct glm_arena *arena)
{
    for (size_t i = 0; i < w->wanted->pair_count; i++) {
        struct pair_work *p = &w->pairs[i];
        if (!p->installed)
            continue;
        p->ready = true;
        p->status = status_written(arena, w->wanted->pairs[i].installation->revision, w->label);
    }
}

void wait_until_ready(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    if (w->cluster->ops->files) {
        settle_files(w, arena);
        return;
    }
    int64_t began = glm_clock_ms();
    struct waiting *all = GLM_NEW_ARRAY(arena, w->wanted->pair_count, struct waiting);
    size_t count = 0;
    for (size_t i = 0; i < w->wanted->pair_count; i++) {
        struct pair_work *p = &w->pairs[i];
        if (p->installed && p->await)
            begin(w, &all[count++], i);
        else if (p->installed)
            p->ready = true; /* untouched, and the plan has its status */
    }
    if (count > 0 && w->patient)
        watch(w, all, count);
    for (size_t i = 0; i < count; i++) {
        if (!w->patient)
            look(w, &all[i]);
        conclude(w, arena, &all[i]);
    }
    if (w->patient)
        report(w, arena, all, count, began, d);
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
static bool look_gone(struct work *w, const struct glm_object_ref *ref, struct kept *held)
{
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_diags errors;
    glm_diags_init(&errors, scratch);
    struct glm_read read;
    if (!w->closing->ops->read(w->closing, scratch, ref, &read, &errors)) {
        kept_set(held, errors.first ? errors.first->detail : "it cannot be read");
        return false;
    }
    if (read.found == GLM_FOUND_NOTHING)
        return true;
    if (read.found == GLM_FOUND_NO_API) {
        bool gone = kind_is_gone(w->closing, scratch, ref, read.why, &errors);
        kept_set(held, glm_sprintf(scratch, "may be there: %s", glm_shown(scratch, read.why)));
        return gone;
    }
    const char *names = finalizers(scratch, read.object);
    kept_set(held, *names ? glm_sprintf(scratch, "waits for its finalizers: %s",
                                        glm_shown(scratch, names))
                          : "is being deleted");
    return false;
}

static void report_held(struct work *w, struct glm_arena *arena, const struct glm_object_ref *refs,
                        const bool *gone, const struct kept *held, size_t count, int64_t spent_ms,
                        struct glm_diags *d)
{
    const struct glm_path *at = GLM_AT_ATTR(NULL, "installations");
    if (work_interrupted(w, arena, at, d))
        return;
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)64 << 10);
    for (size_t i = 0; i < count; i++)
        if (!gone[i])
            glm_text_addf(&text, "\n  %s %s", glm_object_ref_text(arena, &refs[i]), held[i].text);
    work_error(w, arena, at, d, "Objects are not gone",
               "After %s still there:\n%s\n\nA finalizer is taken off by the program that put it "
               "on: the Istio operator takes off its own when it has removed the gateway. See "
               "whether it runs and what its log says. This provider never takes off a finalizer, "
               "because what it stands for would be left behind.",
               clock_duration(arena, spent_ms), text.data);
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

void wait_until_gone(struct work *w, struct glm_arena *arena, const struct glm_object_ref *refs,
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
    w->cluster->ops->follow(w->cluster, kinds);
    for (;;) {
        w->cluster->ops->await(w->cluster, &version, 0);
        open = 0;
        for (size_t i = 0; i < count; i++) {
            gone[i] = gone[i] || look_gone(w, &refs[i], &held[i]);
            open += !gone[i];
        }
        int64_t left = time_limit_left(&w->limit, ROUND_MS);
        if (open == 0 || work_stop_asked(w) || left <= 0)
            break;
        w->cluster->ops->await(w->cluster, &version, left);
    }
    w->cluster->ops->unfollow(w->cluster, kinds);
    if (open > 0)
        report_held(w, arena, refs, gone, held, count, glm_clock_ms() - began, d);
    for (size_t i = 0; i < count; i++)
        kept_set(&held[i], NULL);
}
