/* SPDX-License-Identifier: Apache-2.0
 *
 * Translation: one installation in one cluster, or for nobody, as an IstioOperator and its active Services.
 *
 * What:   what is copied, what is forced, what is ours; tests/golden/translate shows it case by case.
 * Owner:  results live in the arena and share every subtree of the spec that they do not change.
 * Errors: only what the rules of glm_manager_read have refused already.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

const struct glm_placement glm_nobody = {
    .cluster = NULL,
    .active = &glm_true,
    .trust_domain = &glm_null,
    .network = &glm_null,
};

struct job {
    struct glm_arena *arena;
    const struct glm_installation *installation;
    const struct glm_placement *placement;
    const struct glm_mesh_config *config;
    const struct glm_value *spec;
    struct glm_gateways gateways;
};

static const struct glm_value *str(struct job *j, const char *text)
{
    return glm_string(j->arena, text);
}

static void set_if(struct glm_map_builder *b, const char *key, const struct glm_value *v)
{
    if (!glm_is_null(v))
        glm_map_set(b, key, v);
}

static const struct glm_value *gateway_k8s(struct job *j, const struct glm_gateway *g)
{
    const char *revision = j->installation->revision;
    bool ours = j->gateways.our_service[g->type];
    const struct glm_value *overlays = mesh_overlays(j->arena, g, revision, ours);
    const struct glm_value *k8s =
        mesh_own_references(j->arena, g, revision, mesh_gateway_chart_service(&j->gateways, g));
    k8s = glm_without(j->arena, k8s, "overlays");
    return glm_is_null(overlays) ? k8s : glm_with(j->arena, k8s, "overlays", overlays);
}

/* Labels given to all gateways of a type by values count only where a gateway has no label of its
 * own, and it has one as soon as it has a revision: so they stand in it. */
static const struct glm_value *gateway_label(struct job *j, const struct glm_gateway *g)
{
    const char *revision = j->installation->revision;
    const struct glm_value *labels = mesh_own_name_label(
        j->arena, j->spec, g, mesh_gateway_own_labels(j->arena, j->spec, g), revision);
    if (*revision)
        labels = glm_with(j->arena, labels, "revision", str(j, revision));
    return labels->len ? labels : glm_get(g->value, "label");
}

static const struct glm_value *gateway(struct job *j, const struct glm_gateway *g)
{
    struct glm_map_builder b;
    glm_map_init(&b, j->arena);
    if (g->name)
        glm_map_set(&b, "name",
                    str(j, mesh_suffixed(j->arena, g->name, j->installation->revision)));
    glm_map_set(&b, "namespace", str(j, g->namespace_));
    /* Said in any case: absent means off up to Istio 1.23, on since 1.24, and what the profile says
     * where that lists a gateway of the name. */
    glm_map_set(&b, "enabled", glm_bool(g->enabled));
    set_if(&b, "hub", glm_get(g->value, "hub"));
    set_if(&b, "tag", glm_get(g->value, "tag"));
    set_if(&b, "label", gateway_label(j, g));
    if (glm_is_map(g->k8s))
        glm_map_set(&b, "k8s", gateway_k8s(j, g));
    return glm_map_finish(&b, NULL);
}

/* The gateways of one type, and the profile's own, turned off unless the spec names it. */
static const struct glm_value *gateways_of(struct job *j, enum glm_gateway_type type, bool profiles)
{
    const char *own = mesh_gateway_values(type);
    bool named = false;
    struct glm_list_builder b;
    glm_list_init(&b, j->arena);
    for (size_t i = 0; i < j->gateways.count; i++) {
        const struct glm_gateway *g = &j->gateways.items[i];
        if (g->type != type)
            continue;
        const struct glm_value *v = gateway(j, g);
        named |= glm_string_is(glm_get(v, "name"), own);
        glm_list_add(&b, v);
    }
    if (profiles && !named) {
        struct glm_map_builder off;
        glm_map_init(&off, j->arena);
        glm_map_set(&off, "enabled", &glm_false);
        glm_map_set(&off, "name", str(j, own));
        glm_list_add(&b, glm_map_finish(&off, NULL));
    }
    return b.len ? glm_list_finish(&b) : &glm_null;
}

