package redoubt.testing.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import redoubt.core.wire.EngineMessage;
import redoubt.testing.conformance.Result.Status;

/// Runs checks one after the other, each on a stage of its own.
///
/// @param settings what is checked
/// @param expected ids of checks that are known to fail
record Runner(Settings settings, Set<String> expected) {
  Runner {
    expected = Set.copyOf(expected);
  }

  /// Asks the engine who it is.
  ///
  /// @throws ClaimBrokenException if it does not even say hello
  EngineMessage.Hello introduce() throws IOException, InterruptedException {
    try (Stage stage = new Stage(settings, "introduce")) {
      return stage.connect().hello();
    }
  }

  /// Runs the checks.
  ///
  /// @param before told before each check
  /// @param after told after each
  List<Result> run(List<Check> checks, Consumer<Check> before, Consumer<Result> after)
      throws IOException, InterruptedException {
    List<Result> results = new ArrayList<>();
    for (Check check : checks) {
      before.accept(check);
      Result result = run(check);
      results.add(result);
      after.accept(result);
    }
    return results;
  }

  private Result run(Check check) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    try (Stage stage = new Stage(settings, check.id())) {
      String seen = check.trial().run(stage);
      return result(check, isExpected(check) ? Status.XPASS : Status.PASS, seen, begin);
    } catch (ClaimBrokenException e) {
      return result(
          check, isExpected(check) ? Status.XFAIL : Status.FAIL, "" + e.getMessage(), begin);
    } catch (NotClaimedException e) {
      return result(check, Status.SKIP, "" + e.getMessage(), begin);
    }
  }

  private boolean isExpected(Check check) {
    return expected.contains(check.id());
  }

  private static Result result(Check check, Status status, String detail, long begin) {
    return new Result(check, status, detail, (System.nanoTime() - begin) / 1_000_000);
  }
}
