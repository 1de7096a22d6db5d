package redoubt.testing.benchmarks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import redoubt.core.model.Octets;
import redoubt.core.wire.HostMessage;

/// Many hosts of a fleet in one process, for `make fleet-bench`: takes them in, has all of them come
/// at once, beat, and send findings, and says what the server's process took for it.
///
///     FleetLoad ACCESS PORT SERVER-PID HOSTS BEAT-SECONDS SECONDS
///
/// Prints one JSON object. Times of the server are those of its process, by the kernel: the hosts
/// share the machine with it.
public final class FleetLoad {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int ENROLLING = 32;
  private static final int FLOODING = 64;
  private static final int BEATS = 200;
  private static final int RULES = 8;
  private static final int LINES = 50;
  private static final int PROBES_PER_SECOND = 50;
  private static final int LINE_BYTES = 700;
  private static final HostMessage.Heartbeat BEAT =
      new HostMessage.Heartbeat(HostMessage.State.ENFORCING, 1_000, 3, 0, 0, 0, 0);

  private final FleetApi api;
  private final int port;
  private final ServerProcess server;
  private final int count;
  private final int beatSeconds;
  private final int seconds;
  private final ObjectNode result = JSON.createObjectNode();
  private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
  private final List<LoadHost> hosts = new ArrayList<>();

  private FleetLoad(String[] arguments) throws Exception {
    api = new FleetApi(Path.of(arguments[0]));
    port = Integer.parseInt(arguments[1]);
    server = new ServerProcess(Long.parseLong(arguments[2]));
    count = Integer.parseInt(arguments[3]);
    beatSeconds = Integer.parseInt(arguments[4]);
    seconds = Integer.parseInt(arguments[5]);
  }

  /// Runs all of it.
  public static void main(String... arguments) throws Exception {
    FleetLoad load = new FleetLoad(arguments);
    load.run();
    System.out.println(load.result);
    // Twenty thousand connections are not ended one by one.
    Runtime.getRuntime().halt(0);
  }

  private void run() throws Exception {
    result.put("hosts", count).put("beatSeconds", beatSeconds);
    long empty = server.residentBytes();
    measure("tokens", this::makeTokens);
    measure("enrolments", this::enrol);
    long enrolled = server.residentBytes();
    measure("connections", this::connect);
    beatFor(Math.max(20, beatSeconds));
    long connected = server.residentBytes();
    result
        .put("residentMiB", connected >> 20)
        .put("residentBeforeMiB", empty >> 20)
        .put("bytesPerHost", (connected - enrolled) / count);
    measure("heartbeats", this::beat);
    measure("floodedHeartbeats", () -> flood(FleetLoad::beats));
    measure("findings", () -> flood(FleetLoad::findings));
    result.put("residentAfterMiB", server.residentBytes() >> 20);
  }

  /// How many of something were done, and how long the slowest ones took.
  record Done(long count, List<Long> nanos) {}

  private void measure(String what, Callable<Done> work) throws Exception {
    say(what);
    double busy = server.busySeconds();
    long began = System.nanoTime();
    Done done = work.call();
    double took = (System.nanoTime() - began) / 1e9;
    double spent = server.busySeconds() - busy;
    ObjectNode node = result.putObject(what);
    node.put("count", done.count())
        .put("seconds", took)
        .put("perSecond", done.count() / took)
        .put("serverSeconds", spent)
        .put("perServerSecond", done.count() / Math.max(spent, 0.01))
        .put("serverPercentOfCore", 100 * spent / took);
    List<Long> nanos = done.nanos().stream().sorted().toList();
    if (!nanos.isEmpty()) {
      node.put("p50Micros", nanos.get(nanos.size() / 2) / 1_000)
          .put("p99Micros", nanos.get((int) (nanos.size() * 0.99)) / 1_000)
          .put("mostMicros", nanos.getLast() / 1_000);
    }
  }

  private static void say(String what) {
    System.err.println("fleet-bench: " + what);
  }

  // ---- all of them

  private Done makeTokens() throws Exception {
    AtomicLong next = new AtomicLong();
    inParallel(
        ENROLLING,
        () -> {
          while (next.getAndIncrement() < count) {
            tokens.add(api.token());
          }
          return null;
        });
    return new Done(count, List.of());
  }

