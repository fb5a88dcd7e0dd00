/* SPDX-License-Identifier: Apache-2.0
 *
 * Manager: reads the resource's attributes into struct glm_manager.
 *
 * What:   resolves defaults, `auto` and the revisions, decodes each spec once, then runs the rules.
 * Owner:  everything lives in the arena and points into the attributes.
 * Errors: each at its attribute; whatever is in error or unknown is NULL in the result, and the
 *         rules that need it are left out.
 */
#include "chart_values.h"
#include "document.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_NAMESPACE "gloo-mesh"

struct reader {
    struct glm_arena *arena;
    const struct glm_mesh_config *config;
    const char *label; /* of the resource */
    struct glm_diags *d;
};

/* A string of the resource: NULL when unknown or null. */
static const char *text_of(const struct glm_value *v)
{
    return glm_is_string(v) ? v->as.text : NULL;
}

/* What HCL makes of 1-24 without quotes. */
static bool is_negative_number(const char *s)
{
    return *s == '-' && strspn(s + 1, "0123456789") == strlen(s + 1);
}

static bool check_revision(struct reader *r, const char *revision, const struct glm_path *at,
                           const char *what)
{
    if (glm_name_is_label(revision))
        return true;
    if (is_negative_number(revision))
        return glm_error(r->d, at, "Not a revision",
                         "%s is the number %s. A revision without quotes is a subtraction: write "
                         "\"1-24\", not 1-24.",
                         what, revision);
    const char *better = glm_name_suggest(r->arena, revision);
    return glm_error(r->d, at, "Not a revision",
                     "%s \"%s\" must be a DNS-1123 label: lower-case letters, digits and \"-\", "
                     "starting and ending with a letter or digit, at most 63 characters.%s%s%s",
                     what, revision, better ? " Write it as \"" : "",
                     better ? better : glm_placeholder_said(revision), better ? "\"." : "");
}

/* A key may be any label where gateway_revision is set, but -23 is none that anybody meant. */
static void check_key(struct reader *r, const struct glm_installation *installation,
                      const struct glm_path *at)
{
    if (is_negative_number(installation->key))
        glm_error(
            r->d, at, "Not a key",
            "The key of this installation is the number %s. A key without quotes is a "
            "subtraction: write \"%s\" = { ... }. (OpenTofu 1.12 leaves the quotes out of the "
            "configuration that it generates for an import.)",
            installation->key,
            installation->written_revision && *installation->written_revision
                ? installation->written_revision
                : "default");
    /* So are the objects shown that are for all installations, in `objects` and in its kin. */
    if (strcmp(installation->key, "*") == 0)
        glm_error(
            r->d, at, "Not a key",
            "The key of this installation is \"*\", which stands for all installations in what "
            "the resource shows. Give it another one, such as \"%s\".",
            installation->written_revision && *installation->written_revision
                ? installation->written_revision
                : "default");
}

static bool is_revisionless(const char *written)
{
    return !*written || strcmp(written, "default") == 0;
}

/* What "auto" stands for; NULL when unknown or in error. */
static const char *automatic(struct reader *r, const struct glm_path *at)
{
    const struct glm_value *distribution = r->config->default_distribution;
    if (!distribution || glm_is_unknown(distribution))
        return NULL;
    if (!glm_is_map(distribution)) {
        glm_error(r->d, at, "No default distribution",
                  "gateway_revision is \"auto\", which means default_distribution of the provider, "
                  "and that is not set. Set default_distribution = { revision = \"1-24\", hub = "
                  "\"...\", tag = \"...\" } in the provider's configuration, or name the revision "
                  "here.");
        return NULL;
    }
    const struct glm_value *revision = glm_get(distribution, "revision");
    if (glm_is_unknown(revision))
        return NULL;
    if (!glm_is_string(revision)) {
        glm_error(r->d, at, "No default revision",
                  "gateway_revision is \"auto\", but default_distribution of the provider has no "
                  "revision. Set default_distribution.revision, or name the revision here.");
        return NULL;
    }
    if (is_revisionless(revision->as.text))
        return "";
    return check_revision(r, revision->as.text, at, "default_distribution.revision")
               ? revision->as.text
               : NULL;
}

static void read_revisions(struct reader *r, const struct glm_value *v,
                           struct glm_installation *ret, const struct glm_path *at)
{
    const struct glm_value *gateway = glm_get(v, "gateway_revision");
    const struct glm_value *control_plane = glm_get(v, "control_plane_revision");
    const struct glm_path *gateway_at = GLM_AT_ATTR(at, "gateway_revision");
    const struct glm_path *control_plane_at = GLM_AT_ATTR(at, "control_plane_revision");
    bool from_key = glm_is_null(gateway);

