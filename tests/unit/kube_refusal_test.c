/* SPDX-License-Identifier: Apache-2.0
 *
 * What went wrong with a request, in words: tests/golden/kube/refusals.txt has every text. Real
 * answers of an API server of version 1.34, and made-up ones of proxies and of worse.
 */
#include "../../src/kube/api/internal.h"
#include "../../src/kube/internal.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#define GOLDEN "tests/golden/kube/refusals.txt"

static const struct access access_of_test = {
    .server = "https://10.0.0.1:6443",
    .credential_label = "the exec plugin aws",
    .ca_label = "cluster_ca_certificate",
    .token = "s3cret-token",
};

struct refused {
    const char *what;
    const char *method;
    const struct glm_object_kind *kind;
    const char *namespace_, *name;
    int status; /* 0: no answer */
    enum http_outcome outcome;
    const char *why, *body;
};

#define IOP GLM_KIND_ISTIO_OPERATOR, "istio-system", "gw"
#define FORBIDDEN(user, verb, kinds, group, where)                                                 \
    "{'kind':'Status','reason':'Forbidden','code':403,'message':'" kinds "." group                 \
    " \\\"gw\\\" is forbidden: User \\\"" user "\\\" cannot " verb " resource \\\"" kinds          \
    "\\\" in API group \\\"" group "\\\" " where "'}"

