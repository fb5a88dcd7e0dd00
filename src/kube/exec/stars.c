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
#define LOOK_BYTES ((size_t)64 << 10) /* a look whether to go on */

static bool begins_escape(char c)
{
    return c == '%' || c == '\\' || c == '&';
}

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

/* \101, of C and printf: the byte, or -1. */
static int octal(const char *text, size_t left)
{
    int code = 0;
    for (size_t i = 1; i < 4; i++) {
        if (left < 4 || text[i] < '0' || text[i] > '7')
            return -1;
        code = code * 8 + text[i] - '0';
    }
    return code < 256 ? code : -1;
}

/* What an escape at text stands for: as in JSON, in Go and shells (\u00e4, \x41, \101, \", \/, \n), in
 * a URL (%41), in HTML (&#65;). Returns its bytes there, 0: it is none. */
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
    else if ((left >= 4 && text[0] == '\\' && text[1] == 'x' &&
              (code = hex(text + 2, left - 2, 2)) >= 0) ||
             (text[0] == '\\' && (code = octal(text, left)) >= 0))
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

#define ONCE_MAX ((size_t)12) /* bytes that the longest escape has, which may be escaped in turn */

/* How many bytes there are to look at of an escape that begins so. */
static size_t escape_len(const char *text, size_t len)
{
    if (*text == '%')
        return 3;
    if (*text == '&')
        return ONCE_MAX;
    return len < 2                                             ? 2
           : text[1] == 'u'                                    ? 6
           : text[1] == 'x' || isdigit((unsigned char)text[1]) ? 4
                                                               : 2;
}

