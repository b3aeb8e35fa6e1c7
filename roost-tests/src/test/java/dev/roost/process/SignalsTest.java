package dev.roost.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.channel.ChannelClosedException;
import dev.roost.channel.MemoryChannel;
import dev.roost.channel.ReceiveChannel;
import dev.roost.channel.Select;
import dev.roost.testing.MockClock;
import dev.roost.testing.Testing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Signals to this very JVM. */
@Timeout(60)
class SignalsTest {

  private static final String ME = Long.toString(ProcessHandle.current().pid());

  private static void kill(String signal) throws Exception {
    Processes.run("kill", "-s", signal, ME).check();
  }

  @Test
  void signal_is_received() throws Exception {
    Roost.run(() -> {
      // @start region="signals"
      try (ReceiveChannel<String> signals = Signals.open("HUP", "USR2")) {
        Processes.run("kill", "-s", "USR2", ME).check();
        String signal = signals.receive();
        assertThat(signal).isEqualTo("USR2");
      }
      // @end
    });
  }

  /** On a clock on which a run ends that nobody can wake. */
  @Test
  void run_that_waits_for_a_signal_is_not_taken_for_deadlocked() throws Exception {
    Roost.with()
        .clock(new MockClock())
        .run(() -> {
          try (var signals = Signals.open("USR2")) {
            assertThatIllegalArgumentException().isThrownBy(() -> Signals.open("KILL"));
            Nursery.run(nursery -> {
              nursery.start(() -> assertThat(signals.receive()).isEqualTo("USR2"));
              Testing.waitAllTasksBlocked();
              new ProcessBuilder("kill", "-s", "USR2", ME).start(); // and all wait before it comes
            });
          }
        });
  }

  @Test
  @SuppressWarnings("try") // closes before the end of the block
  void signal_can_be_selected_among_other_things() throws Exception {
    Roost.run(() -> {
      MemoryChannel.Ends<String> work = MemoryChannel.open(1);
      try (var signals = Signals.open("USR2")) {
        work.sender().send("work");
        assertThat(select(signals, work.receiver())).isEqualTo("do work");
        kill("USR2");
        assertThat(select(signals, work.receiver())).isEqualTo("heard USR2");
        var end = Select.receiveOrEnd(signals).call(Optional::isPresent);
        Nursery.run(nursery -> {
          nursery.start(() ->
              assertThatExceptionOfType(ChannelClosedException.class)
                  .isThrownBy(() -> Select.call(end)));
          Testing.waitAllTasksBlocked();
          signals.close();
        });
      }
    });
  }

  private static String select(ReceiveChannel<String> signals, ReceiveChannel<String> work)
      throws InterruptedException {
    return Select.call(
        Select.receive(signals).call(signal -> "heard " + signal),
        Select.receive(work).call(item -> "do " + item));
  }

  @Test
  void names_come_back_as_they_were_given() throws Exception {
    Roost.run(() -> {
      try (var signals = Signals.open("SIGUSR2", "winch", "Cont")) {
        kill("WINCH");
        assertThat(signals.receive()).isEqualTo("winch");
        kill("USR2");
        assertThat(signals.receiveOrEnd()).hasValue("SIGUSR2");
        kill("CONT");
        var received = new ArrayList<String>();
        var stop = CancelScope.create();
        stop.run(() ->
            signals.forEach(signal -> {
              received.add(signal);
              stop.cancel();
            }));
        assertThat(received).containsExactly("Cont");
      }
    });
  }

  @Test
  void INT_and_TERM_do_not_end_the_program_meanwhile() throws Exception {
    assumeTrue(Heard.isHeard(Heard.INT), "a shell starts programs in the background without INT");
    Roost.run(() -> {
      try (var signals = Signals.open("INT", "TERM")) {
        kill("TERM");
        assertThat(signals.receive()).isEqualTo("TERM");
        kill("INT");
        assertThat(signals.receive()).isEqualTo("INT");
      }
    });
  }

  @Test
  @SuppressWarnings("try") // closes one before the end of its block
  void each_channel_gets_the_signal() throws Exception {
    Roost.run(() -> {
      try (var one = Signals.open("USR2");
          var two = Signals.open("SIGUSR2", "HUP")) {
        kill("USR2");
        assertThat(one.receive()).isEqualTo("USR2");
        assertThat(two.receive()).isEqualTo("SIGUSR2");
        one.close();
        kill("USR2");
        assertThat(two.receive()).isEqualTo("SIGUSR2");
      }
    });
  }

