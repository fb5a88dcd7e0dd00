/* SPDX-License-Identifier: Apache-2.0
 *
 * Document: the text of istio_operator_spec, read. A spec, or a whole IstioOperator around one.
 */
#ifndef GLM_MESH_DOCUMENT_H
#define GLM_MESH_DOCUMENT_H

#include "internal.h"

struct glm_document {
    const struct glm_value *spec;   /* a map; NULL after an error */
    const struct glm_value *object; /* the IstioOperator that it stands in; NULL: a bare spec */
    const char *others;             /* documents beside it, for people; NULL: there are none */
};

bool mesh_document_read(struct glm_spec_report *r, const char *text, size_t len,
                        struct glm_document *ret);
/* What of the document has no effect, and somebody may rely on. */
void mesh_document_warn(struct glm_spec_report *r, const struct glm_document *document,
                        const struct glm_mesh_config *config, const struct glm_installation *in);

/* What a text is that is no map of fields: " It looks like the path of a file, ...", or "". */
const char *mesh_document_hint(struct glm_arena *arena, const char *text);

#endif
