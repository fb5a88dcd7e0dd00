/* SPDX-License-Identifier: Apache-2.0
 *
 * Source: Go's runtime raises the limit of descriptors at start, too; core(5), kernel's fs/coredump.c.
 */
#include "process.h"

#include "../src/away/away.h"

#include "glm/clock.h"
#include "glm/shown.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define STACK_BYTES ((size_t)1 << 20)       /* of each thread, and at least of the one that runs */
#define WANTED_DESCRIPTORS 1024             /* what most systems give anyhow */
#define NEEDED_DESCRIPTORS 11               /* free: gRPC's own, a connection, and some files */
#define ANSWER_MS 2000                      /* that a file system has to answer */
#define LARGE_CHUNK (1 << 20)               /* of memory */
#define SPARE_HEAP (512 << 10)              /* what a heap grows by */
#define FIRST_CHUNK (100 << 10)             /* smaller than a large one, larger than what is free */
#define KEPT_HEAP (2 << 20)                 /* free memory that a heap may keep */
#define NEEDED_ADDRESSES ((size_t)64 << 20) /* free: libraries fail without a word below */

_Static_assert(ATOMIC_BOOL_LOCK_FREE == 2 && ATOMIC_POINTER_LOCK_FREE == 2,
               "a signal's handler may only touch what needs no lock");

/* The process's own, set before whatever reads it begins, or by a signal. */
static const char *socket_path;
static _Atomic(struct glm_provider *) served;
static atomic_bool terminated, interrupted;

/* ---- the end ---- */

void glm_process_owns_socket(const char *path)
{
    socket_path = path;
}

_Noreturn void glm_process_end(void)
{
    if (socket_path)
        unlink(socket_path);
    _exit(0);
}

/* ---- signals ---- */

void glm_process_serves(struct glm_provider *provider)
{
    atomic_store(&served, provider);
    if (glm_process_terminated() || atomic_load(&interrupted))
        glm_provider_stop(provider);
}

bool glm_process_terminated(void)
{
    return atomic_load(&terminated);
}

static void on_end_signal(int signal)
{
    (void)signal;
    glm_process_end();
}

static void stop(atomic_bool *why)
{
    struct glm_provider *provider = atomic_load(&served);
    atomic_store(why, true);
    if (provider)
        glm_provider_stop(provider);
}

static void on_stop_signal(int signal)
{
    (void)signal;
    stop(&terminated);
}

static void on_interrupt_signal(int signal)
{
    (void)signal;
    stop(&interrupted);
}

/* A handler and not SIG_IGN, which programs that we start would inherit. */
static void on_ignored_signal(int signal)
{
    (void)signal;
}

static void handle(int signal, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, NULL);
}

/* By nohup. A shell ignores SIGINT for what it starts in the background, which is not meant. */
static bool hangs_on(void)
{
    struct sigaction before;
    return sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler == SIG_IGN;
}

static void handle_signals(bool under_terraform)
{
    handle(SIGPIPE, on_ignored_signal);
    /* A file beyond `ulimit -f`: the write says EFBIG, and that becomes a diagnostic. */
    handle(SIGXFSZ, on_ignored_signal);
    /* Ctrl-C: Terraform sends StopProvider, but not while an apply or a destroy makes its own plan. A
     * closed terminal and Ctrl-\ end Terraform without a state: what is under way is not cut off in the
     * middle even then, and nothing more is begun. */
    handle(SIGINT, under_terraform ? on_interrupt_signal : on_end_signal);
    handle(SIGHUP, hangs_on()        ? on_ignored_signal
                   : under_terraform ? on_stop_signal
                                     : on_end_signal);
    handle(SIGQUIT, under_terraform ? on_stop_signal : on_end_signal);
    handle(SIGTERM, under_terraform ? on_stop_signal : on_end_signal);
    /* `ulimit -t`: a second later comes SIGKILL. */
    handle(SIGXCPU, under_terraform ? on_stop_signal : on_end_signal);
}

/* ---- descriptors ---- */

