// What the protocol asks for beyond protobuf: one meaning or none, and limits.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine-protocol.pb-c.h"

// Ends the process: the agent broke the protocol, and nothing may be guessed.
_Noreturn void violation(const char *problem);

// Ends the process unless the bytes are a message with one meaning ("Stricter than protobuf").
void require_strict(const uint8_t *data, size_t length, const ProtobufCMessageDescriptor *type);

// Ends the process unless every value that this engine reads is within its limits ("Limits").
void require_limits(const Redoubt__Engine__V1__FromAgent *message);

// Whether the bytes are valid UTF-8. *characters, if given, gets their number.
bool is_utf8(const uint8_t *text, size_t length, size_t *characters);
