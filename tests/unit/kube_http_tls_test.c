/* SPDX-License-Identifier: Apache-2.0
 *
 * What is trusted, who we say we are, which connections are shared, and the ways through proxies.
 */
#include "http_case.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A server, signed by an authority that the case's route trusts. */
struct served {
    struct fake_identity authority;
    struct fake_server server;
};

static void serve(struct http_case *c, struct served *s)
{
    s->authority = http_case_authority(c);
    s->server.kind = FAKE_HTTPS;
    if (!s->server.identity.key)
        s->server.identity = http_case_server_identity(c, &s->authority);
    fake_server_start(&s->server);
}

static struct fake_identity client(struct http_case *c, const struct fake_identity *authority,
                                   const char *name)
{
    return fake_identity(c->arena, name, "DNS:client", authority, -1, 48);
}

static void use(struct http_case *c, struct fake_identity identity)
{
    c->route.certificate = identity.certificate;
    c->route.key = identity.key;
}

/* ---- trust ---- */

static void a_server_of_the_given_authority_is_trusted(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    serve(c, &s);
    for (int i = 0; i < 10; i++) {
        http_case_perform(c, &s.server, "/status/200");
        http_case_assert_answered(c, 200);
    }
    assert_int_equal(atomic_load(&s.server.connections), 1);
    http_case_perform(c, &s.server, "/gzip/1000000");
    http_case_assert_answered(c, 200);
    assert_int_equal(c->response.len, 1000000);
    fake_server_stop(&s.server);
}

static void an_unknown_authority_is_not_trusted(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    serve(c, &s);
    c->route.ca = NULL;
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_failed(c, HTTP_UNTRUSTED, false,
                            "not among the authorities that this system trusts");
    struct fake_identity other = fake_identity(c->arena, "other", NULL, NULL, -1, 48);
    c->route.ca = other.certificate;
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_failed(c, HTTP_UNTRUSTED, false, "not among the authorities given");
    c->route.insecure = true;
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_answered(c, 200);
    assert_int_equal(atomic_load(&s.server.requests), 1);
    fake_server_stop(&s.server);
}

/* What one cluster's entry trusts says nothing about another's, not even by a kept connection. */
/* Every cluster made with kubeadm has an authority of the name "kubernetes". */
static void an_authority_of_the_same_name_is_not_the_same(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    serve(c, &s);
    c->route.ca = fake_identity(c->arena, "tests", NULL, NULL, -1, 48).certificate;
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_failed(c, HTTP_UNTRUSTED, false, "an older one of the same name");
    fake_server_stop(&s.server);
}

static void an_authority_has_its_time_too(void **state)
{
    struct http_case *c = *state;
    struct fake_identity past = fake_identity(c->arena, "past", NULL, NULL, -48, 12);
    struct served s = {.server.identity =
                           fake_identity(c->arena, "server", "DNS:localhost", &past, -1, 48)};
    serve(c, &s);
    c->route.ca = past.certificate;
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_failed(c, HTTP_BAD_CERTIFICATE, false, "that of an authority that signed it");
    fake_server_stop(&s.server);
}

static void trust_is_not_shared_by_connections(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    serve(c, &s);
    struct fake_identity other = fake_identity(c->arena, "other", NULL, NULL, -1, 48);
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_answered(c, 200);
    c->route.ca = other.certificate;
    http_case_perform(c, &s.server, "/status/200");
    assert_int_equal(c->response.outcome, HTTP_UNTRUSTED);
    c->route.insecure = true;
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_answered(c, 200);
    c->route.insecure = false;
    http_case_perform(c, &s.server, "/status/200");
    assert_int_equal(c->response.outcome, HTTP_UNTRUSTED);
    fake_server_stop(&s.server);
}

static void two_authorities_in_one_bundle_are_both_trusted(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    serve(c, &s);
    struct fake_identity other = fake_identity(c->arena, "other", NULL, NULL, -1, 48);
    c->route.ca =
        glm_sprintf(c->arena, "# two\n%s\n%s", other.certificate, s.authority.certificate);
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_answered(c, 200);
    fake_server_stop(&s.server);
}