/* The next file opened would become what it is not: a socket the standard output. The output is
 * opened for reading, so that the handshake sees that nobody hears it. */
static void open_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
            continue;
        int flags = fd == STDERR_FILENO ? O_WRONLY : O_RDONLY;
        if (open("/dev/null", flags) < 0 && open("/", O_RDONLY) < 0)
            return;
    }
}

/* ---- the environment ---- */

/* Variables that libraries obey without being asked, each able to end, deafen or betray the plugin: gRPC
 * aborts without a way to poll, takes no cipher that Terraform speaks, logs what it is sent; libcurl
 * writes the keys of its sessions to a file, and waits for whoever reads it. Programs that we start do
 * without them as well. */
static void forget_variables(void)
{
    static const char *const names[] = {
        "GRPC_POLL_STRATEGY",  "GRPC_SSL_CIPHER_SUITES",      "GRPC_EXPERIMENTS",
        "GRPC_ABORT_ON_LEAKS", "GRPC_ENABLE_FORK_SUPPORT",    "GRPC_TRACE",
        "GRPC_VERBOSITY",      "GRPC_STACKTRACE_MINLOGLEVEL", "SSLKEYLOGFILE",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
}

static void put_back(const char *name, char *value)
{
    if (value)
        setenv(name, value, 1);
    free(value);
}

static char *taken_out(const char *name)
{
    char *value = getenv(name);
    value = value ? strdup(value) : NULL;
    unsetenv(name);
    return value;
}

/* libc reads the file of the time zone the first time that anybody asks for the time of day, in UTC too:
 * a log, a certificate. On a file system that does not answer this thread would hang, and no signal would
 * end it. So the zone is settled here, once, and what we start has what we were given. */
static void settle_time_zone(void)
{
    char *zone = taken_out("TZ"), *zones = taken_out("TZDIR");
    setenv("TZ", "UTC0", 1);
    tzset();
    unsetenv("TZ");
    put_back("TZ", zone);
    put_back("TZDIR", zones);
}

/* ---- limits ---- */

/* In steps of the caller's own hard limit, and never far above what every system has: programs that
 * we start inherit it, and some walk through all descriptors that could be. */
static void raise_limit(int which, rlim_t wanted)
{
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)which, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    setrlimit((__rlimit_resource_t)which, &limit);
}

static rlim_t limit_of(int which)
{
    struct rlimit limit;
    return getrlimit((__rlimit_resource_t)which, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

/* Threads of libraries have this stack, too: neither the 8 MB of `ulimit -s` in an address space that
 * is limited, nor a few kilobytes. */
static void set_stacks(void)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
        return;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
}

/* Memory is taken in chunks, seldom: threads need no heap each, whose pages would be touched anew
 * (a third of all page faults of a plan), and which reserves 64 MB of addresses. Large chunks stay out
 * of heaps, also after the first of them was freed: what a call gives back leaves the process. What is
 * smaller is taken again by the next cluster: to give it back to the system each time, and to get new
 * pages, was a fifth of what an apply to 200 clusters took. */
static void share_heaps(void)
{
    mallopt(M_ARENA_MAX, limit_of(RLIMIT_AS) == RLIM_INFINITY ? 2 : 1);
    mallopt(M_MMAP_THRESHOLD, LARGE_CHUNK);
    mallopt(M_TOP_PAD, SPARE_HEAP);
    mallopt(M_TRIM_THRESHOLD, KEPT_HEAP);
}

/* OpenSSL and gRPC touch this much of the heap before the handshake. One call gets the pages, in a tenth
 * of the time that as many faults take. Older kernels do not know it, and no harm is done. */
static void fill_heap(void)
{
    char *before = sbrk(0);
    free(malloc(FIRST_CHUNK)); /* the heap grows, by more than this */
    const char *after = sbrk(0);
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    char *begin = before + (page - (uintptr_t)before % page) % page;
    if (after > begin)
        madvise(begin, (size_t)(after - begin), MADV_POPULATE_WRITE);
}

/* A core file has everybody's tokens. A limit of 1 is too small for a file, and the one that keeps
 * the kernel from a program that takes dumps; what is dumped all the same has no memory in it. Not
 * PR_SET_DUMPABLE: it takes /proc/self from us, which posix_spawn needs on older kernels. */
static void forbid_core_dumps(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max < 1 ? limit.rlim_max : 1;
        setrlimit(RLIMIT_CORE, &limit);
    }
    int fd = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t written = write(fd, "0", 1);
    (void)written; /* the limit is there */
    close(fd);
}

