/* SPDX-License-Identifier: Apache-2.0
 *
 * Why a transfer failed, for people.
 */
#include "parts.h"

#include "glm/shown.h"

#include <string.h>
#include <strings.h>

#define WHY_MAX ((size_t)4 << 10)
#define NAMES_MAX 400 /* bytes of the names of a certificate that are shown */

/* All of the text is the URL, so the last "@" ends the password, whatever nobody escaped in it. What
 * stands behind the port a proxy does not need: it may be a secret in the wrong place. */
const char *http_proxy_address(struct glm_arena *arena, const char *url)
{
    const char *mark = strstr(url, "://"), *scheme_end = mark ? mark + strlen("://") : url;
    const char *at = strrchr(scheme_end, '@'), *host = at ? at + 1 : scheme_end;
    return http_why_clean(arena, glm_sprintf(arena, "%.*s%.*s", (int)(scheme_end - url), url,
                                             (int)strcspn(host, "/?#"), host));
}

const char *http_why_clean(struct glm_arena *arena, const char *text)
{
    struct glm_text clean;
    glm_text_init(&clean, arena, WHY_MAX);
    for (const char *mark; (mark = strstr(text, "://"));) {
        mark += strlen("://");
        glm_text_add(&clean, text, (size_t)(mark - text));
        /* A password may hold a "/" or "@" that nobody escaped: the last "@" ends it. */
        size_t word = strcspn(mark, " \t\r\n\"'");
        text = mark;
        for (size_t i = 0; i < word; i++)
            if (mark[i] == '@')
                text = mark + i + 1;
    }
    glm_text_adds(&clean, text);
    while (clean.len && strchr(" \r\n.", clean.data[clean.len - 1]))
        clean.data[--clean.len] = '\0';
    return glm_shown_n(arena, clean.data, clean.len, GLM_SHOWN_MAX);
}

static const char *time_text(struct glm_arena *arena, int64_t milliseconds)
{
    if (milliseconds < 1000)
        return glm_sprintf(arena, "%lld ms", (long long)milliseconds);
    return glm_sprintf(arena, "%lld s", (long long)((milliseconds + 500) / 1000));
}

const char *http_why_errno(struct glm_arena *arena, const char *what, int error)
{
    char text[128]; /* strerror_r's interface: the longest text of glibc has 49 bytes */
    return glm_sprintf(arena, "%s (%s)", what,
                       error ? strerror_r(error, text, sizeof text) : "unreachable");
}

static const char *certificate_names(struct glm_arena *arena, const char *names)
{
    struct glm_text list;
    glm_text_init(&list, arena, WHY_MAX);
    while (*names) {
        size_t len = strcspn(names, ",");
        const char *name = names;
        size_t name_len = len;
        const char *kind = memchr(name, ':', len);
        if (kind) { /* "DNS:", "IP Address:" */
            name_len -= (size_t)(kind + 1 - name);
            name = kind + 1;
        }
        if (list.len + name_len > NAMES_MAX) {
            glm_text_adds(&list, ", and more");
            break;
        }
        if (list.len)
            glm_text_adds(&list, ", ");
        glm_text_add(&list, name, name_len);
        names += len;
        names += strspn(names, ", ");
    }
    return glm_shown_n(arena, list.data, list.len, GLM_SHOWN_MAX);
}

/* What is wrong with a certificate for everybody, whatever authorities are given; NULL: it is not that.
 * Which one of the chain it is nobody tells. */
static const char *bad_certificate(long verify_result)
{
    /* The numbers are OpenSSL's X509_V_ERR_..., part of its interface since ever. */
    static const struct {
        long result;
        const char *why;
    } known[] = {
        {9,
         "the server's certificate, or that of an authority that signed it, is not valid yet, or "
         "the clock here is wrong"},
        {10, "the server's certificate, or that of an authority that signed it, has expired"},
        {23, "the server's certificate has been revoked"},
        {24, "an authority in the server's certificate chain is not an authority"},
        {25, "an authority in the server's certificate chain may not have others below it"},
        {26, "the server's certificate is not meant for servers"},
        {47, "an authority in the server's certificate chain may not sign for this name"},
        {48, "an authority in the server's certificate chain may not sign for this name"},
        {66, "the key of the server's certificate is too weak"},
        {67, "the key of an authority that signed the server's certificate is too weak"},
        {68, "the signature of the server's certificate is too weak"},
        {79, "an authority in the server's certificate chain is not an authority"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].result == verify_result)
            return known[i].why;
    return NULL;
}

