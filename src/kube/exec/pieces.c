/* SPDX-License-Identifier: Apache-2.0
 *
 * Credentials that somebody says back in pieces, each with a word of his own before it ("1: abcd, 2: efgh"),
 * and stars in the place of each piece.
 *
 * Words of a text that come one right behind the other in a credential, folded as in folded.c, and come in
 * this order in the text, with few other words between them, are pieces of it: sixteen characters together,
 * and a digit among them. The first has four characters at least.
 *
 * Cost:   a word is looked up once, by its first four characters, and held against what comes behind the
 *         last few pieces. Texts are looked through as far as people read.
 */
#include "internal.h"

#include <ctype.h>
#include <string.h>

#define PIECE_MIN ((size_t)4)
#define PIECES_LEN ((size_t)16) /* of all together */
#define BETWEEN_MAX ((size_t)8) /* words from one piece to the next */
#define BEFORE_MAX ((size_t)24) /* places of earlier words that are tried */
#define WORD_MAX ((size_t)256)  /* longer ones are found by themselves */
#define PLACES_MAX (BEFORE_MAX + FOLDED_SAME_MAX)
#define TEXT_MAX ((size_t)64 << 10)
#define STARS "***"

/* A place in a credential that a word of the text may be at. */
struct piece {
    size_t from, to; /* in the text */
    size_t word;     /* the how many-th */
    uint32_t end;    /* in the credential */
    size_t total;    /* characters of it and of those before it */
    bool digit;      /* among them */
    struct piece *before;
};

struct pieces {
    const struct folded *folded;
    struct piece *last[BEFORE_MAX]; /* a ring */
    size_t count;
    struct glm_arena *arena;
    bool *stars; /* of each byte of the text */
    bool found;
};

static bool is_near(const struct piece *piece, size_t word)
{
    return piece->word < word && word - piece->word <= BETWEEN_MAX;
}

/* The one before that goes together with a place, as long as can be. */
static struct piece *before(const struct pieces *p, uint32_t begin, size_t word)
{
    struct piece *longest = NULL;
    for (size_t i = 0; i < BEFORE_MAX && i < p->count; i++) {
        struct piece *other = p->last[i];
        if (is_near(other, word) && other->end == begin &&
            (!longest || other->total > longest->total))
            longest = other;
    }
    return longest;
}

static void mark(struct pieces *p, const struct piece *piece)
{
    for (; piece && !p->stars[piece->from]; piece = piece->before)
        memset(p->stars + piece->from, true, piece->to - piece->from);
    p->found = true;
}

/* Where in the credentials a word may be: where it goes on with what came before, and, of one that may begin,
 * anywhere. Returns how many. */
static size_t places_of(const struct pieces *p, const char *word, size_t len, size_t index,
                        uint32_t places[PLACES_MAX])
{
    const struct folded *f = p->folded;
    size_t count = 0;
    for (size_t i = 0; i < BEFORE_MAX && i < p->count; i++) {
        uint32_t end = p->last[i]->end;
        bool there = is_near(p->last[i], index) && end + len <= f->len &&
                     memcmp(f->text + end, word, len) == 0;
        for (size_t k = 0; k < count && there; k++)
            there = places[k] != end;
        if (there)
            places[count++] = end;
    }
    const size_t known = count;
    uint32_t at = len >= PIECE_MIN ? exec_folded_first(f, word) : 0;
    for (; at; at = exec_folded_next(f, at)) {
        bool there = at + len <= f->len && memcmp(f->text + at, word, len) == 0;
        for (size_t k = 0; k < known && there; k++)
            there = places[k] != at;
        if (there)
            places[count++] = at;
    }
    return count;
}

static void take_word(struct pieces *p, const char *word, size_t len, size_t from, size_t index)
{
    struct piece *fresh[PLACES_MAX];
    uint32_t places[PLACES_MAX];
    size_t count = places_of(p, word, len, index, places);
    bool digit = false;
    for (size_t i = 0; i < len; i++)
        digit |= isdigit((unsigned char)word[i]) != 0;
    for (size_t i = 0; i < count; i++) {
        struct piece *b = before(p, places[i], index), *piece = GLM_NEW(p->arena, struct piece);
        *piece = (struct piece){.from = from,
                                .to = from + len,
                                .word = index,
                                .end = places[i] + (uint32_t)len,
                                .total = len + (b ? b->total : 0),
                                .digit = digit || (b && b->digit),
                                .before = b};
        if (piece->total >= PIECES_LEN && piece->digit && b)
            mark(p, piece);
        fresh[i] = piece;
    }
    for (size_t i = 0; i < count; i++)
        p->last[p->count++ % BEFORE_MAX] = fresh[i];
}

static const char *with_stars(struct glm_arena *arena, const char *text, size_t len,
                              const bool *stars, size_t looked)
{
    struct glm_text out;
    glm_text_init(&out, arena, SIZE_MAX / 4);
    for (size_t at = 0; at < looked; at++) {
        if (!stars[at])
            glm_text_addc(&out, text[at]);
        else if (at == 0 || !stars[at - 1])
            glm_text_adds(&out, STARS);
    }
    glm_text_add(&out, text + looked, len - looked);
    return out.data;
}

const char *exec_pieces_starred(const struct secrets *s, struct glm_arena *arena, const char *text,
                                size_t len)
{
    size_t looked = len < TEXT_MAX ? len : TEXT_MAX, words = 0;
    if (!s->folded.len || looked < PIECES_LEN)
        return text;
    struct glm_arena *GLM_AUTO_ARENA scratch = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    struct pieces p = {.folded = &s->folded, .arena = scratch};
    p.stars = GLM_NEW_ARRAY(scratch, looked + 1, bool);
    for (size_t at = 0; at < looked; at++) {
        char word[WORD_MAX];
        size_t n = 0, from = at;
        for (; at < looked && isalnum((unsigned char)text[at]); at++)
            if (n++ < WORD_MAX)
                word[n - 1] = (char)tolower((unsigned char)text[at]);
        words += n > 0;
        if (n > 0 && n <= WORD_MAX)
            take_word(&p, word, n, from, words);
    }
    return p.found ? with_stars(arena, text, len, p.stars, looked) : text;
}
