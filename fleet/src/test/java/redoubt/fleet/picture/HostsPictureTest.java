package redoubt.fleet.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import redoubt.fleet.picture.HostsPicture.Line;
import redoubt.fleet.picture.HostsPicture.Mark;
import redoubt.fleet.picture.HostsPicture.Point;
import redoubt.fleet.picture.HostsPicture.Role;

final class HostsPictureTest {
  private static HostsPicture picture() {
    List<Point> all =
        IntStream.range(0, 5_000)
            .mapToObj(i -> new Point(i, Math.min(8_500_000, 1L << (i / 20))))
            .toList();
    return new HostsPicture(
        "Hosts & <updates>",
        "made up",
        List.of(
            new Line("pushed", Role.HARM, all),
            new Line("with Redoubt", Role.REDOUBT, List.of(new Point(0, 0), new Point(5_000, 5)))),
        List.of(new Mark(37, "halted")));
  }

  @Test
  void theSvgIsWellFormedAndSaysItsNumbers() throws Exception {
    String svg = picture().svg();
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    String text = document.getDocumentElement().getTextContent();
    for (String said : List.of("Hosts & <updates>", "8,500,000", "with Redoubt", "halted")) {
      assertTrue(text.contains(said), said);
    }
    assertTrue(
        svg.length() < 60_000, "what the eye cannot tell apart is left out: " + svg.length());
  }

  @Test
  void thePngHasTheColoursOfItsLines() throws Exception {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture().png()));
    assertEquals(2_000, image.getWidth());
    long red =
        IntStream.range(0, image.getWidth() * image.getHeight())
            .filter(i -> (image.getRGB(i % 2_000, i / 2_000) & 0xFFFFFF) == 0xC2352B)
            .count();
    assertTrue(red > 1_000, "red pixels: " + red);
  }

  @Test
  void aPictureOfNothingIsRefused() {
    List<Line> none = List.of(new Line("nothing", Role.HARM, List.of()));
    assertThrows(IllegalArgumentException.class, () -> new HostsPicture("", "", none, List.of()));
  }
}
