package redoubt.fleet.picture;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Writes SVG. Its texts stay texts: a reader can search and copy them.
final class SvgCanvas implements Canvas {
  private final StringBuilder body = new StringBuilder();
  private final int width;
  private final int height;
  private final String title;

  SvgCanvas(int width, int height, String title) {
    this.width = width;
    this.height = height;
    this.title = title;
  }

  /// The whole document.
  String document() {
    return String.format(
        Locale.ROOT,
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" font-family="system-ui, 'DejaVu Sans', sans-serif">
        <title>%s</title>
        %s</svg>
        """,
        width,
        height,
        width,
        height,
        escape(title),
        body);
  }

  @Override
  public void rectangle(
      double x, double y, double width, double height, String colour, double opacity) {
    add(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" opacity=\"%.2f\"/>",
            x,
            y,
            width,
            height,
            colour,
            opacity));
  }

  @Override
  public void line(List<Corner> corners, String colour, double width, boolean dashed) {
    String points =
        corners.stream()
            .map(corner -> String.format(Locale.ROOT, "%.1f,%.1f", corner.x(), corner.y()))
            .collect(Collectors.joining(" "));
    add(
        String.format(
            Locale.ROOT,
            "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\""
                + " stroke-linejoin=\"round\" stroke-linecap=\"round\"%s/>",
            points,
            colour,
            width,
            dashed ? " stroke-dasharray=\"5 5\"" : ""));
  }

  @Override
  public void dot(Corner centre, double radius, String colour) {
    add(
        String.format(
            Locale.ROOT,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>",
            centre.x(),
            centre.y(),
            radius,
            colour));
  }

  @Override
  public void text(
      Corner at, String text, double size, String colour, Anchor anchor, boolean bold) {
    String side =
        switch (anchor) {
          case START -> "start";
          case MIDDLE -> "middle";
          case END -> "end";
        };
    add(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" fill=\"%s\" text-anchor=\"%s\"%s>%s</text>",
            at.x(),
            at.y(),
            size,
            colour,
            side,
            bold ? " font-weight=\"600\"" : "",
            escape(text)));
  }

  private void add(String element) {
    body.append(element).append('\n');
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
