/* SPDX-License-Identifier: Apache-2.0
 *
 * A socket is closed under the lock, so that nobody shuts another one that has got its number.
 */
#include "sockets.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void http_sockets_init(struct http_sockets *sockets, struct glm_arena *arena)
{
    *sockets = (struct http_sockets){.arena = arena};
    pthread_mutex_init(&sockets->lock, NULL);
}

void http_sockets_done(struct http_sockets *sockets)
{
    pthread_mutex_destroy(&sockets->lock);
}

void http_sockets_add(struct http_sockets *s, int fd, struct http_job *job)
{
    pthread_mutex_lock(&s->lock);
    if (s->count == s->room) {
        size_t room = s->room ? 2 * s->room : 8;
        struct http_socket *list = GLM_NEW_ARRAY(s->arena, room, struct http_socket);
        if (s->count)
            memcpy(list, s->list, s->count * sizeof *list);
        s->list = list;
        s->room = room;
    }
    s->list[s->count++] = (struct http_socket){fd, job};
    pthread_mutex_unlock(&s->lock);
}

static void tell(const struct http_socket *socket)
{
    struct sockaddr_storage peer;
    socklen_t len = sizeof peer;
    if (!socket->job || getpeername(socket->fd, (struct sockaddr *)&peer, &len) < 0)
        return;
    pthread_mutex_lock(&socket->job->lock);
    socket->job->connected = true;
    pthread_mutex_unlock(&socket->job->lock);
}

void http_sockets_close(struct http_sockets *s, int fd)
{
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->count; i++)
        if (s->list[i].fd == fd) {
            tell(&s->list[i]);
            s->list[i] = s->list[--s->count];
            break;
        }
    close(fd);
    pthread_mutex_unlock(&s->lock);
}

void http_sockets_disown(struct http_sockets *s, struct http_job *job)
{
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->count; i++)
        if (s->list[i].job == job) {
            tell(&s->list[i]);
            s->list[i].job = NULL;
        }
    pthread_mutex_unlock(&s->lock);
}

void http_sockets_cut(struct http_sockets *s)
{
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->count; i++) {
        tell(&s->list[i]);
        shutdown(s->list[i].fd, SHUT_RDWR);
    }
    s->cut = true;
    pthread_mutex_unlock(&s->lock);
}

bool http_sockets_were_cut(struct http_sockets *s)
{
    pthread_mutex_lock(&s->lock);
    bool cut = s->cut;
    s->cut = false;
    pthread_mutex_unlock(&s->lock);
    return cut;
}
