package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The manifest of the node agent is what Kubernetes takes, and fits the image.
class NodeManifestTest {
  private static final Path PACKAGING =
      Distribution.frontDoor().resolveSibling("packaging").resolve("kubernetes");

  /// The types of Kubernetes keep what they do not know; here it is an error.
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .annotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return false;
                }
              })
          .build();

  private static Namespace namespace = new Namespace();
  private static ConfigMap configuration = new ConfigMap();
  private static DaemonSet nodes = new DaemonSet();
  private static PodTemplateSpec pod = new PodTemplateSpec();
  private static Container container = new Container();

  @TempDir Path folder;

  @BeforeAll
  static void read() throws Exception {
    String text = Files.readString(PACKAGING.resolve("redoubt-node.yaml"));
    List<Object> documents = new ArrayList<>();
    new Load(LoadSettings.builder().build()).loadAllFromString(text).forEach(documents::add);
    assertEquals(3, documents.size());
    namespace = STRICT.convertValue(documents.get(0), Namespace.class);
    configuration = STRICT.convertValue(documents.get(1), ConfigMap.class);
    nodes = STRICT.convertValue(documents.get(2), DaemonSet.class);
    pod = nodes.getSpec().getTemplate();
    assertEquals(1, pod.getSpec().getContainers().size());
    container = pod.getSpec().getContainers().getFirst();
  }

  @Test
  void whatIsNamedIsThere() {
    String name = namespace.getMetadata().getName();
    assertEquals(name, configuration.getMetadata().getNamespace());
    assertEquals(name, nodes.getMetadata().getNamespace());
    assertEquals(nodes.getSpec().getSelector().getMatchLabels(), pod.getMetadata().getLabels());
    assertEquals(
        configuration.getMetadata().getName(),
        pod.getSpec().getVolumes().getFirst().getConfigMap().getName());
    assertEquals(
        pod.getSpec().getVolumes().getFirst().getName(),
        container.getVolumeMounts().getFirst().getName());
  }

  @Test
  void aPodHasWhatItsProgramNeedsAndNoAccessToTheCluster() throws Exception {
    assertTrue(pod.getSpec().getHostPID());
    assertTrue(container.getSecurityContext().getPrivileged());
    assertEquals(false, pod.getSpec().getAutomountServiceAccountToken());
    String program = Files.readString(PACKAGING.resolve("redoubt-node"));
    for (String word : container.getArgs()) {
      assertTrue(program.contains("\n  " + word + ") "), word);
    }
    String mounted = container.getVolumeMounts().getFirst().getMountPath();
    String file = mounted + "/" + configuration.getData().keySet().iterator().next();
    assertTrue(program.contains("REDOUBT_NODE_CONFIGURATION:-" + file + "}"), file);
    String image =
        Files.readString(PACKAGING.resolveSibling("../tools/build-node-image").normalize());
    for (List<String> probe :
        List.of(
            container.getReadinessProbe().getExec().getCommand(),
            container.getStartupProbe().getExec().getCommand())) {
      assertTrue(image.contains("--config.entrypoint " + probe.getFirst() + " "), probe.toString());
      assertEquals("ready", probe.getLast());
    }
  }

  @Test
  void itsConfigurationIsGood() throws Exception {
    Map<String, String> data = configuration.getData();
    assertEquals(Set.of("redoubt.yaml"), data.keySet());
    Path file = Files.writeString(folder.resolve("redoubt.yaml"), data.get("redoubt.yaml"));
    Outcome.of(Distribution.frontDoor(), "config", "check", file).requireSuccess();
  }
}
