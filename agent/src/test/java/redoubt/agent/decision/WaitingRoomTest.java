package redoubt.agent.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WaitingRoomTest {
  @Test
  void oneUserNeverFillsIt() {
    WaitingRoom room = new WaitingRoom(5, 2);
    room.enter(1000);
    room.enter(1000);
    assertEquals(FairQueue.Offered.ACTOR_FULL, room.enter(1000));
    assertEquals(FairQueue.Offered.TAKEN, room.enter(1001));
    room.leave(1000);
    room.leave(1000);
    assertEquals(FairQueue.Offered.TAKEN, room.enter(1000));
  }

  @Test
  void rootMayFillItAndNoMore() {
    WaitingRoom room = new WaitingRoom(2, 1);
    assertEquals(FairQueue.Offered.TAKEN, room.enter(0));
    assertEquals(FairQueue.Offered.TAKEN, room.enter(0));
    assertEquals(FairQueue.Offered.FULL, room.enter(0));
    assertEquals(3, room.size());
  }
}
