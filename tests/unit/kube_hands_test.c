/* SPDX-License-Identifier: Apache-2.0
 *
 * An API server, written to for show, as another field manager; and objects that are let go.
 */
#include "live_case.h"

#include <stdio.h>
#include <string.h>

static char patched[8192], deleted[8192]; /* the last ones; "": none */

static void note(const struct fake_call *call)
{
    char *said = strcmp(call->method, "DELETE") == 0 ? deleted : patched;
    snprintf(said, sizeof patched, "%s?%s %s %s", call->path, call->query, call->content_type,
             call->body);
}

/* Answers as a dry run does: with what would be there. */
static bool dry_run(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strcmp(call->method, "PATCH") != 0)
        return false;
    note(call);
    fake_answer(call, 200, "",
                "{\"apiVersion\":\"install.istio.io/v1alpha1\",\"kind\":\"IstioOperator\","
                "\"metadata\":{\"name\":\"a\",\"namespace\":\"n\",\"uid\":\"u\","
                "\"resourceVersion\":\"7\"},\"spec\":{\"profile\":\"would-be\"}}");
    return true;
}

static void a_rehearsal_is_a_dry_run_and_nothing_is_remembered_of_it(void **state)
{
    struct live_case *c = *state;
    live_case_put_iop(c, "a", "is");
    assert_string_equal(live_case_profile(c, "a"), "is");
    c->objects.script = dry_run;
    struct glm_write w = {.object = live_case_iop(c->arena, "a", "wanted"),
                          .manager = "another manager",
                          .rehearse = true};
    enum glm_written written = GLM_WRITE_STALE;
    assert_true(c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d));
    assert_int_equal(written, GLM_WRITE_DONE);
    assert_false(w.untold);
    assert_non_null(strstr(patched, "?fieldManager=another%20manager&force=false&"
                                    "fieldValidation=Strict&dryRun=All "));
    assert_string_equal(glm_string_or(glm_get_path(w.stored, "spec", "profile", NULL), ""),
                        "would-be");
    assert_string_equal(live_case_profile(c, "a"), "is");
    assert_int_equal(c->d.errors + c->d.warnings, 0); /* not that it was there already */
}

static bool no_role(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    fake_status(call, 404, "NotFound", "roles.rbac.authorization.k8s.io \\\"r\\\" not found",
                "{'name': 'r', 'kind': 'roles'}");
    return true;
}

static bool no_dry_run(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    fake_status(call, 400, "BadRequest", "admission webhook \\\"w\\\" does not support dry run",
                "");
    return true;
}

static bool not_valid(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    fake_status(call, 422, "Invalid", "spec.profile: is not one", "");
    return true;
}

static bool not_his_to_grant(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    fake_status(
        call, 403, "Forbidden",
        "r is forbidden: user \\\"u\\\" (groups=[]) is attempting to grant RBAC permissions not "
        "currently held:\\n{Verbs:[\\\"x\\\"]}",
        "");
    return true;
}

static bool rehearse_object(struct live_case *c, const struct glm_value *object,
                            struct glm_write *w)
{
    enum glm_written written = GLM_WRITE_STALE;
    *w = (struct glm_write){.object = object, .rehearse = true};
    glm_diags_init(&c->d, c->arena);
    bool ok = c->cluster->ops->write(c->cluster, c->arena, w, &written, &c->d);
    assert_false(w->unsure);
    return ok && written == GLM_WRITE_DONE;
}

static bool rehearse(struct live_case *c, struct glm_write *w)
{
    return rehearse_object(c, live_case_iop(c->arena, "a", "x"), w);
}

static void what_a_rehearsal_cannot_tell_is_no_refusal(void **state)
{
    struct live_case *c = *state;
    struct glm_write w;
    c->objects.script = no_role;
    assert_true(rehearse(c, &w));
    assert_true(w.untold);
    c->objects.script = no_dry_run;
    assert_true(rehearse(c, &w));
    assert_true(w.untold);
    c->objects.script = not_valid;
    assert_false(rehearse(c, &w));
    glm_assert_error(&c->d, "", "spec.profile: is not one");
}

