/* SPDX-License-Identifier: Apache-2.0
 *
 * Fields: finding the value that an API server names in a conflict.
 *
 * What:   `.name` is a key of a map, `[0]` an element by index, `[k=v,k2=v2]` the element of a
 *         list that has these values at these keys, `[=v]` the element of a set. Keys are not
 *         quoted, so that one that holds dots is only known by the object having it: the longest
 *         one that leads to something wins.
 * Source: sigs.k8s.io/structured-merge-diff, fieldpath: PathElement.String. Texts are quoted as
 *         Go's %q does it.
 * Depth:  bounded by the depth of the object; each value of it is looked at once at most.
 */
#include "glm/observe.h"

#include "glm/text.h"

#include <ctype.h>
#include <string.h>

static const struct glm_value *resolve(const struct glm_value *v, const char *s, unsigned depth);

/* ---- the literals of `[...]` ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The UTF-8 of a code point; returns its length. */
static size_t encode(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = len - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)(lead[len] | code);
    return len;
}

/* One character of a quoted text, past its backslash. Returns how many bytes, 0: malformed. */
static size_t escaped(const char **s, char out[4])
{
    static const char letters[] = "abfnrtv\\\"'", bytes[] = "\a\b\f\n\r\t\v\\\"'";
    char c = *(*s)++;
    const char *letter = c ? strchr(letters, c) : NULL;
    if (letter) {
        out[0] = bytes[letter - letters];
        return 1;
    }
    unsigned digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    uint32_t code = 0;
    for (unsigned i = 0; i < digits; i++) {
        int digit = hex_digit(**s);
        if (digit < 0)
            return 0;
        code = code << 4 | (uint32_t)digit;
        (*s)++;
    }
    if (c == 'x') {
        out[0] = (char)code;
        return 1;
    }
    return digits && code <= 0x10FFFF ? encode(code, out) : 0;
}

/* Reads a quoted text up to and with its closing quote. False: malformed. */
static bool match_text(const char **s, const struct glm_value *v, bool *ret_equal)
{
    size_t at = 0;
    bool equal = glm_is_string(v);
    for ((*s)++; **s != '"';) {
        char bytes[4] = {**s};
        size_t len = 1;
        if (!**s)
            return false;
        if (*(*s)++ == '\\' && (len = escaped(s, bytes)) == 0)
            return false;
        equal = equal && at + len <= v->len && memcmp(v->as.text + at, bytes, len) == 0;
        at += len;
    }
    (*s)++;
    *ret_equal = equal && at == v->len;
    return true;
}

static bool is_number(const char *s, size_t len)
{
    size_t i = len && s[0] == '-';
    return i < len && len < 64 && isdigit((unsigned char)s[i]) &&
           strspn(s + i, "0123456789") + i >= len;
}

/* Reads a literal, up to the ',' or ']' after it, and holds it against v. False: malformed. */
static bool match(const char **s, const struct glm_value *v, bool *ret_equal)
{
    if (**s == '"')
        return match_text(s, v, ret_equal);
    size_t len = strcspn(*s, ",]");
    const char *literal = *s;
    *s += len;
    *ret_equal = false;
    if (is_number(literal, len)) {
        struct glm_value number = {.kind = GLM_NUMBER, .len = len, .as.text = literal};
        *ret_equal = v->kind == GLM_NUMBER && glm_number_equal(v, &number);
    } else if (v->kind == GLM_BOOL) {
        const char *word = v->as.boolean ? "true" : "false";
        *ret_equal = len == strlen(word) && memcmp(literal, word, len) == 0;
    }
    return len > 0;
}

/* ---- elements ---- */

/* The value at the key of len bytes. protocol has a default in the lists it is a key of. */
static const struct glm_value *key_value(const struct glm_value *v, const char *key, size_t len)
{
    static const struct glm_value tcp = {.kind = GLM_STRING, .len = 3, .as.text = "TCP"};
    for (size_t i = 0; glm_is_map(v) && i < v->len; i++)
        if (strlen(v->as.map[i].key) == len && memcmp(v->as.map[i].key, key, len) == 0)
            return v->as.map[i].value;
    return len == strlen("protocol") && memcmp(key, "protocol", len) == 0 ? &tcp : &glm_null;
}

/* s: past the '['. Holds an element against the selector and sets *ret_rest past the ']'. */
static bool selects(const char *s, const struct glm_value *v, const char **ret_rest)
{
    bool all = true, equal;
    do {
        size_t len = strcspn(s, "=,]");
        const char *key = s;
        if (s[len] != '=')
            return false;
        s += len + 1;
        if (!match(&s, len ? key_value(v, key, len) : v, &equal))
            return false;
        all = all && equal;
    } while (*s++ == ',');
    *ret_rest = s;
    return s[-1] == ']' && all;
}

static const struct glm_value *element(const struct glm_value *v, const char *s, unsigned depth)
{
    uint64_t index;
    size_t digits = glm_digits(s, SIZE_MAX, &index);
    const char *rest;
    if (!glm_is_list(v))
        return NULL;
    if (digits && s[digits] == ']')
        return index < v->len ? resolve(glm_at(v, index), s + digits + 1, depth) : NULL;
    for (size_t i = 0; i < v->len; i++)
        if (selects(s, glm_at(v, i), &rest))
            return resolve(glm_at(v, i), rest, depth);
    return NULL;
}

/* ---- keys ---- */

static const struct glm_value *below_key(const struct glm_value *v, const char *s, unsigned depth)
{
    /* Sorted by bytes: of keys that begin alike the longest comes last. */
    for (size_t i = glm_is_map(v) ? v->len : 0; i > 0; i--) {
        const struct glm_pair *pair = &v->as.map[i - 1];
        size_t len = strlen(pair->key);
        if (strncmp(s, pair->key, len) != 0 || (s[len] && s[len] != '.' && s[len] != '['))
            continue;
        const struct glm_value *found = resolve(pair->value, s + len, depth);
        if (found)
            return found;
    }
    return NULL;
}

/* NULL: there is no such thing. */
static const struct glm_value *resolve(const struct glm_value *v, const char *s, unsigned depth)
{
    if (!*s)
        return v;
    if (depth > GLM_VALUE_DEPTH)
        return NULL;
    return *s == '[' ? element(v, s + 1, depth + 1) : below_key(v, s + (*s == '.'), depth + 1);
}

const struct glm_value *glm_value_at_field(const struct glm_value *object, const char *field)
{
    const struct glm_value *found = resolve(object, field, 0);
    return found ? found : &glm_null;
}
