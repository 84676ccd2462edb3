#define _GNU_SOURCE
#include "RalphTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LONGEST 128

static struct termios before, during;
static int input_of_ours = -1, output_of_ours = -1, is_keyboard;
static int note_pipe[2] = {-1, -1};
static char enter_text[LONGEST], leave_text[LONGEST];
static volatile sig_atomic_t is_taken;

static const int fatal_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS};
static struct sigaction fatal_before[sizeof fatal_signals / sizeof *fatal_signals];
static struct sigaction stop_before, size_before, continue_before;

/* Everything down to `take` is called from signal handlers: only what signal-safety(7) allows. */

static void say(const char *text) {
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t count = write(output_of_ours, text, left);
        if (count < 0 && errno != EINTR) return;
        if (count > 0) {
            text += count;
            left -= (size_t)count;
        }
    }
}

static void leave(void) {
    say(leave_text);
    if (is_keyboard) tcsetattr(input_of_ours, TCSANOW, &before);
}

static void enter(void) {
    if (is_keyboard) tcsetattr(input_of_ours, TCSANOW, &during);
    say(enter_text);
}

static void note(char byte) {
    int kept = errno;
    ssize_t ignored = write(note_pipe[1], &byte, 1);
    (void)ignored;
    errno = kept;
}

static void on_fatal(int number) {
    if (is_taken) {
        is_taken = 0;
        leave();
    }
    signal(number, SIG_DFL);
    raise(number);
}

static void on_stop(int number) {
    int kept = errno;
    sigset_t only, old;
    leave();
    signal(number, SIG_DFL);
    sigemptyset(&only);
    sigaddset(&only, number);
    raise(number);
    /* Stopped here, until somebody continues it. */
    pthread_sigmask(SIG_UNBLOCK, &only, &old);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_stop;
    sigaction(number, &action, NULL);
    if (is_taken) enter();
    note('c');
    errno = kept;
}

static void on_change(int number) {
    note(number == SIGWINCH ? 'w' : 'c');
}

static void handle(int number, void (*handler)(int), int flags, struct sigaction *old) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigaction(number, &action, old);
}

int ralph_take_terminal(int input, int output, const char *enter_with, const char *leave_with) {
    if (is_taken || strlen(enter_with) >= LONGEST || strlen(leave_with) >= LONGEST) {
        errno = EINVAL;
        return -1;
    }
    if (!isatty(output)) return -1;
    if (pipe2(note_pipe, O_CLOEXEC) != 0) return -1;
    fcntl(note_pipe[1], F_SETFL, O_NONBLOCK);
    input_of_ours = input;
    output_of_ours = output;
    strcpy(enter_text, enter_with);
    strcpy(leave_text, leave_with);
    is_keyboard = isatty(input) && tcgetattr(input, &before) == 0;
    if (is_keyboard) {
        during = before;
        during.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
        during.c_cc[VMIN] = 1;
        during.c_cc[VTIME] = 0;
    }
    for (size_t i = 0; i < sizeof fatal_signals / sizeof *fatal_signals; i++)
        handle(fatal_signals[i], on_fatal, SA_NODEFER, &fatal_before[i]);
    handle(SIGTSTP, on_stop, 0, &stop_before);
    handle(SIGWINCH, on_change, SA_RESTART, &size_before);
    handle(SIGCONT, on_change, SA_RESTART, &continue_before);
    is_taken = 1;
    enter();
    return note_pipe[0];
}

void ralph_give_terminal_back(void) {
    if (!is_taken) return;
    is_taken = 0;
    leave();
    for (size_t i = 0; i < sizeof fatal_signals / sizeof *fatal_signals; i++)
        sigaction(fatal_signals[i], &fatal_before[i], NULL);
    sigaction(SIGTSTP, &stop_before, NULL);
    sigaction(SIGWINCH, &size_before, NULL);
    sigaction(SIGCONT, &continue_before, NULL);
    note('q');
}
