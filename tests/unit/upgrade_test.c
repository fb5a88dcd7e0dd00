/* SPDX-License-Identifier: Apache-2.0
 *
 * Upgrades: versions out of tags, and what may change in place, case by case: each folder of
 * tests/golden/upgrade has change.yaml, an installation before and after, and what is said.
 */
#include "test.h"

#include "glm/text.h"
#include "glm/upgrade.h"
#include "mesh_case.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define ROOT "tests/golden/upgrade"

/* ---- versions ---- */

static void a_tag_says_its_version_or_none(void **state)
{
    (void)state;
    static const char *const none[] = {
        "",
        "latest",
        "1",
        "1.",
        "1-24",
        "1.x",
        "1.24x",
        "v",
        "sha256",
        "1.24.3x",
        "20240101.abc",
        "1234567890.1",
        "master",
        ".1.2",
        "1.24.1234567890",
    };
    struct glm_version v;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (glm_version_parse(none[i], &v))
            fail_msg("\"%s\" is no version", none[i]);
    assert_true(glm_version_parse("1.24", &v));
    assert_int_equal(v.patch, -1);
    assert_true(glm_version_parse("v1.24.3-patch2-solo-distroless", &v));
    assert_int_equal(v.major, 1);
    assert_int_equal(v.minor, 24);
    assert_int_equal(v.patch, 3);
    assert_int_equal(v.rebuild, 2);
    assert_int_equal(v.stage, 3);
    assert_true(glm_version_parse("1.24-alpha.0123456789abcdef", &v));
    assert_int_equal(v.stage, 0);
}

static int order(const char *a, const char *b)
{
    struct glm_version x, y;
    assert_true(glm_version_parse(a, &x));
    assert_true(glm_version_parse(b, &y));
    assert_int_equal(glm_version_order(&x, &y), -glm_version_order(&y, &x));
    return glm_version_order(&x, &y);
}

static void versions_are_ordered_by_numbers_and_stages(void **state)
{
    (void)state;
    static const char *const ascending[] = {
        "1.9.7",  "1.23.10", "1.24.0-alpha.1", "1.24.0-beta.0-solo",  "1.24.0-rc.2", "1.24.0-rc10",
        "1.24.0", "1.24.2",  "1.24.10-solo",   "1.24.10-patch1-solo", "1.25.0",      "2.0.0",
    };
    for (size_t i = 0; i + 1 < sizeof ascending / sizeof *ascending; i++)
        if (order(ascending[i], ascending[i + 1]) >= 0)
            fail_msg("%s is older than %s", ascending[i], ascending[i + 1]);
}

static void the_words_of_a_build_do_not_count(void **state)
{
    (void)state;
    assert_int_equal(order("1.24.3", "1.24.3-solo"), 0);
    assert_int_equal(order("1.24.3-distroless", "1.24.3-solo-fips"), 0);
    assert_int_equal(order("1.24.3-release", "1.24.3-alphabet"), 0);
    assert_int_equal(order("1.24", "1.24.7"), 0);
}

/* ---- changes ---- */

static const struct glm_value *read_case(struct glm_arena *arena, const char *name)
{
    size_t len;
    const char *path = glm_sprintf(arena, ROOT "/%s/change.yaml", name);
    const char *text = glm_test_file(arena, path, &len);
    const struct glm_value *v;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    if (!glm_yaml_decode(arena, text, len, path, NULL, &v, &d))
        fail_msg("%s: %s", path, glm_test_diags_text(arena, &d));
    return v;
}

static struct glm_manager *read_manager(struct glm_arena *arena, const struct glm_value *attributes,
                                        const struct glm_mesh_config *config)
{
    struct glm_manager *manager;
    struct glm_diags d;
    glm_diags_init(&d, arena);
    attributes = glm_with(arena, attributes, "name", glm_string(arena, "ingress"));
    if (!glm_manager_read(arena, glm_case_unknowns(arena, attributes), config, false, &manager, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    return manager;
}

static void run_case(struct glm_arena *arena, const char *name)
{
    print_message("          %s\n", name);
    const struct glm_value *c = read_case(arena, name);
    const struct glm_mesh_config *config = glm_case_config(arena, glm_get(c, "provider"));
    struct glm_manager *before = read_manager(arena, glm_get(c, "before"), config);
    struct glm_manager *after = read_manager(arena, glm_get(c, "after"), config);
    struct glm_diags d;
    glm_diags_init(&d, arena);
    const struct glm_installation *to = &after->installations[0];
    struct glm_upgrade *changes = GLM_NEW_ARRAY(arena, to->placement_count, struct glm_upgrade);
    for (size_t i = 0; i < to->placement_count; i++) {
        const char *cluster = to->placements[i].cluster;
        const struct glm_value *pair = glm_get(glm_get(c, "clusters"), cluster);
        changes[i] = (struct glm_upgrade){
            .cluster = cluster,
            .before = &before->installations[0],
            .auto_tag = glm_string_or(glm_get(c, "auto_tag"), NULL),
            .unsettled = glm_is_true(glm_get(pair, "unsettled")),
            .was_healthy = !glm_is_false(glm_get(pair, "served")),
        };
    }
    bool ok = glm_upgrade_check(arena, after, to, config, changes, to->placement_count, &d);
    assert_int_equal(ok, d.errors == 0);
    glm_assert_golden(glm_sprintf(arena, ROOT "/%s/diags.txt", name),
                      glm_test_diags_text(arena, &d));
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void every_change_is_allowed_or_refused_as_expected(void **state)
{
    struct glm_arena *arena = *state;
    const char *names[200];
    size_t count = 0;
    DIR *dir = opendir(ROOT);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL && count < 200;)
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
        cmocka_unit_test(a_tag_says_its_version_or_none),
        cmocka_unit_test(versions_are_ordered_by_numbers_and_stages),
        cmocka_unit_test(the_words_of_a_build_do_not_count),
        cmocka_unit_test(every_change_is_allowed_or_refused_as_expected),
    };
    return cmocka_run_group_tests(tests, glm_test_arena_setup, glm_test_arena_teardown);
}
