/* SPDX-License-Identifier: Apache-2.0
 *
 * What overlays must leave as it is: judged on the object that they make, whatever paths they took.
 *
 * What:   a Service of ours is compared, switched and removed by its name and selects the pods of its
 *         revision; a gateway is judged by its Deployment of that name, whose container is called
 *         istio-proxy. What Kubernetes would refuse is refused.
 */
#include "glm/spec.h"
#include "overlays.h"

#include <string.h>

#define OWN_LABELS "terraform-provider-glm/"

static const struct glm_overlay_fault *fault(struct glm_arena *arena, const char *summary,
                                             const char *why, const char *remedy)
{
    struct glm_overlay_fault *f = GLM_NEW(arena, struct glm_overlay_fault);
    *f = (struct glm_overlay_fault){summary, why, remedy};
    return f;
}

/* `"edge"`, `3`, `a map`, `gone`. */
static const char *said(struct glm_arena *arena, const struct glm_value *v)
{
    if (v->kind == GLM_STRING)
        return glm_sprintf(arena, "\"%.100s\"", v->as.text);
    if (v->kind == GLM_NUMBER)
        return glm_sprintf(arena, "%.60s", v->as.text);
    if (v->kind == GLM_BOOL)
        return v->as.boolean ? "true" : "false";
    return v->kind == GLM_NULL ? "gone" : glm_kind_name(v->kind);
}

/* ---- what any of them keeps ---- */

/* The first of apiVersion, kind, metadata.name and metadata.namespace that is another now. */
static const char *other_identity(struct glm_arena *arena, const struct glm_value *base,
                                  const struct glm_value *object)
{
    static const char *const fields[][2] = {
        {"apiVersion", NULL}, {"kind", NULL}, {"metadata", "name"}, {"metadata", "namespace"}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *first = fields[i][0], *second = fields[i][1];
        const struct glm_value *was = glm_get_path(base, first, second, NULL);
        const struct glm_value *now = glm_get_path(object, first, second, NULL);
        if (!glm_equal(was, now))
            return glm_sprintf(arena, "%s%s%s is %s instead of %s", first, second ? "." : "",
                               second ? second : "", said(arena, now), said(arena, was));
    }
    return NULL;
}

/* A copy without places in the text: what is found in it is said of the object. */
static const struct glm_value *unplaced(struct glm_arena *arena, const struct glm_value *v)
{
    if (v->kind == GLM_LIST) {
        struct glm_list_builder b;
        glm_list_init(&b, arena);
        for (size_t i = 0; i < v->len; i++)
            glm_list_add(&b, unplaced(arena, v->as.list[i]));
        return glm_list_finish(&b);
    }
    if (v->kind == GLM_MAP) {
        struct glm_map_builder b;
        glm_map_init(&b, arena);
        for (size_t i = 0; i < v->len; i++)
            glm_map_append(&b, v->as.map[i].key, 0, 0, unplaced(arena, v->as.map[i].value));
        return glm_map_finish(&b, NULL);
    }
    return glm_positioned(arena, v, 0, 0);
}

/* What Kubernetes refuses in an object of that kind, by its types. */
static struct glm_diags refusals(struct glm_arena *arena, const char *kind,
                                 const struct glm_value *object, bool part)
{
    const struct glm_spec_type *type = glm_spec_type(kind, GLM_SPEC_NEWEST);
    struct glm_spec_report report;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    if (!type)
        return d;
    glm_spec_report_begin(&report, arena, NULL, NULL, 0, false, &d);
    report.part = part;
    report.root = "it";
    glm_spec_check(&report, type, GLM_SPEC_NEWEST, unplaced(arena, object), NULL);
    glm_spec_report_end(&report);
    return d;
}

/* The first reason; NULL when there is none. */
static const char *refused(struct glm_arena *arena, const struct glm_value *object)
{
    struct glm_diags d = refusals(arena, glm_string_or(glm_get(object, "kind"), ""), object, false);
    for (const struct glm_diag *at = d.first; at; at = at->next)
        if (at->severity == GLM_ERROR)
            return at->detail;
    return NULL;
}

