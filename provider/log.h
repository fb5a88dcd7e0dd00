/* SPDX-License-Identifier: Apache-2.0
 *
 * Log: hclog's JSON lines on stderr, which Terraform sorts into its own log by level.
 *
 * What:   quiet unless TF_LOG_PROVIDER or TF_LOG asks for more; warnings and errors always.
 * Rule:   never a credential, never a spec. One write() a line, so that lines of threads stay whole.
 * Thread: any.
 */
#ifndef GLM_LOG_H
#define GLM_LOG_H

enum glm_log_level { GLM_LOG_TRACE, GLM_LOG_DEBUG, GLM_LOG_INFO, GLM_LOG_WARN, GLM_LOG_ERROR };

/* Reads the environment, once, before the first thread. */
void glm_log_init(void);
void glm_log(enum glm_log_level level, const char *module, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