static const struct refused cases[] = {
    {"name", "GET", IOP, 0, HTTP_NO_NAME, "the name api.east cannot be resolved", ""},
    {"connect", "GET", IOP, 0, HTTP_NO_CONNECT,
     "no connection to 10.0.0.1:6443 (Connection refused)", ""},
    {"proxy", "GET", IOP, 0, HTTP_NO_PROXY, "the name of the proxy http://p cannot be resolved",
     ""},
    {"untrusted", "GET", IOP, 0, HTTP_UNTRUSTED,
     "the server's certificate is signed by an authority that is not among the authorities given",
     ""},
    {"untrusted proxy", "GET", IOP, 0, HTTP_UNTRUSTED_PROXY,
     "there is no TLS session with the proxy https://p:1: the proxy's certificate is self-signed",
     ""},
    {"proxy certificate", "GET", IOP, 0, HTTP_BAD_PROXY,
     "there is no TLS session with the proxy https://p:1: the proxy's certificate, or that of an "
     "authority that signed it, has expired",
     ""},
    {"certificate", "GET", IOP, 0, HTTP_BAD_CERTIFICATE,
     "the server's certificate, or that of an authority that signed it, has expired", ""},
    {"tls", "GET", IOP, 0, HTTP_NO_TLS, "the server does not speak TLS on this port", ""},
    {"timeout", "GET", GLM_KIND_POD, NULL, NULL, 0, HTTP_TIMEOUT, "no answer within 30 s", ""},
    {"broken", "PATCH", IOP, 0, HTTP_BROKEN, "the connection ended before the answer did (EOF)",
     ""},
    {"large", "GET", GLM_KIND_EVENT, "a", NULL, 0, HTTP_TOO_LARGE,
     "the answer is larger than 268435456 bytes", ""},
    {"no means", "GET", IOP, 0, HTTP_NO_MEANS,
     "no connection can be made from here (Too many open files)", ""},
    {"unusable", "GET", IOP, 0, HTTP_UNUSABLE, "the client certificate is not in PEM form", ""},
    {"stopped", "DELETE", IOP, 0, HTTP_STOPPED, "stopped", ""},

    {"401", "GET", IOP, 401, HTTP_ANSWERED, NULL,
     "{'kind':'Status','reason':'Unauthorized','message':'Unauthorized','code':401}"},
    {"403 in a namespace", "PATCH", IOP, 403, HTTP_ANSWERED, NULL,
     FORBIDDEN("viewer", "patch", "istiooperators", "install.istio.io",
               "in the namespace \\\"istio-system\\\"")},
    {"403 of a cluster, a service account", "GET", GLM_KIND_DEPLOYMENT, NULL, NULL, 403,
     HTTP_ANSWERED, NULL,
     FORBIDDEN("system:serviceaccount:ci:runner", "list", "deployments", "apps",
               "at the cluster scope")},
    {"403 of a user with quotes in the name", "GET", GLM_KIND_MUTATING_WEBHOOK, NULL, NULL, 403,
     HTTP_ANSWERED, NULL,
     FORBIDDEN("it\\u0027s; rm -rf /", "list", "mutatingwebhookconfigurations",
               "admissionregistration.k8s.io", "at the cluster scope")},
    {"403 of anonymous", "GET", IOP, 403, HTTP_ANSWERED, NULL,
     FORBIDDEN("system:anonymous", "get", "istiooperators", "install.istio.io",
               "in the namespace \\\"istio-system\\\"")},
    {"403 of a Role that grants more than its author has", "PATCH", GLM_KIND_ROLE, "a", "gw-sds",
     403, HTTP_ANSWERED, NULL,
     "{'kind':'Status','reason':'Forbidden','code':403,'message':'roles.rbac.authorization.k8s.io "
     "\\\"gw-sds\\\" is forbidden: user \\\"viewer\\\" (groups=[\\\"system:authenticated\\\"]) is "
     "attempting to grant RBAC permissions not currently held:\\n{APIGroups:[\\\"\\\"], "
     "Resources:[\\\"secrets\\\"], Verbs:[\\\"get\\\" \\\"watch\\\" \\\"list\\\"]}'}"},
    {"403 of an impersonation", "GET", IOP, 403, HTTP_ANSWERED, NULL,
     "{'kind':'Status','reason':'Forbidden','code':403,'message':'users \\\"admin\\\" is "
     "forbidden: "
     "User \\\"viewer\\\" cannot impersonate resource \\\"users\\\" in API group \\\"\\\" at the "
     "cluster scope','details':{'name':'admin','kind':'users'}}"},
    {"403 of an impersonation of nobody in particular", "GET", IOP, 403, HTTP_ANSWERED, NULL,
     "{'kind':'Status','reason':'Forbidden','code':403,'message':'scopes is forbidden: "
     "User \\\"viewer\\\" cannot impersonate resource \\\"userextras/scopes\\\" in API group "
     "\\\"authentication.k8s.io\\\" at the cluster scope'}"},
    {"403 of a namespace that is being removed", "PATCH", GLM_KIND_SERVICE, "dying", "s", 403,
     HTTP_ANSWERED, NULL,
     "{'kind':'Status','reason':'Forbidden','code':403,'message':'services \\\"s\\\" is forbidden: "
     "unable to create new content in namespace dying because it is being terminated'}"},
    {"403 of a policy", "PATCH", GLM_KIND_SERVICE, "a", "s", 403, HTTP_ANSWERED, NULL,
     "{'kind':'Status','reason':'Forbidden','code':403,'message':'exceeded quota: q, requested: "
     "services=1, used: services=5, limited: services=5'}"},
    {"403 of a webhook that says what cannot be", "PATCH", IOP, 403, HTTP_ANSWERED, NULL,
     "{'kind':'Status','reason':'Forbidden','code':403,'message':'admission webhook \\\"deny.test"
     "\\\" denied the request: a gateway cannot be of this type'}"},
    {"403 of a proxy", "GET", IOP, 403, HTTP_ANSWERED, NULL, "<html>no</html>"},
    {"404 of the API, IstioOperators", "GET", IOP, 404, HTTP_ANSWERED, NULL,
     "404 page not found\n"},
    {"404 of the API, others", "GET", GLM_KIND_ENDPOINT_SLICE, NULL, NULL, 404, HTTP_ANSWERED, NULL,
     "404 page not found\n"},
    {"404 of a namespace", "PATCH", GLM_KIND_SERVICE, "none", "s", 404, HTTP_ANSWERED, NULL,
     "{'kind':'Status','reason':'NotFound','code':404,'message':'namespaces \\\"none\\\" not "
     "found','details':{'name':'none','kind':'namespaces'}}"},
    {"404 of a proxy", "GET", IOP, 404, HTTP_ANSWERED, NULL, "<html>nothing here</html>"},
    {"409", "PATCH", IOP, 409, HTTP_ANSWERED, NULL,
     "{'kind':'Status','reason':'Conflict','code':409,'message':'the object is busy'}"},
    {"413", "PATCH", IOP, 413, HTTP_ANSWERED, NULL, "too large"},
    {"422", "PATCH", GLM_KIND_SERVICE, "a", "s", 422, HTTP_ANSWERED, NULL,
     "{'kind':'Status','reason':'Invalid','code':422,'message':'Service \\\"s\\\" is invalid: "
     "many','details':{'name':'s','kind':'Service','causes':[{'reason':'FieldValueInvalid',"
     "'message':'Invalid value: 800000: must be between 1 and 65535, inclusive','field':"
     "'spec.ports[0].port'},{'reason':'FieldValueRequired','message':'Required value','field':"
     "'spec.ports[1].name'},{'message':'something else'}]}}"},
    {"422 without causes", "PATCH", IOP, 422, HTTP_ANSWERED, NULL,
     "{'kind':'Status','reason':'Invalid','code':422,'message':'a webhook finds it odd.'}"},
    {"429", "GET", IOP, 429, HTTP_ANSWERED, NULL,
     "{'kind':'Status','reason':'TooManyRequests','code':429,'message':'Too many requests, please "
     "try again later.'}"},
    {"400", "GET", IOP, 400, HTTP_ANSWERED, NULL,
     "{'kind':'Status','reason':'BadRequest','code':400,'message':'bad'}"},
    {"400 of no API server", "GET", IOP, 400, HTTP_ANSWERED, NULL, "<html>s3cret</html>"},
    {"408 of no API server", "PATCH", IOP, 408, HTTP_ANSWERED, NULL, ""},
    {"304", "GET", IOP, 304, HTTP_ANSWERED, NULL, ""},
    {"101", "GET", IOP, 101, HTTP_ANSWERED, NULL, ""},
    {"999", "PATCH", IOP, 999, HTTP_ANSWERED, NULL, "{'kind':'Status','message':'odd'}"},
    {"302", "GET", IOP, 302, HTTP_ANSWERED, NULL, ""},
    {"500 of an apply that does not fit", "PATCH", GLM_KIND_SERVICE, "a", "s", 500, HTTP_ANSWERED,
     NULL,
     "{'kind':'Status','code':500,'message':'failed to create typed patch object (default/s; /v1, "
     "Kind=Service): .spec.bogus: field not declared in schema'}"},
    {"500 of a webhook", "PATCH", IOP, 500, HTTP_ANSWERED, NULL,
     "{'kind':'Status','reason':'InternalError','code':500,'message':'Internal error occurred: "
     "failed calling webhook \\\"w.example\\\": connection refused'}"},
    {"503 of a load balancer", "GET", IOP, 503, HTTP_ANSWERED, NULL, "upstream down"},
    {"200 of a login page", "GET", IOP, 200, HTTP_ANSWERED, NULL,
     "\n <!DOCTYPE html><input value=\"s3cret-token\">"},
    {"200 of something else", "GET", IOP, 200, HTTP_ANSWERED, NULL, "hello s3cret-token"},
    {"500 with control characters and a lot of text", "GET", IOP, 500, HTTP_ANSWERED, NULL, "LONG"},
};