/* Only what the overlays brought about: an object that was wrong before is the matter of others. */
static const struct glm_overlay_fault *
check_types(struct glm_arena *arena, const struct glm_value *base, const struct glm_value *object)
{
    const char *why = refused(arena, object);
    if (!why || refused(arena, base))
        return NULL;
    return fault(arena, GLM_OVERLAY_REFUSED_BY_TYPE,
                 glm_sprintf(arena, "Kubernetes refuses the %s: %s",
                             glm_string_or(glm_get(object, "kind"), ""), why),
                 "");
}

/* ---- our Service ---- */

#define SERVICE_SUMMARY "An overlay that breaks the Service"

/* A key of ours, or one that only the API server writes. */
static const char *not_theirs(struct glm_arena *arena, const struct glm_value *metadata)
{
    static const char *const servers[] = {"creationTimestamp",
                                          "deletionGracePeriodSeconds",
                                          "deletionTimestamp",
                                          "generateName",
                                          "generation",
                                          "managedFields",
                                          "resourceVersion",
                                          "selfLink",
                                          "uid"};
    static const char *const maps[] = {"labels", "annotations"};
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++)
        if (glm_has(metadata, servers[i]))
            return glm_sprintf(arena, "metadata.%s is set, which only the API server does",
                               servers[i]);
    for (size_t m = 0; m < 2; m++) {
        const struct glm_value *map = glm_get(metadata, maps[m]);
        for (size_t i = 0; glm_is_map(map) && i < map->len; i++) {
            const char *key = map->as.map[i].key;
            if (strcmp(key, GLM_LABEL_MANAGED_BY) == 0 ||
                strncmp(key, OWN_LABELS, strlen(OWN_LABELS)) == 0)
                return glm_sprintf(arena,
                                   "metadata.%s has \"%s\", which says whose the Service is and is "
                                   "set here",
                                   maps[m], key);
        }
    }
    return NULL;
}

static const struct glm_overlay_fault *check_selector(struct glm_arena *arena,
                                                      const struct glm_value *base,
                                                      const struct glm_value *object)
{
    const struct glm_value *was = glm_get_path(base, "spec", "selector", "revision", NULL);
    const struct glm_value *selector = glm_get_path(object, "spec", "selector", NULL);
    const struct glm_value *now = glm_get(selector, "revision");
    const char *remedy = "active_gateway selects the pods of a revision by it. Set single labels, "
                         "as in spec.selector.app, or write them under k8s.service.selector: the "
                         "revision is added there.";
    if (!glm_is_map(selector) || selector->len == 0)
        return fault(arena, SERVICE_SUMMARY,
                     glm_sprintf(arena, "spec.selector is %s",
                                 glm_is_map(selector) ? "empty" : said(arena, selector)),
                     "Without a selector it has no pods. Remove the patch, or write labels under "
                     "k8s.service.selector.");
    if (glm_equal(was, now))
        return NULL;
    return fault(arena, SERVICE_SUMMARY,
                 glm_sprintf(arena, "spec.selector.revision is %s instead of %s", said(arena, now),
                             said(arena, was)),
                 remedy);
}

const struct glm_overlay_fault *mesh_overlay_judge_service(struct glm_arena *arena,
                                                           const struct glm_value *base,
                                                           const struct glm_value *object)
{
    object = glm_without_nulls(arena, object); /* as it will be */
    const char *why = other_identity(arena, base, object);
    if (why)
        return fault(arena, SERVICE_SUMMARY, why,
                     "It is found, switched and removed by these. Remove the patch; the name is "
                     "the gateway's, the namespace is its namespace.");
    if (glm_has(object, "status"))
        return fault(arena, SERVICE_SUMMARY, "it has a status, which only Kubernetes writes",
                     "Remove the patch.");
    why = not_theirs(arena, glm_get(object, "metadata"));
    if (why)
        return fault(arena, SERVICE_SUMMARY, why, "Remove the patch, or use another key.");
    const struct glm_overlay_fault *f = check_selector(arena, base, object);
    if (f)
        return f;
    const struct glm_value *ports = glm_get_path(object, "spec", "ports", NULL);
    if (glm_is_null(ports) || (glm_is_list(ports) && ports->len == 0))
        return fault(arena, SERVICE_SUMMARY, "it has no port left",
                     "A Service has at least one. Describe the ports in k8s.service.ports.");
    if (glm_string_is(glm_get_path(object, "spec", "type", NULL), "ExternalName"))
        return fault(arena, SERVICE_SUMMARY, "spec.type is \"ExternalName\"",
                     "Such a Service has no pods, so active_gateway could switch nothing. Use "
                     "ClusterIP, NodePort or LoadBalancer.");
    return check_types(arena, base, object);
}

