#include "arena.h"
#include "reader.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <pthread.h>
#include <stdlib.h>

static bool is_blank_line(struct reader *r, int32_t line) {
    for (intptr_t at = r->starts[line - 1]; at < r->starts[line]; at++)
        if (r->bytes[at] != ' ' && r->bytes[at] != '\t' && r->bytes[at] != '\n' && r->bytes[at] != '\r') return false;
    return true;
}

/* The library ends a block where it noticed its end, which can be a line too late: no block reaches into the next. */
static void bound_end_lines(struct reader *r) {
    int32_t count = (int32_t)r->tree.block_count;
    /* Blocks that end together have their blank lines looked at once. */
    int32_t blank_end = -1, blank_start = -1;
    for (int32_t index = 0; index < count; index++) {
        struct ralph_block *block = &r->tree.blocks[index];
        int32_t end = block->end_line > block->line ? block->end_line : block->line;
        if (end > r->line_count) end = r->line_count;
        if (block->subtree_end < count && r->tree.blocks[block->subtree_end].line - 1 < end)
            end = r->tree.blocks[block->subtree_end].line - 1;
        if (end != blank_end) {
            blank_end = blank_start = end;
            while (blank_start > block->line && is_blank_line(r, blank_start)) blank_start--;
        }
        end = blank_start;
        block->end_line = end > block->line ? end : block->line;
    }
}

static cmark_parser *new_parser(cmark_mem *memory) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, cmark_gfm_core_extensions_ensure_registered);
    cmark_parser *parser = memory ? cmark_parser_new_with_mem(CMARK_OPT_SOURCEPOS, memory)
                                  : cmark_parser_new(CMARK_OPT_SOURCEPOS);
    cmark_syntax_extension *tasks = cmark_find_syntax_extension("tasklist");
    if (!parser || !tasks) abort();
    cmark_parser_attach_syntax_extension(parser, tasks);
    return parser;
}

static void feed_whole(struct reader *r) {
    intptr_t first = r->starts[r->skipped];
    cmark_parser_feed(r->parser, (const char *)r->bytes + first, (size_t)(r->starts[r->line_count] - first));
    reader_begin(r, cmark_parser_finish(r->parser));
}

#if RALPH_HAS_INNER_HEADERS
static int64_t indent_of(struct reader *r, int32_t line) {
    int64_t columns = 0;
    for (intptr_t at = r->starts[line - 1]; at < r->starts[line]; at++) {
        if (r->bytes[at] == '\t') columns += 4 - columns % 4;
        else if (r->bytes[at] == ' ') columns++;
    }
    return columns;
}

/* An empty line holds every open list item open, so many of them under a deep list take the library quadratic time. Behind
   the first only the one that is least indented tells it anything: it ends an item that is still empty. */
static int32_t skip_blank_lines(struct reader *r, int32_t line) {
    int32_t first = line, least = line;
    int64_t least_indent = INT64_MAX;
    while (line <= r->line_count && is_blank_line(r, line)) {
        int64_t indent = indent_of(r, line++);
        if (indent < least_indent) {
            least_indent = indent;
            least = line - 1;
        }
    }
    if (line == first) return line;
    size_t size = (size_t)(r->starts[least] - r->starts[least - 1]);
    /* What is fed next does not stand next: its newline is no part of a return before it. */
    r->parser->last_buffer_ended_with_cr = false;
    cmark_parser_feed(r->parser, (const char *)r->bytes + r->starts[least - 1], size);
    r->parser->line_number += line - first - 1;
    return line;
}

static void feed_in_pieces(struct reader *r, size_t piece) {
    reader_begin(r, r->parser->root);
    int32_t line = r->skipped + 1;
    while (line <= r->line_count) {
        int32_t from = line;
        bool is_blank = false;
        while (line <= r->line_count && !is_blank && (size_t)(r->starts[line - 1] - r->starts[from - 1]) < piece)
            is_blank = is_blank_line(r, line++);
        size_t size = (size_t)(r->starts[line - 1] - r->starts[from - 1]);
        cmark_parser_feed(r->parser, (const char *)r->bytes + r->starts[from - 1], size);
        if (is_blank) line = skip_blank_lines(r, line);
        r->fed += size;
        if (r->fed < piece) continue;
        reader_take(r, false);
        r->fed = 0;
    }
    /* Ends the last line, and with a rule behind an empty line all that is open but a fence or a piece of HTML. */
    cmark_parser_feed(r->parser, "\n\n***\n", 6);
}
#else
#define feed_in_pieces(r, piece) feed_whole(r)
#endif

struct ralph_tree ralph_tree_read(
    const uint8_t *bytes, const intptr_t *line_starts, size_t line_count, size_t skipped_lines, size_t piece
) {
    struct reader r = {
        .bytes = bytes,
        .starts = line_starts,
        .line_count = (int32_t)line_count,
        .skipped = (int32_t)(skipped_lines < line_count ? skipped_lines : line_count),
        .is_whole = !piece || !RALPH_HAS_INNER_HEADERS,
    };
    r.parser = new_parser(ralph_arena_begin());
    if (r.is_whole) feed_whole(&r);
    else feed_in_pieces(&r, piece);
    reader_take(&r, true);
    reader_collect_plain(&r);
    reader_leave_out_titles(&r);
    bound_end_lines(&r);
    ralph_arena_end();
    free(r.open);
    free(r.kept);
    r.tree.plains = r.plain.plains;
    r.tree.plain_count = r.plain.count;
    return r.tree;
}

void ralph_tree_free(struct ralph_tree tree) {
    free(tree.blocks);
    free(tree.plains);
}

void ralph_cmark_alone(const uint8_t *bytes, size_t count) {
    cmark_parser *parser = new_parser(NULL);
    cmark_parser_feed(parser, (const char *)bytes, count);
    cmark_node_free(cmark_parser_finish(parser));
    cmark_parser_free(parser);
}
