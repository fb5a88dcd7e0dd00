/* SPDX-License-Identifier: Apache-2.0
 *
 * The slots of installers, but for render. See seam.h.
 */
#include "seam.h"

#include "glm/observe.h"
#include "glm/shown.h"
#include "glm/text.h"

#include <string.h>

/* How much one answer may have. */
#define TARGETS_MAX 256
#define STEPS_MAX 8
#define NAMES_MAX 4096
#define PODS_MAX 256
#define VIEWS_MAX 4096
#define LINES_MAX ((size_t)8 << 10) /* bytes: many of them stand in one table */
#define NAME_MAX ((size_t)1 << 10)  /* bytes */

const struct glm_installer *seam_installer(const struct glm_estate *estate,
                                           const struct glm_cluster_config *config)
{
    return glm_installer_find(estate->installers, config ? config->installer : NULL);
}

struct glm_installer_call seam_call(struct glm_arena *arena, const struct glm_estate *estate,
                                    const struct glm_installer *installer, const char *seat)
{
    return (struct glm_installer_call){
        .self = installer, .arena = arena, .mesh = &estate->mesh, .seat = seat};
}

/* ---- who breaks the rules ---- */

#define REPORT "This is a mistake in the provider, not in the configuration: please report it."

static const char *broken_summary(const struct glm_installer_call *call)
{
    return glm_sprintf(call->arena, "Installer \"%s\" is broken", call->self->name);
}

/* All of it in one text, where no diagnostic can be. */
static const char *broken_text(const struct glm_installer_call *call, const char *what)
{
    return glm_sprintf(call->arena, "%s: its slot %s. " REPORT, broken_summary(call), what);
}

static const char *broken_detail(const struct glm_installer_call *call, const char *what)
{
    const char *where =
        call->seat ? glm_sprintf(call->arena, "Cluster \"%s\": its", call->seat) : "Its";
    return glm_sprintf(call->arena, "%s slot %s. " REPORT, where, what);
}

bool seam_broken(const struct glm_installer_call *call, const struct glm_path *at, const char *what,
                 struct glm_diags *d)
{
    return glm_error(d, at, broken_summary(call), "%s", broken_detail(call, what));
}

void seam_warn_broken(const struct glm_installer_call *call, const char *what, struct glm_diags *d)
{
    glm_warn(d, GLM_AT_ATTR(NULL, "installations"), broken_summary(call), "%s",
             broken_detail(call, what));
}

/* A slot that is false has to have said why, and one that is true no error. */
bool seam_said_why(const struct glm_installer_call *call, const struct glm_path *at, bool ok,
                   size_t errors_before, const char *slot, struct glm_diags *d)
{
    if (!ok && d->errors == errors_before)
        seam_broken(call, at, glm_sprintf(call->arena, "%s failed without a word", slot), d);
    return ok && d->errors == errors_before;
}

static struct glm_installer_call without_cluster(const struct glm_installer_call *call)
{
    struct glm_installer_call pure = *call;
    pure.cluster = NULL;
    return pure;
}

static bool is_text(const char *text)
{
    return text && *text;
}

/* ---- where, and by which rules ---- */

static bool is_entry(const struct glm_installer_call *call, const char *name)
{
    return !call->mesh->known || glm_mesh_cluster(call->mesh, name);
}

static const char *entries(const struct glm_installer_call *call)
{
    struct glm_text text;
    glm_text_init(&text, call->arena, (size_t)1 << 20);
    for (size_t i = 0; i < call->mesh->cluster_count; i++)
        glm_text_addf(&text, "%s\"%s\"", i ? ", " : "", call->mesh->clusters[i].name);
    return text.len ? text.data : "none";
}

const char *seam_seat(const struct glm_installer_call *call, const char *cluster,
                      struct glm_diags *d)
{
    const struct glm_installer_call pure = without_cluster(call);
    const struct glm_path *at = GLM_AT_ATTR(NULL, "installations");
    size_t errors = d->errors;
    if (!call->self->seat)
        return cluster;
    const char *seat = call->self->seat(&pure, cluster, d);
    if (!seam_said_why(call, at, seat != NULL, errors, "seat", d))
        return NULL;
    if (!is_entry(call, seat)) {
        seam_broken(call, at,
                    glm_sprintf(call->arena,
                                "seat writes what is for cluster \"%s\" to \"%s\", and the "
                                "provider's `clusters` has only %s",
                                cluster, seat, entries(call)),
                    d);
        return NULL;
    }
    return seat;
}