/* The role that it names is written before it, and is until then what somebody has made of it. */
static void a_rehearsal_of_a_binding_does_not_tell_what_its_role_will_grant(void **state)
{
    struct live_case *c = *state;
    const struct glm_value *object = live_case_iop(c->arena, "a", "x");
    struct glm_write w;
    c->objects.script = not_his_to_grant;
    assert_true(rehearse_object(c, glm_with(c->arena, object, "roleRef", &glm_empty_map), &w));
    assert_true(w.untold);
    assert_false(rehearse_object(c, object, &w));
    assert_false(w.untold);
    glm_assert_error(&c->d, "", "attempting to grant");
}

/* ---- letting go ---- */

static const struct glm_value *seen(struct live_case *c, const char *finalizers)
{
    return glm_test_value(
        c->arena,
        glm_sprintf(c->arena,
                    "{'apiVersion':'install.istio.io/v1alpha1','kind':'IstioOperator',"
                    "'metadata':{'name':'a','namespace':'n','uid':'u','resourceVersion':'7',"
                    "'finalizers':[%s]}}",
                    finalizers));
}

static bool let_go(struct live_case *c, const struct glm_value *as_seen, enum glm_written *written)
{
    const struct glm_object_ref ref = {
        .kind = GLM_KIND_ISTIO_OPERATOR, .namespace_ = "n", .name = "a"};
    bool gone = false;
    patched[0] = deleted[0] = '\0';
    if (!c->cluster->ops->let_go(c->cluster, c->arena, &ref, as_seen, "f", written, &gone, &c->d))
        fail_msg("%s", glm_test_diags_text(c->arena, &c->d));
    return gone;
}

/* A patch makes version 8; what is deleted is gone. */
static bool obey(struct fake_objects *o, struct fake_call *call)
{
    static const char body[] =
        "{\"apiVersion\":\"install.istio.io/v1alpha1\",\"kind\":\"IstioOperator\",\"metadata\":"
        "{\"name\":\"a\",\"namespace\":\"n\",\"uid\":\"u\",\"resourceVersion\":\"8\"}}";
    (void)o;
    note(call);
    fake_answer(call, 200, "", body);
    return true;
}

static void one_finalizer_goes_and_then_that_very_version_of_the_object(void **state)
{
    struct live_case *c = *state;
    enum glm_written written;
    c->objects.script = obey;
    assert_true(let_go(c, seen(c, "'e','f'"), &written));
    assert_int_equal(written, GLM_WRITE_DONE);
    assert_string_equal(patched, IOPS "a? application/merge-patch+json "
                                      "{\"metadata\":{\"finalizers\":[\"e\"],"
                                      "\"resourceVersion\":\"7\",\"uid\":\"u\"}}");
    assert_non_null(strstr(deleted, "\"preconditions\":{\"resourceVersion\":\"8\","
                                    "\"uid\":\"u\"}"));
    assert_true(let_go(c, seen(c, ""), &written));
    assert_string_equal(patched, "");
    assert_non_null(strstr(deleted, "\"resourceVersion\":\"7\",\"uid\":\"u\""));
}

static bool changed(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    note(call);
    fake_status(call, 409, "Conflict", "the object has been modified", "");
    return true;
}

static void what_changed_since_is_not_let_go(void **state)
{
    struct live_case *c = *state;
    enum glm_written written;
    c->objects.script = changed;
    assert_false(let_go(c, seen(c, "'f'"), &written));
    assert_int_equal(written, GLM_WRITE_STALE);
    assert_string_equal(deleted, "");
    assert_false(let_go(c, seen(c, ""), &written));
    assert_int_equal(written, GLM_WRITE_STALE);
    assert_int_equal(c->d.errors, 0);
}

static bool not_there(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    fake_status(call, 404, "NotFound", "not found", "{'name': 'a', 'kind': 'istiooperators'}");
    return true;
}

static void what_is_gone_already_was_let_go(void **state)
{
    struct live_case *c = *state;
    enum glm_written written;
    c->objects.script = not_there;
    assert_true(let_go(c, seen(c, "'f'"), &written));
    assert_int_equal(written, GLM_WRITE_DONE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, live_case_setup, live_case_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_rehearsal_is_a_dry_run_and_nothing_is_remembered_of_it),
        TEST(what_a_rehearsal_cannot_tell_is_no_refusal),
        TEST(a_rehearsal_of_a_binding_does_not_tell_what_its_role_will_grant),
        TEST(one_finalizer_goes_and_then_that_very_version_of_the_object),
        TEST(what_changed_since_is_not_let_go),
        TEST(what_is_gone_already_was_let_go),
    };
    return cmocka_run_group_tests_name("kube hands", tests, NULL, NULL);
}
