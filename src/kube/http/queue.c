/* SPDX-License-Identifier: Apache-2.0
 *
 * A ring of bytes. Its lock is its owner's.
 */
#include "parts.h"

#include <string.h>

void http_queue_init(struct http_queue *queue, struct glm_arena *arena)
{
    *queue = (struct http_queue){.data = glm_alloc(arena, HTTP_QUEUE_SIZE)};
}

bool http_queue_put(struct http_queue *queue, const char *data, size_t len)
{
    if (len > HTTP_QUEUE_SIZE - queue->len)
        return false;
    size_t end = (queue->begin + queue->len) % HTTP_QUEUE_SIZE;
    size_t first = len < HTTP_QUEUE_SIZE - end ? len : HTTP_QUEUE_SIZE - end;
    memcpy(queue->data + end, data, first);
    memcpy(queue->data, data + first, len - first);
    queue->len += len;
    return true;
}

const char *http_queue_front(const struct http_queue *queue, size_t *ret_len)
{
    size_t row = HTTP_QUEUE_SIZE - queue->begin;
    *ret_len = queue->len < row ? queue->len : row;
    return queue->data + queue->begin;
}

void http_queue_drop(struct http_queue *queue, size_t len)
{
    queue->begin = (queue->begin + len) % HTTP_QUEUE_SIZE;
    queue->len -= len;
}
