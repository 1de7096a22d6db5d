package redoubt.server.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import redoubt.core.model.HostId;
import redoubt.core.wire.HostInventory;
import redoubt.core.wire.HostMessage;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.server.store.HostEntry;

/// `spec/fleet-api.yaml` says what the server does: the endpoints that [ApiServerTest] asks, each
/// with its role, and what a host is told as.
class ApiDescriptionTest {
  private static final Path FILE = Path.of("../spec/fleet-api.yaml");

  @Test
  void everyEndpointIsDescribedWithItsRole() throws Exception {
    Set<String> described = new TreeSet<>();
    map(description().get("paths"))
        .forEach((path, methods) ->
            map(methods)
                .forEach((method, operation) ->
                    described.add(
                        method.toUpperCase(Locale.ROOT)
                            + " "
                            + path
                            + " "
                            + map(operation).get("x-role")
                            + (map(operation).containsKey("x-vendors") ? " and vendors" : ""))));
    Set<String> asked =
        ApiServerTest.endpoints()
            .map(endpoint ->
                endpoint.method()
                    + " "
                    + endpoint
                        .path()
                        .replace("0".repeat(32), "{id}")
                        .replaceFirst("(/operators)/.*", "$1/{name}")
                        .replaceFirst("(/outputs)/7", "$1/{id}")
                        .replaceFirst("(/exceptions)/7", "$1/{id}")
                        .replaceFirst("(/marks)/7", "$1/{id}")
                        .replaceFirst("(/commands)/3", "$1/{command}")
                        .replaceFirst("(/windows)/[a-z]+", "$1/{label}")
                        .replaceFirst("(/vendors)/[a-z]*", "$1/{vendor}")
                        .replaceFirst("(/rollouts)/1", "$1/{id}")
                        .replaceFirst("/start$", "/{order}")
                    + " "
                    + Answers.word(endpoint.needed())
                    + (endpoint.vendors() ? " and vendors" : ""))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(asked, described);
  }

  @Test
  void everyFieldOfAHostIsDescribed() throws Exception {
    Map<String, Object> schema =
        map(map(map(description().get("components")).get("schemas")).get("Host"));
    HostEntry host =
        new HostEntry(
            new HostId(1, 2),
            3,
            1,
            new HostInventory("web-1", "Debian", "6.1", "x86_64", "", 2, 4_000, "0.1.0"),
            "berlin",
            DeviceClass.LAPTOP,
            List.of("canary"),
            Instant.EPOCH,
            Instant.EPOCH,
            Optional.of(HostMessage.State.ENFORCING),
            Optional.of(Instant.EPOCH));
    Set<String> told = new HashSet<>();
    Answers.host(host, true).fieldNames().forEachRemaining(told::add);
    assertEquals(map(schema.get("properties")).keySet(), told);
    assertTrue(told.containsAll((Collection<?>) schema.get("required")));
  }

  private static Map<String, Object> description() throws Exception {
    Load load = new Load(LoadSettings.builder().setLabel(FILE.toString()).build());
    return map(load.loadFromString(Files.readString(FILE)));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object node) {
    return (Map<String, Object>) node;
  }
}
