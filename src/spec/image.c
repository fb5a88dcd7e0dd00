/* SPDX-License-Identifier: Apache-2.0
 *
 * Image: the syntax of hubs, tags, images and trust domains, and what to write instead of one that
 * is wrong. A fault reads on after the name of the field.
 *
 * Source: distribution's grammar of references, as Istio's operator and container runtimes have it:
 *         [DOMAIN[:PORT]/]PATH[:TAG][@DIGEST], the path in lower case.
 */
#include "glm/spec.h"
#include "glm/text.h"

#include <string.h>

#define TAG_MAX 128
#define DIGEST_MIN 32
#define SHOWN_MAX 80
#define HUB_EXAMPLE "registry.example.com/istio"

static bool is_lower(char c)
{
    return (c >= 'a' && c <= 'z') || glm_is_digit(c);
}

static bool is_alnum(char c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

/* ---- the grammar ---- */

/* Letters and digits, between them ".", "_", "__" or any number of "-". */
static bool is_component(const char *s, size_t len)
{
    if (len == 0 || !is_lower(s[0]) || !is_lower(s[len - 1]))
        return false;
    for (size_t i = 0; i < len; i++) {
        size_t between = strcspn(s + i, "abcdefghijklmnopqrstuvwxyz0123456789");
        if (between > len - i)
            between = len - i;
        bool known = between <= 1 ? between == 0 || strchr("._-", s[i]) != NULL
                                  : strspn(s + i, "-") >= between ||
                                        (between == 2 && s[i] == '_' && s[i + 1] == '_');
        if (!known)
            return false;
        i += between;
    }
    return true;
}

static bool is_domain(const char *s, size_t len)
{
    const char *colon = memchr(s, ':', len);
    size_t host = colon ? (size_t)(colon - s) : len;
    for (size_t i = host + 1; i < len; i++)
        if (!glm_is_digit(s[i]))
            return false;
    if (host == 0 || (colon && host + 1 == len))
        return false;
    for (size_t i = 0; i < host; i++) {
        bool edge = i == 0 || i + 1 == host || s[i - 1] == '.' || s[i + 1] == '.';
        if (!is_alnum(s[i]) && (edge || (s[i] != '.' && s[i] != '-')))
            return false;
    }
    return true;
}

static bool is_name(const char *s, size_t len)
{
    for (size_t at = 0; at <= len;) {
        const char *slash = memchr(s + at, '/', len - at);
        size_t part = (slash ? (size_t)(slash - s) : len) - at;
        bool domain = at == 0 && slash && is_domain(s, part);
        if (!domain && !is_component(s + at, part))
            return false;
        at += part + 1;
    }
    return true;
}

/* A hub goes before "/proxyv2", so it may be a registry with a port and no path. The operator takes
 * that for a repository with a tag, and so only in lower case. */
static bool is_hub(const char *s)
{
    size_t len = strlen(s), host = strcspn(s, ":");
    return is_name(s, len) || (host < len && is_domain(s, len) && is_component(s, host));
}

static bool is_tag(const char *s, size_t len)
{
    if (len == 0 || len > TAG_MAX || (!is_alnum(s[0]) && s[0] != '_'))
        return false;
    for (size_t i = 0; i < len; i++)
        if (!is_alnum(s[i]) && !strchr("_.-", s[i]))
            return false;
    return true;
}

/* sha256:0123..., behind the "@". */
static bool is_digest(const char *s)
{
    size_t algorithm = strcspn(s, ":");
    if (algorithm == 0 || !s[algorithm])
        return false;
    for (size_t i = 0; i < algorithm; i++)
        if (!is_alnum(s[i]) && !strchr("-_+.", s[i]))
            return false;
    size_t hex = strspn(s + algorithm + 1, "0123456789abcdefABCDEF");
    return hex >= DIGEST_MIN && !s[algorithm + 1 + hex];
}

/* ---- what is wrong ---- */

/* A text that somebody was to replace: of a shell, of a template, of documentation; else NULL. */
static const char *placeholder(struct glm_arena *arena, const char *text, const char *example)
{
    if (strpbrk(text, "<>"))
        return glm_sprintf(arena,
                           "\"%.*s\" has a placeholder in <...>, as documentation has it for you "
                           "to replace. Write what it stands for, such as \"%s\".",
                           SHOWN_MAX, text, example);
    if (strpbrk(text, "${}"))
        return glm_sprintf(arena,
                           "\"%.*s\" has a placeholder that a shell or a template would have "
                           "replaced, and nobody has. Write what it stands for, such as \"%s\", or "
                           "let Terraform replace it with templatefile().",
                           SHOWN_MAX, text, example);
    return NULL;
}

/* The text without spaces around it. */
static const char *trimmed(struct glm_arena *arena, const char *text)
{
    text += strspn(text, " \t\r\n");
    size_t len = strlen(text);
    while (len && strchr(" \t\r\n", text[len - 1]))
        len--;
    return glm_strndup(arena, text, len);
}

/* The text without scheme, spaces around and slashes behind, in lower case. */
static const char *tidied(struct glm_arena *arena, const char *text)
{
    const char *scheme = strstr(text, "://");
    if (scheme)
        text = scheme + strlen("://");
    text += strspn(text, " \t\r\n/");
    char *copy = glm_strdup(arena, text);
    size_t len = strlen(copy);
    while (len && strchr(" \t\r\n/", copy[len - 1]))
        copy[--len] = 0;
    for (size_t i = 0; i < len; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] = (char)(copy[i] - 'A' + 'a');
    return copy;
}

static const char *why_no_hub(const char *hub, bool tidy_is_right)
{
    const char *slash = strrchr(hub, '/');
    if (!*hub)
        return "is empty";
    if (strstr(hub, "://"))
        return "has a scheme, and a registry has none";
    if (strpbrk(hub, " \t\r\n"))
        return "has a space in it";
    if (strchr(hub, '@'))
        return "has a digest, and a hub is no image";
    if (slash && strchr(slash, ':'))
        return "has a tag, which belongs in tag";
    if (!tidy_is_right)
        return "is no registry and path as image references have it";
    if (*hub == '/')
        return "begins with a slash";
    return slash && !slash[1] ? "ends with a slash"
                              : "has capital letters, and repositories have none";
}

const char *glm_hub_fault(struct glm_arena *arena, const char *hub)
{
    if (is_hub(hub))
        return NULL;
    const char *fault = placeholder(arena, hub, HUB_EXAMPLE), *better = tidied(arena, hub);
    if (fault)
        return fault;
    bool right = is_hub(better);
    return glm_sprintf(arena, "\"%.*s\" %s. Write %s\"%s\".", SHOWN_MAX, hub,
                       why_no_hub(hub, right), right ? "" : "one such as ",
                       right ? better : HUB_EXAMPLE);
}

const char *glm_tag_fault(struct glm_arena *arena, const char *tag, bool digest)
{
    const char *at = strchr(tag, '@');
    size_t len = at ? (size_t)(at - tag) : strlen(tag);
    if (is_tag(tag, len) && (!at || (digest && is_digest(at + 1))))
        return NULL;
    const char *fault = placeholder(arena, tag, "1.23.6");
    if (fault)
        return fault;
    if (at && !digest && is_tag(tag, len) && is_digest(at + 1))
        return glm_sprintf(arena,
                           "\"%.*s\" has a digest, which Istio refuses here. Leave it out, "
                           "or write the tag with its digest as values.global.tag instead.",
                           SHOWN_MAX, tag);
    const char *better = trimmed(arena, tag);
    if (*tag && strcmp(better, tag) != 0 && is_tag(better, strlen(better)))
        return glm_sprintf(arena, "\"%.*s\" has a space around it. Write \"%s\".", SHOWN_MAX, tag,
                           better);
    return glm_sprintf(arena,
                       "\"%.*s\" %s: a tag has letters, digits, \"_\", \".\" and \"-\", does not "
                       "start with \".\" or \"-\", and has at most %d characters. Write one such "
                       "as \"1.23.6\".",
                       SHOWN_MAX, tag, *tag ? "is no tag of an image" : "is empty", TAG_MAX);
}

const char *glm_image_fault(struct glm_arena *arena, const char *image)
{
    const char *digest = strchr(image, '@'), *slash = strrchr(image, '/');
    size_t len = digest ? (size_t)(digest - image) : strlen(image);
    const char *colon = memchr(image, ':', len);
    if (slash && slash < image + len)
        colon = memchr(slash, ':', len - (size_t)(slash - image));
    size_t name = colon ? (size_t)(colon - image) : len;
    if (is_name(image, name) && (!colon || is_tag(colon + 1, len - name - 1)) &&
        (!digest || is_digest(digest + 1)))
        return NULL;
    const char *fault = placeholder(arena, image, "proxyv2");
    if (fault)
        return fault;
    return glm_sprintf(arena,
                       "\"%.*s\" is no image as container runtimes have it. Write its name, such "
                       "as \"proxyv2\", or the whole, such as "
                       "\"registry.example.com/istio/proxyv2:1.23.6\".",
                       SHOWN_MAX, image);
}

const char *glm_variant_fault(struct glm_arena *arena, const char *variant)
{
    const char *tag = glm_sprintf(arena, "1-%s", variant);
    if (is_tag(tag, strlen(tag)))
        return NULL;
    const char *fault = placeholder(arena, variant, "distroless");
    if (fault)
        return fault;
    return glm_sprintf(arena,
                       "\"%.*s\" becomes the end of a tag, so it may have letters, digits, \"_\", "
                       "\".\" and \"-\" only. Write one such as \"distroless\".",
                       SHOWN_MAX, variant);
}

/* ---- trust domains ---- */

#define SPIFFE_SCHEME "spiffe://"
#define TRUST_DOMAIN_MAX 255

/* DNS-1123 labels between dots. Istio takes a dot at the end too. */
static bool is_trust_domain(struct glm_arena *arena, const char *domain)
{
    if (strlen(domain) > TRUST_DOMAIN_MAX)
        return false;
    for (const char *part = domain;;) {
        size_t len = strcspn(part, ".");
        if (len == 0 && !*part && part > domain)
            return true;
        if (!glm_name_is_label(glm_strndup(arena, part, len)))
            return false;
        if (!part[len])
            return true;
        part += len + 1;
    }
}

/* The trust domain of a SPIFFE ID, in lower case, with "-" for what no label has. */
static const char *nearest_trust_domain(struct glm_arena *arena, const char *text)
{
    if (strncmp(text, SPIFFE_SCHEME, strlen(SPIFFE_SCHEME)) == 0)
        text += strlen(SPIFFE_SCHEME);
    char *copy = glm_strndup(arena, text, strcspn(text, "/"));
    for (char *c = copy; *c; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
        else if (*c == '_' || *c == ' ')
            *c = '-';
    }
    return is_trust_domain(arena, copy) ? copy : NULL;
}

const char *glm_trust_domain_fault(struct glm_arena *arena, const char *domain)
{
    if (is_trust_domain(arena, domain))
        return NULL;
    const char *fault = placeholder(arena, domain, "cluster.local");
    if (fault)
        return fault;
    const char *better = nearest_trust_domain(arena, domain);
    const char *why = !*domain ? "is empty"
                      : strncmp(domain, SPIFFE_SCHEME, strlen(SPIFFE_SCHEME)) == 0
                          ? "is a SPIFFE ID, and the trust domain is only the part of it that "
                            "follows spiffe:// up to the next slash"
                          : "is no trust domain: those are DNS-1123 labels with dots between them, "
                            "of lower-case letters, digits and \"-\", each at most 63 characters "
                            "long";
    return glm_sprintf(arena, "\"%.*s\" %s. Write %s\"%s\".", SHOWN_MAX, domain, why,
                       better ? "" : "one such as ", better ? better : "cluster.local");
}
