package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** R15: the same seed, the same steps. */
class DeterminismTest {

  /** Ten tasks that step, sleep and cancel one another; their steps in order. */
  private static List<String> steps(RunOptions options) throws Exception {
    List<String> steps = new ArrayList<>();
    options.run(() ->
        Nursery.run(nursery -> {
          List<CancelScope> scopes = new ArrayList<>();
          for (int t = 0; t < 10; t++) {
            CancelScope scope = CancelScope.moveOnAfter(Duration.ofMillis(35));
            scopes.add(scope);
            int number = t;
            nursery.start(() ->
                scope.run(() -> {
                  for (int step = 0; step < 6; step++) {
                    steps.add(number + "." + step + "@" + World.elapsed());
                    if (step % 3 == number % 3) {
                      Roost.sleep(Duration.ofMillis(10));
                    } else if (step == 4) {
                      scopes.get((number * 7) % 10).cancel();
                    }
                    Roost.checkpoint();
                  }
                }));
          }
        }));
    return steps;
  }

  @Test
  void sameSeed_givesTheSameSteps() throws Exception {
    for (long seed = 0; seed < 5; seed++) {
      List<String> first = steps(World.options().seed(seed));
      assertThat(steps(World.options().seed(seed))).isEqualTo(first);
      assertThat(steps(World.options().seed(seed))).isEqualTo(first);
    }
  }

  @Test
  void otherSeeds_giveOtherOrders() throws Exception {
    Set<List<String>> seen = new HashSet<>();
    for (long seed = 0; seed < 10; seed++) {
      seen.add(steps(World.options().seed(seed)));
    }
    assertThat(seen).hasSizeGreaterThan(5);
  }

  @Test
  void noSeed_isDeterministicToo() throws Exception {
    assertThat(steps(World.options())).isEqualTo(steps(World.options()));
  }

  @Test
  void budget_changesTheInterleaving_butStaysDeterministic() throws Exception {
    RunOptions wide = World.options().checkpointBudget(64).seed(3);
    assertThat(steps(wide)).isEqualTo(steps(wide));
  }
}
