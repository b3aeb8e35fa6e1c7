package dev.roost;

import static dev.roost.TogetherTest.inRun;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.roost.testing.Testing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code map} and {@code forEach}. */
class TogetherMapTest {

  private final List<Object> log = new ArrayList<>();
  private int running;
  private int mostAtOnce;

  private int slowly(int item) throws InterruptedException {
    mostAtOnce = Math.max(mostAtOnce, ++running);
    try {
      Roost.sleep(Duration.ofSeconds(10 - item % 10));
    } finally {
      running--;
    }
    return item * item;
  }

  @Test
  void map_givesResultsInTheOrderOfTheItems_andKeepsTheLimit() throws Exception {
    List<Integer> items = IntStream.range(0, 25).boxed().toList();
    inRun(() -> {
      List<Integer> squares = Together.map(items, 3, this::slowly);
      assertThat(squares).containsExactlyElementsOf(items.stream().map(i -> i * i).toList());
      assertThat(mostAtOnce).isEqualTo(3);
    });
  }

  @Test
  void map_limitOfOne_isOneAfterTheOther() throws Exception {
    inRun(() -> {
      Together.map(List.of(5, 6, 7), 1, log::add);
      assertThat(log).containsExactly(5, 6, 7);
      Together.map(List.of(5, 6, 7), 1, this::slowly);
      assertThat(mostAtOnce).isEqualTo(1);
    });
  }

  @Test
  void map_limitAboveTheNumberOfItems_runsAllAtOnce() throws Exception {
    inRun(() -> {
      Together.map(List.of(1, 2, 3), Integer.MAX_VALUE, this::slowly);
      assertThat(mostAtOnce).isEqualTo(3);
    });
  }

  @Test
  void map_freePlace_isTakenAtOnce() throws Exception {
    inRun(() -> {
      var start = Roost.now();
      Together.forEach(List.of(3, 1, 1, 1), 2, seconds -> Roost.sleep(Duration.ofSeconds(seconds)));
      assertThat(Duration.between(start, Roost.now())).isEqualTo(Duration.ofSeconds(3));
    });
  }

  @Test
  void map_nothing_isEmptyAndACheckpoint() throws Exception {
    inRun(() -> {
      List<String> none = List.of();
      Testing.assertCheckpoints(() -> assertThat(Together.map(none, 1, x -> x)).isEmpty());
      Testing.assertCheckpoints(() -> Together.forEach(none, 1, x -> {}));
      CancelScope scope = CancelScope.create();
      scope.cancel();
      scope.run(() -> Together.map(none, 1, x -> x));
      assertThat(scope.cancelledCaught()).isTrue();
    });
  }

  @Test
  void map_limitBelowOne_isRefused() throws Exception {
    inRun(() -> {
      assertThatThrownBy(() -> Together.map(List.of(1), 0, x -> x))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Together.map: the limit of tasks at once must be at least 1, it is 0.");
      assertThatThrownBy(() -> Together.forEach(List.of(), -1, x -> {}))
          .isInstanceOf(IllegalArgumentException.class);
    });
  }

  @Test
  void map_oneFails_othersAreCancelled_andNoMoreAreBegun() throws Exception {
    IOException error = new IOException("item 2");
    inRun(() -> {
      Throwable thrown =
          catchThrowable(() ->
              Together.map(
                  List.of(1, 2, 3, 4),
                  2,
                  item -> {
                    log.add(item);
                    Roost.sleep(Duration.ofSeconds(item == 2 ? 1 : 60));
                    throw error;
                  }));
      assertThat(thrown).isInstanceOf(ExceptionGroup.class);
      assertThat(((ExceptionGroup) thrown).errors()).containsExactly(error);
      assertThat(log).containsExactly(1, 2);
    });
  }

  /** One makes room in the same round in which another one fails. */
  @Test
  void map_oneFailsWhenThereIsRoom_noMoreAreBegun() throws Exception {
    inRun(() -> {
      assertThatThrownBy(() ->
              Together.forEach(
                  List.of(1, 2, 3),
                  2,
                  item -> {
                    log.add(item);
                    Roost.sleep(Duration.ofSeconds(1));
                    if (item == 2) {
                      throw new IOException("item 2");
                    }
                  }))
          .isInstanceOf(ExceptionGroup.class);
      assertThat(log).containsExactly(1, 2);
    });
  }

  @Test
  void map_cancelled_resultsThatThereAreGoToTheDisposer() throws Exception {
    inRun(() ->
        CancelScope.moveOnAfter(Duration.ofMillis(1500))
            .run(() ->
                Together.map(
                    List.of(1, 2, 3),
                    2,
                    item -> {
                      Roost.sleep(Duration.ofSeconds(item));
                      return "item " + item;
                    },
                    log::add)));
    assertThat(log).containsExactly("item 1");
  }

  @Test
  void map_succeeds_disposerIsNotCalled() throws Exception {
    inRun(() ->
        assertThat(Together.map(List.of(1, 2), 2, i -> "item " + i, log::add))
            .containsExactly("item 1", "item 2"));
    assertThat(log).isEmpty();
  }

  @Test
  void forEach_doesAll() throws Exception {
    inRun(() -> Together.forEach(List.of("a", "b", "c"), 2, log::add));
    assertThat(log).containsExactly("a", "b", "c");
  }

  @Test
  void taskTree_saysWhatMapWaitsFor() throws Exception {
    String[] tree = new String[1];
    inRun(() ->
        Nursery.run(nursery -> {
          nursery.start("mapping", () -> Together.map(List.of(1, 2, 3), 2, this::slowly));
          Testing.waitAllTasksBlocked();
          tree[0] = TaskTree.current().toString();
        }));
    assertThat(tree[0])
        .contains("mapping: waiting for one of 2 tasks to end, its limit of tasks at once");
  }
}
