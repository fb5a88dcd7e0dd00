/* SPDX-License-Identifier: Apache-2.0
 *
 * What must hold of every row of every table, and the checks the tables name.
 */
#include "test.h"

#include "check_provider.h"
#include "checks.h"
#include "manifest.h"
#include "schemas.h"

#include <string.h>

static const struct glm_schema *const schemas[] = {&glm_provider_schema, &glm_resource_schema,
                                                   &glm_data_source_schema,
                                                   &glm_control_planes_schema};

typedef void row_fn(const struct glm_attr *attr, const struct glm_schema *schema);

static void each_row(const struct glm_attr *attrs, const struct glm_schema *schema, row_fn *fn)
{
    for (; attrs->name; attrs++) {
        fn(attrs, schema);
        if (attrs->nested)
            each_row(attrs->nested, schema, fn);
    }
}

static void each_table(row_fn *fn)
{
    for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++)
        each_row(schemas[i]->attrs, schemas[i], fn);
}

/* Says which row it is; the assertion macros do not. */
#define ROW(condition)                                                                             \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("%s \"%s\": " #condition, schema->name, attr->name);                          \
    } while (0)

static void has_one_use(const struct glm_attr *attr, const struct glm_schema *schema)
{
    bool required = attr->use & GLM_REQUIRED, optional = attr->use & GLM_OPTIONAL;
    bool computed = attr->use & GLM_COMPUTED;
    ROW(required || optional || computed);
    ROW(!(required && (optional || computed)));
    ROW((attr->nesting == GLM_NEST_NONE) == (attr->type != NULL));
    ROW((attr->nesting == GLM_NEST_NONE) == (attr->nested == NULL));
    ROW(attr->nesting == GLM_NEST_MAP || !attr->check_key);
    ROW(!attr->crd_key || (attr->crd && attr->nesting == GLM_NEST_MAP));
}

static void has_defaults_where_terraform_takes_them(const struct glm_attr *attr,
                                                    const struct glm_schema *schema)
{
    bool defaulted = (attr->use & GLM_OPTIONAL) && (attr->use & GLM_COMPUTED);
    if (schema == &glm_provider_schema)
        ROW(!(attr->use & GLM_COMPUTED));
    else
        ROW(defaulted == (attr->fallback != NULL));
}

static void has_words_that_name_the_default(const struct glm_attr *attr,
                                            const struct glm_schema *schema)
{
    ROW(attr->doc && *attr->doc);
    size_t len = strlen(attr->doc);
    ROW(attr->doc[len - 1] == '.');
    ROW(attr->doc[0] >= 'A' && attr->doc[0] <= 'Z');
    ROW(!strstr(attr->doc, "  ") && !strchr(attr->doc, '\n') && !strchr(attr->doc, '!'));
    if (!attr->fallback)
        return;
    ROW(strstr(attr->doc, "Defaults to "));
    if (strcmp(attr->fallback, GLM_FALLBACK_KEY) == 0)
        return;
    const char *value = attr->fallback + (attr->fallback[0] == '"');
    size_t value_len = strcspn(value, "\"");
    bool named = false;
    for (const char *p = attr->doc; (p = strchr(p, '`')); p++)
        named = named || (strncmp(p + 1, value, value_len) == 0 && p[1 + value_len] == '`');
    ROW(named);
}

static void every_row_is_well_formed(void **state)
{
    (void)state;
    each_table(has_one_use);
    each_table(has_defaults_where_terraform_takes_them);
    each_table(has_words_that_name_the_default);
}

/* An identity is read off the state and must never change. */
static void the_identity_is_of_attributes_that_are_known_and_replace_the_resource(void **state)
{
    (void)state;
    const struct glm_schema *schema = &glm_resource_identity_schema;
    assert_string_equal(schema->name, glm_resource_schema.name);
    for (const struct glm_attr *attr = schema->attrs; attr->name; attr++) {
        const struct glm_attr *of = glm_schema_attr(glm_resource_schema.attrs, attr->name);
        has_words_that_name_the_default(attr, schema);
        ROW(of && of->type == attr->type && (of->use & GLM_REPLACE));
        ROW((of->use & (GLM_REQUIRED | GLM_OPTIONAL)) == attr->use);
        ROW(attr->use == GLM_REQUIRED || (attr->fallback && of->fallback));
        ROW(attr->use == GLM_REQUIRED || strcmp(attr->fallback, of->fallback) == 0);
    }
}

