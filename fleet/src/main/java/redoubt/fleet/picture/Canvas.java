package redoubt.fleet.picture;

import java.util.List;

/// What a picture is drawn on. Lengths are pixels from the upper left corner; colours `#rrggbb`.
interface Canvas {
  /// Where a text stands relative to its point.
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /// A corner of a line.
  record Corner(double x, double y) {}

  void rectangle(double x, double y, double width, double height, String colour, double opacity);

  void line(List<Corner> corners, String colour, double width, boolean dashed);

  void dot(Corner centre, double radius, String colour);

  void text(Corner at, String text, double size, String colour, Anchor anchor, boolean bold);
}
