package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.Roost;
import dev.roost.testing.MockClock;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The pace and the rules of the race, on a virtual clock, with attempts that only say what they
 * would come to.
 */
class HappyEyeballsTest {

  /** How an attempt ends, and after how many milliseconds. */
  private record Plan(long millis, String end) {
    static Plan fails(long millis) {
      return new Plan(millis, "fails");
    }

    static Plan wins(long millis) {
      return new Plan(millis, "wins");
    }

    static Plan crashes(long millis) {
      return new Plan(millis, "crashes");
    }
  }

  private static final Duration DELAY = Duration.ofMillis(250);

  private final List<Long> starts = new ArrayList<>();
  private final List<Integer> discarded = new ArrayList<>();
  private final TreeSet<Integer> cancelled = new TreeSet<>();
  private List<String> failures = List.of();
  private long endedAt = -1;

  private static long now() {
    return Duration.between(Instant.EPOCH, Roost.now()).toMillis();
  }

  private Integer race(Plan... plans) throws InterruptedException {
    return race(DELAY, plans);
  }

  private Integer race(Duration delay, Plan... plans) throws InterruptedException {
    return Roost.with().clock(new MockClock().autojump()).call(() -> raceInside(delay, plans));
  }

  private Integer raceInside(Duration delay, Plan... plans) throws InterruptedException {
    var race =
        new HappyEyeballs<Integer, Integer>(
            IntStream.range(0, plans.length).boxed().toList(),
            delay,
            i -> attempt(i, plans[i]),
            discarded::add);
    try {
      return race.run();
    } finally {
      failures = race.failures().stream().map(Throwable::getMessage).toList();
      endedAt = now();
    }
  }

  private Integer attempt(int number, Plan plan) throws IOException, InterruptedException {
    starts.add(now());
    try {
      Roost.sleep(Duration.ofMillis(plan.millis));
    } catch (InterruptedException e) {
      cancelled.add(number);
      throw e;
    }
    return switch (plan.end) {
      case "fails" -> throw new IOException("attempt " + number);
      case "crashes" -> throw new ArithmeticException("attempt " + number);
      case "errs" -> throw new AssertionError("attempt " + number);
      default -> number;
    };
  }

  @Test
  void the_worked_timeline_starts_and_ends_at_the_right_times() throws Exception {
    var winner = race(Plan.fails(100), Plan.fails(200), Plan.wins(10_000), Plan.wins(250));

    assertThat(winner).isEqualTo(3);
    assertThat(starts).containsExactly(0L, 100L, 300L, 550L);
    assertThat(endedAt).isEqualTo(800);
    assertThat(cancelled).containsExactly(2);
    assertThat(failures).containsExactly("attempt 0", "attempt 1");
  }

  @Test
  void one_success_is_the_result() throws Exception {
    assertThat(race(Plan.wins(123))).isZero();
    assertThat(endedAt).isEqualTo(123);
  }

  @Test
  void no_second_attempt_if_the_first_succeeds_within_the_delay() throws Exception {
    assertThat(race(Plan.wins(249), Plan.wins(0))).isZero();
    assertThat(starts).containsExactly(0L);
  }

  @Test
  void the_last_attempt_has_no_limit() throws Exception {
    assertThat(race(Plan.fails(1000), Plan.wins(1_000_000))).isEqualTo(1);
    assertThat(starts).containsExactly(0L, 250L);
    assertThat(endedAt).isEqualTo(1_000_250);
  }

  @Test
  void an_early_attempt_can_still_win() throws Exception {
    assertThat(race(Plan.wins(600), Plan.wins(10_000), Plan.wins(10_000))).isZero();
    assertThat(starts).containsExactly(0L, 250L, 500L);
    assertThat(endedAt).isEqualTo(600);
    assertThat(cancelled).containsExactly(1, 2);
  }

  @Test
  void the_failure_of_an_earlier_attempt_does_not_hasten_the_next() throws Exception {
    // The first fails at 300, while the second, started at 250, is the newest: the third waits
    // until 500.
    assertThat(race(Plan.fails(300), Plan.wins(10_000), Plan.wins(1))).isEqualTo(2);
    assertThat(starts).containsExactly(0L, 250L, 500L);
  }

  @Test
  void all_failed_gives_nothing_and_the_errors_in_their_order() throws Exception {
    assertThat(race(Plan.fails(500), Plan.fails(100), Plan.fails(1000))).isNull();
    assertThat(starts).containsExactly(0L, 250L, 350L);
    assertThat(failures).containsExactly("attempt 1", "attempt 0", "attempt 2");
    assertThat(endedAt).isEqualTo(1350);
  }

  @Test
  void immediate_failures_take_no_time() throws Exception {
    assertThat(race(Plan.fails(0), Plan.fails(0), Plan.wins(0))).isEqualTo(2);
    assertThat(endedAt).isZero();
  }

  @Test
  void the_delay_can_be_changed() throws Exception {
    assertThat(race(Duration.ofSeconds(2), Plan.wins(10_000), Plan.wins(10_000), Plan.wins(10_000)))
        .isZero();
    assertThat(starts).containsExactly(0L, 2000L, 4000L);
  }