    ret->written_revision = from_key ? ret->key : text_of(gateway);
    if (!ret->written_revision)
        ret->revision = NULL;
    else if (strcmp(ret->written_revision, "auto") == 0)
        ret->revision = automatic(r, from_key ? at : gateway_at);
    else if (is_revisionless(ret->written_revision))
        ret->revision = "";
    else if (check_revision(r, ret->written_revision, from_key ? at : gateway_at,
                            from_key ? "The key of an installation is its gateway revision unless "
                                       "gateway_revision is set;"
                                     : "gateway_revision"))
        ret->revision = ret->written_revision;
    if (!from_key)
        check_key(r, ret, at);

    ret->control_plane_written = !glm_is_null(control_plane);
    if (!ret->control_plane_written)
        ret->control_plane = ret->revision;
    else if (glm_string_is(control_plane, "auto"))
        glm_error(r->d, control_plane_at, "Not a revision",
                  "\"auto\" is for gateway_revision only. Leave control_plane_revision out to use "
                  "the control plane of the gateway's own revision, or name one.");
    else if (text_of(control_plane) && is_revisionless(text_of(control_plane)))
        ret->control_plane = "";
    else if (text_of(control_plane) &&
             check_revision(r, text_of(control_plane), control_plane_at, "control_plane_revision"))
        ret->control_plane = text_of(control_plane);
}

static const struct glm_value *bool_or_unknown(const struct glm_value *v)
{
    return glm_is_unknown(v) ? &glm_unknown : glm_bool(glm_is_true(v));
}

static const struct glm_value *text_or_null(const struct glm_value *v)
{
    return glm_string_is(v, "") ? &glm_null : v;
}

static void read_placement(const struct glm_pair *pair, struct glm_placement *ret)
{
    const struct glm_value *v = pair->value;
    *ret = (struct glm_placement){.cluster = pair->key};
    if (glm_is_unknown(v) || glm_is_null(v)) {
        ret->active = ret->trust_domain = ret->network = &glm_unknown;
        return;
    }
    ret->active = bool_or_unknown(glm_get(v, "active_gateway"));
    /* The API cannot tell "" from unset. */
    ret->trust_domain = text_or_null(glm_get(v, "trust_domain"));
    ret->network = text_or_null(glm_get(v, "network"));
}

static void read_clusters(struct reader *r, const struct glm_value *clusters,
                          struct glm_installation *ret, const struct glm_path *at)
{
    ret->clusters_known = !glm_is_unknown(clusters);
    if (!glm_is_map(clusters) || clusters->len == 0) {
        if (ret->clusters_known)
            glm_error(r->d, at, "No clusters",
                      "This installation names no cluster, so it would install nothing. Name at "
                      "least one, or remove the installation.");
        return;
    }
    ret->placements = GLM_NEW_ARRAY(r->arena, clusters->len, struct glm_placement);
    ret->placement_count = clusters->len;
    for (size_t i = 0; i < clusters->len; i++) /* maps are sorted by key */
        read_placement(&clusters->as.map[i], &ret->placements[i]);
}

/* The clusters of the attributes, of a data source too; each once, sorted. False when not all of
 * them are known. */
static bool name_clusters(const struct glm_value *attributes, struct glm_map_builder *b)
{
    const struct glm_value *installations = glm_get(attributes, "installations");
    const struct glm_value *asked = glm_get(attributes, "clusters");
    for (size_t i = 0; glm_is_list(asked) && i < asked->len; i++)
        glm_map_set(b, glm_string_or(asked->as.list[i], "?"), &glm_true);
    if (!glm_is_map(installations))
        return glm_is_list(asked);
    for (size_t i = 0; i < installations->len; i++) {
        const struct glm_value *clusters = glm_get(installations->as.map[i].value, "clusters");
        if (!glm_is_map(clusters))
            return false;
        for (size_t k = 0; k < clusters->len; k++)
            glm_map_set(b, clusters->as.map[k].key, &glm_true);
    }
    return true;
}

/* " in east, west", " in east and 7 more": of the resources that for_each makes under one name, no
 * two have a cluster in common, so that the first tells them apart. */
static const char *in_clusters(struct glm_arena *arena, const struct glm_value *attributes)
{
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    if (!name_clusters(attributes, &b))
        return "";
    const struct glm_value *all = glm_map_finish(&b, NULL);
    if (all->len == 0)
        return "";
    const char *first = all->as.map[0].key;
    if (all->len == 1)
        return glm_sprintf(arena, " in %s", first);
    return all->len == 2 ? glm_sprintf(arena, " in %s, %s", first, all->as.map[1].key)
                         : glm_sprintf(arena, " in %s and %zu more", first, all->len - 1);
}

