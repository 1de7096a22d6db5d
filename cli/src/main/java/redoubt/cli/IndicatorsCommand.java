package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.agent.policy.PrivateFile;

/// `redoubt indicators`: indicators of others as lists of ours.
@Command(
    name = "indicators",
    description = {
      "Turn indicators in STIX 2.1 into lists: of digests, for the scanner (--content), and of"
          + " addresses, for --block-addresses.",
      "",
      "Reads bundles, and envelopes as a TAXII 2.1 server sends them. Taken is what a list can say:"
          + " digests of files, and addresses, with the end that an indicator has; what was revoked"
          + " or is out of date is left out. How many were left, and why, is said; exit status 1 if"
          + " nothing was taken."
    })
final class IndicatorsCommand extends Subcommand {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Bundles or envelopes, as JSON.")
  private List<Path> files = List.of();

  @Option(
      names = "--hashes",
      paramLabel = "FILE",
      description = "Write the list of digests there, in the place of what it had.")
  private @Nullable Path hashes;

  @Option(
      names = "--addresses",
      paramLabel = "FILE",
      description = "Write the list of addresses there, in the place of what it had.")
  private @Nullable Path addresses;

  IndicatorsCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    if (hashes == null && addresses == null) {
      throw new Problem(
          ExitCode.USAGE, "no list is wanted", "say --hashes FILE, --addresses FILE, or both");
    }
    StixIndicators indicators = new StixIndicators(session().clock().instant());
    files.forEach(file -> read(indicators, file));
    if (indicators.taken() > 0) {
      write(hashes, hashLines(indicators));
      write(addresses, addressLines(indicators));
    }
    report(indicators);
    return indicators.taken() > 0 ? ExitCode.OK : ExitCode.NO;
  }

  private static void read(StixIndicators indicators, Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      indicators.read(in);
    } catch (IOException e) {
      throw new Problem(
          ExitCode.USAGE,
          "cannot be read: file="
              + file
              + " error="
              + PrivateFile.reasonOf(e).lines().findFirst().orElse(""),
          "name bundles of STIX 2.1 or envelopes of TAXII 2.1");
    }
  }

  private static String hashLines(StixIndicators indicators) {
    return "# from indicators in STIX\n"
        + indicators.digests().entrySet().stream()
            .map(entry -> (entry.getKey() + " " + entry.getValue()).strip() + "\n")
            .collect(Collectors.joining());
  }

  private static String addressLines(StixIndicators indicators) {
    return "# from indicators in STIX\n"
        + indicators.addresses().entrySet().stream()
            .map(entry ->
                entry.getKey() + (entry.getValue() == null ? "" : " " + entry.getValue()) + "\n")
            .collect(Collectors.joining());
  }

  private static void write(@Nullable Path list, String lines) {
    if (list == null) {
      return;
    }
    Path target = list.toAbsolutePath();
    try {
      new PrivateFile(target, Integer.MAX_VALUE).write(lines.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new Problem(
          ExitCode.USAGE,
          "cannot be written: file=" + target + " error=" + PrivateFile.reasonOf(e),
          "name a file in a folder that is there and yours");
    }
  }

  private void report(StixIndicators indicators) {
    if (wantsJson()) {
      ObjectNode node = object();
      node.put("taken", indicators.taken());
      node.put("digests", indicators.digests().size());
      node.put("addresses", indicators.addresses().size());
      ObjectNode left = node.putObject("left");
      indicators.left().forEach((why, count) -> left.put(word(why, "-"), count));
      terminal().json(node);
      return;
    }
    terminal()
        .line(
            indicators.taken()
                + " indicators taken: "
                + indicators.digests().size()
                + " digests, "
                + indicators.addresses().size()
                + " addresses");
    indicators
        .left()
        .forEach((why, count) -> terminal().line(count + " left out: " + word(why, " ")));
  }

  private static String word(StixIndicators.Left why, String between) {
    return why.name().toLowerCase(Locale.ROOT).replace("_", between);
  }
}
