/* SPDX-License-Identifier: Apache-2.0
 *
 * Ways in: what an entry and the files that it names come to, and what is refused. Every secret
 * here has the word SECRET in it, and no diagnostic may.
 */
#include "test.h"

#include "folder.h"

#include "../../src/kube/access/internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CERTIFICATE "-----BEGIN CERTIFICATE-----\nU0VDUkVU\n-----END CERTIFICATE-----\n"
#define KEY "-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n"
/* base64 of "-----BEGIN CERTIFICATE-----\nA\n", and of "-----BEGIN PRIVATE KEY-----\nSECRET\n" */
#define CERTIFICATE_DATA "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkEK"
#define KEY_DATA "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tClNFQ1JFVAo="

struct world {
    struct glm_arena *a;
    struct glm_diags d;
    const char *folder;
    struct access_surroundings around;
    const struct glm_value *config_paths;
    struct access access;
};

static struct world new_world(void **state)
{
    struct world w = {.a = *state, .config_paths = &glm_null};
    w.folder = glm_test_folder(w.a);
    w.around.home = w.folder;
    w.around.service_account = w.folder;
    glm_diags_init(&w.d, w.a);
    return w;
}

/* The entry as JSON with single quotes. */
static bool resolve(struct world *w, const char *entry)
{
    glm_diags_init(&w->d, w->a);
    bool ok = access_resolve_in(w->a, &w->around, glm_test_value(w->a, entry), w->config_paths,
                                &w->access, &w->d);
    const char *said = glm_test_diags_text(w->a, &w->d);
    assert_int_equal(ok, w->d.errors == 0);
    if (strstr(said, "SECRET") || strstr(said, "U0VDUkVU") || strstr(said, "U0VDUkVUCg"))
        fail_msg("a secret is in a diagnostic: %s", said);
    return ok;
}

static void must_resolve(struct world *w, const char *entry)
{
    if (!resolve(w, entry))
        fail_msg("%s", glm_test_diags_text(w->a, &w->d));
}

static void must_fail(struct world *w, const char *entry, const char *part)
{
    if (resolve(w, entry))
        fail_msg("%s is taken", entry);
    glm_assert_error(&w->d, "", part);
}

/* A kubeconfig at ~/.kube/config with one context "c". */
static void put_config(const struct world *w, const char *cluster, const char *user)
{
    glm_test_put(glm_sprintf(w->a,
                             "contexts: [{name: c, context: {cluster: c, user: u}}]\n"
                             "clusters:\n- name: c\n  cluster: {server: https://c:6443%s%s}\n"
                             "users:\n- name: u\n  user: {%s}\n",
                             *cluster ? ", " : "", cluster, user),
                 "%s/.kube/config", w->folder);
}

/* ---- the way in ---- */

static void a_host_is_enough(void **state)
{
    struct world w = new_world(state);
    must_resolve(&w, "{'host': 'https://10.0.0.1:6443'}");
    assert_string_equal(w.access.server, "https://10.0.0.1:6443");
    assert_null(w.access.route.ca);
    assert_null(w.access.route.proxy);
    assert_null(w.access.credential_label);
    assert_string_equal(w.access.ca_label, "the system's authorities");
    assert_int_equal(w.access.timeout_ms, 30000);
    assert_null(w.access.headers[0]);
}

static void the_path_of_a_server_is_kept_without_its_end(void **state)
{
    struct world w = new_world(state);
    must_resolve(&w, "{'host': 'https://rancher.example/k8s/clusters/c-m-1//'}");
    assert_string_equal(w.access.server, "https://rancher.example/k8s/clusters/c-m-1");
    must_resolve(&w, "{'host': 'https://[2001:db8::1]:6443/'}");
    assert_string_equal(w.access.server, "https://[2001:db8::1]:6443");
    must_resolve(&w, "{'host': 'http://127.0.0.1:8001'}");
}

