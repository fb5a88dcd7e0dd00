/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on the overlays of a gateway: that they are for something, that each patch fits, and that
 * what they make is still a gateway.
 *
 * What:   the operator of Istio 1.23 stops at an overlay that matches nothing and at a patch that
 *         does not fit, for the whole document, so both are refused; newer ones pass over them, so
 *         both are warned of. The patch to blame is the first
 *         after which the object is not as it must be; it is set aside, and the rest judged again.
 * Errors: at the patch, with line and column in the text.
 */
#include "glm/spec.h"
#include "glm/upgrade.h"
#include "overlays.h"

#include <string.h>

#define MATCHES_NOTHING "An overlay that matches nothing"
#define DOES_NOT_FIT "A patch that does not fit"
/* Faults of one object that are reported. */
#define FAULTS_MAX 20

struct overlay_rules {
    struct glm_arena *arena;
    const struct glm_installation *installation;
    const struct glm_value *spec;
    const struct glm_gateways *gateways;
    const struct glm_gateway *g;
    struct glm_spec_report *report;
    const char *revision;
    enum glm_overlay_dialect dialect; /* of the Istio that renders the gateway */
    const struct glm_value *list;     /* k8s.overlays */
};

/* Overlays that are for one object. */
struct overlaid {
    const struct glm_value *base;
    const struct glm_value **overlays;
    size_t *numbers; /* in the list */
    size_t count;
    const struct glm_overlay_fault *(*judge)(struct glm_arena *arena, const struct glm_value *base,
                                             const struct glm_value *object);
};

static const char *where_of(struct overlay_rules *r, size_t overlay)
{
    return glm_sprintf(r->arena, "%s.k8s.overlays[%zu]", glm_gateway_where(r->arena, r->g),
                       overlay);
}

/* What the operator stops at is an error; what a newer Istio passes over, a warning. */
static void complain(struct overlay_rules *r, const struct glm_value *at, const char *where,
                     const char *summary, const char *text)
{
    if (r->dialect == GLM_OVERLAY_OPERATOR)
        glm_spec_error(r->report, at->line, at->column, where, summary, "%s", text);
    else
        glm_spec_warn(r->report, at->line, at->column, where, summary, "%s", text);
}

/* What becomes of it: the end of a sentence. */
static const char *and_then(struct overlay_rules *r)
{
    return r->dialect == GLM_OVERLAY_OPERATOR ? "stops the operator"
                                              : "is passed over by Istio without a word";
}

/* ---- what can be said of an overlay alone ---- */

static const char *kinds_text(struct overlay_rules *r, const char *kind)
{
    const char **names = GLM_NEW_ARRAY(r->arena, glm_overlay_kind_count, const char *);
    struct glm_text text;
    glm_text_init(&text, r->arena, 1000);
    for (size_t i = 0; i < glm_overlay_kind_count; i++)
        names[i] = glm_overlay_kinds[i].kind;
    const char *nearest = glm_nearest(kind, names, glm_overlay_kind_count);
    if (nearest)
        return glm_sprintf(r->arena, "Did you mean %s?", nearest);
    for (size_t i = 0; i < glm_overlay_kind_count; i++)
        glm_text_addf(&text, "%s%s",
                      i == 0                           ? "It renders a "
                      : i + 1 < glm_overlay_kind_count ? ", a "
                                                       : " and a ",
                      names[i]);
    glm_text_addc(&text, '.');
    return text.data;
}

/* Charts of one's own may render anything. */
static bool own_charts(struct overlay_rules *r)
{
    return glm_string_or(glm_get(r->spec, "installPackagePath"), NULL) != NULL;
}

/* Why the chart does not render this kind with these values; NULL when it does. */
static const char *not_rendered(struct overlay_rules *r, const struct glm_overlay_kind *kind)
{
    const char *app = glm_gateway_values(r->g->type);
    if (strcmp(kind->kind, "HorizontalPodAutoscaler") == 0 &&
        glm_is_false(
            glm_setting(r->arena, r->spec, "gateways", app, "autoscaleEnabled", NULL).value))
        return glm_sprintf(r->arena, "values.gateways.%s.autoscaleEnabled: false", app);
    if (strcmp(kind->kind, "PodDisruptionBudget") == 0 &&
        glm_is_false(
            glm_setting(r->arena, r->spec, "global", "defaultPodDisruptionBudget", "enabled", NULL)
                .value))
        return "values.global.defaultPodDisruptionBudget.enabled: false";
    return NULL;
}

