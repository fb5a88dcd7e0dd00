/* SPDX-License-Identifier: Apache-2.0
 *
 * The list of installers of a process: what a row must have, and who is found in it.
 */
#include "glm/installer.h"

#include "glm/text.h"

#include <string.h>

/* ---- registration ---- */

static bool is_text(const char *text)
{
    return text && *text;
}

/* One mistake of a row, in words for who writes installers: nobody else ever sees it. */
static bool lacks(const struct glm_installer *row, const char *what, struct glm_diags *d)
{
    return glm_error(d, NULL, "An installer is not complete", "The installer \"%s\" %s.",
                     is_text(row->name) ? row->name : "without a name", what);
}

static bool check_data(const struct glm_installer *row, struct glm_diags *d)
{
    bool ok = true;
    if (!is_text(row->name))
        ok = lacks(row, "has no name", d);
    if (!is_text(row->what))
        ok = lacks(row, "does not say what it writes (what)", d);
    if (!row->kinds || !row->kinds[0].kind)
        ok = lacks(row, "writes no kind of object (kinds)", d);
    if (!row->followed)
        ok = lacks(row, "does not say what is followed while waiting (followed)", d);
    if (!row->forms || !row->forms[0])
        ok = lacks(row, "takes no form of an installation (forms)", d);
    return ok;
}

static bool check_kinds(const struct glm_installer *row, struct glm_diags *d)
{
    bool ok = true;
    for (size_t i = 0; row->kinds && row->kinds[i].kind; i++) {
        const struct glm_installer_kind *k = &row->kinds[i];
        if (k->kind == GLM_KIND_NAMESPACE || k->role == GLM_ROLE_NAMESPACE)
            ok = lacks(row, "has Namespaces among its kinds, which nobody removes", d);
        if ((unsigned)k->role >= GLM_ROLES)
            ok = lacks(row, "has a kind of a role that there is not", d);
        if (!k->kind->order)
            ok = lacks(row, "writes a kind that is only looked at (order 0)", d);
        for (size_t j = 0; j < i; j++)
            if (row->kinds[j].kind == k->kind)
                ok = lacks(row, "has a kind twice", d);
    }
    return ok;
}

/* The kind that has the name, of those that everybody knows and of the rows before this one; NULL: none. */
static const struct glm_object_kind *named_before(const struct glm_installer *const *all,
                                                  size_t row, const char *name)
{
    for (const struct glm_object_kind *k = glm_object_kinds; k->name; k++)
        if (strcmp(k->name, name) == 0)
            return k;
    for (size_t i = 0; i < row; i++)
        for (size_t k = 0; all[i]->kinds && all[i]->kinds[k].kind; k++)
            if (strcmp(all[i]->kinds[k].kind->name, name) == 0)
                return all[i]->kinds[k].kind;
    return NULL;
}

/* The record has kinds by their names. */
static bool check_names(const struct glm_installer *const *all, size_t row, struct glm_diags *d)
{
    const struct glm_installer_kind *kinds = all[row]->kinds;
    bool ok = true;
    for (size_t i = 0; kinds && kinds[i].kind; i++) {
        const struct glm_object_kind *other = named_before(all, row, kinds[i].kind->name);
        if (other && other != kinds[i].kind)
            ok = lacks(all[row], "has a kind of its own with the name of another", d);
    }
    return ok;
}

static bool check_slots(const struct glm_installer *row, struct glm_diags *d)
{
    bool ok = true;
    if (!row->render)
        ok = lacks(row, "makes no objects (render)", d);
    if (!row->judge)
        ok = lacks(row, "tells no state (judge)", d);
    return ok;
}

/* What comes together or not at all. */
static bool check_pairs(const struct glm_installer *row, struct glm_diags *d)
{
    bool ok = true;
    if (!row->rivals != !row->makes || !row->rivals != !row->rival_why)
        ok = lacks(row, "has only a part of rivals, rival_why and makes", d);
    if (!row->traits != !row->loses)
        ok = lacks(row, "has only one of traits and loses", d);
    if (!row->inherits != !row->inherited)
        ok = lacks(row, "has only one of inherits and inherited", d);
    if (!row->namesake != !row->recall)
        ok = lacks(row, "has only one of namesake and recall", d);
    return ok;
}

bool glm_installers_check(const struct glm_installer *const *all, struct glm_diags *d)
{
    bool ok = true;
    if (!all || !all[0])
        return glm_error(d, NULL, "There is no installer", "The list of installers is empty.");
    for (size_t i = 0; all[i]; i++) {
        ok = check_data(all[i], d) && ok;
        ok = check_kinds(all[i], d) && ok;
        ok = check_names(all, i, d) && ok;
        ok = check_slots(all[i], d) && ok;
        ok = check_pairs(all[i], d) && ok;
        for (size_t j = 0; j < i; j++)
            if (is_text(all[i]->name) && is_text(all[j]->name) &&
                strcmp(all[i]->name, all[j]->name) == 0)
                ok = lacks(all[i], "is there twice", d);
    }
    return ok;
}

