/* SPDX-License-Identifier: Apache-2.0
 *
 * A live cluster: what is read, listed, written and removed, what is remembered of it, and what is
 * asked for. Against a fake API server; what a real one does is tested in tests/cluster.
 */
#include "live_case.h"

#define IOP_LIST "v1alpha1/istiooperators?"
#define READERS 50

/* ---- reading ---- */

static void many_readers_ask_once(void **state)
{
    struct live_case *c = *state;
    struct live_case_thread readers[READERS];
    fake_objects_hold_lists(&c->objects, true);
    for (int i = 0; i < READERS; i++)
        live_case_put_iop(c, glm_sprintf(c->arena, "gw-%d", i), "empty");
    for (int i = 0; i < READERS; i++)
        live_case_thread_start(&readers[i], c, live_case_reader, glm_sprintf(c->arena, "gw-%d", i));
    fake_objects_await_held(&c->objects, 1);
    fake_objects_hold_lists(&c->objects, false);
    for (int i = 0; i < READERS; i++) {
        live_case_thread_join(&readers[i]);
        assert_true(readers[i].ok);
        assert_int_equal(readers[i].found, GLM_FOUND);
        assert_true(glm_string_is(glm_get_path(readers[i].object, "metadata", "name", NULL),
                                  readers[i].name));
    }
    assert_int_equal(live_case_calls(c, "GET", ""), 1);
    assert_int_equal(live_case_calls(c, "GET", IOP_LIST "limit=500"), 1);
    /* What they were given lives as long as their arenas, whatever becomes of the cluster. */
    c->cluster->ops->destroy(c->cluster);
    c->cluster = NULL;
    for (int i = 0; i < READERS; i++) {
        assert_true(
            glm_string_is(glm_get_path(readers[i].object, "spec", "profile", NULL), "empty"));
        live_case_thread_done(&readers[i]);
    }
}

static void absence_from_a_list_is_confirmed(void **state)
{
    struct live_case *c = *state;
    live_case_put_iop(c, "gw", "empty");
    assert_string_equal(live_case_profile(c, "other"), "absent");
    assert_int_equal(live_case_calls(c, "GET", IOP_LIST), 1);
    assert_int_equal(live_case_calls(c, "GET", IOPS "other"), 1);
    live_case_put_iop(c, "other", "late"); /* after the list */
    assert_string_equal(live_case_profile(c, "other"), "late");
    assert_string_equal(live_case_profile(c, "gw"), "empty");
    assert_int_equal(live_case_calls(c, "GET", IOP_LIST), 1);
}

static bool forbid_lists(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strncmp(call->query, "limit", 5) != 0 && strcmp(call->method, "WATCH") != 0)
        return false;
    fake_status(call, 403, "Forbidden", "User \\\"u\\\" cannot list resource", "");
    return true;
}

static void where_lists_are_forbidden_objects_are_asked_for(void **state)
{
    struct live_case *c = *state;
    c->objects.script = forbid_lists;
    live_case_put_iop(c, "gw", "empty");
    for (int i = 0; i < 3; i++) {
        assert_string_equal(live_case_profile(c, "gw"), "empty");
        assert_string_equal(live_case_profile(c, "other"), "absent");
    }
    assert_int_equal(c->d.errors + c->d.warnings, 0);
    assert_int_equal(live_case_calls(c, "GET", IOP_LIST), 1);
    assert_int_equal(live_case_calls(c, "GET", IOPS), 6);
    assert_non_null(strstr(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, NULL), "kind: ClusterRole"));
}

static bool no_api(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    fake_answer(call, 404, "", "404 page not found\n");
    return true;
}

static void an_api_that_is_not_served_says_nothing_of_objects(void **state)
{
    struct live_case *c = *state;
    c->objects.script = no_api;
    assert_string_equal(live_case_profile(c, "gw"), "no API");
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, NULL), "no API");
    const struct glm_object_ref ref = {.kind = GLM_KIND_POD, .namespace_ = "n", .name = "p"};
    struct glm_read read;
    assert_true(c->cluster->ops->read(c->cluster, c->arena, &ref, &read, &c->d));
    assert_int_equal(read.found, GLM_FOUND_NO_API);
    assert_non_null(strstr(read.why, "does not serve Pod of v1"));
    assert_int_equal(c->d.errors, 0);
}

static bool odd_404(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    fake_answer(call, 404, "", "<html>who are you</html>");
    return true;
}

static void a_404_of_a_proxy_is_an_error(void **state)
{
    struct live_case *c = *state;
    c->objects.script = odd_404;
    assert_non_null(strstr(live_case_profile(c, "gw"), "not as an API server does"));
}

