package dev.roost.channel;

import static dev.roost.sync.Blocked.untilAllBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which end says what when which end is closed. */
class ChannelCloseTest {

  private static final String COPY_TO_SEND =
      ". A task that goes on sending needs an end of its own: give it a copy().";
  private static final String COPY_TO_RECEIVE =
      ". A task that goes on receiving needs an end of its own: give it a copy().";

  private final List<Object> log = new ArrayList<>();

  /** Trio's test_close_basics. */
  @Test
  void sendEndCloses_thoseWhoSendAtItAreTold() throws Exception {
    var ends = MemoryChannel.<Integer>open(0);
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            assertThatThrownBy(() -> ends.sender().send(1))
                .isInstanceOf(ChannelClosedException.class)
                .hasMessage(
                    "SendChannel.send: this end of the channel was closed while this task was waiting"
                        + COPY_TO_SEND);
            log.add("told");
          });
          untilAllBlocked();
          ends.sender().close();
          ends.sender().close();
          untilAllBlocked();
          assertThat(log).containsExactly("told");
          assertThatThrownBy(() -> ends.sender().send(1))
              .isInstanceOf(ChannelClosedException.class)
              .hasMessage("SendChannel.send: this end of the channel was closed" + COPY_TO_SEND);
          assertThatThrownBy(() -> ends.sender().sendNow(1))
              .isInstanceOf(ChannelClosedException.class)
              .hasMessage("SendChannel.sendNow: this end of the channel was closed" + COPY_TO_SEND);
          assertThatThrownBy(() -> ends.sender().copy())
              .isInstanceOf(ChannelClosedException.class)
              .hasMessage("SendChannel.copy: this end of the channel was closed" + COPY_TO_SEND);
          assertThatThrownBy(() -> ends.receiver().receive())
              .isInstanceOf(EndOfChannelException.class)
              .hasMessage(
                  "ReceiveChannel.receive: all send ends of this channel are closed and nothing is left to receive."
                      + " If the end is expected, use receiveOrEnd or forEach.");
          assertThatThrownBy(() -> ends.receiver().receiveNow())
              .isInstanceOf(EndOfChannelException.class)
              .hasMessageStartingWith("ReceiveChannel.receiveNow: ");
          assertThat(ends.receiver().receiveOrEnd()).isEmpty();
          ends.receiver().forEach(item -> log.add(item));
          assertThat(log).containsExactly("told");
        }));
  }

  @Test
  void lastSendEndCloses_bufferDrainsFirst() throws Exception {
    var ends = MemoryChannel.<Integer>open(2);
    Roost.run(() -> {
      ends.sender().send(1);
      ends.sender().send(2);
      ends.sender().close();
      assertThat(ends.receiver().receiveNow()).contains(1);
      assertThat(ends.receiver().receiveOrEnd()).contains(2);
      assertThat(ends.receiver().receiveOrEnd()).isEmpty();
    });
  }

  @Test
  void lastSendEndCloses_receiversThatWaitSeeTheEnd() throws Exception {
    var ends = MemoryChannel.<Integer>open(0);
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            assertThatThrownBy(() -> ends.receiver().receive())
                .isInstanceOf(EndOfChannelException.class);
            log.add("end");
          });
          nursery.start(() -> log.add(ends.receiver().receiveOrEnd()));
          untilAllBlocked();
          ends.sender().close();
        }));
    assertThat(log).containsExactly("end", java.util.Optional.empty());
  }

  @Test
  void receiveEndCloses_thoseWhoReceiveAtItAreTold() throws Exception {
    var ends = MemoryChannel.<Integer>open(0);
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            assertThatThrownBy(() -> ends.receiver().receive())
                .isInstanceOf(ChannelClosedException.class)
                .hasMessage(
                    "ReceiveChannel.receive: this end of the channel was closed while this task was waiting"
                        + COPY_TO_RECEIVE);
            log.add("told");
          });
          untilAllBlocked();
          ends.receiver().close();
          ends.receiver().close();
          untilAllBlocked();
          assertThat(log).containsExactly("told");
          assertThatThrownBy(() -> ends.receiver().receive())
              .isInstanceOf(ChannelClosedException.class)
              .hasMessage(
                  "ReceiveChannel.receive: this end of the channel was closed" + COPY_TO_RECEIVE);
          assertThatThrownBy(() -> ends.receiver().receiveOrEnd())
              .isInstanceOf(ChannelClosedException.class)
              .hasMessageStartingWith("ReceiveChannel.receiveOrEnd: ");
          assertThatThrownBy(() -> ends.receiver().receiveNow())
              .isInstanceOf(ChannelClosedException.class)
              .hasMessageStartingWith("ReceiveChannel.receiveNow: ");
          assertThatThrownBy(() -> ends.receiver().forEach(log::add))
              .isInstanceOf(ChannelClosedException.class)
              .hasMessageStartingWith("ReceiveChannel.forEach: ");
          assertThatThrownBy(() -> ends.receiver().copy())
              .isInstanceOf(ChannelClosedException.class)
              .hasMessageStartingWith("ReceiveChannel.copy: ");
        }));
  }

  @Test
  void lastReceiveEndCloses_sendersAreTurnedAway() throws Exception {
    var ends = MemoryChannel.<Integer>open(0);
    String message =
        ": all receive ends of this channel are closed, so nobody would ever receive the item. If the consumer may leave"
            + " first, catch this and stop producing.";
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            assertThatThrownBy(() -> ends.sender().send(1))
                .isInstanceOf(BrokenChannelException.class)
                .hasMessage("SendChannel.send" + message);
            log.add("told");
          });
          untilAllBlocked();
          ends.receiver().close();
          untilAllBlocked();
          assertThat(log).containsExactly("told");
          assertThatThrownBy(() -> ends.sender().send(1))
              .isInstanceOf(BrokenChannelException.class)
              .hasMessage("SendChannel.send" + message);
          assertThatThrownBy(() -> ends.sender().sendNow(1))
              .isInstanceOf(BrokenChannelException.class)
              .hasMessage("SendChannel.sendNow" + message);
          ends.sender().close();
          assertThatThrownBy(() -> ends.sender().send(1))
              .isInstanceOf(ChannelClosedException.class);
        }));
  }

  @Test
  void lastReceiveEndCloses_whatIsBufferedIsGoneAndCounted() throws Exception {
    var ends = MemoryChannel.<Integer>open(3);
    Roost.run(() -> {
      ends.sender().send(1);
      ends.sender().send(2);
      var other = ends.receiver().copy();
      ends.receiver().close();
      assertThat(ends.sender().statistics().itemsDropped()).isZero();
      other.close();
      assertThat(ends.sender().statistics())
          .isEqualTo(new ChannelStatistics(0, 2, 3, 1, 0, 0, 0, 2));
    });
  }

  /** Trio's test_close_multiple_send_handles. */
  @Test
  void oneOfTwoSendEndsCloses_onlyItsTasksAreTold() throws Exception {
    var ends = MemoryChannel.<String>open(0);
    Roost.run(() ->
        Nursery.run(nursery -> {
          SendChannel<String> other = ends.sender().copy();
          nursery.start(() -> {
            assertThatThrownBy(() -> ends.sender().send("never"))
                .isInstanceOf(ChannelClosedException.class);
            log.add("told");
          });
          nursery.start(() -> other.send("comes"));
          untilAllBlocked();
          assertThat(other.statistics().openSendEnds()).isEqualTo(2);
          ends.sender().close();
          untilAllBlocked();
          assertThat(log).containsExactly("told");
          assertThat(ends.receiver().receive()).isEqualTo("comes");
          other.close();
          assertThat(ends.receiver().receiveOrEnd()).isEmpty();
        }));
  }

  @Test
  void oneOfTwoReceiveEndsCloses_onlyItsTasksAreTold() throws Exception {
    var ends = MemoryChannel.<String>open(0);
    Roost.run(() ->
        Nursery.run(nursery -> {
          ReceiveChannel<String> other = ends.receiver().copy();
          nursery.start(() -> {
            assertThatThrownBy(() -> ends.receiver().receive())
                .isInstanceOf(ChannelClosedException.class);
            log.add("told");
          });
          nursery.start(() -> log.add(other.receive()));
          untilAllBlocked();
          assertThat(other.statistics().openReceiveEnds()).isEqualTo(2);
          ends.receiver().close();
          untilAllBlocked();
          ends.sender().send("x");
          untilAllBlocked();
          assertThat(log).containsExactly("told", "x");
        }));
  }

  @Test
  void close_inACancelledScope_works() throws Exception {
    var ends = MemoryChannel.<String>open(0);
    Roost.run(() -> {
      CancelScope scope = CancelScope.create();
      scope.cancel();
      assertThat(
              scope.run(() -> {
                ends.sender().close();
                ends.receiver().close();
              }))
          .isTrue();
      assertThat(ends.sender().statistics().openSendEnds()).isZero();
      assertThat(ends.sender().statistics().openReceiveEnds()).isZero();
    });
  }
}
