/* SPDX-License-Identifier: Apache-2.0
 *
 * The command `render`.
 */
#include "render_command.h"

#include "glm/codec.h"
#include "glm/gateway_chart.h"
#include "glm/mesh.h"
#include "glm/render.h"
#include "glm/shown.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ARENA_LIMIT ((size_t)2 << 30)
#define OUTPUT_MAX ((size_t)1 << 30)
#define CHUNK ((size_t)64 << 10)

struct command {
    struct glm_arena *arena;
    const char *file; /* NULL: none was given */
    const char *istio_version, *chart_version;
    bool gateway_chart;                             /* the file is values of the chart `gateway` */
    const char *release, *namespace_, *app_version; /* of that chart only; NULL: not given */
    struct glm_diags diags;
};

static int explain(FILE *to)
{
    fputs(
        "Usage: terraform-provider-glm render [-f FILE] [--istio-version X.Y.Z] "
        "[--chart-version V]\n"
        "       terraform-provider-glm render --gateway-chart [-f FILE] --release NAME --namespace "
        "NS\n"
        "           --istio-version X.Y.Z [--chart-version V] [--app-version V]\n\n"
        "Reads an IstioOperator and prints the Kubernetes objects of its gateways, as YAML, in "
        "the\n"
        "order of applying: the same that istioctl manifest generate of that version makes.\n"
        "With --gateway-chart it reads values of Istio's own chart `gateway` and prints the "
        "objects\n"
        "that helm makes of it.\n\n"
        "  -f, --file FILE        the IstioOperator, or the values; \"-\" is standard input\n"
        "  --istio-version X.Y.Z  " GLM_RENDER_OLDEST " to " GLM_RENDER_NEWEST
        "; default: what the document's tag begins with\n"
        "  --chart-version V      what is in the label helm.sh/chart; default: the Istio version.\n"
        "                         1.0.0 is what builds from source have\n"
        "  --gateway-chart        the file is values of the chart `gateway`\n"
        "  --release NAME         helm's name of the release\n"
        "  --namespace NS         the release's namespace\n"
        "  --app-version V        the chart's appVersion; default: the chart's version\n",
        to);
    return to == stdout ? 0 : 1;
}

static int fail(struct command *c, const char *what, const char *why)
{
    fprintf(stderr, "terraform-provider-glm render: %s: %s\n", glm_shown(c->arena, what), why);
    return 1;
}

/* ---- in ---- */

/* Takes an option down. False: it is none of ours. */
static bool take(struct command *c, int option, const char *value)
{
    const struct {
        int option;
        const char **at;
    } texts[] = {
        {'f', &c->file},    {'i', &c->istio_version}, {'c', &c->chart_version},
        {'r', &c->release}, {'n', &c->namespace_},    {'a', &c->app_version},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].option == option) {
            *texts[i].at = value;
            return true;
        }
    c->gateway_chart |= option == 'g';
    return option == 'g';
}

static bool check_options(struct command *c)
{
    static const char *const names[] = {"--release", "--namespace", "--istio-version",
                                        "--app-version"};
    const char *const given[] = {c->release, c->namespace_, c->istio_version, c->app_version};
    for (size_t i = 0; i < 3; i++)
        if (c->gateway_chart && !given[i]) {
            fail(c, names[i], "is missing. --gateway-chart needs it");
            return false;
        }
    for (size_t i = 0; i < 4; i++)
        if (!c->gateway_chart && i != 2 && given[i]) {
            fail(c, names[i], "is for --gateway-chart only");
            return false;
        }
    return true;
}

