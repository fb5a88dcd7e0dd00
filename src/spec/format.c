/* SPDX-License-Identifier: Apache-2.0
 *
 * Formats: what a text has to look like, as Kubernetes and Istio check it.
 *
 * What:   each is as generous as the most generous of the servers that would see the text, so that
 *         nothing is refused here that some cluster takes.
 */
#include "internal.h"

#include <string.h>

#define PORT_NAME_MAX 15
#define CONFIG_KEY_MAX 253

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_alnum(char c)
{
    return glm_is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z');
}

/* ---- names ---- */

static bool is_port_name(const char *s)
{
    size_t len = strlen(s);
    bool letter = false;
    if (len == 0 || len > PORT_NAME_MAX || s[0] == '-' || s[len - 1] == '-')
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!is_lower(s[i]) && !glm_is_digit(s[i]) && !(s[i] == '-' && s[i + 1] != '-'))
            return false;
        letter |= is_lower(s[i]);
    }
    return letter;
}

/* Since Kubernetes 1.34 any printable ASCII but '='. */
static bool is_env_name(const char *s)
{
    for (size_t i = 0; s[i]; i++)
        if (s[i] < ' ' || s[i] > '~' || s[i] == '=')
            return false;
    return *s;
}

/* ---- addresses ---- */

/* A number of at most three digits up to max; moves *s. Leading zeros are taken, as by servers. */
static bool small_number(const char **s, const char *end, unsigned max)
{
    uint64_t n;
    size_t digits = glm_digits(*s, (size_t)(end - *s), &n);
    *s += digits;
    return digits && digits <= 3 && n <= max;
}

static bool is_ipv4(const char *s, const char *end)
{
    for (int part = 0; part < 4; part++) {
        if (part && (s == end || *s++ != '.'))
            return false;
        if (!small_number(&s, end, 255))
            return false;
    }
    return s == end;
}

