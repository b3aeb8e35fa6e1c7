package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** R8: a loop that swallows its cancellation is reported, and stopped in the end. */
class SwallowedCancellationTest {

  @Test
  void loopThatCatchesExceptions_isReportedOnce_andThenMetWithAnError() throws Exception {
    List<String> reports = new ArrayList<>();
    List<StackTraceElement> stack = new ArrayList<>();
    Instrument instrument =
        new Instrument() {
          @Override
          public void cancellationSwallowed(Task task, Cancelled cancelled) {
            reports.add(task.name() + ": " + cancelled.reason().orElse("none"));
            stack.addAll(List.of(cancelled.getStackTrace()));
          }
        };
    List<LogRecord> logged =
        logging(() ->
            World.options()
                .instrument(instrument)
                .run(() -> {
                  CancelScope scope = CancelScope.create();
                  scope.cancel("enough");
                  int[] swallowed = {0};
                  boolean whole =
                      scope.run(() -> {
                        while (true) {
                          try {
                            Roost.sleepForever();
                          } catch (Exception e) {
                            swallowed[0]++;
                            if (reports.isEmpty() == swallowed[0] >= 100) {
                              throw new AssertionError("not at the 100th");
                            }
                          }
                        }
                      });
                  assertThat(whole).as("the scope treats it as a Cancelled").isFalse();
                  assertThat(scope.cancelledCaught()).isTrue();
                  assertThat(swallowed[0]).isEqualTo(9_999);
                }));
    assertThat(reports).containsExactly("main: enough");
    assertThat(stack).anyMatch(frame -> frame.getClassName().contains("SwallowedCancellationTest"));
    assertThat(logged)
        .singleElement()
        .satisfies(record -> {
          assertThat(record.getMessage()).contains("main", "100", "enough");
          assertThat(record.getThrown().getStackTrace())
              .anyMatch(frame -> frame.getClassName().contains("SwallowedCancellationTest"));
        });
  }

  @Test
  void errorThatFollows_saysWhatToDo_andIsTreatedAsACancellationByNurseries() throws Exception {
    logging(() ->
        World.run(() -> {
          List<Throwable> last = new ArrayList<>();
          CancelScope scope = CancelScope.create();
          boolean whole =
              scope.run(() ->
                  Nursery.run(nursery -> {
                    scope.cancel();
                    nursery.start("stubborn", () -> last.add(swallowAll()));
                    nursery.start(() -> {
                      throw (Error) swallowAll();
                    });
                  }));
          assertThat(whole).isFalse();
          assertThat(last)
              .singleElement()
              .satisfies(error ->
                  assertThat(error)
                      .isInstanceOf(SwallowedCancellationError.class)
                      .hasMessageContaining("stubborn")
                      .hasMessageContaining("Let InterruptedException out")
                      .hasCauseInstanceOf(Cancelled.class));
        }));
  }

  private static Throwable swallowAll() {
    while (true) {
      try {
        Roost.checkpoint();
      } catch (Exception e) {
        continue;
      } catch (SwallowedCancellationError error) {
        return error;
      }
    }
  }

  @Test
  void deliveriesOfAnotherScope_countAnew() throws Exception {
    List<String> reports = new ArrayList<>();
    World.options()
        .instrument(
            new Instrument() {
              @Override
              public void cancellationSwallowed(Task task, Cancelled cancelled) {
                reports.add(task.name());
              }
            })
        .run(() -> {
          for (int i = 0; i < 5; i++) {
            CancelScope scope = CancelScope.create();
            scope.cancel();
            scope.run(() -> {
              for (int n = 0; n < 99; n++) {
                assertThat(catchThrowable(Roost::checkpoint)).isInstanceOf(Cancelled.class);
              }
            });
          }
        });
    assertThat(reports).isEmpty();
  }

  @Test
  void swallowingLoop_doesNotStopTheOthers() throws Exception {
    logging(() ->
        World.run(() -> {
          int[] turns = {0};
          Nursery.run(nursery -> {
            nursery.start(() -> {
              for (int i = 0; i < 200; i++) {
                turns[0]++;
                Roost.checkpoint();
              }
            });
            CancelScope scope = CancelScope.create();
            scope.cancel();
            scope.run(() -> {
              while (turns[0] < 200) {
                assertThatThrownBy(Roost::checkpoint).isInstanceOf(Cancelled.class);
              }
            });
          });
        }));
  }

  /** What is logged meanwhile; kept off the console. */
  private static List<LogRecord> logging(Hang.Body body) throws Exception {
    Logger logger = Logger.getLogger("dev.roost");
    List<LogRecord> records = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            records.add(record);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      body.run();
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    return records;
  }
}
