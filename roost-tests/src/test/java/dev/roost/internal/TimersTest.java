package dev.roost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The heap of timers against a sorted list. */
class TimersTest {

  private final Timers timers = new Timers();
  private final List<Integer> fired = new ArrayList<>();

  private final class Numbered extends Timer {
    final int number;
    long setAs;

    Numbered(int number) {
      this.number = number;
    }

    @Override
    protected void fire() {
      fired.add(number);
    }
  }

  @Test
  void noTimer_isNeverDue() {
    assertThat(timers.isEmpty()).isTrue();
    assertThat(timers.earliest()).isEqualTo(Timer.NEVER);
    assertThat(timers.fireDue(Long.MAX_VALUE)).isZero();
    Numbered timer = new Numbered(1);
    timers.remove(timer);
    timers.set(timer, Timer.NEVER);
    assertThat(timer.isPending()).isFalse();
    assertThat(timers.size()).isZero();
  }

  @Test
  void equalMoments_fireInTheOrderInWhichTheyWereSet() {
    for (int n = 0; n < 50; n++) {
      timers.set(new Numbered(n), 7);
    }
    assertThat(timers.fireDue(6)).isZero();
    assertThat(timers.fireDue(7)).isEqualTo(50);
    assertThat(fired).hasSize(50).isSorted();
  }

  @Test
  void randomSteps_agreeWithASortedList() {
    for (long seed = 1; seed <= 6; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Timers heap = new Timers();
      fired.clear();
      List<Numbered> model = new ArrayList<>();
      List<Numbered> all = new ArrayList<>();
      long sets = 0;
      long now = 0;
      for (int step = 0; step < 500; step++) {
        int kind = random.nextInt(10);
        if (kind < 4 || all.isEmpty()) {
          Numbered timer = new Numbered(all.size());
          all.add(timer);
          model.add(timer);
          timer.setAs = sets++;
          heap.set(timer, now + random.nextInt(50));
        } else if (kind < 7) {
          Numbered timer = all.get(random.nextInt(all.size()));
          timer.setAs = sets++;
          heap.set(timer, now + random.nextInt(50));
          if (!model.contains(timer)) {
            model.add(timer);
          }
        } else if (kind < 9) {
          Numbered timer = all.get(random.nextInt(all.size()));
          heap.remove(timer);
          model.remove(timer);
          assertThat(timer.isPending()).isFalse();
        } else {
          now += random.nextInt(30);
          long due = now;
          model.sort(
              Comparator.comparingLong((Numbered t) -> t.moment()).thenComparingLong(t -> t.setAs));
          List<Integer> expected = new ArrayList<>(fired);
          model.stream().filter(t -> t.moment() <= due).forEach(t -> expected.add(t.number));
          model.removeIf(t -> t.moment() <= due);
          heap.fireDue(now);
          assertThat(fired).isEqualTo(expected);
        }
        assertThat(heap.size()).isEqualTo(model.size());
        assertThat(heap.earliest())
            .isEqualTo(model.stream().mapToLong(Timer::moment).min().orElse(Timer.NEVER));
      }
    }
  }

  @Test
  void timerThatSetsItselfAgain_firesAgain_onlyIfItIsDue() {
    Timer again =
        new Timer() {
          @Override
          protected void fire() {
            fired.add(fired.size());
            timers.set(this, moment() + 10);
          }
        };
    timers.set(again, 5);
    assertThat(timers.fireDue(27)).isEqualTo(3);
    assertThat(timers.earliest()).isEqualTo(35);
  }

  @Test
  void millionChanges_leaveNothingBehind() {
    Numbered moved = new Numbered(0);
    Numbered other = new Numbered(1);
    timers.set(other, 10);
    for (int n = 0; n < 1_000_000; n++) {
      timers.set(moved, n);
    }
    assertThat(timers.size()).isEqualTo(2);
    assertThat(timers.earliest()).isEqualTo(10);
    timers.remove(moved);
    timers.remove(other);
    assertThat(timers.isEmpty()).isTrue();
  }

  @Test
  void burst_isTakenOutInAnyOrder() {
    List<Numbered> burst = new ArrayList<>();
    for (int n = 0; n < 5_000; n++) {
      Numbered timer = new Numbered(n);
      burst.add(timer);
      timers.set(timer, (n * 7919L) % 5_000);
    }
    for (int n = 0; n < 5_000; n += 2) {
      timers.remove(burst.get(n));
    }
    assertThat(timers.fireDue(5_000)).isEqualTo(2_500);
    assertThat(timers.isEmpty()).isTrue();
  }
}