  private Done enrol() throws Exception {
    AtomicLong next = new AtomicLong();
    ConcurrentLinkedQueue<LoadHost> made = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    inParallel(
        ENROLLING,
        () -> {
          for (long number = next.getAndIncrement();
              number < count;
              number = next.getAndIncrement()) {
            String token = tokens.remove();
            long began = System.nanoTime();
            made.add(LoadHost.enrolled(address(number), port, token, "host-" + number));
            nanos.add(System.nanoTime() - began);
          }
          return null;
        });
    hosts.addAll(made);
    return new Done(count, List.copyOf(nanos));
  }

  /// The loopback has many addresses, and each as many ports for those who connect.
  private static String address(long number) {
    return "127.0.0." + (1 + number % 4);
  }

  /// All of them at once, as after a power cut.
  private Done connect() throws Exception {
    Semaphore open = new Semaphore(2_000);
    long began = System.nanoTime();
    for (LoadHost host : hosts) {
      open.acquire();
      host.connect(open::release);
    }
    for (LoadHost host : hosts) {
      host.awaitWelcome();
    }
    return new Done(hosts.size(), hosts.stream().map(host -> host.welcomed() - began).toList());
  }

  /// Each of them in its turn, as its time comes.
  private void beatFor(int howLong) throws InterruptedException {
    long began = System.nanoTime();
    long beats = 0;
    double perSecond = (double) hosts.size() / beatSeconds;
    for (double at = 0; at < howLong; at = (System.nanoTime() - began) / 1e9) {
      for (; beats < at * perSecond; beats++) {
        hosts.get((int) (beats % hosts.size())).say(BEAT);
      }
      Thread.sleep(5);
    }
  }

  private Done beat() throws Exception {
    ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> probes =
          threads.submit(() -> {
            while (System.nanoTime() - end < 0) {
              nanos.add(any().ask(List.of(BEAT)));
              Thread.sleep(1_000 / PROBES_PER_SECOND);
            }
            return null;
          });
      beatFor(seconds);
      probes.get();
    }
    return new Done((long) seconds * hosts.size() / beatSeconds + nanos.size(), List.copyOf(nanos));
  }

  private LoadHost any() {
    return hosts.get(ThreadLocalRandom.current().nextInt(hosts.size()));
  }

  // ---- as much as it takes

  private interface Round {
    /// Says much, and waits until the server has heard it.
    ///
    /// @return how many things it said
    int of(LoadHost host) throws InterruptedException;
  }

  private Done flood(Round round) throws Exception {
    AtomicLong done = new AtomicLong();
    ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    AtomicLong next = new AtomicLong();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    inParallel(
        FLOODING,
        () -> {
          LoadHost host = hosts.get((int) (next.getAndIncrement() % hosts.size()));
          while (System.nanoTime() - end < 0) {
            long began = System.nanoTime();
            done.addAndGet(round.of(host));
            nanos.add(System.nanoTime() - began);
          }
          return null;
        });
    return new Done(done.get(), List.copyOf(nanos));
  }

  private static int beats(LoadHost host) throws InterruptedException {
    List<HostMessage> beats = new ArrayList<>();
    for (int i = 0; i < BEATS; i++) {
      beats.add(BEAT);
    }
    host.ask(beats);
    return BEATS;
  }

  private static int findings(LoadHost host) throws InterruptedException {
    List<Octets> lines = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      StringBuilder line = new StringBuilder();
      line.append("{\"class_uid\":2004,\"severity_id\":3,\"time\":")
          .append(System.currentTimeMillis())
          .append(",\"finding_info\":{\"analytic\":{\"name\":\"Rule ")
          .append(i % RULES)
          .append("\"}},\"evidences\":[{\"file\":{\"path\":\"/srv/")
          .append(i)
          .append("\"}}],\"unmapped\":{\"engine\":\"sigma\"},\"message\":\"");
      while (line.length() < LINE_BYTES) {
        line.append(String.format(Locale.ROOT, "%08x ", i * 2_654_435_761L & 0xffff_ffffL));
      }
      lines.add(Octets.of(line.append("\"}").toString().getBytes(StandardCharsets.UTF_8)));
    }
    host.keep(lines);
    return LINES;
  }

  private static void inParallel(int width, Callable<Void> work) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < width; i++) {
        all.add(threads.submit(work));
      }
      for (Future<Void> each : all) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /// What the kernel says of the server's process.
  private record ServerProcess(long pid) {
    private static final double TICKS = 100;

    /// Its time on processors.
    double busySeconds() throws Exception {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    long residentBytes() throws Exception {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1_024;
        }
      }
      throw new IllegalStateException("the server is gone");
    }
  }

  /// How long anything may take.
  static final Duration PATIENCE = Duration.ofMinutes(5);
}
