#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct slab {
    struct slab *below;
    size_t used, size;
    char bytes[];
};

/* Blocks are multiples of 8 bytes, with their size in the 8 bytes before them. Above `exact` units sizes are powers of two,
   so that the blocks of a growing buffer are used again. */
enum { unit = 8, exact = 64, classes = exact + 64 };

static _Thread_local struct {
    struct slab *top;
    /* Freed blocks by class; the first word of each is the next one. */
    void *freed[classes];
} arena;

static size_t *size_of(void *memory) { return (size_t *)memory - 1; }

static int class_of(size_t *units) {
    if (*units < exact) return (int)*units;
    int log = 64 - __builtin_clzll((unsigned long long)*units - 1);
    *units = (size_t)1 << log;
    return exact + log;
}

static void add_slab(size_t needed) {
    size_t size = arena.top ? arena.top->size * 2 : 32 * 1024;
    if (size > 4 * 1024 * 1024) size = 4 * 1024 * 1024;
    if (size < needed) size = needed;
    struct slab *slab = ralph_grow(NULL, sizeof(struct slab) + size);
    slab->below = arena.top;
    slab->used = 0;
    slab->size = size;
    arena.top = slab;
}

static void *allocate(size_t size) {
    if (size > SIZE_MAX / 4) abort();
    size_t units = (size + unit - 1) / unit;
    if (units == 0) units = 1;
    int class = class_of(&units);
    void *memory = arena.freed[class];
    if (memory) {
        arena.freed[class] = *(void **)memory;
        return memory;
    }
    size_t whole = (units + 1) * unit;
    if (!arena.top || arena.top->size - arena.top->used < whole) add_slab(whole);
    size_t *block = (size_t *)(arena.top->bytes + arena.top->used);
    arena.top->used += whole;
    *block = units;
    return block + 1;
}

static void *arena_calloc(size_t count, size_t size) {
    if (size && count > SIZE_MAX / 4 / size) abort();
    void *memory = allocate(count * size);
    memset(memory, 0, count * size);
    return memory;
}

static void arena_free(void *memory) {
    if (!memory) return;
    size_t units = *size_of(memory);
    int class = class_of(&units);
    *(void **)memory = arena.freed[class];
    arena.freed[class] = memory;
}

static void *arena_realloc(void *memory, size_t size) {
    if (!memory) return allocate(size);
    size_t old = *size_of(memory) * unit;
    if (size <= old) return memory;
    void *larger = allocate(size);
    memcpy(larger, memory, old);
    arena_free(memory);
    return larger;
}

cmark_mem *ralph_arena_begin(void) {
    static cmark_mem memory = {arena_calloc, arena_realloc, arena_free};
    return &memory;
}

void ralph_arena_end(void) {
    while (arena.top) {
        struct slab *below = arena.top->below;
        free(arena.top);
        arena.top = below;
    }
    memset(arena.freed, 0, sizeof(arena.freed));
}

void *ralph_grow(void *memory, size_t size) {
    void *larger = realloc(memory, size ? size : 1);
    if (!larger) abort();
    return larger;
}
