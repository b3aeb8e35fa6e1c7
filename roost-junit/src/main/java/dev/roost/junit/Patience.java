package dev.roost.junit;

import java.time.Duration;

/**
 * How JUnit's thread waits for the run: by the clock on the wall. A seam for the tests of the
 * timeouts, which would have to wait for them otherwise.
 */
interface Patience {

  /** The clock on the wall. */
  Patience REAL =
      new Patience() {
        @Override
        public boolean await(Job job, Duration limit) throws InterruptedException {
          return job.await(limit);
        }

        @Override
        public boolean awaitUnwound(Job job, Duration grace) throws InterruptedException {
          return job.await(grace);
        }
      };

  /** How long a thread may take to end that has nothing to do any more. */
  default Duration threadGrace() {
    return Duration.ofSeconds(1);
  }

  /** Waits until a job is over; zero for no limit. False if the time is up. */
  boolean await(Job job, Duration limit) throws InterruptedException;

  /** Waits until a job that was cancelled is over. False if the time is up. */
  boolean awaitUnwound(Job job, Duration grace) throws InterruptedException;
}
