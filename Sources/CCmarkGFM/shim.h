#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>

#include <stdlib.h>
#include <string.h>

/* Memory for one parse at a time on each thread. A syntax tree lives as a whole and dies as a whole, so blocks are cut
   from slabs in order, freeing one does nothing unless it is the last, and ralph_arena_end gives everything back without
   a walk over the tree. */

struct ralph_slab {
    struct ralph_slab *below;
    size_t used, size;
    char bytes[];
};

/* In front of each block; keeps blocks aligned to 16 bytes. */
struct ralph_block {
    size_t size, unused;
};

/* A local, as the importer of static variables does not know those of a thread. */
static inline struct ralph_slab **ralph_arena_top(void) {
    static _Thread_local struct ralph_slab *top;
    return &top;
}

static inline void *ralph_arena_allocate(size_t size) {
    size = (size + 15) & ~(size_t)15;
    size_t whole = size + sizeof(struct ralph_block);
    struct ralph_slab *top = *ralph_arena_top();
    if (size > SIZE_MAX / 4) abort();
    if (!top || top->size - top->used < whole) {
        size_t next = top ? top->size * 2 : 64 * 1024;
        if (next > 8 * 1024 * 1024) next = 8 * 1024 * 1024;
        if (next < whole) next = whole;
        /* cmark has no way to report that memory is out; its own allocator aborts too. */
        struct ralph_slab *slab = (struct ralph_slab *)malloc(sizeof(struct ralph_slab) + next);
        if (!slab) abort();
        slab->below = top;
        slab->used = 0;
        slab->size = next;
        *ralph_arena_top() = top = slab;
    }
    struct ralph_block *block = (struct ralph_block *)(top->bytes + top->used);
    block->size = size;
    top->used += whole;
    return block + 1;
}

static inline void *ralph_arena_calloc(size_t count, size_t size) {
    if (size && count > SIZE_MAX / 4 / size) abort();
    void *memory = ralph_arena_allocate(count * size);
    memset(memory, 0, count * size);
    return memory;
}

static inline int ralph_arena_is_last(struct ralph_block *block) {
    struct ralph_slab *top = *ralph_arena_top();
    return (char *)(block + 1) + block->size == top->bytes + top->used;
}

static inline void ralph_arena_free(void *memory) {
    if (!memory) return;
    struct ralph_block *block = (struct ralph_block *)memory - 1;
    if (ralph_arena_is_last(block)) (*ralph_arena_top())->used -= block->size + sizeof(struct ralph_block);
}

static inline void *ralph_arena_realloc(void *memory, size_t size) {
    if (!memory) return ralph_arena_allocate(size);
    struct ralph_block *block = (struct ralph_block *)memory - 1;
    if (size <= block->size) return memory;
    void *larger = ralph_arena_allocate(size);
    memcpy(larger, memory, block->size);
    return larger;
}

/* Nothing of an earlier parse may be in use. */
static inline cmark_mem *ralph_arena_begin(void) {
    static cmark_mem memory = {ralph_arena_calloc, ralph_arena_realloc, ralph_arena_free};
    return &memory;
}

static inline void ralph_arena_end(void) {
    struct ralph_slab **top = ralph_arena_top();
    while (*top) {
        struct ralph_slab *below = (*top)->below;
        free(*top);
        *top = below;
    }
}