static bool read_options(int argc, char **argv, struct command *c, int *ret_status)
{
    static const struct option options[] = {
        {"file", required_argument, NULL, 'f'},
        {"istio-version", required_argument, NULL, 'i'},
        {"chart-version", required_argument, NULL, 'c'},
        {"gateway-chart", no_argument, NULL, 'g'},
        {"release", required_argument, NULL, 'r'},
        {"namespace", required_argument, NULL, 'n'},
        {"app-version", required_argument, NULL, 'a'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    *ret_status = 1;
    opterr = 0; /* its own words would show an option as it is */
    for (int o; (o = getopt_long(argc, argv, "f:h", options, NULL)) != -1;)
        if (!take(c, o, optarg)) {
            if (o == '?')
                fail(c, argv[optind - 1], "is no option, or says too little");
            *ret_status = explain(o == 'h' ? stdout : stderr);
            return false;
        }
    if (optind == argc)
        return check_options(c);
    fail(c, argv[optind], "is no option. A file is given with -f");
    return false;
}

static bool read_stream(struct command *c, FILE *from, const char *name, struct glm_text *ret)
{
    char *chunk = glm_alloc(c->arena, CHUNK);
    size_t len;
    while (!ret->overflow && (len = fread(chunk, 1, CHUNK, from)) > 0)
        glm_text_add(ret, chunk, len);
    if (ferror(from))
        return glm_error(&c->diags, NULL, "The file cannot be read", "%s: %s.", name,
                         strerrordesc_np(errno));
    if (ret->overflow)
        return glm_error(&c->diags, NULL, "The file is too large",
                         "%s is larger than what a document may be, 16 MiB.", name);
    return true;
}

static bool read_text(struct command *c, struct glm_text *ret)
{
    glm_text_init(ret, c->arena, GLM_YAML_MAX_BYTES + 1); /* one more, for the decoder to refuse */
    if (!c->file || strcmp(c->file, "-") == 0)
        return read_stream(c, stdin, "standard input", ret);
    FILE *file = fopen(c->file, "re");
    if (!file)
        return glm_error(&c->diags, NULL, "The file cannot be read", "%s: %s.", c->file,
                         strerrordesc_np(errno));
    bool ok = read_stream(c, file, c->file, ret);
    fclose(file);
    return ok;
}

static bool decode(struct command *c, const struct glm_text *text,
                   const struct glm_value **ret_document)
{
    const struct glm_value *document;
    if (!glm_yaml_decode(c->arena, text->data, text->len, "the IstioOperator", NULL, &document,
                         &c->diags))
        return false;
    const struct glm_value *kind = glm_get(document, "kind");
    if (!glm_is_map(document) || !(glm_is_null(kind) || glm_string_is(kind, "IstioOperator")))
        return glm_error(&c->diags, NULL, "Not an IstioOperator",
                         "The document must be a map with kind: IstioOperator, but is %s%s.",
                         glm_is_map(document) ? "of kind " : "",
                         glm_is_map(document) ? glm_string_or(kind, "that is no text")
                                              : glm_kind_name(document->kind));
    *ret_document = document;
    return true;
}

/* ---- out ---- */

static void print_diags(const struct glm_diags *d)
{
    for (const struct glm_diag *diag = d->first; diag; diag = diag->next)
        fprintf(stderr, "%s: %s\n\n%s\n\n", diag->severity == GLM_ERROR ? "Error" : "Warning",
                diag->summary, diag->detail);
}

static bool print_objects(struct command *c, const struct glm_value *const *objects, size_t count)
{
    struct glm_text text;
    glm_text_init(&text, c->arena, OUTPUT_MAX);
    for (size_t i = 0; i < count; i++) {
        glm_text_adds(&text, i ? "---\n" : "");
        glm_yaml_encode(objects[i], &text);
    }
    if (text.overflow)
        return glm_error(&c->diags, NULL, "Too much to print",
                         "The objects are more than 1 GiB of YAML.");
    if (fwrite(text.data, 1, text.len, stdout) != text.len || fflush(stdout) != 0)
        return glm_error(&c->diags, NULL, "The objects cannot be written", "Standard output: %s.",
                         strerrordesc_np(errno));
    return true;
}

static bool render(struct command *c)
{
    struct glm_text text;
    struct glm_render_result result;
    struct glm_render_request request = {.chart_version = c->chart_version, .warn = true};
    const char *said = c->istio_version;
    if (said &&
        !glm_istio_version_check(c->arena, "--istio-version", said, strlen(said), NULL, &c->diags))
        return false;
    if (!read_text(c, &text) || !decode(c, &text, &request.document))
        return false;
    request.text = text.data;
    request.len = text.len;
    request.istio_version = said ? said : glm_render_version(c->arena, request.document);
    if (!request.istio_version)
        return glm_error(&c->diags, NULL, "For which Istio?",
                         "The document has no tag that begins with a version. Say which it is for "
                         "with --istio-version, such as --istio-version " GLM_RENDER_NEWEST ".0.");
    if (!glm_render(c->arena, &request, &result, &c->diags))
        return false;
    const struct glm_value **objects =
        GLM_NEW_ARRAY(c->arena, result.count, const struct glm_value *);
    for (size_t i = 0; i < result.count; i++)
        objects[i] = result.objects[i].object;
    return print_objects(c, objects, result.count);
}

/* ---- the chart `gateway` ---- */

static bool render_chart(struct command *c)
{
    struct glm_text text;
    struct glm_gateway_chart chart;
    struct glm_gateway_chart_request request = {
        .release = c->release,
        .namespace_ = c->namespace_,
        .istio_version = c->istio_version,
        .chart_version = c->chart_version,
        .app_version = c->app_version,
        .warn = true,
    };
    if (!glm_istio_version_check(c->arena, "--istio-version", c->istio_version,
                                 strlen(c->istio_version), NULL, &c->diags) ||
        !read_text(c, &text) ||
        !glm_yaml_decode(c->arena, text.data, text.len, "the chart's values", NULL, &request.values,
                         &c->diags))
        return false;
    request.text = text.data;
    request.len = text.len;
    return glm_gateway_chart(c->arena, &request, &chart, &c->diags) &&
           print_objects(c, chart.objects, chart.count);
}

int glm_render_command(int argc, char **argv)
{
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create(ARENA_LIMIT);
    struct command c = {.arena = arena};
    int status;
    glm_diags_init(&c.diags, arena);
    if (!read_options(argc, argv, &c, &status))
        return status;
    if (!c.file && isatty(STDIN_FILENO)) {
        fail(&c, "what is to be rendered?",
             "give the file of an IstioOperator, or of values, with -f");
        fputc('\n', stderr);
        return explain(stderr);
    }
    bool ok = c.gateway_chart ? render_chart(&c) : render(&c);
    print_diags(&c.diags);
    return ok ? 0 : 1;
}
