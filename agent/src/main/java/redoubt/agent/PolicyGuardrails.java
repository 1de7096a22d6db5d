package redoubt.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import redoubt.agent.decision.Guardrails;
import redoubt.agent.decision.Subject;
import redoubt.agent.health.Notices;
import redoubt.agent.policy.ExceptionEntry;
import redoubt.agent.policy.Exceptions;
import redoubt.agent.policy.ExceptionsFile;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.ProtectedSet;
import redoubt.core.model.EngineId;
import redoubt.core.model.PlatformNotice;

/// The owner's policy as decisions see it: snapshots that are replaced as a whole. Thread-safe.
final class PolicyGuardrails implements Guardrails {
  private final Groundwork groundwork;
  private final ExceptionsFile file;
  private final Notices notices;
  private volatile ProtectedSet protectedSet = ProtectedSet.empty();
  private volatile Exceptions exceptions = Exceptions.none();

  PolicyGuardrails(Groundwork groundwork, ExceptionsFile file, Notices notices) {
    this.groundwork = groundwork;
    this.file = file;
    this.notices = notices;
  }

  /// Waits for what is protected and what packages brought, and reads the exceptions; called before
  /// anything is marked.
  void prepare() throws IOException {
    protectedSet = groundwork.protectedSet();
    groundwork.awaitShippedFiles();
    reload();
  }

  @Override
  public boolean isProtected(long device, long inode, long birthNanos) {
    return protectedSet.contains(device, inode, birthNanos);
  }

  /// Whether nothing may deny the file behind a path, which may be a symbolic link.
  boolean isProtected(Path file) {
    return protectedSet.contains(file);
  }

  @Override
  public String exceptionFor(Subject subject, EngineId engine, long wallMillis) {
    Exceptions now = exceptions;
    if (now.entries().isEmpty()) {
      return "";
    }
    return now.find(
            subject.sha256(),
            subject.path(),
            subject.file().device(),
            subject.file().inode(),
            engine,
            Instant.ofEpochMilli(wallMillis))
        .map(ExceptionEntry::id)
        .orElse("");
  }

  @Override
  public long generation() {
    return exceptions.generation();
  }

  /// Reads the owner's exceptions again. If they are broken, the last good ones stay in force and
  /// the problem is reported.
  ///
  /// @return the problem, if there is one
  Optional<PolicyException> reload() {
    ExceptionsFile.Loaded loaded = file.load();
    exceptions = loaded.exceptions();
    loaded
        .problem()
        .ifPresent(problem ->
            notices.report(
                PlatformNotice.Kind.POLICY_CHANGED,
                "exceptions",
                "the exceptions on disk are not used: " + problem.getMessage()));
    return loaded.problem();
  }

  /// Scans the protected files again if packages have changed.
  synchronized void refresh() {
    groundwork
        .protectedFiles()
        .rescanIfChanged(protectedSet)
        .ifPresent(rescanned -> protectedSet = rescanned);
  }

  /// Scans the protected files again.
  synchronized void rescan() {
    protectedSet = groundwork.protectedFiles().scan();
  }

  /// The files that are protected now, by their paths. Reads the packages anew.
  List<Path> findProtectedFiles() {
    return groundwork.protectedFiles().files();
  }

  int protectedFiles() {
    return protectedSet.size();
  }

  int exceptionCount() {
    return exceptions.entries().size();
  }
}
