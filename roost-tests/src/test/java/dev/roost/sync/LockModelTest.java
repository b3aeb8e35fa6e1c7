package dev.roost.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Limiter;
import dev.roost.Roost;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Locks, conditions, semaphores, limiters and barriers against sequential models, with random
 * schedules and cancellations.
 */
class LockModelTest {

  @Test
  void lockAndCondition_behaveLikeTheModel() throws Exception {
    Chaos.play(12, LockAndCondition::new);
  }

  @Test
  void semaphore_behavesLikeTheModel() throws Exception {
    Chaos.play(8, SemaphoreChaos::new);
  }

  @Test
  void limiter_behavesLikeTheModel() throws Exception {
    Chaos.play(8, LimiterChaos::new);
  }

  @Test
  void readWriteLock_behavesLikeTheModel() throws Exception {
    Chaos.play(12, ReadWriteChaos::new);
  }

  @Test
  void barrier_behavesLikeTheModel() throws Exception {
    Chaos.play(8, BarrierChaos::new);
  }

  private static final class LockAndCondition extends Chaos {
    private static final int NOBODY = -1;

    private record Entry(int task, String outcome, boolean signal) {}

    private final Lock lock = new Lock();
    private final Condition condition = new Condition(lock);

    private int owner = NOBODY;
    private final List<Entry> forLock = new ArrayList<>();
    private final Deque<Integer> forSignal = new ArrayDeque<>();

    LockAndCondition(long seed) {
      super(seed, 5, 12);
    }

    private void want(int task, String outcome, boolean signal) {
      if (owner == NOBODY) {
        owner = task;
        decide(task, outcome);
      } else {
        forLock.add(new Entry(task, outcome, signal));
      }
    }

    private void handOver() {
      owner = NOBODY;
      if (!forLock.isEmpty()) {
        Entry next = forLock.removeFirst();
        owner = next.task;
        decide(next.task, next.outcome);
      }
    }

    private void signalInModel(boolean counted) {
      if (!forSignal.isEmpty()) {
        forLock.add(new Entry(forSignal.pollFirst(), "signalled", counted));
      }
    }

    @Override
    protected void step(int task) throws InterruptedException {
      String outcome =
          perform(
              task,
              "acquire",
              () -> want(task, "owns", false),
              () -> {
                var unused = lock.acquire();
                return "owns";
              });
      if (!outcome.equals("owns")) {
        return;
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        switch (random.nextInt(5)) {
          case 0 -> {
            note(task + " signals all");
            while (!forSignal.isEmpty()) {
              signalInModel(false);
            }
            condition.signalAll();
          }
          case 1 -> {
            note(task + " signals");
            signalInModel(true);
            condition.signal();
          }
          case 2 -> Roost.checkpoint();
          default -> await(task);
        }
        assertThat(lock.owner()).contains(dev.roost.Task.current());
      }
      note(task + " releases");
      handOver();
      lock.release();
    }

    private void await(int task) throws InterruptedException {
      performLive( // a wait that is cancelled on arrival has its own test: it does touch the lock
          task,
          "await",
          () -> {
            forSignal.add(task);
            handOver();
          },
          () -> {
            condition.await();
            return "signalled";
          });
    }

    @Override
    protected boolean cancelInModel(int task) {
      if (forSignal.remove(task)) {
        if (owner == NOBODY) {
          owner = task;
          return true;
        }
        forLock.add(new Entry(task, CANCELLED, false));
        return false;
      }
      for (int i = 0; i < forLock.size(); i++) {
        Entry entry = forLock.get(i);
        if (entry.task == task && entry.outcome.equals("owns")) {
          forLock.remove(i);
          return true;
        }
        if (entry.task == task && entry.outcome.equals("signalled")) {
          forLock.set(i, new Entry(task, CANCELLED, false));
          if (entry.signal) {
            signalInModel(true);
          }
          return false;
        }
      }
      return false;
    }

    @Override
    protected void compare() {
      assertThat(lock.isLocked()).isEqualTo(owner != NOBODY);
      assertThat(lock.statistics().tasksWaiting()).isEqualTo(forLock.size());
      assertThat(condition.statistics().tasksWaiting()).isEqualTo(forSignal.size());
    }

    @Override
    protected void release() {
      if (owner == NOBODY && !forSignal.isEmpty()) {
        cancel(forSignal.peekFirst());
      }
    }
  }

  private static final class SemaphoreChaos extends Chaos {
    private final Semaphore semaphore;
    private final Map<Integer, Limiter.Permit> held = new HashMap<>();
    private int free;
    private final Deque<Integer> waiting = new ArrayDeque<>();

    SemaphoreChaos(long seed) {
      super(seed, 6, 12);
      free = (int) (seed % 4);
      semaphore = new Semaphore(free);
    }

    private void releaseInModel() {
      if (waiting.isEmpty()) {
        free++;
      } else {
        decide(waiting.pollFirst(), "has it");
      }
    }

    @Override
    protected void step(int task) throws InterruptedException {
      if (held.containsKey(task)) {
        note(task + " releases");
        releaseInModel();
        held.remove(task).close();
      } else if (random.nextInt(4) == 0) {
        note(task + " tries");
        var permit = semaphore.tryAcquire();
        assertThat(permit.isPresent()).isEqualTo(free > 0);
        permit.ifPresent(taken -> {
          free--;
          held.put(task, taken);
        });
      } else {
        perform(
            task,
            "acquire",
            () -> {
              if (free > 0) {
                free--;
                decide(task, "has it");
              } else {
                waiting.add(task);
              }
            },
            () -> {
              held.put(task, semaphore.acquire());
              return "has it";
            });
      }
    }

