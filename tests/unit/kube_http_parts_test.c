/* SPDX-License-Identifier: Apache-2.0
 *
 * What transfers are made of besides libcurl: proxies and their exceptions, the ring, headers, and
 * texts that hold no credential.
 */
#include "test.h"

#include "../../src/kube/http/parts.h"

#include <errno.h>
#include <string.h>

static const char *proxy_for(struct glm_arena *a, const char *no_proxy, const char *host,
                             unsigned port)
{
    struct http_environment environment = {
        .https_proxy = "http://proxy:3128", .http_proxy = "plain:3129", .no_proxy = no_proxy};
    struct http_target target = {port == 80 ? "http" : "https", host, port};
    const char *proxy = NULL, *why = NULL;
    assert_true(http_proxy(a, NULL, &environment, &target, &proxy, &why));
    return proxy;
}

static void the_environments_proxy_is_by_scheme(void **state)
{
    struct glm_arena *a = *state;
    assert_string_equal(proxy_for(a, NULL, "api.test", 443), "http://proxy:3128");
    assert_string_equal(proxy_for(a, NULL, "api.test", 80), "http://plain:3129");
}

static void no_proxy_is_what_kubectl_takes_it_for(void **state)
{
    struct glm_arena *a = *state;
    static const struct {
        const char *no_proxy, *host;
        bool direct;
    } cases[] = {
        {"*", "api.test", true},
        {"api.test", "api.test", true},
        {"api.test", "API.test", true},
        {"api.test", "east.api.test", true},
        {"api.test", "myapi.test", false},
        {".api.test", "east.api.test", true},
        {".api.test", "api.test", false},
        {"*.api.test", "east.api.test", true},
        {"*.api.test", "api.test", false},
        {"a, b ,api.test", "api.test", true},
        {"a b api.test", "api.test", true},
        {"api.test:6443", "api.test", true},
        {"api.test:443", "api.test", false},
        {"10.0.0.1", "10.0.0.1", true},
        {"10.0.0.1", "10.0.0.10", false},
        {"10.0.0.1:6443", "10.0.0.1", true},
        {"10.0.0.0/8", "10.200.3.4", true},
        {"10.0.0.0/9", "10.200.3.4", false},
        {"10.0.0.0/8", "11.0.0.1", false},
        {"10.0.0.0/8", "ten.test", false},
        {"0.0.0.0/0", "11.0.0.1", true},
        {"10.0.0.0/33", "10.0.0.1", false},
        {"10.0.0.0/", "10.0.0.1", false},
        {"10.0.0.4/32", "10.0.0.4", true},
        {"10.0.0.4/32", "10.0.0.5", false},
        {"fd00::/8", "[fd12::1]", true},
        {"fd00::/8", "[fe80::1]", false},
        {"fd00::1", "[fd00::1]", true},
        {"[fd00::1]:6443", "[fd00::1]", true},
        {"[fd00::1]:443", "[fd00::1]", false},
        {"::/0", "10.0.0.1", false},
        {",,", "api.test", false},
        {".", "api.test", false},
        {"", "localhost", true},
        {"", "127.0.0.1", true},
        {"", "127.9.9.9", true},
        {"", "[::1]", true},
        {"", "128.0.0.1", false},
        {"", "localhost.test", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *proxy = proxy_for(a, cases[i].no_proxy, cases[i].host, 6443);
        if ((*proxy == '\0') != cases[i].direct)
            fail_msg("NO_PROXY=%s, %s: %s", cases[i].no_proxy, cases[i].host, proxy);
    }
}

static void a_proxy_that_was_asked_for_has_no_exceptions(void **state)
{
    struct glm_arena *a = *state;
    struct http_environment environment = {.https_proxy = "http://proxy", .no_proxy = "*"};
    struct http_target target = {"https", "localhost", 6443};
    const char *proxy = NULL, *why = NULL;
    assert_true(http_proxy(a, "socks5h://p:1", &environment, &target, &proxy, &why));
    assert_string_equal(proxy, "socks5h://p:1");
    assert_true(http_proxy(a, "", &environment, &target, &proxy, &why));
    assert_string_equal(proxy, "");
    assert_false(http_proxy(a, "socks4://u:secret@p:1", &environment, &target, &proxy, &why));
    assert_non_null(strstr(why, "socks4://p:1"));
    assert_null(strstr(why, "secret"));
}

static void texts_hold_no_credential(void **state)
{
    struct glm_arena *a = *state;
    static const char *const cases[][2] = {
        {"failed at https://u:p@host:1/x and http://t@h.",
         "failed at https://host:1/x and http://h"},
        {"socks5://u:p/w@d@h", "socks5://h"},
        {"no URL: a@b", "no URL: a@b"},
        {"https://host/a", "https://host/a"},
        {"://", "://"},
        {"", ""},
        {"bad \xff byte\r\n", "bad \\xff byte"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(http_why_clean(a, cases[i][0]), cases[i][1]);
}

/* Whatever a password holds that nobody escaped. */
static void a_proxy_is_shown_by_its_address_alone(void **state)
{
    struct glm_arena *a = *state;
    static const char *const cases[] = {
        "http://u:p@h:1",   "http://u:p w@h:1",   "http://u:p\"w@h:1", "http://u:p'w@h:1",
        "http://u:p@w@h:1", "http://u:p/w?#@h:1", "http://u:p\nw@h:1", "http://p@h:1",
        "http://h:1",       "http://h:1/secret",  "http://h:1?secret", "http://u:p@h:1/#secret",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(http_proxy_address(a, cases[i]), "http://h:1");
    assert_string_equal(http_proxy_address(a, "u:p w@h:1"), "h:1");
}

static void headers_are_found_whatever_their_case(void **state)
{
    (void)state;
    const char *value;
    size_t len;
    static const char line[] = "retry-AFTER: \t 12 \r\n";
    assert_true(http_header(line, strlen(line), "Retry-After", &value, &len));
    assert_int_equal(len, 2);
    assert_memory_equal(value, "12", 2);
    assert_true(http_header("A:", 2, "A", &value, &len));
    assert_int_equal(len, 0);
    assert_false(http_header("Retry-After", 11, "Retry-After", &value, &len));
    assert_false(http_header("Retry-After-All: 1", 18, "Retry-After", &value, &len));
    assert_false(http_header("", 0, "A", &value, &len));
    assert_int_equal(http_seconds("120"), 120);
    assert_int_equal(http_seconds(""), -1);
    assert_int_equal(http_seconds("12s"), -1);
    assert_int_equal(http_seconds("-1"), -1);
    assert_true(http_seconds("99999999999999999999999999") > 1000000000);
}

/* Against the same bytes in one row. */
static void the_ring_gives_what_it_was_given(void **state)
{
    struct glm_arena *a = *state;
    struct http_queue queue;
    http_queue_init(&queue, a);
    static char block[70001];
    unsigned long put = 0, got = 0;
    for (unsigned round = 0; round < 400; round++) {
        size_t len = (round * 7919U) % sizeof block;
        for (size_t i = 0; i < len; i++)
            block[i] = (char)((put + i) % 251);
        bool fits = len <= HTTP_QUEUE_SIZE - queue.len;
        assert_int_equal(http_queue_put(&queue, block, len), fits);
        put += fits ? len : 0;
        if (fits && round % 3)
            continue;
        size_t row;
        const char *front = http_queue_front(&queue, &row);
        for (size_t i = 0; i < row; i++)
            if (front[i] != (char)((got + i) % 251))
                fail_msg("byte %lu", got + i);
        size_t drop = row - row / 5;
        http_queue_drop(&queue, drop);
        got += drop;
    }
    assert_true(got > 4 * HTTP_QUEUE_SIZE);
    assert_int_equal(put - got, queue.len);
}

static void what_failed_is_told_in_words(void **state)
{
    struct glm_arena *a = *state;
    struct http_target target = {"https", "api.test", 6443};
    const struct {
        struct http_failure failure;
        enum http_outcome outcome;
        const char *why;
    } cases[] = {
        {{.kind = HTTP_FAILED_TIME, .step = HTTP_STEP_NAME, .spent_ms = 15000},
         HTTP_TIMEOUT,
         "the name api.test was not resolved within 15 s"},
        {{.kind = HTTP_FAILED_TIME, .step = HTTP_STEP_CONNECT, .spent_ms = 15004},
         HTTP_TIMEOUT,
         "no connection to api.test within 15 s"},
        {{.kind = HTTP_FAILED_TIME, .step = HTTP_STEP_TLS, .spent_ms = 900},
         HTTP_TIMEOUT,
         "api.test took the connection, but there was no TLS session with it within 900 ms"},
        {{.kind = HTTP_FAILED_TIME,
          .step = HTTP_STEP_NAME,
          .spent_ms = 15000,
          .proxy = "https://p:1"},
         HTTP_TIMEOUT,
         "the name of the proxy https://p:1 was not resolved within 15 s"},
        {{.kind = HTTP_FAILED_TIME,
          .step = HTTP_STEP_CONNECT,
          .spent_ms = 15000,
          .proxy = "https://p:1",
          .at_proxy = true},
         HTTP_TIMEOUT,
         "no connection to the proxy https://p:1 within 15 s"},
        {{.kind = HTTP_FAILED_TIME,
          .step = HTTP_STEP_PROXY,
          .spent_ms = 15000,
          .proxy = "https://p:1",
          .at_proxy = true},
         HTTP_TIMEOUT,
         "the proxy https://p:1 took the connection, but had not connected to api.test within "
         "15 s"},
        {{.kind = HTTP_FAILED_TIME,
          .step = HTTP_STEP_TLS,
          .spent_ms = 15000,
          .proxy = "http://p:1"},
         HTTP_TIMEOUT,
         "no TLS session with api.test by the proxy http://p:1 within 15 s"},
        {{.kind = HTTP_FAILED_TIME,
          .step = HTTP_STEP_TLS,
          .spent_ms = 15000,
          .proxy = "http://p:1",
          .proxy_status = 407},
         HTTP_NO_PROXY,
         "the proxy http://p:1 wants a user and password, or refuses those given"},
        {{.kind = HTTP_FAILED_BROKEN,
          .step = HTTP_STEP_PROXY,
          .text = "Proxy CONNECT aborted",
          .proxy = "http://p:1"},
         HTTP_NO_PROXY,
         "the proxy http://p:1 did not connect to api.test:6443 (Proxy CONNECT aborted)"},
        {{.kind = HTTP_FAILED_BROKEN,
          .step = HTTP_STEP_TLS,
          .text = "Too large response headers: 307201 > 307200",
          .proxy = "http://p:1",
          .proxy_status = 200},
         HTTP_NO_PROXY,
         "the proxy http://p:1 did not connect to api.test:6443 (Too large response headers: "
         "307201 "
         "> 307200)"},
        {{.kind = HTTP_FAILED_BROKEN,
          .step = HTTP_STEP_TLS,
          .text = "Recv failure: Connection reset by peer",
          .proxy = "http://p:1",
          .proxy_status = 200},
         HTTP_BROKEN,
         "the connection ended before the answer did (Recv failure: Connection reset by peer)"},
        {{.kind = HTTP_FAILED_BROKEN,
          .step = HTTP_STEP_CONNECT,
          .text = "Recv failure: Connection reset by peer",
          .proxy = "http://p:1"},
         HTTP_NO_PROXY,
         "the proxy http://p:1 did not connect to api.test:6443 (Recv failure: Connection reset by "
         "peer)"},
        {{.kind = HTTP_FAILED_BROKEN,
          .step = HTTP_STEP_ANSWER,
          .text = "Empty reply from server",
          .proxy = "http://p:1"},
         HTTP_BROKEN,
         "the connection ended before the answer did (Empty reply from server)"},
        {{.kind = HTTP_FAILED_BROKEN,
          .step = HTTP_STEP_ANSWER,
          .text = "operation aborted by pre-request callback",
          .proxy = "http://p:1"},
         HTTP_BROKEN,
         "the connection ended before there was an answer"},
        {{.kind = HTTP_FAILED_PROXY,
          .text = "User was rejected by the SOCKS5 server (1 1).",
          .proxy = "socks5h://p:1"},
         HTTP_NO_PROXY,
         "the proxy socks5h://p:1 wants a user and password, or refuses those given"},
        {{.kind = HTTP_FAILED_PROXY,
          .text = "Can't complete SOCKS5 connection to api.test. (2)",
          .proxy = "socks5h://p:1"},
         HTTP_NO_PROXY,
         "the proxy socks5h://p:1 did not connect to api.test:6443 (its rules forbid it)"},
        {{.kind = HTTP_FAILED_PROXY,
          .text = "Can't complete SOCKS5 connection to api.test. (91)",
          .proxy = "socks5h://p:1"},
         HTTP_NO_PROXY,
         "the proxy socks5h://p:1 did not connect to api.test:6443 (Can't complete SOCKS5 "
         "connection to api.test. (91))"},
        {{.kind = HTTP_FAILED_SOCKET, .os_error = EMFILE},
         HTTP_NO_MEANS,
         "no connection can be made from here (Too many open files)"},
        {{.kind = HTTP_FAILED_CERTIFICATE,
          .text = "could not load PEM client certificate from CURLOPT_SSLCERT_BLOB, OpenSSL error"},
         HTTP_UNUSABLE,
         "the client certificate cannot be used: it is not whole, or not in PEM form"},
        {{.kind = HTTP_FAILED_CERTIFICATE,
          .text = "unable to set private key file: '(memory blob)' type PEM"},
         HTTP_UNUSABLE,
         "the client key cannot be used: it is not the key of the client certificate, or not "
         "whole"},
        {{.kind = HTTP_FAILED_VERIFY, .verify_result = 20},
         HTTP_UNTRUSTED,
         "the server's certificate is signed by an authority that is not among the authorities "
         "that this system trusts"},
        {{.kind = HTTP_FAILED_VERIFY, .verify_result = 18, .own_ca = true},
         HTTP_UNTRUSTED,
         "the server's certificate is self-signed and not among the authorities given"},
        {{.kind = HTTP_FAILED_VERIFY, .verify_result = 10, .own_ca = true},
         HTTP_BAD_CERTIFICATE,
         "the server's certificate, or that of an authority that signed it, has expired"},
        {{.kind = HTTP_FAILED_VERIFY,
          .verify_result = 10,
          .proxy = "https://p:1",
          .at_proxy = true},
         HTTP_BAD_PROXY,
         "there is no TLS session with the proxy https://p:1: the proxy's certificate, or that of "
         "an authority that signed it, has expired"},
        {{.kind = HTTP_FAILED_VERIFY, .verify_result = 99},
         HTTP_UNTRUSTED,
         "the server's certificate cannot be verified (OpenSSL's result 99)"},
        {{.kind = HTTP_FAILED_TLS,
          .text = "OpenSSL/3.0: error:0A00010B:SSL routines::wrong version number"},
         HTTP_NO_TLS,
         "the server does not speak TLS on this port"},
        {{.kind = HTTP_FAILED_TLS,
          .step = HTTP_STEP_TLS,
          .text = "OpenSSL/3.0: error:0A00010B:SSL routines::wrong version number",
          .proxy = "http://p:1",
          .proxy_status = 200},
         HTTP_NO_TLS,
         "the server does not speak TLS on this port, or the proxy http://p:1 answers in its "
         "place"},
        {{.kind = HTTP_FAILED_BROKEN,
          .step = HTTP_STEP_TLS,
          .text = "CONNECT response too large",
          .proxy = "http://p:1",
          .proxy_status = 200},
         HTTP_NO_PROXY,
         "the proxy http://p:1 did not connect to api.test:6443 (CONNECT response too large)"},
        {{.kind = HTTP_FAILED_TLS,
          .text = "OpenSSL/3.0: error:06880006:asn1 encoding routines::EVP lib",
          .own_ca = true},
         HTTP_UNTRUSTED,
         "the server's certificate has a signature that is not by the authority it names; the "
         "authorities given may hold an older one of the same name"},
        {{.kind = HTTP_FAILED_TLS,
          .text = "OpenSSL/3.0: error:0200008A:rsa routines::invalid padding"},
         HTTP_UNTRUSTED,
         "the server's certificate has a signature that is not by the authority it names; the "
         "authorities that this system trusts may hold an older one of the same name"},
        {{.kind = HTTP_FAILED_TLS,
          .text = "OpenSSL/3.0: error:02000084:rsa routines::bad signature"},
         HTTP_UNTRUSTED,
         "the server's certificate has a signature that is not by the authority it names; the "
         "authorities that this system trusts may hold an older one of the same name"},
        {{.kind = HTTP_FAILED_TLS,
          .text = "OpenSSL/3.0: error:02000078:rsa routines::key size too small"},
         HTTP_NO_TLS,
         "the TLS handshake failed (key size too small)"},
        {{.kind = HTTP_FAILED_TLS, .text = "error:0A000126:SSL routines::unexpected eof"},
         HTTP_NO_TLS,
         "the TLS handshake failed (unexpected eof)"},
        {{.kind = HTTP_FAILED_BROKEN, .text = "Empty reply from server"},
         HTTP_BROKEN,
         "the connection ended before the answer did (Empty reply from server)"},
        {{.kind = HTTP_FAILED_BROKEN,
          .text = "h2_process_pending_input: nghttp2_session_mem_recv() returned -904:Flooding"},
         HTTP_BROKEN,
         "what it sends is no proper HTTP/2"},
        {{.kind = HTTP_FAILED_BROKEN,
          .text = "HTTP/2 stream 5 was not closed cleanly: PROTOCOL_ERROR (err 1)"},
         HTTP_BROKEN,
         "what it sends is no proper HTTP/2"},
        {{.kind = HTTP_FAILED_BROKEN,
          .text = "OpenSSL SSL_read: OpenSSL/3.0.19: error:0A00012A:SSL routines::record too "
                  "small, errno 0"},
         HTTP_BROKEN,
         "what it sends is no proper TLS (record too small)"},
        {{.kind = HTTP_FAILED_BROKEN,
          .text = "OpenSSL SSL_read: OpenSSL/3.0.19: error:0A000126:SSL routines::unexpected eof "
                  "while reading, errno 0"},
         HTTP_BROKEN,
         "the connection ended before the answer did (unexpected eof while reading)"},
        {{.kind = HTTP_FAILED_SPEECH, .text = "Failed writing received data to disk/application"},
         HTTP_BROKEN,
         "its answer is not compressed as it says"},
        {{.kind = HTTP_FAILED_SPEECH, .text = "Received HTTP/0.9 when not allowed"},
         HTTP_BROKEN,
         "what it sends is no HTTP (Received HTTP/0.9 when not allowed)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_failure failure = cases[i].failure;
        failure.target = &target;
        failure.name = target.host;
        if (!failure.proxy)
            failure.proxy = "";
        if (!failure.text)
            failure.text = "";
        const char *why = NULL;
        assert_int_equal(http_why(a, &failure, &why), cases[i].outcome);
        assert_string_equal(why, cases[i].why);
    }
}

/* All warnings of one header, joined by "|"; "-" for those that are not to be shown. */
static const char *warnings(struct glm_arena *arena, const char *value)
{
    struct glm_text all;
    const char *at = value, *text;
    glm_text_init(&all, arena, (size_t)1 << 20);
    while (http_warning(arena, &at, value + strlen(value), &text))
        glm_text_addf(&all, "%s%s", all.len ? "|" : "", text ? text : "-");
    return all.data;
}

static void warnings_of_an_api_server_are_read(void **state)
{
    static const struct {
        const char *value, *texts;
    } cases[] = {
        {"299 - \"spec.x is deprecated\"", "spec.x is deprecated"},
        {"299 - \"say \\\"no\\\" to C:\\\\x\"", "say \"no\" to C:\\x"},
        {"299 - \"a, b\", 299 kube \"c\"", "a, b|c"},
        {"299 - \"dated\" \"Wed, 21 Oct 2015 07:28:00 GMT\",299 - \"next\"", "dated|next"},
        {"199 - \"of a cache\", 299 - \"ours\"", "-|ours"},
        {"299 - \"tab\tand \x1b[2J\"", "tab and \\x1b[2J"},
        {"299 - \"\"", "-"},
        {"299 - \"no end", ""},
        {"299 - \"ends in a backslash\\", ""},
        {"299 no quotes", ""},
        {"299", ""},
        {"", ""},
        {"299 - \"good\", 299 - bad", "good"},
    };
    struct glm_arena *arena = glm_arena_create((size_t)1 << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(warnings(arena, cases[i].value), cases[i].texts);
    char *text = glm_alloc(arena, 4000);
    memset(text, 'x', 3999);
    const char *shown = warnings(arena, glm_sprintf(arena, "299 - \"%s\"", text));
    assert_true(strlen(shown) <= HTTP_WARNING_MAX);
    assert_non_null(strstr(shown, " bytes more]"));
    glm_arena_destroy(arena);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_environments_proxy_is_by_scheme),
        cmocka_unit_test(no_proxy_is_what_kubectl_takes_it_for),
        cmocka_unit_test(a_proxy_that_was_asked_for_has_no_exceptions),
        cmocka_unit_test(texts_hold_no_credential),
        cmocka_unit_test(a_proxy_is_shown_by_its_address_alone),
        cmocka_unit_test(headers_are_found_whatever_their_case),
        cmocka_unit_test(the_ring_gives_what_it_was_given),
        cmocka_unit_test(what_failed_is_told_in_words),
        cmocka_unit_test(warnings_of_an_api_server_are_read),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
