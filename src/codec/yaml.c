/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML text to values, from the events of libyaml; the only file that includes <yaml.h>.
 *
 * Owner:  values live in the arena given; libyaml's memory is freed before each function returns.
 * Errors: diagnostics with line and column. Aliases share the value they name, yet count in full
 *         against the ceilings of nodes, bytes and depth: whoever writes the value writes it in full.
 * Thread: no shared state.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* A value with what the ceilings and the merge rules need to know of it. */
struct node {
    const struct glm_value *value;
    struct glm_yaml_scalar scalar; /* of a scalar: what a key is made of */
    bool is_scalar, is_alias;
    size_t nodes;    /* in the whole subtree, aliases expanded */
    size_t bytes;    /* of the scalars in it, likewise */
    unsigned height; /* containers below one another; 0 for a scalar */
};

struct anchor {
    const char *name;
    struct node node;
    bool open; /* its container is still being read */
};

struct frame {
    bool is_map;
    uint32_t line, column;
    struct anchor *anchor; /* NULL: none */
    size_t nodes_before, bytes_before;
    unsigned height;
    struct glm_map_builder map;
    struct glm_list_builder list;
    const char *key; /* read, its value is next; NULL when a key is next */
    bool merging;    /* the key was `<<` */
    bool aliased;    /* a list below `<<` takes maps only */
    uint32_t key_line, key_column;
    struct glm_yaml_merge *merges;
};

struct decoder {
    struct glm_arena *arena;
    struct glm_diags *d;
    const struct glm_path *at;
    const char *what;
    const char *text;
    size_t len, limit; /* bytes */
    yaml_parser_t parser;
    struct frame *stack; /* GLM_VALUE_DEPTH of them */
    unsigned depth;
    struct anchor **anchors; /* open addressing; capacity is a power of two or 0 */
    size_t anchor_count, anchor_capacity;
    size_t nodes;
    size_t bytes;    /* of scalars, aliases expanded */
    size_t expanded; /* of them, what aliases have added */
    const struct glm_value *root;
    bool failed;
};

static uint32_t line_of(yaml_mark_t mark)
{
    return (uint32_t)mark.line + 1;
}

static uint32_t column_of(yaml_mark_t mark)
{
    return (uint32_t)mark.column + 1;
}

#define FAIL(dec, line, column, ...)                                                               \
    fail((dec), (line), (column), glm_sprintf((dec)->arena, __VA_ARGS__))

/* sentence starts in lower case: it follows "line 3, column 5: ". */
static bool fail(struct decoder *dec, uint32_t line, uint32_t column, const char *sentence)
{
    dec->failed = true;
    return glm_error(dec->d, dec->at, glm_sprintf(dec->arena, "Invalid YAML in %s", dec->what),
                     "Line %u, column %u: %s", line, column, sentence);
}

/* Anchors ---------------------------------------------------------------------------------- */

static struct anchor **anchor_slot(struct anchor **anchors, size_t capacity, const char *name)
{
    size_t hash = 5381;
    for (const char *p = name; *p; p++)
        hash = hash * 33 ^ (unsigned char)*p;
    hash ^= hash >> 15;
    for (size_t i = hash & (capacity - 1);; i = (i + 1) & (capacity - 1))
        if (!anchors[i] || strcmp(anchors[i]->name, name) == 0)
            return &anchors[i];
}

static void grow_anchors(struct decoder *dec)
{
    size_t capacity = dec->anchor_capacity ? dec->anchor_capacity * 2 : 16;
    struct anchor **anchors = GLM_NEW_ARRAY(dec->arena, capacity, struct anchor *);
    for (size_t i = 0; i < dec->anchor_capacity; i++)
        if (dec->anchors[i])
            *anchor_slot(anchors, capacity, dec->anchors[i]->name) = dec->anchors[i];
    dec->anchors = anchors;
    dec->anchor_capacity = capacity;
}

/* From here on, the name means this node. */
static struct anchor *set_anchor(struct decoder *dec, const char *name, const struct node *node,
                                 bool open)
{
    if (!name)
        return NULL;
    if (dec->anchor_count * 2 >= dec->anchor_capacity)
        grow_anchors(dec);
    struct anchor **slot = anchor_slot(dec->anchors, dec->anchor_capacity, name);
    struct anchor *anchor = *slot;
    if (!anchor) {
        *slot = anchor = GLM_NEW(dec->arena, struct anchor);
        anchor->name = glm_strdup(dec->arena, name);
        dec->anchor_count++;
    }
    anchor->node = *node;
    anchor->open = open;
    return anchor;
}

