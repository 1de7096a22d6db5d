/* greeting: says that it ran. Bytes appended to the file make another program that does the same. */
#include <unistd.h>

int main(void) {
  static const char greeting[] = "specimen ran\n";
  return write(STDOUT_FILENO, greeting, sizeof greeting - 1) < 0;
}
