/* SPDX-License-Identifier: Apache-2.0
 *
 * Notes: memory that an installer has of each pair, from the look before the first write to the end of an
 * apply. Nobody else's, nothing in it at first, and none in a read.
 */
#include "broken_case.h"

#define PAIRS 2
#define LOOKS 3 /* until a pair is HEALTHY */

struct notes {
    char key[8];
    unsigned looks;
};

PREFLIGHT(begins_notes)
{
    static const struct notes nothing;
    (void)call;
    (void)ret;
    (void)d;
    assert_int_equal(count, PAIRS);
    for (size_t i = 0; i < count; i++) {
        struct notes *n = notes[i];
        assert_memory_equal(n, &nothing, sizeof nothing);
        memcpy(n->key, sights[i].pair->key, strlen(sights[i].pair->key) + 1);
    }
    return true;
}

JUDGE(goes_on_with_notes)
{
    struct notes *n = notes;
    sound->judge(call, sight, notes, ret);
    if (!n || !sight->pair->installation)
        return;
    assert_string_equal(n->key, sight->pair->key);
    if (++n->looks >= LOOKS)
        *ret = (struct glm_installer_judgement){
            .state = GLM_STATE_HEALTHY, .message = "By the notes.", .settled = true};
}

JUDGE(has_no_notes)
{
    assert_null(notes);
    sound->judge(call, sight, notes, ret);
}

/* Two installations in east. */
static const struct glm_value *two_installations(struct world *w)
{
    const struct glm_value *one = attributes(w, "a.example");
    const struct glm_value *in = glm_get_path(one, "installations", "1-24", NULL);
    const struct glm_value *east = glm_test_value(w->arena, "{'east':{'active_gateway':true}}");
    const struct glm_value *idle = glm_test_value(w->arena, "{'east':{'active_gateway':false}}");
    const struct glm_value *old = glm_with(w->arena, glm_with(w->arena, in, "clusters", idle),
                                           "gateway_revision", glm_string(w->arena, "1-23"));
    one = glm_with_path(w->arena, one, east, "installations", "1-24", "clusters", NULL);
    return glm_with(w->arena, glm_with_path(w->arena, one, old, "installations", "1-23", NULL),
                    "wait_for_healthy", &glm_true);
}

static void notes_are_of_one_pair_and_last_to_the_end_of_an_apply(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change planned;
    bool ok;
    broken.notes_size = sizeof(struct notes);
    broken.preflight = begins_notes;
    broken.judge = goes_on_with_notes;
    must(w, plan(w, NULL, two_installations(w), &planned));
    struct glm_change made = apply(w, &planned, 60000, &ok);
    must(w, ok);
    assert_true(glm_is_null(status_of(&made, "east", "message"))); /* as planned */
    glm_assert_warning(&w->d, "installations[\"1-24\"].clusters[\"east\"]", "By the notes.");
    broken.judge = has_no_notes;
    struct glm_change read = {.prior = made.result, .record = made.result_record};
    must(w, glm_lifecycle_read(w->arena, &w->estate, &read, &w->d));
    struct glm_change found = {.prior = &glm_null, .record = &glm_null, .importing = true};
    must(w, glm_lifecycle_find(w->arena, &w->estate, "ingress", "gloo-mesh", &glm_null, &found,
                               &w->d));
    end_world(w);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        TEST(notes_are_of_one_pair_and_last_to_the_end_of_an_apply),
    };
    return cmocka_run_group_tests_name("installer notes", tests, NULL, NULL);
}
