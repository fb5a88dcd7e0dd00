/* SPDX-License-Identifier: Apache-2.0
 *
 * Growth: how what something costs grows with its size, as the slope of time against size when both
 * are drawn in logarithms. 1 is in proportion, 2 is quadratic. No time is ever held against a clock:
 * a slow machine has the same slope.
 */
#ifndef GLM_TEST_GROWTH_H
#define GLM_TEST_GROWTH_H

#include <stddef.h>

/* Past this something is not in proportion; sorting is (1.1 or so). */
#define GROWTH_MOST 1.3
/* What one run measures apart from each other. */
#define GROWTH_STAGES 6

/* One run at size n: fills in the seconds of each stage that there was, as growth_clock tells them. */
typedef void growth_run(const void *context, size_t n, double seconds[GROWTH_STAGES]);

struct growth {
    const char *name;
    growth_run *run;
    const void *context;
    size_t least;                      /* the size to begin with */
    size_t most;                       /* no run is larger */
    const char *stages[GROWTH_STAGES]; /* their names; NULL ends them */
};

/* Seconds of CPU of the whole process: what else the machine does is not in it. */
double growth_clock(void);

/* Measures at four sizes, each twice the one before, the largest as large as is needed to see it well.
 * A slope beyond the limit is measured again, and again larger, before it counts. Fails the test. */
void growth_assert(const struct growth *g);

#endif
