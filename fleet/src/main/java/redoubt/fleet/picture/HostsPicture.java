package redoubt.fleet.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import redoubt.fleet.picture.Canvas.Anchor;
import redoubt.fleet.picture.Canvas.Corner;

/// How many hosts, over time. The scale is logarithmic, since what is compared is five hosts and
/// millions of them; each line is named at its end, so that there is no key to look up.
///
/// @param title what is to be seen, in one line
/// @param subtitle what it was made of
/// @param lines from the least to the most important
/// @param marks moments to point at
public record HostsPicture(String title, String subtitle, List<Line> lines, List<Mark> marks) {
  /// What a line is about.
  public enum Role {
    /// What one wants to be small: the hosts that were harmed.
    HARM("#c2352b"),
    /// What Redoubt made of it.
    REDOUBT("#1f6f54"),
    /// What is there for comparison.
    BACKGROUND("#8a929c");

    private final String colour;

    Role(String colour) {
      this.colour = colour;
    }
  }

  /// The number of hosts at a moment.
  public record Point(int second, long hosts) {}

  /// One line.
  ///
  /// @param name at its end, short
  /// @param role how it is drawn
  /// @param points in the order of time
  public record Line(String name, Role role, List<Point> points) {
    public Line {
      points = List.copyOf(points);
    }
  }

  /// A moment.
  ///
  /// @param second when
  /// @param text what happened
  public record Mark(int second, String text) {}

  private static final int WIDTH = 1_000;
  private static final int HEIGHT = 560;
  private static final int LEFT = 104;
  private static final int RIGHT = 790;
  private static final int TOP = 112;
  private static final int BOTTOM = 488;
  private static final int LABEL_GAP = 34;
  private static final int MOST_LINES = 6;
  private static final String INK = "#1d2329";
  private static final String QUIET = "#66707a";
  private static final String GRID = "#e6e9ec";
  private static final String PAPER = "#ffffff";

  public HostsPicture {
    lines = List.copyOf(lines);
    marks = List.copyOf(marks);
    if (lines.size() > MOST_LINES || lines.stream().anyMatch(line -> line.points().isEmpty())) {
      throw new IllegalArgumentException("nothing to draw: lines=" + lines.size());
    }
  }

  /// The picture as an SVG document.
  public String svg() {
    SvgCanvas canvas = new SvgCanvas(WIDTH, HEIGHT, title);
    draw(canvas);
    return canvas.document();
  }

  /// The picture as a PNG file. Needs the module `java.desktop`.
  public byte[] png() {
    PngCanvas canvas = new PngCanvas(WIDTH, HEIGHT);
    draw(canvas);
    return canvas.file();
  }

  private void draw(Canvas canvas) {
    canvas.rectangle(0, 0, WIDTH, HEIGHT, PAPER, 1);
    canvas.text(new Corner(28, 44), title, 22, INK, Anchor.START, true);
    canvas.text(new Corner(28, 70), subtitle, 13.5, QUIET, Anchor.START, false);
    drawHostAxis(canvas);
    drawTimeAxis(canvas);
    drawMarks(canvas);
    lines.forEach(line -> drawLine(canvas, line));
    drawNames(canvas);
  }

  private void drawHostAxis(Canvas canvas) {
    for (long hosts = 1; hosts <= mostHosts(); hosts *= 10) {
      double y = yOf(hosts);
      canvas.line(List.of(new Corner(LEFT, y), new Corner(RIGHT, y)), GRID, 1, false);
      canvas.text(
          new Corner(LEFT - 10, y + 4.5),
          String.format(Locale.ROOT, "%,d", hosts),
          12.5,
          QUIET,
          Anchor.END,
          false);
    }
    canvas.line(List.of(new Corner(LEFT, yOf(0)), new Corner(RIGHT, yOf(0))), QUIET, 1, false);
    canvas.text(new Corner(LEFT - 10, yOf(0) + 4.5), "0", 12.5, QUIET, Anchor.END, false);
    canvas.text(new Corner(LEFT - 10, TOP - 14), "hosts", 12.5, QUIET, Anchor.END, false);
  }