bool seam_check(const struct glm_installer_call *call, const struct glm_installer_pair *pairs,
                size_t count, bool warn, struct glm_diags *d)
{
    const struct glm_installer_call pure = without_cluster(call);
    size_t errors = d->errors;
    return !call->self->check ||
           seam_said_why(call, GLM_AT_ATTR(NULL, "installations"),
                         call->self->check(&pure, pairs, count, warn, d), errors, "check", d);
}

uint64_t seam_traits(const struct glm_installer_call *call, const struct glm_value *main)
{
    const struct glm_installer_call pure = without_cluster(call);
    return call->self->traits ? call->self->traits(&pure, main) : 0;
}

const char *seam_loses(const struct glm_installer_call *call, const struct glm_value *was,
                       uint64_t is, const char **ret_why)
{
    const struct glm_installer_call pure = without_cluster(call);
    *ret_why = "";
    const char *names = call->self->loses ? call->self->loses(&pure, was, is, ret_why) : NULL;
    *ret_why = *ret_why ? glm_shown_lines(call->arena, *ret_why, LINES_MAX) : "";
    return names ? glm_shown_lines(call->arena, names, LINES_MAX) : "";
}

/* ---- about what was found ---- */

size_t seam_makes(const struct glm_installer_call *call, const struct glm_value *object,
                  const char *const **ret)
{
    const struct glm_installer_call pure = without_cluster(call);
    const char *const *all = NULL;
    size_t count = call->self->makes ? call->self->makes(&pure, object, &all) : 0, kept = 0;
    if (!all || count > NAMES_MAX)
        count = all ? NAMES_MAX : 0;
    const char **texts = GLM_NEW_ARRAY(call->arena, count, const char *);
    for (size_t i = 0; i < count; i++)
        if (is_text(all[i]))
            texts[kept++] = all[i];
    *ret = texts;
    return kept;
}

/* True for what can be read. */
static bool is_complete(const struct glm_object_ref *ref)
{
    return ref->kind && is_text(ref->name) && (!ref->kind->namespaced || is_text(ref->namespace_));
}

size_t seam_targets(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                    const struct glm_object_ref **ret)
{
    const struct glm_installer_call pure = without_cluster(call);
    const struct glm_object_ref *all = NULL;
    size_t count = call->self->targets ? call->self->targets(&pure, sight, &all) : 0, kept = 0;
    if (!all || count > TARGETS_MAX)
        count = all ? TARGETS_MAX : 0;
    struct glm_object_ref *refs = GLM_NEW_ARRAY(call->arena, count, struct glm_object_ref);
    for (size_t i = 0; i < count; i++)
        if (is_complete(&all[i]))
            refs[kept++] = all[i];
    *ret = refs;
    return kept;
}

void seam_judge(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                void *notes, struct glm_installer_judgement *ret)
{
    const struct glm_installer_call pure = without_cluster(call);
    const char *what = NULL;
    *ret = (struct glm_installer_judgement){.state = (enum glm_state) - 1};
    call->self->judge(&pure, sight, notes, ret);
    if ((unsigned)ret->state >= GLM_STATES)
        what = "judge gave no state";
    else if (!is_text(ret->message))
        what = "judge gave a state without a message";
    else if (ret->quiet && ret->state != GLM_STATE_HEALTHY)
        what = "judge left out what it says of a state that is not HEALTHY";
    if (what)
        *ret = (struct glm_installer_judgement){
            .state = GLM_STATE_UNKNOWN, .message = broken_text(call, what), .hold_ms = -1};
    ret->message = glm_shown_lines(call->arena, ret->message, LINES_MAX);
    if (ret->revision)
        ret->revision = glm_shown_n(call->arena, ret->revision, strlen(ret->revision), NAME_MAX);
}

/* Maps only: of lists others may have to say which items are owned. Depth: of the values, which codecs
 * bound. */
static bool is_reduced(const struct glm_value *v, const struct glm_value *owned)
{
    for (size_t i = 0; glm_is_map(v) && glm_is_map(owned) && i < v->len; i++)
        if (!glm_has(owned, v->as.map[i].key) ||
            !is_reduced(v->as.map[i].value, glm_get(owned, v->as.map[i].key)))
            return false;
    return true;
}

