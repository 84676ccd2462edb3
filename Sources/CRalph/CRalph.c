#define _GNU_SOURCE
#include "CRalph.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

int ralph_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int ralph_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int ralph_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

static int add_descriptors(posix_spawn_file_actions_t *actions, const struct ralph_launch *launch) {
    int error = 0;
    for (int target = 0; target < 3 && !error; target++) {
        int source = launch->standard[target];
        error = source >= 0 ? posix_spawn_file_actions_adddup2(actions, source, target)
                            : posix_spawn_file_actions_addopen(actions, target, "/dev/null", O_RDWR, 0);
    }
    if (!error && launch->extra >= 0) error = posix_spawn_file_actions_adddup2(actions, launch->extra, 3);
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(actions, launch->extra >= 0 ? 4 : 3);
    // Last, so that nothing above depends on where we are.
    if (!error && launch->directory) error = posix_spawn_file_actions_addchdir_np(actions, launch->directory);
    return error;
}

static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
    if (!error)
        error = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    return error;
}

int ralph_spawn(const struct ralph_launch *launch, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = add_descriptors(&actions, launch);
        if (!error) error = set_attributes(&attributes);
        if (!error)
            error = posix_spawn(
                pid, launch->path, &actions, &attributes, launch->arguments, launch->environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

ssize_t ralph_write(int descriptor, const void *bytes, size_t count) {
    sigset_t pipe_signal, before, pending;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    sigpending(&pending);
    int was_pending = sigismember(&pending, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    ssize_t written = write(descriptor, bytes, count);
    int error = errno;
    if (written < 0 && error == EPIPE && !was_pending) {
        // Ours is pending on this thread now: take it away before the mask opens again.
        struct timespec at_once = {0, 0};
        while (sigtimedwait(&pipe_signal, NULL, &at_once) < 0 && errno == EINTR) {}
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return written;
}

int ralph_pipe(int descriptors[2]) { return pipe2(descriptors, O_CLOEXEC); }

int ralph_set_nonblocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    return flags < 0 ? -1 : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

int ralph_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

const void *ralph_find(const void *bytes, size_t count, const void *needle, size_t needle_count) {
    return memmem(bytes, count, needle, needle_count);
}

const char *ralph_entry_name(const struct dirent *entry) { return entry->d_name; }

int ralph_entry_type(const struct dirent *entry) { return entry->d_type; }

int ralph_wifexited(int status) { return WIFEXITED(status); }
int ralph_wexitstatus(int status) { return WEXITSTATUS(status); }
int ralph_wtermsig(int status) { return WTERMSIG(status); }

int64_t ralph_birth_time(const char *path) {
    struct statx status;
    if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BTIME, &status) != 0) return -1;
    if (!(status.stx_mask & STATX_BTIME)) return -1;
    return status.stx_btime.tv_sec * 1000000000LL + status.stx_btime.tv_nsec;
}

int64_t ralph_monotonic_microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static void tell(const struct stat *status, struct ralph_file *file) {
    file->device = status->st_dev;
    file->inode = status->st_ino;
    file->mode = status->st_mode;
    file->user = status->st_uid;
    file->group = status->st_gid;
    file->size = status->st_size;
    file->room = (int64_t)status->st_blocks * 512;
    file->modified = (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec;
}

int ralph_look(const char *path, int follows_links, struct ralph_file *file) {
    struct stat status;
    if ((follows_links ? stat(path, &status) : lstat(path, &status)) != 0) return -1;
    tell(&status, file);
    return 0;
}

int ralph_look_at(int descriptor, struct ralph_file *file) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return -1;
    tell(&status, file);
    return 0;
}

int ralph_file_identity(int descriptor, uint64_t *device, uint64_t *inode) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return -1;
    *device = status.st_dev;
    *inode = status.st_ino;
    return 0;
}

int ralph_is_set(const char *path, const char *attribute) {
    char value = 0;
    return getxattr(path, attribute, &value, 1) == 1 && value == '1';
}

int ralph_lease(int descriptor) {
    // Somebody who waits is told of by a signal, by default one that kills; this one is ignored unless somebody listens.
    if (fcntl(descriptor, F_SETSIG, SIGURG) != 0) return -1;
    if (fcntl(descriptor, F_SETLEASE, F_RDLCK) == 0) return 1;
    return errno == EAGAIN ? 0 : -1;
}

int ralph_lease_is_wanted(int descriptor) { return fcntl(descriptor, F_GETLEASE) != F_RDLCK; }

int ralph_exchange(const char *one, const char *other) {
    const unsigned int exchange = 1 << 1;
    return (int)syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, exchange);
}

void ralph_give_back_code(void) {
    FILE *maps = fopen("/proc/self/maps", "re");
    if (!maps) return;
    char line[4352];
    while (fgets(line, sizeof line, maps)) {
        unsigned long start, end;
        char rights[5];
        int path = 0;
        if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %n", &start, &end, rights, &path) < 3 || !path) continue;
        // Never written to, so each page is in the file as it was here. What the loader relocated is not: that stays.
        if (strcmp(rights, "r-xp") != 0 || line[path] != '/') continue;
        madvise((void *)start, end - start, MADV_DONTNEED);
    }
    fclose(maps);
}
