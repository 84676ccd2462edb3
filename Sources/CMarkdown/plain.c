#include "plain.h"

#include "arena.h"

static bool is_blank(uint8_t byte) { return byte == ' ' || byte == '\t'; }

bool plain_may_end_in_braces(const uint8_t *bytes, struct plain_line line) {
    int64_t end = line.end;
    while (end > line.start && (is_blank(bytes[end - 1]) || bytes[end - 1] == '#')) end--;
    return end > line.start && bytes[end - 1] == '}';
}

static void add(struct plain_list *list, int64_t start, int64_t end) {
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 64;
        list->plains = ralph_grow(list->plains, list->capacity * sizeof *list->plains);
    }
    list->plains[list->count++] = (struct ralph_plain){start, end};
}

void plain_collect(struct plain_list *list, cmark_node *block, struct plain_line line) {
    for (cmark_node *inner = node_first_child(block); inner; inner = node_next(inner)) {
        cmark_node_type type = node_type(inner);
        if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) return;
        int64_t start = line.start + node_column(inner) - 1;
        int64_t end = line.start + node_end_column(inner);
        if (type == CMARK_NODE_TEXT && node_line(inner) == line.number && start >= line.start && start <= end
            && end <= line.end)
            add(list, start, end);
    }
}

void plain_guess(struct plain_list *list, const uint8_t *bytes, struct plain_line line) {
    int64_t start = line.end;
    while (start > line.start) {
        uint8_t byte = bytes[start - 1];
        if (byte == '`' || byte == '<' || byte == '>' || byte == '[' || byte == ']' || byte == '\\') break;
        start--;
    }
    add(list, start, line.end);
}
