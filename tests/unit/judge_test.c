/* SPDX-License-Identifier: Apache-2.0
 *
 * The judge, case by case: each folder of tests/golden/judge is one. The objects were recorded of
 * the real operator of Istio 1.22 and a real API server; their managedFields, and the pods'
 * templates, are cut down to what is looked at.
 *
 * observed.yaml   istio_operator, deployments (found by name), wanted (true unless given), healthy,
 *                 written; pods and events for what is said after waiting in vain
 * judgement.txt   expected
 *
 * GLM_UPDATE_GOLDEN=1 rewrites what is expected.
 */
#include "glm/object.h"
#include "../../src/installer/istio/istio.h"
#include "../../src/installer/operator/operator.h"
#include "glm/text.h"
#include "test.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define ROOT "tests/golden/judge"

static const struct glm_value *read_yaml(struct glm_arena *arena, const char *path)
{
    const struct glm_value *v = &glm_null;
    struct glm_diags d;
    size_t len;
    const char *text = glm_test_file(arena, path, &len);
    glm_diags_init(&d, arena);
    if (!glm_yaml_decode(arena, text, len, path, NULL, &v, &d))
        fail_msg("%s: %s", path, glm_test_diags_text(arena, &d));
    return v;
}

static const struct glm_value *find_deployment(const struct glm_value *list,
                                               const struct glm_target *target)
{
    for (size_t i = 0; glm_is_list(list) && i < list->len; i++) {
        const struct glm_value *metadata = glm_get(glm_at(list, i), "metadata");
        if (glm_string_is(glm_get(metadata, "name"), target->name) &&
            glm_string_is(glm_get(metadata, "namespace"), target->namespace_))
            return glm_at(list, i);
    }
    return &glm_null;
}

static struct operator_judgement judge(struct glm_arena *arena, const struct glm_value *c)
{
    struct operator_observed o = {
        .wanted = !glm_is_false(glm_get(c, "wanted")),
        .istio_operator = glm_get(c, "istio_operator"),
        .healthy = glm_string_or(glm_get(c, "healthy"), NULL),
        .written = glm_string_or(glm_get(c, "written"), NULL),
    };
    o.target_count = glm_targets(arena, o.istio_operator, &o.targets);
    const struct glm_value **deployments =
        GLM_NEW_ARRAY(arena, o.target_count, const struct glm_value *);
    for (size_t i = 0; i < o.target_count; i++)
        deployments[i] = find_deployment(glm_get(c, "deployments"), &o.targets[i]);
    o.deployments = deployments;
    struct operator_judgement judgement;
    operator_judge(arena, &o, &judgement);
    return judgement;
}

static void run_case(struct glm_arena *arena, const char *name)
{
    const struct glm_value *c =
        read_yaml(arena, glm_sprintf(arena, ROOT "/%s/observed.yaml", name));
    struct operator_judgement judgement = judge(arena, c);
    struct glm_text text;
    print_message("          %s\n", name);
    glm_text_init(&text, arena, 100000);
    glm_text_addf(&text, "%s (%u)%s%s\n%s\n%s", glm_state_name(judgement.state), judgement.state,
                  judgement.settled ? ", settled" : "",
                  judgement.reconciling_seen ? ", reconciling seen" : "", judgement.message,
                  judgement.quiet ? "quiet: true\n" : "");
    if (glm_has(c, "pods"))
        glm_text_addf(&text, "\n%s\n",
                      istio_why_not_ready(arena, glm_at(glm_get(c, "deployments"), 0),
                                          glm_get(c, "pods"), glm_get(c, "events")));
    glm_assert_golden(glm_sprintf(arena, ROOT "/%s/judgement.txt", name), text.data);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void every_recording_is_judged_as_expected(void **state)
{
    struct glm_arena *arena = *state;
    const char **names = GLM_NEW_ARRAY(arena, 1000, const char *);
    size_t count = 0;
    DIR *dir = opendir(ROOT);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL && count < 1000;)
        if (e->d_name[0] != '.')
            names[count++] = glm_strdup(arena, e->d_name);
    closedir(dir);
    assert_true(count > 0);
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++)
        run_case(arena, names[i]);
}

/* ---- what nobody recorded, as edits of the recorded healthy one ---- */

static const struct glm_value *healthy_case(struct glm_arena *arena)
{
    return read_yaml(arena, ROOT "/healthy/observed.yaml");
}

static const struct glm_value *with_iop(struct glm_arena *arena, const struct glm_value *c,
                                        const char *section, const char *key, const char *json)
{
    return glm_with_path(arena, c, glm_test_value(arena, json), "istio_operator", section, key,
                         NULL);
}