static void secrets_are_sensitive(void **state)
{
    (void)state;
    const struct glm_attr *clusters = glm_schema_attr(glm_provider_schema.attrs, "clusters");
    static const char *const secrets[] = {"kubeconfig", "client_key", "token", "password"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        assert_true(glm_schema_attr(clusters->nested, secrets[i])->use & GLM_SENSITIVE);
    const struct glm_attr *exec = glm_schema_attr(clusters->nested, "exec");
    assert_true(glm_schema_attr(exec->nested, "env")->use & GLM_SENSITIVE);
}

static void the_resources_defaults_are_those_documented(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *v = glm_schema_defaults(
        a, glm_resource_schema.attrs,
        glm_test_value(a, "{'name': 'n', 'installations': {'1-24': {'clusters': {'east': {}},"
                          " 'istio_operator_spec': 's'}}, 'timeouts': {}, 'helm_global': {}}"));
    glm_assert_value_equal(
        v,
        glm_test_value(
            a,
            "{'name': 'n', 'namespace': 'gloo-mesh', 'installations': {'1-24': {"
            "  'gateway_chart_values': null, 'gateway_revision': '1-24', 'control_plane_revision': "
            "null,"
            "  'skip_upgrade_validation': false, 'istio_operator_spec': 's',"
            "  'istio_version': null,"
            "  'clusters': {'east': {'active_gateway': false, 'network': null,"
            "                        'trust_domain': null}}}},"
            " 'helm_global': {'repo': null, 'repo_secrets': null,"
            "  'repo_skip_tls_verify': false},"
            " 'wait_for_healthy': true, 'deletion_protection': false,"
            " 'adopt_existing': false, 'force_conflicts': false,"
            " 'timeouts': {'create': null, 'update': null, 'delete': null, 'read': null},"
            " 'id': null, 'objects': null, 'services': null, 'addresses': null, 'status': null}"));
}

static void generated_configuration_is_short_and_leads_to_the_same_state(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_attr *attrs = glm_resource_schema.attrs;
    const struct glm_value *written =
        glm_test_value(a, "{'name': 'n', 'wait_for_healthy': false, 'installations': {"
                          "  '1-24': {'clusters': {'east': {'active_gateway': true}, 'west': {}},"
                          "           'istio_operator_spec': '{}'},"
                          "  'old': {'gateway_revision': '1-23', 'clusters': {'east': {}},"
                          "          'istio_operator_spec': '{}'}},"
                          " 'helm_global': {'repo_secrets': [{'name': 's'}]}}");
    const struct glm_value *filled = glm_schema_defaults(a, attrs, written);
    const struct glm_value *all = glm_with(a, filled, "id", glm_string(a, "gloo-mesh/n"));
    const struct glm_value *config = glm_schema_config(a, attrs, all);
    glm_assert_value_equal(glm_schema_defaults(a, attrs, config), filled);
    const struct glm_value *first = glm_get_path(config, "installations", "1-24", NULL);
    assert_true(glm_is_null(glm_get(first, "gateway_revision")));
    assert_true(glm_is_null(glm_get(first, "skip_upgrade_validation")));
    assert_true(glm_is_null(glm_get_path(first, "clusters", "west", "active_gateway", NULL)));
    assert_true(glm_is_true(glm_get_path(first, "clusters", "east", "active_gateway", NULL)));
    assert_true(glm_string_is(
        glm_get_path(config, "installations", "old", "gateway_revision", NULL), "1-23"));
    static const char *const left_out[] = {"id", "namespace", "adopt_existing", "timeouts"};
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        assert_true(glm_is_null(glm_get(config, left_out[i])));
    assert_true(glm_is_false(glm_get(config, "wait_for_healthy")));
}

static void generated_configuration_has_documents_as_json(void **state)
{
    struct glm_arena *a = *state;
    static const char *const texts[][2] = {
        {"tag: 1.10\nhub: 'x'\n", "{\"hub\":\"x\",\"tag\":1.10}"},
        {"{\"tag\": 1}", "{\"tag\":1}"},
        {"a: [", "a: ["},
        {"no map", "no map"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct glm_value *v =
            glm_with_path(a, &glm_empty_map, glm_string(a, texts[i][0]), "installations", "1-24",
                          "istio_operator_spec", NULL);
        v = glm_schema_config(a, glm_resource_schema.attrs, v);
        assert_string_equal(
            glm_get_path(v, "installations", "1-24", "istio_operator_spec", NULL)->as.text,
            texts[i][1]);
    }
}

static void the_manifests_type_is_the_resources(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_type *type = glm_schema_type(a, glm_resource_schema.attrs);
    for (size_t i = 0; i < glm_manifest_type.len; i++) {
        const struct glm_field *field = &glm_manifest_type.fields[i];
        assert_true(glm_type_equal(field->type, glm_type_field(type, field->name)->type));
    }
    size_t count = 2; /* name and namespace, which are not in the spec */
    for (const struct glm_attr *attr = glm_resource_schema.attrs; attr->name; attr++)
        count += attr->crd != NULL;
    assert_int_equal(glm_manifest_type.len, count);
}

/* ---- checks of one attribute ---- */

struct check_case {
    const char *value; /* JSON with single quotes */
    const char *part;  /* of the error; NULL: taken */
};

static void run_cases(struct glm_arena *a, glm_check_fn *check, const struct check_case *cases)
{
    for (; cases->value; cases++) {
        struct glm_diags d;
        glm_diags_init(&d, a);
        bool ok = check(a, glm_test_value(a, cases->value), GLM_AT_ATTR(NULL, "x"), &d);
        if (ok != (cases->part == NULL) || ok != (d.errors == 0))
            fail_msg("%s: %s", cases->value, glm_test_diags_text(a, &d));
        if (cases->part)
            glm_assert_error(&d, cases->value[0] == '[' ? "x[0]" : "x", cases->part);
    }
}

static void installers_and_reactions_are_words(void **state)
{
    run_cases(*state, glm_check_installer,
              (const struct check_case[]){{"'istio_operator'", NULL},
                                          {"'direct'", NULL},
                                          {"'gloo'", NULL},
                                          {"'directory'", NULL},
                                          {"'istio-operator'", "Did you mean \"istio_operator\""},
                                          {"'helm'", "must be \"istio_operator\", \"direct\""},
                                          {NULL, NULL}});
    run_cases(*state, glm_check_on_unreachable,
              (const struct check_case[]){{"'warn'", NULL},
                                          {"'error'", NULL},
                                          {"'warning'", "must be \"warn\" or \"error\""},
                                          {"''", "must be \"warn\" or \"error\""},
                                          {NULL, NULL}});
}

static void cluster_names_are_labels(void **state)
{
    run_cases(*state, glm_check_cluster_name,
              (const struct check_case[]){{"'east-1'", NULL},
                                          {"'east_1'", "underscore"},
                                          {"'east_1'", "\"east-1\""},
                                          {"'East'", "\"east\""},
                                          {"'arn:aws:eks:x'", "`context` may be any text"},
                                          {"''", "1 to 63"},
                                          {NULL, NULL}});
}

static void operator_namespaces_are_templates(void **state)
{
    run_cases(*state, glm_check_operator_namespace,
              (const struct check_case[]){{"'istio-system'", NULL},
                                          {"'gm-iop-{revision}'", NULL},
                                          {"'{revision}-ops'", "control plane without a revision"},
                                          {"'{revision}'", "Put something before"},
                                          {"'gm-{rev}'", "only placeholder"},
                                          {"'gm-{revision'", "only placeholder"},
                                          {"'Istio'", "must be a Kubernetes namespace"},
                                          {"''", "must be a Kubernetes namespace"},
                                          {NULL, NULL}});
}

static void texts_and_paths_are_told_apart(void **state)
{
    run_cases(*state, glm_check_kubeconfig,
              (const struct check_case[]){{"'apiVersion: v1\\nkind: Config\\n'", NULL},
                                          {"'{\\u0022kind\\u0022:\\u0022Config\\u0022}'", NULL},
                                          {"'~/.kube/config'", "file(\"...\")"},
                                          {"'lab.yaml'", "`config_paths`"},
                                          {"''", "empty"},
                                          {NULL, NULL}});
    run_cases(*state, glm_check_config_paths,
              (const struct check_case[]){{"['~/.kube/config', '/etc/kc']", NULL},
                                          {"[]", NULL},
                                          {"['apiVersion: v1\\nkind: Config\\n']", "content"},
                                          {"['']", "empty"},
                                          {NULL, NULL}});
    run_cases(*state, glm_check_path,
              (const struct check_case[]){{"'./clusters/east'", NULL},
                                          {"'a b'", NULL},
                                          {"''", "must not be empty"},
                                          {"'kind: x\\n'", "several lines"},
                                          {NULL, NULL}});
}

static void credentials_are_never_repeated(void **state)
{
    struct glm_arena *a = *state;
    static glm_check_fn *const checks[] = {glm_check_pem, glm_check_secret, glm_check_kubeconfig,
                                           glm_check_host, glm_check_proxy_url};
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        struct glm_diags d;
        glm_diags_init(&d, a);
        assert_false(checks[i](a, glm_string(a, i == 1 ? "hunter2\n" : "hunter2"), NULL, &d));
        assert_null(strstr(glm_test_diags_text(a, &d), "hunter2"));
    }
}

/* file() of a wrong file */
static void credentials_of_megabytes_are_refused(void **state)
{
    struct glm_arena *a = *state;
    static glm_check_fn *const checks[] = {glm_check_pem, glm_check_secret};
    size_t len = ((size_t)1 << 20) + 1;
    char *text = glm_alloc(a, len + 1);
    memset(text, 'x', len);
    memcpy(text, "-----BEGIN ", 11);
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        struct glm_diags d;
        glm_diags_init(&d, a);
        assert_false(checks[i](a, glm_string(a, text), GLM_AT_ATTR(NULL, "x"), &d));
        glm_assert_error(&d, "x", "has 1048577 bytes, and at most 1048576");
    }
    text[len - 1] = '\0';
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        struct glm_diags d;
        glm_diags_init(&d, a);
        assert_true(checks[i](a, glm_string(a, text), NULL, &d));
    }
}

