package redoubt.agent.fleet;

import java.util.function.Supplier;
import redoubt.core.wire.HostInventory;
import redoubt.core.wire.HostMessage;

/// What the server of the fleet is told of this host.
///
/// @param inventory what the machine is; looked up each time
/// @param bootId what the kernel calls this boot
/// @param heartbeat how it is now, without what is about records; asked by another thread
/// @param engines what its engines have done and cost; asked by another thread
public record HostView(
    Supplier<HostInventory> inventory,
    String bootId,
    Supplier<HostMessage.Heartbeat> heartbeat,
    Supplier<HostMessage.Engines> engines) {}
