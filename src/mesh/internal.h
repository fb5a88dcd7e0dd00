/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of src/mesh share and nobody else sees.
 */
#ifndef GLM_MESH_INTERNAL_H
#define GLM_MESH_INTERNAL_H

#include "glm/mesh.h"
#include "glm/spec.h"
#include "glm/text.h"

#include <string.h>

/* True for a key that an array of texts has. */
static inline bool mesh_is_one_of(const char *key, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}
#define MESH_IS_ONE_OF(key, keys) mesh_is_one_of((key), (keys), sizeof(keys) / sizeof *(keys))

/* ---- gateways.c: the gateways a spec describes ---- */

enum glm_gateway_type { GLM_INGRESS, GLM_EGRESS };

struct glm_gateway {
    enum glm_gateway_type type;
    size_t index;                  /* in its list */
    const struct glm_value *value; /* the map */
    const char *name;              /* as written; NULL: none */
    const char *namespace_;        /* as written or the default */
    bool enabled;                  /* `enabled: true`, or nothing where that is meant by it */
    const struct glm_value *k8s;   /* map or null */
    const struct glm_value
        *service; /* k8s.service: map or null; empty where it is made all the same */
};

struct glm_gateways {
    struct glm_gateway *items;
    size_t count, enabled;
    const char *user_service[2]; /* by type: "values" or "unvalidatedValues", where the spec itself
                                    says customService: true; NULL: it does not */
    bool our_service[2]; /* by type: an enabled gateway has k8s.service, and not the above */
};

#define GLM_GATEWAY_NAMESPACE "gloo-mesh-gateways"

/* on_by_default: a gateway that does not say whether it is enabled is. */
void mesh_gateways_read(struct glm_arena *arena, const struct glm_value *spec, bool on_by_default,
                        struct glm_gateways *ret_gateways);
/* False when it depends on what is not known yet which gateways of the installation are enabled. */
bool mesh_gateways_known(const struct glm_installation *installation);
/* Of an installation, as its version of Istio has it. */
void mesh_gateways_of(struct glm_arena *arena, const struct glm_installation *installation,
                      struct glm_gateways *ret_gateways);
const char *mesh_gateway_list(enum glm_gateway_type type);   /* "ingressGateways" */
const char *mesh_gateway_values(enum glm_gateway_type type); /* "istio-ingressgateway" */
/* components.ingressGateways[1] */
const char *mesh_gateway_where(struct glm_arena *arena, const struct glm_gateway *gateway);
/* True when an overlay of the gateway changes what stands at a path with the word in it: it may put
 * right what would be wrong there. */
bool mesh_gateway_is_patched(const struct glm_gateway *gateway, const char *word);
/* name + "-R", name when revisionless. */
const char *mesh_suffixed(struct glm_arena *arena, const char *name, const char *revision);
/* True when the chart renders a Service for this gateway itself. */
bool mesh_gateway_chart_service(const struct glm_gateways *gateways,
                                const struct glm_gateway *gateway);

/* ---- network.c ---- */

/* True when some cluster has one of its own, or may have. */
bool mesh_has_network(const struct glm_installation *installation);

/* ---- version.c: which Istio the gateways are of ---- */

/* istio_version as written, held against what a version is; the null value after an error. */
const struct glm_value *mesh_version_read(struct glm_arena *arena, const struct glm_value *written,
                                          const struct glm_path *at, struct glm_diags *d);
/* What a tag says, which may have a digest behind it; false: nothing. */
struct glm_version;
bool mesh_version_parse(struct glm_arena *arena, const char *tag, struct glm_version *ret_version);
/* "1.30" is every patch of it. */
bool mesh_version_agrees(const struct glm_version *a, const struct glm_version *b);
/* "1.30.3" of "v1.30.3-distroless", "1.30" of "1.30-alpha.1"; NULL: the tag says none. */
const char *mesh_version_text(struct glm_arena *arena, const char *tag);
/* The tag of a gateway as its installation gives it; of none (g is NULL), the spec's. auto_tag: what `auto` brings with it, "" for none, NULL when
 * that is not known. NULL: none; *ret_known false: not to be told from the configuration. */
