/* SPDX-License-Identifier: Apache-2.0
 *
 * No quadratic places: a resource over directories that grows in one dimension, as Terraform has it
 * validated, planned, applied and read. Time must grow in proportion.
 *
 * GLM_GROWTH in the environment prints every slope of the dimensions that it names ("*": of all).
 */
#define DISPATCH_REAL_TYPES
#include "dispatch_call.h"

#include "folder.h"
#include "growth.h"
#include "schemas.h"

#include <stdlib.h>

/* ---- what grows ---- */

/* The parts of a resource; each function writes what is to be of size n. */
struct dimension {
    const char *name;
    void (*k8s)(struct glm_text *t, size_t n);       /* below k8s of the gateway, indented by 6 */
    void (*gateway)(struct glm_text *t, size_t n);   /* of the gateway, indented by 4 */
    void (*gateways)(struct glm_text *t, size_t n);  /* more elements of ingressGateways */
    void (*top)(struct glm_text *t, size_t n);       /* of the spec */
    void (*whole)(struct glm_text *t, size_t n);     /* the spec itself */
    bool clusters, installations, provider_clusters; /* as many as n */
    bool refused;                                    /* the spec has mistakes: nothing is planned */
    bool active;                                     /* active_gateway, which makes a Service */
    bool planned;                                    /* and no more */
    size_t least, most;
};

#define EACH(format_)                                                                              \
    for (size_t i = 0; i < n; i++)                                                                 \
    glm_text_addf(t, format_, i)

static void labels(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "    label:\n");
    EACH("      label-%06zu: value\n");
}
static void annotations(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "      podAnnotations:\n");
    EACH("        example.com/annotation-%06zu: value\n");
    glm_text_adds(t, "      serviceAnnotations:\n");
    EACH("        example.com/annotation-%06zu: value\n");
}
static void environment(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "      env:\n");
    EACH("      - {name: VARIABLE_%06zu, value: text}\n");
}
/* One container port and one port of the nodes for all. */
static void ports_twice(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "      service:\n        ports:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(t, "        - {name: p%zu, port: %zu, targetPort: 8443, nodePort: 30443}\n",
                      i, 1 + i % 65000);
}

static void ports(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "      service:\n        ports:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(t, "        - {name: p%zu, port: %zu, targetPort: %zu}\n", i, 1 + i % 65000,
                      1 + i % 65000);
}
static void source_ranges(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "      service:\n        ports: [{name: a, port: 80}]\n"
                     "        loadBalancerSourceRanges:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(t, "        - 10.%zu.%zu.0/24\n", i / 256 % 256, i % 256);
}
static void overlays(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "      overlays:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(t,
                      "      - kind: Deployment\n        name: edge\n        patches:\n        - "
                      "{path: spec.template.metadata.annotations.key%zu, value: text}\n",
                      i);
}
static void patches(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "      overlays:\n      - kind: Deployment\n        name: edge\n        "
                     "patches:\n");
    EACH("        - {path: spec.template.metadata.annotations.key%06zu, value: text}\n");
}
static void patches_of_the_service(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "      service:\n        ports: [{name: a, port: 80}]\n      overlays:\n      "
                     "- kind: Service\n        name: edge\n        patches:\n");
    /* The last come first: each is put before all that are there. */
    for (size_t i = n; i-- > 0;)
        glm_text_addf(t, "        - {path: metadata.annotations.key%06zu, value: text}\n", i);
}
static void tolerations(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "      tolerations:\n");
    EACH("      - {key: key-%06zu, operator: Exists, effect: NoSchedule}\n");
}
static void selector(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "      nodeSelector:\n");
    EACH("        example.com/key-%06zu: value\n");
}
static void gateways(struct glm_text *t, size_t n)
{
    for (size_t i = 0; i < n; i++)
        glm_text_addf(t,
                      "  - name: edge-%06zu\n    namespace: gateways-%zu\n    enabled: true\n"
                      "    label: {istio: ingress-%zu, app: ingress-%zu}\n",
                      i, i, i, i);
}
static void keys(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "unvalidatedValues:\n  own:\n");
    EACH("    key-%06zu: value\n");
}
static void metadata_of_proxies(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "meshConfig:\n  defaultConfig:\n    proxyMetadata:\n");
    EACH("      KEY_%06zu: value\n");
}
static void elements(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "unvalidatedValues:\n  own:\n");
    EACH("  - element-%06zu\n");
}
/* In block style: in flow style libyaml itself looks at every level that is open for each token, which
 * is why there is a ceiling of depth. */
