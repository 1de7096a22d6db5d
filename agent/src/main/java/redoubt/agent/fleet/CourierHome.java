package redoubt.agent.fleet;

import java.io.IOException;
import java.nio.file.Path;
import redoubt.agent.confinement.EngineSandbox;
import redoubt.agent.confinement.Spawner;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.SelfProcesses;
import redoubt.agent.registry.EngineManifest;

/// What couriers are run with.
///
/// @param spawner starts them
/// @param sandbox confines them, and their relays
/// @param self is told which processes are ours
/// @param folder for sockets and output, in the agent's own
/// @param filter a file with the filter of system calls
/// @param group the name of the control groups' common room
/// @param program says what the courier's program is, and what it may use; read at each start
/// @param java the program that runs Java
/// @param installation where Redoubt's modules and programs are
public record CourierHome(
    Spawner spawner,
    EngineSandbox sandbox,
    SelfProcesses self,
    Path folder,
    Path filter,
    String group,
    Path program,
    Path java,
    Path installation,
    TimeSource time) {
  /// What is started.
  ///
  /// @throws IOException if it is not described as it has to be
  EngineManifest manifest() throws IOException {
    try {
      return EngineManifest.read(program, java, installation);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
