/* SPDX-License-Identifier: Apache-2.0
 *
 * Values and diagnostics on the wire. Schemas: wire_schema.c.
 */
#include "wire.h"

#include "glm/codec.h"
#include "glm/shown.h"

#include <string.h>

#define EXCERPT_MAX 64                            /* values in an expression that is quoted */
#define MESSAGE_MAX_BYTES ((size_t)4 << 20)       /* of what is gathered before it is cut */
#define LARGE_BYTES ((size_t)64 << 10)            /* of a value that is not copied without need */
#define SUMMARY_MAX_BYTES (2 * GLM_SHOWN_KEY_MAX) /* with what it is about */

void *glm_wire_message(struct glm_arena *arena, const ProtobufCMessageDescriptor *descriptor)
{
    void *message = glm_alloc(arena, descriptor->sizeof_message);
    protobuf_c_message_init(descriptor, message);
    return message;
}

/* ---- values ---- */

/* JSON has no types of its own: the way through msgpack checks and completes it. */
static bool decode_json(struct glm_call *call, const ProtobufCBinaryData *json,
                        const struct glm_type *type, const struct glm_value **ret_value)
{
    const struct glm_value *plain;
    const void *bytes;
    size_t len;
    return glm_json_decode(call->arena, (const char *)json->data, json->len, "the value sent", NULL,
                           &plain, &call->diags) &&
           glm_msgpack_encode(call->arena, type, plain, &bytes, &len, &call->diags) &&
           glm_msgpack_decode(call->arena, type, bytes, len, ret_value, &call->diags);
}

bool glm_wire_decode(struct glm_call *call, const Tfplugin6__DynamicValue *message,
                     const struct glm_type *type, const struct glm_value **ret_value)
{
    *ret_value = &glm_null;
    if (message && message->msgpack.len > 0)
        return glm_msgpack_decode(call->arena, type, message->msgpack.data, message->msgpack.len,
                                  ret_value, &call->diags);
    if (message && message->json.len > 0)
        return decode_json(call, &message->json, type, ret_value);
    return true;
}

bool glm_wire_config(struct glm_call *call, const Tfplugin6__DynamicValue *message,
                     const struct glm_type *type, const struct glm_value **ret_config)
{
    bool ok = glm_wire_decode(call, message, type, ret_config);
    if (ok)
        call->config = *ret_config;
    return ok;
}

Tfplugin6__DynamicValue *glm_wire_encode(struct glm_call *call, const struct glm_type *type,
                                         const struct glm_value *v)
{
    const void *bytes;
    size_t len;
    if (!v || !glm_msgpack_encode(call->packed ? call->packed : call->arena, type, v, &bytes, &len,
                                  &call->diags))
        return NULL;
    if (call->packed && len >= LARGE_BYTES && call->large_count < GLM_LARGE_VALUES)
        call->large[call->large_count++] = (struct glm_bytes){.data = bytes, .len = len};
    Tfplugin6__DynamicValue *message =
        GLM_MESSAGE(call->arena, Tfplugin6__DynamicValue, tfplugin6__dynamic_value);
    message->msgpack = glm_wire_bytes((struct glm_bytes){.data = bytes, .len = len});
    return message;
}

ProtobufCBinaryData glm_wire_bytes(struct glm_bytes bytes)
{
    union {
        const void *in;
        uint8_t *out;
    } borrowed = {.in = bytes.data};
    return (ProtobufCBinaryData){.len = bytes.data ? bytes.len : 0, .data = borrowed.out};
}

struct glm_bytes glm_wire_private(ProtobufCBinaryData data)
{
    return (struct glm_bytes){.data = data.data, .len = data.len};
}

/* ---- diagnostics ---- */

static Tfplugin6__AttributePath__Step *make_step(struct glm_arena *arena, const struct glm_path *at)
{
    Tfplugin6__AttributePath__Step *step =
        GLM_MESSAGE(arena, Tfplugin6__AttributePath__Step, tfplugin6__attribute_path__step);
    switch (at->step) {
    case GLM_STEP_ATTRIBUTE:
        step->selector_case = TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ATTRIBUTE_NAME;
        step->attribute_name = glm_wire_text(glm_shown(arena, at->name));
        break;
    case GLM_STEP_KEY:
        step->selector_case = TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ELEMENT_KEY_STRING;
        step->element_key_string = glm_wire_text(glm_shown(arena, at->name));
        break;
    case GLM_STEP_INDEX:
        step->selector_case = TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ELEMENT_KEY_INT;
        step->element_key_int = (int64_t)at->index;
        break;
    }
    return step;
}

