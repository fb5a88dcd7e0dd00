/* SPDX-License-Identifier: Apache-2.0
 *
 * What libcurl tells of a transfer while it is under way, in the engine's thread: answers as they
 * come, and sockets.
 */
#include "transfer.h"

#include "glm/shown.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define HEAD_MAX ((size_t)128 << 10) /* all headers, those of interim answers and trailers too */
#define AUDIT_ID_MAX 256
#define RETRY_AFTER_MAX_S ((int64_t)24 * 3600)

long http_transfer_status(const struct transfer *t)
{
    long status = 0;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/* In milliseconds, from seconds or a date; -1: neither. */
static int64_t retry_after(const char *value)
{
    int64_t seconds = http_seconds(value);
    if (seconds < 0) {
        time_t at = curl_getdate(value, NULL), now = time(NULL);
        if (at == -1)
            return -1;
        seconds = at > now ? (int64_t)(at - now) : 0;
    }
    return (seconds < RETRY_AFTER_MAX_S ? seconds : RETRY_AFTER_MAX_S) * 1000;
}

static void add_warnings(struct transfer *t, const char *value, size_t len)
{
    struct http_response *r = &t->response;
    if (!r->warnings)
        r->warnings = GLM_NEW_ARRAY(t->job.arena, HTTP_WARNINGS_MAX, const char *);
    const char *at = value, *text;
    while (r->warning_count < HTTP_WARNINGS_MAX &&
           http_warning(t->job.arena, &at, value + len, &text))
        if (text)
            r->warnings[r->warning_count++] = text;
}

static void keep(struct transfer *t, const char *line, size_t len)
{
    struct glm_arena *arena = t->job.arena;
    struct http_response *r = &t->response;
    const char *value;
    size_t value_len;
    if (len > 5 && strncmp(line, "HTTP/", 5) == 0) { /* a new beginning, after a 1xx */
        r->retry_after_ms = -1;
        r->audit_id = NULL;
        r->warning_count = 0;
    } else if (http_header(line, len, "Retry-After", &value, &value_len)) {
        r->retry_after_ms = retry_after(glm_strndup(arena, value, value_len));
    } else if (http_header(line, len, "Audit-Id", &value, &value_len) && value_len &&
               value_len <= AUDIT_ID_MAX) {
        r->audit_id = glm_shown_n(arena, value, value_len, GLM_SHOWN_MAX);
    } else if (http_header(line, len, "Warning", &value, &value_len)) {
        add_warnings(t, value, value_len);
    }
}

size_t http_transfer_on_header(char *line, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    size_t len = size * count;
    t->head_bytes += len;
    t->head_too_large = t->head_bytes > HEAD_MAX;
    if (!http_job_heard(&t->job) || t->head_too_large)
        return CURL_WRITEFUNC_ERROR;
    long status = len == 2 && line[0] == '\r' ? http_transfer_status(t) : 0;
    if (status >= 200)
        http_job_answered(&t->job, status / 100 == 2);
    keep(t, line, len);
    return len;
}

size_t http_transfer_on_body(char *data, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    size_t len = size * count;
    if (!http_job_heard(&t->job))
        return CURL_WRITEFUNC_ERROR;
    if (t->stream && http_transfer_status(t) / 100 == 2)
        return http_job_put(&t->job, data, len) ? len : CURL_WRITEFUNC_PAUSE;
    curl_off_t announced = -1;
    curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
    if (announced > 0 && (uint64_t)announced > t->response_max)
        t->too_large = true;
    else
        glm_text_add(&t->body, data, len);
    t->too_large |= t->body.overflow;
    return t->too_large ? CURL_WRITEFUNC_ERROR : len;
}

/* What comes over the wire, also when nothing comes of it: it may unpack to nothing. */
int http_transfer_on_progress(void *context, curl_off_t total, curl_off_t now, curl_off_t up_total,
                              curl_off_t up)
{
    (void)total, (void)up_total, (void)up;
    struct transfer *t = context;
    t->too_large |= !t->stream && now > 0 && (uint64_t)now > t->response_max;
    return t->too_large || !http_job_wanted(&t->job);
}

/* Called when a connection is ready and the request is about to go out. libcurl would give it to a
 * second one when the first, a kept one, ends without an answer; but the server may have acted. */
/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
int http_transfer_on_ready(void *context, char *to, char *from, int to_port, int from_port)
{
    (void)to, (void)from, (void)to_port, (void)from_port;
    struct transfer *t = context;
    unsigned attempts;
    if (!http_job_sending(&t->job, &attempts))
        return CURL_PREREQFUNC_ABORT;
    t->repeat_refused = attempts > 1 && !t->reads;
    return t->repeat_refused ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/* Programs that run as plugins shall not inherit sockets. */
curl_socket_t http_transfer_on_socket(void *context, curlsocktype purpose,
                                      struct curl_sockaddr *address)
{
    (void)purpose;
    struct transfer *t = context;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    http_job_tried(&t->job, fd < 0 ? errno : 0);
    if (fd < 0)
        return CURL_SOCKET_BAD;
    http_sockets_add(t->sockets, fd, &t->job);
    return fd;
}

int http_transfer_on_close(void *context, curl_socket_t fd)
{
    http_sockets_close(context, fd);
    return 0;
}
