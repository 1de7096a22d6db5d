package redoubt.agent.fleet;

import java.nio.file.Path;
import redoubt.agent.confinement.EngineSandbox;
import redoubt.agent.confinement.Spawner;
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
/// @param manifest the courier's program, and what it may use
public record CourierHome(
    Spawner spawner,
    EngineSandbox sandbox,
    SelfProcesses self,
    Path folder,
    Path filter,
    String group,
    EngineManifest manifest) {}