static void a_wrong_name_lists_the_right_ones(void **state)
{
    struct http_case *c = *state;
    struct fake_identity authority = http_case_authority(c);
    struct served s = {.server.identity = fake_identity(c->arena, "server",
                                                        "DNS:kubernetes,DNS:kubernetes.default,"
                                                        "IP:10.96.0.1",
                                                        &authority, -1, 48)};
    serve(c, &s);
    c->route.ca = authority.certificate;
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_failed(c, HTTP_UNTRUSTED, false,
                            "is for kubernetes, kubernetes.default, 10.96.0.1, not for localhost");
    c->request.url = glm_sprintf(c->arena, "https://127.0.0.1:%u/", s.server.port);
    http_perform(c->http, c->arena, &c->request, &c->response);
    http_case_assert_failed(c, HTTP_UNTRUSTED, false, "not for 127.0.0.1");
    fake_server_stop(&s.server);
}

static void certificates_have_their_time(void **state)
{
    struct http_case *c = *state;
    struct fake_identity authority = http_case_authority(c);
    static const struct {
        int from_hours;
        const char *why;
    } times[] = {{-48, "has expired"}, {24, "not valid yet"}};
    for (size_t i = 0; i < 2; i++) {
        struct served s = {.server.identity = fake_identity(c->arena, "server", "DNS:localhost",
                                                            &authority, times[i].from_hours, 12)};
        serve(c, &s);
        c->route.ca = authority.certificate;
        http_case_perform(c, &s.server, "/status/200");
        http_case_assert_failed(c, HTTP_BAD_CERTIFICATE, false, times[i].why);
        fake_server_stop(&s.server);
    }
}

static void a_server_name_decides_what_is_verified_and_not_where_to_go(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    serve(c, &s);
    c->route.server_name = "other.test"; /* resolved by nobody */
    http_case_perform(c, &s.server, "/echo");
    http_case_assert_answered(c, 200);
    assert_non_null(strstr(c->response.body,
                           glm_sprintf(c->arena, "\r\nHost: localhost:%u\r\n", s.server.port)));
    c->route.server_name = "third.test"; /* another name never takes the kept connection */
    http_case_perform(c, &s.server, "/echo");
    http_case_assert_failed(c, HTTP_UNTRUSTED, false, "not for third.test");
    c->route.server_name = "127.0.0.1";
    http_case_perform(c, &s.server, "/echo");
    http_case_assert_answered(c, 200);
    c->route.server_name = "not a name";
    http_case_perform(c, &s.server, "/echo");
    http_case_assert_failed(c, HTTP_UNUSABLE, false, "not a host name");
    fake_server_stop(&s.server);
}

static void authorities_that_cannot_be_read_are_named(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    serve(c, &s);
    c->route.ca = "bm9uZQ==";
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_failed(c, HTTP_UNUSABLE, false, "authorities are not in PEM form");
    c->route.ca = "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n";
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_failed(c, HTTP_UNUSABLE, false, "authorities");
    fake_server_stop(&s.server);
}

static void the_systems_authorities_are_where_the_environment_says(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    serve(c, &s);
    char path[] = "/tmp/kube_http_tls_test.XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    fputs(s.authority.certificate, file);
    fclose(file);
    setenv("SSL_CERT_FILE", path, 1);
    c->route.ca = NULL;
    http_case_perform(c, &s.server, "/status/200");
    remove(path);
    http_case_assert_answered(c, 200);
    setenv("SSL_CERT_FILE", "/nonexistent/ca.pem", 1);
    http_case_end(c->http);
    c->http = glm_http_create(&c->stop);
    http_case_perform(c, &s.server, "/status/200");
    unsetenv("SSL_CERT_FILE");
    http_case_assert_failed(c, HTTP_UNTRUSTED, false, "SSL_CERT_FILE");
    fake_server_stop(&s.server);
}

static void what_is_no_tls_says_so(void **state)
{
    struct http_case *c = *state;
    struct fake_server other = {.kind =
                                    FAKE_SOCKS_PROXY}; /* it speaks as soon as it is spoken to */
    fake_server_start(&other);
    http_case_perform(c, &other, "/");
    http_case_assert_failed(c, HTTP_NO_TLS, false, "");
    fake_server_stop(&other);
}

/* ---- who we are ---- */

static void a_client_certificate_is_shown(void **state)
{
    struct http_case *c = *state;
    for (int tls = 12; tls <= 13; tls++) {
        struct served s = {.server.tls_max = tls};
        struct fake_identity people = fake_identity(c->arena, "people", NULL, NULL, -1, 48);
        s.server.client_ca = people.certificate;
        serve(c, &s);
        use(c, client(c, &people, "admin"));
        http_case_perform(c, &s.server, "/status/200");
        http_case_assert_answered(c, 200);
        use(c, client(c, &s.authority, "stranger"));
        http_case_perform(c, &s.server, "/status/200");
        http_case_assert_failed(c, HTTP_NO_TLS, false, "client certificate");
        use(c, (struct fake_identity){NULL, NULL});
        http_case_perform(c, &s.server, "/status/200");
        http_case_assert_failed(c, HTTP_NO_TLS, false, "want");
        assert_non_null(strstr(c->response.why, "a client certificate, and there is none"));
        assert_int_equal(atomic_load(&s.server.requests), 1);
        fake_server_stop(&s.server);
    }
}

