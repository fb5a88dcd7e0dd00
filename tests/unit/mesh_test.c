/* SPDX-License-Identifier: Apache-2.0
 *
 * What the golden cases of the translation cannot show: views, ownership, states, sharing, sizes,
 * the way back.
 */
#include "mesh_case.h"
#include "test.h"
#include "test_installer.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SPEC                                                                                       \
    "profile: empty\ntag: 1.23.6\ncomponents:\n  ingressGateways:\n  - name: istio-ingressgateway" \
    "\n    enabled: true\n    k8s: {service: {ports: [{name: https, port: 443}]}}\n"

static const struct glm_value *attributes(struct glm_arena *arena, const char *spec,
                                          const char *clusters)
{
    const struct glm_value *v =
        glm_test_value(arena, glm_sprintf(arena,
                                          "{'name': 'gw', 'installations': {'1-24': "
                                          "{'clusters': %s}}}",
                                          clusters));
    return glm_with_path(arena, v, glm_string(arena, spec), "installations", "1-24",
                         "istio_operator_spec", NULL);
}

static struct glm_manager *read_all(struct glm_arena *arena, const struct glm_value *v,
                                    const struct glm_mesh_config *config)
{
    struct glm_manager *manager;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    if (!glm_manager_read(arena, v, config, true, &manager, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    return manager;
}

static struct glm_rendering *translate(struct glm_arena *arena, const struct glm_manager *manager,
                                       size_t installation, size_t placement,
                                       const struct glm_mesh_config *config)
{
    const struct glm_installation *in = &manager->installations[installation];
    struct glm_rendering *rendering;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    if (!glm_translate(arena, manager, in, &in->placements[placement], config, &rendering, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    return rendering;
}

/* SPEC with a text of so many bytes that do or do not compress. */
static const char *long_spec(struct glm_arena *arena, size_t len, bool random)
{
    struct glm_text text;
    unsigned seed = 7;
    glm_text_init(&text, arena, len + 4096);
    glm_text_adds(&text, SPEC "unvalidatedValues:\n  text: x");
    for (size_t i = 0; i < len; i++) {
        seed = seed * 1103515245U + 12345U;
        glm_text_addc(&text, random ? (char)('A' + (seed >> 16) % 26) : 'x');
    }
    glm_text_addc(&text, '\n');
    return text.data;
}

static void a_view_comes_back_as_it_went_in_at_any_size(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_mesh_config *config = glm_case_config(arena, &glm_null);
    static const size_t sizes[] = {0, 30000, 40000, 1000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const char *spec = long_spec(arena, sizes[i], false);
        struct glm_manager *m = read_all(
            arena, attributes(arena, spec, "{'cluster1': {'trust_domain': 'td'}}"), config);
        struct glm_diags d;
        const char *text;
        const struct glm_value *view;
        glm_diags_init(&d, arena);
        assert_true(
            glm_view_text(arena, m, m->installations, m->installations->placements, &text, &d));
        assert_true((text[0] == '{') == (sizes[i] <= 30000));
        assert_true(strlen(text) <= 32768);
        size_t left = GLM_EXTENT_MAX;
        assert_true(glm_view_read(arena, text, &left, &view));
        assert_true(GLM_EXTENT_MAX - left >= sizes[i]);
        assert_string_equal(glm_string_or(glm_get(view, "spec"), ""),
                            glm_json_text(arena, m->installations->spec));
        assert_string_equal(glm_string_or(glm_get(view, "key"), ""), "1-24");
        glm_assert_value_equal(glm_get(view, "cluster"),
                               glm_test_value(arena, "{'active_gateway': false, 'trust_domain': "
                                                     "'td'}"));
    }
}

static void the_view_of_a_spec_does_not_depend_on_its_formatting(void **state)
{
    static const char *const specs[] = {
        "profile: empty\ntag: 1.10\n",
        "# why\ntag:   1.10\nprofile: \"empty\"\n",
        "{\"tag\":1.10,\"profile\":\"empty\"}",
    };
    struct glm_arena *arena = *state;
    const struct glm_value *read = NULL;
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        struct glm_diags d;
        const struct glm_value *spec;
        glm_diags_init(&d, arena);
        assert_true(glm_yaml_decode(arena, specs[i], strlen(specs[i]), "spec", NULL, &spec, &d));
        const struct glm_installation in = {
            .key = "1-24",
            .written_revision = "1-24",
            .skip_upgrade_validation = &glm_false,
            .istio_version = &glm_null,
            .spec = spec,
        };
        const struct glm_manager manager = {.helm_global = &glm_null};
        const struct glm_placement placement = {
            .active = &glm_true, .trust_domain = &glm_null, .network = &glm_null};
        const char *text;
        assert_true(glm_view_text(arena, &manager, &in, &placement, &text, &d));
        size_t left = GLM_EXTENT_MAX;
        assert_true(glm_view_read(arena, text, &left, &read));
        assert_string_equal(glm_get(read, "spec")->as.text, "{\"profile\":\"empty\",\"tag\":1.10}");
    }
}

static void a_spec_whose_view_exceeds_the_annotation_limit_is_refused(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_manager *manager;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    assert_false(glm_manager_read(
        arena, attributes(arena, long_spec(arena, 600000, true), "{'cluster1': {}}"),
        glm_case_config(arena, &glm_null), false, &manager, &d));
    glm_assert_error(&d, "installations[\"1-24\"].istio_operator_spec", "262144");
}

static void text_that_is_no_view_is_not_read_as_one(void **state)
{
    static const char *const texts[] = {"",
                                        "{}",
                                        "{",
                                        "[]",
                                        "zlib+base64:",
                                        "zlib+base64:AAAA",
                                        "{\"key\":\"a\"}",
                                        "{\"key\":1,\"spec\":{}}",
                                        "{\"key\":\"a\",\"spec\":\"\"}"};
    const struct glm_value *view;
    size_t left = GLM_EXTENT_MAX;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(glm_view_read(*state, texts[i], &left, &view));
}

static void an_object_above_one_mebibyte_is_refused_for_live_clusters_only(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_text spec;
    struct glm_manager *manager;
    struct glm_diags d;
    glm_text_init(&spec, arena, (size_t)4 << 20);
    glm_text_adds(&spec, SPEC "unvalidatedValues: {a: ");
    for (size_t i = 0; i < 1100000; i++)
        glm_text_addc(&spec, 'x');
    glm_text_adds(&spec, "}\n");
    const struct glm_value *v = attributes(arena, spec.data, "{'cluster1': {}}");
    read_all(arena, v, glm_case_config(arena, &glm_null));
    glm_diags_init(&d, arena);
    assert_false(glm_manager_read(
        arena, v,
        glm_case_config(arena, glm_test_value(arena, "{'clusters': {'cluster1': {'place': "
                                                     "'live'}}}")),
        false, &manager, &d));
    glm_assert_error(&d, "installations[\"1-24\"].istio_operator_spec", "too large");
}

static void an_owned_object_is_ours_and_disowning_it_leaves_no_trace(void **state)
{
    struct glm_arena *arena = *state;
    const char *owner;
    const struct glm_value *bare = glm_test_value(arena, "{'metadata': {'name': 'x'}}");
    const struct glm_value *labelled =
        glm_test_value(arena, "{'metadata': {'labels': {'a': 'b'}, 'annotations': {'c': 'd'}}}");
    const struct glm_value *ours = glm_own(arena, bare, "gw", "ns", "east", "", "{}");
    assert_true(glm_owner_of(arena, ours, "gw", "ns", "east", &owner) == GLM_OWNER_US);
    assert_string_equal(owner, "ns/gw");
    assert_true(glm_owner_of(arena, ours, "gw", "other", "east", NULL) == GLM_OWNER_OTHER_RESOURCE);
    assert_true(glm_owner_of(arena, ours, "gw", "ns", "west", NULL) == GLM_OWNER_OTHER_RESOURCE);
    assert_true(glm_owner_of(arena, labelled, "gw", "ns", "east", &owner) == GLM_OWNER_FOREIGN);
    assert_null(owner);
    static const char *const one[] = {GLM_LABEL_NAME, GLM_LABEL_NAMESPACE, GLM_LABEL_CLUSTER};
    for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
        const struct glm_value *labels = glm_get_path(ours, "metadata", "labels", NULL);
        const struct glm_value *less = glm_with_path(
            arena, ours, glm_without(arena, labels, one[i]), "metadata", "labels", NULL);
        assert_true(glm_owner_of(arena, less, "gw", "ns", "east", NULL) == GLM_OWNER_FOREIGN);
    }
    glm_owner_of(arena, ours, "gw", "ns", "west", &owner);
    assert_string_equal(owner, "ns/gw in cluster east");
    assert_string_equal(
        glm_string_or(glm_get_path(ours, "metadata", "labels", GLM_LABEL_REVISION, NULL), ""),
        "default");
    glm_assert_value_equal(glm_disown(arena, ours), bare);
    glm_assert_value_equal(
        glm_disown(arena, glm_own(arena, labelled, "gw", "ns", "east", "1-24", "{}")), labelled);
    assert_ptr_equal(glm_disown(arena, labelled), labelled);
}

static void states_have_the_numbers_and_names_of_the_api(void **state)
{
    enum glm_state s;
    (void)state;
    assert_int_equal(GLM_STATES, 13);
    for (int i = 0; i < GLM_STATES; i++) {
        assert_true(glm_test_state(glm_state_name((enum glm_state)i), &s));
        assert_int_equal((int)s, i);
    }
    assert_string_equal(glm_state_name(GLM_STATE_INSTALL_PENDING), "INSTALL_PENDING");
    assert_string_equal(glm_state_name(GLM_STATES), "UNKNOWN");
}

static void operator_namespaces_follow_the_template(void **state)
{
    struct glm_arena *a = *state;
    assert_string_equal(glm_operator_namespace(a, "gm-iop-{revision}", "1-24"), "gm-iop-1-24");
    assert_string_equal(glm_operator_namespace(a, "gm-iop-{revision}", ""), "gm-iop");
    assert_string_equal(glm_operator_namespace(a, "{revision}-iop", ""), "-iop");
    assert_string_equal(glm_operator_namespace(a, "istio-system", "1-24"), "istio-system");
    assert_string_equal(glm_operator_namespace(a, "{revision}{revision}{revision}", "1-24"),
                        "1-241-241-24");
}

static void two_hundred_clusters_share_what_is_the_same(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_text clusters, spec, provider;
    glm_text_init(&clusters, arena, 1 << 20);
    glm_text_init(&provider, arena, 1 << 20);
    glm_text_init(&spec, arena, 1 << 20);
    for (int i = 0; i < 200; i++) {
        glm_text_addf(&clusters, "%c'c%d': {'active_gateway': true}", i ? ',' : '{', i);
        glm_text_addf(&provider, "%s'c%d': {}", i ? "," : "{'clusters': {", i);
    }
    glm_text_adds(&clusters, "}");
    glm_text_adds(&provider, "}}");
    glm_text_adds(&spec, SPEC "unvalidatedValues:\n");
    for (int i = 0; spec.len < 50000; i++)
        glm_text_addf(&spec, "  key%d: {a: [1, 2, 3], b: text}\n", i);
    const struct glm_mesh_config *config =
        glm_case_config(arena, glm_test_value(arena, provider.data));

    clock_t start = clock();
    struct glm_manager *m = read_all(arena, attributes(arena, spec.data, clusters.data), config);
    size_t before = glm_arena_used(arena);
    const struct glm_value *shared = glm_get(m->installations->spec, "unvalidatedValues");
    for (size_t p = 0; p < 200; p++) {
        struct glm_rendering *r = translate(arena, m, 0, p, config);
        assert_ptr_equal(glm_get_path(r->istio_operator, "spec", "unvalidatedValues", NULL),
                         shared);
        assert_int_equal(r->service_count, 1);
    }
    assert_true(glm_arena_used(arena) - before < (size_t)200 * 32768);
    print_message("          200 clusters: %.0f ms\n",
                  (double)(clock() - start) * 1000 / CLOCKS_PER_SEC);
}

/* ---- the way back ---- */

/* Translates the result of untranslate again and expects the same IstioOperator. */
static void expect_round_trip(struct glm_arena *arena, const struct glm_manager *manager,
                              const struct glm_rendering *r, const struct glm_mesh_config *config)
{
    const struct glm_value *service = r->service_count ? r->services[0].object : NULL;
    const struct glm_value *back = glm_untranslate(arena, r->cluster, r->istio_operator, service);
    struct glm_map_builder one, all, top;
    glm_map_init(&one, arena);
    glm_map_set(&one, "gateway_revision", glm_get(back, "gateway_revision"));
    glm_map_set(&one, "control_plane_revision", glm_get(back, "control_plane_revision"));
    glm_map_set(&one, "istio_operator_spec", glm_get(back, "spec"));
    glm_map_set(&one, "clusters",
                glm_with(arena, &glm_empty_map, r->cluster, glm_get(back, "cluster")));
    glm_map_init(&all, arena);
    glm_map_set(&all, glm_string_or(glm_get(back, "key"), ""), glm_map_finish(&one, NULL));
    glm_map_init(&top, arena);
    glm_map_set(&top, "name", glm_string(arena, manager->name));
    glm_map_set(&top, "installations", glm_map_finish(&all, NULL));
    struct glm_manager *again = read_all(arena, glm_map_finish(&top, NULL), config);
    struct glm_rendering *s = translate(arena, again, 0, 0, config);
    glm_assert_value_equal(s->istio_operator, r->istio_operator);
    assert_string_equal(s->revision, r->revision);
    if (r->service_count)
        glm_assert_value_equal(s->services[0].object, r->services[0].object);
}

static void what_is_translated_can_be_translated_back(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_mesh_config *config = glm_case_config(arena, &glm_null);
    static const char *const profiles[] = {"empty", "minimal", "default", "demo", "openshift"};
    static const char *const clusters[] = {
        "{'cluster1': {'active_gateway': true}}",
        "{'cluster1': {'active_gateway': false, 'trust_domain': 'other'}}",
    };
    for (size_t p = 0; p < sizeof profiles / sizeof *profiles; p++)
        for (size_t c = 0; c < 2; c++) {
            const char *spec =
                glm_sprintf(arena, "profile: %s\n%s", profiles[p], strstr(SPEC, "tag"));
            struct glm_manager *m = read_all(arena, attributes(arena, spec, clusters[c]), config);
            expect_round_trip(arena, m, translate(arena, m, 0, 0, config), config);
        }
}

/* An IstioOperator that somebody else made has pods without the labels that values give to all of
 * a type as soon as a gateway has its own; taken over, it stays so: selectors cannot change. */
static void labels_that_an_object_never_had_do_not_come_with_its_import(void **state)
{
    struct glm_arena *arena = *state;
    static const struct {
        const char *label, *values, *expected;
    } cases[] = {
        {"{'istio':'a','revision':'1-24'}", "{'team':'b'}", "{'istio':'a','revision':'1-24'}"},
        {"{'istio':'a','revision':'1-24'}", "{'istio':'b'}", "{'istio':'a','revision':'1-24'}"},
        {"{'istio':'a','team':'b','revision':'1-24'}", "{'team':'b'}",
         "{'istio':'a','revision':'1-24','team':'b'}"},
    };
    const struct glm_mesh_config *config = glm_case_config(arena, &glm_null);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *object = glm_sprintf(
            arena,
            "{'spec':{'profile':'empty','revision':'1-24','components':{'ingressGateways':["
            "{'name':'edge-1-24','namespace':'gw','enabled':true,'label':%s}]},'values':"
            "{'gateways':{'istio-ingressgateway':{'labels':%s}}}}}",
            cases[i].label, cases[i].values);
        const struct glm_value *back =
            glm_untranslate(arena, "cluster1", glm_test_value(arena, object), NULL);
        const char *spec = glm_string_or(glm_get(back, "spec"), "");
        struct glm_manager *m =
            read_all(arena, attributes(arena, spec, "{'cluster1': {}}"), config);
        struct glm_rendering *r = translate(arena, m, 0, 0, config);
        const struct glm_value *gateways =
            glm_get_path(r->istio_operator, "spec", "components", "ingressGateways", NULL);
        glm_assert_value_equal(glm_get(glm_at(gateways, 0), "label"),
                               glm_test_value(arena, cases[i].expected));
    }
}

/* $VAR and ${VAR} of the originals as something that can stand in a name. */
static const char *without_placeholders(struct glm_arena *arena, const char *text)
{
    struct glm_text out;
    glm_text_init(&out, arena, strlen(text) * 4 + 1);
    while (*text) {
        size_t len = 0;
        if (*text == '$' && text[1] == '{')
            len = strcspn(text, "}") + 1;
        else if (*text == '$')
            while (isalnum((unsigned char)text[++len]) || text[len] == '_')
                continue;
        if (len > 1) {
            glm_text_adds(&out, strstr(glm_strndup(arena, text, len), "NEW") ? "1-99" : "1-98");
            text += len;
        } else {
            glm_text_addc(&out, *text++);
        }
    }
    return out.data;
}

static void translate_document(struct glm_arena *arena, const char *path,
                               const struct glm_value *provider)
{
    size_t len;
    struct glm_diags d;
    const struct glm_value *document = NULL;
    const char *text = without_placeholders(arena, glm_test_file(arena, path, &len));
    glm_diags_init(&d, arena);
    assert_true(glm_yaml_decode(arena, text, strlen(text), path, NULL, &document, &d));
    const struct glm_mesh_config *config = glm_case_config(arena, provider);
    struct glm_manager *m = read_all(arena, glm_case_from_crd(arena, document), config);
    for (size_t i = 0; i < m->installation_count; i++)
        for (size_t p = 0; p < m->installations[i].placement_count; p++)
            expect_round_trip(arena, m, translate(arena, m, i, p, config), config);
}

static void documents_of_the_api_translate_and_come_back(void **state)
{
    static const char *const cases[] = {
        "api-egress",     "api-ingress", "eastwest",     "egress",
        "geoip-overlays", "helm-global", "revisionless", "two-revisions",
    };
    const struct glm_value *provider = glm_test_value(
        *state,
        "{'clusters': {'cluster1': {}, 'cluster2': {}, 'lima': {}, 'oslo': {}, 'paris': {}}}");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        translate_document(
            *state, glm_sprintf(*state, "tests/golden/manifest/%s/input.yaml", cases[i]), provider);
}

/* Further ones, where there are any: GLM_CORPUS names a folder with documents in glm/. */
static void documents_of_a_corpus_translate_and_come_back(void **state)
{
    struct glm_arena *arena = *state;
    const char *folder = getenv("GLM_CORPUS");
    size_t count = 0;
    folder = folder ? glm_sprintf(arena, "%s/glm", folder) : "../shared/corpus/glm";
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && (e = readdir(dir)) != NULL;)
        if (strstr(e->d_name, ".yaml")) {
            translate_document(arena, glm_sprintf(arena, "%s/%s", folder, e->d_name), &glm_null);
            count++;
        }
    if (dir)
        closedir(dir);
    print_message("          %zu documents in %s\n", count, folder);
}

