/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes the registry's pages (docs/index.md, docs/resources, docs/data-sources, docs/functions, docs/permissions.md)
 * from the provider's own tables: docs DIRECTORY.
 *
 * Errors: a message and exit 1 when a page cannot be written.
 */
#include "glm/arena.h"
#include "glm/live.h"
#include "glm/text.h"
#include "installers.h"
#include "provider.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PAGE_LIMIT ((size_t)4 << 20)

struct docs {
    struct glm_arena *arena;
    const char *root;
};

/* folder: "" or "resources". The name of a page has no "glm_" in front. */
static void write_page(const struct docs *docs, const char *folder, const char *name,
                       const struct glm_text *page)
{
    const char *directory = glm_sprintf(docs->arena, "%s/%s", docs->root, folder);
    if (mkdir(docs->root, 0777) != 0 && errno != EEXIST)
        perror(docs->root);
    if (*folder && mkdir(directory, 0777) != 0 && errno != EEXIST)
        perror(directory);
    if (strncmp(name, "glm_", 4) == 0)
        name += 4;
    const char *path = glm_sprintf(docs->arena, "%s/%s.md", directory, name);
    FILE *file = fopen(path, "w");
    if (!file || page->overflow || fwrite(page->data, 1, page->len, file) != page->len ||
        fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

/* The page's head; the registry wants a title and a description without Markdown. */
static void begin(struct glm_text *page, const char *title, const char *kind, const char *doc)
{
    const char *end = strstr(doc, ". ");
    size_t len = end ? (size_t)(end - doc) + 1 : strlen(doc);
    glm_text_addf(page,
                  "---\npage_title: \"%s %s\"\ndescription: |-\n  %.*s\n---\n\n# %s %s\n\n%s\n",
                  title, kind, (int)len, doc, title, kind, doc);
}

/* A file of examples/ in a block of its own; nothing where there is no such file. The files are
 * there to be copied and are run as they are. */
static void example(const struct docs *docs, struct glm_text *page, const char *heading,
                    const char *language, const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    char *text = glm_alloc(docs->arena, PAGE_LIMIT);
    size_t len = fread(text, 1, PAGE_LIMIT, file);
    fclose(file);
    glm_text_addf(page, "\n%s\n\n```%s\n", heading, language);
    glm_text_add(page, text, len);
    glm_text_adds(page, "```\n");
}

static void schema_page(const struct docs *docs, const struct glm_schema *schema,
                        const char *folder, const char *kind, const char *example_path)
{
    struct glm_text page;
    glm_text_init(&page, docs->arena, PAGE_LIMIT);
    begin(&page, *schema->name ? schema->name : "glm", kind, schema->doc);
    example(docs, &page, "## Example Usage", "terraform", example_path);
    const char *rest = glm_sprintf(docs->arena, "examples/%s/%s", folder, schema->name);
    example(docs, &page, "### Egress gateway", "terraform",
            glm_sprintf(docs->arena, "%s/egress.tf", rest));
    example(docs, &page, "### Canary upgrade", "terraform",
            glm_sprintf(docs->arena, "%s/canary.tf", rest));
    glm_text_adds(&page, "\n## Schema\n");
    glm_schema_markdown(schema->attrs, &page);
    example(docs, &page, "## Import", "shell", glm_sprintf(docs->arena, "%s/import.sh", rest));
    example(docs, &page, "Or with import blocks:", "terraform",
            glm_sprintf(docs->arena, "%s/import.hcl", rest));
    example(docs, &page, "## Moving from another provider", "terraform",
            glm_sprintf(docs->arena, "%s/moved.hcl", rest));
    write_page(docs, folder, *schema->name ? schema->name : "index", &page);
}

/* "list of string": as the registry writes the signature of a function. */
static const char *type_text(struct glm_arena *arena, const struct glm_type *type)
{
    struct glm_text text;
    glm_text_init(&text, arena, PAGE_LIMIT);
    glm_schema_type_name(type, &text);
    for (char *c = text.data; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return text.data;
}

static void signature(const struct docs *docs, struct glm_text *page,
                      const struct glm_function_type *function)
{
    glm_text_addf(page, "\n## Signature\n\n```text\n%s(", function->name);
    for (const struct glm_parameter *p = function->parameters; p->name; p++)
        glm_text_addf(page, "%s%s %s", p == function->parameters ? "" : ", ", p->name,
                      type_text(docs->arena, p->type));
    glm_text_addf(page, ") %s\n```\n", type_text(docs->arena, function->result));
}

static void function_page(const struct docs *docs, const struct glm_function_type *function)
{
    struct glm_text page;
    glm_text_init(&page, docs->arena, PAGE_LIMIT);
    begin(&page, function->name, "function", function->summary);
    glm_text_addf(&page, "\n%s\n", function->doc);
    example(docs, &page, "## Example Usage", "terraform",
            glm_sprintf(docs->arena, "examples/functions/%s/function.tf", function->name));
    signature(docs, &page, function);
    glm_text_addf(&page, "\n## Arguments\n\n");
    size_t number = 1;
    for (const struct glm_parameter *p = function->parameters; p->name; p++)
        glm_text_addf(&page, "%zu. `%s` (%s) %s\n", number++, p->name,
                      type_text(docs->arena, p->type), p->doc);
    write_page(docs, "functions", function->name, &page);
}

static const char permissions[] =
    "# Permissions\n\n"
    "What the provider does in a cluster, by installer, as a ClusterRole that allows exactly that. The lists are those of "
    "the tables that it works by, and the tests on real clusters run as somebody who may do nothing else. Lists and watches are "
    "of whole clusters, so a Role in a namespace is not enough.\n\n"
    "Take the one of the `installer` that a cluster's entry names, and bind it to the user or account that the entry leads to:\n\n"
    "```sh\n"
    "kubectl apply -f role.yaml\n"
    "kubectl create clusterrolebinding terraform-provider-glm --clusterrole=terraform-provider-glm --user=USER\n"
    "```\n\n"
    "While a cluster changes from one installer to the other, both are needed. Whatever is missing is named by the "
    "error of the first request that is refused, with the whole role to apply.\n\n"
    "Namespaces are only made where they are absent, and never changed or removed. Who may not make them can make them "
    "before, and leave `create` and `patch` out of that rule.\n";

/* The ClusterRole of each installer. */
static void permissions_page(const struct docs *docs)
{
    struct glm_text page;
    glm_text_init(&page, docs->arena, PAGE_LIMIT);
    glm_text_adds(&page, permissions);
    for (size_t i = 0; glm_provider_installers[i]; i++) {
        const struct glm_installer *installer = glm_provider_installers[i];
        glm_text_addf(&page, "\n## installer = \"%s\"\n\nWrites %s.\n\n```yaml\n%s```\n",
                      installer->name, installer->what,
                      glm_live_role(docs->arena, glm_installer_rights(docs->arena, installer)));
    }
    write_page(docs, "", "permissions", &page);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: docs DIRECTORY\n");
        return 1;
    }
    struct glm_arena *GLM_AUTO_ARENA arena = glm_arena_create((size_t)1 << 30);
    const struct docs docs = {.arena = arena, .root = argv[1]};
    schema_page(&docs, &glm_provider_schema, "", "provider", "examples/provider/provider.tf");
    for (size_t i = 0; glm_resource_types[i]; i++) {
        const struct glm_schema *schema = glm_resource_types[i]->schema;
        schema_page(&docs, schema, "resources", "resource",
                    glm_sprintf(arena, "examples/resources/%s/resource.tf", schema->name));
    }
    for (size_t i = 0; glm_data_source_types[i]; i++) {
        const struct glm_schema *schema = glm_data_source_types[i]->schema;
        schema_page(&docs, schema, "data-sources", "data source",
                    glm_sprintf(arena, "examples/data-sources/%s/data-source.tf", schema->name));
    }
    for (size_t i = 0; glm_function_types[i]; i++)
        function_page(&docs, glm_function_types[i]);
    permissions_page(&docs);
    return 0;
}