static void addresses_that_are_none_are_refused(void **state)
{
    static const char *const cases[][2] = {
        {"10.0.0.1:6443", "does not begin with https://"},
        {"ftp://10.0.0.1", "does not begin with https://"},
        {"https://", "has no host"},
        {"https://:6443", "has no host"},
        {"https://a:SECRET@b", "has a user or a password"},
        {"https://h:0", "no port"},
        {"https://h:65536", "no port"},
        {"https://h:99999999999999999999", "no port"},
        {"https://h:64x", "no port"},
        {"https://h:", "no port"},
        {"https://2001:db8::1", "without brackets"},
        {"https://[2001:db8::1", "without a \"]\""},
        {"https://[2001:db8::1]6443", "no port"},
        {"https://h/?token=SECRET", "a query"},
        {"https://h/#SECRET", "a query or a fragment"},
        {"https://h /", "a blank"},
        {"https://h\\nX: SECRET", "a control character"},
        {"https://b\xC3\xBC.example", "not ASCII: write a name of other letters as DNS has it"},
    };
    struct world w = new_world(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        must_fail(&w, glm_sprintf(w.a, "{'host': '%s'}", cases[i][0]), cases[i][1]);
    must_fail(&w, glm_sprintf(w.a, "{'host': 'https://h/%02040d'}", 0),
              "has 2050 bytes, and at most");
    must_resolve(&w, glm_sprintf(w.a, "{'host': 'https://h/%02038d'}", 0));
}

static void a_context_is_found_in_the_home_directory(void **state)
{
    struct world w = new_world(state);
    put_config(&w, "certificate-authority-data: " CERTIFICATE_DATA,
               "client-certificate-data: " CERTIFICATE_DATA ", client-key-data: " KEY_DATA);
    must_resolve(&w, "{'context': 'c'}");
    assert_string_equal(w.access.server, "https://c:6443");
    assert_string_equal(w.access.route.ca, "-----BEGIN CERTIFICATE-----\nA\n");
    assert_string_equal(w.access.route.certificate, "-----BEGIN CERTIFICATE-----\nA\n");
    assert_string_equal(w.access.route.key, "-----BEGIN PRIVATE KEY-----\nSECRET\n");
    assert_non_null(strstr(w.access.ca_label, "`certificate-authority-data` of cluster \"c\""));
    assert_non_null(strstr(w.access.credential_label, "the client certificate"));
}

static void the_variable_names_several_files(void **state)
{
    struct world w = new_world(state);
    put_config(&w, "", "token: SECRET-home");
    glm_test_put("contexts: [{name: c, context: {cluster: c, user: u}}]\n"
                 "clusters: [{name: c, cluster: {server: 'https://second'}}]\n",
                 "%s/second", w.folder);
    glm_test_put("users: [{name: u, user: {token: SECRET-third}}]\n", "%s/third", w.folder);
    w.around.kubeconfig = glm_sprintf(w.a, "%s/missing::%s/second:~/third:", w.folder, w.folder);
    must_resolve(&w, "{'context': 'c'}");
    assert_string_equal(w.access.server, "https://second");
    assert_string_equal(w.access.token, "SECRET-third");
    w.around.kubeconfig = ":";
    must_resolve(&w, "{'context': 'c'}");
    assert_string_equal(w.access.token, "SECRET-home");
}

static void config_paths_win_over_the_variable(void **state)
{
    struct world w = new_world(state);
    put_config(&w, "", "token: SECRET");
    w.around.kubeconfig = "/nowhere";
    must_fail(&w, "{'context': 'c'}", "there is no /nowhere");
    w.config_paths = glm_test_value(w.a, "['/missing', '~/.kube/config']");
    must_resolve(&w, "{'context': 'c'}");
    w.config_paths = glm_test_value(w.a, "['/missing', '~/missing']");
    must_fail(&w, "{'context': 'c'}", "there is no /missing and ");
    w.around.home = NULL;
    must_fail(&w, "{'context': 'c'}", "HOME is not set");
}

static void a_content_needs_no_file(void **state)
{
    struct world w = new_world(state);
    w.around.home = NULL;
    must_resolve(&w, "{'kubeconfig': 'clusters: [{name: e, cluster: {server: https://e}}]\\n"
                     "contexts: [{name: e, context: {cluster: e}}]\\n'}");
    assert_string_equal(w.access.server, "https://e");
    must_fail(&w, "{'kubeconfig': 'clusters: SECRET'}", "the attribute `kubeconfig`");
}

static void a_cluster_without_a_server_is_never_localhost(void **state)
{
    struct world w = new_world(state);
    must_fail(&w,
              "{'kubeconfig': 'clusters: [{name: e, cluster: {}}]\\n"
              "contexts: [{name: e, context: {cluster: e}}]\\n'}",
              "has no `server`");
}

static void a_pod_has_its_own_way_in(void **state)
{
    struct world w = new_world(state);
    glm_test_put(CERTIFICATE, "%s/ca.crt", w.folder);
    must_fail(&w, "{'in_cluster': true}", "KUBERNETES_SERVICE_HOST");
    w.around.service_host = "10.96.0.1";
    w.around.service_port = "443";
    must_resolve(&w, "{'in_cluster': true}");
    assert_string_equal(w.access.server, "https://10.96.0.1:443");
    assert_string_equal(w.access.route.ca, CERTIFICATE);
    assert_string_equal(w.access.token_file, glm_sprintf(w.a, "%s/token", w.folder));
    assert_string_equal(w.access.credential_label, "the Pod's service account");
    w.around.service_host = "fd00:10:96::1";
    must_resolve(&w, "{'in_cluster': true}");
    assert_string_equal(w.access.server, "https://[fd00:10:96::1]:443");
    w.around.service_account = "/nowhere";
    must_fail(&w, "{'in_cluster': true}", "\"/nowhere/ca.crt\", cannot be read");
}

/* ---- files of a kubeconfig ---- */

static void relative_files_are_next_to_the_kubeconfig(void **state)
{
    struct world w = new_world(state);
    glm_test_put(CERTIFICATE, "%s/.kube/pki/ca.pem", w.folder);
    glm_test_put(CERTIFICATE "x", "%s/.kube/me.pem", w.folder);
    glm_test_put(KEY, "%s/.kube/me.key", w.folder);
    put_config(&w, "certificate-authority: pki/ca.pem",
               "client-certificate: me.pem, client-key: me.key, tokenFile: t/token");
    must_resolve(&w, "{'context': 'c'}");
    assert_string_equal(w.access.route.ca, CERTIFICATE);
    assert_string_equal(w.access.route.certificate, CERTIFICATE "x");
    assert_string_equal(w.access.route.key, KEY);
    assert_string_equal(w.access.ca_label, glm_sprintf(w.a, "%s/.kube/pki/ca.pem", w.folder));
    assert_string_equal(w.access.token_file, glm_sprintf(w.a, "%s/.kube/t/token", w.folder));
}

static void data_wins_over_files(void **state)
{
    struct world w = new_world(state);
    put_config(&w,
               "certificate-authority: /nowhere, certificate-authority-data: \"LS0tLS1CRUdJTiBD\\n"
               "RVJUSUZJQ0FURS0tLS0tCkEK\\n\"",
               "");
    must_resolve(&w, "{'context': 'c'}");
    assert_string_equal(w.access.route.ca, "-----BEGIN CERTIFICATE-----\nA\n");
}

static void files_that_are_not_what_they_should_be_are_refused(void **state)
{
    static const char *const cases[][3] = {
        {"certificate-authority: nowhere", "", "cannot be read: No such file"},
        {"certificate-authority: .", "", "it is a directory"},
        {"certificate-authority: key", "", "a private key is there"},
        {"certificate-authority: text", "", "-----BEGIN CERTIFICATE-----"},
        {"certificate-authority: der", "", "NUL byte"},
        {"certificate-authority: large", "", "larger than the 1048576 bytes"},
        {"certificate-authority-data: SECRET%", "", "must be base64"},
        {"certificate-authority-data: " KEY_DATA, "", "a private key is there"},
        {"certificate-authority: 7", "", "put the value in quotes"},
        {"insecure-skip-tls-verify: 'true'", "", "must be true or false"},
        {"insecure-skip-tls-verify: true, certificate-authority: cert", "", "Remove one"},
        {"tls-server-name: 'a/b'", "", "neither a DNS name"},
        {"", "client-certificate: cert, client-key: cert", "a certificate is there"},
        {"", "client-certificate: cert, client-key: locked", "openssl pkey"},
        {"", "client-certificate: cert, client-key: old", "openssl pkey"},
        {"", "client-certificate: cert", "no private key for it"},
        {"", "client-key: key", "no client certificate for it"},
    };
    struct world w = new_world(state);
    glm_test_put(KEY, "%s/.kube/key", w.folder);
    glm_test_put(CERTIFICATE, "%s/.kube/cert", w.folder);
    glm_test_put("a SECRET", "%s/.kube/text", w.folder);
    glm_test_put("-----BEGIN ENCRYPTED PRIVATE KEY-----\nSECRET", "%s/.kube/locked", w.folder);
    glm_test_put("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nSECRET", "%s/.kube/old",
                 w.folder);
    glm_test_put("", "%s/.kube/der", w.folder);
    glm_test_put("", "%s/.kube/large", w.folder);
    assert_int_equal(truncate(glm_sprintf(w.a, "%s/.kube/der", w.folder), 8), 0);
    assert_int_equal(truncate(glm_sprintf(w.a, "%s/.kube/large", w.folder), KUBE_FILE_MAX + 1), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put_config(&w, cases[i][0], cases[i][1]);
        must_fail(&w, "{'context': 'c'}", cases[i][2]);
    }
}

static void a_file_that_cannot_be_read_is_one_error(void **state)
{
    struct world w = new_world(state);
    put_config(&w, "", "client-certificate: nowhere, client-key-data: " KEY_DATA);
    must_fail(&w, "{'context': 'c'}", "nowhere");
    assert_int_equal(w.d.errors, 1);
}

/* Neither a pipe, which gives what it has once and to whom it was for, nor a device is opened. */
static void what_is_no_regular_file_is_not_read(void **state)
{
    static const char *const cases[][2] = {
        {"pipe", "it is a pipe, which gives what it has only once"},
        {"/dev/zero", "it is a device"},
        {".", "it is a directory"},
    };
    struct world w = new_world(state);
    assert_int_equal(mkfifo(glm_sprintf(w.a, "%s/pipe", w.folder), 0600), 0);
    int reader = open(glm_sprintf(w.a, "%s/pipe", w.folder), O_RDONLY | O_NONBLOCK);
    int writer = open(glm_sprintf(w.a, "%s/pipe", w.folder), O_WRONLY | O_NONBLOCK);
    assert_true(reader >= 0 && writer >= 0 && write(writer, "SECRET", 6) == 6);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path =
            *cases[i][0] == '/' ? cases[i][0] : glm_sprintf(w.a, "%s/%s", w.folder, cases[i][0]);
        put_config(&w, glm_sprintf(w.a, "certificate-authority: %s", path), "");
        must_fail(&w, "{'context': 'c'}", cases[i][1]);
        must_fail(&w, "{'context': 'c'}", "Put what it holds into a file, and name that.");
        w.around.kubeconfig = path;
        must_fail(&w, "{'context': 'c'}", cases[i][1]);
        must_fail(&w, "{'context': 'c'}", "The kubeconfig");
        w.around.kubeconfig = NULL;
    }
    char left[8] = "";
    assert_int_equal(read(reader, left, sizeof left), 6);
    close(reader);
    close(writer);
}