const char *glm_manager_label(struct glm_arena *arena, const struct glm_value *attributes)
{
    const char *name = text_of(glm_get(attributes, "name"));
    const char *namespace_ = glm_string_or(glm_get(attributes, "namespace"), DEFAULT_NAMESPACE);
    if (!name)
        return NULL;
    bool usual = strcmp(namespace_, DEFAULT_NAMESPACE) == 0;
    return glm_sprintf(arena, "%s%s%s%s", usual ? "" : namespace_, usual ? "" : "/", name,
                       in_clusters(arena, attributes));
}

/* What the warnings about a spec end with, so that no two specs' have one summary. */
static const char *name_of_spec(struct reader *r, const struct glm_manager *manager,
                                const struct glm_installation *in)
{
    const char *name = r->label ? r->label : "glm_gateway_lifecycle_manager";
    return manager->installation_count > 1
               ? glm_sprintf(r->arena, "%s, installations[\"%s\"]", name, in->key)
               : name;
}

static void read_spec(struct reader *r, struct glm_installation *ret,
                      struct glm_spec_report *report)
{
    struct glm_document document = {.spec = NULL, .object = NULL, .others = NULL};
    if (ret->values_text) {
        ret->spec = &glm_null;
        mesh_chart_read(report, ret);
        return;
    }
    if (glm_is_unknown(ret->spec_text)) {
        ret->spec = &glm_unknown;
        return;
    }
    const char *text = glm_string_or(ret->spec_text, "");
    size_t len = glm_is_string(ret->spec_text) ? ret->spec_text->len : 0;
    struct glm_spec_memory *memory = r->config->memory;
    const struct glm_value *remembered =
        memory ? memory->recall(memory, text, len, &ret->spec_quiet) : NULL;
    if (remembered) {
        ret->spec = report->document = remembered;
        ret->spec_remembered = true;
        return;
    }
    if (!mesh_document_read(report, text, len, &document) ||
        !mesh_spec_depth_check(report, document.spec, "The IstioOperator spec"))
        return;
    ret->spec = report->document = document.spec;
    ret->spec_bare = !document.object && !document.others;
    mesh_document_warn(report, &document, r->config, ret);
}

static void begin_report(struct reader *r, const struct glm_manager *manager,
                         const struct glm_installation *in, const struct glm_path *at, bool warn,
                         struct glm_spec_report *ret)
{
    const struct glm_value *given = glm_installation_text(in);
    const struct glm_value *text = glm_is_string(given) ? given : &glm_null;
    glm_spec_report_begin(ret, r->arena,
                          glm_path_copy(r->arena, GLM_AT_ATTR(at, glm_installation_form(in))),
                          glm_string_or(text, NULL), text->len, warn, r->d);
    ret->of = name_of_spec(r, manager, in);
    if (in->values_text)
        ret->what = ret->root = GLM_FORM_CHART;
}

/* What is unknown may turn out to be null. */
static void read_form(struct reader *r, const struct glm_value *v, struct glm_installation *ret,
                      const struct glm_path *at)
{
    const struct glm_value *spec = glm_get(v, GLM_FORM_SPEC), *chart = glm_get(v, GLM_FORM_CHART);
    ret->spec_text = spec;
    if (glm_is_null(chart) || (glm_is_unknown(chart) && !glm_is_null(spec))) {
        if (!glm_is_null(spec) || glm_is_unknown(chart))
            return;
        ret->spec_text = &glm_unknown; /* what it would be is not said again */
        glm_error(r->d, at, "Nothing to install",
                  "The installation has neither " GLM_FORM_SPEC " nor " GLM_FORM_CHART
                  ", so nothing says what its gateways are. Set one of the two: the spec of an "
                  "IstioOperator, or, in clusters with installer = \"direct\", values of Istio's "
                  "own chart \"gateway\".");
        return;
    }
    if (glm_is_string(spec) && glm_is_string(chart))
        glm_error(r->d, at, "Two descriptions of one installation",
                  "The installation has " GLM_FORM_SPEC " and " GLM_FORM_CHART
                  ", which are two ways to say what its gateways are. Remove one of the two.");
    ret->values_text = chart;
    ret->spec_text = &glm_null;
}

