/* SPDX-License-Identifier: Apache-2.0
 *
 * A kind is a row: one that only this test has is written, read, listed, followed and removed, in a
 * directory and in an API server, and in the words of refusals.
 */
#include "live_case.h"

#include "folder.h"

static const struct glm_object_kind config_map = {
    .api_version = "v1",
    .name = "ConfigMap",
    .plural = "configmaps",
    .namespaced = true,
    .order = 2,
    .many = true,
    .label = "made-by",
    .value = "test",
};

static const struct glm_object_kind cluster_role = {
    .api_version = "rbac.authorization.k8s.io/v1",
    .name = "ClusterRole",
    .plural = "clusterroles",
    .order = 1,
    .absent = "roles are another cluster's. Look there.",
};

static const struct glm_object_ref a_map = {.kind = &config_map, .namespace_ = "n", .name = "a"};
static const struct glm_object_ref a_role = {.kind = &cluster_role, .name = "r"};

static const struct glm_value *map_of(struct glm_arena *arena, const char *text)
{
    return glm_test_value(
        arena, glm_sprintf(arena,
                           "{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'labels': "
                           "{'made-by': 'test'}, 'name': 'a', 'namespace': 'n'}, 'data': {'k': "
                           "'%s'}}",
                           text));
}

static const struct glm_value *role_of(struct glm_arena *arena)
{
    return glm_test_value(arena, "{'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': "
                                 "'ClusterRole', 'metadata': {'name': 'r'}, 'rules': []}");
}

