package redoubt.engine.sigma.live;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EventFilter;
import redoubt.core.model.Finding;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ResponseAction;
import redoubt.engine.kit.Content;
import redoubt.engine.kit.Engine;
import redoubt.engine.kit.EngineDescription;
import redoubt.engine.kit.FileEvent;
import redoubt.engine.kit.HostEvents;
import redoubt.engine.kit.HostFinding;
import redoubt.engine.kit.Judgement;
import redoubt.engine.kit.LoadResult;
import redoubt.engine.sigma.Detection;
import redoubt.engine.sigma.Detector;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.rule.Rule;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.SigmaRule;

/// Runs Sigma rules over what processes do, to files and over the network too. Its content is a ZIP
/// archive of rule files.
final class SigmaEngine implements Engine {
  private static final String VERSION = "0.1.0";

  /// How a tag begins that says what should be done when the rule matches.
  private static final String WISH = "redoubt.";

  /// A tag that names a technique of ATT&CK.
  private static final Pattern TECHNIQUE = Pattern.compile("attack\\.(t\\d{4}(?:\\.\\d{3})?)");

  /// Rules in use; belongs to the thread that observes once it is set.
  private volatile @Nullable LiveRules live;

  /// An engine without rules yet.
  SigmaEngine() {}

  @Override
  public EngineDescription describe() {
    return new EngineDescription(
        "Redoubt Sigma",
        "Redoubt",
        VERSION,
        LiveRules.schemaHash(),
        Set.of(),
        HostEventReader.classes());
  }

  @Override
  public LoadResult load(Content content) throws IOException {
    RuleFiles.Result read =
        RuleFiles.readArchive(content.bytes().stream(content.bytes().sizeBytes()));
    Detector detector = new Detector(read);
    List<LoadResult.Problem> problems =
        Stream.concat(read.problems().stream(), detector.problems().stream())
            .map(SigmaEngine::of)
            .toList();
    if (detector.size() == 0) {
      return new LoadResult.Refused(
          problems.isEmpty()
              ? List.of(new LoadResult.Problem("payload", "no rules in it"))
              : problems);
    }
    live = new LiveRules(detector);
    return new LoadResult.Loaded(detector.reportable(), problems);
  }

  @Override
  public Optional<EventFilter> filter() {
    return Optional.ofNullable(live).map(LiveRules::filter);
  }

  private static LoadResult.Problem of(RuleProblem problem) {
    return new LoadResult.Problem(problem.origin().toString(), problem.reason());
  }

  /// Never asked: it wants to judge nothing.
  @Override
  public Judgement judge(FileEvent event) {
    return Judgement.abstain("judges no files");
  }

  @Override
  public void observe(HostEvents events) {
    LiveRules now = live;
    if (now == null) {
      return;
    }
    List<HostEvent> all = events.all();
    for (int i = 0; i < all.size(); i++) {
      int index = i;
      now.detect(all.get(i), found -> events.report(index, finding(found)));
    }
  }

  private static HostFinding finding(Detection found) {
    Rule rule = found.rule();
    return new HostFinding(
        rule.key(),
        rule.title(),
        levelOf(rule.level()),
        techniques(rule.tags()),
        found.reasons().stream()
            .map(reason -> new Finding.Reason(reason.field(), reason.value()))
            .toList(),
        wishes(rule.tags()),
        0);
  }

  /// A rule that does not say how bad a match is counts as one of medium level.
  private static FindingLevel levelOf(SigmaRule.Level level) {
    return switch (level) {
      case INFORMATIONAL -> FindingLevel.INFORMATIONAL;
      case LOW -> FindingLevel.LOW;
      case UNKNOWN, MEDIUM -> FindingLevel.MEDIUM;
      case HIGH -> FindingLevel.HIGH;
      case CRITICAL -> FindingLevel.CRITICAL;
    };
  }

  private static Set<ResponseAction> wishes(List<String> tags) {
    Set<ResponseAction> wishes = EnumSet.noneOf(ResponseAction.class);
    for (ResponseAction action : ResponseAction.values()) {
      if (tags.contains(WISH + action.name().toLowerCase(Locale.ROOT))) {
        wishes.add(action);
      }
    }
    return wishes;
  }

  private static List<String> techniques(List<String> tags) {
    List<String> techniques = new ArrayList<>();
    for (String tag : tags) {
      var technique = TECHNIQUE.matcher(tag.toLowerCase(Locale.ROOT));
      if (technique.matches()) {
        techniques.add(technique.group(1).toUpperCase(Locale.ROOT));
      }
    }
    return techniques;
  }
}