/* ---- what the chart renders ---- */

#define DEPLOYMENT_SUMMARY "An overlay after which the gateway is never healthy"

static const struct glm_value *proxy(const struct glm_value *object)
{
    const struct glm_value *containers =
        glm_get_path(object, "spec", "template", "spec", "containers", NULL);
    if (glm_is_unknown(containers))
        return containers;
    for (size_t i = 0; glm_is_list(containers) && i < containers->len; i++)
        if (glm_string_is(glm_get(glm_at(containers, i), "name"), "istio-proxy"))
            return glm_at(containers, i);
    return &glm_null;
}

/* A label of the pods that the Deployment, its Service and its budget select them by. */
static const char *lost_label(struct glm_arena *arena, const struct glm_value *base,
                              const struct glm_value *object)
{
    const struct glm_value *was = glm_get_path(base, "spec", "selector", "matchLabels", NULL);
    const struct glm_value *now =
        glm_get_path(object, "spec", "template", "metadata", "labels", NULL);
    for (size_t i = 0; i < was->len; i++) {
        const struct glm_pair *pair = &was->as.map[i];
        const struct glm_value *label = glm_get(now, pair->key);
        if (!glm_equal(pair->value, label))
            return glm_sprintf(arena, "the label %s of its pods is %s instead of %s", pair->key,
                               said(arena, label), said(arena, pair->value));
    }
    return NULL;
}

static const char *deployment_why(struct glm_arena *arena, const struct glm_value *base,
                                  const struct glm_value *object, const char **ret_remedy)
{
    const struct glm_value *spec = glm_get(object, "spec"), *container = proxy(object);
    const struct glm_value *image = glm_get(container, "image");
    int64_t replicas;
    const char *why = other_identity(arena, base, object);
    *ret_remedy = "A gateway is a Deployment of its name: anything else would not be found again, "
                  "and not be taken for healthy. Remove the patch.";
    if (why)
        return why;
    *ret_remedy = "The selector follows from the gateway's label and cannot be changed later. "
                  "Write labels under label of the gateway, and remove the patch.";
    if (!glm_equal(glm_get_path(base, "spec", "selector", NULL), glm_get(spec, "selector")))
        return "its spec.selector is another";
    *ret_remedy = "Its Deployment and its Service select them by it. Write labels under label of "
                  "the gateway; others may be added to the pods one by one.";
    if ((why = lost_label(arena, base, object)))
        return why;
    *ret_remedy = "It is the gateway itself. Change single fields of it, with paths that begin "
                  "with spec.template.spec.containers.[name:istio-proxy].";
    if (glm_is_null(container))
        return "it has no container istio-proxy";
    if (glm_is_map(container) && !glm_is_unknown(image) && (!glm_is_string(image) || !image->len))
        return "its container istio-proxy has no image";
    const struct glm_value *restart = glm_get_path(spec, "template", "spec", "restartPolicy", NULL);
    *ret_remedy = "A Deployment knows only Always. Remove the patch.";
    if (glm_is_string(restart) && !glm_string_is(restart, "Always"))
        return glm_sprintf(arena, "its pods have the restartPolicy %s", said(arena, restart));
    *ret_remedy = "To take a gateway out of service, remove its installation or set "
                  "active_gateway = false.";
    if (glm_is_true(glm_get(spec, "paused")))
        return "it is paused, so that no pod of it is ever made";
    if (glm_number_int64(glm_get(spec, "replicas"), &replicas) && replicas == 0)
        return "it has no replicas";
    return NULL;
}

