/* ebpf: keeps the smallest eBPF program there is in the kernel, a socket filter that is attached to
 * nothing, until its standard input ends.
 *
 *   ebpf NAME
 *
 * Says "ready" when it is loaded. */
#define _GNU_SOURCE
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int count, char **arguments) {
  if (count != 2 || strlen(arguments[1]) >= BPF_OBJ_NAME_LEN) return 64;
  /* r0 = 0; exit */
  struct bpf_insn instructions[] = {
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
      {.code = BPF_JMP | BPF_EXIT},
  };
  union bpf_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
  attributes.insn_cnt = 2;
  attributes.insns = (uintptr_t)instructions;
  attributes.license = (uintptr_t) "GPL";
  strcpy(attributes.prog_name, arguments[1]);
  if (syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes) < 0) {
    perror("bpf");
    return 1;
  }
  puts("ready");
  fflush(stdout);
  while (getchar() != EOF) {
  }
  return 0;
}
