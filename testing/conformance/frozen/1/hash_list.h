// Hash lists as spec/hash-list.abnf has them, with SHA-256 only.
#pragma once

#include <stddef.h>
#include <stdint.h>

// The SHA-256 of the grammar: what an engine names in its Hello.
#define SCHEMA_HASH "942aa67d31d9bd4305ce97f6b8e22f5daf1b7ca6b63c9b0480a265cbe162458d"

enum { DIGEST_BYTES = 32, MOST_PROBLEMS = 64, PROBLEM_BYTES = 96, NAME_BYTES = 256 };

struct entry {
  uint8_t digest[DIGEST_BYTES];
  char name[NAME_BYTES + 1];  // UTF-8, ended by 0; as much of it as fits
};

struct hash_list {
  struct entry *entries;  // in order of their digests
  size_t count;
};

struct problems {
  char text[MOST_PROBLEMS][PROBLEM_BYTES];  // each `place: problem`
  size_t count;
};

// Reads a list; what is wrong with a line goes to problems. Ends the process without memory.
struct hash_list hash_list_parse(const char *payload, size_t length, struct problems *problems);

// Finds the entry with a digest, or NULL.
const struct entry *hash_list_find(const struct hash_list *list, const uint8_t *digest);

void hash_list_free(struct hash_list *list);

void problems_add(struct problems *problems, const char *place, size_t number, const char *problem);
