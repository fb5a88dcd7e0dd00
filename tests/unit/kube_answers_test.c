/* SPDX-License-Identifier: Apache-2.0
 *
 * Every answer must be the object that was asked for: apiVersion, kind, namespace, name, and UID
 * where one is known. Against a fake API server whose answers are somebody else's.
 */
#include "live_case.h"

#define ELSE "something else than what was asked for"

/* What is wrong with an object: at key of metadata, or of the object itself, this value; "": the key
 * is missing. */
static const struct wrong {
    const char *key, *json;
    bool top;
} wrongs[] = {
    {"name", "'other'", false},   {"name", "''", false},       {"name", "5", false},
    {"name", "null", false},      {"name", "['a']", false},    {"namespace", "'other'", false},
    {"namespace", "''", false},   {"namespace", "{}", false},  {"namespace", "", false},
    {"kind", "'Service'", true},  {"kind", "'Status'", true},  {"kind", "true", true},
    {"apiVersion", "'v1'", true}, {"apiVersion", "1.5", true}, {"metadata", "null", true},
    {"metadata", "'a'", true},    {"metadata", "[]", true},    {"metadata", "", true},
};
#define WRONGS (sizeof wrongs / sizeof *wrongs)
/* Where a UID is known. */
static const struct wrong wrong_uids[] = {
    {"uid", "'uid-9'", false}, {"uid", "7", false}, {"uid", "null", false}, {"uid", "", false}};
#define WRONG_UIDS (sizeof wrong_uids / sizeof *wrong_uids)

static const struct glm_value *spoiled(struct glm_arena *arena, const struct glm_value *object,
                                       const struct wrong *w)
{
    const struct glm_value *in = w->top ? object : glm_get(object, "metadata");
    in = *w->json ? glm_with(arena, in, w->key, glm_test_value(arena, w->json))
                  : glm_without(arena, in, w->key);
    return w->top ? in : glm_with(arena, object, "metadata", in);
}

/* The answer that the script gives; set before the call. */
static const char *_Atomic spoiled_method;
static const char *_Atomic spoiled_body;
static atomic_int spoiled_status;

static bool answer_spoiled(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strcmp(call->method, atomic_load(&spoiled_method)) != 0)
        return false;
    fake_answer(call, atomic_load(&spoiled_status), "", atomic_load(&spoiled_body));
    return true;
}

static void spoil(struct live_case *c, const char *method, int status, const struct glm_value *v)
{
    atomic_store(&spoiled_method, method);
    atomic_store(&spoiled_status, status);
    atomic_store(&spoiled_body, glm_json_text(c->arena, v));
    c->objects.script = answer_spoiled;
    glm_diags_init(&c->d, c->arena);
}

static const struct glm_value *whole(struct live_case *c, const char *name)
{
    return glm_with_path(c->arena, live_case_iop(c->arena, name, "p"),
                         glm_string(c->arena, "uid-1"), "metadata", "uid", NULL);
}

static bool get(struct live_case *c, enum glm_found *ret_found)
{
    const struct glm_object_ref ref = {
        .kind = GLM_KIND_POD, .namespace_ = "n", .name = "a"}; /* never listed */
    struct glm_read read;
    bool ok = c->cluster->ops->read(c->cluster, c->arena, &ref, &read, &c->d);
    if (ok)
        *ret_found = read.found;
    return ok;
}

static void what_is_read_is_what_was_asked_for(void **state)
{
    struct live_case *c = *state;
    const struct glm_value *pod = glm_test_value(
        c->arena,
        "{'apiVersion': 'v1', 'kind': 'Pod', 'metadata': {'name': 'a', 'namespace': 'n'}}");
    enum glm_found found = GLM_FOUND_NOTHING;
    spoil(c, "GET", 200, pod);
    assert_true(get(c, &found));
    assert_int_equal(found, GLM_FOUND);
    for (size_t i = 0; i < WRONGS; i++) {
        if (strcmp(wrongs[i].json, "'v1'") == 0)
            continue; /* which it is */
        spoil(c, "GET", 200, spoiled(c->arena, pod, &wrongs[i]));
        assert_false(get(c, &found));
        glm_assert_error(&c->d, "", ELSE);
    }
}

static void check_write(struct live_case *c, const struct wrong *wrong,
                        const struct glm_value *seen)
{
    struct glm_write w = {.object = live_case_iop(c->arena, "a", "p"), .seen = seen};
    enum glm_written written = GLM_WRITE_STALE;
    for (int status = 200; status <= 201; status++) {
        spoil(c, "PATCH", status, spoiled(c->arena, whole(c, "a"), wrong));
        if (c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d))
            fail_msg("%s = %s counts as written", wrong->key, wrong->json);
        glm_assert_error(&c->d, "", ELSE);
        glm_assert_error(&c->d, "", "Whether it was carried out is not known");
    }
    spoil(c, "NONE", 200, &glm_null);
    assert_string_equal(live_case_profile(c, "a"), "absent"); /* and is not remembered */
}

