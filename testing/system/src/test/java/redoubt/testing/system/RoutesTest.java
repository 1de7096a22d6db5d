package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import redoubt.agent.journal.JournalLine;
import redoubt.testing.system.CoveredHost.Judged;
import redoubt.testing.system.CoveredHost.Trial;

/// A known-bad file is refused by every [Route] that the kernel asks about, and its good twin is
/// not refused by any.
class RoutesTest {
  private static CoveredHost host;

  @BeforeAll
  static void startAgent() throws Exception {
    host = CoveredHost.start();
  }

  @AfterAll
  static void stopAgent() throws Exception {
    host.close();
  }

  static Stream<Arguments> execs() {
    return EnumSet.range(Route.DIRECT_EXEC, Route.EXECVE_CHECK).stream()
        .flatMap(route ->
            Stream.of(Specimen.PROGRAM, Specimen.SCRIPT)
                // An empty root directory has no interpreter.
                .filter(specimen -> route != Route.CHROOT || specimen == Specimen.PROGRAM)
                .map(specimen -> Arguments.of(route, specimen)));
  }

  static Stream<Arguments> opens() {
    return Stream.of(
        Arguments.of(Route.PLAIN_OPEN, Specimen.PROGRAM),
        Arguments.of(Route.PLAIN_OPEN, Specimen.SCRIPT),
        Arguments.of(Route.IO_URING_OPEN, Specimen.PROGRAM),
        Arguments.of(Route.SHELL_READS_SCRIPT, Specimen.SCRIPT),
        Arguments.of(Route.SHELL_READS_STANDARD_INPUT, Specimen.SCRIPT),
        Arguments.of(Route.LOADER_STARTS_PROGRAM, Specimen.DYNAMIC_PROGRAM),
        Arguments.of(Route.PRELOADED_LIBRARY, Specimen.LIBRARY));
  }

  @ParameterizedTest
  @MethodSource("execs")
  void anExecOfTheBadOneIsRefused(Route route, Specimen specimen) throws Exception {
    refusesTheBadOneOnly(route, specimen, Judged.EXECS, "EXEC");
  }

  @ParameterizedTest
  @MethodSource("opens")
  void anOpenOfTheBadOneIsRefused(Route route, Specimen specimen) throws Exception {
    refusesTheBadOneOnly(route, specimen, Judged.EXECS_AND_OPENS, "OPEN");
  }

  private static void refusesTheBadOneOnly(
      Route route, Specimen specimen, Judged judged, String eventClass) throws Exception {
    Trial bad = host.use(specimen.bad(), judged, route::take);
    assertFalse(bad.outcome().ran(), bad::toString);
    assertEquals(eventClass, bad.seen(), bad::toString);
    assertEquals("DENY", bad.answers(), bad::toString);
    JournalLine decision = bad.decisions().getLast();
    assertEquals("scanner", decision.engine());
    assertEquals(specimen.rule(), decision.rule());
    assertEquals(KnownBad.sha256(specimen.bad()), decision.sha256());

    Trial good = host.use(specimen.good(), judged, route::take);
    assertTrue(good.outcome().ran(), good::toString);
    assertEquals("ALLOW", good.answers(), good::toString);
  }
}
