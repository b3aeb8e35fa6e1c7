package dev.roost.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskStatus;
import dev.roost.TaskTree;
import dev.roost.channel.MemoryChannel;
import dev.roost.io.ByteStream;
import dev.roost.net.Serve;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import dev.roost.sync.CapacityLimiter;
import dev.roost.testing.MockClock;
import dev.roost.testing.Testing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The samples in docs/guide.md. */
@Timeout(30)
class GuideTest {

  private final List<String> log = new ArrayList<>();

  private static <X extends Exception> void inRun(AsyncRunnable<X> main)
      throws X, InterruptedException {
    Roost.with().clock(new MockClock().autojump()).run(main);
  }

  private void say(String what) {
    log.add(what);
  }

  // @start region="first-run"
  void boil() throws InterruptedException {
    say("water on");
    Roost.sleep(Duration.ofMinutes(3));
    say("it boils");
  }

  void breakfast() throws InterruptedException {
    Roost.run(() -> boil());
  }

  // @end

  // @start region="two-things"
  void toast() throws InterruptedException {
    say("bread in");
    Roost.sleep(Duration.ofMinutes(2));
    say("it pops up");
  }

  void biggerBreakfast() throws InterruptedException {
    Nursery.run(nursery -> {
      nursery.start(() -> boil());
      nursery.start(() -> toast());
      say("waiting");
    });
    say("ready");
  }

  // @end

  @Test
  void breakfast_is_made() throws InterruptedException {
    inRun(() -> biggerBreakfast());
    assertThat(log)
        .containsExactly("waiting", "water on", "bread in", "it pops up", "it boils", "ready");
  }

  @Test
  void first_run_is_cancelled_by_an_interrupt() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> breakfast()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void impatience() throws InterruptedException {
    inRun(() -> {
      // @start region="impatient"
      boolean ready = CancelScope.moveOnAfter(Duration.ofMinutes(2)).run(() -> boil());
      if (!ready) {
        say("cold tea, then");
      }
      // @end
    });
    assertThat(log).containsExactly("water on", "cold tea, then");
  }

  // @start region="failure"
  void burn() throws IOException, InterruptedException {
    Roost.sleep(Duration.ofMinutes(1));
    throw new IOException("smoke");
  }

  void unluckyBreakfast() throws InterruptedException {
    try {
      Nursery.run(nursery -> {
        nursery.start(() -> boil());
        nursery.start(() -> burn());
      });
    } catch (ExceptionGroup group) {
      group.on(IOException.class, e -> say("open the window: " + e.getMessage())).orThrow();
    }
  }

  // @end

  @Test
  void failure_stops_the_others() throws InterruptedException {
    inRun(() -> unluckyBreakfast());
    assertThat(log).containsExactly("water on", "open the window: smoke");
  }

  @Test
  void tree_is_printed() throws InterruptedException {
    var printed = new ArrayList<String>();
    inRun(() ->
        Nursery.run(nursery -> {
          nursery.start("kettle", () -> boil());
          nursery.start("toaster", () -> toast());
          Testing.waitAllTasksBlocked();
          // @start region="tree"
          say(TaskTree.current().toString());
          // @end
          printed.add(log.getLast());
        }));
    assertThat(printed.getFirst()).contains("├─ kettle", "└─ toaster");
  }

  // @start region="channel"
  void newspaper() throws InterruptedException {
    var pages = MemoryChannel.<String>open(2);
    Nursery.run(nursery -> {
      nursery.start(
          "printer",
          () -> {
            try (var sender = pages.sender()) {
              for (int page = 1; page <= 4; page++) {
                sender.send("page " + page); // waits while two pages lie there unread
              }
            } // closing says that there is no more
          });
      nursery.start(
          "reader",
          () -> {
            try (var receiver = pages.receiver()) {
              receiver.forEach(page -> {
                Roost.sleep(Duration.ofMinutes(5));
                say("read " + page);
              });
            }
          });
    });
  }

  // @end

  @Test
  void newspaper_is_read() throws InterruptedException {
    inRun(() -> newspaper());
    assertThat(log).containsExactly("read page 1", "read page 2", "read page 3", "read page 4");
  }

