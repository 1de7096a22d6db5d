package redoubt.agent;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import redoubt.agent.activation.Offer;
import redoubt.agent.activation.RefusedException;
import redoubt.agent.supply.Supply;
import redoubt.agent.supply.SupplyException;
import redoubt.agent.supply.UpdateDesk;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

/// Carries out what the owner asks about content.
///
/// @param content what does it
record ContentRequests(ContentHost content) {
  private static final String FAILED = "content";

  private interface Request {
    ControlReply carryOut() throws IOException, RefusedException, SupplyException;
  }

  ControlReply activate(ControlRequest.ActivateContent request, int uid) {
    return reply(() -> taken(Offer.unsigned(Path.of(request.path()), uid)));
  }

  ControlReply fetch(ControlRequest.FetchContent request) {
    return reply(() -> {
      try (Supply.Supplied supplied = content.supply().fetch(request.target())) {
        return taken(Offer.signed(supplied.file(), supplied.target(), supplied.repository()));
      }
    });
  }

  ControlReply update(ControlRequest.UpdateContent request) {
    return reply(() -> {
      List<UpdateDesk.Look> looks =
          content
              .updates()
              .look(Optional.of(request.engine()).filter(id -> !id.isEmpty()).map(EngineId::new));
      return new ControlReply.Done(
          looks.stream()
              .map(look -> look.engine() + ": " + look.text())
              .collect(Collectors.joining("; ")));
    });
  }

  private ControlReply taken(Offer offer) throws IOException, RefusedException {
    Offer.Taken taken = content.intake().activate(offer);
    Release release = taken.release();
    return new ControlReply.Taken(
        taken.engine().value(),
        release.vendor(),
        release.name(),
        release.version(),
        release.digest());
  }

  ControlReply rollBack(ControlRequest.RollBackContent request, int uid) {
    String reason = request.reason().isEmpty() ? "the owner's word" : request.reason();
    return reply(() -> {
      Release release =
          content.intake().rollBack(new EngineId(request.engine()), reason + ": uid=" + uid);
      return new ControlReply.Done(
          "rolled back " + release.vendor() + "/" + release.name() + " " + release.version());
    });
  }

  private static ControlReply reply(Request request) {
    try {
      return request.carryOut();
    } catch (RefusedException e) {
      return new ControlReply.Failed(
          FAILED, String.valueOf(e.getMessage()), "redoubt content list shows what there is");
    } catch (SupplyException e) {
      return new ControlReply.Failed(FAILED, e.getMessage(), e.fix());
    } catch (IOException | InvalidPathException e) {
      return new ControlReply.Failed(
          "internal", String.valueOf(e.getMessage()), "check the file and the state directory");
    }
  }
}
