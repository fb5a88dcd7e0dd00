/* SPDX-License-Identifier: Apache-2.0
 *
 * What a YAML scalar means, by the rules of sigs.k8s.io/yaml: YAML 1.1 booleans, numbers, and everything
 * else a string; what tags make of it, and what key.
 *
 * Owner:  results live in the arena given.
 * Errors: a clause that the caller puts into a sentence.
 * Thread: no shared state.
 * The rules, odd ones included, are held against the Go module by tests/peers/run-codec.
 */
#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONG_TAG "tag:yaml.org,2002:"

static bool is_word(const char *text, size_t len, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(words[i]) == len && memcmp(words[i], text, len) == 0)
            return true;
    return false;
}
#define IS_WORD(text, len, words) is_word((text), (len), (words), sizeof(words) / sizeof *(words))

static const char *const true_words[] = {"y",    "Y",    "yes", "Yes", "YES", "true",
                                         "True", "TRUE", "on",  "On",  "ON"};
static const char *const false_words[] = {"n",     "N",     "no",  "No",  "NO", "false",
                                          "False", "FALSE", "off", "Off", "OFF"};
static const char *const null_words[] = {"", "~", "null", "Null", "NULL"};
static const char *const nan_words[] = {".nan", ".NaN", ".NAN"};
static const char *const positive_infinity_words[] = {".inf",  ".Inf",  ".INF",
                                                      "+.inf", "+.Inf", "+.INF"};
static const char *const negative_infinity_words[] = {"-.inf", "-.Inf", "-.INF"};

static void set_string(struct glm_yaml_scalar *s, enum glm_yaml_class class, const char *text,
                       size_t len)
{
    *s = (struct glm_yaml_scalar){class, {.kind = GLM_STRING, .len = len, .as.text = text}};
}

static bool resolve_word(const char *text, size_t len, struct glm_yaml_scalar *s)
{
    if (len > 5)
        return false;
    if (IS_WORD(text, len, null_words)) {
        s->class = GLM_YAML_NULL;
        s->value.kind = GLM_NULL;
    } else if (IS_WORD(text, len, true_words) || IS_WORD(text, len, false_words)) {
        s->class = GLM_YAML_BOOL;
        s->value.kind = GLM_BOOL;
        s->value.as.boolean = IS_WORD(text, len, true_words);
    } else if (IS_WORD(text, len, nan_words)) {
        set_string(s, GLM_YAML_INFINITE, ".nan", 4);
    } else if (IS_WORD(text, len, positive_infinity_words)) {
        set_string(s, GLM_YAML_INFINITE, ".inf", 4);
    } else if (IS_WORD(text, len, negative_infinity_words)) {
        set_string(s, GLM_YAML_INFINITE, "-.inf", 5);
    } else {
        return false;
    }
    return true;
}

static bool resolve_binary(struct glm_arena *arena, const char *text, size_t len,
                           struct glm_yaml_scalar *s, const char **ret_problem)
{
    size_t decoded_len;
    const char *decoded = glm_base64_decode(arena, text, len, &decoded_len);
    if (!decoded) {
        *ret_problem = "is tagged !!binary but is not valid base64";
        return false;
    }
    if (!glm_utf8_valid(decoded, decoded_len)) {
        *ret_problem = "is tagged !!binary and does not decode to UTF-8 text, which a Kubernetes "
                       "object cannot hold";
        return false;
    }
    set_string(s, GLM_YAML_STRING, decoded, decoded_len);
    return true;
}

