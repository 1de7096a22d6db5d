package redoubt.core.wire;

import java.util.ArrayList;
import java.util.List;
import redoubt.core.wire.ControlReply.ScanHit;
import redoubt.core.wire.ControlReply.Scanned;
import redoubt.core.wire.ControlReply.ScannedFile;

/// `Scanned` in `spec/control.proto`, field by field.
final class ScanFormat {
  private ScanFormat() {}

  static void write(ProtoWriter out, Scanned scanned) {
    for (ScannedFile file : scanned.files()) {
      out.begin(1);
      out.text(1, file.state());
      out.flag(2, file.known());
      out.text(3, file.detail());
      for (ScanHit hit : file.hits()) {
        out.begin(4);
        out.text(1, hit.engine());
        out.text(2, hit.rule());
        out.text(3, hit.reason());
        out.end();
      }
      out.end();
    }
  }

  static Scanned read(ProtoReader in) throws WireException {
    List<ScannedFile> files = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> files.add(readFile(in.messageElement()));
        default -> in.skip();
      }
    }
    return new Scanned(files);
  }

  /// Cuts texts to their limits and leaves out what is too much; if that does not make the message
  /// short enough, the reasons go.
  static Scanned fit(Scanned scanned) {
    Scanned fitting = fit(scanned, WireLimits.REASON_CHARS);
    ProtoWriter written = new ProtoWriter();
    write(written, fitting);
    return written.length() > WireLimits.MESSAGE_BYTES / 2 ? fit(scanned, 0) : fitting;
  }

  private static Scanned fit(Scanned scanned, int reasonChars) {
    return new Scanned(
        scanned.files().stream()
            .map(file ->
                new ScannedFile(
                    file.state(),
                    file.known(),
                    WireText.cut(file.detail(), WireLimits.NAME_CHARS),
                    file.hits().stream()
                        .limit(WireLimits.SCAN_HITS)
                        .map(hit -> fit(hit, reasonChars))
                        .toList()))
            .toList());
  }

  private static ScanHit fit(ScanHit hit, int reasonChars) {
    return new ScanHit(
        hit.engine(),
        WireText.cut(hit.rule(), WireLimits.NAME_CHARS / 2),
        reasonChars == 0 ? "" : WireText.cut(hit.reason(), reasonChars));
  }

  /// @throws IllegalArgumentException if a field is out of its range
  static void check(Scanned scanned) {
    Check.count("files", scanned.files(), 1, WireLimits.SCAN_FILES);
    for (ScannedFile file : scanned.files()) {
      Check.code(file.state());
      Check.text("detail", file.detail(), WireLimits.NAME_CHARS);
      Check.count("hits", file.hits(), 0, WireLimits.SCAN_HITS);
      for (ScanHit hit : file.hits()) {
        Check.engineId(hit.engine());
        Check.text("rule", hit.rule(), WireLimits.NAME_CHARS);
        Check.text("reason", hit.reason(), WireLimits.REASON_CHARS);
      }
    }
  }

  private static ScannedFile readFile(ProtoReader in) throws WireException {
    String state = "";
    boolean known = false;
    String detail = "";
    List<ScanHit> hits = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> state = in.text();
        case 2 -> known = in.flag();
        case 3 -> detail = in.text();
        case 4 -> hits.add(readHit(in.messageElement()));
        default -> in.skip();
      }
    }
    return new ScannedFile(state, known, detail, hits);
  }

  private static ScanHit readHit(ProtoReader in) throws WireException {
    String engine = "";
    String rule = "";
    String reason = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> engine = in.text();
        case 2 -> rule = in.text();
        case 3 -> reason = in.text();
        default -> in.skip();
      }
    }
    return new ScanHit(engine, rule, reason);
  }
}