static void write_it(struct glm_cluster *cluster, struct glm_arena *arena,
                     const struct glm_object_ref *ref, const struct glm_value *object)
{
    struct glm_diags d;
    glm_diags_init(&d, arena);
    struct glm_write w = {.object = object, .kind = ref->kind, .create = true};
    enum glm_written written;
    if (!cluster->ops->write(cluster, arena, &w, &written, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    assert_int_equal(written, GLM_WRITE_DONE);
}

static enum glm_found found(struct glm_cluster *cluster, struct glm_arena *arena,
                            const struct glm_object_ref *ref)
{
    struct glm_diags d;
    struct glm_read read;
    glm_diags_init(&d, arena);
    if (!cluster->ops->read(cluster, arena, ref, &read, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    assert_true(read.found != GLM_FOUND || glm_object_is(read.object, ref));
    return read.found;
}

static size_t listed(struct glm_cluster *cluster, struct glm_arena *arena,
                     const struct glm_object_kind *kind)
{
    struct glm_diags d;
    const struct glm_value *list = &glm_null;
    glm_diags_init(&d, arena);
    if (!glm_test_list(cluster, arena, kind, &list, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    return list->len;
}

static void remove_it(struct glm_cluster *cluster, struct glm_arena *arena,
                      const struct glm_object_ref *ref)
{
    struct glm_diags d;
    bool gone = false;
    glm_diags_init(&d, arena);
    if (!cluster->ops->remove(cluster, arena, ref, NULL, &gone, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    assert_true(gone);
}

static void walk(struct glm_cluster *cluster, struct glm_arena *arena)
{
    assert_int_equal(found(cluster, arena, &a_map), GLM_FOUND_NOTHING);
    write_it(cluster, arena, &a_map, map_of(arena, "v"));
    write_it(cluster, arena, &a_role, role_of(arena));
    assert_int_equal(found(cluster, arena, &a_map), GLM_FOUND);
    assert_int_equal(found(cluster, arena, &a_role), GLM_FOUND);
    assert_int_equal(listed(cluster, arena, &config_map), 1);
    assert_int_equal(listed(cluster, arena, &cluster_role), 1);
    remove_it(cluster, arena, &a_map);
    assert_int_equal(found(cluster, arena, &a_map), GLM_FOUND_NOTHING);
    assert_int_equal(listed(cluster, arena, &config_map), 0);
}

static void a_new_kind_is_a_row_to_a_directory(void **state)
{
    struct live_case *c = *state;
    const char *folder = glm_test_folder(c->arena);
    struct glm_cluster *cluster = glm_directory_create("east", folder, NULL);
    walk(cluster, c->arena);
    write_it(cluster, c->arena, &a_map, map_of(c->arena, "v"));
    assert_true(glm_test_exists("%s/namespaces/n/configmap-a.yaml", folder));
    assert_true(glm_test_exists("%s/cluster/clusterrole-r.yaml", folder));
    assert_int_equal(listed(cluster, c->arena, GLM_KIND_SERVICE), 0);
    cluster->ops->destroy(cluster);
}

static void a_new_kind_is_a_row_to_an_api_server(void **state)
{
    struct live_case *c = *state;
    walk(c->cluster, c->arena);
    assert_int_equal(live_case_calls(c, "GET",
                                     "/api/v1/configmaps?limit=500&labelSelector="
                                     "made-by%3Dtest"),
                     1);
    assert_int_equal(live_case_calls(c, "PATCH", "/clusterroles/r"), 1);
}

static void a_new_kind_is_followed(void **state)
{
    struct live_case *c = *state;
    static const struct glm_object_kind *const kinds[] = {&config_map, NULL};
    uint64_t version = 0;
    c->cluster->ops->follow(c->cluster, kinds);
    while (live_case_calls(c, "WATCH", "/api/v1/configmaps") == 0)
        c->cluster->ops->await(c->cluster, &version, 10);
    write_it(c->cluster, c->arena, &a_map, map_of(c->arena, "v"));
    while (listed(c->cluster, c->arena, &config_map) == 0)
        c->cluster->ops->await(c->cluster, &version, 10);
    c->cluster->ops->unfollow(c->cluster, kinds);
}

static bool forbid(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    fake_status(
        call, 403, "Forbidden",
        "clusterroles is forbidden: User \\\"ci\\\" cannot list resource \\\"clusterroles\\\"", "");
    return true;
}

static bool serve_nothing(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    fake_answer(call, 404, "", "404 page not found\n");
    return true;
}

/* What a row says goes into the words; what it does not say, nobody knows. */
static void refusals_know_a_kind_by_its_row(void **state)
{
    struct live_case *c = *state;
    static const struct glm_object_kind badge = {
        .api_version = "v1",
        .name = "Badge",
        .plural = "badges",
        .order = 9,
        .grants = "{apiGroups: [\"\"], resources: [\"seals\"], verbs: [\"get\"]}"};
    static const struct glm_object_right rights[] = {
        {&config_map, true}, {&badge, true}, {&cluster_role, false}, {NULL, false}};
    c->rights = rights;
    live_case_again(c, NULL, 0);
    c->objects.script = forbid;
    const char *said = live_case_list(c, &cluster_role, NULL);
    assert_non_null(strstr(said, "resources: [\"configmaps\"], verbs: [\"get\", \"list\", "
                                 "\"watch\", \"create\", \"patch\", \"delete\"]"));
    assert_non_null(strstr(said, "apiGroups: [\"rbac.authorization.k8s.io\"], resources: "
                                 "[\"clusterroles\"]"));
    assert_non_null(strstr(said, "[\"clusterroles\"], verbs: [\"get\", \"list\", \"watch\"]}"));
    assert_non_null(strstr(said, "  - {apiGroups: [\"\"], resources: [\"seals\"], verbs: "
                                 "[\"get\"]} # what Badges of ours grant\n"));
    assert_null(strstr(said, "istio"));
    c->objects.script = serve_nothing;
    struct glm_diags d;
    glm_diags_init(&d, c->arena);
    struct glm_write w = {.object = role_of(c->arena), .kind = &cluster_role};
    enum glm_written written;
    assert_false(c->cluster->ops->write(c->cluster, c->arena, &w, &written, &d));
    assert_non_null(strstr(glm_test_diags_text(c->arena, &d),
                           "does not serve ClusterRole of rbac.authorization.k8s.io/v1: roles are "
                           "another cluster's. Look there."));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, live_case_setup, live_case_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_new_kind_is_a_row_to_a_directory),
        CASE(a_new_kind_is_a_row_to_an_api_server),
        CASE(a_new_kind_is_followed),
        CASE(refusals_know_a_kind_by_its_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