static void the_null_device_is_an_empty_kubeconfig(void **state)
{
    struct world w = new_world(state);
    put_config(&w, "", "token: SECRET");
    w.around.kubeconfig = glm_sprintf(w.a, "/dev/null:%s/.kube/config", w.folder);
    must_resolve(&w, "{'context': 'c'}");
    w.around.kubeconfig = "/dev/null";
    must_fail(&w, "{'context': 'c'}", "there are no `contexts` at all");
}

/* ---- users of a kubeconfig ---- */

static void a_user_logs_in_by_token_file_token_or_password(void **state)
{
    struct world w = new_world(state);
    put_config(&w, "", "token: SECRET, tokenFile: /t, exec: {command: aws}");
    must_resolve(&w, "{'context': 'c'}");
    assert_null(w.access.token);
    assert_null(w.access.exec);
    assert_string_equal(w.access.token_file, "/t");
    assert_string_equal(w.access.credential_label, "the token in /t");
    put_config(&w, "", "username: ann, password: 'SECRET:x'");
    must_resolve(&w, "{'context': 'c'}");
    assert_string_equal(w.access.username, "ann");
    assert_string_equal(w.access.password, "SECRET:x");
    put_config(&w, "", "token: '', username: ''");
    must_resolve(&w, "{'context': 'c'}");
    assert_null(w.access.credential_label);
}

