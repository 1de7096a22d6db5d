package redoubt.testing.drills;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.wire.BundleManifest;

/// A fleet inside this machine: a real server, real agents with real engines, each in a network of
/// its own, a repository that a vendor signs, and what the fleet does with an update that is good
/// and with one that is not. Nothing of it is this host's own agent's. For one thread.
public final class DemoFleet implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration ROLLOUT = Duration.ofMinutes(6);
  private static final int PROBATION_SECONDS = 10;
  private static final int SOAK_SECONDS = 15;
  private static final int LOOK_MILLIS = 500;

  /// What makes the engine end with the bad update; no trial has seen it.
  private static final String TRIGGER = "payroll";

  private static final String REPOSITORY = "demo";

  private final Path frontDoor;
  private final Path folder;
  private final Consumer<String> story;
  private final DemoNetwork network;
  private final ForgedRepository repository;
  private final DrillBundles bundles;
  private final List<DrillHost> hosts = new ArrayList<>();
  private final Thread atExit = new Thread(this::remove, "demo-end");
  private final Process server;
  private final JsonNode said;

  /// What came of an update.
  ///
  /// @param hosts how many hosts activated it
  /// @param well how many were well with it
  /// @param state what the rollout had come to
  /// @param seconds how long it took, from its start
  public record Outcome(int hosts, int well, String state, long seconds) {}

  private DemoFleet(Path frontDoor, Path folder, int hosts, Consumer<String> story)
      throws IOException {
    this.frontDoor = frontDoor;
    this.folder = folder;
    this.story = story;
    network = DemoNetwork.make(hosts);
    repository = ForgedRepository.begin(folder.resolve("repository"));
    bundles = new DrillBundles(folder);
    Runtime.getRuntime().addShutdownHook(atExit);
    server = startServer();
    said = awaitServer();
  }

  /// Starts a server and hosts, and makes them one fleet.
  ///
  /// @param frontDoor the `redoubt` of this installation
  /// @param hosts how many, 1 to 200
  /// @param story takes what happens, line by line, for people
  /// @throws IOException with the cause, if something of it cannot be had
  public static DemoFleet start(Path frontDoor, int hosts, Consumer<String> story)
      throws IOException {
    Path folder =
        Files.createTempDirectory(
            "redoubt-demo-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    DemoFleet made = new DemoFleet(frontDoor, folder, hosts, story);
    try {
      story.accept("server: " + made.console() + ", access file " + made.access());
      for (int host = 0; host < hosts; host++) {
        made.startHost(host);
      }
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  private Process startServer() throws IOException {
    return Commands.start(
        Map.of(),
        List.of(
            frontDoor.toString(),
            "fleet",
            "serve",
            "--json",
            "--folder=" + folder.resolve("server"),
            "--name=127.0.0.1",
            "--name=" + DemoNetwork.HERE,
            "--hosts=" + DemoNetwork.HERE + ":0",
            "--people=127.0.0.1:0",
            "--heartbeat-seconds=5"),
        folder.resolve("server.log"));
  }

  private JsonNode awaitServer() throws IOException {
    JsonNode[] found = new JsonNode[1];
    Commands.await(
        "the server",
        START,
        () -> {
          String log = Files.readString(folder.resolve("server.log"));
          int begin = log.indexOf('{');
          int end = log.indexOf('}', Math.max(0, begin));
          if (begin < 0 || end < 0) {
            return false;
          }
          found[0] = JSON.readTree(log.substring(begin, end + 1));
          return true;
        },
        this::serverLog);
    return found[0];
  }

  private String serverLog() {
    try {
      return Files.readString(folder.resolve("server.log"));
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// Where the console is.
  public String console() {
    return "https:/" + "/127.0.0.1:" + said.path("peoplePort").asInt() + "/";
  }

  /// What lets people in.
  public Path access() {
    return Path.of(said.path("ownerAccess").asText());
  }

  private JsonNode ask(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(frontDoor.toString(), "fleet"));
    command.addAll(List.of(words));
    command.addAll(List.of("--json", "--access", access().toString()));
    return JSON.readTree(Commands.run(Map.of(), command).required().text());
  }

  private void startHost(int number) throws IOException {
    DrillHost host =
        DrillHost.start(
            frontDoor, new DrillHost.Setup(network.entry(number), 0, PROBATION_SECONDS, Set.of()));
    hosts.add(host);
    host.program(TRIGGER);
    Path token = folder.resolve("token");
    Files.writeString(token, ask("token", "--site=demo-" + number).path("token").asText() + "\n");
    host.command(
            "fleet",
            "join",
            "--server=" + DemoNetwork.HERE + ":" + said.path("hostPort").asInt(),
            "--token-file=" + token)
        .required();
    host.command(
            "trust-root",
            "add",
            REPOSITORY,
            repository.root().toString(),
            "--vendor=acme",
            "--mirror",
            folder.resolve("repository").toString())
        .required();
    story.accept("host " + (number + 1) + ": protected, and one of the fleet");
  }

  /// Publishes an update that harms nobody, and rolls it out to every host.
  public Outcome rollOutGood() throws IOException {
    int id = begin(1, "");
    long began = System.nanoTime();
    Outcome outcome =
        follow(id, began, rollout -> rollout.path("confirmed").asInt() == hosts.size());
    ask("rollouts", "end", Integer.toString(id));
    return outcome;
  }

  /// Publishes an update with which the engine ends when the hosts do something that they did not
  /// do while it was tried, and has them do that.
  public Outcome rollOutBad() throws IOException {
    int id = begin(2, "fault crash-on-path /" + TRIGGER + "\n");
    long began = System.nanoTime();
    follow(id, began, rollout -> rollout.path("exposed").asInt() > 0 && isInForce(2));
    story.accept("on every host " + TRIGGER + " runs, which no trial has seen");
    Outcome outcome =
        follow(
            id,
            began,
            rollout -> {
              // Again and again, as programs do: the one before may still be answering.
              for (DrillHost host : hosts) {
                Commands.run(host.scratch().resolve(TRIGGER).toString());
              }
              return rollout.path("halt").isObject() && !isInForce(2);
            });
    for (DrillHost host : hosts) {
      Commands.run(host.scratch().resolve(TRIGGER).toString()).required();
    }
    return outcome;
  }

  private boolean isInForce(long version) throws IOException {
    for (DrillHost host : hosts) {
      if (host.life().active().filter(release -> release.version() == version).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private int begin(long version, String more) throws IOException {
    try {
      Path bundle = bundles.version(version, more);
      BundleManifest manifest = BundleFile.open(bundle).manifest();
      repository.publish(manifest.target(), bundle, Drill.Form.CAREFUL);
      JsonNode rollout =
          ask(
              "rollouts",
              "prepare",
              bundle.toString(),
              "--channel=emergency",
              "--soak-seconds=" + SOAK_SECONDS);
      String id = Integer.toString(rollout.path("id").asInt());
      ask("rollouts", "start", id);
      story.accept("rollout " + id + ": " + manifest.target() + " is started");
      return rollout.path("id").asInt();
    } catch (ContentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /// Something about a rollout that may not hold yet.
  private interface Look {
    boolean holds(JsonNode rollout) throws IOException;
  }

  /// Tells how a rollout goes until something holds.
  private Outcome follow(int id, long began, Look look) throws IOException {
    String[] before = {""};
    JsonNode[] last = new JsonNode[1];
    Commands.await(
        "rollout " + id,
        ROLLOUT,
        () -> {
          JsonNode rollout = ask("rollouts", "show", Integer.toString(id));
          String words =
              "rollout %d: %s, ring %s, %d had a lease, %d well"
                  .formatted(
                      id,
                      rollout.path("state").asText(),
                      rollout.path("ringName").asText(),
                      rollout.path("exposed").asInt(),
                      rollout.path("confirmed").asInt());
          if (!words.equals(before[0])) {
            before[0] = words;
            story.accept(words);
          }
          last[0] = rollout;
          Commands.pause(LOOK_MILLIS);
          return look.holds(rollout);
        },
        this::logs);
    return new Outcome(
        last[0].path("exposed").asInt(),
        last[0].path("confirmed").asInt(),
        last[0].path("state").asText(),
        Duration.ofNanos(System.nanoTime() - began).toSeconds());
  }

  private String logs() {
    StringBuilder all = new StringBuilder(serverLog());
    hosts.forEach(host -> all.append("\n---\n").append(host.log()));
    return all.toString();
  }

  /// Ends everything, and takes it away.
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      return; // It is being ended.
    }
    remove();
  }

  private void remove() {
    for (DrillHost host : hosts) {
      try {
        host.close();
      } catch (IOException _) {
        // The rest is to go too.
      }
    }
    server.destroy();
    Commands.end(server);
    try {
      network.close();
      Commands.run("rm", "-rf", "--one-file-system", folder.toString());
    } catch (IOException _) {
      // Nobody is there any more to be told.
    }
  }
}
