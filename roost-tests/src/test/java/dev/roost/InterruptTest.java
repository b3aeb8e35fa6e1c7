package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R12: interrupting the thread that called {@code run}. */
class InterruptTest {

  @AfterEach
  void clearTheStatus() {
    boolean _ = Thread.interrupted();
  }

  @Test
  void interruptedCaller_cancelsTheRun_whichCleansUp_andThrowsAPlainOne() {
    List<String> log = new ArrayList<>();
    Thread caller = Thread.currentThread();
    assertThatThrownBy(() ->
            Roost.run(() ->
                Nursery.run(nursery -> {
                  nursery.start(() -> {
                    try {
                      Roost.sleepForever();
                    } finally {
                      CancelScope.cleanup(World.seconds(5)).run(Roost::checkpoint);
                      log.add("child unwound");
                    }
                  });
                  Roost.checkpoint();
                  caller.interrupt();
                  Roost.sleepForever();
                })))
        .isExactlyInstanceOf(InterruptedException.class)
        .hasMessageContaining("interrupted");
    assertThat(log).containsExactly("child unwound");
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void callerInterruptedBefore_isTheSame() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Roost.run(Roost::sleepForever))
        .isExactlyInstanceOf(InterruptedException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void mainThatSucceedsAllTheSame_givesItsResult_andTheStatusIsSetAgain() throws Exception {
    Thread caller = Thread.currentThread();
    String value =
        Roost.call(() -> {
          caller.interrupt();
          try {
            Roost.sleepForever();
          } catch (InterruptedException e) {
            return "all the same";
          }
          return "not reached";
        });
    assertThat(value).isEqualTo("all the same");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void mainThatFailsOtherwise_throwsThat_andTheStatusIsSetAgain() {
    Thread caller = Thread.currentThread();
    assertThatThrownBy(() ->
            Roost.run(() -> {
              caller.interrupt();
              try {
                Roost.sleepForever();
              } catch (InterruptedException e) {
                throw new IOException("other");
              }
            }))
        .isInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void interruptWhileATaskIsInASection_interruptsTheSection() {
    Thread caller = Thread.currentThread();
    List<String> log = new ArrayList<>();
    assertThatThrownBy(() ->
            Roost.run(() -> {
              CompletableFuture<Void> never = new CompletableFuture<>();
              Blocking.run(() -> {
                caller.interrupt();
                try {
                  never.get();
                } catch (InterruptedException e) {
                  log.add("section interrupted");
                  throw e;
                }
              });
            }))
        .isExactlyInstanceOf(InterruptedException.class);
    assertThat(log).containsExactly("section interrupted");
  }

  @Test
  void interruptOnAVirtualThread_worksToo() throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    CompletableFuture<Void> inside = new CompletableFuture<>();
    Thread caller =
        Thread.startVirtualThread(() -> {
          try {
            Roost.run(() -> {
              inside.complete(null);
              Roost.sleepForever();
            });
            thrown.complete(null);
          } catch (Throwable t) {
            thrown.complete(t);
          }
        });
    inside.get();
    caller.interrupt();
    assertThat(thrown.get()).isExactlyInstanceOf(InterruptedException.class);
  }

  @Test
  void shieldedTask_finishesFirst() {
    Thread caller = Thread.currentThread();
    List<String> log = new ArrayList<>();
    assertThatThrownBy(() ->
            World.run(() -> {
              caller.interrupt();
              World.sleepShielded(10);
              log.add("done at " + World.elapsed());
              Roost.sleepForever();
            }))
        .isExactlyInstanceOf(InterruptedException.class);
    assertThat(log).containsExactly("done at 10");
  }

  @Test
  void interruptOfATasksOwnThread_isNotThatOfTheCaller() throws Exception {
    Roost.run(() -> Thread.currentThread().interrupt());
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }
}
