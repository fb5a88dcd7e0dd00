/* SPDX-License-Identifier: Apache-2.0
 *
 * deflate in base64: there and back, the ceiling, and everything that is no such text.
 */
#include "test.h"

#include <string.h>

static void texts_of_every_length_come_back(void **state)
{
    struct glm_arena *a = *state;
    unsigned seed = 1;
    char *data = glm_alloc(a, 1000);
    for (size_t i = 0; i < 1000; i++) {
        seed = seed * 1103515245 + 12345;
        data[i] = (char)(seed >> 16);
    }
    for (size_t len = 0; len < 1000; len += len < 20 ? 1 : 97) {
        const char *back = NULL;
        size_t back_len = 0;
        const char *packed = glm_deflate_base64(a, data, len);
        assert_int_equal(strlen(packed) % 4, 0);
        assert_int_equal(strspn(packed, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                        "0123456789+/="),
                         strlen(packed));
        assert_true(glm_inflate_base64(a, packed, len, &back, &back_len));
        assert_int_equal(back_len, len);
        assert_memory_equal(back, data, len);
        assert_int_equal(back[len], '\0');
    }
}

static void what_others_deflated_can_be_read(void **state)
{
    /* python3 -c 'import base64, zlib; print(base64.b64encode(zlib.compress(b"hello hello hello")))' */
    const char *text;
    size_t len;
    assert_true(glm_inflate_base64(*state, "eJzLSM3JyVfIQJAAOi4GfQ==", 100, &text, &len));
    assert_int_equal(len, 17);
    assert_string_equal(text, "hello hello hello");
}

static void the_ceiling_is_inclusive(void **state)
{
    struct glm_arena *a = *state;
    size_t large = (size_t)8 << 20;
    char *zeros = glm_alloc(a, large);
    const char *packed = glm_deflate_base64(a, zeros, large), *back;
    size_t len;
    assert_true(strlen(packed) < large / 500);
    assert_true(glm_inflate_base64(a, packed, large, &back, &len));
    size_t before = glm_arena_used(a);
    assert_false(glm_inflate_base64(a, packed, large - 1, &back, &len));
    assert_false(glm_inflate_base64(a, packed, 100000, &back, &len));
    assert_true(glm_arena_used(a) - before < 4 * large);
}

static void anything_else_is_refused(void **state)
{
    static const char *const texts[] = {"",
                                        "x",
                                        "====",
                                        "AAAA",
                                        "hello hello hello",
                                        "eJzLSM3JyVfIQJAAOi4GfQ=",
                                        "eJzLSM3JyVfIQJAAOi4GfQ",
                                        "eJzLSM3JyVfIQJAAOi4GfQ===",
                                        "eJzLSM3JyVfIQJAAOi4GfQ==AAAA",
                                        "eJzLSM3JyVfIQJAAOi4GfA==",
                                        "eJzLSM3JyVfIQJAA",
                                        "eJzLSM3JyVf*QJAAOi4GfQ==",
                                        "eJzLSM3JyVfIQJAAOi4GfQAA"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = "untouched";
        size_t len = 7;
        if (glm_inflate_base64(*state, texts[i], 1000, &text, &len))
            print_error("%s\n", texts[i]);
        assert_string_equal(text, "untouched");
        assert_true(len <= 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_every_length_come_back),
        cmocka_unit_test(what_others_deflated_can_be_read),
        cmocka_unit_test(the_ceiling_is_inclusive),
        cmocka_unit_test(anything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
