package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.model.Octets;
import redoubt.core.tuf.Limits;
import redoubt.core.tuf.MetadataReader;
import redoubt.core.tuf.client.Lookup;
import redoubt.core.tuf.mirror.DirectoryMirror;
import redoubt.core.tuf.policy.PinnedRepositories;
import redoubt.core.tuf.policy.PublishedBundle;
import redoubt.core.tuf.policy.TrialRunners;
import redoubt.core.tuf.policy.TrustedContent;
import redoubt.core.tuf.policy.TrustedRepositories;
import redoubt.core.tuf.policy.TrustedRepository;
import redoubt.core.tuf.policy.TrustedVendor;
import redoubt.core.tuf.policy.VendorListing;
import redoubt.core.tuf.policy.VendorLookup;

/// A repository from its first key to a bundle that a host finds in it, by the commands alone.
final class RepositoryCommandsTest {
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
        condition: sel
      level: high
      """;

  @TempDir Path temporary;
  private CommandHost host;
  private Path repository;
  private Path passphrase;

  @BeforeEach
  void create() throws Exception {
    host = new CommandHost(temporary);
    repository = temporary.resolve("repository");
    passphrase = Files.writeString(temporary.resolve("passphrase"), "correct horse\n");
    for (String key : List.of("root1", "root2", "root3", "targets", "online", "acme", "runner")) {
      must("repository", "key", key, "-d", temporary, "--passphrase-file", passphrase);
    }
  }

  private CommandHost.Result run(Object... words) {
    return host.run(Stream.of(words).map(Object::toString).toArray(String[]::new));
  }

  private CommandHost.Result must(Object... words) {
    CommandHost.Result result = run(words);
    assertEquals(ExitCode.OK, result.status(), result::err);
    return result;
  }

  private Path pub(String key) {
    return temporary.resolve(key + ".pub");
  }

  private Path ceremony(String name) {
    return temporary.resolve(name);
  }

  private void sign(String ceremony, String... keys) {
    for (String key : keys) {
      signed(ceremony, key, true);
    }
  }

  private CommandHost.Result signed(String ceremony, String key, boolean must) {
    Object[] words = {
      "repository",
      "sign",
      ceremony(ceremony),
      "--key",
      temporary.resolve(key + ".key"),
      "--passphrase-file",
      passphrase
    };
    return must ? must(words) : run(words);
  }

  private Object[] publish(Object... more) {
    List<Object> words = new ArrayList<>(List.of("repository", "publish"));
    Collections.addAll(words, "--repository", repository, "--passphrase-file", passphrase);
    Collections.addAll(words, "--key", temporary.resolve("online.key"));
    Collections.addAll(words, more);
    return words.toArray();
  }

  private void found() {
    must(
        "repository",
        "prepare-root",
        ceremony("root"),
        "--repository",
        repository,
        "--root-key=" + pub("root1"),
        "--root-key=" + pub("root2"),
        "--root-key=" + pub("root3"),
        "--targets-key=" + pub("targets"),
        "--online-key=" + pub("online"));
    sign("root", "root1", "root3");
    must(
        "repository",
        "prepare-vendor",
        ceremony("vendors"),
        "--repository",
        repository,
        "--with-root",
        ceremony("root"),
        "--vendor=acme",
        "--vendor-key=" + pub("acme"),
        "--trial-runner-key=" + pub("runner"));
    sign("vendors", "targets");
    must(publish("--root", ceremony("root"), "--vendors", ceremony("vendors")));
  }

  private Path bundle(int version) throws IOException {
    Path rules = temporary.resolve("shadow.yml");
    Files.writeString(rules, RULE);
    Path bundle = temporary.resolve("rules-" + version + ".bundle");
    must(
        "content",
        "build",
        rules,
        "--vendor=acme",
        "--name=rules",
        "--version-number=" + version,
        "-o",
        bundle);
    return bundle;
  }

  private void prepareBundles(String name, Object... more) {
    List<Object> words = new ArrayList<>(List.of("repository", "prepare-bundles", ceremony(name)));
    Collections.addAll(words, "--repository", repository, "--vendor=acme");
    Collections.addAll(words, more);
    must(words.toArray());
  }

  private VendorLookup lookUp(String path, Instant now) throws Exception {
    return client(now).find(path);
  }

  /// The channel that a host sees of the one bundle that there is.
  private String channel() throws Exception {
    VendorListing.Trusted listed =
        assertInstanceOf(VendorListing.Trusted.class, client(CommandHost.NOW).list("acme"));
    return listed.targets().values().stream()
        .map(PublishedBundle::find)
        .map(found -> found.orElseThrow().channel())
        .findFirst()
        .orElseThrow();
  }

  private TrustedContent client(Instant now) throws Exception {
    TrustedRepository trusted =
        new TrustedRepository(
            "ours",
            Octets.of(Files.readAllBytes(repository.resolve("metadata/1.root.json"))),
            List.of(new TrustedVendor("acme", "vendor-acme", "acme/")),
            new TrialRunners.AsTheRepositorySays());
    return new TrustedContent(
        new TrustedRepositories(List.of(trusted)),
        Files.createTempDirectory(temporary, "client"),
        _ -> new DirectoryMirror(repository.resolve("metadata")),
        Limits.DEFAULT,
        () -> now,
        MetadataReader.ANY_FORM);
  }

  @Test
  void aBundleThatBothPartiesSignedIsFoundByAHost() throws Exception {
    found();
    Path bundle = bundle(1);
    prepareBundles("first", bundle);
    sign("first", "acme", "runner");
    must(publish("--bundles", "acme=" + ceremony("first"), bundle));
    assertInstanceOf(
        VendorLookup.Trusted.class, lookUp("acme/sigma/rules-1.bundle", CommandHost.NOW));

    JsonNode shown = must("repository", "show", repository, "--json").json();
    assertEquals("acme/sigma/rules-1.bundle", shown.at("/targets/0/path").asText());
    assertEquals("root", shown.at("/roles/0/name").asText());
    assertFalse(shown.at("/roles/0/expired").asBoolean());
    assertTrue(must("repository", "show", repository).out().contains("rules-1.bundle"));

    Path next = bundle(2);
    prepareBundles("second", next, "--withdraw", "acme/sigma/rules-1.bundle");
    sign("second", "acme", "runner");
    must(publish("--bundles", "acme=" + ceremony("second"), next));
    assertInstanceOf(
        VendorLookup.Trusted.class, lookUp("acme/sigma/rules-2.bundle", CommandHost.NOW));
    assertInstanceOf(
        VendorLookup.NotTrusted.class, lookUp("acme/sigma/rules-1.bundle", CommandHost.NOW));
  }

  @Test
  void aBundleIsMovedToAnotherChannelByBoth() throws Exception {
    found();
    Path bundle = bundle(1);
    prepareBundles("early", bundle, "--channel=early");
    sign("early", "acme", "runner");
    must(publish("--bundles", "acme=" + ceremony("early"), bundle));
    assertEquals("early", channel());
    prepareBundles("stable", bundle);
    sign("stable", "acme", "runner");
    must(publish("--bundles", "acme=" + ceremony("stable")));
    assertEquals("stable", channel());
    CommandHost.Result wrong =
        run(
            "repository",
            "prepare-bundles",
            ceremony("wrong"),
            bundle,
            "--repository",
            repository,
            "--vendor=acme",
            "--channel=Early");
    assertEquals(ExitCode.USAGE, wrong.status(), wrong.err());
  }

  @Test
  void withoutOneOfTheTwoNothingIsPublished() throws Exception {
    found();
    Path bundle = bundle(1);
    for (String only : List.of("acme", "runner")) {
      prepareBundles(only, bundle);
      sign(only, only);
      CommandHost.Result result = run(publish("--bundles", "acme=" + ceremony(only), bundle));
      assertEquals(ExitCode.NO, result.status());
      assertTrue(result.err().contains("signatures are missing"), result.err());
    }
    assertInstanceOf(
        VendorLookup.NotTrusted.class, lookUp("acme/sigma/rules-1.bundle", CommandHost.NOW));
  }

  @Test
  void whatIsSignedHasTheDigestThatWasToldOtherwise() {
    found();
    CommandHost.Result result =
        run(
            "repository",
            "sign",
            ceremony("root"),
            "--digest=" + "0".repeat(64),
            "--key=" + temporary.resolve("root2.key"),
            "--passphrase-file",
            passphrase);
    assertEquals(ExitCode.NO, result.status());
    assertTrue(result.err().contains("not what was to be signed"), result.err());
    assertEquals(
        ExitCode.NO, signed("root", "acme", false).status(), "a key that is not asked for");
  }

  @Test
  void aHostFetchesWhatItsOwnerBelieves() throws Exception {
    found();
    Path bundle = bundle(1);
    prepareBundles("first", bundle);
    sign("first", "acme", "runner");
    must(publish("--bundles", "acme=" + ceremony("first"), bundle));
    Path root = repository.resolve("metadata/1.root.json");
    JsonNode shown = must("trust-root", "show", root, "--json").json();
    assertEquals(2, shown.at("/roles/root/threshold").asInt());
    assertEquals(3, shown.at("/roles/root/fingerprints").size());

    Object[] add = {"trust-root", "add", "ours", root, "--vendor=acme", "--mirror", repository};
    CommandHost.Result other = run(with(add, "--digest=" + "0".repeat(64)));
    assertEquals(ExitCode.NO, other.status());
    assertTrue(other.err().contains("another root"), other.err());
    assertEquals("nobody", problem(fetch("acme/sigma/rules-1.bundle", CommandHost.NOW)));

    must(with(add, "--digest=" + shown.get("sha256").asText()));
    JsonNode list = must("trust-root", "list", "--json").json();
    assertEquals("ours", list.at("/0/name").asText());
    assertEquals(shown.get("sha256").asText(), list.at("/0/rootSha256").asText());
    assertEquals(ExitCode.USAGE, run(add).status(), "there is one of that name");

    ContentFetch.Outcome fetched = fetch("acme/sigma/rules-1.bundle", CommandHost.NOW);
    assertEquals("", fetched.problem());
    assertEquals(-1, Files.mismatch(bundle, Objects.requireNonNull(fetched.file())));
    assertEquals("absent", problem(fetch("acme/sigma/rules-2.bundle", CommandHost.NOW)));
    assertEquals("nobody", problem(fetch("other/sigma/rules-1.bundle", CommandHost.NOW)));
    assertEquals(
        "expired",
        problem(fetch("acme/sigma/rules-1.bundle", CommandHost.NOW.plusSeconds(200_000))));

    must("trust-root", "remove", "ours");
    assertEquals(ExitCode.NO, run("trust-root", "remove", "ours").status());
    assertEquals("nobody", problem(fetch("acme/sigma/rules-1.bundle", CommandHost.NOW)));
  }

  @Test
  void anOwnerMayNameTheTrialRunnersAndAMirrorOnTheNetwork() throws Exception {
    found();
    Path bundle = bundle(1);
    prepareBundles("first", bundle);
    sign("first", "acme", "runner");
    must(publish("--bundles", "acme=" + ceremony("first"), bundle));
    HttpServer server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            repository.toRealPath(),
            SimpleFileServer.OutputLevel.NONE);
    server.start();
    try {
      String mirror = "http:/" + "/127.0.0.1:" + server.getAddress().getPort();
      for (String runner : List.of("root1", "runner")) {
        must(
            "trust-root",
            "add",
            "by-" + runner,
            repository.resolve("metadata/1.root.json"),
            "--vendor=acme",
            "--mirror=" + mirror,
            "--trial-runner=" + pub(runner));
        ContentFetch.Outcome outcome = fetch("acme/sigma/rules-1.bundle", CommandHost.NOW);
        assertEquals(runner.equals("runner"), outcome.file() != null, outcome::problem);
        must("trust-root", "remove", "by-" + runner);
      }
    } finally {
      server.stop(0);
    }
  }

  private static Object[] with(Object[] words, Object more) {
    Object[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = more;
    return all;
  }

  private static String problem(ContentFetch.Outcome outcome) {
    if (outcome.problem().contains("believes nobody")) {
      return "nobody";
    }
    if (outcome.problem().contains("expired")) {
      return "expired";
    }
    return outcome.problem().equals("it is not published") ? "absent" : outcome.problem();
  }

  private ContentFetch.Outcome fetch(String target, Instant now) throws Exception {
    Path directory = Files.createTempDirectory(temporary, "fetched");
    try (ContentFetch fetch =
        new ContentFetch(
            new PinnedRepositories(host.directories.config().resolve("trust")).read(),
            directory.resolve("metadata"),
            () -> now)) {
      return fetch.fetch(target, directory);
    }
  }

  @Test
  void aTimestampIsRenewedAndARootRotated() throws Exception {
    found();
    Instant later = CommandHost.NOW.plusSeconds(200_000);
    assertTrue(isExpired(later));
    must(
        "repository",
        "renew",
        "--repository",
        repository,
        "--timestamp-hours=100",
        "--key=" + temporary.resolve("online.key"),
        "--passphrase-file",
        passphrase);
    assertEquals(
        2, must("repository", "show", repository, "--json").json().at("/roles/1/version").asInt());
    assertFalse(isExpired(later));

    must("repository", "key", "root4", "-d", temporary, "--passphrase-file", passphrase);
    must(
        "repository",
        "prepare-root",
        ceremony("root-2"),
        "--repository",
        repository,
        "--root-key=" + pub("root2"),
        "--root-key=" + pub("root3"),
        "--root-key=" + pub("root4"));
    sign("root-2", "root4", "root2");
    assertEquals(
        ExitCode.NO,
        run(publish("--root", ceremony("root-2"))).status(),
        "two of the old three are needed too");
    sign("root-2", "root3");
    must(publish("--root", ceremony("root-2")));
    assertEquals(
        2, must("repository", "show", repository, "--json").json().at("/roles/0/version").asInt());
  }

  private boolean isExpired(Instant now) throws Exception {
    return lookUp("acme/sigma/x-1.bundle", now)
        instanceof VendorLookup.NotTrusted(_, Lookup.Expired _);
  }

  @Test
  void wrongUseIsToldBeforeAnythingIsWritten() {
    assertEquals(ExitCode.USAGE, run("repository").status());
    assertEquals(
        ExitCode.USAGE, run("repository", "key", "../x", "--passphrase-file", passphrase).status());
    assertEquals(ExitCode.NO, run("repository", "show", repository).status());
    assertEquals(ExitCode.USAGE, run(publish()).status(), "nothing to publish");
    CommandHost.Result first =
        run(
            "repository",
            "prepare-root",
            ceremony("root"),
            "--repository",
            repository,
            "--root-key=" + pub("root1"));
    assertEquals(ExitCode.NO, first.status());
    assertTrue(first.err().contains("needs keys for each role"), first.err());
    assertFalse(Files.exists(repository));
    assertFalse(Files.exists(ceremony("root")));
  }
}
