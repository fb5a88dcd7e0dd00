/* SPDX-License-Identifier: Apache-2.0
 *
 * Who made a pair is in the record: a read asks that one about it, whoever the configuration names by now.
 */
#include "broken_case.h"
#include "shown.h"

JUDGED(as_it_made_it, GLM_STATE_RECONCILING_GATEWAY, "By the one that made it.", false, -1)

static const char *recorded_in(const struct glm_value *record, const char *cluster)
{
    return glm_string_or(
        glm_get_path(record, "clusters", cluster, "pairs", "1-24", "installer", NULL),
        "the default");
}

static struct glm_change read_it(struct world *w, const struct glm_change *made)
{
    struct glm_change read = {.prior = made->result, .record = made->result_record};
    glm_diags_init(&w->d, w->arena);
    must(w, glm_lifecycle_read(w->arena, &w->estate, &read, &w->d));
    glm_assert_value_equal(glm_test_objects(read.result), glm_test_objects(made->result));
    assert_string_equal(recorded_in(read.result_record, "east"), "broken");
    assert_string_equal(recorded_in(read.result_record, "west"), "the default");
    return read;
}

static void a_pair_is_judged_by_who_made_it(void **state)
{
    struct world *w = new_world(*state);
    broken.judge = as_it_made_it;
    struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
    w->configs[0].installer = NULL;
    struct glm_change read = read_it(w, &made);
    assert_string_equal(glm_string_or(status_of(&read, "east", "message"), ""),
                        "By the one that made it.");
    assert_string_equal(glm_string_or(status_of(&read, "west", "message"), ""),
                        "Nobody has taken it up yet.");
    end_world(w);
}

static void yields(const struct glm_installer_call *call, const struct glm_value *live,
                   struct glm_installer_yield *ret)
{
    (void)call;
    (void)live;
    (void)ret;
}

static enum glm_installer_heir inherits(const struct glm_installer_call *call,
                                        const struct glm_installer_sight *sight,
                                        const struct glm_installer_look *found)
{
    (void)call;
    (void)sight;
    (void)found;
    return GLM_INSTALLER_NOT;
}

static void a_pair_goes_to_no_installer_that_does_not_take_it_over(void **state)
{
    struct world *w = new_world(*state);
    struct glm_change made = converge(w, NULL, attributes(w, "a.example")), planned;
    w->configs[0].installer = NULL;
    broken.yields = yields; /* it would let go, */
    assert_false(plan(w, &made, attributes(w, "a.example"), &planned));
    const char *said = glm_test_diags_text(w->arena, &w->d);
    assert_non_null(strstr(said, "An installation changes its installer"));
    assert_non_null(strstr(said, "Revision \"1-24\" in cluster \"east\" was installed by "
                                 "\"broken\", and \"config_map\""));
    assert_null(strstr(said, "\"west\""));
    end_world(w);
}

static void a_pair_goes_to_one_that_takes_it_over(void **state)
{
    static struct glm_installer other;
    static const struct glm_installer *const both[] = {&other, &broken, NULL};
    struct world *w = new_world(*state);
    struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
    other = glm_test_installer_config_map;
    other.inherits = inherits;
    other.inherited = "Nothing is made anew.";
    broken.yields = yields;
    w->estate.installers = both;
    w->configs[0].installer = NULL;
    struct glm_change planned;
    must(w, plan(w, &made, attributes(w, "a.example"), &planned));
    const char *said = glm_test_diags_text(w->arena, &w->d);
    assert_non_null(strstr(said, "\"config_map\" takes over from \"broken\""));
    assert_non_null(strstr(said, "Nothing is made anew."));
    made = converge(w, &made, attributes(w, "a.example"));
    assert_string_equal(recorded_in(made.result_record, "east"), "the default");
    end_world(w);
}

static void what_an_unknown_installer_made_is_kept_and_said(void **state)
{
    static const struct glm_installer *const older[] = {&glm_test_installer_config_map, NULL};
    struct world *w = new_world(*state);
    struct glm_change made = converge(w, NULL, attributes(w, "a.example"));
    w->configs[0].installer = NULL;
    w->estate.installers = older;
    struct glm_change read = read_it(w, &made);
    assert_string_equal(glm_string_or(status_of(&read, "east", "state"), ""), "UNKNOWN");
    assert_non_null(
        strstr(glm_string_or(status_of(&read, "east", "message"), ""),
               "It was installed by \"broken\", which this release of the provider does "
               "not know: the installers that it has are \"config_map\"."));
    end_world(w);
}

static void an_import_records_who_made_a_pair(void **state)
{
    struct world *w = new_world(*state);
    converge(w, NULL, attributes(w, "a.example"));
    struct glm_change found = {.prior = &glm_null, .record = &glm_null, .importing = true};
    must(w, glm_lifecycle_find(w->arena, &w->estate, "ingress", "gloo-mesh", &glm_null, &found,
                               &w->d));
    assert_string_equal(recorded_in(found.result_record, "east"), "broken");
    assert_string_equal(recorded_in(found.result_record, "west"), "the default");
    end_world(w);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, glm_test_arena_setup, glm_test_arena_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_pair_is_judged_by_who_made_it),
        TEST(a_pair_goes_to_no_installer_that_does_not_take_it_over),
        TEST(a_pair_goes_to_one_that_takes_it_over),
        TEST(what_an_unknown_installer_made_is_kept_and_said),
        TEST(an_import_records_who_made_a_pair),
    };
    return cmocka_run_group_tests_name("installer changes", tests, NULL, NULL);
}
