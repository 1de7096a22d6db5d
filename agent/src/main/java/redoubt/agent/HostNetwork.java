package redoubt.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import redoubt.agent.blocklist.AddressBlocking;
import redoubt.agent.blocklist.AddressList;
import redoubt.agent.confinement.EngineSandbox;
import redoubt.agent.confinement.Spawner;
import redoubt.agent.engine.EngineSettings;
import redoubt.agent.fleet.CourierHome;
import redoubt.agent.fleet.FleetDesk;
import redoubt.agent.fleet.HostView;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.isolation.NetworkIsolation;
import redoubt.agent.netfilter.NameServers;
import redoubt.agent.netfilter.Routers;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.process.SelfProcesses;
import redoubt.core.model.PlatformNotice;

/// What the agent has to do with the network, all of it by programs that the spawner starts: what
/// the kernel's packet filter is told, and the connection to a fleet's server.
///
/// @param isolation cuts this host off
/// @param blocking keeps it from talking to some
/// @param fleet makes it one of a fleet
record HostNetwork(NetworkIsolation isolation, AddressBlocking blocking, FleetDesk fleet)
    implements AutoCloseable {
  /// Reads the owner's lists; touches nothing yet.
  ///
  /// @param observe whether nothing is to be refused: then nothing is blocked
  /// @param self is told which processes are ours
  /// @param view what a fleet is told
  /// @throws IOException if a list cannot be used
  static HostNetwork of(
      Spawner spawner,
      AgentPaths paths,
      AgentOptions options,
      boolean observe,
      SelfProcesses self,
      HostView view,
      Notices notices,
      TimeSource time)
      throws IOException {
    NetworkIsolation isolation =
        NetworkIsolation.with(
            Groundwork.commandsOf(spawner, paths.commandOutput("isolation")), paths.run());
    return new HostNetwork(
        isolation,
        AddressBlocking.with(
            observe || options.blockAddresses().isEmpty()
                ? AddressList.empty()
                : list(options, notices),
            Groundwork.commandsOf(spawner, paths.commandOutput("blocklist")),
            paths.run(),
            notices,
            time),
        new FleetDesk(
            courier(spawner, paths, self, time),
            paths.fleet(),
            paths.journal(),
            view,
            new FleetActions(
                new IsolationRequests(isolation, notices), new OwnCommands(spawner, paths), paths),
            notices));
  }

  private static CourierHome courier(
      Spawner spawner, AgentPaths paths, SelfProcesses self, TimeSource time) {
    return new CourierHome(
        spawner,
        new EngineSandbox(paths.java(), paths.home()),
        self,
        paths.run().resolve("fleet"),
        paths.engineSockets().resolve(EngineSettings.FILTER),
        paths.engineGroups() + "-courier",
        paths.courier(),
        paths.java().resolve("bin/java"),
        paths.home(),
        time);
  }

  /// Blocks no more, and ends the connection to the server.
  @Override
  public void close() {
    blocking.end();
    fleet.close();
  }

  private static AddressList list(AgentOptions options, Notices notices) throws IOException {
    List<InetAddress> needed = new ArrayList<>(Routers.ofHost());
    needed.addAll(NameServers.ofHost());
    try {
      return AddressList.read(options.blockAddresses(), options.neverBlock(), needed);
    } catch (PolicyException e) {
      String problem = "--block-addresses: " + e.getMessage() + " (" + e.fix() + ")";
      if (!options.forgiving()) {
        throw new IOException(problem, e);
      }
      notices.report(
          PlatformNotice.Kind.POLICY_CHANGED, "configuration", "nothing is blocked: " + problem);
      System.err.println("redoubt: nothing is blocked: " + problem);
      return AddressList.empty();
    }
  }
}