static const struct glm_value *components(struct job *j, unsigned parts)
{
    static const struct {
        unsigned part;
        const char *name;
    } forced[] = {
        {GLM_PROFILE_BASE, "base"},
        {GLM_PROFILE_PILOT, "pilot"},
        {GLM_PROFILE_CNI, "cni"},
        {GLM_PROFILE_ZTUNNEL, "ztunnel"},
        {GLM_PROFILE_REMOTE, "istiodRemote"},
    };
    const struct glm_value *off = glm_with(j->arena, &glm_empty_map, "enabled", &glm_false);
    struct glm_map_builder b;
    glm_map_init(&b, j->arena);
    for (size_t i = 0; i < sizeof forced / sizeof *forced; i++)
        if (parts & forced[i].part)
            glm_map_set(&b, forced[i].name, off);
    set_if(&b, "ingressGateways", gateways_of(j, GLM_INGRESS, parts & GLM_PROFILE_INGRESS));
    set_if(&b, "egressGateways", gateways_of(j, GLM_EGRESS, parts & GLM_PROFILE_EGRESS));
    return glm_map_finish(&b, NULL);
}

/* The null value for nobody. */
static const struct glm_value *cluster_name(struct job *j)
{
    return j->placement->cluster ? str(j, j->placement->cluster) : &glm_null;
}

static const struct glm_value *trust_domain(struct job *j)
{
    const struct glm_value *said =
        mesh_setting(j->arena, j->spec, "meshConfig", "trustDomain", NULL).value;
    if (!glm_is_null(j->placement->trust_domain))
        return j->placement->trust_domain;
    return glm_is_string(said) && said->len ? said : cluster_name(j);
}

/* values or unvalidatedValues without what this resource says elsewhere; unvalidatedValues would
 * have the last word. */
static const struct glm_value *values_in(struct job *j, enum glm_layer layer)
{
    const char *field = layer == GLM_LAYER_VALUES ? "values" : "unvalidatedValues";
    const struct glm_value *was = glm_get(j->spec, field);
    const struct glm_value *v = glm_without(j->arena, was, "revision");
    for (int t = 0; t < 2; t++) {
        const char *type = mesh_gateway_values((enum glm_gateway_type)t);
        const struct glm_value *of_type = glm_get_path(v, "gateways", type, NULL);
        /* Since Istio 1.24, true would turn on what is off. */
        const struct glm_value *rest = glm_without(j->arena, of_type, "enabled");
        if (layer == GLM_LAYER_UNVALIDATED && j->gateways.our_service[t])
            rest = glm_without(j->arena, rest, "customService");
        if (rest != of_type)
            v = glm_with_path(j->arena, v, rest, "gateways", type, NULL);
    }
    return glm_is_map(v) && !v->len && was->len ? &glm_null : v;
}

static const struct glm_value *mesh_config(struct job *j)
{
    const struct glm_value *v = glm_get(j->spec, "meshConfig"), *domain = trust_domain(j);
    return glm_is_null(domain) ? v : glm_with(j->arena, v, "trustDomain", domain);
}

static const struct glm_value *values(struct job *j)
{
    const struct glm_value *v = values_in(j, GLM_LAYER_VALUES);
    const struct glm_value *name =
        mesh_setting(j->arena, j->spec, "global", "multiCluster", "clusterName", NULL).value;
    if (j->placement->cluster && (!glm_is_string(name) || !name->len))
        v = glm_with_path(j->arena, v, cluster_name(j), "global", "multiCluster", "clusterName",
                          NULL);
    for (int t = 0; t < 2; t++)
        if (j->gateways.our_service[t])
            v = glm_with_path(j->arena, v, &glm_true, "gateways",
                              mesh_gateway_values((enum glm_gateway_type)t), "customService", NULL);
    return v;
}

