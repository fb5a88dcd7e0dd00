/* SPDX-License-Identifier: Apache-2.0
 *
 * A fake API server: plain HTTP on 127.0.0.1, and what it answers is the test's. For what a real
 * one cannot be made to do at the right moment: be busy, break off, be slow, change its mind.
 *
 * Thread: `answer` runs in a thread of the connection, several at once; all other functions belong
 *         to it or to the test's thread.
 */
#ifndef GLM_TEST_FAKE_APISERVER_H
#define GLM_TEST_FAKE_APISERVER_H

#include "glm/arena.h"

#include <stdatomic.h>
#include <stdbool.h>

struct fake_call {
    struct fake_apiserver *server;
    struct glm_arena *arena; /* of this call */
    const char *method, *path, *query, *authorization, *content_type, *body;
    const char *head; /* all of it */
    int socket;
    bool ended; /* the connection is to be closed */
};

struct fake_apiserver {
    void (*answer)(void *context, struct fake_call *call);
    void *context;

    unsigned port; /* set by start */
    struct fake_apiserver_inside *inside;
};

void fake_apiserver_start(struct fake_apiserver *server);
/* Ends every connection. */
void fake_apiserver_stop(struct fake_apiserver *server);
/* Calls so far of this method, to a path that has `part` in it. A watch has the method "WATCH". */
unsigned fake_apiserver_calls(struct fake_apiserver *server, const char *method, const char *part);

/* headers: "" or lines that each end in \r\n. */
void fake_answer(struct fake_call *call, int status, const char *headers, const char *body);
/* A Status. details: "" or a JSON object in single quotes. */
void fake_status(struct fake_call *call, int status, const char *reason, const char *message,
                 const char *details);
/* Ends the connection in the middle of things. */
void fake_break(struct fake_call *call);
/* A stream: begin, then text; false once the client or the server has had enough. */
void fake_stream_begin(struct fake_call *call);
bool fake_stream(struct fake_call *call, const char *text);
/* False once the server stops or the client is gone; waits for so many milliseconds at most. */
bool fake_wait(struct fake_call *call, int milliseconds);

#endif
