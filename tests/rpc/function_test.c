/* SPDX-License-Identifier: Apache-2.0
 *
 * The provider's functions. Each folder of tests/golden/manifest is a case:
 *
 * input.yaml    a manifest
 * output.json   what manifest_decode makes of it
 * encoded.yaml  what manifest_encode makes of that
 *
 * GLM_UPDATE_GOLDEN=1 rewrites the last two. GLM_CORPUS may name a folder of further manifests.
 */
#include "test.h"

#include "manifest.h"

#include "glm/codec.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOT "tests/golden/manifest"
#define MAX_ARGUMENTS 2 /* of any function */

static const struct glm_value *run(struct glm_arena *a, const struct glm_function_type *function,
                                   const struct glm_value *first, const struct glm_value *second,
                                   struct glm_diags *d)
{
    struct glm_call call = {.arena = a};
    const struct glm_value *items[MAX_ARGUMENTS] = {first, second};
    glm_diags_init(&call.diags, a);
    const struct glm_value *result = function->run(&call, glm_list(a, items, second ? 2 : 1));
    assert_true((result == NULL) == (call.diags.errors > 0));
    *d = call.diags;
    if (!result)
        return NULL;
    /* What Terraform gets: it must be of the type that the function promises. */
    const void *bytes;
    size_t len;
    if (!glm_msgpack_encode(a, function->result, result, &bytes, &len, d) ||
        !glm_msgpack_decode(a, function->result, bytes, len, &result, d))
        fail_msg("%s: %s", function->name, glm_test_diags_text(a, d));
    return result;
}

static const struct glm_value *decode(struct glm_arena *a, const char *yaml, struct glm_diags *d)
{
    return run(a, &glm_function_manifest_decode, glm_string(a, yaml), NULL, d);
}

/* ---- golden cases ---- */

/* The attributes with each spec decoded: texts keep the spelling of their manifest. */
static const struct glm_value *meaning(struct glm_arena *a, const struct glm_value *attributes)
{
    const struct glm_value *installations = glm_get(attributes, "installations");
    struct glm_map_builder b;
    glm_map_init(&b, a);
    for (size_t i = 0; i < installations->len; i++) {
        const struct glm_pair *pair = &installations->as.map[i];
        const struct glm_value *text = glm_get(pair->value, "istio_operator_spec"), *spec;
        struct glm_diags d;
        glm_diags_init(&d, a);
        if (glm_is_string(text)) {
            assert_true(glm_yaml_decode(a, text->as.text, text->len, "the spec", NULL, &spec, &d));
            glm_map_set(&b, pair->key, glm_with(a, pair->value, "istio_operator_spec", spec));
        } else {
            glm_map_set(&b, pair->key, pair->value);
        }
    }
    return glm_with(a, attributes, "installations", glm_map_finish(&b, NULL));
}

static void round_trip(struct glm_arena *a, const char *folder, bool golden)
{
    struct glm_diags d;
    const char *input = golden ? glm_sprintf(a, "%s/input.yaml", folder) : folder;
    const struct glm_value *attributes = decode(a, glm_test_file(a, input, NULL), &d);
    if (!attributes)
        fail_msg("%s: %s", input, glm_test_diags_text(a, &d));
    const struct glm_value *text = run(a, &glm_function_manifest_encode, attributes, NULL, &d);
    if (!text)
        fail_msg("%s: %s", input, glm_test_diags_text(a, &d));
    if (golden) {
        glm_assert_golden(glm_sprintf(a, "%s/output.json", folder),
                          glm_sprintf(a, "%s\n", glm_json_text(a, attributes)));
        glm_assert_golden(glm_sprintf(a, "%s/encoded.yaml", folder), text->as.text);
    }
    /* The namespace left out is the one that the resource takes. */
    if (glm_is_null(glm_get(attributes, "namespace")))
        attributes = glm_with(a, attributes, "namespace", glm_string(a, "gloo-mesh"));
    const struct glm_value *again = decode(a, text->as.text, &d);
    assert_non_null(again);
    glm_assert_value_equal(meaning(a, again), meaning(a, attributes));
}

