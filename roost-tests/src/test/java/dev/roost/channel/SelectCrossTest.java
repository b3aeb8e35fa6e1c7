package dev.roost.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.Runs;
import dev.roost.World;
import dev.roost.lowlevel.Selectable;
import dev.roost.sync.Event;
import dev.roost.testing.Testing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Selects that wait for channels between runs, which other threads serve. */
@Timeout(30)
class SelectCrossTest {

  private final MemoryChannel.Ends<String> cross = CrossRunChannel.open(0);
  private final MemoryChannel.Ends<String> memory = MemoryChannel.open(0);
  private final Event event = new Event();
  private final List<Object> log = new ArrayList<>();

  private void receiveOneOfAll() throws InterruptedException {
    Select.run(
        Select.receive(memory.receiver()).run(log::add),
        Select.receive(cross.receiver()).run(log::add),
        Select.on(event).run(() -> log.add("event")));
  }

  @Test
  void itemOfAnotherThread_endsTheWait() throws Exception {
    Thread[] sender = new Thread[1];
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(this::receiveOneOfAll);
          Testing.waitAllTasksBlocked();
          sender[0] =
              Thread.ofPlatform().start(() -> assertThat(cross.sender().sendNow("x")).isTrue());
        }));
    sender[0].join();

    assertThat(log).containsExactly("x");
    assertThat(memory.sender().statistics().tasksWaitingToReceive()).isZero();
    assertThat(cross.sender().statistics().tasksWaitingToReceive()).isZero();
  }

  /**
   * Between the moment at which another thread has served it and the one at which the task hears of
   * it, it stands in the other lines still.
   */
  @Test
  void whoComesInBetween_isRefused_andKeepsWhatIsHis() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          var buffered = MemoryChannel.<String>open(1);
          var full = MemoryChannel.<String>open(0);
          nursery.start(() ->
              Select.run(
                  Select.receive(memory.receiver()).run(log::add),
                  Select.receive(buffered.receiver()).run(log::add),
                  Select.send(full.sender(), "mine").run(log::add),
                  Select.receive(cross.receiver()).run(log::add),
                  Select.on(event).run(() -> log.add("event"))));
          Testing.waitAllTasksBlocked();
          assertThat(cross.sender().sendNow("first")).isTrue();

          assertThat(cross.sender().sendNow("second")).isFalse();
          assertThat(memory.sender().sendNow("refused")).isFalse();
          assertThat(buffered.sender().sendNow("kept")).isTrue();
          assertThat(full.receiver().receiveNow()).isEmpty();
          event.set();
          memory.sender().close();
          Testing.waitAllTasksBlocked();
          assertThat(buffered.receiver().receiveNow()).contains("kept");
        }));

    assertThat(log).containsExactly("first");
  }

  @Test
  void cancellationInBetween_comesTooLate() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          nursery.start(() -> {
            boolean whole = scope.run(this::receiveOneOfAll);
            log.add(whole);
          });
          Testing.waitAllTasksBlocked();
          assertThat(cross.sender().sendNow("in time")).isTrue();
          scope.cancel();
        }));

    assertThat(log).containsExactly("in time", true);
  }

  @Test
  void whoIsServedElsewhere_isPassedOver() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          nursery.start(this::receiveOneOfAll);
          Testing.waitAllTasksBlocked();
          nursery.start(() -> log.add("plain " + cross.receiver().receive()));
          Testing.waitAllTasksBlocked();
          var other = CrossRunChannel.<String>open(0);
          nursery.start(() ->
              Select.run(
                  Select.receive(cross.receiver()).run(log::add),
                  Select.receive(other.receiver()).run(log::add)));
          Testing.waitAllTasksBlocked();
          assertThat(other.sender().sendNow("from the other")).isTrue();
          event.set();
          assertThat(cross.sender().sendNow("for the plain one")).isTrue();
          assertThat(cross.sender().sendNow("for nobody")).isFalse();
        }));

    assertThat(log).containsExactlyInAnyOrder("event", "plain for the plain one", "from the other");
  }

  @Test
  void send_isServedByWhoeverReceives_orByRoom() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() ->
              Select.run(
                  Select.send(cross.sender(), "sent").run(log::add),
                  Select.on(event).run(() -> log.add("event"))));
          Testing.waitAllTasksBlocked();
          assertThat(cross.receiver().receiveNow()).contains("sent");
        }));
    var roomy = CrossRunChannel.<String>open(1);
    World.run(() -> {
      Select.run(Select.send(roomy.sender(), "at once").run(log::add));
      Select.run(Select.receive(roomy.receiver()).run(log::add));
    });

    assertThat(log).containsExactly("sent", "at once", "at once");
  }

  @Test
  void twoSelects_meet_whoeverComesFirst() throws Exception {
    for (boolean senderFirst : List.of(false, true)) {
      var channel = CrossRunChannel.<String>open(0);
      AsyncRunnable<RuntimeException> send =
          () ->
              Select.run(
                  Select.send(channel.sender(), "item").run(log::add),
                  Select.receive(channel.receiver()).run(log::add));
      AsyncRunnable<RuntimeException> receive =
          () ->
              Select.run(
                  Select.receive(channel.receiver()).run(log::add),
                  Select.receive(cross.receiver()).run(log::add));
      World.run(() ->
          Nursery.run(nursery -> {
            nursery.start(senderFirst ? send : receive);
            Testing.waitAllTasksBlocked();
            nursery.start(senderFirst ? receive : send);
          }));
    }

    assertThat(log).containsExactly("item", "item", "item", "item");
  }

  @Test
  void sameTaskOnBothSides_waitsForAnother() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() ->
              Select.run(
                  Select.send(cross.sender(), "own").run(log::add),
                  Select.receive(cross.receiver()).run(log::add)));
          Testing.waitAllTasksBlocked();
          assertThat(log).isEmpty();
          assertThat(cross.sender().sendNow("another's")).isTrue();
        }));

    assertThat(log).containsExactly("another's");
  }

  @Test
  void ends_areErrorsOrAValue() throws Exception {
    World.run(() -> {
      var ended = CrossRunChannel.<String>open(0);
      Nursery.run(nursery -> {
        nursery.start(() -> {
          Optional<String> none =
              Select.call(Select.receiveOrEnd(ended.receiver()).call(item -> item));
          log.add(none);
        });
        nursery.start(() ->
            assertThatThrownBy(() -> Select.run(Select.receive(ended.receiver()).run(() -> {})))
                .isInstanceOf(EndOfChannelException.class));
        Testing.waitAllTasksBlocked();
        ended.sender().close();
      });
      assertThatThrownBy(() -> Select.run(Select.receive(ended.receiver()).run(() -> {})))
          .isInstanceOf(EndOfChannelException.class);
      assertThatThrownBy(() -> Select.run(Select.send(ended.sender(), "x").run(() -> {})))
          .isInstanceOf(ChannelClosedException.class);
      assertThat(
              Select.<Optional<String>, RuntimeException>call(
                  Select.receiveOrEnd(ended.receiver()).call(item -> item)))
          .isEmpty();

      Nursery.run(nursery -> {
        nursery.start(() ->
            assertThatThrownBy(this::receiveOneOfAll).isInstanceOf(ChannelClosedException.class));
        Testing.waitAllTasksBlocked();
        cross.receiver().close();
      });
      assertThatThrownBy(() -> Select.run(Select.send(cross.sender(), "x").run(() -> {})))
          .isInstanceOf(BrokenChannelException.class);
      assertThat(log).containsExactly(Optional.empty());
    });
  }

  /**
   * Never ready; what it does comes between the look at all sources and the wait for the later
   * ones.
   */
  private static Select.Source<String> meanwhile(Runnable action) {
    return Select.on(
        new Selectable<String>() {
          @Override
          public @Nullable String poll() {
            return null;
          }

          @Override
          public Runnable enlist(Slot<? super String> slot) {
            action.run();
            return () -> {};
          }
        });
  }

  @Test
  void whatChangesBetweenTheLookAndTheWait_isSeen() throws Exception {
    World.run(() -> {
      var items = CrossRunChannel.<String>open(1);
      String received =
          Select.call(
              meanwhile(() -> assertThat(items.sender().sendNow("item")).isTrue())
                  .call(() -> "never"),
              Select.receive(items.receiver()).call(item -> item));
      assertThat(received).isEqualTo("item");

      assertThat(items.sender().sendNow("in the way")).isTrue();
      Select.run(
          meanwhile(() -> assertThat(items.receiver().receiveNow()).contains("in the way"))
              .run(() -> fail("never")),
          Select.send(items.sender(), "sent").run(() -> {}));
      assertThat(items.receiver().receiveNow()).contains("sent");

      var ended = CrossRunChannel.<String>open(0);
      assertThatThrownBy(() ->
              Select.run(
                  meanwhile(() -> ended.sender().close()).run(() -> fail("never")),
                  Select.receive(ended.receiver()).run(() -> {})))
          .isInstanceOf(EndOfChannelException.class);
      assertThatThrownBy(() ->
              Select.run(
                  meanwhile(() -> items.receiver().close()).run(() -> fail("never")),
                  Select.receive(items.receiver()).run(() -> {})))
          .isInstanceOf(ChannelClosedException.class);
      var closed = CrossRunChannel.<String>open(0);
      assertThatThrownBy(() ->
              Select.run(
                  meanwhile(() -> closed.sender().close()).run(() -> fail("never")),
                  Select.send(closed.sender(), "x").run(() -> {})))
          .isInstanceOf(ChannelClosedException.class);
      assertThat(closed.receiver().statistics().tasksWaitingToSend()).isZero();
    });
  }

  @Test
  void deadline_leavesTheLine() throws Exception {
    World.run(() -> {
      Select.run(
          Select.receive(cross.receiver()).run(log::add),
          Select.after(Duration.ofSeconds(1)).run(() -> log.add("late")));
      assertThat(cross.sender().sendNow("nobody is there")).isFalse();
    });

    assertThat(log).containsExactly("late");
  }

  /**
   * Two runs select over both sides of the same channels, and are cancelled at the very moment at
   * which they meet: what one has sent the other has received, once.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void selectsOfTwoRuns_loseNothing_andDoubleNothing(int capacity) throws Exception {
    int rounds = 80;
    List<MemoryChannel.Ends<Integer>> channels =
        List.of(CrossRunChannel.open(capacity), CrossRunChannel.open(capacity));
    var sent = new ConcurrentLinkedQueue<Integer>();
    var received = new ConcurrentLinkedQueue<Integer>();
    Runs.parallel(
        2,
        index -> {
          SplittableRandom random = new SplittableRandom(index);
          var inside = MemoryChannel.<Integer>open(0);
          Nursery.run(nursery -> {
            for (int i = 0; i < rounds; i++) {
              int item = 2 * i + index;
              var one = channels.get(random.nextInt(2));
              var other = channels.get(random.nextInt(2));
              nursery.start(() -> {
                var unused = inside.sender().sendNow(-1);
              });
              cancelledAtRandom(
                  nursery,
                  random,
                  () ->
                      Select.run(
                          Select.send(one.sender(), item).run(sent::add),
                          Select.receive(other.receiver()).run(received::add),
                          Select.receive(inside.receiver()).run(() -> {})));
            }
          });
        });
    for (var channel : channels) {
      for (var left = channel.receiver().receiveNow();
          left.isPresent();
          left = channel.receiver().receiveNow()) {
        received.add(left.get());
      }
      ChannelStatistics after = channel.sender().statistics();
      assertThat(after.tasksWaitingToSend() + after.tasksWaitingToReceive()).isZero();
    }

    assertThat(received).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(sent);
  }

  private static void cancelledAtRandom(
      Nursery nursery, SplittableRandom random, AsyncRunnable<RuntimeException> body)
      throws InterruptedException {
    CancelScope scope = CancelScope.create();
    int patience = random.nextInt(30);
    nursery.start(() -> {
      for (int i = 0; i < patience; i++) {
        Roost.checkpoint();
      }
      scope.cancel();
    });
    var unused = scope.run(body);
  }
}