static const struct anchor *find_anchor(const struct decoder *dec, const char *name)
{
    return dec->anchor_capacity ? *anchor_slot(dec->anchors, dec->anchor_capacity, name) : NULL;
}

/* Maps with `<<` ---------------------------------------------------------------------------- */

static void add_merge(struct decoder *dec, struct frame *f, const struct glm_value *map)
{
    struct glm_yaml_merge *m = GLM_NEW(dec->arena, struct glm_yaml_merge);
    *m = (struct glm_yaml_merge){f->key_line, f->key_column, map, f->merges};
    f->merges = m;
}

static bool merge_value(struct decoder *dec, struct frame *f, const struct node *node)
{
    const struct glm_value *v = node->value;
    if (v->kind == GLM_MAP) {
        add_merge(dec, f, v);
        return true;
    }
    bool maps = v->kind == GLM_LIST && !node->is_alias;
    for (size_t i = 0; maps && i < v->len; i++)
        maps = v->as.list[i]->kind == GLM_MAP;
    if (!maps)
        return FAIL(dec, f->key_line, f->key_column,
                    "'<<' merges other maps into this one, so its value has to be a map or a list "
                    "of maps; put the key in quotes if it is meant literally.");
    for (size_t i = v->len; i > 0; i--)
        add_merge(dec, f, v->as.list[i - 1]);
    return true;
}

/* The tree ----------------------------------------------------------------------------------- */

static bool set_key(struct decoder *dec, struct frame *f, const struct node *node,
                    const yaml_event_t *event)
{
    const char *problem = NULL;
    uint32_t line = line_of(event->start_mark), column = column_of(event->start_mark);
    if (!node->is_scalar)
        return FAIL(dec, line, column,
                    "the key of this map is itself a map or a list. Keys have to be plain names; "
                    "a value such as {x} or [x] has to be in quotes.");
    f->merging = event->type == YAML_SCALAR_EVENT && event->data.scalar.length == 2 &&
                 memcmp(event->data.scalar.value, "<<", 2) == 0 &&
                 (event->data.scalar.plain_implicit ||
                  (event->data.scalar.tag &&
                   strcmp((const char *)event->data.scalar.tag, "tag:yaml.org,2002:merge") == 0));
    const char *key = glm_yaml_key(dec->arena, &node->scalar, &problem);
    if (!key)
        return FAIL(dec, line, column, "this key %s.", problem);
    f->key = key;
    f->key_line = line;
    f->key_column = column;
    if (f->merging && f->merges)
        return FAIL(dec, line, column,
                    "the key '<<' is there twice, first at line %u, column %u. To merge several "
                    "maps, write them as one list: '<<: [*a, *b]'.",
                    f->merges->line, f->merges->column);
    return true;
}

static bool attach(struct decoder *dec, const struct node *node, const yaml_event_t *event)
{
    if (dec->depth == 0) {
        dec->root = node->value;
        return true;
    }
    struct frame *f = &dec->stack[dec->depth - 1];
    if (f->height < node->height)
        f->height = node->height;
    if (!f->is_map) {
        glm_list_add(&f->list, node->value);
        f->aliased |= node->is_alias;
        return true;
    }
    if (!f->key)
        return set_key(dec, f, node, event);
    bool good = true;
    if (f->merging)
        good = merge_value(dec, f, node);
    else
        glm_map_append(&f->map, f->key, f->key_line, f->key_column, node->value);
    f->key = NULL;
    return good;
}

/* Counts what comes; false above a ceiling, or when the arena has no room for it. A scalar of len
 * bytes is copied twice at the most, and a map or a list that grows takes what all its nodes have
 * taken once more. */
static bool count(struct decoder *dec, size_t nodes, size_t len, const yaml_event_t *event)
{
    uint32_t line = line_of(event->start_mark), column = column_of(event->start_mark);
    dec->nodes += nodes;
    dec->bytes += len;
    if (dec->nodes > GLM_YAML_MAX_NODES)
        return FAIL(dec, line, column,
                    "the document grows beyond %zu values here, with aliases such as *name "
                    "expanded. Shorten it or use fewer aliases.",
                    (size_t)GLM_YAML_MAX_NODES);
    if (dec->expanded > GLM_YAML_MAX_EXPANDED)
        return FAIL(dec, line, column,
                    "aliases such as *name have added more than %zu bytes to the document here, "
                    "as often as they are used. Use fewer of them, or shorter values.",
                    (size_t)GLM_YAML_MAX_EXPANDED);
    if ((dec->nodes + 64) * (GLM_YAML_NODE_BYTES / 2) + len * GLM_TEXT_COPIES >
        glm_arena_room(dec->arena))
        return FAIL(dec, line, column,
                    "the document is too large for the memory that is left. Shorten it.");
    return true;
}

