package dev.roost.lowlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskEndHookTest {

  private final List<String> log = new ArrayList<>();

  private TaskEndHook hook(String name) {
    return new TaskEndHook(() -> log.add(name + " in " + Task.current().name()));
  }

  @Test
  void attached_runsWhenTheTaskEnds_newestFirst() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(
              "child",
              () -> {
                hook("first").attach();
                TaskEndHook second = hook("second");
                second.attach();
                TaskEndHook third = hook("third");
                third.attach();
                hook("fourth").attach();
                third.detach();
                third.detach();
                second.attach();
                log.add("body ends");
              });
        }));
    assertThat(log)
        .containsExactly("body ends", "second in child", "fourth in child", "first in child");
  }

  @Test
  void attachedElsewhere_movesAway() throws Exception {
    TaskEndHook hook = hook("hook");
    Roost.run(() ->
        Nursery.run(nursery -> {
          hook.attach();
          nursery.start("child", hook::attach);
        }));
    assertThat(log).containsExactly("hook in child");
  }

  @Test
  void attach_outsideOfARun_isRefused() {
    assertThatThrownBy(() -> hook("x").attach()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void endCheckpoint_withoutAStart_isRefused() {
    assertThatThrownBy(() -> new RunBinding().endCheckpoint())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "RunBinding.endCheckpoint: no task has begun a checkpoint here. Call startCheckpoint first, in the same task.");
  }
}
