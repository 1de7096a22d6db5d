package redoubt.agent;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import redoubt.agent.hook.FileFacts;
import redoubt.agent.hook.Kernel;
import redoubt.agent.hook.LocalFileSystems;
import redoubt.agent.policy.KnownFiles;
import redoubt.agent.quarantine.SparedFiles;

/// What never goes into quarantine: the protected set and Redoubt's own, and on an engine's word
/// nothing that a package brought. Whole fleets have lost parts of their own system to a false
/// positive of a scanner.
record QuarantineRules(
    PolicyGuardrails guardrails, KnownFiles known, Kernel kernel, List<Path> ownFiles)
    implements SparedFiles {
  @Override
  public Optional<String> reason(int descriptor, String path, boolean byOwner) {
    // Before anything else: all that follows waits for the file system.
    if (LocalFileSystems.mayNeverAnswer(descriptor)) {
      return Optional.of(
          "a program serves its file system, and may never answer: move it to another one first");
    }
    if (!byOwner && !LocalFileSystems.hold(descriptor)) {
      return Optional.of(
          "its file system may not answer, or is not of this host's mounts; if it is to go all the"
              + " same: redoubt quarantine add "
              + path);
    }
    FileFacts facts = new FileFacts();
    if (kernel.describeFile(descriptor, facts) < 0) {
      return Optional.of("its file system does not say what it is");
    }
    if (guardrails.isProtected(facts.device(), facts.inode(), facts.birthNanos())) {
      return Optional.of("the host lives on this file: it is in the protected set");
    }
    if (ownFiles.stream().anyMatch(own -> Path.of("/").resolve(path).startsWith(own))) {
      return Optional.of("the file is Redoubt's own");
    }
    return !byOwner && known.isPackaged(path)
        ? Optional.of(
            "a package brought this file; if it is to go all the same: redoubt quarantine add "
                + path)
        : Optional.empty();
  }
}
