package redoubt.agent.isolation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import redoubt.agent.policy.HostCommands;
import redoubt.agent.policy.PrivateFile;

/// Cuts this host off from everybody but those whom its owner names and its own name servers, for a
/// while: by a table of its own in the kernel's packet filter, through `nft(8)`. Needs root.
///
/// Nobody has to be there for it to end. It is no part of what survives a restart of the host.
///
/// Thread-safe; used by the agent, and by the command line while no agent runs.
public final class NetworkIsolation {
  /// The shortest time.
  public static final Duration SHORTEST = Duration.ofSeconds(5);

  /// The longest time.
  public static final Duration LONGEST = Duration.ofDays(7);

  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/sbin/nft"), Path.of("/sbin/nft"), Path.of("/usr/bin/nft"));

  private static final Duration LIMIT = Duration.ofSeconds(4);
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_NESTING = 64;
  private static final String STATUS = "status=";

  /// What it says, errors too, and then its status: whoever runs it may only know what is printed.
  private static final String SCRIPT = "\"$0\" \"$@\" 2>&1; said=$?; echo; echo status=$said";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxDocumentLength(MAX_BYTES)
                  .maxNestingDepth(MAX_NESTING)
                  .build())
          .build();

  /// How this host is isolated.
  ///
  /// @param left for how long still
  /// @param refused how many packets were refused
  public record State(Duration left, long refused) {}

  private final HostCommands commands;
  private final Path file;

  private NetworkIsolation(HostCommands commands, Path file) {
    this.commands = commands;
    this.file = file;
  }

  /// Isolation of the network that this process, or whatever runs commands for it, lives in.
  /// Touches nothing yet.
  ///
  /// @param commands runs `nft(8)`
  /// @param run a folder that only root can write, for the rules on their way
  public static NetworkIsolation with(HostCommands commands, Path run) {
    return new NetworkIsolation(commands, run.resolve("isolation.nft"));
  }

  /// Isolates this host from now on, in place of how it was isolated before.
  ///
  /// @param length for how long, [#SHORTEST] to [#LONGEST]
  /// @param peers at most [Peer#MOST]
  /// @throws IsolationException if the kernel's packet filter did not take it; then nothing changed
  /// @throws IllegalArgumentException if it is too long, too short, or there are too many peers
  public synchronized void begin(Duration length, List<Peer> peers) throws IsolationException {
    if (length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "out of range: length=" + length + " range=" + SHORTEST + "," + LONGEST);
    }
    if (peers.size() > Peer.MOST) {
      throw new IllegalArgumentException("too many peers: most=" + Peer.MOST);
    }
    apply(IsolationRules.text(length, peers, NameServers.in(NameServers.FILES)));
    if (state().isEmpty()) {
      throw new IsolationException(
          "the rules were taken but do not hold", "see what else changes them: nft monitor");
    }
  }

  /// Ends it.
  ///
  /// @return whether this host was isolated
  /// @throws IsolationException if the kernel's packet filter did not take it
  public synchronized boolean end() throws IsolationException {
    boolean isolated = state().isPresent();
    String table = "table inet " + IsolationRules.TABLE + "\n";
    apply(table + "delete " + table);
    return isolated;
  }

  /// How this host is isolated now; empty if it is not.
  ///
  /// @throws IsolationException if the packet filter cannot be asked
  public synchronized Optional<State> state() throws IsolationException {
    List<String> lines = run(List.of("-j", "list", "table", "inet", IsolationRules.TABLE));
    if (!lines.removeLast().equals(STATUS + 0)) {
      // There is no such table, unless asking itself is refused.
      List<String> all = run(List.of("-j", "list", "tables"));
      if (!all.removeLast().equals(STATUS + 0)) {
        throw refused(all);
      }
      return Optional.empty();
    }
    try {
      return parse(String.join("\n", lines));
    } catch (IOException e) {
      throw new IsolationException(
          "what nft says cannot be read: error=" + e.getMessage(), "see nft list ruleset");
    }
  }

  private void apply(String rules) throws IsolationException {
    try {
      PrivateFile.createDirectory(file.toAbsolutePath().resolveSibling(".").normalize());
      new PrivateFile(file, MAX_BYTES).write(rules.getBytes(StandardCharsets.US_ASCII));
      List<String> said = run(List.of("-f", file.toString()));
      if (!said.removeLast().equals(STATUS + 0)) {
        throw refused(said);
      }
    } catch (IOException e) {
      throw new IsolationException(
          "the rules cannot be written: file=" + file + " error=" + PrivateFile.reasonOf(e),
          "run as root");
    } finally {
      remove();
    }
  }

  private void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // The next ones replace it.
    }
  }

  /// Runs nft and returns what it said, errors too, and its status as the last line.
  private List<String> run(List<String> arguments) throws IsolationException {
    Path program =
        PROGRAMS.stream()
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() ->
                new IsolationException(
                    "there is no nft on this host", "install nftables: apt-get install nftables"));
    List<String> command =
        Stream.concat(Stream.of("/bin/sh", "-c", SCRIPT, program.toString()), arguments.stream())
            .toList();
    List<String> lines = new ArrayList<>();
    try {
      commands.run(command, LIMIT, lines::add);
    } catch (IOException e) {
      throw new IsolationException(
          "nft cannot be run: error=" + e.getMessage(), "see whether it works: nft list ruleset");
    }
    lines.removeIf(String::isBlank);
    if (lines.isEmpty() || !lines.getLast().startsWith(STATUS)) {
      throw new IsolationException(
          "nft did not end in time: limit=" + LIMIT, "see whether it works: nft list ruleset");
    }
    return lines;
  }

  private static IsolationException refused(List<String> said) {
    String first = Stream.concat(said.stream(), Stream.of("")).findFirst().orElse("");
    return new IsolationException(
        "the kernel's packet filter refuses it: " + first,
        "run as root; the kernel needs nf_tables");
  }

  /// Reads what `nft -j list table` says: when the elements end, and what the counters count.
  static Optional<State> parse(String text) throws IOException {
    long left = -1;
    long refused = 0;
    try (JsonParser json = JSON.createParser(text)) {
      String field = "";
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          field = json.currentName();
        } else if (token == JsonToken.VALUE_NUMBER_INT) {
          if (field.equals("expires")) {
            left = Math.max(left, json.getLongValue());
          } else if (field.equals("packets")) {
            refused += json.getLongValue();
          }
        }
      }
    }
    return left < 0 ? Optional.empty() : Optional.of(new State(Duration.ofSeconds(left), refused));
  }
}
