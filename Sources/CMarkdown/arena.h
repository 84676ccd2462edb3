/* Memory for one parse at a time on each thread. A syntax tree dies as a whole: blocks are cut from slabs in order, what is
   freed meanwhile serves the next block of its size, and ralph_arena_end gives everything back without a walk over the tree. */
#ifndef RALPH_ARENA_H
#define RALPH_ARENA_H

#include <cmark-gfm.h>
#include <stddef.h>

/* Nothing of an earlier parse may be in use. */
cmark_mem *ralph_arena_begin(void);
void ralph_arena_end(void);

/* Memory that outlives the parse. Never NULL: cmark cannot report that memory is out, and neither do we. */
void *ralph_grow(void *memory, size_t size);

#endif
