/* SPDX-License-Identifier: Apache-2.0
 *
 * Credentials found in whatever form they are repeated.
 */
#include "internal.h"

#include <ctype.h>
#include <string.h>

#define NEEDLES_MAX ((size_t)512)
#define WORD_MIN ((size_t)3)   /* shorter ones are not looked for */
#define LONG_MIN ((size_t)8)   /* shorter ones are words of their own */
#define PART_MIN ((size_t)16)  /* of a token or a key, that is known alone */
#define BEGUN_MIN ((size_t)16) /* of a longer one that was cut */
#define DECODED_MIN ((size_t)8)
#define STARS "***"

struct needle {
    const char *text;
    size_t len;
};

struct secrets {
    struct glm_arena *arena;
    struct needle needles[NEEDLES_MAX];
    size_t count;
    bool begins[256];
};

struct secrets *secrets_create(struct glm_arena *arena)
{
    struct secrets *s = GLM_NEW(arena, struct secrets);
    s->arena = arena;
    return s;
}

/* ---- what is looked for ---- */

static void add_needle(struct secrets *s, const char *text, size_t len)
{
    if (len < WORD_MIN || s->count == NEEDLES_MAX)
        return;
    for (size_t i = 0; i < s->count; i++)
        if (s->needles[i].len == len && memcmp(s->needles[i].text, text, len) == 0)
            return;
    s->needles[s->count++] = (struct needle){glm_strndup(s->arena, text, len), len};
    s->begins[(unsigned char)*text] = true;
}

/* Whole, and without the last character, which depends on what comes behind. */
static void add_code(struct secrets *s, const char *code, size_t len)
{
    add_needle(s, code, strcspn(code, "="));
    add_needle(s, code, len / 3 * 4 + len % 3);
}

static void add_encoded(struct secrets *s, const char *text, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;
    char *code = glm_strdup(s->arena, glm_base64_encode(s->arena, bytes, len));
    add_code(s, code, len);
    for (size_t i = 0; code[i]; i++)
        code[i] = code[i] == '+' ? '-' : code[i] == '/' ? '_' : code[i];
    add_code(s, code, len);
}

/* What base64, of either alphabet, stands for, where that is text. */
static void add_decoded(struct secrets *s, const char *text, size_t len)
{
    size_t rest = len % 4, decoded_len;
    if (len < DECODED_MIN || rest == 1)
        return;
    char *code = glm_alloc(s->arena, len + 4);
    for (size_t i = 0; i < len; i++)
        code[i] = text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i];
    size_t padding = rest ? 4 - rest : 0;
    memset(code + len, '=', padding);
    const char *decoded = glm_base64_decode(s->arena, code, len + padding, &decoded_len);
    bool text_like = decoded && decoded_len >= DECODED_MIN && glm_utf8_valid(decoded, decoded_len);
    for (size_t i = 0; text_like && i < decoded_len; i++)
        text_like = (unsigned char)decoded[i] >= ' ' && decoded[i] != 0x7f;
    if (text_like)
        add_needle(s, decoded, decoded_len);
}

/* Lines of a key, but not those that say that it is one; parts of a token between dots. */
static void add_parts(struct secrets *s, const char *text, size_t len)
{
    for (size_t at = 0; at < len;) {
        size_t part = strcspn(text + at, "\r\n.");
        bool framing = strncmp(text + at, "-----", 5) == 0;
        if (part >= PART_MIN && part < len && !framing) {
            add_needle(s, text + at, part);
            add_decoded(s, text + at, part);
        }
        at += part + 1;
    }
}

void secrets_add(struct secrets *s, const char *text)
{
    size_t len = text ? strlen(text) : 0;
    if (len == 0)
        return;
    if (!strpbrk(text, "\r\n"))
        add_needle(s, text, len);
    add_parts(s, text, len);
    if (len < LONG_MIN)
        return;
    add_encoded(s, text, len);
    add_decoded(s, text, len);
}

void secrets_add_login(struct secrets *s, const char *user, const char *password)
{
    const char *both = glm_sprintf(s->arena, "%s:%s", user, password ? password : "");
    secrets_add(s, password);
    add_needle(s, both, strlen(both));
    add_encoded(s, both, strlen(both));
}