const struct glm_overlay_fault *mesh_overlay_judge_rendered(struct glm_arena *arena,
                                                            const struct glm_value *base,
                                                            const struct glm_value *object)
{
    const char *remedy;
    object = glm_without_nulls(arena, object); /* to an API server they are as good as absent */
    if (glm_string_is(glm_get(base, "kind"), "Deployment")) {
        const char *why = deployment_why(arena, base, object, &remedy);
        if (why)
            return fault(arena, DEPLOYMENT_SUMMARY, why, remedy);
    }
    if (!glm_equal(glm_get(base, "kind"), glm_get(object, "kind")) ||
        !glm_equal(glm_get(base, "apiVersion"), glm_get(object, "apiVersion")))
        return NULL; /* another type than is known here */
    return check_types(arena, base, object);
}

/* ---- where nobody can look ---- */

/* An object with nothing but the path, its lists of one element, and v at the end. */
static const struct glm_value *alone(struct glm_arena *arena, const struct glm_overlay_path *path,
                                     const struct glm_value *v)
{
    for (size_t i = path->count; i > 0; i--) {
        const struct glm_overlay_step *s = &path->steps[i - 1];
        v = s->kind == GLM_OVERLAY_KEY ? glm_with(arena, &glm_empty_map, s->text, v)
                                       : glm_list(arena, &v, 1);
    }
    return v;
}

static bool is_among(const struct glm_diags *d, const struct glm_diag *wanted)
{
    for (const struct glm_diag *at = d->first; at; at = at->next)
        if (strcmp(at->detail, wanted->detail) == 0)
            return true;
    return false;
}

static bool starts(const struct glm_diag *diag, const char *summary)
{
    return strncmp(diag->summary, summary, strlen(summary)) == 0;
}

/* Not about what is beside it, or is missing. */
static bool is_about_itself(const struct glm_diag *diag)
{
    return starts(diag, "Unknown field") || starts(diag, "Wrong type") ||
           starts(diag, "Wrong value");
}

/* Fields that are not there are nobody's mistake here: what counts is what the value adds, and
 * names on the way that no type has. */
const struct glm_overlay_fault *mesh_overlay_judge_unseen(struct glm_arena *arena,
                                                          const struct glm_value *base,
                                                          const struct glm_value *patch,
                                                          bool *ret_text_became_map)
{
    const char *kind = glm_string_or(glm_get(base, "kind"), "");
    struct glm_overlay_path path;
    struct glm_overlay_result result;
    const struct glm_value *overlay = glm_with(arena, patch, "path", glm_string(arena, "value"));
    if (glm_is_null(glm_get(patch, "value")) ||
        !glm_overlay_path_read(arena, glm_get(patch, "path"), &path))
        return NULL;
    overlay = glm_with(arena, &glm_empty_map, "patches", glm_list(arena, &overlay, 1));
    glm_overlay_apply(arena, &glm_empty_map, &overlay, 1, 1, GLM_OVERLAY_OPERATOR, &result);
    const struct glm_value *v = glm_without_nulls(arena, glm_get(result.object, "value"));
    struct glm_diags with = refusals(arena, kind, alone(arena, &path, v), true), without;
    glm_diags_init(&without, arena);
    if (with.errors)
        without = refusals(arena, kind, alone(arena, &path, &glm_unknown), true);
    *ret_text_became_map = result.outcomes[0].text_became_map;
    for (const struct glm_diag *at = with.first; at; at = at->next)
        if (at->severity == GLM_ERROR && is_about_itself(at) &&
            (!is_among(&without, at) || starts(at, "Unknown field")))
            return fault(arena, GLM_OVERLAY_REFUSED_BY_TYPE,
                         glm_sprintf(arena, "Kubernetes refuses the %s: %s", kind, at->detail), "");
    return NULL;
}