static bool fits_tag(const char *tag, struct glm_yaml_scalar *s, const char *text, size_t len,
                     const char **ret_problem)
{
    static const struct {
        const char *tag;
        enum glm_yaml_class class, other;
        const char *problem;
    } tags[] = {
        {"bool", GLM_YAML_BOOL, GLM_YAML_BOOL, "is tagged !!bool but is not true or false"},
        {"int", GLM_YAML_INTEGER, GLM_YAML_INTEGER, "is tagged !!int but is no whole number"},
        {"float", GLM_YAML_FLOAT, GLM_YAML_INFINITE, "is tagged !!float but is no number"},
        {"null", GLM_YAML_NULL, GLM_YAML_NULL, "is tagged !!null but is not null"},
    };
    if (strcmp(tag, "timestamp") == 0) {
        if (s->class == GLM_YAML_STRING && codec_yaml_is_timestamp(text, len))
            return true;
        *ret_problem = "is tagged !!timestamp but is no date";
        return false;
    }
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (strcmp(tag, tags[i].tag) != 0 || s->class == tags[i].class || s->class == tags[i].other)
            continue;
        if (i == 2 && s->class == GLM_YAML_INTEGER) {
            s->class = GLM_YAML_FLOAT;
            continue;
        }
        *ret_problem = tags[i].problem;
        return false;
    }
    return true;
}

bool codec_yaml_resolve(struct glm_arena *arena, const char *tag, bool plain, const char *text,
                        size_t len, struct glm_yaml_scalar *ret_scalar, const char **ret_problem)
{
    static const char *const resolvable[] = {"bool", "int", "float", "null", "timestamp"};
    struct glm_yaml_scalar s = {0};
    const char *name =
        tag && strncmp(tag, LONG_TAG, sizeof LONG_TAG - 1) == 0 ? tag + sizeof LONG_TAG - 1 : tag;
    if (name && name != tag && strcmp(name, "binary") == 0) {
        if (!resolve_binary(arena, text, len, &s, ret_problem))
            return false;
        *ret_scalar = s;
        return true;
    }
    bool typed = name && name != tag && IS_WORD(name, strlen(name), resolvable);
    bool number = typed && (strcmp(name, "int") == 0 || strcmp(name, "float") == 0);
    bool candidate = tag ? typed : plain;
    /* An empty text has its NUL there. */
    char first = *text;
    if (!candidate || !(resolve_word(text, len, &s) ||
                        ((glm_is_digit(first) || first == '+' || first == '-' || first == '.') &&
                         codec_yaml_number(arena, text, len, number, &s))))
        set_string(&s, GLM_YAML_STRING, glm_strndup(arena, text, len), len);
    if (typed && !fits_tag(name, &s, text, len, ret_problem))
        return false;
    *ret_scalar = s;
    return true;
}

/* A float as Go's 'g' format writes it with the fewest digits that give the same 32-bit float:
 * that is what the Go module makes of a float used as a key. */
static const char *float_key(struct glm_arena *arena, const char *text)
{
    float f = strtof(text, NULL);
    if (isinf(f))
        return f < 0 ? "-.inf" : ".inf";
    char digits[32];
    int precision = 0;
    do
        snprintf(digits, sizeof digits, "%.*e", precision, (double)f);
    while (strtof(digits, NULL) != f && ++precision < 9);
    long exponent = strtol(strchr(digits, 'e') + 1, NULL, 10);
    if (exponent < -4 || exponent >= 6)
        return glm_strdup(arena, digits);
    int decimals = precision - (int)exponent;
    return glm_sprintf(arena, "%.*f", decimals > 0 ? decimals : 0, (double)f);
}

const char *codec_yaml_key(struct glm_arena *arena, const struct glm_yaml_scalar *scalar,
                           const char **ret_problem)
{
    const struct glm_value *v = &scalar->value;
    switch (scalar->class) {
    case GLM_YAML_NULL:
        *ret_problem = "is empty or null: give the key a name, in quotes if it is meant literally";
        return NULL;
    case GLM_YAML_BOOL:
        return v->as.boolean ? "true" : "false";
    case GLM_YAML_INTEGER: {
        int64_t n;
        if (glm_number_int64(v, &n))
            return v->as.text;
        *ret_problem = "is a number beyond 64 bits: put the key in quotes";
        return NULL;
    }
    case GLM_YAML_FLOAT:
        return float_key(arena, v->as.text);
    case GLM_YAML_INFINITE:
    case GLM_YAML_STRING:
        break;
    }
    if (strlen(v->as.text) == v->len)
        return v->as.text;
    *ret_problem = "has a NUL character in it, which no field of a Kubernetes object can have";
    return NULL;
}
