/* SPDX-License-Identifier: Apache-2.0
 *
 * The resource glm_gateway_lifecycle_manager, in the order every provider has: validate, upgrade,
 * plan, create, update, delete, read, import. What it means is in src/lifecycle and src/mesh.
 */
#include "installers.h"
#include "moved.h"
#include "schemas.h"
#include "state.h"
#include "timeouts.h"

#include <string.h>

/* attributes: what Terraform sends along when it sends this: of a plan, the state before it. */
static struct glm_bytes to_private(struct glm_call *call, const struct glm_value *record,
                                   const struct glm_value *attributes)
{
    const char *text = glm_record_encode(call->arena, glm_provider_installers, record, attributes);
    return (struct glm_bytes){.data = text, .len = strlen(text)};
}

/* false: a newer release has written it, and whoever asks gives back what he was given. */
static bool from_private(struct glm_call *call, struct glm_bytes bytes,
                         const struct glm_value *prior, const struct glm_value **ret_record)
{
    return glm_record_decode(call->arena, glm_provider_installers, bytes.data, bytes.len, prior,
                             ret_record, &call->diags);
}

/* ---- validate ---- */

static void validate(struct glm_call *call, const struct glm_value *config)
{
    struct glm_manager *manager;
    glm_schema_check(call->arena, glm_resource_schema.attrs, config, NULL, &call->diags);
    glm_manager_read(call->arena, config, glm_provider_seen(call->provider), false, &manager,
                     &call->diags);
}

/* ---- upgrade ---- */

static const struct glm_value *upgrade(struct glm_call *call, int64_t version,
                                       const struct glm_value *state)
{
    if (version > glm_resource_schema.version)
        glm_error(&call->diags, NULL, "The state is newer than this provider",
                  "It was written under schema version %lld, and this provider knows versions up "
                  "to %lld. Use the provider version that wrote it, or a later one.",
                  (long long)version, (long long)glm_resource_schema.version);
    else if (version == 0 && glm_resource_schema.version > 0)
        glm_lifecycle_upgrade_state(call->arena, glm_provider_installers, state, &state,
                                    &call->diags);
    return state;
}

/* ---- plan ---- */

static bool is_protected(const struct glm_value *state)
{
    return glm_is_true(glm_get(state, "deletion_protection"));
}

static void refuse_protected(struct glm_call *call, const struct glm_value *prior, const char *what)
{
    glm_error(&call->diags, GLM_AT_ATTR(NULL, "deletion_protection"), "Deletion protection",
              "%s has deletion_protection = true in the state, and %s would remove its gateways. "
              "Set deletion_protection = false, apply, and try again.",
              glm_string_or(glm_get(prior, "id"), "The resource"), what);
}

static void plan_destroy(struct glm_call *call, struct glm_plan_call *plan,
                         const struct glm_value *record)
{
    const char *id = glm_string_or(glm_get(plan->prior, "id"), "");
    if (is_protected(plan->prior))
        refuse_protected(call, plan->prior, "destroying it");
    if (!glm_provider_has_adopted(call->provider, id, plan->prior))
        glm_lifecycle_plan_remove(call->arena, glm_provider_estate(call->provider), plan->prior,
                                  record, &call->diags);
    plan->planned = &glm_null;
    plan->planned_private = to_private(
        call, glm_record_with_intent(call->arena, record, GLM_INTENT_DESTROY, id), plan->prior);
}

static void plan_rename(struct glm_call *call, const struct glm_value *prior,
                        const struct glm_value *record)
{
    if (is_protected(prior)) {
        refuse_protected(call, prior, "a change of name or namespace");
        return;
    }
    const char *active =
        glm_lifecycle_active(call->arena, glm_provider_estate(call->provider), prior, record);
    glm_warn(&call->diags, NULL, "A change of name removes live gateways",
             "The name or namespace changes, so the gateways of %s are removed and new ones are "
             "installed under the new name. Traffic through the old ones ends.%s%s",
             glm_string_or(glm_get(prior, "id"), "the resource"),
             *active ? " It is, by cluster:\n\n" : "", active);
}

static void plan_change(struct glm_call *call, struct glm_plan_call *plan_call,
                        const struct glm_value *record)
{
    struct glm_change change = {
        .record = glm_moved_settled(call->arena, record),
        .attributes =
            glm_schema_defaults(call->arena, glm_resource_schema.attrs, plan_call->config),
    };
    change.prior = glm_moved_placed(call->arena, plan_call->prior, record, change.attributes);
    if (!glm_is_null(plan_call->prior)) {
        plan_call->replaced_count =
            glm_schema_replaced(call->arena, glm_resource_schema.attrs, change.prior,
                                change.attributes, &plan_call->replaced);
        if (plan_call->replaced_count > 0)
            plan_rename(call, change.prior, change.record);
    }
    if (!glm_lifecycle_plan(call->arena, glm_provider_estate(call->provider), &change,
                            &call->diags) ||
        !glm_moved_check_planned(call, plan_call->prior, record, change.result))
        return;
    plan_call->planned = change.result;
    plan_call->planned_private = to_private(call, change.result_record, plan_call->prior);
}

