/* SPDX-License-Identifier: Apache-2.0
 *
 * From the state of another resource to one of this: whom it is about, what of it is in the clusters, and what the
 * plan beside that may do.
 */
#include "moved.h"

#include "installers.h"
#include "schemas.h"
#include "state.h"
#include "timeouts.h"

#include "glm/look.h"
#include "glm/shown.h"

#include <string.h>

/* An ID that no resource has: with a blank in it. What follows is for people. */
#define BARE "moved from "
#define OF_MANAGER " (GatewayLifecycleManager)"
/* In the record of what a move has found, until the next read. Its value: whether the namespace is known. */
#define MOVED "moved"

/* ---- whom it is about ---- */

static const struct glm_value *gateways(const struct glm_value *object, const char *list)
{
    const struct glm_value *v = glm_get_path(object, "spec", "components", list, NULL);
    return glm_is_list(v) ? v : &glm_null;
}

/* The revision that is in the name and the labels of every gateway, and so in the name of what they are made of; "":
 * none. */
static const char *revision_of(struct glm_arena *arena, const struct glm_value *object)
{
    const struct glm_value *view = glm_untranslate(arena, "", object, NULL);
    const char *revision = glm_string_or(glm_get(view, "gateway_revision"), "");
    return strcmp(revision, glm_revision_key("")) == 0 ? "" : revision;
}

/* As the translation names what it makes: NAME-REVISION. */
static const char *name_of(struct glm_arena *arena, const struct glm_value *object)
{
    const char *name = glm_live_name(object), *revision = revision_of(arena, object);
    size_t len = strlen(name), suffix = strlen(revision) + 1;
    bool has = suffix > 1 && len > suffix && name[len - suffix] == '-' &&
               strcmp(name + len - suffix + 1, revision) == 0;
    return has ? glm_strndup(arena, name, len - suffix) : name;
}

/* Whether it installs a part of the control plane: said, or by its profile, which is `default` where it says none. */
static bool installs(const struct glm_value *object, const char *part, bool by_profile)
{
    const struct glm_value *v = glm_get_path(object, "spec", "components", part, NULL);
    const struct glm_value *profile = glm_get_path(object, "spec", "profile", NULL);
    if (glm_is_map(v) && glm_has(v, "enabled"))
        return !glm_is_false(glm_get(v, "enabled"));
    return (glm_is_map(v) && v->len > 0) || (by_profile && !glm_string_is(profile, "empty"));
}

/* Under this resource it would install gateways alone: the first change would take all else away. */
static bool check_alone(struct glm_arena *arena, const struct glm_moved_source *source,
                        struct glm_diags *d)
{
    static const struct {
        const char *name;
        bool by_profile;
    } parts[] = {{"base", true},
                 {"pilot", true},
                 {"cni", false},
                 {"istiodRemote", false},
                 {"ztunnel", false}};
    struct glm_text names;
    glm_text_init(&names, arena, 256);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (installs(source->object, parts[i].name, parts[i].by_profile))
            glm_text_addf(&names, "%s%s", names.len ? ", " : "", parts[i].name);
    if (names.len == 0)
        return true;
    return glm_error(d, NULL, "An IstioOperator with a control plane cannot be moved",
                     "IstioOperator \"%s\" installs more than gateways, by its profile or its "
                     "components: %s. This "
                     "resource would keep its gateways alone, and the operator would remove the "
                     "rest. Split it first, "
                     "with its own provider: leave the control plane in it, and put the gateways "
                     "into an IstioOperator of "
                     "their own with profile: empty. Move that one.",
                     glm_shown(arena, glm_live_name(source->object)), names.data);
}