static size_t depth_of(const struct glm_path *path)
{
    size_t depth = 0;
    for (; path; path = path->up)
        depth++;
    return depth;
}

/* The step at index, counted from the root. */
static const struct glm_path *step_at(const struct glm_path *path, size_t depth, size_t index)
{
    for (size_t i = depth - 1; i > index; i--)
        path = path->up;
    return path;
}

/* "24", "-23", "1.5". */
static bool is_number(const char *key)
{
    static const char digits[] = "0123456789";
    key += *key == '-';
    size_t whole = strspn(key, digits);
    size_t fraction = key[whole] == '.' ? strspn(key + whole + 1, digits) : 0;
    return whole > 0 && !key[whole + (fraction ? fraction + 1 : 0)];
}

/* True when a path may lead to a key of this map. Terraform and OpenTofu look for its line among
 * the keys as they are written, and both crash when one of those is no string. HCL takes a number
 * without quotes for a key, and `1-24 = {` is one: -23. */
static bool may_lead_to_key(const struct glm_value *map)
{
    for (size_t i = 0; glm_is_map(map) && i < map->len; i++)
        if (is_number(map->as.map[i].key))
            return false;
    return true;
}

/* How many steps of a path Terraform gets: with more it prints the resource's first line. */
static size_t steps_kept(struct glm_arena *arena, const struct glm_path *path, size_t depth,
                         const struct glm_value *config)
{
    if (depth < 2 || step_at(path, depth, 1)->step == GLM_STEP_ATTRIBUTE)
        return 1;
    const struct glm_path *second = step_at(path, depth, 1);
    const struct glm_value *map =
        config ? glm_get(config, step_at(path, depth, 0)->name) : &glm_null;
    if (second->step != GLM_STEP_KEY)
        return 2;
    /* Nobody finds a key that is not what stands in the configuration. */
    bool whole = glm_shown(arena, second->name) == second->name &&
                 (!glm_is_map(map) || glm_has(map, second->name));
    return whole && may_lead_to_key(map) ? 2 : 1;
}

/* Takes from *left what an expression has of values: about its lines. false: it has more. */
static bool is_short(const struct glm_value *v, size_t *left)
{
    bool map = glm_is_map(v);
    size_t len = map || glm_is_list(v) ? v->len : 0;
    if (*left <= len)
        return false;
    *left -= len;
    for (size_t i = 0; i < len; i++)
        if (!is_short(map ? v->as.map[i].value : v->as.list[i], left))
            return false;
    return true;
}

/* True where Terraform would print an expression of more than a screen before it says what is wrong. */
static bool is_drowned(const struct glm_path *path, size_t depth, size_t kept,
                       const struct glm_value *config)
{
    size_t left = EXCERPT_MAX;
    return kept == 1 && config && !is_short(glm_get(config, step_at(path, depth, 0)->name), &left);
}

/* NULL for the root, for a path that starts at no attribute, and where the excerpt would drown the words.
 * config: may be NULL. */
static Tfplugin6__AttributePath *make_path(struct glm_arena *arena, const struct glm_path *path,
                                           const struct glm_value *config)
{
    size_t depth = depth_of(path);
    if (depth == 0 || step_at(path, depth, 0)->step != GLM_STEP_ATTRIBUTE)
        return NULL;
    size_t kept = steps_kept(arena, path, depth, config);
    if (is_drowned(path, depth, kept, config))
        return NULL;
    Tfplugin6__AttributePath *message =
        GLM_MESSAGE(arena, Tfplugin6__AttributePath, tfplugin6__attribute_path);
    message->steps = GLM_NEW_ARRAY(arena, kept, Tfplugin6__AttributePath__Step *);
    for (size_t i = 0; i < kept; i++)
        message->steps[message->n_steps++] = make_step(arena, step_at(path, depth, i));
    return message;
}

Tfplugin6__AttributePath *glm_wire_attribute(struct glm_arena *arena, const char *name)
{
    return make_path(arena, GLM_AT_ATTR(NULL, name), NULL);
}

/* The gate: what goes to Terraform has been made fit to be shown, whoever has made it. */
static char *shown(struct glm_arena *arena, const char *text, size_t max)
{
    return glm_wire_text(glm_shown_lines(arena, text ? text : "", max));
}