  // @start region="handler"
  static void shout(ByteStream stream) throws IOException, InterruptedException {
    var text = new ByteArrayOutputStream();
    byte[] some = stream.receiveSome(4096);
    while (some.length > 0) { // an empty array: the client has said all it wants to
      text.writeBytes(some);
      some = stream.receiveSome(4096);
    }
    stream.sendAll(text.toString(UTF_8).toUpperCase(Locale.ROOT));
  }

  // @end

  // @start region="client"
  static String ask(int port, String text) throws IOException, InterruptedException {
    try (TcpStream stream = TcpStream.connect("localhost", port)) {
      stream.sendAll(text);
      stream.sendEof();
      var answer = new ByteArrayOutputStream();
      byte[] some = stream.receiveSome(4096);
      while (some.length > 0) {
        answer.writeBytes(some);
        some = stream.receiveSome(4096);
      }
      return answer.toString(UTF_8);
    }
  }

  // @end

  @Test
  void server_answers() throws Exception {
    Roost.run(() -> {
      // @start region="server"
      Nursery.run(nursery -> {
        List<TcpListener> listeners =
            nursery.startAndWait(
                (TaskStatus<List<TcpListener>> status) -> Serve.tcp(0, GuideTest::shout, status));
        int port = listeners.getFirst().localAddress().getPort();

        say(ask(port, "hello"));
        nursery.cancel(); // the server would go on for ever
      });
      // @end
    });
    assertThat(log).containsExactly("HELLO");
  }

  // @start region="many"
  TreeMap<String, String> askAll(int port, List<String> words) throws InterruptedException {
    var answers = new TreeMap<String, String>();
    var limiter = new CapacityLimiter(10);
    Nursery.run(nursery -> {
      for (String word : words) {
        nursery.start(
            "ask " + word,
            () -> {
              try (var _ = limiter.acquire()) {
                answers.put(word, ask(port, word));
              }
            });
      }
    });
    return answers;
  }

  // @end

  // @start region="patient"
  static void shoutSoon(ByteStream stream) throws Exception {
    CancelScope.failAfter(Duration.ofSeconds(30)).run(() -> shout(stream));
  }

  static void serve(TaskStatus<List<TcpListener>> status) throws IOException, InterruptedException {
    Serve.onHandlerError(
            e -> System.getLogger("shout").log(System.Logger.Level.DEBUG, "gave up", e))
        .tcp(0, GuideTest::shoutSoon, status);
  }

  // @end

  @Test
  void many_ask_at_once() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          List<TcpListener> open =
              nursery.startAndWait((TaskStatus<List<TcpListener>> status) -> serve(status));
          int port = open.getFirst().localAddress().getPort();
          var words = List.of("one", "two", "three");
          assertThat(askAll(port, words)).containsEntry("three", "THREE").hasSize(3);
          nursery.cancel();
        }));
  }

  // @start region="program"
  void serveForGood(int port) throws Exception {
    Roost.with()
        .name("shout")
        .cancelOnShutdown(Duration.ofSeconds(10))
        .run(() -> Serve.tcp(port, GuideTest::shoutSoon));
  }

  // @end

  @Test
  void program_ends_when_interrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> serveForGood(0)).isInstanceOf(InterruptedException.class);
  }

  // @start region="test"
  @Test
  void silent_client_is_given_up_after_thirty_seconds() throws Exception {
    var clock = new MockClock().autojump(); // jumps to the next deadline when all tasks wait
    Roost.with()
        .clock(clock)
        .run(() ->
            Nursery.run(nursery -> {
              List<TcpListener> listeners =
                  nursery.startAndWait((TaskStatus<List<TcpListener>> status) -> serve(status));
              try (var stream = TcpStream.connect(listeners.getFirst().localAddress())) {
                byte[] answer = stream.receiveSome(100); // and we never say a word

                assertThat(answer).isEmpty();
                assertThat(clock.nanoTime()).isEqualTo(Duration.ofSeconds(30).toNanos());
              }
              nursery.cancel();
            }));
  }
  // @end
}
