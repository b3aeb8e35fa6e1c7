package dev.roost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Posts from several threads, drained by one, and the closing. */
class InboxTest {

  @Test
  void everyAcceptedAction_isDone_andEveryRefusedOneIsNot() throws Exception {
    for (int round = 0; round < 200; round++) {
      Inbox inbox = new Inbox();
      AtomicInteger accepted = new AtomicInteger();
      int[] done = {0};
      CountDownLatch go = new CountDownLatch(1);
      List<Thread> posters = new ArrayList<>();
      for (int p = 0; p < 2; p++) {
        posters.add(
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    go.await();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                  for (int n = 0; n < 20; n++) {
                    if (inbox.add(() -> done[0]++)) {
                      accepted.incrementAndGet();
                      inbox.signal();
                    }
                  }
                }));
      }
      go.countDown();
      while (accepted.get() < round % 30) {
        if (inbox.pending()) {
          inbox.drain();
        }
      }
      inbox.close();
      for (Thread poster : posters) {
        poster.join();
      }
      inbox.close();
      assertThat(done[0]).isEqualTo(accepted.get());
      assertThat(inbox.add(() -> done[0]++)).isFalse();
    }
  }

  @Test
  void signal_asksForOneWakeUpOnly() {
    Inbox inbox = new Inbox();
    assertThat(inbox.add(() -> {})).isTrue();
    assertThat(inbox.signal()).isTrue();
    assertThat(inbox.signal()).isFalse();
    assertThat(inbox.pending()).isTrue();
    inbox.drain();
    assertThat(inbox.pending()).isFalse();
    assertThat(inbox.signal()).isTrue();
  }

  @Test
  void drain_isBounded_andLeavesTheRestPending() {
    Inbox inbox = new Inbox();
    int[] done = {0};
    for (int n = 0; n < 3_000; n++) {
      inbox.add(() -> done[0]++);
    }
    inbox.signal();
    inbox.drain();
    assertThat(done[0]).isEqualTo(1024);
    assertThat(inbox.pending()).isTrue();
    inbox.drain();
    inbox.drain();
    assertThat(done[0]).isEqualTo(3_000);
    assertThat(inbox.pending()).isFalse();
  }
}
