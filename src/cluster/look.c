/* SPDX-License-Identifier: Apache-2.0
 *
 * Live objects: reading what Kubernetes objects have in common, tolerantly.
 *
 * What:   whatever is missing or of another type counts as absent.
 */
#include "glm/look.h"
#include "glm/shown.h"
#include "glm/text.h"

#include <ctype.h>
#include <string.h>

const char *glm_live_name(const struct glm_value *object)
{
    return glm_string_or(glm_get_path(object, "metadata", "name", NULL), "");
}

const char *glm_live_namespace(const struct glm_value *object)
{
    return glm_string_or(glm_get_path(object, "metadata", "namespace", NULL), "");
}

const char *glm_live_label(const struct glm_value *object, const char *label)
{
    return glm_string_or(glm_get_path(object, "metadata", "labels", label, NULL), "");
}

const char *glm_live_place(struct glm_arena *arena, const struct glm_value *object)
{
    const char *namespace_ = glm_live_namespace(object);
    return glm_sprintf(arena, "%s%s%s", glm_shown(arena, namespace_), *namespace_ ? "/" : "",
                       glm_shown(arena, glm_live_name(object)));
}

int64_t glm_live_integer(const struct glm_value *map, const char *key, int64_t fallback)
{
    const struct glm_value *v = glm_get(map, key);
    int64_t number;
    return v->kind == GLM_NUMBER && glm_number_int64(v, &number) ? number : fallback;
}

const struct glm_value *glm_live_condition(const struct glm_value *object, const char *type)
{
    const struct glm_value *conditions = glm_get_path(object, "status", "conditions", NULL);
    for (size_t i = 0; i < glm_live_count(conditions); i++)
        if (glm_string_is(glm_get(glm_at(conditions, i), "type"), type))
            return glm_at(conditions, i);
    return &glm_null;
}

const char *glm_said(struct glm_arena *arena, const char *text)
{
    struct glm_text said;
    bool space = false;
    glm_text_init(&said, arena, GLM_SAID_MAX + 16);
    while (isspace((unsigned char)*text))
        text++;
    for (; *text && said.len < GLM_SAID_MAX; text++) {
        bool blank = (unsigned char)*text <= ' ' || *text == 0x7f;
        if (!blank && space)
            glm_text_addc(&said, ' ');
        if (!blank)
            glm_text_addc(&said, *text);
        space = blank;
    }
    /* Cut between characters, not inside one. */
    while (*text && ((unsigned char)*text & 0xC0) == 0x80)
        glm_text_addc(&said, *text++);
    if (*text)
        glm_text_adds(&said, "...");
    return glm_shown(arena, said.data);
}

const char *glm_since(struct glm_arena *arena, const char *time)
{
    return *time ? glm_sprintf(arena, " since %s", glm_said(arena, time)) : "";
}

const char *glm_image_tag(struct glm_arena *arena, const char *image)
{
    const char *slash = strrchr(image, '/');
    const char *name = slash ? slash + 1 : image;
    size_t len = strcspn(name, "@");
    const char *colon = memchr(name, ':', len);
    return colon ? glm_strndup(arena, colon + 1, (size_t)(name + len - colon - 1)) : "";
}

const struct glm_value *glm_live_container(const struct glm_value *deployment, const char *name)
{
    const struct glm_value *containers =
        glm_get_path(deployment, "spec", "template", "spec", "containers", NULL);
    for (size_t i = 0; i < glm_live_count(containers); i++)
        if (glm_string_is(glm_get(glm_at(containers, i), "name"), name))
            return glm_at(containers, i);
    return glm_at(containers, 0);
}

bool glm_live_is_managed(const struct glm_value *object, const char *manager, const char *operation)
{
    const struct glm_value *all = glm_get_path(object, "metadata", "managedFields", NULL);
    for (size_t i = 0; i < glm_live_count(all); i++)
        if (glm_string_is(glm_get(glm_at(all, i), "manager"), manager) &&
            (!operation || glm_string_is(glm_get(glm_at(all, i), "operation"), operation)))
            return true;
    return false;
}

const char *glm_live_selector(struct glm_arena *arena, const struct glm_value *labels)
{
    struct glm_text text;
    glm_text_init(&text, arena, (size_t)64 << 10);
    for (size_t i = 0; glm_is_map(labels) && i < labels->len; i++)
        glm_text_addf(&text, "%s%s=%s", i ? "," : "", labels->as.map[i].key,
                      glm_string_or(labels->as.map[i].value, ""));
    return text.data;
}
