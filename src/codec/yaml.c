/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML text to values, from the events of libyaml; the only file that includes <yaml.h>.
 *
 * Owner:  values live in the arena given; libyaml's memory is freed before each function returns.
 * Errors: diagnostics with line and column.
 * Thread: no shared state.
 */
#include "yaml_tree.h"

#include <string.h>
#include <yaml.h>

struct yaml_decoder {
    struct glm_yaml_tree tree;
    const char *text;
    size_t len, given; /* bytes; how many of them the parser has had */
    const struct glm_yaml_limits *limits;
    bool ended; /* nobody waits for it any more */
    yaml_parser_t parser;
};

/* What the parser reads next: some milliseconds of its work. */
static int give(void *context, unsigned char *buffer, size_t size, size_t *ret_len)
{
    struct yaml_decoder *dec = context;
    size_t left = dec->len - dec->given;
    dec->ended = dec->limits->going && !dec->limits->going(dec->limits->context);
    if (dec->ended)
        return 0;
    *ret_len = size < left ? size : left;
    memcpy(buffer, dec->text + dec->given, *ret_len);
    dec->given += *ret_len;
    return 1;
}

static struct glm_yaml_place place_of(yaml_mark_t mark)
{
    return (struct glm_yaml_place){(uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

#define NO_MEMORY "there is not enough memory to read this text."
static const struct glm_yaml_place first = {1, 1};

static void report_syntax(struct yaml_decoder *dec)
{
    const yaml_parser_t *p = &dec->parser;
    if (dec->ended)
        return;
    struct glm_yaml_place at = place_of(p->problem_mark);
    struct glm_arena *arena = dec->tree.arena;
    if (p->error == YAML_READER_ERROR)
        codec_text_position(dec->text, dec->len, p->problem_offset, &at.line, &at.column);
    if (p->error == YAML_MEMORY_ERROR) {
        codec_yaml_fail(&dec->tree, first, NO_MEMORY);
        return;
    }
    codec_yaml_last_place(dec->text, dec->len, &at.line, &at.column);
    size_t start = 0;
    for (uint32_t i = 1; i < at.line && start < dec->len; start++)
        i += dec->text[start] == '\n';
    const char *end = memchr(dec->text + start, '\n', dec->len - start);
    size_t line_len = end ? (size_t)(end - dec->text) - start : dec->len - start;
    const char *context = p->context ? p->context : "";
    const char *sentence = codec_yaml_explain(arena, p->problem ? p->problem : "", context,
                                              dec->text + start, line_len, at.column);
    if (p->context && p->context_mark.line + 1 < at.line)
        sentence = glm_sprintf(arena, "%s (This began at line %u, column %u.)", sentence,
                               place_of(p->context_mark).line, place_of(p->context_mark).column);
    codec_yaml_fail(&dec->tree, at, sentence);
}

static bool on_event(struct yaml_decoder *dec, const yaml_event_t *event)
{
    struct glm_yaml_place place = place_of(event->start_mark);
    switch (event->type) {
    case YAML_SCALAR_EVENT: {
        const struct glm_yaml_text scalar = {.text = (const char *)event->data.scalar.value,
                                             .len = event->data.scalar.length,
                                             .tag = (const char *)event->data.scalar.tag,
                                             .anchor = (const char *)event->data.scalar.anchor,
                                             .plain = event->data.scalar.plain_implicit};
        return codec_yaml_tree_scalar(&dec->tree, &scalar, place);
    }
    case YAML_ALIAS_EVENT:
        return codec_yaml_tree_alias(&dec->tree, (const char *)event->data.alias.anchor, place);
    case YAML_SEQUENCE_START_EVENT:
        return codec_yaml_tree_open(&dec->tree, false,
                                    (const char *)event->data.sequence_start.anchor, place);
    case YAML_MAPPING_START_EVENT:
        return codec_yaml_tree_open(&dec->tree, true,
                                    (const char *)event->data.mapping_start.anchor, place);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return codec_yaml_tree_close(&dec->tree, place);
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
static bool read_stream(struct yaml_decoder *dec, struct glm_list_builder *list, bool single)
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
            codec_yaml_tree_begin(&dec->tree);
            if (++documents > GLM_YAML_MAX_DOCUMENTS)
                good = GLM_YAML_FAIL(&dec->tree, place_of(event.start_mark),
                                     "there are more than %zu documents.",
                                     (size_t)GLM_YAML_MAX_DOCUMENTS);
            break;
        case YAML_DOCUMENT_END_EVENT:
            if (!blank && dec->tree.root)
                glm_list_add(list, dec->tree.root);
            break;
        default:
            if (blank && single && list->len == 1 && !is_blank(&event))
                good =
                    GLM_YAML_FAIL(&dec->tree, place_of(event.start_mark),
                                  "a second document begins before this, after '---'. Only one is "
                                  "expected: remove the others.");
            blank = blank && dec->tree.depth == 0 && is_blank(&event);
            good = good && on_event(dec, &event);
        }
        if (event.type == YAML_SCALAR_EVENT && glm_arena_is_wiped(dec->tree.arena))
            explicit_bzero(event.data.scalar.value, event.data.scalar.length);
        yaml_event_delete(&event);
        if (!good)
            return false;
    }
    return !dec->tree.failed;
}

static bool check_text(struct yaml_decoder *dec)
{
    if (dec->len > dec->limits->bytes)
        return glm_error(dec->tree.d, dec->tree.at,
                         glm_sprintf(dec->tree.arena, "%s is too large", dec->tree.what),
                         "The text has %zu bytes; at most %zu are read.", dec->len,
                         dec->limits->bytes);
    if (glm_utf8_valid(dec->text, dec->len))
        return true;
    size_t good = 0, step = dec->len;
    for (; step > 0; step /= 2)
        while (good + step <= dec->len && glm_utf8_valid(dec->text, good + step))
            good += step;
    struct glm_yaml_place at;
    codec_text_position(dec->text, dec->len, good, &at.line, &at.column);
    return codec_yaml_fail(&dec->tree, at, "the text is not valid UTF-8. Save the file as UTF-8.");
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

static bool decode(struct glm_arena *arena, const char *text, size_t len,
                   const struct glm_yaml_limits *limits, const char *what,
                   const struct glm_path *at, bool single, struct glm_list_builder *list,
                   struct glm_diags *d)
{
    struct yaml_decoder dec = {.tree = {.arena = arena, .d = d, .at = at, .what = what},
                               .text = text,
                               .len = len,
                               .limits = limits};
    glm_list_init(list, arena);
    if (!check_text(&dec))
        return false;
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        dec.text += 3;
        dec.len -= 3;
    }
    if (!yaml_parser_initialize(&dec.parser))
        return codec_yaml_fail(&dec.tree, first, NO_MEMORY);
    yaml_parser_set_encoding(&dec.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input(&dec.parser, give, &dec);
    bool good = read_stream(&dec, list, single);
    if (glm_arena_is_wiped(arena))
        wipe_parser(&dec.parser);
    yaml_parser_delete(&dec.parser);
    return good;
}

bool glm_yaml_decode_within(struct glm_arena *arena, const char *text, size_t len,
                            const struct glm_yaml_limits *limits, const char *what,
                            const struct glm_path *at, const struct glm_value **ret_value,
                            struct glm_diags *d)
{
    struct glm_list_builder list;
    if (!decode(arena, text, len, limits, what, at, true, &list, d))
        return false;
    *ret_value = list.len ? list.items[0] : &glm_null;
    return true;
}

bool glm_yaml_decode_sized(struct glm_arena *arena, const char *text, size_t len, size_t limit,
                           const char *what, const struct glm_path *at,
                           const struct glm_value **ret_value, struct glm_diags *d)
{
    const struct glm_yaml_limits limits = {.bytes = limit};
    return glm_yaml_decode_within(arena, text, len, &limits, what, at, ret_value, d);
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
    const struct glm_yaml_limits limits = {.bytes = GLM_YAML_MAX_BYTES};
    if (!decode(arena, text, len, &limits, what, at, false, &list, d))
        return false;
    *ret_list = glm_list_finish(&list);
    return true;
}
