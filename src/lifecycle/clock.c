/* SPDX-License-Identifier: Apache-2.0
 *
 * Time, for waiting: the one place of this room that looks at a clock.
 */
#include "lifecycle_internal.h"

#include <string.h>

/* What ends because its time is over ends a little sooner or later than that. */
#define NEARLY_MS 20

struct time_limit time_limit(const char *operation, int64_t total_ms)
{
    int64_t until_ms = total_ms ? glm_clock_ms() + total_ms : 0;
    return (struct time_limit){.operation = operation, .total_ms = total_ms, .until_ms = until_ms};
}

struct time_limit time_limit_half(const struct time_limit *limit)
{
    struct time_limit half = *limit;
    half.until_ms -= limit->total_ms - limit->total_ms / 2;
    half.half = true;
    return half;
}

struct time_limit time_limit_and(const struct time_limit *limit, int64_t more_ms)
{
    struct time_limit more = *limit;
    more.until_ms += more_ms;
    return more;
}

int64_t time_limit_left(const struct time_limit *limit, int64_t most)
{
    int64_t left = limit->total_ms ? limit->until_ms - glm_clock_ms() : most;
    return left < most ? left : most;
}

bool time_limit_over(const struct time_limit *limit)
{
    return limit->total_ms && glm_clock_ms() + NEARLY_MS >= limit->until_ms;
}

struct glm_cluster *time_limit_cluster(const struct time_limit *limit, struct glm_arena *arena,
                                       struct glm_cluster *cluster)
{
    if (!cluster || !limit->total_ms || !cluster->ops->within)
        return cluster;
    return cluster->ops->within(cluster, arena, limit->until_ms - glm_clock_ms());
}

const char *time_limit_why(const struct time_limit *limit, struct glm_arena *arena, const char *why)
{
    if (!time_limit_over(limit))
        return why;
    const char *total = glm_clock_text(arena, limit->total_ms);
    if (strcmp(limit->operation, "import") == 0)
        return glm_sprintf(arena,
                           "All of the import, in every cluster, took longer than the %s that it "
                           "may take. %s",
                           total, why);
    if (limit->half && limit->at_once)
        return glm_sprintf(
            arena,
            "Its turn did not come in half of timeouts.%s = \"%s\", which is the time "
            "for the look at all clusters: %zu of them are looked at at once "
            "(max_parallel_clusters), and those before it took all of it.\n\nRaise "
            "timeouts.%s, or max_parallel_clusters of the provider.",
            limit->operation, total, limit->at_once, limit->operation);
    if (limit->half)
        return glm_sprintf(arena,
                           "The look at what is there took longer than half of timeouts.%s = "
                           "\"%s\"; the other half is for what comes after it, in the other "
                           "clusters too. %s\n\nRaise timeouts.%s if the cluster is only slow.",
                           limit->operation, total, why, limit->operation);
    return glm_sprintf(arena,
                       "All of the %s, in every cluster, took longer than timeouts.%s = \"%s\" "
                       "allows. %s\n\nRaise timeouts.%s if the clusters are only slow.",
                       limit->operation, limit->operation, total, why, limit->operation);
}
