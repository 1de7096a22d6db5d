package redoubt.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redoubt.cli.Terminal.Tone;

/// A table for people: columns as wide as they need, numbers to the right, no lines.
///
/// For one thread. Cells are made [Printable] here.
final class Table {
  private static final String GAP = "  ";

  private final List<String> titles;
  private final List<List<Cell>> rows = new ArrayList<>();

  /// One cell.
  ///
  /// @param text what it shows
  /// @param tone how, or null for plain
  record Cell(String text, @Nullable Tone tone) {
    static Cell of(String text) {
      return new Cell(Printable.of(text), null);
    }

    static Cell of(long number) {
      return of(Long.toString(number));
    }

    static Cell of(String text, Tone tone) {
      return new Cell(Printable.of(text), tone);
    }

    private boolean isNumber() {
      return text.matches("-?[0-9.]+( (µs|ms|s|MiB))?");
    }
  }

  Table(String... titles) {
    this.titles = List.of(titles);
  }

  void add(Cell... cells) {
    if (cells.length != titles.size()) {
      throw new IllegalArgumentException(
          "wrong number of cells: cells=" + cells.length + " columns=" + titles.size());
    }
    rows.add(List.of(cells));
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void print(Terminal terminal) {
    int[] widths = new int[titles.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = widthOf(column);
    }
    StringBuilder head = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      append(head, titles.get(column), null, widths[column], isNumeric(column), terminal);
    }
    terminal.line(terminal.paint(Tone.QUIET, head.toString().stripTrailing()));
    for (List<Cell> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        Cell cell = row.get(column);
        append(line, cell.text(), cell.tone(), widths[column], isNumeric(column), terminal);
      }
      terminal.line(line.toString().stripTrailing());
    }
  }

  private static void append(
      StringBuilder line,
      String text,
      @Nullable Tone tone,
      int width,
      boolean right,
      Terminal terminal) {
    String padding = " ".repeat(width - text.codePointCount(0, text.length()));
    String shown = tone == null ? text : terminal.paint(tone, text);
    line.append(right ? padding + shown : shown + padding).append(GAP);
  }

  private int widthOf(int column) {
    int width = titles.get(column).length();
    for (List<Cell> row : rows) {
      String text = row.get(column).text();
      width = Math.max(width, text.codePointCount(0, text.length()));
    }
    return width;
  }

  private boolean isNumeric(int column) {
    return !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column).isNumber());
  }
}
