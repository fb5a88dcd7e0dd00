/* SPDX-License-Identifier: Apache-2.0
 *
 * What somebody else wrote: whatever it is, what is shown of it moves no cursor, turns no writing
 * direction, hides nothing and has an end.
 */
#include "../support/harmless.h"
#include "test.h"

#include "glm/shown.h"

#include <stdlib.h>
#include <string.h>

static const char *shown_bytes(struct glm_arena *a, const char *bytes, size_t len)
{
    return glm_shown_n(a, bytes, len, GLM_SHOWN_MAX);
}

static void texts_of_every_script_stay(void **state)
{
    static const char *const texts[] = {
        "",
        "istio-ingressgateway",
        "Gerät für Übergrößen",
        "网关 ゲートウェイ 게이트웨이",
        "Шлюз Πύλη שער بوابة गेटवे",
        "\xF0\x9F\x98\x80 \xC2\xA0 \xE3\x80\x80",
        "back\\slash \"quote\"",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_ptr_equal(glm_shown(*state, texts[i]), texts[i]);
}

static void what_moves_a_cursor_or_is_not_seen_is_written_out(void **state)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"a\nb\tc\rd", "a\\nb\\tc\\rd"},
        {"\x1b[2J\x1b]0;title\x07", "\\x1b[2J\\x1b]0;title\\x07"},
        {"\x7f\xC2\x80\xC2\x9B"
         "31m",
         "\\x7f\\u0080\\u009b31m"},
        {"\xE2\x80\xAE"
         "evil\xE2\x80\xAC",
         "\\u202eevil\\u202c"},
        {"\xE2\x81\xA6\xE2\x81\xA9\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C",
         "\\u2066\\u2069\\u200e\\u200f\\u061c"},
        {"\xE2\x80\xA8\xE2\x80\xA9\xC2\x85", "\\u2028\\u2029\\u0085"},
        {"\xE2\x80\x8B\xE2\x80\x8C\xE2\x80\x8D\xE2\x81\xA0\xEF\xBB\xBF\xC2\xAD",
         "\\u200b\\u200c\\u200d\\u2060\\ufeff\\u00ad"},
        {"\xF3\xA0\x81\x81\xF3\xA0\x84\x80", "\\U000e0041\\U000e0100"},
        {"\xEF\xBF\xBE\xEF\xB7\x90\xF4\x8F\xBF\xBF", "\\ufffe\\ufdd0\\U0010ffff"},
        {"\xC0\xAF\xE0\x80\xAF\xED\xA0\x80\xF4\x90\x80\x80",
         "\\xc0\\xaf\\xe0\\x80\\xaf\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80"},
        {"cut \xE2\x82", "cut \\xe2\\x82"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(glm_shown(*state, cases[i].text), cases[i].shown);
    assert_string_equal(shown_bytes(*state, "a\0b", 3), "a\\x00b");
    assert_string_equal(glm_shown_lines(*state, "our\n\tlines\x1b", GLM_SHOWN_LINES_MAX),
                        "our\n\tlines\\x1b");
}

static void what_is_long_is_cut_between_characters_and_says_so(void **state)
{
    struct glm_arena *a = *state;
    size_t len = (size_t)3 << 20;
    char *text = glm_alloc(a, len + 1);
    for (size_t i = 0; i + 3 <= len; i += 3)
        memcpy(text + i, "\xE7\xBD\x91", 3);
    const char *shown = glm_shown(a, text);
    const char *note = strstr(shown, " [... ");
    assert_non_null(note);
    assert_true(strlen(shown) <= GLM_SHOWN_MAX);
    assert_int_equal((note - shown) % 3, 0);
    char *end;
    assert_int_equal(strtoul(note + 6, &end, 10) + (size_t)(note - shown), strlen(text));
    assert_string_equal(end, " bytes more]");
    assert_ptr_equal(glm_shown(a, shown), shown);
}

