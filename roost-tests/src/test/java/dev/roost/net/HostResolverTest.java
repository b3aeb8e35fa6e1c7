package dev.roost.net;

import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.testing.MockClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Looking up names. */
@Timeout(30)
class HostResolverTest {

  private static final InetAddress HOME = InetAddress.ofLiteral("127.0.0.1");

  @Test
  void the_system_knows_this_machine_and_not_others() throws Exception {
    Roost.run(() -> {
      assertThat(HostResolver.system().resolve("localhost")).contains(HOME);
      assertThatThrownBy(() -> HostResolver.system().resolve("no-such-host.invalid"))
          .isInstanceOf(UnknownHostException.class);
    });
  }

  @Test
  void a_look_up_does_not_stop_the_others_and_is_left_behind_when_cancelled() throws Exception {
    var hangs = new CountDownLatch(1);
    var resolver =
        new SystemResolver(host -> {
          assertThat(Thread.currentThread().isVirtual()).isFalse();
          hangs.await();
          return new InetAddress[] {HOME};
        });
    Roost.run(() -> {
      var scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() -> scope.run(() -> resolver.resolve("slow.test")));
        Roost.checkpoint();
        scope.cancel();
      });
      assertThat(scope.cancelledCaught()).isTrue();
      hangs.countDown();
      assertThat(resolver.resolve("now.test")).containsExactly(HOME);
    });
  }

  /** Real work outside the run: the virtual clock waits for it. */
  @Test
  void a_virtual_clock_does_not_run_away_during_a_look_up() throws Exception {
    Roost.with()
        .clock(new MockClock().autojump())
        .run(() ->
            assertThat(
                    CancelScope.moveOnAfter(Duration.ofMillis(1))
                        .run(() -> HostResolver.system().resolve("localhost")))
                .isTrue());
  }

  @Test
  void an_unexpected_error_says_what_was_looked_up() throws Exception {
    var resolver =
        new SystemResolver(host -> {
          throw new SecurityException("not allowed");
        });
    Roost.run(() ->
        assertThatThrownBy(() -> resolver.resolve("secret.test"))
            .isInstanceOf(IOException.class)
            .hasMessageContainingAll("secret.test", "not allowed")
            .hasCauseInstanceOf(SecurityException.class));
  }

  @Test
  void a_burst_of_look_ups_is_worked_off() throws Exception {
    var resolver = new SystemResolver(host -> new InetAddress[] {HOME});
    Roost.run(() ->
        Nursery.run(nursery -> {
          for (int i = 0; i < 200; i++) {
            var host = i + ".test";
            nursery.start(() -> assertThat(resolver.resolve(host)).containsExactly(HOME));
          }
          waitAllTasksBlocked();
        }));
  }

  @Test
  void a_resolver_is_found_as_a_service(@TempDir Path folder) throws Exception {
    assertThat(HostResolver.standard()).isSameAs(HostResolver.system());
    var services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(HostResolver.class.getName()), Provided.class.getName());
    var parent = HostResolverTest.class.getClassLoader();
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, parent)) {
      assertThat(SystemResolver.standard(loader)).isInstanceOf(Provided.class);
    }
  }

  /** Provided as a service in the test above. */
  public static final class Provided implements HostResolver {
    @Override
    public List<InetAddress> resolve(String host) {
      return List.of(HOME);
    }
  }

  @Test
  void numbers_are_told_from_names() {
    for (var host : List.of("127.0.0.1", "::1", "[::1]", "fe80::1")) {
      assertThat(Targets.numeric(host)).isPresent();
    }
    for (var host : List.of("localhost", "256.0.0.1", "a.b", "1.2.3.4.5")) {
      assertThat(Targets.numeric(host)).isEmpty();
    }
    assertThat(Targets.text("::1", 80)).isEqualTo("[::1]:80");
    assertThat(Targets.text("[::1]", 80)).isEqualTo("[::1]:80");
    assertThat(Targets.text("a.test", 80)).isEqualTo("a.test:80");
  }
}