static void read_installation(struct reader *r, const struct glm_pair *pair,
                              struct glm_installation *ret, const struct glm_path *at)
{
    const struct glm_value *v = pair->value;
    *ret = (struct glm_installation){.key = pair->key};
    /* The check of the schema has refused a null element: nothing follows from it here. */
    if (glm_is_unknown(v) || glm_is_null(v)) {
        ret->skip_upgrade_validation = ret->spec_text = ret->istio_version = &glm_unknown;
        ret->on_by_default = &glm_unknown;
        return;
    }
    ret->skip_upgrade_validation = bool_or_unknown(glm_get(v, "skip_upgrade_validation"));
    read_form(r, v, ret, at);
    ret->istio_version = mesh_version_read(r->arena, text_or_null(glm_get(v, "istio_version")),
                                           GLM_AT_ATTR(at, "istio_version"), r->d);
    read_revisions(r, v, ret, at);
    read_clusters(r, glm_get(v, "clusters"), ret, GLM_AT_ATTR(at, "clusters"));
}

static void check_names(struct reader *r, const struct glm_manager *manager,
                        const struct glm_value *attributes)
{
    const struct glm_path *at = GLM_AT_ATTR(NULL, "name");
    if (manager->name && (strlen(manager->name) > 63 || !glm_name_is_subdomain(manager->name)))
        glm_error(r->d, at, "Not a Kubernetes name",
                  "name \"%s\" becomes the name of IstioOperators and a label on them: use "
                  "lower-case letters, digits, \"-\" and \".\", starting and ending with a letter "
                  "or digit, at most 63 characters.%s",
                  manager->name, glm_placeholder_said(manager->name));
    else if (!manager->name && !glm_is_unknown(glm_get(attributes, "name")))
        glm_error(r->d, at, "No name", "name is required.");
    if (manager->namespace_ && !glm_name_is_label(manager->namespace_))
        glm_error(r->d, GLM_AT_ATTR(NULL, "namespace"), "Not a Kubernetes namespace",
                  "namespace \"%s\" must be a DNS-1123 label: lower-case letters, digits and "
                  "\"-\", starting and ending with a letter or digit, at most 63 characters.%s",
                  manager->namespace_, glm_placeholder_said(manager->namespace_));
}

static void check_input(struct reader *r, const struct glm_rules *rules,
                        const struct glm_manager *manager, struct glm_installation *in,
                        struct glm_spec_report *report)
{
    if (in->values_text)
        mesh_rules_chart(r->arena, rules, manager, in, report);
    else
        mesh_rules_spec(rules, manager, in, report);
}

bool glm_manager_read(struct glm_arena *arena, const struct glm_value *attributes,
                      const struct glm_mesh_config *config, bool warn,
                      struct glm_manager **ret_manager, struct glm_diags *d)
{
    struct reader r = {
        .arena = arena, .config = config, .label = glm_manager_label(arena, attributes), .d = d};
    /* Rules leave nothing behind but what they say. */
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(glm_arena_room(arena));
    struct glm_rules rules = {.arena = scratch, .config = config, .warn = warn, .d = d};
    struct glm_manager *manager = GLM_NEW(arena, struct glm_manager);
    const struct glm_value *namespace_ = glm_get(attributes, "namespace");
    const struct glm_value *installations = glm_get(attributes, "installations");
    const struct glm_path *at = GLM_AT_ATTR(NULL, "installations");
    size_t errors = d->errors, extent = 0;

    *ret_manager = manager;
    manager->name = text_of(glm_get(attributes, "name"));
    manager->namespace_ = glm_is_null(namespace_) ? DEFAULT_NAMESPACE : text_of(namespace_);
    manager->helm_global = glm_get(attributes, "helm_global");
    manager->installations_known = !glm_is_unknown(installations);
    if (glm_is_map(installations)) {
        manager->installation_count = installations->len;
        manager->installations = GLM_NEW_ARRAY(arena, installations->len, struct glm_installation);
        rules.reports = GLM_NEW_ARRAY(arena, installations->len, struct glm_spec_report);
    }
    check_names(&r, manager, attributes);
    for (size_t i = 0; i < manager->installation_count; i++) {
        struct glm_installation *installation = &manager->installations[i];
        const struct glm_path *here = GLM_AT_KEY(at, installations->as.map[i].key);
        read_installation(&r, &installations->as.map[i], installation, here);
        begin_report(&r, manager, installation, here, warn, &rules.reports[i]);
        read_spec(&r, installation, &rules.reports[i]);
        installation->on_by_default = mesh_on_by_default(scratch, config, installation);
        /* What is too much is held against nothing: that alone would take too long. */
        extent += mesh_extent(manager, installation, config, NULL);
        if (extent <= GLM_EXTENT_MAX)
            check_input(&r, &rules, manager, installation, &rules.reports[i]);
    }
    if (extent <= GLM_EXTENT_MAX)
        mesh_rules_manager(&rules, manager);
    else
        mesh_extent_refuse(arena, manager, config, d);
    for (size_t i = 0; i < manager->installation_count; i++)
        glm_spec_report_end(&rules.reports[i]);
    return d->errors == errors;
}
