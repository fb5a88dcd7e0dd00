/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of src/render share and nobody else sees.
 *
 * From the document to objects: values.c merges profile and document into one tree of values, as Istio
 * does; view.c takes from it what one gateway is made of; one file per kind builds an object of that
 * view; patch.c lays k8s.* and its overlays over them; render.c is the walk.
 */
#ifndef GLM_RENDER_INTERNAL_H
#define GLM_RENDER_INTERNAL_H

#include "glm/render.h"
#include "glm/spec.h"
#include "glm/text.h"
#include "parts/parts.h"

/* ---- versions.c: what differs between releases ---- */

/* True from a release on (or up to one); the rows say which. */
enum render_switch {
    /* the charts */
    RENDER_COMMON_LABELS,       /* Helm's recommended labels on every object and on pods */
    RENDER_CANONICAL_INJECTED,  /* canonical name and revision on injected pods too */
    RENDER_DATAPLANE_MODE,      /* istio.io/dataplane-mode: none, on the Deployment and its pods */
    RENDER_GATEWAY_TAG,         /* a gateway's own tag reaches its image */
    RENDER_TRUST_BUNDLE,        /* the root certificate may come from a ClusterTrustBundle */
    RENDER_TRUST_BUNDLE_NAME,   /* ... of a name of one's own */
    RENDER_BUDGET_GUARD,        /* a PodDisruptionBudget for more than one replica only */
    RENDER_NETWORK_POLICY,      /* there is a NetworkPolicy */
    RENDER_POLICY_FROM_ANYBODY, /* ... whose rules say `from: []` */
    RENDER_SPARSE_RESOURCES,    /* resources without what is empty */
    RENDER_CPU_DIVISOR,         /* divisor: "1" for ISTIO_CPU_LIMIT */
    RENDER_CORE_DUMP,           /* an init container for core dumps */
    RENDER_VALUES_PLATFORM,     /* values.platform, beside values.global.platform */
    RENDER_PLATFORM_FILES,      /* ... which must be one that is known */
    RENDER_GLOBAL_PROFILE,      /* values.global.profile, beside values.profile */
    /* the pipeline around them: istioctl, until 1.23 the operator */
    RENDER_SCALE_IN_VALUES,  /* k8s.hpaSpec and replicaCount are seen by the charts */
    RENDER_ONE_BUDGET_LIMIT, /* maxUnavailable takes the place of the chart's minAvailable */
    RENDER_ON_BY_DEFAULT,    /* a gateway without `enabled` is on */
    RENDER_LISTS_REPLACED,   /* the document's gateways replace the profile's; before: by name */
    RENDER_SPEC_NAMESPACE,   /* spec.namespace is the namespace of gateways without one */
    RENDER_LABEL_ALWAYS,     /* `label` replaces the labels of values, even when it is empty */
    RENDER_RAW_SETTINGS,     /* k8s.* as written, null, "" and 0 too */
    RENDER_REPLICAS_ALWAYS,  /* k8s.replicaCount counts whatever values.*.autoscaleEnabled says */
    RENDER_TYPED_PORTS,      /* k8s.service is merged port by port, with the protocol written out */
    RENDER_LENIENT_OVERLAYS, /* an overlay that fits nothing is passed over */
    RENDER_LABEL_WITH_IMAGE, /* a gateway with a hub or tag must have a label */
    RENDER_SPEC_MESH_WINS, /* spec.meshConfig over values.meshConfig; before: the other way round */
    RENDER_NULL_COUNTS,    /* hub, tag, values and the like that are null are not as if absent */
    RENDER_SWITCHES,
    RENDER_PIPELINE = RENDER_SCALE_IN_VALUES, /* the first of the pipeline's */
};

struct render_release {
    struct part_number charts, pipeline; /* the same of a release; apart for other charts */
    const char *text;                    /* "1.30.3" */
    const char *chart_version;           /* "1.30.3", "1.0.0" */
    const char *hub, *tag;               /* what that build has where nobody says it */
};