/* `the Deployment "edge"` */
static const char *meant(struct overlay_rules *r, const char *kind, const char *name)
{
    const char *quoted = *name ? glm_sprintf(r->arena, " \"%s\"", name) : " without a name";
    return *kind ? glm_sprintf(r->arena, "the %s%s", kind, quoted)
                 : glm_sprintf(r->arena, "an object%s without a kind", quoted);
}

static void check_target(struct overlay_rules *r, const struct glm_value *overlay, size_t i)
{
    const char *kind = glm_string_or(glm_get(overlay, "kind"), "");
    const char *name = glm_string_or(glm_get(overlay, "name"), "");
    const struct glm_overlay_kind *known = glm_overlay_kind(kind);
    const char *where = where_of(r, i), *why = known ? not_rendered(r, known) : NULL;
    if (!known)
        complain(r, overlay, where, MATCHES_NOTHING,
                 glm_sprintf(r->arena,
                             "is for %s, which the chart of this gateway does not render, and an "
                             "overlay that matches nothing %s. %s",
                             meant(r, kind, name), and_then(r), kinds_text(r, kind)));
    else if (!glm_overlay_names(r->arena, known, name, r->g, r->revision))
        complain(r, overlay, where, MATCHES_NOTHING,
                 glm_sprintf(r->arena,
                             "is for %s, but that of this gateway is called \"%s%s\" (its revision "
                             "is added by itself), and an overlay that matches nothing %s.",
                             meant(r, kind, name), r->g->name, known->suffix, and_then(r)));
    else if (why)
        glm_spec_warn(r->report, overlay->line, overlay->column, where,
                      "An overlay that may match nothing",
                      "is for the %s, which is not rendered with %s. An overlay that matches "
                      "nothing %s.",
                      kind, why, and_then(r));
}

static void check_paths(struct overlay_rules *r, const struct glm_value *overlay, size_t i)
{
    const struct glm_value *patches = glm_get(overlay, "patches");
    if (glm_is_null(patches) || (glm_is_list(patches) && patches->len == 0))
        glm_spec_warn(r->report, overlay->line, overlay->column, where_of(r, i),
                      "An overlay without patches", "changes nothing. Remove it, or add patches.");
    for (size_t p = 0; glm_is_list(patches) && p < patches->len; p++) {
        const struct glm_value *patch = glm_at(patches, p), *path = glm_get(patch, "path");
        const char *where = glm_sprintf(r->arena, "%s.patches[%zu]", where_of(r, i), p);
        struct glm_overlay_path steps;
        if (!glm_overlay_path_read(r->arena, path, &steps))
            continue; /* said when it is applied */
        if (steps.count == 0 && (glm_is_null(path) || glm_is_string(path)))
            glm_spec_warn(r->report, patch->line, patch->column, where, "A patch without a path",
                          "says nowhere what it changes, and so it changes nothing. Give it a "
                          "path, such as spec.template.spec.containers.[name:istio-proxy].args.");
        const char *mistake = glm_overlay_path_mistake(r->arena, &steps);
        if (mistake)
            complain(r, path, glm_sprintf(r->arena, "%s.path", where), "Not a path of an overlay",
                     glm_sprintf(r->arena, ": %s.", mistake));
    }
}

/* ---- what overlays make of an object ---- */

static void report_misfit(struct overlay_rules *r, const struct overlaid *o,
                          const struct glm_overlay_outcome *out)
{
    bool ours = o->judge == glm_overlay_judge_service;
    const struct glm_value *patches = glm_get(o->overlays[out->overlay], "patches");
    const struct glm_value *path = glm_get(glm_at(patches, out->patch), "path");
    const char *where = glm_sprintf(r->arena, "%s.patches[%zu].path",
                                    where_of(r, o->numbers[out->overlay]), out->patch);
    const char *text =
        glm_sprintf(r->arena, ": it does not fit the %s%s%s%s: %s.",
                    glm_string_or(glm_get(o->base, "kind"), "object"), *out->step ? " at \"" : "",
                    out->step, *out->step ? "\"" : "", out->why);
    struct glm_overlay_path steps;
    if (glm_overlay_path_read(r->arena, path, &steps) && glm_overlay_path_mistake(r->arena, &steps))
        return; /* said already */
    if (!ours && out->effect == GLM_OVERLAY_REFUSED)
        return; /* Istio understands more than is understood here */
    if (!ours && out->effect == GLM_OVERLAY_MISFIT)
        complain(r, path, where, DOES_NOT_FIT,
                 glm_sprintf(r->arena, "%s Such a patch %s.", text, and_then(r)));
    else
        glm_spec_error(r->report, path->line, path->column, where, DOES_NOT_FIT, "%s%s", text,
                       !ours && out->effect == GLM_OVERLAY_CRASH
                           ? " Istio itself ends with a panic when it tries."
                           : "");
}

