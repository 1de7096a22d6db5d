// A whole detection engine for Redoubt in C: denies files whose SHA-256 stands on a list.
//
// The agent starts it and names its socket in REDOUBT_SOCKET; spec/engine-protocol.md says all that it
// does. One thread is enough: no answer takes longer than a binary search. Whatever is wrong ends the
// process, and with it every descriptor; the agent starts it again.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "hash_list.h"
#include "strict.h"

// Exit statuses, those of Redoubt's own kit; violation() has 3.
enum { ENDED = 0, REFUSED = 2, UNAVAILABLE = 4 };

enum { VERSION = 1, CREDITS = 128, MESSAGE_BYTES = 65536, MOST_DESCRIPTORS = 64, LIFETIME_SECONDS = 86400 };

static const size_t LONGEST_LIST = 1u << 28;

// As short as they are in the specification.
typedef Redoubt__Engine__V1__FromAgent FromAgent;
typedef Redoubt__Engine__V1__FromEngine FromEngine;
typedef Redoubt__Engine__V1__Event Event;
#define BODY(name) REDOUBT__ENGINE__V1__FROM_ENGINE__BODY_##name
#define FROM_AGENT(name) REDOUBT__ENGINE__V1__FROM_AGENT__BODY_##name

// One connection to the agent, from Hello to its end.
struct engine {
  int agent;
  uint64_t sent, received;
  uint32_t credits;
  bool welcomed, ready;
  struct hash_list list;
  char content_version[4 * 128 + 1];
};

// The descriptors that came with one message. Whoever takes one closes it.
struct passed {
  int descriptors[MOST_DESCRIPTORS];
  size_t count, taken;
};

// Packs and sends a message under the next number. An agent that is gone ends the engine in order.
static void say(struct engine *engine, FromEngine *message) {
  static uint8_t bytes[MESSAGE_BYTES];
  message->sequence = ++engine->sent;
  if (redoubt__engine__v1__from_engine__get_packed_size(message) > sizeof bytes) abort();
  size_t length = redoubt__engine__v1__from_engine__pack(message, bytes);
  ssize_t result;
  do {
    result = send(engine->agent, bytes, length, MSG_NOSIGNAL);
  } while (result < 0 && errno == EINTR);
  if (result < 0) exit(errno == EPIPE || errno == ECONNRESET ? ENDED : UNAVAILABLE);
}

static void say_hello(struct engine *engine) {
  Redoubt__Engine__V1__EventClass classes[] = {
      REDOUBT__ENGINE__V1__EVENT_CLASS__EVENT_CLASS_EXEC, REDOUBT__ENGINE__V1__EVENT_CLASS__EVENT_CLASS_OPEN};
  Redoubt__Engine__V1__Hello hello = REDOUBT__ENGINE__V1__HELLO__INIT;
  hello.oldest_version = hello.newest_version = VERSION;
  hello.name = "Example hash engine in C";
  hello.vendor = "Redoubt";
  hello.engine_version = "1";
  hello.schema_hash = SCHEMA_HASH;
  hello.n_auth_classes = 2;
  hello.auth_classes = classes;
  FromEngine message = REDOUBT__ENGINE__V1__FROM_ENGINE__INIT;
  message.body_case = BODY(HELLO);
  message.hello = &hello;
  say(engine, &message);
}

static void say_refused(struct engine *engine, char *version, struct problems *problems) {
  char *texts[MOST_PROBLEMS];
  for (size_t i = 0; i < problems->count; i++) texts[i] = problems->text[i];
  Redoubt__Engine__V1__ContentRefused refused = REDOUBT__ENGINE__V1__CONTENT_REFUSED__INIT;
  refused.version = version;
  refused.n_problems = problems->count;
  refused.problems = texts;
  FromEngine message = REDOUBT__ENGINE__V1__FROM_ENGINE__INIT;
  message.body_case = BODY(CONTENT_REFUSED);
  message.content_refused = &refused;
  say(engine, &message);
}

static void say_loaded(struct engine *engine, struct problems *problems) {
  Redoubt__Engine__V1__ContentLoaded loaded = REDOUBT__ENGINE__V1__CONTENT_LOADED__INIT;
  loaded.version = engine->content_version;
  loaded.entries = engine->list.count;
  FromEngine message = REDOUBT__ENGINE__V1__FROM_ENGINE__INIT;
  message.body_case = BODY(CONTENT_LOADED);
  message.content_loaded = &loaded;
  say(engine, &message);
  for (size_t i = 0; i < problems->count; i++) {
    Redoubt__Engine__V1__Report report = REDOUBT__ENGINE__V1__REPORT__INIT;
    report.rule = "left out";
    report.title = problems->text[i];
    message.body_case = BODY(REPORT);
    message.report = &report;
    say(engine, &message);
  }
}

