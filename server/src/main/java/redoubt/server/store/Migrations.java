package redoubt.server.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/// The steps that bring a database to its newest form, from this module itself: Flyway would look
/// through a class path, and there is none. A step that was released never changes.
final class Migrations implements ResourceProvider {
  private static final List<String> STEPS =
      List.of(
          "V1__fleet.sql",
          "V2__operators.sql",
          "V3__rollouts.sql",
          "V4__findings.sql",
          "V5__commands.sql",
          "V6__outputs.sql",
          "V7__labels.sql",
          "V8__policy.sql",
          "V9__marks.sql");

  @Override
  public @Nullable LoadableResource getResource(String name) {
    return STEPS.contains(name) ? new Step(name) : null;
  }

  @Override
  public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
    return STEPS.stream()
        .filter(name -> name.startsWith(prefix) && Stream.of(suffixes).anyMatch(name::endsWith))
        .map(name -> (LoadableResource) new Step(name))
        .toList();
  }

  /// One of them.
  private static final class Step extends LoadableResource {
    private final String name;

    Step(String name) {
      this.name = name;
    }

    @Override
    public Reader read() {
      try (@Nullable InputStream in = Migrations.class.getResourceAsStream("migration/" + name)) {
        if (in == null) {
          throw new IllegalStateException("not in this build: migration=" + name);
        }
        return new StringReader(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String getAbsolutePath() {
      return name;
    }

    @Override
    public String getAbsolutePathOnDisk() {
      return name;
    }

    @Override
    public String getFilename() {
      return name;
    }

    @Override
    public String getRelativePath() {
      return name;
    }
  }
}
