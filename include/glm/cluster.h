/* SPDX-License-Identifier: Apache-2.0
 *
 * Cluster: the one way in which the lifecycle reaches a place that holds Kubernetes objects.
 *
 * What:   a table of functions that a place implements: a directory of files, or an API server.
 * Owner:  a cluster is created from the provider's configuration and lives as long as it.
 *         Objects returned live in the arena given.
 * Errors: one clear diagnostic, without a path: the caller knows the attribute.
 * Thread: every function may be called from several threads at once, each with its own arena.
 */
#ifndef GLM_CLUSTER_H
#define GLM_CLUSTER_H

#include "glm/diag.h"
#include "glm/value.h"

#include <stdatomic.h>

#ifdef __cplusplus
extern "C" {
#endif

enum glm_object_kind { GLM_KIND_NAMESPACE, GLM_KIND_ISTIO_OPERATOR, GLM_KIND_SERVICE };

struct glm_object_ref {
    enum glm_object_kind kind;
    const char *namespace_; /* NULL for a NAMESPACE */
    const char *name;
};

/* "IstioOperator istio-system/istio-ingressgateway-1-24" */
const char *glm_object_ref_text(struct glm_arena *arena, const struct glm_object_ref *ref);
/* apiVersion and kind, as every object of this kind has them. */
const char *glm_object_api_version(enum glm_object_kind kind);
const char *glm_object_kind_name(enum glm_object_kind kind);
/* The reference of an object; false when it is of none of the kinds or has no name. */
bool glm_object_ref_of(const struct glm_value *object, struct glm_object_ref *ret_ref);

enum glm_found {
    GLM_FOUND,            /* ret_object is set */
    GLM_FOUND_NOTHING,    /* certainly absent */
    GLM_FOUND_UNREADABLE, /* something is there that is not that object: never overwritten
                             unless asked for; the diagnostic detail is in ret_why */
};

struct glm_cluster;

struct glm_cluster_ops {
    const char *kind; /* "directory" */

    /* Where its objects are, for people and for the private state: "directory ./clusters/east". */
    const char *(*place)(const struct glm_cluster *cluster, struct glm_arena *arena);

    /* false only when the place cannot be asked (permission, I/O). */
    bool (*read)(struct glm_cluster *cluster, struct glm_arena *arena,
                 const struct glm_object_ref *ref, enum glm_found *ret_found,
                 const struct glm_value **ret_object, const char **ret_why, struct glm_diags *d);

    /* Every object of a kind in every namespace, as a list sorted by namespace and name. What is
     * there but cannot be read becomes a warning. */
    bool (*list)(struct glm_cluster *cluster, struct glm_arena *arena, enum glm_object_kind kind,
                 const struct glm_value **ret_list, struct glm_diags *d);

    /* Makes the object what `object` says, whole, at once or not at all. */
    bool (*write)(struct glm_cluster *cluster, struct glm_arena *arena,
                  const struct glm_value *object, struct glm_diags *d);

    /* Gone afterwards; already gone is success. */
    bool (*remove)(struct glm_cluster *cluster, struct glm_arena *arena,
                   const struct glm_object_ref *ref, struct glm_diags *d);

    void (*destroy)(struct glm_cluster *cluster);
};

/* First member of every implementation's own struct. */
struct glm_cluster {
    const struct glm_cluster_ops *ops;
    const char *name; /* the key in the provider's `clusters` */
};

/* ---- the directory cluster ---- */

/* path: as configured, relative to the working directory; created when absent, at the first write.
 * name, path: copied. Never fails: what is wrong with the directory shows when it is used. */
struct glm_cluster *glm_directory_create(const char *name, const char *path);
/* The path in its one form ("./a/../b/" is "b"): two clusters with the same one are refused. */
const char *glm_directory_clean(struct glm_arena *arena, const char *path);

#ifdef __cplusplus
}
#endif
#endif
