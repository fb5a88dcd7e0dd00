/* SPDX-License-Identifier: Apache-2.0
 *
 * Version: what an image tag says of its version, and which of two is older.
 */
#include "glm/version.h"

#include "glm/text.h"

#include <string.h>

#define RELEASED 3
#define DIGITS_MAX 9 /* more is no version number, but a date or a build */

/* The number at *at, which moves behind it; false when there is none. */
static bool number(const char **at, int64_t *ret_number)
{
    uint64_t n;
    size_t digits = glm_digits(*at, SIZE_MAX, &n);
    if (digits == 0 || digits > DIGITS_MAX)
        return false;
    *at += digits;
    *ret_number = (int64_t)n;
    return true;
}

/* True when the word is this name, whatever number follows: "rc", "rc1", "rc.1". */
static bool numbered(const char *word, const char *name, int64_t *ret_number)
{
    size_t len = strlen(name);
    if (strncmp(word, name, len) != 0 || (word[len] && !strchr("-.+_0123456789", word[len])))
        return false;
    word += len;
    word += *word == '.';
    if (!number(&word, ret_number))
        *ret_number = 0;
    return true;
}

static void read_word(const char *word, struct glm_version *v)
{
    static const char *const stages[] = {"alpha", "beta", "rc"};
    for (int i = 0; i < RELEASED; i++)
        if (v->stage == RELEASED && numbered(word, stages[i], &v->build))
            v->stage = i;
    int64_t rebuild;
    if (numbered(word, "patch", &rebuild))
        v->rebuild = rebuild;
}

bool glm_version_parse(const char *tag, struct glm_version *ret_version)
{
    struct glm_version v = {.patch = -1, .stage = RELEASED};
    const char *at = *tag == 'v' ? tag + 1 : tag;
    if (!number(&at, &v.major) || *at++ != '.' || !number(&at, &v.minor))
        return false;
    if (*at == '.' && strspn(at + 1, "0123456789") > 0) {
        at++;
        if (!number(&at, &v.patch))
            return false;
    }
    if (*at && !strchr("-.+_", *at))
        return false;
    while (*at) {
        read_word(++at, &v);
        at += strcspn(at, "-.+_");
    }
    *ret_version = v;
    return true;
}

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int glm_version_minor_order(const struct glm_version *a, const struct glm_version *b)
{
    int by_major = order(a->major, b->major);
    return by_major ? by_major : order(a->minor, b->minor);
}

int glm_version_order(const struct glm_version *a, const struct glm_version *b)
{
    const int by[] = {
        glm_version_minor_order(a, b), order(a->patch, b->patch),     order(a->stage, b->stage),
        order(a->build, b->build),     order(a->rebuild, b->rebuild),
    };
    bool comparable = a->patch >= 0 && b->patch >= 0;
    for (size_t i = 0; i < (comparable ? sizeof by / sizeof *by : 1); i++)
        if (by[i])
            return by[i];
    return 0;
}
