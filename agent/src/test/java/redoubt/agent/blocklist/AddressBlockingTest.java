package redoubt.agent.blocklist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.health.TimeSource;

/// When what is told to the packet filter, and what is said of it, with an nft that is made up.
class AddressBlockingTest {
  private static final long NOW_SECONDS = 1_800_000_000L;

  @TempDir private Path folder;
  private final Clock clock = new Clock();
  private final List<String> told = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private boolean refuses;
  private AddressBlocking blocking;

  private static final class Clock implements TimeSource {
    private long seconds = 1;

    @Override
    public long nanos() {
      return Duration.ofSeconds(seconds).toNanos();
    }

    @Override
    public long wallMillis() {
      return (NOW_SECONDS + seconds) * 1_000;
    }

    void pass(Duration time) {
      seconds += time.toSeconds();
    }
  }

  @BeforeEach
  void begin() throws Exception {
    blocking = with("192.0.2.1\n192.0.2.9 2027-01-15T09:00:00Z\n2001:db8::/32\n");
  }

  private AddressBlocking with(String list) throws Exception {
    return AddressBlocking.with(
        AddressList.parse(
            Path.of("list"), list.getBytes(StandardCharsets.UTF_8), List.of(), List.of()),
        (command, _, lines) -> nft(command, lines),
        folder,
        (kind, _, message) -> notices.add(kind + ": " + message),
        clock);
  }

  private void nft(List<String> command, Consumer<String> lines) {
    try {
      if (command.contains("-f")) {
        told.add(Files.readString(Path.of(command.getLast())));
      } else {
        told.add("asked");
        lines.accept("{\"nftables\": [{\"counter\": {\"packets\": 17, \"bytes\": 1}}]}");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lines.accept(refuses ? "Error: no" : "");
    lines.accept(refuses ? "status=1" : "status=0");
  }

  @Test
  void theyAreBlockedAndPutInAgainBeforeTheKernelLetsGo() {
    blocking.begin();
    assertTrue(told.getFirst().contains("192.0.2.1 timeout 86400s"), told::toString);
    assertTrue(told.getFirst().contains("192.0.2.9 timeout 3599s"), told::toString);
    assertEquals(List.of("BLOCKLIST: blocked: addresses=3 exceptions=0"), notices);
    clock.pass(Duration.ofHours(8).minusSeconds(1));
    blocking.check();
    assertEquals(1, told.size());
    clock.pass(Duration.ofSeconds(1));
    blocking.check();
    assertEquals(2, told.size());
    assertTrue(told.getLast().startsWith("flush set"), told::toString);
    assertTrue(!told.getLast().contains("192.0.2.9"), "its time is over");
    assertEquals(2, blocking.state().orElseThrow().ranges());
    assertEquals(1, notices.size());
  }

  @Test
  void aTableThatIsGoneIsMadeAnew() {
    blocking.begin();
    clock.pass(Duration.ofHours(8));
    refuses = true;
    blocking.check();
    assertEquals(3, told.size(), "again, then anew");
    assertTrue(notices.getLast().startsWith("BLOCKLIST: not blocked, tried again every minute"));
    assertEquals(Optional.empty(), blocking.state());
    clock.pass(Duration.ofMinutes(1));
    blocking.check();
    assertEquals(3, notices.size(), "that is said once");
    refuses = false;
    clock.pass(Duration.ofMinutes(1));
    blocking.check();
    assertTrue(notices.getLast().startsWith("BLOCKLIST: blocked: "), notices::toString);
  }

  @Test
  void whatWasRefusedIsAskedForNowAndThen() {
    assertEquals(Optional.empty(), blocking.state());
    blocking.begin();
    assertEquals(new AddressBlocking.State(3, 17), blocking.state().orElseThrow());
    assertEquals(17, blocking.state().orElseThrow().refused());
    assertEquals(2, told.size());
    clock.pass(Duration.ofSeconds(6));
    assertEquals(17, blocking.state().orElseThrow().refused());
    assertEquals(3, told.size());
  }

  @Test
  void atTheEndTheyAreLetGo() {
    blocking.begin();
    blocking.end();
    assertEquals(BlocklistRules.REMOVAL, told.getLast());
    assertEquals("BLOCKLIST: no addresses are blocked any more", notices.getLast());
    refuses = true;
    blocking.end();
    assertTrue(notices.getLast().contains("the kernel lets go within 24 hours"));
  }

  @Test
  void withoutAListNothingIsTouched() throws Exception {
    AddressBlocking none = with("# nothing\n");
    none.begin();
    none.check();
    none.end();
    assertEquals(Optional.empty(), none.state());
    assertEquals(List.of(), told);
    assertEquals(List.of(), notices);
  }
}