static void a_reference_without_a_name_is_refused(void **state)
{
    struct live_case *c = *state;
    static const struct glm_object_ref refs[] = {
        {.kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "n", .name = ""},
        {.kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "", .name = "x"},
        {.kind = GLM_KIND_ISTIO_OPERATOR, .name = "x"},
        {.kind = GLM_KIND_NAMESPACE}};
    for (size_t i = 0; i < sizeof refs / sizeof *refs; i++) {
        struct glm_read read;
        bool gone;
        assert_false(c->cluster->ops->read(c->cluster, c->arena, &refs[i], &read, &c->d));
        if (!refs[i].name || !*refs[i].name)
            assert_false(
                c->cluster->ops->remove(c->cluster, c->arena, &refs[i], NULL, &gone, &c->d));
    }
    assert_int_equal(live_case_calls(c, "GET", "") + live_case_calls(c, "DELETE", ""), 0);
}

static void namespaces_are_asked_for_one_by_one_and_remembered(void **state)
{
    struct live_case *c = *state;
    fake_objects_put(&c->objects,
                     "{'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': 'a'}}");
    for (int i = 0; i < 3; i++) {
        static const char *const names[] = {"a", "b"};
        for (size_t n = 0; n < 2; n++) {
            const struct glm_object_ref ref = {.kind = GLM_KIND_NAMESPACE, .name = names[n]};
            struct glm_read read;
            assert_true(c->cluster->ops->read(c->cluster, c->arena, &ref, &read, &c->d));
            assert_int_equal(read.found, n == 0 ? GLM_FOUND : GLM_FOUND_NOTHING);
        }
    }
    assert_int_equal(live_case_calls(c, "GET", "/api/v1/namespaces/a"), 1);
    assert_int_equal(live_case_calls(c, "GET", "/api/v1/namespaces/b"), 3);
    assert_int_equal(live_case_calls(c, "GET", "/api/v1/namespaces?"), 0);
}

/* ---- lists ---- */

static void lists_are_sorted_and_whole(void **state)
{
    struct live_case *c = *state;
    static const char *const names[] = {"m", "a", "z", "c", "b"};
    for (size_t i = 0; i < 5; i++)
        live_case_put_iop(c, names[i], "empty");
    c->objects.page = 2;
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, NULL), "a b c m z");
    assert_int_equal(live_case_calls(c, "GET", IOP_LIST), 3);
    assert_int_equal(live_case_calls(c, "GET", "continue=2"), 1);
    assert_int_equal(live_case_calls(c, "GET", "continue=4"), 1);
    assert_string_equal(live_case_list(c, GLM_KIND_POD, NULL), "");
}

static bool expire_once(struct fake_objects *o, struct fake_call *call)
{
    if (!strstr(call->query, "continue") || atomic_fetch_sub(&o->mode, 1) <= 0)
        return false;
    fake_status(call, 410, "Expired", "too old", "");
    return true;
}

static void a_list_that_grew_too_old_begins_again(void **state)
{
    struct live_case *c = *state;
    static const char *const names[] = {"a", "b", "c"};
    for (size_t i = 0; i < 3; i++)
        live_case_put_iop(c, names[i], "empty");
    c->objects.page = 2;
    c->objects.script = expire_once;
    atomic_store(&c->objects.mode, 1);
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, NULL), "a b c");
    assert_int_equal(live_case_calls(c, "GET", IOP_LIST), 4);
}

static bool expire_pages(struct fake_objects *o, struct fake_call *call)
{
    if (strstr(call->query, "continue")) {
        fake_status(call, 410, "Expired", "too old", "");
        return true;
    }
    pthread_mutex_lock(&o->lock);
    o->page = strstr(call->query, "limit") ? 2 : 0;
    pthread_mutex_unlock(&o->lock);
    return false;
}

static void a_list_that_always_grows_too_old_is_asked_for_whole(void **state)
{
    struct live_case *c = *state;
    static const char *const names[] = {"a", "b", "c"};
    for (size_t i = 0; i < 3; i++)
        live_case_put_iop(c, names[i], "empty");
    c->objects.script = expire_pages;
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, NULL), "a b c");
}

static void put_service(struct live_case *c, const char *name, bool ours)
{
    fake_objects_put(&c->objects,
                     glm_sprintf(c->arena,
                                 "{'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': "
                                 "'%s', 'namespace': 'n', 'labels': {'%s': "
                                 "'terraform-provider-glm'}}}",
                                 name, ours ? "app.kubernetes.io/managed-by" : "x"));
}

