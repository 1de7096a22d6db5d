package redoubt.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redoubt.fleet.serving.DatabaseAddress;
import redoubt.fleet.serving.RunningServer;
import redoubt.fleet.serving.ServerLauncher;
import redoubt.fleet.serving.ServerSettings;

/// `redoubt fleet serve`. The launcher gives this command the server's own libraries.
@Command(
    name = "serve",
    description = {
      "Run the server of a fleet until stopped.",
      "",
      "Needs no root and no other program: everything lies in one folder, unless --database names"
          + " a PostgreSQL for all but the keys. The first start makes the"
          + " fleet's keys, and an owner, who comes in by owner.json in that folder. Hosts and people"
          + " come in at ports of their own, both over TLS with certificates of the fleet's own"
          + " authority."
    })
final class FleetServeCommand extends Subcommand {
  static final int HOST_PORT = 7_443;
  private static final int API_PORT = 7_444;

  private static final Secret DATABASE_PASSWORD =
      new Secret(
          "password of the database",
          "--database-password-file",
          DatabaseAddress.MOST_PASSWORD_CHARS,
          ExitCode.USAGE);

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description =
          "Where it keeps everything. Default: REDOUBT_FLEET_DIR, or /var/lib/redoubt-fleet.")
  private @Nullable Path folder;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "A name or address under which it is reached, for its certificate. Repeatable; the first is"
              + " the one that it tells others. Default: this host's name, localhost and 127.0.0.1.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--hosts",
      paramLabel = "[ADDRESS:]PORT",
      defaultValue = "" + HOST_PORT,
      description = "Where hosts come in. Default: ${DEFAULT-VALUE}, on all addresses.")
  private String hosts = "" + HOST_PORT;

  @Option(
      names = "--people",
      paramLabel = "[ADDRESS:]PORT",
      defaultValue = "" + API_PORT,
      description =
          "Where people and programs come in. Default: ${DEFAULT-VALUE}, on all addresses.")
  private String people = "" + API_PORT;

  @Option(
      names = "--heartbeat-seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "How often hosts are to be heard of, 5 to 3600. Default: ${DEFAULT-VALUE}.")
  private int heartbeatSeconds = 60;

  @Option(
      names = "--keep-days",
      paramLabel = "N",
      defaultValue = "90",
      description =
          "How long what hosts' journals say is kept, 1 to 3650. The audit is kept for ever. Default:"
              + " ${DEFAULT-VALUE}.")
  private int keepDays = 90;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description =
          "Keep hosts, findings, rollouts and the audit in this PostgreSQL, which is there already and"
              + " empty the first time, and not in a file of the folder:"
              + " postgresql://USER@HOST:PORT/NAME?sslmode=MODE, also with sslrootcert, sslcert and"
              + " sslkey. Default mode: verify-full; on this host prefer.")
  private @Nullable String database;

  @Option(
      names = "--database-password-file",
      paramLabel = "FILE",
      description =
          "Take the database's password from the first line of FILE, - for standard input.")
  private @Nullable Path databasePassword;

  FleetServeCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    requireRange(
        "heartbeat-seconds",
        heartbeatSeconds,
        ServerSettings.LEAST_HEARTBEAT,
        ServerSettings.MOST_HEARTBEAT);
    requireRange("keep-days", keepDays, 1, ServerSettings.MOST_KEEP_DAYS);
    ServerSettings settings =
        new ServerSettings(
            folder == null ? session().directories().fleet() : folder,
            address("hosts", hosts),
            address("people", people),
            names.isEmpty() ? usualNames() : names,
            heartbeatSeconds,
            keepDays,
            database());
    ServerLauncher launcher =
        ServiceLoader.load(ServerLauncher.class)
            .findFirst()
            .orElseThrow(() ->
                new Problem(
                    ExitCode.INTERNAL,
                    "the server is started by the launcher",
                    "start it with redoubt fleet serve"));
    try {
      RunningServer server = launcher.start(settings);
      CountDownLatch stopping = new CountDownLatch(1);
      Thread ending = Thread.ofPlatform().name("stop").unstarted(() -> end(server, stopping));
      Runtime.getRuntime().addShutdownHook(ending);
      tell(settings, server);
      stopping.await();
      return ExitCode.OK;
    } catch (IOException e) {
      throw new Problem(
          ExitCode.INTERNAL,
          "the server cannot start: " + e.getMessage(),
          "see redoubt fleet serve --help for its folder, its addresses and its database");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return ExitCode.OK;
    }
  }

  private Optional<DatabaseAddress> database() {
    if (database == null) {
      if (databasePassword != null) {
        throw new Problem(
            ExitCode.USAGE,
            "a password of no database: database-password-file",
            "name the database: --database " + DatabaseAddress.FORM);
      }
      return Optional.empty();
    }
    try {
      DatabaseAddress address = DatabaseAddress.parse(database);
      return Optional.of(
          databasePassword == null
              ? address
              : address.withPassword(DATABASE_PASSWORD.read(databasePassword)));
    } catch (IllegalArgumentException e) {
      throw new Problem(
          ExitCode.USAGE,
          "database: " + Printable.of(String.valueOf(e.getMessage())),
          "name it as " + DatabaseAddress.FORM + ", and its password by --database-password-file");
    }
  }

  private static void end(RunningServer server, CountDownLatch stopping) {
    server.close();
    stopping.countDown();
  }

  private void tell(ServerSettings settings, RunningServer server) {
    String name = settings.names().getFirst();
    if (wantsJson()) {
      terminal()
          .json(
              object()
                  .put("name", name)
                  .put("hostPort", server.hostPort())
                  .put("peoplePort", server.apiPort())
                  .put("ownerAccess", server.ownerAccess().toString()));
    } else {
      terminal().line("serving the fleet of " + settings.folder());
      settings.database().ifPresent(address -> field("database", address.toString()));
      field("hosts", name + ":" + server.hostPort());
      field("people", "https://" + name + ":" + server.apiPort());
      field("owner", server.ownerAccess().toString());
    }
    terminal().out().flush();
  }

  private static InetSocketAddress address(String option, String text) {
    ListenAddress place = ListenAddress.parse(option, text, "7443 or 192.0.2.1:7443");
    InetSocketAddress address =
        place
            .host()
            .map(host -> new InetSocketAddress(host, place.port()))
            .orElseGet(() -> new InetSocketAddress(place.port()));
    if (address.isUnresolved()) {
      throw new Problem(
          ExitCode.USAGE,
          "unknown: " + option + "=" + Printable.of(text),
          "name an address of this host");
    }
    return address;
  }

  private static List<String> usualNames() {
    List<String> usual = new ArrayList<>();
    try {
      usual.add(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException _) {
      // It has no name that it knows.
    }
    for (String own : List.of("localhost", "127.0.0.1")) {
      if (!usual.contains(own)) {
        usual.add(own);
      }
    }
    return usual;
  }
}
