/* SPDX-License-Identifier: Apache-2.0
 *
 * Guard: the look before the first write. A create takes over nothing, not even our own objects;
 * an update overwrites what the state or the owner labels say is ours, and nothing else.
 */
#include "parts.h"

#include "glm/shown.h"

#include <string.h>

const char *guard_in_the_way(const struct work *w, struct glm_arena *arena,
                             const struct glm_object_ref *ref, const struct glm_read *look)
{
    if (look->found == GLM_FOUND_NOTHING || look->found == GLM_FOUND_NO_API)
        return NULL;
    bool recorded = !w->creating && record_has(arena, w->record, ref);
    if (look->found == GLM_FOUND_UNREADABLE)
        return recorded ? NULL
                        : glm_sprintf(arena, "what is there is not that object (%s)", look->why);
    const char *owner = NULL;
    enum glm_owner whose =
        glm_owner_of(arena, look->object, w->name, w->namespace_, w->cluster_name, &owner);
    if (w->adopt)
        return NULL;
    if (whose == GLM_OWNER_OTHER_RESOURCE)
        return glm_sprintf(arena, "it belongs to the gateway lifecycle manager %s",
                           owner ? glm_shown(arena, owner) : "of somebody else");
    if (!w->creating && (recorded || whose == GLM_OWNER_US))
        return NULL;
    return whose == GLM_OWNER_US ? "it was made for this resource before"
                                 : "it was not made by this provider";
}

bool guard_list(struct work *w, struct glm_arena *arena, bool fresh,
                const struct glm_value **ret_list, bool *ret_served, struct glm_diags *errors)
{
    const struct glm_selection selection = {.fresh = fresh && !w->listed};
    w->listed = w->listed || fresh;
    return list_objects(w->cluster, arena, GLM_KIND_ISTIO_OPERATOR, &selection, ret_list,
                        ret_served, errors);
}

/* An IstioOperator of an API server is looked up in the list of all, which other looks share; what
 * is to be created in one that is not older than this look. Of Services only ours are listed. */
static bool look_up(struct work *w, struct glm_arena *arena, const struct glm_object_ref *ref,
                    struct glm_read *look, struct glm_diags *errors)
{
    if (w->cluster->ops->files || ref->kind != GLM_KIND_ISTIO_OPERATOR)
        return w->cluster->ops->read(w->cluster, arena, ref, look, errors);
    const struct glm_value *list;
    bool served;
    if (!guard_list(w, arena, !record_has(arena, w->record, ref), &list, &served, errors))
        return false;
    look->found = served ? GLM_FOUND_NOTHING : GLM_FOUND_NO_API;
    look->why = served ? NULL : "the cluster does not serve IstioOperators";
    for (size_t i = 0; i < list->len && look->found == GLM_FOUND_NOTHING; i++) {
        if (!glm_object_is(list->as.list[i], ref))
            continue;
        look->found = GLM_FOUND;
        look->object = list->as.list[i];
    }
    return true;
}

static void no_api(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                   struct glm_diags *d)
{
    work_error(w, arena, at, d, "The cluster does not serve IstioOperators",
               "The CustomResourceDefinition istiooperators.install.istio.io is not installed in "
               "%s, so there is no Istio operator either. Istio has one up to version 1.23: "
               "install it with `istioctl operator init` of the version wanted. Istio 1.24 and "
               "later has none; Gloo Mesh and pluma-operator bring one of their own.",
               w->label);
}

/* What is in the way in one cluster, a line each. */
struct obstacles {
    struct glm_text lines;
    bool importable; /* by an import of this resource */
    bool of_another; /* all of it is another resource's */
    bool own;        /* some of it was made for this resource */
};

static bool is_of(const struct work *w, struct glm_arena *arena, const struct glm_read *look,
                  enum glm_owner whose)
{
    const char *owner;
    return look->found == GLM_FOUND && glm_owner_of(arena, look->object, w->name, w->namespace_,
                                                    w->cluster_name, &owner) == whose;
}