static void certificates_are_pem(void **state)
{
    run_cases(*state, glm_check_pem,
              (const struct check_case[]){
                  {"'-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n'", NULL},
                  {"'# east\\n-----BEGIN CERTIFICATE-----\\n'", NULL},
                  {"'LS0tLS1CRUdJTiBDRVJU'", "base64decode"},
                  {"'/etc/ca.pem'", "file(\"...\")"},
                  {NULL, NULL}});
}

static void addresses_have_a_scheme(void **state)
{
    run_cases(*state, glm_check_host,
              (const struct check_case[]){{"'https://10.0.0.1:6443'", NULL},
                                          {"'https://rancher.example/k8s/clusters/c-x'", NULL},
                                          {"'10.0.0.1:6443'", "https://"},
                                          {"'https://'", "https://"},
                                          {"'https://a b'", "https://"},
                                          {NULL, NULL}});
    run_cases(*state, glm_check_proxy_url,
              (const struct check_case[]){{"'socks5h://127.0.0.1:1080'", NULL},
                                          {"'http://proxy:3128'", NULL},
                                          {"'http://proxy:3128/'", NULL},
                                          {"'http://ann:p/w?#@proxy:3128'", NULL},
                                          {"'http://proxy:3128/secret'", "there is nothing"},
                                          {"'http://proxy:3128?secret'", "there is nothing"},
                                          {"'socks5://ann:pw@proxy#secret'", "there is nothing"},
                                          {"'127.0.0.1:1080'", "socks5h://"},
                                          {"'ftp://x'", "socks5h://"},
                                          {NULL, NULL}});
}

