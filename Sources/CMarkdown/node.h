/* What we look at in cmark's nodes. Debian and Ubuntu install the library's inner headers beside the public ones; without
   them the whole document is parsed before it is walked, with the same result. */
#ifndef RALPH_NODE_H
#define RALPH_NODE_H

#include <cmark-gfm.h>
#include <stdbool.h>
#include <stdint.h>

#if !defined(RALPH_NO_INNER_HEADERS) && __has_include(<cmark-gfm/parser.h>) && __has_include(<cmark-gfm/inlines.h>)
#include <cmark-gfm/inlines.h>
#include <cmark-gfm/node.h>
#include <cmark-gfm/parser.h>
#include <cmark-gfm/references.h>
#define RALPH_HAS_INNER_HEADERS 1

static inline cmark_node *node_next(cmark_node *node) { return node->next; }
static inline cmark_node *node_first_child(cmark_node *node) { return node->first_child; }
static inline int32_t node_line(cmark_node *node) { return node->start_line; }
static inline int32_t node_end_line(cmark_node *node) { return node->end_line; }
static inline int32_t node_column(cmark_node *node) { return node->start_column; }
static inline int32_t node_end_column(cmark_node *node) { return node->end_column; }
static inline cmark_node_type node_type(cmark_node *node) { return (cmark_node_type)node->type; }
static inline bool node_is_open(cmark_node *node) { return node->flags & CMARK_NODE__OPEN; }
static inline bool node_is_task(cmark_node *node) { return node->extension != NULL; }
#else
#define RALPH_HAS_INNER_HEADERS 0

static inline cmark_node *node_next(cmark_node *node) { return cmark_node_next(node); }
static inline cmark_node *node_first_child(cmark_node *node) { return cmark_node_first_child(node); }
static inline int32_t node_line(cmark_node *node) { return cmark_node_get_start_line(node); }
static inline int32_t node_end_line(cmark_node *node) { return cmark_node_get_end_line(node); }
static inline int32_t node_column(cmark_node *node) { return cmark_node_get_start_column(node); }
static inline int32_t node_end_column(cmark_node *node) { return cmark_node_get_end_column(node); }
static inline cmark_node_type node_type(cmark_node *node) { return cmark_node_get_type(node); }
static inline bool node_is_open(cmark_node *node) { return false; }
/* "item" or "tasklist". */
static inline bool node_is_task(cmark_node *node) { return cmark_node_get_type_string(node)[0] == 't'; }
#endif


#endif