static void depth(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "unvalidatedValues:\n  own:\n");
    for (size_t k = 0; k < 400; k++) {
        glm_text_adds(t, "  ");
        for (size_t i = 0; i < n; i++)
            glm_text_adds(t, "- ");
        glm_text_addf(t, "an-element-%zu\n", k * k);
    }
}
static void plain_text(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "unvalidatedValues:\n  own: ");
    for (size_t i = 0; i < n; i++)
        glm_text_adds(t, "word ");
    glm_text_adds(t, "end\n");
}
static void lines_of_text(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "unvalidatedValues:\n  own: |\n");
    EACH("    line %06zu\n");
}
static void escapes(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "unvalidatedValues:\n  own: \"");
    for (size_t i = 0; i < n; i++)
        glm_text_adds(t, "\\u00e9\\n");
    glm_text_adds(t, "\"\n");
}
static void aliases(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "unvalidatedValues:\n  one: &one {a: b}\n  own:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_adds(t, "  - *one\n");
}
static void anchors(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "unvalidatedValues:\n  own:\n");
    EACH("  - &anchor%zu text\n");
}
static void merges(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "unvalidatedValues:\n  one: &one {a: b}\n  own:\n");
    EACH("  - {<<: *one, k: v%zu}\n");
}
static void merged_maps(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "unvalidatedValues:\n  all:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(t, "  - &m%zu {k%zu: v}\n", i, i);
    glm_text_adds(t, "  own:\n    <<: [");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(t, "%s*m%zu", i ? ", " : "", i);
    glm_text_adds(t, "]\n");
}
static void comments(struct glm_text *t, size_t n)
{
    EACH("# a line that says nothing, of which there are many: %06zu\n\n");
}
static void documents(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: "
                     "{components: {ingressGateways: [{name: edge, enabled: true}]}}\n");
    EACH("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c%06zu}\n");
}
static void mistakes(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "      env:\n");
    EACH("      - {name: VARIABLE_%06zu, value: [1]}\n");
}
static void same_names(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "      env:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_adds(t, "      - {name: VARIABLE, value: text}\n");
}
static void unknown_keys(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "      resources:\n");
    EACH("        nothing%06zu: 1\n");
}
static void warnings(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "values:\n  global:\n");
    EACH("    nothing%06zu: 1\n");
}
static void warnings_in_one_line(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "{\"components\": {\"ingressGateways\": [{\"name\": \"edge\", \"enabled\": "
                     "true}]}, \"values\": {\"global\": {\"proxy\": {}");
    EACH(", \"nothing%06zu\": 1");
    glm_text_adds(t, "}}}");
}
static void mistakes_in_one_line(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "{\"components\": {\"ingressGateways\": [{\"name\": \"edge\", \"enabled\": "
                     "true, \"k8s\": {\"env\": [{\"name\": \"A\"}");
    EACH(", {\"name\": \"V%06zu\", \"value\": [1]}");
    glm_text_adds(t, "]}}]}}");
}
static void misfits(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "      overlays:\n      - kind: Deployment\n        name: edge\n        "
                     "patches:\n");
    EACH("        - {path: kind.a%06zu, value: text}\n");
}
static void duplicate_keys(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "unvalidatedValues:\n  own:\n");
    for (size_t i = 0; i < n; i++)
        glm_text_addf(t, "    key%zu: 1\n    key%zu: 1\n", i, i);
}
static void hosts_of_the_mesh(struct glm_text *t, size_t n)
{
    glm_text_adds(
        t, "meshConfig:\n  serviceSettings:\n  - settings: {clusterLocal: true}\n    hosts:\n");
    EACH("    - \"*.n%06zu.svc.cluster.local\"\n");
}
static void extension_providers(struct glm_text *t, size_t n)
{
    glm_text_adds(t, "meshConfig:\n  extensionProviders:\n");
    EACH("  - {name: p%06zu, zipkin: {service: a.b, port: 9411}}\n");
}