  @Test
  void with_no_delay_all_start_at_once() throws Exception {
    assertThat(race(Duration.ZERO, Plan.wins(300), Plan.fails(100), Plan.wins(200))).isEqualTo(2);
    assertThat(starts).containsExactly(0L, 0L, 0L);
  }

  @Test
  void an_endless_delay_makes_one_attempt_at_a_time() throws Exception {
    var forever = Duration.ofSeconds(Long.MAX_VALUE);
    assertThat(race(forever, Plan.fails(5000), Plan.wins(5000))).isEqualTo(1);
    assertThat(starts).containsExactly(0L, 5000L);
  }

  @Test
  void any_other_error_cancels_everything_and_comes_out_as_it_is() {
    assertThatThrownBy(() -> race(Plan.wins(10_000), Plan.crashes(100), Plan.wins(10_000)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("attempt 1");
    assertThat(starts).containsExactly(0L, 250L);
    assertThat(cancelled).containsExactly(0);
    assertThat(endedAt).isEqualTo(350);
  }

  @Test
  void an_error_of_the_virtual_machine_comes_out_as_it_is_too() {
    assertThatThrownBy(() -> race(new Plan(10, "errs")))
        .isInstanceOf(AssertionError.class)
        .hasMessage("attempt 0");
  }

  @Test
  void two_other_errors_come_out_as_a_group() {
    assertThatThrownBy(() -> race(Duration.ZERO, Plan.crashes(100), Plan.crashes(100)))
        .isInstanceOfSatisfying(
            ExceptionGroup.class, group -> assertThat(group.errors()).hasSize(2));
  }

  @Test
  void a_crash_beside_a_success_discards_the_success() {
    assertThatThrownBy(() -> race(Duration.ZERO, Plan.wins(100), Plan.crashes(100)))
        .isInstanceOf(ArithmeticException.class);
    assertThat(discarded).containsExactly(0);
  }

  /** With equal times both may succeed before the cancellation gets to the second one. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void of_two_successes_at_once_one_wins_and_the_other_is_discarded(long seed) throws Exception {
    var winner =
        Roost.with()
            .clock(new MockClock().autojump())
            .seed(seed)
            .call(() -> raceInside(Duration.ZERO, Plan.wins(100), Plan.wins(100)));

    assertThat(winner).isIn(0, 1);
    var other = 1 - winner;
    assertThat(discarded.equals(List.of(other)) != cancelled.contains(other)).isTrue();
  }

  @Test
  void cancelling_the_race_cancels_all_attempts() throws Exception {
    Roost.with()
        .clock(new MockClock().autojump())
        .run(() -> {
          var scope = CancelScope.moveOnAfter(Duration.ofMillis(300));
          assertThat(scope.run(() -> raceInside(DELAY, Plan.wins(10_000), Plan.wins(10_000))))
              .isFalse();
          assertThat(endedAt).isEqualTo(300);
        });
    assertThat(cancelled).containsExactly(0, 1);
    assertThat(discarded).isEmpty();
  }

  /** R3: cancelled means that it did not happen, so what had just been won is closed. */
  @Test
  void cancelling_the_race_at_the_moment_of_success_discards_the_winner() throws Exception {
    Roost.with()
        .clock(new MockClock().autojump())
        .run(() -> {
          var scope = CancelScope.create();
          var race =
              new HappyEyeballs<Integer, Integer>(
                  List.of(0, 1),
                  Duration.ZERO,
                  i -> {
                    if (i == 0) {
                      Roost.sleepForever();
                    }
                    scope.cancel();
                    return i;
                  },
                  discarded::add);
          assertThat(scope.run(race::run)).isFalse();
        });
    assertThat(discarded).containsExactly(1);
  }

  @Test
  void the_order_moves_the_first_address_of_the_other_family_up_to_second_place() {
    assertThat(ordered()).isEmpty();
    assertThat(ordered("1.1.1.1")).containsExactly("1.1.1.1");
    assertThat(ordered("1.1.1.1", "2.2.2.2")).containsExactly("1.1.1.1", "2.2.2.2");
    assertThat(ordered("::1", "1.1.1.1", "::2")).containsExactly("::1", "1.1.1.1", "::2");
    assertThat(ordered("::1", "::2", "::3", "1.1.1.1", "::4", "2.2.2.2"))
        .containsExactly("::1", "1.1.1.1", "::2", "::3", "::4", "2.2.2.2");
    assertThat(ordered("1.1.1.1", "2.2.2.2", "::1", "::2"))
        .containsExactly("1.1.1.1", "::1", "2.2.2.2", "::2");
  }

  private static List<String> ordered(String... addresses) {
    return HappyEyeballs.inOrder(Stream.of(addresses).map(InetAddress::ofLiteral).toList()).stream()
        .map(address ->
            address.getHostAddress().replaceFirst("^(0:)+", "::").replaceFirst(":::", "::"))
        .toList();
  }
}