/* A message that is no UTF-8 and longer than what is quoted, with a letter across the cut. */
static const struct glm_value *long_status(struct glm_arena *arena)
{
    struct glm_text text;
    glm_text_init(&text, arena, 100000);
    glm_text_adds(&text, "a\nb\tc\x1b[31m ");
    while (text.len < 1199)
        glm_text_addc(&text, 'x');
    for (int i = 0; i < 1000; i++)
        glm_text_adds(&text, "\xc3\xa4");
    return glm_with(arena, glm_test_value(arena, "{'kind': 'Status', 'code': 500}"), "message",
                    glm_string(arena, text.data));
}

static const struct glm_value *body_of(struct glm_arena *arena, const char *body)
{
    if (strcmp(body, "LONG") == 0)
        return long_status(arena);
    return *body == '{' ? glm_test_value(arena, body) : &glm_null;
}

static void every_refusal_says_what_to_do(void **state)
{
    struct glm_text text;
    glm_text_init(&text, *state, 1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct refused *c = &cases[i];
        const struct kube_request request = {
            .method = c->method, .kind = c->kind, .namespace_ = c->namespace_, .name = c->name};
        const struct kube_answer answer = {
            .status = c->status,
            .object = body_of(*state, c->body),
            .http = {.outcome = c->outcome, .status = c->status, .body = c->body, .why = c->why}};
        struct glm_diags d;
        glm_diags_init(&d, *state);
        assert_false(api_refusal_error(&d, &access_of_test, &request, &answer));
        assert_int_equal(d.errors, 1);
        assert_int_equal(d.warnings, 0);
        assert_true(d.first->denied == (c->status == 401 || c->status == 403));
        assert_null(strstr(d.first->detail, "s3cret"));
        assert_true(glm_utf8_valid(d.first->detail, strlen(d.first->detail)));
        assert_null(strchr(d.first->detail, '\x1b'));
        glm_text_addf(&text, "== %s\n%s\n  %s\n\n", c->what, d.first->summary, d.first->detail);
    }
    glm_assert_golden(GOLDEN, text.data);
}

