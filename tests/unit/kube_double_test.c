/* SPDX-License-Identifier: Apache-2.0
 *
 * Elements of lists of others that stand where ours are to be: told apart from ours by their keys, said by their
 * owners, and ours to take out before ours are put in. What a real API server makes of it is tested against one.
 */
#include "live_case.h"

#include <string.h>

#define OTHERS                                                                                     \
    "{'manager':'kubectl-edit','operation':'Update','apiVersion':'v1','fieldsType':'FieldsV1',"    \
    "'fieldsV1':{'f:spec':{'f:ports':{'k:{\\'port\\':8080,\\'protocol\\':\\'TCP\\'}':{'.':{},"     \
    "'f:name':{},'f:port':{}}},'f:type':{}}}}"
#define OURS                                                                                       \
    "{'manager':'the manager','operation':'Apply','apiVersion':'v1','fieldsType':'FieldsV1',"      \
    "'fieldsV1':{'f:spec':{'f:ports':{'k:{\\'port\\':443,\\'protocol\\':\\'TCP\\'}':{'.':{},"      \
    "'f:name':{}}}}}}"

static const struct glm_value *service(struct live_case *c, const char *metadata, const char *ports)
{
    return glm_test_value(c->arena,
                          glm_sprintf(c->arena,
                                      "{'apiVersion':'v1','kind':'Service','metadata':{'name':'a',"
                                      "'namespace':'n'%s},'spec':{'ports':[%s]}}",
                                      metadata, ports));
}

static char patched[8192], applied[8192];
static const char *causes;

/* Refuses an apply until managedFields were changed. */
static bool refuse_doubles(struct fake_objects *o, struct fake_call *call)
{
    (void)o;
    if (strcmp(call->method, "PATCH") != 0)
        return false;
    if (strcmp(call->content_type, "application/merge-patch+json") == 0) {
        snprintf(patched, sizeof patched, "%s", call->body);
    } else {
        snprintf(applied, sizeof applied, "%s", call->body);
        if (!*patched) {
            fake_status(call, 422, "Invalid", "it is invalid",
                        glm_sprintf(call->arena, "{'causes':[%s]}", causes));
            return true;
        }
    }
    fake_answer(call, 200, "",
                "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"a\","
                "\"namespace\":\"n\",\"uid\":\"uid-1\",\"resourceVersion\":\"102\"}}");
    return true;
}

static struct glm_write write_of(struct live_case *c, const char *ours, const char *live,
                                 const char *owners)
{
    *patched = *applied = '\0';
    c->objects.script = refuse_doubles;
    return (struct glm_write){
        .object = service(c, "", ours),
        .kind = GLM_KIND_SERVICE,
        .seen = service(c,
                        glm_sprintf(c->arena,
                                    ",'uid':'uid-1','resourceVersion':'101','managedFields':[%s]",
                                    owners),
                        live)};
}

#define DUPLICATE "{'reason':'FieldValueDuplicate','field':'spec.ports[2].name','message':'twice'}"
#define WANTED "{'name':'https','port':443},{'name':'http','port':80}"
#define LIVE                                                                                       \
    "{'name':'https','port':443,'protocol':'TCP'},{'name':'http','port':8080,'protocol':'TCP'}"

static void a_double_is_a_conflict_with_its_owner(void **state)
{
    struct live_case *c = *state;
    struct glm_write w = write_of(c, WANTED, LIVE, OTHERS "," OURS);
    enum glm_written written;
    causes = DUPLICATE "," DUPLICATE;
    assert_true(c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d));
    assert_int_equal(written, GLM_WRITE_CONFLICT);
    assert_int_equal(w.conflict_count, 1);
    assert_string_equal(w.conflicts[0].manager, "kubectl-edit");
    assert_string_equal(w.conflicts[0].field, ".spec.ports[port=8080,protocol=\"TCP\"]");
    assert_string_equal(patched, "");
}