static void each_selection_is_remembered_by_itself(void **state)
{
    struct live_case *c = *state;
    static const struct glm_selection all = {.labels = "x"}, in_n = {.namespace_ = "n"},
                                      fresh = {.fresh = true}, fields = {.fields = "a=b"};
    put_service(c, "ours", true);
    put_service(c, "theirs", false);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(live_case_list(c, GLM_KIND_SERVICE, NULL), "ours");
        assert_string_equal(live_case_list(c, GLM_KIND_SERVICE, &all), "ours theirs");
        assert_string_equal(live_case_list(c, GLM_KIND_SERVICE, &in_n), "ours theirs");
        assert_string_equal(live_case_list(c, GLM_KIND_SERVICE, &fields), "ours theirs");
    }
    assert_int_equal(live_case_calls(c, "GET", ""), 4);
    assert_int_equal(live_case_calls(c, "GET", "labelSelector=x"), 1);
    assert_int_equal(live_case_calls(c, "GET", "fieldSelector=a%3Db"), 1);
    assert_int_equal(live_case_calls(c, "GET", "/api/v1/namespaces/n/services?"), 1);

    put_service(c, "second", true);
    assert_string_equal(live_case_list(c, GLM_KIND_SERVICE, NULL), "ours");
    assert_string_equal(live_case_list(c, GLM_KIND_SERVICE, &fresh), "ours second");
    assert_string_equal(live_case_list(c, GLM_KIND_SERVICE, NULL), "ours second");
    assert_int_equal(live_case_calls(c, "GET", ""), 5);
}

static void an_own_write_makes_no_list_old_that_cannot_have_it(void **state)
{
    struct live_case *c = *state;
    static const struct glm_selection selections[] = {
        {.namespace_ = "n", .labels = "app=istiod"},
        {.namespace_ = "n", .labels = "a=b,app=istiod"},
        {.labels = "istio.io/rev"},
        {.namespace_ = "m"},
        {.namespace_ = "n", .labels = "x"},
        {.labels = "x=terraform-provider-glm"},
        {.labels = "app!=istiod"},
        {.fields = "a=b"}};
    enum { COUNT = sizeof selections / sizeof *selections, OTHERS = 4 };
    put_service(c, "theirs", false);
    for (size_t i = 0; i < COUNT; i++)
        live_case_list(c, GLM_KIND_SERVICE, &selections[i]);
    assert_int_equal(live_case_calls(c, "GET", "services"), COUNT);
    const struct glm_value *service = glm_test_value(
        c->arena, "{'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': 's', "
                  "'namespace': 'n', 'labels': {'x': 'terraform-provider-glm'}}}");
    live_case_write(c, service, NULL, NULL);
    for (size_t i = 0; i < COUNT; i++)
        live_case_list(c, GLM_KIND_SERVICE, &selections[i]);
    assert_int_equal(live_case_calls(c, "GET", "services"), COUNT + COUNT - OTHERS);
}

static void an_own_write_is_in_every_list_after_it(void **state)
{
    struct live_case *c = *state;
    static const struct glm_selection in_n = {.namespace_ = "n"};
    live_case_put_iop(c, "a", "empty");
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, NULL), "a");
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, &in_n), "a");
    live_case_write(c, live_case_iop(c->arena, "b", "mine"), NULL, NULL);
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, NULL), "a b");
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, &in_n), "a b");
    assert_true(live_case_remove(c, "a", NULL));
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, NULL), "b");
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, &in_n), "b");
    assert_int_equal(live_case_calls(c, "GET", "v1alpha1/istiooperators?"), 1);
    assert_int_equal(live_case_calls(c, "GET", "v1alpha1/namespaces/n/istiooperators?"), 3);
}

/* ---- lists and writes at the same time ---- */

static void a_list_from_before_a_write_does_not_undo_it(void **state)
{
    struct live_case *c = *state;
    struct live_case_thread reader;
    live_case_put_iop(c, "a", "old");
    live_case_put_iop(c, "b", "old");
    fake_objects_hold_lists(&c->objects, true);
    live_case_thread_start(&reader, c, live_case_reader, "a");
    fake_objects_await_held(&c->objects, 1); /* it has the old a and b in it */
    live_case_write(c, live_case_iop(c->arena, "a", "new"), live_case_seen(c, "101", "uid-1"),
                    NULL);
    assert_true(live_case_remove(c, "b", NULL));
    live_case_write(c, live_case_iop(c->arena, "c", "new"), NULL, NULL);
    fake_objects_hold_lists(&c->objects, false);
    live_case_thread_join(&reader);
    assert_true(glm_string_is(glm_get_path(reader.object, "spec", "profile", NULL), "new"));
    live_case_thread_done(&reader);
    assert_string_equal(live_case_profile(c, "a"), "new");
    assert_string_equal(live_case_profile(c, "b"), "absent");
    assert_string_equal(live_case_profile(c, "c"), "new");
    assert_string_equal(live_case_list(c, GLM_KIND_ISTIO_OPERATOR, NULL), "a c");
    assert_int_equal(live_case_calls(c, "GET", IOP_LIST), 1);
}

