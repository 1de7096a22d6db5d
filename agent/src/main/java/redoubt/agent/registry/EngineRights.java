package redoubt.agent.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import redoubt.core.model.EventClass;
import redoubt.core.model.ResponseAction;

/// What an engine asks for, or may. Immutable.
///
/// Its words, as manifests, grants and people write them: `judge:exec`, `observe:open`,
/// `file-content`, `network:HOST:PORT`, `respond:kill_tree`.
///
/// @param judge the classes of events that wait for its verdict
/// @param observe the classes of events that it is told of
/// @param fileContent whether events come with the file in question
/// @param network the peers that it may reach, as `HOST:PORT`
/// @param respond what may be done about processes on its wish
public record EngineRights(
    Set<EventClass> judge,
    Set<EventClass> observe,
    boolean fileContent,
    Set<String> network,
    Set<ResponseAction> respond) {
  /// Nothing at all.
  public static final EngineRights NONE =
      new EngineRights(Set.of(), Set.of(), false, Set.of(), Set.of());

  private static final int MOST_PEERS = 32;

  /// A host's name becomes the name of a directory, so it begins with no dot.
  private static final Pattern PEER =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,252}:[1-9][0-9]{0,4}");

  private static final String JUDGE = "judge:";
  private static final String OBSERVE = "observe:";
  private static final String FILE_CONTENT = "file-content";
  private static final String NETWORK = "network:";
  private static final String RESPOND = "respond:";
  private static final String CLASS = "class of events";

  /// @throws IllegalArgumentException if a peer is not `HOST:PORT`, or there are more than 32
  public EngineRights {
    judge = Set.copyOf(judge);
    observe = Set.copyOf(observe);
    if (!EventClass.answerable().containsAll(judge)) {
      throw new IllegalArgumentException("can only be observed: judge=" + judge);
    }
    network = Set.copyOf(network);
    respond = Set.copyOf(respond);
    if (network.size() > MOST_PEERS) {
      throw new IllegalArgumentException("too many peers: most=" + MOST_PEERS);
    }
    for (String peer : network) {
      if (!PEER.matcher(peer).matches()) {
        throw new IllegalArgumentException("not HOST:PORT: network=" + peer);
      }
    }
  }

  /// The rights that words name.
  ///
  /// @throws IllegalArgumentException if one of them is no right
  public static EngineRights of(Collection<String> words) {
    Set<EventClass> judge = EnumSet.noneOf(EventClass.class);
    Set<EventClass> observe = EnumSet.noneOf(EventClass.class);
    Set<String> network = new TreeSet<>();
    Set<ResponseAction> respond = EnumSet.noneOf(ResponseAction.class);
    boolean fileContent = false;
    for (String word : words) {
      if (word.equals(FILE_CONTENT)) {
        fileContent = true;
      } else if (word.startsWith(JUDGE)) {
        judge.add(answerable(word));
      } else if (word.startsWith(OBSERVE)) {
        observe.add(named(word, OBSERVE, CLASS, EventClass.values()));
      } else if (word.startsWith(NETWORK)) {
        network.add(word.substring(NETWORK.length()));
      } else if (word.startsWith(RESPOND)) {
        respond.add(named(word, RESPOND, "response", ResponseAction.values()));
      } else {
        throw new IllegalArgumentException(
            "no such right: right="
                + word
                + " rights=judge:exec|open, observe:exec|open|process_start|process_exit,"
                + " file-content, network:HOST:PORT, respond:kill|kill_tree|freeze|collect");
      }
    }
    return new EngineRights(judge, observe, fileContent, network, respond);
  }

  private static EventClass answerable(String word) {
    EventClass eventClass = named(word, JUDGE, CLASS, EventClass.values());
    if (!eventClass.isAnswerable()) {
      throw new IllegalArgumentException(
          "nobody waits for such events, they can only be observed: right=" + word);
    }
    return eventClass;
  }

  private static <E extends Enum<E>> E named(String word, String kind, String what, E[] known) {
    String name = word.substring(kind.length()).toUpperCase(Locale.ROOT);
    for (E each : known) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    throw new IllegalArgumentException("no such " + what + ": right=" + word);
  }

  /// These rights in words, in alphabetical order.
  public List<String> words() {
    List<String> words = new ArrayList<>();
    judge.forEach(each -> words.add(JUDGE + lower(each)));
    observe.forEach(each -> words.add(OBSERVE + lower(each)));
    if (fileContent) {
      words.add(FILE_CONTENT);
    }
    network.forEach(peer -> words.add(NETWORK + peer));
    respond.forEach(each -> words.add(RESPOND + lower(each)));
    words.sort(null);
    return List.copyOf(words);
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  /// What an owner who has not decided yet gives to an engine that asks for this: to be told of all
  /// that it wants to judge or hear of, without the files.
  public EngineRights observing() {
    return new EngineRights(Set.of(), union(judge, observe), false, Set.of(), Set.of());
  }

  /// All of this but the network and responses, which are only ever granted in so many words.
  public EngineRights withoutNetworkAndResponses() {
    return new EngineRights(judge, observe, fileContent, Set.of(), Set.of());
  }

  /// What is in both. Who asks to judge a class may be granted to observe it.
  public EngineRights within(EngineRights asked) {
    return new EngineRights(
        intersection(judge, asked.judge),
        intersection(observe, union(asked.judge, asked.observe)),
        fileContent && asked.fileContent,
        intersection(network, asked.network),
        intersection(respond, asked.respond));
  }

  /// These and others.
  public EngineRights with(EngineRights more) {
    return new EngineRights(
        union(judge, more.judge),
        union(observe, more.observe),
        fileContent || more.fileContent,
        union(network, more.network),
        union(respond, more.respond));
  }

  /// These without others.
  public EngineRights without(EngineRights less) {
    return new EngineRights(
        minus(judge, less.judge),
        minus(observe, less.observe),
        fileContent && !less.fileContent,
        minus(network, less.network),
        minus(respond, less.respond));
  }

  /// Whether an engine with these rights could send files of this host elsewhere.
  public boolean canSendFilesAway() {
    return fileContent && !network.isEmpty();
  }

  private static <T> Set<T> union(Set<T> a, Set<T> b) {
    return changed(a, set -> set.addAll(b));
  }

  private static <T> Set<T> intersection(Set<T> a, Set<T> b) {
    return changed(a, set -> set.retainAll(b));
  }

  private static <T> Set<T> minus(Set<T> a, Set<T> b) {
    return changed(a, set -> set.removeAll(b));
  }

  private static <T> Set<T> changed(Set<T> set, Consumer<Set<T>> change) {
    Set<T> copy = new HashSet<>(set);
    change.accept(copy);
    return copy;
  }
}
