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
#include "glm/observe.h"
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

static struct glm_judgement judge(struct glm_arena *arena, const struct glm_value *c)
{
    struct glm_observed o = {
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
    struct glm_judgement judgement;
    glm_judge(arena, &o, &judgement);
    return judgement;
}

static void run_case(struct glm_arena *arena, const char *name)
{
    const struct glm_value *c =
        read_yaml(arena, glm_sprintf(arena, ROOT "/%s/observed.yaml", name));
    struct glm_judgement judgement = judge(arena, c);
    struct glm_text text;
    print_message("          %s\n", name);
    glm_text_init(&text, arena, 100000);
    glm_text_addf(&text, "%s (%u)%s%s\n%s\n", glm_state_name(judgement.state), judgement.state,
                  judgement.settled ? ", settled" : "",
                  judgement.reconciling_seen ? ", reconciling seen" : "", judgement.message);
    if (glm_has(c, "pods"))
        glm_text_addf(&text, "\n%s\n",
                      glm_why_not_ready(arena, glm_at(glm_get(c, "deployments"), 0),
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_recording_is_judged_as_expected, glm_test_arena_setup,
                                        glm_test_arena_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
