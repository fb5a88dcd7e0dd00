/* SPDX-License-Identifier: Apache-2.0
 *
 * Upgrade recipe: what to write instead of a change in place that is refused, in the words of the
 * resource at hand, ready to be pasted.
 */
#include "upgrade.h"

#include <string.h>

#define REPORT_MAX_BYTES ((size_t)64 << 10)

/* ---- the name of the new revision ---- */

static bool is_taken(const struct glm_manager *manager, const struct upgrade_problem *p,
                     const char *name)
{
    for (size_t i = 0; i < manager->installation_count; i++) {
        const struct glm_installation *in = &manager->installations[i];
        if (strcmp(in->key, name) == 0 || (in->revision && strcmp(in->revision, name) == 0))
            return true;
    }
    return strcmp(p->before->key, name) == 0;
}

/* The version as revisions are named: "1-25", "1-25-1" with its patch; followed by `rest`. */
static const char *dashed(struct glm_arena *arena, const struct glm_version *v, bool patch,
                          const char *rest)
{
    const char *minor = glm_sprintf(arena, "%lld-%lld", (long long)v->major, (long long)v->minor);
    return patch && v->patch >= 0
               ? glm_sprintf(arena, "%s-%lld%s", minor, (long long)v->patch, rest)
               : glm_sprintf(arena, "%s%s", minor, rest);
}

static const char *behind(const char *revision, const char *prefix)
{
    size_t len = strlen(prefix);
    bool whole = strncmp(revision, prefix, len) == 0 && (!revision[len] || revision[len] == '-');
    return whole ? revision + len : NULL;
}

static const char *by_version(struct glm_arena *arena, const char *revision,
                              const struct upgrade_problem *p)
{
    const char *rest = behind(revision, dashed(arena, &p->from, true, ""));
    if (rest && p->from.patch >= 0)
        return dashed(arena, &p->to, true, rest);
    rest = behind(revision, dashed(arena, &p->from, false, ""));
    return dashed(arena, &p->to, false, rest ? rest : "");
}

/* A revision that nothing has yet: of the new version if it is one, else the old name numbered. */
static const char *new_revision(struct glm_arena *arena, const struct glm_manager *manager,
                                const struct glm_installation *after,
                                const struct upgrade_problem *p)
{
    const char *base = p->versions ? by_version(arena, after->revision, p)
                                   : glm_sprintf(arena, "%.60s", glm_revision_key(after->revision));
    const char *name = base;
    for (unsigned n = 2; !glm_name_is_label(name) || is_taken(manager, p, name); n++)
        name = glm_sprintf(arena, "%.55s-%u", glm_name_is_label(base) ? base : "next", n);
    return name;
}

/* ---- the steps ---- */

static void add_clusters(struct glm_text *text, const struct glm_installation *after)
{
    size_t count = after->placement_count;
    for (size_t i = 0; i < count && i < UPGRADE_CLUSTERS_SHOWN; i++) {
        const struct glm_placement *placement = &after->placements[i];
        glm_text_addf(text, "      \"%s\" = { active_gateway = false", placement->cluster);
        if (glm_is_string(placement->trust_domain))
            glm_text_addf(text, ", trust_domain = \"%s\"", placement->trust_domain->as.text);
        if (glm_is_string(placement->network))
            glm_text_addf(text, ", network = \"%s\"", placement->network->as.text);
        glm_text_adds(text, " }\n");
    }
    if (count > UPGRADE_CLUSTERS_SHOWN)
        glm_text_addf(text, "      # and the other %zu, likewise\n",
                      count - UPGRADE_CLUSTERS_SHOWN);
}

static void add_installation(struct glm_text *text, const struct glm_installation *after,
                             const struct upgrade_problem *p, const char *revision)
{
    const char *old = p->before->key;
    glm_text_addf(text,
                  "Run the new gateways beside the old ones instead:\n\n"
                  "1. Leave installation \"%s\" as it was, add this one beside it, and apply:\n\n"
                  "  \"%s\" = {\n"
                  "    clusters = {\n",
                  old, revision);
    add_clusters(text, after);
    glm_text_adds(text, "    }\n");
    if (!p->versions)
        glm_text_addf(text, "    control_plane_revision = \"%s\"\n",
                      glm_revision_key(after->control_plane));
    if (glm_is_string(after->istio_version))
        glm_text_addf(text, "    istio_version = \"%s\"\n", after->istio_version->as.text);
    glm_text_addf(text,
                  "    %s = file(\"%s.yaml\") # what installations[\"%s\"] has now\n"
                  "  }\n",
                  glm_installation_form(after), revision, after->key);
    if (p->versions)
        glm_text_addf(text,
                      "\n   It needs a control plane of revision \"%s\" in each cluster; if "
                      "yours has another revision, set control_plane_revision.\n",
                      revision);
}

/* moved: the traffic goes from one Service to another, which is up to the clients. */
static void add_canary(struct glm_text *text, const struct glm_manager *manager,
                       const struct glm_installation *after, const struct upgrade_problem *p,
                       bool moved)
{
    const char *old = p->before->key;
    const char *revision = new_revision(text->arena, manager, after, p);
    add_installation(text, after, p, revision);
    if (moved)
        glm_text_addf(
            text,
            "\n2. When the new gateways are healthy, set active_gateway = true in \"%s\" where the "
            "old one is active, leave \"%s\" active too, and apply. A gateway of another name or "
            "namespace has a Service of its own, with an address of its own: move your clients to "
            "it.\n"
            "3. When nobody uses the old address any more, remove installation \"%s\", and apply.",
            revision, old, old);
    else
        glm_text_addf(
            text,
            "\n2. When the new gateways are healthy, set active_gateway = false in \"%s\" and "
            "active_gateway = true in \"%s\" where the old one was active, and apply. The "
            "way back is to flip them again.\n"
            "3. Remove installation \"%s\", and apply.",
            old, revision, old);
}