static const struct dimension dimensions[] = {
    {.name = "labels", .gateway = labels, .active = true},
    {.name = "annotations", .k8s = annotations, .active = true},
    {.name = "variables", .k8s = environment},
    {.name = "ports", .k8s = ports, .active = true},
    {.name = "ranges of a load balancer", .k8s = source_ranges, .active = true},
    /* From where they are compressed in the annotation on: what that begins with takes its time. */
    {.name = "overlays", .k8s = overlays, .least = 800},
    {.name = "patches of an overlay", .k8s = patches},
    {.name = "patches of the Service", .k8s = patches_of_the_service, .active = true},
    {.name = "tolerations", .k8s = tolerations},
    {.name = "node selector", .k8s = selector},
    {.name = "gateways", .gateways = gateways, .least = 40, .most = 640},
    {.name = "keys of a map", .top = keys},
    {.name = "proxy metadata", .top = metadata_of_proxies},
    {.name = "hosts of the mesh", .top = hosts_of_the_mesh},
    {.name = "extension providers", .top = extension_providers},
    {.name = "elements of a list", .top = elements},
    {.name = "depth", .top = depth, .planned = true, .least = 20, .most = 160},
    {.name = "a text of one line", .top = plain_text},
    {.name = "a text of many lines", .top = lines_of_text},
    {.name = "escapes in a text", .top = escapes},
    {.name = "aliases", .top = aliases},
    {.name = "anchors", .top = anchors},
    {.name = "merge keys", .top = merges},
    {.name = "maps that are merged", .top = merged_maps},
    {.name = "comments", .top = comments},
    {.name = "documents", .whole = documents},
    {.name = "mistakes", .k8s = mistakes, .refused = true},
    {.name = "ports that are there twice", .k8s = ports_twice, .refused = true},
    {.name = "elements of one name", .k8s = same_names, .refused = true},
    {.name = "unknown keys", .k8s = unknown_keys, .refused = true},
    {.name = "keys that are there twice", .top = duplicate_keys, .refused = true},
    {.name = "patches that do not fit", .k8s = misfits},
    {.name = "mistakes in one line", .whole = mistakes_in_one_line, .refused = true},
    {.name = "warnings", .top = warnings},
    {.name = "warnings in one line", .whole = warnings_in_one_line},
    {.name = "clusters of an installation", .clusters = true, .active = true, .least = 5},
    {.name = "clusters of the provider", .provider_clusters = true, .least = 20},
    {.name = "installations", .installations = true, .least = 5},
};

/* ---- one run ---- */

static const char *spec_of(struct glm_arena *arena, const struct dimension *d, size_t n)
{
    struct glm_text t;
    glm_text_init(&t, arena, (size_t)1 << 30);
    if (d->whole) {
        d->whole(&t, n);
        return t.data;
    }
    glm_text_adds(&t, "profile: empty\nhub: registry.example/istio\ntag: 1.24.3\n");
    if (d->top)
        d->top(&t, n);
    glm_text_adds(&t, "components:\n  ingressGateways:\n  - name: edge\n    namespace: gateways\n"
                      "    enabled: true\n");
    if (d->gateway)
        d->gateway(&t, n);
    if (d->k8s) {
        glm_text_adds(&t, "    k8s:\n");
        d->k8s(&t, n);
    }
    if (d->gateways)
        d->gateways(&t, n);
    return t.data;
}

static const struct glm_value *clusters_of(struct glm_arena *arena, size_t first, size_t count,
                                           const struct glm_value *entry, const char *folder)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = first; i < first + count; i++) {
        const char *name = glm_sprintf(arena, "c%05zu", i);
        const struct glm_value *v = entry;
        if (folder)
            v = glm_with(arena, &glm_empty_map, "directory",
                         glm_stringf(arena, "%s/%s", folder, name));
        glm_map_append(&b, name, 0, 0, v);
    }
    return glm_map_finish(&b, NULL);
}

