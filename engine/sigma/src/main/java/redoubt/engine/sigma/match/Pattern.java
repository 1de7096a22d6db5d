package redoubt.engine.sigma.match;

import java.util.List;
import redoubt.core.model.Place;
import redoubt.engine.sigma.rule.ValueTest;

/// One test of one field, which several rules of a group may share.
///
/// @param slot the field, or [#EVERY_FIELD]
/// @param test what the rule says
/// @param check decides, where the index has not
/// @param texts of which at least one is found in a value that passes; empty if none is known
/// @param decidedByTexts whether a value passes as soon as one of the texts is found
record Pattern(
    int slot, ValueTest test, ValueCheck check, List<SoughtText> texts, boolean decidedByTexts) {
  /// Any value of the event may pass.
  static final int EVERY_FIELD = -2;

  /// A text to look for.
  ///
  /// @param folded without regard to capitals
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record SoughtText(byte[] folded, Place place) {}

  /// How seldom the pattern is likely to be found: smaller is rarer.
  double frequency() {
    double sum = 0;
    for (SoughtText text : texts) {
      double length = text.folded().length + 1;
      sum += text.place() == Place.WHOLE ? 0.3 / length : 1 / (length * length);
    }
    return sum;
  }
}
