package redoubt.agent.isolation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import redoubt.agent.netfilter.NameServers;
import redoubt.agent.netfilter.NftNumbers;
import redoubt.agent.netfilter.PacketFilter;
import redoubt.agent.netfilter.PacketFilter.Answer;
import redoubt.agent.netfilter.PacketFilterException;
import redoubt.agent.policy.HostCommands;

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

  private static final Duration LIMIT = Duration.ofSeconds(4);

  /// How this host is isolated.
  ///
  /// @param left for how long still
  /// @param refused how many packets were refused
  public record State(Duration left, long refused) {}

  private final PacketFilter filter;

  NetworkIsolation(PacketFilter filter) {
    this.filter = filter;
  }

  /// Isolation of the network that this process, or whatever runs commands for it, lives in.
  /// Touches nothing yet.
  ///
  /// @param commands runs `nft(8)`
  /// @param run a folder that only root can write, for the rules on their way
  public static NetworkIsolation with(HostCommands commands, Path run) {
    return new NetworkIsolation(PacketFilter.with(commands, run.resolve("isolation.nft"), LIMIT));
  }

  /// Isolates this host from now on, in place of how it was isolated before.
  ///
  /// @param length for how long, [#SHORTEST] to [#LONGEST]
  /// @param peers at most [Peer#MOST]
  /// @throws PacketFilterException if it is not, and then nothing changed; or if nobody could see
  ///   that it is ([PacketFilterException#mayHold])
  /// @throws IllegalArgumentException if it is too long, too short, or there are too many peers
  public synchronized void begin(Duration length, List<Peer> peers) throws PacketFilterException {
    if (length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "out of range: length=" + length + " range=" + SHORTEST + "," + LONGEST);
    }
    if (peers.size() > Peer.MOST) {
      throw new IllegalArgumentException("too many peers: most=" + Peer.MOST);
    }
    filter.apply(IsolationRules.text(length, peers, NameServers.ofHost()));
    requireHeld();
  }

  /// After the kernel has taken the rules: whatever is wrong now, they may be in force.
  private void requireHeld() throws PacketFilterException {
    Optional<State> held;
    try {
      held = state();
    } catch (PacketFilterException e) {
      throw new PacketFilterException(
          "the rules were taken, but whether they hold cannot be seen: " + e.getMessage(),
          e.fix(),
          true);
    }
    if (held.isEmpty()) {
      throw new PacketFilterException(
          "the rules were taken, but do not hold", "see what else changes them: nft monitor", true);
    }
  }

  /// Ends it.
  ///
  /// @return whether this host was isolated, or nobody could see that it was not
  /// @throws PacketFilterException if it may be isolated still
  public synchronized boolean end() throws PacketFilterException {
    boolean isolated = isIsolated();
    String table = "table inet " + IsolationRules.TABLE + "\n";
    filter.apply(table + "delete " + table);
    return isolated;
  }

  private boolean isIsolated() {
    try {
      return state().isPresent();
    } catch (PacketFilterException _) {
      // It is freed all the same; if that fails too, it says why.
      return true;
    }
  }

  /// How this host is isolated now; empty if it is not.
  ///
  /// @throws PacketFilterException if the packet filter cannot be asked
  public synchronized Optional<State> state() throws PacketFilterException {
    Answer answer = filter.ask(List.of("-j", "list", "table", "inet", IsolationRules.TABLE));
    if (!answer.isDone()) {
      // There is no such table, unless asking itself is refused.
      Answer all = filter.ask(List.of("-j", "list", "tables"));
      if (!all.isDone()) {
        throw all.refusal();
      }
      return Optional.empty();
    }
    try {
      return parse(answer.text());
    } catch (IOException e) {
      throw new PacketFilterException(
          "what nft says cannot be read: error=" + e.getMessage(), "see nft list ruleset", false);
    }
  }

  /// Reads what `nft -j list table` says: when the elements end, and what the counters count.
  static Optional<State> parse(String text) throws IOException {
    Map<String, LongSummaryStatistics> numbers = NftNumbers.of(text);
    LongSummaryStatistics left = numbers.get("expires");
    LongSummaryStatistics refused = numbers.getOrDefault("packets", new LongSummaryStatistics());
    return left == null
        ? Optional.empty()
        : Optional.of(new State(Duration.ofSeconds(left.getMax()), refused.getSum()));
  }
}