static void warnings_end_with_the_name_and_the_clusters(void **state)
{
    static const struct {
        const char *attributes, *label;
    } cases[] = {
        {"{'installations': {'1': {'clusters': {'a': {}}}}}", NULL},
        {"{'name': 'gw'}", "gw"},
        {"{'name': 'gw', 'namespace': 'gloo-mesh', 'installations': {'1': {'clusters': {'b': "
         "{}}}}}",
         "gw in b"},
        {"{'name': 'gw', 'namespace': 'other', 'installations': {'1': {'clusters': {'b': {}}},"
         " '2': {'clusters': {'a': {}, 'b': {}}}}}",
         "other/gw in a, b"},
        {"{'name': 'gw', 'installations': {'1': {'clusters': {'c': {}, 'b': {}}},"
         " '2': {'clusters': {'a': {}}}}}",
         "gw in a and 2 more"},
        {"{'name': 'gw', 'installations': {'1': {'clusters': null}}}", "gw"},
        {"{'name': 'gw', 'clusters': ['east']}", "gw in east"}, /* a data source */
        {"{'name': 'gw', 'clusters': null}", "gw"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *label = glm_manager_label(*state, glm_test_value(*state, cases[i].attributes));
        if (!cases[i].label)
            assert_null(label);
        else
            assert_string_equal(label, cases[i].label);
    }
    const struct glm_value *unknown =
        glm_with(*state, glm_test_value(*state, "{'name': 'gw'}"), "installations", &glm_unknown);
    assert_string_equal(glm_manager_label(*state, unknown), "gw");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)

/* SPEC with 300 ports, each with a number of its own everywhere, and what is added to the last; and
 * what else there is. */
static const char *many_ports(struct glm_arena *arena, const char *last, const char *more)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)1 << 20);
    glm_text_adds(&text, "profile: empty\ntag: 1.23.6\ncomponents:\n  ingressGateways:\n  - name: "
                         "istio-ingressgateway\n    enabled: true\n    k8s:\n      service:\n"
                         "        type: NodePort\n        ports:\n");
    for (size_t i = 0; i < 300; i++)
        glm_text_addf(
            &text, "        - {name: p%zu, port: %zu, %s}\n", i, 1000 + i,
            i == 299 ? last
                     : glm_sprintf(arena, "targetPort: %zu, nodePort: %zu", 2000 + i, 30000 + i));
    glm_text_adds(&text, more);
    return text.data;
}

