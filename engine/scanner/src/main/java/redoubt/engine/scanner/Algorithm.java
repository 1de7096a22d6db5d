package redoubt.engine.scanner;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.stream.Stream;

/// A digest that a list may name a file by. MD5 and SHA-1 do not resist forgery; they are accepted
/// because published lists still use them, and a forged match only denies the forger's own file.
enum Algorithm {
  SHA256("SHA-256", 64),
  SHA1("SHA-1", 40),
  MD5("MD5", 32);

  private final String standardName;
  private final int digits;

  Algorithm(String standardName, int digits) {
    this.standardName = standardName;
    this.digits = digits;
  }

  /// How it is written for people and known to the Java platform.
  String standardName() {
    return standardName;
  }

  /// The length of a digest in hexadecimal digits.
  int digits() {
    return digits;
  }

  static Optional<Algorithm> findByDigits(int digits) {
    return Stream.of(values()).filter(each -> each.digits == digits).findFirst();
  }

  MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance(standardName);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has it: algorithm=" + standardName, e);
    }
  }
}