static const char *untrusted(struct glm_arena *arena, const struct http_failure *f)
{
    const char *authorities = f->own_ca && f->at_proxy
                                  ? "the authorities given and those that this system trusts"
                              : f->own_ca ? "the authorities given"
                                          : "the authorities that this system trusts";
    const char *bad = bad_certificate(f->verify_result);
    if (bad)
        return bad;
    switch (f->verify_result) {
    case 0:
    case 1: /* nothing was wrong with the chain */
        if (f->names && *f->names)
            return glm_sprintf(arena, "the server's certificate is for %s, not for %s",
                               certificate_names(arena, f->names), f->name);
        return glm_sprintf(arena, "the server's certificate is not for %s", f->name);
    case 2:  /* the issuer's certificate is missing */
    case 20: /* the same, locally */
    case 21: /* the first certificate cannot be verified */
        return glm_sprintf(
            arena, "the server's certificate is signed by an authority that is not among %s",
            authorities);
    case 18:
    case 19:
        return glm_sprintf(arena, "the server's certificate is self-signed and not among %s",
                           authorities);
    case 7:
        return glm_sprintf(
            arena,
            "the server's certificate has a signature that is not by the authority it names; "
            "%s may hold an older one of the same name",
            authorities);
    default:
        return glm_sprintf(arena,
                           "the server's certificate cannot be verified (OpenSSL's result %ld)",
                           f->verify_result);
    }
}

/* The key of the authority given is not the one that signed the certificate, which names it all the
 * same: as of a cluster that was made anew. OpenSSL's first complaint is then that of its arithmetic,
 * and libcurl knows only that. */
static bool is_of_a_namesake(const struct http_failure *f)
{
    static const char *const complaints[] = {
        "asn1 encoding routines::EVP lib",
        /* what opens into nothing by another key of RSA, PKCS #1 and PSS */
        "rsa routines::invalid padding",
        "rsa routines::block type is not 01",
        "rsa routines::bad pad byte",
        "rsa routines::null before block missing",
        "rsa routines::padding check failed",
        "rsa routines::bad signature",
        "rsa routines::wrong signature length",
        "rsa routines::data too large for modulus",
        "rsa routines::algorithm mismatch",
        "rsa routines::first octet invalid",
        "rsa routines::last octet invalid",
        "rsa routines::salt length",
    };
    for (size_t i = 0; f->kind == HTTP_FAILED_TLS && i < sizeof complaints / sizeof *complaints;
         i++)
        if (strstr(f->text, complaints[i]))
            return true;
    return false;
}

static const char no_tls_here[] = "the server does not speak TLS on this port";

