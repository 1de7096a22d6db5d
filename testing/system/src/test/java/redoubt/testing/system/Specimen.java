package redoubt.testing.system;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Contents that come in two: a bad one, which the list of [KnownBad] names, and its good twin,
/// which differs in nothing but a few bytes that change nothing. Both say the [#GREETING] when run.
enum Specimen {
  /// A static program.
  PROGRAM {
    @Override
    byte[] content(String tail) {
      return append(Programs.bytes("greeting"), tail);
    }
  },
  /// A program that needs the loader.
  DYNAMIC_PROGRAM {
    @Override
    byte[] content(String tail) {
      return append(Programs.bytes("greeting", Programs.Form.DYNAMIC), tail);
    }
  },
  /// A shared library, which greets when it is loaded.
  LIBRARY {
    @Override
    byte[] content(String tail) {
      return append(Programs.bytes("library", Programs.Form.LIBRARY), tail);
    }
  },
  /// A shell script that names its interpreter.
  SCRIPT {
    @Override
    byte[] content(String tail) {
      return append(new byte[0], "#!/bin/sh\necho " + GREETING + " # " + tail + "\n");
    }
  };

  /// What a specimen prints.
  static final String GREETING = "specimen ran";

  abstract byte[] content(String tail);

  private static byte[] append(byte[] content, String tail) {
    byte[] end = tail.getBytes(StandardCharsets.UTF_8);
    byte[] whole = Arrays.copyOf(content, content.length + end.length);
    System.arraycopy(end, 0, whole, content.length, end.length);
    return whole;
  }

  /// The content that [KnownBad] lists.
  byte[] bad() {
    return content("bad");
  }

  /// The name under which [KnownBad] lists the bad one.
  String rule() {
    return "Test.Bad." + name();
  }

  /// The content that nothing lists.
  byte[] good() {
    return content("good");
  }

  /// Content like the good one that no test has seen before, told apart by `number`.
  byte[] good(long number) {
    return content("good " + number);
  }
}
