/* SPDX-License-Identifier: Apache-2.0
 *
 * One test of a live cluster: a fake API server that keeps objects, and a cluster that is there by
 * a fake way in. For one test program, which includes it.
 */
#ifndef GLM_TEST_LIVE_CASE_H
#define GLM_TEST_LIVE_CASE_H

#include "fake_access.h"
#include "fake_objects.h"
#include "glm/clock.h"
#include "glm/codec.h"
#include "glm/lifecycle.h"
#include "glm/live.h"
#include "test.h"
#include "test_installer.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define IOPS "/apis/install.istio.io/v1alpha1/namespaces/n/istiooperators/"
#define SERVICES "/api/v1/namespaces/n/services/"

struct live_case {
    struct glm_arena *arena;
    struct fake_objects objects;
    atomic_bool stop;
    struct glm_http *http;
    struct glm_cluster *cluster;
    const char *token; /* before live_case_cluster */
    int64_t timeout_ms;
    const struct glm_object_right *rights;
    struct glm_diags d;
};

static inline void live_case_cluster(struct live_case *c)
{
    struct glm_map_builder b;
    glm_map_init(&b, c->arena);
    glm_map_set(&b, "host", glm_stringf(c->arena, "http://127.0.0.1:%u", c->objects.server.port));
    if (c->token)
        glm_map_set(&b, "token", glm_string(c->arena, c->token));
    if (c->timeout_ms)
        glm_map_set(&b, "timeout_ms", glm_integer(c->arena, c->timeout_ms));
    const struct glm_live_config config = {
        .name = "east",
        .entry = glm_map_finish(&b, NULL),
        .rights = c->rights,
        .field_manager = "the manager",
        .user_agent = "test/1",
        .stop = &c->stop,
        .http = c->http,
    };
    c->cluster = glm_live_create(&config);
}

static int live_case_setup(void **state)
{
    struct glm_arena *arena = glm_arena_create((size_t)1 << 30);
    struct live_case *c = GLM_NEW(arena, struct live_case);
    c->arena = arena;
    glm_diags_init(&c->d, arena);
    fake_access = (struct fake_access){0};
    fake_objects_start(&c->objects);
    c->http = glm_http_create(&c->stop);
    live_case_cluster(c);
    *state = c;
    return 0;
}

static int live_case_teardown(void **state)
{
    struct live_case *c = *state;
    if (c->cluster)
        c->cluster->ops->destroy(c->cluster);
    glm_http_destroy(c->http);
    fake_objects_stop(&c->objects);
    glm_arena_destroy(c->arena);
    return 0;
}

/* The estate of that one cluster, for what the lifecycle does. */
struct live_case_estate {
    struct glm_cluster *clusters[1];
    struct glm_cluster_config configs[1];
    bool must_answer[1];
    struct glm_estate estate;
};

static inline void live_case_estate(struct live_case *c, struct live_case_estate *ret)
{
    ret->clusters[0] = c->cluster;
    ret->configs[0] = (struct glm_cluster_config){
        .name = "east", .place = GLM_PLACE_LIVE, .operator_namespace = "n"};
    ret->estate = (struct glm_estate){
        .installers = glm_test_installers(),
        .mesh = {.known = true,
                 .operator_namespace = "istio-system",
                 .clusters = ret->configs,
                 .cluster_count = 1,
                 .default_distribution = &glm_null},
        .clusters = ret->clusters,
        .must_answer = ret->must_answer,
        .max_parallel = 4,
        .stop = &c->stop,
    };
}

/* Another cluster of the same server, with other settings. */
static inline void live_case_again(struct live_case *c, const char *token, int64_t timeout_ms)
{
    c->cluster->ops->destroy(c->cluster);
    c->token = token;
    c->timeout_ms = timeout_ms;
    live_case_cluster(c);
}

/* The same where one request may take much longer than an operation has, of a server that says which
 * cluster it is and that `script` answers for. */
#define LIVE_CASE_REQUEST_MS INT64_C(60000)

static inline void
live_case_scripted(struct live_case *c,
                   bool (*script)(struct fake_objects *o, struct fake_call *call), int mode)
{
    live_case_again(c, NULL, LIVE_CASE_REQUEST_MS);
    c->objects.script = script;
    atomic_store(&c->objects.mode, mode);
    fake_objects_put(&c->objects, "{'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': "
                                  "'kube-system'}}");
}

static inline unsigned live_case_calls(struct live_case *c, const char *method, const char *part)
{
    return fake_apiserver_calls(&c->objects.server, method, part);
}

static inline const struct glm_value *live_case_iop(struct glm_arena *arena, const char *name,
                                                    const char *profile)
{
    return glm_test_value(arena, glm_sprintf(arena,
                                             "{'apiVersion': 'install.istio.io/v1alpha1', 'kind': "
                                             "'IstioOperator', 'metadata': {'name': '%s', "
                                             "'namespace': 'n'}, 'spec': {'profile': '%s'}}",
                                             name, profile));
}

static inline void live_case_put_iop(struct live_case *c, const char *name, const char *profile)
{
    fake_objects_put(&c->objects,
                     glm_sprintf(c->arena,
                                 "{'apiVersion': 'install.istio.io/v1alpha1', 'kind': "
                                 "'IstioOperator', 'metadata': {'name': '%s', 'namespace': 'n'}, "
                                 "'spec': {'profile': '%s'}}",
                                 name, profile));
}

