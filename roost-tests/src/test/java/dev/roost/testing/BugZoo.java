package dev.roost.testing;

import dev.roost.AsyncRunnable;
import dev.roost.Nursery;
import java.util.List;

/**
 * Small programs with a deliberate bug, each with its corrected twin: what the search for bad
 * schedules has to find, and what it has to let pass. They are in {@link BuggyRaces}, {@link
 * BuggyWaits} and {@link BuggyCancellations}.
 */
final class BugZoo {

  private BugZoo() {}

  /**
   * One of them.
   *
   * @param mode how it is looked for
   * @param within how many schedules that takes at most
   * @param finds part of the message of the failure
   */
  record Specimen(
      String name,
      ScheduleMode mode,
      int within,
      String finds,
      AsyncRunnable<?> bug,
      AsyncRunnable<?> twin) {

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Specimen> all() {
    return List.of(
        new Specimen(
            "a balance is read before a checkpoint and written after it",
            ScheduleMode.RANDOM,
            1,
            "money: 1",
            () -> BuggyRaces.deposits(true),
            () -> BuggyRaces.deposits(false)),
        new Specimen(
            "an empty cache is filled twice",
            ScheduleMode.RANDOM,
            1,
            "loaded 2 times",
            () -> BuggyRaces.cache(true),
            () -> BuggyRaces.cache(false)),
        new Specimen(
            "what a task needs is set after it was started",
            ScheduleMode.ALL,
            5,
            "not connected yet",
            () -> BuggyRaces.lateInit(true),
            () -> BuggyRaces.lateInit(false)),
        new Specimen(
            "a collection changes while it is walked through",
            ScheduleMode.RANDOM,
            10,
            "ConcurrentModificationException",
            () -> BuggyRaces.walk(true),
            () -> BuggyRaces.walk(false)),
        new Specimen(
            "a wake-up comes between the look and the wait",
            ScheduleMode.RANDOM,
            10,
            "Deadlock",
            () -> BuggyWaits.lostWakeUp(true),
            () -> BuggyWaits.lostWakeUp(false)),
        new Specimen(
            "a consumer that was woken does not look again",
            ScheduleMode.ALL,
            200,
            "NoSuchElementException",
            () -> BuggyWaits.stolenWakeUp(true),
            () -> BuggyWaits.stolenWakeUp(false)),
        new Specimen(
            "one is woken, and it is the wrong one",
            ScheduleMode.RANDOM,
            10,
            "Deadlock",
            () -> BuggyWaits.wrongOneWoken(true),
            () -> BuggyWaits.wrongOneWoken(false)),
        new Specimen(
            "two locks are taken in two orders",
            ScheduleMode.ALL,
            10,
            "In a circle",
            () -> BuggyWaits.twoLocks(true),
            () -> BuggyWaits.twoLocks(false)),
        new Specimen(
            "each philosopher takes the left fork first",
            ScheduleMode.PCT,
            60,
            "Deadlock",
            () -> BuggyWaits.philosophers(true),
            () -> BuggyWaits.philosophers(false)),
        new Specimen(
            "a producer gets further ahead than there is room",
            ScheduleMode.PCT,
            20,
            "overwritten",
            () -> BuggyWaits.overrun(true),
            () -> BuggyWaits.overrun(false)),
        new Specimen(
            "an end of a channel is forgotten",
            ScheduleMode.RANDOM,
            1,
            "Deadlock",
            () -> BuggyWaits.forgottenEnd(true),
            () -> BuggyWaits.forgottenEnd(false)),
        new Specimen(
            "a loop of checkpoints waits for what never comes",
            ScheduleMode.ALL,
            10,
            "goes on and on",
            () -> BuggyWaits.spin(true),
            () -> BuggyWaits.spin(false)),
        new Specimen(
            "a permit is lost when its holder is cancelled",
            ScheduleMode.CANCELLATION,
            10,
            "permits left: 0",
            () -> BuggyCancellations.lostPermit(true),
            () -> BuggyCancellations.lostPermit(false)),
        new Specimen(
            "a cancellation is caught with the other exceptions",
            ScheduleMode.CANCELLATION,
            10,
            "The cancellation was swallowed",
            () -> BuggyCancellations.swallowed(true),
            () -> BuggyCancellations.swallowed(false)),
        new Specimen(
            "a loop catches everything and goes on",
            ScheduleMode.CANCELLATION,
            10,
            "swallowed again and again",
            () -> BuggyCancellations.stubborn(true),
            () -> BuggyCancellations.stubborn(false)),
        new Specimen(
            "a cancellation comes out as another exception",
            ScheduleMode.CANCELLATION,
            10,
            "throws something else",
            () -> BuggyCancellations.wrapped(true),
            () -> BuggyCancellations.wrapped(false)),
        new Specimen(
            "a clean-up waits for somebody who was cancelled too",
            ScheduleMode.CANCELLATION,
            10,
            "Deadlock after a cancellation",
            () -> BuggyCancellations.hangingCleanUp(true),
            () -> BuggyCancellations.hangingCleanUp(false)),
        new Specimen(
            "a clean-up is cancelled itself",
            ScheduleMode.CANCELLATION,
            10,
            "no goodbye",
            () -> BuggyCancellations.cancelledCleanUp(true),
            () -> BuggyCancellations.cancelledCleanUp(false)));
  }

  static void check(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }

  static void both(AsyncRunnable<?> one, AsyncRunnable<?> other) throws InterruptedException {
    Nursery.run(nursery -> {
      nursery.start("one", one);
      nursery.start("other", other);
    });
  }
}
