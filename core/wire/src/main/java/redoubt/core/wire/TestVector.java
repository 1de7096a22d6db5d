package redoubt.core.wire;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Octets;
import redoubt.core.model.Verdict;

/// What an engine is told or asked, and what it must say to that. Immutable.
///
/// @param name unique in its bundle, 1 to [WireLimits#NAME_CHARS] characters
/// @param activity what happens on the host, oldest first; empty if a file is to be judged
/// @param question a file that is to be judged, or null
/// @param rules the rules that must be reported, of a file the one that the verdict names; no
///   others may be
/// @param verdict of a file, else null
/// @param covers what of the content it shows at work
public record TestVector(
    String name,
    List<HostEvent> activity,
    @Nullable Question question,
    Set<String> rules,
    @Nullable Verdict verdict,
    Set<String> covers) {
  /// The most events of one vector.
  public static final int MOST_EVENTS = 256;

  /// The most rules of one vector.
  public static final int MOST_RULES = 256;

  /// The most that one vector covers.
  public static final int MOST_COVERED = 256;

  /// The longest file that is to be judged, in bytes.
  public static final int MOST_CONTENT_BYTES = 1 << 20;

  public TestVector {
    activity = List.copyOf(activity);
    rules = Set.copyOf(rules);
    covers = Set.copyOf(covers);
  }

  /// One in which something happens.
  public static TestVector ofActivity(
      String name, List<HostEvent> activity, Set<String> rules, Set<String> covers) {
    return new TestVector(name, activity, null, rules, null, covers);
  }

  /// One in which a file is to be judged.
  public static TestVector ofFile(
      String name, Question question, Verdict verdict, Set<String> rules, Set<String> covers) {
    return new TestVector(name, List.of(), question, rules, verdict, covers);
  }

  /// A file that is to be judged.
  ///
  /// @param event what is asked; its id is of no meaning
  /// @param content what is in the file
  public record Question(AgentMessage.Event event, Octets content) {}
}
