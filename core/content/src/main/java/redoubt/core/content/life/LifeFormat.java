package redoubt.core.content.life;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import redoubt.core.content.ContentException;
import redoubt.core.content.life.Life.Candidate;
import redoubt.core.content.life.Life.Refusal;
import redoubt.core.content.life.Life.Stage;
import redoubt.core.model.Sha256;

/// A [Life] as text: a line for each thing known, words separated by a blank, and last the digest
/// of all lines before, so that a torn or rotten file is no other state. Written in one way only,
/// and read only so. Stateless.
final class LifeFormat {
  /// The longest file.
  static final int MOST_BYTES = 64 * 1024;

  private static final String HEAD = "redoubt-content-life 1";

  private LifeFormat() {}

  static byte[] write(Life life) {
    StringBuilder text = new StringBuilder(HEAD).append('\n');
    life.good().ifPresent(release -> text.append("good ").append(words(release)).append('\n'));
    life.before().ifPresent(release -> text.append("before ").append(words(release)).append('\n'));
    life.candidate()
        .ifPresent(on ->
            text.append("candidate ")
                .append(words(on.release()))
                .append(' ')
                .append(on.stage())
                .append(' ')
                .append(on.since().toEpochMilli())
                .append('\n'));
    life.newest()
        .forEach((line, version) ->
            text.append("newest ").append(version).append(' ').append(line).append('\n'));
    for (Refusal refusal : life.refusals()) {
      text.append("refused ")
          .append(refusal.digest())
          .append(' ')
          .append(refusal.at().toEpochMilli())
          .append(' ')
          .append(refusal.reason())
          .append('\n');
    }
    text.append("starts ").append(life.starts()).append('\n');
    byte[] lines = text.toString().getBytes(StandardCharsets.UTF_8);
    text.append("sum ").append(Sha256.hash(lines)).append('\n');
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MOST_BYTES) {
      throw new IllegalStateException("a state that nobody could read: bytes=" + bytes.length);
    }
    return bytes;
  }

  private static String words(Release release) {
    return release.digest()
        + " "
        + release.version()
        + " "
        + release.vendor()
        + " "
        + release.name();
  }

  /// Reads what [#write] wrote.
  ///
  /// @throws ContentException if it is anything else
  static Life read(byte[] bytes) throws ContentException {
    try {
      Life life = new Reader(new String(bytes, StandardCharsets.UTF_8)).life();
      if (Arrays.equals(write(life), bytes)) {
        return life;
      }
      throw new ContentException("the state of content is torn or was changed");
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new ContentException("the state of content cannot be read: " + e.getMessage(), e);
    }
  }

  /// Takes any text; what it did not understand shows when the result is written again.
  private static final class Reader {
    private final List<String> lines;
    private Optional<Release> good = Optional.empty();
    private Optional<Release> before = Optional.empty();
    private Optional<Candidate> candidate = Optional.empty();
    private final List<Refusal> refusals = new ArrayList<>();
    private final SequencedMap<String, Long> newest = new LinkedHashMap<>();
    private int starts;

    Reader(String text) {
      lines = text.lines().toList();
    }

    Life life() {
      for (String line : lines) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
          case "good" -> good = Optional.of(release(words));
          case "before" -> before = Optional.of(release(words));
          case "candidate" ->
              candidate =
                  Optional.of(
                      new Candidate(release(words), Stage.valueOf(words[5]), time(words[6])));
          case "newest" -> newest.putLast(words[2] + " " + words[3], Long.valueOf(words[1]));
          case "refused" -> {
            String[] parts = line.split(" ", 4);
            refusals.add(new Refusal(Sha256.parse(parts[1]), time(parts[2]), parts[3]));
          }
          case "starts" -> starts = Integer.parseInt(words[1]);
          default -> {
            // The head and the sum; of anything else the caller finds that it is missing.
          }
        }
      }
      return new Life(good, before, candidate, refusals, newest, starts);
    }

    private static Release release(String[] words) {
      return new Release(Sha256.parse(words[1]), words[3], words[4], Long.parseLong(words[2]));
    }

    private static Instant time(String millis) {
      return Instant.ofEpochMilli(Long.parseLong(millis));
    }
  }
}
