package redoubt.agent;

import java.io.IOException;
import redoubt.agent.fleet.FleetDesk;
import redoubt.agent.fleet.FleetPlace;
import redoubt.core.model.HostId;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;
import redoubt.core.wire.EnrolmentToken;

/// Carries out what the owner asks about this host's fleet.
record FleetRequests(FleetDesk desk) {
  ControlReply join(ControlRequest.JoinFleet request, int uid) {
    FleetPlace place;
    EnrolmentToken token;
    try {
      token = EnrolmentToken.parse(request.token());
      place = new FleetPlace(request.server(), request.port(), token.authority());
    } catch (IllegalArgumentException e) {
      return new ControlReply.Failed(
          "invalid", String.valueOf(e.getMessage()), "redoubt fleet join --help");
    }
    try {
      HostId host = desk.join(place, token, request.ownUpdates(), uid);
      return new ControlReply.Done(
          "this host is one of the fleet of " + place.address() + " now: host=" + host);
    } catch (IOException e) {
      return new ControlReply.Failed(
          "fleet",
          "this host could not join: server=" + place.address() + " error=" + e.getMessage(),
          "see whether the server can be reached from here, and whether the token is still good");
    }
  }

  ControlReply leave(int uid) {
    try {
      return new ControlReply.Done(
          desk.leave(uid) ? "this host is of no fleet now" : "this host was of no fleet");
    } catch (IOException e) {
      return new ControlReply.Failed(
          "fleet", "this host could not leave: error=" + e.getMessage(), "free the disk");
    }
  }

  ControlReply.Fleet status() {
    return desk.status()
        .map(fleet ->
            new ControlReply.Fleet(
                fleet.server(),
                fleet.host().toString(),
                fleet.isConnected(),
                fleet.problem(),
                fleet.waiting(),
                fleet.lost(),
                fleet.ownUpdates()))
        .orElseGet(ControlReply.Fleet::none);
  }
}
