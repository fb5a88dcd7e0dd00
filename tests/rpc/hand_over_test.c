/* SPDX-License-Identifier: Apache-2.0
 *
 * States that the destroying half of a replacement leaves to the creating one.
 */
#include "test.h"

#include "../../provider/state.h"

#include <malloc.h>
#include <string.h>

#define MEGABYTE ((size_t)1 << 20)

static const struct glm_value *state_of(struct glm_arena *arena, size_t size)
{
    char *text = glm_alloc(arena, size + 1);
    memset(text, 'x', size);
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "text", glm_string(arena, text));
    return glm_map_finish(&b, NULL);
}

static bool take(struct glm_provider *provider, const char *id, size_t size)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)16 << 20);
    const struct glm_value *state, *record;
    if (!glm_provider_take_over(provider, arena, id, &state, &record))
        return false;
    assert_true(glm_get(state, "text")->len == size);
    assert_true(glm_is_null(record));
    return true;
}

static void a_state_is_taken_once_and_by_its_own_id(void **context)
{
    (void)context;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)16 << 20);
    struct glm_provider *provider = glm_provider_create();
    glm_provider_hand_over(provider, "a", state_of(arena, 1), &glm_null);
    glm_provider_hand_over(provider, "b", state_of(arena, 2), &glm_null);
    glm_provider_hand_over(provider, "c", state_of(arena, 3), &glm_null);
    assert_true(take(provider, "b", 2));
    assert_false(take(provider, "b", 2));
    assert_true(take(provider, "a", 1));
    assert_false(take(provider, "d", 0));
    glm_provider_destroy(provider); /* with what nobody took */
}

static size_t in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static void what_was_taken_is_given_back(void **context)
{
    (void)context;
    struct glm_provider *provider = glm_provider_create();
    size_t before = in_use();
    for (int i = 0; i < 64; i++) {
        struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)16 << 20);
        glm_provider_hand_over(provider, "a", state_of(arena, MEGABYTE), &glm_null);
        assert_true(take(provider, "a", MEGABYTE));
    }
    assert_true(in_use() < before + 8 * MEGABYTE);
    glm_provider_destroy(provider);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_state_is_taken_once_and_by_its_own_id),
        cmocka_unit_test(what_was_taken_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
