/* SPDX-License-Identifier: Apache-2.0
 *
 * How long a wait is: what follows from the timeout alone.
 */
#include "../../src/lifecycle/work.h"
#include "test.h"

#define MINUTES(n) ((int64_t)(n)*60 * 1000)

static void what_nobody_takes_up_is_waited_for_longer_when_there_is_more_time(void **state)
{
    (void)state;
    assert_int_equal(wait_untouched(MINUTES(20)), MINUTES(5));
    assert_int_equal(wait_untouched(MINUTES(120)), MINUTES(30));
    /* Never so short that an operator in its back-off is missed: the timeout itself comes first. */
    assert_int_equal(wait_untouched(MINUTES(8)), MINUTES(2));
    assert_int_equal(wait_untouched(1000), MINUTES(2));
    assert_int_equal(wait_untouched(0), MINUTES(2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_takes_up_is_waited_for_longer_when_there_is_more_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
