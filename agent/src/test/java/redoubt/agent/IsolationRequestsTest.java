package redoubt.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.isolation.NetworkIsolation;
import redoubt.agent.policy.HostCommands;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

/// What is said of an isolation where the packet filter does not do, or tell, what it is asked.
class IsolationRequestsTest {
  private static final ControlRequest.Isolate ON =
      new ControlRequest.Isolate(3_600, List.of("to 192.0.2.7:443/tcp"));
  private static final ControlRequest.Isolate OFF = new ControlRequest.Isolate(0, List.of());
  private static final String HELD =
      "{\"nftables\": [{\"set\": {\"elem\": [{\"elem\": {\"expires\": 60}}]}}]}";

  /// What nft answers to one who asks, and to one who brings rules.
  private record Nft(List<String> asked, List<String> brought, List<String> calls) {
    HostCommands commands() {
      return (command, _, lines) -> {
        List<String> answer = command.contains("-f") ? brought : asked;
        calls.add(String.join(" ", command));
        if (answer.isEmpty()) {
          throw new IOException("takes too long");
        }
        answer.forEach(lines);
      };
    }

    boolean isBroughtRules() {
      return calls.stream().anyMatch(call -> call.contains(" -f "));
    }
  }

  private static final List<String> DONE = List.of("", "status=0");
  private static final List<String> REFUSED = List.of("Operation not permitted", "status=1");
  private static final List<String> ENDED = List.of();
  private static final List<String> ISOLATED = List.of(HELD, "status=0");

  @TempDir private Path folder;
  private final List<String> notices = new ArrayList<>();

  private ControlReply carryOut(Nft nft, ControlRequest.Isolate request) {
    return new IsolationRequests(
            NetworkIsolation.with(nft.commands(), folder),
            (kind, _, message) -> notices.add(kind + ": " + message))
        .carryOut(request, 7);
  }

  private static Nft nft(List<String> asked, List<String> brought) {
    return new Nft(asked, brought, new ArrayList<>());
  }

  private static String failure(ControlReply reply) {
    return assertInstanceOf(ControlReply.Failed.class, reply).message();
  }

  @Test
  void whatIsSeenToHoldIsSaid() {
    assertInstanceOf(ControlReply.Done.class, carryOut(nft(ISOLATED, DONE), ON));
    assertEquals(1, notices.size());
    assertTrue(notices.getFirst().startsWith("ISOLATION: this host is isolated until "));
    assertTrue(notices.getFirst().endsWith("peers=to 192.0.2.7:443/tcp uid=7"), notices::toString);
  }

  @Test
  void rulesThatWereTakenAndCannotBeSeenAreWrittenDown() {
    String message = failure(carryOut(nft(REFUSED, DONE), ON));
    assertTrue(message.startsWith("the rules were taken, but whether they hold cannot"), message);
    assertTrue(notices.getFirst().contains("this host may be isolated until "), notices::toString);
    assertTrue(notices.getFirst().contains(message), notices::toString);

    message = failure(carryOut(nft(DONE, DONE), ON));
    assertTrue(message.contains("the rules were taken, but"), message);
    assertEquals(2, notices.size());
  }

  @Test
  void whoEndsBeforeItSaysWhatItDidMayHaveDoneIt() {
    String message = failure(carryOut(nft(ISOLATED, ENDED), ON));
    assertTrue(message.startsWith("whether the rules are in force is not known: "), message);
    assertTrue(notices.getFirst().contains("this host may be isolated until "), notices::toString);
  }

  @Test
  void refusedRulesChangeNothingAndAreNotWrittenDown() {
    assertTrue(failure(carryOut(nft(ISOLATED, REFUSED), ON)).contains("not permitted"));
    assertTrue(failure(carryOut(nft(DONE, List.of("status=127")), ON)).contains("no nft"));
    assertEquals(List.of(), notices);
  }

  @Test
  void aHostThatCannotBeFreedIsWrittenDown() {
    assertTrue(failure(carryOut(nft(ISOLATED, REFUSED), OFF)).contains("not permitted"));
    assertTrue(
        notices.getFirst().startsWith("ISOLATION: this host could not be freed: "),
        notices::toString);
  }

  @Test
  void aHostIsFreedAlsoWhereNobodyCanSeeWhetherItIsIsolated() {
    Nft nft = nft(REFUSED, DONE);
    assertInstanceOf(ControlReply.Done.class, carryOut(nft, OFF));
    assertTrue(nft.isBroughtRules());
    assertFalse(notices.isEmpty());
  }
}
