#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>

#include <stdlib.h>
#include <string.h>

/* Memory for one parse at a time on each thread. A syntax tree lives as a whole and dies as a whole: blocks are cut from
   slabs in order, what is freed meanwhile serves the next block of its size, and ralph_arena_end gives everything back
   without a walk over the tree. */

struct ralph_slab {
    struct ralph_slab *below;
    size_t used, size;
    char bytes[];
};

/* Blocks are multiples of 8 bytes, with their size in the 8 bytes before them. */
enum { ralph_arena_unit = 8, ralph_arena_classes = 64 };

struct ralph_arena {
    struct ralph_slab *top;
    /* Freed blocks by size in units; the first word of each is the next one. */
    void *freed[ralph_arena_classes];
};

/* A local, as the importer of static variables does not know those of a thread. */
static inline struct ralph_arena *ralph_arena_here(void) {
    static _Thread_local struct ralph_arena arena;
    return &arena;
}

static inline size_t *ralph_arena_size(void *memory) { return (size_t *)memory - 1; }

static inline void ralph_arena_grow(struct ralph_arena *arena, size_t needed) {
    size_t size = arena->top ? arena->top->size * 2 : 64 * 1024;
    if (size > 8 * 1024 * 1024) size = 8 * 1024 * 1024;
    if (size < needed) size = needed;
    struct ralph_slab *slab = (struct ralph_slab *)malloc(sizeof(struct ralph_slab) + size);
    /* cmark cannot report that memory is out; its own allocator aborts too. */
    if (!slab) abort();
    slab->below = arena->top;
    slab->used = 0;
    slab->size = size;
    arena->top = slab;
}

static inline void *ralph_arena_allocate(size_t size) {
    struct ralph_arena *arena = ralph_arena_here();
    if (size > SIZE_MAX / 4) abort();
    size_t units = (size + ralph_arena_unit - 1) / ralph_arena_unit;
    if (units == 0) units = 1;
    if (units < ralph_arena_classes && arena->freed[units]) {
        void *memory = arena->freed[units];
        arena->freed[units] = *(void **)memory;
        return memory;
    }
    size_t whole = (units + 1) * ralph_arena_unit;
    if (!arena->top || arena->top->size - arena->top->used < whole) ralph_arena_grow(arena, whole);
    size_t *block = (size_t *)(arena->top->bytes + arena->top->used);
    arena->top->used += whole;
    *block = units * ralph_arena_unit;
    return block + 1;
}

static inline void *ralph_arena_calloc(size_t count, size_t size) {
    if (size && count > SIZE_MAX / 4 / size) abort();
    void *memory = ralph_arena_allocate(count * size);
    memset(memory, 0, count * size);
    return memory;
}

static inline void ralph_arena_free(void *memory) {
    if (!memory) return;
    size_t units = *ralph_arena_size(memory) / ralph_arena_unit;
    if (units >= ralph_arena_classes) return;
    struct ralph_arena *arena = ralph_arena_here();
    *(void **)memory = arena->freed[units];
    arena->freed[units] = memory;
}

static inline void *ralph_arena_realloc(void *memory, size_t size) {
    if (!memory) return ralph_arena_allocate(size);
    size_t old = *ralph_arena_size(memory);
    if (size <= old) return memory;
    void *larger = ralph_arena_allocate(size);
    memcpy(larger, memory, old);
    ralph_arena_free(memory);
    return larger;
}

/* Nothing of an earlier parse may be in use. */
static inline cmark_mem *ralph_arena_begin(void) {
    static cmark_mem memory = {ralph_arena_calloc, ralph_arena_realloc, ralph_arena_free};
    return &memory;
}

static inline void ralph_arena_end(void) {
    struct ralph_arena *arena = ralph_arena_here();
    while (arena->top) {
        struct ralph_slab *below = arena->top->below;
        free(arena->top);
        arena->top = below;
    }
    memset(arena->freed, 0, sizeof(arena->freed));
}
