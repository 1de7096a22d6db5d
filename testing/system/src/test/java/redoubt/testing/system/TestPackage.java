package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A little package of our own that the host's package manager really installs, with its files in a
/// folder of the test's.
final class TestPackage implements AutoCloseable {
  private static final String NAME = "redoubt-test-tool";

  private final Path folder;
  private final Path build;

  private TestPackage(Path folder, Path build) {
    this.folder = folder;
    this.build = build;
  }

  /// A package whose files will be in a folder, an absolute one; not installed yet.
  static TestPackage in(Path folder) throws IOException {
    return new TestPackage(folder, Folders.make("redoubt-package-"));
  }

  /// Its program, a script.
  Path program() {
    return folder.resolve("tool");
  }

  /// What the package's own script makes.
  Path made() {
    return folder.resolve("made");
  }

  /// Builds a version and has it installed.
  Outcome install(int version) throws IOException {
    Path tree = build.resolve("tree-" + version);
    Path control = Files.createDirectories(tree.resolve("DEBIAN"));
    Path program = tree.resolve(program().toString().substring(1));
    Files.createDirectories(Folders.of(program));
    Files.write(program, Specimen.SCRIPT.good(version));
    Outcome.of("chmod", "755", program).requireSuccess();
    Files.writeString(
        control.resolve("control"),
        """
        Package: %s
        Version: %d
        Architecture: all
        Maintainer: Redoubt's tests <nobody@localhost>
        Description: what Redoubt's tests install and remove again
        """
            .formatted(NAME, version));
    Path script =
        Files.writeString(
            control.resolve("postinst"),
            """
            #!/bin/sh
            set -e
            %s
            cp %s %s
            %s
            echo postinst made something that ran
            """
                .formatted(program(), program(), made(), made()));
    Outcome.of("chmod", "755", script).requireSuccess();
    Outcome.of(
            "sh",
            "-c",
            "cd "
                + tree
                + " && find . -name tool -type f -printf '%P\\n' | xargs md5sum >DEBIAN/md5sums")
        .requireSuccess();
    Path archive = build.resolve("tool-" + version + ".deb");
    Outcome.of("dpkg-deb", "--build", "--root-owner-group", tree, archive).requireSuccess();
    return Outcome.of("dpkg", "--install", archive).requireSuccess();
  }

  @Override
  public void close() throws IOException {
    Outcome.of("dpkg", "--purge", NAME);
    Outcome.of("rm", "-rf", build).requireSuccess();
  }
}
