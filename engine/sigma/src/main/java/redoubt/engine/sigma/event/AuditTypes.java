package redoubt.engine.sigma.event;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// The names that the audit daemon writes for the kernel's numbers of records. Thread-safe.
public final class AuditTypes {
  private static final String RESOURCE = "audit-types.txt";

  private final Map<Integer, String> names;

  private AuditTypes(Map<Integer, String> names) {
    this.names = Map.copyOf(names);
  }

  /// Reads the names.
  public static AuditTypes load() {
    Map<Integer, String> names = new HashMap<>();
    InputStream resource =
        Objects.requireNonNull(AuditTypes.class.getResourceAsStream(RESOURCE), RESOURCE);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(resource, StandardCharsets.US_ASCII))) {
      lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" ", 2))
          .forEach(words -> names.put(Integer.parseInt(words[0]), words[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new AuditTypes(names);
  }

  /// The name, such as `SYSCALL` for 1300; of a number without one `UNKNOWN[number]`, as the audit
  /// daemon writes it.
  public String name(int number) {
    return names.getOrDefault(number, "UNKNOWN[" + number + "]");
  }
}
