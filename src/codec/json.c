/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON text to values, through jansson; the only file that includes <jansson.h>.
 *
 * Why there is a scanner beside it: jansson decides what is JSON, but it keeps a number as an int64
 * or a double, tells where an error was seen and not where the token began, and takes the memory
 * that a text asks for. So next_token, which knows strings and numbers from the rest and nothing
 * else, says how many values a text has, before anything is allocated; gives the numbers, when one of
 * them is none that jansson keeps as it is written; and finds the token that is wrong. A number that
 * jansson might refuse as too large is overwritten, in a copy of the text, by another of the same
 * length, so that all offsets stay.
 *
 * Owner:  values live in the arena given; jansson's tree is freed before the function returns.
 * Errors: diagnostics with line and column.
 * Thread: no shared state (jansson's hash seed is set once by itself, thread-safely).
 */
#include "internal.h"

#include <jansson.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define ESCAPED_NUL "\\u0000"
#define SCRATCH ((size_t)64 << 10) /* beside a copy of the text */
#define PLAIN_NUMBER 18            /* a number of so many characters, without an exponent, fits */
#define LOOK_BYTES ((size_t)64 << 10) /* a look whether to go on, while jansson reads */
#define LOOK_VALUES ((size_t)4096)    /* and while its tree becomes values */

/* ---- tokens ---- */

struct scan {
    const char *text;
    size_t len, i; /* i: the next byte to read */
    size_t token;  /* where the last token began */
    size_t values; /* so far, keys not counted */
    bool number;   /* the last token is one */
};

static size_t skip_digits(const char *text, size_t len, size_t i)
{
    while (i < len && glm_is_digit(text[i]))
        i++;
    return i;
}

/* The end of the JSON number that begins at i; i when there is none. */
static size_t number_end(const char *text, size_t len, size_t i)
{
    size_t begin = i;
    i += i < len && text[i] == '-';
    size_t digits = i;
    i = skip_digits(text, len, i);
    if (i == digits || (text[digits] == '0' && i - digits > 1))
        return begin;
    if (i + 1 < len && text[i] == '.' && glm_is_digit(text[i + 1]))
        i = skip_digits(text, len, i + 1);
    if (i < len && (text[i] == 'e' || text[i] == 'E')) {
        size_t e = i + 1;
        e += e < len && (text[e] == '-' || text[e] == '+');
        if (e < len && glm_is_digit(text[e]))
            i = skip_digits(text, len, e);
    }
    return i;
}

static size_t string_end(const char *text, size_t len, size_t i)
{
    for (i++; i < len && text[i] != '"' && text[i] != '\n'; i++)
        if (text[i] == '\\' && i + 1 < len)
            i++;
    return i < len ? i + 1 : len;
}

/* Reads one token (anything that is no string or number is one byte); false at the end. */
static bool next_token(struct scan *s)
{
    if (s->i >= s->len)
        return false;
    size_t begin = s->token = s->i;
    char c = s->text[begin];
    size_t end = c == '"'                      ? string_end(s->text, s->len, begin)
                 : c == '-' || glm_is_digit(c) ? number_end(s->text, s->len, begin)
                                               : begin;
    s->number = c != '"' && end > begin;
    s->i = end > begin ? end : begin + 1;
    s->values += c == '"' || c == '-' || glm_is_digit(c) || c == '{' || c == '[' || c == 't' ||
                 c == 'f' || c == 'n';
    s->values -= c == ':' && s->values > 0; /* that string was a key */
    return true;
}

/* Whether jansson keeps the number of a token as it is written. */
static bool is_plain(const struct scan *s)
{
    const char *number = s->text + s->token;
    size_t len = s->i - s->token, sign = number[0] == '-';
    return len <= PLAIN_NUMBER && skip_digits(number, len, sign) == len &&
           !(sign && number[1] == '0');
}

/* jansson's copies of texts, in answers of credential plugins among others, are overwritten as they
 * are freed. Its functions are set before there is any thread. */
static void free_wiped(void *memory)
{
    if (memory)
        explicit_bzero(memory, malloc_usable_size(memory));
    free(memory);
}

__attribute__((constructor)) static void set_functions(void)
{
    json_set_alloc_funcs(malloc, free_wiped);
}

struct json_decoder {
    struct glm_arena *arena;
    struct glm_diags *d;
    const struct glm_path *at;
    const char *what;
    const char *text;
    size_t len;
    struct glm_json_limits limits;
    unsigned depth;
    bool plain;          /* jansson keeps every number as it is written */
    struct scan numbers; /* otherwise: the last one that was taken from the text */
    const char *input;   /* what jansson reads, and how far it has */
    size_t fed, converted;
    bool ended; /* it was said not to go on */
};

static bool goes_on(struct json_decoder *dec)
{
    const struct glm_json_limits *l = &dec->limits;
    dec->ended = dec->ended || (l->going && !l->going(l->context));
    return !dec->ended;
}

static bool bad(struct json_decoder *dec, const char *sentence)
{
    return glm_error(dec->d, dec->at, glm_sprintf(dec->arena, "Invalid JSON in %s", dec->what),
                     "%s", sentence);
}

static bool too_deep(struct json_decoder *dec)
{
    return bad(dec, glm_sprintf(dec->arena, "Objects and arrays are nested more than %u deep.",
                                dec->depth));
}

static bool bad_at(struct json_decoder *dec, size_t offset, const char *clause)
{
    uint32_t line, column;
    codec_text_position(dec->text, dec->len, offset, &line, &column);
    return bad(dec, glm_sprintf(dec->arena, "Line %u, column %u: %s", line, column, clause));
}

static struct scan scan_of(const struct json_decoder *dec)
{
    return (struct scan){.text = dec->text, .len = dec->len};
}

/* Where the first NUL is that a string has. */
static size_t nul_offset(const struct json_decoder *dec)
{
    struct scan s = scan_of(dec);
    size_t at = dec->len;
    while (at == dec->len && next_token(&s))
        for (size_t i = s.token + 1; dec->text[s.token] == '"' && i + 6 <= s.i; i++) {
            if (dec->text[i] != '\\')
                continue;
            if (memcmp(dec->text + i, ESCAPED_NUL, sizeof ESCAPED_NUL - 1) == 0) {
                at = i;
                break;
            }
            i++;
        }
    return at;
}

static const char *without_nuls(struct glm_arena *arena, const char *text, size_t len,
                                size_t *ret_len)
{
    struct glm_text clean;
    glm_text_init(&clean, arena, 3 * len);
    for (size_t i = 0; i < len; i++)
        if (text[i])
            glm_text_addc(&clean, text[i]);
        else
            glm_text_adds(&clean, "\xEF\xBF\xBD");
    *ret_len = clean.len;
    return clean.data;
}

static const struct glm_value *text_value(struct json_decoder *dec, enum glm_kind kind,
                                          const char *text, size_t len)
{
    struct glm_value *v = GLM_NEW(dec->arena, struct glm_value);
    v->kind = kind;
    v->as.text = glm_strndup(dec->arena, text, len);
    v->len = len;
    return v;
}

static bool string_value(struct json_decoder *dec, const json_t *json,
                         const struct glm_value **ret_value)
{
    const char *text = json_string_value(json);
    size_t len = json_string_length(json);
    if (len && memchr(text, '\0', len)) {
        if (!dec->limits.foreign)
            return bad_at(dec, nul_offset(dec),
                          "there is a NUL character in this string, and whatever reads it would "
                          "stop there. Remove the \\u0000.");
        text = without_nuls(dec->arena, text, len, &len);
    }
    *ret_value = text_value(dec, GLM_STRING, text, len);
    return true;
}

/* The next one of the text: jansson's objects keep the order of their keys, and a key that is there
 * twice was refused. */
static bool number_value(struct json_decoder *dec, const struct glm_value **ret_value)
{
    struct scan *s = &dec->numbers;
    do
        if (!next_token(s))
            return bad(dec, "A number could not be read.");
    while (!s->number);
    *ret_value = text_value(dec, GLM_NUMBER, s->text + s->token, s->i - s->token);
    return true;
}

static bool convert(struct json_decoder *dec, json_t *json, unsigned depth,
                    const struct glm_value **ret_value);

static bool convert_object(struct json_decoder *dec, json_t *json, unsigned depth,
                           const struct glm_value **ret_value)
{
    struct glm_map_builder b;
    glm_map_init(&b, dec->arena);
    glm_map_reserve(&b, json_object_size(json));
    const char *key;
    json_t *item;
    json_object_foreach(json, key, item)
    {
        const struct glm_value *v = &glm_null;
        if (!convert(dec, item, depth + 1, &v))
            return false;
        glm_map_append(&b, glm_strdup(dec->arena, key), 0, 0, v);
    }
    *ret_value = glm_map_finish(&b, NULL);
    return true;
}

static bool convert_array(struct json_decoder *dec, json_t *json, unsigned depth,
                          const struct glm_value **ret_value)
{
    struct glm_list_builder b;
    glm_list_init(&b, dec->arena);
    glm_list_reserve(&b, json_array_size(json));
    for (size_t i = 0; i < json_array_size(json); i++) {
        const struct glm_value *v = &glm_null;
        if (!convert(dec, json_array_get(json, i), depth + 1, &v))
            return false;
        glm_list_add(&b, v);
    }
    *ret_value = glm_list_finish(&b);
    return true;
}

static bool convert(struct json_decoder *dec, json_t *json, unsigned depth,
                    const struct glm_value **ret_value)
{
    if (depth > dec->depth)
        return too_deep(dec);
    if (++dec->converted % LOOK_VALUES == 0 && !goes_on(dec))
        return false;
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return convert_object(dec, json, depth, ret_value);
    case JSON_ARRAY:
        return convert_array(dec, json, depth, ret_value);
    case JSON_STRING:
        return string_value(dec, json, ret_value);
    case JSON_INTEGER:
        if (!dec->plain)
            return number_value(dec, ret_value);
        *ret_value = glm_integer(dec->arena, json_integer_value(json));
        return true;
    case JSON_REAL:
        return number_value(dec, ret_value);
    case JSON_TRUE:
    case JSON_FALSE:
        *ret_value = glm_bool(json_is_true(json));
        return true;
    case JSON_NULL:
        break;
    }
    *ret_value = &glm_null;
    return true;
}

