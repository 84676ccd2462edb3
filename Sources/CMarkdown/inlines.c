#include "reader.h"

/* Inlines of larger blocks are not read: the library takes quadratic time for some of them. */
enum { largest_inlines = 4096 };
/* Bytes of link targets that all blocks together may copy. */
enum { most_copied = 32 << 20 };

#if RALPH_HAS_INNER_HEADERS
static int64_t longest_target(cmark_map *map) {
    int64_t longest = 0;
    for (cmark_map_entry *entry = map->refs; entry; entry = entry->next) {
        cmark_reference *reference = (cmark_reference *)entry;
        int64_t length = (int64_t)reference->url.len + reference->title.len;
        if (length > longest) longest = length;
    }
    return longest;
}

static int64_t brackets_in(const unsigned char *text, int64_t count) {
    int64_t brackets = 0;
    for (int64_t at = 0; at < count; at++) brackets += text[at] == ']';
    return brackets;
}

static void read_inlines(struct reader *r) {
    if (r->is_whole) return;
    int64_t longest = longest_target(r->parser->refmap), left = most_copied;
    for (size_t at = 0; at < r->kept_count; at++) {
        cmark_node *node = r->kept[at].node;
        if (node->content.size > largest_inlines) continue;
        int64_t cost = longest * brackets_in(node->content.ptr, node->content.size);
        left -= cost;
        cmark_parse_inlines(r->parser, node, left < 0 ? NULL : r->parser->refmap, r->parser->options);
        cmark_consolidate_text_nodes(node);
    }
}

static bool is_too_large(struct reader *r, cmark_node *node) {
    return !r->is_whole && node->content.size > largest_inlines;
}
#else
static void read_inlines(struct reader *r) {}
static bool is_too_large(struct reader *r, cmark_node *node) { return false; }
#endif

void reader_collect_plain(struct reader *r) {
    read_inlines(r);
    for (size_t at = 0; at < r->kept_count; at++) {
        struct kept_block *kept = &r->kept[at];
        if ((size_t)kept->holder >= r->tree.block_count) continue;
        struct ralph_block *holder = &r->tree.blocks[kept->holder];
        holder->first_plain = (int32_t)r->plain.count;
        if (is_too_large(r, kept->node)) plain_guess(&r->plain, r->bytes, kept->line);
        else plain_collect(&r->plain, kept->node, kept->line);
        holder->plain_count = (int32_t)r->plain.count - holder->first_plain;
    }
}
