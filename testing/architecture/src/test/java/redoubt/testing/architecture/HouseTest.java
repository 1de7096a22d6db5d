package redoubt.testing.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Holds the compiled house against its rules, and each rule against the sample house.
final class HouseTest {
  private static final String SAMPLE = "redoubt.testing.architecture.sample";

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("redoubt");

  private static final JavaClasses BAD_HOUSE = new ClassFileImporter().importPackages(SAMPLE);

  @TestFactory
  Stream<DynamicTest> theHouseKeepsEveryRule() {
    return Stream.concat(new House("redoubt").rules(), new CodeRules("redoubt").rules())
        .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(HOUSE)));
  }

  @Test
  void everyShippedModuleIsLookedAt() throws IOException {
    List<String> missing =
        SourceTree.ofThisRepository().shippedPackages().stream()
            .filter(name -> !HOUSE.containPackage(name))
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void everyRoomOfTheTableExistsOrIsYetToBe() throws IOException {
    List<String> shipped = SourceTree.ofThisRepository().shippedModules();
    for (String module : shipped) {
      String room = module.substring("redoubt.".length());
      assertTrue(House.ROOMS.containsKey(room), "no room of the table: module=" + module);
    }
  }

  @Test
  void aRoomThatUsesAnotherIsFound() {
    assertBreaks(bad().roomUsesItsNeighboursOnly("engine.scanner"), "scanner.Scanner");
    assertBreaks(bad().roomUsesItsNeighboursOnly("agent"), "agent.engine.Session");
  }

  @Test
  void aFloorThatUsesAHigherOneIsFound() {
    assertBreaks(bad().floorUsesThoseBelowOnly("decision"), "decision.Decider");
    assertFalse(evaluate(bad().floorUsesThoseBelowOnly("engine")).hasViolation());
  }

  @Test
  void aClassWithoutARoomIsFound() {
    assertBreaks(bad().everyClassHasARoom(), "util.Words");
  }

  @Test
  void aCycleIsFound() {
    assertBreaks(bad().packagesHaveNoCycles(), "Cycle detected");
  }

  @Test
  void nativeCodeOutsideItsRoomIsFound() {
    assertBreaks(badCode().nativeCodeIsCalledInOneRoom(), "model.Word");
  }

  @Test
  void aWordThatDoesSomethingIsFound() {
    assertBreaks(badCode().vocabularyIsPure(), "model.Word");
  }

  @Test
  void aCommandThatReachesIntoTheAgentIsFound() {
    assertBreaks(bad().commandReadsFilesOnly(), "cli.Status");
  }

  @Test
  void protobufOutsideItsRoomIsFound() {
    assertBreaks(badCode().protobufIsKnownToOneRoom(), "hook.Hook");
  }

  @Test
  void aNetworkSocketIsFound() {
    assertBreaks(badCode().nothingUsesTheNetwork(), "hook.HookImpl");
  }

  @Test
  void aProcessStartedElsewhereIsFound() {
    assertBreaks(badCode().processesAreStartedInTwoPlaces(), "hook.HookImpl");
  }

  @Test
  void anExitOutsideAProgramIsFound() {
    assertBreaks(badCode().onlyProgramsEndTheProcess(), "hook.HookImpl");
  }

  @Test
  void staticStateIsFound() {
    assertBreaks(badCode().nothingStaticChanges(), "hook.Hook");
  }

  @Test
  void namesThatSayNothingAreFound() {
    assertBreaks(badCode().packagesAreNamedAfterSomething(), "util.Words");
    assertBreaks(badCode().classesAreNamedAfterTheirDifference(), "hook.HookImpl");
  }

  private static House bad() {
    return new House(SAMPLE);
  }

  private static CodeRules badCode() {
    return new CodeRules(SAMPLE);
  }

  private static EvaluationResult evaluate(ArchRule rule) {
    return rule.evaluate(BAD_HOUSE);
  }

  private static void assertBreaks(ArchRule rule, String culprit) {
    List<String> found = evaluate(rule).getFailureReport().getDetails();
    assertTrue(
        found.stream().anyMatch(detail -> detail.contains(culprit)),
        rule.getDescription() + " did not find " + culprit + ": found=" + found);
  }
}
