/* SPDX-License-Identifier: Apache-2.0
 *
 * Differences: where an object is not what it is held against, a line for each field, for plans and drift.
 *
 * What:   a flat map from PATH to TEXT, both for people; nobody parses them.
 *         spec.components.ingressGateways[istio-ingressgateway].k8s.hpaSpec.maxReplicas = 9 (should be 5)
 * Owner:  the arena. Takes a few times what the values take: give it scratch, and copy the result.
 * Errors: none. UNKNOWN while one of the values is not wholly known, never what is known of them.
 * Time:   in proportion to the size of the values; no deeper than GLM_VALUE_DEPTH.
 * Thread: no shared state.
 *
 * PATH:
 *   path    := step { "." key | element }          step := key | element
 *   key     := letters, digits, "_", "-"           any other key: "['" key with ' doubled "']"
 *   element := "[" name "]"                        by `name`, where each element of each list has one of its own
 *            | "[" port [ "/" protocol ] "]"       else by `port`, with the protocol where it is said, likewise
 *            | "[" index "]"                       else
 *   A name that would read as a port or an index, or has a blank or one of [ ] ', is quoted as a key is. The
 *   whole object is ".", and "..." says how many more fields differ, of which there is no room to say which.
 *   What is not seen in a key is escaped, as in glm/shown.h.
 *
 * TEXT: what is there, as glm_yaml_line has it; `null`: nothing is, and nothing should be; "missing":
 *   something should.
 *   Behind it, where `should` is the same as `common` and something else is there: " (should be VALUE)", or
 *   " (should not be there)". Where VALUE is long: " (should be there)" of what is missing, " (should be in
 *   another order)" of a list that has all of it, else " (should be another)". Where `should` and `common` are
 *   not the same, the value is one of the object's own, and a plan shows what becomes of it: only of what is
 *   missing it says " (should be there)".
 *   What is too long is cut, and has a checksum of the whole: other values have other texts.
 *
 * Where: maps are gone into down to their leaves, a map that is gone as a whole is one line. So are a list of
 *   scalars, and an element that `common` does not have, if they fit into a line; and so is a list in which
 *   nothing but the order differs. A null is the same as nothing. Of a list of scalars that is longer, and not as
 *   it should be, only the elements that are not: by their index in what is there, of what is missing in what
 *   should be.
 */
#ifndef GLM_DIFFERENCE_H
#define GLM_DIFFERENCE_H

#include "glm/value.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GLM_DIFFERENCES_MAX ((size_t)256)  /* lines, without the "..." */
#define GLM_DIFFERENCE_LINE ((size_t)200)  /* bytes of what is there; beyond it is cut */
#define GLM_DIFFERENCE_LIST ((size_t)40)   /* bytes of a list of scalars that is said as a whole */
#define GLM_DIFFERENCE_SHOULD ((size_t)80) /* bytes of what should be; beyond it is not said */
#define GLM_DIFFERENCE_PATH ((size_t)4096) /* bytes; a longer one is counted, and not said */

/* Where `is` is not `common`, or not what it should be. should: NULL: it is as it should be. */
const struct glm_value *glm_differences(struct glm_arena *arena, const struct glm_value *common,
                                        const struct glm_value *is, const struct glm_value *should);

/* One of them, with the place in `is`. */
struct glm_difference {
    const char *path, *text; /* NULL, both: there is no room for it, it is one of those of "..." */
    const struct glm_value *is; /* in the tree of `is`; null where it has nothing */
};
/* The same as a list, in the order of the walk, with those of "..." one by one. Returns how many: 0 where
 * something is not known, too. */
size_t glm_difference_list(struct glm_arena *arena, const struct glm_value *common,
                           const struct glm_value *is, const struct glm_value *should,
                           const struct glm_difference **ret_list);

/* What makes `whole` of `common`, made of another object: `onto` with the values that `whole` has wherever it
 * is not `common`. Elements of lists are the same by what is said of PATH. Of `common` itself it makes
 * `whole`. All of it known. Returns onto where nothing changes; else what both have is borrowed. */
const struct glm_value *glm_overlaid(struct glm_arena *arena, const struct glm_value *onto,
                                     const struct glm_value *common, const struct glm_value *whole);

#ifdef __cplusplus
}
#endif
#endif
