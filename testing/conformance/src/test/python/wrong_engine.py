#!/usr/bin/python3
"""The example engine with one fault each: wrong_engine.py FAULT. The kit has to notice every one."""

import os
import socket
import sys
import time

sys.path.insert(0, os.environ["HASH_ENGINE_HOME"])
import hash_engine
from hash_engine import Engine, Violation, pb, require
from right_engines import Contentless, Deaf, Listener, Observer, OwnSchema  # noqa: F401  found by their names

HELD = []


class Chatty(Engine):
    def say_hello(self):
        super().say_hello()
        self.send("report", title="nobody asked")


class WrongNumber(Engine):
    def ping(self, message, rest):
        self.sent += 1
        super().ping(message, rest)


class AnyVersion(Engine):
    def welcome(self, message, rest):
        message.protocol_version = hash_engine.VERSION
        super().welcome(message, rest)


class IgnoresRefusal(Engine):
    def refused(self, *_):
        pass


class Greedy(Engine):
    def welcome(self, message, rest):
        super().welcome(message, rest)
        self.credits = hash_engine.CREDITS


class EarlyReady(Engine):
    def welcome(self, message, rest):
        super().welcome(message, rest)
        self.say_ready()


class WelcomesAgain(Engine):
    def welcome(self, message, rest):
        self.welcomed = False
        super().welcome(message, rest)


class PingsEarly(Engine):
    def ping(self, message, _):
        self.send("pong", nonce=message.nonce)


class TakesAnything(Engine):
    def read_list(self, *arguments):
        names, problems = super().read_list(*arguments)
        return names or {bytes(32): "anything"}, []


class ForgetsContent(Engine):
    def read_list(self, *arguments):
        names, problems = super().read_list(*arguments)
        if not names:
            self.names, self.content_version = {}, "none"
        return names, problems


class LoadsShort(Engine):
    def read_list(self, descriptor, size_bytes):
        return super().read_list(descriptor, os.fstat(descriptor).st_size)


class KeepsContentOpen(Engine):
    def read_list(self, descriptor, size_bytes):
        HELD.append(os.dup(descriptor))
        return super().read_list(descriptor, size_bytes)


class OtherVersion(Engine):
    def answer(self, event):
        self.content_version = "another"
        super().answer(event)


class NamesOldContent(Engine):
    def load_content(self, message, descriptors):
        before = self.content_version
        super().load_content(message, descriptors)
        self.content_version = before or self.content_version


class AllowsAll(Engine):
    def answer(self, event):
        self.names = {}
        super().answer(event)


class AnswersTwice(Engine):
    def answer(self, event):
        super().answer(event)
        if event.id == 100:
            super().answer(event)


class ForgetsOne(Engine):
    def answer(self, event):
        if event.id != 100:
            super().answer(event)


class AnswersOthers(Engine):
    def answer(self, event):
        event.id += event.id == 1
        super().answer(event)


class Slow(Engine):
    def answer(self, event):
        time.sleep(0.3)
        super().answer(event)


class SlowTogether(Engine):
    def answer(self, event):
        time.sleep(0.02)
        super().answer(event)


class DeniesTheUnknown(Engine):
    def answer(self, event):
        if not event.file.sha256:
            event.file.sha256 = next(iter(self.names))
        super().answer(event)


class WideScope(Engine):
    def answer(self, event):
        event.file.stable = True
        super().answer(event)


class LeaksDescriptors(Engine):
    def let_go(self, descriptor):
        HELD.append(descriptor)
        if len(HELD) > 500:
            super().let_go(HELD.pop())


class MovesOffset(Engine):
    def let_go(self, descriptor):
        os.read(descriptor, 10)
        super().let_go(descriptor)


class IgnoresCredit(Engine):
    def events(self, message, descriptors):
        self.credits = 64
        super().events(message, descriptors)


class DropsCancelled(Engine):
    """Answers only once the next message has come, and cancelled events never."""

    def answer(self, event):
        HELD.append(pb.Event.FromString(event.SerializeToString()))

    def receive(self):
        data, descriptors = super().receive()
        message = pb.FromAgent.FromString(data)
        for event in HELD:
            if event.id not in message.cancel.event_ids:
                super().answer(event)
        HELD.clear()
        return data, descriptors


class AllowsInMonitor(Engine):
    def mode_changed(self, message, _):
        self.names = {}
        self.monitored = message.mode == 1

    def answer(self, event):
        if getattr(self, "monitored", False):
            self.send("abstained", event_ids=[event.id])
        else:
            super().answer(event)


class WrongNonce(Engine):
    def ping(self, message, rest):
        message.nonce |= 1
        super().ping(message, rest)


class RefusesUnknownFields(Engine):
    def decode(self, data):
        message = super().decode(data)
        size = message.ByteSize()
        message.DiscardUnknownFields()
        require(message.ByteSize() == size, "an unknown field")
        return message


class IgnoresShutdown(Engine):
    def decode(self, data):
        message = super().decode(data)
        if message.WhichOneof("body") == "shutdown":
            message.cancel.event_ids.append(1)
            self.welcomed = True
        return message


class FailsAtShutdown(Engine):
    def run(self):
        super().run()
        sys.exit(1)