static void list_in_n(struct live_case_thread *t)
{
    static const struct glm_selection in_n = {.namespace_ = "n"};
    struct glm_read read;
    t->ok = t->c->cluster->ops->list(t->c->cluster, t->arena, GLM_KIND_ISTIO_OPERATOR, &in_n, &read,
                                     &t->d);
    t->object = t->ok ? read.object : &glm_null;
}

static void who_asks_after_a_write_does_not_join_a_list_from_before_it(void **state)
{
    struct live_case *c = *state;
    struct live_case_thread before, after;
    live_case_put_iop(c, "a", "old");
    fake_objects_hold_lists(&c->objects, true);
    live_case_thread_start(&before, c, list_in_n, NULL);
    fake_objects_await_held(&c->objects, 1);
    live_case_write(c, live_case_iop(c->arena, "b", "new"), NULL, NULL);
    live_case_thread_start(&after, c, list_in_n, NULL);
    fake_objects_hold_lists(&c->objects, false);
    live_case_thread_join(&before);
    live_case_thread_join(&after);
    assert_true(before.ok && after.ok);
    assert_int_equal(before.object->len, 1);
    assert_int_equal(after.object->len, 2);
    assert_int_equal(live_case_calls(c, "GET", "n/istiooperators?"), 2);
    live_case_thread_done(&before);
    live_case_thread_done(&after);
}

static bool fail_lists(struct fake_objects *o, struct fake_call *call)
{
    if (strncmp(call->query, "limit", 5) != 0)
        return false;
    pthread_mutex_lock(&o->lock);
    o->held++;
    pthread_cond_broadcast(&o->changed);
    while (o->hold_lists)
        pthread_cond_wait(&o->changed, &o->lock);
    pthread_mutex_unlock(&o->lock);
    fake_status(call, 500, "InternalError", "the store is gone", "");
    return true;
}

static void all_who_wait_for_a_list_learn_why_there_is_none(void **state)
{
    struct live_case *c = *state;
    struct live_case_thread readers[8];
    c->objects.script = fail_lists;
    fake_objects_hold_lists(&c->objects, true);
    live_case_thread_start(&readers[0], c, live_case_reader, "a");
    fake_objects_await_held(&c->objects, 1);
    for (int i = 1; i < 8; i++)
        live_case_thread_start(&readers[i], c, live_case_reader, "a");
    nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL); /* so that they do wait */
    fake_objects_hold_lists(&c->objects, false);
    for (int i = 0; i < 8; i++) {
        live_case_thread_join(&readers[i]);
        assert_false(readers[i].ok);
        glm_assert_error(&readers[i].d, "", "the store is gone");
        live_case_thread_done(&readers[i]);
    }
    assert_true(live_case_calls(c, "GET", IOP_LIST) < 8);
}

/* ---- writing ---- */

static char said[4096];

static bool record_write(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strcmp(call->method, "PATCH") == 0 || strcmp(call->method, "DELETE") == 0)
        snprintf(said, sizeof said, "%s %s?%s %s %s", call->method, call->path, call->query,
                 call->content_type, call->body);
    return false;
}

static void a_write_is_an_apply_of_what_was_seen(void **state)
{
    struct live_case *c = *state;
    c->objects.script = record_write;
    const struct glm_value *first, *second;
    assert_int_equal(live_case_write(c, live_case_iop(c->arena, "a", "one"), NULL, &first),
                     GLM_WRITE_DONE);
    assert_string_equal(said, "PATCH " IOPS "a?fieldManager=the%20manager&force=false&"
                              "fieldValidation=Strict application/apply-patch+yaml "
                              "{\"apiVersion\":\"install.istio.io/v1alpha1\",\"kind\":"
                              "\"IstioOperator\",\"metadata\":{\"name\":\"a\",\"namespace\":\"n\","
                              "\"resourceVersion\":\"1\"},\"spec\":{\"profile\":\"one\"}}");
    assert_true(glm_string_is(glm_get_path(first, "metadata", "uid", NULL), "uid-1"));
    assert_int_equal(live_case_write(c, live_case_iop(c->arena, "a", "two"), first, &second),
                     GLM_WRITE_DONE);
    assert_non_null(strstr(said, "\"resourceVersion\":\"101\",\"uid\":\"uid-1\""));

    struct glm_write w = {
        .object = live_case_iop(c->arena, "a", "two"), .seen = second, .force = true};
    enum glm_written written;
    assert_true(c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d));
    assert_non_null(strstr(said, "&force=true&"));
    assert_int_equal(c->d.errors + c->d.warnings, 0);
}

