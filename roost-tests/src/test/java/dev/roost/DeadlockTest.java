package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.channel.MemoryChannel;
import dev.roost.lowlevel.OutsideWakeup;
import dev.roost.lowlevel.ParkingLot;
import dev.roost.sync.CapacityLimiter;
import dev.roost.sync.Event;
import dev.roost.sync.Lock;
import dev.roost.sync.ReadWriteLock;
import dev.roost.testing.Testing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A run in which everybody waits for everybody else says so. */
class DeadlockTest {

  private final List<Deadlock> told = new CopyOnWriteArrayList<>();
  private final CountDownLatch toldOnce = new CountDownLatch(1);

  /** The scope that ends the deadlock when it is told. */
  private final CancelScope way = CancelScope.create();

  private final Instrument instrument =
      new Instrument() {
        @Override
        public void deadlocked(Deadlock deadlock) {
          told.add(deadlock);
          toldOnce.countDown();
          way.cancel("deadlocked");
        }
      };

  private RunOptions options() {
    return Roost.with().name("r").instrument(instrument);
  }

  /** Runs a main that ends in a deadlock, and gives what was told. */
  private Deadlock deadlockOf(Nursery.Body main) throws Exception {
    InstrumentTest.quietly(
        () -> options().run(() -> assertThat(way.run(() -> Nursery.run(main))).isFalse()));
    assertThat(told).hasSize(1);
    return told.getFirst();
  }

  @Test
  void locksInTwoOrders_areToldWithTheCircle() throws Exception {
    Lock a = new Lock();
    Lock b = new Lock();
    Deadlock deadlock =
        deadlockOf(nursery -> {
          nursery.start("ada", () -> takeBoth(a, b));
          nursery.start("bob", () -> takeBoth(b, a));
        });

    assertThat(deadlock.run()).isEqualTo("r");
    assertThat(deadlock.unlessPortalCall()).isFalse();
    assertThat(deadlock.circle()).extracting(Task::name).containsExactly("ada", "bob");
    assertThat(deadlock.tree().toString()).contains("├─ ada: waiting for Lock[owned by Task[bob]");
    assertThat(deadlock.waits())
        .extracting(wait -> wait.task().name())
        .containsExactly("main", "ada", "bob");
    assertThat(deadlock.toString())
        .contains(
            "the run r stands still: each of its 3 tasks waits",
            "It will never go on",
            "main waits for 2 children, which is up to ada, bob",
            "ada waits for Lock[owned by Task[bob], 1 waiting], which is up to bob, at"
                + " dev.roost.DeadlockTest.takeBoth(DeadlockTest.java:",
            "In a circle: ada -> bob -> ada");
  }

  private static void takeBoth(Lock first, Lock second) throws InterruptedException {
    try (var _ = first.acquire()) {
      Roost.checkpoint();
      try (var _ = second.acquire()) {
        throw new AssertionError("there should be a deadlock");
      }
    }
  }

  @Test
  void parentThatHoldsWhatItsChildWaitsFor_isACircle() throws Exception {
    ReadWriteLock lock = new ReadWriteLock();
    Deadlock deadlock =
        deadlockOf(outer -> {
          try (var _ = lock.acquireWrite()) {
            Nursery.run(nursery -> nursery.start("child", () -> lock.acquireRead().close()));
          }
        });

    assertThat(deadlock.circle()).extracting(Task::name).containsExactly("main", "child");
  }

  @Test
  void limitersAndReaders_tellWhoHoldsThem() throws Exception {
    CapacityLimiter limiter = new CapacityLimiter(1);
    ReadWriteLock lock = new ReadWriteLock();
    Deadlock deadlock =
        deadlockOf(nursery -> {
          nursery.start(
              "ada",
              () -> {
                try (var _ = limiter.acquire()) {
                  Roost.checkpoint();
                  lock.acquireWrite().close();
                }
              });
          nursery.start(
              "bob",
              () -> {
                try (var _ = lock.acquireRead()) {
                  Roost.checkpoint();
                  limiter.acquire().close();
                }
              });
        });

    assertThat(deadlock.circle()).extracting(Task::name).containsExactly("ada", "bob");
  }