static void plan(struct glm_call *call, struct glm_plan_call *plan_call)
{
    const struct glm_value *record;
    bool destroy = glm_is_null(plan_call->config);
    call->of = glm_manager_label(call->arena, destroy ? plan_call->prior : plan_call->config);
    if (!from_private(call, plan_call->prior_private, plan_call->prior, &record)) {
        plan_call->planned = plan_call->prior;
        plan_call->planned_private = plan_call->prior_private;
        return;
    }
    if (!glm_moved_check(call, plan_call->prior, record, plan_call->config)) {
        plan_call->planned = plan_call->prior;
        plan_call->planned_private = plan_call->prior_private;
    } else if (destroy) {
        plan_destroy(call, plan_call, record);
    } else {
        plan_change(call, plan_call, record);
    }
}

/* ---- create, update, delete ---- */

static void remove_all(struct glm_call *call, struct glm_apply_call *apply,
                       const struct glm_value *record)
{
    const char *id = glm_string_or(glm_get(apply->prior, "id"), "");
    /* The delete half of a replacement under the same name carries the private state of the create
     * planned with it. Nothing is removed: the create half goes on from here, so that a taint
     * costs nobody a gateway. */
    if (glm_record_intends(record, GLM_INTENT_APPLY, id)) {
        glm_provider_hand_over(call->provider, id, apply->prior, record);
        apply->result = &glm_null;
        return;
    }
    if (glm_provider_has_adopted(call->provider, id, apply->prior)) {
        glm_warn(&call->diags, NULL, "Nothing is removed of what was taken over",
                 "%s was created anew in this run before it was destroyed, and with adopt_existing "
                 "the new one has taken over the gateways, which stay. What the old one had beyond "
                 "that is left alone. Remove create_before_destroy from the lifecycle of this "
                 "resource: a replacement under the same name touches nothing without it.",
                 id);
        apply->result = &glm_null;
        return;
    }
    struct glm_change change = {.prior = apply->prior, .record = record};
    change.timeout_ms = glm_timeout_of(apply->prior, "delete");
    change.result = apply->prior;
    change.result_record = record;
    if (is_protected(apply->prior))
        refuse_protected(call, apply->prior, "deleting it");
    else
        glm_lifecycle_remove(call->arena, glm_provider_estate(call->provider), &change,
                             &call->diags);
    apply->result = change.result;
    apply->result_private = to_private(call, change.result_record, change.result);
}

/* The namespace only changes in place where nothing said which one it is of, see glm_moved_placed. */
static const struct glm_value *prior_of(struct glm_arena *arena, const struct glm_apply_call *apply)
{
    const struct glm_value *namespace_ = glm_get(apply->planned, "namespace");
    if (glm_is_null(apply->prior) || glm_equal(glm_get(apply->prior, "namespace"), namespace_))
        return apply->prior;
    return glm_with(arena, glm_with(arena, apply->prior, "namespace", namespace_), "id",
                    glm_get(apply->planned, "id"));
}

static void create_or_update(struct glm_call *call, struct glm_apply_call *apply,
                             const struct glm_value *record)
{
    struct glm_change change = {
        .prior = prior_of(call->arena, apply),
        .record = record,
        .attributes = apply->planned,
        .creating = glm_is_null(apply->prior),
    };
    change.timeout_ms = glm_timeout_of(apply->planned, change.creating ? "create" : "update");
    const char *id = glm_string_or(glm_get(apply->planned, "id"), NULL);
    if (!id) /* planned when the name was not known yet */
        id = glm_sprintf(call->arena, "%s/%s",
                         glm_string_or(glm_get(apply->planned, "namespace"), ""),
                         glm_string_or(glm_get(apply->planned, "name"), ""));
    if (change.creating)
        glm_provider_take_over(call->provider, call->arena, id, &change.prior, &change.record);
    change.attributes = glm_with(call->arena, apply->planned, "id", glm_string(call->arena, id));
    glm_lifecycle_apply(call->arena, glm_provider_estate(call->provider), &change, &call->diags);
    if (glm_is_null(change.prior) && glm_is_true(glm_get(apply->planned, "adopt_existing")))
        glm_provider_adopted(call->provider, id, change.result);
    apply->result = change.result;
    apply->result_private = to_private(call, change.result_record, change.result);
}

static void apply(struct glm_call *call, struct glm_apply_call *apply_call)
{
    bool remove = glm_is_null(apply_call->planned);
    call->of = glm_manager_label(call->arena, remove ? apply_call->prior : apply_call->planned);
    const struct glm_value *record;
    if (!from_private(call, apply_call->planned_private, apply_call->prior, &record)) {
        apply_call->result = apply_call->prior;
        apply_call->result_private = apply_call->planned_private;
    } else if (remove) {
        remove_all(call, apply_call, record);
    } else {
        create_or_update(call, apply_call, record);
    }
}