static void what_changed_or_went_since_is_not_written_over(void **state)
{
    struct live_case *c = *state;
    const struct glm_value *seen;
    live_case_write(c, live_case_iop(c->arena, "a", "one"), NULL, &seen);
    live_case_put_iop(c, "a", "theirs");
    assert_int_equal(live_case_write(c, live_case_iop(c->arena, "a", "two"), seen, NULL),
                     GLM_WRITE_STALE);
    fake_objects_delete(&c->objects, IOPS "a");
    assert_int_equal(live_case_write(c, live_case_iop(c->arena, "a", "two"), seen, NULL),
                     GLM_WRITE_STALE);
    live_case_put_iop(c, "a", "another");
    assert_int_equal(live_case_write(c, live_case_iop(c->arena, "a", "two"), seen, NULL),
                     GLM_WRITE_STALE);
    assert_int_equal(c->d.errors + c->d.warnings, 0);
}

static void what_appeared_meanwhile_is_not_written_over(void **state)
{
    struct live_case *c = *state;
    live_case_put_iop(c, "a", "theirs");
    assert_int_equal(live_case_write(c, live_case_iop(c->arena, "a", "mine"), NULL, NULL),
                     GLM_WRITE_STALE);
    assert_string_equal(live_case_profile(c, "a"), "theirs");
    assert_int_equal(c->d.errors + c->d.warnings, 0);
}

/* A server that asks no object for its version. */
static bool write_whatever_is_there(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strcmp(call->method, "PATCH") == 0)
        fake_answer(call, 200, "", call->body);
    return strcmp(call->method, "PATCH") == 0;
}

static void a_server_that_writes_over_it_all_the_same_is_warned_of(void **state)
{
    struct live_case *c = *state;
    c->objects.script = write_whatever_is_there;
    assert_int_equal(live_case_write(c, live_case_iop(c->arena, "a", "mine"), NULL, NULL),
                     GLM_WRITE_DONE);
    glm_assert_warning(&c->d, "", "IstioOperator n/a appeared in cluster \"east\"");
}

static bool conflict(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    fake_status(call, 409, "Conflict", "Apply failed",
                "{'causes': [{'reason': 'FieldManagerConflict', 'message': 'conflict with "
                "\\'kubectl-edit\\' using v1', 'field': '.spec.profile'}]}");
    return true;
}

static void fields_of_other_managers_are_named(void **state)
{
    struct live_case *c = *state;
    c->objects.script = conflict;
    struct glm_write w = {.object = live_case_iop(c->arena, "a", "x")};
    enum glm_written written;
    assert_true(c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d));
    assert_int_equal(written, GLM_WRITE_CONFLICT);
    assert_int_equal(w.conflict_count, 1);
    assert_string_equal(w.conflicts[0].manager, "kubectl-edit");
    assert_string_equal(w.conflicts[0].field, ".spec.profile");
}

/* The first apply is carried out, and the connection breaks before the answer. */
static bool break_after_apply(struct fake_objects *o, struct fake_call *call)
{
    if (strcmp(call->method, "PATCH") != 0 || fake_apiserver_calls(&o->server, "PATCH", "") > 1)
        return false;
    static const char body[] = "{'apiVersion': 'install.istio.io/v1alpha1', 'kind': "
                               "'IstioOperator', 'metadata': {'name': 'a', 'namespace': 'n'}, "
                               "'spec': {'profile': 'two', 'default': true}}";
    fake_objects_put(o, body);
    fake_break(call);
    return true;
}

static void a_write_whose_answer_was_lost_is_done(void **state)
{
    struct live_case *c = *state;
    const struct glm_value *seen, *stored;
    live_case_put_iop(c, "a", "one");
    enum glm_found found;
    live_case_read(c, c->arena, "a", &found, &seen, &c->d);
    c->objects.script = break_after_apply;
    assert_int_equal(live_case_write(c, live_case_iop(c->arena, "a", "two"), seen, &stored),
                     GLM_WRITE_DONE);
    assert_true(glm_string_is(glm_get_path(stored, "metadata", "resourceVersion", NULL), "102"));
    assert_int_equal(live_case_calls(c, "PATCH", ""), 2);
}