static void users_that_cannot_log_in_are_refused(void **state)
{
    static const char *const cases[][2] = {
        {"token: SECRET, username: ann", "a token and also a username"},
        {"token: 123", "put the value in quotes"},
        {"token: \"SECRET\\n\"", "The token has a line break"},
        {"token: \"SECRET\\r\\nX: y\"", "The token has a line break"},
        {"token: \"SECRET\\0x\"", "cannot be read as YAML (line 7, column 17)"},
        {"password: SECRET", "no username"},
        {"username: 'a:b', password: SECRET", "has a \":\""},
        {"username: \"a\\n\", password: SECRET", "The username has a line break"},
        {"username: a, password: \"SECRET\\n\"", "The password has a line break"},
        {"auth-provider: {name: gcp, config: {access-token: SECRET}}", "\"gcp\""},
        {"auth-provider: {name: oidc, config: {id-token: SECRET}}", "`exec`"},
        {"exec: {apiVersion: client.authentication.k8s.io/v1}", "`command`"},
        {"exec: {command: aws, apiVersion: client.authentication.k8s.io/v1alpha1}", "given up"},
        {"exec: {command: aws}", "must be client.authentication.k8s.io/v1 or"},
        {"exec: {command: aws, apiVersion: client.authentication.k8s.io/v1, "
         "interactiveMode: Always}",
         "has none for it"},
        {"exec: {command: aws, apiVersion: client.authentication.k8s.io/v1, "
         "interactiveMode: Sometimes}",
         "must be Never, IfAvailable or Always"},
        {"exec: {command: aws, apiVersion: client.authentication.k8s.io/v1, args: [1]}", "`args`"},
        {"exec: {command: aws, apiVersion: client.authentication.k8s.io/v1, "
         "env: {A: SECRET}}",
         "`env`"},
        {"exec: {command: aws, apiVersion: client.authentication.k8s.io/v1, "
         "env: [{name: 'A=', value: SECRET}]}",
         "`env`"},
        {"exec: {command: aws, apiVersion: client.authentication.k8s.io/v1, "
         "provideClusterInfo: 'yes'}",
         "true or false"},
        {"as-groups: [a]", "no user to act as"},
        {"as: ann, as-groups: a", "must be a list"},
        {"as: ann, as-groups: [1]", "put the values in quotes"},
        {"as: ann, as-groups: ['']", "is empty"},
        {"as: \"ann\\nX: y\"", "the user to act as of user \"u\""},
        {"as: ann, as-user-extra: [a]", "must be a map"},
        {"as: ann, as-user-extra: {k: a}", "\"k\""},
        {"as: ann, as-user-extra: {k: [\"a\\n\"]}", "the extra field \"k\""},
    };
    struct world w = new_world(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put_config(&w, "", cases[i][0]);
        must_fail(&w, "{'context': 'c'}", cases[i][1]);
    }
}

static void several_mistakes_are_told_at_once(void **state)
{
    struct world w = new_world(state);
    put_config(&w, "certificate-authority: nowhere",
               "auth-provider: {name: gcp}, client-key: elsewhere");
    must_fail(&w, "{'context': 'c', 'request_timeout': '-1s'}", "nowhere");
    glm_assert_error(&w.d, "", "gcp");
    glm_assert_error(&w.d, "", "elsewhere");
    glm_assert_error(&w.d, "", "`request_timeout`");
    must_fail(&w, "{'context': 'c', 'token': 'a', 'client_key': 'SECRET'}", "nowhere");
    glm_assert_error(&w.d, "", "`client_key`");
}

