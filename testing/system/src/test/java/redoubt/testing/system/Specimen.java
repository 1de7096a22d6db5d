package redoubt.testing.system;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Contents that come in two: a bad one, which the list of [KnownBad] names, and its good twin,
/// which differs in nothing but a few bytes that change nothing. Both say the [#GREETING] when run.
enum Specimen {
  /// A static program.
  PROGRAM {
    @Override
    byte[] content(String tail) {
      byte[] program = Programs.bytes("greeting");
      byte[] end = tail.getBytes(StandardCharsets.UTF_8);
      byte[] whole = new byte[program.length + end.length];
      System.arraycopy(program, 0, whole, 0, program.length);
      System.arraycopy(end, 0, whole, program.length, end.length);
      return whole;
    }
  },
  /// A shell script that names its interpreter.
  SCRIPT {
    @Override
    byte[] content(String tail) {
      return ("#!/bin/sh\necho " + GREETING + " # " + tail + "\n").getBytes(StandardCharsets.UTF_8);
    }
  };

  /// What a specimen prints.
  static final String GREETING = "specimen ran";

  abstract byte[] content(String tail);

  /// The content that [KnownBad] lists.
  byte[] bad() {
    return content("bad");
  }

  /// The content that nothing lists.
  byte[] good() {
    return content("good");
  }

  /// Content like the good one that no test has seen before, told apart by `number`.
  byte[] good(long number) {
    return content("good " + number);
  }

  static List<Specimen> all() {
    return List.of(values());
  }
}