/* And from then on there is no answer to any look. */
static bool break_all_after_apply(struct fake_objects *o, struct fake_call *call)
{
    bool written = fake_apiserver_calls(&o->server, "PATCH", "") > 0;
    if (break_after_apply(o, call))
        return true;
    if (written && strcmp(call->method, "GET") == 0)
        fake_status(call, 500, "InternalError", "the store is gone", "");
    return written && strcmp(call->method, "GET") == 0;
}

/* It would be forgotten otherwise: the object is there, and nothing says that we have made it. */
static void a_lost_write_that_cannot_be_looked_for_is_unsure(void **state)
{
    struct live_case *c = *state;
    c->objects.script = break_all_after_apply;
    struct glm_write w = {.object = live_case_iop(c->arena, "a", "two"), .create = true};
    enum glm_written written;
    assert_false(c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d));
    assert_true(w.unsure);
    glm_assert_error(&c->d, "", "the store is gone");
}

static bool break_every_write(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strcmp(call->method, "PATCH") == 0)
        fake_break(call);
    return strcmp(call->method, "PATCH") == 0;
}

static bool fail_writes(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strcmp(call->method, "PATCH") == 0)
        fake_status(call, 500, "InternalError", "the store is gone", "");
    return strcmp(call->method, "PATCH") == 0;
}

static bool forbid_writes(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strcmp(call->method, "PATCH") == 0)
        fake_status(call, 403, "Forbidden", "no", "");
    return strcmp(call->method, "PATCH") == 0;
}

/* A status that there is not says nothing of what was done; a redirection does. */
static bool answer_oddly(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strcmp(call->method, "PATCH") == 0)
        fake_answer(call, 999, "", "{}");
    return strcmp(call->method, "PATCH") == 0;
}

static bool redirect_writes(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strcmp(call->method, "PATCH") == 0)
        fake_answer(call, 302, "Location: /login\r\n", "");
    return strcmp(call->method, "PATCH") == 0;
}

/* A firewall that does not like the answer, and one that lets nothing so large through. */
static bool answer_as_a_gateway(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strcmp(call->method, "PATCH") == 0)
        fake_answer(call, 403, "", "<html>no</html>");
    return strcmp(call->method, "PATCH") == 0;
}

static bool refuse_what_is_too_large(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strcmp(call->method, "PATCH") == 0)
        fake_answer(call, 413, "", "too large");
    return strcmp(call->method, "PATCH") == 0;
}

static void a_failed_write_tells_whether_it_may_have_been_carried_out(void **state)
{
    struct live_case *c = *state;
    static const struct {
        bool (*script)(struct fake_objects *o, struct fake_call *call);
        bool unsure;
    } cases[] = {{break_every_write, true},   {fail_writes, true},
                 {forbid_writes, false},      {answer_oddly, true},
                 {answer_as_a_gateway, true}, {refuse_what_is_too_large, false},
                 {redirect_writes, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        c->objects.script = cases[i].script;
        struct glm_write w = {.object = live_case_iop(c->arena, "a", "x")};
        enum glm_written written;
        assert_false(c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d));
        assert_int_equal(w.unsure, cases[i].unsure);
    }
}

static void a_write_that_was_lost_and_overtaken_is_stale(void **state)
{
    struct live_case *c = *state;
    const struct glm_value *seen;
    live_case_put_iop(c, "a", "one");
    enum glm_found found;
    live_case_read(c, c->arena, "a", &found, &seen, &c->d);
    c->objects.script = break_after_apply;
    assert_int_equal(live_case_write(c, live_case_iop(c->arena, "a", "three"), seen, NULL),
                     GLM_WRITE_STALE);
}

static void what_cannot_be_stored_is_not_sent(void **state)
{
    struct live_case *c = *state;
    size_t size = (size_t)1 << 20;
    char *large = glm_alloc(c->arena, size + 1);
    memset(large, 'x', size);
    static const char *const numbers[] = {"9223372036854775808", "-9223372036854775809", "1e40"};
    struct glm_write w = {.object = live_case_iop(c->arena, "a", large)};
    enum glm_written written;
    assert_false(c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d));
    glm_assert_error(&c->d, "", "more than 1048576 bytes");
    for (size_t i = 0; i < 3; i++) {
        glm_diags_init(&c->d, c->arena);
        w.object = glm_with(
            c->arena, live_case_iop(c->arena, "a", "x"), "spec",
            glm_test_value(c->arena, glm_sprintf(c->arena, "{'a': [1, {'b': %s}]}", numbers[i])));
        assert_false(c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d));
        glm_assert_error(&c->d, "", "The integer at .spec.a[1].b needs more than 64 bits");
    }
    w.object = &glm_empty_map;
    assert_false(c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d));
    assert_int_equal(live_case_calls(c, "PATCH", ""), 0);
    live_case_write(c,
                    glm_with(c->arena, live_case_iop(c->arena, "a", "x"), "spec",
                             glm_test_value(c->arena, "{'a': [9223372036854775807, 1.5e-300, "
                                                      "-9223372036854775808]}")),
                    NULL, NULL);
}