static void the_last_of_many_ports_is_held_against_the_first(void **state)
{
    static const struct {
        const char *last, *more, *said; /* NULL: nothing is wrong */
    } cases[] = {
        {"targetPort: 2299, nodePort: 30299", "", NULL},
        {"targetPort: 2000, nodePort: 30299", "",
         "2000/TCP is that of components.ingressGateways[0].k8s.service.ports[0] already"},
        {"targetPort: 2000, protocol: UDP, nodePort: 30299", "", NULL},
        {"targetPort: 2299, nodePort: 30000", "", "ports[0] too. Give it another number"},
        {"targetPort: 2299, nodePort: 30299",
         "values:\n  gateways:\n    istio-ingressgateway:\n      ingressPorts: [{name: more, port: "
         "1000}]\n",
         "components.ingressGateways[0].k8s.service.ports[0] has port 1000 already"},
        {"targetPort: 2299, nodePort: 30299",
         "values:\n  gateways:\n    istio-ingressgateway:\n      ingressPorts: [{name: p0, port: "
         "999}]\n",
         "port 999 is the name of components.ingressGateways[0].k8s.service.ports[0] too"},
    };
    struct glm_arena *arena = *state;
    const struct glm_mesh_config *config = glm_case_config(arena, &glm_null);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *spec = many_ports(arena, cases[i].last, cases[i].more);
        struct glm_manager *manager;
        struct glm_diags d;
        glm_diags_init(&d, arena);
        bool ok = glm_manager_read(
            arena, attributes(arena, spec, "{'cluster1': {'active_gateway': true}}"), config, false,
            &manager, &d);
        if (cases[i].said)
            glm_assert_error(&d, "installations[\"1-24\"].istio_operator_spec", cases[i].said);
        else if (!ok)
            fail_msg("%s", glm_test_diags_text(arena, &d));
    }
}

