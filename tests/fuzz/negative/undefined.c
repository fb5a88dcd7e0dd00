/* SPDX-License-Identifier: Apache-2.0
 *
 * Must be caught: behaviour that C leaves undefined, here a sum that does not fit.
 */
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    volatile int most = INT_MAX;
    (void)data;
    most = most + 1 + (size > (size_t)1 << 30);
    return 0;
}
