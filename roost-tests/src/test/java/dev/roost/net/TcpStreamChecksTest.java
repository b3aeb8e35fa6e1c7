package dev.roost.net;

import dev.roost.Roost;
import dev.roost.testing.StreamChecks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What every stream has to keep, TCP connections keep. */
@Timeout(60)
@EnabledOnOs(OS.LINUX) // where a connection can be filled up to the brim
class TcpStreamChecksTest {

  @Test
  void tcp_streams_pass_the_checks() throws Exception {
    Roost.run(() -> StreamChecks.halfCloseable(Tcp::ends, Tcp::cloggedEnds));
  }

  @Test
  void tcp_streams_pass_the_checks_when_they_give_way_at_every_checkpoint() throws Exception {
    Roost.with()
        .checkpointBudget(1)
        .run(() -> StreamChecks.halfCloseable(Tcp::ends, Tcp::cloggedEnds));
  }
}
