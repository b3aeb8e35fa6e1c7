package dev.roost.channel;

import static dev.roost.sync.Blocked.untilAllBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskTree;
import dev.roost.World;
import dev.roost.lowlevel.Selectable;
import dev.roost.sync.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SelectTest {

  private final MemoryChannel.Ends<String> a = MemoryChannel.open(1);
  private final MemoryChannel.Ends<String> b = MemoryChannel.open(0);
  private final Event event = new Event();
  private final List<Object> log = new ArrayList<>();

  @Test
  void call_oneIsReady_takesIt() throws Exception {
    Roost.run(() -> {
      a.sender().send("x");
      String taken =
          Select.call(
              Select.receive(b.receiver()).call(item -> "b " + item),
              Select.receive(a.receiver()).call(item -> "a " + item),
              Select.on(event).call(() -> "event"));
      assertThat(taken).isEqualTo("a x");
      event.set();
      assertThat(
              Select.<Object, RuntimeException>call(
                  Select.receive(b.receiver()).call(item -> item),
                  Select.on(event).call(given -> given)))
          .isSameAs(event);
    });
  }

  @Test
  void run_waits_takesTheFirstAndLeavesTheRest() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(
              "chooser",
              () -> {
                for (int i = 0; i < 3; i++) {
                  Select.run(
                      Select.receive(a.receiver()).run(item -> log.add("a " + item)),
                      Select.receive(b.receiver()).run(item -> log.add("b " + item)),
                      Select.on(event).run(() -> log.add("event")));
                }
              });
          untilAllBlocked();
          assertThat(TaskTree.current().toString())
              .contains("chooser: waiting for one of ReceiveChannel[");
          assertThat(event.statistics().tasksWaiting()).isEqualTo(1);
          assertThat(a.sender().sendNow("1")).isTrue();
          assertThat(b.sender().sendNow("lost?")).isFalse(); // the chooser has something already
          assertThat(event.statistics().tasksWaiting()).isZero();
          untilAllBlocked();
          assertThat(b.sender().sendNow("2")).isTrue();
          assertThat(a.receiver().statistics().tasksWaitingToReceive()).isZero();
          untilAllBlocked();
          event.set();
        }));
    assertThat(log).containsExactly("a 1", "b 2", "event");
  }

  @Test
  void send_handsTheItemToOneReceiver() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            a.sender().send("full");
            Select.run(
                Select.send(a.sender(), "to a").run(() -> log.add("sent to a")),
                Select.send(b.sender(), "to b").run(item -> log.add("sent " + item)));
          });
          untilAllBlocked();
          assertThat(b.receiver().statistics().tasksWaitingToSend()).isEqualTo(1);
          assertThat(b.receiver().receive()).isEqualTo("to b");
          assertThat(a.receiver().receiveNow()).contains("full");
          assertThat(a.receiver().receiveNow()).isEmpty();
        }));
    assertThat(log).containsExactly("sent to b");
  }

  @Test
  void send_thereIsRoom_sendsAtOnce() throws Exception {
    Roost.run(() -> {
      assertThat(
              Select.<Boolean, RuntimeException>call(Select.send(a.sender(), "x").call(() -> true)))
          .isTrue();
      assertThat(a.receiver().receiveNow()).contains("x");
    });
  }

  @Test
  void bothSidesOfOneChannel_doNotMeetThemselves() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() ->
              Select.run(
                  Select.send(b.sender(), "out").run(() -> log.add("sent")),
                  Select.receive(b.receiver()).run(item -> log.add("got " + item))));
          untilAllBlocked();
          assertThat(log).isEmpty();
          b.sender().send("in");
          assertThat(b.receiver().receiveNow()).isEmpty();
        }));
    assertThat(log).containsExactly("got in");
  }

  @Test
  void twoSelects_meet() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() ->
              Select.run(
                  Select.send(b.sender(), "x").run(() -> log.add("sent")),
                  Select.on(event).run(() -> log.add("?"))));
          untilAllBlocked();
          nursery.start(() ->
              Select.run(
                  Select.on(event).run(() -> log.add("?")),
                  Select.receive(b.receiver()).run(item -> log.add(item))));
        }));
    assertThat(log).containsExactlyInAnyOrder("sent", "x");
  }

  @Test
  void deadline_nothingElse_takesIt() throws Exception {
    Roost.run(() -> {
      Instant start = Roost.now();
      Instant given =
          Select.<Instant, RuntimeException>call(
              Select.receive(a.receiver()).call(item -> Instant.MIN),
              Select.after(Duration.ofMillis(20)).call(when -> when),
              Select.after(Duration.ofDays(1_000_000_000_000L)).call(() -> Instant.MAX),
              Select.at(start.plusSeconds(60)).call(() -> Instant.MIN));
      assertThat(given).isAfterOrEqualTo(start.plusMillis(20));
      assertThat(Roost.now()).isAfterOrEqualTo(given);
      assertThat(a.receiver().statistics().tasksWaitingToReceive()).isZero();
    });
  }

  @Test
  void deadlinePassed_isTakenOnlyIfNothingElseCanBe() throws Exception {
    Roost.run(() -> {
      for (int i = 0; i < 20; i++) {
        String taken =
            Select.call(
                Select.after(Duration.ZERO).call(() -> "late"),
                Select.receive(a.receiver()).call(item -> item));
        assertThat(taken).isEqualTo("late");
        a.sender().send("x");
        taken =
            Select.call(
                Select.at(Instant.MIN).call(() -> "late"),
                Select.receive(a.receiver()).call(item -> item));
        assertThat(taken).isEqualTo("x");
      }
    });
  }

  @Test
  void severalReady_noneIsPreferred() throws Exception {
    MemoryChannel.Ends<String> c = MemoryChannel.open(1);
    int[] taken = new int[2];
    Roost.run(() -> {
      for (int i = 0; i < 1_000; i++) {
        var unused = a.sender().sendNow("a");
        unused = c.sender().sendNow("c");
        Select.run(
            Select.receive(a.receiver()).run(() -> taken[0]++),
            Select.receive(c.receiver()).run(() -> taken[1]++));
      }
    });
    assertThat(taken[0]).isBetween(400, 600);
    assertThat(taken[0] + taken[1]).isEqualTo(1_000);
  }

  @Test
  void cancelled_takesNothing() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          nursery.start(() ->
              assertThat(
                      scope.run(() ->
                          Select.run(
                              Select.receive(a.receiver()).run(log::add),
                              Select.receive(b.receiver()).run(log::add),
                              Select.on(event).run(() -> log.add("event")),
                              Select.after(Duration.ofDays(1)).run(() -> log.add("late")))))
                  .isFalse());
          untilAllBlocked();
          scope.cancel();
          assertThat(b.sender().sendNow("x")).isFalse();
          assertThat(event.statistics().tasksWaiting()).isZero();
          event.set();
        }));
    assertThat(log).isEmpty();
  }

  @Test
  void servedAndThenOverdue_keepsWhatItWasGiven() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          nursery.start(() ->
              scope.run(() ->
                  Select.run(
                      Select.receive(b.receiver()).run(log::add),
                      Select.after(Duration.ofDays(1)).run(() -> log.add("late")))));
          untilAllBlocked();
          assertThat(b.sender().sendNow("x")).isTrue();
          scope.cancel();
        }));
    assertThat(log).containsExactly("x");
  }

  @Test
  void channelEnds_isAnErrorOrAValue() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          for (int i = 0;
              i < 2;
              i++) { // the first time it waits, the second time it comes after the end
            nursery.start(() -> {
              assertThatThrownBy(() ->
                      Select.run(
                          Select.receive(b.receiver()).run(log::add),
                          Select.on(event).run(() -> log.add("?"))))
                  .isInstanceOf(EndOfChannelException.class)
                  .hasMessageStartingWith("Select.receive: all send ends");
              log.add("told");
            });
            nursery.start(() ->
                Select.run(
                    Select.receiveOrEnd(b.receiver()).run(log::add),
                    Select.on(event).run(() -> log.add("?"))));
            untilAllBlocked();
            b.sender().close();
            untilAllBlocked();
            assertThat(log).containsExactlyInAnyOrder("told", Optional.empty());
            log.clear();
          }
          a.sender().send("x");
          assertThat(
                  Select.<Optional<String>, RuntimeException>call(
                      Select.receiveOrEnd(a.receiver()).call(item -> item)))
              .contains("x");
        }));
  }

  @Test
  void endsClosed_areErrors() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            assertThatThrownBy(() ->
                    Select.run(
                        Select.receive(b.receiver()).run(log::add), Select.on(event).run(() -> {})))
                .isInstanceOf(ChannelClosedException.class);
            log.add("receiver told");
          });
          a.sender().send("full");
          nursery.start(() -> {
            assertThatThrownBy(() ->
                    Select.run(
                        Select.send(a.sender(), "x").run(log::add), Select.on(event).run(() -> {})))
                .isInstanceOf(BrokenChannelException.class);
            log.add("sender told");
          });
          untilAllBlocked();
          b.receiver().close();
          a.receiver().close();
          untilAllBlocked();
          assertThat(log).containsExactly("receiver told", "sender told");
          assertThat(event.statistics().tasksWaiting()).isZero();
          assertThatThrownBy(() -> Select.run(Select.receive(b.receiver()).run(log::add)))
              .isInstanceOf(ChannelClosedException.class)
              .hasMessageStartingWith("Select.receive: this end of the channel was closed.");
          assertThatThrownBy(() -> Select.run(Select.send(b.sender(), "x").run(log::add)))
              .isInstanceOf(BrokenChannelException.class)
              .hasMessageStartingWith("Select.send: all receive ends");
        }));
  }

  @Test
  void action_mayWaitAndThrowItsOwnException() throws Exception {
    Roost.run(() -> {
      a.sender().send("x");
      assertThatThrownBy(() -> failing()).isInstanceOf(IOException.class).hasMessage("x");
    });
  }

  /** Compiles, that is the test: the exception keeps its type. */
  private void failing() throws IOException, InterruptedException {
    Select.run(
        Select.receive(a.receiver())
            .run(item -> {
              Roost.checkpoint();
              throw new IOException(item);
            }),
        Select.on(event).run(() -> log.add("event")));
  }

  @Test
  void nonsense_isRefused() throws Exception {
    assertThatThrownBy(() -> Select.run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Select.run: there is nothing to wait for. To wait for ever, call Roost.sleepForever().");
    assertThatThrownBy(() -> Select.send(a.sender(), null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("Select.send: the item is null; a channel carries no nulls");
    assertThatThrownBy(() -> Select.receive(new OtherChannel<String>()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Select.receive: dev.roost.channel.OtherChannel is not a channel made by MemoryChannel or"
                + " CrossRunChannel. Forward its items to one, or let it implement Selectable and use Select.on.");
    assertThatThrownBy(() -> Select.send(new OtherChannel<String>(), "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Select.send: dev.roost.channel.OtherChannel is not");
    assertThatThrownBy(() -> Select.run(Select.receive(a.receiver()).run(log::add)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void sourceThatCannotBeWaitedFor_leavesNothingWithTheOthers() throws Exception {
    World.run(() -> {
      var ends = MemoryChannel.<String>open(1);
      Selectable<String> refusing =
          new Selectable<>() {
            @Override
            public @Nullable String poll() {
              return null;
            }

            @Override
            public Runnable enlist(Slot<? super String> slot) {
              throw new IllegalStateException("not now");
            }
          };
      assertThatThrownBy(() ->
              Select.run(
                  Select.receive(ends.receiver()).run(() -> {}), Select.on(refusing).run(() -> {})))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("not now");

      ends.sender().send("kept");
      assertThat(ends.receiver().receiveNow()).contains("kept");
    });
  }
}
