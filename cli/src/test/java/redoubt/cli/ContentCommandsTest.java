package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContentCommandsTest {
  private static final String RULE =
      """
      title: Somebody reads the shadow file
      id: 8a0c1f5e-2f5f-4d52-9f0d-6a3c3c6f0001
      logsource:
        product: linux
        category: process_creation
      detection:
        sel:
          CommandLine|contains: /etc/shadow
          Image|endswith: [/cat, /less]
        condition: sel
      level: high
      """;

  @TempDir Path temporary;
  private CommandHost host;
  private Path rules;
  private Path bundle;

  @BeforeEach
  void create() throws Exception {
    host = new CommandHost(temporary);
    rules = Files.createDirectories(temporary.resolve("rules"));
    bundle = temporary.resolve("acme.bundle");
    Files.writeString(rules.resolve("shadow.yml"), RULE);
  }

  private CommandHost.Result build(String... more) {
    String[] all = new String[10 + more.length];
    String[] start = {
      "content",
      "build",
      rules.toString(),
      "--vendor",
      "acme",
      "--name",
      "linux-rules",
      "--version-number",
      "7",
      "--output=" + bundle
    };
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(more, 0, all, start.length, more.length);
    return host.run(all);
  }

  @Test
  void rulesBecomeABundleWithVectors() throws Exception {
    CommandHost.Result built = build();
    assertEquals(ExitCode.OK, built.status(), built.err());
    assertTrue(built.out().contains("1 rules, 3 of 3 tests shown by "), built.out());
    assertTrue(built.out().contains("built: " + bundle), built.out());

    JsonNode said = host.run("content", "inspect", "--json", bundle.toString()).json();
    assertEquals("acme", said.path("vendor").asText());
    assertEquals(7, said.path("version").asInt());
    assertTrue(said.path("vectors").asInt() >= 4, said::toString);

    CommandHost.Result listed = host.run("content", "vectors", bundle.toString());
    assertEquals(ExitCode.OK, listed.status());
    assertTrue(listed.out().contains("8a0c1f5e-2f5f-4d52-9f0d-6a3c3c6f0001"), listed.out());
  }

  @Test
  void aRuleThatNoEventOfAHostIsForIsRefused() throws Exception {
    Files.writeString(
        rules.resolve("windows.yml"),
        RULE.replace("product: linux", "product: windows").replace("0001", "0002"));
    CommandHost.Result built = build("--json");
    assertEquals(ExitCode.NO, built.status(), built.err());
    assertFalse(Files.exists(bundle));
    JsonNode gap = built.json().path("gaps").path(0);
    assertEquals("LOG_SOURCE", gap.path("reason").asText());
    assertTrue(gap.path("refused").asBoolean());
  }

  @Test
  void aTestThatNeverDecidesIsNamedOnly() throws Exception {
    Files.writeString(
        rules.resolve("shadow.yml"), RULE.replace("[/cat, /less]", "[/cat, /less, n/cat]"));
    CommandHost.Result built = build();
    assertEquals(ExitCode.OK, built.status(), built.out() + built.err());
    assertTrue(built.out().contains("never decides"), built.out());
  }

  @Test
  void aRuleThatCannotBeUsedIsRefused() throws Exception {
    Files.writeString(rules.resolve("broken.yml"), "title: broken\ndetection: [\n");
    CommandHost.Result built = build();
    assertEquals(ExitCode.NO, built.status());
    assertTrue(built.out().contains("broken.yml"), built.out());
    assertFalse(Files.exists(bundle));
  }

  @Test
  void whatIsChangedIsNotComplete() throws Exception {
    assertEquals(ExitCode.OK, build().status());
    byte[] bytes = Files.readAllBytes(bundle);
    bytes[bytes.length - 1] ^= 1;
    Files.write(bundle, bytes);
    CommandHost.Result inspected = host.run("content", "inspect", bundle.toString());
    assertEquals(ExitCode.NO, inspected.status());
    assertTrue(inspected.err().contains("problem: "), inspected.err());
  }

  @Test
  void aNameThatIsNoneIsRefused() throws Exception {
    CommandHost.Result built =
        host.run(
            "content",
            "build",
            rules.toString(),
            "--vendor=a/b",
            "--name=x",
            "--version-number=1",
            "--output=" + bundle);
    assertEquals(ExitCode.USAGE, built.status());
    assertTrue(built.err().contains("vendor=a/b"), built.err());
  }

  /// Real engines try real bundles in the system tests.
  @Test
  void lintNamesWhatIsMissing() {
    assertEquals(ExitCode.OK, build().status());
    CommandHost.Result linted = host.run("content", "lint", bundle.toString());
    if (ProcessUser.isRoot()) {
      assertEquals(ExitCode.NO, linted.status());
      assertTrue(linted.err().contains("this host has no such engine: engine=sigma"), linted.err());
    } else {
      assertEquals(ExitCode.PERMISSION, linted.status());
    }
    assertEquals(
        ProcessUser.isRoot() ? ExitCode.USAGE : ExitCode.PERMISSION,
        host.run("content", "lint", temporary.resolve("none").toString()).status());
  }
}