/* Two people at one server: neither ever speaks through the other's connection. */
static void different_certificates_have_different_connections(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    serve(c, &s);
    struct fake_identity a = client(c, &s.authority, "a"), b = client(c, &s.authority, "b");
    for (int i = 0; i < 5; i++) {
        use(c, a);
        http_case_perform(c, &s.server, "/status/200");
        http_case_assert_answered(c, 200);
        use(c, b);
        http_case_perform(c, &s.server, "/status/200");
        http_case_assert_answered(c, 200);
        use(c, (struct fake_identity){NULL, NULL});
        http_case_perform(c, &s.server, "/status/200");
        http_case_assert_answered(c, 200);
    }
    assert_int_equal(atomic_load(&s.server.connections), 3);
    /* Equal texts at other addresses are equal routes. */
    use(c,
        (struct fake_identity){glm_strdup(c->arena, a.certificate), glm_strdup(c->arena, a.key)});
    c->route.ca = glm_strdup(c->arena, c->route.ca);
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_answered(c, 200);
    assert_int_equal(atomic_load(&s.server.connections), 3);
    /* A certificate alone is public: without its key it opens nothing. */
    use(c, (struct fake_identity){a.certificate, b.key});
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_failed(c, HTTP_UNUSABLE, false, "the client key cannot be used");
    fake_server_stop(&s.server);
}

static void a_chain_of_certificates_may_come_with_the_key_in_any_order(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    struct fake_identity people = fake_identity(c->arena, "people", NULL, NULL, -1, 48);
    struct fake_identity between = fake_identity(c->arena, "between", NULL, &people, -1, 48);
    struct fake_identity admin = client(c, &between, "admin");
    s.server.client_ca = people.certificate;
    serve(c, &s);
    use(c, admin);
    c->route.certificate = glm_sprintf(c->arena, "%s%s", admin.certificate, between.certificate);
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_answered(c, 200);
    fake_server_stop(&s.server);
}