static size_t each_entry(struct glm_arena *a, const char *root, bool golden)
{
    size_t count = 0;
    DIR *dir = opendir(root);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        if (e->d_name[0] == '.')
            continue;
        round_trip(a, glm_sprintf(a, "%s/%s", root, e->d_name), golden);
        count++;
    }
    closedir(dir);
    return count;
}

static void manifests_survive_the_round_trip(void **state)
{
    assert_true(each_entry(*state, ROOT, true) >= 13);
}

static void manifests_of_others_survive_the_round_trip(void **state)
{
    const char *corpus = getenv("GLM_CORPUS");
    const char *folder = glm_sprintf(*state, "%s/glm", corpus ? corpus : "../shared/corpus");
    if (access(folder, R_OK) != 0) { /* more of the same: our own cases are in the repository */
        print_message("          not here: %s; GLM_CORPUS names a folder of documents\n", folder);
        return;
    }
    assert_true(each_entry(*state, folder, false) > 0);
}

/* ---- manifest_decode ---- */

#define HEAD "apiVersion: admin.gloo.solo.io/v2\nkind: GatewayLifecycleManager\n"

static void a_manifest_is_looked_for_by_kind(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    assert_null(decode(a, "", &d));
    glm_assert_error(&d, "[0]", "The text has no document");
    assert_null(decode(a, "kind: Service\n---\n5\n", &d));
    glm_assert_error(&d, "[0]", "only: Service, one without a kind");
    assert_null(decode(a, HEAD "---\n" HEAD, &d));
    glm_assert_error(&d, "[0]", "2 documents of kind GatewayLifecycleManager");
    assert_null(decode(a, "a: [", &d));
    glm_assert_error(&d, "[0]", "Line 1, column 5");
    glm_assert_error(&d, "[0]", "\n\n    1 | a: [");
}

static void every_mistake_of_a_manifest_is_shown_with_its_position(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    assert_null(decode(a,
                       "apiVersion: admin.gloo.solo.io/v1\nkind: GatewayLifecycleManager\n"
                       "metadata: {namespace: 5}\n"
                       "spec:\n"
                       "  helmGlobals: {}\n"
                       "  installations:\n"
                       "  - gatewayRevison: 1-24\n"
                       "    clusters: [{name: a}, {name: a}]\n"
                       "    istioOperatorSpec: {}\n"
                       "  - gatewayRevision: 1.24\n"
                       "    clusters: {a: {}}\n",
                       &d));
    glm_assert_error(&d, "[0].apiVersion",
                     "Line 1, column 1: the apiVersion is \"admin.gloo.solo.io/v1\"");
    glm_assert_error(&d, "[0].apiVersion", "\n\n    1 | apiVersion: admin.gloo.solo.io/v1");
    glm_assert_error(&d, "[0].metadata.name", "The manifest needs metadata.name: there is none");
    glm_assert_error(&d, "[0].metadata.namespace", "put it in quotes.\n\n    3 | metadata:");
    glm_assert_error(
        &d, "[0].spec.helmGlobals",
        "Line 5, column 3: there is no field \"helmGlobals\" here. Did you mean \"helmGlobal\"");
    glm_assert_error(&d, "[0].spec.installations[0].gatewayRevison", "\"gatewayRevision\"");
    glm_assert_error(&d, "[0].spec.installations[0].gatewayRevison",
                     "\n\n    7 |   - gatewayRevison: 1-24");
    glm_assert_error(&d, "[0].spec.installations[0].clusters[1]", "Line 8, column 27");
    glm_assert_error(&d, "[0].spec.installations[1].gatewayRevision", "Line 10, column 22");
    glm_assert_error(&d, "[0].spec.installations[1].clusters", "it must be a list");
    glm_assert_error(&d, "[0].spec.installations[1].istioOperatorSpec", "istioOperatorSpec");
    assert_int_equal(d.errors, 9);
}