static bool check_gateways(struct glm_arena *arena, const struct glm_moved_source *source,
                           struct glm_diags *d)
{
    size_t ingress = gateways(source->object, "ingressGateways")->len;
    size_t egress = gateways(source->object, "egressGateways")->len;
    const char *name = glm_shown(arena, glm_live_name(source->object));
    if (ingress && egress)
        return glm_error(d, NULL,
                         "An IstioOperator with ingress and egress gateways cannot be moved",
                         "IstioOperator \"%s\" has both, and an installation of this resource has "
                         "one of them. Split it "
                         "into two IstioOperators first, with its own provider, each with the "
                         "gateways of one kind, "
                         "and move each into a resource of its own.",
                         name);
    if (!ingress && !egress)
        return glm_error(d, NULL, "An IstioOperator without gateways cannot be moved",
                         "IstioOperator \"%s\" lists none under spec.components.ingressGateways or "
                         "spec.components.egressGateways, and this resource is only about "
                         "gateways: leave what installs "
                         "the control plane where it is. If its profile installs a gateway, list "
                         "that in an IstioOperator "
                         "of its own first (profile: empty), and move that one.",
                         name);
    return true;
}

static bool move_operator(struct glm_arena *arena, const struct glm_moved_source *source,
                          struct glm_map_builder *b, struct glm_diags *d)
{
    const struct glm_value *labels = glm_get_path(source->object, "metadata", "labels", NULL);
    const struct glm_value *name = glm_get(labels, GLM_LABEL_NAME);
    bool ours =
        glm_string_is(glm_get(labels, GLM_LABEL_MANAGED_BY), GLM_MANAGED_BY) && glm_is_string(name);
    if (!check_gateways(arena, source, d) || !check_alone(arena, source, d))
        return false;
    glm_map_set(b, "name", ours ? name : glm_string(arena, name_of(arena, source->object)));
    glm_map_set(b, "namespace", ours ? glm_get(labels, GLM_LABEL_NAMESPACE) : &glm_null);
    return true;
}

static void move_manager(struct glm_arena *arena, const struct glm_moved_source *source,
                         struct glm_map_builder *b)
{
    glm_map_set(b, "name", glm_string(arena, glm_live_name(source->object)));
    glm_map_set(b, "namespace", glm_get_path(source->object, "metadata", "namespace", NULL));
}

static bool has_api(const struct glm_value *object, const char *group, const char *kind)
{
    const char *api = glm_string_or(glm_get(object, "apiVersion"), "");
    return strncmp(api, group, strlen(group)) == 0 && api[strlen(group)] == '/' &&
           glm_string_is(glm_get(object, "kind"), kind);
}

/* What it was installed with is read, so that what stands in the way is said first. */
static void refuse_release(struct glm_call *call, const struct glm_move_call *move)
{
    struct glm_moved_release release;
    if (!glm_moved_read_release(call->arena, move->source_state, &release, &call->diags))
        return;
    glm_error(&call->diags, NULL, "A release of Istio's gateway chart cannot be moved",
              "helm_release \"%s\" in namespace \"%s\" installs a gateway by that chart (%s), and "
              "what belongs to a release is not "
              "taken over: Helm would go on to write and to remove it. Take the moved block out. "
              "Install the same values "
              "(gateway_chart_values, in a cluster with the installer `direct`) under another name "
              "beside it, lead traffic "
              "there, and remove the helm_release then.",
              glm_shown(call->arena, release.name), glm_shown(call->arena, release.namespace_),
              glm_shown(call->arena, release.chart_version));
}

void glm_moved_move(struct glm_call *call, struct glm_move_call *move)
{
    struct glm_arena *arena = call->arena;
    struct glm_moved_source source;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    move->result = &glm_null;
    if (strcmp(move->source_type, "helm_release") == 0) {
        refuse_release(call, move);
        return;
    }
    if (!glm_moved_read_source(arena, move, &source, &call->diags))
        return;
    bool manager = has_api(source.object, "admin.gloo.solo.io", "GatewayLifecycleManager");
    if (!manager && !has_api(source.object, "install.istio.io", "IstioOperator")) {
        glm_error(&call->diags, NULL, "Nothing that can be moved here",
                  "The %s holds %s \"%s\", and this resource can go on from an IstioOperator or a "
                  "GatewayLifecycleManager. Take the moved block out, and leave that resource "
                  "where it is.",
                  source.type, glm_shown(arena, glm_get(source.object, "kind")->as.text),
                  glm_shown(arena, glm_live_name(source.object)));
        return;
    }
    for (const struct glm_attr *attr = glm_resource_schema.attrs; attr->name; attr++)
        glm_map_set(&b, attr->name, &glm_null);
    if (manager)
        move_manager(arena, &source, &b);
    else if (!move_operator(arena, &source, &b, &call->diags))
        return;
    const char *namespace_ = glm_live_namespace(source.object);
    glm_map_set(&b, "id",
                glm_stringf(arena, BARE "%s: %s%s%s%s", source.type, namespace_,
                            *namespace_ ? "/" : "", glm_live_name(source.object),
                            manager ? OF_MANAGER : ""));
    move->result = glm_map_finish(&b, NULL);
}

