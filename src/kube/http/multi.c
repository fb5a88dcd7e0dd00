/* SPDX-License-Identifier: Apache-2.0
 *
 * libcurl's multi handles, for the engines.
 */
#include "transfer.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define NO_POLL_MS 20
#define KEPT_CONNECTIONS 256L /* idle or not; beyond that the oldest idle one is closed */

static struct transfer *transfer_of(struct http_job *job)
{
    return (struct transfer *)job;
}

/* ---- memory: libcurl copies headers, keys and passwords, and none of it may stay behind ---- */

static void free_wiped(void *memory)
{
    if (memory)
        explicit_bzero(memory, malloc_usable_size(memory));
    free(memory);
}

static void *realloc_wiped(void *memory, size_t size)
{
    size_t before = memory ? malloc_usable_size(memory) : 0;
    if (size && size <= before && size >= before / 2)
        return memory;
    void *moved = malloc(size ? size : 1);
    if (!moved)
        return NULL;
    if (before)
        memcpy(moved, memory, before < size ? before : size);
    free_wiped(memory);
    return moved;
}

bool http_library_open(void)
{
    return curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, free_wiped, realloc_wiped, strdup,
                                calloc) == CURLE_OK;
}

void http_library_close(void)
{
    curl_global_cleanup();
}

void *http_multi_open(bool shared)
{
    CURLM *multi = curl_multi_init();
    bool ready = multi &&
                 curl_multi_setopt(multi, CURLMOPT_PIPELINING,
                                   shared ? CURLPIPE_MULTIPLEX : CURLPIPE_NOTHING) == CURLM_OK &&
                 curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, KEPT_CONNECTIONS) == CURLM_OK;
    /* Without the files that it is woken by it would sleep through what it is given. */
    bool deaf = ready && curl_multi_wakeup(multi) != CURLM_OK;
    if (ready && !deaf)
        return multi;
    if (multi)
        curl_multi_cleanup(multi);
    errno = deaf ? EMFILE : ENOMEM;
    return NULL;
}

void http_multi_close(void *multi)
{
    curl_multi_cleanup(multi);
}

bool http_multi_add(void *multi, struct http_job *job)
{
    job->result = CURLE_FAILED_INIT;
    job->admitted = curl_multi_add_handle(multi, transfer_of(job)->easy) == CURLM_OK;
    return job->admitted;
}

void http_multi_remove(void *multi, struct http_job *job)
{
    if (job->admitted)
        curl_multi_remove_handle(multi, transfer_of(job)->easy);
    http_sockets_disown(transfer_of(job)->sockets, job);
}

bool http_multi_resume(struct http_job *job)
{
    job->result = (int)curl_easy_pause(transfer_of(job)->easy, CURLPAUSE_CONT);
    return job->result == CURLE_OK;
}

void http_multi_turn(void *multi)
{
    int running;
    curl_multi_perform(multi, &running);
}

struct http_job *http_multi_ended(void *multi)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
        if (message->msg != CURLMSG_DONE)
            continue;
        struct transfer *t = NULL;
        int result = (int)message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &t);
        t->job.result = result;
        return &t->job;
    }
    return NULL;
}

bool http_multi_wait(void *multi, int milliseconds)
{
    int events = 0;
    /* Where it cannot wait (no memory), whoever calls it again and again waits all the same. */
    if (curl_multi_poll(multi, NULL, 0, milliseconds, &events) != CURLM_OK)
        poll(NULL, 0, milliseconds < NO_POLL_MS ? milliseconds : NO_POLL_MS);
    return events > 0;
}

void http_multi_wake(void *multi)
{
    curl_multi_wakeup(multi);
}