/* ---- read ---- */

/* What was found, as a state. */
static const struct glm_value *with_defaults(struct glm_call *call, const struct glm_value *found)
{
    struct glm_map_builder b;
    glm_map_init_from(&b, call->arena,
                      glm_schema_defaults(call->arena, glm_resource_schema.attrs, found));
    for (const struct glm_attr *attr = glm_resource_schema.attrs; attr->name; attr++)
        if (attr->use == GLM_COMPUTED)
            glm_map_set(&b, attr->name, glm_get(found, attr->name));
    return glm_map_finish(&b, NULL);
}

static void look(struct glm_call *call, struct glm_read_call *read_call,
                 const struct glm_value *state, const struct glm_value *record)
{
    struct glm_change change = {
        .prior = state,
        .record = record,
        .timeout_ms = glm_timeout_of(state, "read"),
    };
    if (!glm_lifecycle_read(call->arena, glm_provider_estate(call->provider), &change,
                            &call->diags))
        return;
    read_call->result = change.result;
    read_call->result_private = to_private(call, change.result_record, change.result);
}

/* What the clusters have of what another resource has had: found as by an import, which Terraform has read once more. */
static void read_moved(struct glm_call *call, struct glm_read_call *read_call)
{
    const struct glm_value *state, *record;
    if (!glm_moved_find(call, read_call->current, &state, &record))
        return;
    if (glm_is_null(state)) {
        read_call->result = state;
        return;
    }
    state = with_defaults(call, state);
    if (from_private(call, to_private(call, record, state), state, &record))
        look(call, read_call, state, record);
}

static void read(struct glm_call *call, struct glm_read_call *read_call)
{
    const struct glm_value *record;
    call->of = glm_manager_label(call->arena, read_call->current);
    read_call->result = read_call->current;
    read_call->result_private = read_call->current_private;
    if (!glm_provider_estate(call->provider)->mesh.known)
        return; /* the clusters are not known yet: nothing may be asked, and nothing is lost */
    if (glm_moved_is_bare(read_call->current))
        read_moved(call, read_call);
    else if (from_private(call, read_call->current_private, read_call->current, &record))
        look(call, read_call, read_call->current, glm_moved_settled(call->arena, record));
}

/* ---- import ---- */

static bool split_id(struct glm_call *call, const char *id, const char **ret_namespace,
                     const char **ret_name)
{
    const char *slash = strchr(id, '/');
    if (!slash || slash == id || !slash[1] || strchr(slash + 1, '/'))
        return glm_error(&call->diags, NULL, "Malformed import ID",
                         "The ID is \"%s\"; expected namespace/name of the gateway lifecycle "
                         "manager, such as gloo-mesh/istio-ingressgateway.",
                         id);
    *ret_namespace = glm_strndup(call->arena, id, (size_t)(slash - id));
    *ret_name = slash + 1;
    return true;
}

static void import(struct glm_call *call, struct glm_import_call *import_call)
{
    const struct glm_estate *estate = glm_provider_estate(call->provider);
    const char *name = NULL, *namespace_ = NULL;
    import_call->result = &glm_null;
    if (!glm_is_null(import_call->identity)) {
        name = glm_string_or(glm_get(import_call->identity, "name"), "");
        namespace_ = glm_string_or(glm_get(import_call->identity, "namespace"), "");
    } else if (!split_id(call, import_call->id, &namespace_, &name)) {
        return;
    }
    if (!estate->mesh.known) {
        glm_error(&call->diags, NULL, "The clusters are not known yet",
                  "Import looks for the objects in the provider's clusters, and the provider's "
                  "configuration depends on values that are known only after apply. Apply those "
                  "first.");
        return;
    }
    /* Terraform sends no configuration along: `timeouts` of the resource is not known here. */
    struct glm_change change = {.prior = &glm_null,
                                .record = &glm_null,
                                .timeout_ms = glm_timeout_of(&glm_null, "read"),
                                .importing = true};
    call->of = glm_sprintf(call->arena, "%s/%s", namespace_, name);
    if (!glm_lifecycle_find(call->arena, estate, name, namespace_, &glm_null, &change,
                            &call->diags))
        return;
    if (glm_is_null(change.result)) {
        glm_error(&call->diags, NULL, "Nothing to import",
                  "No cluster of the provider has any %s that was made for %s/%s, nor one of that "
                  "name that nobody owns. Check the name, the namespace and the provider's "
                  "clusters.",
                  glm_installer_finds(call->arena, estate->installers), namespace_, name);
        return;
    }
    import_call->result = with_defaults(call, change.result);
    import_call->result_private = to_private(call, change.result_record, import_call->result);
}

const struct glm_resource_type glm_resource_gateway_lifecycle_manager = {
    .schema = &glm_resource_schema,
    .identity = &glm_resource_identity_schema,
    .validate = validate,
    .upgrade = upgrade,
    .plan = plan,
    .apply = apply,
    .read = read,
    .import = import,
    .move = glm_moved_move,
};