static void numbers_and_managers_have_limits(void **state)
{
    struct glm_arena *a = *state;
    run_cases(a, glm_check_max_parallel,
              (const struct check_case[]){{"1", NULL},
                                          {"1000", NULL},
                                          {"3.2e1", NULL},
                                          {"0", "0 must be a whole number from 1 to 1000"},
                                          {"1001", "1 to 1000"},
                                          {"-5", "1 to 1000"},
                                          {"1.5", "1 to 1000"},
                                          {"1e30", "1 to 1000"},
                                          {NULL, NULL}});
    run_cases(a, glm_check_field_manager,
              (const struct check_case[]){{"'terraform-provider-glm'", NULL},
                                          {"'team a'", NULL},
                                          {"''", "1 to 128"},
                                          {"'a\\tb'", "cannot be printed"},
                                          {NULL, NULL}});
    struct glm_diags d;
    glm_diags_init(&d, a);
    char *name = glm_alloc(a, 130);
    memset(name, 'm', 128);
    assert_true(glm_check_field_manager(a, glm_string(a, name), NULL, &d));
    name[128] = 'm';
    assert_false(glm_check_field_manager(a, glm_string(a, name), NULL, &d));
    glm_assert_error(&d, "", "this one has 129 bytes");
}

static void the_default_distribution_names_a_revision(void **state)
{
    run_cases(*state, glm_check_distribution_revision,
              (const struct check_case[]){{"'1-24'", NULL},
                                          {"'default'", NULL},
                                          {"'1.24'", "\"1-24\""},
                                          {"'auto'", "cannot be \"auto\" itself"},
                                          {"''", "1-24"},
                                          {NULL, NULL}});
}

