package redoubt.agent.netfilter;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import redoubt.agent.policy.HostCommands;
import redoubt.agent.policy.PrivateFile;

/// The kernel's packet filter, by way of `nft(8)`, in the network that this process, or whatever
/// runs commands for it, lives in. Needs root.
///
/// Thread-safe: one call after the other.
public final class PacketFilter {
  private static final String STATUS = "status=";

  /// What it says, errors too, and then its status: whoever runs it may only know what is printed.
  private static final String SCRIPT =
      "PATH=/usr/sbin:/usr/bin:/sbin:/bin; nft \"$@\" 2>&1; said=$?; echo; echo status=$said";

  /// A shell's, for a program that is nowhere.
  private static final int NO_PROGRAM = 127;

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /// Rules in the words of nft.
  @FunctionalInterface
  public interface Rules {
    /// Writes all of them.
    void writeTo(Appendable out) throws IOException;
  }

  /// What nft has said.
  ///
  /// @param status its exit status
  /// @param lines what it printed, errors too, without empty lines
  public record Answer(int status, List<String> lines) {
    /// Whether it did what was asked for.
    public boolean isDone() {
      return status == 0;
    }

    /// All of it.
    public String text() {
      return String.join("\n", lines);
    }

    /// That it did not.
    public PacketFilterException refusal() {
      String first = lines.isEmpty() ? "" : lines.getFirst();
      return new PacketFilterException(
          "the kernel's packet filter refuses it: " + first,
          "run as root; the kernel needs nf_tables",
          false);
    }
  }

  private final HostCommands commands;
  private final Path file;
  private final Duration limit;

  private PacketFilter(HostCommands commands, Path file, Duration limit) {
    this.commands = commands;
    this.file = file;
    this.limit = limit;
  }

  /// Touches nothing yet.
  ///
  /// @param commands runs `nft(8)`
  /// @param file takes the rules on their way, in a folder that only root can write
  /// @param limit how long nft may take
  public static PacketFilter with(HostCommands commands, Path file, Duration limit) {
    return new PacketFilter(commands, file, limit);
  }

  /// Has the kernel take rules, all of them or none.
  ///
  /// @param rules in the words of nft
  /// @throws PacketFilterException if it did not take them, or nobody knows whether it did
  public void apply(String rules) throws PacketFilterException {
    apply(out -> out.append(rules));
  }

  /// Has the kernel take rules that may be long, all of them or none.
  ///
  /// @throws PacketFilterException if it did not take them, or nobody knows whether it did
  public synchronized void apply(Rules rules) throws PacketFilterException {
    try {
      PrivateFile.createDirectory(file.toAbsolutePath().resolveSibling(".").normalize());
      write(rules);
      Answer answer = ask(List.of("-f", file.toString()));
      if (!answer.isDone()) {
        throw answer.refusal();
      }
    } catch (IOException e) {
      throw new PacketFilterException(
          "the rules cannot be written: file=" + file + " error=" + PrivateFile.reasonOf(e),
          "run as root",
          false);
    } catch (PacketFilterException e) {
      throw e.mayHold()
          ? new PacketFilterException(
              "whether the rules are in force is not known: " + e.getMessage(), e.fix(), true)
          : e;
    } finally {
      remove();
    }
  }

  /// For nft alone, and for a moment: nothing of it has to survive.
  private void write(Rules rules) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(file, OWNER_ONLY);
    try (Writer out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
      rules.writeTo(out);
    }
  }

  private void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // The next ones replace it.
    }
  }

  /// Runs nft.
  ///
  /// @throws PacketFilterException if there is none, or it does not end in time
  public synchronized Answer ask(List<String> arguments) throws PacketFilterException {
    List<String> command =
        Stream.concat(Stream.of("/bin/sh", "-c", SCRIPT, "nft"), arguments.stream()).toList();
    List<String> lines = new ArrayList<>();
    try {
      commands.run(command, limit, lines::add);
    } catch (IOException e) {
      throw unknown("nft cannot be run to its end: error=" + e.getMessage());
    }
    lines.removeIf(String::isBlank);
    if (lines.isEmpty() || !lines.getLast().startsWith(STATUS)) {
      throw unknown("nft did not end in time: limit=" + limit);
    }
    int status = Integer.parseInt(lines.removeLast().substring(STATUS.length()));
    if (status == NO_PROGRAM) {
      throw new PacketFilterException(
          "there is no nft on this host", "install nftables: apt-get install nftables", false);
    }
    return new Answer(status, lines);
  }

  private static PacketFilterException unknown(String problem) {
    return new PacketFilterException(problem, "see whether it works: nft list ruleset", true);
  }
}
