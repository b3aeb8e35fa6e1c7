package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Somebody else decides who is next. */
class TurnOrderTest {

  /** The order in which three children take two turns each. */
  private static String order(RunOptions options) throws InterruptedException {
    var order = new StringBuilder();
    options.run(() ->
        Nursery.run(nursery -> {
          for (String name : List.of("a", "b", "c")) {
            nursery.start(
                name,
                () -> {
                  order.append(name);
                  Roost.checkpoint();
                  order.append(name);
                });
          }
        }));
    return order.toString();
  }

  @Test
  void theOneThatIsChosen_isNext() throws InterruptedException {
    // @start region="last-first"
    RunOptions lastFirst = World.options().turnOrder(ready -> ready.size() - 1);
    // @end

    assertThat(order(lastFirst)).isEqualTo("ccbbaa");
  }

  @Test
  void theOthers_stayInTheirOrder_alsoInACrowd() throws InterruptedException {
    var order = new ArrayList<Integer>();
    World.options()
        .turnOrder(ready -> ready.size() - 1)
        .run(() ->
            Nursery.run(nursery -> {
              for (int i = 0; i < 2_000; i++) {
                int number = i;
                nursery.start(() -> order.add(number));
              }
            }));
    assertThat(order.reversed()).isSorted().hasSize(2_000);
  }

  @Test
  void choosingInTheRound_givesEachATurnBeforeAnyGetsASecond() throws InterruptedException {
    assertThat(order(World.options().turnOrder(ready -> ready.inRound() - 1))).isEqualTo("cbaabc");
  }

  @Test
  void tasksAreNamed() throws InterruptedException {
    var seen = new ArrayList<String>();
    order(
        World.options()
            .turnOrder(ready -> {
              var names = new StringBuilder();
              for (int i = 0; i < ready.size(); i++) {
                names.append(ready.task(i).name());
              }
              seen.add(names.toString());
              return 0;
            }));

    assertThat(seen).startsWith("abc", "bca", "cab", "abc", "bc");
  }

  @Test
  void aSeed_isTheSameAsDrawingInTheRound() throws InterruptedException {
    for (long seed = 0; seed < 20; seed++) {
      var random = new SplittableRandom(seed);
      TurnOrder drawn = ready -> ready.inRound() == 1 ? 0 : random.nextInt(ready.inRound());
      assertThat(order(World.options().seed(seed)))
          .isEqualTo(order(World.options().seed(-1).turnOrder(drawn)));
    }
  }

  @Test
  void anInstrument_doesNotChangeTheOrderOfASeed() throws InterruptedException {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(order(World.options().seed(seed).instrument(new Instrument() {})))
          .isEqualTo(order(World.options().seed(seed)));
    }
  }

  @Test
  void indexThatThereIsNot_endsTheRun() {
    assertThatThrownBy(() -> order(World.options().turnOrder(ready -> 7)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("chose the task at 7, and 3 are ready. Give an index from 0 to 2.");
  }

  @Test
  void errorOfTheOrder_endsTheRun() {
    assertThatThrownBy(() ->
            order(
                World.options()
                    .turnOrder(ready -> {
                      throw new UnsupportedOperationException("cannot decide");
                    })))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("cannot decide");
  }
}