/* ---- checks across attributes ---- */

static struct glm_diags check_clusters(struct glm_arena *a, const char *clusters)
{
    struct glm_diags d;
    glm_diags_init(&d, a);
    const struct glm_value *config =
        glm_with(a, &glm_empty_map, "clusters", glm_test_value(a, clusters));
    bool ok = glm_check_provider(a, config, true, &d);
    assert_int_equal(ok, d.errors == 0);
    return d;
}

static void directories_are_taken(void **state)
{
    struct glm_diags d = check_clusters(
        *state, "{'a': {'directory': './a', 'operator_namespace': 'x', 'decommissioned': false},"
                " 'b': {'directory': 'b', 'installer': 'directory', 'on_unreachable': 'error',"
                "       'in_cluster': false, 'insecure': false}}");
    assert_int_equal(d.errors + d.warnings, 0);
}

static void a_cluster_is_reached_in_exactly_one_way(void **state)
{
    struct glm_diags d = check_clusters(
        *state, "{'none': {}, 'off': {'in_cluster': false},"
                " 'two': {'directory': 'd', 'context': 'c'},"
                " 'three': {'host': 'https://h', 'kubeconfig': 'k', 'in_cluster': true}}");
    glm_assert_error(&d, "clusters[\"none\"]", "exactly one of");
    glm_assert_error(&d, "clusters[\"off\"]", "exactly one of");
    glm_assert_error(&d, "clusters[\"two\"]", "`context` and `directory` are set");
    glm_assert_error(&d, "clusters[\"three\"]", "`host`, `kubeconfig` and `in_cluster` are set");
}

static void what_a_directory_has_no_use_for_is_refused_by_name(void **state)
{
    struct glm_diags d = check_clusters(
        *state, "{'a': {'directory': 'a', 'token': 't', 'exec': {}, 'insecure': true,"
                "       'request_timeout': '1s', 'installer': 'istio_operator'}}");
    assert_int_equal(d.errors, 4);
    glm_assert_error(&d, "clusters[\"a\"].token", "`token` is about an API server");
    glm_assert_error(&d, "clusters[\"a\"].exec", "No use");
    glm_assert_error(&d, "clusters[\"a\"].insecure", "No use");
    glm_assert_error(&d, "clusters[\"a\"].request_timeout", "No use");
}

static void each_way_to_an_api_server_is_taken(void **state)
{
    struct glm_diags d = check_clusters(
        *state,
        "{'a': {'context': 'c', 'token': 't', 'insecure': true},"
        " 'b': {'host': 'https://h', 'cluster_ca_certificate': 'p', 'insecure': false,"
        "       'client_certificate': 'p', 'client_key': 'p', 'installer': 'istio_operator'},"
        " 'c': {'kubeconfig': 'k', 'username': 'u', 'password': 'p', 'impersonate': {}},"
        " 'd': {'in_cluster': true, 'token_file': 'f'},"
        " 'e': {'host': 'https://h', 'exec': {}, 'username': null}}");
    assert_int_equal(d.errors + d.warnings, 0);
}

