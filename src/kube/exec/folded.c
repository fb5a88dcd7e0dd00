/* SPDX-License-Identifier: Apache-2.0
 *
 * Credentials that somebody has folded after every few characters, spaced out, put into capitals or
 * cut into pieces, and stars in their place.
 *
 * Of a credential and of a text only letters and digits count here, whatever their case. A run of the
 * text that is sixteen of a credential in a row, or a shorter one as a whole, is one. A run without a
 * digit is none: so are words, and lines that say that a key begins.
 *
 * Cost:   each character of a text is looked up once, by the eight before it; few places of credentials
 *         are held against it then. Credentials are put into the index as they are added.
 */
#include "internal.h"

#include <ctype.h>
#include <string.h>

#define GRAM ((size_t)8)     /* a place is found by so many characters */
#define RUN_LEN ((size_t)16) /* of a longer credential */
#define BEGIN ((size_t)4)    /* and the beginning of a piece by so many */
#define TEXT_MAX ((size_t)4 << 20)
#define STARS "***"

/* ---- the index ---- */

static size_t slot_of(const struct folded *f, const char *gram)
{
    uint64_t bits;
    memcpy(&bits, gram, sizeof bits);
    return (size_t)(bits * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (f->slots - 1);
}

/* at: behind the last of its characters. */
static void enter(struct folded *f, uint32_t at)
{
    const char *gram = f->text + at - GRAM;
    uint32_t *slot = &f->heads[slot_of(f, gram)];
    int same = 0;
    for (uint32_t other = *slot; other; other = f->next[other])
        same += memcmp(f->text + other - GRAM, gram, GRAM) == 0;
    if (same >= FOLDED_SAME_MAX)
        return;
    f->next[at] = *slot;
    *slot = at;
}

static size_t begin_slot(const struct folded *f, const char *text)
{
    uint32_t bits;
    memcpy(&bits, text, sizeof bits);
    return (size_t)(bits * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (f->slots - 1);
}

/* at: of the first of its characters, never 0, where a NUL is. */
static void enter_begin(struct folded *f, uint32_t at)
{
    uint32_t *slot = &f->begins[begin_slot(f, f->text + at)];
    int same = 0;
    for (uint32_t other = *slot; other; other = f->more[other])
        same += memcmp(f->text + other, f->text + at, BEGIN) == 0;
    if (same >= FOLDED_SAME_MAX)
        return;
    f->more[at] = *slot;
    *slot = at;
}

/* From this place on, itself too, the first that begins so. */
static uint32_t same_begin(const struct folded *f, uint32_t at, const char *text)
{
    while (at && memcmp(f->text + at, text, BEGIN) != 0)
        at = f->more[at];
    return at;
}

uint32_t exec_folded_first(const struct folded *f, const char *text)
{
    return same_begin(f, f->begins[begin_slot(f, text)], text);
}

uint32_t exec_folded_next(const struct folded *f, uint32_t at)
{
    return same_begin(f, f->more[at], f->text + at);
}

/* All that begins behind `from`. */
static void enter_all(struct folded *f, size_t from)
{
    size_t run = 0;
    for (size_t at = from; at < f->len; at++) {
        run = f->text[at] ? run + 1 : 0;
        if (run >= GRAM)
            enter(f, (uint32_t)at + 1);
        if (run >= BEGIN)
            enter_begin(f, (uint32_t)(at + 1 - BEGIN));
    }
}

static void make_room(struct secrets *s, size_t len)
{
    struct folded *f = &s->folded;
    size_t room = f->room ? f->room : (size_t)4 << 10;
    if (f->len + len <= f->room)
        return;
    while (room < f->len + len)
        room *= 2;
    f->text = glm_regrow(s->arena, f->text, f->room, room);
    f->next = GLM_NEW_ARRAY(s->arena, room + 1, uint32_t);
    f->heads = GLM_NEW_ARRAY(s->arena, room, uint32_t);
    f->more = GLM_NEW_ARRAY(s->arena, room + 1, uint32_t);
    f->begins = GLM_NEW_ARRAY(s->arena, room, uint32_t);
    f->room = f->slots = room;
    enter_all(f, 0);
}

void exec_folded_add(struct secrets *s, const char *text, size_t len)
{
    struct folded *f = &s->folded;
    if (len > TEXT_MAX - f->len - 2) {
        s->full = true;
        return;
    }
    make_room(s, len + 2);
    size_t from = f->len;
    f->text[f->len++] = '\0';
    for (size_t i = 0; i < len; i++)
        if (isalnum((unsigned char)text[i]))
            f->text[f->len++] = (char)tolower((unsigned char)text[i]);
    f->text[f->len++] = '\0';
    if (f->len - from - 2 < GRAM)
        f->len = from;
    else
        enter_all(f, from);
}

/* ---- the search ---- */

/* The last characters of a text, folded, and where in it they are. */
struct tail {
    char text[2 * RUN_LEN];
    size_t at[2 * RUN_LEN], len;
};

static void push(struct tail *t, char c, size_t at)
{
    if (t->len == 2 * RUN_LEN) {
        t->len = RUN_LEN;
        memmove(t->text, t->text + RUN_LEN, RUN_LEN);
        memmove(t->at, t->at + RUN_LEN, RUN_LEN * sizeof *t->at);
    }
    t->text[t->len] = c;
    t->at[t->len++] = at;
}

static bool has_digit(const char *text, size_t len)
{
    bool digit = false;
    for (size_t i = 0; i < len; i++)
        digit |= isdigit((unsigned char)text[i]) != 0;
    return digit;
}

/* How many of the last characters are a credential's; 0: they are none. */
static size_t run_of(const struct folded *f, const struct tail *t)
{
    if (t->len < GRAM)
        return 0;
    const char *end = t->text + t->len;
    for (uint32_t at = f->heads[slot_of(f, end - GRAM)]; at; at = f->next[at]) {
        size_t same = 0, most = t->len < RUN_LEN ? t->len : RUN_LEN;
        while (same < most && f->text[at - 1 - same] == end[-1 - (ptrdiff_t)same])
            same++;
        bool whole = same >= GRAM && !f->text[at - 1 - same] && !f->text[at];
        if ((same == RUN_LEN || whole) && has_digit(end - same, same))
            return same;
    }
    return 0;
}

/* "\n" of a text in quotation marks folds it as well. */
static size_t blank_at(const char *text, size_t left)
{
    return left >= 2 && text[0] == '\\' && strchr("nrt", text[1]) && text[1] ? 2 : 1;
}

/* The small letter or the digit that a byte is; NUL: neither. */
static char folded_of(char c)
{
    unsigned byte = (unsigned char)c, small = byte | 0x20;
    return byte - '0' < 10 ? c : small - 'a' < 26 ? (char)small : '\0';
}

/* Of sixteen in a row eight are looked up, wherever they begin. */
bool exec_folded_may_have(const struct folded *f, const char *text, size_t len)
{
    char gram[GRAM];
    size_t count = 0;
    if (!f->len)
        return false;
    for (size_t at = 0; at < len; at++) {
        char c = folded_of(text[at]);
        if (!c) {
            at += blank_at(text + at, len - at) - 1;
            continue;
        }
        gram[count++ % GRAM] = c;
        uint32_t place = count % GRAM ? 0 : f->heads[slot_of(f, gram)];
        while (place && memcmp(f->text + place - GRAM, gram, GRAM) != 0)
            place = f->next[place];
        if (place)
            return true;
    }
    return false;
}

const char *exec_folded_starred(const struct secrets *s, struct glm_arena *arena, const char *text,
                                size_t len)
{
    struct tail tail = {.len = 0};
    struct glm_text out;
    size_t copied = 0, from = 0, to = 0; /* what is to be starred next */
    if (!s->folded.len)
        return text;
    glm_text_init(&out, arena, SIZE_MAX / 4);
    for (size_t at = 0; at < len; at++) {
        if (!isalnum((unsigned char)text[at])) {
            at += blank_at(text + at, len - at) - 1;
            continue;
        }
        push(&tail, (char)tolower((unsigned char)text[at]), at);
        size_t run = run_of(&s->folded, &tail);
        if (!run)
            continue;
        size_t begin = tail.at[tail.len - run];
        if (to && begin > to) {
            glm_text_add(&out, text + copied, from - copied);
            glm_text_adds(&out, STARS);
            copied = to;
        }
        from = to && begin <= to ? (begin < from ? begin : from) : begin;
        to = at + 1;
    }
    if (!to)
        return text;
    glm_text_add(&out, text + copied, from - copied);
    glm_text_adds(&out, STARS);
    glm_text_add(&out, text + to, len - to);
    return out.data;
}
