package dev.roost.bench;

import java.util.concurrent.locks.LockSupport;

/**
 * Virtual threads of which one may run at a time: each wakes the next and parks until its turn
 * comes again.
 */
final class Ring {

  private final Thread[] threads;
  private final int rounds;
  private volatile int turn;

  Ring(int size, int rounds) {
    this.rounds = rounds;
    threads = new Thread[size];
    for (int i = 0; i < size; i++) {
      int seat = i;
      threads[i] = Thread.ofVirtual().unstarted(() -> takeTurns(seat));
    }
  }

  void run() throws InterruptedException {
    for (Thread thread : threads) {
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void takeTurns(int seat) {
    int next = (seat + 1) % threads.length;
    for (int i = 0; i < rounds; i++) {
      while (turn != seat) {
        LockSupport.park();
      }
      turn = next;
      LockSupport.unpark(threads[next]);
    }
  }
}