/* ---- removing ---- */

static void only_the_object_that_was_seen_is_removed(void **state)
{
    struct live_case *c = *state;
    c->objects.script = record_write;
    live_case_put_iop(c, "a", "one");
    const struct glm_value *seen;
    enum glm_found found;
    live_case_read(c, c->arena, "a", &found, &seen, &c->d);
    fake_objects_delete(&c->objects, IOPS "a");
    live_case_put_iop(c, "a", "another");
    assert_true(live_case_remove(c, "a", seen)); /* that one is gone */
    assert_string_equal(said, "DELETE " IOPS "a? application/json {\"apiVersion\":\"v1\",\"kind\":"
                              "\"DeleteOptions\",\"preconditions\":{\"uid\":\"uid-1\"},"
                              "\"propagationPolicy\":\"Background\"}");
    assert_string_equal(live_case_profile(c, "a"), "another");
    assert_true(live_case_remove(c, "a", NULL));
    assert_string_equal(live_case_profile(c, "a"), "absent");
    assert_true(live_case_remove(c, "a", NULL));
    assert_int_equal(c->d.errors + c->d.warnings, 0);
}

static void what_has_finalizers_is_there_until_they_are_done(void **state)
{
    struct live_case *c = *state;
    fake_objects_put(&c->objects,
                     "{'apiVersion': 'install.istio.io/v1alpha1', 'kind': 'IstioOperator', "
                     "'metadata': {'name': 'a', 'namespace': 'n', 'finalizers': ['x']}, 'spec': "
                     "{'profile': 'p'}}");
    assert_string_equal(live_case_profile(c, "a"), "p");
    assert_false(live_case_remove(c, "a", NULL));
    assert_string_equal(live_case_profile(c, "a"), "p");
    fake_objects_delete(&c->objects, IOPS "a");
    /* No list is too new to believe that it is still there. */
    assert_string_equal(live_case_profile(c, "a"), "absent");
    assert_int_equal(live_case_calls(c, "GET", IOP_LIST), 1);
}

/* As it was before, from something between here and there that keeps old answers. */
static bool answer_as_before(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strcmp(call->method, "DELETE") == 0)
        fake_answer(call, 200, "",
                    "{\"apiVersion\": \"install.istio.io/v1alpha1\", \"kind\": \"IstioOperator\", "
                    "\"metadata\": {\"name\": \"a\", \"namespace\": \"n\", \"uid\": \"uid-1\", "
                    "\"resourceVersion\": \"101\", \"finalizers\": [\"x\"]}}");
    return strcmp(call->method, "DELETE") == 0;
}

static void what_comes_back_with_finalizers_is_not_gone(void **state)
{
    struct live_case *c = *state;
    live_case_put_iop(c, "a", "one");
    c->objects.script = answer_as_before;
    assert_false(live_case_remove(c, "a", NULL));
}

/* ---- which cluster ---- */

static void identify_in_thread(struct live_case_thread *t)
{
    t->ok = t->c->cluster->ops->identify(t->c->cluster, t->arena, &t->name, &t->d);
}

static void a_cluster_is_identified_once(void **state)
{
    struct live_case *c = *state;
    struct live_case_thread threads[8];
    fake_objects_put(&c->objects, "{'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': "
                                  "'kube-system'}}");
    for (int i = 0; i < 8; i++)
        live_case_thread_start(&threads[i], c, identify_in_thread, NULL);
    for (int i = 0; i < 8; i++) {
        live_case_thread_join(&threads[i]);
        assert_true(threads[i].ok);
        assert_string_equal(threads[i].name, "API server with kube-system UID uid-1");
        live_case_thread_done(&threads[i]);
    }
    assert_int_equal(live_case_calls(c, "GET", ""), 1);
}

static void a_cluster_that_cannot_be_identified_says_why(void **state)
{
    struct live_case *c = *state;
    const char *place = NULL;
    assert_false(c->cluster->ops->identify(c->cluster, c->arena, &place, &c->d));
    glm_assert_error(&c->d, "", "has no namespace kube-system");
    fake_objects_put(&c->objects, "{'apiVersion': 'v1', 'kind': 'Namespace', 'metadata': {'name': "
                                  "'kube-system'}}");
    assert_true(c->cluster->ops->identify(c->cluster, c->arena, &place, &c->d));
}

static const char *odd_uid;

