/* SPDX-License-Identifier: Apache-2.0
 *
 * A server that answers every request with the same bytes for ever, as fast as they go out: over
 * HTTP/2, frames that are allowed and of no use, or over HTTP/1.1. It stands for a hostile server.
 */
#ifndef GLM_TEST_FAKE_STORM_H
#define GLM_TEST_FAKE_STORM_H

#include "fake_https.h"

enum fake_storm_kind {
    FAKE_STORM_GOAWAY,
    FAKE_STORM_EMPTY_DATA,
    FAKE_STORM_PRIORITY,
    FAKE_STORM_UNKNOWN, /* frames of a type that nobody knows */
    FAKE_STORM_SILENCE, /* nothing: a connection that was lost without a word */
    /* over HTTP/1.1 */
    FAKE_STORM_INTERIM,   /* 103 */
    FAKE_STORM_HEADERS,   /* of the answer */
    FAKE_STORM_TRAILERS,  /* after it */
    FAKE_STORM_EXTENSION, /* of a chunk */
    FAKE_STORM_NOTHING,   /* gzip that unpacks to nothing */
    FAKE_STORM_KINDS,
};

struct fake_storm {
    enum fake_storm_kind kind;
    struct fake_identity identity;

    /* set by start */
    unsigned port;
    atomic_uint storms; /* connections on which it has begun */

    struct fake_storm_inside *inside;
};

void fake_storm_start(struct fake_storm *storm);
void fake_storm_stop(struct fake_storm *storm);

#endif
