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

  private AuditTypes() {}

  /// Read when the first record asks for a name.
  private static final class Names {
    static final Map<Integer, String> ALL = load();
  }

  private static Map<Integer, String> load() {
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
    return Map.copyOf(names);
  }

  /// The name, such as `SYSCALL` for 1300; of a number without one `UNKNOWN[number]`, as the audit
  /// daemon writes it.
  public static String name(int number) {
    return Names.ALL.getOrDefault(number, "UNKNOWN[" + number + "]");
  }
}