static const char *format(struct glm_arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static const char *format(struct glm_arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = glm_shown_vsprintf(a, format, args);
    va_end(args);
    return text;
}

static void values_in_quotes_of_a_format_stay_on_their_line(void **state)
{
    struct glm_arena *a = *state;
    assert_string_equal(format(a, "\"%s\" and `%s`:%s", "a\nb", "c\nd", "\n\n  ours"),
                        "\"a\\nb\" and `c\\nd`:\n\n  ours");
    assert_string_equal(format(a, "%d%% \"%s/%s\" %zu %.*s\n", 7, "x\n", "y", (size_t)9, 2, "zzz"),
                        "7% \"x\\n/y\" 9 zz\n");
    /* No text can end the value that it is. */
    assert_string_equal(format(a, "\"%s%s\" %s", "\xFF\xFE\xFF\xFF\n", "\xFE\xFF\n", "\n"),
                        "\"\\xff\\xfe\\xff\\xff\\n\\xfe\\xff\\n\" \n");
    char *huge = glm_alloc(a, ((size_t)3 << 20) + 1);
    memset(huge, '\xFF', (size_t)3 << 20);
    assert_true(strlen(format(a, "\"%s\" \"%s\"\n", huge, huge)) < 2 * GLM_SHOWN_MAX + 10);
}

/* ---- whatever it is ---- */

/* xorshift: the same each time. */
static uint64_t random_number(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Pieces that are bad in some way, letters, and any bytes. */
static const char *hostile(struct glm_arena *a, uint64_t *seed, size_t most)
{
    static const char *const pieces[] = {
        "\x1b[31m",
        "\n",
        "\r",
        "\t",
        "\xE2\x80\xAE",
        "\xE2\x81\xA7",
        "\xE2\x80\xA8",
        "\xC2\x9B",
        "\xEF\xBB\xBF",
        "\xF3\xA0\x80\xA0",
        "\xC0\x80",
        "\xEF\xBF\xBF",
        "\xE7\xBD\x91",
        "\xC3\xA4",
        "word ",
        "\"",
        "`",
        "%s%n",
        "\\",
        "\x7f",
        "\xFF",
        "\xFE",
        "\xE2\x80",
        "://u:p@h/",
    };
    struct glm_text text;
    glm_text_init(&text, a, SIZE_MAX / 4);
    for (size_t n = random_number(seed) % most; n > 0; n--) {
        uint64_t r = random_number(seed);
        if (r % 4 == 0)
            glm_text_addc(&text, (char)(r >> 8 & 0xFF ? r >> 8 & 0xFF : 1));
        else
            glm_text_adds(&text, pieces[(r >> 8) % (sizeof pieces / sizeof *pieces)]);
    }
    return text.data;
}

static void assert_harmless(const char *text, bool lines, size_t max)
{
    assert_true(is_harmless(text, lines, max));
}

static void whatever_comes_is_shown_harmlessly(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252U;
    for (int round = 0; round < 3000; round++) {
        struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create((size_t)64 << 20);
        const char *text = hostile(a, &seed, round % 50 == 0 ? 100000 : 60);
        const char *shown = glm_shown(a, text);
        assert_harmless(shown, false, GLM_SHOWN_MAX);
        assert_ptr_equal(glm_shown(a, shown), shown);
        const char *lines = glm_shown_lines(a, text, GLM_SHOWN_LINES_MAX);
        assert_harmless(lines, true, GLM_SHOWN_LINES_MAX);
        assert_ptr_equal(glm_shown_lines(a, lines, GLM_SHOWN_LINES_MAX), lines);
    }
}

static void whatever_is_in_a_diagnostic_is_harmless(void **state)
{
    (void)state;
    uint64_t seed = 42;
    for (int round = 0; round < 500; round++) {
        struct glm_arena *GLM_AUTO_ARENA a = glm_arena_create((size_t)256 << 20);
        struct glm_diags d, all;
        size_t most = round % 50 == 0 ? 100000 : 60;
        glm_diags_init(&d, a);
        glm_diags_init(&all, a);
        const struct glm_path *at =
            GLM_AT_KEY(GLM_AT_ATTR(NULL, "clusters"), hostile(a, &seed, most));
        glm_error(&d, at, hostile(a, &seed, most), "\"%s\" and %s", hostile(a, &seed, most),
                  hostile(a, &seed, most));
        glm_warn(&d, GLM_AT_ATTR(at, hostile(a, &seed, most)), "Same", "`%s`",
                 hostile(a, &seed, most));
        glm_warn(&d, at, "Same", "%s", hostile(a, &seed, most));
        glm_diags_append(&all, GLM_AT_KEY(NULL, hostile(a, &seed, most)), &d);
        glm_diags_fold(&all, "ns/name");
        assert_int_equal(all.errors, 1);
        for (const struct glm_diag *diag = all.first; diag; diag = diag->next) {
            assert_harmless(diag->summary, false, GLM_SHOWN_KEY_MAX + sizeof " (ns/name)");
            assert_harmless(diag->detail, true, GLM_SHOWN_LINES_MAX);
            assert_harmless(glm_path_text(a, diag->path), false, 8 * GLM_SHOWN_KEY_MAX);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_every_script_stay),
        cmocka_unit_test(what_moves_a_cursor_or_is_not_seen_is_written_out),
        cmocka_unit_test(what_is_long_is_cut_between_characters_and_says_so),
        cmocka_unit_test(values_in_quotes_of_a_format_stay_on_their_line),
        cmocka_unit_test(whatever_comes_is_shown_harmlessly),
        cmocka_unit_test(whatever_is_in_a_diagnostic_is_harmless),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
