/* SPDX-License-Identifier: Apache-2.0
 *
 * What is looked for of a credential: itself, its parts, and what it looks like encoded.
 */
#include "internal.h"

#include <ctype.h>
#include <string.h>

#define WORD_MIN ((size_t)3) /* shorter ones are not looked for */
#define DECODED_MIN ((size_t)8)
/* Of a longer one, encoded forms are not: all of them together are 150 times as long. */
#define ENCODED_MAX ((size_t)64 << 10)

struct secrets *exec_secrets_create(struct glm_arena *arena)
{
    struct secrets *s = GLM_NEW(arena, struct secrets);
    s->arena = arena;
    return s;
}

/* ---- what is looked for ---- */

static void make_room(struct secrets *s)
{
    size_t room = s->room ? 2 * s->room : 64;
    if (s->count < s->room)
        return;
    s->needles =
        glm_regrow(s->arena, s->needles, s->room * sizeof *s->needles, room * sizeof *s->needles);
    s->firsts = glm_regrow(s->arena, s->firsts, s->room, room);
    s->room = room;
}

static void add_needle(struct secrets *s, const char *text, size_t len)
{
    if (len < WORD_MIN || s->full)
        return;
    for (size_t i = 0; i < s->count; i++)
        if (s->needles[i].len == len && memcmp(s->needles[i].text, text, len) == 0)
            return;
    if (s->count == SECRET_NEEDLES_MAX) {
        s->full = true;
        return;
    }
    make_room(s);
    s->firsts[s->count] = *text;
    s->needles[s->count++] = (struct needle){glm_strndup(s->arena, text, len), len};
    s->begins[(unsigned char)*text] = true;
    unsigned pair = (unsigned)(unsigned char)text[0] << 8 | (unsigned char)text[1];
    s->pairs[pair / 8] |= (uint8_t)(1U << pair % 8);
}

/* Base64, in either alphabet, whatever stands before the text and behind it: of three bytes come four
 * characters, so there are three ways, and those at the ends that depend on others are left out. twice:
 * what comes of it encoded again, as it is in a Secret that somebody prints. */
static void add_base64(struct secrets *s, const char *text, size_t len, bool twice)
{
    for (size_t before = 0; before < 3; before++) {
        char *padded = glm_alloc(s->arena, before + len);
        memcpy(padded + before, text, len);
        char *code = glm_strdup(s->arena,
                                glm_base64_encode(s->arena, (unsigned char *)padded, before + len));
        size_t from = before ? before + 1 : 0, end = (before + len) * 4 / 3;
        if (twice)
            add_base64(s, code + from, end - from, false);
        for (int alphabet = 0; alphabet < 2; alphabet++) {
            if (!before)
                add_needle(s, code, strcspn(code, "="));
            add_needle(s, code + from, end - from);
            for (size_t i = 0; code[i]; i++)
                code[i] = code[i] == '+' ? '-' : code[i] == '/' ? '_' : code[i];
        }
    }
}

/* Base32, in capital and small letters: of five bytes come eight characters, so there are five ways. */
static void add_base32(struct secrets *s, const char *text, size_t len)
{
    for (size_t before = 0; before < 5; before++) {
        size_t from = (before * 8 + 4) / 5, end = (before + len) * 8 / 5, count = 0;
        char *code = glm_alloc(s->arena, end + 1);
        for (size_t at = from; at < end; at++) {
            unsigned value = 0;
            for (size_t bit = at * 5; bit < at * 5 + 5; bit++)
                value = value << 1 |
                        ((unsigned)(unsigned char)text[bit / 8 - before] >> (7 - bit % 8) & 1U);
            code[count++] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[value];
        }
        add_needle(s, code, count);
        for (size_t i = 0; i < count; i++)
            code[i] = (char)tolower((unsigned char)code[i]);
        add_needle(s, code, count);
    }
}

static void add_number(struct glm_text *text, const char *digits, unsigned base, unsigned least,
                       unsigned byte)
{
    unsigned power = 1;
    for (unsigned n = 1; power * base <= byte || n < least; n++)
        power *= base;
    for (; power; power /= base)
        glm_text_addc(text, digits[byte / power % base]);
}

