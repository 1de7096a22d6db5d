package redoubt.agent.slot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import redoubt.agent.confinement.Spawner;
import redoubt.core.model.Sha256;

/// Has the installation's `redoubt-slot` do it, which gives way to everybody else.
///
/// @param script `redoubt-slot`
/// @param output a file of our own that takes what it prints
public record SpawnedSlotMaker(Spawner spawner, Path script, Path output) implements SlotMaker {
  private static final Duration MAKING = Duration.ofMinutes(20);
  private static final Duration TRYING = Duration.ofMinutes(5);

  /// What `redoubt-slot` ends with when the release is to blame.
  private static final int REFUSED = 1;

  private static final int MOST_BYTES = 64 * 1024;

  @Override
  public void make(Path archive, Path tree, Sha256 digest)
      throws IOException, ReleaseRefusedException {
    run(MAKING, "make", archive.toString(), tree.toString(), digest.toString());
  }

  @Override
  public void tryOut(Path tree) throws IOException, ReleaseRefusedException {
    run(TRYING, "try", tree.toString());
  }

  private void run(Duration limit, String... words) throws IOException, ReleaseRefusedException {
    List<String> command =
        new ArrayList<>(List.of("nice", "-n", "10", "/bin/sh", script.toString()));
    command.addAll(Arrays.asList(words));
    try {
      int status = spawner.run(command, output, limit);
      if (status == REFUSED) {
        throw new ReleaseRefusedException(lastLine());
      }
      if (status != 0) {
        throw new IOException(
            "it could not be made ready: step="
                + words[0]
                + " status="
                + status
                + " said="
                + lastLine());
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private String lastLine() throws IOException {
    try (InputStream printed = Files.newInputStream(output)) {
      String text = new String(printed.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
      return text.lines().reduce("", (_, line) -> line);
    }
  }
}
