/* SPDX-License-Identifier: Apache-2.0
 *
 * Makers: which installer has made a pair, by the record. Pure.
 */
#include "maker.h"

static bool writes(const struct glm_installer *row, const struct glm_object_kind *kind)
{
    for (size_t k = 0; row->kinds[k].kind; k++)
        if (row->kinds[k].kind == kind)
            return true;
    return false;
}

const struct glm_installer *maker_of_kind(const struct glm_estate *estate,
                                          const struct record_pair *noted,
                                          const struct glm_object_kind *kind,
                                          const struct glm_installer *now)
{
    const struct glm_installer *row = glm_installer_find(estate->installers, noted->installer);
    const struct glm_installer *from =
        noted->from ? glm_installer_find(estate->installers, noted->from) : NULL;
    if (from && row && !writes(row, kind) && writes(from, kind))
        return from;
    /* Nothing is noted of what the state alone has shown. */
    return noted->installer || writes(row, kind) ? row : now;
}

const struct glm_installer *maker_of_pair(struct glm_arena *arena, const struct glm_estate *estate,
                                          const struct maker_asked *asked)
{
    const struct record_pair noted = record_pair(asked->record, asked->key);
    const struct glm_installer *now = asked->seat->installer;
    struct glm_object_ref ref;
    if (noted.installer || now == estate->installers[0]) /* the default is noted of none */
        return glm_installer_find(estate->installers, noted.installer);
    const char *of = record_pair_cluster(asked->seat->name, asked->cluster);
    const char *text = record_main_of(asked->seat_record, of, asked->key);
    if (!text || !record_ref(arena, estate, text, &ref))
        return now;
    return maker_of_kind(estate, &noted, ref.kind, now);
}

const struct glm_installer *maker_before(struct glm_arena *arena, const struct glm_estate *estate,
                                         const struct maker_asked *asked)
{
    const struct record_pair noted = record_pair(asked->record, asked->key);
    const struct glm_installer *now = asked->seat->installer;
    const char *of = record_pair_cluster(asked->seat->name, asked->cluster);
    if (!noted.from) {
        const struct glm_installer *maker = maker_of_pair(arena, estate, asked);
        return maker != now && record_has_object_of(asked->seat_record, of, asked->key) ? maker
                                                                                        : NULL;
    }
    const struct glm_installer *last = glm_installer_find(estate->installers, noted.installer);
    const struct glm_installer *from = glm_installer_find(estate->installers, noted.from);
    return last != now ? last : from != now ? from : NULL;
}
