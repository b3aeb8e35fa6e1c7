package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** Values of a task and of a run. */
class LocalsTest {

  @Test
  void localWithoutAValue_saysSo() throws Exception {
    TaskLocal<String> bare = TaskLocal.create();
    TaskLocal<String> preset = TaskLocal.withDefault("default");
    World.run(() -> {
      assertThat(bare.isSet()).isFalse();
      assertThatThrownBy(bare::get)
          .isInstanceOf(NoSuchElementException.class)
          .hasMessageContaining("TaskLocal.withDefault");
      assertThat(preset.get()).isEqualTo("default");
      assertThat(preset.isSet()).isFalse();
      preset.set("mine");
      assertThat(preset.get()).isEqualTo("mine");
      assertThat(preset.isSet()).isTrue();
    });
    World.run(() -> assertThat(preset.get()).isEqualTo("default"));
  }

  @Test
  void blockingSection_readsTheLocalsOfItsTask_andSetsNone() throws Exception {
    TaskLocal<String> local = TaskLocal.create();
    World.run(() -> {
      Blocking.run(() -> assertThat(local.isSet()).isFalse());
      local.set("mine");
      local
          .where("inner")
          .run(() ->
              assertThat(Blocking.<String, RuntimeException>call(local::get)).isEqualTo("inner"));
      Blocking.run(() -> {
        assertThat(local.isSet()).isTrue();
        assertThatThrownBy(() -> local.set("other"))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("blocking section");
        World.run(() -> assertThat(local.isSet()).isFalse());
        assertThat(local.get()).isEqualTo("mine");
      });
    });
    assertThatThrownBy(local::get).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void children_inheritFromTheirStarter_atTheStart_andStayApart() throws Exception {
    TaskLocal<String> local = TaskLocal.withDefault("none");
    List<String> log = new ArrayList<>();
    World.inOrder()
        .run(() -> {
          local.set("parent");
          Nursery.run(nursery -> {
            nursery.start(() -> {
              log.add("child " + local.get());
              local.set("child");
              nursery.start(() -> log.add("sibling " + local.get()));
              Roost.checkpoint();
              log.add("child again " + local.get());
            });
            local.set("parent later");
            Roost.checkpoint();
            log.add("parent " + local.get());
          });
        });
    assertThat(log)
        .containsExactly(
            "child parent", "parent parent later", "sibling child", "child again child");
  }

  @Test
  void where_isForTheBlock() throws Exception {
    TaskLocal<String> one = TaskLocal.create();
    TaskLocal<String> two = TaskLocal.withDefault("2");
    World.run(() -> {
      one.where("a")
          .run(() -> {
            assertThat(one.get()).isEqualTo("a");
            String nested = one.where("b").call(() -> one.get() + two.get());
            assertThat(nested).isEqualTo("b2");
            assertThat(one.get()).isEqualTo("a");
            one.set("changed");
            two.set("kept");
          });
      assertThat(one.isSet()).isFalse();
      assertThat(two.get()).isEqualTo("kept");
      assertThatThrownBy(() ->
              one.where("c")
                  .run(() -> {
                    throw new IOException("out of the block");
                  }))
          .isInstanceOf(IOException.class);
      assertThat(one.isSet()).isFalse();
    });
  }

  @Test
  void where_reachesChildrenStartedInIt() throws Exception {
    TaskLocal<String> local = TaskLocal.create();
    List<String> log = new ArrayList<>();
    World.inOrder()
        .run(() ->
            Nursery.run(nursery -> {
              local.where("inside").run(() -> nursery.start(() -> log.add(local.get())));
              Integer value =
                  local
                      .where("waited")
                      .call(() ->
                          nursery.startAndWait((TaskStatus<Integer> status) -> {
                            log.add(local.get());
                            status.started(1);
                          }));
              assertThat(value).isOne();
            }));
    assertThat(log).containsExactly("inside", "waited");
  }

  @Test
  @SuppressWarnings("NullAway")
  void taskLocal_takesNoNull() throws Exception {
    World.run(() ->
        assertThatThrownBy(() -> TaskLocal.<String>create().set(null))
            .isInstanceOf(NullPointerException.class)
            .hasMessageContaining("TaskLocal.set"));
  }

  @Test
  void runLocal_isSharedByTheTasksOfOneRun_andNoOther() throws Exception {
    RunLocal<List<String>> cache = RunLocal.withInitial(ArrayList::new);
    World.run(() -> {
      assertThat(cache.isSet()).isFalse();
      cache.get().add("main");
      assertThat(cache.isSet()).isTrue();
      Nursery.run(nursery -> nursery.start(() -> cache.get().add("child")));
      assertThat(cache.get()).containsExactly("main", "child");
      Blocking.run(() -> World.run(() -> assertThat(cache.get()).isEmpty()));
    });
    World.run(() -> assertThat(cache.get()).isEmpty());
  }

  @Test
  void runLocal_canBeSetAndForgotten() throws Exception {
    RunLocal<String> bare = RunLocal.create();
    RunLocal<String> preset = RunLocal.withDefault("default");
    World.run(() -> {
      assertThatThrownBy(bare::get)
          .isInstanceOf(NoSuchElementException.class)
          .hasMessageContaining("RunLocal.withInitial");
      bare.set("x");
      assertThat(bare.get()).isEqualTo("x");
      bare.clear();
      assertThat(bare.isSet()).isFalse();
      assertThat(preset.get()).isEqualTo("default");
      preset.set("other");
      preset.clear();
      assertThat(preset.get()).isEqualTo("default");
    });
  }

  @Test
  @SuppressWarnings("NullAway")
  void runLocal_takesNoNull() throws Exception {
    World.run(() -> {
      assertThatThrownBy(() -> RunLocal.<String>create().set(null))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> RunLocal.<String>withInitial(() -> null).get())
          .isInstanceOf(NullPointerException.class)
          .hasMessageContaining("supplier");
    });
  }
}
