/* SPDX-License-Identifier: Apache-2.0
 *
 * Shape: the attributes `objects`, `services` and `addresses`, which say each thing once, and each cluster's
 * own beside it. Nobody else knows how they are laid out, or what their parts are called.
 *
 *   objects   {K: {O: {manifest: JSON, per_cluster: {c: {PATH: TEXT}}}}}
 *   services  {S: {active: {c: K}, manifests: {K: JSON}, per_cluster: {c: {PATH: TEXT}}}}
 *   addresses {S: {c: [address]}}, of each cluster where S has a load balancer
 *
 * Words:  K is the key of an installation, SHAPE_KEY_ALL of what is for all of them; O "Kind ns/name" of what
 *         K makes of every cluster; S "ns/name" of a Service; c a cluster; entries are {PATH: TEXT}, where the
 *         object of a cluster is not as the manifest, see glm/difference.h.
 * Owner:  what is read is borrowed from the attributes; what is made lives in the arena given.
 * Errors: none; what is not there, or not of the shape, is the null value.
 * Thread: no shared state.
 */
#ifndef GLM_LIFECYCLE_SHAPE_H
#define GLM_LIFECYCLE_SHAPE_H

#include "glm/value.h"

#define SHAPE_KEY_ALL "*" /* no installation is called that */

/* ---- what attributes show ---- */

/* JSON; what is unknown is UNKNOWN, as all below. */
const struct glm_value *shape_manifest(const struct glm_value *attributes, const char *key,
                                       const char *object);
/* The entries of a cluster, empty where it is as the manifest; null: the cluster does not have the object. */
const struct glm_value *shape_entries(const struct glm_value *attributes, const char *key,
                                      const char *object, const char *cluster);
/* What the installation K makes of the Service, whether it is active or not. */
const struct glm_value *shape_service_manifest(const struct glm_value *attributes,
                                               const char *service, const char *key);
/* Empty where the Service is as the manifest of whom it is active; of nobody's there are some, and they are of
 * the manifest of who is to be active. null: the cluster does not have it. */
const struct glm_value *shape_service_entries(const struct glm_value *attributes,
                                              const char *service, const char *cluster);
/* K, by the labels that the Service selects; null: nobody's, whether the cluster has it (then there are
 * entries) or not. */
const struct glm_value *shape_active(const struct glm_value *attributes, const char *service,
                                     const char *cluster);
/* A list, empty as long as the load balancer has none; null: there is no load balancer, or no Service. */
const struct glm_value *shape_addresses(const struct glm_value *attributes, const char *service,
                                        const char *cluster);

/* An object that a cluster has. */
struct shape_object {
    const char *key;    /* K; of a Service, that its entries are of */
    const char *object; /* O; of a Service, S */
    const char *text; /* as in the record, "Service ns/name" of S; in the cluster's own namespace */
    bool service;
    const struct glm_value *manifest; /* JSON, or null: hand-edited */
    const struct glm_value *entries;  /* a map */
};
/* All that are known of a cluster, by K, then by O, then the Services. Returns how many. */
size_t shape_of_cluster(struct glm_arena *arena, const struct glm_value *attributes,
                        const char *cluster, const struct shape_object **ret);
/* True when attributes have any of the Service. */
bool shape_has_addresses(const struct glm_value *attributes, const char *service);
/* What `planned` shows of an installation in a cluster, of its objects and of the Services that it is active of,
 * against prior. */
enum shape_same {
    SHAPE_NOTHING, /* it shows nothing */
    SHAPE_SAME,
    SHAPE_OTHER, /* or it is not known yet */
};
enum shape_same shape_same(const struct glm_value *prior, const struct glm_value *planned,
                           const char *key, const char *cluster);
/* Adds every cluster that objects, or a Service, are shown of. */
void shape_clusters(struct glm_map_builder *names, const struct glm_value *attributes);

/* All manifests decoded, once for all clusters: {K: {O: object}}, {S: {K: object}}. A text that is no object
 * is left out. */
struct shape_documents {
    const struct glm_value *objects, *services;
};
struct shape_documents shape_documents(struct glm_arena *arena, const struct glm_value *attributes);
/* The null value: there is none. */
const struct glm_value *shape_document(const struct shape_documents *documents,
                                       const struct shape_object *of);

/* ---- what attributes are to show ---- */

/* In any order; what is put twice is what was put last. Texts and values are borrowed until the end. */
struct shape_builder {
    struct glm_arena *arena;
    struct glm_arena **scratch; /* private; of the parts, until the end */
    struct shape_part *parts;   /* private */
    size_t len, capacity;
};
void shape_begin(struct shape_builder *b, struct glm_arena *arena);
void shape_put_manifest(struct shape_builder *b, const char *key, const char *object,
                        const struct glm_value *manifest);
void shape_put_entries(struct shape_builder *b, const char *key, const char *object,
                       const char *cluster, const struct glm_value *entries);
void shape_put_service_manifest(struct shape_builder *b, const char *service, const char *key,
                                const struct glm_value *manifest);
/* Those of a Service are shown only where there are any; where one cluster's are unknown, all are. */
void shape_put_service_entries(struct shape_builder *b, const char *service, const char *cluster,
                               const struct glm_value *entries);
/* key: the null value, nobody's. */
void shape_put_active(struct shape_builder *b, const char *service, const char *cluster,
                      const struct glm_value *key);
/* Of a load balancer; the null value: there is none. */
void shape_put_addresses(struct shape_builder *b, const char *service, const char *cluster,
                         const struct glm_value *addresses);
/* Which clusters have addresses of the Service is not known. */
void shape_put_unknown_addresses(struct shape_builder *b, const char *service);
/* All manifests that attributes show, as of clusters that have nothing: what clusters have is put beside them. */
void shape_put_bare(struct shape_builder *b, const struct glm_value *attributes);
/* All that attributes show of an object of a cluster. */
void shape_put_as_shown(struct shape_builder *b, const struct glm_value *attributes,
                        const char *cluster, const struct shape_object *object);
/* Which objects an installation has (key NULL: any) is not known; nor which Services there are. What is
 * put of them besides is dropped. */
void shape_put_unknown_objects(struct shape_builder *b, const char *key);
void shape_put_unknown_services(struct shape_builder *b);
/* The attributes with the three. */
const struct glm_value *shape_finish(struct shape_builder *b, const struct glm_value *attributes);

/* ---- from one manifest to another ---- */

/* The entries of a cluster whose object stays as it is, `entries` of the manifest old, when its manifest
 * becomes new: what should be is the new one. An entry stands for what is at, above and below its PATH. */
const struct glm_value *shape_rebased(struct glm_arena *arena, const struct glm_value *new_document,
                                      const struct glm_value *old_document,
                                      const struct glm_value *entries);

#endif