/* jansson's message without its own excerpt of the text. */
static const char *message(struct json_decoder *dec, const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_invalid_utf8:
        return "the text is not valid UTF-8. Save the file as UTF-8.";
    case json_error_premature_end_of_input:
        return "the text ends before the value is complete. Look for a quote or bracket that is "
               "not closed.";
    case json_error_end_of_input_expected:
        return "there is more text after the end of the value. Only one value is expected.";
    case json_error_duplicate_key:
        return "this key is there twice in the same object. Remove one of them.";
    case json_error_null_byte_in_key:
        return "a key has a NUL character in it.";
    case json_error_null_character:
        return "there is a NUL character in the text.";
    case json_error_stack_overflow:
        return "objects and arrays are nested too deep.";
    default:
        break;
    }
    const char *near = strstr(error->text, " near ");
    size_t len = near ? (size_t)(near - error->text) : strlen(error->text);
    if (len == sizeof "invalid token" - 1 && memcmp(error->text, "invalid token", len) == 0)
        return "this is no JSON. Text has to be in double quotes, without a comma after the last "
               "item.";
    return glm_sprintf(dec->arena, "%.*s here.", (int)len, error->text);
}

/* The token that ends at or after `position` bytes. */
static size_t token_at(const struct json_decoder *dec, size_t position)
{
    struct scan s = scan_of(dec);
    while (next_token(&s))
        if (s.i >= position)
            return s.token;
    return dec->len;
}

