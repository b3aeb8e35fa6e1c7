package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.internal.Abort;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What those get who implement an interface and say no more than they must. */
class DefaultsTest {

  @Test
  void whatIsWaitedFor_isTheWaitItself_ifNobodySaysOtherwise() {
    Abort wait = (_, _) -> true;
    assertThat(wait.awaited()).isSameAs(wait);
  }

  @Test
  void instrumentThatListensToNothing_isNotInTheWay() throws InterruptedException {
    Instrument deaf = new Instrument() {};
    String told =
        Roost.with()
            .instrument(deaf)
            .call(() -> {
              TaskTree tree = TaskTree.current();
              deaf.deadlocked(new Deadlock("a run", false, List.of(), tree));
              deaf.leftRegistered("a channel", null);
              return tree.toString();
            });
    assertThat(told).contains("main");
  }
}
