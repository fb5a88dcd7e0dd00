/* SPDX-License-Identifier: Apache-2.0
 *
 * What an API server warns of when something is written reaches the user: once, and no credential
 * with it. Against a fake API server, which warns as it is told to.
 */
#include "live_case.h"

/* Answers every write with warnings; the credential is not what anybody wants to read. */
static bool warn_of_writes(struct fake_objects *o, struct fake_call *call)
{
    static const char headers[] = "Warning: 299 - \"spec.old is deprecated\"\r\n"
                                  "Warning: 299 - \"it has \\\"quotes\\\"\"\r\n"
                                  "Warning: 299 - \"you are s3cret-t0ken\"\r\n"
                                  "Warning: 199 - \"of a cache\"\r\n";
    if (strcmp(call->method, "GET") == 0)
        return false;
    if (atomic_load(&o->mode) == 0)
        fake_answer(call, 200, headers,
                    "{\"apiVersion\":\"install.istio.io/v1alpha1\",\"kind\":\"IstioOperator\","
                    "\"metadata\":{\"name\":\"a\",\"namespace\":\"n\",\"uid\":\"1\","
                    "\"resourceVersion\":\"7\"}}");
    else
        fake_answer(call, 200,
                    glm_sprintf(call->arena, "warning: 299 - \"number %d\"\r\n",
                                atomic_fetch_add(&o->mode, 1)),
                    "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}");
    return true;
}

static void what_the_server_warns_of_is_shown_once(void **state)
{
    struct live_case *c = *state;
    c->objects.script = warn_of_writes;
    live_case_again(c, "s3cret-t0ken", 0);
    const struct glm_value *object = live_case_iop(c->arena, "a", "one");
    live_case_write(c, object, object, NULL);
    const char *said = glm_test_diags_text(c->arena, &c->d);
    assert_int_equal(c->d.warnings, 3);
    assert_non_null(strstr(said, "Cluster \"east\", asked to write IstioOperator n/a: spec.old is "
                                 "deprecated"));
    assert_non_null(strstr(said, "it has \"quotes\""));
    assert_non_null(strstr(said, "you are ***"));
    assert_null(strstr(said, "s3cret"));
    live_case_write(c, object, object, NULL);
    live_case_remove(c, "a", NULL);
    assert_int_equal(c->d.warnings, 3);
}

static void every_cluster_is_heard_and_none_for_ever(void **state)
{
    struct live_case *c = *state;
    c->objects.script = warn_of_writes;
    const struct glm_value *object = live_case_iop(c->arena, "a", "one");
    live_case_write(c, object, object, NULL);
    live_case_again(c, "s3cret-t0ken", 0);
    glm_diags_init(&c->d, c->arena);
    live_case_write(c, object, object, NULL);
    assert_int_equal(c->d.warnings, 3);
    atomic_store(&c->objects.mode, 1);
    for (int i = 0; i < 100; i++)
        live_case_remove(c, "a", NULL);
    assert_int_equal(c->d.warnings, 3 + 61 + 1);
    const char *said = glm_test_diags_text(c->arena, &c->d);
    assert_non_null(strstr(said, "number 61"));
    assert_null(strstr(said, "number 62"));
    assert_non_null(strstr(said, "more than 64 different things"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, live_case_setup, live_case_teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_the_server_warns_of_is_shown_once),
        TEST(every_cluster_is_heard_and_none_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
