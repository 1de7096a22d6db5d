package redoubt.fleet.rollout;

/// How fast an update may spread. A lease is granted only while the hosts that have one and are not
/// confirmed are fewer than `firstWindow + growth * confirmed`: over all, and likewise for the
/// host's kind and for its site. So a fault that shows before confirmation costs at most
/// `firstWindow` hosts, whatever detects it and however late.
///
/// @param firstWindow over all, at least 1
/// @param kindWindow for one kind, at least 1: a fault of one kind of hardware costs that many
/// @param siteWindow for one site, at least 1
/// @param growth how many unconfirmed hosts each confirmed one stands for, above 0
/// @param doublingSeconds how long the number of exposed hosts takes to double at the fastest, or 0
///   for as fast as the windows allow. It bounds what a fault costs that shows after confirmation
public record Flow(
    int firstWindow, int kindWindow, int siteWindow, double growth, int doublingSeconds) {
  public Flow {
    if (firstWindow < 1 || kindWindow < 1 || siteWindow < 1 || !(growth > 0)) {
      throw new IllegalArgumentException("nothing could flow: firstWindow=" + firstWindow);
    }
    if (doublingSeconds < 0) {
      throw new IllegalArgumentException("negative time: doublingSeconds=" + doublingSeconds);
    }
  }
}
