package redoubt.agent.engine;

import java.util.function.Consumer;
import redoubt.agent.confinement.Spawner;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Operation;
import redoubt.agent.process.SelfProcesses;

/// What every process of every engine is run with.
///
/// @param spawner starts them
/// @param settings what they get alike
/// @param self is told which processes are ours
/// @param release gives back the hold on an operation that an engine was asked about
/// @param reports takes what they find
record EngineHost(
    Spawner spawner,
    EngineSettings settings,
    SelfProcesses self,
    Consumer<Operation> release,
    EngineReports reports,
    Counters counters,
    Notices notices,
    TimeSource time) {}