/* A deployment's value at two keys. */
static const struct glm_value *with_deployment(struct glm_arena *arena, const struct glm_value *c,
                                               const char *section, const char *key,
                                               const char *json)
{
    const struct glm_value *deployment =
        glm_with_path(arena, glm_at(glm_get(c, "deployments"), 0), glm_test_value(arena, json),
                      section, key, NULL);
    return glm_with(arena, c, "deployments", glm_list(arena, &deployment, 1));
}

static const struct glm_value *with_image(struct glm_arena *arena, const struct glm_value *c,
                                          const char *image)
{
    return with_deployment(
        arena, c, "spec", "template",
        glm_sprintf(arena, "{'spec':{'containers':[{'name':'istio-proxy','image':'%s'}]}}", image));
}

static const struct glm_value *known(struct glm_arena *arena, const struct glm_value *c)
{
    return glm_with(arena, c, "healthy",
                    glm_string(arena, glm_object_generation(arena, glm_get(c, "istio_operator"))));
}

static void expect(struct glm_arena *arena, const struct glm_value *c, enum glm_state state,
                   bool settled, const char *part)
{
    struct operator_judgement judgement = judge(arena, c);
    if (judgement.state != state || judgement.settled != settled ||
        !strstr(judgement.message, part))
        fail_msg("%s, settled %d: %s\nwanted %s, settled %d: %s", glm_state_name(judgement.state),
                 judgement.settled, judgement.message, glm_state_name(state), settled, part);
}

static void healthy_needs_the_finalizer(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *c =
        with_iop(arena, healthy_case(arena), "metadata", "finalizers", "[]");
    const struct glm_value *new = glm_without(arena, c, "deployments");
    expect(arena, new, GLM_STATE_INSTALLING_GATEWAY, false, "finalizer");
    expect(arena, known(arena, c), GLM_STATE_UNHEALTHY, false, "lost the finalizer");
}

static void healthy_needs_every_component(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *c = healthy_case(arena);
    expect(arena, with_iop(arena, c, "status", "componentStatus", "{}"), GLM_STATE_UPDATING_GATEWAY,
           false, "IngressGateways");
    expect(
        arena,
        with_iop(arena, c, "status", "componentStatus", "{'EgressGateways':{'status':'HEALTHY'}}"),
        GLM_STATE_UPDATING_GATEWAY, false, "IngressGateways");
}

static void healthy_needs_an_enabled_gateway(void **state)
{
    struct glm_arena *arena = *state;
    expect(arena, with_iop(arena, healthy_case(arena), "spec", "components", "{}"),
           GLM_STATE_FAILED, true, "enables no gateway");
}

static void healthy_needs_our_own_deployment(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *c = healthy_case(arena);
    expect(arena,
           with_deployment(arena, c, "metadata", "labels",
                           "{'install.operator.istio.io/owning-resource': 'other',"
                           "'install.operator.istio.io/owning-resource-namespace': 'ns'}"),
           GLM_STATE_UNHEALTHY, false, "belongs to IstioOperator ns/other");
    expect(arena, with_deployment(arena, c, "metadata", "labels", "{}"), GLM_STATE_UNHEALTHY, false,
           "not made by this");
    expect(arena, glm_without(arena, c, "deployments"), GLM_STATE_INSTALLING_GATEWAY, false,
           "does not exist");
    expect(arena, known(arena, glm_without(arena, c, "deployments")), GLM_STATE_UNHEALTHY, false,
           "does not exist");
    expect(arena,
           with_deployment(arena, c, "metadata", "deletionTimestamp", "'2026-01-01T00:00:00Z'"),
           GLM_STATE_UNHEALTHY, false, "being deleted since 2026-01-01T00:00:00Z");
}

static void healthy_needs_every_pod(void **state)
{
    struct glm_arena *arena = *state;
    static const char *const counts[] = {
        "observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas",
    };
    const struct glm_value *c = known(arena, healthy_case(arena));
    expect(arena, c, GLM_STATE_HEALTHY, true, "available");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        expect(arena, with_deployment(arena, c, "status", counts[i], "0"), GLM_STATE_UNHEALTHY,
               false, "istio-ingressgateway-1-24");
    expect(arena, with_deployment(arena, c, "status", "replicas", "2"), GLM_STATE_UNHEALTHY, false,
           "old pods left 1");
    expect(arena, with_deployment(arena, c, "spec", "replicas", "0"), GLM_STATE_UNHEALTHY, false,
           "scaled to zero");
    expect(arena, with_deployment(arena, c, "spec", "replicas", "null"), GLM_STATE_HEALTHY, true,
           "available");
}

