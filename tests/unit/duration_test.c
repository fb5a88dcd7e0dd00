/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "glm/schema.h"

static void assert_duration(const char *text, int64_t expected)
{
    int64_t milliseconds = -1;
    if (!glm_duration_parse(text, &milliseconds) || milliseconds != expected)
        print_error("%s: %lld, expected %lld\n", text, (long long)milliseconds,
                    (long long)expected);
    assert_true(milliseconds == expected);
}

static void one_unit_is_taken(void **state)
{
    (void)state;
    assert_duration("20m", 1200000);
    assert_duration("30s", 30000);
    assert_duration("2h", 7200000);
    assert_duration("250ms", 250);
    assert_duration("0", 0);
    assert_duration("0s", 0);
}

static void units_add_up_in_any_order(void **state)
{
    (void)state;
    assert_duration("1h30m", 5400000);
    assert_duration("1h2m3s4ms", 3723004);
    assert_duration("3s1h", 3603000);
    assert_duration("1m1m", 120000);
}

static void fractions_are_taken(void **state)
{
    (void)state;
    assert_duration("1.5h", 5400000);
    assert_duration(".5s", 500);
    assert_duration("2.s", 2000);
    assert_duration("0.0001s", 0);
    assert_duration("1.999999999s", 1999);
}

static void less_than_a_millisecond_is_rounded_down(void **state)
{
    (void)state;
    assert_duration("999us", 0);
    assert_duration("999\xc2\xb5s", 0);
    assert_duration("1001\xce\xbcs", 1);
    assert_duration("1999999ns", 1);
    assert_duration("600us600us", 1);
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",     "20",   "m",    "1 m",  " 1m",   "1m ",  "-1m",
                                        "+1m",  "1d",   "1w",   "1M",   "20min", "1.m.", ".s",
                                        "1e3s", "1,5h", "1m30", "0x1s", "00"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t milliseconds = -1;
        if (glm_duration_parse(texts[i], &milliseconds))
            fail_msg("\"%s\" was taken as %lld ms", texts[i], (long long)milliseconds);
        assert_true(milliseconds == -1);
    }
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    int64_t milliseconds;
    assert_duration("2562047h", INT64_C(9223369200000));
    assert_false(glm_duration_parse("2562048h", &milliseconds));
    assert_false(glm_duration_parse("99999999999999999999s", &milliseconds));
    assert_false(glm_duration_parse("18446744073709551615h", &milliseconds));
    assert_false(glm_duration_parse("2562047h2562047h", &milliseconds));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_unit_is_taken),
        cmocka_unit_test(units_add_up_in_any_order),
        cmocka_unit_test(fractions_are_taken),
        cmocka_unit_test(less_than_a_millisecond_is_rounded_down),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
