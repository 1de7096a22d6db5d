package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

class ErrnoTest {
  @Test
  void everyConstantHasItsName() throws Exception {
    for (Field field : Errno.class.getFields()) {
      assertEquals(field.getName(), Errno.name(field.getInt(null)));
      assertEquals(field.getName(), Errno.name(-field.getInt(null)));
    }
    assertEquals("errno 4711", Errno.name(-4711));
  }

  @Test
  void aMessageNamesTheCallTheErrorAndTheObject() {
    LinuxException e = new LinuxException("fanotify_mark", Errno.EINVAL, "path=/proc");
    assertEquals("fanotify_mark failed: errno=EINVAL path=/proc", e.getMessage());
    assertEquals(
        "timer_create failed: errno=EAGAIN",
        new LinuxException("timer_create", Errno.EAGAIN, "").getMessage());
  }
}