static const struct glm_value *resource_of(struct glm_arena *arena, const struct dimension *d,
                                           size_t n)
{
    const struct glm_value *spec = glm_string(arena, spec_of(arena, d, n));
    const struct glm_value *entry =
        glm_with(arena, &glm_empty_map, "active_gateway", glm_bool(d->active));
    size_t installations = d->installations ? n : 1;
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    for (size_t i = 0; i < installations; i++) {
        const struct glm_value *v = glm_with(
            arena, &glm_empty_map, "clusters",
            clusters_of(arena, d->installations ? i / 4 : 0, d->clusters ? n : 1, entry, NULL));
        glm_map_append(&b, glm_sprintf(arena, "1-24-%05zu", i), 0, 0,
                       glm_with(arena, v, "istio_operator_spec", spec));
    }
    const struct glm_value *v = glm_with(arena, &glm_empty_map, "name", glm_string(arena, "edge"));
    return glm_with(arena, v, "installations", glm_map_finish(&b, NULL));
}

static void no_errors(const struct dimension *d, const char *stage, size_t count,
                      Tfplugin6__Diagnostic *const *diags, bool refused)
{
    size_t errors = 0;
    for (size_t i = 0; i < count; i++) {
        errors += diags[i]->severity == TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR;
        if (errors && !refused)
            fail_msg("%s, %s: %s: %.2000s", d->name, stage, diags[i]->summary, diags[i]->detail);
    }
    if (refused && !errors)
        fail_msg("%s, %s: no error", d->name, stage);
}

struct resource {
    struct glm_arena *arena;
    const struct dimension *d;
    char *type_name;
    Tfplugin6__DynamicValue *config, *nothing, *state;
    const struct glm_value *provider_config;
    ProtobufCBinaryData private;
    double *seconds;
};

enum stage { CONFIGURE, VALIDATE, PLAN, APPLY, READ, PLAN_AGAIN };

static const void *timed(struct resource *r, enum stage stage, const char *name,
                         const ProtobufCMessage *request,
                         const ProtobufCMessageDescriptor *descriptor)
{
    double began = growth_clock();
    const void *response = call(r->arena, name, request, descriptor);
    r->seconds[stage] = growth_clock() - began;
    return response;
}

static const struct glm_value *provider_of(struct glm_arena *arena, const struct dimension *d,
                                           size_t n)
{
    size_t count = d->clusters || d->provider_clusters ? n : d->installations ? n / 4 + 1 : 1;
    return glm_with(arena, &glm_empty_map, "clusters",
                    clusters_of(arena, 0, count, NULL, glm_test_folder(arena)));
}

static void configure(struct resource *r)
{
    Tfplugin6__ConfigureProvider__Request request = TFPLUGIN6__CONFIGURE_PROVIDER__REQUEST__INIT;
    char version[] = "1.9.0";
    request.terraform_version = version;
    request.config =
        packed(r->arena, object(r->arena, glm_provider_schema.attrs), r->provider_config);
    const Tfplugin6__ConfigureProvider__Response *response =
        timed(r, CONFIGURE, "ConfigureProvider", &request.base,
              &tfplugin6__configure_provider__response__descriptor);
    no_errors(r->d, "configure", response->n_diagnostics, response->diagnostics, false);
}

/* Each in a process of its own, as far as a provider remembers: what was read once is read again. */
static const void *alone(struct resource *r, enum stage stage, const char *name,
                         const ProtobufCMessage *request,
                         const ProtobufCMessageDescriptor *descriptor)
{
    provider = glm_provider_create();
    configure(r);
    const void *response = timed(r, stage, name, request, descriptor);
    glm_provider_destroy(provider);
    return response;
}

static bool validate(struct resource *r)
{
    Tfplugin6__ValidateResourceConfig__Request request =
        TFPLUGIN6__VALIDATE_RESOURCE_CONFIG__REQUEST__INIT;
    request.type_name = r->type_name;
    request.config = r->config;
    const Tfplugin6__ValidateResourceConfig__Response *response =
        alone(r, VALIDATE, "ValidateResourceConfig", &request.base,
              &tfplugin6__validate_resource_config__response__descriptor);
    no_errors(r->d, "validate", response->n_diagnostics, response->diagnostics, r->d->refused);
    return !r->d->refused;
}