/* %41: a byte of a URL. */
static char *unescaped(struct glm_arena *arena, const char *text, size_t len)
{
    char *out = glm_strndup(arena, text, len), *to = out;
    for (const char *c = out; *c; c++, to++) {
        unsigned byte = 0;
        bool code = *c == '%' && isxdigit((unsigned char)c[1]) && isxdigit((unsigned char)c[2]);
        for (int i = 1; code && i < 3; i++)
            byte = byte * 16 +
                   (unsigned)(isdigit((unsigned char)c[i]) ? c[i] - '0' : (c[i] | 0x20) - 'a' + 10);
        *to = code && byte ? (char)byte : *c;
        c += code && byte ? 2 : 0;
    }
    *to = '\0';
    return out;
}

void secrets_add_url(struct secrets *s, const char *url)
{
    const char *from = url ? strstr(url, "://") : NULL;
    if (!url)
        return;
    from = from ? from + strlen("://") : url;
    size_t word = strcspn(from, " \t\r\n\"'"), end = 0;
    for (size_t i = 0; i < word; i++) /* a password may hold a "/" or "@" that nobody escaped */
        end = from[i] == '@' ? i : end;
    const char *colon = memchr(from, ':', end);
    if (!end)
        return;
    size_t user = colon ? (size_t)(colon - from) : end;
    secrets_add_login(s, unescaped(s->arena, from, user),
                      colon ? unescaped(s->arena, colon + 1, end - user - 1) : NULL);
    add_needle(s, from, end);
}

bool secrets_names_one(const char *name)
{
    static const char *const parts[] = {"SECRET", "TOKEN", "PASS", "KEY",    "CREDENTIAL", "COOKIE",
                                        "APIKEY", "PWD",   "AUTH", "BEARER", "SIGNATURE"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcasestr(name, parts[i]))
            return true;
    return false;
}

/* Letters of both cases and digits, and nothing that names are made with: no word is like that. */
static bool looks_random(const char *text, size_t len)
{
    bool digit = false, upper = false, lower = false;
    for (size_t i = 0; i < len; i++) {
        if (!isalnum((unsigned char)text[i]) && !strchr("+/=_-", text[i]))
            return false;
        digit |= isdigit((unsigned char)text[i]) != 0;
        upper |= isupper((unsigned char)text[i]) != 0;
        lower |= islower((unsigned char)text[i]) != 0;
    }
    return len >= PART_MIN && digit && upper && lower;
}

/* -u name:password, --token x, Authorization: Bearer x */
static bool introduces(const char *before)
{
    if (!before)
        return false;
    bool option = before[0] == '-' || before[strlen(before) - (*before != '\0')] == ':';
    return strcmp(before, "-u") == 0 || strcmp(before, "-p") == 0 ||
           strcmp(before, "--user") == 0 || strcasecmp(before, "Bearer") == 0 ||
           strcasecmp(before, "Basic") == 0 || (option && secrets_names_one(before));
}

static void add_word(struct secrets *s, const char *before, const char *word)
{
    size_t len = strlen(word), name = strcspn(word, "=:");
    if (introduces(before) && word[0] != '-' && strcasecmp(word, "Bearer") != 0 &&
        strcasecmp(word, "Basic") != 0) {
        secrets_add(s, word);
        secrets_add(s, word[name] ? word + name + 1 : NULL);
    }
    if (word[name] && secrets_names_one(glm_strndup(s->arena, word, name)))
        secrets_add(s, word + name + 1);
    if (strstr(word, "://"))
        secrets_add_url(s, word);
    if (looks_random(word, len))
        secrets_add(s, word);
    if (word[name] == '=' && looks_random(word + name + 1, len - name - 1))
        secrets_add(s, word + name + 1);
}

void secrets_add_argument(struct secrets *s, const char *before, const char *argument)
{
    static const char ends[] = " \t\r\n\"'`;|&()";
    /* An option with one that is a text of several words, or a script. */
    if (before && before[0] == '-' && introduces(before) && argument[0] != '-')
        secrets_add(s, argument);
    while (*argument) {
        size_t len = strcspn(argument, ends);
        if (len) {
            const char *word = glm_strndup(s->arena, argument, len);
            add_word(s, before, word);
            before = word;
        }
        argument += len + (argument[len] != '\0');
    }
}

