/* SPDX-License-Identifier: Apache-2.0
 *
 * Files: profiles, platforms and compatibility versions are files that all of Istio's charts have alike.
 */
#include "parts.h"

#include <string.h>

/* From and up to which minor there is one. */
static const struct row {
    uint8_t which; /* enum part_file */
    uint8_t since, until;
    const char *name;
} rows[] = {
    {PART_PROFILE, 0, 0, "ambient"},     {PART_PROFILE, 0, 0, "demo"},
    {PART_PROFILE, 0, 23, "openshift"},  {PART_PROFILE, 0, 23, "openshift-ambient"},
    {PART_PROFILE, 0, 0, "preview"},     {PART_PROFILE, 24, 0, "remote"},
    {PART_PROFILE, 0, 0, "stable"},      {PART_PLATFORM, 25, 0, "gke"},
    {PART_PLATFORM, 24, 0, "k3d"},       {PART_PLATFORM, 24, 0, "k3s"},
    {PART_PLATFORM, 24, 0, "microk8s"},  {PART_PLATFORM, 24, 0, "minikube"},
    {PART_PLATFORM, 24, 0, "openshift"},
};

static bool is_there(const struct row *row, enum part_file which, unsigned minor)
{
    return row->which == which && row->since <= minor && (!row->until || row->until >= minor);
}

bool part_has_file(enum part_file which, const char *name, unsigned minor)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is_there(&rows[i], which, minor) && strcmp(rows[i].name, name) == 0)
            return true;
    return false;
}

const char *part_files(struct glm_arena *arena, enum part_file which, unsigned minor)
{
    const char *before = " ";
    struct glm_text text;
    glm_text_init(&text, arena, 1024);
    glm_text_adds(&text, "Those are:");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is_there(&rows[i], which, minor)) {
            glm_text_addf(&text, "%s%s", before, rows[i].name);
            before = ", ";
        }
    glm_text_adds(&text, ".");
    return text.data;
}

unsigned part_oldest_compatible(unsigned minor)
{
    static const uint8_t oldest[] = {20, 20, 21, 22, 23, 24, 25, 25, 25, 25};
    return oldest[minor - PART_OLDEST];
}
