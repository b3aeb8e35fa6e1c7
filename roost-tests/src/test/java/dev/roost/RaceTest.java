package dev.roost;

import static dev.roost.TogetherTest.after;
import static dev.roost.TogetherTest.failing;
import static dev.roost.TogetherTest.inRun;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code race} and {@code firstSuccess}: one call decides. */
class RaceTest {

  private final List<Object> log = new ArrayList<>();

  private AsyncCallable<Object, RuntimeException> sleeper(String name) {
    return () -> {
      try {
        Roost.sleepForever();
      } finally {
        CancelScope.cleanup(Duration.ofSeconds(5)).run(() -> Roost.sleep(Duration.ofSeconds(1)));
        log.add(name);
      }
      return name;
    };
  }

  /** Fails when it is cancelled. */
  private static AsyncCallable<Object, RuntimeException> failsLate(RuntimeException late) {
    return () -> {
      try {
        Roost.sleepForever();
      } catch (InterruptedException e) {
        throw late;
      }
      return "never";
    };
  }

  // ---- race

  @Test
  void race_firstToEndWins_andLosersAreCancelledAndAwaited() throws Exception {
    inRun(() -> {
      Object winner = Together.race(List.of(sleeper("loser"), after(1, "winner"), sleeper("too")));
      assertThat(winner).isEqualTo("winner");
      assertThat(log).containsExactly("loser", "too");
    });
  }

  @Test
  void race_firstToEndFails_isAGroup() throws Exception {
    IOException error = new IOException("first");
    inRun(() -> {
      assertThatThrownBy(() -> Together.race(after(2, 1), failing(1, error), sleeper("loser")))
          .isInstanceOfSatisfying(
              ExceptionGroup.class, group -> assertThat(group.errors()).containsExactly(error));
      assertThat(log).containsExactly("loser");
    });
  }

  @Test
  void race_nullCanWin() throws Exception {
    inRun(() -> assertThat(Together.race(() -> null, sleeper("loser"))).isNull());
  }

