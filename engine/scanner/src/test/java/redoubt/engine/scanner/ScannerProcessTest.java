package redoubt.engine.scanner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;
import redoubt.core.wire.EngineMessage;

/// The real process, as the agent starts it, spoken to over a real socket.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScannerProcessTest {
  private static final byte[] EVIL = "#!/bin/sh\necho evil\n".getBytes(UTF_8);
  private static final byte[] GOOD = "#!/bin/sh\necho good\n".getBytes(UTF_8);
  private static final int MILLION = 1_000_000;

  /// What an engine may keep once its virtual machine has given back what loading took.
  private static final long MOST_RESIDENT_KIB = 60L * 1024;

  @TempDir private Path directory;

  @Test
  void aFileOnTheListIsDeniedByThePlatformsDigest() throws Exception {
    try (ScannerProcess scanner = ScannerProcess.start(directory)) {
      scanner.load(hex("SHA-256", EVIL) + "  evil\n");
      EngineMessage.EventVerdict denied = scanner.judgeByDigest(Sha256.hash(EVIL));
      assertEquals(Verdict.DENY, denied.verdict());
      assertEquals("evil", denied.rule());
      assertEquals(VerdictScope.FILE, denied.scope());
      assertEquals(2_592_000, denied.lifetimeSeconds());
      assertEquals(Verdict.ALLOW, scanner.judgeByDigest(Sha256.hash(GOOD)).verdict());
      assertEquals(0, scanner.hangUp());
    }
  }

  @Test
  void otherDigestsAreComputedFromTheDescriptor() throws Exception {
    for (String algorithm : List.of("SHA-256", "SHA-1", "MD5")) {
      try (ScannerProcess scanner = ScannerProcess.start(directory)) {
        scanner.load(hex(algorithm, EVIL) + "\n");
        EngineMessage.EventVerdict denied = scanner.judgeByContent(EVIL);
        assertEquals(Verdict.DENY, denied.verdict(), algorithm);
        assertEquals(VerdictScope.EVENT, denied.scope());
        assertTrue(denied.rule().startsWith(algorithm), denied.rule());
        assertEquals(Verdict.ALLOW, scanner.judgeByContent(GOOD).verdict(), algorithm);
      }
    }
  }

  @Test
  void aFileThatCannotBeReadInTimeGetsNoVerdict() throws Exception {
    try (ScannerProcess scanner = ScannerProcess.start(directory)) {
      scanner.load(hex("MD5", EVIL) + "\n");
      scanner.ask(scanner.contentEvent(4 << 20, 0), new byte[4 << 20]);
      EngineMessage.Abstained abstained = scanner.expect(EngineMessage.Abstained.class);
      assertTrue(abstained.reason().startsWith("not read in time"), abstained.reason());
    }
  }

  @Test
  void aListWithoutAGoodLineIsRefused() throws Exception {
    try (ScannerProcess scanner = ScannerProcess.start(directory)) {
      scanner.say(scanner.content("nonsense\n"), "nonsense\n".getBytes(UTF_8));
      assertEquals(
          List.of("line 1: a digest has 64, 40 or 32 digits, not 8"),
          scanner.expect(EngineMessage.ContentRefused.class).problems());
    }
  }

  @Test
  void aMillionEntriesFitTheMemoryOfAnEngine() throws Exception {
    try (ScannerProcess scanner = ScannerProcess.start(directory)) {
      scanner.load(millionEntries());
      for (int i = 0; i < 2_000; i++) {
        assertEquals(Verdict.ALLOW, scanner.judgeByDigest(new Sha256(i, 0, 0, 0)).verdict());
      }
      assertEquals(Verdict.DENY, scanner.judgeByDigest(Sha256.hash(EVIL)).verdict());
      long residentKib = scanner.awaitResidentKib(MOST_RESIDENT_KIB);
      System.out.println("scanner with a million entries: residentKib=" + residentKib);
      assertTrue(residentKib <= MOST_RESIDENT_KIB, "residentKib=" + residentKib);
    }
  }

  private static String millionEntries() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder text = new StringBuilder(MILLION * (2 * Sha256.LENGTH_BYTES + 1));
    byte[] digest = new byte[Sha256.LENGTH_BYTES];
    for (int i = 1; i < MILLION; i++) {
      random.nextBytes(digest);
      HexFormat.of().formatHex(text, digest);
      text.append('\n');
    }
    return text.append(hex("SHA-256", EVIL)).append('\n').toString();
  }

  private static String hex(String algorithm, byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
  }
}
