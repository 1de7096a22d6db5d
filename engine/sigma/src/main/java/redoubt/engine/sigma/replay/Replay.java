package redoubt.engine.sigma.replay;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.correlation.Correlated;
import redoubt.engine.sigma.correlation.Correlations;
import redoubt.engine.sigma.correlation.Correlator;
import redoubt.engine.sigma.event.AuditEvents;
import redoubt.engine.sigma.event.Classifier;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.event.EventFormatException;
import redoubt.engine.sigma.event.EventTime;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.event.JsonEvents;
import redoubt.engine.sigma.event.XmlEvents;
import redoubt.engine.sigma.evtx.EvtxRecords;
import redoubt.engine.sigma.match.FieldMatch;
import redoubt.engine.sigma.match.RuleMatcher;
import redoubt.engine.sigma.match.RuleSet;
import redoubt.engine.sigma.rule.Rule;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.SigmaRule;

/// Runs recordings through rules. Not thread-safe.
public final class Replay {
  private static final byte[] GZIP = {0x1F, (byte) 0x8B};
  private static final int AUDIT_LENGTH = "type=".length();
  private static final long PROGRESS_EVERY_BYTES = 1 << 20;

  private final FieldTable fields = new FieldTable();
  private final RuleSet rules;
  private final Correlations correlations;
  private final SigmaRule.Level least;
  private final List<RuleProblem> problems = new ArrayList<>();
  private final Classifier classifier;
  private final EventTime time;
  private final RuleMatcher matcher;
  private final Event event;
  private final List<SigmaRule> matched = new ArrayList<>();
  private final JsonEvents json;

  /// Is told what happens.
  public interface Listener {
    /// A rule matches a record.
    void found(Finding finding);

    /// A record cannot be read; those behind it are.
    void unreadable(Path file, long record, String problem);

    /// So much of the file is done.
    void progress(Path file, long doneBytes, long allBytes);
  }

  /// What came of a recording.
  ///
  /// @param cutShort records that were too large to be looked at as a whole
  /// @param forgotten combinations of values that correlations forgot for want of room
  public record Summary(
      long records, long unreadable, long findings, long cutShort, long forgotten) {
    /// Nothing at all.
    public static final Summary NONE = new Summary(0, 0, 0, 0, 0);

    /// Both together.
    public Summary plus(Summary other) {
      return new Summary(
          records + other.records,
          unreadable + other.unreadable,
          findings + other.findings,
          cutShort + other.cutShort,
          forgotten + other.forgotten);
    }
  }

  /// Compiles the rules.
  ///
  /// @param least the level below which matches are not reported
  /// @param fallback what kind of events they are if the records do not say it
  public Replay(RuleFiles.Result read, SigmaRule.Level least, EventClass fallback) {
    this.least = least;
    RuleSet.Result compiled = RuleSet.compile(read.rules(), fields);
    rules = compiled.rules();
    problems.addAll(compiled.problems());
    Correlations.Result tied =
        Correlations.compile(read.correlations(), compiled.accepted(), fields);
    correlations = tied.correlations();
    problems.addAll(tied.problems());
    classifier = new Classifier(fields, fallback);
    time = new EventTime(fields);
    matcher = new RuleMatcher(rules);
    event = new Event(fields);
    json = new JsonEvents(fields, rules.looksEverywhere());
  }

  /// The rules that are in use.
  public RuleSet rules() {
    return rules;
  }

  /// Why others are not.
  public List<RuleProblem> problems() {
    return List.copyOf(problems);
  }

