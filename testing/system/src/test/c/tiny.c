/* tiny: a program that does nothing; with an argument it waits until somebody ends it. */
#include <unistd.h>

int main(int argc, char **argv) {
  (void)argv;
  while (argc > 1) pause();
  return 0;
}