static void a_server_asked_without_tls_is_told_apart(void **state)
{
    static const struct access access = {.server = "http://10.0.0.1:6443"};
    const struct kube_request request = {.method = "GET", .kind = GLM_KIND_DEPLOYMENT};
    const struct kube_answer answer = {
        .status = 400,
        .object = &glm_null,
        .http = {.outcome = HTTP_ANSWERED,
                 .status = 400,
                 .body = "Client sent an HTTP request to an HTTPS server.\n"}};
    struct glm_diags d;
    glm_diags_init(&d, *state);
    assert_false(api_refusal_error(&d, &access, &request, &answer));
    assert_non_null(strstr(d.first->detail, "write https:// in its address"));
}

/* What did not happen is not said: how often it was asked, whether it was at all. */
static void what_is_said_of_attempts_is_what_they_were(void **state)
{
    const struct {
        const char *method;
        struct kube_answer answer;
        const char *detail;
    } said[] = {
        {"GET",
         {.status = 429, .tries = 1, .http = {.retry_after_ms = 3 * 3600 * 1000}},
         "has too many requests to answer (429), and wants to be left alone for 3 hours. Try"},
        {"GET",
         {.status = 429, .tries = 1, .http = {.retry_after_ms = -1}},
         "has too many requests to answer (429). Try"},
        {"GET",
         {.status = 429, .tries = 8, .http = {.retry_after_ms = 0}},
         "has too many requests to answer (429), and was asked 8 times. Try"},
        {"GET",
         {.tries = 1,
          .http = {.outcome = HTTP_TIMEOUT, .sent = true, .why = "no answer within 9 s"}},
         "did not answer in time: no answer within 9 s."},
        {"GET",
         {.tries = 1, .http = {.outcome = HTTP_TIMEOUT, .why = "no connection to h within 9 s"}},
         "cannot be reached: no connection to h within 9 s."},
        {"GET",
         {.known_ms = 9000, .http = {.outcome = HTTP_TIMEOUT, .why = "no connection to h"}},
         "no connection to h (another request found that 9 s ago; it was not asked again)."},
        {"GET", {.late = true, .http = {.outcome = HTTP_TIMEOUT}}, "was not asked before the time"},
        {"GET",
         {.late = true, .tries = 2, .last_status = 503, .http = {.outcome = HTTP_TIMEOUT}},
         "cannot serve this now (503) when the time was over; it was asked 2 times."},
        {"GET",
         {.late = true, .tries = 1, .http = {.outcome = HTTP_TIMEOUT, .why = "no answer"}},
         "had not answered yet when the time was over: no answer."},
        {"PATCH", {.http = {.outcome = HTTP_STOPPED}}, "was interrupted before API server"},
        {"GET", {.tries = 1, .http = {.outcome = HTTP_STOPPED}}, "was not waited for."},
        {"PATCH", {.tries = 1, .http = {.outcome = HTTP_STOPPED}}, "may have been made; the next"},
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        const struct kube_request request = {
            .method = said[i].method, .kind = GLM_KIND_SERVICE, .namespace_ = "a", .name = "s"};
        struct kube_answer answer = said[i].answer;
        answer.object = &glm_null;
        struct glm_diags d;
        glm_diags_init(&d, *state);
        assert_false(api_refusal_error(&d, &access_of_test, &request, &answer));
        glm_assert_error(&d, "", said[i].detail);
        assert_null(strstr(d.first->detail, "(null)"));
    }
}

static void nothing_is_said_of_a_server_that_is_not_known(void **state)
{
    const struct kube_request request = {.method = "GET", .kind = GLM_KIND_POD};
    const struct kube_answer answer = {.object = &glm_null, .http = {.outcome = HTTP_STOPPED}};
    struct glm_diags d;
    glm_diags_init(&d, *state);
    assert_false(api_refusal_error(&d, NULL, &request, &answer));
    glm_assert_error(&d, "", "Terraform was interrupted before the API server was asked");
}

static struct kube_answer answer_404(struct glm_arena *arena, const char *body)
{
    return (struct kube_answer){.status = 404,
                                .object = body_of(arena, body),
                                .http = {.outcome = HTTP_ANSWERED, .status = 404, .body = body}};
}