static void say_ready(struct engine *engine) {
  if (engine->ready) return;
  engine->ready = true;
  Redoubt__Engine__V1__Ready ready = REDOUBT__ENGINE__V1__READY__INIT;
  ready.credits = engine->credits;
  FromEngine message = REDOUBT__ENGINE__V1__FROM_ENGINE__INIT;
  message.body_case = BODY(READY);
  message.ready = &ready;
  say(engine, &message);
}

static void say_pong(struct engine *engine, uint64_t nonce) {
  Redoubt__Engine__V1__Pong pong = REDOUBT__ENGINE__V1__PONG__INIT;
  pong.nonce = nonce;
  FromEngine message = REDOUBT__ENGINE__V1__FROM_ENGINE__INIT;
  message.body_case = BODY(PONG);
  message.pong = &pong;
  say(engine, &message);
}

static void abstain(struct engine *engine, uint64_t event_id) {
  Redoubt__Engine__V1__Abstained abstained = REDOUBT__ENGINE__V1__ABSTAINED__INIT;
  abstained.n_event_ids = 1;
  abstained.event_ids = &event_id;
  abstained.reason = "the platform computed no digest";
  FromEngine message = REDOUBT__ENGINE__V1__FROM_ENGINE__INIT;
  message.body_case = BODY(ABSTAINED);
  message.abstained = &abstained;
  say(engine, &message);
}

// Answers an event, which gives its credit back. Without a digest there is no verdict.
static void answer(struct engine *engine, const Event *event) {
  if (!event->file || event->file->sha256.len == 0) {
    abstain(engine, event->id);
    return;
  }
  const struct entry *found = hash_list_find(&engine->list, event->file->sha256.data);
  Redoubt__Engine__V1__EventVerdict verdict = REDOUBT__ENGINE__V1__EVENT_VERDICT__INIT;
  verdict.event_id = event->id;
  verdict.verdict = found ? REDOUBT__ENGINE__V1__VERDICT__VERDICT_DENY : REDOUBT__ENGINE__V1__VERDICT__VERDICT_ALLOW;
  verdict.scope = event->file->stable ? REDOUBT__ENGINE__V1__VERDICT_SCOPE__VERDICT_SCOPE_FILE
                                      : REDOUBT__ENGINE__V1__VERDICT_SCOPE__VERDICT_SCOPE_EVENT;
  verdict.lifetime_seconds = event->file->stable ? LIFETIME_SECONDS : 0;
  verdict.reason = found ? "on the list" : "";
  verdict.rule = found ? (char *)found->name : "";
  verdict.content_version = engine->content_version;
  Redoubt__Engine__V1__EventVerdict *all[] = {&verdict};
  Redoubt__Engine__V1__Verdicts verdicts = REDOUBT__ENGINE__V1__VERDICTS__INIT;
  verdicts.n_verdicts = 1;
  verdicts.verdicts = all;
  FromEngine message = REDOUBT__ENGINE__V1__FROM_ENGINE__INIT;
  message.body_case = BODY(VERDICTS);
  message.verdicts = &verdicts;
  say(engine, &message);
}

static int take(struct passed *passed) {
  if (passed->taken == passed->count) violation("a descriptor is missing");
  return passed->descriptors[passed->taken++];
}

// Reads the whole payload at its offsets; NULL with a problem if it cannot be had.
static char *read_payload(int descriptor, size_t size, struct problems *problems) {
  char *payload = size <= LONGEST_LIST ? malloc(size + 1) : NULL;
  if (!payload) {
    problems_add(problems, "payload", 0, "too large");
    return NULL;
  }
  for (size_t done = 0; done < size;) {
    ssize_t count = pread(descriptor, payload + done, size - done, (off_t)done);
    if (count <= 0 && errno != EINTR) {
      problems_add(problems, "payload", 0, "cannot be read, or shorter than the message says");
      free(payload);
      return NULL;
    }
    done += count > 0 ? (size_t)count : 0;
  }
  return payload;
}

static void load(struct engine *engine, const Redoubt__Engine__V1__LoadContent *content, struct passed *passed) {
  static struct problems problems;
  problems.count = 0;
  int descriptor = take(passed);
  errno = 0;
  char *payload = read_payload(descriptor, content->size_bytes, &problems);
  close(descriptor);
  struct hash_list list = {NULL, 0};
  if (payload) list = hash_list_parse(payload, content->size_bytes, &problems);
  free(payload);
  if (!list.count) {
    if (!problems.count) problems_add(&problems, "list", 0, "no entry");
    hash_list_free(&list);
    say_refused(engine, content->version, &problems);
    return;
  }
  hash_list_free(&engine->list);
  engine->list = list;
  snprintf(engine->content_version, sizeof engine->content_version, "%s", content->version);
  say_loaded(engine, &problems);
  say_ready(engine);
}

