package redoubt.core.wire;

import org.jspecify.annotations.Nullable;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Provenance;
import redoubt.core.model.Sha256;
import redoubt.core.wire.AgentMessage.Event;

/// `Event`, `Actor` and `File` in `spec/events.proto`, field by field.
final class EventFormat {
  private EventFormat() {}

  static void write(ProtoWriter out, Event event) {
    out.unsigned(1, event.id());
    out.unsigned(2, EnumNumbers.of(event.eventClass()));
    out.flag(3, event.answerable());
    out.unsigned(4, event.budgetMicros());
    out.unsigned(5, EnumNumbers.of(event.answer()));
    out.begin(6);
    writeActor(out, event);
    out.end();
    out.begin(7);
    writeFile(out, event);
    out.end();
    Provenance provenance = event.provenance();
    if (provenance != null) {
      out.begin(8);
      ProvenanceFormat.write(out, provenance);
      out.end();
    }
  }

  private static void writeActor(ProtoWriter out, Event event) {
    out.uint32(1, event.pid());
    out.unsigned(2, event.processUniqueId());
    out.unsigned(3, event.parentPid());
    out.uint32(4, event.uid());
    out.uint32(5, event.gid());
    out.uint32(6, event.effectiveUid());
    out.unsigned(7, event.cgroupId());
    out.text(8, WireText.cutPath(event.image()));
  }

  private static void writeFile(ProtoWriter out, Event event) {
    FileIdentity identity = event.file();
    Sha256 digest = event.sha256();
    out.text(1, WireText.cutPath(event.path()));
    out.unsigned(2, identity.device());
    out.unsigned(3, identity.inode());
    out.fixed64(4, identity.changeNanos());
    out.fixed64(5, identity.modifyNanos());
    out.fixed64(6, identity.birthNanos());
    out.unsigned(7, identity.sizeBytes());
    if (digest != null) {
      out.bytes(8, digest.bytes());
    }
    out.flag(9, event.stable());
    out.flag(10, event.hasDescriptor());
  }

  /// @throws IllegalArgumentException if a field is out of its range or two contradict each other
  static void check(Event event) {
    Check.range("id", event.id(), 1, Long.MAX_VALUE);
    Check.answerable(event.eventClass());
    Check.range("pid", event.pid(), 0, Integer.MAX_VALUE);
    Check.range("parentPid", event.parentPid(), -1, Integer.MAX_VALUE);
    Check.range("sizeBytes", event.file().sizeBytes(), 0, Long.MAX_VALUE);
    Provenance provenance = event.provenance();
    if (provenance != null) {
      ProvenanceFormat.check(provenance);
    }
    long mostMicros = event.answerable() ? WireLimits.DEADLINE_MILLIS * 1000L : 0;
    Check.range("budgetMicros", event.budgetMicros(), 0, mostMicros);
    if (event.answerable() && event.answer() != null) {
      throw new IllegalArgumentException("answerable but answered: id=" + event.id());
    }
  }

  static Event read(ProtoReader in) throws WireException {
    long id = 0;
    int eventClass = 0;
    boolean answerable = false;
    long budgetMicros = 0;
    int answer = 0;
    ActorFields actor = ActorFields.NONE;
    FileFields file = FileFields.NONE;
    Provenance provenance = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> id = in.uint64();
        case 2 -> eventClass = in.uint32();
        case 3 -> answerable = in.flag();
        case 4 -> budgetMicros = in.uint64();
        case 5 -> answer = in.uint32();
        case 6 -> actor = readActor(in.message());
        case 7 -> file = readFile(in.message());
        case 8 -> provenance = ProvenanceFormat.read(in.message());
        default -> in.skip();
      }
    }
    return new Event(
        id,
        EnumNumbers.eventClass(eventClass),
        answerable,
        budgetMicros,
        EnumNumbers.findVerdict(answer),
        actor.pid,
        actor.uniqueId,
        actor.parentPid,
        actor.uid,
        actor.gid,
        actor.effectiveUid,
        actor.cgroupId,
        file.path,
        file.identity,
        file.sha256,
        file.stable,
        file.hasDescriptor,
        actor.image,
        provenance);
  }

  private record ActorFields(
      int pid,
      long uniqueId,
      int parentPid,
      int uid,
      int gid,
      int effectiveUid,
      long cgroupId,
      String image) {
    static final ActorFields NONE = new ActorFields(0, 0, 0, 0, 0, 0, 0, "");
  }

  private record FileFields(
      String path,
      FileIdentity identity,
      @Nullable Sha256 sha256,
      boolean stable,
      boolean hasDescriptor) {
    static final FileFields NONE =
        new FileFields("", new FileIdentity(0, 0, 0, 0, 0, 0), null, false, false);
  }

  private static ActorFields readActor(ProtoReader in) throws WireException {
    int pid = 0;
    long uniqueId = 0;
    int parentPid = 0;
    int uid = 0;
    int gid = 0;
    int effectiveUid = 0;
    long cgroupId = 0;
    String image = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> pid = in.uint32();
        case 2 -> uniqueId = in.uint64();
        case 3 -> parentPid = in.uint32();
        case 4 -> uid = in.uint32();
        case 5 -> gid = in.uint32();
        case 6 -> effectiveUid = in.uint32();
        case 7 -> cgroupId = in.uint64();
        case 8 -> image = in.text();
        default -> in.skip();
      }
    }
    return new ActorFields(pid, uniqueId, parentPid, uid, gid, effectiveUid, cgroupId, image);
  }

  private static FileFields readFile(ProtoReader in) throws WireException {
    String path = "";
    long device = 0;
    long inode = 0;
    long changeNanos = 0;
    long modifyNanos = 0;
    long birthNanos = 0;
    long sizeBytes = 0;
    Sha256 digest = null;
    boolean stable = false;
    boolean hasDescriptor = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> path = in.text();
        case 2 -> device = in.uint64();
        case 3 -> inode = in.uint64();
        case 4 -> changeNanos = in.fixed64();
        case 5 -> modifyNanos = in.fixed64();
        case 6 -> birthNanos = in.fixed64();
        case 7 -> sizeBytes = in.uint64();
        case 8 -> digest = Sha256.of(in.bytes());
        case 9 -> stable = in.flag();
        case 10 -> hasDescriptor = in.flag();
        default -> in.skip();
      }
    }
    FileIdentity identity =
        new FileIdentity(device, inode, changeNanos, modifyNanos, birthNanos, sizeBytes);
    return new FileFields(path, identity, digest, stable, hasDescriptor);
  }
}