static void keys_that_cannot_be_used_say_why(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    serve(c, &s);
    struct fake_identity a = client(c, &s.authority, "a");
    const struct {
        const char *certificate, *key, *why;
    } wrong[] = {
        {a.certificate, fake_encrypted_key(c->arena, a.key), "the client key is encrypted"},
        {a.certificate,
         "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: "
         "AES-128-CBC,00\n\nAA==\n"
         "-----END RSA PRIVATE KEY-----\n",
         "the client key is encrypted"},
        {a.certificate, NULL, "no client key"},
        {NULL, a.key, "no client certificate"},
        {"nonsense", a.key, "certificate is not in PEM form"},
        {a.certificate, "nonsense", "key is not in PEM form"},
        {a.certificate, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
         "the client key cannot be used"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        use(c, (struct fake_identity){wrong[i].certificate, wrong[i].key});
        http_case_perform(c, &s.server, "/status/200");
        http_case_assert_failed(c, HTTP_UNUSABLE, false, wrong[i].why);
        assert_null(strstr(c->response.why, "BEGIN"));
    }
    assert_int_equal(atomic_load(&s.server.requests), 0);
    fake_server_stop(&s.server);
}

/* ---- proxies ---- */

static const char *proxy_url(struct http_case *c, const char *scheme, const struct fake_server *p)
{
    return glm_sprintf(c->arena, "%suser:hunter2@127.0.0.1:%u", scheme, p->port);
}

/* What was reached is said, and nothing else: a connection is none of what failed here. */
static void who_takes_the_connection_and_says_nothing_was_reached(void **state)
{
    struct http_case *c = *state;
    struct fake_server silent = {.kind = FAKE_SILENT};
    fake_server_start(&silent);
    http_case_perform_to(c, &silent, "/", HTTP_STEP_TLS);
    http_case_assert_failed(c, HTTP_TIMEOUT, false,
                            "localhost took the connection, but there was "
                            "no TLS session with it within ");
    static const char *const schemes[] = {"http://", "https://", "socks5://", "socks5h://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        c->route.proxy = glm_sprintf(c->arena, "%s127.0.0.1:%u", schemes[i], silent.port);
        http_case_perform_to(c, &silent, "/", HTTP_STEP_PROXY);
        http_case_assert_failed(c, HTTP_TIMEOUT, false,
                                glm_sprintf(c->arena,
                                            "the proxy %s took the connection, but had not "
                                            "connected to localhost within ",
                                            c->route.proxy));
    }
    fake_server_stop(&silent);
}

static void requests_go_through_proxies(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    serve(c, &s);
    static const struct {
        enum fake_kind kind;
        const char *scheme;
    } proxies[] = {{FAKE_HTTP_PROXY, "http://"},
                   {FAKE_SOCKS_PROXY, "socks5://"},
                   {FAKE_SOCKS_PROXY, "socks5h://"}};
    for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++) {
        struct fake_server proxy = {.kind = proxies[i].kind};
        fake_server_start(&proxy);
        c->route.proxy = proxy_url(c, proxies[i].scheme, &proxy);
        if (proxies[i].kind == FAKE_SOCKS_PROXY)
            c->route.proxy = glm_sprintf(c->arena, "%s127.0.0.1:%u", proxies[i].scheme, proxy.port);
        for (int k = 0; k < 3; k++) {
            http_case_perform(c, &s.server, "/status/200");
            http_case_assert_answered(c, 200);
            assert_null(c->response.audit_id);
        }
        assert_int_equal(atomic_load(&proxy.requests), 1);
        /* the proxy resolves names, and the name is verified */
        bool far = strcmp(proxies[i].scheme, "socks5://") != 0;
        c->request.url = glm_sprintf(c->arena, "https://other.test:%u/status/200", s.server.port);
        http_perform(c->http, c->arena, &c->request, &c->response);
        if (far)
            http_case_assert_answered(c, 200);
        else
            assert_int_equal(c->response.outcome, HTTP_NO_NAME);
        /* without it, the kept connection is not taken */
        unsigned before = atomic_load(&s.server.connections);
        c->route.proxy = "";
        http_case_perform(c, &s.server, "/status/200");
        http_case_assert_answered(c, 200);
        assert_in_range(atomic_load(&s.server.connections), i == 0 ? before + 1 : before,
                        before + 1);
        fake_server_stop(&proxy);
    }
    fake_server_stop(&s.server);
}

/* A proxy with a certificate of this authority, reached by https://. */
static void tls_proxy(struct http_case *c, struct fake_server *proxy,
                      const struct fake_identity *authority, const char *names)
{
    *proxy = (struct fake_server){.kind = FAKE_HTTPS_PROXY,
                                  .identity =
                                      fake_identity(c->arena, "proxy", names, authority, -1, 48)};
    fake_server_start(proxy);
    c->route.proxy = proxy_url(c, "https://", proxy);
}

/* kubectl verifies a proxy with the cluster's authorities; those of the system are as good. */
static void a_proxy_by_tls_may_be_of_the_clusters_authority_or_the_systems(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    struct fake_server proxy;
    serve(c, &s);
    struct fake_identity others = fake_identity(c->arena, "others", NULL, NULL, -1, 48);
    char path[] = "/tmp/kube_http_tls_test.XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    fputs(others.certificate, file);
    fclose(file);
    for (int i = 0; i < 2; i++) {
        tls_proxy(c, &proxy, i == 0 ? &s.authority : &others, "IP:127.0.0.1");
        if (i == 1)
            setenv("SSL_CERT_FILE", path, 1);
        http_case_perform(c, &s.server, "/gzip/1000000");
        unsetenv("SSL_CERT_FILE");
        http_case_assert_answered(c, 200);
        assert_int_equal(c->response.len, 1000000);
        assert_int_equal(atomic_load(&proxy.requests), 1);
        fake_server_stop(&proxy);
    }
    remove(path);
    fake_server_stop(&s.server);
}