bool glm_moved_is_bare(const struct glm_value *state)
{
    const char *id = glm_string_or(glm_get(state, "id"), "");
    return strncmp(id, BARE, strlen(BARE)) == 0;
}

/* ---- what of it is there ---- */

static bool is_of_manager(const struct glm_value *bare)
{
    const char *id = glm_get(bare, "id")->as.text;
    size_t len = strlen(id), suffix = strlen(OF_MANAGER);
    return len > suffix && strcmp(id + len - suffix, OF_MANAGER) == 0;
}

static void say_nothing_there(struct glm_call *call, const struct glm_value *bare, const char *name)
{
    const char *id = glm_shown(call->arena, glm_get(bare, "id")->as.text);
    if (is_of_manager(bare))
        glm_warn(&call->diags, NULL,
                 "A GatewayLifecycleManager was moved, and its gateways are installed anew",
                 "%s: what Gloo has made of it stays as it is, beside what this resource installs; "
                 "Terraform only "
                 "forgets the object itself, which stays too. How one takes over from the other is "
                 "in the guide \"Moving "
                 "from Gloo Mesh\".",
                 id);
    else
        glm_error(&call->diags, NULL, "What was moved is not there",
                  "%s: no cluster of the provider has any %s that was made for \"%s\", nor one of "
                  "that name that nobody "
                  "owns. Name the cluster that it is in under `clusters` of the provider, and say "
                  "its namespace with "
                  "operator_namespace. If it is gone from there, take the moved block out, and let "
                  "go of the old "
                  "resource with a `removed` block and destroy = false.",
                  id,
                  glm_installer_finds(call->arena, glm_provider_estate(call->provider)->installers),
                  glm_shown(call->arena, name));
}

bool glm_moved_find(struct glm_call *call, const struct glm_value *bare,
                    const struct glm_value **ret_state, const struct glm_value **ret_record)
{
    struct glm_arena *arena = call->arena;
    const struct glm_value *known = glm_get(bare, "namespace");
    const char *name = glm_string_or(glm_get(bare, "name"), "");
    struct glm_change change = {.prior = &glm_null,
                                .record = &glm_null,
                                .timeout_ms = glm_timeout_of(&glm_null, "read"),
                                .importing = true,
                                .everywhere = true};
    const struct glm_value *whole = glm_schema_defaults(arena, glm_resource_schema.attrs, bare);
    const char *namespace_ = glm_string_or(glm_get(whole, "namespace"), "");
    if (!glm_lifecycle_find(arena, glm_provider_estate(call->provider), name, namespace_, &glm_null,
                            &change, &call->diags))
        return false;
    if (glm_is_null(change.result)) {
        say_nothing_there(call, bare, name);
        *ret_state = *ret_record = &glm_null;
        return is_of_manager(bare);
    }
    *ret_state = change.result;
    *ret_record = glm_with(arena, change.result_record, MOVED, glm_bool(glm_is_string(known)));
    return true;
}

const struct glm_value *glm_moved_settled(struct glm_arena *arena, const struct glm_value *record)
{
    return glm_has(record, MOVED) ? glm_without(arena, record, MOVED) : record;
}

/* ---- what a plan may do ---- */

