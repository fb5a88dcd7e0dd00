/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of src/mesh share and nobody else sees.
 */
#ifndef GLM_MESH_INTERNAL_H
#define GLM_MESH_INTERNAL_H

#include "glm/mesh.h"
#include "glm/spec.h"
#include "glm/text.h"

/* ---- gateways.c: the gateways a spec describes ---- */

enum glm_gateway_type { GLM_INGRESS, GLM_EGRESS };

struct glm_gateway {
    enum glm_gateway_type type;
    size_t index;                  /* in its list */
    const struct glm_value *value; /* the map */
    const char *name;              /* as written; NULL: none */
    const char *namespace_;        /* as written or the default */
    bool enabled;                  /* only `enabled: true` is */
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

void glm_gateways_read(struct glm_arena *arena, const struct glm_value *spec,
                       struct glm_gateways *ret_gateways);
const char *glm_gateway_list(enum glm_gateway_type type);   /* "ingressGateways" */
const char *glm_gateway_values(enum glm_gateway_type type); /* "istio-ingressgateway" */
/* components.ingressGateways[1] */
const char *glm_gateway_where(struct glm_arena *arena, const struct glm_gateway *gateway);
/* True when an overlay of the gateway changes what stands at a path with the word in it: it may put
 * right what would be wrong there. */
bool glm_gateway_is_patched(const struct glm_gateway *gateway, const char *word);
/* name + "-R", name when revisionless. */
const char *glm_suffixed(struct glm_arena *arena, const char *name, const char *revision);
/* True when the chart renders a Service for this gateway itself. */
bool glm_gateway_chart_service(const struct glm_gateways *gateways,
                               const struct glm_gateway *gateway);

/* ---- extent.c: how much it is ---- */

/* Levels of a spec: the objects made of it stay below GLM_VALUE_DEPTH. */
#define GLM_SPEC_DEPTH 180

/* In bytes, and in ret_each (may be NULL) what each cluster gets of it. */
size_t glm_extent(const struct glm_manager *manager, const struct glm_installation *installation,
                  const struct glm_mesh_config *config, size_t *ret_each);
/* The error for more than that in all. */
bool glm_extent_refuse(struct glm_arena *arena, const struct glm_manager *manager,
                       const struct glm_mesh_config *config, struct glm_diags *d);
bool glm_spec_depth_check(struct glm_spec_report *r, const struct glm_value *spec);

/* ---- effective.c: what overrides what ---- */

/* The places of a spec that the charts' values come from, each over the ones before. */
enum glm_layer {
    GLM_LAYER_SPEC,   /* hub, tag, revision, meshConfig, ...: fields with a name of their own */
    GLM_LAYER_VALUES, /* values */
    GLM_LAYER_UNVALIDATED, /* unvalidatedValues */
};

struct glm_setting {
    const struct glm_value *value; /* null: nobody says it */
    const char *where;             /* in the spec: "tag", "values.global.tag"; "" for nobody */
    enum glm_layer layer;
};

/* What counts at a path of the values ("global", "tag", NULL), and where it is written. */
struct glm_setting glm_setting(struct glm_arena *arena, const struct glm_value *spec, ...)
    __attribute__((sentinel));
/* What one layer alone says of the path. */
struct glm_setting glm_setting_in(struct glm_arena *arena, const struct glm_value *spec,
                                  enum glm_layer layer, ...) __attribute__((sentinel));
/* The same for a map that several layers have a part of: all of them together. */
const struct glm_value *glm_effective(struct glm_arena *arena, const struct glm_value *spec, ...)
    __attribute__((sentinel));

/* ---- chart.c: how the gateway charts see values ---- */

/* True when the charts use this profile's file: by the spec's own profile or by values.profile. */
bool glm_chart_profile_is(struct glm_arena *arena, const struct glm_value *spec,
                          const char *profile);
/* True when the pods of that type are made of an injection template. */
bool glm_is_injected(struct glm_arena *arena, const struct glm_value *spec,
                     enum glm_gateway_type type);

/* As a template prints it: true, 600, 1e+06. "" for null; NULL for lists, maps and unknowns, which
 * come out in Go's own notation. */
const char *glm_chart_text(struct glm_arena *arena, const struct glm_value *v);
#define GLM_UNREADABLE "nothing"
/* What YAML reads where a template writes before, text and after in one line: "a number",
 * GLM_UNREADABLE; NULL: a text, or null for an empty one. before begins with "x: " or "- ". */
const char *glm_chart_misread(struct glm_arena *arena, const char *before, const char *text,
                              const char *after);
/* The same for what stands without quotes where a label is made of it; but null is none, and what cannot
 * be read no label in the first place. */
const char *glm_chart_misread_label(struct glm_arena *arena, const char *text);
/* As `if` of a template has it: not null, false, 0, "", [] or {}. */
bool glm_chart_truthy(const struct glm_value *v);

/* ---- image.c: texts with a syntax; see glm_hub_fault ---- */

const char *glm_image_fault(struct glm_arena *arena, const char *image);
const char *glm_variant_fault(struct glm_arena *arena, const char *variant);
const char *glm_trust_domain_fault(struct glm_arena *arena, const char *domain);

/* ---- nulls.c ---- */

/* v without null entries of maps and null elements of lists; v itself when it has none. */
const struct glm_value *glm_without_nulls(struct glm_arena *arena, const struct glm_value *v);

/* ---- rules ---- */

struct glm_rules {
    struct glm_arena *arena;
    const struct glm_mesh_config *config;
    bool warn;
    struct glm_diags *d;
    struct glm_spec_report *reports; /* one for each installation: what is said about its spec */
};

/* rules_spec.c: one installation's spec. */
void glm_rules_spec(const struct glm_rules *rules, const struct glm_manager *manager,
                    const struct glm_installation *installation, struct glm_spec_report *report);
/* rules_image.c: hubs, tags and images, wherever they stand. */
void glm_rules_images(const struct glm_installation *installation,
                      const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_identity.c: who a gateway says it is: trust domain, mesh, cluster, revision. */
void glm_rules_identity(const struct glm_rules *rules, const struct glm_installation *installation,
                        const struct glm_gateways *gateways, struct glm_spec_report *report);
void glm_rules_shared_identity(const struct glm_rules *rules, const struct glm_manager *manager);
/* rules_mesh.c: fields of the mesh configuration that have to agree. */
void glm_rules_mesh(const struct glm_value *spec, struct glm_spec_report *report);
/* rules_env.c: variables of the container that come out twice. */
void glm_rules_env(const struct glm_rules *rules, const struct glm_installation *installation,
                   const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_unquoted.c: what the charts write without quotes. */
void glm_rules_unquoted(const struct glm_rules *rules, const struct glm_installation *installation,
                        const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_written.c: what the charts write into YAML as it is. */
void glm_rules_written(const struct glm_rules *rules, const struct glm_installation *installation,
                       const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_pod.c: volumes, containers and the like that values add to the pods. */
void glm_rules_pod(const struct glm_rules *rules, const struct glm_installation *installation,
                   const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_labels.c: labels and annotations; gateways that share their pods. */
void glm_rules_labels(const struct glm_rules *rules, const struct glm_installation *installation,
                      const struct glm_gateways *gateways, struct glm_spec_report *report);
void glm_rules_shared_pods(const struct glm_rules *rules, const struct glm_manager *manager);
/* rules_values.c: values of the gateway charts. */
void glm_rules_values(const struct glm_rules *rules, const struct glm_installation *installation,
                      const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_resources.c: what k8s.resources and k8s.env leave together with the chart's own. */
void glm_rules_resources(const struct glm_rules *rules, const struct glm_installation *installation,
                         const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_ports.c: the ports of each active Service. */
void glm_rules_ports(const struct glm_rules *rules, const struct glm_installation *installation,
                     const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_service.c: the Service that all of it makes together. */
void glm_rules_service(const struct glm_rules *rules, const struct glm_installation *installation,
                       const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_replicas.c: how many pods each gateway has. */
void glm_rules_replicas(const struct glm_rules *rules, const struct glm_installation *installation,
                        const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules_gateway.c: each gateway of it. */
void glm_rules_gateways(const struct glm_rules *rules, const struct glm_installation *installation,
                        const struct glm_gateways *gateways, struct glm_spec_report *report);
/* rules.c: across installations; sizes. */
void glm_rules_manager(const struct glm_rules *rules, const struct glm_manager *manager);

/* ---- overlay.c: see overlays.h for the rest of what is known about overlays ---- */

/* The overlays of a gateway for the IstioOperator: names of its own objects suffixed; those of the
 * Service left out when it is ours. Null when nothing is left. */
const struct glm_value *glm_overlays(struct glm_arena *arena, const struct glm_gateway *gateway,
                                     const char *revision, bool our_service);
/* True when the overlay is for the Service of the gateway. */
bool glm_overlay_is_service(const struct glm_value *overlay);
/* Our Service with the overlays of the gateway that are for it. False when a patch does not fit,
 * which the rules have refused. */
bool glm_overlay_service(struct glm_arena *arena, const struct glm_gateway *gateway,
                         const char *revision, const struct glm_value *service,
                         const struct glm_value **ret_service);

/* ---- references.c: where a gateway's own name can stand ---- */

#define GLM_NAME_LABEL "service.istio.io/canonical-name" /* the chart makes it of the name */

/* k8s of the gateway with references to its own objects suffixed like its name. chart_service: its
 * Service is the chart's, which bears the suffixed name. */
const struct glm_value *glm_own_references(struct glm_arena *arena,
                                           const struct glm_gateway *gateway, const char *revision,
                                           bool chart_service);
/* labels, the one that the chart makes of the gateway's name with the name that it has. */
const struct glm_value *glm_own_name_label(struct glm_arena *arena, const struct glm_value *spec,
                                           const struct glm_gateway *gateway,
                                           const struct glm_value *labels, const char *revision);
/* Any tree with the label that is made of the name, or selectors by it, in it: suffixed likewise. */
const struct glm_value *glm_own_selectors(struct glm_arena *arena,
                                          const struct glm_gateway *gateway, const char *revision,
                                          const struct glm_value *v);
/* True for a label of a selector that names the gateway, as every pod of it does. */
bool glm_names_the_gateway(const struct glm_gateway *gateway, const struct glm_pair *selected);

/* ---- service.c ---- */

/* The active Service of a gateway. */
const struct glm_value *glm_service_build(struct glm_arena *arena, const struct glm_value *spec,
                                          const struct glm_gateway *gateway, const char *revision);
/* What the user labels the gateway with: its own label over what values give to all of its type. */
const struct glm_value *glm_gateway_own_labels(struct glm_arena *arena,
                                               const struct glm_value *spec,
                                               const struct glm_gateway *gateway);
/* What the pods of the gateway are labelled with, without the revision. */
const struct glm_value *glm_gateway_labels(struct glm_arena *arena, const struct glm_value *spec,
                                           const struct glm_gateway *gateway);

/* ---- pods.c ---- */

/* What the chart writes under the key on the pods, after the user's labels; NULL: nothing. */
const char *glm_chart_label(struct glm_arena *arena, const struct glm_installation *installation,
                            const struct glm_gateway *gateway, const char *key);
/* All labels of the pods of the gateway, after overlays; unknown where only the cluster decides. */
const struct glm_value *glm_pod_labels(struct glm_arena *arena,
                                       const struct glm_installation *installation,
                                       const struct glm_gateway *gateway);
bool glm_is_active_somewhere(const struct glm_installation *installation); /* or may be */
/* True when gateways of the type may have a Service of ours in some cluster. */
bool glm_makes_service(const struct glm_installation *installation,
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
unsigned glm_profile_parts(const char *profile, bool *ret_known);
extern const char *const glm_profile_names[];
extern const size_t glm_profile_count;

#endif
