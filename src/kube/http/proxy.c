/* SPDX-License-Identifier: Apache-2.0
 *
 * Which proxy a request goes through. The rules for the environment's are those of Go's programs
 * (golang.org/x/net/http/httpproxy), since kubectl works where users try this first: libcurl's own
 * differ in loopback addresses, in ports, and in what a domain matches.
 */
#include "parts.h"

#include "glm/text.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* An address, IPv4 as IPv6 maps it, so that both compare alike. */
struct address {
    unsigned char bytes[16];
    bool four;
};

static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool parse_address(const char *text, struct address *ret_address)
{
    struct address a = {.four = true};
    memcpy(a.bytes, mapped, sizeof mapped);
    if (inet_pton(AF_INET, text, a.bytes + sizeof mapped) != 1) {
        if (inet_pton(AF_INET6, text, a.bytes) != 1)
            return false;
        a.four = memcmp(a.bytes, mapped, sizeof mapped) == 0;
    }
    *ret_address = a;
    return true;
}

static bool in_network(const struct address *a, const char *network, const char *prefix)
{
    struct address base;
    uint64_t bits;
    size_t digits = glm_digits(prefix, SIZE_MAX, &bits);
    if (!digits || prefix[digits] || !parse_address(network, &base) || base.four != a->four ||
        bits > (base.four ? 32 : 128))
        return false;
    if (base.four)
        bits += 96;
    size_t whole = bits / 8;
    if (memcmp(a->bytes, base.bytes, whole) != 0)
        return false;
    unsigned mask = (0xff00U >> (bits % 8)) & 0xffU;
    return mask == 0 || ((a->bytes[whole] ^ base.bytes[whole]) & mask) == 0;
}

static bool is_loopback(const char *host, const struct address *address)
{
    if (strcasecmp(host, "localhost") == 0)
        return true;
    struct address one = {.bytes = {[15] = 1}};
    return address && ((address->four && address->bytes[12] == 127) ||
                       memcmp(address->bytes, one.bytes, sizeof one.bytes) == 0);
}

/* "example.com" means it and all below it, ".example.com" and "*.example.com" only below. */
static bool in_domain(const char *host, const char *domain)
{
    if (strncmp(domain, "*.", 2) == 0)
        domain++;
    bool below_only = *domain == '.';
    if (below_only)
        domain++;
    size_t host_len = strlen(host), len = strlen(domain);
    if (len == 0 || host_len < len || strcasecmp(host + host_len - len, domain) != 0)
        return false;
    return host_len == len ? !below_only : host[host_len - len - 1] == '.';
}

/* Takes a ":port" off a word that has one; true when the port is the target's or there is none. */
static bool port_suits(char *word, unsigned port)
{
    char *colon = strrchr(word, ':');
    bool six = colon && strchr(word, ':') != colon && *word != '[';
    if (!colon || six || (*word == '[' && colon[-1] != ']'))
        return true;
    *colon = '\0';
    uint64_t named = 0;
    glm_digits(colon + 1, SIZE_MAX, &named);
    return named == port;
}

static bool word_matches(char *word, const char *host, const struct address *address, unsigned port)
{
    if (strcmp(word, "*") == 0)
        return true;
    char *slash = strchr(word, '/');
    if (slash) {
        *slash = '\0';
        return address && in_network(address, word, slash + 1);
    }
    if (!port_suits(word, port))
        return false;
    size_t len = strlen(word);
    if (len > 2 && word[0] == '[' && word[len - 1] == ']') {
        word[len - 1] = '\0';
        word++;
    }
    struct address own;
    if (parse_address(word, &own))
        return address && memcmp(own.bytes, address->bytes, sizeof own.bytes) == 0;
    return in_domain(host, word);
}

static bool goes_direct(struct glm_arena *arena, const char *no_proxy,
                        const struct http_target *target)
{
    char *host = glm_strdup(arena, target->host);
    size_t len = strlen(host);
    if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
        host[len - 1] = '\0';
        host++;
    }
    struct address parsed;
    const struct address *address = parse_address(host, &parsed) ? &parsed : NULL;
    if (is_loopback(host, address))
        return true;
    for (const char *at = no_proxy ? no_proxy : ""; *at;) {
        at += strspn(at, ", \t");
        size_t word = strcspn(at, ", \t");
        if (word && word_matches(glm_strndup(arena, at, word), host, address, target->port))
            return true;
        at += word;
    }
    return false;
}

bool http_proxy(struct glm_arena *arena, const char *wanted,
                const struct http_environment *environment, const struct http_target *target,
                const char **ret_proxy, const char **ret_why)
{
    static const char *const schemes[] = {"http://", "https://", "socks5://", "socks5h://"};
    const char *proxy = wanted;
    if (!proxy) {
        proxy = strcmp(target->scheme, "https") == 0 ? environment->https_proxy
                                                     : environment->http_proxy;
        if (proxy && goes_direct(arena, environment->no_proxy, target))
            proxy = NULL;
    }
    *ret_proxy = "";
    if (!proxy || !*proxy)
        return true;
    if (!strstr(proxy, "://"))
        proxy = glm_sprintf(arena, "http://%s", proxy);
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncasecmp(proxy, schemes[i], strlen(schemes[i])) == 0) {
            *ret_proxy = proxy;
            return true;
        }
    *ret_why = glm_sprintf(arena,
                           "the proxy %s is of a kind that cannot be used: expected http://, "
                           "https://, socks5:// or socks5h://",
                           http_proxy_address(arena, proxy));
    return false;
}
