/* SPDX-License-Identifier: Apache-2.0
 *
 * What the data sources share.
 */
#ifndef GLM_DATA_SOURCES_H
#define GLM_DATA_SOURCES_H

#include "state.h"

/* The estate to look at; NULL, and an error, when its clusters are not known yet or when it does
 * not have one of `clusters`, the attribute of that name: a list of names, or null for all. */
const struct glm_estate *glm_data_source_estate(struct glm_call *call,
                                                const struct glm_value *clusters);

#endif