  @Test
  void waitsThatNobodyIsKnownToEnd_areToldWithoutACircle() throws Exception {
    var channel = MemoryChannel.<String>open(0);
    Deadlock deadlock =
        deadlockOf(nursery -> {
          nursery.start("consumer", () -> channel.receiver().receive());
          new Event().await();
        });

    assertThat(deadlock.circle()).isEmpty();
    assertThat(deadlock.toString())
        .contains(
            "main waits for an event, at dev.roost.DeadlockTest.",
            "consumer waits for ReceiveChannel[rendezvous");
  }

  @Test
  void soleTask_isToldInTheSingular_andAVirtualClockDoesNotHelp() throws Exception {
    InstrumentTest.quietly(
        () -> World.options().name("r").instrument(instrument).run(() -> way.run(World::hang)));

    assertThat(told).singleElement().asString().contains("its only task waits for something");
  }

  @Test
  void deadlock_isToldOnce() throws Exception {
    InstrumentTest.quietly(() ->
        options()
            .run(() -> {
              assertThat(way.run(World::hang)).isFalse();
              Portal portal = Portal.current();
              Event second = new Event();
              toldOnce.await();
              Thread.ofVirtual().start(() -> portal.post(second::set));
              second.await();
            }));

    assertThat(told).hasSize(1);
  }

  @Test
  void runWhosePortalIsOut_mayGoOn() throws Exception {
    InstrumentTest.quietly(() ->
        options()
            .run(() -> {
              assertThat(Portal.current()).isNotNull();
              assertThat(way.run(World::hang)).isFalse();
            }));

    assertThat(told).singleElement().matches(Deadlock::unlessPortalCall);
    assertThat(told.getFirst().toString())
        .contains("only if a call or a post comes through its portal");
  }

  @Test
  void blockingSectionThatWaitsForAPortalCall_isNoHope() throws Exception {
    Deadlock deadlock =
        deadlockOf(nursery -> {
          Portal portal = Portal.current();
          Blocking.run(() -> portal.run(World::hang));
        });

    assertThat(deadlock.toString())
        .contains("main waits for a portal call of its blocking section, which is up to ");
  }

