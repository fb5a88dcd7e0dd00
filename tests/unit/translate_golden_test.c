/* SPDX-License-Identifier: Apache-2.0
 *
 * The translation, case by case: each folder of tests/golden/translate is one.
 *
 * attributes.yaml  the resource; {$unknown: true} stands for an unknown value
 * provider.yaml    clusters and default_distribution; optional (see mesh_case.h)
 * diags.txt        every error and warning, expected
 * <cluster>/<revision>.yaml  what the cluster gets, expected; none when there are errors
 * own.txt          what of it is the cluster's own: see translate_own_test.c
 *
 * GLM_UPDATE_GOLDEN=1 rewrites what is expected.
 */
#include "mesh_case.h"
#include "test.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOT "tests/golden/translate"

/* Every file below a cluster's folder; `remove` also deletes them, so that no stale one survives
 * an update. */
static size_t renderings(struct glm_arena *arena, const char *folder, bool remove, bool below)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        const char *path = glm_sprintf(arena, "%s/%s", folder, e->d_name);
        struct stat st;
        if (e->d_name[0] == '.' || stat(path, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode)) {
            count += renderings(arena, path, remove, true);
            if (remove)
                rmdir(path);
        } else if (below) {
            count++;
            if (remove)
                unlink(path);
        }
    }
    closedir(dir);
    return count;
}

static size_t translate_all(struct glm_arena *arena, const char *folder,
                            const struct glm_manager *manager, const struct glm_mesh_config *config,
                            struct glm_diags *d)
{
    size_t count = 0;
    for (size_t i = 0; i < manager->installation_count; i++) {
        const struct glm_installation *in = &manager->installations[i];
        for (size_t p = 0; in->revision && in->control_plane && p < in->placement_count; p++) {
            struct glm_rendering *rendering;
            assert_true(
                glm_translate(arena, manager, in, &in->placements[p], config, &rendering, d));
            const char *cluster = glm_sprintf(arena, "%s/%s", folder, rendering->cluster);
            if (getenv("GLM_UPDATE_GOLDEN"))
                mkdir(cluster, 0777);
            glm_assert_golden(
                glm_sprintf(arena, "%s/%s.yaml", cluster, glm_revision_key(rendering->revision)),
                glm_case_rendering(arena, rendering));
            count++;
        }
    }
    return count;
}

static void run_case(const char *name)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    const char *folder = glm_sprintf(arena, ROOT "/%s", name);
    const struct glm_value *attributes =
        glm_case_yaml(arena, glm_sprintf(arena, "%s/attributes.yaml", folder));
    const struct glm_mesh_config *config = glm_case_config(
        arena, glm_case_yaml(arena, glm_sprintf(arena, "%s/provider.yaml", folder)));
    struct glm_manager *manager;
    struct glm_diags d;
    print_message("          %s\n", name);
    glm_diags_init(&d, arena);
    if (getenv("GLM_UPDATE_GOLDEN"))
        renderings(arena, folder, true, false);
    bool ok = glm_manager_read(arena, attributes, config, true, &manager, &d);
    assert_true(ok == (d.errors == 0));
    glm_assert_golden(glm_sprintf(arena, "%s/diags.txt", folder), glm_test_diags_text(arena, &d));
    size_t count = ok ? translate_all(arena, folder, manager, config, &d) : 0;
    assert_int_equal(renderings(arena, folder, false, false), count);
}

static void every_golden_case_translates_as_recorded(void **state)
{
    glm_test_each_folder(*state, ROOT, run_case);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_golden_case_translates_as_recorded,
                                        glm_test_arena_setup, glm_test_arena_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
