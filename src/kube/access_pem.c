/* SPDX-License-Identifier: Apache-2.0
 *
 * PEM texts: whether one is what it is used as, so far as that shows without reading what is in it.
 *
 * What:   blocks "-----BEGIN X-----", base64, "-----END X-----", with anything between the blocks
 *         (RFC 7468, section 2). What is inside is for the TLS library.
 * Errors: a clause; never a part of the text.
 * Thread: no shared state.
 */
#include "access_parts.h"

#include <ctype.h>
#include <string.h>

static const char begin[] = "-----BEGIN ";
static const char end[] = "-----END ";
static const char dashes[] = "-----";

struct block {
    const char *type; /* "RSA PRIVATE KEY" */
    size_t type_len;
    const char *body;
    size_t body_len;
};

/* The next block at *cursor. NULL: found or (type NULL) no more; otherwise a clause. */
static const char *next_block(const char **cursor, struct block *ret_block)
{
    *ret_block = (struct block){0};
    const char *start = strstr(*cursor, begin);
    if (!start)
        return NULL;
    const char *type = start + sizeof begin - 1;
    const char *close = strstr(type, dashes);
    if (!close || memchr(type, '\n', (size_t)(close - type)))
        return "a line \"-----BEGIN ...-----\" in it is not complete";
    const char *body = close + sizeof dashes - 1;
    const char *stop = strstr(body, end);
    size_t type_len = (size_t)(close - type);
    if (!stop)
        return "it has no line \"-----END ...-----\": it was cut off";
    const char *after = stop + sizeof end - 1;
    if (strncmp(after, type, type_len) != 0 || strncmp(after + type_len, dashes, 5) != 0)
        return "its lines \"-----BEGIN ...-----\" and \"-----END ...-----\" do not belong together";
    *ret_block = (struct block){type, type_len, body, (size_t)(stop - body)};
    *cursor = after;
    return NULL;
}

static bool type_is(const struct block *b, const char *type)
{
    return strlen(type) == b->type_len && strncmp(b->type, type, b->type_len) == 0;
}

static bool is_certificate(const struct block *b)
{
    return type_is(b, "CERTIFICATE") || type_is(b, "X509 CERTIFICATE") ||
           type_is(b, "TRUSTED CERTIFICATE");
}

static bool is_key(const struct block *b)
{
    static const char suffix[] = "PRIVATE KEY";
    size_t len = sizeof suffix - 1;
    return b->type_len >= len && strncmp(b->type + b->type_len - len, suffix, len) == 0;
}

/* PKCS#8 says so in its type, the older formats in a header (RFC 1421). */
static bool is_encrypted(const struct block *b)
{
    static const char header[] = "4,ENCRYPTED";
    return type_is(b, "ENCRYPTED PRIVATE KEY") ||
           memmem(b->body, b->body_len, header, sizeof header - 1);
}

static const char *body_problem(const struct block *b)
{
    size_t digits = 0;
    for (size_t i = 0; i < b->body_len; i++) {
        char c = b->body[i];
        if (isspace((unsigned char)c))
            continue;
        if (!isalnum((unsigned char)c) && c != '+' && c != '/' && c != '=')
            return "what is between its lines \"-----BEGIN\" and \"-----END\" is not base64";
        digits++;
    }
    if (digits == 0)
        return "there is nothing between its lines \"-----BEGIN\" and \"-----END\"";
    return digits % 4 ? "it is not complete: a line of it is missing or was cut off" : NULL;
}

static const char *not_pem(const char *text)
{
    if (strncmp(text + strspn(text, " \t\r\n"), "LS0t", 4) == 0)
        return "it is base64 of a PEM text, once more than is wanted: decode it";
    if (text[strspn(text, " \t\r\n")] == '\0')
        return "it is empty";
    return "it is no PEM text: there is no line \"-----BEGIN ...-----\" in it";
}

static const char *nothing_fit(enum pem_use use, bool key, bool certificate)
{
    if (use == PEM_KEY)
        return certificate ? "it is a certificate, and the private key is wanted here"
                           : "there is no private key in it";
    if (key)
        return "it is a private key, and the certificate is wanted here";
    return "there is no certificate in it";
}

const char *access_pem_problem(enum pem_use use, const char *text)
{
    bool key = false, certificate = false, any = false;
    const char *cursor = text;
    for (;;) {
        struct block b;
        const char *problem = next_block(&cursor, &b);
        if (problem)
            return problem;
        if (!b.type)
            break;
        any = true;
        key |= is_key(&b);
        certificate |= is_certificate(&b);
        if (is_key(&b) && use != PEM_KEY)
            continue; /* a key beside the certificate is nobody's concern here */
        if (is_key(&b) && is_encrypted(&b))
            return "it is encrypted, and nobody is there to type the passphrase. `openssl pkey -in "
                   "FILE -out PLAIN` takes the encryption off";
        if ((is_key(&b) || is_certificate(&b)) && (problem = body_problem(&b)))
            return problem;
    }
    if (!any)
        return not_pem(text);
    return (use == PEM_KEY ? key : certificate) ? NULL : nothing_fit(use, key, certificate);
}
