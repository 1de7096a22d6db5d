package redoubt.engine.kit;

import redoubt.core.linux.Descriptors;
import redoubt.core.linux.ReceiveBuffer;

/// The descriptors that came with one message. Whoever takes one closes it; [#close] closes the
/// rest.
final class PassedDescriptors implements AutoCloseable {
  private final int[] descriptors;
  private int taken;

  PassedDescriptors(ReceiveBuffer buffer) {
    descriptors = new int[buffer.descriptorCount()];
    for (int i = 0; i < descriptors.length; i++) {
      descriptors[i] = buffer.descriptor(i);
    }
  }

  int count() {
    return descriptors.length;
  }

  /// Takes the next one.
  ///
  /// @throws SessionException if there is none
  int take() throws SessionException {
    if (taken == descriptors.length) {
      throw SessionException.violation("descriptor missing: passed=" + descriptors.length);
    }
    return descriptors[taken++];
  }

  /// @throws SessionException if the message did not say what some of them are
  void requireAllTaken() throws SessionException {
    if (taken < descriptors.length) {
      throw SessionException.violation(
          "descriptors that belong to nothing: passed=" + descriptors.length + " used=" + taken);
    }
  }

  @Override
  public void close() {
    while (taken < descriptors.length) {
      Descriptors.close(descriptors[taken++]);
    }
  }
}