static void add_text(struct glm_text *text, const char *name, const struct glm_value *v)
{
    if (glm_is_string(v))
        glm_text_addf(text, "    %s = \"%s\"\n", name, v->as.text);
}

/* `auto` has no second installation of its own: the new default is one. */
static void add_default(struct glm_text *text, const struct glm_manager *manager,
                        const struct glm_installation *after, const struct glm_value *distribution,
                        const struct upgrade_problem *p, bool moved)
{
    const char *old = glm_revision_key(after->revision);
    const char *revision = new_revision(text->arena, manager, after, p);
    glm_text_addf(text,
                  "gateway_revision is \"auto\": give the new default a revision of its own in the "
                  "provider's configuration:\n\n"
                  "  default_distribution = {\n"
                  "    revision = \"%s\"\n",
                  revision);
    add_text(text, "hub", glm_get(distribution, "hub"));
    add_text(text, "tag", glm_get(distribution, "tag"));
    glm_text_adds(text, "  }\n\n");
    if (!p->versions)
        glm_text_addf(text,
                      "Its control plane stays the same one: set control_plane_revision = \"%s\" "
                      "in installation \"%s\".\n\n",
                      glm_revision_key(after->control_plane), after->key);
    glm_text_addf(text,
                  "The next apply then installs \"%s\" beside \"%s\", waits until it is healthy, "
                  "switches the active Services to it and only then removes \"%s\".",
                  revision, old, old);
    if (moved)
        glm_text_adds(text,
                      " The Service of a gateway of another name or namespace is another one, "
                      "with an address of its own; the old one goes in the same apply.");
}

static const char *steps(struct glm_arena *arena, const struct glm_manager *manager,
                         const struct glm_installation *after, const struct glm_value *distribution,
                         const struct upgrade_problem *p, bool moved)
{
    struct glm_text text;
    glm_text_init(&text, arena, REPORT_MAX_BYTES);
    if (glm_installation_is_auto(after))
        add_default(&text, manager, after, distribution, p, moved);
    else
        add_canary(&text, manager, after, p, moved);
    return text.data;
}

static bool any_moved(const struct upgrade_problem *first)
{
    for (const struct upgrade_problem *p = first; p; p = p->next)
        if (p->moved)
            return true;
    return false;
}

/* Of several mistakes, the one that comes with the steps: a version says how to name things. */
static const struct upgrade_problem *leading(const struct upgrade_problem *first)
{
    const struct upgrade_problem *lead = NULL;
    for (const struct upgrade_problem *p = first; p; p = p->next)
        if (!p->warning && !p->apart && (!lead || (p->versions && !lead->versions)))
            lead = p;
    return lead;
}

/* The cause, and where it is one. */
static const char *said_of(struct glm_arena *arena, const struct glm_installation *after,
                           const struct upgrade_problem *p)
{
    size_t more =
        p->cluster_count > UPGRADE_CLUSTERS_SHOWN ? p->cluster_count - UPGRADE_CLUSTERS_SHOWN : 0;
    return glm_sprintf(arena, "%s\n\nThis is about revision \"%s\" in cluster%s %s%s.", p->what,
                       glm_revision_key(after->revision), p->cluster_count > 1 ? "s" : "",
                       p->clusters, more ? glm_sprintf(arena, " and %zu more", more) : "");
}

void upgrade_report(struct glm_arena *arena, const struct glm_manager *manager,
                    const struct glm_installation *after, const struct glm_value *distribution,
                    const struct upgrade_problem *first, struct glm_diags *d)
{
    const struct glm_path *in = GLM_AT_INSTALLATION(after->key);
    const struct upgrade_problem *lead = leading(first);
    for (const struct upgrade_problem *p = first; p; p = p->next) {
        const struct glm_path *at =
            GLM_AT_ATTR(in, p->said ? "istio_version" : glm_installation_form(after));
        const char *said = said_of(arena, after, p);
        if (p->warning)
            glm_warn(d, at, p->summary, "%s", said);
        else if (p->apart)
            glm_error(d, at, p->summary,
                      "%s\n\nLeave the installation as it was, and make another resource for the "
                      "new gateways, with another name. They have a Service of their own, with an "
                      "address of its own: when they are healthy, move your clients to it, and "
                      "remove the old ones.\n\nTo force, set skip_upgrade_validation = true; to "
                      "destroy, terraform destroy -refresh=false.",
                      said);
        else if (!lead || p == lead)
            glm_error(d, at, p->summary,
                      "%s\n\n%s\n\nTo force, set skip_upgrade_validation = true; to destroy, "
                      "terraform destroy -refresh=false.",
                      said, steps(arena, manager, after, distribution, p, any_moved(first)));
        else
            glm_error(d, at, p->summary, "%s\n\nThe steps to go instead are in the error \"%s\".",
                      said, lead->summary);
    }
}