static const struct glm_overlay_fault *fault_after(struct overlay_rules *r,
                                                   const struct overlaid *o, size_t patches)
{
    struct glm_overlay_result result;
    glm_overlay_apply(r->arena, o->base, o->overlays, o->count, patches, r->dialect, &result);
    return o->judge(r->arena, o->base, result.object);
}

/* Which patch first brings a fault about: between `good` patches and `bad` ones lies one step. */
static size_t first_to_blame(struct overlay_rules *r, const struct overlaid *o, size_t bad,
                             const struct glm_overlay_fault **ret_fault)
{
    size_t good = 0;
    while (bad - good > 1) {
        size_t middle = good + (bad - good) / 2;
        const struct glm_overlay_fault *fault = fault_after(r, o, middle);
        if (!fault) {
            good = middle;
            continue;
        }
        bad = middle;
        *ret_fault = fault;
    }
    return bad - 1;
}

/* The overlay with a patch that does nothing in place of this one. */
static const struct glm_value *set_aside(struct glm_arena *arena, const struct glm_value *overlay,
                                         size_t patch)
{
    const struct glm_value *patches = glm_get(overlay, "patches");
    struct glm_list_builder b;
    glm_list_init(&b, arena);
    for (size_t i = 0; i < patches->len; i++)
        glm_list_add(&b, i == patch ? &glm_empty_map : glm_at(patches, i));
    return glm_with(arena, overlay, "patches", glm_list_finish(&b));
}

/* What of the overlay language is behind a type that is wrong: "" when nothing is. */
static const char *hint(const struct glm_overlay_outcome *out, const struct glm_overlay_path *path,
                        const struct glm_overlay_fault *fault)
{
    bool brackets = false;
    if (strcmp(fault->summary, GLM_OVERLAY_REFUSED_BY_TYPE) != 0)
        return "";
    if (out->text_became_map)
        return " Istio reads text with \": \" in one line, or \":\" in several, as a map, and "
               "there "
               "is no way to write it that keeps it text: change the text, or set it outside of "
               "overlays.";
    for (size_t i = 0; i < path->count; i++)
        brackets |= path->steps[i].kind != GLM_OVERLAY_KEY;
    return brackets && strstr(fault->why, "must be a list, but is a map")
               ? " Where there is no list yet, Istio takes the brackets for a key: set the whole "
                 "list, with the path up to it."
               : "";
}

/* Reports what the patch brought about, unless its path was reported. */
static void report_fault(struct overlay_rules *r, const struct overlaid *o,
                         const struct glm_overlay_outcome *out,
                         const struct glm_overlay_fault *fault)
{
    const struct glm_value *patches = glm_get(o->overlays[out->overlay], "patches");
    const struct glm_value *patch = glm_at(patches, out->patch);
    const struct glm_pair *path = glm_get_pair(patch, "path");
    const bool whole = !*fault->remedy;
    struct glm_overlay_path steps;
    if (!path || !glm_overlay_path_read(r->arena, path->value, &steps) ||
        glm_overlay_path_mistake(r->arena, &steps))
        return;
    glm_spec_error(
        r->report, path->line, path->column,
        glm_sprintf(r->arena, "%s.patches[%zu]", where_of(r, o->numbers[out->overlay]), out->patch),
        fault->summary, ": after this patch %s%s%s%s", fault->why, whole ? "" : ". ", fault->remedy,
        hint(out, &steps, fault));
}

