/* SPDX-License-Identifier: Apache-2.0
 *
 * Rendering, case by case: each folder of tests/golden/render is one.
 *
 * document.yaml   the IstioOperator
 * versions.txt    versions of Istio, a line each; the charts are those of a build from source
 * VERSION.yaml    of a single version: the objects, expected
 * changes.txt     of several: what is not as it was in the version before, expected: objects that
 *                 come (+) and go (-), and for each field that changes a line, with the objects below it
 * diags.txt       every error and warning of every version, expected
 *
 * GLM_UPDATE_GOLDEN=1 rewrites what is expected.
 */
#include "glm/difference.h"
#include "glm/render.h"
#include "test.h"

#include <string.h>

#define ROOT "tests/golden/render"
#define SOURCE_CHART "1.0.0"
#define VERSIONS_MAX 16
#define TEXT_MAX ((size_t)1 << 20)

struct rendered {
    const char *version;
    bool ok;
    struct glm_render_result result;
};

struct golden {
    struct glm_arena *arena;
    const char *folder;
    struct rendered versions[VERSIONS_MAX];
    size_t count;
    struct glm_text diags;
};

static const char *file_of(struct golden *c, const char *name)
{
    return glm_sprintf(c->arena, "%s/%s", c->folder, name);
}

static const char *ref_of(struct glm_arena *arena, const struct glm_value *object)
{
    return glm_sprintf(arena, "%s %s/%s", glm_string_or(glm_get(object, "kind"), "?"),
                       glm_string_or(glm_get_path(object, "metadata", "namespace", NULL), ""),
                       glm_string_or(glm_get_path(object, "metadata", "name", NULL), "?"));
}

static const struct glm_value *found_in(struct glm_arena *arena, const struct rendered *r,
                                        const char *ref)
{
    for (size_t i = 0; i < r->result.count; i++)
        if (strcmp(ref_of(arena, r->result.objects[i].object), ref) == 0)
            return r->result.objects[i].object;
    return NULL;
}

/* ---- rendering ---- */

static void render_version(struct golden *c, const struct glm_render_request *request)
{
    struct rendered *r = &c->versions[c->count++];
    struct glm_diags d;
    r->version = request->istio_version;
    glm_diags_init(&d, c->arena);
    r->ok = glm_render(c->arena, request, &r->result, &d);
    assert_true(r->ok == (d.errors == 0));
    if (d.errors + d.warnings)
        glm_text_addf(&c->diags, "%s\n%s", r->version, glm_test_diags_text(c->arena, &d));
}

static void render_versions(struct golden *c)
{
    size_t len, versions_len;
    const char *text = glm_test_file(c->arena, file_of(c, "document.yaml"), &len);
    const char *versions = glm_test_file(c->arena, file_of(c, "versions.txt"), &versions_len);
    struct glm_diags d;
    struct glm_render_request request = {
        .text = text, .len = len, .chart_version = SOURCE_CHART, .warn = true};
    glm_diags_init(&d, c->arena);
    if (!glm_yaml_decode(c->arena, text, len, "document.yaml", NULL, &request.document, &d))
        fail_msg("%s", glm_test_diags_text(c->arena, &d));
    for (size_t at = 0; at < versions_len && c->count < VERSIONS_MAX;) {
        size_t line = strcspn(versions + at, "\n");
        request.istio_version = glm_strndup(c->arena, versions + at, line);
        render_version(c, &request);
        at += line + 1;
    }
}

/* ---- what is expected ---- */

static void expect_objects(struct golden *c)
{
    const struct rendered *r = &c->versions[0];
    struct glm_text text;
    glm_text_init(&text, c->arena, TEXT_MAX);
    for (size_t i = 0; i < r->result.count; i++) {
        glm_text_adds(&text, i ? "---\n" : "");
        glm_yaml_encode(r->result.objects[i].object, &text);
    }
    if (r->ok)
        glm_assert_golden(file_of(c, glm_sprintf(c->arena, "%s.yaml", r->version)), text.data);
}

/* A line of several objects alike is one, with all of them behind it. */
static void add_lines(struct golden *c, struct glm_text *text, const struct rendered *before,
                      const struct rendered *after)
{
    struct glm_map_builder lines;
    glm_map_init(&lines, c->arena);
    for (size_t i = 0; i < after->result.count; i++) {
        const struct glm_value *is = after->result.objects[i].object;
        const char *ref = ref_of(c->arena, is);
        const struct glm_value *was = found_in(c->arena, before, ref);
        const struct glm_value *own =
            was ? glm_differences(c->arena, was, is, NULL) : &glm_empty_map;
        for (size_t k = 0; k < own->len; k++) {
            const char *line = glm_sprintf(c->arena, "%s = %s", own->as.map[k].key,
                                           glm_string_or(own->as.map[k].value, "?"));
            const char *others = glm_string_or(glm_map_peek(&lines, line), NULL);
            glm_map_set(
                &lines, line,
                glm_stringf(c->arena, "%s%s%s", others ? others : "", others ? ", " : "", ref));
        }
    }
    const struct glm_value *all = glm_map_finish(&lines, NULL);
    for (size_t i = 0; i < all->len; i++)
        glm_text_addf(text, "%s\n    %s\n", all->as.map[i].key,
                      glm_string_or(all->as.map[i].value, ""));
}

static void add_changes(struct golden *c, struct glm_text *text, const struct rendered *before,
                        const struct rendered *after)
{
    for (size_t i = 0; i < before->result.count; i++) {
        const char *ref = ref_of(c->arena, before->result.objects[i].object);
        if (!found_in(c->arena, after, ref))
            glm_text_addf(text, "- %s\n", ref);
    }
    for (size_t i = 0; i < after->result.count; i++) {
        const char *ref = ref_of(c->arena, after->result.objects[i].object);
        if (!found_in(c->arena, before, ref))
            glm_text_addf(text, "+ %s\n", ref);
    }
    add_lines(c, text, before, after);
}

static void expect_changes(struct golden *c)
{
    struct glm_text text;
    glm_text_init(&text, c->arena, TEXT_MAX);
    for (size_t i = 1; i < c->count; i++) {
        struct rendered *before = &c->versions[i - 1], *after = &c->versions[i];
        glm_text_addf(&text, "%s -> %s%s\n", before->version, after->version,
                      after->ok ? "" : ": refused");
        if (!after->ok)
            after->result = (struct glm_render_result){NULL, 0};
        else
            add_changes(c, &text, before, after);
    }
    glm_assert_golden(file_of(c, "changes.txt"), text.data);
}

static void run_case(const char *name)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 28);
    struct golden c = {.arena = arena};
    if (strchr(name, '.')) /* differences.txt */
        return;
    print_message("          %s\n", name);
    c.folder = glm_sprintf(arena, ROOT "/%s", name);
    glm_text_init(&c.diags, arena, TEXT_MAX);
    render_versions(&c);
    if (c.count == 1)
        expect_objects(&c);
    else
        expect_changes(&c);
    glm_assert_golden(file_of(&c, "diags.txt"), c.diags.data);
}

static void every_golden_case_renders_as_recorded(void **state)
{
    glm_test_each_folder(*state, ROOT, run_case);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_golden_case_renders_as_recorded, glm_test_arena_setup,
                                        glm_test_arena_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
