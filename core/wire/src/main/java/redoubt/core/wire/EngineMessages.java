package redoubt.core.wire;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EventClass;
import redoubt.core.wire.EngineMessage.Abstained;
import redoubt.core.wire.EngineMessage.ContentLoaded;
import redoubt.core.wire.EngineMessage.ContentRefused;
import redoubt.core.wire.EngineMessage.Credits;
import redoubt.core.wire.EngineMessage.EventVerdict;
import redoubt.core.wire.EngineMessage.Filter;
import redoubt.core.wire.EngineMessage.Handled;
import redoubt.core.wire.EngineMessage.Hello;
import redoubt.core.wire.EngineMessage.Pong;
import redoubt.core.wire.EngineMessage.Ready;
import redoubt.core.wire.EngineMessage.Report;
import redoubt.core.wire.EngineMessage.Verdicts;

/// The bodies of `FromEngine` in `spec/engine-protocol.proto`, field by field.
final class EngineMessages {
  private EngineMessages() {}

  /// The number of the message's field in the envelope.
  static int field(EngineMessage message) {
    return switch (message) {
      case Hello _ -> 2;
      case ContentLoaded _ -> 3;
      case ContentRefused _ -> 4;
      case Ready _ -> 5;
      case Credits _ -> 6;
      case Verdicts _ -> 7;
      case Report _ -> 8;
      case Pong _ -> 9;
      case Abstained _ -> 10;
      case Handled _ -> 11;
      case Filter _ -> 12;
    };
  }

  static void write(ProtoWriter out, EngineMessage message) {
    switch (message) {
      case Hello hello -> writeHello(out, hello);
      case ContentLoaded loaded -> {
        out.text(1, loaded.version());
        out.unsigned(2, loaded.entries());
      }
      case ContentRefused refused -> {
        out.text(1, refused.version());
        refused.problems().forEach(problem -> out.element(2, problem));
      }
      case Ready ready -> out.uint32(1, ready.credits());
      case Credits credits -> out.uint32(1, credits.credits());
      case Verdicts verdicts -> {
        for (EventVerdict verdict : verdicts.verdicts()) {
          out.begin(1);
          writeVerdict(out, verdict);
          out.end();
        }
      }
      case Report report -> ReportFormat.write(out, report);
      case Pong pong -> out.fixed64(1, pong.nonce());
      case Abstained abstained -> {
        AgentMessages.writeIds(out, 1, abstained.eventIds());
        out.text(2, abstained.reason());
      }
      case Handled handled -> out.unsigned(1, handled.throughId());
      case Filter filter -> FilterFormat.write(out, filter);
    }
  }

  /// Reads the body that `in` stands at, or skips a field that is none and returns null.
  static @Nullable EngineMessage read(ProtoReader in) throws WireException {
    return switch (in.field()) {
      case 2 -> readHello(in.message());
      case 3 -> readContentLoaded(in.message());
      case 4 -> readContentRefused(in.message());
      case 5 -> new Ready(readCredits(in.message()));
      case 6 -> new Credits(readCredits(in.message()));
      case 7 -> readVerdicts(in.message());
      case 8 -> ReportFormat.read(in.message());
      case 9 -> new Pong(AgentMessages.readNonce(in.message()));
      case 10 -> readAbstained(in.message());
      case 11 -> readHandled(in.message());
      case 12 -> FilterFormat.read(in.message());
      default -> {
        in.skip();
        yield null;
      }
    };
  }

  /// @throws IllegalArgumentException if a field is out of its range
  static void check(EngineMessage message) {
    switch (message) {
      case Hello hello -> checkHello(hello);
      case ContentLoaded loaded -> {
        Check.required("version", loaded.version(), WireLimits.VERSION_CHARS);
        Check.range("entries", loaded.entries(), 0, Long.MAX_VALUE);
      }
      case ContentRefused refused -> {
        Check.required("version", refused.version(), WireLimits.VERSION_CHARS);
        Check.count("problems", refused.problems(), 0, WireLimits.PROBLEMS);
        refused.problems().forEach(each -> Check.text("problem", each, WireLimits.PROBLEM_CHARS));
      }
      case Ready ready -> Check.range("credits", ready.credits(), 1, WireLimits.CREDITS);
      case Credits credits -> Check.range("credits", credits.credits(), 1, WireLimits.CREDITS);
      case Verdicts verdicts -> {
        Check.count("verdicts", verdicts.verdicts(), 1, WireLimits.ANSWERS_PER_MESSAGE);
        verdicts.verdicts().forEach(EngineMessages::checkVerdict);
      }
      case Report report -> ReportFormat.check(report);
      case Pong _ -> {
        // Every value is a valid one.
      }
      case Abstained abstained -> {
        Check.eventIds(abstained.eventIds());
        Check.text("reason", abstained.reason(), WireLimits.REASON_CHARS);
      }
      case Handled(var throughId) -> Check.range("throughId", throughId, 1, Long.MAX_VALUE);
      case Filter filter -> FilterFormat.check(filter);
    }
  }

  private static void checkHello(Hello hello) {
    Check.range("oldestVersion", hello.oldestVersion(), 1, WireLimits.HIGHEST_VERSION);
    Check.range(
        "newestVersion", hello.newestVersion(), hello.oldestVersion(), WireLimits.HIGHEST_VERSION);
    Check.required("name", hello.name(), WireLimits.NAME_CHARS);
    Check.text("vendor", hello.vendor(), WireLimits.NAME_CHARS);
    Check.text("engineVersion", hello.engineVersion(), WireLimits.VERSION_CHARS);
    Check.schemaHash(hello.schemaHash());
  }

