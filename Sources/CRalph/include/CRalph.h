/// What Swift cannot import from the C library: variadic and macro-only calls of Linux, and calls it hides.
#ifndef CRALPH_H
#define CRALPH_H

#include <dirent.h>
#include <signal.h>
#include <stdint.h>
#include <stddef.h>
#include <sys/types.h>

#include "RalphTerminal.h"

/// prctl(PR_SET_CHILD_SUBREAPER, 1): orphans of our children become our children. 0, or -1 with errno.
int ralph_become_subreaper(void);

/// pidfd_open(2). A descriptor that polls readable when the process ends, or -1 with errno.
int ralph_pidfd_open(pid_t pid);

/// pidfd_send_signal(2): a signal that cannot reach a stranger who got the same pid. 0, or -1 with errno.
int ralph_pidfd_send_signal(int pidfd, int signal);

/// One program to start in a session of its own.
struct ralph_launch {
    const char *path;
    char *const *arguments;
    char *const *environment;
    /// NULL: where the caller is.
    const char *directory;
    /// Become descriptors 0, 1 and 2; -1 is /dev/null.
    int standard[3];
    /// Becomes descriptor 3; -1 for none. Everything above is closed.
    int extra;
};

/// posix_spawn(3) in a new session, signals at their defaults and none blocked. 0, or the error number.
int ralph_spawn(const struct ralph_launch *launch, pid_t *pid);

/// write(2) that never raises SIGPIPE, whatever the caller's disposition. Bytes written, or -1 with errno.
ssize_t ralph_write(int descriptor, const void *bytes, size_t count);

/// pipe2(2) with close-on-exec. 0, or -1 with errno.
int ralph_pipe(int descriptors[2]);

/// O_NONBLOCK on one end. 0, or -1 with errno.
int ralph_set_nonblocking(int descriptor);

/// eventfd(2), closed on exec, non-blocking. A descriptor, or -1 with errno.
int ralph_eventfd(void);

/// memmem(3).
const void *ralph_find(const void *bytes, size_t count, const void *needle, size_t needle_count);

/// Lets go of the pages of code that this process has mapped: the kernel still has them as the files' own, and maps again
/// what is used again. For a program that will do nothing for long.
void ralph_give_back_code(void);

/// The name in a directory entry. Swift sees 256 bytes of it, and copies all of them; the kernel's entry is as long as its
/// name, and at the end of what readdir(3) read nothing need follow.
const char *ralph_entry_name(const struct dirent *entry);

/// DT_DIR, DT_REG and so on; DT_UNKNOWN where the file system does not say.
int ralph_entry_type(const struct dirent *entry);

/// WIFEXITED, WEXITSTATUS and WTERMSIG as functions.
int ralph_wifexited(int status);
int ralph_wexitstatus(int status);
int ralph_wtermsig(int status);

/// statx(2): when the file was made, in nanoseconds since 1970, no link followed. -1 where that is not known.
int64_t ralph_birth_time(const char *path);

/// CLOCK_MONOTONIC in microseconds.
int64_t ralph_monotonic_microseconds(void);

/// What stat(2) says of a file. Our own, because which module Swift takes the C library's to be of depends on what else a
/// compilation imports.
struct ralph_file {
    uint64_t device;
    uint64_t inode;
    uint32_t mode;
    uint32_t user;
    uint32_t group;
    /// Bytes.
    int64_t size;
    /// Bytes that it takes on the disk.
    int64_t room;
    /// Nanoseconds since 1970.
    int64_t modified;
};

/// stat(2), or lstat(2) when links are not followed. 0, or -1 with errno.
int ralph_look(const char *path, int follows_links, struct ralph_file *file);

/// fstat(2). 0, or -1 with errno.
int ralph_look_at(int descriptor, struct ralph_file *file);

/// fstat(2): which file an open descriptor is. 0, or -1 with errno.
int ralph_file_identity(int descriptor, uint64_t *device, uint64_t *inode);

/// getxattr(2): whether a file has this extended attribute, and it is "1".
int ralph_is_set(const char *path, const char *attribute);

/// Asks the kernel to let nobody write to the file behind a descriptor (open for reading) until it is closed: a lease. Who
/// opens it for writing meanwhile waits. 1; 0 when somebody has it open for writing already; -1 where there are no leases.
int ralph_lease(int descriptor);

/// Whether somebody waits to write to a leased file.
int ralph_lease_is_wanted(int descriptor);

/// Swaps two names, in one instant. 0, or -1 with errno: EINVAL or ENOSYS where the file system cannot.
int ralph_exchange(const char *one, const char *other);

#endif