const char *mesh_gateway_tag(struct glm_arena *arena, const struct glm_installation *in,
                             const struct glm_gateway *g, const char *auto_tag, bool *ret_known);
/* BOOL or UNKNOWN, as in struct glm_installation; off where nothing says a version. */
const struct glm_value *mesh_on_by_default(struct glm_arena *arena,
                                           const struct glm_mesh_config *config,
                                           const struct glm_installation *in);
/* The tag of default_distribution; "": it has none; NULL: not known. */
const char *mesh_default_tag(const struct glm_mesh_config *config);

/* ---- extent.c: how much it is ---- */

/* Levels of a spec: the objects made of it stay below GLM_VALUE_DEPTH. */
#define GLM_SPEC_DEPTH 180

/* In bytes, and in ret_each (may be NULL) what each cluster gets of it. */
size_t mesh_extent(const struct glm_manager *manager, const struct glm_installation *installation,
                   const struct glm_mesh_config *config, size_t *ret_each);
/* The error for more than that in all. */
bool mesh_extent_refuse(struct glm_arena *arena, const struct glm_manager *manager,
                        const struct glm_mesh_config *config, struct glm_diags *d);
/* what: "The IstioOperator spec". */
bool mesh_spec_depth_check(struct glm_spec_report *r, const struct glm_value *spec,
                           const char *what);

/* ---- effective.c: what overrides what ---- */

/* The places of a spec that the charts' values come from, each over the ones before. */
enum glm_layer {
    GLM_LAYER_SPEC,   /* hub, tag, revision, meshConfig, ...: fields with a name of their own */
    GLM_LAYER_VALUES, /* values */
    GLM_LAYER_UNVALIDATED, /* unvalidatedValues */
};

/* config.c: true when the spec is rendered in all clusters of the installation, and no operator reads it. */
bool mesh_is_rendered(const struct glm_mesh_config *config,
                      const struct glm_installation *installation);

struct mesh_setting {
    const struct glm_value *value; /* null: nobody says it */
    const char *where;             /* in the spec: "tag", "values.global.tag"; "" for nobody */
    enum glm_layer layer;
};

/* What counts at a path of the values ("global", "tag", NULL), and where it is written. */
struct mesh_setting mesh_setting(struct glm_arena *arena, const struct glm_value *spec, ...)
    __attribute__((sentinel));
/* What one layer alone says of the path. */
struct mesh_setting mesh_setting_in(struct glm_arena *arena, const struct glm_value *spec,
                                    enum glm_layer layer, ...) __attribute__((sentinel));
/* The same for a map that several layers have a part of: all of them together. */
const struct glm_value *mesh_effective(struct glm_arena *arena, const struct glm_value *spec, ...)
    __attribute__((sentinel));

/* ---- chart.c: how the gateway charts see values ---- */

/* True when the charts use this profile's file: by the spec's own profile or by values.profile. */
bool mesh_chart_profile_is(struct glm_arena *arena, const struct glm_value *spec,
                           const char *profile);
/* True when the pods of that type are made of an injection template. */
bool mesh_is_injected(struct glm_arena *arena, const struct glm_value *spec,
                      enum glm_gateway_type type);

/* As a template prints it: true, 600, 1e+06. "" for null; NULL for lists, maps and unknowns, which
 * come out in Go's own notation. */
const char *mesh_chart_text(struct glm_arena *arena, const struct glm_value *v);
#define GLM_UNREADABLE "nothing"
/* What YAML reads where a template writes before, text and after in one line: "a number",
 * GLM_UNREADABLE; NULL: a text, or null for an empty one. before begins with "x: " or "- ". */
const char *mesh_chart_misread(struct glm_arena *arena, const char *before, const char *text,
                               const char *after);
/* The same for what stands without quotes where a label is made of it; but null is none, and what cannot
 * be read no label in the first place. */
const char *mesh_chart_misread_label(struct glm_arena *arena, const char *text);
/* As `if` of a template has it: not null, false, 0, "", [] or {}. */
bool mesh_chart_truthy(const struct glm_value *v);

/* ---- elements.c: what elements of lists are told apart by ---- */

