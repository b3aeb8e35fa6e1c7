package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** JDBC in blocking sections, with a real database and a real pool. */
public class BlockingDatabaseTest { // public, for the database calls it back

  private static final int TASKS = 200;
  private static final int CONNECTIONS = 10;

  /** Counts for hours. */
  private static final String ENDLESS =
      "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b"
          + " WHERE a.x + b.x + begun() < 0";

  /** Opened by the query, when the database is at it. */
  private static CountDownLatch begun = new CountDownLatch(1);

  /** Called by the database for each row. */
  public static int begun() {
    begun.countDown();
    return 0;
  }

  private static Connection open() throws SQLException {
    return DriverManager.getConnection("jdbc:h2:mem:");
  }

  private static int one(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT 1")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void lateQuery_isCancelledByItsStatement_andTheConnectionIsStillGood() throws Exception {
    begun = new CountDownLatch(1);
    try (Connection connection = open();
        Statement setup = connection.createStatement();
        PreparedStatement late = connection.prepareStatement(prepare(setup))) {
      Roost.run(() -> {
        CancelScope scope = CancelScope.create();
        Nursery.run(nursery -> {
          nursery.start(() -> {
            Blocking.run(begun::await);
            scope.cancel("too late");
          });
          Throwable[] thrown = new Throwable[1];
          boolean whole =
              scope.run(() -> {
                try {
                  Blocking.onCancel(late::cancel).call(late::executeQuery).close();
                } catch (Cancelled cancelled) {
                  thrown[0] = cancelled.getCause();
                  throw cancelled;
                }
              });
          assertThat(whole).isFalse();
          assertThat(thrown[0]).isInstanceOf(SQLException.class);
        });
        int after = Blocking.call(() -> one(connection));
        assertThat(after).isOne();
      });
    }
  }

  private static String prepare(Statement setup) throws SQLException {
    setup.execute("CREATE ALIAS begun FOR '" + BlockingDatabaseTest.class.getName() + ".begun'");
    return ENDLESS;
  }

  @Test
  void lateQuery_isATimeoutForTheCaller() throws Exception {
    begun = new CountDownLatch(1);
    try (Connection connection = open();
        Statement setup = connection.createStatement();
        PreparedStatement late = connection.prepareStatement(prepare(setup))) {
      FailScope timeout = CancelScope.failAfter(Duration.ofHours(1));
      Roost.run(() ->
          Nursery.run(nursery -> {
            nursery.start(() -> {
              Blocking.run(begun::await);
              timeout.scope().setTimeout(Duration.ZERO); // time flies
            });
            assertThatThrownBy(() ->
                    timeout.run(
                        () -> Blocking.onCancel(late::cancel).call(late::executeQuery).close()))
                .isInstanceOf(TimeoutException.class)
                .hasRootCauseInstanceOf(SQLException.class);
          }));
      assertThat(one(connection)).isOne();
    }
  }

  /**
   * Each task holds its connection over several sections. A limit to the number of sections would
   * let those that wait for a connection keep out those that have one.
   */
  @Test
  void tasksThatShareAPool_allFinish() throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:h2:mem:pool");
    config.setMaximumPoolSize(CONNECTIONS);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      try (Connection connection = pool.getConnection();
          Statement setup = connection.createStatement()) {
        setup.execute("CREATE TABLE done (task INT PRIMARY KEY)");
      }
      int[] finished = {0};
      Roost.run(() ->
          Nursery.run(nursery -> {
            for (int i = 0; i < TASKS; i++) {
              int task = i;
              nursery.start(() -> {
                try (Connection mine = Blocking.call(pool::getConnection)) {
                  mine.setAutoCommit(false);
                  Blocking.run(() -> insert(mine, task));
                  Roost.checkpoint();
                  Blocking.uninterrupted().run(mine::commit);
                }
                finished[0]++;
              });
            }
          }));

      assertThat(finished[0]).isEqualTo(TASKS);
      try (Connection connection = pool.getConnection();
          Statement query = connection.createStatement();
          ResultSet rows = query.executeQuery("SELECT COUNT(*) FROM done")) {
        rows.next();
        assertThat(rows.getInt(1)).isEqualTo(TASKS);
      }
    }
  }

  private static void insert(Connection connection, int task) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("INSERT INTO done VALUES (?)")) {
      statement.setInt(1, task);
      statement.executeUpdate();
    }
  }
}
