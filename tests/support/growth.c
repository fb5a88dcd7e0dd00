/* SPDX-License-Identifier: Apache-2.0
 *
 * See growth.h.
 */
#include "test.h"

#include "growth.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SIZES 4
#define ATTEMPTS 4
/* What the largest size should take at the first attempt, in seconds: enough to see a slope in. Less
 * than TOO_SHORT at the largest that there can be is nothing that anybody waits for. */
#define ENOUGH 0.02
#define TOO_SHORT 0.002

struct measured {
    double seconds[SIZES][GROWTH_STAGES];
};

double growth_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The least of some runs: what disturbs a run only ever makes it longer. All sizes take turns, for what
 * else the machine does comes and goes, and slows down whoever runs then. */
static void measure(const struct growth *g, size_t n, int runs, struct measured *least)
{
    for (int r = 0; r < runs; r++)
        for (size_t i = 0; i < SIZES; i++) {
            double seconds[GROWTH_STAGES] = {0};
            g->run(g->context, n << i, seconds);
            for (size_t s = 0; s < GROWTH_STAGES; s++)
                if (r == 0 || seconds[s] < least->seconds[i][s])
                    least->seconds[i][s] = seconds[s];
        }
}

static double total(const double seconds[GROWTH_STAGES])
{
    double sum = 0;
    for (size_t s = 0; s < GROWTH_STAGES; s++)
        sum += seconds[s];
    return sum;
}

/* Least squares of log(time) over log(size), from the size `first` on; sizes are powers of two apart. */
static double fit(const struct measured *m, size_t stage, size_t first)
{
    double mean = 0, over = 0, under = 0, count = (double)(SIZES - first);
    for (size_t i = first; i < SIZES; i++)
        mean += log2(m->seconds[i][stage]) / count;
    for (size_t i = first; i < SIZES; i++) {
        double x = (double)(i - first) - (count - 1) / 2;
        over += x * (log2(m->seconds[i][stage]) - mean);
        under += x * x;
    }
    return over / under;
}

/* The lesser of all sizes' and the larger three's: what begins once, at some size, as compressing does,
 * is a step between two of them and no slope. What is quadratic is so in both. */
static double slope(const struct measured *m, size_t stage)
{
    double all = fit(m, stage, 0), larger = fit(m, stage, 1);
    return all < larger ? all : larger;
}

/* The smallest of the four sizes: so that the largest takes long enough, if there can be one. */
static size_t choose(const struct growth *g, size_t n, double enough)
{
    for (;; n *= 2) {
        double seconds[GROWTH_STAGES] = {0};
        if (n * 2 << (SIZES - 1) > g->most)
            return n;
        g->run(g->context, n << (SIZES - 1), seconds);
        if (total(seconds) >= enough)
            return n;
    }
}

/* The worst slope, and what to say of it. */
static double worst(const struct growth *g, struct glm_arena *arena, size_t n, int runs,
                    const char **ret_said)
{
    struct measured m;
    double steepest = 0;
    measure(g, n, runs, &m);
    for (size_t s = 0; s < GROWTH_STAGES && g->stages[s]; s++) {
        if (m.seconds[SIZES - 1][s] < TOO_SHORT)
            continue;
        double here = slope(&m, s);
        if (getenv("GLM_GROWTH"))
            fprintf(stderr, "%-34s %-9s n = %-6zu %9.3f ms at 8n   slope %.2f\n", g->name,
                    g->stages[s], n, m.seconds[SIZES - 1][s] * 1e3, here);
        if (here <= steepest)
            continue;
        steepest = here;
        *ret_said = glm_sprintf(
            arena,
            "%s, %s: time grows with size to the power of %.2f (%zu: %.2f ms, %zu: %.2f ms, "
            "%zu: %.2f ms, %zu: %.2f ms)",
            g->name, g->stages[s], here, n, m.seconds[0][s] * 1e3, n * 2, m.seconds[1][s] * 1e3,
            n * 4, m.seconds[2][s] * 1e3, n * 8, m.seconds[3][s] * 1e3);
    }
    return steepest;
}

void growth_assert(const struct growth *g)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 20);
    const char *said = "";
    double enough = ENOUGH;
    size_t n = g->least;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++, enough *= 2) {
        n = choose(g, n, enough);
        if (worst(g, arena, n, 1 + 2 * attempt, &said) <= GROWTH_MOST)
            return;
        n *= n * 16 <= g->most ? 2 : 1;
    }
    fail_msg("%s", said);
}