static void a_proxy_that_is_not_trusted_is_told_from_a_server_that_is_not(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    struct fake_server proxy;
    serve(c, &s);
    struct fake_identity others = fake_identity(c->arena, "others", NULL, NULL, -1, 48);
    tls_proxy(c, &proxy, &others, "IP:127.0.0.1");
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_failed(
        c, HTTP_UNTRUSTED_PROXY, false,
        glm_sprintf(c->arena,
                    "the proxy https://127.0.0.1:%u: the proxy's certificate is signed by an "
                    "authority that is not among the authorities given and those that this system "
                    "trusts",
                    proxy.port));
    assert_null(strstr(c->response.why, "hunter2"));
    assert_int_equal(atomic_load(&s.server.connections), 0);
    c->route.insecure = true; /* as for kubectl: neither of them */
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_answered(c, 200);
    c->route.insecure = false;
    fake_server_stop(&proxy);

    tls_proxy(c, &proxy, &s.authority, "DNS:proxy.test,DNS:other.test");
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_failed(c, HTTP_UNTRUSTED_PROXY, false, "the proxy's certificate is ");
    assert_non_null(strstr(c->response.why, "not for 127.0.0.1"));
    fake_server_stop(&proxy);

    struct fake_server plain = {.kind = FAKE_HTTP_PROXY};
    fake_server_start(&plain);
    c->route.proxy = proxy_url(c, "https://", &plain);
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_failed(c, HTTP_NO_PROXY, false, "the proxy does not speak TLS on this port");
    fake_server_stop(&plain);

    tls_proxy(c, &proxy, &s.authority, "IP:127.0.0.1");
    c->route.server_name = "third.test";
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_failed(c, HTTP_UNTRUSTED, false, "the server's certificate is for");
    fake_server_stop(&proxy);
    fake_server_stop(&s.server);
}

static void a_server_name_holds_behind_a_proxy(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    serve(c, &s);
    struct fake_server proxy = {.kind = FAKE_HTTP_PROXY};
    fake_server_start(&proxy);
    c->route.proxy = proxy_url(c, "http://", &proxy);
    c->route.server_name = "other.test";
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_answered(c, 200);
    c->route.server_name = "third.test";
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_failed(c, HTTP_UNTRUSTED, false, "not for third.test");
    fake_server_stop(&proxy);
    fake_server_stop(&s.server);
}

static void a_proxy_that_refuses_is_told_from_a_server_that_does(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    serve(c, &s);
    static const struct {
        enum fake_kind kind;
        const char *scheme;
        unsigned refuse;
        enum http_outcome outcome;
        const char *why;
    } cases[] = {
        {FAKE_HTTP_PROXY, "http://", 407, HTTP_NO_PROXY, "wants a user and password"},
        {FAKE_HTTP_PROXY, "http://", 403, HTTP_NO_PROXY, "answers 403 when asked to connect to"},
        {FAKE_SOCKS_PROXY, "socks5h://", 2, HTTP_NO_PROXY, "did not connect to localhost"},
        {FAKE_SOCKS_PROXY, "socks5h://", 5, HTTP_NO_CONNECT, "did not connect to localhost"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fake_server proxy = {.kind = cases[i].kind, .refuse = cases[i].refuse};
        fake_server_start(&proxy);
        c->route.proxy = cases[i].kind == FAKE_SOCKS_PROXY
                             ? glm_sprintf(c->arena, "%s127.0.0.1:%u", cases[i].scheme, proxy.port)
                             : proxy_url(c, cases[i].scheme, &proxy);
        http_case_perform(c, &s.server, "/status/200");
        http_case_assert_failed(c, cases[i].outcome, false, cases[i].why);
        assert_null(strstr(c->response.why, "hunter2"));
        fake_server_stop(&proxy);
        http_case_perform(c, &s.server, "/status/200"); /* it is gone now */
        http_case_assert_failed(c, HTTP_NO_PROXY, false, "no connection to the proxy");
        assert_null(strstr(c->response.why, "hunter2"));
    }
    c->route.proxy = "http://user:hunter2@nowhere.invalid:8080";
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_failed(c, HTTP_NO_PROXY, false,
                            "the proxy http://nowhere.invalid:8080 cannot be resolved");
    c->route.proxy = "ftp://user:hunter2@proxy:8080";
    http_case_perform(c, &s.server, "/status/200");
    http_case_assert_failed(c, HTTP_UNUSABLE, false, "the proxy ftp://proxy:8080 is of a kind");
    fake_server_stop(&s.server);
}

static void the_address_of_a_proxy_that_cannot_be_read_says_so(void **state)
{
    struct http_case *c = *state;
    static const char *const addresses[] = {
        "http://bob:secret#x@127.0.0.1:1",   "http://bob:secret/x@127.0.0.1:1",
        "http://bob:secret?x@127.0.0.1:1",   "http://bob:secret x@127.0.0.1:1",
        "http://bob:secret@127.0.0.1:99999", "http://bob:secret@",
    };
    c->request.url = "https://127.0.0.1:1/";
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        c->route.proxy = addresses[i];
        http_perform(c->http, c->arena, &c->request, &c->response);
        http_case_assert_failed(c, HTTP_UNUSABLE, false, "everything but letters and digits");
        assert_null(strstr(c->response.why, "secret"));
    }
}