/* Where the object is unknown, the value can still be one that no type there takes. */
static void check_unseen(struct overlay_rules *r, const struct overlaid *o,
                         struct glm_overlay_outcome out)
{
    const struct glm_value *patches = glm_get(o->overlays[out.overlay], "patches");
    const struct glm_overlay_fault *fault = glm_overlay_judge_unseen(
        r->arena, o->base, glm_at(patches, out.patch), &out.text_became_map);
    if (fault)
        report_fault(r, o, &out, fault);
}

static bool has_trouble(const struct glm_overlay_result *result)
{
    for (size_t i = 0; i < result->count; i++)
        if (result->outcomes[i].effect >= GLM_OVERLAY_MISFIT ||
            result->outcomes[i].effect == GLM_OVERLAY_UNSEEN)
            return true;
    return false;
}

/* What does not fit; counts: also what the result is not to be. */
static void check_overlaid(struct overlay_rules *r, struct overlaid *o, bool counts)
{
    struct glm_overlay_result result;
    glm_overlay_apply(r->arena, o->base, o->overlays, o->count, SIZE_MAX, r->dialect, &result);
    const struct glm_overlay_fault *fault =
        counts ? o->judge(r->arena, o->base, result.object) : NULL;
    if (counts && (fault || has_trouble(&result)) && o->judge(r->arena, o->base, o->base))
        return; /* wrong without any overlay: somebody else says so */
    bool same_type =
        glm_equal(glm_get(o->base, "apiVersion"), glm_get(result.object, "apiVersion")) &&
        glm_equal(glm_get(o->base, "kind"), glm_get(result.object, "kind"));
    for (size_t i = 0; i < result.count; i++) {
        if (result.outcomes[i].effect >= GLM_OVERLAY_MISFIT)
            report_misfit(r, o, &result.outcomes[i]);
        else if (counts && result.outcomes[i].effect == GLM_OVERLAY_UNSEEN && same_type)
            check_unseen(r, o, result.outcomes[i]);
    }
    for (size_t i = 0; fault && i < FAULTS_MAX; i++) {
        size_t blamed = first_to_blame(r, o, result.count, &fault);
        const struct glm_overlay_outcome *out = &result.outcomes[blamed];
        report_fault(r, o, out, fault);
        o->overlays[out->overlay] = set_aside(r->arena, o->overlays[out->overlay], out->patch);
        fault = fault_after(r, o, SIZE_MAX);
    }
}

/* ---- which overlays for which object ---- */

static struct overlaid gather(struct overlay_rules *r, const struct glm_overlay_kind *kind)
{
    struct overlaid o = {.judge = glm_overlay_judge_rendered};
    o.overlays = GLM_NEW_ARRAY(r->arena, r->list->len, const struct glm_value *);
    o.numbers = GLM_NEW_ARRAY(r->arena, r->list->len, size_t);
    for (size_t i = 0; i < r->list->len; i++) {
        const struct glm_value *overlay = glm_at(r->list, i);
        if (!glm_string_is(glm_get(overlay, "kind"), kind->kind) ||
            !glm_overlay_names(r->arena, kind, glm_string_or(glm_get(overlay, "name"), ""), r->g,
                               r->revision))
            continue;
        o.numbers[o.count] = i;
        o.overlays[o.count++] = glm_overlay_references(r->arena, overlay, r->g, r->revision);
    }
    return o;
}

/* The pods do not carry what an overlay of the Service asks for. */
static void warn_selector(struct overlay_rules *r, const struct overlaid *o)
{
    const struct glm_value *base = glm_get_path(o->base, "spec", "selector", NULL);
    const struct glm_value *labels = glm_pod_labels(r->arena, r->installation, r->g);
    struct glm_overlay_result result;
    glm_overlay_apply(r->arena, o->base, o->overlays, o->count, SIZE_MAX, r->dialect, &result);
    const struct glm_value *selector = glm_get_path(result.object, "spec", "selector", NULL);
    for (size_t i = 0; glm_is_map(selector) && i < selector->len; i++) {
        const struct glm_pair *pair = &selector->as.map[i];
        const struct glm_value *label = glm_get(labels, pair->key);
        if (!glm_is_string(pair->value) || glm_equal(pair->value, label) ||
            glm_equal(pair->value, glm_get(base, pair->key)) || glm_is_unknown(label))
            continue;
        glm_spec_warn(r->report, o->overlays[0]->line, o->overlays[0]->column,
                      where_of(r, o->numbers[0]), "The Service selects no pods of this gateway",
                      "makes it ask for %s=%s, but the pods of this gateway carry %s%s%s. Set the "
                      "same label under label, or remove it from the selector.",
                      pair->key, pair->value->as.text,
                      glm_is_string(label) ? pair->key : "no such label",
                      glm_is_string(label) ? "=" : "", glm_string_or(label, ""));
    }
}