static void look_at(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                    const struct glm_object_ref *ref, struct glm_read *look,
                    struct obstacles *obstacles, struct glm_diags *d)
{
    struct glm_diags errors;
    glm_diags_init(&errors, arena);
    if (!look_up(w, arena, ref, look, &errors)) {
        work_fail(w, arena, at, &errors, d);
        return;
    }
    if (look->found == GLM_FOUND_NO_API) {
        no_api(w, arena, at, d);
        return;
    }
    const char *why = guard_in_the_way(w, arena, ref, look);
    if (!why)
        return;
    glm_text_addf(&obstacles->lines, "  %s: %s\n", glm_object_ref_text(arena, ref), why);
    bool of_another = is_of(w, arena, look, GLM_OWNER_OTHER_RESOURCE);
    obstacles->of_another = obstacles->of_another && of_another;
    obstacles->importable |= w->creating && ref->kind == GLM_KIND_ISTIO_OPERATOR && !of_another;
    obstacles->own |= w->creating && is_of(w, arena, look, GLM_OWNER_US);
}

/* Importable: a create found an IstioOperator. A Service comes along with one, and what is in the
 * state already is not imported a second time. */
static const char *way_out(const struct work *w, struct glm_arena *arena, const struct obstacles *o)
{
    if (o->of_another)
        return glm_sprintf(
            arena,
            "One gateway has one owner. %sIf that resource was renamed or moved, tell Terraform so "
            "with a `moved` block or `terraform state mv`; if both are wanted, give the gateways "
            "of one of them other names. adopt_existing = true takes these objects away from it, "
            "and the next apply there would find them missing.",
            w->creating ? GUARD_CREATE_BEFORE_DESTROY : "");
    if (!o->importable)
        return "To take over IstioOperators and Services of these names, which keep their "
               "addresses, set adopt_existing = true. Or remove what is in the way.";
    return glm_sprintf(arena,
                       "%s%s take them into the state as they are, add this block with the "
                       "address of this resource, and apply again:\n\n"
                       "  import {\n"
                       "    to = glm_gateway_lifecycle_manager.NAME\n"
                       "    id = \"%s/%s\"\n"
                       "  }\n\n"
                       "Or set adopt_existing = true to take over IstioOperators and Services of "
                       "these names, or remove what is in the way.",
                       o->own ? GUARD_CREATE_BEFORE_DESTROY "Otherwise the state has lost them: "
                              : "",
                       o->own ? "to" : "To", w->namespace_, w->name);
}

static void refuse(struct work *w, struct glm_arena *arena, const struct glm_path *at,
                   const struct obstacles *obstacles, struct glm_diags *d)
{
    w->refused = w->failed = true;
    glm_error(d, at, "Objects are already there", "Cluster \"%s\" (%s) already has\n%s\n%s\n\n%s",
              w->cluster_name, w->label, obstacles->lines.data,
              w->creating ? "A create takes over nothing, so nothing was written in any cluster."
                          : "Nothing was written in any cluster.",
              way_out(w, arena, obstacles));
}

void guard_look(struct work *w, struct glm_arena *arena, struct glm_diags *d)
{
    const struct wanted_cluster *c = w->wanted;
    struct obstacles obstacles = {.of_another = true};
    glm_text_init(&obstacles.lines, arena, (size_t)1 << 20);
    for (size_t i = 0; i < c->pair_count && !w->failed; i++) {
        const struct wanted_pair *pair = &c->pairs[i];
        struct pair_work *p = &w->pairs[i];
        const struct glm_path *at = WORK_AT(w, i);
        p->services = GLM_NEW_ARRAY(w->kept, pair->service_count, struct glm_read);
        look_at(w, arena, at, &pair->operator_.ref, &p->operator_, &obstacles, d);
        for (size_t s = 0; s < pair->service_count && !w->failed; s++)
            look_at(w, arena, at, &pair->services[s].ref, &p->services[s], &obstacles, d);
    }
    if (obstacles.lines.len > 0)
        refuse(w, arena, WORK_AT(w, 0), &obstacles, d);
}