/* The same as the main object of the installer that the tests run with. */
static inline void live_case_put_main(struct live_case *c, const char *name, const char *profile)
{
    fake_objects_put(
        &c->objects,
        glm_json_text(c->arena, glm_test_main(c->arena, live_case_iop(c->arena, name, profile))));
}

/* Reads an IstioOperator of namespace n; what is found is in the arena. */
static inline bool live_case_read(struct live_case *c, struct glm_arena *arena, const char *name,
                                  enum glm_found *ret_found, const struct glm_value **ret_object,
                                  struct glm_diags *d)
{
    const struct glm_object_ref ref = {
        .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "n", .name = name};
    struct glm_read read;
    *ret_object = &glm_null;
    if (!c->cluster->ops->read(c->cluster, arena, &ref, &read, d))
        return false;
    assert_true(read.found != GLM_FOUND_NO_API || read.why);
    *ret_found = read.found;
    *ret_object = read.object;
    return true;
}

/* The profile of one that must be there; "absent" when it is not. */
static inline const char *live_case_profile(struct live_case *c, const char *name)
{
    enum glm_found found = GLM_FOUND_UNREADABLE;
    const struct glm_value *object;
    if (!live_case_read(c, c->arena, name, &found, &object, &c->d))
        return glm_test_diags_text(c->arena, &c->d);
    if (found == GLM_FOUND_NOTHING)
        return "absent";
    if (found == GLM_FOUND_NO_API)
        return "no API";
    return glm_string_or(glm_get_path(object, "spec", "profile", NULL), "?");
}

/* What somebody saw who looked at that moment. */
static inline const struct glm_value *live_case_seen(struct live_case *c, const char *version,
                                                     const char *uid)
{
    return glm_test_value(
        c->arena, glm_sprintf(c->arena, "{'metadata': {'resourceVersion': '%s', 'uid': '%s'}}",
                              version, uid));
}

static inline enum glm_written live_case_write(struct live_case *c, const struct glm_value *object,
                                               const struct glm_value *seen,
                                               const struct glm_value **ret_stored)
{
    struct glm_write w = {.object = object, .seen = seen};
    enum glm_written written = GLM_WRITE_STALE;
    if (!c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d))
        fail_msg("%s", glm_test_diags_text(c->arena, &c->d));
    if (ret_stored)
        *ret_stored = w.stored;
    return written;
}

static inline bool live_case_remove(struct live_case *c, const char *name,
                                    const struct glm_value *seen)
{
    const struct glm_object_ref ref = {
        .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "n", .name = name};
    bool gone = false;
    if (!c->cluster->ops->remove(c->cluster, c->arena, &ref, seen, &gone, &c->d))
        fail_msg("%s", glm_test_diags_text(c->arena, &c->d));
    return gone;
}

/* The names of a list, joined; or what went wrong. */
static inline const char *live_case_list(struct live_case *c, const struct glm_object_kind *kind,
                                         const struct glm_selection *selection)
{
    struct glm_read read;
    struct glm_diags d;
    glm_diags_init(&d, c->arena);
    if (!c->cluster->ops->list(c->cluster, c->arena, kind, selection, &read, &d))
        return glm_test_diags_text(c->arena, &d);
    if (read.found == GLM_FOUND_NO_API)
        return "no API";
    const struct glm_value *list = read.object;
    struct glm_text text;
    glm_text_init(&text, c->arena, 1 << 20);
    for (size_t i = 0; i < list->len; i++) {
        struct glm_object_ref ref;
        assert_true(glm_object_ref_as(list->as.list[i], kind, &ref));
        glm_text_addf(&text, "%s%s", i ? " " : "", ref.name);
    }
    return text.data;
}

/* Runs something in a thread. */
struct live_case_thread {
    struct live_case *c;
    void (*run)(struct live_case_thread *t);
    struct glm_arena *arena;
    struct glm_diags d;
    const char *name;
    enum glm_found found;
    const struct glm_value *object;
    bool ok;
    pthread_t thread;
};

static void *live_case_run(void *arg)
{
    struct live_case_thread *t = arg;
    t->run(t);
    return NULL;
}

static inline void live_case_thread_start(struct live_case_thread *t, struct live_case *c,
                                          void (*run)(struct live_case_thread *t), const char *name)
{
    *t = (struct live_case_thread){.c = c, .run = run, .name = name, .object = &glm_null};
    t->arena = glm_arena_create((size_t)64 << 20);
    glm_diags_init(&t->d, t->arena);
    if (pthread_create(&t->thread, NULL, live_case_run, t) != 0)
        abort();
}

static inline void live_case_thread_join(struct live_case_thread *t)
{
    pthread_join(t->thread, NULL);
}

static inline void live_case_thread_done(struct live_case_thread *t)
{
    glm_arena_destroy(t->arena);
}

static inline void live_case_reader(struct live_case_thread *t)
{
    t->ok = live_case_read(t->c, t->arena, t->name, &t->found, &t->object, &t->d);
}

/* Sets the stop flag a while after the server was asked for what has the name in it; NULL: after a
 * while. */
static inline void live_case_stopper(struct live_case_thread *t)
{
    while (t->name && live_case_calls(t->c, "GET", t->name) == 0)
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
    atomic_store(&t->c->stop, true);
}

#endif
