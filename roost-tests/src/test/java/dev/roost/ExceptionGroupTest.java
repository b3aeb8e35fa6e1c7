package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Several errors as one. */
@SuppressWarnings("finally") // throwing while something else is thrown is what they test
class ExceptionGroupTest {

  private final IOException io = new IOException("io");
  private final FileNotFoundException file = new FileNotFoundException("file");
  private final IllegalStateException state = new IllegalStateException("state");
  private final AssertionError error = new AssertionError("error");

  /** [io, [file, state], error] */
  private final ExceptionGroup inner = new ExceptionGroup("inner", List.of(file, state));

  private final ExceptionGroup group = new ExceptionGroup("outer", List.of(io, inner, error));

  @Test
  void emptyGroup_isRefused() {
    assertThatThrownBy(() -> new ExceptionGroup("x", List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one error");
  }

  @Test
  @SuppressWarnings("NullAway")
  void nulls_areRefused() {
    assertThatThrownBy(() -> new ExceptionGroup(null, List.of(io)))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> new ExceptionGroup("x", null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> group.find(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> group.split(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> group.on(IOException.class, null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> group.onThrowing(IOException.class, null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> group.map(IOException.class, null))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void firstError_isTheCause_andTheOthersAreSuppressed() {
    assertThat(group.getCause()).isSameAs(io);
    assertThat(group.getSuppressed()).containsExactly(inner, error);
    assertThat(group.errors()).containsExactly(io, inner, error);
    assertThat(group)
        .hasMessageContaining("outer")
        .hasMessageContaining("3 errors")
        .hasMessageContaining("io");
    assertThat(new ExceptionGroup("alone", List.of(inner)))
        .hasMessageContaining("1 error")
        .hasMessageContaining("a group of 2 with " + inner.errors().getFirst());
  }

  @Test
  void errors_cannotBeChangedFromOutside() {
    List<Throwable> list = new ArrayList<>(List.of(io));
    ExceptionGroup made = new ExceptionGroup("x", list);
    list.add(file);
    assertThat(made.errors()).containsExactly(io);
    assertThatThrownBy(() -> made.errors().add(file))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void sameErrorTwice_isAllowed() {
    assertThat(new ExceptionGroup("x", List.of(io, io)).leaves()).containsExactly(io, io);
  }

  @Test
  void leavesAndFind_lookAtAnyDepth_inOrder() {
    assertThat(group.leaves()).containsExactly(io, file, state, error);
    assertThat(group.find(FileNotFoundException.class)).containsSame(file);
    assertThat(group.find(IOException.class)).containsSame(io);
    assertThat(group.find(Error.class)).containsSame(error);
    assertThat(group.find(ArithmeticException.class)).isEmpty();
  }

  @Test
  void split_keepsTheNesting_theMessageAndTheTrace() {
    ExceptionGroup.Split split = group.split(IOException.class::isInstance);
    ExceptionGroup matching = split.matching().orElseThrow();
    ExceptionGroup rest = split.rest().orElseThrow();
    assertThat(matching.errors()).hasSize(2);
    assertThat(matching.errors().getFirst()).isSameAs(io);
    assertThat(((ExceptionGroup) matching.errors().get(1)).errors()).containsExactly(file);
    assertThat(rest.leaves()).containsExactly(state, error);
    assertThat(rest).hasMessageContaining("outer");
    assertThat(rest.getStackTrace()).isNotEmpty().isEqualTo(group.getStackTrace());
  }

  @Test
  void splitWhereAllMatchOrNone_givesTheGroupItself() {
    ExceptionGroup.Split all = group.split(_ -> true);
    assertThat(all.matching()).containsSame(group);
    assertThat(all.rest()).isEmpty();
    ExceptionGroup.Split none = group.split(_ -> false);
    assertThat(none.matching()).isEmpty();
    assertThat(none.rest()).containsSame(group);
  }

  @Test
  void handlers_takeTheirLeaves_theFirstThatMatches() throws Exception {
    List<String> log = new ArrayList<>();
    group
        .on(FileNotFoundException.class, e -> log.add("file " + e.getMessage()))
        .on(IOException.class, e -> log.add("io " + e.getMessage()))
        .on(Throwable.class, e -> log.add("rest " + e.getMessage()))
        .orThrow();
    assertThat(log).containsExactly("file file", "io io", "rest state", "rest error");
  }

  @Test
  void whatNoHandlerTook_isThrownAsAGroup() {
    Throwable thrown = catchThrowable(() -> group.on(IOException.class, _ -> {}).orThrow());
    assertThat(thrown).isInstanceOf(ExceptionGroup.class);
    assertThat(((ExceptionGroup) thrown).leaves()).containsExactly(state, error);
    assertThatThrownBy(() -> group.on(ArithmeticException.class, _ -> {}).orThrow())
        .isSameAs(group);
  }

  @Test
  void handlerThatThrows_throwsItsOwnType() {
    assertThatThrownBy(() ->
            group.onThrowing(
                IOException.class,
                e -> {
                  throw new FileNotFoundException("from the handler of " + e.getMessage());
                }))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("of io");
    assertThatThrownBy(() ->
            group
                .on(FileNotFoundException.class, _ -> {})
                .onThrowing(
                    IOException.class,
                    e -> {
                      throw new IOException("second step " + e.getMessage());
                    }))
        .hasMessage("second step io");
  }

  @Test
  void lambdaThatThrows_throwsItsOwnType_withoutANameOfItsOwn() throws InterruptedException {
    try {
      group
          .on(FileNotFoundException.class, _ -> {})
          .on(
              IOException.class,
              e -> {
                throw new TimeoutException("instead of " + e.getMessage());
              })
          .orThrow();
      fail("the handler threw");
    } catch (TimeoutException e) {
      assertThat(e).hasMessage("instead of io");
    }
    try {
      group.on(
          FileNotFoundException.class,
          e -> {
            throw new TimeoutException("first step");
          });
      fail("the handler threw");
    } catch (TimeoutException e) {
      assertThat(e).hasMessage("first step");
    }
  }

  @Test
  void handlersInVariables_findTheirOverload() throws Exception {
    List<Throwable> seen = new ArrayList<>();
    Consumer<Throwable> consumer = seen::add;
    AsyncConsumer<Throwable, IOException> async = seen::add;
    AsyncConsumer<IOException, TimeoutException> throwing =
        e -> {
          throw new TimeoutException(e.getMessage());
        };
    new ExceptionGroup("x", List.of(file, io, state, error))
        .on(FileNotFoundException.class, async)
        .on(IOException.class, consumer)
        .on(IllegalStateException.class, async)
        .on(Error.class, consumer)
        .orThrow();
    assertThat(seen).containsExactly(file, io, state, error);
    assertThatThrownBy(() -> group.on(IOException.class, throwing))
        .isInstanceOf(TimeoutException.class);
    group.on(Throwable.class, consumer).orThrow();
  }

  @Test
  void handler_isAConsumerAndAnAsyncConsumer() {
    ExceptionGroup.Handler<Throwable, IOException> handler =
        e -> {
          throw new IOException("handled " + e.getMessage());
        };
    assertThatThrownBy(() -> handler.accept(state)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> group.on(IllegalStateException.class, handler))
        .hasMessage("handled state");
  }

  @Test
  void handlerForAThrowingTypeThatIsNotThere_isNotCalled() throws Exception {
    List<Throwable> seen = new ArrayList<>();
    new ExceptionGroup("x", List.of(io))
        .onThrowing(ArithmeticException.class, seen::add)
        .on(IOException.class, seen::add)
        .onThrowing(IOException.class, seen::add)
        .orThrow();
    assertThat(seen).containsExactly(io);
  }

  @Test
  void map_givesTheValueOfTheFirstMatch() throws Exception {
    String value =
        group
            .map(ArithmeticException.class, _ -> "no")
            .map(IllegalStateException.class, e -> "yes " + e.getMessage())
            .map(IOException.class, _ -> "too late")
            .map(AssertionError.class, _ -> "too late")
            .orThrow();
    assertThat(value).isEqualTo("yes state");
    String nothing = group.<Throwable, String>map(Throwable.class, _ -> null).orThrow();
    assertThat(nothing).isNull();
  }

  @Test
  void map_throwsWhatNoneOfTheTypesTook() {
    assertThatThrownBy(() ->
            group
                .map(IllegalStateException.class, _ -> "value")
                .map(FileNotFoundException.class, _ -> "taken too")
                .orThrow())
        .isInstanceOfSatisfying(
            ExceptionGroup.class, rest -> assertThat(rest.leaves()).containsExactly(io, error));
  }

  @Test
  void mapWithoutAMatch_throwsTheGroup() {
    assertThatThrownBy(() -> group.map(ArithmeticException.class, _ -> 1).orThrow())
        .isSameAs(group);
  }

  @Test
  void cancellationsThatAreLeft_travelAlone() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(1));
      List<String> log = new ArrayList<>();
      boolean whole =
          scope.run(() -> {
            try {
              Nursery.run(nursery -> {
                nursery.start(Roost::sleepForever);
                try {
                  Roost.sleepForever();
                } finally {
                  throw new IOException("real");
                }
              });
            } catch (ExceptionGroup mixed) {
              ExceptionGroup.Handling rest =
                  mixed.on(IOException.class, e -> log.add(e.getMessage()));
              Throwable left = catchThrowable(rest::orThrow);
              assertThat(left).isInstanceOf(Cancelled.class);
              Throwable unmapped =
                  catchThrowable(() -> mixed.map(ArithmeticException.class, _ -> 1).orThrow());
              assertThat(unmapped).isSameAs(mixed);
              Throwable beside =
                  catchThrowable(() -> mixed.map(IOException.class, _ -> 1).orThrow());
              assertThat(beside).isInstanceOf(Cancelled.class);
              rest.orThrow();
            }
          });
      assertThat(whole).isFalse();
      assertThat(log).containsExactly("real");
    });
  }

  @Test
  void groupsNestedThousandsDeep_areHandledWithoutRecursion() {
    ExceptionGroup deep = new ExceptionGroup("0", List.of(io));
    for (int depth = 1; depth < 3_000; depth++) {
      deep = new ExceptionGroup("n", List.of(deep), false);
    }
    assertThat(deep.leaves()).containsExactly(io);
    assertThat(deep.split(IOException.class::isInstance).matching()).containsSame(deep);
    assertThat(deep.split(IOException.class::isInstance).rest()).isEmpty();
  }
}