static void what_cannot_go_together_is_refused(void **state)
{
    struct glm_diags d = check_clusters(
        *state, "{'a': {'host': 'h', 'insecure': true, 'cluster_ca_certificate': 'SECRET'},"
                " 'b': {'host': 'h', 'client_certificate': 'SECRET'},"
                " 'c': {'context': 'c', 'client_key': 'SECRET'},"
                " 'd': {'in_cluster': true, 'password': 'SECRET'},"
                " 'e': {'kubeconfig': 'k', 'token': 'SECRET', 'token_file': 'f', 'exec': {}},"
                " 'f': {'host': 'h', 'token': 'SECRET', 'username': 'u', 'password': 'SECRET'},"
                " 'gone': {'decommissioned': true, 'token': 'SECRET', 'password': 'SECRET'}}");
    assert_int_equal(d.errors, 6);
    glm_assert_error(&d, "clusters[\"a\"].insecure", "Remove one of the two");
    glm_assert_error(&d, "clusters[\"b\"].client_certificate", "needs `client_key`");
    glm_assert_error(&d, "clusters[\"c\"].client_key", "needs `client_certificate`");
    glm_assert_error(&d, "clusters[\"d\"].password", "needs `username`");
    glm_assert_error(&d, "clusters[\"e\"]", "`token`, `token_file` and `exec` are set");
    glm_assert_error(&d, "clusters[\"f\"]", "`token` and `username` are set");
    assert_null(strstr(glm_test_diags_text(*state, &d), "SECRET"));
}

/* It may turn out to be there, or not. */
static void what_is_unknown_is_not_missing_yet(void **state)
{
    struct glm_arena *a = *state;
    const struct glm_value *cluster = glm_test_value(
        a, "{'host': 'h', 'client_certificate': 'p', 'password': 'p', 'token': 't'}");
    static const char *const unknown[] = {"client_key", "username", "exec",
                                          "cluster_ca_certificate"};
    struct glm_diags d;
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        cluster = glm_with(a, cluster, unknown[i], &glm_unknown);
    cluster = glm_with(a, &glm_empty_map, "a", cluster);
    glm_diags_init(&d, a);
    assert_true(glm_check_provider(a, glm_with(a, &glm_empty_map, "clusters", cluster), true, &d));
    assert_int_equal(d.errors, 0);
}

static void two_clusters_cannot_share_a_directory(void **state)
{
    struct glm_diags d = check_clusters(
        *state, "{'a': {'directory': './x/../shared/'}, 'b': {'directory': 'shared'},"
                " 'c': {'directory': 'own'}, 'd': {'directory': 'own', 'decommissioned': true}}");
    assert_int_equal(d.errors, 1);
    glm_assert_error(&d, "clusters[\"b\"].directory", "directory of cluster \"a\" too");
}

static void what_this_release_has_not_is_refused_by_name(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d =
        check_clusters(a, "{'d': {'context': 'c', 'installer': 'gloo'},"
                          " 'e': {'directory': 'e', 'installer': 'gloo'},"
                          " 'gone': {'context': 'c', 'installer': 'gloo', 'decommissioned': true},"
                          " 'forgotten': {'decommissioned': true}}");
    glm_assert_error(&d, "clusters[\"d\"].installer",
                     "\"gloo\" is not in this release yet, which has \"istio_operator\" or "
                     "\"direct\". ");
    glm_assert_error(&d, "clusters[\"e\"].installer", "not in this release yet");
    const char *text = glm_test_diags_text(a, &d);
    assert_null(strstr(text, "gone"));
    assert_null(strstr(text, "forgotten"));
    static const char *const defaults[] = {"gloo", "directory"};
    for (size_t i = 0; i < 2; i++) {
        glm_diags_init(&d, a);
        const struct glm_value *config =
            glm_with(a, &glm_empty_map, "installer", glm_string(a, defaults[i]));
        assert_false(glm_check_provider(a, config, true, &d));
        glm_assert_error(&d, "installer", defaults[i]);
    }
}

static void what_is_unknown_is_not_held_against_anyone(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    glm_diags_init(&d, a);
    assert_true(glm_check_provider(a, &glm_unknown, true, &d));
    assert_true(
        glm_check_provider(a, glm_with(a, &glm_empty_map, "clusters", &glm_unknown), true, &d));
    static const char *const ways[] = {"host", "kubeconfig", "context", "in_cluster", "directory"};
    const struct glm_value *clusters = &glm_empty_map, *all = &glm_empty_map;
    clusters = glm_with(a, clusters, "unknown", &glm_unknown);
    clusters = glm_with(a, clusters, "null", &glm_null);
    for (size_t i = 0; i < 5; i++) {
        clusters = glm_with_path(a, clusters, &glm_unknown, ways[i], ways[i], NULL);
        all = glm_with(a, all, ways[i], &glm_unknown);
    }
    clusters = glm_with(a, clusters, "all", all);
    all = glm_with(a, all, "directory", glm_string(a, "d"));
    all = glm_with(a, all, "token", &glm_unknown);
    all = glm_with(a, all, "decommissioned", &glm_unknown);
    clusters = glm_with(a, clusters, "directory-only", all);
    assert_true(glm_check_provider(a, glm_with(a, &glm_empty_map, "clusters", clusters), true, &d));
    assert_int_equal(d.errors, 0);
}

