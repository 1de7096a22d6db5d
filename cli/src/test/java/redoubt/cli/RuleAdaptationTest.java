package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `--pipeline` and `--values`, with each command that has them.
final class RuleAdaptationTest {
  private static final String RULE =
      """
      title: A shell of an administrator
      logsource: {product: linux, category: process_creation}
      detection:
        sel:
          Image|endswith: /sh
          User|expand: '%administrators%'
        condition: sel
      level: high
      """;

  private static final String PIPELINE =
      """
      name: our names
      vars: {administrators: [nobody]}
      transformations:
        - type: field_name_mapping
          mapping: {Image: [exe, process.executable], User: user}
      """;

  @TempDir Path temporary;
  private CommandHost host;
  private Path rules;
  private Path pipeline;
  private Path values;
  private Path recording;

  @BeforeEach
  void createFiles() throws Exception {
    host = new CommandHost(temporary);
    rules = Files.createDirectories(temporary.resolve("rules"));
    Files.writeString(rules.resolve("shell.yml"), RULE);
    pipeline = Files.writeString(temporary.resolve("pipeline.yml"), PIPELINE);
    values = Files.writeString(temporary.resolve("values.yml"), "administrators: [root, 'adm*']\n");
    recording =
        Files.writeString(
            temporary.resolve("recording.jsonl"),
            """
            {"process": {"executable": "/bin/sh"}, "user": "admin"}
            {"exe": "/bin/sh", "user": "user"}
            {"Image": "/bin/sh", "User": "root"}
            """);
  }

  private CommandHost.Result check(String... options) {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "rules";
    arguments[1] = "check";
    System.arraycopy(options, 0, arguments, 2, options.length);
    arguments[options.length + 2] = rules.toString();
    return host.run(arguments);
  }

  @Test
  void withoutValuesTheRuleIsRefused() {
    CommandHost.Result result = check();
    assertEquals(ExitCode.NO, result.status());
    assertTrue(result.out().contains("placeholder=%administrators%"), result.out());
  }

  @Test
  void valuesMakeRulesUsable() {
    CommandHost.Result result = check("--values", values.toString());
    assertEquals(ExitCode.OK, result.status(), result.out());
    assertEquals("1 files: 1 rules can be used, 0 refused\n", result.out());
    assertEquals(ExitCode.OK, check("--pipeline", pipeline.toString()).status());
  }

  @Test
  void replayUsesPipelinesAndValues() {
    CommandHost.Result result =
        host.run(
            "replay",
            "--rules",
            rules.toString(),
            "--pipeline",
            pipeline.toString(),
            "--values",
            values.toString(),
            "--product",
            "linux",
            "--category",
            "process_creation",
            recording.toString());
    assertEquals(ExitCode.OK, result.status(), result.err());
    assertTrue(result.out().contains(recording + ":1"), result.out());
    assertTrue(result.out().contains("process.executable: /bin/sh"), result.out());
    assertTrue(result.out().contains("3 records: 1 findings of 1 rules"), result.out());
  }

  @Test
  void explainAndListShowWhatPipelinesMadeOfRules() throws Exception {
    Path other =
        Files.writeString(
            temporary.resolve("other.yml"),
            """
            priority: 50
            transformations: [{type: change_logsource, product: ours}]
            """);
    CommandHost.Result explained =
        host.run(
            "rules",
            "explain",
            "--pipeline",
            other.toString(),
            "--pipeline",
            pipeline.toString(),
            rules.toString());
    assertEquals(ExitCode.OK, explained.status(), explained.err());
    assertTrue(explained.out().contains("process.executable ends with '/sh'"), explained.out());
    assertTrue(explained.out().contains("user is 'nobody'"), explained.out());
    CommandHost.Result listed =
        host.run(
            "rules",
            "list",
            "--pipeline",
            other.toString(),
            "--pipeline",
            pipeline.toString(),
            rules.toString());
    assertTrue(listed.out().contains("ours/-/-"), listed.out());
  }

  @Test
  void rulesAreTestedAsPipelinesMakeThem() throws Exception {
    Files.writeString(
        rules.resolve("shell.match.jsonl"), "{\"exe\": \"/bin/sh\", \"user\": \"root\"}\n");
    Files.writeString(
        rules.resolve("shell.miss.jsonl"), "{\"Image\": \"/bin/sh\", \"User\": \"root\"}\n");
    CommandHost.Result result =
        host.run(
            "rules",
            "test",
            "--pipeline",
            pipeline.toString(),
            "--values",
            values.toString(),
            rules.toString());
    assertEquals(ExitCode.OK, result.status(), result.out());
    assertEquals("1 rules held against 2 records, 0 wrong\n", result.out());
  }

  @Test
  void aRuleThatAPipelineRefusesIsCounted() throws Exception {
    Files.writeString(pipeline, PIPELINE + "  - {type: rule_failure, message: not on our hosts}\n");
    CommandHost.Result result = check("--pipeline", pipeline.toString());
    assertEquals(ExitCode.NO, result.status());
    assertTrue(
        result.out().contains("not on our hosts: pipeline=" + pipeline + ":6"), result.out());
    assertTrue(result.out().contains("1 refused (pipeline 1)"), result.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"check", "list", "explain", "test"})
  void aPipelineThatIsNoneEndsTheCommand(String command) throws Exception {
    Files.writeString(pipeline, PIPELINE.replace("field_name_mapping", "magic"));
    CommandHost.Result result =
        host.run("rules", command, "--pipeline", pipeline.toString(), rules.toString());
    assertEquals(ExitCode.USAGE, result.status());
    assertTrue(
        result.err().contains(pipeline + ":4: no such transformation: type=magic"), result.err());
  }

  @Test
  void valuesThatAreNoneEndTheCommand() throws Exception {
    Files.writeString(values, "administrators: {a: b}\n");
    CommandHost.Result result = check("--values", values.toString());
    assertEquals(ExitCode.USAGE, result.status());
    assertTrue(result.err().contains(values + ":1: "), result.err());
    assertEquals(ExitCode.USAGE, check("--values", temporary + "/nowhere").status());
    CommandHost.Result missing = check("--pipeline", temporary + "/nowhere");
    assertEquals(ExitCode.USAGE, missing.status());
    assertTrue(missing.err().contains("no such file"), missing.err());
  }
}
