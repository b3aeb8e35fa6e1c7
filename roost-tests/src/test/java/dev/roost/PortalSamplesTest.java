package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.sync.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The samples in the documentation of {@link Portal} and {@link BackgroundRun}. */
class PortalSamplesTest {

  private final List<String> log = new ArrayList<>();
  private final List<Consumer<String>> listeners = new ArrayList<>();

  private void subscribe(Consumer<String> listener) {
    listeners.add(listener);
  }

  private String answer(String question) throws InterruptedException {
    Roost.checkpoint();
    return "answer to " + question;
  }

  @Test
  void portal() throws Exception {
    Hang.fails(() ->
        Roost.run(() -> {
          Event stopped = new Event();
          // @start region="portal"
          Portal portal = Portal.current();
          subscribe(message -> portal.post(stopped::set)); // called by a library's thread
          Thread worker =
              Thread.startVirtualThread(() -> {
                try {
                  String answer = portal.call(() -> answer("a question")); // waits for it
                  listeners.forEach(listener -> listener.accept(answer));
                } catch (InterruptedException | RunFinishedException e) {
                  log.add("too late");
                }
              });
          stopped.await();
          // @end
          Blocking.run(worker::join);
          assertThat(log).isEmpty();
        }));
  }

  // @start region="background"
  static final class Weather implements AutoCloseable { // a bean, say
    private final BackgroundRun run = Roost.open();

    String forecast(String city) throws InterruptedException { // called on any thread
      return run.portal().call(() -> Together.race(() -> ask("one", city), () -> ask("two", city)));
    }

    @Override
    public void close() {
      run.close();
    }
  }

  // @end

  private static String ask(String service, String city) throws InterruptedException {
    if (service.equals("two")) {
      Roost.sleepForever();
    }
    return "sun in " + city;
  }

  @Test
  void background() throws Exception {
    Hang.fails(() -> {
      try (Weather weather = new Weather()) {
        assertThat(weather.forecast("Bergen")).isEqualTo("sun in Bergen");
      }
    });
  }
}
