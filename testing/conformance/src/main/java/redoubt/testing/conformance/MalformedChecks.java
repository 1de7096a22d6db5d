package redoubt.testing.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.WireLimits;

/// What is no message of the protocol, said to an engine that judges: it ends with an error, and
/// nothing else happens.
final class MalformedChecks {
  private static final String STRICT = "Stricter than protobuf";
  private static final String LIMITS = "Limits";
  private static final String TRANSPORT = "Transport";

  private static final int EVENTS = 5;
  private static final int CANCEL = 6;
  private static final int MODE_CHANGED = 7;
  private static final int PING = 8;
  private static final int SHUTDOWN = 9;

  private MalformedChecks() {}

  static List<Check> all() {
    return Stream.of(numbers(), wireFormat(), values(), limits(), descriptors())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Check> numbers() {
    return List.of(
        numbered("sequence-gap", TRANSPORT, "a number is left out", 1),
        numbered("sequence-repeated", TRANSPORT, "a number comes again", -1),
        malformed(
            "sequence-missing", TRANSPORT, "a message has no number", _ -> body(PING, nothing())),
        malformed(
            "sequence-too-large",
            LIMITS,
            "a number is 2^64 - 1",
            _ -> RawMessage.numbered(-1).message(PING, nothing())),
        malformed(
            "sequence-twice",
            STRICT,
            "a single field comes twice",
            next -> RawMessage.numbered(next).varint(1, next).message(PING, nothing())));
  }

  private static Check numbered(String id, String section, String what, long off) {
    return malformed(
        id, section, what, next -> RawMessage.numbered(next + off).message(PING, nothing()));
  }

  private static List<Check> wireFormat() {
    return List.of(
        malformed("malformed-no-body", STRICT, "a message has no body", RawMessage::numbered),
        malformed(
            "malformed-unknown-body",
            STRICT,
            "a message has only a body that this version does not know",
            next -> RawMessage.numbered(next).message(63, nothing())),
        malformed(
            "malformed-two-bodies",
            STRICT,
            "a message has two bodies",
            next ->
                RawMessage.numbered(next)
                    .message(PING, nothing())
                    .message(MODE_CHANGED, nothing().varint(1, 1))),
        malformed(
            "malformed-field-twice",
            STRICT,
            "a single field within a body comes twice",
            next ->
                RawMessage.numbered(next)
                    .message(MODE_CHANGED, nothing().varint(1, 1).varint(1, 2))),
        malformed(
            "malformed-group",
            STRICT,
            "a message has a group",
            next -> RawMessage.numbered(next).message(PING, nothing()).raw(0xf3, 3, 0xf4, 3)),
        malformed(
            "malformed-field-zero",
            STRICT,
            "a message has a field number 0",
            next -> RawMessage.numbered(next).message(PING, nothing()).raw(0, 0)),
        malformed(
            "malformed-truncated",
            STRICT,
            "a message is cut off",
            next -> RawMessage.numbered(next).raw(0x42, 5, 9)),
        malformed(
            "malformed-length",
            STRICT,
            "a body promises 2^31 - 1 bytes",
            next -> RawMessage.numbered(next).raw(0x42, 0xff, 0xff, 0xff, 0xff, 7)),
        malformed(
            "malformed-varint",
            STRICT,
            "a number has eleven bytes",
            next ->
                RawMessage.numbered(next)
                    .message(PING, nothing())
                    .raw(0x78, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1)),
        malformed(
            "malformed-wire-type",
            STRICT,
            "a number comes as text",
            next -> RawMessage.numbered(next).message(SHUTDOWN, nothing().text(2, "1"))),
        malformed(
            "malformed-text",
            STRICT,
            "a path is no UTF-8",
            next -> event(next, new RawMessage(), new RawMessage().bytes(1, new byte[] {-1}))));
  }

  private static List<Check> values() {
    return List.of(
        malformed(
            "value-mode-missing",
            STRICT,
            "a change of mode names none",
            next -> RawMessage.numbered(next).message(MODE_CHANGED, nothing())),
        malformed(
            "value-mode-unknown",
            STRICT,
            "a change of mode names one that this version does not have",
            next -> RawMessage.numbered(next).message(MODE_CHANGED, nothing().varint(1, 9))),
        malformed(
            "value-class-unknown",
            STRICT,
            "an event is of a class that this version does not have",
            next -> events(next, nothing().varint(1, 1).varint(2, 9))),
        malformed(
            "value-event-without-id",
            LIMITS,
            "an event has no id",
            next -> events(next, nothing().varint(2, 1))),
        malformed(
            "value-answered-and-answerable",
            "Events → Verdicts or Abstained",
            "an event waits for an answer and has one",
            next -> event(next, nothing().varint(3, 1).varint(5, 1), nothing())),
        malformed(
            "value-budget-without-wait",
            "Events → Verdicts or Abstained",
            "an event that nobody waits for has a budget",
            next -> event(next, nothing().varint(4, 1), nothing())),
        malformed(
            "value-digest-short",
            STRICT,
            "a digest has one byte",
            next -> event(next, nothing(), nothing().bytes(8, new byte[1]))));
  }

  private static List<Check> limits() {
    return List.of(
        malformed(
            "limit-message",
            LIMITS,
            "a message has 65,537 bytes",
            next -> {
              RawMessage start = RawMessage.numbered(next).message(PING, nothing());
              int frame = start.toBytes().length + 5; // tag and length of the padding
              return start.bytes(900, new byte[WireLimits.MESSAGE_BYTES + 1 - frame]);
            }),
        malformed(
            "limit-events",
            LIMITS,
            "65 events come in one message",
            next ->
                RawMessage.numbered(next)
                    .bytes(
                        EVENTS,
                        IntStream.rangeClosed(1, WireLimits.EVENTS_PER_MESSAGE + 1)
                            .mapToObj(id -> nothing().varint(1, id).varint(2, 1))
                            .reduce(nothing(), (all, one) -> all.message(2, one))
                            .toBytes())),
        malformed(
            "limit-no-events",
            LIMITS,
            "a message brings no event",
            next -> RawMessage.numbered(next).message(EVENTS, nothing())),
        malformed(
            "limit-path",
            LIMITS,
            "a path has 4,097 bytes",
            next -> event(next, nothing(), nothing().text(1, "a".repeat(4097)))),
        malformed(
            "limit-budget",
            LIMITS,
            "somebody is said to wait longer than 60 s",
            next -> event(next, nothing().varint(3, 1).varint(4, 60_000_001), nothing())),
        malformed(
            "limit-cancel",
            LIMITS,
            "257 events are cancelled in one message",
            next -> RawMessage.numbered(next).message(CANCEL, nothing().bytes(1, ids(257)))),
        malformed(
            "limit-grace",
            LIMITS,
            "a shutdown has a grace of more than 60 s",
            next -> RawMessage.numbered(next).message(SHUTDOWN, nothing().varint(2, 60_001))));
  }

  private static List<Check> descriptors() {
    return List.of(
        new Check(
            "descriptor-missing",
            TRANSPORT,
            "ends with an error when an event says that a descriptor comes, and none does",
            stage -> {
              Conversation engine = stage.ready();
              engine.send(
                  new AgentMessage.Events(0, List.of(engine.event(stage.file(), Ask.USUAL))));
              return engine.awaitFailure();
            }),
        new Check(
            "descriptor-stray",
            TRANSPORT,
            "ends with an error when a descriptor comes that no message speaks of",
            stage -> {
              Conversation engine = stage.ready();
              engine.sendRaw(
                  EngineCodec.encode(engine.nextSequence(), new AgentMessage.Ping(1)),
                  stage.file().descriptor());
              return engine.awaitFailure();
            }));
  }

  /// A check that says something wrong to an engine that judges.
  ///
  /// @param wrong makes it, given the number that the message should have
  private static Check malformed(
      String id, String section, String what, Function<Long, RawMessage> wrong) {
    return new Check(
        id,
        section,
        "ends with an error when " + what,
        stage -> {
          Conversation engine = stage.ready();
          engine.sendRaw(wrong.apply(engine.nextSequence()).toBytes());
          return engine.awaitFailure();
        });
  }

  private static RawMessage nothing() {
    return new RawMessage();
  }

  private static RawMessage body(int field, RawMessage body) {
    return new RawMessage().message(field, body);
  }

  private static RawMessage events(long sequence, RawMessage event) {
    return RawMessage.numbered(sequence).message(EVENTS, nothing().message(2, event));
  }

  /// An event that would be right without what is added.
  private static RawMessage event(long sequence, RawMessage added, RawMessage file) {
    RawMessage event = nothing().varint(1, 1).varint(2, 1);
    for (byte each : added.toBytes()) {
      event.raw(each);
    }
    return events(sequence, event.message(7, file));
  }

  private static byte[] ids(int count) {
    byte[] ids = new byte[count];
    Arrays.fill(ids, (byte) 1);
    return ids;
  }
}
