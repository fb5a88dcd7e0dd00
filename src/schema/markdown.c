/* SPDX-License-Identifier: Apache-2.0
 *
 * Schema walker: the registry's documentation of a table.
 *
 * What:   the sections and anchors that the registry's own generator writes, so that pages look and
 *         link as people are used to.
 * Errors: none; the text's ceiling is the caller's.
 */
#include "glm/schema.h"

#include <string.h>

enum section { SECTION_REQUIRED, SECTION_OPTIONAL, SECTION_READ_ONLY, SECTION_COUNT };

static const char *const section_names[SECTION_COUNT] = {"Required", "Optional", "Read-Only"};

static enum section section_of(const struct glm_attr *attr)
{
    if (attr->use & GLM_REQUIRED)
        return SECTION_REQUIRED;
    return attr->use & GLM_OPTIONAL ? SECTION_OPTIONAL : SECTION_READ_ONLY;
}

void glm_schema_type_name(const struct glm_type *type, struct glm_text *text)
{
    for (;; type = type->element) {
        switch (type->kind) {
        case GLM_TYPE_LIST:
            glm_text_adds(text, "List of ");
            continue;
        case GLM_TYPE_SET:
            glm_text_adds(text, "Set of ");
            continue;
        case GLM_TYPE_MAP:
            glm_text_adds(text, "Map of ");
            continue;
        case GLM_TYPE_BOOL:
            glm_text_adds(text, "Boolean");
            return;
        case GLM_TYPE_NUMBER:
            glm_text_adds(text, "Number");
            return;
        case GLM_TYPE_STRING:
            glm_text_adds(text, "String");
            return;
        case GLM_TYPE_DYNAMIC:
            glm_text_adds(text, "Dynamic");
            return;
        case GLM_TYPE_OBJECT:
        case GLM_TYPE_TUPLE:
            glm_text_adds(text, "Object");
            return;
        }
    }
}

/* The object at the bottom of lists and maps, NULL when there is none. */
static const struct glm_type *object_in(const struct glm_type *type)
{
    while (type->kind == GLM_TYPE_LIST || type->kind == GLM_TYPE_SET || type->kind == GLM_TYPE_MAP)
        type = type->element;
    return type->kind == GLM_TYPE_OBJECT ? type : NULL;
}

static void add_kind(const struct glm_attr *attr, struct glm_text *text)
{
    static const char *const nested[] = {[GLM_NEST_SINGLE] = "Attributes",
                                         [GLM_NEST_LIST] = "Attributes List",
                                         [GLM_NEST_MAP] = "Attributes Map"};
    if (attr->nesting == GLM_NEST_NONE)
        glm_schema_type_name(attr->type, text);
    else
        glm_text_adds(text, nested[attr->nesting]);
}

/* path: the names from the top joined by "--", as anchors have them. */
static const char *anchor_path(struct glm_text *text, const char *path, const char *name)
{
    return *path ? glm_sprintf(text->arena, "%s--%s", path, name) : name;
}

static void add_link(struct glm_text *text, const char *kind, const char *path)
{
    glm_text_addf(text, " (see [below for nested schema](#%s--%s))", kind, path);
}

static void add_row(const struct glm_attr *attr, const char *path, struct glm_text *text)
{
    glm_text_addf(text, "- `%s` (", attr->name);
    add_kind(attr, text);
    glm_text_adds(text, attr->use & GLM_SENSITIVE ? ", Sensitive)" : ")");
    if (attr->doc)
        glm_text_addf(text, " %s", attr->doc);
    if (attr->nesting != GLM_NEST_NONE || object_in(attr->type))
        add_link(text, "nestedatt", anchor_path(text, path, attr->name));
    glm_text_addc(text, '\n');
}

static void add_heading(const char *kind, const char *path, struct glm_text *text)
{
    glm_text_addf(text, "\n<a id=\"%s--%s\"></a>\n### Nested Schema for `", kind, path);
    for (const char *p = path; *p; p++) {
        bool separator = p[0] == '-' && p[1] == '-';
        glm_text_addc(text, separator ? '.' : *p);
        p += separator;
    }
    glm_text_adds(text, "`\n");
}

/* The fields of a plain object type, which have no words of their own. */
static void add_fields(const struct glm_type *object, const char *path, struct glm_text *text)
{
    glm_text_adds(text, "\nRead-Only:\n\n");
    for (size_t i = 0; i < object->len; i++) {
        const struct glm_field *field = &object->fields[i];
        glm_text_addf(text, "- `%s` (", field->name);
        glm_schema_type_name(field->type, text);
        glm_text_addc(text, ')');
        if (object_in(field->type))
            add_link(text, "nestedobjatt", anchor_path(text, path, field->name));
        glm_text_addc(text, '\n');
    }
    for (size_t i = 0; i < object->len; i++) {
        const struct glm_type *inner = object_in(object->fields[i].type);
        if (!inner)
            continue;
        const char *below = anchor_path(text, path, object->fields[i].name);
        add_heading("nestedobjatt", below, text);
        add_fields(inner, below, text);
    }
}

static void add_attrs(const struct glm_attr *attrs, const char *path, struct glm_text *text)
{
    for (int section = 0; section < SECTION_COUNT; section++) {
        bool any = false;
        for (const struct glm_attr *attr = attrs; attr->name; attr++) {
            if (section_of(attr) != (enum section)section)
                continue;
            if (!any)
                glm_text_addf(text, *path ? "\n%s:\n\n" : "\n### %s\n\n", section_names[section]);
            any = true;
            add_row(attr, path, text);
        }
    }
    for (const struct glm_attr *attr = attrs; attr->name; attr++) {
        const char *below = anchor_path(text, path, attr->name);
        if (attr->nesting != GLM_NEST_NONE) {
            add_heading("nestedatt", below, text);
            add_attrs(attr->nested, below, text);
        } else if (object_in(attr->type)) {
            add_heading("nestedatt", below, text);
            add_fields(object_in(attr->type), below, text);
        }
    }
}

void glm_schema_markdown(const struct glm_attr *attrs, struct glm_text *text)
{
    add_attrs(attrs, "", text);
}