    @Override
    protected void end(int task) {
      if (held.containsKey(task)) {
        releaseInModel();
        held.remove(task).close();
      }
    }

    @Override
    protected boolean cancelInModel(int task) {
      return waiting.remove(task);
    }

    @Override
    protected void compare() {
      assertThat(semaphore.statistics()).isEqualTo(new Semaphore.Statistics(free, waiting.size()));
    }

    @Override
    protected void release() {
      releaseInModel();
      semaphore.release();
    }
  }

  private static final class LimiterChaos extends Chaos {
    private final CapacityLimiter limiter;
    private final Map<Integer, Limiter.Permit> held = new HashMap<>();
    private int total;
    private int borrowed;
    private final Deque<Integer> waiting = new ArrayDeque<>();

    LimiterChaos(long seed) {
      super(seed, 6, 12);
      total = (int) (seed % 4);
      limiter = new CapacityLimiter(total);
    }

    private void admit() {
      while (borrowed < total && !waiting.isEmpty()) {
        borrowed++;
        decide(waiting.pollFirst(), "has it");
      }
    }

    private void give(int task) {
      note(task + " releases");
      borrowed--;
      admit();
      held.remove(task).close();
    }

    @Override
    protected void step(int task) throws InterruptedException {
      if (held.containsKey(task)) {
        give(task);
        return;
      }
      perform(
          task,
          "acquire",
          () -> {
            if (borrowed < total) {
              borrowed++;
              decide(task, "has it");
            } else {
              waiting.add(task);
            }
          },
          () -> {
            held.put(task, limiter.acquire());
            return "has it";
          });
    }

    @Override
    protected void end(int task) {
      if (held.containsKey(task)) {
        give(task);
      }
    }

    @Override
    protected void disturb() {
      total = random.nextInt(5);
      note("resize to " + total);
      admit();
      limiter.setTotalTokens(total);
    }

    @Override
    protected boolean cancelInModel(int task) {
      return waiting.remove(task);
    }

    @Override
    protected void compare() {
      assertThat(limiter.totalTokens()).isEqualTo(total);
      assertThat(limiter.availableTokens()).isEqualTo(total - borrowed);
      assertThat(limiter.statistics().tasksWaiting()).isEqualTo(waiting.size());
    }

    @Override
    protected void release() {
      disturb();
    }
  }

  private static final class ReadWriteChaos extends Chaos {
    private record Entry(int task, boolean writes) {}

    private final ReadWriteLock lock = new ReadWriteLock();
    private int readers;
    private int writers;
    private final Deque<Entry> waiting = new ArrayDeque<>();

    ReadWriteChaos(long seed) {
      super(seed, 6, 10);
    }

    private void admit() {
      for (Entry first;
          (first = waiting.peekFirst()) != null
              && writers == 0
              && (!first.writes || readers == 0); ) {
        waiting.removeFirst();
        enter(first);
      }
    }

    private void enter(Entry entry) {
      if (entry.writes) {
        writers++;
      } else {
        readers++;
      }
      decide(entry.task, "in");
    }

    @Override
    protected void step(int task) throws InterruptedException {
      boolean writes = random.nextInt(3) == 0;
      Limiter.Permit[] permit = new Limiter.Permit[1];
      String outcome =
          perform(
              task,
              writes ? "write" : "read",
              () -> {
                waiting.addLast(new Entry(task, writes));
                admit();
              },
              () -> {
                permit[0] = writes ? lock.acquireWrite() : lock.acquireRead();
                return "in";
              });
      if (outcome.equals("in")) {
        for (int i = random.nextInt(3); i > 0; i--) {
          Roost.checkpoint();
        }
        note(task + " leaves");
        if (writes) {
          writers--;
        } else {
          readers--;
        }
        admit();
        permit[0].close();
      }
    }

    @Override
    protected boolean cancelInModel(int task) {
      boolean waited = waiting.removeIf(entry -> entry.task == task);
      admit();
      return waited;
    }

    @Override
    protected void compare() {
      ReadWriteLock.Statistics now = lock.statistics();
      assertThat(now.readers()).isEqualTo(readers);
      assertThat(now.writer().isPresent()).isEqualTo(writers > 0);
      assertThat(now.readersWaiting() + now.writersWaiting()).isEqualTo(waiting.size());
    }

    @Override
    protected void release() {}
  }

  private static final class BarrierChaos extends Chaos {
    private final Barrier barrier = new Barrier(3);
    private final List<Integer> waiting = new ArrayList<>();

    BarrierChaos(long seed) {
      super(seed, 5, 8);
    }

    @Override
    protected void step(int task) throws InterruptedException {
      perform(
          task,
          "await",
          () -> {
            waiting.add(task);
            if (waiting.size() == 3) {
              decide(waiting.get(0), "2");
              decide(waiting.get(1), "1");
              decide(waiting.get(2), "0");
              waiting.clear();
            }
          },
          () -> "" + barrier.await());
    }

    @Override
    protected boolean cancelInModel(int task) {
      return waiting.remove((Integer) task);
    }

    @Override
    protected void compare() {
      assertThat(barrier.statistics().tasksWaiting()).isEqualTo(waiting.size());
    }

    @Override
    protected void release() {
      if (!waiting.isEmpty()) {
        cancel(waiting.getFirst());
      }
    }
  }
}