static bool report(struct json_decoder *dec, const json_error_t *error)
{
    size_t position = error->position > 0 ? (size_t)error->position : 0;
    return bad_at(dec, token_at(dec, position), message(dec, error));
}

static bool too_large(struct json_decoder *dec, const char *detail)
{
    return glm_error(dec->d, dec->at, glm_sprintf(dec->arena, "%s is too large", dec->what), "%s",
                     detail);
}

/* Whether there is room for what so many values can become. */
static bool fits(struct json_decoder *dec, size_t values)
{
    if (values > dec->limits.values)
        return too_large(dec, glm_sprintf(dec->arena, "It has %zu values; at most %zu are read.",
                                          values, dec->limits.values));
    size_t room = glm_arena_room(dec->arena);
    if (values * GLM_JSON_NODE_BYTES + dec->len * GLM_TEXT_COPIES > room)
        return too_large(dec, glm_sprintf(dec->arena,
                                          "It has %zu values in %zu bytes, for which there is no "
                                          "room left.",
                                          values, dec->len));
    return true;
}

/* Another number in the place of the last token, as long as it. What is beside it must not become a
 * part of that one: neither "1e5e5" nor "--1e5" is a number. */
static void overwrite(char *text, const struct scan *s)
{
    static const char parts[] = "0123456789+-.eE";
    size_t len = s->i - s->token;
    bool alone = (s->token == 0 || !memchr(parts, text[s->token - 1], sizeof parts - 1)) &&
                 !memchr(parts, text[s->i], sizeof parts - 1);
    if (!alone || len < sizeof "0.0" - 1) /* "-0" is small enough */
        return;
    memset(text + s->token, '0', len);
    text[s->token + 1] = '.';
}