static void a_plugin_is_read_and_not_run(void **state)
{
    struct world w = new_world(state);
    put_config(&w,
               "extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: x}}]",
               "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: bin/aws, "
               "args: [eks, $(touch pwned), a b], env: [{name: P, value: ops}, {name: Q}], "
               "installHint: get it, provideClusterInfo: true, interactiveMode: IfAvailable}");
    must_resolve(&w, "{'context': 'c'}");
    const struct exec_config *exec = w.access.exec;
    assert_string_equal(exec->command, "bin/aws");
    assert_string_equal(exec->directory, glm_sprintf(w.a, "%s/.kube", w.folder));
    assert_string_equal(exec->args[1], "$(touch pwned)");
    assert_string_equal(exec->args[2], "a b");
    assert_null(exec->args[3]);
    assert_int_equal(exec->environment_count, 2);
    assert_string_equal(exec->environment[0].key, "P");
    assert_string_equal(exec->environment[0].value->as.text, "ops");
    assert_string_equal(exec->environment[1].value->as.text, "");
    assert_string_equal(exec->api_version, "client.authentication.k8s.io/v1beta1");
    assert_string_equal(exec->install_hint, "get it");
    assert_int_equal(exec->timeout_ms, 0); /* a plugin's own */
    must_resolve(&w, "{'context': 'c', 'request_timeout': '7s'}");
    assert_int_equal(w.access.exec->timeout_ms, 7000);
    must_resolve(&w, "{'context': 'c'}");
    exec = w.access.exec;
    assert_true(exec->provide_cluster_info);
    assert_true(glm_string_is(glm_get(exec->cluster_config, "audience"), "x"));
    assert_string_equal(w.access.credential_label, "the exec plugin aws");
}

