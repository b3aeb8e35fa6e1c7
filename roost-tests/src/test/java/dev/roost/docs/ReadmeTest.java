package dev.roost.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.AsyncRunnable;
import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.Together;
import dev.roost.junit.RoostTest;
import dev.roost.testing.MockClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The samples in README.md. */
class ReadmeTest {

  private final List<String> log = new ArrayList<>();

  private static <X extends Exception> void inRun(AsyncRunnable<X> main)
      throws X, InterruptedException {
    Roost.with().clock(new MockClock().autojump()).run(main);
  }

  /** A page takes as many seconds as its address has letters. */
  private static String fetch(String url) throws IOException, InterruptedException {
    Roost.sleep(Duration.ofSeconds(url.length()));
    if (url.startsWith("bad")) {
      throw new IOException("no route to " + url);
    }
    return "page " + url;
  }

  @Test
  void first_program_greets_in_order() throws InterruptedException {
    var printed = new ByteArrayOutputStream();
    var out = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      new Hello().main();
    } finally {
      System.setOut(out);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("Hello from early", "Hello from late", "Both have greeted.");
  }

  // @start region="nursery"
  Map<String, String> fetchAll(List<String> urls) throws InterruptedException {
    var pages = new HashMap<String, String>(); // a plain map: one task runs at a time
    Nursery.run(nursery -> {
      for (String url : urls) {
        nursery.start(() -> pages.put(url, fetch(url)));
      }
    });
    return pages; // all children have ended here
  }

  // @end

  @Test
  void fetches_all() throws InterruptedException {
    inRun(() -> assertThat(fetchAll(List.of("a", "b"))).containsOnlyKeys("a", "b"));
  }

  @Test
  void moves_on() throws InterruptedException {
    inRun(() -> {
      var urls = List.of("a very slow one");
      // @start region="timeout"
      CancelScope patience = CancelScope.moveOnAfter(Duration.ofSeconds(5));
      boolean finished = patience.run(() -> fetchAll(urls));
      if (!finished) {
        log.add("some pages are missing");
      }
      // @end
    });
    assertThat(log).containsExactly("some pages are missing");
  }

  @Test
  void fails_in_time() throws Exception {
    inRun(() -> {
      var urls = List.of("a", "b");
      // @start region="fail"
      Map<String, String> pages =
          CancelScope.failAfter(Duration.ofSeconds(5)).call(() -> fetchAll(urls));
      // @end
      assertThat(pages).hasSize(2);
    });
  }

  // @start region="cancel"
  String fetchFromEither(String one, String other) throws InterruptedException {
    var first = new ArrayList<String>();
    Nursery.run(nursery -> {
      for (String url : List.of(one, other)) {
        nursery.start(() -> {
          first.add(fetch(url));
          nursery.cancel(); // the slower one is not needed any more
        });
      }
    });
    return first.getFirst();
  }

  // @end

  @Test
  void fetches_from_either() throws InterruptedException {
    inRun(() -> assertThat(fetchFromEither("the slow one", "b")).isEqualTo("page b"));
  }

  @Test
  void gives_values() throws InterruptedException {
    inRun(() -> {
      var urls = List.of("a", "b", "c");
      // @start region="together"
      List<String> pages = Together.map(urls, 10, url -> fetch(url)); // ten at once, in order
      String fastest = Together.race(() -> fetch("the far one"), () -> fetch("near"));
      // @end
      assertThat(pages).containsExactly("page a", "page b", "page c");
      assertThat(fastest).isEqualTo("page near");
    });
  }

  @Test
  void handles_groups() throws InterruptedException {
    inRun(() -> {
      var urls = List.of("bad place", "a");
      // @start region="errors"
      try {
        fetchAll(urls);
      } catch (ExceptionGroup group) {
        group
            .on(IOException.class, e -> log.add("no page: " + e.getMessage()))
            .orThrow(); // what is not an IOException goes on
      }
      // @end
    });
    assertThat(log).containsExactly("no page: no route to bad place");
  }

  private List<String> selectNames() throws IOException {
    return List.of("Ada", "Grace");
  }

  @Test
  void blocks() throws Exception {
    inRun(() -> {
      // @start region="blocking"
      List<String> names = Blocking.call(() -> selectNames()); // JDBC, say
      // @end
      assertThat(names).hasSize(2);
    });
  }

  // @start region="testing"
  @RoostTest(autojump = true)
  void slow_pages_are_given_up() throws Exception {
    var patience = CancelScope.moveOnAfter(Duration.ofMinutes(10));

    patience.run(() -> Roost.sleep(Duration.ofHours(1)));

    assertThat(patience.cancelledCaught()).isTrue(); // after no time at all
  }

  // @end

  @Test
  void deadline_is_an_exception_of_the_jdk() throws Exception {
    inRun(() -> {
      try {
        CancelScope.failAfter(Duration.ofSeconds(1)).run(() -> fetch("too slow"));
      } catch (TimeoutException e) {
        log.add("late");
      }
    });
    assertThat(log).containsExactly("late");
  }
}