static void a_double_becomes_ours_before_it_is_taken_out(void **state)
{
    struct live_case *c = *state;
    struct glm_write w = write_of(c, WANTED, LIVE, OTHERS "," OURS);
    enum glm_written written;
    causes = DUPLICATE;
    w.force = true;
    assert_true(c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d));
    assert_int_equal(written, GLM_WRITE_DONE);
    assert_string_equal(
        patched,
        "{\"metadata\":{\"managedFields\":[{\"apiVersion\":\"v1\",\"fieldsType\":\"FieldsV1\","
        "\"fieldsV1\":{\"f:spec\":{\"f:type\":{}}},\"manager\":\"kubectl-edit\",\"operation\":"
        "\"Update\"},{\"apiVersion\":\"v1\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:spec\":"
        "{\"f:ports\":{\"k:{\\\"port\\\":443,\\\"protocol\\\":\\\"TCP\\\"}\":{\".\":{},\"f:name\":"
        "{}},\"k:{\\\"port\\\":8080,\\\"protocol\\\":\\\"TCP\\\"}\":{\".\":{},\"f:name\":{},"
        "\"f:port\":{}}}}},\"manager\":\"the manager\",\"operation\":\"Apply\"}],"
        "\"resourceVersion\":\"101\",\"uid\":\"uid-1\"}}");
    assert_non_null(strstr(applied, "\"resourceVersion\":\"102\""));
    assert_int_equal(live_case_calls(c, "PATCH", ""), 3);
}

/* Nothing of it is written: what comes then is not known. */
static void a_rehearsal_takes_nothing(void **state)
{
    struct live_case *c = *state;
    struct glm_write w = write_of(c, WANTED, LIVE, OTHERS "," OURS);
    enum glm_written written;
    causes = DUPLICATE;
    w.force = w.rehearse = true;
    assert_true(c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d));
    assert_int_equal(written, GLM_WRITE_DONE);
    assert_true(w.untold);
    assert_string_equal(patched, "");
}

/* A single port needs no name, and two of them do. */
static void single_elements_without_names_are_doubles(void **state)
{
    struct live_case *c = *state;
    struct glm_write w =
        write_of(c, "{'port':80}", "{'port':8080,'protocol':'TCP'}", OTHERS); /* none is ours yet */
    enum glm_written written;
    causes = "{'reason':'FieldValueRequired','field':'spec.ports[0].name','message':'name it'},"
             "{'reason':'FieldValueRequired','field':'spec.ports[1].name','message':'name it'}";
    w.force = true;
    assert_true(c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d));
    assert_int_equal(written, GLM_WRITE_DONE);
    assert_non_null(strstr(patched, "\"manager\":\"the manager\",\"operation\":\"Apply\""));
}

static void what_is_refused_for_something_else_stays_an_error(void **state)
{
    struct live_case *c = *state;
    static const struct {
        const char *ours, *live, *owners, *causes;
    } cases[] = {
        {WANTED, LIVE, OTHERS "," OURS,
         "{'reason':'FieldValueInvalid','field':'spec.ports[1].name','message':'no'}"},
        {WANTED, LIVE, OTHERS "," OURS, "{'reason':'FieldValueDuplicate','field':'spec.ports'}"},
        {WANTED, LIVE, OTHERS "," OURS, "{'reason':'FieldValueDuplicate','field':'['}"},
        {WANTED, LIVE, OTHERS "," OURS, "{'reason':'FieldValueDuplicate','field':'a[0].b[1].c'}"},
        {WANTED, LIVE, OURS, DUPLICATE}, /* nobody owns it */
        {"{'name':'x','port':1},{'name':'x','port':2}", LIVE, OTHERS "," OURS, DUPLICATE},
        {WANTED, LIVE, "{'manager':'kubectl-edit','fieldsV1':[]},3", DUPLICATE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct glm_write w = write_of(c, cases[i].ours, cases[i].live, cases[i].owners);
        enum glm_written written;
        causes = cases[i].causes;
        w.force = true;
        if (c->cluster->ops->write(c->cluster, c->arena, &w, &written, &c->d))
            fail_msg("case %zu", i);
        assert_string_equal(patched, "");
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, live_case_setup, live_case_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_double_is_a_conflict_with_its_owner),
        TEST(a_double_becomes_ours_before_it_is_taken_out),
        TEST(a_rehearsal_takes_nothing),
        TEST(single_elements_without_names_are_doubles),
        TEST(what_is_refused_for_something_else_stays_an_error),
    };
    return cmocka_run_group_tests_name("kube double", tests, NULL, NULL);
}