static bool too_deep(struct decoder *dec, const yaml_event_t *event)
{
    return FAIL(dec, line_of(event->start_mark), column_of(event->start_mark),
                "maps and lists are nested more than %d deep here.", GLM_VALUE_DEPTH);
}

static bool on_scalar(struct decoder *dec, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t len = event->data.scalar.length;
    uint32_t line = line_of(event->start_mark), column = column_of(event->start_mark);
    struct node node = {.is_scalar = true, .nodes = 1, .bytes = len};
    const char *problem = NULL;
    if (!count(dec, 1, len, event))
        return false;
    if (!glm_yaml_resolve(dec->arena, (const char *)event->data.scalar.tag,
                          event->data.scalar.plain_implicit, text, len, &node.scalar, &problem))
        return FAIL(dec, line, column, "this value %s.", problem);
    bool is_key =
        dec->depth > 0 && dec->stack[dec->depth - 1].is_map && !dec->stack[dec->depth - 1].key;
    if (!is_key && node.scalar.class == GLM_YAML_INFINITE)
        return FAIL(dec, line, column,
                    "%s is no number that a Kubernetes object can hold; put it in quotes if text "
                    "is meant.",
                    node.scalar.value.as.text);
    if (!is_key && node.scalar.class == GLM_YAML_STRING &&
        memchr(node.scalar.value.as.text, '\0', node.scalar.value.len))
        return FAIL(dec, line, column,
                    "there is a NUL character in this text, and whatever reads it would stop "
                    "there. Remove it.");
    if (!is_key || event->data.scalar.anchor) {
        struct glm_value *v = GLM_NEW(dec->arena, struct glm_value);
        *v = node.scalar.value;
        v->line = line;
        v->column = column;
        node.value = v;
    }
    set_anchor(dec, (const char *)event->data.scalar.anchor, &node, false);
    return attach(dec, &node, event);
}

static bool on_alias(struct decoder *dec, const yaml_event_t *event)
{
    const char *name = (const char *)event->data.alias.anchor;
    uint32_t line = line_of(event->start_mark), column = column_of(event->start_mark);
    const struct anchor *anchor = find_anchor(dec, name);
    if (!anchor)
        return FAIL(dec, line, column,
                    "*%s refers to an anchor that is not defined above it. Define it with &%s, or "
                    "put the value in quotes if the asterisk is part of it.",
                    name, name);
    if (anchor->open)
        return FAIL(dec, line, column,
                    "*%s is used inside of &%s itself, which would never end. Refer to another "
                    "anchor.",
                    name, name);
    struct node node = anchor->node;
    node.is_alias = true;
    dec->expanded += node.bytes + node.nodes;
    if (!count(dec, node.nodes, node.bytes, event))
        return false;
    if (dec->depth + node.height > GLM_VALUE_DEPTH)
        return too_deep(dec, event);
    bool is_key =
        dec->depth > 0 && dec->stack[dec->depth - 1].is_map && !dec->stack[dec->depth - 1].key;
    if (!is_key && node.is_scalar && node.scalar.class == GLM_YAML_INFINITE)
        return FAIL(dec, line, column, "%s is no number that a Kubernetes object can hold.",
                    node.scalar.value.as.text);
    return attach(dec, &node, event);
}

static bool on_start(struct decoder *dec, const yaml_event_t *event)
{
    bool is_map = event->type == YAML_MAPPING_START_EVENT;
    const char *anchor = (const char *)(is_map ? event->data.mapping_start.anchor
                                               : event->data.sequence_start.anchor);
    if (dec->depth == GLM_VALUE_DEPTH)
        return too_deep(dec, event);
    if (dec->depth > 0 && dec->stack[dec->depth - 1].is_map && !dec->stack[dec->depth - 1].key)
        return set_key(dec, &dec->stack[dec->depth - 1], &(struct node){0}, event);
    if (!count(dec, 1, 0, event))
        return false;
    struct frame *f = &dec->stack[dec->depth++];
    *f = (struct frame){.is_map = is_map,
                        .line = line_of(event->start_mark),
                        .column = column_of(event->start_mark),
                        .nodes_before = dec->nodes - 1,
                        .bytes_before = dec->bytes};
    glm_map_init(&f->map, dec->arena);
    glm_list_init(&f->list, dec->arena);
    f->anchor = set_anchor(dec, anchor, &(struct node){0}, true);
    return true;
}

