/* library: a shared library that says so when it is loaded. */
#include <unistd.h>

__attribute__((constructor)) static void greet(void) {
  static const char greeting[] = "specimen ran\n";
  if (write(STDOUT_FILENO, greeting, sizeof greeting - 1) < 0) _exit(1);
}