static void what_counts_as_written_is_what_was_written(void **state)
{
    struct live_case *c = *state;
    const struct glm_value *seen = live_case_seen(c, "5", "uid-1");
    for (size_t i = 0; i < WRONGS; i++) {
        check_write(c, &wrongs[i], NULL);
        check_write(c, &wrongs[i], seen);
    }
    for (size_t i = 0; i < WRONG_UIDS; i++)
        check_write(c, &wrong_uids[i], seen);
}

static bool removes(struct live_case *c, const struct glm_value *seen, bool *ret_gone)
{
    const struct glm_object_ref ref = {
        .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "n", .name = "a"};
    return c->cluster->ops->remove(c->cluster, c->arena, &ref, seen, ret_gone, &c->d);
}

static void what_counts_as_removed_is_what_was_removed(void **state)
{
    struct live_case *c = *state;
    const struct glm_value *seen = live_case_seen(c, "5", "uid-1");
    static const char *const others[] = {
        "{'kind': 'Status', 'status': 'Success', 'details': {'name': 'b'}}",
        "{'kind': 'Status', 'status': 'Success', 'details': {'name': 5}}",
        "{'kind': 'Status', 'status': 'Success', 'details': {'name': 'a', 'uid': 'uid-9'}}",
        "{'kind': 'Status', 'status': 'Success', 'details': {'name': 'a', 'uid': 1}}",
        "{'kind': 'Status', 'status': 'Failure', 'details': {'name': 'a'}}",
        "{'kind': 'Status'}",
        "{}",
    };
    bool gone = false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        spoil(c, "DELETE", 200, glm_test_value(c->arena, others[i]));
        assert_false(removes(c, seen, &gone));
        glm_assert_error(&c->d, "", ELSE);
    }
    for (size_t i = 0; i < WRONGS + WRONG_UIDS; i++) {
        const struct wrong *w = i < WRONGS ? &wrongs[i] : &wrong_uids[i - WRONGS];
        if (w->top && strcmp(w->json, "'Status'") == 0)
            continue;
        spoil(c, "DELETE", 200, spoiled(c->arena, whole(c, "a"), w));
        assert_false(removes(c, seen, &gone));
        glm_assert_error(&c->d, "", ELSE);
    }
    spoil(c, "DELETE", 200, whole(c, "a"));
    assert_true(removes(c, seen, &gone));
    assert_true(gone);
}

/* 409 Conflict for more than one reason. */
static void a_conflict_is_no_removal_while_the_object_is_there(void **state)
{
    struct live_case *c = *state;
    const struct glm_value *conflict = glm_test_value(
        c->arena, "{'kind': 'Status', 'apiVersion': 'v1', 'status': 'Failure', 'reason': "
                  "'Conflict', 'message': 'the webhook says no', 'code': 409}");
    const struct glm_value *seen;
    enum glm_found found;
    bool gone = true;
    live_case_put_iop(c, "a", "p");
    live_case_read(c, c->arena, "a", &found, &seen, &c->d);
    spoil(c, "DELETE", 409, conflict);
    assert_false(removes(c, seen, &gone));
    glm_assert_error(&c->d, "", "the webhook says no (409)");
    assert_false(gone);
    glm_diags_init(&c->d, c->arena);
    assert_false(removes(c, NULL, &gone)); /* not known which it was */
    glm_assert_error(&c->d, "", "the webhook says no (409)");

    fake_objects_delete(&c->objects, IOPS "a");
    live_case_put_iop(c, "a", "another"); /* of another UID */
    glm_diags_init(&c->d, c->arena);
    assert_true(removes(c, seen, &gone));
    assert_true(gone);
    fake_objects_delete(&c->objects, IOPS "a");
    assert_true(removes(c, seen, &gone));
    assert_true(gone);
    assert_int_equal(c->d.errors, 0);
}

/* Already leaving: whoever removed it first was faster. */
static void a_conflict_about_what_leaves_is_waited_for(void **state)
{
    struct live_case *c = *state;
    const struct glm_value *seen;
    enum glm_found found;
    bool gone = true;
    fake_objects_put(&c->objects,
                     "{'apiVersion': 'install.istio.io/v1alpha1', 'kind': 'IstioOperator', "
                     "'metadata': {'name': 'a', 'namespace': 'n', 'finalizers': ['x'], "
                     "'deletionTimestamp': '2026-01-01T00:00:00Z'}}");
    live_case_read(c, c->arena, "a", &found, &seen, &c->d);
    spoil(c, "DELETE", 409,
          glm_test_value(c->arena, "{'kind': 'Status', 'status': 'Failure', 'code': 409}"));
    assert_true(removes(c, seen, &gone));
    assert_false(gone);
}

