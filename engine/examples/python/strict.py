"""What the protocol asks for beyond protobuf ("Stricter than protobuf" in the specification).

A protobuf library takes the last of two values, skips groups and leaves limits to its caller. Here a
message is read once more, byte by byte, beside the schema that the library knows: what would have
two meanings is refused.
"""

from google.protobuf.descriptor import FieldDescriptor as Field

VARINT, FIXED64, DELIMITED, FIXED32 = 0, 1, 2, 5
WIRE_TYPES = {
    Field.TYPE_UINT32: VARINT,
    Field.TYPE_INT32: VARINT,
    Field.TYPE_UINT64: VARINT,
    Field.TYPE_BOOL: VARINT,
    Field.TYPE_ENUM: VARINT,
    Field.TYPE_FIXED64: FIXED64,
    Field.TYPE_SFIXED64: FIXED64,
    Field.TYPE_STRING: DELIMITED,
    Field.TYPE_BYTES: DELIMITED,
    Field.TYPE_MESSAGE: DELIMITED,
}


class Violation(Exception):
    """The agent broke the protocol; the connection ends."""


def require(holds, problem):
    if not holds:
        raise Violation(problem)


def check_fields(data, descriptor):
    """Refuses groups, wrong types, text that is no UTF-8, and single fields that come twice."""
    seen = set()
    at = 0
    while at < len(data):
        tag, at = read_varint(data, at)
        number, wire_type = tag >> 3, tag & 7
        require(number > 0, "field number 0")
        value, at = read_value(data, at, wire_type)
        field = descriptor.fields_by_number.get(number)
        if field is not None:
            check_value(field, wire_type, value, seen)


def check_value(field, wire_type, value, seen):
    repeated = field.label == Field.LABEL_REPEATED
    packed = repeated and wire_type == DELIMITED and WIRE_TYPES[field.type] == VARINT
    require(packed or wire_type == WIRE_TYPES[field.type], "wrong wire type: " + field.name)
    if not repeated:
        # All bodies of an envelope are one field: a message has one of them.
        slot = field.containing_oneof.name if field.containing_oneof else field.name
        require(slot not in seen, "comes twice: " + field.name)
        seen.add(slot)
    if field.type == Field.TYPE_STRING:
        try:
            value.decode("utf-8")
        except UnicodeDecodeError:
            raise Violation("no UTF-8: " + field.name) from None
    elif field.type == Field.TYPE_MESSAGE:
        check_fields(value, field.message_type)


def read_varint(data, at):
    value = 0
    for shift in range(0, 70, 7):
        require(at < len(data), "cut off")
        value |= (data[at] & 0x7F) << shift
        at += 1
        if not data[at - 1] & 0x80:
            return value, at
    raise Violation("a number of more than ten bytes")


def read_value(data, at, wire_type):
    if wire_type == VARINT:
        return read_varint(data, at)
    if wire_type == DELIMITED:
        length, at = read_varint(data, at)
    else:
        require(wire_type in (FIXED64, FIXED32), "wire type %d" % wire_type)
        length = 8 if wire_type == FIXED64 else 4
    require(length <= len(data) - at, "cut off")
    return data[at : at + length], at + length


def check_limits(message):
    """Refuses values that this version does not have or that exceed its limits."""
    body = message.WhichOneof("body")
    require(1 <= message.sequence < 2**63, "sequence out of range")
    require(body is not None, "no known body")
    value = getattr(message, body)
    if body == "welcome":
        require(1 <= value.max_credits <= 4096, "credits out of range")
        require(1 <= value.soft_deadline_millis <= 60_000, "deadline out of range")
        require(value.mode in (1, 2), "unknown mode")
    elif body == "load_content":
        require(1 <= len(value.version) <= 128, "version out of range")
        require(len(value.sha256) == 32, "digest of another length")
        require(value.size_bytes <= 1 << 30, "content too large")
    elif body == "events":
        require(1 <= len(value.events) <= 64, "number of events out of range")
        for event in value.events:
            check_event(event)
    elif body == "cancel":
        require(1 <= len(value.event_ids) <= 256, "number of ids out of range")
    elif body == "mode_changed":
        require(value.mode in (1, 2), "unknown mode")
    elif body == "shutdown":
        require(value.grace_millis <= 60_000, "grace out of range")


def check_event(event):
    require(1 <= event.id < 2**63, "event id out of range")
    require(event.event_class in (1, 2), "unknown class")
    require(event.budget_micros <= (60_000_000 if event.answerable else 0), "budget out of range")
    require(not (event.answerable and event.answer), "answerable but answered")
    require(event.answer in (0, 1, 2), "unknown verdict")
    require(len(event.file.sha256) in (0, 32), "digest of another length")
    require(len(event.file.path.encode()) <= 4096, "path too long")
