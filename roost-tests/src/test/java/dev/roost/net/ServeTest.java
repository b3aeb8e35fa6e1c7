package dev.roost.net;

import static dev.roost.net.Tcp.ANY_PORT;
import static dev.roost.net.Tcp.receiveAll;
import static dev.roost.net.Tcp.receiveExactly;
import static dev.roost.net.Tcp.text;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.Limiter;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskStatus;
import dev.roost.World;
import dev.roost.io.Listener;
import dev.roost.sync.CapacityLimiter;
import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers: their life, and what they do with errors. */
@Timeout(30)
class ServeTest {

  private static void echo(TcpStream stream) throws IOException, InterruptedException {
    var buffer = ByteBuffer.allocateDirect(1000);
    while (stream.receiveSome(buffer.clear()) >= 0) {
      stream.sendAll(buffer.flip());
    }
  }

  private static int start(Nursery nursery) throws IOException, InterruptedException {
    List<TcpListener> listeners =
        nursery.startAndWait(
            (TaskStatus<List<TcpListener>> status) -> Serve.tcp(0, ServeTest::echo, status));
    return listeners.getFirst().localAddress().getPort();
  }

  @Test
  void everybody_who_connects_is_served_at_once() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          int port = start(nursery);
          Nursery.run(clients -> {
            for (int i = 0; i < 100; i++) {
              var message = "client " + i;
              clients.start(() -> {
                try (var stream = TcpStream.connect("127.0.0.1", port)) {
                  stream.sendAll(message);
                  assertThat(text(receiveExactly(stream, message.length()))).isEqualTo(message);
                  stream.sendEof();
                  assertThat(receiveAll(stream)).isEmpty();
                }
              });
            }
          });
          nursery.cancel();
        }));
  }

  @Test
  void a_soft_cancel_closes_the_port_and_lets_the_handlers_finish() throws Exception {
    Roost.run(() -> {
      var ended = new ArrayList<String>();
      Nursery.run(nursery -> {
        var opened = new ArrayList<TcpListener>();
        var scope = CancelScope.create();
        nursery.start(() -> {
          boolean finished =
              scope.run(() ->
                  Serve.tcp(0, ServeTest::echo, (List<TcpListener> all) -> opened.addAll(all)));
          ended.add(finished ? "normally" : "cancelled");
        });
        waitAllTasksBlocked();
        int port = opened.getFirst().localAddress().getPort();
        try (var client = TcpStream.connect("127.0.0.1", port)) {
          client.sendAll("a");
          receiveExactly(client, 1);
          scope.softCancel(Duration.ofMinutes(1));
          waitAllTasksBlocked();
          assertThatThrownBy(() -> TcpStream.connect("127.0.0.1", port))
              .isInstanceOf(ConnectException.class);
          assertThat(ended).isEmpty();
          client.sendAll("b");
          assertThat(text(receiveExactly(client, 1))).isEqualTo("b");
        }
      });
      assertThat(ended).containsExactly("normally");
    });
  }

  @Test
  void a_soft_cancel_ends_a_server_that_nobody_has_connected_to() throws Exception {
    Roost.run(() -> {
      var scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(
            () -> assertThat(scope.run(() -> Serve.listeners(two(), ServeTest::echo))).isTrue());
        waitAllTasksBlocked();
        scope.softCancel(Duration.ofMinutes(1));
      });
    });
  }

  private static List<TcpListener> two() throws IOException {
    return List.of(TcpListener.open(ANY_PORT), TcpListener.open(ANY_PORT));
  }

  @Test
  void cancelling_ends_the_handlers_and_closes_everything() throws Exception {
    Roost.run(() -> {
      long before = Tcp.openSockets();
      var listeners = two();
      var streams = new ArrayList<TcpStream>();
      var inside = new Event();
      Nursery.run(nursery -> {
        nursery.start(() ->
            Serve.listeners(
                listeners,
                stream -> {
                  streams.add(stream);
                  inside.set();
                  Roost.sleepForever();
                }));
        try (var _ = TcpStream.connect("127.0.0.1", listeners.get(1).localAddress().getPort())) {
          inside.await();
        }
        nursery.cancel();
      });
      for (var listener : listeners) {
        assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class);
      }
      assertThat(streams).hasSize(1);
      assertThat(streams.getFirst().toString()).endsWith(", closed]");
      assertThat(Tcp.openSockets()).isEqualTo(before);
    });
  }

  @Test
  void an_error_of_a_handler_ends_the_server() throws Exception {
    Roost.run(() -> {
      var listeners = two();
      assertThatThrownBy(() ->
              Nursery.run(nursery -> {
                nursery.start(() ->
                    Serve.listeners(
                        listeners,
                        stream -> {
                          throw new IOException("no good");
                        }));
                TcpStream.connect("127.0.0.1", listeners.getFirst().localAddress().getPort())
                    .close();
              }))
          .isInstanceOfSatisfying(
              ExceptionGroup.class,
              group -> assertThat(group.leaves()).singleElement().isInstanceOf(IOException.class));
      assertThatThrownBy(listeners.getLast()::accept).isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void a_server_with_a_plan_for_errors_survives_them() throws Exception {
    Roost.run(() -> {
      var errors = new ArrayList<Exception>();
      var listener = TcpListener.open(ANY_PORT);
      int port = listener.localAddress().getPort();
      Nursery.run(nursery -> {
        nursery.start(() ->
            Serve.onHandlerError(errors::add)
                .listeners(
                    List.of(listener),
                    stream -> {
                      if (text(receiveAll(stream)).equals("group")) {
                        Nursery.run(inner -> {
                          throw new IOException("in a group");
                        });
                      }
                      throw new IllegalStateException("bad");
                    }));
        for (var message : List.of("group", "plain")) {
          try (var stream = TcpStream.connect("127.0.0.1", port)) {
            stream.sendAll(message);
            stream.sendEof();
            assertThat(receiveAll(stream)).isEmpty();
          }
        }
        nursery.cancel();
      });
      assertThat(errors).hasSize(2);
      assertThat(errors.get(0)).isInstanceOf(ExceptionGroup.class);
      assertThat(errors.get(1)).isInstanceOf(IllegalStateException.class);
    });
  }

  @Test
  void a_cancellation_beside_an_error_still_reaches_its_scope() throws Exception {
    Roost.run(() -> {
      var errors = new ArrayList<Exception>();
      var scope = CancelScope.create();
      boolean finished =
          scope.run(() ->
              Serve.onHandlerError(errors::add)
                  .listeners(
                      List.of(new FakeListener(List.of(new FakeStream()))),
                      stream ->
                          Nursery.run(inner -> {
                            inner.start(() -> {
                              try {
                                Roost.sleepForever();
                              } finally {
                                failInCleanup();
                              }
                            });
                            inner.start(Roost::sleepForever);
                            Roost.checkpoint();
                            scope.cancel();
                          })));
      assertThat(finished).isFalse();
      assertThat(errors).singleElement().isInstanceOf(ExceptionGroup.class);
      assertThat(((ExceptionGroup) errors.getFirst()).leaves())
          .singleElement()
          .isInstanceOf(IllegalStateException.class);
    });
  }

  private static void failInCleanup() {
    throw new IllegalStateException("while cleaning up");
  }

  @Test
  void an_error_in_the_plan_for_errors_ends_the_server() throws Exception {
    Roost.run(() ->
        assertThatThrownBy(() ->
                Serve.onHandlerError(
                        error -> {
                          throw new IllegalStateException("I give up", error);
                        })
                    .listeners(
                        List.of(new FakeListener(List.of(new FakeStream()))),
                        stream -> {
                          throw new IOException("x");
                        }))
            .isInstanceOfSatisfying(
                ExceptionGroup.class,
                group -> assertThat(group.find(IllegalStateException.class)).isPresent()));
  }

  @Test
  void when_there_is_no_room_it_waits_a_tenth_of_a_second_and_tries_again() throws Exception {
    var logged = new ArrayList<String>();
    var handler = new LogCapture(logged);
    Logger logger = Logger.getLogger(Serve.class.getName());
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      whenThereIsNoRoom();
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    assertThat(logged)
        .hasSize(3)
        .allMatch(line -> line.contains("There is no room for another connection to"));
  }

  private static final class LogCapture extends Handler {
    private final List<String> lines;

    LogCapture(List<String> lines) {
      this.lines = lines;
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static void whenThereIsNoRoom() throws Exception {
    var clock = new MockClock().autojump();
    Roost.with()
        .clock(clock)
        .run(() -> {
          var full = new IOException("Too many open files");
          var listener = new FakeListener(List.of(full, full, full, new FakeStream()));
          var served = new ArrayList<Instant>();
          CancelScope.moveOnAfter(Duration.ofSeconds(10))
              .run(() -> Serve.listeners(List.of(listener), stream -> served.add(Roost.now())));
          assertThat(served).containsExactly(Instant.EPOCH.plusMillis(300));
          assertThat(listener.closed).isTrue();
        });
  }

  @Test
  void any_other_error_of_accepting_ends_the_server() throws Exception {
    Roost.run(() -> {
      var listener = new FakeListener(List.of(new IOException("the cable was cut")));
      assertThatThrownBy(() -> Serve.listeners(List.of(listener), stream -> {}))
          .isInstanceOfSatisfying(
              ExceptionGroup.class,
              group -> assertThat(group.leaves()).singleElement().isInstanceOf(IOException.class));
      assertThat(listener.closed).isTrue();
    });
  }

  @Test
  void closing_a_listener_under_its_server_is_an_error() throws Exception {
    Roost.run(() -> {
      var listeners = two();
      assertThatThrownBy(() ->
              Nursery.run(nursery -> {
                nursery.start(() -> Serve.listeners(listeners, ServeTest::echo));
                waitAllTasksBlocked();
                listeners.getFirst().close();
              }))
          .isInstanceOfSatisfying(
              ExceptionGroup.class,
              group -> assertThat(group.find(ClosedChannelException.class)).isPresent());
    });
  }

  @Test
  void the_stream_is_closed_when_its_handler_has_ended() throws Exception {
    Roost.run(() -> {
      var stream = new FakeStream();
      CancelScope.create()
          .run(() ->
              Nursery.run(nursery -> {
                nursery.start(() ->
                    Serve.listeners(
                        List.of(new FakeListener(List.of(stream))),
                        handled -> assertThat(handled.closed).isFalse()));
                waitAllTasksBlocked();
                assertThat(stream.closed).isTrue();
                nursery.cancel();
              }));
    });
  }

  @Test
  void nothing_to_serve_and_ports_in_use_are_errors() throws Exception {
    Roost.run(() -> {
      List<Listener<TcpStream>> none = List.of();
      assertThatThrownBy(() -> Serve.listeners(none, ServeTest::echo))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at least one");
      try (var taken = TcpListener.open(0)) {
        int port = taken.localAddress().getPort();
        assertThatThrownBy(() -> Serve.tcp(port, ServeTest::echo))
            .isInstanceOf(BindException.class);
        assertThatThrownBy(() ->
                Nursery.run(nursery ->
                    nursery.startAndWait((TaskStatus<List<TcpListener>> status) ->
                        Serve.tcp(port, ServeTest::echo, status))))
            .cause()
            .isInstanceOf(BindException.class);
      }
    });
  }

  @Test
  void what_has_not_ended_when_the_grace_is_over_is_cancelled() throws Exception {
    World.run(() -> {
      var stream = new FakeStream();
      var scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          boolean finished =
              scope.run(() ->
                  Serve.listeners(
                      List.of(new FakeListener(List.of(stream))), s -> World.sleep(100)));
          assertThat(finished).isFalse();
        });
        waitAllTasksBlocked();
        scope.softCancel(Duration.ofSeconds(7));
      });
      assertThat(World.elapsed()).isEqualTo(7);
      assertThat(stream.closed).isTrue();
    });
  }

  @Test
  void a_limit_makes_those_wait_who_come_too_many() throws Exception {
    World.run(() -> {
      var limiter = new CapacityLimiter(2);
      var streams = List.of(new FakeStream(), new FakeStream(), new FakeStream(), new FakeStream());
      var order = new ArrayList<String>();
      var first = new FakeListener(streams.subList(0, 3));
      var second = new FakeListener(streams.subList(3, 4));
      Nursery.run(nursery -> {
        nursery.start(() ->
            Serve.limitedBy(limiter)
                .listeners(
                    List.of(first, second),
                    stream -> {
                      order.add("begins at " + World.elapsed());
                      assertThat(limiter.borrowedTokens()).isLessThanOrEqualTo(2);
                      World.sleep(5);
                    }));
        World.sleep(20);
        nursery.cancel();
      });
      assertThat(order).containsExactly("begins at 0", "begins at 0", "begins at 5", "begins at 5");
      assertThat(streams).allMatch(stream -> stream.closed);
      assertThat(limiter.borrowedTokens()).isZero();
    });
  }

  @Test
  void who_waits_for_a_permit_when_the_server_stops_is_sent_away() throws Exception {
    World.run(() -> {
      var limiter = new CapacityLimiter(1);
      var streams = List.of(new FakeStream(), new FakeStream());
      var handled = new ArrayList<FakeStream>();
      var errors = new ArrayList<Exception>();
      var scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() ->
            scope.run(() ->
                Serve.limitedBy(limiter)
                    .onHandlerError(errors::add)
                    .listeners(
                        List.of(new FakeListener(streams)),
                        stream -> {
                          handled.add(stream);
                          World.sleep(5);
                          throw new IOException("in the end");
                        })));
        waitAllTasksBlocked();
        scope.softCancel(Duration.ofMinutes(1));
        waitAllTasksBlocked();
        assertThat(streams.get(1).closed).isTrue();
        assertThat(streams.get(0).closed).isFalse();
      });
      assertThat(scope.cancelledCaught()).isFalse();
      assertThat(handled).containsExactly(streams.get(0));
      assertThat(errors).hasSize(1);
      assertThat(limiter.borrowedTokens()).isZero();
    });
  }

  @Test
  void a_limiter_that_fails_ends_the_server_and_closes_the_stream() throws Exception {
    World.run(() -> {
      var stream = new FakeStream();
      Limiter broken =
          () -> {
            throw new IllegalStateException("no permits today");
          };
      assertThatThrownBy(() ->
              Serve.limitedBy(broken)
                  .listeners(List.of(new FakeListener(List.of(stream))), s -> {}))
          .hasRootCauseMessage("no permits today");
      assertThat(stream.closed).isTrue();
    });
  }
}
