/* SPDX-License-Identifier: Apache-2.0
 *
 * The sockets of one engine. libcurl reads on for as long as there is something to be read, so that
 * a server that sends faster than it is read keeps it; what ends that, from any other thread, is to
 * shut its sockets.
 *
 * Owner:  the engine.
 * Thread: any.
 */
#ifndef GLM_KUBE_HTTP_SOCKETS_H
#define GLM_KUBE_HTTP_SOCKETS_H

#include "job.h"

struct http_socket {
    int fd;
    struct http_job *job; /* that it was made for, while that is under way; or NULL */
};

struct http_sockets {
    pthread_mutex_t lock;
    /* under the lock */
    struct glm_arena *arena; /* of the list, which grows */
    struct http_socket *list;
    size_t count, room;
    bool cut; /* since the last look */
};

void http_sockets_init(struct http_sockets *sockets, struct glm_arena *arena);
void http_sockets_done(struct http_sockets *sockets);
void http_sockets_add(struct http_sockets *sockets, int fd, struct http_job *job);
/* Closes it. What job it was made for learns whether it was connected. */
void http_sockets_close(struct http_sockets *sockets, int fd);
/* The same, of sockets that are still open; nothing of the job is touched after this. */
void http_sockets_disown(struct http_sockets *sockets, struct http_job *job);
/* Nothing more comes from any of them. */
void http_sockets_cut(struct http_sockets *sockets);
/* Whether they were since the last call of this. */
bool http_sockets_were_cut(struct http_sockets *sockets);

#endif
