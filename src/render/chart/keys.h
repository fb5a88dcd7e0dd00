/* SPDX-License-Identifier: Apache-2.0
 *
 * The keys that the chart's values have, as data: values.schema.json of all releases in one table, and beside each
 * key what Kubernetes makes of it.
 */
#ifndef GLM_CHART_KEYS_H
#define GLM_CHART_KEYS_H

#include "internal.h"

/* What a value may be, by the schema. */
enum {
    CHART_TEXT = 1,
    CHART_WHOLE = 2,
    CHART_NUMBER = 4,
    CHART_BOOL = 8,
    CHART_LIST = 16,
    CHART_MAP = 32,
    CHART_NULL = 64,
};

struct chart_key {
    const char *name; /* NULL: every other key */
    uint16_t types;   /* 0: whatever */
    uint8_t since;    /* the minor whose schema knows it first; 0: all do */
    uint8_t read;     /* the minor whose templates read it first; 0: all do */
    struct {
        uint8_t minor, patch;
    } nullable;                    /* null may be, too, since then; 0: by types */
    bool required;                 /* must be there */
    bool idle;                     /* nobody reads it */
    const char *const *words;      /* the only texts that may be; NULL ends them */
    const struct chart_keys *keys; /* of a map; NULL: free */
    const struct chart_key *each;  /* the elements of a list; NULL: free */
    const char *kubernetes;        /* type of it in Kubernetes' API, of each element of a list */
};

struct chart_keys {
    const struct chart_key *rows;
    size_t count;
};
extern const struct chart_keys chart_root;

#endif