static void check_service(struct overlay_rules *r, const struct glm_overlay_kind *kind)
{
    struct overlaid o = gather(r, kind);
    const char *theirs = r->gateways->user_service[r->g->type];
    for (size_t i = 0; theirs && i < o.count; i++)
        glm_spec_error(r->report, o.overlays[i]->line, o.overlays[i]->column,
                       where_of(r, o.numbers[i]), "An overlay for a Service that is not rendered",
                       ": with %s.gateways.%s.customService: true the Service is yours, and an "
                       "overlay for it stops the operator. Change your Service instead, and remove "
                       "the overlay.",
                       theirs, glm_gateway_values(r->g->type));
    if (theirs || o.count == 0)
        return;
    bool ours = r->gateways->our_service[r->g->type];
    o.base = ours ? glm_service_build(r->arena, r->spec, r->g, r->revision)
                  : glm_overlay_object(r->arena, kind, r->spec, r->g, r->revision);
    if (ours)
        o.judge = glm_overlay_judge_service;
    check_overlaid(r, &o, true);
    if (glm_makes_service(r->installation, r->gateways, r->g->type))
        warn_selector(r, &o);
}

/* The operator of Istio 1.23 begins each overlay with the object as rendered. */
static void warn_several(struct overlay_rules *r, const struct overlaid *o, const char *kind)
{
    if (o->count > 1 && r->dialect == GLM_OVERLAY_OPERATOR)
        glm_spec_warn(r->report, o->overlays[0]->line, o->overlays[0]->column,
                      where_of(r, o->numbers[0]), "Only the last overlay of an object counts",
                      "changes nothing: there are %zu overlays for the %s of this gateway, and the "
                      "operator of Istio 1.23 begins each with the object as it was rendered. Put "
                      "all patches into one overlay.",
                      o->count, kind);
}

/* What counts of the overlays makes this of the object: the last one, or since Istio 1.24 all. */
static const struct glm_value *result_of(struct overlay_rules *r, const struct overlaid *o)
{
    struct glm_overlay_result result;
    size_t first = r->dialect == GLM_OVERLAY_OPERATOR && o->count ? o->count - 1 : 0;
    if (o->count == 0)
        return o->base;
    glm_overlay_apply(r->arena, o->base, o->overlays + first, o->count - first, SIZE_MAX,
                      r->dialect, &result);
    return result.object;
}

/* The overlays of a kind, and the object as it is rendered where there are some or it is wanted. */
static struct overlaid overlaid_of(struct overlay_rules *r, const char *kind, bool wanted)
{
    const struct glm_overlay_kind *known = glm_overlay_kind(kind);
    struct overlaid o = gather(r, known);
    if (o.count || wanted)
        o.base = glm_overlay_object(r->arena, known, r->spec, r->g, r->revision);
    return o;
}

/* A ServiceAccount that is called otherwise leaves the pods without theirs. */
static void check_account(struct overlay_rules *r)
{
    struct overlaid accounts = overlaid_of(r, "ServiceAccount", false);
    if (accounts.count == 0)
        return;
    const struct glm_value *was = glm_get_path(accounts.base, "metadata", "name", NULL);
    const struct glm_value *account =
        glm_get_path(result_of(r, &accounts), "metadata", "name", NULL);
    if (glm_equal(account, was))
        return;
    struct overlaid deployments = overlaid_of(r, "Deployment", true);
    const struct glm_value *used = glm_get_path(result_of(r, &deployments), "spec", "template",
                                                "spec", "serviceAccountName", NULL);
    if (!glm_equal(used, was))
        return;
    size_t number = accounts.numbers[accounts.count - 1];
    const struct glm_value *overlay = glm_at(r->list, number);
    glm_spec_error(r->report, overlay->line, overlay->column, where_of(r, number),
                   "An overlay after which the gateway is never healthy",
                   ": it gives the ServiceAccount another name, but the pods still use \"%s\", and "
                   "none could be made. Set spec.template.spec.serviceAccountName to the new name "
                   "in an overlay of the Deployment.",
                   glm_string_or(was, ""));
}

