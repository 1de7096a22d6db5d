package redoubt.testing.testkit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import redoubt.agent.decision.Guardrails;
import redoubt.agent.decision.Subject;
import redoubt.core.model.EngineId;

/// The owner's word: which files nothing may deny, and which paths an engine's DENY does not count
/// for. Not thread-safe.
public final class ScriptedOwner implements Guardrails {
  private record Node(long device, long inode) {}

  private final Set<Node> protectedFiles = new HashSet<>();
  private final Map<String, String> exceptions = new HashMap<>();
  private long generation;

  ScriptedOwner() {}

  /// Nothing may deny this file.
  public void protect(SimulatedFile file) {
    protectedFiles.add(new Node(file.kind().device(), file.kind().inode()));
  }

  /// No engine's DENY counts for this file.
  ///
  /// @param exception the exception's id
  public void except(SimulatedFile file, String exception) {
    exceptions.put(file.kind().path(), exception);
    generation++;
  }

  /// Whether nothing may deny this file.
  public boolean protects(SimulatedFile file) {
    return isProtected(file.kind().device(), file.kind().inode(), file.birthNanos());
  }

  /// Whether an exception stands for this file.
  public boolean excepts(SimulatedFile file) {
    return exceptions.containsKey(file.kind().path());
  }

  /// The exception that stands for a path, empty if none does.
  public String exceptionFor(String path) {
    return exceptions.getOrDefault(path, "");
  }

  @Override
  public boolean isProtected(long device, long inode, long birthNanos) {
    return protectedFiles.contains(new Node(device, inode));
  }

  @Override
  public String exceptionFor(Subject subject, EngineId engine, long wallMillis) {
    return exceptionFor(subject.path());
  }

  @Override
  public long generation() {
    return generation;
  }
}