  @Test
  void signals_of_one_kind_count_as_one_until_received() throws Exception {
    Roost.run(() -> {
      try (var signals = Signals.open("USR2", "CONT")) {
        waitingSignals(signals, 0);
        kill("USR2");
        waitingSignals(signals, 1);
        kill("CONT");
        waitingSignals(signals, 2);
        for (int i = 0; i < 3; i++) {
          kill("USR2");
        }
        // The signals above have been handled when this one has: each has its turn at the hub.
        try (var end = Signals.open("WINCH")) {
          kill("WINCH");
          assertThat(end.receive()).isEqualTo("WINCH");
        }
        assertThat(signals.statistics().bufferUsed()).isEqualTo(2);
        assertThat(signals.receive()).isEqualTo("USR2");
        kill("USR2");
        waitingSignals(signals, 2);
        assertThat(signals.receiveNow()).hasValue("CONT");
        assertThat(signals.receiveNow()).hasValue("USR2");
        assertThat(signals.receiveNow()).isEqualTo(Optional.empty());
      }
    });
  }

  private static void waitingSignals(ReceiveChannel<String> signals, int expected)
      throws InterruptedException {
    LongSupplier now = () -> signals.statistics().bufferUsed();
    while (now.getAsLong() != expected) {
      Roost.checkpoint();
    }
  }

  @Test
  @SuppressWarnings("try") // closes one before the end of its block
  void copies_share_the_signals_and_are_closed_on_their_own() throws Exception {
    Roost.run(() -> {
      try (var signals = Signals.open("USR2");
          var copy = signals.copy()) {
        signals.close();
        signals.close();
        kill("USR2");
        assertThat(copy.receive()).isEqualTo("USR2");
        assertThat(copy.statistics().openReceiveEnds()).isEqualTo(1);
        assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(signals::receive);
      }
    });
  }

  @Test
  void closing_restores_what_was_before_and_passes_on_what_was_not_received() throws Exception {
    var before = new CountDownLatch(2);
    var mine = JvmSignals.handle("USR2", before::countDown);
    try {
      Roost.run(() -> {
        var signals = Signals.open("USR2");
        kill("USR2");
        waitingSignals(signals, 1);
        assertThat(before.getCount()).isEqualTo(2);
        signals.close();
        kill("USR2");
      });
      before.await();
    } finally {
      mine.restore();
    }
  }

  @Test
  void signal_that_would_kill_is_not_passed_on() throws Exception {
    Roost.run(() -> {
      var signals = Signals.open("USR2");
      kill("USR2");
      waitingSignals(signals, 1);
      signals.close();
    });
  }

  @Test
  void channel_left_open_is_closed_by_the_run() throws Exception {
    var before = new CountDownLatch(1);
    var mine = JvmSignals.handle("USR2", before::countDown);
    try {
      Roost.run(() -> {
        var left = Signals.open("USR2");
        assertThat(left).asString().startsWith("Signals[USR2: ReceiveChannel[");
      });
      Roost.run(() -> kill("USR2"));
      before.await();
    } finally {
      mine.restore();
    }
  }

  @Test
  void signal_that_comes_too_late_goes_to_those_who_handled_it_before() throws Exception {
    var before = new CountDownLatch(2);
    var mine = JvmSignals.handle("USR2", before::countDown);
    try {
      var handled = new JvmSignals.Handled[1];
      var queue = new SignalQueue[1];
      Roost.run(() -> {
        handled[0] = JvmSignals.handle("USR2", () -> {});
        handled[0].restore();
        queue[0] = new SignalQueue(Map.of(), MemoryChannel.<String>open(1).sender());
        queue[0].arrived("USR2", handled[0]);
        Roost.checkpoint();
      });
      queue[0].arrived("USR2", handled[0]); // after the run
      before.await();
    } finally {
      mine.restore();
    }
  }

  @Test
  @SuppressWarnings("try") // closes one before the end of its block
  void receive_is_a_checkpoint_and_can_be_cancelled() throws Exception {
    Roost.run(() -> {
      try (var signals = Signals.open("USR2")) {
        assertThat(CancelScope.moveOnAfter(Duration.ofMillis(1)).run(signals::receive)).isFalse();
        kill("USR2");
        Testing.assertCheckpoints(signals::receive);
        Testing.assertNoCheckpoints(signals::receiveNow);
        Nursery.run(nursery -> {
          nursery.start(() ->
              assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(signals::receive));
          Roost.checkpoint();
          signals.close();
        });
      }
    });
  }

  @Test
  void signal_of_the_JVM_or_of_nobody_is_a_clear_error() throws Exception {
    var before = new CountDownLatch(1);
    var mine = JvmSignals.handle("CONT", before::countDown);
    Roost.run(() -> {
      for (var kept : List.of("QUIT", "SEGV", "KILL")) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> Signals.open("CONT", kept))
            .withMessageContaining("the JVM keeps the signal SIG" + kept + " for itself");
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Signals.open("CONT", "NONSENSE"))
          .withMessageContaining("this system has no signal SIGNONSENSE");
      assertThatIllegalArgumentException()
          .isThrownBy(Signals::open)
          .withMessageContaining("no signal was named");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Signals.open("CONT", "SIGCONT"))
          .withMessageContaining("SIGCONT is named twice");
      kill("CONT");
    });
    before.await(); // it was given back each time
    mine.restore();
  }

  @Test
  void open_outside_a_run_is_refused() {
    assertThatIllegalStateException().isThrownBy(() -> Signals.open("HUP"));
  }
}
