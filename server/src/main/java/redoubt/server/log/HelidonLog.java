package redoubt.server.log;

import io.helidon.logging.common.spi.LoggingProvider;

/// Tells Helidon that what it logs is taken care of: by [ServerLog]. Found as a service.
public final class HelidonLog implements LoggingProvider {
  /// For the service loader.
  public HelidonLog() {}

  @Override
  public void initialization() {
    // As it is.
  }

  @Override
  public void runTime() {
    // As it is.
  }
}
