package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.BasicMDCAdapter;

/** What a thread carries is there in a blocking section, and after it. */
class BlockingContextTest {

  private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();
  private static final ScopedValue<String> USER = ScopedValue.newInstance();

  /** What {@code MDC} is made of where a logging system is there. */
  private final BasicMDCAdapter mdc = new BasicMDCAdapter();

  @Test
  void whatTheTaskHas_isThereInside_andWhatTheCodeSets_isThereAfterwards() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          for (String name : List.of("ada", "bob")) {
            nursery.start(
                name,
                () -> {
                  LOCAL.set(name);
                  mdc.put("user", name);
                  ScopedValue.where(USER, name)
                      .call(() -> {
                        Thread task = Thread.currentThread();
                        Blocking.run(() -> {
                          assertThat(Thread.currentThread()).isSameAs(task);
                          assertThat(Thread.currentThread().getName()).isEqualTo(name);
                          assertSees(name);
                          LOCAL.set(name + " inside");
                          mdc.put("step", "inside " + name);
                        });
                        Roost.checkpoint();
                        assertThat(USER.get()).isEqualTo(name);
                        assertThat(LOCAL.get()).isEqualTo(name + " inside");
                        assertThat(mdc.get("step")).isEqualTo("inside " + name);
                        return null;
                      });
                  assertThat(USER.isBound()).isFalse();
                });
          }
        }));
  }

  private void assertSees(String name) {
    assertThat(LOCAL.get()).isEqualTo(name);
    assertThat(mdc.get("user")).isEqualTo(name);
    assertThat(USER.get()).isEqualTo(name);
  }

  @Test
  void stackTraceInside_showsTheWayFromTheTask() throws Exception {
    StackTraceElement[] stack = Roost.call(() -> callADriver());

    assertThat(stack).extracting(StackTraceElement::getMethodName).contains("callADriver");
  }

  private static StackTraceElement[] callADriver() throws InterruptedException {
    return Blocking.call(() -> new Throwable().getStackTrace());
  }

  @Test
  void inheritedValuesAndCarriedContext_reachTheSectionsOfChildren() throws Exception {
    List<String> seen = new ArrayList<>();
    ContextCarrier logging =
        () -> {
          Map<String, String> captured = mdc.getCopyOfContextMap();
          return child -> {
            mdc.setContextMap(captured == null ? Map.of() : captured);
            child.run();
          };
        };
    ScopedValue.where(USER, "ada")
        .call(() -> {
          mdc.put("request", "17");
          Roost.with()
              .inherit(USER)
              .contextCarrier(logging)
              .run(() ->
                  Nursery.run(nursery -> {
                    nursery.start(() ->
                        seen.add(
                            Blocking.call(() -> "in place " + USER.get() + mdc.get("request"))));
                    Roost.checkpoint();
                    mdc.put("request", "18");
                    nursery.start(() ->
                        seen.add(
                            Blocking.abandoning()
                                .call(() -> "elsewhere " + USER.get() + mdc.get("request"))));
                  }));
          mdc.clear();
          return null;
        });

    assertThat(seen).containsExactlyInAnyOrder("in place ada17", "elsewhere ada18");
  }
}