/* ---- who is in the list ---- */

const struct glm_installer *glm_installer_find(const struct glm_installer *const *all,
                                               const char *name)
{
    if (!name)
        return all[0];
    for (size_t i = 0; all[i]; i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}

const char *glm_installer_names(struct glm_arena *arena, const struct glm_installer *const *all)
{
    const char *names = "";
    for (size_t i = 0; all[i]; i++) {
        const char *between = i == 0 ? "" : all[i + 1] ? ", " : " or ";
        names = glm_sprintf(arena, "%s%s\"%s\"", names, between, all[i]->name);
    }
    return names;
}

/* True when a row before this one, or a kind before it in the row, has it. */
static bool was_named(const struct glm_installer *const *all, size_t row, size_t kind)
{
    for (size_t i = 0; i <= row; i++)
        for (size_t k = 0; (i < row || k < kind) && all[i]->kinds[k].kind; k++)
            if (all[i]->kinds[k].find && all[i]->kinds[k].kind == all[row]->kinds[kind].kind)
                return true;
    return false;
}

const char *glm_installer_finds(struct glm_arena *arena, const struct glm_installer *const *all)
{
    const char *names = "";
    for (size_t i = 0; all[i]; i++)
        for (size_t k = 0; all[i]->kinds[k].kind; k++)
            if (all[i]->kinds[k].find && !was_named(all, i, k))
                names = glm_sprintf(arena, "%s%s%s", names, *names ? " or " : "",
                                    all[i]->kinds[k].kind->name);
    return names;
}

const char *glm_installer_plurals(struct glm_arena *arena, const struct glm_installer *installer)
{
    const char *names = "";
    for (size_t k = 0; installer->kinds[k].kind; k++)
        names = glm_sprintf(arena, "%s%s%s", names, k ? "," : "", installer->kinds[k].kind->plural);
    return names;
}

const struct glm_object_kind *glm_installer_kind_find(const struct glm_installer *const *all,
                                                      const char *kind)
{
    for (size_t i = 0; all[i]; i++)
        for (size_t k = 0; all[i]->kinds[k].kind; k++)
            if (strcmp(all[i]->kinds[k].kind->name, kind) == 0)
                return all[i]->kinds[k].kind;
    for (const struct glm_object_kind *k = glm_object_kinds; k->name; k++)
        if (strcmp(k->name, kind) == 0)
            return k;
    return NULL;
}

/* ---- rights ---- */

struct rights {
    struct glm_object_right *all;
    size_t count;
};

/* Once for each kind: who writes it looks at it, too. */
static void add_right(struct rights *rights, const struct glm_object_kind *kind, bool written)
{
    for (size_t i = 0; i < rights->count; i++)
        if (rights->all[i].kind == kind) {
            rights->all[i].written = rights->all[i].written || written;
            return;
        }
    rights->all[rights->count++] = (struct glm_object_right){kind, written};
}

static size_t kinds_count(const struct glm_object_kind *const *kinds)
{
    size_t count = 0;
    while (kinds && kinds[count])
        count++;
    return count;
}

static void add_looked(struct rights *rights, const struct glm_object_kind *const *kinds)
{
    for (size_t i = 0; i < kinds_count(kinds); i++)
        add_right(rights, kinds[i], false);
}

const struct glm_object_right *glm_installer_rights(struct glm_arena *arena,
                                                    const struct glm_installer *installer)
{
    /* Namespaces are made for every installer; Services, whosoever they are, lead to Pods by way of
     * EndpointSlices, which a switch of traffic waits for. */
    static const struct glm_object_kind *const looked[] = {GLM_KIND_SERVICE, GLM_KIND_POD,
                                                           GLM_KIND_ENDPOINT_SLICE, NULL};
    size_t most = 2 + kinds_count(looked) + kinds_count(installer->followed) +
                  kinds_count(installer->rivals) + kinds_count(installer->asks);
    for (size_t k = 0; installer->kinds[k].kind; k++)
        most++;
    struct rights rights = {.all = GLM_NEW_ARRAY(arena, most, struct glm_object_right)};
    add_right(&rights, GLM_KIND_NAMESPACE, true);
    for (size_t k = 0; installer->kinds[k].kind; k++)
        add_right(&rights, installer->kinds[k].kind, true);
    add_looked(&rights, looked);
    add_looked(&rights, installer->followed);
    add_looked(&rights, installer->rivals);
    add_looked(&rights, installer->asks);
    return rights.all; /* zeroed, so that a kind NULL ends it */
}
