/* SPDX-License-Identifier: Apache-2.0
 *
 * Golden cases of what is rendered.
 */
#include "rendered.h"

#include "glm/difference.h"

#include <string.h>

#define TEXT_MAX ((size_t)1 << 20)

const char *rendered_file(struct rendered_golden *c, const char *name)
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
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(ref_of(arena, r->objects[i]), ref) == 0)
            return r->objects[i];
    return NULL;
}

/* ---- rendering ---- */

static void render_version(struct rendered_golden *c, rendered_fn *render, const char *version)
{
    struct rendered *r = &c->versions[c->count++];
    struct glm_diags d;
    r->version = version;
    glm_diags_init(&d, c->arena);
    render(c, r, &d);
    assert_true(r->ok == (d.errors == 0));
    if (d.errors + d.warnings)
        glm_text_addf(&c->diags, "%s\n%s", r->version, glm_test_diags_text(c->arena, &d));
}

static void render_versions(struct rendered_golden *c, rendered_fn *render)
{
    size_t len;
    const char *versions = glm_test_file(c->arena, rendered_file(c, "versions.txt"), &len);
    for (size_t at = 0; at < len && c->count < RENDERED_VERSIONS_MAX;) {
        size_t line = strcspn(versions + at, "\n");
        render_version(c, render, glm_strndup(c->arena, versions + at, line));
        at += line + 1;
    }
}

/* ---- what is expected ---- */

static void expect_objects(struct rendered_golden *c)
{
    const struct rendered *r = &c->versions[0];
    struct glm_text text;
    glm_text_init(&text, c->arena, TEXT_MAX);
    for (size_t i = 0; i < r->count; i++) {
        glm_text_adds(&text, i ? "---\n" : "");
        glm_yaml_encode(r->objects[i], &text);
    }
    if (r->ok)
        glm_assert_golden(rendered_file(c, glm_sprintf(c->arena, "%s.yaml", r->version)),
                          text.data);
}

/* A line of several objects alike is one, with all of them behind it. */
static void add_lines(struct rendered_golden *c, struct glm_text *text,
                      const struct rendered *before, const struct rendered *after)
{
    struct glm_map_builder lines;
    glm_map_init(&lines, c->arena);
    for (size_t i = 0; i < after->count; i++) {
        const struct glm_value *is = after->objects[i];
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

static void add_changes(struct rendered_golden *c, struct glm_text *text,
                        const struct rendered *before, const struct rendered *after)
{
    for (size_t i = 0; i < before->count; i++) {
        const char *ref = ref_of(c->arena, before->objects[i]);
        if (!found_in(c->arena, after, ref))
            glm_text_addf(text, "- %s\n", ref);
    }
    for (size_t i = 0; i < after->count; i++) {
        const char *ref = ref_of(c->arena, after->objects[i]);
        if (!found_in(c->arena, before, ref))
            glm_text_addf(text, "+ %s\n", ref);
    }
    add_lines(c, text, before, after);
}

static void expect_changes(struct rendered_golden *c)
{
    struct glm_text text;
    glm_text_init(&text, c->arena, TEXT_MAX);
    for (size_t i = 1; i < c->count; i++) {
        struct rendered *before = &c->versions[i - 1], *after = &c->versions[i];
        glm_text_addf(&text, "%s -> %s%s\n", before->version, after->version,
                      after->ok ? "" : ": refused");
        if (!after->ok)
            after->count = 0;
        else
            add_changes(c, &text, before, after);
    }
    glm_assert_golden(rendered_file(c, "changes.txt"), text.data);
}

void rendered_golden_run(const char *folder, rendered_fn *render)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 28);
    struct rendered_golden c = {.arena = arena, .folder = folder};
    glm_text_init(&c.diags, arena, TEXT_MAX);
    render_versions(&c, render);
    if (c.count == 1)
        expect_objects(&c);
    else
        expect_changes(&c);
    glm_assert_golden(rendered_file(&c, "diags.txt"), c.diags.data);
}

const struct glm_value *rendered_replaced(struct glm_arena *arena, const struct glm_value *v,
                                          size_t *left, const struct glm_value *by)
{
    if (*left && --*left == 0)
        return by;
    struct glm_map_builder map;
    struct glm_list_builder list;
    glm_map_init(&map, arena);
    glm_list_init(&list, arena);
    for (size_t i = 0; (glm_is_map(v) || glm_is_list(v)) && i < v->len; i++) {
        if (glm_is_map(v))
            glm_map_append(&map, v->as.map[i].key, 0, 0,
                           rendered_replaced(arena, v->as.map[i].value, left, by));
        else
            glm_list_add(&list, rendered_replaced(arena, v->as.list[i], left, by));
    }
    return glm_is_map(v) ? glm_map_finish(&map, NULL) : glm_is_list(v) ? glm_list_finish(&list) : v;
}
