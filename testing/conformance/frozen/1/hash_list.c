// A list becomes one array in order of digests: no look-up takes longer than some thirty comparisons.
#include "hash_list.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strict.h"

static const size_t LONGEST_LINE = 4096;

void problems_add(struct problems *problems, const char *place, size_t number, const char *problem) {
  if (problems->count == MOST_PROBLEMS) return;
  char *text = problems->text[problems->count++];
  if (number) {
    snprintf(text, PROBLEM_BYTES, "%s %zu: %s", place, number, problem);
  } else {
    snprintf(text, PROBLEM_BYTES, "%s: %s", place, problem);
  }
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Takes as much of the name as fits and is whole characters; the digest where there is none.
static void take_name(struct entry *entry, const char *name, size_t length, const char *digest) {
  if (length == 0 || !is_utf8((const uint8_t *)name, length, NULL)) {
    name = digest;
    length = 2 * DIGEST_BYTES;
  }
  if (length > NAME_BYTES) {
    length = NAME_BYTES;
    while (((uint8_t)name[length] & 0xc0) == 0x80) length--;
  }
  memcpy(entry->name, name, length);
  entry->name[length] = 0;
}

// Reads a line without blanks at its ends; returns what is wrong with it, or NULL.
static const char *parse_line(const char *line, size_t length, struct entry *entry) {
  size_t digits = 0;
  if (length > LONGEST_LINE) return "longer than 4096 bytes";
  while (digits < length && !is_blank(line[digits])) {
    if (digit(line[digits]) < 0) return "not a hexadecimal digit";
    digits++;
  }
  if (digits == 32 || digits == 40) return "this engine knows SHA-256 only";
  if (digits != 2 * DIGEST_BYTES) return "a digest has 64, 40 or 32 digits";
  for (size_t i = 0; i < DIGEST_BYTES; i++) {
    entry->digest[i] = (uint8_t)(digit(line[2 * i]) << 4 | digit(line[2 * i + 1]));
  }
  const char *name = line + digits;
  while (name < line + length && is_blank(*name)) name++;
  take_name(entry, name, (size_t)(line + length - name), line);
  return NULL;
}

static int compare(const void *a, const void *b) {
  return memcmp(((const struct entry *)a)->digest, ((const struct entry *)b)->digest, DIGEST_BYTES);
}

static struct entry *next_entry(struct hash_list *list, size_t *room) {
  if (list->count == *room) {
    *room = *room ? 2 * *room : 64;
    list->entries = realloc(list->entries, *room * sizeof *list->entries);
    if (!list->entries) {
      fputs("hash engine: no memory for the list\n", stderr);
      exit(70);
    }
  }
  return &list->entries[list->count];
}

struct hash_list hash_list_parse(const char *payload, size_t length, struct problems *problems) {
  struct hash_list list = {NULL, 0};
  size_t room = 0, number = 0;
  const char *at = payload, *end = payload + length;
  while (at < end) {
    const char *feed = memchr(at, '\n', (size_t)(end - at));
    const char *line = at, *line_end = feed ? feed : end;
    at = feed ? feed + 1 : end;
    number++;
    while (line < line_end && is_blank(*line)) line++;
    while (line_end > line && is_blank(line_end[-1])) line_end--;
    if (line == line_end || *line == '#') continue;
    const char *problem = parse_line(line, (size_t)(line_end - line), next_entry(&list, &room));
    if (problem) {
      problems_add(problems, "line", number, problem);
    } else {
      list.count++;
    }
  }
  if (list.count) qsort(list.entries, list.count, sizeof *list.entries, compare);
  return list;
}

const struct entry *hash_list_find(const struct hash_list *list, const uint8_t *digest) {
  struct entry wanted;
  if (!list->count) return NULL;
  memcpy(wanted.digest, digest, DIGEST_BYTES);
  return bsearch(&wanted, list->entries, list->count, sizeof wanted, compare);
}

void hash_list_free(struct hash_list *list) {
  free(list->entries);
  list->entries = NULL;
  list->count = 0;
}
