/* SPDX-License-Identifier: Apache-2.0
 *
 * Credentials found where they are repeated, in whatever form, and stars in their place.
 */
#include "internal.h"

#include "glm/shown.h"

#include <ctype.h>
#include <string.h>

#define BEGUN_MIN ((size_t)16) /* of a longer one that was cut */
#define PARTED_MIN ((size_t)8) /* behind so many bytes it may go on in another line */
#define STARS "***"

static int hex(const char *text, size_t left, size_t digits)
{
    int code = 0;
    if (left < digits)
        return -1;
    for (size_t i = 0; i < digits; i++) {
        if (!isxdigit((unsigned char)text[i]))
            return -1;
        int c = tolower((unsigned char)text[i]);
        code = code * 16 + (c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return code;
}

/* Bytes of the UTF-8 of a code below 0x10000. */
static size_t encode(int code, char bytes[3])
{
    if (code < 0x80) {
        bytes[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        bytes[0] = (char)(0xC0 | code >> 6);
        bytes[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    bytes[0] = (char)(0xE0 | code >> 12);
    bytes[1] = (char)(0x80 | (code >> 6 & 0x3F));
    bytes[2] = (char)(0x80 | (code & 0x3F));
    return 3;
}

/* What an entity of HTML stands for (&amp;, &#39;, &#x27;), and its bytes in the text; 0: it is none. */
static size_t entity_at(const char *text, size_t left, int *ret_code)
{
    static const struct {
        const char *name;
        char code;
    } named[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (left >= strlen(named[i].name) &&
            strncmp(text, named[i].name, strlen(named[i].name)) == 0) {
            *ret_code = (unsigned char)named[i].code;
            return strlen(named[i].name);
        }
    if (left < 4 || text[1] != '#')
        return 0;
    bool hexadecimal = (text[2] | 0x20) == 'x';
    int code = 0;
    size_t at = hexadecimal ? 3 : 2, first = at;
    for (; at < left && at < first + 5 && isxdigit((unsigned char)text[at]); at++) {
        int digit = hex(text + at, 1, 1);
        if (digit > 9 && !hexadecimal)
            return 0;
        code = code * (hexadecimal ? 16 : 10) + digit;
    }
    *ret_code = code;
    return at > first && at < left && text[at] == ';' && code < 0x10000 ? at + 1 : 0;
}

/* What an escape at text stands for: as in JSON, in Go and shells (\u00e4, \x41, \", \/, \n), in a
 * URL (%41), in HTML (&#65;). Returns its bytes there, 0: it is none. */
static size_t escape_at(const char *text, size_t left, char bytes[3], size_t *ret_len)
{
    static const char letters[] = "ntrbf", meant[] = "\n\t\r\b\f";
    int code = -1;
    size_t size = 0;
    if (left >= 3 && text[0] == '%' && (code = hex(text + 1, left - 1, 2)) >= 0)
        size = 3;
    else if (left >= 6 && text[0] == '\\' && text[1] == 'u' &&
             (code = hex(text + 2, left - 2, 4)) >= 0)
        size = 6;
    else if (left >= 4 && text[0] == '\\' && text[1] == 'x' &&
             (code = hex(text + 2, left - 2, 2)) >= 0)
        size = 4;
    else if (text[0] == '&')
        size = entity_at(text, left, &code);
    if (size && text[0] != '&' && text[1] != 'u') { /* a byte, not a character */
        bytes[0] = (char)code;
        *ret_len = 1;
        return size;
    }
    if (size) {
        *ret_len = encode(code, bytes);
        return size;
    }
    if (left < 2 || text[0] != '\\')
        return 0;
    const char *letter = text[1] ? strchr(letters, text[1]) : NULL;
    bytes[0] = letter ? meant[letter - letters] : text[1];
    *ret_len = 1;
    return 2;
}

/* What may part a long secret, as base64 is wrapped: blanks, line breaks, and what nobody sees. Bytes
 * there, 0: it is none. */
static size_t gap_at(const char *text, size_t left)
{
    bool plain;
    uint32_t code;
    if (*text == ' ')
        return 1;
    size_t step = glm_shown_character(text, left, &plain, &code);
    return plain ? 0 : step;
}

/* Bytes at text that stand for what the needle has behind `same` bytes, and how many of it they are (0:
 * they are a gap). Returns 0: it goes on otherwise. */
static size_t compare_step(const struct needle *n, size_t same, char escape, const char *text,
                           size_t left, size_t *ret_count)
{
    char bytes[3];
    bool plus = *text == '+' && n->text[same] == ' '; /* in a form of HTML */
    *ret_count = 1;
    if ((*text == n->text[same] && *text != escape) || plus)
        return 1;
    size_t step = escape_at(text, left, bytes, ret_count);
    if (step && *ret_count <= n->len - same && memcmp(bytes, n->text + same, *ret_count) == 0)
        return step;
    bool gap = step && *ret_count == 1 && strchr(" \t\r\n", *bytes);
    *ret_count = 0;
    if (same < PARTED_MIN)
        return 0;
    return gap ? step : gap_at(text, left);
}

/* Bytes of the text at `at` that are of the needle; ret_same: how many of the needle's they are.
 * escape: a character of the needle that begins escapes where the text is escaped, and so never stands
 * for itself there; 0: what can stand for itself does. */
static size_t compare(const struct needle *n, char escape, const char *text, size_t len, size_t at,
                      size_t *ret_same)
{
    size_t same = 0, from = at, end = at;
    while (same < n->len && at < len) {
        size_t count, step = compare_step(n, same, escape, text + at, len - at, &count);
        if (!step)
            break;
        same += count;
        at += step;
        end = count ? at : end;
    }
    *ret_same = same;
    return end - from;
}

/* The same, however the text is escaped. */
static size_t compare_escaped(const struct needle *n, const char *text, size_t len, size_t at,
                              size_t *ret_same)
{
    static const char escapes[] = {'%', '\\', '&'};
    size_t longest = compare(n, 0, text, len, at, ret_same);
    for (size_t i = 0; i < sizeof escapes && *ret_same < n->len; i++) {
        size_t same, bytes;
        if (!memchr(n->text, escapes[i], n->len))
            continue;
        bytes = compare(n, escapes[i], text, len, at, &same);
        if (same > *ret_same) {
            *ret_same = same;
            longest = bytes;
        }
    }
    return longest;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool begins_escape(char c)
{
    return c == '%' || c == '\\' || c == '&';
}

/* Bytes at `at` that are of a secret that begins with the character. */
static size_t longest_of(const struct secrets *s, char first, const char *text, size_t len,
                         size_t at, size_t least)
{
    size_t longest = 0;
    char second = at + 1 < len ? text[at + 1] : '\0';
    for (const char *found = s->firsts, *end = s->firsts + s->count;
         (found = memchr(found, first, (size_t)(end - found))); found++) {
        const struct needle *n = &s->needles[found - s->firsts];
        bool plus = second == '+' && n->text[1] == ' ';
        if (text[at] == first && n->text[1] != second && !plus && !begins_escape(second) &&
            !begins_escape(first))
            continue;
        size_t same, bytes = n->len < least ? 0 : compare_escaped(n, text, len, at, &same);
        if (!bytes)
            continue;
        bool whole = same == n->len;
        bool alone = (at == 0 || !is_word(text[at - 1])) &&
                     (at + bytes == len || !is_word(text[at + bytes]));
        if ((whole && (n->len >= SECRET_LONG_MIN || alone)) || same >= BEGUN_MIN)
            longest = bytes > longest ? bytes : longest;
    }
    return longest;
}

/* Bytes at `at` that are of a secret of at least so many bytes. Most bytes of most answers begin
 * none. */
static size_t secret_at(const struct secrets *s, const char *text, size_t len, size_t at,
                        size_t least)
{
    char first = text[at], meant[3] = {first == '+' ? ' ' : first}; /* in a form of HTML */
    size_t count;
    if (begins_escape(first))
        escape_at(text + at, len - at, meant, &count);
    size_t plain = s->begins[(unsigned char)first] ? longest_of(s, first, text, len, at, least) : 0;
    if (*meant == first || !s->begins[(unsigned char)*meant])
        return plain;
    size_t escaped = longest_of(s, *meant, text, len, at, least);
    return escaped > plain ? escaped : plain;
}

static const char *starred(const struct secrets *s, struct glm_arena *arena, const char *text,
                           size_t len, size_t least)
{
    struct glm_text out;
    size_t copied = 0;
    bool found = false;
    for (size_t at = 0; s->count && at < len;) {
        size_t secret = secret_at(s, text, len, at, least);
        if (!secret) {
            at++;
            continue;
        }
        if (!found)
            glm_text_init(&out, arena, SIZE_MAX / 4);
        found = true;
        glm_text_add(&out, text + copied, at - copied);
        glm_text_adds(&out, STARS);
        at += secret;
        copied = at;
    }
    if (!found)
        return text;
    glm_text_add(&out, text + copied, len - copied);
    return out.data;
}

const char *secrets_starred(const struct secrets *s, struct glm_arena *arena, const char *text,
                            size_t len)
{
    return starred(s, arena, text, len, 0);
}

static const struct glm_value *walk(const struct secrets *s, struct glm_arena *arena,
                                    const struct glm_value *v, size_t least);

/* All pairs are put together anew where one of them changes: time and memory grow with their number. */
static const struct glm_value *walk_map(const struct secrets *s, struct glm_arena *arena,
                                        const struct glm_value *v, size_t least)
{
    static const char *const words[] = {"message", "note", "error"};
    struct glm_map_builder b;
    bool changed = false;
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        bool for_people = false;
        for (size_t w = 0; w < sizeof words / sizeof *words; w++)
            for_people |= strcmp(pair->key, words[w]) == 0;
        if (strcmp(pair->key, "spec") == 0)
            continue;
        const char *key = starred(s, arena, pair->key, strlen(pair->key), least);
        const struct glm_value *as = walk(s, arena, pair->value, for_people ? 0 : least);
        if (key == pair->key && as == pair->value)
            continue;
        if (!changed)
            glm_map_init_from(&b, arena, v);
        changed = true;
        b.pairs[i].key = key;
        b.pairs[i].value = as;
    }
    return changed ? glm_map_finish(&b, NULL) : v;
}

static const struct glm_value *walk_list(const struct secrets *s, struct glm_arena *arena,
                                         const struct glm_value *v, size_t least)
{
    const struct glm_value **items = NULL;
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_value *as = walk(s, arena, v->as.list[i], least);
        if (as == v->as.list[i])
            continue;
        if (!items) {
            items = GLM_NEW_ARRAY(arena, v->len, const struct glm_value *);
            memcpy(items, v->as.list, v->len * sizeof *items);
        }
        items[i] = as;
    }
    if (!items)
        return v;
    struct glm_list_builder list;
    glm_list_init(&list, arena);
    for (size_t i = 0; i < v->len; i++)
        glm_list_add(&list, items[i]);
    return glm_list_finish(&list);
}

/* As deep as the decoder lets values be. */
static const struct glm_value *walk(const struct secrets *s, struct glm_arena *arena,
                                    const struct glm_value *v, size_t least)
{
    if (glm_is_map(v))
        return walk_map(s, arena, v, least);
    if (glm_is_list(v))
        return walk_list(s, arena, v, least);
    if (!glm_is_string(v))
        return v;
    const char *text = starred(s, arena, v->as.text, v->len, least);
    return text == v->as.text ? v : glm_string(arena, text);
}

const struct glm_value *secrets_starred_answer(const struct secrets *s, struct glm_arena *arena,
                                               const struct glm_value *v)
{
    return s->count ? walk(s, arena, v, SECRET_PART_MIN) : v;
}
