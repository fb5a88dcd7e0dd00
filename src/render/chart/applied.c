/* SPDX-License-Identifier: Apache-2.0
 *
 * What helm renders and no API server takes.
 */
#include "keys.h"

bool chart_check_applied(struct chart_call *call, const struct chart_gateway *g)
{
    (void)call;
    (void)g;
    return true;
}