static void whom_to_act_as_goes_into_headers(void **state)
{
    struct world w = new_world(state);
    put_config(&w, "",
               "token: SECRET, as: ann, as-uid: '7', as-groups: [b, 'system:masters'], "
               "as-user-extra: {Acme.com/Project: [x, w], 'a b%': [z]}");
    must_resolve(&w, "{'context': 'c'}");
    static const char *const expected[] = {
        "Impersonate-User: ann",
        "Impersonate-Uid: 7",
        "Impersonate-Group: b",
        "Impersonate-Group: system:masters",
        "Impersonate-Extra-acme.com%2Fproject: x",
        "Impersonate-Extra-acme.com%2Fproject: w",
        "Impersonate-Extra-a%20b%25: z",
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_string_equal(w.access.headers[i], expected[i]);
    assert_null(w.access.headers[sizeof expected / sizeof *expected]);
}

static void credentials_for_an_address_without_tls_are_warned_of(void **state)
{
    struct world w = new_world(state);
    static const struct {
        const char *server, *user;
        bool warned;
    } cases[] = {
        {"http://10.0.0.1:8080", "token: SECRET-1", true},
        {"http://127.0.0.1:8001", "token: SECRET-1", false}, /* kubectl proxy */
        {"http://10.0.0.1:8080", "", false},
        {"https://10.0.0.1", "token: SECRET-1", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        glm_test_put(glm_sprintf(w.a,
                                 "contexts: [{name: c, context: {cluster: c, user: u}}]\n"
                                 "clusters: [{name: c, cluster: {server: '%s'}}]\n"
                                 "users: [{name: u, user: {%s}}]\n",
                                 cases[i].server, cases[i].user),
                     "%s/.kube/config", w.folder);
        must_resolve(&w, "{'context': 'c'}");
        assert_int_equal(w.d.warnings, cases[i].warned);
        if (cases[i].warned)
            glm_assert_warning(&w.d, "", "plain text");
    }
}

/* ---- attributes beside the way in ---- */

static void attributes_take_the_place_of_the_kubeconfig(void **state)
{
    struct world w = new_world(state);
    put_config(&w,
               "proxy-url: 'http://proxy', tls-server-name: one, "
               "certificate-authority-data: " CERTIFICATE_DATA,
               "token: SECRET-1, as: ann, as-groups: [b]");
    must_resolve(&w, "{'context': 'c'}");
    assert_string_equal(w.access.route.proxy, "http://proxy");
    assert_string_equal(w.access.route.server_name, "one");
    must_resolve(&w, "{'context': 'c', 'proxy_url': 'socks5h://p:1', 'tls_server_name': 'two', "
                     "'insecure': true, 'impersonate': {'user': 'bob'}, 'token': 'SECRET-2', "
                     "'request_timeout': '1m'}");
    assert_string_equal(w.access.route.proxy, "socks5h://p:1");
    assert_string_equal(w.access.route.server_name, "two");
    assert_true(w.access.route.insecure);
    assert_null(w.access.route.ca);
    assert_string_equal(w.access.headers[0], "Impersonate-User: bob");
    assert_null(w.access.headers[1]);
    assert_string_equal(w.access.token, "SECRET-2");
    assert_string_equal(w.access.credential_label, "the attribute `token`");
    assert_int_equal(w.access.timeout_ms, 60000);
}

/* As for kubectl, for whom there is no other kind; an attribute means what libcurl means by it. */
static void a_socks_proxy_of_a_kubeconfig_resolves_names(void **state)
{
    struct world w = new_world(state);
    put_config(&w, "proxy-url: 'socks5://u:SECRET@p:1080'", "");
    must_resolve(&w, "{'context': 'c'}");
    assert_string_equal(w.access.route.proxy, "socks5h://u:SECRET@p:1080");
    assert_string_equal(w.access.proxy, "socks5://u:SECRET@p:1080");
    must_resolve(&w, "{'context': 'c', 'proxy_url': 'socks5://q:1'}");
    assert_string_equal(w.access.route.proxy, "socks5://q:1");
    put_config(&w, "proxy-url: SOCKS5://p", "");
    must_resolve(&w, "{'context': 'c'}");
    assert_string_equal(w.access.route.proxy, "socks5h://p");
}

static void trust_of_the_entry_takes_the_place_of_the_kubeconfig_s(void **state)
{
    struct world w = new_world(state);
    put_config(&w, "insecure-skip-tls-verify: true", "");
    must_resolve(&w, "{'context': 'c'}");
    assert_true(w.access.route.insecure);
    must_resolve(&w, "{'context': 'c', 'insecure': false}");
    assert_false(w.access.route.insecure);
    must_resolve(&w, "{'context': 'c', 'cluster_ca_certificate': '-----BEGIN CERTIFICATE-----'}");
    assert_false(w.access.route.insecure);
    assert_string_equal(w.access.ca_label, "cluster_ca_certificate");
    must_fail(&w,
              "{'host': 'https://c', 'insecure': true, "
              "'cluster_ca_certificate': '-----BEGIN CERTIFICATE-----'}",
              "Remove one");
}

/* With a certificate of the kubeconfig an API server would not look at the token of the entry. */
static void credentials_of_the_entry_leave_none_of_the_kubeconfig(void **state)
{
    struct world w = new_world(state);
    put_config(&w, "",
               "username: ann, password: SECRET, client-certificate-data: " CERTIFICATE_DATA
               ", client-key-data: " KEY_DATA);
    must_resolve(&w, "{'context': 'c', 'token_file': '~/token'}");
    assert_string_equal(w.access.token_file, glm_sprintf(w.a, "%s/token", w.folder));
    assert_null(w.access.username);
    assert_null(w.access.password);
    assert_null(w.access.route.certificate);
    assert_null(w.access.route.key);
    must_resolve(&w, "{'context': 'c', 'exec': {'command': '/opt/aws', 'args': ['get-token'], "
                     "'env': {'P': 'SECRET'}, 'api_version': "
                     "'client.authentication.k8s.io/v1'}}");
    assert_string_equal(w.access.exec->command, "/opt/aws");
    assert_string_equal(w.access.exec->environment[0].value->as.text, "SECRET");
    assert_string_equal(w.access.credential_label, "the exec plugin aws");
    assert_null(w.access.username);
}

/* What is wrong with that which is not used is no reason to refuse the rest. */
static void what_the_entry_gives_is_not_read_of_the_kubeconfig(void **state)
{
    static const char *const users[] = {
        "auth-provider: {name: gcp}",
        "exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}",
        "exec: {}",
        "client-certificate: /none, client-key: /none",
        "client-key-data: '%'",
        "token: 7",
        "token: SECRET, username: u",
    };
    struct world w = new_world(state);
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        put_config(&w, "", users[i]);
        assert_false(resolve(&w, "{'context': 'c'}"));
        must_resolve(&w, "{'context': 'c', 'token': 'mine'}");
        assert_string_equal(w.access.token, "mine");
        assert_null(w.access.exec);
        assert_null(w.access.route.certificate);
        assert_null(w.access.username);
    }
    put_config(&w, "certificate-authority: /none", "");
    must_fail(&w, "{'context': 'c', 'insecure': false}", "/none");
    must_resolve(&w, "{'context': 'c', 'insecure': true}");
    assert_true(w.access.route.insecure);
    must_resolve(&w, "{'context': 'c', 'cluster_ca_certificate': '-----BEGIN CERTIFICATE-----'}");
    put_config(&w, "", "as-groups: x");
    must_resolve(&w, "{'context': 'c', 'impersonate': {'user': 'ann'}}");
    assert_string_equal(w.access.headers[0], "Impersonate-User: ann");
}

/* What `>-` and a line broken by hand come to. */
static void data_may_be_folded(void **state)
{
    struct world w = new_world(state);
    put_config(&w, "certificate-authority-data: 'LS0tLS1CRUdJTiBDRVJU  SUZJQ0FURS0tLS0tCkEK '", "");
    must_resolve(&w, "{'context': 'c'}");
    assert_string_equal(w.access.route.ca, "-----BEGIN CERTIFICATE-----\nA\n");
}

static void blanks_around_whom_to_act_as_are_dropped(void **state)
{
    struct world w = new_world(state);
    put_config(&w, "", "as: ' ann ', as-groups: [' a b']");
    must_resolve(&w, "{'context': 'c'}");
    assert_string_equal(w.access.headers[0], "Impersonate-User: ann");
    assert_string_equal(w.access.headers[1], "Impersonate-Group: a b");
    put_config(&w, "", "as: '  '");
    must_fail(&w, "{'context': 'c'}", "is empty");
}

/* resolve() looks for SECRET in what is said. */
static void a_credential_in_place_of_a_path_is_not_repeated(void **state)
{
    struct world w = new_world(state);
    char *token = glm_alloc(w.a, 400);
    memset(token, 'x', 399);
    memcpy(token, "SECRET", 6);
    token[399] = '\0';
    must_fail(&w, "{'host': 'https://h', 'token_file': 'SECRET\\nSECRET'}", "`token_file` must be");
    must_fail(&w, glm_sprintf(w.a, "{'host': 'https://h', 'token_file': '%s'}", token),
              "`token_file` must be");
    put_config(&w, "", glm_sprintf(w.a, "tokenFile: %s", token));
    must_fail(&w, "{'context': 'c'}", "`tokenFile` of user \"u\"");
    put_config(&w, "", "client-certificate: \"SECRET\\nx\", client-key: \"SECRET\\nx\"");
    must_fail(&w, "{'context': 'c'}", "`client-key` of user \"u\"");
}

static void two_credentials_of_an_entry_are_refused(void **state)
{
    struct world w = new_world(state);
    must_fail(&w, "{'host': 'https://c', 'token': 'SECRET', 'token_file': '/t'}", "Only one of");
    must_fail(&w, "{'host': 'https://c', 'token': 'SECRET', 'username': 'a'}", "Only one of");
    must_fail(&w, "{'host': 'https://c', 'password': 'SECRET'}", "no username");
    must_fail(&w, "{'host': 'https://c', 'token': 'SECRET\\n'}", "line break");
    must_fail(&w, "{'host': 'https://c', 'client_key': '-----BEGIN PRIVATE KEY-----SECRET'}",
              "no client certificate");
}

/* As when a wrong file is taken for one: what is sent is kept and looked for in many forms. */
static void credentials_of_megabytes_are_refused(void **state)
{
    struct world w = new_world(state);
    char *much = glm_alloc(w.a, KUBE_FILE_MAX + 2);
    memset(much, 'x', KUBE_FILE_MAX + 1);
    static const char *const entries[][2] = {
        {"{'host': 'https://c', 'token': '%s'}", "The token has 1048577 bytes"},
        {"{'host': 'https://c', 'username': 'u', 'password': '%s'}", "The password has 1048577 b"},
        {"{'host': 'https://c', 'cluster_ca_certificate': '-----BEGIN CERTIFICATE-----%s'}",
         "`cluster_ca_certificate` has 1048604 bytes"},
    };
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        const char *mark = strstr(entries[i][0], "%s");
        must_fail(&w,
                  glm_sprintf(w.a, "%.*s%s%s", (int)(mark - entries[i][0]), entries[i][0], much,
                              mark + 2),
                  entries[i][1]);
    }
    put_config(&w, "", glm_sprintf(w.a, "token: %s", much));
    must_fail(&w, "{'context': 'c'}", "The token has 1048577 bytes");
}

