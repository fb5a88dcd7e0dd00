/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the API server is and how it is known: address, authorities, name, proxy.
 *
 * Rule:   what the provider's entry says goes before what the kubeconfig says, as kubectl's options
 *         go before its file: authorities given there end an `insecure` of the file, and the other
 *         way round.
 * Source: client-go, tools/clientcmd/client_config.go (getCluster), transport/transport.go.
 * Errors: by name of the setting; an address without the user and password that may be in it.
 */
#include "access_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define ADDRESS_MAX ((size_t)8 << 10)
#define PORT_MAX 65535

/* ---- addresses ---- */

const char *access_address_shown(struct glm_arena *arena, const char *url)
{
    const char *authority = strstr(url, "://");
    authority = authority ? authority + 3 : url;
    /* A password may hold a "/" that nobody escaped: the last "@" ends it. */
    const char *at = strrchr(authority, '@');
    if (!at)
        return url;
    return glm_sprintf(arena, "%.*s%s", (int)(authority - url), url, at + 1);
}

static bool port_valid(const char *port, size_t len)
{
    long number = 0;
    for (size_t i = 0; i < len; i++) {
        if (!isdigit((unsigned char)port[i]) || number > PORT_MAX)
            return false;
        number = number * 10 + (port[i] - '0');
    }
    return len > 0 && number > 0 && number <= PORT_MAX;
}

/* host:port after the user, if any; NULL or a clause. */
static const char *host_problem(const char *host, size_t len)
{
    const char *port = NULL;
    if (len > 0 && host[0] == '[') {
        const char *close = memchr(host, ']', len);
        if (!close)
            return "the \"[\" of its IPv6 address is not closed";
        if (close + 1 < host + len) {
            if (close[1] != ':')
                return "only a port can follow its IPv6 address";
            port = close + 2;
        }
    } else {
        const char *colon = memchr(host, ':', len);
        if (len == 0 || colon == host)
            return "it has no host";
        if (colon && memchr(colon + 1, ':', (size_t)(host + len - colon - 1)))
            return "an IPv6 address in it needs \"[\" and \"]\" around it";
        port = colon ? colon + 1 : NULL;
    }
    if (port && !port_valid(port, (size_t)(host + len - port)))
        return "its port is no number from 1 to 65535";
    return NULL;
}

/* schemes: ended by NULL. users: whether a user and a password may be in it. */
static const char *address_problem(const char *url, const char *const *schemes, bool users)
{
    if (strlen(url) > ADDRESS_MAX)
        return "it is too long";
    for (const char *p = url; *p; p++)
        if ((unsigned char)*p <= 0x20 || *p == 0x7f)
            return "it has a space, a line break or a control character in it";
    for (; *schemes; schemes++)
        if (strncmp(url, *schemes, strlen(*schemes)) == 0)
            break;
    if (!*schemes)
        return "it does not begin as it must";
    const char *authority = url + strlen(*schemes);
    size_t len = strcspn(authority, "/?#");
    if (!users && strchr(authority, '@') && memchr(authority, '@', len))
        return "it has a user in it: use `username` and `password`";
    if (!users && strpbrk(authority, "?#"))
        return "it has a \"?\" or \"#\" in it";
    const char *at = users ? strrchr(authority, '@') : NULL;
    if (at) {
        authority = at + 1;
        len = strcspn(authority, "/?#");
    }
    return host_problem(authority, len);
}

static bool take_server(struct resolver *r, const struct settings *from, const char *key,
                        struct access *access)
{
    static const char *const schemes[] = {"https://", "http://", NULL};
    const char *url;
    if (!access_text(r, from, key, &url))
        return false;
    if (!url)
        return glm_error(r->d, NULL, "Cluster without an address",
                         "%s is not set. kubectl would take localhost; this provider never does.",
                         access_name(r, from, key));
    const char *problem = address_problem(url, schemes, false);
    if (problem)
        return glm_error(r->d, NULL, "Not an address",
                         "%s must be a URL such as \"https://10.0.0.1:6443\", and %s.",
                         access_name(r, from, key), problem);
    size_t len = strlen(url);
    while (len > 0 && url[len - 1] == '/')
        len--;
    access->server = glm_strndup(r->arena, url, len);
    return true;
}

