package redoubt.core.wire;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Sha256;
import redoubt.core.wire.AgentMessage.Activity;
import redoubt.core.wire.AgentMessage.Cancel;
import redoubt.core.wire.AgentMessage.Event;
import redoubt.core.wire.AgentMessage.Events;
import redoubt.core.wire.AgentMessage.LoadContent;
import redoubt.core.wire.AgentMessage.ModeChanged;
import redoubt.core.wire.AgentMessage.Ping;
import redoubt.core.wire.AgentMessage.Refused;
import redoubt.core.wire.AgentMessage.Shutdown;
import redoubt.core.wire.AgentMessage.Welcome;

/// The bodies of `FromAgent` in `spec/engine-protocol.proto`, field by field.
final class AgentMessages {
  private AgentMessages() {}

  /// The number of the message's field in the envelope.
  static int field(AgentMessage message) {
    return switch (message) {
      case Welcome _ -> 2;
      case Refused _ -> 3;
      case LoadContent _ -> 4;
      case Events _ -> 5;
      case Cancel _ -> 6;
      case ModeChanged _ -> 7;
      case Ping _ -> 8;
      case Shutdown _ -> 9;
      case Activity _ -> 10;
    };
  }

  static void write(ProtoWriter out, AgentMessage message) {
    switch (message) {
      case Welcome welcome -> writeWelcome(out, welcome);
      case Refused refused -> {
        out.text(1, refused.code());
        out.text(2, WireText.cut(refused.message(), WireLimits.REASON_CHARS));
      }
      case LoadContent content -> writeLoadContent(out, content);
      case Events events -> {
        out.unsigned(1, events.lost());
        for (Event event : events.events()) {
          out.begin(2);
          EventFormat.write(out, event);
          out.end();
        }
      }
      case Activity activity -> {
        out.unsigned(1, activity.lost());
        out.unsigned(2, activity.firstId());
        for (HostEvent event : activity.events()) {
          out.begin(3);
          HostEventFormat.write(out, event);
          out.end();
        }
      }
      case Cancel cancel -> writeIds(out, 1, cancel.ids());
      case ModeChanged changed -> out.unsigned(1, EnumNumbers.of(changed.mode()));
      case Ping ping -> out.fixed64(1, ping.nonce());
      case Shutdown shutdown -> {
        out.text(1, WireText.cut(shutdown.reason(), WireLimits.REASON_CHARS));
        out.uint32(2, shutdown.graceMillis());
      }
    }
  }

  /// Reads the body that `in` stands at, or skips a field that is none and returns null.
  static @Nullable AgentMessage read(ProtoReader in) throws WireException {
    return switch (in.field()) {
      case 2 -> readWelcome(in.message());
      case 3 -> readRefused(in.message());
      case 4 -> readLoadContent(in.message());
      case 5 -> readEvents(in.message());
      case 6 -> readCancel(in.message());
      case 7 -> readModeChanged(in.message());
      case 8 -> readPing(in.message());
      case 9 -> readShutdown(in.message());
      case 10 -> readActivity(in.message());
      default -> {
        in.skip();
        yield null;
      }
    };
  }

  /// @throws IllegalArgumentException if a field is out of its range
  static void check(AgentMessage message) {
    switch (message) {
      case Welcome welcome -> checkWelcome(welcome);
      case Refused refused -> Check.code(refused.code());
      case LoadContent content -> {
        Check.text("name", content.name(), WireLimits.NAME_CHARS);
        Check.required("version", content.version(), WireLimits.VERSION_CHARS);
        Check.range("sizeBytes", content.sizeBytes(), 0, WireLimits.CONTENT_BYTES);
      }
      case Events events -> {
        Check.range("lost", events.lost(), 0, Long.MAX_VALUE);
        Check.count("events", events.events(), 1, WireLimits.EVENTS_PER_MESSAGE);
        events.events().forEach(EventFormat::check);
      }
      case Activity activity -> {
        Check.range("lost", activity.lost(), 0, Long.MAX_VALUE);
        Check.count("events", activity.events(), 1, WireLimits.HOST_EVENTS_PER_MESSAGE);
        Check.range(
            "firstId", activity.firstId(), 1, Long.MAX_VALUE - WireLimits.HOST_EVENTS_PER_MESSAGE);
        activity.events().forEach(HostEventFormat::check);
      }
      case Cancel cancel -> Check.eventIds(cancel.ids());
      case ModeChanged _, Ping _ -> {
        // Every value is a valid one.
      }
      case Shutdown shutdown ->
          Check.range("graceMillis", shutdown.graceMillis(), 0, WireLimits.DEADLINE_MILLIS);
    }
  }

  /// Checks what [#write] would have cut.
  static void checkRead(AgentMessage message) {
    check(message);
    switch (message) {
      case Refused refused -> Check.text("message", refused.message(), WireLimits.REASON_CHARS);
      case Shutdown shutdown -> Check.text("reason", shutdown.reason(), WireLimits.REASON_CHARS);
      case Events events -> events.events().forEach(event -> Check.path("path", event.path()));
      case Welcome _, LoadContent _, Activity _, Cancel _, ModeChanged _, Ping _ -> {
        // Nothing of these is cut.
      }
    }
  }

