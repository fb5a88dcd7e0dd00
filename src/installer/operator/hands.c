/* SPDX-License-Identifier: Apache-2.0
 *
 * Hands: how an IstioOperator lets go of a gateway that another installer makes from now on, and how the operator
 * takes one up again.
 *
 * Source: the operator of Istio 1.23. It looks at the annotation before anything else, deletion included. What it
 *         has applied it remembers for each name of an IstioOperator, and applies only what differs from
 *         that, whatever is there: so what another one has made meanwhile is taken up only when it is rendered
 *         otherwise for once.
 */
#include "operator.h"

#include "glm/look.h"
#include "glm/observe.h"
#include "glm/render.h"
#include "glm/text.h"

#include <string.h>

#define FIELD_MANAGER "istio-operator"
#define OWNER_LABEL "install.operator.istio.io/owning-resource"
#define IGNORED_ANNOTATION "install.istio.io/ignoreReconcile"
#define TAKES_UP_LABEL "terraform-provider-glm-takes-up"

/* ---- letting go ---- */

/* Nothing but which one it is, and the annotation. */
static const struct glm_value *left_alone(struct glm_arena *arena, const struct glm_value *live)
{
    const struct glm_object_ref ref = {.kind = GLM_KIND_ISTIO_OPERATOR,
                                       .namespace_ = glm_live_namespace(live),
                                       .name = glm_live_name(live)};
    return glm_with_path(arena, glm_object_bare(arena, &ref), glm_string(arena, "true"), "metadata",
                         "annotations", IGNORED_ANNOTATION, NULL);
}

void operator_yields(const struct glm_installer_call *call, const struct glm_value *live,
                     struct glm_installer_yield *ret)
{
    const struct glm_value *status = glm_get_path(live, "status", "status", NULL);
    bool leaves = !glm_is_null(glm_get_path(live, "metadata", "deletionTimestamp", NULL));
    *ret = (struct glm_installer_yield){.object = left_alone(call->arena, live),
                                        .finalizer = GLM_ISTIO_FINALIZER};
    if (leaves && !glm_left_alone(live))
        ret->busy = "it is being deleted, and the operator removes the gateway with it";
    else if (glm_string_is(status, "RECONCILING") || glm_string_is(status, "UPDATING"))
        ret->busy = glm_sprintf(call->arena, "the operator's status of it is %s", status->as.text);
}

bool operator_is_kept_away(const struct glm_installer_call *call, const struct glm_value *live)
{
    const char *manager = glm_sprintf(call->arena, "%s" GLM_INSTALLER_YIELDS,
                                      call->field_manager ? call->field_manager : "");
    return glm_live_is_managed(live, manager, NULL);
}

/* ---- taking up ---- */

static const struct glm_installer_object *main_of(const struct glm_installer_sight *sight)
{
    for (size_t i = 0; i < sight->own_count; i++)
        if (sight->own[i].main)
            return &sight->own[i];
    return NULL;
}

/* Those of the other one are what the operator makes of the IstioOperator too, under the same names. */
enum glm_installer_heir operator_inherits(const struct glm_installer_call *call,
                                          const struct glm_installer_sight *sight,
                                          const struct glm_installer_look *found)
{
    (void)call;
    const struct glm_installer_object *main = main_of(sight);
    const struct glm_value *owner =
        glm_get_path(found->read.object, "metadata", "labels", OWNER_LABEL, NULL);
    if (!main || !main->ref.name || found->ref.kind == GLM_KIND_ISTIO_OPERATOR)
        return GLM_INSTALLER_NOT;
    return glm_string_is(owner, main->ref.name) &&
                   glm_live_is_managed(found->read.object, FIELD_MANAGER, "Apply")
               ? GLM_INSTALLER_TAKES
               : GLM_INSTALLER_WAIT;
}

/* ---- rendered otherwise for once ---- */

static const struct glm_value *label_of(struct glm_arena *arena, const struct glm_value *object,
                                        const char *value)
{
    struct glm_list_builder patches;
    struct glm_map_builder patch, overlay;
    glm_map_init(&patch, arena);
    glm_map_set(&patch, "path", glm_string(arena, "metadata.labels." TAKES_UP_LABEL));
    glm_map_set(&patch, "value", glm_string(arena, value));
    glm_list_init(&patches, arena);
    glm_list_add(&patches, glm_map_finish(&patch, NULL));
    glm_map_init(&overlay, arena);
    glm_map_set(&overlay, "apiVersion", glm_get(object, "apiVersion"));
    glm_map_set(&overlay, "kind", glm_get(object, "kind"));
    glm_map_set(&overlay, "name", glm_get_path(object, "metadata", "name", NULL));
    glm_map_set(&overlay, "patches", glm_list_finish(&patches));
    return glm_map_finish(&overlay, NULL);
}

/* A gateway with an overlay for each of its objects. at: as they say whose they are. */
static const struct glm_value *labelled(struct glm_arena *arena, const struct glm_value *gateway,
                                        const char *at, const struct glm_render_result *r,
                                        const char *value)
{
    const struct glm_value *own = glm_get_path(gateway, "k8s", "overlays", NULL);
    struct glm_list_builder all;
    size_t count = 0;
    glm_list_init(&all, arena);
    for (size_t i = 0; i < glm_live_count(own); i++)
        glm_list_add(&all, glm_at(own, i));
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->objects[i].gateway, at) == 0) {
            glm_list_add(&all, label_of(arena, r->objects[i].object, value));
            count++;
        }
    return count == 0
               ? gateway
               : glm_with_path(arena, gateway, glm_list_finish(&all), "k8s", "overlays", NULL);
}

const struct glm_value *operator_taking_up(struct glm_arena *arena,
                                           const struct glm_value *istio_operator,
                                           const struct glm_value *live)
{
    static const char *const kinds[] = {"ingressGateways", "egressGateways"};
    const char *version = glm_render_version(arena, istio_operator);
    const char *value =
        glm_string_or(glm_get_path(live, "metadata", "resourceVersion", NULL), "anew");
    const struct glm_render_request request = {.document = istio_operator,
                                               .istio_version = version};
    struct glm_render_result r;
    struct glm_diags ignored; /* whatever keeps it from being rendered here, the operator says */
    glm_diags_init(&ignored, arena);
    if (!version || !glm_render(arena, &request, &r, &ignored))
        return istio_operator;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const struct glm_value *all =
            glm_get_path(istio_operator, "spec", "components", kinds[k], NULL);
        struct glm_list_builder gateways;
        glm_list_init(&gateways, arena);
        for (size_t i = 0; i < glm_live_count(all); i++)
            glm_list_add(&gateways, labelled(arena, glm_at(all, i),
                                             glm_sprintf(arena, "components.%s[%zu]", kinds[k], i),
                                             &r, value));
        if (glm_live_count(all) > 0)
            istio_operator = glm_with_path(arena, istio_operator, glm_list_finish(&gateways),
                                           "spec", "components", kinds[k], NULL);
    }
    return istio_operator;
}
