package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocking sections that are left behind when they are cancelled. */
class BlockingAbandonTest {

  /** Enters a section that can be abandoned, and is cancelled while the code is inside. */
  private static void abandon(Blocking.Section section, AsyncRunnable<?> code)
      throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CancelScope scope = CancelScope.create();
    Nursery.run(nursery -> {
      nursery.start(() -> {
        Blocking.run(inside::await);
        scope.cancel();
      });
      boolean whole =
          scope.run(() ->
              section
                  .abandoning()
                  .run(() -> {
                    inside.countDown();
                    try {
                      code.run();
                    } catch (Exception e) {
                      throw Bodies.rethrow(e);
                    }
                  }));
      assertThat(whole).isFalse();
    });
  }

  @Test
  void abandoning_returnsAtOnce_andDropsTheLateResult() throws Exception {
    List<String> dropped = new ArrayList<>();
    Instrument instrument =
        new Instrument() {
          @Override
          public void errorDropped(Throwable error, String where) {
            dropped.add(error.getMessage() + " from " + where);
          }
        };
    InstrumentTest.quietly(() ->
        Roost.with()
            .instrument(instrument)
            .run(() -> {
              CountDownLatch release = new CountDownLatch(1);
              CountDownLatch ended = new CountDownLatch(1);
              abandon(
                  Blocking.abandoning(),
                  () -> {
                    try {
                      release.await();
                      throw new IOException("late");
                    } finally {
                      ended.countDown();
                    }
                  });
              assertThat(ended.getCount()).isOne();
              release.countDown();
              while (dropped.isEmpty()) {
                Roost.sleep(Duration.ofMillis(1));
              }
            }));
    assertThat(dropped).singleElement().asString().contains("late", "abandoned");
  }

  @Test
  void abandoning_givesValueAndErrors_andRunsOnAnotherThread() throws Exception {
    Roost.run(() -> {
      Thread mine = Thread.currentThread();
      Thread other = Blocking.abandoning().call(Thread::currentThread);
      assertThat(other).isNotSameAs(mine);
      assertThatThrownBy(() ->
              Blocking.abandoning()
                  .run(() -> {
                    throw new IOException("mine");
                  }))
          .isInstanceOf(IOException.class);
    });
  }

  @Test
  void lateErrorAfterTheRun_isReportedToo() throws Exception {
    CountDownLatch reported = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Instrument instrument =
        new Instrument() {
          @Override
          public void errorDropped(Throwable error, String where) {
            reported.countDown();
          }
        };
    InstrumentTest.quietly(() -> {
      Roost.with()
          .instrument(instrument)
          .run(() ->
              abandon(
                  Blocking.abandoning(),
                  () -> {
                    release.await();
                    throw new IOException("after the run");
                  }));
      release.countDown();
      reported.await();
    });
  }

  @Test
  void abandonedCode_keepsItsPermit_untilItHasEnded() throws Exception {
    Roost.run(() -> {
      int[] held = {0};
      Limiter limiter =
          () -> {
            Roost.checkpoint();
            held[0]++;
            return () -> held[0]--;
          };
      CountDownLatch release = new CountDownLatch(1);
      abandon(Blocking.limitedBy(limiter), release::await);
      assertThat(held[0]).isOne();
      release.countDown();
      while (held[0] > 0) {
        Roost.sleep(Duration.ofMillis(1));
      }
    });
  }

  @TempDir Path folder;

  private Path pipe(String name) throws IOException, InterruptedException {
    Path pipe = folder.resolve(name);
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }

  /**
   * Opening a pipe waits in the system for its other end: no interrupt helps, and no unmounting.
   */
  @Test
  void codeThatBlocksInTheSystem_holdsUpNobody() throws Exception {
    List<Path> pipes = new ArrayList<>();
    for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
      pipes.add(pipe("pipe" + i));
    }
    CountDownLatch opening = new CountDownLatch(pipes.size());
    CountDownLatch opened = new CountDownLatch(pipes.size());
    CancelScope scope = CancelScope.create();
    Roost.run(() -> {
      boolean whole =
          scope
              .call(() -> {
                Nursery.run(nursery -> {
                  for (Path pipe : pipes) {
                    nursery.start(() ->
                        Blocking.abandoning()
                            .run(() -> {
                              assertThat(Thread.currentThread().isVirtual()).isFalse();
                              opening.countDown();
                              new FileInputStream(pipe.toFile()).close();
                              opened.countDown();
                            }));
                  }
                  Blocking.run(opening::await);
                  Blocking.run(() -> Thread.ofVirtual().start(() -> {}).join()); // gets a carrier
                  scope.cancel();
                });
                return true;
              })
              .isPresent();
      assertThat(whole).isFalse();
    });
    assertThat(opened.getCount()).isEqualTo(pipes.size());
    for (Path pipe : pipes) {
      new FileOutputStream(pipe.toFile()).close();
    }
    opened.await();
  }

  @Test
  void helperThread_isGoneWhenTheRunIs_unlessItWasAbandoned() throws Exception {
    Thread[] helper = new Thread[1];
    Roost.run(() -> helper[0] = Blocking.abandoning().call(Thread::currentThread));

    assertThat(helper[0].isAlive()).isFalse();
    assertThat(helper[0].isDaemon()).isTrue();
    assertThat(helper[0].getName()).startsWith("roost-abandonable-");
  }

  @Test
  void contextIsTakenAlong_andIfItCannotBe_thePermitIsGivenBack() throws Exception {
    ThreadLocal<String> local = new ThreadLocal<>();
    int[] held = {0};
    Limiter limiter =
        () -> {
          Roost.checkpoint();
          held[0]++;
          return () -> held[0]--;
        };
    boolean[] broken = {false};
    Roost.with()
        .contextCarrier(() -> {
          if (broken[0]) {
            throw new IllegalArgumentException("no context");
          }
          String captured = local.get();
          return code -> {
            local.set(captured);
            code.run();
          };
        })
        .run(() -> {
          local.set("request 17");
          String seen = Blocking.abandoning().call(local::get);
          assertThat(seen).isEqualTo("request 17");
          broken[0] = true;
          assertThatThrownBy(() -> Blocking.limitedBy(limiter).abandoning().run(() -> {}))
              .isInstanceOf(IllegalArgumentException.class);
          assertThat(held[0]).isZero();
        });
  }
}