void glm_process_begin(bool under_terraform)
{
    open_standard_descriptors();
    forget_variables();
    settle_time_zone();
    handle_signals(under_terraform);
    raise_limit(RLIMIT_NOFILE, WANTED_DESCRIPTORS);
    raise_limit(RLIMIT_STACK, STACK_BYTES);
    set_stacks();
    share_heaps();
    fill_heap();
    if (under_terraform)
        forbid_core_dumps();
}

static size_t free_descriptors(size_t wanted)
{
    int taken[NEEDED_DESCRIPTORS];
    size_t count = 0;
    while (count < wanted && (taken[count] = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)) >= 0)
        count++;
    for (size_t i = 0; i < count; i++)
        close(taken[i]);
    return count;
}

/* Files that libraries read by themselves, wherever a variable says: OpenSSL as it begins, the resolver with
 * every name. Whoever reads one that does not answer cannot be ended. */
static bool named_files_answer(struct glm_arena *arena, const char **ret_why)
{
    static const char *const names[] = {"OPENSSL_CONF", "HOSTALIASES"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *path = getenv(names[i]);
        struct away_mount mount;
        struct away_file file;
        if (!path || !*path)
            continue; /* and the table of mounts is not read at each start */
        const struct away_mounts mounts = away_mounts_now(arena);
        const struct away_ask ask = {.path = path,
                                     .question = AWAY_LOOK,
                                     .may_hang = true,
                                     .until_ms = glm_clock_ms() + ANSWER_MS};
        if (!away_may_hang(arena, &mounts, path, &mount))
            continue;
        away_file(arena, &ask, &file);
        if (file.error != ETIME)
            continue;
        *ret_why = glm_sprintf(arena,
                               "%s names \"%s\", on a file system that does not answer. Mount "
                               "it again, or unset the variable",
                               names[i], glm_shown(arena, path));
        return false;
    }
    return true;
}

bool glm_process_can_serve(struct glm_arena *arena, const char **ret_why)
{
    if (!named_files_answer(arena, ret_why))
        return false;
    if (limit_of(RLIMIT_NOFILE) < WANTED_DESCRIPTORS) {
        size_t count = free_descriptors(NEEDED_DESCRIPTORS);
        if (count < NEEDED_DESCRIPTORS) {
            *ret_why = glm_sprintf(arena,
                                   "no more than %zu files can be opened, and it takes %d at "
                                   "least. Raise the limit of "
                                   "open files of the shell that runs Terraform (`ulimit -n 1024`)",
                                   count, NEEDED_DESCRIPTORS);
            return false;
        }
    }
    if (limit_of(RLIMIT_AS) != RLIM_INFINITY) {
        void *place = mmap(NULL, NEEDED_ADDRESSES, PROT_NONE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (place == MAP_FAILED) {
            *ret_why =
                "there is not enough address space. Raise the limit of virtual memory of the "
                "shell that runs Terraform (`ulimit -v unlimited`)";
            return false;
        }
        munmap(place, NEEDED_ADDRESSES);
    }
    return true;
}

struct running {
    int (*run)(void);
    int status;
};

static void *run_here(void *context)
{
    struct running *r = context;
    r->status = r->run();
    return NULL;
}

int glm_process_run(int (*run)(void))
{
    struct running r = {.run = run, .status = 1};
    pthread_t thread;
    if (limit_of(RLIMIT_STACK) < STACK_BYTES && pthread_create(&thread, NULL, run_here, &r) == 0)
        pthread_join(thread, NULL);
    else
        run_here(&r);
    return r.status;
}
