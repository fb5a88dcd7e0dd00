/* SPDX-License-Identifier: Apache-2.0
 *
 * Parts: what the charts of all of Istio's gateways have in common, whoever renders them (src/render, src/render/chart).
 */
#ifndef GLM_RENDER_PARTS_H
#define GLM_RENDER_PARTS_H

#include "glm/charts.h"
#include "glm/diag.h"
#include "glm/text.h"
#include "glm/value.h"

/* ---- releases.c: which version, and what it has ---- */

struct part_number {
    unsigned minor, patch; /* of Istio 1 */
};
#define PART_OLDEST 22
#define PART_NEWEST 31
#define PART_PORTED 4 /* release lines that one change was brought to */

/* A thing in which releases differ. */
struct part_switch {
    /* The first release of each line that has it; all minors after the last line have it too. */
    struct {
        uint8_t minor, patch;
    } since[PART_PORTED];
    uint8_t until; /* the last minor that has it; 0: the newest */
};
bool part_has(const struct part_switch *row, struct part_number release);

struct glm_version;
/* A minor that is named without its patch is its last one. */
struct part_number part_number_of(const struct glm_version *v);
/* False, having said why, when it is no version or none that is known. ret_text: "1.30.3". */
bool part_release_read(struct glm_arena *arena, const char *said, const struct glm_path *at,
                       struct part_number *ret, const char **ret_text, struct glm_diags *d);
/* helm.sh/chart: a label value made of a version that may have a build in it. */
const struct glm_value *part_chart_label(struct glm_arena *arena, const char *chart,
                                         const char *version);
/* The number in front, without what names a build. */
const char *part_plain_number(struct glm_arena *arena, const struct glm_version *v);

/* ---- literal trees: at file scope only, where they live for ever ---- */

#define LITERAL_TEXT(s)                                                                            \
    (&(const struct glm_value){.kind = GLM_STRING, .len = sizeof(s) - 1, .as = {.text = (s)}})
#define LITERAL_NUMBER(s)                                                                          \
    (&(const struct glm_value){.kind = GLM_NUMBER, .len = sizeof(s) - 1, .as = {.text = (s)}})
#define LITERAL_PAIR(k, v)                                                                         \
    {                                                                                              \
        .key = (k), .value = (v)                                                                   \
    }
/* Pairs in the order of the bytes of their keys. */
#define LITERAL_MAP(pairs)                                                                         \
    {                                                                                              \
        .kind = GLM_MAP, .len = sizeof(pairs) / sizeof *(pairs), .as = {.map = (pairs) }           \
    }
#define LITERAL_LIST(items)                                                                        \
    {                                                                                              \
        .kind = GLM_LIST, .len = sizeof(items) / sizeof *(items), .as = {.list = (items) }         \
    }

/* ---- tree.c: trees ---- */

struct part_field {
    const char *key;
    const struct glm_value *value; /* NULL: the field is left out */
};
const struct glm_value *part_map(struct glm_arena *arena, const struct part_field *fields,
                                 size_t count);
#define PART_MAP(arena, ...)                                                                       \
    part_map((arena), (const struct part_field[]){__VA_ARGS__},                                    \
             sizeof((const struct part_field[]){__VA_ARGS__}) / sizeof(struct part_field))

/* over laid over base: maps by key, everything else replaced, by null too. */
const struct glm_value *part_merged(struct glm_arena *arena, const struct glm_value *base,
                                    const struct glm_value *over);

/* ---- text.c: values as a template sees and prints them ---- */

/* glm_chart_text as a value: what is unknown stays so. */
const struct glm_value *part_string(struct glm_arena *arena, const struct glm_value *v);
/* The same where it is printed without quotes and a text belongs: nothing is null. What else YAML could take for
 * another thing than a text, such as 123 or true, stays one. */
const struct glm_value *part_word(struct glm_arena *arena, const struct glm_value *v);
/* The same by the function `quote`, which prints nothing of null. */
const struct glm_value *part_quoted(struct glm_arena *arena, const struct glm_value *v);
/* What YAML reads where v is printed without quotes and a number belongs: "5" is 5; other text stays. */
const struct glm_value *part_plain(struct glm_arena *arena, const struct glm_value *v);
/* before, v as it is printed, after. */
const struct glm_value *part_around(struct glm_arena *arena, const char *before,
                                    const struct glm_value *v, const char *after);
/* As sprig's int: of numbers and of texts that are some; else 0. */
int64_t part_int(const struct glm_value *v);

/* ---- files.c: the names of the files that Istio's charts have ---- */

enum part_file { PART_PROFILE, PART_PLATFORM };
bool part_has_file(enum part_file which, const char *name, unsigned minor);
/* "Those are: ambient, demo." */
const char *part_files(struct glm_arena *arena, enum part_file which, unsigned minor);
/* The oldest compatibilityVersion, 1.N, that a minor takes; the newest is that of the minor before. */
unsigned part_oldest_compatible(unsigned minor);

/* ---- kinds.c: parts of objects ---- */

/* The rules of a Role: secrets of its namespace may be read. */
extern const struct glm_value part_secret_rules;
/* A RoleBinding's roleRef and subjects. */
const struct glm_value *part_role_ref(struct glm_arena *arena, const struct glm_value *role);
const struct glm_value *part_subjects(struct glm_arena *arena, const struct glm_value *account);
/* One of the metrics of a HorizontalPodAutoscaler: the average utilization of "cpu" or "memory". */
const struct glm_value *part_utilization(struct glm_arena *arena, const char *resource,
                                         const struct glm_value *average);
/* What it scales. */
const struct glm_value *part_scaled(struct glm_arena *arena, const struct glm_value *name);
/* A port in a NetworkPolicy. protocol: null for TCP. */
const struct glm_value *part_policy_port(struct glm_arena *arena, const struct glm_value *protocol,
                                         const struct glm_value *port);
/* The spec of a gateway's NetworkPolicy: what is for its pods to be asked of whoever they are, and then a
 * rule for each of these ports. anybody: each rule says `from: []`. */
const struct glm_value *part_policy_spec(struct glm_arena *arena, const struct glm_value *labels,
                                         const struct glm_value *const *ports, size_t count,
                                         bool anybody);

#endif
