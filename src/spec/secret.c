/* SPDX-License-Identifier: Apache-2.0
 *
 * Secret: what a document says under names of credentials is starred in all that is said about it:
 * the logs of a pipeline have many readers.
 */
#include "internal.h"

#include <ctype.h>
#include <string.h>

/* More pieces than this are not sought: every quote would wait for them. */
#define PIECES_MAX ((size_t)64)
/* A piece this long is known by its beginning, wherever it stands; a shorter one only as a word. */
#define KNOWN_BY ((size_t)8)
#define PIECE_MIN ((size_t)4)

struct piece {
    const char *text;
    size_t len;
};

struct glm_spec_secrets {
    struct piece pieces[PIECES_MAX];
    size_t count;
    bool begins[256]; /* a piece, with this byte */
};

/* DB_PASSWORD, apiKey, GITHUB_TOKEN: judged by how the name ends. */
bool glm_spec_names_secret(struct glm_arena *arena, const char *name)
{
    static const char *const ends[] = {
        "PASSWORD",  "PASSWD",     "PASSPHRASE", "SECRET",     "TOKEN",      "APIKEY",
        "ACCESSKEY", "PRIVATEKEY", "SECRETKEY",  "LICENSEKEY", "CREDENTIAL", "CREDENTIALS",
    };
    struct glm_text text;
    glm_text_init(&text, arena, strlen(name) + 1);
    for (; *name; name++)
        if (isalnum((unsigned char)*name))
            glm_text_addc(&text, (char)toupper((unsigned char)*name));
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t len = strlen(ends[i]);
        if (text.len >= len && strcmp(text.data + text.len - len, ends[i]) == 0)
            return true;
    }
    return false;
}

/* ---- what is to be starred ---- */

/* The parts that stand in the text as they are however it is written: JSON escapes what is between
 * them, and YAML breaks lines there. */
static void add_pieces(struct glm_spec_secrets *s, const char *text, size_t len)
{
    for (size_t at = 0; at < len && s->count < PIECES_MAX;) {
        size_t end = at;
        while (end < len && (unsigned char)text[end] >= ' ' && !strchr("\"\\<>&", text[end]))
            end++;
        if (end - at >= PIECE_MIN) {
            s->pieces[s->count++] = (struct piece){text + at, end - at};
            s->begins[(unsigned char)text[at]] = true;
        }
        at = end + 1;
    }
}

/* https://user:password@registry */
static void add_password_of_url(struct glm_spec_secrets *s, const char *text)
{
    const char *from = strstr(text, "://");
    from = from ? from + strlen("://") : text;
    size_t user = strcspn(from, ":@/"), end = user + strcspn(from + user, "@/");
    if (from[user] == ':' && from[end] == '@')
        add_pieces(s, from + user + 1, end - user - 1);
}

static bool is_leaf(const struct glm_value *v)
{
    return glm_is_string(v) || v->kind == GLM_NUMBER;
}

static void gather(struct glm_arena *arena, struct glm_spec_secrets *s, const struct glm_value *v)
{
    if (s->count == PIECES_MAX)
        return;
    if (glm_is_string(v))
        add_password_of_url(s, v->as.text);
    for (size_t i = 0; glm_is_list(v) && i < v->len; i++)
        gather(arena, s, glm_at(v, i));
    const char *name = glm_is_map(v) ? glm_string_or(glm_get(v, "name"), "") : "";
    for (size_t i = 0; glm_is_map(v) && i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        const char *said_of = strcmp(pair->key, "value") == 0 && *name ? name : pair->key;
        if (is_leaf(pair->value) && glm_spec_names_secret(arena, said_of))
            add_pieces(s, pair->value->as.text, pair->value->len);
        else
            gather(arena, s, pair->value);
    }
}

struct glm_spec_secrets *spec_secrets_of(struct glm_arena *arena, const struct glm_value *document)
{
    struct glm_spec_secrets *s = GLM_NEW(arena, struct glm_spec_secrets);
    gather(arena, s, document);
    return s;
}

/* ---- the stars ---- */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Bytes at `at` that are of a secret. A message may have cut it. */
static size_t secret_at(const struct glm_spec_secrets *s, const char *text, size_t len, size_t at)
{
    size_t longest = 0;
    bool any = s->begins[(unsigned char)text[at]];
    for (size_t i = 0; any && i < s->count; i++) {
        const struct piece *p = &s->pieces[i];
        size_t same = 0;
        while (same < p->len && at + same < len && text[at + same] == p->text[same])
            same++;
        bool word = same == p->len && (at == 0 || !is_word(text[at - 1])) &&
                    (at + same == len || !is_word(text[at + same]));
        if ((word || same >= KNOWN_BY) && same > longest)
            longest = same;
    }
    return longest;
}

const char *spec_starred(struct glm_arena *arena, const struct glm_spec_secrets *s,
                         const char *text, size_t len, size_t *ret_len)
{
    struct glm_text out;
    *ret_len = len;
    if (!s || s->count == 0)
        return text;
    glm_text_init(&out, arena, len + 1);
    for (size_t at = 0; at < len;) {
        size_t secret = secret_at(s, text, len, at), end = at + secret;
        if (!secret)
            glm_text_addc(&out, text[at++]);
        /* A star for each character: columns stay what they are. */
        for (bool shown; at < end;) {
            glm_text_addc(&out, '*');
            at += spec_character(text + at, len - at, &shown);
        }
    }
    *ret_len = out.len;
    return out.data;
}

/* ---- a text that nobody could decode ---- */

/* The key before the colon at `at`: ret_len bytes of it. */
static const char *key_before(const char *text, size_t at, size_t *ret_len)
{
    size_t end = at, start;
    while (end > 0 && strchr("\"' ", text[end - 1]))
        end--;
    for (start = end; start > 0 && (is_word(text[start - 1]) || strchr("-.", text[start - 1]));)
        start--;
    *ret_len = end - start;
    return text + start;
}

/* The rest of the line after such a key: where a value ends, nobody knows. */
const char *spec_starred_by_keys(struct glm_arena *arena, const char *text, size_t len)
{
    char *copy = glm_strndup(arena, text, len);
    for (size_t at = 0; at < len; at++) {
        size_t key_len;
        const char *key = text[at] == ':' ? key_before(text, at, &key_len) : NULL;
        size_t from = at + 1;
        while (key && from < len && text[from] == ' ')
            from++;
        if (!key || from == len || strchr("{[\r\n", text[from]) ||
            !glm_spec_names_secret(arena, glm_strndup(arena, key, key_len)))
            continue;
        for (at = from; at < len && text[at] != '\r' && text[at] != '\n'; at++)
            copy[at] = '*';
    }
    return copy;
}
