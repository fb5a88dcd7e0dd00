/* SPDX-License-Identifier: Apache-2.0
 *
 * Mesh: what a gateway installation is, its rules, and its translation into Kubernetes objects.
 *
 * What:   pure functions from values to values: no I/O, no clock, no network, same answer twice.
 * Owner:  results live in the arena given and may point into the inputs, which must live as long.
 * Errors: every mistake is reported, with its attribute path and, inside a spec, line and column.
 * Source: the GatewayLifecycleManager API reference; the IstioOperator API of Istio 1.23.
 * Words:  R is the resolved gateway revision ("" when revisionless), C the control-plane revision.
 */
#ifndef GLM_MESH_H
#define GLM_MESH_H

#include "glm/diag.h"
#include "glm/value.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what the provider's configuration contributes ---- */

enum glm_place_kind {
    GLM_PLACE_UNKNOWN,   /* configured, but how it is reached is not known yet */
    GLM_PLACE_DIRECTORY, /* files */
    GLM_PLACE_LIVE,      /* an API server */
};

struct glm_cluster_config {
    const char *name;
    enum glm_place_kind place;
    const char *operator_namespace; /* template, may hold "{revision}"; NULL: not known yet */
    const char *installer;          /* by name; NULL: the default */
    bool rendered; /* by an installer that makes the objects of a spec itself (glm/installer.h) */
    bool any_installer; /* whether it is one of those is not known */
    bool decommissioned;
};

/* What the rules on one spec look at besides its text. */
struct glm_spec_use {
    const char *revision;      /* R; NULL: nothing has been held against the rules */
    const char *control_plane; /* C */
    bool active;               /* some cluster is active, or may be */
    bool on_by_default;        /* as in struct glm_installation */
    bool network;              /* some cluster has a network of its own, or may have */
    uint64_t languages;        /* that the spec is held against; there in any case */
};

/* Specs that were read before and had nothing wrong or to warn of against the tables: validation,
 * plan and apply read the same text, most often in one process. Any thread. */
struct glm_spec_memory {
    /* The spec of exactly this text, borrowed; NULL when it is not remembered. *ret_quiet: the use
     * in which the rules on one spec had nothing to say either. */
    const struct glm_value *(*recall)(struct glm_spec_memory *memory, const char *text, size_t len,
                                      struct glm_spec_use *ret_quiet);
    /* The first one that is kept of a text stays. */
    void (*keep)(struct glm_spec_memory *memory, const char *text, size_t len,
                 const struct glm_value *spec, const struct glm_spec_use *quiet);
};

struct glm_mesh_config {
    bool known; /* false: the set of clusters is not known yet; nothing is checked against it */
    const struct glm_cluster_config *clusters; /* sorted by name */
    size_t cluster_count;
    /* The provider's own, of clusters that have none, and of nobody (glm_nobody); as in a cluster's. */
    const char *operator_namespace;
    /* default_distribution: null when not configured, unknown when not known yet, else a map with
     * revision, hub, tag (strings, hub and tag may be null). */
    const struct glm_value *default_distribution;
    struct glm_spec_memory *memory; /* NULL: nothing is remembered */
};

const struct glm_cluster_config *glm_mesh_cluster(const struct glm_mesh_config *config,
                                                  const char *name);

/* ---- the resource, read ---- */

struct glm_placement {
    const char *cluster;                  /* NULL: nobody's */
    const struct glm_value *active;       /* BOOL or UNKNOWN (null has become false) */
    const struct glm_value *trust_domain; /* STRING, NULL or UNKNOWN */
    const struct glm_value *network;      /* STRING, NULL or UNKNOWN */
};

