package redoubt.agent.blocklist;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.netfilter.NftNumbers;
import redoubt.agent.netfilter.PacketFilter;
import redoubt.agent.netfilter.PacketFilter.Answer;
import redoubt.agent.netfilter.PacketFilterException;
import redoubt.agent.policy.HostCommands;
import redoubt.core.model.PlatformNotice;

/// Keeps addresses blocked by the kernel's packet filter, while the agent runs: puts them in again
/// every eight hours, and takes the table away at the end. Should the agent be gone, the kernel
/// lets go of them within a day. Where nothing is to be blocked, nothing is touched.
///
/// Thread-safe; each call but the last may wait for `nft(8)` as long as that may take.
public final class AddressBlocking {
  /// Of a hundred thousand addresses, on a slow host.
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /// Of what somebody waits for.
  private static final Duration SHORT_LIMIT = Duration.ofSeconds(2);

  private static final Duration RENEWAL = BlocklistRules.LEASE.dividedBy(3);
  private static final Duration RETRY = Duration.ofMinutes(1);
  private static final Duration FRESH = Duration.ofSeconds(5);
  private static final String SUBJECT = "addresses";

  /// What is blocked.
  ///
  /// @param ranges how many addresses and networks
  /// @param refused how many packets were refused, as far as that could be asked
  public record State(long ranges, long refused) {}

  private final AddressList list;
  private final PacketFilter filter;
  private final PacketFilter quick;
  private final Notices notices;
  private final TimeSource time;
  private boolean holds;
  private boolean failed;
  private long dueNanos;
  private long inForce;
  private long refused;
  private long askedNanos;

  private AddressBlocking(
      AddressList list, PacketFilter filter, PacketFilter quick, Notices notices, TimeSource time) {
    this.list = list;
    this.filter = filter;
    this.quick = quick;
    this.notices = notices;
    this.time = time;
  }

  /// Touches nothing yet.
  ///
  /// @param commands runs `nft(8)`
  /// @param run a folder that only root can write, for the rules on their way
  public static AddressBlocking with(
      AddressList list, HostCommands commands, Path run, Notices notices, TimeSource time) {
    Path file = run.resolve("blocklist.nft");
    return new AddressBlocking(
        list,
        PacketFilter.with(commands, file, LIMIT),
        PacketFilter.with(commands, file, SHORT_LIMIT),
        notices,
        time);
  }

  /// Blocks them from now on; where that fails it is said, and tried again.
  public synchronized void begin() {
    if (list.isEmpty()) {
      return;
    }
    BlocklistRules rules = new BlocklistRules(list, time.wallMillis() / 1_000);
    try {
      filter.apply(rules::writeAll);
      say("blocked: addresses=" + rules.inForce() + " exceptions=" + list.never().size());
      held(rules);
    } catch (PacketFilterException e) {
      fail(e);
    }
  }

  private void held(BlocklistRules rules) {
    holds = true;
    failed = false;
    inForce = rules.inForce();
    dueNanos = time.nanos() + RENEWAL.toNanos();
  }

  private void fail(PacketFilterException e) {
    holds = false;
    dueNanos = time.nanos() + RETRY.toNanos();
    if (!failed) {
      failed = true;
      say("not blocked, tried again every minute: " + e.getMessage() + " (" + e.fix() + ")");
    }
  }

  /// Puts them in again if it is time. Called now and then.
  public synchronized void check() {
    if (list.isEmpty() || time.nanos() - dueNanos < 0) {
      return;
    }
    if (!holds) {
      begin();
      return;
    }
    BlocklistRules rules = new BlocklistRules(list, time.wallMillis() / 1_000);
    try {
      filter.apply(rules::writeAgain);
      held(rules);
    } catch (PacketFilterException e) {
      say("the table is not as it was left, made anew: " + e.getMessage());
      begin();
    }
  }

  /// What is blocked now; empty if nothing is.
  public synchronized Optional<State> state() {
    if (!holds) {
      return Optional.empty();
    }
    long now = time.nanos();
    if (askedNanos == 0 || now - askedNanos > FRESH.toNanos()) {
      askedNanos = now;
      ask();
    }
    return Optional.of(new State(inForce, refused));
  }

  private void ask() {
    try {
      Answer answer =
          quick.ask(
              List.of(
                  "-j", "list", "counter", "inet", BlocklistRules.TABLE, BlocklistRules.REFUSED));
      if (answer.isDone()) {
        LongSummaryStatistics packets = NftNumbers.of(answer.text()).get("packets");
        refused = packets == null ? refused : packets.getSum();
      }
    } catch (PacketFilterException | IOException _) {
      // As many as before.
    }
  }

  /// Lets go of all of them.
  public synchronized void end() {
    if (list.isEmpty()) {
      return;
    }
    holds = false;
    try {
      quick.apply(out -> out.append(BlocklistRules.REMOVAL));
      say("no addresses are blocked any more");
    } catch (PacketFilterException e) {
      say(
          "still blocked, until the kernel lets go within "
              + BlocklistRules.LEASE.toHours()
              + " hours: "
              + e.getMessage());
    }
  }

  private void say(String message) {
    notices.report(PlatformNotice.Kind.BLOCKLIST, SUBJECT, message);
  }
}
