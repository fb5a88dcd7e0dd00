/* SPDX-License-Identifier: Apache-2.0
 *
 * hclog JSON. The timestamp must have six digits and a zone, or Terraform takes the line for text.
 */
#include "log.h"

#include "glm/codec.h"
#include "glm/shown.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define LINE_WAIT_MS 1000
#define LINE_MAX_BYTES ((size_t)60 << 10) /* Terraform splits lines at 64 KiB */

static const char *const names[] = {"trace", "debug", "info", "warn", "error"};
static enum glm_log_level least = GLM_LOG_WARN;

void glm_log_init(void)
{
    const char *wanted = getenv("TF_LOG_PROVIDER");
    if (!wanted || !*wanted)
        wanted = getenv("TF_LOG");
    for (size_t i = 0; wanted && i < sizeof names / sizeof *names; i++)
        if (strcasecmp(wanted, names[i]) == 0)
            least = (enum glm_log_level)i;
    if (wanted && strcasecmp(wanted, "json") == 0)
        least = GLM_LOG_TRACE;
}

static const char *timestamp(struct glm_arena *arena)
{
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    return glm_sprintf(arena, "%04d-%02d-%02dT%02d:%02d:%02d.%06ldZ", utc.tm_year + 1900,
                       utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                       now.tv_nsec / 1000);
}

/* Whoever else has the same stderr may have made it non-blocking: half a line would spoil the next. */
static bool may_go_on(void)
{
    struct pollfd stderr_ = {.fd = STDERR_FILENO, .events = POLLOUT};
    return errno == EINTR || (errno == EAGAIN && poll(&stderr_, 1, LINE_WAIT_MS) > 0);
}

static void write_line(const char *line, size_t len)
{
    while (len > 0) {
        ssize_t n = write(STDERR_FILENO, line, len);
        if (n < 0 && may_go_on())
            continue;
        if (n <= 0)
            return; /* nobody to tell */
        line += n;
        len -= (size_t)n;
    }
}

void glm_log(enum glm_log_level level, const char *module, const char *format, ...)
{
    if (level < least)
        return;
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(GLM_ARENA_RPC_LIMIT);
    va_list args;
    va_start(args, format);
    const char *raw = glm_vsprintf(arena, format, args);
    va_end(args);
    const char *message = glm_shown_n(arena, raw, strlen(raw), LINE_MAX_BYTES / 2);
    struct glm_map_builder b;
    glm_map_init(&b, arena);
    glm_map_set(&b, "@level", glm_string(arena, names[level]));
    glm_map_set(&b, "@message", glm_string(arena, message));
    glm_map_set(&b, "@module", glm_string(arena, module));
    glm_map_set(&b, "@timestamp", glm_string(arena, timestamp(arena)));
    const char *line = glm_sprintf(arena, "%s\n", glm_json_text(arena, glm_map_finish(&b, NULL)));
    write_line(line, strlen(line));
}
