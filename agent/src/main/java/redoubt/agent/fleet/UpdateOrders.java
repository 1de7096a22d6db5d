package redoubt.agent.fleet;

import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.FleetMessage;

/// Takes what the server says about updates. Called by the thread that hears the server, which must
/// not be kept.
public interface UpdateOrders {
  /// The server has welcomed this host on another connection.
  void connected();

  /// The owner of the fleet wants this bundle here.
  void offered(BundleName bundle);

  /// It may not, for now.
  void refused(Sha256 bundle, FleetMessage.Reason reason);

  /// It is to go again.
  ///
  /// @param reason why, for people
  void rollBack(BundleName bundle, String reason);

  /// Those of a host that nobody brings updates to.
  static UpdateOrders none() {
    return new UpdateOrders() {
      @Override
      public void connected() {}

      @Override
      public void offered(BundleName bundle) {}

      @Override
      public void refused(Sha256 bundle, FleetMessage.Reason reason) {}

      @Override
      public void rollBack(BundleName bundle, String reason) {}
    };
  }
}
