#ifndef RALPH_TERMINAL_H
#define RALPH_TERMINAL_H

/// Takes a terminal over for a full-screen program: keys come one by one and unseen, and `enter` is written. However the
/// process ends but by SIGKILL, also by a fault, the terminal is as before and `leave` is written; a stop by the keyboard
/// gives it back for as long as it lasts.
///
/// Both texts have at most 127 bytes. Returns a descriptor from which a byte can be read for each change of the
/// terminal's size and each return from a stop; -1 with errno when `output` is no terminal. Once per process at a time.
int ralph_take_terminal(int input, int output, const char *enter, const char *leave);

/// Gives it back, and writes a last byte, 'q', to the descriptor that `ralph_take_terminal` returned.
void ralph_give_terminal_back(void);

#endif