static bool is_hex(char c)
{
    return glm_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* After a group: ":" before another, "::" once. Moves *s. */
static bool is_between(const char **s, const char *end, bool *gap)
{
    if (*(*s)++ != ':' || *s == end)
        return false;
    if (**s != ':')
        return true;
    bool first = !*gap;
    *gap = true;
    ++*s;
    return first;
}

static bool is_ipv6(const char *s, const char *end)
{
    unsigned groups = 0;
    bool gap = end - s >= 2 && s[0] == ':' && s[1] == ':';
    s += gap ? 2 : 0;
    while (s < end) {
        const char *start = s;
        while (s < end && is_hex(*s))
            s++;
        if (s < end && *s == '.') { /* the last 32 bits as IPv4 */
            groups += 2;
            return is_ipv4(start, end) && (gap ? groups < 8 : groups == 8);
        }
        if (s == start || s - start > 4 || ++groups > 8)
            return false;
        if (s < end && !is_between(&s, end, &gap))
            return false;
    }
    return gap ? groups < 8 : groups == 8;
}

/* prefix: "/24" may, or must, follow. Servers trim lists of ranges. */
static bool is_address(const char *s, size_t len, bool may, bool must)
{
    for (; len && (*s == ' ' || *s == '\t'); s++)
        len--;
    while (len && (s[len - 1] == ' ' || s[len - 1] == '\t'))
        len--;
    const char *end = s + len, *slash = memchr(s, '/', len);
    bool four = is_ipv4(s, slash ? slash : end);
    if (!four && !is_ipv6(s, slash ? slash : end))
        return false;
    if (!slash)
        return !must;
    slash++;
    return may && small_number(&slash, end, four ? 32 : 128) && slash == end;
}

/* ---- texts that have others in them ---- */

/* Each part between commas. */
static bool all_parts(const char *s, bool (*fits)(const char *part, size_t len))
{
    if (!*s || strcmp(s, "*") == 0)
        return true;
    for (;;) {
        size_t len = strcspn(s, ",");
        if (!fits(s, len))
            return false;
        if (!s[len])
            return true;
        s += len + 1;
    }
}

static bool is_range(const char *s, size_t len)
{
    return is_address(s, len, true, true);
}

static bool is_port(const char *s, size_t len)
{
    uint64_t port;
    while (len && *s == ' ') {
        s++;
        len--;
    }
    return len > 0 && len <= 5 && glm_digits(s, len, &port) == len && port >= 1 && port <= 65535;
}

static bool is_listed_port(const char *s, size_t len)
{
    return len == 0 || (len == 1 && *s == '*') || is_port(s, len);
}

/* What stands before the port may have variables in it: "$(HOST_IP):8126". */
static bool is_host_port(const char *s)
{
    const char *colon = strrchr(s, ':');
    if (!colon || colon == s || !is_port(colon + 1, strlen(colon + 1)))
        return false;
    if (s[0] == '[')
        return colon[-1] == ']' && is_ipv6(s + 1, colon - 1);
    return s + strcspn(s, ": \t/") == colon;
}

static bool is_config_key(const char *s)
{
    size_t len = strlen(s);
    for (size_t i = 0; i < len; i++)
        if (!is_alnum(s[i]) && !strchr("-._", s[i]))
            return false;
    return len && len <= CONFIG_KEY_MAX && strcmp(s, ".") != 0 && strncmp(s, "..", 2) != 0;
}

/* What the downward API knows. The two maps as a whole are for volumes. */
static bool is_field_path(const char *s)
{
    static const char *const paths[] = {
        "metadata.name",   "metadata.namespace",   "metadata.uid",
        "metadata.labels", "spec.nodeName",        "spec.serviceAccountName",
        "status.hostIP",   "metadata.annotations", "status.hostIPs",
        "status.podIP",    "status.podIPs",
    };
    static const char *const maps[] = {"metadata.labels['", "metadata.annotations['"};
    size_t len = strlen(s);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (strcmp(s, paths[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        if (strncmp(s, maps[i], strlen(maps[i])) == 0)
            return len > strlen(maps[i]) + 2 && strcmp(s + len - 2, "']") == 0;
    return false;
}

/* ---- all of them ---- */

static bool fits(enum glm_spec_format format, const char *s)
{
    switch (format) {
    case GLM_SPEC_DNS_LABEL:
        return glm_name_is_label(s);
    case GLM_SPEC_DNS_SUBDOMAIN:
        return glm_name_is_subdomain(s);
    case GLM_SPEC_DNS_SERVICE:
        return glm_name_is_service(s);
    case GLM_SPEC_PORT_NAME:
    case GLM_SPEC_PORT_OR_NAME:
        return is_port_name(s);
    case GLM_SPEC_LABEL_KEY:
        return glm_name_is_label_key(s);
    case GLM_SPEC_LABEL_VALUE:
        return glm_name_is_label_value(s);
    case GLM_SPEC_ENV_NAME:
        return is_env_name(s);
    case GLM_SPEC_IP:
        return is_address(s, strlen(s), false, false);
    case GLM_SPEC_IP_OR_NONE:
        return !*s || strcmp(s, "None") == 0 || is_address(s, strlen(s), false, false);
    case GLM_SPEC_CIDR:
        return is_address(s, strlen(s), true, true);
    case GLM_SPEC_CIDR_OR_IP:
        return is_address(s, strlen(s), true, false);
    case GLM_SPEC_CIDRS:
        return all_parts(s, is_range);
    case GLM_SPEC_PORTS:
        return all_parts(s, is_listed_port);
    case GLM_SPEC_HOST_PORT:
        return is_host_port(s);
    case GLM_SPEC_FIELD_PATH:
        return is_field_path(s);
    case GLM_SPEC_CONFIG_KEY:
        return is_config_key(s);
    case GLM_SPEC_QUANTITY_TEXT:
        return spec_is_quantity(s);
    case GLM_SPEC_PATH_ABSOLUTE:
        return *s == '/';
    case GLM_SPEC_NOT_EMPTY:
        return *s;
    case GLM_SPEC_NO_FORMAT:
    case GLM_SPEC_RANGE:
    case GLM_SPEC_LABELS:
    case GLM_SPEC_ANNOTATIONS:
    case GLM_SPEC_COUNT_OR_PERCENT:
    case GLM_SPEC_REFUSED:
    case GLM_SPEC_DROPPED:
    default:
        return true;
    }
}

const char *glm_spec_misfit(enum glm_spec_format format, const char *text)
{
    static const char *const words[] = {
        [GLM_SPEC_DNS_LABEL] =
            "a DNS-1123 label: lower-case letters, digits and \"-\", starting and ending with a "
            "letter or digit, at most 63 characters",
        [GLM_SPEC_DNS_SUBDOMAIN] =
            "a DNS-1123 subdomain: lower-case letters, digits, \"-\" and \".\", each part starting "
            "and ending with a letter or digit, at most 253 characters",
        [GLM_SPEC_DNS_SERVICE] =
            "a DNS-1035 label: lower-case letters, digits and \"-\", starting with a letter and "
            "ending with a letter or digit, at most 63 characters",
        [GLM_SPEC_PORT_NAME] =
            "the name of a port: at most 15 lower-case letters, digits and single \"-\" between "
            "them, at least one of them a letter",
        [GLM_SPEC_PORT_OR_NAME] =
            "a number from 1 to 65535, or the name of a port: at most 15 lower-case letters, "
            "digits and single \"-\" between them, at least one of them a letter",
        [GLM_SPEC_LABEL_KEY] =
            "a qualified name: at most 63 letters, digits, \"-\", \"_\" and \".\", starting and "
            "ending with a letter or digit, after a DNS prefix and a \"/\" if need be",
        [GLM_SPEC_LABEL_VALUE] = "the value of a label: at most 63 letters, digits, \"-\", \"_\" "
                                 "and \".\", starting and "
                                 "ending with a letter or digit",
        [GLM_SPEC_ENV_NAME] =
            "the name of a variable: letters, digits, \"_\", \"-\" and \".\", without \"=\"",
        [GLM_SPEC_IP] = "an IP address, such as 203.0.113.7 or 2001:db8::7",
        [GLM_SPEC_CIDR] = "a range of addresses, such as 203.0.113.0/24 or 2001:db8::/32",
        [GLM_SPEC_CIDR_OR_IP] = "an IP address or a range, such as 203.0.113.7 or 203.0.113.0/24",
        [GLM_SPEC_IP_OR_NONE] = "an IP address, such as 10.96.0.10, or None",
        [GLM_SPEC_CIDRS] =
            "ranges of addresses with commas between them, such as 10.0.0.0/8,192.168.0.0/16, or *",
        [GLM_SPEC_PORTS] = "ports with commas between them, such as 80,443, or *",
        [GLM_SPEC_HOST_PORT] = "a host and a port, such as zipkin.istio-system:9411",
        [GLM_SPEC_FIELD_PATH] =
            "a field that a variable can be made of, such as metadata.name, metadata.namespace, "
            "metadata.labels['app'], spec.nodeName or status.podIP",
        [GLM_SPEC_CONFIG_KEY] =
            "the key of a ConfigMap or Secret: at most 253 letters, digits, \"-\", \"_\" and \".\"",
        [GLM_SPEC_QUANTITY_TEXT] = "a quantity such as \"500m\" or \"2Gi\"",
        [GLM_SPEC_PATH_ABSOLUTE] = "an absolute path: it starts with \"/\"",
        [GLM_SPEC_NOT_EMPTY] = "a text that is not empty",
    };
    return fits(format, text) ? NULL : words[format];
}