/* True for a whole object that is the one that was found, with nothing that is not owned. */
static bool is_projection(const struct glm_value *v, const struct glm_value *live,
                          const struct glm_value *owned)
{
    static const char *const fields[][2] = {
        {"apiVersion", NULL}, {"kind", NULL}, {"metadata", "name"}, {"metadata", "namespace"}};
    if (!v || !glm_is_map(v) || !glm_is_wholly_known(v))
        return false;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct glm_value *is = glm_get_path(v, fields[i][0], fields[i][1], NULL);
        if (!glm_is_null(is) &&
            !glm_equal(is, glm_get_path(live, fields[i][0], fields[i][1], NULL)))
            return false;
    }
    return is_reduced(v, owned);
}

const struct glm_value *seam_project(const struct glm_installer_call *call,
                                     const struct glm_value *live, const struct glm_value *owned)
{
    const struct glm_installer_call pure = without_cluster(call);
    if (!call->self->project)
        return glm_project(call->arena, live, owned);
    const struct glm_value *v = call->self->project(&pure, live, owned);
    return is_projection(v, live, owned) ? v : &glm_null;
}

/* True for an object that a write beside that of `ref` can be of. */
static bool is_same_object(const struct glm_value *object, const struct glm_object_ref *ref)
{
    return object && glm_is_wholly_known(object) && glm_object_is(object, ref);
}

static bool is_step(const struct glm_installer_call *call, const struct glm_installer_step *step,
                    const struct glm_installer_object *o)
{
    if (!step->object)
        return step->when == GLM_INSTALLER_BEFORE && is_text(step->manager);
    return is_same_object(step->object, &o->ref) && (!step->manager || is_text(step->manager)) &&
           (step->when != GLM_INSTALLER_INSTEAD || (call->predecessor && !step->manager));
}

bool seam_steps(const struct glm_installer_call *call, const struct glm_path *at,
                const struct glm_installer_object *o, const struct glm_value *live,
                enum glm_installer_write why, const struct glm_installer_step **ret_steps,
                size_t *ret_count, struct glm_diags *d)
{
    const struct glm_installer_call pure = without_cluster(call);
    const struct glm_installer_step *steps = NULL;
    size_t count = call->self->steps ? call->self->steps(&pure, o, live, why, &steps) : 0;
    if (count > STEPS_MAX || (count > 0 && !steps))
        return seam_broken(call, at,
                           glm_sprintf(call->arena, "steps wants %zu writes beside that of %s",
                                       count, glm_object_ref_text(call->arena, &o->ref)),
                           d);
    for (size_t i = 0; i < count; i++)
        if (!is_step(call, &steps[i], o))
            return seam_broken(call, at,
                               glm_sprintf(call->arena,
                                           "steps wants a write beside that of %s which is none "
                                           "of that object",
                                           glm_object_ref_text(call->arena, &o->ref)),
                               d);
    *ret_steps = steps;
    *ret_count = count;
    return true;
}

bool seam_yields(const struct glm_installer_call *call, const struct glm_path *at,
                 const struct glm_object_ref *ref, const struct glm_value *live,
                 struct glm_installer_yield *ret, struct glm_diags *d)
{
    const struct glm_installer_call pure = without_cluster(call);
    *ret = (struct glm_installer_yield){.busy = NULL};
    call->self->yields(&pure, live, ret);
    if (ret->busy)
        ret->busy = glm_shown_lines(call->arena, ret->busy, LINES_MAX);
    if ((!ret->object && !ret->finalizer) || is_same_object(ret->object, ref))
        return true;
    return seam_broken(call, at,
                       glm_sprintf(call->arena, "yields wants something of %s which is none of it",
                                   glm_object_ref_text(call->arena, ref)),
                       d);
}

enum glm_installer_heir seam_inherits(const struct glm_installer_call *call,
                                      const struct glm_installer_sight *sight,
                                      const struct glm_installer_look *found)
{
    const struct glm_installer_call pure = without_cluster(call);
    enum glm_installer_heir heir = call->self->inherits(&pure, sight, found);
    return (unsigned)heir <= GLM_INSTALLER_WAIT ? heir : GLM_INSTALLER_NOT;
}

const char *seam_refuses(const struct glm_installer_call *call, const struct glm_value *object)
{
    const struct glm_installer_call pure = without_cluster(call);
    const char *why = call->self->refuses ? call->self->refuses(&pure, object) : NULL;
    return why && *why ? glm_shown_lines(call->arena, why, LINES_MAX) : NULL;
}

