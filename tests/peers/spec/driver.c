/* SPDX-License-Identifier: Apache-2.0
 *
 * The C side of tests/peers/run-spec: the tables as they are linked, and what the walker says.
 *
 * driver tables MINOR            a line of JSON for each type: name, fields, decoder
 * driver check MINOR [TYPE]      frames (a decimal length, a newline, the bytes of a document as
 *                                JSON) to lines: "=", or "! " and the diagnostics, parted by tabs:
 *                                E or W, summary, detail
 */
#include "glm/codec.h"
#include "glm/spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_LIMIT ((size_t)4 << 30)

static void die(const char *why)
{
    fprintf(stderr, "driver: %s\n", why);
    exit(2);
}

static const char *const kinds[] = {
    "any",    "free",          "string",   "bool",     "int32", "uint32", "int64", "uint64",
    "double", "int or string", "quantity", "duration", "bytes", "time",   "enum",  "object",
};
static const char *const shapes[] = {"one", "list", "map"};
static const char *const decoders[] = {"proto", "go", "values", "lenient"};

static void print_field(const struct glm_spec_field *f)
{
    const struct glm_spec_limit *limit = &glm_spec_limits[f->limit];
    printf("{\"name\":\"%s\",\"kind\":\"%s\",\"shape\":\"%s\",\"format\":%d,\"dropped\":%s",
           f->name, kinds[f->kind], shapes[f->shape], limit->format,
           limit->format == GLM_SPEC_DROPPED ? "true" : "false");
    if (f->kind == GLM_SPEC_OBJECT)
        printf(",\"type\":%d", f->index);
    if (f->kind == GLM_SPEC_ENUM) {
        const struct glm_spec_enum *e = &glm_spec_enums[f->index];
        printf(",\"numbers\":%s,\"values\":[", e->numbers ? "true" : "false");
        for (size_t i = 0; e->values[i]; i++)
            printf("%s\"%s\"", i ? "," : "", e->values[i]);
        printf("]");
    }
    printf("}");
}

static void print_tables(unsigned minor)
{
    printf("{\"root\":%td,\"types\":[\n", glm_spec_root(minor) - glm_spec_types);
    for (size_t i = 0; i < glm_spec_type_count; i++) {
        const struct glm_spec_type *t = &glm_spec_types[i];
        bool first = true;
        printf("%s{\"name\":\"%s\",\"decoder\":\"%s\",\"fields\":[", i ? ",\n" : "", t->name,
               decoders[t->decoder]);
        for (size_t k = 0; k < t->count; k++) {
            const struct glm_spec_field *f = &t->fields[k];
            if (f->since > minor || (f->until && f->until < minor))
                continue;
            printf("%s", first ? "" : ",");
            print_field(f);
            first = false;
        }
        printf("]}");
    }
    printf("]}\n");
}

static const char *read_frame(struct glm_arena *arena, size_t *ret_len)
{
    char line[32];
    if (!fgets(line, sizeof line, stdin))
        return NULL;
    *ret_len = strtoul(line, NULL, 10);
    char *bytes = glm_alloc(arena, *ret_len + 1);
    if (fread(bytes, 1, *ret_len, stdin) != *ret_len)
        die("a frame is cut off");
    return bytes;
}

static void print_line(const char *text)
{
    for (; *text; text++)
        putchar(*text == '\n' || *text == '\t' ? ' ' : *text);
}

static bool check_frame(struct glm_arena *arena, const struct glm_spec_type *type, unsigned minor)
{
    struct glm_diags d;
    struct glm_spec_report report;
    const struct glm_value *v = NULL;
    size_t len;
    const char *text = read_frame(arena, &len);
    if (!text)
        return false;
    glm_diags_init(&d, arena);
    if (!glm_json_decode(arena, text, len, "document", NULL, &v, &d))
        die(d.first->detail);
    glm_spec_report_begin(&report, arena, NULL, text, len, true, &d);
    (void)glm_spec_check(&report, type, minor, v, NULL);
    (void)glm_spec_report_end(&report);
    putchar(d.first ? '!' : '=');
    for (const struct glm_diag *one = d.first; one; one = one->next) {
        printf("%s%c\t", one == d.first ? " " : "\t", one->severity == GLM_ERROR ? 'E' : 'W');
        print_line(one->summary);
        putchar('\t');
        print_line(one->detail);
    }
    putchar('\n');
    return true;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        die("what, and of which minor?");
    unsigned minor = (unsigned)strtoul(argv[2], NULL, 10);
    if (strcmp(argv[1], "tables") == 0) {
        print_tables(minor);
        return 0;
    }
    const struct glm_spec_type *type =
        argc > 3 ? glm_spec_type(argv[3], minor) : glm_spec_root(minor);
    if (!type)
        die("there is no such type");
    for (bool more = true; more;) {
        struct glm_arena *arena = glm_arena_create(ARENA_LIMIT);
        more = check_frame(arena, type, minor);
        glm_arena_destroy(arena);
    }
    return 0;
}
