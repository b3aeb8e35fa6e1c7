package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Blocking sections that are cancelled while they are inside. */
final class Sections {

  static final Blocking.Section PLAIN = new BlockingSection(null, null, false, false);

  private Sections() {}

  /** Cancels a section that is inside, and gives what came out of it. */
  static @Nullable Throwable cancelInside(
      Blocking.Section section, AsyncConsumer<CountDownLatch, ?> code) throws Exception {
    return cancelInside(section, (inside, _) -> code.accept(inside));
  }

  /** Code that says when it is inside, and is told when it was cancelled. */
  @FunctionalInterface
  interface Code {
    void run(CountDownLatch inside, CountDownLatch cancelled) throws Exception;
  }

  static @Nullable Throwable cancelInside(Blocking.Section section, Code code) throws Exception {
    Throwable[] thrown = new Throwable[1];
    Roost.run(() -> {
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch cancelled = new CountDownLatch(1);
      CancelScope scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          Blocking.run(inside::await);
          scope.cancel("for the test");
          cancelled.countDown();
        });
        boolean whole =
            scope.run(() -> {
              thrown[0] =
                  catchThrowable(() ->
                      section.run(() -> {
                        try {
                          code.run(inside, cancelled);
                        } catch (RuntimeException e) {
                          throw e;
                        } catch (Exception e) {
                          throw Bodies.rethrow(e);
                        }
                      }));
              assertThat(Thread.currentThread().isInterrupted())
                  .as("the interrupt status must not leak")
                  .isFalse();
              assertThatThrownBy(Roost::checkpoint).isInstanceOf(Cancelled.class);
              Roost.checkpoint();
            });
        assertThat(whole).isFalse();
      });
    });
    return thrown[0];
  }
}
