/* SPDX-License-Identifier: Apache-2.0
 *
 * Turns: a large answer takes a multiple of its bytes while it is read, and servers that answer too much
 * must not add up, neither in what is read nor in what is kept of it. Who comes first is first: a server
 * that answers so again and again holds nobody up for longer than the answers take that came before.
 *
 * Owner:  a turn is its caller's, on his stack.
 * Thread: any; a lock of its own.
 */
#include "engine.h"

static bool is_over(const struct glm_http *http, const atomic_bool *cancel, int64_t until_ms)
{
    return atomic_load(&http->ending) || atomic_load(http->stop) ||
           (cancel && atomic_load(cancel)) || kube_late(until_ms);
}

/* With the lock held. */
static bool has_room(const struct glm_http *http, size_t bytes)
{
    return http->turn_bytes == 0 ||
           (http->turn_bytes < HTTP_TURN_BYTES && bytes <= HTTP_TURN_BYTES - http->turn_bytes);
}

/* With the lock held. */
static struct http_turn **link_of(struct glm_http *http, const struct http_turn *turn)
{
    struct http_turn **at = &http->turns;
    while (*at && *at != turn)
        at = &(*at)->next;
    return at;
}

bool http_turn_begin(struct glm_http *http, size_t bytes, const atomic_bool *cancel,
                     int64_t until_ms, struct http_turn *turn)
{
    bool going;
    *turn = (struct http_turn){.bytes = bytes};
    pthread_mutex_lock(&http->turn_lock);
    *link_of(http, NULL) = turn;
    while ((going = !is_over(http, cancel, until_ms)) &&
           (http->turns != turn || !has_room(http, bytes)))
        kube_cond_wait(&http->turn_changed, &http->turn_lock, until_ms ? until_ms : INT64_MAX);
    *link_of(http, turn) = turn->next;
    http->turn_bytes += going ? bytes : 0;
    pthread_cond_broadcast(&http->turn_changed);
    pthread_mutex_unlock(&http->turn_lock);
    return going;
}

void http_turn_end(struct glm_http *http, struct http_turn *turn)
{
    pthread_mutex_lock(&http->turn_lock);
    http->turn_bytes -= turn->bytes;
    pthread_cond_broadcast(&http->turn_changed);
    pthread_mutex_unlock(&http->turn_lock);
}

/* ---- what is kept ---- */

static void set(struct http_kept *kept, size_t bytes)
{
    kept->http->kept_bytes += bytes - kept->bytes;
    kept->bytes = bytes;
}

bool http_keep(struct http_kept *kept, size_t bytes)
{
    struct glm_http *http = kept->http;
    pthread_mutex_lock(&http->turn_lock);
    size_t others = http->kept_bytes - kept->bytes;
    bool ok =
        bytes <= HTTP_KEPT_SHARE || (others < http->kept_max && bytes <= http->kept_max - others);
    if (ok)
        set(kept, bytes);
    pthread_mutex_unlock(&http->turn_lock);
    if (ok && !kept->counts) {
        pthread_mutex_lock(&http->lock);
        http->users++;
        pthread_mutex_unlock(&http->lock);
        kept->counts = true;
    }
    return ok;
}

void http_keep_nothing(struct http_kept *kept)
{
    struct glm_http *http = kept->http;
    if (!kept->counts)
        return;
    pthread_mutex_lock(&http->turn_lock);
    set(kept, 0);
    pthread_mutex_unlock(&http->turn_lock);
    kept->counts = false;
    http_drop_all(http, NULL);
}

size_t http_keeps(struct glm_http *http)
{
    pthread_mutex_lock(&http->turn_lock);
    size_t bytes = http->kept_bytes;
    pthread_mutex_unlock(&http->turn_lock);
    return bytes;
}

void http_keep_at_most(struct glm_http *http, size_t bytes)
{
    pthread_mutex_lock(&http->turn_lock);
    http->kept_max = bytes;
    pthread_mutex_unlock(&http->turn_lock);
}
