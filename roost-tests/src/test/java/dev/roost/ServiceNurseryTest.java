package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Children that serve the body until it has unwound. */
class ServiceNurseryTest {

  /** Serves for ever; notes when it is told to stop. */
  private static AsyncRunnable<InterruptedException> service(List<String> log) {
    return () -> {
      try {
        Roost.sleepForever();
      } finally {
        log.add("service stopped at " + World.elapsed());
      }
    };
  }

  private static void useThenSayGoodbye(List<String> log) throws InterruptedException {
    try {
      Roost.sleepForever();
    } finally {
      World.sleepShielded(2);
      log.add("body unwound at " + World.elapsed());
    }
  }

  @Test
  void cancel_unwindsTheBodyFirst() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      Nursery.runServices(services -> {
        services.start(service(log));
        services.start(() -> {
          World.sleep(1);
          services.cancel();
        });
        useThenSayGoodbye(log);
      });
      assertThat(log).containsExactly("body unwound at 3", "service stopped at 3");
    });
  }

  @Test
  void outerCancel_unwindsTheBodyFirst() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      boolean whole =
          CancelScope.moveOnAfter(World.seconds(1))
              .run(() ->
                  Nursery.runServices(services -> {
                    services.start(service(log));
                    useThenSayGoodbye(log);
                  }));
      assertThat(whole).isFalse();
      assertThat(log).containsExactly("body unwound at 3", "service stopped at 3");
    });
  }

  @Test
  void bodyFailure_cancelsTheServicesOnlyThen() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      Throwable thrown =
          catchThrowable(() ->
              Nursery.runServices(services -> {
                services.start(service(log));
                try {
                  World.sleep(1);
                  throw new IOException("body");
                } finally {
                  World.sleep(1);
                  log.add("body unwound at " + World.elapsed());
                }
              }));
      assertThat(thrown).isInstanceOf(ExceptionGroup.class).hasRootCauseMessage("body");
      assertThat(log).containsExactly("body unwound at 2", "service stopped at 2");
    });
  }

  @Test
  void childFailure_cancelsTheBodyFirst_thenTheOthers() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      Throwable thrown =
          catchThrowable(() ->
              Nursery.runServices(services -> {
                services.start(service(log));
                services.start(() -> {
                  World.sleep(1);
                  throw new IOException("service");
                });
                useThenSayGoodbye(log);
              }));
      assertThat(thrown).isInstanceOf(ExceptionGroup.class).hasRootCauseMessage("service");
      assertThat(log).containsExactly("body unwound at 3", "service stopped at 3");
    });
  }

  @Test
  void bodyThatEnds_waitsForTheServices_likeAnyOther() throws Exception {
    World.run(() -> {
      String value =
          Nursery.callServices(services -> {
            services.start(() -> World.sleep(4));
            return "value at " + World.elapsed();
          });
      assertThat(value).isEqualTo("value at 0");
      assertThat(World.elapsed()).isEqualTo(4);
    });
  }

  @Test
  void cancelAfterTheBody_reachesTheServicesAtOnce() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      Nursery.runServices(services -> {
        services.start(service(log));
        services.start(() -> {
          World.sleep(1);
          services.cancel();
        });
      });
      assertThat(log).containsExactly("service stopped at 1");
    });
  }

  @Test
  void serviceStartedWithWait_servesTheBodyToo() throws Exception {
    World.run(() -> {
      List<String> log = new ArrayList<>();
      CancelScope.moveOnAfter(World.seconds(5))
          .run(() ->
              Nursery.runServices(services -> {
                String address =
                    services.startAndWait((TaskStatus<String> status) -> {
                      World.sleep(1);
                      status.started("address");
                      service(log).run();
                    });
                assertThat(address).isEqualTo("address");
                useThenSayGoodbye(log);
              }));
      assertThat(log).containsExactly("body unwound at 7", "service stopped at 7");
    });
  }
}
