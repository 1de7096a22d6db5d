package redoubt.agent.provenance;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import redoubt.agent.decision.Inquiry;
import redoubt.agent.decision.ProvenanceSource;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Kernel;
import redoubt.agent.hook.Operation;
import redoubt.agent.policy.Exceptions;
import redoubt.agent.policy.ExceptionsFile;
import redoubt.agent.policy.FileOrigins;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.ShippedFiles;
import redoubt.core.linux.FileSystemType;
import redoubt.core.linux.PendingOpen;
import redoubt.core.model.EventClass;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.Provenance;

/// Puts together what is known of where a file comes from. Thread-safe.
///
/// What no package brought and nobody trusts costs more: only then is it looked for whom the
/// process works, and, of an opened file, how it was told of it.
public final class Provenances implements ProvenanceSource {
  private static final int CHUNK_BYTES = 128 * 1024;

  /// For what nobody waits for any more.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Kernel kernel;
  private final ShippedFiles shipped;
  private final FileOrigins origins;
  private final ExceptionsFile trustFile;
  private final Notices notices;
  private final TimeSource time;
  private final AsideReader aside = new AsideReader();
  private final PackageManagers managers = new PackageManagers(aside);
  private volatile Exceptions trusted = Exceptions.none();
  private volatile long changes;
  private volatile boolean wanted;
  private long inForce;

  private final ThreadLocal<MemorySegment> chunks =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CHUNK_BYTES));

  /// @param shipped what packages brought; loaded by whoever has time for that
  /// @param trustFile what the owner trusts; read by [#reload]
  public Provenances(
      Kernel kernel,
      ShippedFiles shipped,
      ExceptionsFile trustFile,
      Notices notices,
      TimeSource time) {
    this.kernel = kernel;
    this.shipped = shipped;
    this.origins = FileOrigins.ofHost(shipped);
    this.trustFile = trustFile;
    this.notices = notices;
    this.time = time;
  }

  /// Reads again what the owner trusts. If that is broken, what was last read without error stays
  /// in force and the problem is reported.
  ///
  /// @return the problem, if there is one
  public synchronized Optional<PolicyException> reload() {
    ExceptionsFile.Loaded loaded = trustFile.load();
    trusted = loaded.exceptions();
    inForce = countInForce();
    changes++;
    loaded
        .problem()
        .ifPresent(problem ->
            notices.report(
                PlatformNotice.Kind.POLICY_CHANGED,
                "trust",
                "what the owner trusts is not read anew: " + problem.getMessage()));
    return loaded.problem();
  }

  /// Notices that packages have come or gone, and that the owner's trust in something has ended. To
  /// be called every few seconds; may look at the disk.
  public synchronized void refresh() {
    if (wanted || shipped.isLoaded()) {
      shipped.refresh();
    }
    long now = countInForce();
    if (now != inForce) {
      inForce = now;
      changes++;
    }
  }

  private long countInForce() {
    Instant now = now();
    return trusted.entries().stream().filter(entry -> entry.isInForce(now)).count();
  }

  @Override
  public long generation() {
    return changes + origins.generation();
  }

  @Override
  public Provenance find(Inquiry inquiry) {
    wanted = true;
    Operation operation = inquiry.operation();
    FileOrigins.Subject subject =
        new FileOrigins.Subject(
            inquiry.path(),
            inquiry.file().device(),
            inquiry.file().inode(),
            FileSystemType.honoursOwners(operation.descriptor()),
            inquiry.sha256(),
            () -> md5(inquiry));
    FileOrigins.Origin origin = origins.of(subject, trusted, now());
    String trust =
        inquiry.protectedFile()
            ? Provenance.PROTECTED
            : origin.trust().isEmpty() ? "" : origin.trust().getFirst().id();
    boolean known = !trust.isEmpty() || origin.state().passes();
    boolean opened = !known && operation.eventClass() == EventClass.OPEN;
    return new Provenance(
        operation.file().privileged(),
        origin.isRootOnly(),
        origin.packageName(),
        origin.state(),
        trust,
        known ? "" : managers.above(operation.pid()),
        opened ? operand(operation) : 0,
        opened && writesOnly(operation));
  }

  private int operand(Operation operation) {
    long device = FileOrigins.libraryDevice(operation.file().device());
    long inode = operation.file().inode();
    int pid = operation.pid();
    return aside.read(() -> CommandOperands.find(pid, device, inode), 0);
  }

  private boolean writesOnly(Operation operation) {
    int pid = operation.pid();
    return aside.read(() -> PendingOpen.writesOnly(pid), false);
  }

  /// Reads the content once more: a package database that keeps MD5 digests can be asked for
  /// nothing else.
  private Optional<byte[]> md5(Inquiry inquiry) {
    Operation operation = inquiry.operation();
    long end =
        operation.answered()
            ? time.nanos() + PATIENCE.toNanos()
            : Math.max(time.nanos(), inquiry.deadlineNanos());
    MessageDigest digest = FileOrigins.md5Digester();
    MemorySegment chunk = chunks.get();
    long offset = 0;
    while (true) {
      int count = kernel.read(operation.descriptor(), chunk, offset);
      if (count <= 0) {
        return count < 0 ? Optional.empty() : Optional.of(digest.digest());
      }
      digest.update(chunk.asSlice(0, count).asByteBuffer());
      offset += count;
      if (time.nanos() - end > 0) {
        return Optional.empty();
      }
    }
  }

  private Instant now() {
    return Instant.ofEpochMilli(time.wallMillis());
  }
}
