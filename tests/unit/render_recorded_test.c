/* SPDX-License-Identifier: Apache-2.0
 *
 * What Istio itself has rendered, held against what is rendered here, where there are recordings:
 * GLM_RENDERINGS (default ../shared/corpus/render) has NAME.iop.yaml, and for a version VERSION/NAME.yaml, the
 * objects, or VERSION/NAME.refused, what was said. Builds from source made them, so their charts are 1.0.0.
 *
 * differences.txt in tests/golden/render lists what differs on purpose: VERSION NAME, and why.
 */
#include "glm/render.h"
#include "test.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEFAULT_PLACE "../shared/corpus/render"
#define DIFFERENCES "tests/golden/render/differences.txt"
#define SOURCE_CHART "1.0.0"

struct tally {
    size_t objects, equal, documents, alike, unexcused;
    const char *excused;
};

static const struct glm_value *decode_all(struct glm_arena *arena, const char *path)
{
    const struct glm_value *list;
    struct glm_diags d;
    size_t len;
    const char *text = glm_test_file(arena, path, &len);
    glm_diags_init(&d, arena);
    if (!glm_yaml_decode_all(arena, text, len, path, NULL, &list, &d))
        fail_msg("%s", glm_test_diags_text(arena, &d));
    return list;
}

static bool is_same_object(const struct glm_value *a, const struct glm_value *b)
{
    return glm_equal(glm_get(a, "kind"), glm_get(b, "kind")) &&
           glm_equal(glm_get_path(a, "metadata", "name", NULL),
                     glm_get_path(b, "metadata", "name", NULL)) &&
           glm_equal(glm_get_path(a, "metadata", "namespace", NULL),
                     glm_get_path(b, "metadata", "namespace", NULL));
}

/* The first path where they differ. */
static const char *difference(struct glm_arena *arena, const struct glm_value *a,
                              const struct glm_value *b, const char *at)
{
    if (glm_equal(a, b))
        return NULL;
    if (a->kind == b->kind && glm_is_list(a) && a->len == b->len)
        for (size_t i = 0; i < a->len; i++) {
            const char *found = difference(arena, a->as.list[i], b->as.list[i],
                                           glm_sprintf(arena, "%s[%zu]", at, i));
            if (found)
                return found;
        }
    if (glm_is_map(a) && glm_is_map(b)) {
        for (size_t i = 0; i < a->len; i++) {
            const char *key = a->as.map[i].key;
            const char *found = !glm_has(b, key)
                                    ? glm_sprintf(arena, "%s.%s is not there", at, key)
                                    : difference(arena, a->as.map[i].value, glm_get(b, key),
                                                 glm_sprintf(arena, "%s.%s", at, key));
            if (found)
                return found;
        }
        for (size_t i = 0; i < b->len; i++)
            if (!glm_has(a, b->as.map[i].key))
                return glm_sprintf(arena, "%s.%s is more: %s", at, b->as.map[i].key,
                                   glm_json_text(arena, b->as.map[i].value));
    }
    return glm_sprintf(arena, "%s is %s, not %s", at, glm_json_text(arena, b),
                       glm_json_text(arena, a));
}

static bool compare(struct glm_arena *arena, const char *name, const struct glm_value *expected,
                    const struct glm_render_result *actual, struct tally *tally)
{
    bool alike = actual->count == expected->len;
    if (!alike)
        print_message("          %s: %zu objects, not %zu\n", name, actual->count, expected->len);
    for (size_t i = 0; i < expected->len; i++) {
        const struct glm_value *want = expected->as.list[i], *found = &glm_null;
        for (size_t k = 0; k < actual->count; k++)
            if (is_same_object(want, actual->objects[k].object))
                found = actual->objects[k].object;
        bool equal = glm_equal(want, found);
        tally->objects++;
        tally->equal += equal;
        alike = alike && equal;
        if (!equal)
            print_message("          %s: %s %s: %s\n", name,
                          glm_string_or(glm_get(want, "kind"), "?"),
                          glm_string_or(glm_get_path(want, "metadata", "name", NULL), "?"),
                          glm_is_null(found) ? "is not there" : difference(arena, want, found, ""));
    }
    return alike;
}

/* One document in one version. place: VERSION/NAME without what it ends with. */
static void compare_document(struct glm_arena *arena, const char *root, const char *version,
                             const char *name, bool refused, struct tally *tally)
{
    struct glm_diags d;
    struct glm_render_result result;
    size_t len;
    const char *path = glm_sprintf(arena, "%s/%s.iop.yaml", root, name);
    const char *text = glm_test_file(arena, path, &len);
    const char *shown = glm_sprintf(arena, "%s %s", version, name);
    const struct glm_value *document = glm_at(decode_all(arena, path), 0);
    const struct glm_render_request request = {.document = document,
                                               .text = text,
                                               .len = len,
                                               .istio_version = version,
                                               .chart_version = SOURCE_CHART};
    glm_diags_init(&d, arena);
    bool ok = glm_render(arena, &request, &result, &d), alike;
    if (refused || !ok) {
        alike = refused && !ok;
        if (!alike)
            print_message("          %s: %s\n%s", shown, ok ? "is not refused" : "is refused",
                          glm_test_diags_text(arena, &d));
    } else {
        const char *expected = glm_sprintf(arena, "%s/%s/%s.yaml", root, version, name);
        alike = compare(arena, shown, decode_all(arena, expected), &result, tally);
    }
    tally->documents++;
    tally->alike += alike;
    if (!alike && !strstr(tally->excused, glm_sprintf(arena, "\n%s:", shown))) {
        print_message("          %s: " DIFFERENCES " does not say why it differs\n", shown);
        tally->unexcused++;
    }
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), by = strlen(end);
    return len > by && strcmp(text + len - by, end) == 0;
}

static void compare_version(struct glm_arena *arena, const char *root, const char *version,
                            struct tally *tally)
{
    DIR *dir = opendir(glm_sprintf(arena, "%s/%s", root, version));
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        struct glm_arena *GLM_AUTO_ARENA own = glm_arena_create((size_t)1 << 30);
        bool refused = ends_with(e->d_name, ".refused");
        if (!refused && !ends_with(e->d_name, ".yaml"))
            continue;
        size_t len = strlen(e->d_name) - strlen(refused ? ".refused" : ".yaml");
        compare_document(own, root, version, glm_strndup(own, e->d_name, len), refused, tally);
    }
    closedir(dir);
}

static void recorded_renderings_are_made_again(void **state)
{
    struct glm_arena *arena = *state;
    const char *root = getenv("GLM_RENDERINGS");
    struct tally tally = {.excused = glm_test_file(arena, DIFFERENCES, &(size_t){0})};
    root = root ? root : DEFAULT_PLACE;
    DIR *dir = opendir(root);
    if (!dir) {
        print_message("          no recordings in %s\n", root);
        return;
    }
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        struct stat st;
        if (e->d_name[0] != '.' && stat(glm_sprintf(arena, "%s/%s", root, e->d_name), &st) == 0 &&
            S_ISDIR(st.st_mode))
            compare_version(arena, root, e->d_name, &tally);
    }
    closedir(dir);
    print_message("          %zu of %zu objects equal, %zu of %zu documents alike\n", tally.equal,
                  tally.objects, tally.alike, tally.documents);
    assert_int_equal(tally.unexcused, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(recorded_renderings_are_made_again, glm_test_arena_setup,
                                        glm_test_arena_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
