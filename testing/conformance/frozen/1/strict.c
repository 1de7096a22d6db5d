// Reads a message once more beside the schema that protobuf-c generated. The library takes the last of
// two values, skips what has another type than the schema says, and does not look at text.
#include "strict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VARINT = 0, FIXED64 = 1, DELIMITED = 2, FIXED32 = 5 };

enum { MOST_FIELDS = 64 };

struct bytes {
  const uint8_t *at;
  const uint8_t *end;
};

_Noreturn void violation(const char *problem) {
  fprintf(stderr, "hash engine: protocol violation: %s\n", problem);
  exit(3);
}

static void require(bool holds, const char *problem) {
  if (!holds) violation(problem);
}

static uint64_t read_varint(struct bytes *in) {
  uint64_t value = 0;
  for (int shift = 0; shift < 70; shift += 7) {
    require(in->at < in->end, "cut off");
    uint8_t byte = *in->at++;
    value |= (uint64_t)(byte & 0x7f) << shift;
    if (!(byte & 0x80)) return value;
  }
  violation("a number of more than ten bytes");
}

static struct bytes read_value(struct bytes *in, int wire_type) {
  struct bytes value = {in->at, in->at};
  uint64_t length = 0;
  switch (wire_type) {
    case VARINT:
      read_varint(in);
      value.end = in->at;
      return value;
    case DELIMITED: length = read_varint(in); break;
    case FIXED64: length = 8; break;
    case FIXED32: length = 4; break;
    default: violation("a group, or no wire type at all");
  }
  require(length <= (uint64_t)(in->end - in->at), "cut off");
  value.at = in->at;
  in->at = value.end = value.at + length;
  return value;
}

static int wire_type_of(ProtobufCType type) {
  switch (type) {
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_SFIXED64: return FIXED64;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE: return DELIMITED;
    default: return VARINT;  // the schema has no other
  }
}

static void check_value(const ProtobufCFieldDescriptor *field, int wire_type, struct bytes value) {
  int wanted = wire_type_of(field->type);
  bool packed = field->label == PROTOBUF_C_LABEL_REPEATED && wanted == VARINT && wire_type == DELIMITED;
  require(packed || wire_type == wanted, "wrong wire type");
  size_t length = (size_t)(value.end - value.at);
  if (field->type == PROTOBUF_C_TYPE_STRING) require(is_utf8(value.at, length, NULL), "text is no UTF-8");
  if (field->type == PROTOBUF_C_TYPE_MESSAGE) require_strict(value.at, length, field->descriptor);
}

void require_strict(const uint8_t *data, size_t length, const ProtobufCMessageDescriptor *type) {
  struct bytes in = {data, data + length};
  bool seen[MOST_FIELDS] = {false};
  bool seen_one_of = false;
  while (in.at < in.end) {
    uint64_t tag = read_varint(&in);
    int wire_type = (int)(tag & 7);
    require(tag >> 3 > 0 && tag >> 3 < 1u << 29, "no field number");
    struct bytes value = read_value(&in, wire_type);
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(type, (unsigned)(tag >> 3));
    if (!field) continue;
    check_value(field, wire_type, value);
    if (field->label == PROTOBUF_C_LABEL_REPEATED) continue;
    // All bodies of an envelope are one field: a message has one of them.
    bool *slot = field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF ? &seen_one_of : &seen[field - type->fields];
    require(!*slot, "a single field comes twice");
    *slot = true;
  }
}

bool is_utf8(const uint8_t *text, size_t length, size_t *characters) {
  size_t count = 0;
  for (size_t at = 0; at < length; count++) {
    uint8_t first = text[at++];
    int more = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
    if (more < 0 || (size_t)more > length - at) return false;
    if (more > 0) {
      uint8_t second = text[at];
      if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) return false;
      if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) return false;
    }
    for (; more > 0; more--) {
      if ((text[at++] & 0xc0) != 0x80) return false;
    }
  }
  if (characters) *characters = count;
  return true;
}

static void check_event(const Redoubt__Engine__V1__Event *event) {
  const Redoubt__Engine__V1__File *file = event->file;
  require(event->id >= 1 && event->id <= INT64_MAX, "event id out of range");
  require(event->event_class == 1 || event->event_class == 2, "unknown class");
  require(event->budget_micros <= (event->answerable ? 60000000u : 0u), "budget out of range");
  require(!(event->answerable && event->answer), "answerable but answered");
  require((unsigned)event->answer <= 2, "unknown verdict");
  if (!file) return;
  require(file->sha256.len == 0 || file->sha256.len == 32, "digest of another length");
  require(strlen(file->path) <= 4096, "path too long");
}

void require_limits(const Redoubt__Engine__V1__FromAgent *message) {
  size_t characters = 0;
  require(message->sequence >= 1 && message->sequence <= INT64_MAX, "sequence out of range");
  switch (message->body_case) {
    case REDOUBT__ENGINE__V1__FROM_AGENT__BODY_WELCOME:
      require(message->welcome->max_credits >= 1 && message->welcome->max_credits <= 4096, "credits out of range");
      require(message->welcome->mode == 1 || message->welcome->mode == 2, "unknown mode");
      break;
    case REDOUBT__ENGINE__V1__FROM_AGENT__BODY_LOAD_CONTENT:
      is_utf8((const uint8_t *)message->load_content->version, strlen(message->load_content->version), &characters);
      require(characters >= 1 && characters <= 128, "version out of range");
      require(message->load_content->sha256.len == 32, "digest of another length");
      require(message->load_content->size_bytes <= 1u << 30, "content too large");
      break;
    case REDOUBT__ENGINE__V1__FROM_AGENT__BODY_EVENTS:
      require(message->events->n_events >= 1 && message->events->n_events <= 64, "number of events out of range");
      for (size_t i = 0; i < message->events->n_events; i++) check_event(message->events->events[i]);
      break;
    case REDOUBT__ENGINE__V1__FROM_AGENT__BODY_CANCEL:
      require(message->cancel->n_event_ids >= 1 && message->cancel->n_event_ids <= 256, "number of ids out of range");
      break;
    case REDOUBT__ENGINE__V1__FROM_AGENT__BODY_MODE_CHANGED:
      require(message->mode_changed->mode == 1 || message->mode_changed->mode == 2, "unknown mode");
      break;
    case REDOUBT__ENGINE__V1__FROM_AGENT__BODY_SHUTDOWN:
      require(message->shutdown->grace_millis <= 60000, "grace out of range");
      break;
    case REDOUBT__ENGINE__V1__FROM_AGENT__BODY_REFUSED:
    case REDOUBT__ENGINE__V1__FROM_AGENT__BODY_PING: break;
    default: violation("no known body");
  }
}
