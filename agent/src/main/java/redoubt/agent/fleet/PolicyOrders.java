package redoubt.agent.fleet;

import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;

/// Takes what the owner of the fleet wants to count on this host. One thread at a time.
public interface PolicyOrders {
  /// Puts it in force, in place of what was.
  ///
  /// @return what the server is told of it
  HostMessage.PolicyInForce take(FleetMessage.Policy policy);

  /// This host is not of that fleet any more: nothing of its policy counts.
  void end();

  /// Those of a host that nobody brings a policy to.
  static PolicyOrders none() {
    return new PolicyOrders() {
      @Override
      public HostMessage.PolicyInForce take(FleetMessage.Policy policy) {
        return new HostMessage.PolicyInForce(0, 0, "this host takes no policy");
      }

      @Override
      public void end() {}
    };
  }
}