static void the_environment_names_a_proxy_and_its_exceptions(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    serve(c, &s);
    struct fake_server proxy = {.kind = FAKE_HTTP_PROXY};
    fake_server_start(&proxy);
    setenv("HTTPS_PROXY", glm_sprintf(c->arena, "http://127.0.0.1:%u", proxy.port), 1);
    c->route.proxy = NULL;
    c->request.url = glm_sprintf(c->arena, "https://other.test:%u/status/200", s.server.port);
    http_perform(c->http, c->arena, &c->request, &c->response);
    http_case_assert_answered(c, 200);
    assert_int_equal(atomic_load(&proxy.requests), 1);
    setenv("NO_PROXY", "corp.test,.test", 1);
    http_perform(c->http, c->arena, &c->request, &c->response);
    assert_int_equal(c->response.outcome, HTTP_NO_NAME);
    unsetenv("NO_PROXY");
    http_case_perform(c, &s.server, "/status/200"); /* localhost */
    http_case_assert_answered(c, 200);
    assert_int_equal(atomic_load(&proxy.requests), 1);
    c->route.proxy = "";
    http_perform(c->http, c->arena, &c->request, &c->response);
    unsetenv("HTTPS_PROXY");
    http_case_assert_answered(c, 200);
    assert_int_equal(atomic_load(&proxy.requests), 1);
    fake_server_stop(&proxy);
    fake_server_stop(&s.server);
}

/* OpenSSL keeps something for each thread that used it, until that is over. The program ends right after
 * this one, and AddressSanitizer then reports what is still kept. */
static void the_threads_are_over_with_the_end_of_all(void **state)
{
    struct http_case *c = *state;
    struct served s = {0};
    serve(c, &s);
    for (int i = 0; i < 8; i++) { /* a thread each */
        c->route.server_name = glm_sprintf(c->arena, "n%d.test", i);
        http_case_perform(c, &s.server, "/status/200");
        assert_int_equal(c->response.outcome, HTTP_UNTRUSTED);
    }
    fake_server_stop(&s.server);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, http_case_setup, http_case_teardown)

int main(void)
{
    static const char *const ours[] = {"HTTPS_PROXY",  "https_proxy",  "HTTP_PROXY", "http_proxy",
                                       "NO_PROXY",     "no_proxy",     "ALL_PROXY",  "all_proxy",
                                       "SSL_CERT_DIR", "SSL_CERT_FILE"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        unsetenv(ours[i]);
    const struct CMUnitTest tests[] = {
        CASE(a_server_of_the_given_authority_is_trusted),
        CASE(an_unknown_authority_is_not_trusted),
        CASE(an_authority_of_the_same_name_is_not_the_same),
        CASE(an_authority_has_its_time_too),
        CASE(trust_is_not_shared_by_connections),
        CASE(two_authorities_in_one_bundle_are_both_trusted),
        CASE(a_wrong_name_lists_the_right_ones),
        CASE(certificates_have_their_time),
        CASE(a_server_name_decides_what_is_verified_and_not_where_to_go),
        CASE(authorities_that_cannot_be_read_are_named),
        CASE(the_systems_authorities_are_where_the_environment_says),
        CASE(what_is_no_tls_says_so),
        CASE(a_client_certificate_is_shown),
        CASE(different_certificates_have_different_connections),
        CASE(a_chain_of_certificates_may_come_with_the_key_in_any_order),
        CASE(keys_that_cannot_be_used_say_why),
        CASE(who_takes_the_connection_and_says_nothing_was_reached),
        CASE(requests_go_through_proxies),
        CASE(a_proxy_by_tls_may_be_of_the_clusters_authority_or_the_systems),
        CASE(a_proxy_that_is_not_trusted_is_told_from_a_server_that_is_not),
        CASE(a_server_name_holds_behind_a_proxy),
        CASE(a_proxy_that_refuses_is_told_from_a_server_that_does),
        CASE(the_address_of_a_proxy_that_cannot_be_read_says_so),
        CASE(the_environment_names_a_proxy_and_its_exceptions),
        CASE(the_threads_are_over_with_the_end_of_all), /* the last one */
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