static void only_a_status_about_the_object_is_absence(void **state)
{
    static const struct {
        const char *body;
        bool absent, no_api;
    } answers[] = {
        {"{'kind':'Status','reason':'NotFound','details':{'name':'gw','kind':'istiooperators',"
         "'group':'install.istio.io'}}",
         true, false},
        {"{'kind':'Status','reason':'NotFound','details':{'name':'gw','kind':'services'}}", false,
         false},
        {"{'kind':'Status','reason':'NotFound','details':{'name':'x','kind':'istiooperators'}}",
         false, false},
        {"{'kind':'Status','reason':'NotFound','details':{'name':'istio-system',"
         "'kind':'namespaces'}}",
         false, false},
        {"{'kind':'Status','reason':'NotFound','message':'the server could not find the requested "
         "resource','details':{}}",
         false, true},
        {"404 page not found\n", false, true},
        {"<html>404 page not found</html>", false, false},
        {"{'message':'no such route'}", false, false},
        {"", false, false},
    };
    const struct kube_request request = {.method = "GET",
                                         .kind = GLM_KIND_ISTIO_OPERATOR,
                                         .namespace_ = "istio-system",
                                         .name = "gw"};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct kube_answer answer = answer_404(*state, answers[i].body);
        assert_int_equal(api_refusal_is_absence(&request, &answer), answers[i].absent);
        assert_int_equal(api_refusal_is_no_api(&answer), answers[i].no_api);
        answer.status = 403;
        assert_false(api_refusal_is_absence(&request, &answer));
        assert_false(api_refusal_is_no_api(&answer));
    }
}

static void conflicts_name_manager_and_field(void **state)
{
    static const char status[] =
        "{'kind':'Status','reason':'Conflict','code':409,'message':'Apply failed with 3 conflicts',"
        "'details':{'causes':["
        "{'reason':'FieldManagerConflict','message':'conflict with \\\"kubectl-edit\\\" using "
        "install.istio.io/v1alpha1','field':'.spec.components.ingressGateways'},"
        "{'reason':'Other','message':'conflict with \\\"x\\\"','field':'.y'},"
        "{'reason':'FieldManagerConflict','message':'conflict with \\\"a\\\\\\\"b\\\\\\\\c\\\" "
        "with "
        "subresource \\\"status\\\" using v1','field':'.spec.ports[port=80,protocol=\\\"TCP\\\"]"
        ".targetPort'},"
        "{'reason':'FieldManagerConflict','message':'in a new way','field':'.spec.x'},"
        "{'reason':'FieldManagerConflict','message':'conflict with \\\"unended'}]}}";
    const struct glm_conflict *conflicts = NULL;
    assert_int_equal(live_conflicts(*state, glm_test_value(*state, status), &conflicts), 4);
    assert_string_equal(conflicts[0].manager, "kubectl-edit");
    assert_string_equal(conflicts[0].field, ".spec.components.ingressGateways");
    assert_string_equal(conflicts[1].manager, "a\"b\\c");
    assert_string_equal(conflicts[1].field, ".spec.ports[port=80,protocol=\"TCP\"].targetPort");
    assert_string_equal(conflicts[2].manager, "another field manager");
    assert_string_equal(conflicts[3].manager, "unended");
    assert_string_equal(conflicts[3].field, "");
    assert_int_equal(live_conflicts(*state, &glm_null, &conflicts), 0);
}

static void where_a_proxy_is_named_is_said(void **state)
{
    struct glm_arena *a = *state;
    const struct access own = {.proxy = "http://proxy:1"};
    setenv("HTTPS_PROXY", "http://proxy:1", 1);
    assert_non_null(strstr(api_refusal_remedy(a, &access_of_test, HTTP_UNUSABLE), "HTTPS_PROXY"));
    assert_null(strstr(api_refusal_remedy(a, &own, HTTP_UNUSABLE), "HTTPS_PROXY"));
    unsetenv("HTTPS_PROXY");
    assert_null(strstr(api_refusal_remedy(a, &access_of_test, HTTP_UNUSABLE), "HTTPS_PROXY"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_says_what_to_do),
        cmocka_unit_test(a_server_asked_without_tls_is_told_apart),
        cmocka_unit_test(what_is_said_of_attempts_is_what_they_were),
        cmocka_unit_test(nothing_is_said_of_a_server_that_is_not_known),
        cmocka_unit_test(where_a_proxy_is_named_is_said),
        cmocka_unit_test(only_a_status_about_the_object_is_absence),
        cmocka_unit_test(conflicts_name_manager_and_field),
    };
    static const char *const proxies[] = {"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"};
    for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++)
        unsetenv(proxies[i]);
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
