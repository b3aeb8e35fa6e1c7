package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.ParkingLot;
import dev.roost.lowlevel.Suspension;
import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import dev.roost.testing.Testing;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The samples in the documentation of the core. */
class CoreSamplesTest {

  private final List<String> log = new ArrayList<>();

  private void note(String line) {
    log.add(line);
  }

  private void download(String url) throws InterruptedException {
    Roost.sleep(Duration.ofSeconds(1));
    note(url);
  }

  private <X extends Exception> void inRun(AsyncRunnable<X> main) throws X, InterruptedException {
    Roost.with().clock(new MockClock().autojump()).run(main);
  }

  // @start region="roost"
  void greetTwo() throws InterruptedException {
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> greet("one"));
          nursery.start(() -> greet("two"));
        }));
  }

  // @end

  private void greet(String whom) throws InterruptedException {
    Roost.checkpoint();
    note("hello " + whom);
  }

  @Test
  void roost() throws InterruptedException {
    greetTwo();
    assertThat(log).containsExactlyInAnyOrder("hello one", "hello two");
  }

  private void crawl(String start) throws InterruptedException {
    download(start);
  }

  @Test
  void options() throws InterruptedException {
    String start = "page";
    RunClock clock = new MockClock().autojump();
    // @start region="options"
    Roost.with()
        .name("crawler")
        .clock(clock)
        .cancelOnShutdown(Duration.ofSeconds(10))
        .run(() -> crawl(start));
    // @end
    assertThat(log).containsExactly("page");
  }

  @Test
  void nursery() throws InterruptedException {
    String first = "first";
    String second = "second";
    inRun(() -> {
      // @start region="nursery"
      Nursery.run(nursery -> {
        nursery.start(() -> download(first));
        nursery.start(() -> download(second));
      });
      // here both are done, or one has failed and the other was cancelled, and both have ended
      // @end
      assertThat(log).containsExactly("first", "second");
    });
  }

  private void serve(TaskStatus<Integer> status) throws InterruptedException {
    status.started(8080);
    Roost.sleepForever();
  }

  @Test
  void startAndWait() throws InterruptedException {
    inRun(() ->
        Nursery.run(nursery -> {
          // @start region="start-and-wait"
          int port = nursery.startAndWait((TaskStatus<Integer> status) -> serve(status));
          // @end
          assertThat(port).isEqualTo(8080);
          nursery.cancel();
        }));
  }

  @Test
  void moveOn() throws InterruptedException {
    inRun(() -> {
      // @start region="move-on"
      CancelScope scope = CancelScope.moveOnAfter(Duration.ofMillis(500));
      if (!scope.run(() -> download("a big file"))) {
        note("gave up");
      }
      // @end
      assertThat(log).containsExactly("gave up");
    });
  }

  private String fetch(String url) throws InterruptedException {
    download(url);
    return "<html>";
  }

  @Test
  void fail() throws InterruptedException, TimeoutException {
    inRun(() -> {
      String url = "page";
      // @start region="fail"
      String page = CancelScope.failAfter(Duration.ofSeconds(5)).call(() -> fetch(url));
      // @end
      assertThat(page).isEqualTo("<html>");
    });
  }

  @Test
  void named() throws Exception {
    inRun(() -> {
      // @start region="named"
      var payment = CancelScope.failAfter(Duration.ofSeconds(5)).named("payment");
      // @end
      assertThat(payment.scope().name()).contains("payment");
    });
  }

  @Test
  void cleanup() throws InterruptedException {
    inRun(() ->
        CancelScope.moveOnAfter(Duration.ofSeconds(1))
            .run(() -> {
              // @start region="cleanup"
              try {
                Roost.sleep(Duration.ofSeconds(60));
              } finally {
                CancelScope.cleanup(Duration.ofSeconds(2)).run(() -> download("a goodbye"));
              }
              // @end
            }));
    assertThat(log).containsExactly("a goodbye");
  }

  @Test
  void group() throws InterruptedException {
    inRun(() -> {
      // @start region="group"
      try {
        Nursery.run(nursery -> {
          nursery.start(() -> connect("unreachable"));
          nursery.start(() -> parse("garbage"));
        });
      } catch (ExceptionGroup group) {
        group
            .on(IOException.class, e -> note("no connection: " + e.getMessage()))
            .on(ParseException.class, e -> note("bad answer: " + e.getMessage()))
            .orThrow(); // what is left, as a group
      }
      // @end
    });
    assertThat(log).containsExactly("no connection: unreachable", "bad answer: garbage");
  }

  private void connect(String host) throws IOException {
    throw new IOException(host);
  }

  private void parse(String text) throws ParseException {
    throw new ParseException(text, 0);
  }

  @Test
  void blocking() throws Exception {
    inRun(() -> {
      // @start region="blocking"
      List<String> rows = Blocking.call(() -> query("select …"));
      // @end
      assertThat(rows).containsExactly("select …");
    });
  }

  private List<String> query(String sql) throws IOException {
    return List.of(sql);
  }

  // @start region="task-local"
  static final TaskLocal<String> REQUEST = TaskLocal.withDefault("none");

  void handleOne() throws InterruptedException {
    REQUEST.where("r-17").run(() -> handle()); // in all that handle() calls and starts
  }

  // @end

  private void handle() throws InterruptedException {
    Nursery.run(nursery -> nursery.start(() -> note(REQUEST.get())));
  }

  @Test
  void taskLocal() throws InterruptedException {
    inRun(() -> {
      handleOne();
      assertThat(REQUEST.get()).isEqualTo("none");
    });
    assertThat(log).containsExactly("r-17");
  }

  // @start region="run-local"
  static final RunLocal<Map<String, String>> CACHE = RunLocal.withInitial(HashMap::new);

  // @end

  @Test
  void runLocal() throws InterruptedException {
    inRun(() -> CACHE.get().put("a", "b"));
    inRun(() -> assertThat(CACHE.get()).isEmpty());
  }

  private static final ThreadLocal<String> LOGGING_CONTEXT = new ThreadLocal<>();

  @Test
  void contextCarrier() throws InterruptedException {
    // @start region="context-carrier"
    ContextCarrier logging =
        () -> {
          String captured = LOGGING_CONTEXT.get();
          return child -> {
            LOGGING_CONTEXT.set(captured); // the child's thread is its own and ends with it
            child.run();
          };
        };
    // @end
    Roost.with()
        .contextCarrier(logging)
        .run(() -> {
          LOGGING_CONTEXT.set("request 17");
          Nursery.run(nursery -> nursery.start(() -> note(LOGGING_CONTEXT.get())));
        });
    assertThat(log).containsExactly("request 17");
  }

  // @start region="parking-lot"
  static final class Gate {
    private final ParkingLot lot = new ParkingLot("a gate");
    private boolean open;

    void open() {
      open = true;
      lot.unparkAll();
    }

    void pass() throws InterruptedException {
      if (open) {
        Checkpoints.throwIfCancelled();
        Checkpoints.letOthersRun();
      } else {
        lot.park(); // a whole checkpoint
      }
    }
  }

  // @end

  @Test
  void parkingLot() throws InterruptedException {
    inRun(() ->
        Nursery.run(nursery -> {
          Gate gate = new Gate();
          nursery.start(() -> {
            gate.pass();
            note("through");
          });
          Testing.waitAllTasksBlocked();
          assertThat(log).isEmpty();
          gate.open();
        }));
    assertThat(log).containsExactly("through");
  }

  private final Map<Integer, Suspension<String>> waiting = new HashMap<>();

  // @start region="suspension"
  String awaitAnswer(int id) throws InterruptedException {
    Suspension<String> answer = Suspension.create();
    waiting.put(id, answer);
    return answer.await(cancellation -> {
      waiting.remove(id);
      return true; // nobody will resume it any more
    });
  }

  void answered(int id, String text) {
    Suspension<String> answer = waiting.remove(id);
    if (answer != null) {
      answer.resume(text);
    }
  }

  // @end

  @Test
  void suspension() throws InterruptedException {
    inRun(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> note(awaitAnswer(1)));
          Testing.waitAllTasksBlocked();
          answered(1, "yes");
        }));
    assertThat(log).containsExactly("yes");
  }

  @Test
  void event() throws InterruptedException {
    inRun(() ->
        Nursery.run(nursery -> {
          // @start region="event"
          Event ready = new Event();
          nursery.start(() -> {
            ready.await();
            note("go");
          });
          ready.set();
          // @end
        }));
    assertThat(log).containsExactly("go");
  }

  @Test
  void wallClock() throws InterruptedException {
    World.run(() -> {
      // @start region="wall-clock"
      WallClock fiveMinutesFast =
          new WallClock() {
            @Override
            public Instant shown(Instant moment) {
              return moment.plus(Duration.ofMinutes(5));
            }

            @Override
            public Instant moment(Instant shown) {
              return shown.minus(Duration.ofMinutes(5));
            }
          };
      var begin = Roost.now();
      var there = fiveMinutesFast.call(() -> Roost.now());
      assertThat(there).isEqualTo(begin.plus(Duration.ofMinutes(5)));
      // @end
    });
  }
}