static void every_check_of_a_table_runs_on_a_whole_configuration(void **state)
{
    struct glm_arena *a = *state;
    struct glm_diags d;
    glm_diags_init(&d, a);
    const struct glm_value *config = glm_test_value(
        a, "{'max_parallel_clusters': 0, 'installer': 'x', 'field_manager': '',"
           " 'default_distribution': {'revision': '1.24'}, 'clusters': {'a_b': {"
           "  'proxy_url': 'x', 'request_timeout': '5', 'on_unreachable': 'x',"
           "  'exec': {'api_version': 'client.authentication.k8s.io/v1alpha1', 'command': ''},"
           "  'impersonate': {'user': ''}, 'operator_namespace': '-', 'tls_server_name': 'A'}}}");
    assert_false(glm_schema_check(a, glm_provider_schema.attrs, config, NULL, &d));
    static const char *const paths[] = {
        "max_parallel_clusters",
        "installer",
        "field_manager",
        "default_distribution.revision",
        "clusters[\"a_b\"]",
        "clusters[\"a_b\"].proxy_url",
        "clusters[\"a_b\"].request_timeout",
        "clusters[\"a_b\"].on_unreachable",
        "clusters[\"a_b\"].exec.api_version",
        "clusters[\"a_b\"].exec.command",
        "clusters[\"a_b\"].impersonate.user",
        "clusters[\"a_b\"].operator_namespace",
        "clusters[\"a_b\"].tls_server_name",
    };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        glm_assert_error(&d, paths[i], "");
    assert_int_equal(d.errors, sizeof paths / sizeof *paths);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_well_formed),
        cmocka_unit_test_setup_teardown(
            the_identity_is_of_attributes_that_are_known_and_replace_the_resource,
            glm_test_arena_setup, glm_test_arena_teardown),
        cmocka_unit_test(secrets_are_sensitive),
        cmocka_unit_test(the_resources_defaults_are_those_documented),
        cmocka_unit_test_setup_teardown(
            generated_configuration_is_short_and_leads_to_the_same_state, glm_test_arena_setup,
            glm_test_arena_teardown),
        cmocka_unit_test_setup_teardown(generated_configuration_has_documents_as_json,
                                        glm_test_arena_setup, glm_test_arena_teardown),
        cmocka_unit_test(the_manifests_type_is_the_resources),
        cmocka_unit_test(installers_and_reactions_are_words),
        cmocka_unit_test(cluster_names_are_labels),
        cmocka_unit_test(operator_namespaces_are_templates),
        cmocka_unit_test(texts_and_paths_are_told_apart),
        cmocka_unit_test(credentials_are_never_repeated),
        cmocka_unit_test(credentials_of_megabytes_are_refused),
        cmocka_unit_test(certificates_are_pem),
        cmocka_unit_test(addresses_have_a_scheme),
        cmocka_unit_test(numbers_and_managers_have_limits),
        cmocka_unit_test(the_default_distribution_names_a_revision),
        cmocka_unit_test(directories_are_taken),
        cmocka_unit_test(a_cluster_is_reached_in_exactly_one_way),
        cmocka_unit_test(what_a_directory_has_no_use_for_is_refused_by_name),
        cmocka_unit_test(each_way_to_an_api_server_is_taken),
        cmocka_unit_test(what_cannot_go_together_is_refused),
        cmocka_unit_test(what_is_unknown_is_not_missing_yet),
        cmocka_unit_test(two_clusters_cannot_share_a_directory),
        cmocka_unit_test(what_this_release_has_not_is_refused_by_name),
        cmocka_unit_test(what_is_unknown_is_not_held_against_anyone),
        cmocka_unit_test(every_check_of_a_table_runs_on_a_whole_configuration),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
