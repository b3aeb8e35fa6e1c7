package dev.roost;

import dev.roost.internal.Fiber;
import dev.roost.internal.Order;
import org.jspecify.annotations.Nullable;

/** Has a {@link TurnOrder} decide, until it fails; from then on first in, first out. */
final class ChosenTurns implements Order {

  private final Run run;
  private @Nullable TurnOrder order;

  ChosenTurns(Run run, TurnOrder order) {
    this.run = run;
    this.order = order;
  }

  @Override
  public int next(Ready ready) {
    TurnOrder asked = order;
    if (asked == null) {
      return 0;
    }
    try {
      int index = asked.next(new Tasks(ready));
      if (index >= 0 && index < ready.size()) {
        return index;
      }
      throw new IllegalStateException(
          "TurnOrder: "
              + asked
              + " chose the task at "
              + index
              + ", and "
              + ready.size()
              + " are ready. Give an index from 0 to "
              + (ready.size() - 1)
              + ".");
    } catch (Throwable error) {
      order = null;
      run.failSoon(error);
      return 0;
    }
  }

  private record Tasks(Ready ready) implements TurnOrder.ReadyTasks {

    @Override
    public int size() {
      return ready.size();
    }

    @Override
    public int inRound() {
      return ready.inRound();
    }

    @Override
    public Task task(int index) {
      Fiber fiber = ready.get(index);
      return ((TaskFiber) fiber).facade();
    }
  }
}