static void the_last_of_many_installations_is_held_against_the_others(void **state)
{
    struct glm_arena *arena = *state;
    struct glm_map_builder b;
    struct glm_manager *manager;
    struct glm_diags d;
    glm_map_init(&b, arena);
    glm_diags_init(&d, arena);
    for (size_t i = 0; i < 250; i++) {
        const char *spec =
            glm_sprintf(arena, SPEC "values: {global: {multiCluster: {clusterName: %s}}}\n",
                        i >= 248 ? "same" : glm_sprintf(arena, "own-%zu", i));
        const struct glm_value *in =
            glm_with_path(arena, &glm_empty_map, &glm_empty_map, "clusters",
                          i == 249 ? "cluster2" : "cluster1", NULL);
        glm_map_set(&b, glm_sprintf(arena, "r%03zu", i),
                    glm_with(arena, in, "istio_operator_spec", glm_string(arena, spec)));
    }
    const struct glm_value *v = glm_with(arena, glm_test_value(arena, "{'name': 'gw'}"),
                                         "installations", glm_map_finish(&b, NULL));
    if (!glm_manager_read(arena, v, glm_case_config(arena, &glm_null), true, &manager, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    glm_assert_warning(&d, "installations[\"r249\"].istio_operator_spec",
                       "is \"same\" in cluster \"cluster2\", and in cluster \"cluster1\" of "
                       "installations[\"r248\"] too");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_view_comes_back_as_it_went_in_at_any_size),
        TEST(the_view_of_a_spec_does_not_depend_on_its_formatting),
        TEST(a_spec_whose_view_exceeds_the_annotation_limit_is_refused),
        TEST(text_that_is_no_view_is_not_read_as_one),
        TEST(an_object_above_one_mebibyte_is_refused_for_live_clusters_only),
        TEST(an_owned_object_is_ours_and_disowning_it_leaves_no_trace),
        TEST(states_have_the_numbers_and_names_of_the_api),
        TEST(operator_namespaces_follow_the_template),
        TEST(warnings_end_with_the_name_and_the_clusters),
        TEST(the_last_of_many_ports_is_held_against_the_first),
        TEST(the_last_of_many_installations_is_held_against_the_others),
        TEST(two_hundred_clusters_share_what_is_the_same),
        TEST(what_is_translated_can_be_translated_back),
        TEST(labels_that_an_object_never_had_do_not_come_with_its_import),
        TEST(documents_of_the_api_translate_and_come_back),
        TEST(documents_of_a_corpus_translate_and_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
