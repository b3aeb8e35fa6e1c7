package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.lowlevel.TaskEndHook;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Corners of nurseries and groups that few programs reach. */
class CornersTest {

  @Test
  void groupOfNothingButCancellations_thatTheNurseryCatches_leavesNothing()
      throws InterruptedException {
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.cancel();
          try {
            Roost.checkpoint();
          } catch (Cancelled c) {
            throw new ExceptionGroup("made by hand", List.of(c));
          }
        }));
  }

  @Test
  void siblingThatFailsWhileAChildStarts_comesAlongInAGroup() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery ->
            assertThatThrownBy(() ->
                    nursery.startAndWait((TaskStatus<String> status) -> {
                      Nursery hidden = Task.current().parentNursery().orElseThrow();
                      hidden.start(() -> {
                        throw new IOException("the sibling");
                      });
                      throw new IllegalStateException("the child");
                    }))
                .isInstanceOfSatisfying(
                    ExceptionGroup.class,
                    group ->
                        assertThat(group.errors())
                            .extracting(Throwable::getMessage)
                            .containsExactly("the child", "the sibling"))));
  }

  @Test
  void whatHangsOnACancellationInAGroup_staysWithTheRestOfIt() throws Exception {
    Roost.run(() ->
        assertThatThrownBy(
                () -> {
                  CancelScope scope = CancelScope.create();
                  scope.run(() -> {
                    scope.cancel();
                    try {
                      Roost.checkpoint();
                    } catch (Cancelled c) {
                      c.addSuppressed(new IOException("close failed"));
                      throw new ExceptionGroup(
                          "made by hand", List.of(new IllegalStateException("real"), c));
                    }
                  });
                })
            .isInstanceOfSatisfying(
                ExceptionGroup.class,
                group ->
                    assertThat(group.errors())
                        .extracting(Throwable::getMessage)
                        .containsExactly("real", "close failed")));
  }

  @Test
  void hookThatBreaksItsPromiseNotToThrow_endsTheRun_andComesHome() {
    IllegalStateException bug = new IllegalStateException("a hook that throws");

    assertThatThrownBy(() ->
            Roost.run(() ->
                Nursery.run(nursery ->
                    nursery.start(() ->
                        new TaskEndHook(
                                () -> {
                                  throw bug;
                                })
                            .attach()))))
        .hasStackTraceContaining("a hook that throws");
  }
}