static void healthy_needs_the_wanted_image(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *c = healthy_case(arena);
    static const char *const good[] = {
        "auto",
        "localhost:5000/istio/proxyv2:1.22.8",
        "proxyv2:1.22.8@sha256:00",
        "docker.io/istio/proxyv2@sha256:00",
    };
    static const char *const bad[] = {
        "docker.io/istio/proxyv2:1.22.80",
        "localhost:1.22.8/proxyv2",
        "1.22.8",
        "docker.io/istio/proxyv2:1.22.8-distroless",
        "",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        expect(arena, with_image(arena, c, good[i]), GLM_STATE_HEALTHY, true, "available");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect(arena, with_image(arena, c, bad[i]), GLM_STATE_UNHEALTHY, false, "image");
    const struct glm_value *variant =
        with_iop(arena, c, "spec", "values", "{'global':{'proxy':{'variant':'distroless'}}}");
    expect(arena, with_image(arena, variant, "docker.io/istio/proxyv2:1.22.8-distroless"),
           GLM_STATE_HEALTHY, true, "available");
}

static void an_error_that_refuses_a_new_spec_fails_it(void **state)
{
    struct glm_arena *arena = *state;
    const char *component = "{'IngressGateways':{'status':'ERROR','error':'field is immutable'}}";
    const struct glm_value *c =
        with_iop(arena, with_iop(arena, healthy_case(arena), "status", "status", "'ERROR'"),
                 "status", "componentStatus", component);
    expect(arena, c, GLM_STATE_FAILED, true, "field is immutable");
    expect(arena, known(arena, c), GLM_STATE_HEALTHY, true, "field is immutable");
    expect(arena, with_deployment(arena, known(arena, c), "status", "readyReplicas", "0"),
           GLM_STATE_UNHEALTHY, false, "field is immutable");
    const struct glm_value *other = glm_with(arena, c, "healthy", glm_string(arena, "uid/0"));
    expect(arena, with_deployment(arena, other, "status", "readyReplicas", "0"),
           GLM_STATE_UNHEALTHY, true, "field is immutable");
    expect(arena, with_iop(arena, c, "status", "componentStatus", "{}"), GLM_STATE_HEALTHY, true,
           "without a reason");
}

static void the_version_we_wrote_settles_nothing(void **state)
{
    struct glm_arena *arena = *state;
    static const char *const words[] = {"'HEALTHY'", "'ERROR'", "'RECONCILING'",
                                        "'ACTION_REQUIRED'"};
    const struct glm_value *c = healthy_case(arena);
    c = glm_with(arena, c, "written",
                 glm_get_path(c, "istio_operator", "metadata", "resourceVersion", NULL));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct operator_judgement judgement =
            judge(arena, with_iop(arena, c, "status", "status", words[i]));
        assert_false(judgement.settled);
        assert_false(judgement.reconciling_seen);
        assert_int_not_equal(judgement.state, GLM_STATE_HEALTHY);
    }
    /* Labels and annotations only, or nothing at all. */
    expect(arena, known(arena, c), GLM_STATE_HEALTHY, true, "available");
}

static void another_reconciler_is_taken_at_its_word(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *c = with_iop(arena, healthy_case(arena), "metadata", "finalizers",
                                         "['iop.pluma.io/finalizer']");
    c = glm_without(arena, with_iop(arena, c, "status", "componentStatus", "null"), "deployments");
    assert_int_equal(glm_reconciler_of(glm_get(c, "istio_operator")), GLM_RECONCILER_PLUMA);
    expect(arena, c, GLM_STATE_HEALTHY, true, "cannot be known");
    expect(arena, with_iop(arena, c, "status", "status", "'ERROR'"), GLM_STATE_FAILED, true,
           "pluma-operator reports ERROR");
    expect(arena, with_iop(arena, known(arena, c), "status", "status", "'ERROR'"),
           GLM_STATE_UNHEALTHY, false, "pluma-operator reports ERROR");
    expect(arena, with_iop(arena, c, "status", "status", "''"), GLM_STATE_PENDING, false,
           "pluma-operator has taken up");
}