  /// Runs one recording through the rules.
  ///
  /// @throws IOException if the file cannot be read or is of a kind that is not known
  public Summary run(Path file, Listener listener) throws IOException {
    long all = Files.size(file);
    long records = 0;
    long unreadable = 0;
    long cutShort = 0;
    long findings = 0;
    // Recordings have times of their own.
    Correlator correlator = new Correlator(correlations, fields);
    try (CountedStream counted = new CountedStream(Files.newInputStream(file));
        RecordSource source = open(new BufferedInputStream(counted))) {
      long reported = 0;
      while (true) {
        event.clear();
        try {
          if (!source.next(event)) {
            break;
          }
          records++;
          EventClass known = source.eventClass();
          EventClass eventClass = known == null ? classifier.classify(event) : known;
          cutShort += event.left() > 0 ? 1 : 0;
          findings += match(eventClass, file, records, correlator, listener);
        } catch (EventFormatException e) {
          records++;
          unreadable++;
          listener.unreadable(file, records, e.problem());
        }
        if (counted.count() - reported >= PROGRESS_EVERY_BYTES) {
          reported = counted.count();
          listener.progress(file, reported, all);
        }
      }
      listener.progress(file, all, all);
    }
    return new Summary(records, unreadable, findings, cutShort, correlator.forgotten());
  }

  /// Runs the event through the rules.
  ///
  /// @return how many findings were reported
  private long match(
      EventClass eventClass, Path file, long record, Correlator correlator, Listener listener) {
    long[] reported = {0};
    matched.clear();
    matcher.match(
        event,
        eventClass,
        (rule, matches) -> {
          matched.add(rule);
          if (isReported(rule)) {
            listener.found(new Finding(rule, file, record, reasons(matches)));
            reported[0]++;
          }
        });
    correlator.matched(
        matched,
        event,
        time,
        correlated -> {
          if (isReported(correlated.rule())) {
            listener.found(new Finding(correlated.rule(), file, record, reasons(correlated)));
            reported[0]++;
          }
        });
    return reported[0];
  }

  private boolean isReported(Rule rule) {
    return rule.level().compareTo(least) >= 0 && !correlations.silences(rule);
  }

  private static List<Finding.Reason> reasons(Correlated correlated) {
    List<Finding.Reason> reasons = new ArrayList<>();
    correlated.group().forEach((field, value) -> reasons.add(new Finding.Reason(field, value)));
    String type = correlated.rule().type().name().toLowerCase(Locale.ROOT);
    BigDecimal value = BigDecimal.valueOf(correlated.value()).stripTrailingZeros();
    reasons.add(new Finding.Reason(type, value.toPlainString()));
    return reasons;
  }

  private List<Finding.Reason> reasons(List<FieldMatch> matches) {
    List<Finding.Reason> reasons = new ArrayList<>();
    for (FieldMatch match : matches) {
      String value = match.value();
      Finding.Reason reason =
          new Finding.Reason(
              match.slot() < 0 ? "" : fields.name(match.slot()), value == null ? "" : value);
      if (!reasons.contains(reason)) {
        reasons.add(reason);
      }
    }
    return reasons;
  }

  private RecordSource open(InputStream stream) throws IOException {
    InputStream content =
        Arrays.equals(first(stream, GZIP.length), GZIP)
            ? new BufferedInputStream(new GZIPInputStream(stream))
            : stream;
    if (EvtxRecords.isLog(first(content, EvtxRecords.magicLength()))) {
      return new LogRecords(new EvtxRecords(content, fields, rules.looksEverywhere()));
    }
    if (AuditEvents.isLog(first(content, AUDIT_LENGTH))) {
      return new AuditRecords(new Input(content), new AuditEvents(fields, rules.looksEverywhere()));
    }
    InputStream text =
        Utf16AsUtf8.isMarked(first(content, 2))
            ? new BufferedInputStream(new Utf16AsUtf8(content))
            : content;
    if (XmlRecords.isXml(first(text, XmlRecords.magicLength()))) {
      return new XmlRecords(new Input(text), new XmlEvents(fields, rules.looksEverywhere()));
    }
    return new JsonRecords(new Input(text), json);
  }

  private static byte[] first(InputStream stream, int length) throws IOException {
    stream.mark(length);
    byte[] first = stream.readNBytes(length);
    stream.reset();
    return first;
  }

  /// The records of a Windows event log.
  private record LogRecords(EvtxRecords records) implements RecordSource {
    @Override
    public boolean next(Event event) throws IOException, EventFormatException {
      return records.next(event);
    }

    @Override
    public void close() throws IOException {
      records.close();
    }
  }
}