static const char *revision_written(const struct glm_value *installation, const char *key)
{
    const char *revision = glm_string_or(glm_get(installation, "gateway_revision"), key);
    return *revision ? revision : "default";
}

/* Whether the configuration has the revision in the cluster, or may have it. */
static bool is_named(const struct glm_value *installations, const char *revision,
                     const char *cluster)
{
    if (!glm_is_map(installations))
        return true; /* not known yet */
    for (size_t i = 0; i < installations->len; i++) {
        const struct glm_pair *pair = &installations->as.map[i];
        const struct glm_value *clusters = glm_get(pair->value, "clusters");
        const struct glm_value *written = glm_get(pair->value, "gateway_revision");
        bool may = glm_is_unknown(pair->value) || glm_is_unknown(written) ||
                   glm_string_is(written, "auto") ||
                   strcmp(revision_written(pair->value, pair->key), revision) == 0;
        if (may && (!glm_is_map(clusters) || glm_has(clusters, cluster)))
            return true;
    }
    return false;
}

static size_t list_unnamed(struct glm_text *text, const struct glm_value *prior,
                           const struct glm_value *config)
{
    const struct glm_value *all = glm_get(prior, "installations");
    size_t count = 0;
    for (size_t i = 0; glm_is_map(all) && i < all->len; i++) {
        const struct glm_pair *pair = &all->as.map[i];
        const struct glm_value *clusters = glm_get(pair->value, "clusters");
        const char *revision = revision_written(pair->value, pair->key);
        for (size_t c = 0; glm_is_map(clusters) && c < clusters->len; c++)
            if (!is_named(glm_get(config, "installations"), revision, clusters->as.map[c].key)) {
                glm_text_addf(text, "\n  %s: revision %s", clusters->as.map[c].key, revision);
                count++;
            }
    }
    return count;
}

static bool check_bare(struct glm_call *call, const struct glm_value *prior)
{
    const char *id = glm_shown(call->arena, glm_get(prior, "id")->as.text);
    if (glm_provider_estate(call->provider)->mesh.known)
        return glm_error(&call->diags, NULL, "What was moved has not been looked for yet",
                         "%s: where it is and what it is made of is read from the clusters, and "
                         "that was left out. "
                         "Plan without -refresh=false.",
                         id);
    return glm_error(
        &call->diags, NULL, "The clusters are not known yet",
        "%s: where it is and what it is made of is read from the clusters, and the provider's "
        "configuration depends on values that are known only after apply. Apply those first "
        "(-target), and "
        "move it then.",
        id);
}

static bool check_name(struct glm_call *call, const struct glm_value *prior,
                       const struct glm_value *config)
{
    const struct glm_value *name = glm_get(config, "name");
    const char *was = glm_string_or(glm_get(prior, "name"), "");
    if (glm_string_is(name, was))
        return true;
    return glm_error(&call->diags, GLM_AT_ATTR(NULL, "name"), "What was moved has another name",
                     "What the gateways are made of is called by the name \"%s\", and under "
                     "another one they would be "
                     "removed and installed anew. Nothing was changed. Write name = \"%s\".",
                     was, was);
}

bool glm_moved_check(struct glm_call *call, const struct glm_value *prior,
                     const struct glm_value *record, const struct glm_value *config)
{
    if (glm_moved_is_bare(prior))
        return check_bare(call, prior);
    if (!glm_has(record, MOVED))
        return true;
    if (glm_is_null(config))
        return glm_error(&call->diags, NULL, "What was moved just now would be destroyed",
                         "%s was found in the clusters by its name, and no apply has said yet that "
                         "all of that is meant. "
                         "Apply the moved block first, and destroy then.",
                         glm_string_or(glm_get(prior, "id"), "The resource"));
    struct glm_text text;
    glm_text_init(&text, call->arena, (size_t)64 << 10);
    if (!check_name(call, prior, config))
        return false;
    if (list_unnamed(&text, prior, config) == 0)
        return true;
    return glm_error(
        &call->diags, GLM_AT_ATTR(NULL, "installations"),
        "More was moved than the configuration names",
        "What is there by the name \"%s\" and nobody else owns was found in the clusters, and of "
        "that "
        "`installations` leaves out:\n%s\n\nAn apply would remove it, so nothing is planned. Add "
        "it to "
        "`installations`, and take it out after an apply, if it is to go. If it is to stay "
        "somebody "
        "else's, write, in the place of the moved block, a `removed` block with destroy = false "
        "for the old "
        "resource and adopt_existing = true here, which takes over nothing but what is named.",
        glm_string_or(glm_get(prior, "name"), ""), text.data);
}