  @Test
  void race_ofNone_isRefused() throws Exception {
    inRun(() -> {
      assertThatThrownBy(() -> Together.race(List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Together.race: nobody can win");
      assertThatThrownBy(Together::firstSuccess)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Together.firstSuccess: nobody can win");
    });
  }

  @Test
  void race_loserThatFailsWhileCancelled_comesHome_andTheWinnersResultIsDisposedOf()
      throws Exception {
    IllegalStateException late = new IllegalStateException("late");
    inRun(() ->
        assertThatThrownBy(
                () -> Together.race(List.of(failsLate(late), after(1, "winner")), log::add))
            .isInstanceOfSatisfying(
                ExceptionGroup.class, group -> assertThat(group.errors()).containsExactly(late)));
    assertThat(log).containsExactly("winner");
  }

  @Test
  void race_cancelledFromOutside_isCancelled() throws Exception {
    inRun(() -> {
      CancelScope scope = CancelScope.moveOnAfter(Duration.ofSeconds(1));
      scope.run(() -> Together.race(sleeper("a"), sleeper("b")));
      assertThat(scope.cancelledCaught()).isTrue();
      assertThat(log).containsExactlyInAnyOrder("a", "b");
    });
  }

  @Test
  void race_inACancelledScope_callsNothing() throws Exception {
    inRun(() -> {
      CancelScope scope = CancelScope.create();
      scope.cancel();
      scope.run(() -> Together.race(() -> log.add("called")));
      assertThat(scope.cancelledCaught()).isTrue();
    });
    assertThat(log).isEmpty();
  }

  @Test
  void race_losersThatHadJustFinished_areDisposedOf() throws Exception {
    inRun(() -> {
      List<AsyncCallable<String, RuntimeException>> calls =
          List.of(after(2, "late"), after(1, "a"), after(1, "b"), () -> shielded("c"));
      assertThat(Together.race(calls, log::add)).isEqualTo("a");
      assertThat(log).containsExactly("b", "c");
    });
  }

  /** Cannot be cancelled, and so gives a result after it has lost. */
  private static String shielded(String value) throws InterruptedException {
    CancelScope.create().shielded().run(() -> Roost.sleep(Duration.ofSeconds(3)));
    return value;
  }

  @Test
  void race_disposerFails_winnersResultGoesTheSameWay() throws Exception {
    IOException error = new IOException("close");
    inRun(() -> {
      Throwable thrown =
          catchThrowable(() ->
              Together.race(
                  List.of(after(1, "a"), after(1, "b")),
                  value -> {
                    log.add(value);
                    if (value.equals("b")) {
                      throw error;
                    }
                  }));
      assertThat(thrown).isInstanceOf(ExceptionGroup.class).hasCause(error);
      assertThat(log).containsExactly("b", "a");
    });
  }

  @Test
  void race_ofACallThatCancelsItself_saysSo() throws Exception {
    inRun(() -> {
      assertThatThrownBy(() -> Together.race(TogetherTest::cancelsItself))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Together.race: a call was cancelled from the inside");
      assertThatThrownBy(() -> Together.firstSuccess(TogetherTest::cancelsItself))
          .isInstanceOf(IllegalStateException.class);
    });
  }

  // ---- firstSuccess

  @Test
  void firstSuccess_firstToSucceedWins_whateverFailedBefore() throws Exception {
    inRun(() -> {
      Object winner =
          Together.firstSuccess(
              List.of(failing(1, new IOException("first")), after(2, "winner"), sleeper("loser")));
      assertThat(winner).isEqualTo("winner");
      assertThat(log).containsExactly("loser");
    });
  }

  @Test
  void firstSuccess_allFail_isAGroupInTheOrderGiven() throws Exception {
    IOException one = new IOException("one");
    IOException two = new IOException("two");
    AssertionError three = new AssertionError("three");
    inRun(() -> {
      Throwable thrown =
          catchThrowable(() ->
              Together.firstSuccess(
                  failing(3, one),
                  failing(1, two),
                  () -> {
                    throw three;
                  }));
      assertThat(thrown)
          .isInstanceOf(ExceptionGroup.class)
          .hasMessageContaining("All calls of Together.firstSuccess failed");
      assertThat(((ExceptionGroup) thrown).errors()).containsExactly(one, two, three);
    });
  }

  @Test
  void firstSuccess_loserThatFailsWhileCancelled_doesNotMatter() throws Exception {
    IllegalStateException late = new IllegalStateException("late");
    inRun(() -> {
      assertThat(Together.firstSuccess(failsLate(late), after(1, "winner"))).isEqualTo("winner");
      assertThat(Together.firstSuccess(() -> inANursery(late), after(1, "winner")))
          .isEqualTo("winner");
    });
  }

  private static Object inANursery(RuntimeException late) throws InterruptedException {
    Nursery.run(nursery -> {
      nursery.start(Roost::sleepForever);
      nursery.start(() -> failsLate(late).call());
    });
    return "never";
  }

  @Test
  void firstSuccess_cancelledFromOutside_isCancelled_whateverFailedBefore() throws Exception {
    inRun(() -> {
      CancelScope scope = CancelScope.moveOnAfter(Duration.ofSeconds(2));
      scope.run(() -> Together.firstSuccess(failing(1, new IOException("no")), sleeper("a")));
      assertThat(scope.cancelledCaught()).isTrue();
      assertThat(log).containsExactly("a");
    });
  }

  @Test
  void firstSuccess_losersThatHadJustFinished_areDisposedOf() throws Exception {
    inRun(() -> {
      assertThat(Together.firstSuccess(List.of(after(1, "a"), after(1, "b")), log::add))
          .isEqualTo("a");
      assertThat(log).containsExactly("b");
    });
  }
}