static void a_manifest_without_a_spec_is_refused(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    assert_null(decode(a, HEAD "metadata: {name: a}\n", &d));
    glm_assert_error(&d, "[0].spec", "needs a spec");
    assert_null(decode(a, HEAD "metadata: {name: a}\nspec: {}\n", &d));
    glm_assert_error(&d, "[0].spec.installations", "needs \"installations\"");
}

/* ---- manifest_encode ---- */

/* The API has one spec for all clusters of an installation, and takes a revision as often as its clusters
 * differ. */
static void clusters_of_several_networks_are_encoded_as_installations_of_one_revision(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    const struct glm_value *object = glm_test_value(
        a, "{'name': 'g', 'installations': {'1-30': {'istio_version': '1.30.3', 'clusters': {"
           "  'a': {'network': 'n1'}, 'b': {}, 'c': {'network': 'n2', 'trust_domain': 't'},"
           "  'd': {'network': 'n1', 'active_gateway': true}},"
           " 'istio_operator_spec': 'values: {global: {network: n0}}'},"
           " '1-30-n1': {'clusters': {'e': {'network': ''}}, 'istio_operator_spec': 'tag: x'}}}");
    const struct glm_value *text = run(a, &glm_function_manifest_encode, object, NULL, &d);
    assert_non_null(text);
    const struct glm_value *back = decode(a, text->as.text, &d);
    assert_non_null(back);
    const struct glm_value *said = glm_test_value(
        a,
        "{'1-30': {'clusters': {'b': {'active_gateway': null, 'network': null, 'trust_domain': "
        "null}}, 'control_plane_revision': null, 'gateway_chart_values': null, 'gateway_revision': "
        "'1-30', 'istio_version': "
        "null, 'skip_upgrade_validation': null, 'istio_operator_spec': 'values:\\n  global:\\n    "
        "network: n0\\n'}}");
    const struct glm_value *installations = glm_get(back, "installations");
    assert_int_equal(installations->len, 4);
    glm_assert_value_equal(glm_get(installations, "1-30"), glm_get(said, "1-30"));
    static const struct {
        const char *key, *cluster, *spec;
    } others[] = {
        {"1-30-2", "a", "network: n1"},
        {"1-30-2", "d", "network: n1"},
        {"1-30-3", "c", "network: n2"},
        {"1-30-n1", "e", "tag: x"},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const struct glm_value *in = glm_get(installations, others[i].key);
        assert_true(glm_has(glm_get(in, "clusters"), others[i].cluster));
        assert_non_null(
            strstr(glm_string_or(glm_get(in, "istio_operator_spec"), ""), others[i].spec));
    }
}

static void a_whole_resource_can_be_encoded(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    const struct glm_value *resource = glm_test_value(
        a,
        "{'name': 'g', 'namespace': 'mesh', 'helm_global': null, 'id': 'n/g',"
        " 'wait_for_healthy': true, 'deletion_protection': false, 'adopt_existing': false,"
        " 'force_conflicts': false, 'timeouts': null, 'objects': {'label': {}},"
        " 'services': {}, 'addresses': {}, 'status': {'clusters': {}}, 'installations': {'label': {"
        "  'gateway_chart_values': null, 'gateway_revision': '1-24', 'control_plane_revision': "
        "null,"
        "  'skip_upgrade_validation': false, 'istio_operator_spec': 'tag: \\u00221.10\\u0022',"
        "  'clusters': {'a': {'active_gateway': true, 'trust_domain': null}}}}}");
    const struct glm_value *text = run(a, &glm_function_manifest_encode, resource, NULL, &d);
    assert_non_null(text);
    assert_string_equal(text->as.text, "apiVersion: admin.gloo.solo.io/v2\n"
                                       "kind: GatewayLifecycleManager\n"
                                       "metadata:\n"
                                       "  name: g\n"
                                       "  namespace: mesh\n"
                                       "spec:\n"
                                       "  installations:\n"
                                       "  - clusters:\n"
                                       "    - activeGateway: true\n"
                                       "      name: a\n"
                                       "    gatewayRevision: 1-24\n"
                                       "    istioOperatorSpec:\n"
                                       "      tag: \"1.10\"\n"
                                       "    skipUpgradeValidation: false\n");
}