struct glm_installation {
    const char *key;              /* the map key */
    const char *written_revision; /* gateway_revision as written or the key; NULL: unknown */
    const char *revision;         /* R; NULL: unknown or in error */
    const char *control_plane;    /* C; NULL: unknown or in error */
    bool control_plane_written;   /* control_plane_revision was given */
    const struct glm_value *istio_version; /* STRING, NULL or UNKNOWN */
    /* BOOL or UNKNOWN: a gateway that does not say whether it is enabled is; since Istio 1.24. */
    const struct glm_value *on_by_default;
    const struct glm_value *skip_upgrade_validation; /* BOOL or UNKNOWN */
    const struct glm_value *spec_text; /* istio_operator_spec as given: STRING, NULL or UNKNOWN */
    const struct glm_value *spec;      /* decoded: MAP; UNKNOWN; NULL when in error or not given */
    bool spec_remembered;              /* held against the tables before, with nothing to say */
    struct glm_spec_use spec_quiet;    /* and against the rules, in this use */
    bool spec_bare;                    /* the text is the spec and nothing else */
    /* In the place of the spec, which is the null value then (glm/chart_values.h): as given, STRING, NULL or
     * UNKNOWN; decoded, MAP, UNKNOWN, or NULL when in error. values_text NULL: it has the other form. */
    const struct glm_value *values_text, *values;
    /* What comes of the values; NULL: not known. The gateway's name without a suffix, the account of its pods,
     * and the labels that its Deployment selects. */
    const char *gateway, *account;
    const struct glm_value *selector;
    bool clusters_known;              /* false: the map of clusters is unknown */
    struct glm_placement *placements; /* sorted by cluster */
    size_t placement_count;
};

struct glm_manager {
    const char *name;       /* NULL: unknown */
    const char *namespace_; /* NULL: unknown */
    bool installations_known;
    struct glm_installation *installations; /* sorted by key */
    size_t installation_count;
    const struct glm_value *helm_global; /* as configured: null, unknown or a map */
};

/* Reads the attributes of the resource (name, namespace, installations, helm_global; defaults
 * filled in or not) and checks everything that can be known from them: design rules on names,
 * revisions, uniqueness, the spec against the IstioOperator API, clusters against config.
 * ret_manager is set even when it returns false: whatever was in error is NULL in it.
 * warn: also the warnings (plan wants them; validation runs several times and does not). */
bool glm_manager_read(struct glm_arena *arena, const struct glm_value *attributes,
                      const struct glm_mesh_config *config, bool warn,
                      struct glm_manager **ret_manager, struct glm_diags *d);

/* What warnings about a resource end with: its name, with the namespace where that is not the usual
 * one, and its clusters as far as they are known: "ingress in east and 7 more". NULL when the name
 * is not known yet. */
const char *glm_manager_label(struct glm_arena *arena, const struct glm_value *attributes);

/* The spec in a text that glm_manager_read takes for one: bare, or in a whole IstioOperator. Texts
 * with equal specs mean the same. False, without a word, for every other text. */
bool glm_spec_decode(struct glm_arena *arena, const char *text, size_t len,
                     const struct glm_value **ret_spec);

/* The attributes that speak of an installation, and of it in one cluster. */
#define GLM_AT_INSTALLATION(key_) GLM_AT_KEY(GLM_AT_ATTR(NULL, "installations"), (key_))
#define GLM_AT_PLACEMENT(key_, cluster_)                                                           \
    GLM_AT_KEY(GLM_AT_ATTR(GLM_AT_INSTALLATION(key_), "clusters"), (cluster_))

/* The attribute that says what it is made of: "istio_operator_spec" or "gateway_chart_values"; what stands there, as
 * given; and decoded: MAP, UNKNOWN, or NULL. */
const char *glm_installation_form(const struct glm_installation *installation);
const struct glm_value *glm_installation_text(const struct glm_installation *installation);
const struct glm_value *glm_installation_input(const struct glm_installation *installation);
/* True when its revision, hub and tag come from default_distribution. */
bool glm_installation_is_auto(const struct glm_installation *installation);
/* Whether a text is a version as users write it, "1.30.3" or "1.30". what: what they call it; at: its attribute,
 * NULL: it is in none. */