/* As programs print bytes: 736563, 73 65 63, 73:65:63, 163 145 143 and, as Go does, 115 101 99. */
static void add_numbers(struct secrets *s, const char *text, size_t len)
{
    static const char small[] = "0123456789abcdef", large[] = "0123456789ABCDEF";
    static const struct {
        const char *digits, *between;
        unsigned base, least;
    } forms[] = {
        {small, "", 16, 2},  {large, "", 16, 2},  {small, " ", 16, 2}, {large, " ", 16, 2},
        {small, ":", 16, 2}, {large, ":", 16, 2}, {small, " ", 10, 1}, {small, " ", 8, 3},
    };
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        struct glm_text code;
        glm_text_init(&code, s->arena, SIZE_MAX / 4);
        for (size_t i = 0; i < len; i++) {
            glm_text_adds(&code, i ? forms[f].between : "");
            add_number(&code, forms[f].digits, forms[f].base, forms[f].least,
                       (unsigned char)text[i]);
        }
        add_needle(s, code.data, code.len);
    }
}

/* Folded it is found in base64 and as the numbers of its bytes, too. */
static void add_folded(struct secrets *s, const char *text, size_t len)
{
    static const struct {
        unsigned base, least;
    } numbers[] = {{16, 2}, {10, 1}, {8, 3}};
    exec_folded_add(s, text, len);
    if (len < SECRET_PART_MIN || len > ENCODED_MAX)
        return;
    for (size_t before = 0; before < 3; before++) {
        char *padded = glm_alloc(s->arena, before + len);
        memcpy(padded + before, text, len);
        const char *code = glm_base64_encode(s->arena, (unsigned char *)padded, before + len);
        size_t from = before ? before + 1 : 0, end = (before + len) * 4 / 3;
        exec_folded_add(s, code + from, end - from);
    }
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
        struct glm_text code;
        glm_text_init(&code, s->arena, SIZE_MAX / 4);
        for (size_t i = 0; i < len; i++)
            add_number(&code, "0123456789abcdef", numbers[n].base, numbers[n].least,
                       (unsigned char)text[i]);
        exec_folded_add(s, code.data, code.len);
    }
}

