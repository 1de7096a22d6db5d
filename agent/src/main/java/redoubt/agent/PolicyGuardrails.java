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
  private final ExceptionsFile fileOfFleet;
  private final Notices notices;
  private volatile ProtectedSet protectedSet = ProtectedSet.empty();
  private volatile Exceptions exceptions = Exceptions.none();
  private volatile Exceptions ofFleet = Exceptions.none();

  /// @param state where the exceptions are kept
  PolicyGuardrails(Groundwork groundwork, Path state, Notices notices) {
    this.groundwork = groundwork;
    this.file = ExceptionsFile.in(state);
    this.fileOfFleet = ExceptionsFile.ofFleetIn(state);
    this.notices = notices;
  }

  /// Waits for what is protected and what packages brought, and reads the exceptions; called before
  /// anything is marked.
  void prepare() throws IOException {
    protectedSet = groundwork.protectedSet();
    if (groundwork.ownerNamesProtected()) {
      protectedSet
          .refused()
          .forEach(reason ->
              notices.report(
                  PlatformNotice.Kind.POLICY_CHANGED, "protected set", "left out: " + reason));
    }
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
    String own = exceptionIn(exceptions, subject, engine, wallMillis);
    return own.isEmpty() ? exceptionIn(ofFleet, subject, engine, wallMillis) : own;
  }

  private static String exceptionIn(
      Exceptions all, Subject subject, EngineId engine, long wallMillis) {
    if (all.entries().isEmpty()) {
      return "";
    }
    return all.find(
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
    return exceptions.generation() + ofFleet.generation();
  }

  /// Which version of its fleet's policy counts on this host; 0 if none does.
  long fleetVersion() {
    return ofFleet.generation();
  }

  /// Reads the owner's exceptions again, and those of the fleet. If some are broken, the last good
  /// ones stay in force and the problem is reported.
  ///
  /// @return the problem, if there is one
  synchronized Optional<PolicyException> reload() {
    ExceptionsFile.Loaded own = file.load();
    ExceptionsFile.Loaded fleet = fileOfFleet.load();
    exceptions = own.exceptions();
    ofFleet = fleet.exceptions();
    Optional<PolicyException> problem = own.problem().or(fleet::problem);
    problem.ifPresent(each ->
        notices.report(
            PlatformNotice.Kind.POLICY_CHANGED,
            "exceptions",
            "the exceptions on disk are not used: " + each.getMessage()));
    return problem;
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
    return exceptions.entries().size() + ofFleet.entries().size();
  }
}