static const struct glm_value *finish_map(struct decoder *dec, struct frame *f)
{
    const struct glm_pair *duplicate = NULL;
    const struct glm_value *map = glm_map_finish(&f->map, &duplicate);
    if (duplicate) {
        const struct glm_pair *first = glm_get_pair(map, duplicate->key);
        FAIL(dec, duplicate->line, duplicate->column,
             "the key \"%s\" is there twice in the same map, first at line %u, column %u. Remove "
             "one of them.",
             duplicate->key, first->line, first->column);
    }
    return f->merges ? glm_yaml_merged(dec->arena, map, f->merges) : map;
}

static bool on_end(struct decoder *dec, const yaml_event_t *event)
{
    struct frame *f = &dec->stack[--dec->depth];
    const struct glm_value *finished = f->is_map ? finish_map(dec, f) : glm_list_finish(&f->list);
    struct glm_value *v = GLM_NEW(dec->arena, struct glm_value);
    *v = *finished;
    v->line = f->line;
    v->column = f->column;
    struct node node = {.value = v,
                        .nodes = dec->nodes - f->nodes_before,
                        .bytes = dec->bytes - f->bytes_before,
                        .height = f->height + 1};
    /* The name may have been given to a node inside; then it stays with that one. */
    if (f->anchor && f->anchor->open) {
        f->anchor->node = node;
        f->anchor->open = false;
    }
    return attach(dec, &node, event);
}

/* Documents ---------------------------------------------------------------------------------- */

static void report_syntax(struct decoder *dec)
{
    const yaml_parser_t *p = &dec->parser;
    uint32_t line = line_of(p->problem_mark), column = column_of(p->problem_mark);
    if (p->error == YAML_READER_ERROR)
        glm_text_position(dec->text, dec->len, p->problem_offset, &line, &column);
    if (p->error == YAML_MEMORY_ERROR) {
        FAIL(dec, 1, 1, "there is not enough memory to read this text.");
        return;
    }
    glm_yaml_last_place(dec->text, dec->len, &line, &column);
    size_t start = 0;
    for (uint32_t i = 1; i < line && start < dec->len; start++)
        i += dec->text[start] == '\n';
    const char *end = memchr(dec->text + start, '\n', dec->len - start);
    size_t line_len = end ? (size_t)(end - dec->text) - start : dec->len - start;
    const char *context = p->context ? p->context : "";
    const char *sentence = glm_yaml_explain(dec->arena, p->problem ? p->problem : "", context,
                                            dec->text + start, line_len, column);
    if (p->context && p->context_mark.line + 1 < line)
        sentence = glm_sprintf(dec->arena, "%s (This began at line %u, column %u.)", sentence,
                               line_of(p->context_mark), column_of(p->context_mark));
    fail(dec, line, column, sentence);
}

static bool on_event(struct decoder *dec, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return on_scalar(dec, event);
    case YAML_ALIAS_EVENT:
        return on_alias(dec, event);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return on_start(dec, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return on_end(dec, event);
    default:
        return true;
    }
}

static bool is_blank(const yaml_event_t *event)
{
    return event->type == YAML_SCALAR_EVENT && event->data.scalar.length == 0 &&
           event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !event->data.scalar.tag &&
           !event->data.scalar.anchor;
}

