package redoubt.engine.sigma.rule;

/// A value on its way through the modifiers of its key.
sealed interface Operand {
  /// As the rule has it.
  record Raw(Scalar scalar) implements Operand {}

  /// A text, wildcards understood.
  record Text(TextPattern pattern) implements Operand {}

  /// Bytes that an encoding modifier made.
  @SuppressWarnings("ArrayRecordComponent") // on its way only, never compared
  record Bytes(byte[] bytes) implements Operand {}

  /// A test that is no comparison of texts.
  record Test(ValueTest test) implements Operand {}
}
