/* SPDX-License-Identifier: Apache-2.0
 *
 * The stand-in provider that fake_types.c defines, as the tests see it.
 */
#ifndef FAKE_TYPES_H
#define FAKE_TYPES_H

/* What a fake_thing does is in its name. */
#define FAKE_PLAIN "plain"         /* works */
#define FAKE_PARTIAL "partial"     /* apply and read: half of it done, and an error deep inside */
#define FAKE_BLOCKING "blocking"   /* apply: waits for StopProvider, a minute at most */
#define FAKE_BAD_TEXT "bad-text"   /* validate: an error whose text is no UTF-8 */
#define FAKE_FORGETFUL "forgetful" /* plan, apply, read, upgrade, import: an error and no result */
#define FAKE_GONE "gone"           /* read: no longer there */

#endif