/* False, having said why, when it is no version or none that the rows know. */
bool render_release_read(struct glm_arena *arena, const struct glm_render_request *request,
                         struct render_release *ret, struct glm_diags *d);
bool render_has(const struct render_release *release, enum render_switch which);

/* glm_render for a release that is made up. */
bool render_with(struct glm_arena *arena, const struct glm_render_request *request,
                 const struct render_release *release, struct glm_render_result *ret,
                 struct glm_diags *d);

/* ---- one call ---- */

struct render_gateway;

struct render_call {
    struct glm_arena *arena;
    struct render_release release;
    struct glm_spec_report *report;
    const struct glm_value *spec;     /* as written */
    const char *namespace_;           /* of gateways that have none */
    const struct glm_value *values;   /* for every chart: a map */
    size_t weight;                    /* values written out so far */
    const struct glm_value *lists[2]; /* by type: the gateways, the profile's too */
};

enum render_type_index { RENDER_INGRESS, RENDER_EGRESS, RENDER_TYPES };

struct render_type {
    const char *list;                 /* ingressGateways */
    const char *app;                  /* istio-ingressgateway: also its key below values.gateways */
    const char *istio;                /* ingressgateway */
    const char *component;            /* IngressGateways */
    const char *chart;                /* istio-ingress */
    const char *more_ports;           /* the values' ingressPorts */
    const struct glm_value *defaults; /* the values of its chart */
};
extern const struct render_type render_types[RENDER_TYPES]; /* defaults.c */

/* ---- profile.c: what the files that Istio ships say ---- */

struct render_profile {
    const char *name;
    bool ingress, egress;          /* has an istio-ingressgateway, an istio-egressgateway */
    const char *chart, *old_chart; /* the charts' profile it names; until 1.23; NULL: none */
    const char *platform;          /* since 1.24; NULL: none */
};
/* NULL: there is none of that name. */
const struct render_profile *render_profile(const char *name);
const char *render_profile_nearest(const char *name);
/* What the charts' files for the values' profile, compatibility version and platform say, in this order. */
bool render_chart_files(struct render_call *call, const struct glm_value **ret_values);

/* ---- values.c ---- */

/* Fills spec, namespace_, values and lists of the call. False, having said why, when something in it has no
 * meaning. */
bool render_values(struct render_call *call, const struct glm_value *document);

/* ---- check.c: what is refused ---- */

bool render_check_document(struct render_call *call, const struct glm_value *document);
/* The spec by itself, and then the gateways that profile and values turn on. */
bool render_check_spec(struct render_call *call);
bool render_check_gateways(struct render_call *call);
/* ---- ends.c: what the templates of a chart end at ---- */

bool render_check_view(struct render_call *call, const struct render_gateway *g);

/* ---- idle.c: what has no effect ---- */

void render_say_idle(struct render_call *call);

/* ---- view.c: what one gateway is made of ---- */

struct render_gateway {
    struct glm_arena *arena;
    const struct render_release *release;
    const struct render_type *type;
    const char *where;             /* components.ingressGateways[0] */
    const struct glm_value *entry; /* that map */
    const struct glm_value *k8s;   /* a map or null */
    const char *name, *namespace_;
    const struct glm_value *values;   /* of its chart: all of them */
    const struct glm_value *own;      /* values.gateways.istio-ingressgateway */
    const struct glm_value *global;   /* values.global */
    const struct glm_value *labels;   /* of selectors: the chart's and the user's */
    const struct glm_value *revision; /* "" when revisionless */
    bool injected;                    /* the pod is a template for the injector */
    bool autoscaled, root;
    bool says_autoscaled; /* the values of the document themselves say so */
};

/* The gateway at that place of its list. files: of render_chart_files. */
void render_view(struct render_call *call, const struct glm_value *files,
                 enum render_type_index type, size_t index, struct render_gateway *ret);
