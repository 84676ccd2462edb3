/// What Swift cannot import from the C library: variadic and macro-only calls of Linux.
#ifndef CRALPH_H
#define CRALPH_H

#include <signal.h>
#include <sys/types.h>

/// prctl(PR_SET_CHILD_SUBREAPER, 1): orphans of our children become our children. 0, or -1 with errno.
int ralph_become_subreaper(void);

/// pidfd_open(2). A descriptor that polls readable when the process ends, or -1 with errno.
int ralph_pidfd_open(pid_t pid);

/// WIFEXITED, WEXITSTATUS and WTERMSIG as functions.
int ralph_wifexited(int status);
int ralph_wexitstatus(int status);
int ralph_wtermsig(int status);

#endif