/* Each is looked through for every other. */
static void a_plugin_of_endless_variables_is_refused(void **state)
{
    struct world w = new_world(state);
    struct glm_text list, map;
    glm_text_init(&list, w.a, SIZE_MAX / 4);
    glm_text_init(&map, w.a, SIZE_MAX / 4);
    for (int i = 0; i < 1001; i++) {
        glm_text_addf(&list, "%s{name: A%d, value: b}", i ? ", " : "", i);
        glm_text_addf(&map, "%s'A%d': 'b'", i ? ", " : "", i);
    }
    static const char words[] = "has 1001 variables, and at most 1000 are taken";
#define EXEC "'api_version': 'client.authentication.k8s.io/v1', 'command': 'true'"
    must_fail(&w,
              glm_sprintf(w.a, "{'host': 'https://c', 'exec': {" EXEC ", 'env': {%s}}}", map.data),
              words);
    put_config(
        &w, "",
        glm_sprintf(w.a,
                    "exec: {apiVersion: client.authentication.k8s.io/v1, command: 'true', env: "
                    "[%s]}",
                    list.data));
    must_fail(&w, "{'context': 'c'}", words);
}

/* KUBECONFIG may name one a thousand times. */
static void kubeconfigs_have_a_ceiling_together(void **state)
{
    struct world w = new_world(state);
    char *much = glm_alloc(w.a, KUBE_CONFIG_MAX);
    memset(much, '#', KUBE_CONFIG_MAX - 1);
    glm_test_put(much, "%s/large", w.folder);
    put_config(&w, "", "token: SECRET");
    w.around.kubeconfig = glm_sprintf(w.a, "%s/large:%s/large:%s/large:%s/.kube/config", w.folder,
                                      w.folder, w.folder, w.folder);
    must_resolve(&w, "{'context': 'c'}");
    struct glm_text text;
    glm_text_init(&text, w.a, SIZE_MAX / 4);
    for (int i = 0; i < 1000; i++)
        glm_text_addf(&text, "%s/large:", w.folder);
    w.around.kubeconfig = text.data;
    must_fail(&w, "{'context': 'c'}", "have more than 16777216 bytes together");
}