static Tfplugin6__PlanResourceChange__Request request_of_plan(const struct resource *r)
{
    Tfplugin6__PlanResourceChange__Request request = TFPLUGIN6__PLAN_RESOURCE_CHANGE__REQUEST__INIT;
    request.type_name = r->type_name;
    request.prior_state = r->state;
    request.config = request.proposed_new_state = r->config;
    request.prior_private = r->private;
    return request;
}

static const Tfplugin6__PlanResourceChange__Response *plan(struct resource *r, enum stage stage)
{
    const Tfplugin6__PlanResourceChange__Request request = request_of_plan(r);
    const Tfplugin6__PlanResourceChange__Response *response =
        alone(r, stage, "PlanResourceChange", &request.base,
              &tfplugin6__plan_resource_change__response__descriptor);
    no_errors(r->d, "plan", response->n_diagnostics, response->diagnostics, false);
    return response;
}

static void apply(struct resource *r, const Tfplugin6__PlanResourceChange__Response *planned)
{
    Tfplugin6__ApplyResourceChange__Request request =
        TFPLUGIN6__APPLY_RESOURCE_CHANGE__REQUEST__INIT;
    request.type_name = r->type_name;
    request.prior_state = r->state;
    request.planned_state = planned->planned_state;
    request.planned_private = planned->planned_private;
    request.config = r->config;
    const Tfplugin6__ApplyResourceChange__Response *response =
        alone(r, APPLY, "ApplyResourceChange", &request.base,
              &tfplugin6__apply_resource_change__response__descriptor);
    no_errors(r->d, "apply", response->n_diagnostics, response->diagnostics, false);
    r->state = response->new_state;
    r->private = response->private_;
}

static void read_back(struct resource *r)
{
    Tfplugin6__ReadResource__Request request = TFPLUGIN6__READ_RESOURCE__REQUEST__INIT;
    request.type_name = r->type_name;
    request.current_state = r->state;
    request.private_ = r->private;
    const Tfplugin6__ReadResource__Response *response = alone(
        r, READ, "ReadResource", &request.base, &tfplugin6__read_resource__response__descriptor);
    no_errors(r->d, "read", response->n_diagnostics, response->diagnostics, false);
}

static char type_name[] = "glm_gateway_lifecycle_manager";

static struct resource begin(struct glm_arena *arena, const struct dimension *d, size_t n,
                             double seconds[GROWTH_STAGES])
{
    const struct glm_type *type = object(arena, glm_resource_schema.attrs);
    return (struct resource){.arena = arena,
                             .d = d,
                             .type_name = type_name,
                             .provider_config = provider_of(arena, d, n),
                             .config = packed(arena, type, resource_of(arena, d, n)),
                             .state = packed(arena, type, &glm_null),
                             .seconds = seconds};
}

static void run(const void *context, size_t n, double seconds[GROWTH_STAGES])
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    const struct dimension *d = context;
    struct resource r = begin(arena, d, n, seconds);
    const Tfplugin6__PlanResourceChange__Response *planned = validate(&r) ? plan(&r, PLAN) : NULL;
    if (planned && !d->planned) {
        apply(&r, planned);
        read_back(&r);
        plan(&r, PLAN_AGAIN);
    }
}

static void time_grows_in_proportion(void **state)
{
    const struct dimension *d = *state;
    const struct growth g = {
        .name = d->name,
        .run = run,
        .context = d,
        .least = d->least ? d->least : 100,
        .most = d->most ? d->most : 64000,
        .stages = {"configure", "validate", "plan", "apply", "read", "plan again"},
    };
    growth_assert(&g);
}

/* ---- memory ---- */

/* What is the same in all clusters is there once: a plan takes of each what says how that differs, beside
 * a share of the request. */
#define BYTES_A_CLUSTER 6400

struct noted {
    const struct glm_arena *arena;
    size_t bytes;
};

static void note_bytes(void *noted)
{
    struct noted *n = noted;
    n->bytes = glm_arena_used(n->arena);
}

