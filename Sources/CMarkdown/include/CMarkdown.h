/// Markdown as blocks, read with cmark-gfm and its task-list extension, in the form that the grammar needs.
#ifndef CMARKDOWN_H
#define CMARKDOWN_H

#include <stddef.h>
#include <stdint.h>

/// What a block is.
enum {
    ralph_kind_heading,
    /// A list item that the task-list extension takes for a task.
    ralph_kind_task,
    /// Any other list item.
    ralph_kind_item,
    ralph_kind_list,
    ralph_kind_paragraph,
    ralph_kind_code,
    ralph_kind_html,
    ralph_kind_quote,
    ralph_kind_other,
};

/// A block. Lines and columns are the document's own, from 1. Large documents have hundreds of thousands of them, so they
/// are kept small.
struct ralph_block {
    int32_t line;
    int32_t column;
    /// Last line, without the blank ones behind it.
    int32_t end_line;
    /// Index of the block around it; -1 for what stands in the document itself.
    int32_t parent;
    /// Index of the first block behind it that is not in it.
    int32_t subtree_end;
    /// Index of the first of its plain ranges, and their number; -1 unless they were looked for.
    int32_t first_plain;
    int32_t plain_count;
    uint8_t kind;
    /// Of a heading, 1 to 6.
    uint8_t level;
    uint8_t is_in_quote;
};

/// Bytes of a line that are plain text: outside code, links and HTML. Offsets in the document.
struct ralph_plain {
    int64_t start;
    int64_t end;
};

/// The blocks of a document in document order, parents before what is in them. A paragraph that is all on the line of its
/// task's box is left out: it is the task's title.
struct ralph_tree {
    struct ralph_block *blocks;
    size_t block_count;
    struct ralph_plain *plains;
    size_t plain_count;
};

/// Reads a document.
/// - line_starts: offset of the first byte of each line, and one more for the end: line_count + 1 numbers.
/// - skipped_lines: front matter, which is left out.
/// - piece: how many bytes the library reads before what is complete is taken from it. Then only the block structure is read,
///   and memory does not grow with the document. 0: it reads all, inlines too, which comes to the same. So it is as well
///   where the library's inner headers were not there to build with.
/// Gives memory that `ralph_tree_free` takes back.
struct ralph_tree ralph_tree_read(
    const uint8_t *bytes, const intptr_t *line_starts, size_t line_count, size_t skipped_lines, size_t piece
);

void ralph_tree_free(struct ralph_tree tree);

/// Reads and forgets, with the library's own memory and nothing of ours: what it costs alone.
void ralph_cmark_alone(const uint8_t *bytes, size_t count);

#endif