/* Adds every document that is not empty to list; single: a second one is an error. */
static bool read_stream(struct decoder *dec, struct glm_list_builder *list, bool single)
{
    yaml_event_t event;
    bool blank = false;
    size_t documents = 0;
    for (bool more = true; more;) {
        if (!yaml_parser_parse(&dec->parser, &event)) {
            report_syntax(dec);
            return false;
        }
        bool good = true;
        switch (event.type) {
        case YAML_STREAM_END_EVENT:
            more = false;
            break;
        case YAML_DOCUMENT_START_EVENT:
            blank = true;
            dec->root = NULL;
            dec->anchors = NULL;
            dec->anchor_count = dec->anchor_capacity = 0;
            if (++documents > GLM_YAML_MAX_DOCUMENTS)
                good = FAIL(dec, line_of(event.start_mark), column_of(event.start_mark),
                            "there are more than %zu documents.", (size_t)GLM_YAML_MAX_DOCUMENTS);
            break;
        case YAML_DOCUMENT_END_EVENT:
            if (!blank && dec->root)
                glm_list_add(list, dec->root);
            break;
        default:
            if (blank && single && list->len == 1 && !is_blank(&event))
                good = FAIL(dec, line_of(event.start_mark), column_of(event.start_mark),
                            "a second document begins before this, after '---'. Only one is "
                            "expected: remove the others.");
            blank = blank && dec->depth == 0 && is_blank(&event);
            good = good && on_event(dec, &event);
        }
        if (event.type == YAML_SCALAR_EVENT && glm_arena_is_wiped(dec->arena))
            explicit_bzero(event.data.scalar.value, event.data.scalar.length);
        yaml_event_delete(&event);
        if (!good)
            return false;
    }
    return !dec->failed;
}

static bool check_text(struct decoder *dec)
{
    if (dec->len > dec->limit)
        return glm_error(dec->d, dec->at, glm_sprintf(dec->arena, "%s is too large", dec->what),
                         "The text has %zu bytes; at most %zu are read.", dec->len, dec->limit);
    if (glm_utf8_valid(dec->text, dec->len))
        return true;
    size_t good = 0, step = dec->len;
    for (; step > 0; step /= 2)
        while (good + step <= dec->len && glm_utf8_valid(dec->text, good + step))
            good += step;
    uint32_t line, column;
    glm_text_position(dec->text, dec->len, good, &line, &column);
    return FAIL(dec, line, column, "the text is not valid UTF-8. Save the file as UTF-8.");
}

/* Of a kubeconfig, what libyaml keeps is credentials. */
static void wipe_parser(yaml_parser_t *parser)
{
    if (parser->buffer.start)
        explicit_bzero(parser->buffer.start, (size_t)(parser->buffer.end - parser->buffer.start));
    if (parser->raw_buffer.start)
        explicit_bzero(parser->raw_buffer.start,
                       (size_t)(parser->raw_buffer.end - parser->raw_buffer.start));
}

static bool decode(struct glm_arena *arena, const char *text, size_t len, size_t limit,
                   const char *what, const struct glm_path *at, bool single,
                   struct glm_list_builder *list, struct glm_diags *d)
{
    struct decoder dec = {
        .arena = arena, .d = d, .at = at, .what = what, .text = text, .len = len, .limit = limit};
    glm_list_init(list, arena);
    if (!check_text(&dec))
        return false;
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        dec.text += 3;
        dec.len -= 3;
    }
    dec.stack = GLM_NEW_ARRAY(arena, GLM_VALUE_DEPTH, struct frame);
    if (!yaml_parser_initialize(&dec.parser))
        return FAIL(&dec, 1, 1, "there is not enough memory to read this text.");
    yaml_parser_set_encoding(&dec.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&dec.parser, (const unsigned char *)dec.text, dec.len);
    bool good = read_stream(&dec, list, single);
    if (glm_arena_is_wiped(arena))
        wipe_parser(&dec.parser);
    yaml_parser_delete(&dec.parser);
    return good;
}

bool glm_yaml_decode_sized(struct glm_arena *arena, const char *text, size_t len, size_t limit,
                           const char *what, const struct glm_path *at,
                           const struct glm_value **ret_value, struct glm_diags *d)
{
    struct glm_list_builder list;
    if (!decode(arena, text, len, limit, what, at, true, &list, d))
        return false;
    *ret_value = list.len ? list.items[0] : &glm_null;
    return true;
}

bool glm_yaml_decode(struct glm_arena *arena, const char *text, size_t len, const char *what,
                     const struct glm_path *at, const struct glm_value **ret_value,
                     struct glm_diags *d)
{
    return glm_yaml_decode_sized(arena, text, len, GLM_YAML_MAX_BYTES, what, at, ret_value, d);
}

bool glm_yaml_decode_all(struct glm_arena *arena, const char *text, size_t len, const char *what,
                         const struct glm_path *at, const struct glm_value **ret_list,
                         struct glm_diags *d)
{
    struct glm_list_builder list;
    if (!decode(arena, text, len, GLM_YAML_MAX_BYTES, what, at, false, &list, d))
        return false;
    *ret_list = glm_list_finish(&list);
    return true;
}