static void judge(struct engine *engine, const Redoubt__Engine__V1__Events *events, struct passed *passed) {
  if (!engine->ready || events->n_events > engine->credits) violation("events without credit");
  for (size_t i = 0; i < events->n_events; i++) {
    const Event *event = events->events[i];
    if (event->file && event->file->has_descriptor) close(take(passed));  // its digest is enough
    answer(engine, event);
  }
}

static void welcome(struct engine *engine, const Redoubt__Engine__V1__Welcome *welcome) {
  if (engine->welcomed) violation("welcomed twice");
  if (welcome->protocol_version != VERSION) violation("a version that this engine does not speak");
  engine->welcomed = true;
  engine->credits = welcome->max_credits < CREDITS ? welcome->max_credits : CREDITS;
}

// Acts on one message. Returns whether the connection goes on.
static bool handle(struct engine *engine, const FromAgent *message, struct passed *passed) {
  switch (message->body_case) {
    case FROM_AGENT(WELCOME): welcome(engine, message->welcome); break;
    case FROM_AGENT(REFUSED):
      fprintf(stderr, "hash engine: refused by the agent: %s: %s\n", message->refused->code, message->refused->message);
      exit(REFUSED);
    case FROM_AGENT(SHUTDOWN): return false;
    default:
      if (!engine->welcomed) violation("a message before the welcome");
      if (message->body_case == FROM_AGENT(LOAD_CONTENT)) load(engine, message->load_content, passed);
      if (message->body_case == FROM_AGENT(EVENTS)) judge(engine, message->events, passed);
      if (message->body_case == FROM_AGENT(PING)) say_pong(engine, message->ping->nonce);
      // A cancelled event has been answered already; both modes are judged alike.
  }
  if (passed->taken < passed->count) violation("descriptors that belong to nothing");
  return true;
}

// Receives one datagram and its descriptors. Returns its length, 0 at the end.
static size_t receive(struct engine *engine, uint8_t *bytes, struct passed *passed) {
  static union {
    struct cmsghdr align;
    char room[CMSG_SPACE(MOST_DESCRIPTORS * sizeof(int))];
  } control;
  struct iovec part = {bytes, MESSAGE_BYTES};
  struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t length;
  do {
    length = recvmsg(engine->agent, &header, MSG_CMSG_CLOEXEC);
  } while (length < 0 && errno == EINTR);
  if (length < 0) exit(errno == ECONNRESET ? ENDED : UNAVAILABLE);
  if (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) violation("more than a message may be");
  passed->count = passed->taken = 0;
  for (struct cmsghdr *each = CMSG_FIRSTHDR(&header); each; each = CMSG_NXTHDR(&header, each)) {
    if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_RIGHTS) continue;
    passed->count = (each->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    memcpy(passed->descriptors, CMSG_DATA(each), passed->count * sizeof(int));
  }
  return (size_t)length;
}

// Returns whether the connection goes on.
static bool serve_next(struct engine *engine) {
  static uint8_t bytes[MESSAGE_BYTES];
  struct passed passed;
  size_t length = receive(engine, bytes, &passed);
  if (length == 0) return false;
  require_strict(bytes, length, &redoubt__engine__v1__from_agent__descriptor);
  FromAgent *message = redoubt__engine__v1__from_agent__unpack(NULL, length, bytes);
  if (!message) violation("no message");
  require_limits(message);
  if (message->sequence != ++engine->received) violation("a message was lost");
  bool open = handle(engine, message, &passed);
  redoubt__engine__v1__from_agent__free_unpacked(message, NULL);
  return open;
}

static int connect_to_agent(void) {
  const char *path = getenv("REDOUBT_SOCKET");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int agent = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (!path || strlen(path) >= sizeof address.sun_path) return -1;
  strcpy(address.sun_path, path);
  return agent < 0 || connect(agent, (struct sockaddr *)&address, sizeof address) < 0 ? -1 : agent;
}

int main(void) {
  static struct engine engine;
  engine.agent = connect_to_agent();
  if (engine.agent < 0) {
    fprintf(stderr, "hash engine: no agent: %s\n", strerror(errno));
    return UNAVAILABLE;
  }
  say_hello(&engine);
  while (serve_next(&engine)) {
  }
  return ENDED;
}
