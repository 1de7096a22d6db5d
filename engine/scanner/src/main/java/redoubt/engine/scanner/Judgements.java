package redoubt.engine.scanner;

import java.time.Duration;
import java.util.List;
import redoubt.core.model.VerdictScope;
import redoubt.engine.kit.Judgement;
import redoubt.engine.scanner.yara.YaraMatch;

/// What the scanner says. Pure.
final class Judgements {
  /// The same content is judged alike as long as lists and rules are the same, which the platform
  /// sees to. A rule that asks for the path is judged by the first one.
  private static final Duration LIFETIME = Duration.ofDays(30);

  private Judgements() {}

  static Judgement nothingFound() {
    return Judgement.allow().cached(VerdictScope.FILE, LIFETIME);
  }

  static Judgement onList(HashList.Entry known) {
    String digest = known.algorithm().standardName() + " " + known.digest();
    String name = known.name().isEmpty() ? digest : known.name();
    return Judgement.deny()
        .wishingQuarantine()
        .cached(VerdictScope.FILE, LIFETIME)
        .because("on the list as " + name + ": " + digest)
        .matching(name);
  }

  /// The same of a file in which that was found.
  ///
  /// @param member where in it
  static Judgement inMember(Judgement judgement, String member) {
    return judgement instanceof Judgement.Decided decided
        ? decided.because("in " + member + ": " + decided.reason())
        : judgement;
  }

  /// @param matches at least one
  static Judgement matched(List<YaraMatch> matches) {
    YaraMatch first = matches.getFirst();
    StringBuilder reason = new StringBuilder("YARA rule ").append(first.rule());
    if (!first.description().isEmpty()) {
      reason.append(": ").append(first.description());
    }
    if (matches.size() > 1) {
      reason.append("; also");
      matches.stream().skip(1).forEach(match -> reason.append(' ').append(match.rule()));
    }
    return Judgement.deny()
        .wishingQuarantine()
        .cached(VerdictScope.FILE, LIFETIME)
        .because(reason.toString())
        .matching(first.rule());
  }
}
