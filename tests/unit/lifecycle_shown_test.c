/* SPDX-License-Identifier: Apache-2.0
 *
 * What attributes show of what servers say: addresses that are some, messages that are harmless.
 */
#include "../../src/lifecycle/lifecycle_internal.h"
#include "../support/harmless.h"
#include "test.h"

static const struct glm_value *addresses_of(struct glm_arena *a, const struct glm_value *ingress)
{
    const struct glm_value *balancer = glm_with(a, &glm_empty_map, "ingress", ingress);
    const struct glm_value *status = glm_with(a, &glm_empty_map, "loadBalancer", balancer);
    return shown_addresses(a, glm_with(a, &glm_empty_map, "status", status));
}

static void addresses_are_ip_addresses_or_dns_names(void **state)
{
    struct glm_arena *a = *state;
    static const char *const good[] = {
        "10.0.0.1",
        "2001:db8::1",
        "::1",
        "::ffff:10.0.0.1",
        "fe80:0:0:0:1:2:3:4",
        "localhost",
        "a-b_c.elb.eu-west-1.amazonaws.com",
        "xn--bcher-kva.example.",
    };
    static const char *const bad[] = {
        "",
        "10.0.0.1\x1b[31m",
        "a b",
        "a..b",
        ".a",
        "https://a",
        "a\nb",
        "b\xC3\xBC",
        "1:2",
        ":::g",
        "::1%lo",
        ":1::",
        "1::2::3",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "1:2:3:4:5:6:7:",
        "::1.2.3",
        "12345::",
        "::10.0.0.x",
        "a/b",
        "\xE2\x80\xAEmoc.live",
    };
    struct glm_list_builder ingress, expected;
    glm_list_init(&ingress, a);
    glm_list_init(&expected, a);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        glm_list_add(&ingress, glm_with(a, &glm_empty_map, i % 2 ? "ip" : "hostname",
                                        glm_string(a, good[i])));
        glm_list_add(&expected, glm_string(a, good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        glm_list_add(&ingress, glm_with(a, &glm_empty_map, "hostname", glm_string(a, bad[i])));
    char *label = glm_alloc(a, 66);
    memset(label, 'a', 64);
    glm_list_add(&ingress, glm_with(a, &glm_empty_map, "ip", glm_string(a, label)));
    glm_assert_value_equal(addresses_of(a, glm_list_finish(&ingress)), glm_list_finish(&expected));
}

static void a_status_message_is_harmless_and_has_an_end(void **state)
{
    struct glm_arena *a = *state;
    struct glm_text text;
    glm_text_init(&text, a, (size_t)1 << 24);
    while (text.len < (size_t)3 << 20)
        glm_text_adds(&text, "line\n\x1b[2J\xE2\x80\xAE\xFF");
    const struct glm_value *entry = status_entry(a, GLM_STATE_FAILED, "1-24", text.data);
    const char *message = glm_string_or(glm_get(entry, "message"), "");
    assert_true(is_harmless(message, true, GLM_SHOWN_LINES_MAX));
    assert_non_null(strstr(message, "line\n\\x1b[2J\\u202e\\xffline\n"));
    assert_non_null(strstr(message, " bytes more]"));
}

/* All texts and keys of a value, at any depth. */
static bool all_harmless(const struct glm_value *v)
{
    bool ok = !glm_is_string(v) || is_harmless(v->as.text, true, SIZE_MAX / 4);
    for (size_t i = 0; ok && (glm_is_map(v) || glm_is_list(v)) && i < v->len; i++)
        ok = glm_is_list(v) ? all_harmless(v->as.list[i])
                            : is_harmless(v->as.map[i].key, true, SIZE_MAX / 4) &&
                                  all_harmless(v->as.map[i].value);
    return ok;
}

/* Whoever may write an object can write its annotation, which a data source shows. */
static void what_a_data_source_takes_is_harmless(void **state)
{
    static const char evil[] = "a\n\x1b[2J\r\xE2\x80\xAE";
    struct glm_arena *a = *state;
    const struct glm_value *text = glm_string(a, evil);
    const struct glm_value *spec =
        glm_with(a, glm_with(a, &glm_empty_map, "hub", text), evil, text);
    const struct glm_value *view =
        glm_with(a, &glm_empty_map, "spec", glm_string(a, glm_json_text(a, spec)));
    static const char *const keys[] = {"key", "gateway_revision", "control_plane_revision"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        view = glm_with(a, view, keys[i], text);
    view = glm_with(a, view, "cluster", glm_with(a, &glm_empty_map, "trust_domain", text));
    view = glm_with(a, view, "helm_global", spec);
    const struct glm_value *shown = shown_view(a, view);
    assert_true(all_harmless(shown));
    assert_true(all_harmless(shown_document(a, glm_get(shown, "spec"))));
    assert_string_equal(glm_get(shown_document(a, glm_get(shown, "spec")), "hub")->as.text,
                        "a\n\\x1b[2J\\r\\u202e");
    const struct glm_value *plain =
        glm_with(a, &glm_empty_map, "spec", glm_string(a, "{\"hub\":\"a\\nb\"}"));
    assert_ptr_equal(shown_view(a, plain), plain);
    assert_true(all_harmless(status_entry(a, GLM_STATE_FAILED, evil, "")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_ip_addresses_or_dns_names),
        cmocka_unit_test(a_status_message_is_harmless_and_has_an_end),
        cmocka_unit_test(what_a_data_source_takes_is_harmless),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
