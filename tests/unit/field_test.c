/* SPDX-License-Identifier: Apache-2.0
 *
 * The fields of conflicts, as API servers write them.
 */
#include "glm/observe.h"
#include "test.h"

#define OBJECT                                                                                     \
    "{'metadata':{'labels':{'app':'short','app.kubernetes.io/name':'long','app.kubernetes':{'io':" \
    "{'deep':1}}}},'spec':{'ports':[{'port':80,'protocol':'TCP','targetPort':8080},{'port':80,"    \
    "'protocol':'UDP','targetPort':9090},{'port':443}],'containers':[{'name':'a'},{'name':"        \
    "'x\\\"y','image':'i'},{'name':'\\u00e9\\n','image':'j'}],'finalizers':['f','g.h/i'],'flags':" \
    "[{'on':true,'v':1},{'on':false,'v':2}],'null':null,'a[0]':'bracket'}}"

static void expect(struct glm_arena *arena, const char *field, const char *json)
{
    const struct glm_value *object = glm_test_value(arena, OBJECT);
    glm_assert_value_equal(glm_value_at_field(object, field),
                           glm_test_value(arena, glm_sprintf(arena, "[%s]", json))->as.list[0]);
}

static void keys_are_found_by_what_the_object_has(void **state)
{
    struct glm_arena *arena = *state;
    expect(arena, ".metadata.labels.app", "'short'");
    expect(arena, ".metadata.labels.app.kubernetes.io/name", "'long'");
    expect(arena, ".metadata.labels.app.kubernetes.io.deep", "1");
    expect(arena, ".metadata.labels.app.kubernetes", "{'io':{'deep':1}}");
    expect(arena, ".spec.a[0]", "'bracket'");
    expect(arena, "spec.containers[0].name", "'a'");
    expect(arena, ".spec.null", "null");
}

static void elements_are_found_by_key_value_and_index(void **state)
{
    struct glm_arena *arena = *state;
    expect(arena, ".spec.ports[port=80,protocol=\"TCP\"].targetPort", "8080");
    expect(arena, ".spec.ports[port=80,protocol=\"UDP\"].targetPort", "9090");
    expect(arena, ".spec.ports[port=443,protocol=\"TCP\"]", "{'port':443}");
    expect(arena, ".spec.containers[name=\"x\\\"y\"].image", "'i'");
    expect(arena, ".spec.containers[name=\"\\u00e9\\n\"].image", "'j'");
    expect(arena, ".spec.containers[name=\"\\xc3\\xa9\\x0a\"].image", "'j'");
    expect(arena, ".spec.flags[on=false].v", "2");
    expect(arena, ".spec.finalizers[=\"g.h/i\"]", "'g.h/i'");
    expect(arena, ".spec.ports[1].targetPort", "9090");
    expect(arena, ".spec.ports[2]", "{'port':443}");
}

static void nothing_is_null(void **state)
{
    struct glm_arena *arena = *state;
    static const char *const fields[] = {
        ".nowhere",
        ".spec.ports.port",
        ".spec.ports[3]",
        ".spec.ports[99999999999999999999999]",
        ".spec.ports[port=81]",
        ".spec.ports[port=80,protocol=\"SCTP\"]",
        ".spec.ports[port=80",
        ".spec.ports[port=80]trailing",
        ".spec.ports[port]",
        ".spec.ports[port=]",
        ".spec.ports[]",
        ".spec.ports[",
        ".spec.ports[port=80,]",
        ".spec.containers[name=\"a]",
        ".spec.containers[name=\"a\\",
        ".spec.containers[name=\"\\u00\"]",
        ".spec.containers[name=\"\\q\"]",
        ".spec.containers[name=\"a\"b]",
        ".spec.finalizers[={\"a\":1}]",
        ".spec[0]",
        ".spec.",
        ".",
        "..",
        "[",
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!glm_is_null(glm_value_at_field(glm_test_value(arena, OBJECT), fields[i])))
            fail_msg("%s leads to something", fields[i]);
}

static void the_empty_field_is_the_object(void **state)
{
    struct glm_arena *arena = *state;
    expect(arena, "", OBJECT);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, glm_test_arena_setup, glm_test_arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keys_are_found_by_what_the_object_has),
        TEST(elements_are_found_by_key_value_and_index),
        TEST(nothing_is_null),
        TEST(the_empty_field_is_the_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
