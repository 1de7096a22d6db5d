package redoubt.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import redoubt.agent.policy.PrivateFile;
import redoubt.core.http.TokenClient;

/// By what somebody reaches a fleet server: the content of an access file.
///
/// @param server its address
/// @param authority the certificate that it stands on, as PEM
/// @param name who comes
/// @param token by which the server knows them
record FleetAccess(URI server, String authority, String name, String token) {
  private static final int MOST_BYTES = 64 * 1024;
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  /// Reads one.
  ///
  /// @throws Problem if it cannot be used, or others may read the token
  static FleetAccess read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Set<PosixFilePermission> may =
          Files.readAttributes(file, PosixFileAttributes.class).permissions();
      if (may.stream().anyMatch(OTHERS::contains)) {
        throw new Problem(
            ExitCode.PERMISSION,
            "others may use this access file: file=" + file,
            "chmod 600 " + file + ", and ask the fleet's owner for another token");
      }
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw damaged(file);
      }
      JsonNode node = JSON.readTree(bytes);
      return new FleetAccess(
          URI.create(text(file, node, "server")),
          text(file, node, "authority"),
          text(file, node, "name"),
          text(file, node, "token"));
    } catch (JsonProcessingException | IllegalArgumentException _) {
      throw damaged(file);
    } catch (IOException e) {
      throw new Problem(
          ExitCode.PERMISSION,
          "the access file cannot be read: file=" + file + " error=" + PrivateFile.reasonOf(e),
          "name one that this user may read: --access FILE");
    }
  }

  private static String text(Path file, JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw damaged(file);
    }
    return value.asText();
  }

  private static Problem damaged(Path file) {
    return new Problem(
        ExitCode.USAGE,
        "this is no access file: file=" + file,
        "the fleet's owner makes one: redoubt fleet operators add NAME --output FILE");
  }

  /// The same server, for somebody else.
  FleetAccess of(String other, String otherToken) {
    return new FleetAccess(server, authority, other, otherToken);
  }

  /// Writes it to a fresh file that nobody else may read.
  ///
  /// @throws Problem if it cannot
  void write(Path file) {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(
          file,
          JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json()),
          StandardOpenOption.TRUNCATE_EXISTING);
    } catch (FileAlreadyExistsException _) {
      throw new Problem(ExitCode.USAGE, "there is such a file: file=" + file, "name another");
    } catch (IOException e) {
      throw new Problem(
          ExitCode.USAGE,
          "the access file cannot be written: file=" + file + " error=" + PrivateFile.reasonOf(e),
          "name another place");
    }
  }

  /// Takes one away.
  ///
  /// @throws Problem if it cannot
  static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new Problem(
          ExitCode.USAGE,
          "the file cannot be removed: file=" + file + " error=" + PrivateFile.reasonOf(e),
          "remove it by hand");
    }
  }

  private ObjectNode json() {
    return JSON.createObjectNode()
        .put("server", server.toString())
        .put("authority", authority)
        .put("name", name)
        .put("token", token);
  }

  /// A way to the server; the caller closes it.
  ///
  /// @throws IllegalArgumentException if address or certificate cannot be used
  TokenClient open() {
    return new TokenClient(server, authority, token);
  }

  /// Names nothing of the token, so that no log has it.
  @Override
  public String toString() {
    return "FleetAccess[server=" + server + ", name=" + name + "]";
  }
}