const struct glm_value *glm_moved_placed(struct glm_arena *arena, const struct glm_value *prior,
                                         const struct glm_value *record,
                                         const struct glm_value *wanted)
{
    const struct glm_value *namespace_ = glm_get(wanted, "namespace");
    if (!glm_is_false(glm_get(record, MOVED)) || !glm_is_string(namespace_))
        return prior;
    prior = glm_with(arena, prior, "namespace", namespace_);
    return glm_with(arena, prior, "id",
                    glm_stringf(arena, "%s/%s", namespace_->as.text,
                                glm_string_or(glm_get(prior, "name"), "")));
}

/* Whether the lines of a cluster's object are of the same one: its own name and namespace are two of them. */
static bool is_same(const struct glm_value *was, const struct glm_value *is)
{
    static const char *const names[] = {"metadata.name", "metadata.namespace"};
    bool same = true;
    for (size_t i = 0; i < 2 && glm_is_map(is); i++)
        same &= glm_is_unknown(glm_get(is, names[i])) ||
                glm_equal(glm_get(was, names[i]), glm_get(is, names[i]));
    return same;
}

/* Whether any installation makes the object in the cluster, or may make it. was: the cluster and its lines. */
static bool is_made(const struct glm_value *planned, const char *object, const struct glm_pair *was)
{
    for (size_t i = 0; i < planned->len; i++) {
        const struct glm_value *of = glm_get(planned->as.map[i].value, object);
        const struct glm_value *clusters = glm_get(of, "per_cluster");
        if (glm_is_unknown(planned->as.map[i].value) || glm_is_unknown(of) ||
            glm_is_unknown(clusters))
            return true;
        if (glm_has(clusters, was->key))
            return is_same(was->value, glm_get(clusters, was->key));
    }
    return false;
}

bool glm_moved_check_planned(struct glm_call *call, const struct glm_value *prior,
                             const struct glm_value *record, const struct glm_value *planned)
{
    const struct glm_value *was = glm_get(prior, "objects"), *is = glm_get(planned, "objects");
    struct glm_text text;
    glm_text_init(&text, call->arena, (size_t)64 << 10);
    if (!glm_has(record, MOVED) || !glm_is_map(was) || !glm_is_map(is))
        return true;
    for (size_t k = 0; k < was->len; k++) {
        const struct glm_value *objects = was->as.map[k].value;
        for (size_t i = 0; glm_is_map(objects) && i < objects->len; i++) {
            const struct glm_pair *o = &objects->as.map[i];
            const struct glm_value *clusters = glm_get(o->value, "per_cluster");
            for (size_t c = 0; glm_is_map(clusters) && c < clusters->len; c++)
                if (!is_made(is, o->key, &clusters->as.map[c]))
                    glm_text_addf(&text, "\n  %s: %s", clusters->as.map[c].key,
                                  glm_shown(call->arena, o->key));
        }
    }
    if (text.len == 0)
        return true;
    return glm_error(
        &call->diags, NULL, "What was moved would be removed",
        "The configuration makes other objects than were found in the clusters, and an apply would "
        "remove "
        "these, and with them what runs:\n%s\n\nNothing is planned. Where it is the namespace that "
        "differs, say it with "
        "operator_namespace of the provider, or of the entry of `clusters`. Where it is the name, "
        "the resource is "
        "called so without \"-REVISION\" at its end, and the installation has that revision.",
        text.data);
}