/* Beside its line of source, Terraform does not say which attribute a path means: beyond the
 * attribute itself, the text has to. */
static const char *detail_of(struct glm_arena *arena, const struct glm_diag *diag)
{
    const struct glm_path *path = diag->path;
    if (!path || (!path->up && path->step == GLM_STEP_ATTRIBUTE))
        return diag->detail;
    return glm_sprintf(arena, "At %s: %s", glm_path_text(arena, path),
                       diag->detail ? diag->detail : "");
}

static Tfplugin6__Diagnostic *make_diag(struct glm_arena *arena, const struct glm_diag *diag,
                                        const struct glm_value *config)
{
    Tfplugin6__Diagnostic *message =
        GLM_MESSAGE(arena, Tfplugin6__Diagnostic, tfplugin6__diagnostic);
    message->severity = diag->severity == GLM_ERROR ? TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR
                                                    : TFPLUGIN6__DIAGNOSTIC__SEVERITY__WARNING;
    message->attribute = make_path(arena, diag->path, config);
    message->summary = shown(arena, diag->summary, SUMMARY_MAX_BYTES);
    message->detail = shown(arena, detail_of(arena, diag), GLM_SHOWN_LINES_MAX);
    return message;
}

size_t glm_wire_diags(struct glm_call *call, Tfplugin6__Diagnostic ***ret_messages)
{
    size_t count = 0;
    glm_diags_fold(&call->diags, call->of);
    for (const struct glm_diag *d = call->diags.first; d; d = d->next)
        count++;
    *ret_messages = NULL;
    if (count == 0)
        return 0;
    *ret_messages = GLM_NEW_ARRAY(call->arena, count, Tfplugin6__Diagnostic *);
    count = 0;
    for (const struct glm_diag *d = call->diags.first; d; d = d->next)
        (*ret_messages)[count++] = make_diag(call->arena, d, call->config);
    return count;
}

/* Whether the last line is one that is quoted: "    7 | name: x". */
static bool ends_in_quote(const struct glm_text *text)
{
    const char *line = strrchr(text->data, '\n');
    const char *quote = line ? line + 1 + strspn(line + 1, " ") : "";
    size_t digits = strspn(quote, "0123456789");
    return digits > 0 && strncmp(quote + digits, " | ", 3) == 0;
}

/* Terraform adds the full stop itself. */
static void add_error(struct glm_text *text, const struct glm_diag *d)
{
    if (text->len > 0)
        glm_text_adds(text, ends_in_quote(text) ? "\n\n" : "\n");
    glm_text_adds(text, d->summary);
    if (d->detail && *d->detail) {
        size_t len = strlen(d->detail);
        glm_text_adds(text, ": ");
        glm_text_add(text, d->detail, d->detail[len - 1] == '.' ? len - 1 : len);
    }
}

/* A question, or a line that is quoted, is no place for a full stop. */
static void add_end(struct glm_text *text)
{
    if (ends_in_quote(text))
        glm_text_adds(text, "\n\nCorrect this, and try again");
    else if (text->len > 0 && text->data[text->len - 1] == '?')
        glm_text_adds(text, " Correct it, and try again");
}

Tfplugin6__FunctionError *glm_wire_function_error(struct glm_call *call)
{
    if (call->diags.errors == 0)
        return NULL;
    Tfplugin6__FunctionError *message =
        GLM_MESSAGE(call->arena, Tfplugin6__FunctionError, tfplugin6__function_error);
    struct glm_text text;
    bool argument_known = false;
    glm_text_init(&text, call->arena, MESSAGE_MAX_BYTES);
    for (const struct glm_diag *d = call->diags.first; d; d = d->next) {
        if (d->severity != GLM_ERROR)
            continue;
        add_error(&text, d);
        size_t depth = depth_of(d->path);
        if (argument_known || depth == 0 || step_at(d->path, depth, 0)->step != GLM_STEP_INDEX)
            continue;
        message->which_case = TFPLUGIN6__FUNCTION_ERROR__WHICH_FUNCTION_ARGUMENT;
        message->function_argument = (int64_t)step_at(d->path, depth, 0)->index;
        argument_known = true;
    }
    add_end(&text);
    message->text = shown(call->arena, text.data, GLM_SHOWN_LINES_MAX);
    return message;
}
