package redoubt.testing.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redoubt.core.linux.Errno;
import redoubt.core.linux.Poller;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Verdict;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.AgentMessage.Event;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// The agent's end of one connection, as strict as the agent: every message that comes is decoded,
/// numbered and accounted for, and the first that breaks the protocol ends the check.
///
/// One thread uses it.
final class Conversation implements AutoCloseable {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final EngineProcess process;
  private final int patienceMillis;
  private final ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, 1);
  private final Poller poller = Poller.open();
  private final Poller.Wait readable = poller.openWait(1);
  private final Ledger ledger = new Ledger();
  private final List<EngineMessage> heard = new ArrayList<>();
  private final EngineMessage.Hello hello;
  private long sent;
  private long received;
  private long lastEvent;
  private boolean ended;

  /// Waits for the engine's Hello.
  ///
  /// @param patienceMillis how long is waited for an answer or an end that has to come
  Conversation(EngineProcess process, int patienceMillis) {
    this.process = process;
    this.patienceMillis = patienceMillis;
    poller.add(process.socket().descriptor(), 0);
    EngineMessage first = receive(Settings.HELLO_MILLIS);
    if (!(first instanceof EngineMessage.Hello said)) {
      throw new ClaimBrokenException("the first message is no Hello: message=" + first);
    }
    hello = said;
  }

  EngineProcess process() {
    return process;
  }

  EngineMessage.Hello hello() {
    return hello;
  }

  Ledger ledger() {
    return ledger;
  }

  /// The number of the next message.
  long nextSequence() {
    return sent + 1;
  }

  /// The number of the next event.
  long nextEvent() {
    return lastEvent + 1;
  }

  /// Grants everything that the engine asked for.
  void welcome(int version, int maxCredits) {
    ledger.welcomed(maxCredits);
    send(
        new AgentMessage.Welcome(
            version,
            "conformance",
            "conformance",
            hello.authClasses().stream()
                .filter(EventClass::isAnswerable)
                .collect(Collectors.toSet()),
            hello.notifyClasses(),
            EngineMode.ENFORCE,
            maxCredits,
            Settings.DEADLINE_MILLIS));
  }

  /// Sends a message under the next number.
  void send(AgentMessage message, int... descriptors) {
    sendRaw(EngineCodec.encode(nextSequence(), message), descriptors);
  }

  /// Sends a message under the next number if there is room for it in the socket.
  ///
  /// @return whether it was sent
  boolean sendNow(AgentMessage message) {
    byte[] bytes = EngineCodec.encode(nextSequence(), message);
    boolean room = process.socket().send(bytes, bytes.length, new int[0], 0, false) == 0;
    sent += room ? 1 : 0;
    return room;
  }

  /// Sends bytes that may be no message; they count as the next one.
  void sendRaw(byte[] bytes, int... descriptors) {
    sent++;
    int result = process.socket().send(bytes, bytes.length, descriptors, descriptors.length, true);
    if (result == -Errno.EPIPE || result == -Errno.ECONNRESET) {
      ended = true;
    } else if (result < 0) {
      throw new IllegalStateException("message not sent: errno=" + Errno.name(result));
    }
  }

  /// Makes an event without sending it.
  Event event(FileSample file, Ask ask) {
    Set<EventClass> asked =
        hello.authClasses().isEmpty() ? hello.notifyClasses() : hello.authClasses();
    List<EventClass> classes = asked.stream().filter(EventClass::isAnswerable).sorted().toList();
    if (classes.isEmpty()) {
      throw new NotClaimedException("the engine asks for no class of events about files");
    }
    EventClass eventClass = classes.get((int) (lastEvent % classes.size()));
    boolean answerable = ask.answerable() && !hello.authClasses().isEmpty();
    lastEvent++;
    return new Event(
        lastEvent,
        eventClass,
        answerable,
        answerable ? ask.budgetMicros() : 0,
        answerable ? null : Verdict.ALLOW,
        1,
        1,
        1,
        1000,
        1000,
        1000,
        1,
        "/conformance/file",
        new FileIdentity(1, lastEvent, 1, 1, 0, file.sizeBytes()),
        ask.digest() ? file.sha256() : null,
        ask.stable(),
        ask.descriptor());
  }

  /// Sends events in one message, each with the descriptor of its file if it says so.
  void sendEvents(FileSample file, List<Event> events) {
    int[] descriptors =
        events.stream().filter(Event::hasDescriptor).mapToInt(_ -> file.descriptor()).toArray();
    events.forEach(event -> ledger.asked(event.id()));
    send(new AgentMessage.Events(0, events), descriptors);
  }

  /// Tells of what has happened on the host, once there is room for it.
  ///
  /// @param lost how many others were dropped before
  void tell(long lost, List<HostEvent> events) {
    awaitUntil(
        "room for events of the host",
        () -> ledger.unhandled() + events.size() <= WireLimits.HOST_EVENTS_UNHANDLED);
    send(new AgentMessage.Activity(lost, ledger.told(events.size()), events));
  }

  /// Sends one event, once there is a credit for it.
  ///
  /// @return its id
  long ask(FileSample file, Ask ask) {
    awaitUntil("a credit", () -> ledger.credits() > 0);
    Event event = event(file, ask);
    sendEvents(file, List.of(event));
    return event.id();
  }

  /// Sends one event and waits for what the engine says of it.
  Answer answer(FileSample file, Ask ask) {
    long id = ask(file, ask);
    awaitUntil("the answer to an event", () -> ledger.answered(id));
    return ledger.answer(id);
  }

  /// Waits until every event that was sent is answered.
  void awaitAnswers() {
    awaitUntil("the answers to all events", () -> ledger.open() == 0);
  }

  /// Waits for a message of a kind; others that may come are accounted for meanwhile.
  <M extends EngineMessage> M await(Class<M> kind, long millis) {
    return kind.cast(await(kind.getSimpleName(), kind::isInstance, millis));
  }

  /// Waits for the first message that is wanted.
  EngineMessage await(String what, Predicate<EngineMessage> wanted, long millis) {
    long deadline = System.nanoTime() + millis * NANOS_PER_MILLI;
    while (true) {
      EngineMessage message = receive(millisUntil(deadline));
      if (message == null) {
        throw new ClaimBrokenException(
            "no " + what + " within " + millis + " ms" + process.lastWords());
      }
      if (wanted.test(message)) {
        return message;
      }
    }
  }

  /// Listens until something holds.
  void awaitUntil(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + patienceMillis * NANOS_PER_MILLI;
    while (!holds.getAsBoolean()) {
      if (receive(millisUntil(deadline)) == null) {
        throw new ClaimBrokenException(
            what + " did not come within " + patienceMillis + " ms; open=" + ledger.open());
      }
    }
  }

  /// Listens for a while and accounts for what comes.
  ///
  /// @return what came
  List<EngineMessage> listen(long millis) {
    int before = heard.size();
    long deadline = System.nanoTime() + millis * NANOS_PER_MILLI;
    EngineMessage message = receive(millis);
    while (message != null) {
      message = receive(millisUntil(deadline));
    }
    return List.copyOf(heard.subList(before, heard.size()));
  }

  /// Waits for the next Pong, which must have this nonce.
  void awaitPong(long nonce) {
    awaitPong(nonce, patienceMillis);
  }

  /// Waits for the next Pong, which must have this nonce.
  void awaitPong(long nonce, long millis) {
    EngineMessage.Pong pong = await(EngineMessage.Pong.class, millis);
    if (pong.nonce() != nonce) {
      throw new ClaimBrokenException("another nonce: sent=" + nonce + " got=" + pong.nonce());
    }
  }

  /// How many messages of a kind have come.
  long heard(Class<? extends EngineMessage> kind) {
    return heard.stream().filter(kind::isInstance).count();
  }

  /// Whether the engine still talks: it answers a ping, and whatever else it says does not count.
  ///
  /// @return false if it ended the connection
  /// @throws ClaimBrokenException if it does neither
  boolean answersPing(long nonce) {
    send(new AgentMessage.Ping(nonce));
    long deadline = System.nanoTime() + patienceMillis * NANOS_PER_MILLI;
    while (!ended) {
      EngineMessage message = receiveLeniently(millisUntil(deadline));
      if (message instanceof EngineMessage.Pong(var said) && said == nonce) {
        return true;
      }
      if (message == null && !ended && System.nanoTime() >= deadline) {
        throw new ClaimBrokenException("hangs: neither a Pong nor the end of the connection");
      }
    }
    return false;
  }

  /// Waits until the engine has ended, whatever it says meanwhile.
  ///
  /// @return its exit status
  int awaitEnd() throws InterruptedException {
    return awaitEnd(patienceMillis);
  }

  private int awaitEnd(long millis) throws InterruptedException {
    long deadline = System.nanoTime() + millis * NANOS_PER_MILLI;
    while (!ended && process.alive() && System.nanoTime() < deadline) {
      receiveLeniently(Math.min(50, millisUntil(deadline)));
    }
    if (process.alive() && millisUntil(deadline) == 0) {
      throw new ClaimBrokenException("still runs after " + millis + " ms" + process.lastWords());
    }
    return process.awaitExit(Math.max(1, millisUntil(deadline)));
  }

  /// Waits until the engine has ended in order.
  ///
  /// @param millis how long at most
  void awaitOrderlyEnd(long millis) throws InterruptedException {
    int status = awaitEnd(millis);
    if (status != 0) {
      throw new ClaimBrokenException("ended with an error: status=" + status + process.lastWords());
    }
  }

  /// Waits until the engine has ended because something was wrong.
  ///
  /// @return what was seen, for the report
  String awaitFailure() throws InterruptedException {
    int status = awaitEnd();
    if (status == 0) {
      throw new ClaimBrokenException("ended as if all were well: status=0");
    }
    return "exit status " + status;
  }

  /// Ends the connection from this side.
  void hangUp() {
    process.socket().close();
    ended = true;
  }

  @Override
  public void close() {
    process.close();
    readable.close();
    poller.close();
    buffer.close();
  }

  /// Takes the next message.
  ///
  /// @return null if none came in time
  private @Nullable EngineMessage receive(long millis) {
    int length = receiveBytes(millis);
    if (length == -Errno.EAGAIN) {
      return null;
    }
    if (length <= 0) {
      ended = true;
      throw new ClaimBrokenException("ended the connection" + process.lastWords());
    }
    EngineMessage message = decode();
    if (message instanceof EngineMessage.Hello && received > 1) {
      throw new ClaimBrokenException("said Hello twice");
    }
    ledger.take(message);
    heard.add(message);
    return message;
  }

  private @Nullable EngineMessage receiveLeniently(long millis) {
    int length = receiveBytes(millis);
    if (length == -Errno.EAGAIN) {
      return null;
    }
    if (length <= 0) {
      ended = true;
      return null;
    }
    return decode();
  }

  private EngineMessage decode() {
    if (buffer.descriptorCount() > 0) {
      buffer.closeDescriptors();
      throw new ClaimBrokenException("sent a descriptor");
    }
    try {
      EngineCodec.Framed<EngineMessage> framed = EngineCodec.decodeFromEngine(buffer.data());
      received++;
      if (framed.sequence() != received) {
        throw new ClaimBrokenException(
            "numbers its messages wrongly: expected=" + received + " sent=" + framed.sequence());
      }
      return framed.message();
    } catch (WireException e) {
      throw new ClaimBrokenException("sent what is no message: " + e.getMessage());
    }
  }

  private int receiveBytes(long millis) {
    long deadline = System.nanoTime() + millis * NANOS_PER_MILLI;
    int length = process.socket().receiveNow(buffer);
    while (length == -Errno.EAGAIN && System.nanoTime() < deadline) {
      readable.await((int) millisUntil(deadline));
      length = process.socket().receiveNow(buffer);
    }
    return length;
  }

  private static long millisUntil(long deadline) {
    return Math.max(0, (deadline - System.nanoTime() + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
  }
}