static const struct glm_value *list_of(struct live_case *c, const char *kind, const char *version,
                                       const struct glm_value *item)
{
    struct glm_map_builder b;
    glm_map_init(&b, c->arena);
    glm_map_set(&b, "kind", glm_string(c->arena, kind));
    glm_map_set(&b, "apiVersion", glm_string(c->arena, version));
    glm_map_set(&b, "metadata", &glm_empty_map);
    glm_map_set(&b, "items", glm_list(c->arena, &item, 1));
    return glm_map_finish(&b, NULL);
}

static const char *list_in_n(struct live_case *c, const struct glm_value *list)
{
    static const struct glm_selection in_n = {.namespace_ = "n", .fresh = true};
    spoil(c, "GET", 200, list);
    return live_case_list(c, GLM_KIND_ISTIO_OPERATOR, &in_n);
}

static void every_item_of_a_list_is_of_what_was_asked_for(void **state)
{
    struct live_case *c = *state;
    static const char version[] = "install.istio.io/v1alpha1";
    const struct glm_value *item = whole(c, "a");
    assert_string_equal(list_in_n(c, list_of(c, "IstioOperatorList", version, item)), "a");
    for (size_t i = 0; i < WRONGS; i++) {
        if (strcmp(wrongs[i].json, "'other'") == 0 && strcmp(wrongs[i].key, "name") == 0)
            continue; /* any name will do */
        const char *said = list_in_n(
            c, list_of(c, "IstioOperatorList", version, spoiled(c->arena, item, &wrongs[i])));
        if (!strstr(said, ELSE))
            fail_msg("%s = %s: %s", wrongs[i].key, wrongs[i].json, said);
    }
    const char *bad[] = {
        list_in_n(c, list_of(c, "IstioOperator", version, item)),
        list_in_n(c, list_of(c, "IstioOperatorList", "v1", item)),
        list_in_n(c, glm_with_path(c->arena, list_of(c, "IstioOperatorList", version, item),
                                   glm_integer(c->arena, 5), "metadata", "continue", NULL))};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_non_null(
            strstr(bad[i], "no whole list of IstioOperator of install.istio.io/v1alpha1"));
}

/* It would go back with the next write, as what is too much of the user's. */
static void an_identity_that_is_too_long_is_no_api_server_s(void **state)
{
    static const char *const fields[] = {"name", "namespace", "uid", "resourceVersion"};
    struct live_case *c = *state;
    char text[1026] = {0};
    bool gone = false;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct glm_write w = {.object = live_case_iop(c->arena, "a", "p")};
        enum glm_written written;
        memset(text, '1', 1025);
        const char *said = glm_sprintf(c->arena, ", whose %s has 1025 bytes: no Kubern", fields[i]);
        const struct glm_value *object = glm_with_path(
            c->arena, whole(c, "a"), glm_string(c->arena, text), "metadata", fields[i], NULL);
        spoil(c, "PATCH", 200, object);
        assert_false(c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d));
        glm_assert_error(&c->d, "", said);
        spoil(c, "DELETE", 200, object);
        assert_false(removes(c, NULL, &gone));
        glm_assert_error(&c->d, "", said);
        const char *list =
            list_in_n(c, list_of(c, "IstioOperatorList", "install.istio.io/v1alpha1", object));
        assert_non_null(strstr(list, said));
    }
    text[1024] = '\0';
    spoil(c, "PATCH", 200,
          glm_with_path(c->arena, whole(c, "a"), glm_string(c->arena, text), "metadata",
                        "resourceVersion", NULL));
    live_case_write(c, live_case_iop(c->arena, "a", "p"), NULL, NULL);
}

static void a_cluster_is_told_by_no_other_object(void **state)
{
    struct live_case *c = *state;
    const char *place;
    spoil(c, "GET", 200, whole(c, "kube-system"));
    assert_false(c->cluster->ops->identify(c->cluster, c->arena, &place, &c->d));
    glm_assert_error(&c->d, "", ELSE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, live_case_setup, live_case_teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_is_read_is_what_was_asked_for),
        TEST(what_counts_as_written_is_what_was_written),
        TEST(what_counts_as_removed_is_what_was_removed),
        TEST(a_conflict_is_no_removal_while_the_object_is_there),
        TEST(a_conflict_about_what_leaves_is_waited_for),
        TEST(every_item_of_a_list_is_of_what_was_asked_for),
        TEST(an_identity_that_is_too_long_is_no_api_server_s),
        TEST(a_cluster_is_told_by_no_other_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