enum mesh_element { MESH_BY_NAME, MESH_BY_PORT };

/* A list as a map of its elements, whose pairs have the place in the list as their line; of null an empty
 * one. NULL: some cannot be told apart. */
const struct glm_value *mesh_elements(struct glm_arena *arena, enum mesh_element by,
                                      const struct glm_value *list);

/* ---- rules ---- */

struct glm_rules {
    struct glm_arena *arena;
    const struct glm_mesh_config *config;
    bool warn;
    struct glm_diags *d;
    struct glm_spec_report *reports; /* one for each installation: what is said about its spec */
};

/* rules_spec.c: one installation's spec. */
void mesh_rules_spec(const struct glm_rules *rules, const struct glm_manager *manager,
                     const struct glm_installation *installation, struct glm_spec_report *report);
/* rules_image.c: hubs, tags and images, wherever they stand. */
void mesh_rules_images(const struct glm_rules *rules, const struct glm_installation *installation,
                       const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_identity.c: who a gateway says it is: trust domain, mesh, cluster, revision. */
void mesh_rules_identity(const struct glm_rules *rules, const struct glm_installation *installation,
                         const struct glm_gateways *gateways, struct glm_spec_report *report);
/* version.c: istio_version beside the tags. at: the installation. */
void mesh_rules_version(const struct glm_rules *rules, const struct glm_installation *installation,
                        const struct glm_gateways *gateways, const struct glm_path *at);
/* network.c: networks of clusters. */
void mesh_rules_network(const struct glm_rules *rules, const struct glm_installation *installation,
                        const struct glm_gateways *gateways, struct glm_spec_report *report);
/* The network of one cluster. clusters: the attribute. */
void mesh_network_check(const struct glm_placement *placement, const struct glm_path *clusters,
                        struct glm_diags *d);
void mesh_rules_shared_identity(const struct glm_rules *rules, const struct glm_manager *manager);
/* rules_mesh.c: fields of the mesh configuration that have to agree. */
void mesh_rules_mesh(const struct glm_value *spec, struct glm_spec_report *report);
/* rules_env.c: variables of the container that come out twice. */
void mesh_rules_env(const struct glm_rules *rules, const struct glm_installation *installation,
                    const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_unquoted.c: what the charts write without quotes. */
void mesh_rules_unquoted(const struct glm_rules *rules, const struct glm_installation *installation,
                         const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_written.c: what the charts write into YAML as it is. */
void mesh_rules_written(const struct glm_rules *rules, const struct glm_installation *installation,
                        const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_pod.c: volumes, containers and the like that values add to the pods. */
void mesh_rules_pod(const struct glm_rules *rules, const struct glm_installation *installation,
                    const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_labels.c: labels and annotations; gateways that share their pods. */
void mesh_rules_labels(const struct glm_rules *rules, const struct glm_installation *installation,
                       const struct glm_gateways *gateways, struct glm_spec_report *report);
void mesh_rules_shared_pods(const struct glm_rules *rules, const struct glm_manager *manager);
/* rules_reader.c: whether somebody takes up what is written into files. */
void mesh_rules_reader(const struct glm_rules *rules, const struct glm_manager *manager);
/* rules_values.c: values of the gateway charts. */
void mesh_rules_values(const struct glm_rules *rules, const struct glm_installation *installation,
                       const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_resources.c: what k8s.resources and k8s.env leave together with the chart's own. */
void mesh_rules_resources(const struct glm_rules *rules,
                          const struct glm_installation *installation,
                          const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_ports.c: the ports of each active Service. */
void mesh_rules_ports(const struct glm_rules *rules, const struct glm_installation *installation,
                      const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_service.c: the Service that all of it makes together. */
void mesh_rules_service(const struct glm_rules *rules, const struct glm_installation *installation,
                        const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_replicas.c: how many pods each gateway has. */
void mesh_rules_replicas(const struct glm_rules *rules, const struct glm_installation *installation,
                         const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_gateway.c: each gateway of it. */
void mesh_rules_gateways(const struct glm_rules *rules, const struct glm_installation *installation,
                         const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules.c: across installations; sizes. */
void mesh_rules_manager(const struct glm_rules *rules, const struct glm_manager *manager);

/* ---- overlay.c: see overlays.h for the rest of what is known about overlays ---- */

/* The overlays of a gateway for the IstioOperator: names of its own objects suffixed; those of the
 * Service left out when it is ours. Null when nothing is left. */
const struct glm_value *mesh_overlays(struct glm_arena *arena, const struct glm_gateway *gateway,
                                      const char *revision, bool our_service);
/* Our Service with the overlays of the gateway that are for it. False when a patch does not fit,
 * which the rules have refused. */
bool mesh_overlay_service(struct glm_arena *arena, const struct glm_gateway *gateway,
                          const char *revision, const struct glm_value *service,
                          const struct glm_value **ret_service);

/* ---- references.c: where a gateway's own name can stand ---- */

#define GLM_NAME_LABEL "service.istio.io/canonical-name" /* the chart makes it of the name */

/* k8s of the gateway with references to its own objects suffixed like its name. chart_service: its
 * Service is the chart's, which bears the suffixed name. */
const struct glm_value *mesh_own_references(struct glm_arena *arena,
                                            const struct glm_gateway *gateway, const char *revision,
                                            bool chart_service);
/* labels, the one that the chart makes of the gateway's name with the name that it has. */
const struct glm_value *mesh_own_name_label(struct glm_arena *arena, const struct glm_value *spec,
                                            const struct glm_gateway *gateway,
                                            const struct glm_value *labels, const char *revision);
/* Any tree with the label that is made of the name, or selectors by it, in it: suffixed likewise. */
const struct glm_value *mesh_own_selectors(struct glm_arena *arena,
                                           const struct glm_gateway *gateway, const char *revision,
                                           const struct glm_value *v);
/* True for a label of a selector that names the gateway, as every pod of it does. */
bool mesh_names_the_gateway(const struct glm_gateway *gateway, const struct glm_pair *selected);

/* ---- service.c ---- */

/* The active Service of a gateway. */
const struct glm_value *mesh_service_build(struct glm_arena *arena, const struct glm_value *spec,
                                           const struct glm_gateway *gateway, const char *revision);
/* What the user labels the gateway with: its own label over what values give to all of its type. */
const struct glm_value *mesh_gateway_own_labels(struct glm_arena *arena,
                                                const struct glm_value *spec,
                                                const struct glm_gateway *gateway);
/* What the pods of the gateway are labelled with, without the revision. */
const struct glm_value *mesh_gateway_labels(struct glm_arena *arena, const struct glm_value *spec,
                                            const struct glm_gateway *gateway);

/* ---- pods.c ---- */

/* What the chart writes under the key on the pods, after the user's labels; NULL: nothing. */
const char *mesh_chart_label(struct glm_arena *arena, const struct glm_installation *installation,
                             const struct glm_gateway *gateway, const char *key);
/* All labels of the pods of the gateway, after overlays; unknown where only the cluster decides. */
const struct glm_value *mesh_pod_labels(struct glm_arena *arena,
                                        const struct glm_installation *installation,
                                        const struct glm_gateway *gateway);
bool mesh_is_active_somewhere(const struct glm_installation *installation); /* or may be */
/* True when gateways of the type may have a Service of ours in some cluster. */
bool mesh_makes_service(const struct glm_installation *installation,
                        const struct glm_gateways *gateways, enum glm_gateway_type type);

/* ---- profile.c ---- */

enum glm_profile_part {
    GLM_PROFILE_BASE = 1 << 0,
    GLM_PROFILE_PILOT = 1 << 1,
    GLM_PROFILE_CNI = 1 << 2,
    GLM_PROFILE_ZTUNNEL = 1 << 3,
    GLM_PROFILE_REMOTE = 1 << 4,
    GLM_PROFILE_INGRESS = 1 << 5, /* its own istio-ingressgateway */
    GLM_PROFILE_EGRESS = 1 << 6,
};
/* What a profile of Istio 1.23 turns on. Everything for one that is not known; known is set. */
unsigned mesh_profile_parts(const char *profile, bool *ret_known);
extern const char *const mesh_profile_names[];
extern const size_t mesh_profile_count;

#endif