static void add_encoded(struct secrets *s, const char *text, size_t len)
{
    if (len > ENCODED_MAX)
        return;
    add_base64(s, text, len, true);
    add_base32(s, text, len);
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

void exec_secrets_add(struct secrets *s, const char *text)
{
    size_t len = text ? strlen(text) : 0;
    if (len == 0 || s->full)
        return;
    if (!strpbrk(text, "\r\n"))
        add_needle(s, text, len);
    add_parts(s, text, len);
    if (len < SECRET_LONG_MIN)
        return;
    add_folded(s, text, len);
    add_encoded(s, text, len);
    add_decoded(s, text, len);
}

void exec_secrets_add_login(struct secrets *s, const char *user, const char *password)
{
    const char *both = glm_sprintf(s->arena, "%s:%s", user, password ? password : "");
    exec_secrets_add(s, password);
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
    exec_secrets_add_login(s, unescaped(s->arena, from, user),
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

void exec_secrets_add_url(struct secrets *s, const char *url)
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

/* What is short is in other words, too: PATH, SPIN. */
static bool has_short_name(const char *name)
{
    static const char *const words[] = {"PW", "PAT", "PIN", "OTP", "JWT", "SAS", "DSN"};
    while (*name) {
        size_t len = 0;
        while (isalnum((unsigned char)name[len]))
            len++;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (strlen(words[i]) == len && strncasecmp(name, words[i], len) == 0)
                return true;
        name += len + (name[len] != '\0');
    }
    return false;
}

/* Whether a variable, an option or a key is called as credentials are. */
static bool names_one(const char *name)
{
    static const char *const parts[] = {"SECRET", "TOKEN", "PASS", "KEY",    "CREDENTIAL", "COOKIE",
                                        "APIKEY", "PWD",   "AUTH", "BEARER", "SIGNATURE"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcasestr(name, parts[i]))
            return true;
    return has_short_name(name);
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
           strcasecmp(before, "Basic") == 0 || (option && names_one(before));
}

static void add_word(struct secrets *s, const char *before, const char *word)
{
    size_t len = strlen(word), name = strcspn(word, "=:");
    if (introduces(before) && word[0] != '-' && strcasecmp(word, "Bearer") != 0 &&
        strcasecmp(word, "Basic") != 0) {
        exec_secrets_add(s, word);
        exec_secrets_add(s, word[name] ? word + name + 1 : NULL);
    }
    if (word[name] && names_one(glm_strndup(s->arena, word, name)))
        exec_secrets_add(s, word + name + 1);
    if (strstr(word, "://"))
        exec_secrets_add_url(s, word);
    if (looks_random(word, len))
        exec_secrets_add(s, word);
    if (word[name] == '=' && looks_random(word + name + 1, len - name - 1))
        exec_secrets_add(s, word + name + 1);
}

void exec_secrets_add_argument(struct secrets *s, const char *before, const char *argument)
{
    static const char ends[] = " \t\r\n\"'`;|&()";
    /* An option with one that is a text of several words, or a script. */
    if (before && before[0] == '-' && introduces(before) && argument[0] != '-')
        exec_secrets_add(s, argument);
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

/* What plugins say of credentials that nobody else knows: "token: x", "invalid key x", "GH_PAT=x". */
void exec_secrets_add_said(struct secrets *s, const char *words, size_t len)
{
    static const char ends[] = " \t\r\n\"'`;|&(){}[]<>,";
    const char *before = NULL, *end = words + len;
    while (words < end) {
        size_t n = 0;
        while (words + n < end && words[n] && !strchr(ends, words[n]))
            n++;
        if (n > 0) {
            const char *word = glm_strndup(s->arena, words, n);
            size_t name = strcspn(word, "=:"), value = name + (word[name] != '\0');
            bool labelled = before && !strchr(before, '/') && word[0] != '/' &&
                            (introduces(before) || names_one(before));
            if (labelled && looks_random(word, n))
                exec_secrets_add(s, word);
            if (looks_random(word + value, n - value) &&
                names_one(glm_strndup(s->arena, word, name)))
                exec_secrets_add(s, word + value);
            before = word;
        }
        words += n + (words + n < end);
    }
}

/* A variable of a plugin's own is a setting, or a credential by its name or by its looks. */
static void add_variable(struct secrets *s, const char *name, const char *value)
{
    if (names_one(name) || (looks_random(value, strlen(value)) && value[0] != '/'))
        exec_secrets_add(s, value);
    else if (strstr(value, "://"))
        exec_secrets_add_url(s, value);
}

/* Arguments and variables of a plugin. */
static void add_exec(struct secrets *s, const struct exec_config *exec)
{
    for (size_t i = 0; exec->args && exec->args[i]; i++)
        exec_secrets_add_argument(s, i ? exec->args[i - 1] : NULL, exec->args[i]);
    for (size_t i = 0; i < exec->environment_count; i++)
        add_variable(s, exec->environment[i].key, glm_string_or(exec->environment[i].value, ""));
}

/* The shell's own, which are no passwords: working directories, which errors name. */
static bool names_folder(const char *name, size_t len)
{
    static const char *const folders[] = {"PWD", "OLDPWD"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (strlen(folders[i]) == len && memcmp(name, folders[i], len) == 0)
            return true;
    return false;
}

void exec_secrets_add_environment(struct secrets *s, const char *const *environment)
{
    for (; environment && *environment; environment++) {
        size_t name = strcspn(*environment, "=");
        if (names_folder(*environment, name))
            continue;
        const char *value = *environment + name + ((*environment)[name] == '=');
        if (names_one(glm_strndup(s->arena, *environment, name)))
            exec_secrets_add(s, value);
        else if (strstr(value, "://"))
            exec_secrets_add_url(s, value);
    }
}

void exec_secrets_add_access(struct secrets *s, const struct access *access)
{
    struct http_environment environment;
    exec_secrets_add(s, access->token);
    exec_secrets_add(s, access->route.key);
    if (access->username)
        exec_secrets_add_login(s, access->username, access->password);
    exec_secrets_add_url(s, access->proxy);
    http_environment(&environment);
    exec_secrets_add_url(s, environment.https_proxy);
    exec_secrets_add_url(s, environment.http_proxy);
    if (access->exec)
        add_exec(s, access->exec);
}

struct secrets *exec_secrets_of(struct glm_arena *arena, const struct access *access,
                                const struct credential *credential)
{
    struct secrets *s = exec_secrets_create(arena);
    const char *sent = credential && credential->authorization ? credential->authorization : "";
    sent += strcspn(sent, " ");
    exec_secrets_add(s, sent + (*sent == ' '));
    if (credential)
        exec_secrets_add(s, credential->key);
    exec_secrets_add_access(s, access);
    return s;
}