size_t seam_pods(const struct glm_installer_call *call, const struct glm_value *object,
                 const struct glm_installer_pods **ret)
{
    const struct glm_installer_call pure = without_cluster(call);
    const struct glm_installer_pods *all = NULL;
    size_t count = call->self->pods ? call->self->pods(&pure, object, &all) : 0, kept = 0;
    if (!all || count > PODS_MAX)
        count = all ? PODS_MAX : 0;
    struct glm_installer_pods *pods = GLM_NEW_ARRAY(call->arena, count, struct glm_installer_pods);
    for (size_t i = 0; i < count; i++)
        if (is_text(all[i].namespace_) && all[i].labels && !all[i].label == !all[i].value)
            pods[kept++] = all[i];
    *ret = pods;
    return kept;
}

bool seam_namesake(const struct glm_installer_call *call, const struct glm_value *object,
                   const char *name)
{
    const struct glm_installer_call pure = without_cluster(call);
    return call->self->namesake && call->self->namesake(&pure, object, name);
}

size_t seam_recall(const struct glm_installer_call *call, const struct glm_value *object,
                   const struct glm_value *traffic, const char *const **ret_clusters,
                   const struct glm_value *const **ret_views, struct glm_diags *d)
{
    const struct glm_installer_call pure = without_cluster(call);
    const char *const *of = NULL;
    const struct glm_value *const *all = NULL;
    size_t count = call->self->recall ? call->self->recall(&pure, object, traffic, &of, &all) : 0;
    size_t asked = count, kept = 0;
    if (!of || !all || count > VIEWS_MAX)
        count = of && all ? VIEWS_MAX : 0;
    const char **clusters = GLM_NEW_ARRAY(call->arena, count, const char *);
    const struct glm_value **views = GLM_NEW_ARRAY(call->arena, count, const struct glm_value *);
    for (size_t i = 0; i < count; i++)
        if (is_text(of[i]) && is_entry(call, of[i]) && all[i] && glm_view_is(all[i])) {
            clusters[kept] = of[i];
            views[kept++] = all[i];
        }
    if (call->self->recall && (kept < asked || asked == 0))
        seam_warn_broken(
            call,
            glm_sprintf(call->arena,
                        "recall does not say what %s was made of, which is passed over",
                        glm_string_or(glm_get_path(object, "metadata", "name", NULL), "an object")),
            d);
    *ret_clusters = clusters;
    *ret_views = views;
    return kept;
}

/* ---- what may block ---- */

bool seam_preflight(const struct glm_installer_call *call, const struct glm_installer_sight *sights,
                    size_t count, void *const *notes, struct glm_installer_verdict *ret,
                    struct glm_diags *d)
{
    size_t errors = d->errors;
    for (size_t i = 0; i < count; i++)
        ret[i] = (struct glm_installer_verdict){.blocked = false};
    if (!call->self->preflight)
        return true;
    bool ok = call->self->preflight(call, sights, count, notes, ret, d);
    if (!seam_said_why(call, GLM_AT_ATTR(NULL, "installations"), ok, errors, "preflight", d))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (ret[i].blocked && (!is_text(ret[i].summary) || !is_text(ret[i].message) ||
                               (unsigned)ret[i].state >= GLM_STATES))
            ret[i] = (struct glm_installer_verdict){
                .blocked = true,
                .state = GLM_STATE_FAILED,
                .summary = broken_summary(call),
                .message = broken_text(call, "preflight stands in the way without saying why")};
        if (ret[i].blocked)
            ret[i].message = glm_shown_lines(call->arena, ret[i].message, LINES_MAX);
    }
    return true;
}

bool seam_give_up(const struct glm_installer_call *call, const struct glm_installer_sight *sight,
                  void *notes)
{
    return !call->self->give_up || call->self->give_up(call, sight, notes);
}

const char *seam_explain(const struct glm_installer_call *call,
                         const struct glm_installer_sight *sight,
                         const struct glm_installer_judgement *judgement, const void *notes,
                         int64_t held_ms)
{
    const char *lines =
        call->self->explain ? call->self->explain(call, sight, judgement, notes, held_ms) : NULL;
    return lines ? glm_shown_lines(call->arena, lines, LINES_MAX) : "";
}