static void other_words_of_the_operator(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *c = healthy_case(arena);
    expect(arena,
           with_iop(arena, with_iop(arena, c, "status", "status", "'ACTION_REQUIRED'"), "status",
                    "message", "'  proxies are\\n connected\\n  '"),
           GLM_STATE_ACTION_REQUIRED, true, ": proxies are connected");
    expect(arena, with_iop(arena, c, "status", "status", "'UPDATING'"), GLM_STATE_UPDATING_GATEWAY,
           false, "is updating");
    expect(arena, with_iop(arena, c, "status", "status", "'NONE'"), GLM_STATE_UNKNOWN, false,
           "\"NONE\"");
    expect(arena, with_iop(arena, c, "status", "status", "5"), GLM_STATE_UNKNOWN, false, "status");
    /* Without a record, the rollout tells whether it is another spec. */
    expect(arena, with_iop(arena, c, "status", "status", "'RECONCILING'"),
           GLM_STATE_RECONCILING_GATEWAY, false, "is reconciling");
}

static void pending_says_what_it_can(void **state)
{
    struct glm_arena *arena = *state;
    const struct glm_value *c =
        with_iop(arena, read_yaml(arena, ROOT "/not-picked-up/observed.yaml"), "metadata",
                 "annotations", "{'install.istio.io/ignoreReconcile':'true'}");
    expect(arena, c, GLM_STATE_PENDING, false, "ignoreReconcile: \"true\"");
    c = with_iop(arena, c, "metadata", "annotations", "{}");
    expect(arena, c, GLM_STATE_PENDING, false, "REVISION is not \"1-24\"");
    expect(arena, with_iop(arena, c, "spec", "revision", "null"), GLM_STATE_PENDING, false,
           "no spec.revision");
    expect(arena, with_iop(arena, c, "spec", "profile", "'ambient'"), GLM_STATE_PENDING, false,
           "ambient");
}

static void texts_of_others_are_cut(void **state)
{
    struct glm_arena *arena = *state;
    char *error = GLM_NEW_ARRAY(arena, 100001, char);
    memset(error, 'x', 100000);
    const struct glm_value *c =
        with_iop(arena, healthy_case(arena), "status", "status", "'ACTION_REQUIRED'");
    c = glm_with_path(arena, c, glm_string(arena, error), "istio_operator", "status", "message",
                      NULL);
    assert_in_range(strlen(judge(arena, c).message), 900, 2000);
}

/* Found by the fuzzer: a byte order mark, which nobody sees, in the name of a gateway. */
static void names_of_others_are_made_fit_to_be_shown(void **state)
{
    struct glm_arena *arena = *state;
    static const char *const names[] = {"ingress\xEF\xBB\xBF-1", "ingress\x1b[2J"};
    static const char *const shown[] = {"ingress\\ufeff-1", "ingress\\x1b[2J"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct glm_value *gateway =
            glm_with(arena, glm_with(arena, &glm_empty_map, "name", glm_string(arena, names[i])),
                     "enabled", &glm_true);
        struct glm_list_builder list;
        glm_list_init(&list, arena);
        glm_list_add(&list, gateway);
        const struct glm_value *c =
            glm_with_path(arena, healthy_case(arena), glm_list_finish(&list), "istio_operator",
                          "spec", "components", "ingressGateways", NULL);
        const char *message = judge(arena, c).message;
        assert_null(strstr(message, names[i]));
        assert_non_null(strstr(message, shown[i]));
    }
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, glm_test_arena_setup, glm_test_arena_teardown)

/* ---- how long it is waited ---- */

#define MINUTES(n) ((int64_t)(n)*60 * 1000)

static void what_nobody_takes_up_is_waited_for_longer_when_there_is_more_time(void **state)
{
    (void)state;
    assert_int_equal(operator_untouched_ms(MINUTES(20)), MINUTES(5));
    assert_int_equal(operator_untouched_ms(MINUTES(120)), MINUTES(30));
    /* Never so short that an operator in its back-off is missed: the timeout itself comes first. */
    assert_int_equal(operator_untouched_ms(MINUTES(8)), MINUTES(2));
    assert_int_equal(operator_untouched_ms(1000), MINUTES(2));
    assert_int_equal(operator_untouched_ms(0), MINUTES(2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_recording_is_judged_as_expected),
        TEST(healthy_needs_the_finalizer),
        TEST(healthy_needs_every_component),
        TEST(healthy_needs_an_enabled_gateway),
        TEST(healthy_needs_our_own_deployment),
        TEST(healthy_needs_every_pod),
        TEST(healthy_needs_the_wanted_image),
        TEST(an_error_that_refuses_a_new_spec_fails_it),
        TEST(the_version_we_wrote_settles_nothing),
        TEST(another_reconciler_is_taken_at_its_word),
        TEST(other_words_of_the_operator),
        TEST(pending_says_what_it_can),
        TEST(texts_of_others_are_cut),
        TEST(names_of_others_are_made_fit_to_be_shown),
        TEST(what_nobody_takes_up_is_waited_for_longer_when_there_is_more_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