/* The text without the numbers that jansson might refuse. */
static const char *input_of(const struct json_decoder *dec, struct glm_arena *scratch)
{
    char *copy = glm_strndup(scratch, dec->text, dec->len);
    for (struct scan s = scan_of(dec); next_token(&s);)
        if (s.number && !is_plain(&s))
            overwrite(copy, &s);
    return copy;
}

/* The text as jansson asks for it, a kilobyte at a time. */
static size_t feed(void *buffer, size_t most, void *context)
{
    struct json_decoder *dec = context;
    size_t left = dec->len - dec->fed, len = left < most ? left : most;
    if (dec->fed / LOOK_BYTES != (dec->fed + len) / LOOK_BYTES && !goes_on(dec))
        return 0;
    memcpy(buffer, dec->input + dec->fed, len);
    dec->fed += len;
    return len;
}

static bool decode(struct json_decoder *dec, const struct glm_value **ret_value)
{
    if (dec->len > GLM_JSON_MAX_BYTES)
        return too_large(dec,
                         glm_sprintf(dec->arena, "The text has %zu bytes; at most %zu are read.",
                                     dec->len, (size_t)GLM_JSON_MAX_BYTES));
    if (dec->len >= 3 && memcmp(dec->text, "\xEF\xBB\xBF", 3) == 0) {
        dec->text += 3;
        dec->len -= 3;
    }
    const char *nul = memchr(dec->text, '\0', dec->len);
    if (nul) /* jansson passes over one after a number */
        return bad_at(dec, (size_t)(nul - dec->text), "there is a NUL character in the text.");
    struct scan s = dec->numbers = scan_of(dec);
    dec->plain = true;
    while (next_token(&s))
        dec->plain &= !s.number || is_plain(&s);
    if (!fits(dec, s.values))
        return false;
    struct glm_arena *scratch = dec->plain ? NULL : glm_arena_create(dec->len + SCRATCH);
    if (scratch && glm_arena_is_wiped(dec->arena))
        glm_arena_wipe(scratch);
    json_error_t error;
    dec->input = dec->plain ? dec->text : input_of(dec, scratch);
    json_t *json = json_load_callback(
        feed, dec, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
    glm_arena_destroy(scratch);
    if (!json)
        return !dec->ended && report(dec, &error);
    bool good = convert(dec, json, 0, ret_value);
    json_decref(json);
    return good;
}

static struct json_decoder decoder_of(struct glm_arena *arena, const char *text, size_t len,
                                      const char *what, const struct glm_path *at,
                                      struct glm_diags *d)
{
    return (struct json_decoder){.arena = arena,
                                 .d = d,
                                 .at = at,
                                 .what = what,
                                 .text = text,
                                 .len = len,
                                 .limits = {.values = GLM_JSON_MAX_NODES},
                                 .depth = GLM_VALUE_DEPTH};
}

bool codec_json_decode_deep(struct glm_arena *arena, const char *text, size_t len, unsigned depth,
                            const char *what, const struct glm_path *at,
                            const struct glm_value **ret_value, struct glm_diags *d)
{
    struct json_decoder dec = decoder_of(arena, text, len, what, at, d);
    dec.depth = depth;
    return decode(&dec, ret_value);
}

bool glm_json_decode(struct glm_arena *arena, const char *text, size_t len, const char *what,
                     const struct glm_path *at, const struct glm_value **ret_value,
                     struct glm_diags *d)
{
    return codec_json_decode_deep(arena, text, len, GLM_VALUE_DEPTH, what, at, ret_value, d);
}

bool glm_json_decode_within(struct glm_arena *arena, const char *text, size_t len,
                            const struct glm_json_limits *limits, const char *what,
                            const struct glm_path *at, const struct glm_value **ret_value,
                            struct glm_diags *d)
{
    struct json_decoder dec = decoder_of(arena, text, len, what, at, d);
    dec.limits = *limits;
    return decode(&dec, ret_value);
}

bool glm_json_decode_foreign(struct glm_arena *arena, const char *text, size_t len,
                             const char *what, const struct glm_path *at,
                             const struct glm_value **ret_value, struct glm_diags *d)
{
    static const struct glm_json_limits limits = {.values = GLM_JSON_FOREIGN_MAX_NODES,
                                                  .foreign = true};
    return glm_json_decode_within(arena, text, len, &limits, what, at, ret_value, d);
}
