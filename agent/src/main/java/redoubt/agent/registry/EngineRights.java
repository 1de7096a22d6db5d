package redoubt.agent.registry;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
/// `file-content`, `network:HOST:PORT`, `socket:PATH`, `respond:kill_tree`.
///
/// @param judge the classes of events that wait for its verdict
/// @param observe the classes of events that it is told of
/// @param fileContent whether events come with the file in question
/// @param network the peers that it may reach, as `HOST:PORT`
/// @param sockets the Unix sockets of this host that it may reach, as absolute paths
/// @param respond what may be done about processes and files on its wish
public record EngineRights(
    Set<EventClass> judge,
    Set<EventClass> observe,
    boolean fileContent,
    Set<String> network,
    Set<Path> sockets,
    Set<ResponseAction> respond) {
  /// Nothing at all.
  public static final EngineRights NONE =
      new EngineRights(Set.of(), Set.of(), false, Set.of(), Set.of(), Set.of());

  /// What an engine wants that asks to judge and to be told of some classes of events: it is told
  /// of whatever it asks to judge, and judges only what can be answered.
  public static EngineRights wanting(Set<EventClass> judge, Set<EventClass> tell) {
    Set<EventClass> answerable = EnumSet.copyOf(EventClass.answerable());
    answerable.retainAll(judge);
    Set<EventClass> observe = new HashSet<>(judge);
    observe.addAll(tell);
    return new EngineRights(answerable, observe, false, Set.of(), Set.of(), Set.of());
  }

  private static final int MOST_PEERS = 32;
  private static final int MOST_SOCKETS = 8;

  /// What the kernel's addresses have room for.
  private static final int SOCKET_PATH_BYTES = 107;

  /// A host's name becomes the name of a directory, so it begins with no dot.
  private static final Pattern PEER =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,252}:[1-9][0-9]{0,4}");

  private static final String JUDGE = "judge:";
  private static final String OBSERVE = "observe:";
  private static final String FILE_CONTENT = "file-content";
  private static final String NETWORK = "network:";
  private static final String SOCKET = "socket:";
  private static final String RESPOND = "respond:";
  private static final String CLASS = "class of events";

  /// @throws IllegalArgumentException if a peer is not `HOST:PORT` or a socket no path, or there
  ///   are more than 32 peers or 8 sockets
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
    sockets = Set.copyOf(sockets);
    if (sockets.size() > MOST_SOCKETS) {
      throw new IllegalArgumentException("too many sockets: most=" + MOST_SOCKETS);
    }
    sockets.forEach(EngineRights::requireSocket);
  }

  /// A name of which the kernel takes a part would be another one.
  private static void requireSocket(Path path) {
    String name = path.toString();
    if (!path.isAbsolute()
        || !path.normalize().equals(path)
        || path.getNameCount() == 0
        || name.getBytes(StandardCharsets.UTF_8).length > SOCKET_PATH_BYTES
        || name.chars().anyMatch(c -> c <= ' ' || c == ',')) {
      throw new IllegalArgumentException(
          "not the path of a socket, absolute, without blanks and commas, at most "
              + SOCKET_PATH_BYTES
              + " bytes: socket="
              + name);
    }
  }

  /// The rights that words name.
  ///
  /// @throws IllegalArgumentException if one of them is no right
  public static EngineRights of(Collection<String> words) {
    Set<EventClass> judge = EnumSet.noneOf(EventClass.class);
    Set<EventClass> observe = EnumSet.noneOf(EventClass.class);
    Set<String> network = new TreeSet<>();
    Set<Path> sockets = new TreeSet<>();
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
      } else if (word.startsWith(SOCKET)) {
        sockets.add(Path.of(word.substring(SOCKET.length())));
      } else if (word.startsWith(RESPOND)) {
        respond.add(named(word, RESPOND, "response", ResponseAction.values()));
      } else {
        throw new IllegalArgumentException(
            "no such right: right="
                + word
                + " rights=judge:exec|open|scan, observe:CLASS, file-content, network:HOST:PORT,"
                + " socket:PATH, respond:kill|kill_tree|freeze|collect|quarantine");
      }
    }
    return new EngineRights(judge, observe, fileContent, network, sockets, respond);
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
    sockets.forEach(path -> words.add(SOCKET + path));
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
    return new EngineRights(Set.of(), union(judge, observe), false, Set.of(), Set.of(), Set.of());
  }

  /// All of this but the network, sockets and responses, which are only ever granted in so many
  /// words.
  public EngineRights withoutPeersAndResponses() {
    return new EngineRights(judge, observe, fileContent, Set.of(), Set.of(), Set.of());
  }

  /// Of this the sockets alone.
  public EngineRights socketsOnly() {
    return new EngineRights(Set.of(), Set.of(), false, Set.of(), sockets, Set.of());
  }

  /// Of this one kind of wish alone.
  public EngineRights only(ResponseAction wish) {
    return new EngineRights(
        Set.of(), Set.of(), false, Set.of(), Set.of(), intersection(respond, Set.of(wish)));
  }

  /// What is in both. Who asks to judge a class may be granted to observe it.
  public EngineRights within(EngineRights asked) {
    return new EngineRights(
        intersection(judge, asked.judge),
        intersection(observe, union(asked.judge, asked.observe)),
        fileContent && asked.fileContent,
        intersection(network, asked.network),
        intersection(sockets, asked.sockets),
        intersection(respond, asked.respond));
  }

  /// These and others.
  public EngineRights with(EngineRights more) {
    return new EngineRights(
        union(judge, more.judge),
        union(observe, more.observe),
        fileContent || more.fileContent,
        union(network, more.network),
        union(sockets, more.sockets),
        union(respond, more.respond));
  }

  /// These without others.
  public EngineRights without(EngineRights less) {
    return new EngineRights(
        minus(judge, less.judge),
        minus(observe, less.observe),
        fileContent && !less.fileContent,
        minus(network, less.network),
        minus(sockets, less.sockets),
        minus(respond, less.respond));
  }

  /// Whom an engine with these rights could send files of this host to, in words; empty if nobody.
  public List<String> couldSendFilesTo() {
    List<String> peers = new ArrayList<>();
    if (fileContent) {
      peers.addAll(network);
      sockets.forEach(path -> peers.add(path.toString()));
      peers.sort(null);
    }
    return List.copyOf(peers);
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
