/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules on one installation's spec as a whole: the API check, what is dropped, what must not be
 * there, what is known to surprise.
 *
 * Errors: at installations[key].istio_operator_spec, with line and column in the text.
 */
#include "internal.h"

#include "glm/version.h"

#include <string.h>

#define INT64_RULE                                                                                 \
    "The API server rounds whole numbers that need more than 64 bits. Write it as a string if "    \
    "the "                                                                                         \
    "field takes one, or use a smaller number."

#define LISTED_CLUSTERS ((size_t)20)

struct spec_rules {
    const struct glm_rules *rules;
    const struct glm_manager *manager;
    const struct glm_installation *installation;
    const struct glm_value *spec;
    const struct glm_path *at; /* of the spec */
    struct glm_spec_report *report;
    struct glm_gateways gateways;
};

static void check_profile(struct spec_rules *r)
{
    const struct glm_pair *pair = glm_get_pair(r->spec, "profile");
    const char *profile = pair ? glm_string_or(pair->value, "") : "";
    bool known;
    if (!*profile)
        return;
    if (strcmp(profile, "ambient") == 0)
        glm_spec_error(r->report, pair->line, pair->column, "profile",
                       "The operator ignores this profile",
                       ": the operator skips an IstioOperator with profile \"ambient\" without a "
                       "word. Use \"empty\": a gateway needs nothing of the profile.");
    mesh_profile_parts(profile, &known);
    if (known || glm_string_or(glm_get(r->spec, "installPackagePath"), NULL))
        return;
    const char *nearest = glm_nearest(profile, mesh_profile_names, mesh_profile_count);
    glm_spec_error(
        r->report, pair->line, pair->column, "profile", "Unknown profile",
        "\"%s\" is no profile of Istio 1.23, and the operator would never install it.%s%s"
        "%s The usual one for gateways is \"empty\".",
        profile, nearest ? " Did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
}

/* Whether the map has a key that may have been meant for this one. */
static bool is_mistyped(const struct glm_value *map, const char *key)
{
    for (size_t i = 0; i < map->len; i++)
        if (strcmp(map->as.map[i].key, key) != 0 && glm_nearest(map->as.map[i].key, &key, 1))
            return true;
    return false;
}

/* sound: the spec has no field that is wrong. Behind a misspelt one there may be gateways. */
static void check_enabled(struct spec_rules *r, bool sound)
{
    const struct glm_gateway *types[2] = {NULL, NULL};
    for (size_t i = 0; i < r->gateways.count; i++)
        if (r->gateways.items[i].enabled && !types[r->gateways.items[i].type])
            types[r->gateways.items[i].type] = &r->gateways.items[i];
    if (types[GLM_INGRESS] && types[GLM_EGRESS])
        glm_spec_error(r->report, types[GLM_EGRESS]->value->line, types[GLM_EGRESS]->value->column,
                       mesh_gateway_where(r->rules->arena, types[GLM_EGRESS]),
                       "Ingress and egress together",
                       ": this installation enables ingress and egress gateways. The API takes one "
                       "type per revision and cluster: move one of them into a "
                       "glm_gateway_lifecycle_manager of its own.");
    bool unclear = false; /* its type or name is wrong, which has been said */
    for (size_t i = 0; i < r->gateways.count; i++) {
        const struct glm_value *enabled = glm_get(r->gateways.items[i].value, "enabled");
        unclear |= enabled->kind != GLM_BOOL && enabled->kind != GLM_NULL;
        unclear |= enabled->kind == GLM_NULL && glm_is_unknown(r->installation->on_by_default);
        unclear |= is_mistyped(r->gateways.items[i].value, "enabled");
    }
    if (r->gateways.enabled || unclear)
        return;
    if (r->gateways.count)
        glm_spec_error(
            r->report, r->gateways.items[0].value->line, r->gateways.items[0].value->column,
            mesh_gateway_where(r->rules->arena, &r->gateways.items[0]), "No gateway is enabled",
            ": %s, whatever its profile turns on, and an IstioOperator that installs nothing "
            "counts "
            "as HEALTHY. Add \"enabled: true\" to it, or remove the installation.",
            glm_is_true(r->installation->on_by_default)
                ? "a gateway with \"enabled: false\" is off"
                : "up to Istio 1.23, and where no tag says a version, a gateway is off unless it "
                  "says \"enabled: true\"");
    else if (sound)
        glm_error(r->rules->d, r->at, "No gateway is enabled",
                  "The spec has no gateway, and an IstioOperator that installs nothing counts as "
                  "HEALTHY. Add one with \"enabled: true\" under "
                  "components.ingressGateways or components.egressGateways.");
}

static void warn_dropped(struct spec_rules *r)
{
    static const char *const no_gateways[] = {"base", "cni", "istiodRemote", "pilot", "ztunnel"};
    static const char *const old[] = {"defaultRevision", "resourceSuffix"};
    const struct glm_value *components = glm_get(r->spec, "components");
    const struct glm_pair *first = NULL;
    struct glm_text names;
    glm_text_init(&names, r->rules->arena, 256);
    for (size_t i = 0; i < sizeof no_gateways / sizeof *no_gateways; i++) {
        const struct glm_pair *pair = glm_get_pair(components, no_gateways[i]);
        bool off =
            pair && (glm_is_null(pair->value) ||
                     (pair->value->len == 1 && glm_is_false(glm_get(pair->value, "enabled"))));
        if (!pair || off)
            continue;
        glm_text_addf(&names, "%scomponents.%s", names.len ? ", " : "", no_gateways[i]);
        if (!first || pair->line < first->line)
            first = pair;
    }
    const struct glm_pair *addons = glm_get_pair(r->spec, "addonComponents");
    if (addons && !glm_is_null(addons->value)) {
        glm_text_addf(&names, "%saddonComponents", names.len ? ", " : "");
        first = first ? first : addons;
    }
    if (first)
        glm_spec_warn(
            r->report, first->line, first->column, names.data,
            "Components other than gateways are left out",
            ": this resource installs gateways only, so this is left out. Install control "
            "planes by other means.");
    for (size_t i = 0; i < 2; i++) {
        const struct glm_pair *pair = glm_get_pair(r->spec, old[i]);
        if (pair)
            glm_spec_warn(r->report, pair->line, pair->column, old[i],
                          "A field that Istio no longer knows is left out",
                          "is left out: Istio 1.23 does not have it, and refuses an IstioOperator "
                          "with it. Remove it.");
    }
}

/* How many clusters of the installation are active; *ret_names: "c1", "c2", ... */
static size_t active_clusters(struct spec_rules *r, const struct glm_placement **ret_first,
                              const char **ret_names)
{
    struct glm_text names;
    size_t count = 0;
    glm_text_init(&names, r->rules->arena, 8192);
    for (size_t i = 0; i < r->installation->placement_count; i++) {
        const struct glm_placement *p = &r->installation->placements[i];
        if (!glm_is_true(p->active))
            continue;
        if (count == 0)
            *ret_first = p;
        if (count++ < LISTED_CLUSTERS)
            glm_text_addf(&names, "%s\"%s\"", names.len ? ", " : "", p->cluster);
    }
    if (count > LISTED_CLUSTERS)
        glm_text_addf(&names, " and %zu more", count - LISTED_CLUSTERS);
    *ret_names = names.data;
    return count;
}

static void warn_services(struct spec_rules *r)
{
    struct glm_arena *arena = r->rules->arena;
    struct glm_text names;
    glm_text_init(&names, arena, 4096);
    for (size_t i = 0; i < r->gateways.count; i++) {
        const struct glm_gateway *g = &r->gateways.items[i];
        if (!mesh_gateway_chart_service(&r->gateways, g) || !g->name || !r->installation->revision)
            continue;
        if (!glm_is_null(glm_get(g->k8s, "service"))) /* of a wrong type, as an error has said */
            continue;
        glm_text_addf(&names, "%s%s/%s", names.len ? ", " : "", g->namespace_,
                      mesh_suffixed(arena, g->name, r->installation->revision));
    }
    const struct glm_placement *first;
    const char *clusters;
    if (names.len && active_clusters(r, &first, &clusters))
        glm_warn(r->rules->d, r->at, "active_gateway switches no Service",
                 "Without k8s.service the gateway chart makes its own Service (%s), and "
                 "active_gateway = true in %s does not change it. Add k8s.service to the gateway "
                 "to get one Service that active_gateway switches between revisions.",
                 names.data, clusters);
}

static void warn_user_service(struct spec_rules *r)
{
    const struct glm_path *at = GLM_AT_ATTR(r->at->up, "clusters");
    const struct glm_placement *first;
    const char *clusters;
    size_t count = active_clusters(r, &first, &clusters);
    const struct glm_path *one =
        count == 1 ? GLM_AT_ATTR(GLM_AT_KEY(at, first->cluster), "active_gateway") : at;
    for (int t = 0; count && t < 2; t++)
        if (r->gateways.user_service[t])
            glm_warn(r->rules->d, one, "active_gateway switches no Service",
                     "The spec sets %s.gateways.%s.customService: true, so the Service is yours "
                     "and nothing touches it%s%s. Point its selector at the revision yourself, or "
                     "remove customService and describe the Service in k8s.service.",
                     r->gateways.user_service[t], mesh_gateway_values((enum glm_gateway_type)t),
                     count > 1 ? ", in none of " : "", count > 1 ? clusters : "");
}

/* customService: false beside k8s.service: the translation needs true. */
static void warn_chart_service(struct spec_rules *r)
{
    for (int t = 0; t < 2; t++) {
        const char *type = mesh_gateway_values((enum glm_gateway_type)t);
        const struct glm_value *v =
            glm_get_path(r->spec, "values", "gateways", type, "customService", NULL);
        if (r->gateways.our_service[t] && glm_is_false(v))
            glm_spec_warn(r->report, v->line, v->column,
                          glm_sprintf(r->rules->arena, "values.gateways.%s.customService", type),
                          "customService is overwritten",
                          ": with k8s.service the Service is made here, so that active_gateway can "
                          "switch it, and the chart is told to make none. Remove customService, or "
                          "k8s.service to have one Service of the chart's for each revision.");
    }
}

/* ---- numbers the API server would round ---- */

static void check_numbers(struct spec_rules *r, const struct glm_value *v,
                          const struct glm_path *where, unsigned depth)
{
    int64_t number;
    if (depth > GLM_VALUE_DEPTH)
        return;
    if (v->kind == GLM_NUMBER && glm_number_is_integer(v) && !glm_number_int64(v, &number))
        glm_spec_error(r->report, v->line, v->column, glm_path_text(r->rules->arena, where),
                       "The number is too large", "is %.60s. " INT64_RULE, v->as.text);
    for (size_t i = 0; v->kind == GLM_MAP && i < v->len; i++)
        check_numbers(r, v->as.map[i].value, GLM_AT_ATTR(where, v->as.map[i].key), depth + 1);
    for (size_t i = 0; v->kind == GLM_LIST && i < v->len; i++)
        check_numbers(r, v->as.list[i], GLM_AT_INDEX(where, i), depth + 1);
}

static bool goes_live(struct spec_rules *r)
{
    for (size_t i = 0; i < r->installation->placement_count; i++) {
        const struct glm_cluster_config *cluster =
            glm_mesh_cluster(r->rules->config, r->installation->placements[i].cluster);
        if (cluster && cluster->place == GLM_PLACE_LIVE)
            return true;
    }
    return false;
}

/* ---- the language ---- */

#define OPERATORS ((uint64_t)1 << GLM_SPEC_OPERATOR)
#define UNSURE ((uint64_t)1 << 63)   /* it is not known which one */
#define RENDERED ((uint64_t)1 << 62) /* by nobody who is an operator */

/* The minor of Istio whose language the spec is in where it is rendered; 0: not known. */
static unsigned minor_of(const struct spec_rules *r)
{
    const struct glm_value *said =
        glm_installation_version(r->rules->arena, r->rules->config, r->installation);
    struct glm_version v;
    if (!glm_is_string(said) || !glm_version_parse(said->as.text, &v) || v.major != 1)
        return 0;
    return v.minor < GLM_SPEC_OLDEST   ? GLM_SPEC_OLDEST
           : v.minor > GLM_SPEC_NEWEST ? GLM_SPEC_NEWEST
                                       : (unsigned)v.minor;
}

/* Bits by minor: of who reads the spec in some cluster. */
static uint64_t languages_of(const struct spec_rules *r)
{
    const struct glm_installation *in = r->installation;
    unsigned minor = minor_of(r);
    uint64_t languages = in->placement_count ? 0 : OPERATORS;
    if (r->report->rendered)
        languages |= RENDERED;
    for (size_t i = 0; i < in->placement_count; i++) {
        const struct glm_cluster_config *c =
            glm_mesh_cluster(r->rules->config, in->placements[i].cluster);
        bool rendered = c && c->rendered;
        if (!rendered)
            languages |= OPERATORS;
        else if (minor)
            languages |= (uint64_t)1 << minor;
        if ((!c || c->any_installer) && minor > GLM_SPEC_OPERATOR)
            languages |= UNSURE | (uint64_t)1 << minor;
    }
    return languages;
}

static bool check_in(struct glm_spec_report *report, const struct glm_value *spec, unsigned minor)
{
    return glm_spec_check(report, glm_spec_root(minor), minor, spec, NULL);
}

/* True when one of the languages takes the spec as it is. */
static bool any_takes(const struct spec_rules *r, uint64_t languages)
{
    for (unsigned minor = GLM_SPEC_OLDEST; minor <= GLM_SPEC_NEWEST; minor++) {
        struct glm_spec_report report;
        struct glm_diags ignored;
        glm_diags_init(&ignored, r->rules->arena);
        glm_spec_report_begin(&report, r->rules->arena, NULL, NULL, 0, false, &ignored);
        report.rendered = r->report->rendered;
        if (languages >> minor & 1 && check_in(&report, r->spec, minor))
            return true;
    }
    return false;
}

/* The first language that does not take it says why: a mistake is most often one in all of them. */
static bool check_languages(const struct spec_rules *r, uint64_t languages)
{
    bool ok = true;
    if (languages & UNSURE && any_takes(r, languages))
        return true;
    for (unsigned minor = GLM_SPEC_OLDEST; minor <= GLM_SPEC_NEWEST && ok; minor++)
        if (languages >> minor & 1)
            ok = check_in(r->report, r->spec, minor);
    return ok;
}

/* ---- what the spec says alone ---- */

/* All that the rules of check_alone see besides the spec: another of these must not decide there.
 * With "auto" the distribution decides too, so there is no use in which they are quiet. */
static struct glm_spec_use use_of(const struct spec_rules *r)
{
    const struct glm_installation *installation = r->installation;
    bool whole = installation->revision && installation->control_plane &&
                 !glm_installation_is_auto(installation) &&
                 !glm_is_unknown(installation->on_by_default);
    return (struct glm_spec_use){.revision = whole ? installation->revision : NULL,
                                 .control_plane = installation->control_plane,
                                 .active = mesh_is_active_somewhere(installation),
                                 .on_by_default = glm_is_true(installation->on_by_default),
                                 .network = mesh_has_network(installation),
                                 .languages = languages_of(r)};
}

static bool same_use(const struct glm_spec_use *a, const struct glm_spec_use *b)
{
    return a->revision && b->revision && strcmp(a->revision, b->revision) == 0 &&
           strcmp(a->control_plane, b->control_plane) == 0 && a->active == b->active &&
           a->on_by_default == b->on_by_default && a->network == b->network;
}

static void check_alone(struct spec_rules *r, bool sound)
{
    const struct glm_rules *rules = r->rules;
    const struct glm_installation *installation = r->installation;
    struct glm_spec_report *report = r->report;
    if (!report->rendered) /* else the renderer knows better */
        check_profile(r);
    mesh_rules_images(rules, installation, &r->gateways, report);
    mesh_rules_mesh(r->spec, report);
    check_enabled(r, sound);
    mesh_rules_labels(rules, installation, &r->gateways, report);
    mesh_rules_unquoted(rules, installation, &r->gateways, report);
    mesh_rules_written(rules, installation, &r->gateways, report);
    mesh_rules_pod(rules, installation, &r->gateways, report);
    mesh_rules_values(rules, installation, &r->gateways, report);
    mesh_rules_ports(rules, installation, &r->gateways, report);
    mesh_rules_env(rules, installation, &r->gateways, report);
    mesh_rules_replicas(rules, installation, &r->gateways, report);
    mesh_rules_resources(rules, installation, &r->gateways, report);
    mesh_rules_gateways(rules, installation, &r->gateways, report);
    mesh_rules_service(rules, installation, &r->gateways, report);
    warn_dropped(r);
    warn_chart_service(r);
}

/* What has nothing to say of it now has nothing to say of it in the plan and the apply. */
static void keep(struct spec_rules *r, struct glm_spec_use use, bool quiet)
{
    const struct glm_installation *in = r->installation;
    struct glm_spec_memory *memory = r->rules->config->memory;
    if (!quiet || !r->report->ok || r->report->warned)
        use.revision = NULL;
    memory->keep(memory, in->spec_text->as.text, in->spec_text->len, r->spec, &use);
}

static void check_spec(struct spec_rules *r)
{
    const struct glm_installation *in = r->installation;
    struct glm_spec_use use = use_of(r);
    bool remembered = in->spec_remembered && in->spec_quiet.languages == use.languages;
    size_t errors = r->rules->d->errors;
    bool sound = remembered || check_languages(r, use.languages);
    bool keeps = r->rules->config->memory && in->spec_bare && sound && !r->report->warned;
    mesh_rules_identity(r->rules, in, &r->gateways, r->report);
    mesh_rules_network(r->rules, in, &r->gateways, r->report);
    mesh_rules_version(r->rules, in, &r->gateways, r->at->up);
    if (remembered && same_use(&use, &in->spec_quiet))
        return;
    check_alone(r, sound);
    if (keeps)
        keep(r, use, r->rules->d->errors == errors);
}

void mesh_rules_spec(const struct glm_rules *rules, const struct glm_manager *manager,
                     const struct glm_installation *installation, struct glm_spec_report *report)
{
    if (!installation->spec || !glm_is_map(installation->spec))
        return;
    struct spec_rules r = {.rules = rules,
                           .manager = manager,
                           .installation = installation,
                           .spec = installation->spec,
                           .at = report->at,
                           .report = report};
    report->rendered = mesh_is_rendered(rules->config, installation);
    mesh_gateways_of(rules->arena, installation, &r.gateways);
    check_spec(&r);
    if (goes_live(&r))
        check_numbers(&r, r.spec, NULL, 0);
    if (!rules->warn)
        return;
    warn_services(&r);
    warn_user_service(&r);
}
