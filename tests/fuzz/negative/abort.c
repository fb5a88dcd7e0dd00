/* SPDX-License-Identifier: Apache-2.0
 *
 * Must be caught: what a target requires does not hold.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (data || size < (size_t)1 << 30)
        abort();
    return 0;
}
