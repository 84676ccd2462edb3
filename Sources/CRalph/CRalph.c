#define _GNU_SOURCE
#include "CRalph.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int ralph_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int ralph_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int ralph_wifexited(int status) { return WIFEXITED(status); }
int ralph_wexitstatus(int status) { return WEXITSTATUS(status); }
int ralph_wtermsig(int status) { return WTERMSIG(status); }