class Stays(Engine):
    def run(self):
        try:
            super().run()
        finally:
            time.sleep(600)


class IgnoresGaps(Engine):
    def decode(self, data):
        self.received = pb.FromAgent.FromString(data).sequence - 1
        return super().decode(data)


class Lenient(Engine):
    def decode(self, data):
        hash_engine.check_fields = lambda *_: None
        return super().decode(data)


class Limitless(Engine):
    def decode(self, data):
        hash_engine.check_limits = lambda *_: None
        return super().decode(data)


class TakesStrayDescriptors(Engine):
    def ping(self, message, descriptors):
        super().ping(message, descriptors)
        hash_engine.close_all(descriptors)


class DoesWithoutDescriptors(Engine):
    def load_content(self, message, descriptors):
        if descriptors:
            super().load_content(message, descriptors)

    def events(self, message, descriptors):
        for event in message.events[len(descriptors) :]:
            event.file.has_descriptor = False
        super().events(message, descriptors)


class SendsDescriptor(Engine):
    def ping(self, message, rest):
        self.agent = Sending(self.agent)
        super().ping(message, rest)


class Sending:
    def __init__(self, agent):
        self.agent = agent

    def send(self, data):
        socket.send_fds(self.agent, [data], [1])

    def __getattr__(self, name):
        return getattr(self.agent, name)


class Grows(Engine):
    def answer(self, event):
        HELD.append(b"x" * 1_000_000)
        super().answer(event)


class OnViolation(Engine):
    """Does something else than ending with an error when the agent breaks the protocol."""

    def run(self):
        try:
            super().run()
        except Violation:
            self.violated()


class QuietlyEnds(OnViolation):
    def violated(self):
        pass


class Crashes(OnViolation):
    def violated(self):
        os.abort()


class Hangs(OnViolation):
    def violated(self):
        time.sleep(600)


class Orphan(Engine):
    """Connects from a process that nobody knows to be its child."""

    @staticmethod
    def prepare():
        if os.fork() == 0:
            parent = os.getpid()
            if os.fork() > 0:
                os._exit(0)
            while os.getppid() == parent:
                time.sleep(0.001)
            return
        time.sleep(30)


class SpeaksLater(Engine):
    def send(self, body, **fields):
        if body == "hello":
            fields.update(oldest_version=2, newest_version=2)
        super().send(body, **fields)


class ForgetsOlder(Engine):
    def send(self, body, **fields):
        if body == "hello":
            fields.update(newest_version=2)
        super().send(body, **fields)

    def welcome(self, message, rest):
        require(message.protocol_version == 2, "too old")


class WantsClasses(Engine):
    def welcome(self, message, rest):
        require(message.auth_classes, "nothing is granted")
        super().welcome(message, rest)


class JudgesEarly(Engine):
    def events(self, message, descriptors):
        self.ready, self.credits = True, 64
        super().events(message, descriptors)


class NamesOtherContent(Engine):
    def load_content(self, message, descriptors):
        message.version += "-other"
        super().load_content(message, descriptors)


class RefusesTwice(Engine):
    def load_content(self, message, descriptors):
        super().load_content(message, descriptors)
        if not self.names:
            self.send("content_refused", version=message.version)


class AbortsOnDigest(Engine):
    def load_content(self, message, descriptors):
        if message.sha256.startswith(bytes(7)):
            os.abort()
        super().load_content(message, descriptors)


class GivesUp(Engine):
    def answer(self, event):
        if not event.answerable or event.budget_micros > 1_000:
            super().answer(event)


class AnswersWaitingOnly(Engine):
    def answer(self, event):
        if event.answerable:
            super().answer(event)


class NeedsDigest(Engine):
    def answer(self, event):
        if event.file.sha256:
            super().answer(event)


class NeedsDescriptor(Engine):
    def answer(self, event):
        if event.file.has_descriptor:
            super().answer(event)


class LittleRoom(Engine):
    def events(self, message, descriptors):
        hash_engine.close_all(descriptors)
        for event in message.events[:32]:
            self.answer(event)


class LatePong(Engine):
    def ping(self, message, rest):
        time.sleep(1.2)
        super().ping(message, rest)


class DropsWhatIsNotRead(Engine):
    def __init__(self, agent):
        super().__init__(agent)
        self.agent = Dropping(agent)


class Dropping(Sending):
    def send(self, data):
        try:
            self.agent.send(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            pass


class Swallows(Engine):
    """Skips what is no message and goes on."""

    def receive(self):
        while True:
            try:
                data, descriptors = super().receive()
                if not data:
                    return data, descriptors
                before = self.received
                self.decode(data)
                self.received = before
                return data, descriptors
            except Exception:
                self.received += 1


class TakesUnwantedContent(Contentless):
    def load_content(self, message, descriptors):
        Engine.load_content(self, message, descriptors)


class HandlesNothing(Observer):
    def handle(self, through):
        pass


class HandlesAhead(Observer):
    def handle(self, through):
        super().handle(through + 1)


if __name__ == "__main__":
    fault = {each.lower(): value for each, value in globals().items()}[sys.argv[1].replace("-", "")]
    getattr(fault, "prepare", lambda: None)()
    sys.exit(hash_engine.serve(fault))
