#include "arena.h"
#include "reader.h"

#include <stdlib.h>

static uint8_t kind_of(cmark_node *node) {
    cmark_node_type type = node_type(node);
    if (type == CMARK_NODE_ITEM) return node_is_task(node) ? ralph_kind_task : ralph_kind_item;
    if (type == CMARK_NODE_PARAGRAPH) return ralph_kind_paragraph;
    if (type == CMARK_NODE_LIST) return ralph_kind_list;
    if (type == CMARK_NODE_HEADING) return ralph_kind_heading;
    if (type == CMARK_NODE_CODE_BLOCK) return ralph_kind_code;
    if (type == CMARK_NODE_HTML_BLOCK) return ralph_kind_html;
    if (type == CMARK_NODE_BLOCK_QUOTE) return ralph_kind_quote;
    return ralph_kind_other;
}

static bool is_container(uint8_t kind) {
    return kind == ralph_kind_task || kind == ralph_kind_item || kind == ralph_kind_list || kind == ralph_kind_quote;
}

static struct plain_line line_at(struct reader *r, int32_t number) {
    int32_t line = number + r->skipped;
    int64_t start = r->starts[line - 1], end = r->starts[line];
    if (end > start && r->bytes[end - 1] == '\n') end--;
    if (end > start && r->bytes[end - 1] == '\r') end--;
    return (struct plain_line){number, start, end};
}

static void keep(struct reader *r, cmark_node *node, int32_t holder, struct plain_line line) {
    if (r->kept_count == r->kept_capacity) {
        r->kept_capacity = r->kept_capacity ? r->kept_capacity * 2 : 16;
        r->kept = ralph_grow(r->kept, r->kept_capacity * sizeof *r->kept);
    }
    r->kept[r->kept_count++] = (struct kept_block){node, holder, line};
    cmark_node_set_user_data(node, r);
}

/* Braces at the end of a first line may be attributes: then it matters where that line is plain text. */
static void note_plain(struct reader *r, cmark_node *node, uint8_t kind, int32_t parent) {
    int32_t holder = (int32_t)r->tree.block_count;
    int32_t line = node_line(node);
    if (kind == ralph_kind_paragraph || parent >= 0) {
        if (parent < 0 || parent != holder - 1 || r->tree.blocks[parent].line != line + r->skipped) return;
        holder = parent;
    }
    if (line + r->skipped > r->line_count) return;
    struct plain_line place = line_at(r, line);
    if (plain_may_end_in_braces(r->bytes, place)) keep(r, node, holder, place);
}

/* A task's title, all on the line of its box. */
static bool is_title(struct reader *r, uint8_t kind, int32_t parent, int32_t line, int32_t end_line) {
    if (kind != ralph_kind_paragraph || parent < 0 || line != end_line) return false;
    struct ralph_block *around = &r->tree.blocks[parent];
    return around->kind == ralph_kind_task && around->line == line;
}

static int32_t add(struct reader *r, cmark_node *node, uint8_t kind, int32_t parent, int32_t end_line) {
    if (kind == ralph_kind_paragraph || kind == ralph_kind_heading) note_plain(r, node, kind, parent);
    int32_t line = node_line(node) + r->skipped;
    if (line > r->line_count) return -1;
    if (is_title(r, kind, parent, line, end_line)) return -1;
    bool is_in_quote = kind == ralph_kind_quote || (parent >= 0 && r->tree.blocks[parent].is_in_quote);
    if (r->tree.block_count == r->capacity) {
        r->capacity = r->capacity ? r->capacity * 2 : 256;
        r->tree.blocks = ralph_grow(r->tree.blocks, r->capacity * sizeof *r->tree.blocks);
    }
    int32_t index = (int32_t)r->tree.block_count++;
    r->tree.blocks[index] = (struct ralph_block){
        .line = line,
        .column = node_column(node),
        .end_line = end_line,
        .parent = parent,
        .subtree_end = index + 1,
        .first_plain = -1,
        .kind = kind,
        .level = kind == ralph_kind_heading ? (uint8_t)cmark_node_get_heading_level(node) : 0,
        .is_in_quote = is_in_quote,
    };
    return index;
}

static void push(struct reader *r, cmark_node *node, int32_t index) {
    if (r->depth == r->open_capacity) {
        r->open_capacity = r->open_capacity ? r->open_capacity * 2 : 64;
        r->open = ralph_grow(r->open, r->open_capacity * sizeof *r->open);
    }
    r->open[r->depth++] = (struct open_block){node, NULL, index};
}

void reader_begin(struct reader *r, cmark_node *root) { push(r, root, -1); }

/* A block that is in the tree, closed and not its parent's last: nobody looks at it again. */
static void release(struct reader *r, cmark_node *node) {
    if (!node || r->is_whole) return;
    if (cmark_node_get_user_data(node)) cmark_node_unlink(node);
    else cmark_node_free(node);
}

static void close_top(struct reader *r) {
    struct open_block top = r->open[--r->depth];
    release(r, top.last);
    if (top.index < 0) return;
    r->tree.blocks[top.index].end_line = node_is_open(top.node) ? r->line_count : node_end_line(top.node) + r->skipped;
    r->tree.blocks[top.index].subtree_end = (int32_t)r->tree.block_count;
    /* The library makes an item a task for the sake of a later paragraph too, such as `1- [ ] a`. */
    uint8_t kind = kind_of(top.node);
    if (r->tree.blocks[top.index].kind != kind) r->has_late_task = true;
    r->tree.blocks[top.index].kind = kind;
}

/* Without recursion: a document can nest as deep as it is long. */
void reader_take(struct reader *r, bool is_end) {
    for (;;) {
        struct open_block *top = &r->open[r->depth - 1];
        cmark_node *next = top->last ? node_next(top->last) : node_first_child(top->node);
        if (!next) {
            if (r->depth == 1 || (node_is_open(top->node) && !is_end)) return;
            close_top(r);
            continue;
        }
        uint8_t kind = kind_of(next);
        /* The last line of an open paragraph may still make it a heading, or nothing. */
        if (!is_container(kind) && node_is_open(next) && !is_end) return;
        release(r, top->last);
        top->last = next;
        int32_t end_line = node_is_open(next) ? r->line_count : node_end_line(next) + r->skipped;
        int32_t index = add(r, next, kind, top->index, end_line);
        if (is_container(kind)) push(r, next, index);
    }
}

void reader_leave_out_titles(struct reader *r) {
    if (!r->has_late_task) return;
    struct ralph_block *blocks = r->tree.blocks;
    size_t count = r->tree.block_count, left = 0;
    int32_t *places = ralph_grow(NULL, (count + 1) * sizeof *places);
    for (size_t index = 0; index < count; index++) {
        struct ralph_block *block = &blocks[index];
        places[index] = (int32_t)left;
        /* Parents stand before what is in them, and keep their numbers until all are looked at. */
        if (!is_title(r, block->kind, block->parent, block->line, block->end_line)) left++;
    }
    places[count] = (int32_t)left;
    for (size_t index = 0; index < count; index++) {
        if (places[index + 1] == places[index]) continue;
        struct ralph_block block = blocks[index];
        if (block.parent >= 0) block.parent = places[block.parent];
        block.subtree_end = places[block.subtree_end];
        blocks[places[index]] = block;
    }
    r->tree.block_count = left;
    free(places);
}
