/* SPDX-License-Identifier: Apache-2.0
 *
 * libyaml's messages in words that say what to do.
 *
 * Owner:  texts live in the arena given.
 * Errors: none; a message that is not known here is passed on as it is.
 * Thread: no shared state.
 */
#include "internal.h"

#include <string.h>

static const struct {
    const char *problem, *context; /* parts of libyaml's texts; NULL: any */
    const char *sentence;
} known[] = {
    {"mapping values are not allowed", NULL,
     "a ':' is not expected here. If the value itself has ': ' in it, put the value in quotes; "
     "otherwise check that this line is indented like the other keys of its map."},
    {"found unexpected ':'", NULL,
     "the ':' is neither part of a quoted value nor followed by a space. Put the text in quotes, "
     "or a space after the ':'."},
    {"could not find expected ':'", NULL,
     "this line is no 'key: value'. Write ': ' after the key, or check the quotes and the "
     "indentation of the lines above."},
    {"did not find expected key", NULL,
     "a key is expected here. Check that this line is indented like the other keys of its map, "
     "and that quotes above it are closed."},
    {"did not find expected '-' indicator", NULL,
     "the next item of a list, '- ', is expected here. Check the indentation of this line."},
    {"did not find expected ',' or ']'", NULL,
     "',' or ']' is expected here: a list that began with '[' is not closed properly."},
    {"did not find expected ',' or '}'", NULL,
     "',' or '}' is expected here: a map that began with '{' is not closed properly."},
    {"found unexpected end of stream", "quoted scalar",
     "the text ends inside of quotes. Add the closing quote."},
    {"found unexpected document indicator", NULL,
     "a line that begins with '---' or '...' is inside of quotes. Add the closing quote above it."},
    {"block sequence entries are not allowed", NULL,
     "'- ' begins a list item where none can be. Put the list on lines of its own below its key, "
     "or put the value in quotes."},
    {"block mapping entries are not allowed", NULL,
     "a map cannot begin here. Put it on lines of its own."},
    {"mapping keys are not allowed", NULL,
     "a key cannot begin here. Check the indentation of this line."},
    {"found undefined tag handle", NULL,
     "this tag, the word after '!', has a prefix that is not defined. If the '!' is part of the "
     "value, put the value in quotes."},
    {"found unknown escape character", NULL,
     "the backslash is followed by a character that is no escape. Double the backslash, or use "
     "single quotes."},
    {"did not find expected hexdecimal number", NULL,
     "the escape needs hexadecimal digits, as in \\u00e4."},
    {"found invalid Unicode character escape code", NULL,
     "this \\u escape is half of a pair, as JSON writes characters beyond 16 bits; YAML has no "
     "such pairs. Write the character itself, or \\U with eight digits."},
    {"found incompatible YAML document", NULL, "only YAML 1.1 and 1.2 can be read."},
    {"control characters are not allowed", NULL,
     "there is a control character here. Remove it, or write it as an escape in double quotes."},
    {"did not find expected <document start>", NULL,
     "the document has ended here, yet there is more text. Check the indentation of this line, "
     "or begin another document with '---'."},
    {"did not find expected node content", NULL, "a value is expected here."},
    {"did not find expected comment or line break", NULL,
     "only a comment or the end of the line can be here."},
    {"did not find expected alphabetic or numeric character", NULL,
     "'*' and '&' are followed by a name of letters and digits in YAML. If the character is part "
     "of the value, put the value in quotes."},
    {"found a tab character", NULL,
     "a tab is used for indentation. YAML allows spaces only: replace it."},
};

void codec_text_position(const char *text, size_t len, size_t offset, uint32_t *ret_line,
                         uint32_t *ret_column)
{
    *ret_line = *ret_column = 1;
    for (size_t i = 0; i < offset && i < len; i++) {
        if (text[i] == '\n') {
            ++*ret_line;
            *ret_column = 1;
        } else if (((unsigned char)text[i] & 0xC0) != 0x80) {
            ++*ret_column;
        }
    }
}

void codec_yaml_last_place(const char *text, size_t len, uint32_t *line, uint32_t *column)
{
    uint32_t at_line = 1, at_column = 1, last_line = 0, last_column = 1;
    for (size_t i = 0; i < len;) {
        size_t step = glm_line_break(text + i, len - i);
        if (step) {
            at_line++;
            at_column = 1;
            i += step;
            continue;
        }
        at_column += ((unsigned char)text[i] & 0xC0) != 0x80;
        if (text[i] != ' ' && text[i] != '\t') {
            last_line = at_line;
            last_column = at_column;
        }
        i++;
    }
    if (last_line && *line > last_line) {
        *line = last_line;
        *column = last_column;
    }
}

/* The tab that libyaml stumbles over may be anywhere in the indentation of the line. */
static bool indented_by_tab(const char *line, size_t len)
{
    for (size_t i = 0; i < len && (line[i] == ' ' || line[i] == '\t'); i++)
        if (line[i] == '\t')
            return true;
    return false;
}

/* column: in characters, from 1. NUL beyond the line. */
static char char_at(const char *line, size_t len, size_t column)
{
    for (size_t i = 0; i < len; i++)
        if (((unsigned char)line[i] & 0xC0) != 0x80 && --column == 0)
            return line[i];
    return '\0';
}

const char *codec_yaml_explain(struct glm_arena *arena, const char *problem, const char *context,
                               const char *line, size_t len, size_t column)
{
    if (indented_by_tab(line, len))
        return "a tab is used for indentation. YAML allows spaces only: replace it.";
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strstr(problem, known[i].problem) &&
            (!known[i].context || strstr(context, known[i].context)))
            return known[i].sentence;
    if (strstr(problem, "cannot start any token")) {
        char c = char_at(line, len, column);
        if (c == '\t')
            return "a tab is where YAML allows spaces only: replace it.";
        return glm_sprintf(arena,
                           "a value cannot begin with '%c' unless it is in quotes: add quotes.", c);
    }
    return *context ? glm_sprintf(arena, "%s, %s.", context, problem)
                    : glm_sprintf(arena, "%s.", problem);
}