static bool answer_odd_uid(struct fake_objects *o, struct fake_call *call)
{
    fake_answer(call, 200, "",
                glm_sprintf(o->arena,
                            "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": "
                            "{\"name\": \"kube-system\", \"uid\": \"%s\"}}",
                            odd_uid));
    return true;
}

/* It would count as another cluster, and everything as new there. */
static void a_text_that_is_no_uid_tells_no_cluster(void **state)
{
    static const char *const odd[] = {"", " ", "1 2", "1/2", "\\u001b[2J", "\\u202e1", "1\\u00002"};
    struct live_case *c = *state;
    const char *place = NULL;
    c->objects.script = answer_odd_uid;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        odd_uid = odd[i];
        glm_diags_init(&c->d, c->arena);
        assert_false(c->cluster->ops->identify(c->cluster, c->arena, &place, &c->d));
        glm_assert_error(&c->d, "", "kube-system has no UID");
    }
    odd_uid = "3A-_.:z";
    assert_true(c->cluster->ops->identify(c->cluster, c->arena, &place, &c->d));
}

static const char *label_of(struct live_case *c, const char *entry)
{
    const struct glm_live_config config = {
        .name = "x",
        .entry = glm_test_value(c->arena, entry),
        .field_manager = "m",
        .user_agent = "u",
        .stop = &c->stop,
        .http = c->http,
    };
    struct glm_cluster *cluster = glm_live_create(&config);
    const char *label = cluster->ops->label(cluster, c->arena);
    cluster->ops->destroy(cluster);
    return label;
}

static void labels_ask_nobody_and_hold_no_password(void **state)
{
    struct live_case *c = *state;
    assert_string_equal(label_of(c, "{'context': 'east'}"), "context east");
    assert_string_equal(label_of(c, "{'host': 'https://u:p@w@h:6443/x'}"), "host https://h:6443/x");
    assert_string_equal(label_of(c, "{'host': 'u:p@h'}"), "host h");
    assert_string_equal(label_of(c, "{'kubeconfig': 'secret'}"),
                        "the cluster of the given kubeconfig");
    assert_string_equal(label_of(c, "{'in_cluster': true}"), "the cluster that this runs in");
    assert_int_equal(atomic_load(&fake_access.resolved), 0);
    live_case_profile(c, "a");
    assert_string_equal(
        c->cluster->ops->label(c->cluster, c->arena),
        glm_sprintf(c->arena, "API server http://127.0.0.1:%u", c->objects.server.port));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, live_case_setup, live_case_teardown)
    const struct CMUnitTest tests[] = {
        TEST(many_readers_ask_once),
        TEST(absence_from_a_list_is_confirmed),
        TEST(where_lists_are_forbidden_objects_are_asked_for),
        TEST(an_api_that_is_not_served_says_nothing_of_objects),
        TEST(a_404_of_a_proxy_is_an_error),
        TEST(a_reference_without_a_name_is_refused),
        TEST(namespaces_are_asked_for_one_by_one_and_remembered),
        TEST(lists_are_sorted_and_whole),
        TEST(a_list_that_grew_too_old_begins_again),
        TEST(a_list_that_always_grows_too_old_is_asked_for_whole),
        TEST(each_selection_is_remembered_by_itself),
        TEST(an_own_write_makes_no_list_old_that_cannot_have_it),
        TEST(an_own_write_is_in_every_list_after_it),
        TEST(a_list_from_before_a_write_does_not_undo_it),
        TEST(who_asks_after_a_write_does_not_join_a_list_from_before_it),
        TEST(all_who_wait_for_a_list_learn_why_there_is_none),
        TEST(a_write_is_an_apply_of_what_was_seen),
        TEST(what_changed_or_went_since_is_not_written_over),
        TEST(what_appeared_meanwhile_is_not_written_over),
        TEST(a_server_that_writes_over_it_all_the_same_is_warned_of),
        TEST(fields_of_other_managers_are_named),
        TEST(a_write_whose_answer_was_lost_is_done),
        TEST(a_failed_write_tells_whether_it_may_have_been_carried_out),
        TEST(a_lost_write_that_cannot_be_looked_for_is_unsure),
        TEST(a_write_that_was_lost_and_overtaken_is_stale),
        TEST(what_cannot_be_stored_is_not_sent),
        TEST(only_the_object_that_was_seen_is_removed),
        TEST(what_has_finalizers_is_there_until_they_are_done),
        TEST(what_comes_back_with_finalizers_is_not_gone),
        TEST(a_cluster_is_identified_once),
        TEST(a_cluster_that_cannot_be_identified_says_why),
        TEST(a_text_that_is_no_uid_tells_no_cluster),
        TEST(labels_ask_nobody_and_hold_no_password),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