void secrets_add_exec(struct secrets *s, const struct exec_config *exec)
{
    for (size_t i = 0; exec->args && exec->args[i]; i++)
        secrets_add_argument(s, i ? exec->args[i - 1] : NULL, exec->args[i]);
    for (size_t i = 0; i < exec->environment_count; i++)
        if (secrets_names_one(exec->environment[i].key))
            secrets_add(s, glm_string_or(exec->environment[i].value, NULL));
}

struct secrets *secrets_of(struct glm_arena *arena, const struct access *access,
                           const struct credential *credential)
{
    struct secrets *s = secrets_create(arena);
    struct http_environment environment;
    const char *sent = credential && credential->authorization ? credential->authorization : "";
    sent += strcspn(sent, " ");
    secrets_add(s, sent + (*sent == ' '));
    if (credential)
        secrets_add(s, credential->key);
    secrets_add(s, access->token);
    secrets_add(s, access->route.key);
    if (access->username)
        secrets_add_login(s, access->username, access->password);
    secrets_add_url(s, access->proxy);
    http_environment(&environment);
    secrets_add_url(s, environment.https_proxy);
    secrets_add_url(s, environment.http_proxy);
    if (access->exec)
        secrets_add_exec(s, access->exec);
    return s;
}

/* ---- where it is ---- */

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

/* What an escape at text stands for: as in JSON, in Go and shells (\u00e4, \x41, \", \/, \n), in a
 * URL (%41). Returns its bytes there, 0: it is none. */
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
    if (size && text[1] != 'u') { /* a byte, not a character */
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

/* Bytes of the text at `at` that are of the needle; ret_same: how many of the needle's they are. */
static size_t compare(const struct needle *n, const char *text, size_t len, size_t at,
                      size_t *ret_same)
{
    size_t same = 0, from = at;
    while (same < n->len && at < len) {
        char bytes[3];
        size_t count = 0, step = 1;
        if (text[at] == n->text[same]) {
            count = 1;
        } else {
            step = escape_at(text + at, len - at, bytes, &count);
            if (!step || count > n->len - same || memcmp(bytes, n->text + same, count) != 0)
                break;
        }
        same += count;
        at += step;
    }
    *ret_same = same;
    return at - from;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Bytes at `at` that are of a secret of at least so many bytes. */
static size_t secret_at(const struct secrets *s, const char *text, size_t len, size_t at,
                        size_t least)
{
    size_t longest = 0;
    bool any = s->begins[(unsigned char)text[at]] || text[at] == '%' || text[at] == '\\';
    for (size_t i = 0; any && i < s->count; i++) {
        const struct needle *n = &s->needles[i];
        size_t same, bytes = n->len < least ? 0 : compare(n, text, len, at, &same);
        if (!bytes)
            continue;
        bool whole = same == n->len;
        bool alone = (at == 0 || !is_word(text[at - 1])) &&
                     (at + bytes == len || !is_word(text[at + bytes]));
        if ((whole && (n->len >= LONG_MIN || alone)) || same >= BEGUN_MIN)
            longest = bytes > longest ? bytes : longest;
    }
    return longest;
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

static const struct glm_value *walk_map(const struct secrets *s, struct glm_arena *arena,
                                        const struct glm_value *v, size_t least)
{
    static const char *const words[] = {"message", "note", "error"};
    const struct glm_value *now = v;
    for (size_t i = 0; i < v->len; i++) {
        const struct glm_pair *pair = &v->as.map[i];
        bool for_people = false;
        for (size_t w = 0; w < sizeof words / sizeof *words; w++)
            for_people |= strcmp(pair->key, words[w]) == 0;
        if (strcmp(pair->key, "spec") == 0)
            continue;
        const struct glm_value *as = walk(s, arena, pair->value, for_people ? 0 : least);
        if (as != pair->value)
            now = glm_with(arena, now, pair->key, as);
    }
    return now;
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
    return s->count ? walk(s, arena, v, PART_MIN) : v;
}