static const struct glm_value *operator_spec(struct job *j)
{
    static const char *const copied[] = {
        "compatibilityVersion",
        "installPackagePath",
        "namespace",
    };
    const struct glm_value *images =
        glm_installation_is_auto(j->installation) ? j->config->default_distribution : j->spec;
    const struct glm_value *profile = glm_get(j->spec, "profile");
    bool known;
    if (!glm_is_string(profile) || !profile->len)
        profile = str(j, "empty");

    struct glm_map_builder b;
    glm_map_init(&b, j->arena);
    glm_map_set(&b, "profile", profile);
    set_if(&b, "hub", glm_get(images, "hub"));
    set_if(&b, "tag", glm_get(images, "tag"));
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
        set_if(&b, copied[i], glm_get(j->spec, copied[i]));
    if (*j->installation->control_plane)
        glm_map_set(&b, "revision", str(j, j->installation->control_plane));
    set_if(&b, "meshConfig", mesh_config(j));
    set_if(&b, "values", values(j));
    set_if(&b, "unvalidatedValues", values_in(j, GLM_LAYER_UNVALIDATED));
    glm_map_set(&b, "components", components(j, mesh_profile_parts(profile->as.text, &known)));
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *operator_namespace(struct job *j)
{
    const char *template_ = j->config->operator_namespace;
    if (j->placement->cluster) {
        const struct glm_cluster_config *c = glm_mesh_cluster(j->config, j->placement->cluster);
        template_ = c ? c->operator_namespace : NULL;
    }
    return template_
               ? str(j, glm_operator_namespace(j->arena, template_, j->installation->control_plane))
               : &glm_unknown;
}

static const struct glm_value *istio_operator(struct job *j, const char *name,
                                              const struct glm_value *namespace_)
{
    struct glm_map_builder metadata, b;
    glm_map_init(&metadata, j->arena);
    glm_map_set(&metadata, "name",
                name ? str(j, mesh_suffixed(j->arena, name, j->installation->revision))
                     : &glm_unknown);
    glm_map_set(&metadata, "namespace", namespace_);
    glm_map_init(&b, j->arena);
    glm_map_set(&b, "apiVersion", str(j, "install.istio.io/v1alpha1"));
    glm_map_set(&b, "kind", str(j, "IstioOperator"));
    glm_map_set(&b, "metadata", glm_map_finish(&metadata, NULL));
    glm_map_set(&b, "spec", glm_without_nulls(j->arena, operator_spec(j)));
    return glm_map_finish(&b, NULL);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void set_namespaces(struct job *j, const struct glm_value *operator_ns,
                           struct glm_rendering *ret)
{
    const char **names = GLM_NEW_ARRAY(j->arena, j->gateways.count + 1, const char *);
    size_t count = 0, kept = 0;
    if (glm_is_string(operator_ns))
        names[count++] = operator_ns->as.text;
    for (size_t i = 0; i < j->gateways.count; i++)
        if (j->gateways.items[i].enabled)
            names[count++] = j->gateways.items[i].namespace_;
    qsort(names, count, sizeof *names, by_text);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || strcmp(names[kept - 1], names[i]) != 0)
            names[kept++] = names[i];
    ret->namespaces = names;
    ret->namespace_count = kept;
}

static bool add_service(struct job *j, const struct glm_gateway *g, struct glm_service *ret,
                        struct glm_diags *d)
{
    const char *revision = j->installation->revision;
    const struct glm_value *object = mesh_service_build(j->arena, j->spec, g, revision);
    ret->key = glm_sprintf(j->arena, "%s/%s", g->namespace_, g->name);
    if (!mesh_overlay_service(j->arena, g, revision, object, &ret->object))
        return glm_error(d, NULL, "An overlay does not fit the Service",
                         "%s.k8s.overlays: a patch of the Service does not fit it.",
                         mesh_gateway_where(j->arena, g));
    return true;
}

static int by_service_key(const void *a, const void *b)
{
    const struct glm_service *x = a, *y = b;
    return strcmp(x->key, y->key);
}

static bool set_services(struct job *j, struct glm_rendering *ret, struct glm_diags *d)
{
    struct glm_service *services = GLM_NEW_ARRAY(j->arena, j->gateways.count, struct glm_service);
    size_t count = 0;
    ret->services_known = true;
    for (size_t i = 0; i < j->gateways.count; i++) {
        const struct glm_gateway *g = &j->gateways.items[i];
        if (!g->enabled || !g->name || !glm_is_map(g->service) ||
            !j->gateways.our_service[g->type] || glm_is_false(j->placement->active))
            continue;
        if (glm_is_unknown(j->placement->active)) {
            ret->services_known = false;
            return true;
        }
        if (!add_service(j, g, &services[count++], d))
            return false;
    }
    qsort(services, count, sizeof *services, by_service_key);
    ret->services = services;
    ret->service_count = count;
    return true;
}

bool glm_translate(struct glm_arena *arena, const struct glm_manager *manager,
                   const struct glm_installation *installation,
                   const struct glm_placement *placement, const struct glm_mesh_config *config,
                   struct glm_rendering **ret_rendering, struct glm_diags *d)
{
    struct glm_rendering *ret = GLM_NEW(arena, struct glm_rendering);
    struct job j = {
        .arena = arena,
        .installation = installation,
        .placement = placement,
        .config = config,
        .spec = glm_network_spec(arena, installation->spec, placement->network),
    };
    *ret_rendering = ret;
    ret->cluster = placement->cluster;
    ret->revision = installation->revision;
    const struct glm_value *namespace_ = operator_namespace(&j);
    if (!glm_is_map(installation->spec) || !mesh_gateways_known(installation)) {
        ret->istio_operator = &glm_unknown;
        ret->services_known = glm_is_false(placement->active);
        set_namespaces(&j, namespace_, ret);
        return true;
    }
    mesh_gateways_read(arena, j.spec, glm_is_true(installation->on_by_default), &j.gateways);
    ret->istio_operator = istio_operator(&j, manager->name, namespace_);
    set_namespaces(&j, namespace_, ret);
    return set_services(&j, ret, d);
}