  private static void checkVerdict(EventVerdict verdict) {
    Check.range("eventId", verdict.eventId(), 1, Long.MAX_VALUE);
    Check.range("lifetimeSeconds", verdict.lifetimeSeconds(), 0, WireLimits.LIFETIME_SECONDS);
    Check.text("reason", verdict.reason(), WireLimits.REASON_CHARS);
    Check.text("rule", verdict.rule(), WireLimits.NAME_CHARS);
    Check.text("contentVersion", verdict.contentVersion(), WireLimits.VERSION_CHARS);
  }

  private static void writeHello(ProtoWriter out, Hello hello) {
    out.uint32(1, hello.oldestVersion());
    out.uint32(2, hello.newestVersion());
    out.text(3, hello.name());
    out.text(4, hello.vendor());
    out.text(5, hello.engineVersion());
    out.text(6, hello.schemaHash());
    EnumNumbers.write(out, 7, hello.authClasses());
    EnumNumbers.write(out, 8, hello.notifyClasses());
    out.flag(9, hello.provenance());
  }

  private static Hello readHello(ProtoReader in) throws WireException {
    int oldest = 0;
    int newest = 0;
    String name = "";
    String vendor = "";
    String engineVersion = "";
    String schemaHash = "";
    Set<EventClass> auth = EnumSet.noneOf(EventClass.class);
    Set<EventClass> notify = EnumSet.noneOf(EventClass.class);
    boolean provenance = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> oldest = in.uint32();
        case 2 -> newest = in.uint32();
        case 3 -> name = in.text();
        case 4 -> vendor = in.text();
        case 5 -> engineVersion = in.text();
        case 6 -> schemaHash = in.text();
        case 7 -> EnumNumbers.readKnownClasses(in, auth);
        case 8 -> EnumNumbers.readKnownClasses(in, notify);
        case 9 -> provenance = in.flag();
        default -> in.skip();
      }
    }
    return new Hello(
        oldest, newest, name, vendor, engineVersion, schemaHash, auth, notify, provenance);
  }

  private static ContentLoaded readContentLoaded(ProtoReader in) throws WireException {
    String version = "";
    long entries = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> version = in.text();
        case 2 -> entries = in.uint64();
        default -> in.skip();
      }
    }
    return new ContentLoaded(version, entries);
  }

  private static ContentRefused readContentRefused(ProtoReader in) throws WireException {
    String version = "";
    List<String> problems = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> version = in.text();
        case 2 -> {
          Check.range("problems", problems.size(), 0, WireLimits.PROBLEMS - 1);
          problems.add(in.element());
        }
        default -> in.skip();
      }
    }
    return new ContentRefused(version, problems);
  }

  private static int readCredits(ProtoReader in) throws WireException {
    int credits = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> credits = in.uint32();
        default -> in.skip();
      }
    }
    return credits;
  }

  private static Verdicts readVerdicts(ProtoReader in) throws WireException {
    List<EventVerdict> verdicts = new ArrayList<>(1);
    while (in.next()) {
      switch (in.field()) {
        case 1 -> {
          Check.range("verdicts", verdicts.size(), 0, WireLimits.ANSWERS_PER_MESSAGE - 1);
          verdicts.add(readVerdict(in.messageElement()));
        }
        default -> in.skip();
      }
    }
    return new Verdicts(verdicts);
  }

  private static void writeVerdict(ProtoWriter out, EventVerdict verdict) {
    out.unsigned(1, verdict.eventId());
    out.unsigned(2, EnumNumbers.of(verdict.verdict()));
    out.unsigned(3, EnumNumbers.of(verdict.scope()));
    out.uint32(4, verdict.lifetimeSeconds());
    out.text(5, verdict.reason());
    out.text(6, verdict.rule());
    out.text(7, verdict.contentVersion());
    out.flag(8, verdict.quarantine());
  }

  private static EventVerdict readVerdict(ProtoReader in) throws WireException {
    long eventId = 0;
    int verdict = 0;
    int scope = 0;
    int lifetimeSeconds = 0;
    String reason = "";
    String rule = "";
    String contentVersion = "";
    boolean quarantine = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> eventId = in.uint64();
        case 2 -> verdict = in.uint32();
        case 3 -> scope = in.uint32();
        case 4 -> lifetimeSeconds = in.uint32();
        case 5 -> reason = in.text();
        case 6 -> rule = in.text();
        case 7 -> contentVersion = in.text();
        case 8 -> quarantine = in.flag();
        default -> in.skip();
      }
    }
    return new EventVerdict(
        eventId,
        EnumNumbers.verdict(verdict),
        EnumNumbers.scope(scope),
        lifetimeSeconds,
        reason,
        rule,
        contentVersion,
        quarantine);
  }

  private static Handled readHandled(ProtoReader in) throws WireException {
    long throughId = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> throughId = in.uint64();
        default -> in.skip();
      }
    }
    return new Handled(throughId);
  }

  private static Abstained readAbstained(ProtoReader in) throws WireException {
    List<Long> ids = new ArrayList<>();
    String reason = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> in.numbers(ids, WireLimits.ANSWERS_PER_MESSAGE);
        case 2 -> reason = in.text();
        default -> in.skip();
      }
    }
    return new Abstained(ids, reason);
  }
}