  /** Runs main with somebody outside who sets its event as soon as the run has come to rest. */
  private void assertNotTold(RunOptions options, AsyncConsumer<Event, ?> main) throws Exception {
    CountDownLatch atRest = new CountDownLatch(1);
    Instrument rest =
        new Instrument() {
          @Override
          public void beforeIoWait(@Nullable Duration timeout) {
            atRest.countDown();
          }
        };
    options
        .instrument(instrument)
        .instrument(rest)
        .run(() -> {
          Event event = new Event();
          Run run = TaskFiber.current().run;
          Thread.ofVirtual()
              .start(() -> {
                await(atRest);
                run.scheduler.post(event::set);
              });
          try {
            main.accept(event);
          } catch (Exception e) {
            throw Bodies.rethrow(e);
          }
        });
    assertThat(atRest.getCount()).isZero();
    assertThat(told).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void runThatSleepsForEver_waitsOnPurpose() throws Exception {
    assertNotTold(
        Roost.with(),
        event ->
            Nursery.run(nursery -> {
              nursery.start(Roost::sleepForever);
              nursery.start(() -> {
                event.await();
                Roost.checkpoint();
                new Event().await(); // the excuse still holds
              });
              event.await();
              Testing.waitAllTasksBlocked();
              nursery.cancel();
            }));
  }

  @Test
  void runThatSleepsForEver_onAVirtualClock_isToldUnlessAShutdownMayCome() throws Exception {
    InstrumentTest.quietly(
        () -> World.options().instrument(instrument).run(() -> way.run(Roost::sleepForever)));

    assertThat(told).singleElement().asString().contains("main waits for ever (sleepForever)");
    told.clear();
    assertNotTold(
        World.options().cancelOnShutdown(Duration.ofSeconds(1)),
        event ->
            Nursery.run(nursery -> {
              nursery.start(Roost::sleepForever);
              event.await();
              nursery.cancel();
            }));
  }

  @Test
  void blockThatStopsAtAShutdown_waitsOnPurpose_ifAShutdownMayCome() throws Exception {
    assertNotTold(
        Roost.with().cancelOnShutdown(Duration.ofSeconds(1)),
        event -> CancelScope.untilStopping().run(event::await));
    way.cancel();
    Deadlock deadlock =
        new DeadlockTest().deadlockOf(_ -> CancelScope.untilStopping().run(World::hang));
    assertThat(deadlock.waits()).hasSize(1);
  }

  @Test
  void wakeupExpectedFromOutside_isHope() throws Exception {
    assertNotTold(
        Roost.with(),
        event -> {
          OutsideWakeup expected = OutsideWakeup.expect();
          assertThat(expected).hasToString("OutsideWakeup[expected]");
          event.await();
          expected.close();
          expected.close();
          assertThat(expected).hasToString("OutsideWakeup[closed]");
        });
    assertThatThrownBy(OutsideWakeup::expect).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void timersSectionsAndIdlers_areHope() throws Exception {
    World.options()
        .instrument(instrument)
        .run(() -> {
          CancelScope.moveOnAfter(World.seconds(1)).run(World::hang);
          Nursery.run(nursery -> {
            nursery.start(World::hang);
            Testing.waitAllTasksBlocked();
            Blocking.run(() -> {});
            Blocking.abandoning().run(() -> {});
            nursery.cancel();
          });
        });

    assertThat(told).isEmpty();
  }

  @Test
  void backgroundRun_mayRest_butNotItsTasks() throws Exception {
    InstrumentTest.quietly(() -> {
      try (BackgroundRun run = Roost.with().instrument(instrument).open()) {
        for (int i = 0; i < 3; i++) {
          run.portal().run(Roost::checkpoint);
        }
        assertThat(told).isEmpty();
        run.portal().run(() -> way.run(World::hang));
      }
    });

    assertThat(told)
        .singleElement()
        .satisfies(deadlock -> {
          assertThat(deadlock.unlessPortalCall()).isTrue();
          assertThat(deadlock.waits()).hasSize(1);
        });
  }

  @Test
  void manyTasks_areNotAllListed() throws Exception {
    Deadlock deadlock =
        deadlockOf(nursery -> {
          for (int i = 0; i < 150; i++) {
            nursery.start("t" + i, World::hang);
          }
        });

    assertThat(deadlock.waits()).hasSize(151);
    assertThat(deadlock.toString().lines()).hasSizeLessThan(210).contains("  … and 51 more");
  }

  @Test
  void deadlock_isLogged() throws Exception {
    List<LogRecord> logged = new ArrayList<>();
    Logger logger = Logger.getLogger("dev.roost");
    Filter before = logger.getFilter();
    logger.setFilter(entry -> {
      logged.add(entry);
      return false;
    });
    try {
      options().run(() -> way.run(World::hang));
    } finally {
      logger.setFilter(before);
    }

    assertThat(logged)
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.getLevel()).isEqualTo(Level.WARNING);
          assertThat(entry.getMessage()).startsWith("Roost: the run r stands still");
        });
  }

  /**
   * Where each task is takes a look at its stack, so only those that the report names are asked.
   */
  @Test
  void placesOfTheFirstHundredTasks_areTold() throws Exception {
    Deadlock deadlock =
        deadlockOf(nursery -> {
          for (int n = 0; n < 100; n++) {
            nursery.start("child", World::hang);
          }
        });

    assertThat(deadlock.waits()).hasSize(101);
    assertThat(deadlock.waits().subList(0, 100))
        .allSatisfy(wait -> assertThat(wait.place()).isPresent());
    assertThat(deadlock.waits().get(1).place().orElseThrow().getClassName())
        .isEqualTo(World.class.getName());
    assertThat(deadlock.waits().getLast().place()).isEmpty();
  }

  @Test
  void waitForSomethingThatCannotSayItsName_isToldAllTheSame() throws Exception {
    Object broken =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("no name");
          }
        };
    Deadlock deadlock = deadlockOf(_ -> new ParkingLot(broken).park());

    assertThat(deadlock.toString())
        .contains("(whose toString threw java.lang.IllegalStateException)");
  }
}
