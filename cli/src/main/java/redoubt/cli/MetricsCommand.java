package redoubt.cli;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `redoubt metrics`.
@Command(
    name = "metrics",
    description = {
      "Print the agent's and the engines' metrics in the OpenMetrics text format, or serve them.",
      "",
      "Printed, they suit a textfile collector. With --listen they are served under /metrics to"
          + " whoever can reach the address, until interrupted. What comes over the network is not"
          + " read as root: run that as a user of the group that owns the agent's socket."
    })
final class MetricsCommand extends Subcommand {
  private static final String LOOPBACK = "127.0.0.1";

  @Option(
      names = "--listen",
      paramLabel = "[ADDRESS:]PORT",
      description = "Serve them over HTTP. Without an address, to this host only.")
  private @Nullable String listen;

  MetricsCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    if (wantsJson()) {
      throw new Problem(
          ExitCode.USAGE, "metrics have one format", "for JSON: redoubt status --json");
    }
    if (listen == null) {
      terminal().text(text());
    } else {
      serve(listen);
    }
    return ExitCode.OK;
  }

  private String text() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      OpenMetricsTextFormatWriter.create()
          .write(bytes, Metrics.of(session().agent().status()), EscapingScheme.UNDERSCORE_ESCAPING);
      return bytes.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(String address) {
    if (ProcessUser.isRoot()) {
      throw new Problem(
          ExitCode.PERMISSION,
          "metrics are not served as root: what comes over the network is read by nobody who may"
              + " change this host",
          "groupadd --system redoubt, restart the agent, then: setpriv --reuid nobody --regid"
              + " redoubt --clear-groups redoubt metrics --listen "
              + address);
    }
    ListenAddress place = ListenAddress.parse("listen", address, "9464 or 192.0.2.1:9464");
    String host = place.host().orElse(LOOPBACK);
    PrometheusRegistry registry = new PrometheusRegistry();
    MultiCollector collector = () -> Metrics.of(session().agent().status());
    collector.collect(); // whoever may not ask is told so now
    registry.register(collector);
    // Whoever asks slowly does not keep a thread for long.
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxRspTime", "10");
    try (HTTPServer server =
        HTTPServer.builder().hostname(host).port(place.port()).registry(registry).buildAndStart()) {
      terminal().line("serving http://" + host + ":" + server.getPort() + "/metrics");
      new CountDownLatch(1).await();
    } catch (IOException e) {
      throw new Problem(
          ExitCode.USAGE,
          "cannot listen: listen=" + address + " error=" + e.getMessage(),
          "choose another address or port");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