static const char *handshake(struct glm_arena *arena, const char *text, bool with_certificate)
{
    static const struct {
        const char *part, *why;
    } known[] = {
        {"wrong version number", no_tls_here},
        {"packet length too long", no_tls_here},
        {"http request", no_tls_here},
        {"record layer failure", no_tls_here},
        {"alert unknown ca", "the server does not trust the authority of the client certificate"},
        {"alert certificate expired", "the server says that the client certificate has expired"},
        {"alert certificate revoked", "the server says that the client certificate was revoked"},
        {"alert unsupported certificate", "the server cannot use the client certificate"},
        {"alert protocol version", "the server speaks no version of TLS that is in use (1.2, 1.3)"},
        {"unsupported protocol", "the server speaks no version of TLS that is in use (1.2, 1.3)"},
        {"no shared cipher", "the server and this program share no cipher"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strstr(text, known[i].part))
            return known[i].why;
    bool wants = strstr(text, "alert certificate required") != NULL;
    if (!with_certificate &&
        (wants || strstr(text, "alert bad certificate") || strstr(text, "alert handshake failure")))
        return wants ? "the server wants a client certificate, and there is none"
                     : "the server ended the TLS handshake; it may want a client certificate, and "
                       "there is none";
    if (strstr(text, "alert bad certificate") || wants)
        return "the server refuses the client certificate";
    /* "...: error:0A000126:SSL routines::unexpected eof while reading, errno 0" */
    const char *reason = strstr(text, "routines:");
    reason = reason ? strrchr(reason, ':') + 1 : text;
    return glm_sprintf(arena, "the TLS handshake failed (%s)", http_why_clean(arena, reason));
}

static const char *of_tls(struct glm_arena *arena, const struct http_failure *f)
{
    const char *why = handshake(arena, f->text, f->with_certificate);
    return *f->proxy && strcmp(why, no_tls_here) == 0
               ? glm_sprintf(arena, "%s, or the proxy %s answers in its place", why, f->proxy)
               : why;
}

const char *http_why_pem(const struct http_route *route)
{
    if (route->ca && !strstr(route->ca, "-----BEGIN "))
        return "the certificate authorities are not in PEM form";
    if (!route->certificate != !route->key)
        return route->key ? "there is a client key, but no client certificate"
                          : "there is a client certificate, but no client key";
    if (!route->certificate)
        return NULL;
    if (!strstr(route->certificate, "-----BEGIN CERTIFICATE-----") &&
        !strstr(route->certificate, "-----BEGIN TRUSTED CERTIFICATE-----"))
        return "the client certificate is not in PEM form";
    if (!strstr(route->key, "PRIVATE KEY-----"))
        return "the client key is not in PEM form";
    if (strstr(route->key, "BEGIN ENCRYPTED PRIVATE KEY") || strstr(route->key, "4,ENCRYPTED"))
        return "the client key is encrypted, and nobody is there to be asked for its passphrase: "
               "give it decrypted (`openssl pkey -in KEY -out DECRYPTED`)";
    return NULL;
}

static const char *of_time(struct glm_arena *arena, const struct http_failure *f)
{
    const char *time = time_text(arena, f->spent_ms);
    const char *host = f->target->host;
    bool proxied = *f->proxy != '\0';
    if (f->silent && f->step >= HTTP_STEP_ANSWER)
        return glm_sprintf(arena, "nothing came for %s", time);
    switch (f->step) {
    case HTTP_STEP_NAME:
        return proxied ? glm_sprintf(arena, "the name of the proxy %s was not resolved within %s",
                                     f->proxy, time)
                       : glm_sprintf(arena, "the name %s was not resolved within %s", host, time);
    case HTTP_STEP_CONNECT:
        return proxied
                   ? glm_sprintf(arena, "no connection to the proxy %s within %s", f->proxy, time)
                   : glm_sprintf(arena, "no connection to %s within %s", host, time);
    case HTTP_STEP_PROXY:
        return glm_sprintf(arena,
                           "the proxy %s took the connection, but had not connected to %s within "
                           "%s",
                           f->proxy, host, time);
    case HTTP_STEP_TLS:
        return proxied ? glm_sprintf(arena, "no TLS session with %s by the proxy %s within %s",
                                     host, f->proxy, time)
                       : glm_sprintf(arena,
                                     "%s took the connection, but there was no TLS session with it "
                                     "within %s",
                                     host, time);
    case HTTP_STEP_ANSWER:
        return glm_sprintf(arena, "no answer within %s", time);
    default:
        return glm_sprintf(arena, "the answer had not ended after %s", time);
    }
}

/* libcurl's words about a SOCKS proxy end in the number that it answered; NULL: it is not that. */
static const char *of_socks(const char *text)
{
    /* RFC 1928, 6 */
    static const char *const replies[] = {
        "a general failure",          "its rules forbid it",        "the network is unreachable",
        "the host is unreachable",    "the connection was refused", "it took too long to get there",
        "it cannot make connections", "it knows no such addresses",
    };
    const char *open = strrchr(text, '(');
    size_t reply = open && open[1] >= '1' && open[1] <= '8' && open[2] == ')'
                       ? (size_t)(open[1] - '1')
                       : sizeof replies / sizeof *replies;
    if (strncmp(text, "Can't complete SOCKS5", 21) != 0 ||
        reply == sizeof replies / sizeof *replies)
        return NULL;
    return replies[reply];
}

static bool refused_by_proxy(const struct http_failure *f)
{
    return *f->proxy && f->proxy_status && f->proxy_status / 100 != 2;
}

static enum http_outcome of_proxy(struct glm_arena *arena, const struct http_failure *f,
                                  const char **ret_why)
{
    bool login =
        strstr(f->text, "rejected by the SOCKS5") || strstr(f->text, "authentication method");
    const char *socks = of_socks(f->text);
    if (f->kind == HTTP_FAILED_PROXY_NAME)
        *ret_why = glm_sprintf(arena, "the name of the proxy %s cannot be resolved", f->proxy);
    else if (f->proxy_status == 407 || login)
        *ret_why = glm_sprintf(
            arena, "the proxy %s wants a user and password, or refuses those given", f->proxy);
    else if (refused_by_proxy(f))
        *ret_why = glm_sprintf(arena, "the proxy %s answers %ld when asked to connect to %s:%u",
                               f->proxy, f->proxy_status, f->target->host, f->target->port);
    else if (f->kind == HTTP_FAILED_CONNECT)
        *ret_why = http_why_errno(
            arena, glm_sprintf(arena, "no connection to the proxy %s", f->proxy), f->os_error);
    else
        *ret_why = glm_sprintf(arena, "the proxy %s did not connect to %s:%u (%s)", f->proxy,
                               f->target->host, f->target->port,
                               socks ? socks : http_why_clean(arena, f->text));
    return f->proxy_could_not ? HTTP_NO_CONNECT : HTTP_NO_PROXY;
}

/* The same about the session with a proxy: a proxy is a server too. */
static enum http_outcome of_proxy_tls(struct glm_arena *arena, const struct http_failure *f,
                                      const char **ret_why)
{
    static const char server[] = "the server";
    bool trust = f->kind == HTTP_FAILED_VERIFY;
    bool bad = trust && bad_certificate(f->verify_result);
    const char *why = trust ? untrusted(arena, f) : handshake(arena, f->text, f->with_certificate);
    struct glm_text text;
    glm_text_init(&text, arena, WHY_MAX);
    glm_text_addf(&text, "there is no TLS session with the proxy %s: ", f->proxy);
    for (const char *at; (at = strstr(why, server)); why = at + strlen(server))
        glm_text_addf(&text, "%.*sthe proxy", (int)(at - why), why);
    glm_text_adds(&text, why);
    *ret_why = text.data;
    return bad ? HTTP_BAD_PROXY : trust ? HTTP_UNTRUSTED_PROXY : HTTP_NO_PROXY;
}

/* libcurl's own words name its options and hold OpenSSL's. */
static const char *of_certificate(const char *text)
{
    if (strstr(text, "client certificate"))
        return "the client certificate cannot be used: it is not whole, or not in PEM form";
    return "the client key cannot be used: it is not the key of the client certificate, or not "
           "whole";
}

static const char *of_speech(struct glm_arena *arena, const char *text)
{
    if (strstr(text, "ncoding") || strstr(text, "decompress") || strstr(text, "Failed writing"))
        return "its answer is not compressed as it says";
    if (strstr(text, "nghttp2") || strstr(text, "HTTP2") || strstr(text, "HTTP/2"))
        return "what it sends is no proper HTTP/2";
    return glm_sprintf(arena, "what it sends is no HTTP (%s)", http_why_clean(arena, text));
}

static const char *of_name(struct glm_arena *arena, const struct http_failure *f)
{
    bool here = strncasecmp(f->proxy, "socks5:", 7) == 0;
    return glm_sprintf(arena, "the name %s cannot be resolved%s", f->target->host,
                       here ? " here; with socks5h:// the proxy would resolve it" : "");
}

static const char *of_connect(struct glm_arena *arena, const struct http_failure *f)
{
    const char *to = glm_sprintf(arena, "%s:%u", f->target->host, f->target->port);
    return http_why_errno(arena, glm_sprintf(arena, "no connection to %s", to), f->os_error);
}

static const char *of_authorities(bool own)
{
    return own ? "the certificate authorities given hold no certificate that can be read"
               : "no certificate authorities of this system can be read: give the server's own, or "
                 "name a file in SSL_CERT_FILE";
}

/* libcurl's own names for what it is made of say nothing to anybody. */
static const char *of_ending(struct glm_arena *arena, const char *text)
{
    const char *tls = strstr(text, "SSL routines::");
    if (strstr(text, "nghttp2") || strstr(text, "PROTOCOL_ERROR"))
        return "what it sends is no proper HTTP/2";
    if (strstr(text, "pre-request callback")) /* our own refusal to send it twice */
        return "the connection ended before there was an answer";
    if (!tls)
        return glm_sprintf(arena, "the connection ended before the answer did (%s)",
                           http_why_clean(arena, text));
    tls += strlen("SSL routines::");
    tls = glm_strndup(arena, tls, strcspn(tls, ","));
    tls = http_why_clean(arena, tls);
    return strstr(tls, "unexpected eof")
               ? glm_sprintf(arena, "the connection ended before the answer did (%s)", tls)
               : glm_sprintf(arena, "what it sends is no proper TLS (%s)", tls);
}

static enum http_outcome of_broken(struct glm_arena *arena, const struct http_failure *f,
                                   const char **ret_why)
{
    /* A tunnel that stands is not the proxy's matter any more, but for the rest of its answer. */
    bool stands = f->proxy_status / 100 == 2 && !strstr(f->text, "response headers") &&
                  !strstr(f->text, "CONNECT response");
    if (refused_by_proxy(f) || (*f->proxy && f->step < HTTP_STEP_ANSWER && !stands))
        return of_proxy(arena, f, ret_why);
    if (strstr(f->text, "SSL routines") && strstr(f->text, " alert ")) {
        *ret_why = handshake(arena, f->text, f->with_certificate);
        return HTTP_NO_TLS;
    }
    *ret_why = of_ending(arena, f->text);
    return HTTP_BROKEN;
}

/* What there is nothing more to say about. */
static const struct {
    enum http_outcome outcome;
    const char *why;
} plain[] = {
    [HTTP_FAILED_NOT] = {HTTP_STOPPED, "stopped before it was done"},
    [HTTP_FAILED_STOPPED] = {HTTP_STOPPED, "stopped before it was done"},
    [HTTP_FAILED_URL] = {HTTP_UNUSABLE, "the address cannot be used as a URL"},
    [HTTP_FAILED_HEAD] = {HTTP_TOO_LARGE,
                          "the headers of the answer are larger than those of any API server"},
    [HTTP_FAILED_MEMORY] = {HTTP_NO_MEANS, "there is no memory for it"},
    [HTTP_FAILED_CUT] = {HTTP_BROKEN,
                         "it sent without an end while another request waited in vain for its "
                         "answer, so that all connections to it were closed here"},
};

enum http_outcome http_why(struct glm_arena *arena, const struct http_failure *failure,
                           const char **ret_why)
{
    struct http_failure verified = *failure;
    const struct http_failure *f = &verified;
    if (is_of_a_namesake(f)) {
        verified.kind = HTTP_FAILED_VERIFY;
        verified.verify_result = 7;
    }
    if (f->at_proxy && (f->kind == HTTP_FAILED_VERIFY || f->kind == HTTP_FAILED_TLS))
        return of_proxy_tls(arena, f, ret_why);
    if ((size_t)f->kind < sizeof plain / sizeof *plain && plain[f->kind].why) {
        *ret_why = plain[f->kind].why;
        return plain[f->kind].outcome;
    }
    switch (f->kind) {
    case HTTP_FAILED_NAME:
        *ret_why = of_name(arena, f);
        return HTTP_NO_NAME;
    case HTTP_FAILED_PROXY_NAME:
    case HTTP_FAILED_PROXY:
        return of_proxy(arena, f, ret_why);
    case HTTP_FAILED_CONNECT:
        if (*f->proxy)
            return of_proxy(arena, f, ret_why);
        *ret_why = of_connect(arena, f);
        return HTTP_NO_CONNECT;
    case HTTP_FAILED_TIME:
        if (refused_by_proxy(f))
            return of_proxy(arena, f, ret_why);
        *ret_why = of_time(arena, f);
        return HTTP_TIMEOUT;
    case HTTP_FAILED_VERIFY:
        *ret_why = untrusted(arena, f);
        return bad_certificate(f->verify_result) ? HTTP_BAD_CERTIFICATE : HTTP_UNTRUSTED;
    case HTTP_FAILED_CERTIFICATE:
        *ret_why = of_certificate(f->text);
        return HTTP_UNUSABLE;
    case HTTP_FAILED_AUTHORITIES:
        *ret_why = of_authorities(f->own_ca);
        return f->own_ca ? HTTP_UNUSABLE : HTTP_UNTRUSTED;
    case HTTP_FAILED_TLS:
        *ret_why = of_tls(arena, f);
        return HTTP_NO_TLS;
    case HTTP_FAILED_SIZE:
        *ret_why = glm_sprintf(arena, "the answer is larger than %zu bytes", f->response_max);
        return HTTP_TOO_LARGE;
    case HTTP_FAILED_SOCKET:
        *ret_why = http_why_errno(arena, "no connection can be made from here", f->os_error);
        return HTTP_NO_MEANS;
    case HTTP_FAILED_SPEECH:
        *ret_why = of_speech(arena, f->text);
        return HTTP_BROKEN;
    case HTTP_FAILED_NOT:
    case HTTP_FAILED_STOPPED:
    case HTTP_FAILED_URL:
    case HTTP_FAILED_HEAD:
    case HTTP_FAILED_MEMORY:
    case HTTP_FAILED_CUT:
    case HTTP_FAILED_BROKEN:
        break;
    }
    return of_broken(arena, f, ret_why);
}
