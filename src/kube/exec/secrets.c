/* SPDX-License-Identifier: Apache-2.0
 *
 * What is looked for of a credential: itself, its parts, and what it looks like encoded.
 */
#include "internal.h"

#include <ctype.h>
#include <string.h>

#define WORD_MIN ((size_t)3) /* shorter ones are not looked for */
#define DECODED_MIN ((size_t)8)
/* Of a longer one, encoded forms are not: all of them together are ninety times as long. */
#define ENCODED_MAX ((size_t)64 << 10)

struct secrets *secrets_create(struct glm_arena *arena)
{
    struct secrets *s = GLM_NEW(arena, struct secrets);
    s->arena = arena;
    return s;
}

/* ---- what is looked for ---- */

static void add_needle(struct secrets *s, const char *text, size_t len)
{
    if (len < WORD_MIN)
        return;
    for (size_t i = 0; i < s->count; i++)
        if (s->needles[i].len == len && memcmp(s->needles[i].text, text, len) == 0)
            return;
    if (s->count == SECRET_NEEDLES_MAX) {
        s->full = true;
        return;
    }
    s->firsts[s->count] = *text;
    s->needles[s->count++] = (struct needle){glm_strndup(s->arena, text, len), len};
    s->begins[(unsigned char)*text] = true;
}

/* Base64, in either alphabet, whatever stands before the text and behind it: of three bytes come four
 * characters, so there are three ways, and those at the ends that depend on others are left out. */
static void add_base64(struct secrets *s, const char *text, size_t len)
{
    for (size_t before = 0; before < 3; before++) {
        char *padded = glm_alloc(s->arena, before + len);
        memcpy(padded + before, text, len);
        char *code = glm_strdup(s->arena,
                                glm_base64_encode(s->arena, (unsigned char *)padded, before + len));
        size_t from = before ? before + 1 : 0, end = (before + len) * 4 / 3;
        for (int alphabet = 0; alphabet < 2; alphabet++) {
            if (!before)
                add_needle(s, code, strcspn(code, "="));
            add_needle(s, code + from, end - from);
            for (size_t i = 0; code[i]; i++)
                code[i] = code[i] == '+' ? '-' : code[i] == '/' ? '_' : code[i];
        }
    }
}

/* As programs print bytes: 736563, 73656D and, as Go does, 115 101 99. */
static void add_numbers(struct secrets *s, const char *text, size_t len)
{
    struct glm_text small, large, decimal;
    struct glm_text *all[] = {&small, &large, &decimal};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        glm_text_init(all[i], s->arena, SIZE_MAX / 4);
    for (size_t i = 0; i < len; i++) {
        unsigned byte = (unsigned char)text[i];
        glm_text_addf(&small, "%02x", byte);
        glm_text_addf(&large, "%02X", byte);
        glm_text_addf(&decimal, "%s%u", i ? " " : "", byte);
    }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        add_needle(s, all[i]->data, all[i]->len);
}

static void add_encoded(struct secrets *s, const char *text, size_t len)
{
    if (len > ENCODED_MAX)
        return;
    add_base64(s, text, len);
    add_numbers(s, text, len);
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
        if (part >= SECRET_PART_MIN && part < len && !framing) {
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
    if (len < SECRET_LONG_MIN)
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

/* "user:password" of a URL. */
static void add_user_of_url(struct secrets *s, const char *from, size_t len)
{
    const char *colon = memchr(from, ':', len);
    size_t user = colon ? (size_t)(colon - from) : len;
    if (!len)
        return;
    secrets_add_login(s, unescaped(s->arena, from, user),
                      colon ? unescaped(s->arena, colon + 1, len - user - 1) : NULL);
    add_needle(s, from, len);
}

/* Behind the "://" of one of several URLs: a proper one ends the password with its first "@", one that
 * nobody escaped with its last. */
static void add_one_of_urls(struct secrets *s, const char *from)
{
    size_t len = 0;
    while (from[len] && !strchr(" \t\r\n\"'`,", from[len]) && strncmp(from + len, "://", 3) != 0)
        len++;
    const char *first = memchr(from, '@', len), *last = memrchr(from, '@', len);
    if (first)
        add_user_of_url(s, from, (size_t)(first - from));
    if (last != first)
        add_user_of_url(s, from, (size_t)(last - from));
}

void secrets_add_url(struct secrets *s, const char *url)
{
    const char *from = url ? strstr(url, "://") : NULL;
    if (!url)
        return;
    for (const char *one = from; one; one = strstr(one, "://"))
        add_one_of_urls(s, one += strlen("://"));
    from = from ? from + strlen("://") : url;
    /* A password may hold whatever nobody escaped: "/", "@", blanks and quotes. */
    const char *at = strrchr(from, '@');
    add_user_of_url(s, from, at ? (size_t)(at - from) : 0);
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
    return len >= SECRET_PART_MIN && digit && upper && lower;
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

void secrets_add_environment(struct secrets *s, const char *const *environment)
{
    for (; environment && *environment; environment++) {
        size_t name = strcspn(*environment, "=");
        const char *value = *environment + name + ((*environment)[name] == '=');
        if (secrets_names_one(glm_strndup(s->arena, *environment, name)))
            secrets_add(s, value);
        else if (strstr(value, "://"))
            secrets_add_url(s, value);
    }
}

void secrets_add_access(struct secrets *s, const struct access *access)
{
    struct http_environment environment;
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
}

struct secrets *secrets_of(struct glm_arena *arena, const struct access *access,
                           const struct credential *credential)
{
    struct secrets *s = secrets_create(arena);
    const char *sent = credential && credential->authorization ? credential->authorization : "";
    sent += strcspn(sent, " ");
    secrets_add(s, sent + (*sent == ' '));
    if (credential)
        secrets_add(s, credential->key);
    secrets_add_access(s, access);
    return s;
}
