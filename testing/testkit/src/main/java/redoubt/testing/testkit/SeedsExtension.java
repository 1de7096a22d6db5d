package redoubt.testing.testkit;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives a test method its [Seeds]; [Trials] says how many.
public final class SeedsExtension implements ParameterResolver {
  private static final int STANDARD_COUNT = 200;

  /// Created by JUnit.
  public SeedsExtension() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Seeds.class;
  }

  @Override
  public Seeds resolveParameter(ParameterContext parameter, ExtensionContext context) {
    int count = parameter.findAnnotation(Trials.class).map(Trials::value).orElse(STANDARD_COUNT);
    String test =
        context.getRequiredTestClass().getSimpleName()
            + '.'
            + context.getRequiredTestMethod().getName();
    return Seeds.of(test, count);
  }
}
