/* SPDX-License-Identifier: Apache-2.0
 *
 * When credentials expire: RFC 3339 times, and what time it is.
 */
#include "internal.h"

#include <string.h>
#include <time.h>

/* Exactly count digits. */
static bool digits(const char **cursor, size_t count, int *ret_number)
{
    uint64_t number;
    if (glm_digits(*cursor, count, &number) < count)
        return false;
    *cursor += count;
    *ret_number = (int)number;
    return true;
}

static bool literal(const char **cursor, const char *any_of)
{
    if (!**cursor || !strchr(any_of, **cursor))
        return false;
    ++*cursor;
    return true;
}

/* "Z" or "+02:00", in seconds east of Greenwich. */
static bool offset(const char **cursor, int *ret_seconds)
{
    int hours, minutes;
    *ret_seconds = 0;
    if (literal(cursor, "Zz"))
        return true;
    int sign = **cursor == '-' ? -1 : 1;
    if (!literal(cursor, "+-") || !digits(cursor, 2, &hours) || !literal(cursor, ":") ||
        !digits(cursor, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

static int days_in(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

bool exec_credential_time(const char *text, int64_t *ret_seconds)
{
    struct tm t = {0};
    int east;
    const char *p = text;
    if (!digits(&p, 4, &t.tm_year) || !literal(&p, "-") || !digits(&p, 2, &t.tm_mon) ||
        !literal(&p, "-") || !digits(&p, 2, &t.tm_mday) || !literal(&p, "Tt ") ||
        !digits(&p, 2, &t.tm_hour) || !literal(&p, ":") || !digits(&p, 2, &t.tm_min) ||
        !literal(&p, ":") || !digits(&p, 2, &t.tm_sec))
        return false;
    if (literal(&p, ".")) {
        size_t fraction = strspn(p, "0123456789");
        if (fraction == 0)
            return false;
        p += fraction;
    }
    if (!offset(&p, &east) || *p || t.tm_mon < 1 || t.tm_mon > 12 || t.tm_mday < 1 ||
        t.tm_mday > days_in(t.tm_year, t.tm_mon) || t.tm_hour > 23 || t.tm_min > 59 ||
        t.tm_sec > 60)
        return false;
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    *ret_seconds = (int64_t)timegm(&t) - east;
    return true;
}

int64_t exec_credential_now(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec;
}