/* Fifty clusters of one kubeconfig would have it fifty times. */
static void a_kubeconfig_leaves_what_is_used_of_it(void **state)
{
    struct world w = new_world(state);
    struct glm_text text;
    glm_text_init(&text, w.a, SIZE_MAX / 4);
    glm_text_adds(&text, "contexts: [{name: c, context: {cluster: c, user: u}}]\n"
                         "users: [{name: u, user: {token: SECRET}}]\n"
                         "clusters:\n- name: c\n  cluster: {server: 'https://c', extensions: "
                         "[{name: client.authentication.k8s.io/exec, extension: {a: b}}]}\n");
    for (size_t i = 0; text.len < KUBE_CONFIG_MAX - 64; i++)
        glm_text_addf(&text, "- name: c%zu\n", i);
    glm_test_put(text.data, "%s/.kube/config", w.folder);
    size_t before = glm_arena_used(w.a);
    must_resolve(&w, "{'context': 'c'}");
    assert_true(glm_arena_used(w.a) - before < (size_t)256 << 10);
    assert_string_equal(w.access.token, "SECRET");
    must_fail(&w, "{'context': 'd'}", "\"d\" is not in");
    before = glm_arena_used(w.a);
    const struct glm_value *entry =
        glm_with(w.a, &glm_empty_map, "kubeconfig",
                 glm_string(w.a, glm_sprintf(w.a, "current-context: c\n%s", text.data)));
    assert_true(access_resolve_in(w.a, &w.around, entry, &glm_null, &w.access, &w.d));
    assert_true(glm_arena_used(w.a) - before < 5 * KUBE_CONFIG_MAX);
    assert_string_equal(w.access.token, "SECRET");
}

/* The configuration may go away: what is resolved lives in its own arena. */
static void nothing_is_borrowed_from_the_configuration(void **state)
{
    struct world w = new_world(state);
    struct glm_arena *brief = glm_arena_create((size_t)1 << 20);
    const struct glm_value *entry =
        glm_test_value(brief, "{'host': 'https://c/', 'token': 'SECRET', "
                              "'proxy_url': 'http://p', 'impersonate': {'user': 'ann'}}");
    assert_true(access_resolve_in(w.a, &w.around, entry, &glm_null, &w.access, &w.d));
    glm_arena_destroy(brief);
    assert_string_equal(w.access.server, "https://c");
    assert_string_equal(w.access.token, "SECRET");
    assert_string_equal(w.access.route.proxy, "http://p");
    assert_string_equal(w.access.headers[0], "Impersonate-User: ann");
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_host_is_enough),
        TEST(the_path_of_a_server_is_kept_without_its_end),
        TEST(addresses_that_are_none_are_refused),
        TEST(a_context_is_found_in_the_home_directory),
        TEST(the_variable_names_several_files),
        TEST(config_paths_win_over_the_variable),
        TEST(a_content_needs_no_file),
        TEST(a_cluster_without_a_server_is_never_localhost),
        TEST(a_pod_has_its_own_way_in),
        TEST(relative_files_are_next_to_the_kubeconfig),
        TEST(data_wins_over_files),
        TEST(files_that_are_not_what_they_should_be_are_refused),
        TEST(a_file_that_cannot_be_read_is_one_error),
        TEST(what_is_no_regular_file_is_not_read),
        TEST(the_null_device_is_an_empty_kubeconfig),
        TEST(a_user_logs_in_by_token_file_token_or_password),
        TEST(users_that_cannot_log_in_are_refused),
        TEST(several_mistakes_are_told_at_once),
        TEST(a_plugin_is_read_and_not_run),
        TEST(whom_to_act_as_goes_into_headers),
        TEST(attributes_take_the_place_of_the_kubeconfig),
        TEST(a_socks_proxy_of_a_kubeconfig_resolves_names),
        TEST(trust_of_the_entry_takes_the_place_of_the_kubeconfig_s),
        TEST(credentials_of_the_entry_leave_none_of_the_kubeconfig),
        TEST(what_the_entry_gives_is_not_read_of_the_kubeconfig),
        TEST(credentials_for_an_address_without_tls_are_warned_of),
        TEST(data_may_be_folded),
        TEST(blanks_around_whom_to_act_as_are_dropped),
        TEST(a_credential_in_place_of_a_path_is_not_repeated),
        TEST(two_credentials_of_an_entry_are_refused),
        TEST(credentials_of_megabytes_are_refused),
        TEST(a_plugin_of_endless_variables_is_refused),
        TEST(kubeconfigs_have_a_ceiling_together),
        TEST(a_kubeconfig_leaves_what_is_used_of_it),
        TEST(nothing_is_borrowed_from_the_configuration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