  private void drawTimeAxis(Canvas canvas) {
    int step = minutesBetweenTicks();
    for (int minute = 0; minute * 60 <= lastSecond(); minute += step) {
      double x = xOf(minute * 60);
      canvas.line(List.of(new Corner(x, BOTTOM), new Corner(x, BOTTOM + 5)), QUIET, 1, false);
      String text = step >= 60 ? minute / 60 + " h" : Integer.toString(minute);
      canvas.text(new Corner(x, BOTTOM + 22), text, 12.5, QUIET, Anchor.MIDDLE, false);
    }
    canvas.text(
        new Corner((LEFT + RIGHT) / 2.0, BOTTOM + 46),
        step >= 60 ? "since the update was published" : "minutes since the update was published",
        12.5,
        QUIET,
        Anchor.MIDDLE,
        false);
  }

  private int minutesBetweenTicks() {
    for (int step : new int[] {1, 2, 5, 10, 15, 30, 60}) {
      if (lastSecond() / 60 / step <= 10) {
        return step;
      }
    }
    return 120;
  }

  private void drawMarks(Canvas canvas) {
    // Texts of the left half stand right of their moment and the others left of it, so that only
    // those of one half can meet.
    int[] rows = new int[2];
    for (Mark mark : marks) {
      double x = xOf(mark.second());
      boolean left = x > (LEFT + RIGHT) / 2.0;
      double y = TOP - 16 + 16.0 * rows[left ? 1 : 0]++;
      canvas.line(List.of(new Corner(x, y + 6), new Corner(x, BOTTOM)), QUIET, 1, true);
      canvas.text(
          new Corner(left ? x - 6 : x + 6, y + 4),
          mark.text(),
          12.5,
          INK,
          left ? Anchor.END : Anchor.START,
          false);
    }
  }

  private void drawLine(Canvas canvas, Line line) {
    List<Corner> corners = new ArrayList<>();
    for (int i = 0; i < line.points().size(); i++) {
      Point point = line.points().get(i);
      Corner corner = new Corner(xOf(point.second()), yOf(point.hosts()));
      boolean isLast = i == line.points().size() - 1;
      if (corners.isEmpty() || isLast || isFar(corners.getLast(), corner)) {
        corners.add(corner);
      }
    }
    boolean background = line.role() == Role.BACKGROUND;
    canvas.line(corners, line.role().colour, background ? 1.8 : 3.2, false);
    if (!background) {
      canvas.dot(corners.getLast(), 4.5, line.role().colour);
    }
  }

  private static boolean isFar(Corner one, Corner other) {
    return Math.abs(one.x() - other.x()) > 1.2 || Math.abs(one.y() - other.y()) > 0.8;
  }

  /// Names at the ends of the lines, moved apart where they would meet.
  private void drawNames(Canvas canvas) {
    List<Line> byHeight = new ArrayList<>(lines);
    byHeight.sort((a, b) -> Long.compare(last(b), last(a)));
    double lowest = TOP - 2.0 * LABEL_GAP;
    for (Line line : byHeight) {
      double y = Math.max(yOf(last(line)), lowest + LABEL_GAP);
      lowest = y;
      double x = Math.max(xOf(line.points().getLast().second()) + 12, LEFT + 140.0);
      canvas.text(
          new Corner(x, y - 1),
          String.format(Locale.ROOT, "%,d", last(line)),
          15,
          line.role().colour,
          Anchor.START,
          true);
      canvas.text(new Corner(x, y + 14), line.name(), 12.5, QUIET, Anchor.START, false);
    }
  }

  private static long last(Line line) {
    return line.points().getLast().hosts();
  }

  private int lastSecond() {
    return Math.max(
        60, lines.stream().mapToInt(line -> line.points().getLast().second()).max().orElse(0));
  }

  /// The next power of ten above all, so that the axis ends on a line.
  private long mostHosts() {
    long most =
        lines.stream()
            .flatMap(line -> line.points().stream())
            .mapToLong(Point::hosts)
            .max()
            .orElse(0);
    long power = 10;
    while (power < most) {
      power *= 10;
    }
    return power;
  }

  private double xOf(int second) {
    return LEFT + (double) (RIGHT - LEFT) * second / lastSecond();
  }

  /// Nothing is at the bottom, one host half a decade above.
  private double yOf(long hosts) {
    double decades = Math.log10((double) mostHosts()) + 0.5;
    double up = hosts < 1 ? 0 : 0.5 + Math.log10((double) hosts);
    return BOTTOM - (BOTTOM - TOP) * up / decades;
  }
}
