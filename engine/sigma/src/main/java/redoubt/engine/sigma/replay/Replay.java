package redoubt.engine.sigma.replay;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import redoubt.engine.sigma.Detector;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.event.AuditEvents;
import redoubt.engine.sigma.event.Classifier;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.event.EventFormatException;
import redoubt.engine.sigma.event.JsonEvents;
import redoubt.engine.sigma.event.XmlEvents;
import redoubt.engine.sigma.evtx.EvtxRecords;
import redoubt.engine.sigma.match.RuleSet;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.SigmaRule;

/// Runs recordings through rules. Not thread-safe.
public final class Replay {
  private static final byte[] GZIP = {0x1F, (byte) 0x8B};
  private static final int AUDIT_LENGTH = "type=".length();
  private static final long PROGRESS_EVERY_BYTES = 1 << 20;

  private final Detector detector;
  private final SigmaRule.Level least;
  private final Classifier classifier;
  private final Event event;
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
    detector = new Detector(read);
    classifier = new Classifier(detector.fields(), fallback);
    event = new Event(detector.fields());
    json = new JsonEvents(detector.fields(), detector.looksEverywhere());
  }

  /// The rules that are in use.
  public RuleSet rules() {
    return detector.rules();
  }

  /// Why others are not.
  public List<RuleProblem> problems() {
    return detector.problems();
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
    detector.startOver();
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
          findings += detect(eventClass, file, records, listener);
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
    return new Summary(records, unreadable, findings, cutShort, detector.forgotten());
  }

  /// Runs the event through the rules.
  ///
  /// @return how many findings were reported
  private long detect(EventClass eventClass, Path file, long record, Listener listener) {
    long[] reported = {0};
    detector.detect(
        event,
        eventClass,
        found -> {
          if (found.rule().level().compareTo(least) >= 0) {
            listener.found(new Finding(found.rule(), file, record, found.reasons()));
            reported[0]++;
          }
        });
    return reported[0];
  }

  private RecordSource open(InputStream stream) throws IOException {
    InputStream content =
        Arrays.equals(first(stream, GZIP.length), GZIP)
            ? new BufferedInputStream(new GZIPInputStream(stream))
            : stream;
    if (EvtxRecords.isLog(first(content, EvtxRecords.magicLength()))) {
      return new LogRecords(
          new EvtxRecords(content, detector.fields(), detector.looksEverywhere()));
    }
    if (AuditEvents.isLog(first(content, AUDIT_LENGTH))) {
      return new AuditRecords(
          new Input(content), new AuditEvents(detector.fields(), detector.looksEverywhere()));
    }
    InputStream text =
        Utf16AsUtf8.isMarked(first(content, 2))
            ? new BufferedInputStream(new Utf16AsUtf8(content))
            : content;
    if (XmlRecords.isXml(first(text, XmlRecords.magicLength()))) {
      return new XmlRecords(
          new Input(text), new XmlEvents(detector.fields(), detector.looksEverywhere()));
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
