package redoubt.engine.sigma.evtx;

import java.util.List;
import redoubt.engine.sigma.event.XmlPlace;

/// What a piece of binary XML becomes in an event: its fields in order, each with the pieces of its
/// value.
///
/// @param fields what elements and attributes hold
record Template(List<Field> fields) {
  /// A value of an event.
  ///
  /// @param slot where it goes; not asked for by anybody if negative
  /// @param nameFrom the substitution that holds the field's name, or -1 if it is known
  /// @param inner what XML in the place of the value stands in
  /// @param parts the pieces of the value
  record Field(int slot, int nameFrom, XmlPlace inner, List<Part> parts) {}

  /// A piece of a value.
  sealed interface Part {}

  /// Always the same.
  record Constant(String text) implements Part {}

  /// What a record says.
  ///
  /// @param index among the values of the record
  /// @param optional whether the element or attribute is not there if the record has no value for
  ///   it
  record Substitution(int index, boolean optional) implements Part {}
}
