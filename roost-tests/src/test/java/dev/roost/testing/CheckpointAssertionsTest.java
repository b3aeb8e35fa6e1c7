package dev.roost.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.junit.RoostTest;
import dev.roost.lowlevel.Checkpoints;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Assertions about checkpoints. */
class CheckpointAssertionsTest {

  @RoostTest
  void a_checkpoint_is_one() throws Exception {
    Testing.assertCheckpoints(Roost::checkpoint);
    Testing.assertCheckpoints(() -> Roost.sleep(java.time.Duration.ZERO));
  }

  @RoostTest
  void both_halves_are_required() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> Testing.assertCheckpoints(() -> {}))
        .withMessageContaining("neither looked for cancellation nor let other tasks run");
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> Testing.assertCheckpoints(Checkpoints::throwIfCancelled))
        .withMessageContaining("never let other tasks run");
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> Testing.assertCheckpoints(Checkpoints::letOthersRun))
        .withMessageContaining("never looked for cancellation");
  }

  @RoostTest
  void code_that_throws_may_have_skipped_its_checkpoint() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() ->
            Testing.assertCheckpoints(() -> {
              throw new IOException("as it is");
            }))
        .withMessage("as it is");
  }

  @RoostTest
  void what_others_do_meanwhile_does_not_count() throws Exception {
    Nursery.run(nursery -> {
      nursery.start(Roost::checkpoint);
      Testing.assertNoCheckpoints(() -> nursery.start(Roost::checkpoint));
    });
  }

  @RoostTest
  void code_without_a_checkpoint_passes() throws Exception {
    Testing.assertNoCheckpoints(Roost::now);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() ->
            Testing.assertNoCheckpoints(() -> {
              throw new IOException();
            }));
  }

  @RoostTest
  void any_half_of_a_checkpoint_is_found() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> Testing.assertNoCheckpoints(Roost::checkpoint))
        .withMessageContaining("looked for cancellation once and let other tasks run once")
        .withNoCause();
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> Testing.assertNoCheckpoints(Checkpoints::throwIfCancelled))
        .withMessageContaining("let other tasks run 0 times");
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> Testing.assertNoCheckpoints(Checkpoints::letOthersRun))
        .withMessageContaining("looked for cancellation 0 times");
  }

  @RoostTest
  void a_checkpoint_is_found_in_code_that_throws_as_well() throws Exception {
    CancelScope scope = CancelScope.create();
    scope.cancel();
    scope.run(() -> {
      Throwable thrown = catchThrowable(() -> Testing.assertNoCheckpoints(Roost::checkpoint));
      assertThat(thrown)
          .isInstanceOf(AssertionError.class)
          .hasCauseInstanceOf(InterruptedException.class);
    });
  }

  @Test
  void outside_of_a_run_they_are_refused() {
    assertThatIllegalStateException().isThrownBy(() -> Testing.assertCheckpoints(() -> {}));
    assertThatIllegalStateException().isThrownBy(() -> Testing.assertNoCheckpoints(() -> {}));
  }
}
