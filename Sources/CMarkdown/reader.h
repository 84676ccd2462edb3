/* One reading of a document: what the library has open, and the tree so far. */
#ifndef RALPH_READER_H
#define RALPH_READER_H

#include "CMarkdown.h"
#include "node.h"
#include "plain.h"

/* A container whose block is in the tree, but not yet all that is in it. */
struct open_block {
    cmark_node *node;
    /* The last of its children that is in the tree. */
    cmark_node *last;
    int32_t index;
};

/* A block whose inlines are needed, kept until all link definitions are known. */
struct kept_block {
    cmark_node *node;
    int32_t holder;
    struct plain_line line;
};

struct reader {
    const uint8_t *bytes;
    const intptr_t *starts;
    int32_t line_count, skipped;
    cmark_parser *parser;
    bool is_whole;
    /* An item became a task when its title was in the tree already. */
    bool has_late_task;
    struct ralph_tree tree;
    size_t capacity;
    struct plain_list plain;
    struct open_block *open;
    size_t depth, open_capacity;
    /* Bytes read since blocks were last taken. */
    size_t fed;
    struct kept_block *kept;
    size_t kept_count, kept_capacity;
};

/* Begins with the document's own node. */
void reader_begin(struct reader *r, cmark_node *root);

/* Takes over all blocks that are complete; at the end, all. */
void reader_take(struct reader *r, bool is_end);

/* Leaves out the titles of tasks that were found to be tasks late, as those of all others are. */
void reader_leave_out_titles(struct reader *r);

/* Looks where the first lines of the kept blocks are plain text. */
void reader_collect_plain(struct reader *r);

#endif
