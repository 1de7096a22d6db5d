package redoubt.agent.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.Errno;
import redoubt.core.linux.LinuxException;

class HookThreadsTest {
  private static final int SECONDS = 20;

  private final HookThreads threads = HookThreads.begin();

  @TempDir Path folder;

  @Test
  void whatTheyOpenNobodyElseHas() throws Exception {
    assertTrue(threads.haveOwnTable());
    int theirs = threads.call(() -> Descriptors.openReadOnly(file("one")));
    // A number that is free here: what they have has another name here, or none.
    assertFalse(Descriptors.readLink(theirs).equals(file("one")));
    int copy = threads.take(theirs);
    assertEquals(file("one"), Descriptors.readLink(copy));
    threads.call(() -> Descriptors.close(theirs));
    assertEquals(-Errno.EBADF, threads.take(theirs));
    threads.giveBack(copy);
    assertEquals("", Descriptors.readLink(copy));
  }

  @Test
  void aCopyThatTheyGiveBackIsClosedWithTheNextThatIsTaken() {
    int theirs = threads.call(() -> Descriptors.openReadOnly(file("one")));
    int copy = threads.take(theirs);
    threads.hand(() -> threads.giveBack(copy));
    assertTrue(threads.call(threads::here));
    assertEquals(file("one"), Descriptors.readLink(copy));
    int next = threads.take(theirs);
    assertEquals(copy, next, "the number is free and taken again");
    threads.giveBack(next);
  }

  @Test
  void theyAreGivenWhatOthersHave() {
    int ours = Descriptors.openPath(file("one"));
    String path =
        threads.call(() -> {
          int brought = threads.bring(ours);
          try {
            return Descriptors.readLink(brought);
          } finally {
            Descriptors.close(brought);
          }
        });
    assertEquals(file("one"), path);
    assertThrows(LinuxException.class, () -> threads.call(() -> threads.bring(99_999)));
    Descriptors.close(ours);
  }

  @Test
  void whatIsHandedOverIsDoneInItsOrder() {
    List<Integer> done = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      int number = i;
      if (i % 2 == 0) {
        threads.hand(() -> done.add(number));
      } else {
        threads.handIdly(() -> done.add(number));
      }
    }
    assertEquals(1_000, threads.call(done::size));
    for (int i = 0; i < 1_000; i++) {
      assertEquals(i, done.get(i));
    }
  }

  @Test
  void whatCanWaitIsDoneAlsoWhenNothingElseComes() throws Exception {
    for (int i = 0; i < 50; i++) {
      CountDownLatch done = new CountDownLatch(1);
      threads.handIdly(done::countDown);
      assertTrue(done.await(SECONDS, TimeUnit.SECONDS));
      if (i % 10 == 0) {
        Thread.sleep(20); // until it sleeps
      }
    }
  }

  @Test
  void threadsStartedFromAnywhereAreAmongThem() throws Exception {
    int theirs = threads.call(() -> Descriptors.openReadOnly(file("one")));
    CompletableFuture<String> seen = new CompletableFuture<>();
    threads.start(
        "another",
        () -> threads.start("and-another", () -> seen.complete(Descriptors.readLink(theirs))));
    assertEquals(file("one"), seen.get(SECONDS, TimeUnit.SECONDS));
    HookThreads others = HookThreads.begin();
    assertFalse(others.call(threads::here), "another family");
  }

  private String file(String name) {
    try {
      Path path = folder.resolve(name);
      return Files.exists(path) ? path.toString() : Files.writeString(path, name).toString();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
