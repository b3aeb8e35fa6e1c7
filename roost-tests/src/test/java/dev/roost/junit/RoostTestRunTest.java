package dev.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.RunLocal;
import dev.roost.Task;
import dev.roost.sync.Event;
import dev.roost.testing.Testing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What runs where: one run for a test and its lifecycle methods. */
class RoostTestRunTest {

  private static final List<Object> seen = new ArrayList<>();

  @BeforeEach
  void forget() {
    seen.clear();
  }

  @RoostTest
  static class OneRunCases {
    private Task before;

    @BeforeEach
    void before() throws InterruptedException {
      before = Task.current();
      Roost.checkpoint();
    }

    @Test
    void first() throws InterruptedException {
      Roost.checkpoint();
      assertThat(Task.current()).isSameAs(before);
    }

    @RoostTest
    void second() throws InterruptedException {
      first();
    }

    @AfterEach
    void after() throws InterruptedException {
      Roost.checkpoint();
      assertThat(Task.current()).isSameAs(before);
      seen.add(before);
    }
  }

  @Test
  void the_methods_of_a_test_share_a_run_and_tests_do_not() {
    Cases.runWell(OneRunCases.class, 2);

    assertThat(seen).hasSize(2).doesNotHaveDuplicates();
  }

  static class MethodCases {
    @BeforeEach
    void before() {
      seen.add(Task.current().name());
    }

    @RoostTest
    void asynchronous() throws InterruptedException {
      Roost.checkpoint();
    }
  }

  @Test
  void a_method_alone_can_be_annotated() {
    Cases.runWell(MethodCases.class, 1);

    assertThat(seen).containsExactly("main");
  }

  @RoostTest
  static class InheritedBase {}

  static class InheritedCases extends InheritedBase {
    @Test
    void runs() throws InterruptedException {
      Roost.checkpoint();
    }
  }

  @Test
  void the_annotation_is_inherited() {
    Cases.runWell(InheritedCases.class, 1);
  }

  @RoostTest
  static class NurseryCases {
    private final Event requested = new Event();
    private final Event served = new Event();
    private Nursery outer;

    @BeforeEach
    void serve(Nursery nursery) {
      outer = nursery;
      nursery.start(() -> {
        try {
          requested.await();
          served.set();
          Roost.sleepForever();
        } finally {
          seen.add("server stopped");
        }
      });
    }

    @Test
    void client(Nursery nursery) throws InterruptedException {
      assertThat(nursery).isNotSameAs(outer);
      nursery.start(() -> {
        try {
          Roost.sleepForever();
        } finally {
          seen.add("child stopped");
        }
      });
      requested.set();
      served.await();
      seen.add("test ended");
    }

    @AfterEach
    void after(Nursery fresh) throws InterruptedException {
      assertThat(outer.closed()).isTrue();
      assertThat(fresh).isNotSameAs(outer);
      Roost.checkpoint();
      seen.add("after");
    }
  }

  @Test
  void nurseries_are_cancelled_when_the_test_ends_its_own_first() {
    Cases.runWell(NurseryCases.class, 1);

    assertThat(seen).containsExactly("test ended", "child stopped", "server stopped", "after");
  }

  @RoostTest
  static class CleanupCases {
    @Test
    void waits(Nursery nursery) throws InterruptedException {
      nursery.start(() -> {
        try {
          Roost.sleepForever();
        } finally {
          seen.add("cleaned up");
        }
      });
      Testing.waitAllTasksBlocked();
      seen.add("test ended");
    }
  }

  @Test
  void children_unwind_before_the_test_is_over() {
    Cases.runWell(CleanupCases.class, 1);

    assertThat(seen).containsExactly("test ended", "cleaned up");
  }

  @RoostTest
  static class NothingBetweenCases {
    @BeforeEach
    void start(Nursery nursery) {
      nursery.start(() -> seen.add("child"));
      seen.add("before");
    }

    @Test
    void test() throws InterruptedException {
      seen.add("test");
      Roost.checkpoint();
      seen.add("test again");
    }
  }

  @Test
  void nothing_runs_between_the_methods() {
    Cases.runWell(NothingBetweenCases.class, 1);

    assertThat(seen).containsExactly("before", "test", "child", "test again");
  }

  @RoostTest
  static class OtherParametersCases {
    @Test
    void test(TestInfo info, Nursery nursery) {
      assertThat(info.getDisplayName()).startsWith("test(");
      assertThat(nursery.closed()).isFalse();
    }
  }

  @Test
  void parameters_of_others_go_along() {
    Cases.runWell(OtherParametersCases.class, 1);
  }

  @RoostTest
  static class RunLocalCases {
    private static final RunLocal<String> LOCAL = RunLocal.create();

    @BeforeEach
    void set() {
      assertThat(LOCAL.isSet()).isFalse();
      LOCAL.set("here");
    }

    @Test
    void one() {
      assertThat(LOCAL.get()).isEqualTo("here");
    }

    @Test
    void two() {
      assertThat(LOCAL.get()).isEqualTo("here");
    }
  }

  @Test
  void run_locals_are_fresh_for_each_test() {
    Cases.runWell(RunLocalCases.class, 2);
  }

  @RoostTest
  static class ThreadCases {
    @Test
    void leaves_no_thread() {
      seen.addAll(hosts());
    }
  }

  private static List<Thread> hosts() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("roost-test leaves_no_thread()"))
        .toList();
  }

  @Test
  void the_thread_of_the_run_ends_with_the_test() {
    Cases.runWell(ThreadCases.class, 1);

    assertThat(seen).hasSize(1);
    assertThat(hosts()).isEmpty();
  }
}