bool glm_istio_version_check(struct glm_arena *arena, const char *what, const char *text,
                             size_t len, const struct glm_path *at, struct glm_diags *d);
/* The version of Istio that its gateways are of: "1.30.3", or "1.30" where no more is said. Its own istio_version,
 * else what the tag of its gateways begins with, else that of default_distribution. UNKNOWN while that is not known
 * yet; the null value when nothing says one: a digest, "latest". Never asked of a cluster. */
const struct glm_value *glm_installation_version(struct glm_arena *arena,
                                                 const struct glm_mesh_config *config,
                                                 const struct glm_installation *installation);
/* The key of R in status, and in what istio_operators renders: R, or "default" when revisionless. */
const char *glm_revision_key(const char *revision);
/* operator namespace for C: "{revision}" replaced; with an empty C dropped with the "-" before. */
const char *glm_operator_namespace(struct glm_arena *arena, const char *template_, const char *c);

/* ---- translation ---- */

struct glm_service {
    const char *key; /* "namespace/name" as in the attribute `services` */
    const struct glm_value *object;
};

/* What one cluster gets for one installation. Unknown parts are unknown values. */
struct glm_rendering {
    const char *cluster;                    /* NULL: nobody */
    const char *revision;                   /* R */
    const struct glm_value *istio_operator; /* whole object without labels of ownership and
                                                annotations; UNKNOWN when it cannot be known yet */
    bool services_known;                    /* false: active_gateway or the spec is unknown */
    const struct glm_service *services;     /* sorted by key; the active ones only */
    size_t service_count;
    const char *const *namespaces; /* that must exist; sorted, unique */
    size_t namespace_count;
};

/* One installation in one cluster, or for nobody. The manager must have been read without errors.
 * R and C must be known. */
bool glm_translate(struct glm_arena *arena, const struct glm_manager *manager,
                   const struct glm_installation *installation,
                   const struct glm_placement *placement, const struct glm_mesh_config *config,
                   struct glm_rendering **ret_rendering, struct glm_diags *d);

/* A placement that no cluster has: active, and without what comes from a cluster's entries: its name, its
 * trust domain, its operator namespace. What an installation makes of it is what all clusters have in
 * common, by definition; what a cluster gets that is not the same (glm/difference.h) is its own, and depends
 * on no other cluster. */
extern const struct glm_placement glm_nobody;

/* v without null entries of maps and null elements of lists; v itself when it has none: to an operator and
 * to most fields of an API server a null is as good as nothing, and no object of ours has one. */
const struct glm_value *glm_without_nulls(struct glm_arena *arena, const struct glm_value *v);

/* spec as a cluster of this network has it: in values.global.network, and wherever the spec says one itself
 * (labels, variables, patches of them). spec when network is null. */
const struct glm_value *glm_network_spec(struct glm_arena *arena, const struct glm_value *spec,
                                         const struct glm_value *network);

/* True when the gateway chart of a type ("istio-ingressgateway") is told to make no Service. spec: of
 * an IstioOperator. */
bool glm_custom_service(struct glm_arena *arena, const struct glm_value *spec, const char *type);

/* ---- ownership: what goes onto an object on its way to a cluster, and back ---- */

#define GLM_LABEL_MANAGED_BY "app.kubernetes.io/managed-by"
#define GLM_MANAGED_BY "terraform-provider-glm"
#define GLM_LABEL_NAME "terraform-provider-glm/name"
#define GLM_LABEL_NAMESPACE "terraform-provider-glm/namespace"
#define GLM_LABEL_CLUSTER "terraform-provider-glm/cluster"
#define GLM_LABEL_REVISION "terraform-provider-glm/revision"
#define GLM_ANNOTATION_VIEW "terraform-provider-glm/installation"
#define GLM_ANNOTATION_MAX_BYTES 262144 /* all annotations of one object, the API server's limit */

/* How much one resource may be, every spec written out for every cluster, as its state has it in
 * JSON; and how much all its clusters may bring into that state. An apply's request has it once in the prior and once in the planned state, and the specs once
 * more in the configuration: together less than the 256 MiB that a message may have. */
