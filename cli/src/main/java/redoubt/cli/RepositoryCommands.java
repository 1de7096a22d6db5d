package redoubt.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.cli.Terminal.Tone;
import redoubt.core.tuf.CanonicalJson;
import redoubt.core.tuf.Digests;
import redoubt.core.tuf.Json;
import redoubt.core.tuf.VerifyingKey;
import redoubt.core.tuf.signing.Ceremony;
import redoubt.core.tuf.signing.KeyFiles;
import redoubt.core.tuf.signing.SigningKey;

/// `redoubt repository` and what is below it.
final class RepositoryCommands {
  private static final JsonMapper JSON = new JsonMapper();

  private RepositoryCommands() {}

  /// `redoubt repository`.
  @Command(
      name = "repository",
      synopsisSubcommandLabel =
          "key|prepare-root|prepare-vendor|prepare-bundles|try|sign|publish|renew|show",
      description = {
        "Keep a repository of bundles: who may publish in it, and what is published.",
        "",
        "A repository is a folder that any web server can serve. Whatever changes in it is drafted"
            + " (prepare-root and its like), signed by whoever must, each on their own machine (sign), and published"
            + " by one who needs no key but the online one. Nothing is published that no host would"
            + " take. It follows The Update Framework; docs/guides/publish-content.md goes through"
            + " it."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(
          session,
          "what to do with a repository: key, prepare-root, prepare-vendor, prepare-bundles, try,"
              + " sign, publish, renew or show",
          "redoubt repository --help");
    }
  }

  /// `redoubt repository key`.
  @Command(
      name = "key",
      description = {
        "Make a key to sign with: NAME.key, which a passphrase protects, and NAME.pub, for others.",
        "",
        "Both are in PEM (Ed25519, PKCS#8), as openssl makes them too."
      })
  static final class Key extends Subcommand {
    @Parameters(paramLabel = "NAME", description = "What to call the files.")
    private String name = "";

    @Option(
        names = {"--directory", "-d"},
        paramLabel = "DIR",
        description = "Where to. Default: this folder.")
    private Path directory = Path.of("");

    @Option(
        names = "--passphrase-file",
        paramLabel = "FILE",
        description = "Take the passphrase from the first line of FILE, - for standard input.")
    private @Nullable Path passphraseFile;

    Key(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
        throw new Problem(
            ExitCode.USAGE,
            "not a name: NAME=" + Printable.of(name),
            "letters, digits, '.', '_' and '-', at most 64");
      }
      char[] words = new PassphraseSource().askNew(passphraseFile).toCharArray();
      if (words.length == 0) {
        throw new Problem(ExitCode.USAGE, "an empty passphrase protects nothing", "choose one");
      }
      return RepositoryWork.with(() -> {
        Files.createDirectories(directory.toAbsolutePath());
        VerifyingKey key = KeyFiles.create(directory, name, words, new SecureRandom()).verifying();
        if (wantsJson()) {
          terminal().json(object().put("keyid", key.keyId()).put("fingerprint", key.fingerprint()));
        } else {
          terminal().line(Printable.of(directory.resolve(name + ".key") + ", " + name + ".pub"));
          terminal().line("keyid        " + key.keyId());
          terminal().line("fingerprint  " + key.fingerprint());
        }
        return ExitCode.OK;
      });
    }
  }

  /// `redoubt repository sign`.
  @Command(
      name = "sign",
      description = {
        "Sign what a ceremony's folder has, and add the signature to it.",
        "",
        "Needs neither network nor repository. Shows first what is signed; compare its digest with"
            + " what whoever prepared it told you. Folders that were signed in different places are"
            + " put together by copying their files into one."
      })
  static final class Sign extends Subcommand {
    @Parameters(paramLabel = "CEREMONY", description = "The folder.")
    private Path ceremony = Path.of("");

    @Option(
        names = "--digest",
        paramLabel = "SHA256",
        description = "Sign only if what is signed has this digest.")
    private @Nullable String digest;

    @Mixin private RepositoryKeys keys = new RepositoryKeys();

    Sign(Session session) {
      super(session);
    }

    private void show(Json.Members draft) throws IOException {
      JsonNode tree = JSON.readTree(CanonicalJson.writeFile(draft));
      tree.toPrettyString().lines().forEach(line -> terminal().line(Printable.of(line)));
    }

    @Override
    public Integer call() {
      return RepositoryWork.with(() -> {
        Ceremony opened = new Ceremony(ceremony);
        Json.Members draft = opened.draft();
        String found = Digests.sha256(CanonicalJson.write(draft));
        if (!wantsJson()) {
          show(draft);
          terminal().line("digest  " + found);
        }
        if (digest != null && !digest.equals(found)) {
          throw new Problem(
              ExitCode.NO,
              "not what was to be signed: found=" + found + " wanted=" + Printable.of(digest),
              "ask whoever prepared it");
        }
        for (SigningKey key : keys.open()) {
          opened.sign(key);
          if (!wantsJson()) {
            terminal().line(terminal().paint(Tone.GOOD, "signed") + "  keyid=" + key.keyId());
          }
        }
        if (wantsJson()) {
          terminal().json(object().put("signed", true).put("sha256", found));
        }
        return ExitCode.OK;
      });
    }
  }
}
