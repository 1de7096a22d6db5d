"""The example engine as others may be, without a fault: with another schema, fewer events, or more."""

from hash_engine import Engine, catalogue, require


class Contentless(Engine):
    """No fault: an engine that takes no content."""

    def send(self, body, **fields):
        if body == "hello":
            fields.update(schema_hash="")
        super().send(body, **fields)

    def welcome(self, message, rest):
        super().welcome(message, rest)
        self.say_ready()

    def load_content(self, message, descriptors):
        require(False, "content for an engine that takes none")


class Listener(Contentless):
    """No fault: an engine that judges nothing and only hears."""

    def send(self, body, **fields):
        if body == "hello":
            fields.update(notify_classes=fields.pop("auth_classes"))
        super().send(body, **fields)


class Observer(Contentless):
    """No fault: an engine that also hears of what has happened on the host."""

    def send(self, body, **fields):
        if body == "hello":
            first, last = catalogue.EVENT_CLASS_PROCESS_START, catalogue.EVENT_CLASS_ACCOUNT_DELETE
            fields.update(notify_classes=range(first, last + 1))
        super().send(body, **fields)

    def activity(self, message, _):
        require(self.ready, "activity before ready")
        require(message.events, "activity without events")
        self.handle(message.first_id + len(message.events) - 1)

    def handle(self, through):
        self.send("handled", through_id=through)


class Deaf(Contentless):
    """No fault: an engine that asks for no events."""

    def send(self, body, **fields):
        fields.pop("auth_classes", None)
        super().send(body, **fields)


class OwnSchema(Engine):
    """No fault: an engine whose content the kit does not know."""

    def send(self, body, **fields):
        if body == "hello":
            fields.update(schema_hash="0" * 64)
        super().send(body, **fields)