  private static void checkWelcome(Welcome welcome) {
    Check.range("protocolVersion", welcome.protocolVersion(), 1, WireLimits.HIGHEST_VERSION);
    Check.engineId(welcome.engineId());
    welcome.authClasses().forEach(Check::answerable);
    Check.text("agentVersion", welcome.agentVersion(), WireLimits.VERSION_CHARS);
    Check.range("maxCredits", welcome.maxCredits(), 1, WireLimits.CREDITS);
    Check.range("softDeadlineMillis", welcome.softDeadlineMillis(), 1, WireLimits.DEADLINE_MILLIS);
  }

  private static void writeWelcome(ProtoWriter out, Welcome welcome) {
    out.uint32(1, welcome.protocolVersion());
    out.text(2, welcome.engineId());
    out.text(3, welcome.agentVersion());
    EnumNumbers.write(out, 4, welcome.authClasses());
    EnumNumbers.write(out, 5, welcome.notifyClasses());
    out.unsigned(6, EnumNumbers.of(welcome.mode()));
    out.uint32(7, welcome.maxCredits());
    out.uint32(8, welcome.softDeadlineMillis());
  }

  private static Welcome readWelcome(ProtoReader in) throws WireException {
    int version = 0;
    String engineId = "";
    String agentVersion = "";
    Set<EventClass> auth = EnumSet.noneOf(EventClass.class);
    Set<EventClass> notify = EnumSet.noneOf(EventClass.class);
    int mode = 0;
    int maxCredits = 0;
    int deadlineMillis = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> version = in.uint32();
        case 2 -> engineId = in.text();
        case 3 -> agentVersion = in.text();
        case 4 -> EnumNumbers.readClasses(in, auth);
        case 5 -> EnumNumbers.readClasses(in, notify);
        case 6 -> mode = in.uint32();
        case 7 -> maxCredits = in.uint32();
        case 8 -> deadlineMillis = in.uint32();
        default -> in.skip();
      }
    }
    EngineMode known = EnumNumbers.mode(mode);
    return new Welcome(
        version, engineId, agentVersion, auth, notify, known, maxCredits, deadlineMillis);
  }

  private static Refused readRefused(ProtoReader in) throws WireException {
    String code = "";
    String message = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> code = in.text();
        case 2 -> message = in.text();
        default -> in.skip();
      }
    }
    return new Refused(code, message);
  }

  private static void writeLoadContent(ProtoWriter out, LoadContent content) {
    out.text(1, content.name());
    out.text(2, content.version());
    out.bytes(3, content.sha256().bytes());
    out.unsigned(4, content.sizeBytes());
  }

  private static LoadContent readLoadContent(ProtoReader in) throws WireException {
    String name = "";
    String version = "";
    byte[] digest = {};
    long sizeBytes = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> version = in.text();
        case 3 -> digest = in.bytes();
        case 4 -> sizeBytes = in.uint64();
        default -> in.skip();
      }
    }
    return new LoadContent(name, version, Sha256.of(digest), sizeBytes);
  }

  private static Events readEvents(ProtoReader in) throws WireException {
    long lost = 0;
    List<Event> events = new ArrayList<>(1);
    while (in.next()) {
      switch (in.field()) {
        case 1 -> lost = in.uint64();
        case 2 -> {
          Check.range("events", events.size(), 0, WireLimits.EVENTS_PER_MESSAGE - 1);
          events.add(EventFormat.read(in.messageElement()));
        }
        default -> in.skip();
      }
    }
    return new Events(lost, events);
  }

  private static Activity readActivity(ProtoReader in) throws WireException {
    long lost = 0;
    long firstId = 0;
    List<HostEvent> events = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> lost = in.uint64();
        case 2 -> firstId = in.uint64();
        case 3 -> {
          Check.range("events", events.size(), 0, WireLimits.HOST_EVENTS_PER_MESSAGE - 1);
          events.add(HostEventFormat.read(in.messageElement()));
        }
        default -> in.skip();
      }
    }
    return new Activity(lost, firstId, events);
  }

  private static Cancel readCancel(ProtoReader in) throws WireException {
    List<Long> ids = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> in.numbers(ids, WireLimits.ANSWERS_PER_MESSAGE);
        default -> in.skip();
      }
    }
    return new Cancel(ids);
  }

  private static ModeChanged readModeChanged(ProtoReader in) throws WireException {
    int mode = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> mode = in.uint32();
        default -> in.skip();
      }
    }
    return new ModeChanged(EnumNumbers.mode(mode));
  }

  private static Ping readPing(ProtoReader in) throws WireException {
    return new Ping(readNonce(in));
  }

  private static Shutdown readShutdown(ProtoReader in) throws WireException {
    String reason = "";
    int graceMillis = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> reason = in.text();
        case 2 -> graceMillis = in.uint32();
        default -> in.skip();
      }
    }
    return new Shutdown(reason, graceMillis);
  }

  /// Reads the one field of `Ping` and `Pong`.
  static long readNonce(ProtoReader in) throws WireException {
    long nonce = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> nonce = in.fixed64();
        default -> in.skip();
      }
    }
    return nonce;
  }

  static void writeIds(ProtoWriter out, int field, List<Long> ids) {
    out.begin(field);
    for (long id : ids) {
      out.varint(id);
    }
    out.end();
  }
}
