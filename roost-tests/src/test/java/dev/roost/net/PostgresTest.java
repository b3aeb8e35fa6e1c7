package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.Cancelled;
import dev.roost.FailScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import java.net.SocketException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** JDBC in blocking sections, over the sockets of the JDK, with PostgreSQL at the other end. */
@EnabledIf(value = "dev.roost.net.Postgres#isInstalled", disabledReason = "no PostgreSQL here")
class PostgresTest {

  private static final String ENDLESS = "SELECT pg_sleep(1e6)";
  private static final String QUERY_CANCELED = "57014"; // PostgreSQL's documentation, appendix A

  @TempDir private static Path folder;
  private static Postgres server;

  @BeforeAll
  static void start() throws Exception {
    server = Postgres.start(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static Connection open() throws SQLException {
    return DriverManager.getConnection(server.url());
  }

  private static int number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static int backend(Connection connection) throws SQLException {
    return number(connection, "SELECT pg_backend_pid()");
  }

  /** Returns when this process of the server is at the endless query. */
  private static void untilBegun(int backend) throws InterruptedException, SQLException {
    try (Connection observer = Blocking.call(PostgresTest::open)) {
      String begun =
          "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid = " + backend;
      while (Blocking.call(() -> number(observer, begun)) == 0) {
        Roost.checkpoint();
      }
    }
  }

  @Test
  void lateQuery_isCancelledByItsStatement_andTheConnectionIsStillGood() throws Exception {
    try (Connection connection = open();
        Statement late = connection.createStatement()) {
      int backend = backend(connection);
      FailScope timeout = CancelScope.failAfter(Duration.ofHours(1));
      Roost.run(() ->
          Nursery.run(nursery -> {
            nursery.start(() -> {
              untilBegun(backend);
              timeout.scope().setTimeout(Duration.ZERO); // time flies
            });
            assertThatThrownBy(() ->
                    timeout.run(() ->
                        Blocking.onCancel(late::cancel).call(() -> late.executeQuery(ENDLESS))))
                .isInstanceOf(TimeoutException.class)
                .rootCause()
                .isInstanceOfSatisfying(
                    SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(QUERY_CANCELED));
          }));
      assertThat(number(connection, "SELECT 42")).isEqualTo(42);
    }
  }

  /** An interrupt closes the socket, so this connection is lost; the task and the pool are not. */
  @Test
  void queryThatIsInterrupted_isCancelled_andThePoolDropsItsConnection() throws Exception {
    try (HikariDataSource pool = pool(1)) {
      int[] backends = new int[2];
      Roost.run(() -> {
        try (Connection mine = Blocking.call(pool::getConnection);
            Statement late = mine.createStatement()) {
          backends[0] = Blocking.call(() -> backend(mine));
          CancelScope scope = CancelScope.create();
          Nursery.run(nursery -> {
            nursery.start(() -> {
              untilBegun(backends[0]);
              scope.cancel("too late");
            });
            Throwable[] thrown = new Throwable[1];
            boolean whole =
                scope.run(() -> {
                  try {
                    Blocking.call(() -> late.executeQuery(ENDLESS)).close();
                  } catch (Cancelled cancelled) {
                    thrown[0] = cancelled;
                    throw cancelled;
                  }
                });
            assertThat(whole).isFalse();
            assertThat(thrown[0]).hasRootCauseInstanceOf(SocketException.class);
          });
        }
        try (Connection next = Blocking.call(pool::getConnection)) {
          backends[1] = Blocking.call(() -> backend(next));
        }
      });
      assertThat(backends[1]).isNotEqualTo(backends[0]);
    }
  }

  @Test
  void tasksThatShareAPool_allFinish() throws Exception {
    int tasks = 200;
    int connections = 10;
    Set<Integer> backends = new HashSet<>();
    int[] finished = {0};
    try (HikariDataSource pool = pool(connections)) {
      Roost.run(() ->
          Nursery.run(nursery -> {
            for (int n = 0; n < tasks; n++) {
              nursery.start(() -> {
                try (Connection mine = Blocking.call(pool::getConnection)) {
                  backends.add(Blocking.call(() -> backend(mine)));
                  Roost.checkpoint();
                  int one = Blocking.call(() -> number(mine, "SELECT 1"));
                  finished[0] += one;
                }
              });
            }
          }));
    }
    assertThat(finished[0]).isEqualTo(tasks);
    assertThat(backends).hasSizeBetween(1, connections);
  }

  private static HikariDataSource pool(int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.url());
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }
}