static void what_is_optional_may_be_left_out_of_a_literal(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    const struct glm_value *text =
        run(a, &glm_function_manifest_encode,
            glm_test_value(a, "{'name': 'g', 'installations': {'1-24': {'clusters': {'a': {}},"
                              " 'istio_operator_spec': '{}'}, 'default': {'clusters': {},"
                              " 'istio_operator_spec': ''}}}"),
            NULL, &d);
    assert_non_null(text);
    const struct glm_value *manifest;
    assert_true(glm_yaml_decode(a, text->as.text, text->len, "the manifest", NULL, &manifest, &d));
    glm_assert_value_equal(glm_get(manifest, "spec"),
                           glm_test_value(a,
                                          "{'installations': ["
                                          "{'gatewayRevision': '1-24', 'clusters': [{'name': 'a'}],"
                                          " 'istioOperatorSpec': {}},"
                                          "{'clusters': [], 'istioOperatorSpec': null}]}"));
}

static void mistakes_in_a_literal_say_where_in_the_argument(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    assert_null(run(a, &glm_function_manifest_encode,
                    glm_test_value(a, "{'installations': {'x': {'cluster': {},"
                                      " 'clusters': ['a'], 'istio_operator_spec': 'a: ['}}}"),
                    NULL, &d));
    glm_assert_error(&d, "[0]", "At name: \"name\" is required");
    glm_assert_error(&d, "[0]", "At installations[\"x\"].cluster: There is no");
    glm_assert_error(&d, "[0]", "At installations[\"x\"].clusters: This is a list");
    assert_int_equal(d.errors, 3);
    assert_null(run(a, &glm_function_manifest_encode,
                    glm_test_value(a, "{'name': 'g', 'installations': {'x': {'clusters': {},"
                                      " 'istio_operator_spec': 'a: ['}}}"),
                    NULL, &d));
    glm_assert_error(&d, "[0]", "At installations[\"x\"].istio_operator_spec: Line 1, column 5");
    assert_null(run(a, &glm_function_manifest_encode, glm_test_value(a, "'text'"), NULL, &d));
    glm_assert_error(&d, "[0]", "This is a string; it must be an object");
}

/* ---- istio_operators ---- */

#define GATEWAY                                                                                    \
    "'istio_operator_spec': 'components: {ingressGateways: [{name: gw, enabled: true}]}'"

static void every_cluster_gets_what_the_resource_would_give_it(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    const struct glm_value *result =
        run(a, &glm_function_istio_operators,
            glm_test_value(a, "{'name': 'g', 'installations': {"
                              "'1-24': {'clusters': {'b': {}, 'a': {}}, " GATEWAY "},"
                              "'default': {'clusters': {'b': {}}, " GATEWAY "}}}"),
            glm_test_value(a, "['c', 'b', 'a']"), &d);
    if (!result)
        fail_msg("%s", glm_test_diags_text(a, &d));
    assert_int_equal(result->len, 3);
    assert_int_equal(glm_get(result, "a")->len, 1);
    assert_int_equal(glm_get(result, "b")->len, 2);
    assert_int_equal(glm_get(result, "c")->len, 0);
    const struct glm_value *json = glm_get_path(result, "b", "1-24", NULL), *object;
    assert_true(glm_json_decode(a, json->as.text, json->len, "the result", NULL, &object, &d));
    assert_true(glm_string_is(glm_get(object, "kind"), "IstioOperator"));
    assert_true(glm_string_is(glm_get_path(object, "metadata", "name", NULL), "g-1-24"));
    assert_true(glm_string_is(glm_get_path(object, "metadata", "namespace", NULL), "istio-system"));
    assert_true(
        glm_string_is(glm_get_path(object, "spec", "meshConfig", "trustDomain", NULL), "b"));
    json = glm_get_path(result, "b", "default", NULL);
    assert_true(glm_json_decode(a, json->as.text, json->len, "the result", NULL, &object, &d));
    assert_true(glm_string_is(glm_get_path(object, "metadata", "name", NULL), "g"));
}