static bool take_proxy(struct resolver *r, const struct settings *given, const struct settings *own,
                       struct access *access)
{
    static const char *const schemes[] = {"http://", "https://", "socks5://", "socks5h://", NULL};
    const char *theirs, *ours;
    if (!access_text(r, given, "proxy-url", &theirs) || !access_text(r, own, "proxy_url", &ours))
        return false;
    const char *url = ours ? ours : theirs;
    if (!url)
        return true;
    const char *problem = address_problem(url, schemes, true);
    if (problem)
        return glm_error(
            r->d, NULL, "Not the address of a proxy",
            "%s must be a URL that begins with http://, https://, socks5:// or "
            "socks5h://, and %s.",
            ours ? access_name(r, own, "proxy_url") : access_name(r, given, "proxy-url"), problem);
    /* kubectl leaves names to the proxy, as curl does for socks5h:// only. */
    if (!ours && strncmp(url, "socks5://", 9) == 0)
        url = glm_sprintf(r->arena, "socks5h://%s", url + 9);
    access->route.proxy = url;
    return true;
}

/* ---- how it is known ---- */

static bool take_server_name(struct resolver *r, const struct settings *given,
                             const struct settings *own, struct access *access)
{
    const char *theirs, *ours;
    if (!access_text(r, given, "tls-server-name", &theirs) ||
        !access_text(r, own, "tls_server_name", &ours))
        return false;
    const char *name = ours ? ours : theirs;
    for (const char *p = name ? name : ""; *p; p++)
        if (!isalnum((unsigned char)*p) && !strchr("-._:", *p))
            return glm_error(r->d, NULL, "Not a name",
                             "%s must be the name of a host, without a scheme or a path.",
                             ours ? access_name(r, own, "tls_server_name")
                                  : access_name(r, given, "tls-server-name"));
    access->route.server_name = name;
    return true;
}

static bool check_authorities(struct resolver *r, const char *label, const char *pem)
{
    const char *problem = access_pem_problem(PEM_AUTHORITIES, pem);
    if (!problem)
        return true;
    return glm_error(r->d, NULL, "Not a certificate authority",
                     "%s must be certificates as PEM text, and %s.", label, problem);
}

struct trust {
    const char *ca, *label;
    bool insecure;
};

static bool given_trust(struct resolver *r, const struct settings *given, struct trust *ret_trust)
{
    bool insecure;
    bool ok = access_material(r, given, "certificate-authority-data", "certificate-authority",
                              &ret_trust->ca, &ret_trust->label);
    ok = access_flag(r, given, "insecure-skip-tls-verify", &insecure) && ok;
    if (!ok)
        return false;
    ret_trust->insecure = insecure;
    return !ret_trust->ca || check_authorities(r, ret_trust->label, ret_trust->ca);
}

static bool take_trust(struct resolver *r, const struct settings *given, const struct settings *own,
                       struct access *access)
{
    struct trust t = {0};
    const char *ca = NULL;
    const struct glm_value *insecure = glm_get(own->map, "insecure");
    bool ok = access_text(r, own, "cluster_ca_certificate", &ca);
    if (ca)
        ok = check_authorities(r, access_name(r, own, "cluster_ca_certificate"), ca) && ok;
    /* What is replaced is not read: its file may not even be there. */
    if (ok && !ca && !glm_is_true(insecure))
        ok = given_trust(r, given, &t);
    if (!ok)
        return false;
    if (glm_is_null(insecure) && t.insecure && t.ca)
        return glm_error(r->d, NULL, "Certificate checked or not?",
                         "%s is set, and so are authorities (%s): one says not to look at the "
                         "certificate, the other how to. Remove one of them, as kubectl asks too.",
                         access_name(r, given, "insecure-skip-tls-verify"), t.label);
    if (ca)
        t = (struct trust){ca, access_name(r, own, "cluster_ca_certificate"), false};
    if (!glm_is_null(insecure))
        t.insecure = glm_is_true(insecure);
    if (t.insecure && ca)
        return glm_error(r->d, NULL, "Certificate checked or not?",
                         "`insecure` and `cluster_ca_certificate` are set: one says not to look at "
                         "the certificate, the other how to. Remove one of them.");
    access->route.insecure = t.insecure;
    access->route.ca = t.insecure ? NULL : t.ca;
    access->ca_label = t.insecure ? "no authorities: the certificate is not checked"
                       : t.ca     ? t.label
                                  : "the system's authorities";
    return true;
}

bool access_server(struct resolver *r, const struct settings *given, const struct settings *own,
                   struct access *access)
{
    bool host = !glm_is_null(glm_get(own->map, "host"));
    bool ok = host ? take_server(r, own, "host", access) : take_server(r, given, "server", access);
    ok = take_trust(r, given, own, access) && ok;
    ok = take_server_name(r, given, own, access) && ok;
    return take_proxy(r, given, own, access) && ok;
}
