package redoubt.agent.fleet;

import redoubt.core.model.Sha256;

/// Where the server of a fleet is, and what it stands on. Immutable.
///
/// @param name its name or address, as in its certificate; without colons
/// @param port from 1 to 65,535
/// @param authority the digest of the certificate that it has to stand on
public record FleetPlace(String name, int port, Sha256 authority) {
  private static final int MOST_CHARS = 253;
  private static final int HIGHEST_PORT = 65_535;

  /// @throws IllegalArgumentException if there can be no such server
  public FleetPlace {
    // It becomes a word of a relay's command and the name of a folder.
    if (name.length() > MOST_CHARS || !name.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")) {
      throw new IllegalArgumentException(
          "no name of a server: letters, digits, '.' and '-': name=" + name);
    }
    if (port < 1 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("no port: port=" + port);
    }
  }

  /// `NAME:PORT`.
  public String address() {
    return name + ":" + port;
  }
}
