package redoubt.agent;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import redoubt.agent.activation.ContentDesk;
import redoubt.agent.activation.RefusedException;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

/// Carries out what the owner asks about content.
///
/// @param desk what does it
record ContentRequests(ContentDesk desk) {
  private interface Request {
    Release carryOut() throws IOException, RefusedException;
  }

  ControlReply activate(ControlRequest.ActivateContent request) {
    return reply("taken ", () -> desk.activate(Path.of(request.path())));
  }

  ControlReply rollBack(ControlRequest.RollBackContent request, int uid) {
    String reason = request.reason().isEmpty() ? "the owner's word" : request.reason();
    return reply(
        "rolled back ",
        () -> desk.rollBack(new EngineId(request.engine()), reason + ": uid=" + uid));
  }

  private static ControlReply reply(String done, Request request) {
    try {
      Release release = request.carryOut();
      return new ControlReply.Done(
          done + release.vendor() + "/" + release.name() + " " + release.version());
    } catch (RefusedException e) {
      return new ControlReply.Failed(
          "content", String.valueOf(e.getMessage()), "redoubt content list shows what there is");
    } catch (IOException | InvalidPathException e) {
      return new ControlReply.Failed(
          "internal", String.valueOf(e.getMessage()), "check the file and the state directory");
    }
  }
}