/* The same of what was escaped twice: JSON in JSON, a URL in a URL. */
static size_t twice_at(const char *text, size_t left, char bytes[3], size_t *ret_len)
{
    char once[ONCE_MAX + 3];
    size_t ends[ONCE_MAX + 3], count = 0, at = 0;
    while (at < left && (count == 0 || count < escape_len(once, count))) {
        size_t step = escape_at(text + at, left - at, once + count, ret_len);
        if (!step) {
            once[count] = text[at];
            *ret_len = step = 1;
        }
        at += step;
        for (size_t i = 0; i < *ret_len; i++)
            ends[count++] = at;
        if (!begins_escape(*once))
            return 0;
    }
    size_t step = count ? escape_at(once, count, bytes, ret_len) : 0;
    return step ? ends[step - 1] : 0;
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

/* How a text is escaped, as far as it is not clear from itself. */
struct manner {
    char
        escape; /* of the needle: begins escapes, so it never stands for itself; 0: what can does */
    bool twice; /* what may be escaped once or twice is so twice */
};

/* The needle goes on with these bytes. */
static bool goes_on(const struct needle *n, size_t same, const char *bytes, size_t count)
{
    return count <= n->len - same && memcmp(bytes, n->text + same, count) == 0;
}

/* Bytes at text that stand for what the needle has behind `same` bytes, and how many of it they are (0:
 * they are a gap). Returns 0: it goes on otherwise. */
static size_t compare_step(const struct needle *n, size_t same, struct manner manner,
                           const char *text, size_t left, size_t *ret_count)
{
    char bytes[3];
    size_t step = 0, blank = 0;
    bool plus = *text == '+' && n->text[same] == ' '; /* in a form of HTML */
    *ret_count = 1;
    if ((*text == n->text[same] && *text != manner.escape) || plus)
        return 1;
    for (int way = 0; way < 2 && begins_escape(*text); way++) {
        step = (way == 0) == manner.twice ? twice_at(text, left, bytes, ret_count)
                                          : escape_at(text, left, bytes, ret_count);
        if (step && goes_on(n, same, bytes, *ret_count))
            return step;
        if (step && *ret_count == 1 && strchr(" \t\r\n", *bytes))
            blank = step;
    }
    *ret_count = 0;
    if (same < PARTED_MIN)
        return 0;
    return blank ? blank : gap_at(text, left);
}

/* Bytes of the text at `at` that are of the needle; ret_same: how many of the needle's they are. */
static size_t compare(const struct needle *n, struct manner manner, const char *text, size_t len,
                      size_t at, size_t *ret_same)
{
    size_t same = 0, from = at, end = at;
    while (same < n->len && at < len) {
        size_t count, step = compare_step(n, same, manner, text + at, len - at, &count);
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
    static const struct manner manners[] = {{'%', false}, {'%', true},  {'\\', false},
                                            {'\\', true}, {'&', false}, {'&', true}};
    size_t longest = compare(n, (struct manner){0, false}, text, len, at, ret_same);
    for (size_t i = 0; i < sizeof manners / sizeof *manners && *ret_same < n->len; i++) {
        size_t same, bytes;
        if (!memchr(n->text, manners[i].escape, n->len))
            continue;
        bytes = compare(n, manners[i], text, len, at, &same);
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

/* Bytes at `at` that are of a secret that begins with the two characters. */
static size_t longest_of(const struct secrets *s, char first, char second, const char *text,
                         size_t len, size_t at, size_t least)
{
    size_t longest = 0;
    for (const char *found = s->firsts, *end = s->firsts + s->count;
         (found = memchr(found, first, (size_t)(end - found))); found++) {
        const struct needle *n = &s->needles[found - s->firsts];
        if (n->text[1] != second || n->len < least)
            continue;
        size_t same, bytes = compare_escaped(n, text, len, at, &same);
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

/* What the next bytes of a text may stand for. */
struct meaning {
    char bytes[3];
    size_t count, step; /* so many, of so many in the text */
};

static size_t meanings_of(const char *text, size_t left, struct meaning meanings[3])
{
    size_t count = 0;
    if (!left)
        return 0;
    meanings[count++] = (struct meaning){{*text}, 1, 1};
    if (*text == '+') /* in a form of HTML */
        meanings[count++] = (struct meaning){{' '}, 1, 1};
    if (!begins_escape(*text))
        return count;
    struct meaning *m = &meanings[count];
    m->step = escape_at(text, left, m->bytes, &m->count);
    if (m->step)
        m = &meanings[++count];
    m->step = twice_at(text, left, m->bytes, &m->count);
    return count + (m->step != 0);
}

/* Most bytes of most answers begin no secret. */
static size_t longest_at(const struct secrets *s, char first, char second, const char *text,
                         size_t len, size_t at, size_t least)
{
    unsigned pair = (unsigned)(unsigned char)first << 8 | (unsigned char)second;
    if (!(s->pairs[pair / 8] & 1U << pair % 8))
        return 0;
    return longest_of(s, first, second, text, len, at, least);
}

/* Bytes at `at` that are of a secret of at least so many bytes. */
static size_t secret_at(const struct secrets *s, const char *text, size_t len, size_t at,
                        size_t least)
{
    struct meaning firsts[3], seconds[3];
    size_t longest = 0, count = meanings_of(text + at, len - at, firsts);
    for (size_t i = 0; i < count; i++) {
        const struct meaning *m = &firsts[i];
        if (!s->begins[(unsigned char)*m->bytes])
            continue;
        bool more = m->count > 1;
        size_t next = at + m->step, ways = more ? 1 : meanings_of(text + next, len - next, seconds);
        for (size_t k = 0; k < ways; k++) {
            char second = more ? m->bytes[1] : *seconds[k].bytes;
            size_t found = longest_at(s, *m->bytes, second, text, len, at, least);
            longest = found > longest ? found : longest;
        }
    }
    return longest;
}

/* What is looked through, and whether anybody still waits for it. */
struct looking {
    const struct secrets *secrets;
    struct glm_arena *arena;
    bool (*going)(const void *context); /* NULL: to the end */
    const void *context;
    size_t bytes; /* so far */
    bool in_spec;
    bool ended;
};

/* After so many bytes more. */
static bool goes_on_looking(struct looking *l, size_t bytes)
{
    size_t before = l->bytes / LOOK_BYTES;
    l->bytes += bytes;
    if (l->going && l->bytes / LOOK_BYTES != before)
        l->ended = l->ended || !l->going(l->context);
    return !l->ended;
}

/* Whether a byte may stand for another one. */
static bool is_ambiguous(char c)
{
    return c == '+' || begins_escape(c);
}

/* How many bytes from a place on begin no secret, by the next two of each: most are like that. */
static size_t harmless(const struct secrets *s, const char *text, size_t len, size_t at)
{
    size_t end = len - at < LOOK_BYTES ? len : at + LOOK_BYTES, from = at;
    for (; at + 1 < end && !is_ambiguous(text[at]) && !is_ambiguous(text[at + 1]); at++) {
        unsigned pair = (unsigned)(unsigned char)text[at] << 8 | (unsigned char)text[at + 1];
        if (s->pairs[pair / 8] & 1U << pair % 8)
            break;
    }
    return at - from;
}

static const char *starred(struct looking *l, const char *text, size_t len, size_t least)
{
    struct glm_text out;
    size_t copied = 0;
    bool found = false;
    for (size_t at = 0; l->secrets->count && at < len;) {
        size_t skipped = harmless(l->secrets, text, len, at);
        at += skipped;
        if (!goes_on_looking(l, skipped + 1))
            break;
        size_t secret = secret_at(l->secrets, text, len, at, least);
        if (!secret) {
            at++;
            continue;
        }
        if (!found)
            glm_text_init(&out, l->arena, SIZE_MAX / 4);
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

const char *exec_secrets_starred(const struct secrets *s, struct glm_arena *arena, const char *text,
                                 size_t len)
{
    struct looking l = {.secrets = s, .arena = arena};
    const char *clean = starred(&l, text, len, 0);
    clean = exec_folded_starred(s, arena, clean, clean == text ? len : strlen(clean));
    return exec_pieces_starred(s, arena, clean, clean == text ? len : strlen(clean));
}

static const struct glm_value *walk(struct looking *l, const struct glm_value *v, size_t least);

/* A text as it is; with stars where there is something. Part of a credential is looked for in what is long
 * enough for one. Of a spec, which is most of an object, that is all: nobody talks there. */
static const char *walk_text(struct looking *l, const char *text, size_t len, size_t least)
{
    const char *clean = l->in_spec ? text : starred(l, text, len, least);
    size_t left = clean == text ? len : strlen(clean);
    if (left < least || !goes_on_looking(l, left) ||
        (least && !exec_folded_may_have(&l->secrets->folded, clean, left)))
        return clean;
    clean = exec_folded_starred(l->secrets, l->arena, clean, left);
    return least ? clean : exec_pieces_starred(l->secrets, l->arena, clean, strlen(clean));
}

static bool is_for_people(const char *key)
{
    return strcmp(key, "message") == 0 || strcmp(key, "note") == 0 || strcmp(key, "error") == 0;
}

/* All pairs are put together anew where one of them changes: time and memory grow with their number. */
static const struct glm_value *walk_map(struct looking *l, const struct glm_value *v, size_t least)
{
    struct glm_map_builder b;
    bool changed = false, in_spec = l->in_spec;
    for (size_t i = 0; i < v->len && !l->ended; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        bool for_people = is_for_people(pair->key);
        l->in_spec = in_spec || strcmp(pair->key, "spec") == 0;
        const char *key = walk_text(l, pair->key, strlen(pair->key), least);
        const struct glm_value *as = walk(l, pair->value, for_people ? 0 : least);
        l->in_spec = in_spec;
        if (key == pair->key && as == pair->value)
            continue;
        if (!changed)
            glm_map_init_from(&b, l->arena, v);
        changed = true;
        b.pairs[i].key = key;
        b.pairs[i].value = as;
    }
    return changed ? glm_map_finish(&b, NULL) : v;
}

static const struct glm_value *walk_list(struct looking *l, const struct glm_value *v, size_t least)
{
    const struct glm_value **items = NULL;
    for (size_t i = 0; i < v->len && !l->ended; i++) {
        const struct glm_value *as = walk(l, v->as.list[i], least);
        if (as == v->as.list[i])
            continue;
        if (!items) {
            items = GLM_NEW_ARRAY(l->arena, v->len, const struct glm_value *);
            memcpy(items, v->as.list, v->len * sizeof *items);
        }
        items[i] = as;
    }
    if (!items)
        return v;
    struct glm_list_builder list;
    glm_list_init(&list, l->arena);
    for (size_t i = 0; i < v->len; i++)
        glm_list_add(&list, items[i]);
    return glm_list_finish(&list);
}

/* As deep as the decoder lets values be. */
static const struct glm_value *walk(struct looking *l, const struct glm_value *v, size_t least)
{
    if (!goes_on_looking(l, 1))
        return v;
    if (glm_is_map(v))
        return walk_map(l, v, least);
    if (glm_is_list(v))
        return walk_list(l, v, least);
    if (!glm_is_string(v))
        return v;
    const char *text = walk_text(l, v->as.text, v->len, least);
    return text == v->as.text ? v : glm_string(l->arena, text);
}

const struct glm_value *exec_secrets_starred_answer(const struct secrets *s,
                                                    struct glm_arena *arena,
                                                    bool (*going)(const void *context),
                                                    const void *context, const struct glm_value *v)
{
    struct looking l = {.secrets = s, .arena = arena, .going = going, .context = context};
    const struct glm_value *clean = s->count ? walk(&l, v, SECRET_PART_MIN) : v;
    return l.ended ? NULL : clean;
}
