/* SPDX-License-Identifier: Apache-2.0
 *
 * What no API server takes, in parts.
 */
#ifndef GLM_CHART_APPLIED_H
#define GLM_CHART_APPLIED_H

#include "keys.h"

/* names.c: of objects, and the label that they are */
bool chart_check_names(struct chart_call *call, const struct chart_gateway *g);
/* texts.c: what has to be text, and what text it has to be */
bool chart_check_texts(struct chart_call *call, const struct chart_gateway *g);

#endif
