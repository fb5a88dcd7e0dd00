/* SPDX-License-Identifier: Apache-2.0
 *
 * A main for a fuzz target without libFuzzer: feeds it every file named, so that the corpus, with
 * every crash ever found, is replayed by the plain compiler in each check.
 *
 * Errors: a file that cannot be read ends the run with 1; the target itself aborts.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Exactly as long as the file: a read past its end is seen by ASan and valgrind. */
static uint8_t *read_file(const char *path, size_t *ret_len)
{
    FILE *file = fopen(path, "rb");
    long size = -1;
    if (file && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    uint8_t *bytes = size >= 0 ? malloc(size ? (size_t)size : 1) : NULL;
    if (!bytes || fseek(file, 0, SEEK_SET) != 0 ||
        fread(bytes, 1, (size_t)size, file) != (size_t)size) {
        perror(path);
        exit(1);
    }
    fclose(file);
    *ret_len = (size_t)size;
    return bytes;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        size_t len;
        uint8_t *bytes = read_file(argv[i], &len);
        LLVMFuzzerTestOneInput(bytes, len);
        free(bytes);
    }
    return 0;
}