static void the_rules_of_the_resource_apply_offline(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    assert_null(run(a, &glm_function_istio_operators,
                    glm_test_value(a, "{'name': 'g', 'installations': {"
                                      "'1.24': {'clusters': {'a': {}}, " GATEWAY "},"
                                      "'1-23': {'clusters': {'zz': {}}, " GATEWAY "},"
                                      "'auto': {'clusters': {'a': {}}, " GATEWAY "}}}"),
                    glm_test_value(a, "['a']"), &d));
    const char *text = glm_test_diags_text(a, &d);
    assert_non_null(strstr(text, "1-24"));
    assert_non_null(strstr(text, "At installations[\"1-23\"].clusters[\"zz\"]: "));
    assert_non_null(strstr(text, "default_distribution"));
}

/* Whether an operator reads the spec or installer "direct" renders it is in no argument. */
static void a_spec_is_held_against_the_istio_that_it_is_for(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
#define VOLUMES(tag)                                                                               \
    glm_test_value(a, "{'name': 'g', 'installations': {'1-30': {'clusters': {'a': {}}, "           \
                      "'istio_operator_spec': '{tag: " tag ", components: {ingressGateways: "      \
                      "[{name: gw, enabled: true, k8s: {volumes: [{name: v, emptyDir: {}}]}}]}}'"  \
                      "}}}")
    const struct glm_value *clusters = glm_test_value(a, "['a']");
    if (!run(a, &glm_function_istio_operators, VOLUMES("1.30.3"), clusters, &d))
        fail_msg("%s", glm_test_diags_text(a, &d));
    assert_null(run(a, &glm_function_istio_operators, VOLUMES("1.23.6"), clusters, &d));
    glm_assert_error(&d, "[0]", "emptyDir is not a field of the IstioOperator API (Istio 1.23)");
    assert_null(
        run(a, &glm_function_istio_operators, VOLUMES("1.30.3, nonsense: 1"), clusters, &d));
    glm_assert_error(&d, "[0]", "nonsense is not a field");
}

/* Which kinds there are is said, however long and many they are. */
static void kinds_of_others_are_named(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    struct glm_text text;
    glm_text_init(&text, a, SIZE_MAX / 4);
    glm_text_addf(&text, "kind: Long%05000d\n", 1);
    for (int i = 0; i < 30; i++)
        glm_text_addf(&text, "---\nkind: K%d\n", i);
    assert_null(decode(a, text.data, &d));
    glm_assert_error(&d, "[0]", "only: Long0000");
    glm_assert_error(&d, "[0]", "K18, and 11 more.");
}

static void cluster_names_are_checked(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    assert_null(run(a, &glm_function_istio_operators,
                    glm_test_value(a, "{'name': 'g', 'installations': {}}"),
                    glm_test_value(a, "['a', 'B_1', 'a', null]"), &d));
    glm_assert_error(&d, "[1][1]", "b-1");
    glm_assert_error(&d, "[1][2]", "in the list already");
    glm_assert_error(&d, "[1][3]", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(manifests_survive_the_round_trip),
        cmocka_unit_test(manifests_of_others_survive_the_round_trip),
        cmocka_unit_test(a_manifest_is_looked_for_by_kind),
        cmocka_unit_test(every_mistake_of_a_manifest_is_shown_with_its_position),
        cmocka_unit_test(a_manifest_without_a_spec_is_refused),
        cmocka_unit_test(clusters_of_several_networks_are_encoded_as_installations_of_one_revision),
        cmocka_unit_test(a_whole_resource_can_be_encoded),
        cmocka_unit_test(what_is_optional_may_be_left_out_of_a_literal),
        cmocka_unit_test(mistakes_in_a_literal_say_where_in_the_argument),
        cmocka_unit_test(every_cluster_gets_what_the_resource_would_give_it),
        cmocka_unit_test(the_rules_of_the_resource_apply_offline),
        cmocka_unit_test(a_spec_is_held_against_the_istio_that_it_is_for),
        cmocka_unit_test(kinds_of_others_are_named),
        cmocka_unit_test(cluster_names_are_checked),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