#define GLM_EXTENT_MAX ((size_t)64 << 20)
/* Bytes of a text of the attributes in that JSON, as Terraform writes it. */
size_t glm_extent_of_text(const char *text, size_t len);

/* This cluster's own view of an installation, as the text of the annotation: map key,
 * gateway_revision and control_plane_revision as written, own cluster entry, helm_global, skip
 * flag, istio_version where it is given, spec; of values of the chart, `form` and these for the spec. Compressed above 32 KiB. An error above the API's limit. */
bool glm_view_text(struct glm_arena *arena, const struct glm_manager *manager,
                   const struct glm_installation *installation,
                   const struct glm_placement *placement, const char **ret_text,
                   struct glm_diags *d);
/* The reverse, from an object found: a map {key, gateway_revision, control_plane_revision,
 * cluster = {active_gateway, trust_domain, network}, helm_global, skip_upgrade_validation, istio_version, form, spec}
 * (istio_version, form and network where they are given), the spec, or the values in its place,
 * as JSON text: of all forms the one that Terraform writes into generated configuration readably.
 * left: bytes that this text, and those after it, may be unpacked to; what was is taken off. False:
 * it is no such text, or more. */
bool glm_view_read(struct glm_arena *arena, const char *text, size_t *left,
                   const struct glm_value **ret_view);

/* True for a view as glm_view_read gives it: each part that there is, of its type. */
bool glm_view_is(const struct glm_value *view);

/* object with the owner labels, that of the revision when not NULL, and the view as annotation likewise. */
const struct glm_value *glm_own(struct glm_arena *arena, const struct glm_value *object,
                                const char *name, const char *namespace_, const char *cluster,
                                const char *revision, const char *view);
/* The reverse: object without owner labels and our annotation (empty maps that leaves are gone
 * too), as a manifest has it. */
const struct glm_value *glm_disown(struct glm_arena *arena, const struct glm_value *object);

enum glm_owner { GLM_OWNER_US, GLM_OWNER_OTHER_RESOURCE, GLM_OWNER_FOREIGN };
/* Whose object is it, by its labels; ret_owner (may be NULL): "namespace/name" of the resource, with the cluster
 * where that alone is another. Labels of ours of which one is gone prove nothing: foreign. */
enum glm_owner glm_owner_of(struct glm_arena *arena, const struct glm_value *object,
                            const char *name, const char *namespace_, const char *cluster,
                            const char **ret_owner);

/* The installation as this resource would write it, from an object that carries no view:
 * {key, gateway_revision, control_plane_revision, cluster = {...}, spec (text)}; best effort.
 * service: the un-suffixed Service that selects it, or NULL. */
const struct glm_value *glm_untranslate(struct glm_arena *arena, const char *cluster,
                                        const struct glm_value *istio_operator,
                                        const struct glm_value *service);

/* ---- states: the API's own numbers and names ---- */

enum glm_state {
    GLM_STATE_PENDING = 0,
    GLM_STATE_FAILED = 1,
    GLM_STATE_NO_CONTROL_PLANE_AVAILABLE = 2,
    GLM_STATE_INSTALLING_GATEWAY = 3,
    GLM_STATE_HEALTHY = 4,
    GLM_STATE_UNHEALTHY = 5,
    GLM_STATE_ACTION_REQUIRED = 6,
    GLM_STATE_UPDATING_GATEWAY = 7,
    GLM_STATE_RECONCILING_GATEWAY = 8,
    GLM_STATE_UNKNOWN = 9,
    GLM_STATE_UNINSTALLING_GATEWAY = 10,
    GLM_STATE_UNINSTALLED_GATEWAY = 11,
    GLM_STATE_INSTALL_PENDING = 12,
    GLM_STATES, /* how many there are */
};
const char *glm_state_name(enum glm_state state);

#ifdef __cplusplus
}
#endif
#endif
