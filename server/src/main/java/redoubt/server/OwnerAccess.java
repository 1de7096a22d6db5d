package redoubt.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import redoubt.server.identity.Authority;
import redoubt.server.identity.PrivateFiles;
import redoubt.server.store.OperatorStore;
import redoubt.server.store.Role;

/// The file by which the first owner comes in: where the server is, what it stands on, and a token.
/// For one thread.
final class OwnerAccess {
  /// Its name in the server's folder, which the command line looks for.
  private static final String FILE = "owner.json";

  private static final String OWNER = "owner";
  private static final String TOKEN = "token";
  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;
  private final Authority authority;
  private final String server;

  /// @param name the name by which the server is reached
  OwnerAccess(Path folder, Authority authority, String name, int port) {
    file = folder.resolve(FILE);
    this.authority = authority;
    boolean isNumeric6 = name.indexOf(':') >= 0;
    server = "https://" + (isNumeric6 ? "[" + name + "]" : name) + ":" + port;
  }

  Path file() {
    return file;
  }

  /// Makes the first to come the owner; later, sees to it that the file names the server as it is
  /// now, if somebody still has it there.
  ///
  /// The token is on disk before the database knows it: whoever dies in between begins anew.
  void introduce(OperatorStore operators, Instant now) throws IOException {
    if (operators.list().isEmpty()) {
      String token = operators.newToken();
      write(token);
      operators.put(OWNER, Role.OWNER, token, "server", now);
    } else if (Files.exists(file)) {
      String token = token();
      if (!token.isEmpty()) {
        write(token);
      }
    }
  }

  /// The token in the file; empty if somebody wrote something else there.
  private String token() throws IOException {
    try {
      JsonNode before = JSON.readTree(Files.readAllBytes(file));
      return before.path(TOKEN).asText("");
    } catch (JsonProcessingException _) {
      return "";
    }
  }

  private void write(String token) throws IOException {
    PrivateFiles.write(
        file,
        JSON.writerWithDefaultPrettyPrinter()
            .writeValueAsBytes(
                JSON.createObjectNode()
                    .put("server", server)
                    .put("authority", authority.certificateText())
                    .put("name", OWNER)
                    .put(TOKEN, token)));
  }
}