/* True when Istio makes objects of it at all. */
bool render_is_on(const struct render_call *call, enum render_type_index type,
                  const struct glm_value *entry);

/* "NAME", "NAME-sds" */
const struct glm_value *render_named(const struct render_gateway *g, const char *suffix);
/* "istio", "istio-1-30" */
const struct glm_value *render_revisioned(const struct render_gateway *g, const char *name);

/* ---- labels.c ---- */

/* user: the user's own are in it, too. Those of the chart win. */
const struct glm_value *render_metadata_labels(const struct render_gateway *g, bool user,
                                               const struct part_field *more);
const struct glm_value *render_pod_labels(const struct render_gateway *g);
/* metadata of an object: name + suffix, namespace, labels. */
const struct glm_value *render_metadata(const struct render_gateway *g, const char *suffix,
                                        const struct glm_value *labels,
                                        const struct glm_value *annotations);

/* ---- one file per kind: NULL when this gateway has none ---- */

const struct glm_value *render_account(const struct render_gateway *g);
const struct glm_value *render_role(const struct render_gateway *g);
const struct glm_value *render_binding(const struct render_gateway *g);
const struct glm_value *render_deployment(const struct render_gateway *g);
const struct glm_value *render_autoscaler(const struct render_gateway *g);
const struct glm_value *render_budget(const struct render_gateway *g);
const struct glm_value *render_policy(const struct render_gateway *g);
const struct glm_value *render_service(const struct render_gateway *g);

/* ---- parts of the Deployment ---- */

const struct glm_value *render_pod(const struct render_gateway *g);
const struct glm_value *render_image(const struct render_gateway *g);
const struct glm_value *render_containers(const struct render_gateway *g);
const struct glm_value *render_env(const struct render_gateway *g);
const struct glm_value *render_volumes(const struct render_gateway *g);
const struct glm_value *render_mounts(const struct render_gateway *g);
const struct glm_value *render_affinity(const struct render_gateway *g);
const struct glm_value *render_resources(const struct render_gateway *g);
/* One for each port of the Service, and that of the metrics. */
const struct glm_value *render_container_ports(const struct render_gateway *g);
/* targetPort, or port where that says nothing. */
const struct glm_value *render_target(const struct render_gateway *g, const struct glm_value *port);

/* ---- patch.c, strategic.c: k8s.* ---- */

/* How one list or map below a patch is merged, where not as maps by key and the rest replaced. */
struct render_rule {
    const char *keyed;    /* a list whose elements are told apart by `name` */
    const char *replaced; /* a map that is replaced as a whole */
};
/* Kubernetes' strategic merge: over laid over base, null removes. rule: NULL for none. */
const struct glm_value *render_strategic(struct glm_arena *arena, const struct glm_value *base,
                                         const struct glm_value *over,
                                         const struct render_rule *rule);
/* v without null entries of maps and without maps that are directives, at any depth; NULL when it is one
 * itself: what a strategic merge makes of a part that was not there. */
const struct glm_value *render_taken(struct glm_arena *arena, const struct glm_value *v);
/* The object with everything of k8s.* that is meant for it, without overlays. */
const struct glm_value *render_patched(const struct render_gateway *g,
                                       const struct glm_value *object);
/* The overlays, over all objects of the gateway; entries of NULL are no objects. */
bool render_overlaid(struct render_call *call, const struct render_gateway *g,
                     const struct glm_value **objects, size_t count);

/* ---- shorthand ---- */

static inline const struct glm_value *render_str(const struct render_gateway *g, const char *text)
{
    return glm_string(g->arena, text);
}
/* v printed, when there is anything to print. */
static inline const struct glm_value *render_if(const struct render_gateway *g,
                                                const struct glm_value *v)
{
    return glm_chart_truthy(v) ? part_string(g->arena, v) : NULL;
}
/* v itself, when there is anything in it. */
static inline const struct glm_value *render_any(const struct glm_value *v)
{
    return glm_chart_truthy(v) ? v : NULL;
}

#endif
