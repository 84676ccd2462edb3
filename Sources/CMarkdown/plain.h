/* Where the first line of a block is plain text. */
#ifndef RALPH_PLAIN_H
#define RALPH_PLAIN_H

#include "CMarkdown.h"
#include "node.h"

struct plain_list {
    struct ralph_plain *plains;
    size_t count, capacity;
};

/* The line that is looked at. */
struct plain_line {
    /* As the library counts, without the front matter. */
    int32_t number;
    /* Offsets in the document, without the line end. */
    int64_t start, end;
};

/* Whether a line ends with a closing brace, or a heading's closing marks behind one. */
bool plain_may_end_in_braces(const uint8_t *bytes, struct plain_line line);

/* Adds the plain ranges of a block whose inlines have been read. */
void plain_collect(struct plain_list *list, cmark_node *block, struct plain_line line);

/* Adds what is plain for sure when a block is too large to look at its inlines: the end of the line, behind the last byte
   that could begin or end something else. */
void plain_guess(struct plain_list *list, const uint8_t *bytes, struct plain_line line);

#endif
