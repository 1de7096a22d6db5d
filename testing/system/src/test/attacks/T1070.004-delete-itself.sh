#!/bin/sh
# technique: T1070.004 Indicator Removal: File Deletion
# rule: program_deletes_itself
# A program that removes its own file and runs on.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
cat > /tmp/once.c <<'END'
#include <unistd.h>
int main(int count, char **words) {
  unlink("/tmp/once");
  usleep(400000);
  return count - count + (words == 0);
}
END
gcc -o /tmp/once /tmp/once.c
/tmp/once
exit 0
