package redoubt.engine.sigma;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import redoubt.engine.sigma.pipeline.PipelineFiles;
import redoubt.engine.sigma.pipeline.Pipelines;
import redoubt.engine.sigma.pipeline.ValueFile;
import redoubt.engine.sigma.rule.CorrelationRule;
import redoubt.engine.sigma.rule.FilterRule;
import redoubt.engine.sigma.rule.Origin;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.rule.Rule;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.RuleReader;
import redoubt.engine.sigma.rule.SigmaRule;
import redoubt.engine.sigma.rule.TextFile;

/// Reads rules from files and folders. What cannot be read is told of and left out; the rest is
/// read. Filters are part of the rules that are returned, and pipelines see them there.
public final class RuleFiles {
  /// Where an archive has values for placeholders.
  public static final String ARCHIVE_VALUES = ".redoubt/values.yml";

  /// Where an archive has pipelines; they count in the order in which they are in it.
  public static final String ARCHIVE_PIPELINES = ".redoubt/pipelines/";

  private static final int ARCHIVE_FILES = 100_000;
  private static final long ARCHIVE_BYTES = 512L << 20;

  private final RuleReader reader;
  private final List<SigmaRule> rules = new ArrayList<>();
  private final List<CorrelationRule> correlations = new ArrayList<>();
  private final List<FilterRule> filters = new ArrayList<>();
  private final List<RuleProblem> problems = new ArrayList<>();
  private final Map<String, Origin> ids = new HashMap<>();
  private int files;

  private RuleFiles(Placeholders placeholders) {
    reader = new RuleReader(placeholders);
  }

  /// What was read.
  ///
  /// @param files how many files were looked into
  public record Result(
      int files,
      List<SigmaRule> rules,
      List<CorrelationRule> correlations,
      List<RuleProblem> problems) {
    public Result {
      rules = List.copyOf(rules);
      correlations = List.copyOf(correlations);
      problems = List.copyOf(problems);
    }
  }

  /// Reads the files, and in folders, at any depth, those that end in `.yml` or `.yaml`.
  ///
  /// @throws IOException if a file or folder cannot be opened
  public static Result read(List<Path> paths, Placeholders placeholders) throws IOException {
    return read(paths, placeholders, Pipelines.NONE);
  }

  /// Reads the same and takes it through the pipelines.
  ///
  /// @throws IOException if a file or folder cannot be opened
  public static Result read(List<Path> paths, Placeholders owners, Pipelines pipelines)
      throws IOException {
    Placeholders placeholders = pipelines.placeholders(owners);
    RuleFiles result = new RuleFiles(placeholders);
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        for (Path file : below(path)) {
          result.readFile(file);
        }
      } else {
        result.readFile(path);
      }
    }
    return result.all(pipelines, placeholders);
  }

  private Result all(Pipelines pipelines, Placeholders placeholders) {
    Pipelines.Result changed =
        pipelines.apply(FilterRule.narrow(rules, filters), correlations, placeholders);
    problems.addAll(changed.problems());
    return new Result(files, changed.rules(), changed.correlations(), problems);
  }

  /// Reads the files of a ZIP archive; their names are their places in it. Before the rules it may
  /// have values for placeholders ([#ARCHIVE_VALUES]) and pipelines ([#ARCHIVE_PIPELINES]); if one
  /// of those cannot be used, there are no rules.
  ///
  /// @throws IOException if it is none, or has more in it than any rules have
  public static Result readArchive(InputStream archive) throws IOException {
    SequencedMap<String, byte[]> pipelines = new LinkedHashMap<>();
    byte[] values = new byte[0];
    ArchivedRules rules = null;
    try (ZipInputStream zip = new ZipInputStream(archive)) {
      int entries = 0;
      long bytes = 0;
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        byte[] content = zip.readNBytes(RuleReader.LENGTH_LIMIT + 1);
        bytes += content.length;
        if (entries == ARCHIVE_FILES || bytes > ARCHIVE_BYTES) {
          throw new IOException(
              "too much for rules: mostFiles=" + ARCHIVE_FILES + " mostBytes=" + ARCHIVE_BYTES);
        }
        entries++;
        String name = entry.getName();
        if (rules == null && name.equals(ARCHIVE_VALUES)) {
          values = content;
        } else if (rules == null && name.startsWith(ARCHIVE_PIPELINES)) {
          pipelines.put(name, content);
        } else {
          rules = rules == null ? ArchivedRules.adaptedBy(values, pipelines) : rules;
          rules.files().read(name, content);
        }
      }
    }
    return (rules == null ? ArchivedRules.adaptedBy(values, pipelines) : rules).all();
  }

  /// The rules of an archive, and what is to become of them.
  private record ArchivedRules(
      RuleFiles files, Pipelines pipelines, Placeholders placeholders, List<RuleProblem> problems) {
    static ArchivedRules adaptedBy(byte[] values, SequencedMap<String, byte[]> pipelineFiles) {
      ValueFile.Result owners = ValueFile.read(ARCHIVE_VALUES, values);
      PipelineFiles.Result pipelines = PipelineFiles.read(pipelineFiles);
      List<RuleProblem> problems = new ArrayList<>(pipelines.problems());
      owners.problem().filter(_ -> values.length > 0).ifPresent(problems::add);
      Placeholders placeholders = pipelines.pipelines().placeholders(owners.placeholders());
      return new ArchivedRules(
          new RuleFiles(placeholders), pipelines.pipelines(), placeholders, problems);
    }

    Result all() {
      return problems.isEmpty()
          ? files.all(pipelines, placeholders)
          : new Result(files.files, List.of(), List.of(), problems);
    }
  }

  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> Files.isRegularFile(file) && isYaml(file)).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isYaml(Path file) {
    String name = file.toString();
    return name.endsWith(".yml") || name.endsWith(".yaml");
  }

  private void readFile(Path file) throws IOException {
    try (InputStream stream = Files.newInputStream(file)) {
      read(file.toString(), stream.readNBytes(RuleReader.LENGTH_LIMIT + 1));
    }
  }

  /// @param content one byte more than is read if it is too long
  private void read(String name, byte[] content) {
    files++;
    String text;
    try {
      text = TextFile.decode(content);
    } catch (RuleException e) {
      problems.add(new RuleProblem(new Origin(name, e.line()), e.kind(), e.reason()));
      return;
    }
    RuleReader.Result read = reader.read(name, text);
    problems.addAll(read.problems());
    filters.addAll(read.filters());
    for (SigmaRule rule : read.rules()) {
      if (isFirst(rule)) {
        rules.add(rule);
      }
    }
    for (CorrelationRule rule : read.correlations()) {
      if (isFirst(rule)) {
        correlations.add(rule);
      }
    }
  }

  private boolean isFirst(Rule rule) {
    Origin other = rule.id().isEmpty() ? null : ids.putIfAbsent(rule.id(), rule.origin());
    if (other != null) {
      problems.add(
          new RuleProblem(
              rule.origin(),
              RuleProblem.Kind.STRUCTURE,
              "another rule has the same id: id=" + rule.id() + " other=" + other));
    }
    return other == null;
  }
}
