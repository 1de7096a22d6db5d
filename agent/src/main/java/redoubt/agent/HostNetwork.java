package redoubt.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import redoubt.agent.blocklist.AddressBlocking;
import redoubt.agent.blocklist.AddressList;
import redoubt.agent.confinement.Spawner;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.isolation.NetworkIsolation;
import redoubt.agent.netfilter.NameServers;
import redoubt.agent.netfilter.Routers;
import redoubt.agent.policy.PolicyException;

/// What the agent has the kernel's packet filter do, by programs that the spawner starts.
///
/// @param isolation cuts this host off
/// @param blocking keeps it from talking to some
record HostNetwork(NetworkIsolation isolation, AddressBlocking blocking) {
  /// Reads the owner's lists; touches nothing yet.
  ///
  /// @param observe whether nothing is to be refused: then nothing is blocked
  /// @throws IOException if a list cannot be used
  static HostNetwork of(
      Spawner spawner,
      AgentPaths paths,
      AgentOptions options,
      boolean observe,
      Notices notices,
      TimeSource time)
      throws IOException {
    return new HostNetwork(
        NetworkIsolation.with(
            Groundwork.commandsOf(spawner, paths.commandOutput("isolation")), paths.run()),
        AddressBlocking.with(
            observe || options.blockAddresses().isEmpty() ? AddressList.empty() : list(options),
            Groundwork.commandsOf(spawner, paths.commandOutput("blocklist")),
            paths.run(),
            notices,
            time));
  }

  private static AddressList list(AgentOptions options) throws IOException {
    List<InetAddress> needed = new ArrayList<>(Routers.ofHost());
    needed.addAll(NameServers.ofHost());
    try {
      return AddressList.read(options.blockAddresses(), options.neverBlock(), needed);
    } catch (PolicyException e) {
      throw new IOException("--block-addresses: " + e.getMessage() + " (" + e.fix() + ")", e);
    }
  }
}