static size_t bytes_of_plan(const struct dimension *d, size_t clusters)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_arena *work = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    double seconds[GROWTH_STAGES];
    struct resource r = begin(arena, d, clusters, seconds);
    struct noted noted = {.arena = work};
    const Tfplugin6__PlanResourceChange__Request message = request_of_plan(&r);
    struct glm_request request;
    struct glm_rpc_reply reply;
    size_t len = protobuf_c_message_get_packed_size(&message.base);
    uint8_t *bytes = glm_alloc(arena, len);
    protobuf_c_message_pack(&message.base, bytes);
    provider = glm_provider_create();
    configure(&r);
    glm_arena_defer(work, note_bytes, &noted);
    assert_true(
        glm_dispatch_read(work, PROVIDER "PlanResourceChange", bytes, len, &request, &reply));
    glm_dispatch_run(provider, &work, arena, &request, &reply);
    const Tfplugin6__PlanResourceChange__Response *response =
        unpack(arena, &tfplugin6__plan_resource_change__response__descriptor, &reply);
    no_errors(d, "plan", response->n_diagnostics, response->diagnostics, false);
    glm_arena_destroy(work);
    glm_provider_destroy(provider);
    return noted.bytes;
}

static void a_plan_takes_few_bytes_of_each_cluster(void **state)
{
    (void)state;
    static const struct dimension d = {.name = "memory", .clusters = true, .active = true};
    size_t bytes = (bytes_of_plan(&d, 2000) - bytes_of_plan(&d, 1000)) / 1000;
    if (getenv("GLM_GROWTH"))
        print_message("a plan takes %zu bytes of each cluster\n", bytes);
    assert_in_range(bytes, 1, BYTES_A_CLUSTER);
}

/* ---- a function ---- */

/* One installation in as many clusters as there are. */
static void render(const void *context, size_t n, double seconds[GROWTH_STAGES])
{
    (void)context;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct glm_map_builder clusters, installation;
    struct glm_list_builder names;
    glm_map_init(&clusters, arena);
    glm_list_init(&names, arena);
    for (size_t i = 0; i < n; i++) {
        const char *name = glm_sprintf(arena, "c%06zu", i);
        glm_list_add(&names, glm_string(arena, name));
        glm_map_append(&clusters, name, 0, 0, &glm_empty_map);
    }
    glm_map_init(&installation, arena);
    glm_map_set(&installation, "clusters", glm_map_finish(&clusters, NULL));
    glm_map_set(&installation, "istio_operator_spec",
                glm_string(arena, "components: {ingressGateways: [{name: g, enabled: true}]}"));
    const struct glm_value *object = glm_with(
        arena, glm_with(arena, &glm_empty_map, "name", glm_string(arena, "g")), "installations",
        glm_with(arena, &glm_empty_map, "1-24", glm_map_finish(&installation, NULL)));
    const struct glm_value *arguments[] = {object, glm_list_finish(&names)};
    struct glm_call call = {.arena = arena};
    glm_diags_init(&call.diags, arena);
    double began = growth_clock();
    assert_non_null(glm_function_istio_operators.run(&call, glm_list(arena, arguments, 2)));
    seconds[0] = growth_clock() - began;
}

static void time_of_a_function_grows_in_proportion(void **state)
{
    (void)state;
    const struct growth g = {
        .name = "clusters of istio_operators",
        .run = render,
        .least = 100,
        .most = 30000, /* of 64 MiB */
        .stages = {"render"},
    };
    growth_assert(&g);
}

#define COUNT (sizeof dimensions / sizeof *dimensions)

int main(void)
{
    static struct CMUnitTest tests[COUNT + 2];
    for (size_t i = 0; i < COUNT; i++) {
        tests[i].name = dimensions[i].name;
        tests[i].test_func = time_grows_in_proportion;
        tests[i].initial_state = (void *)(uintptr_t)&dimensions[i];
    }
    tests[COUNT] = (struct CMUnitTest)cmocka_unit_test(time_of_a_function_grows_in_proportion);
    tests[COUNT + 1] = (struct CMUnitTest)cmocka_unit_test(a_plan_takes_few_bytes_of_each_cluster);
    cmocka_set_test_filter(getenv("GLM_GROWTH"));
    return _cmocka_run_group_tests("growth", tests, COUNT + 2, NULL, NULL);
}