/* Another name for an object is the same one in every revision. */
static void warn_shared(struct overlay_rules *r, const struct overlaid *o, const char *kind)
{
    static const char *const fields[] = {"name", "namespace"};
    bool same = true;
    if (!*r->revision || strcmp(kind, "Deployment") == 0)
        return;
    const struct glm_value *base = o->base, *object = result_of(r, o);
    for (size_t i = 0; i < 2; i++)
        same &= glm_equal(glm_get_path(base, "metadata", fields[i], NULL),
                          glm_get_path(object, "metadata", fields[i], NULL));
    /* One without a name is nobody's object at all, which is refused. */
    if (same || !glm_is_string(glm_get_path(object, "metadata", "name", NULL)))
        return;
    size_t number = o->numbers[o->count - 1];
    const struct glm_value *overlay = glm_at(r->list, number);
    glm_spec_warn(r->report, overlay->line, overlay->column, where_of(r, number),
                  "An object that every revision writes",
                  "gives the %s a place of its own instead of \"%s\", so every revision of this "
                  "gateway writes the same one, and removing a revision removes it under the "
                  "others.",
                  kind, glm_string_or(glm_get_path(base, "metadata", "name", NULL), ""));
}

/* By the tag of the gateway's image: 1.24 and newer are rendered by istioctl's code. */
static enum glm_overlay_dialect dialect_of(const struct glm_rules *rules,
                                           const struct glm_installation *installation)
{
    const struct glm_value *tag =
        glm_installation_is_auto(installation)
            ? glm_get(rules->config->default_distribution, "tag")
            : glm_setting(rules->arena, installation->spec, "global", "tag", NULL).value;
    struct glm_version version;
    bool newer = glm_is_string(tag) && glm_version_parse(tag->as.text, &version) &&
                 (version.major > 1 || version.minor > GLM_SPEC_OPERATOR);
    return newer ? GLM_OVERLAY_ISTIOCTL : GLM_OVERLAY_OPERATOR;
}

/* All overlays of an object together where they add up; where each begins with the object as
 * rendered, each alone, and only the last one counts. */
static void check_rendered(struct overlay_rules *r, const struct glm_overlay_kind *kind)
{
    struct overlaid all = gather(r, kind);
    bool alone = r->dialect == GLM_OVERLAY_OPERATOR;
    if (all.count == 0)
        return;
    all.base = glm_overlay_object(r->arena, kind, r->spec, r->g, r->revision);
    warn_several(r, &all, kind->kind);
    warn_shared(r, &all, kind->kind);
    for (size_t i = 0; i < all.count; i += alone ? 1 : all.count) {
        struct overlaid some = all;
        some.overlays += i;
        some.numbers += i;
        some.count = alone ? 1 : all.count;
        check_overlaid(r, &some, !alone || i + 1 == all.count);
    }
}

void glm_rules_overlays(const struct glm_rules *rules, const struct glm_installation *installation,
                        const struct glm_gateways *gateways, const struct glm_gateway *gateway,
                        struct glm_spec_report *report)
{
    struct overlay_rules r = {.arena = rules->arena,
                              .installation = installation,
                              .spec = installation->spec,
                              .gateways = gateways,
                              .g = gateway,
                              .report = report,
                              .revision = installation->revision,
                              .dialect = dialect_of(rules, installation),
                              .list = glm_get(gateway->k8s, "overlays")};
    bool named = gateway->name && installation->revision;
    if (!gateway->enabled || !glm_is_list(r.list))
        return;
    for (size_t i = 0; i < r.list->len; i++) {
        check_paths(&r, glm_at(r.list, i), i);
        if (named && !own_charts(&r))
            check_target(&r, glm_at(r.list, i), i);
    }
    for (size_t k = 0; named && k < glm_overlay_kind_count; k++) {
        if (strcmp(glm_overlay_kinds[k].kind, "Service") == 0)
            check_service(&r, &glm_overlay_kinds[k]);
        else
            check_rendered(&r, &glm_overlay_kinds[k]);
    }
    if (named)
        check_account(&r);
}
