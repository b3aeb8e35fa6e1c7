package dev.roost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Nursery;
import dev.roost.World;
import dev.roost.lowlevel.Readiness;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the selector is looked at while many channels are busy. */
class PollerRoundsTest {

  private static final int CHANNELS = 200;
  private static final int ROUNDS = 3;

  /** Can always be read from. */
  private static final class EndlessChannel extends AbstractSelectableChannel {

    EndlessChannel() throws java.io.IOException {
      super(SelectorProvider.provider());
      configureBlocking(false);
    }

    @Override
    public int validOps() {
      return SelectionKey.OP_READ;
    }

    @Override
    protected void implCloseSelectableChannel() {}

    @Override
    protected void implConfigureBlocking(boolean block) {}
  }

  /** Finds all channels ready as soon as there is one waiter for each. */
  private static final class BusySelector extends FakeSelector {

    private final Poller poller = Fiber.currentFiber().scheduler().poller();
    private boolean allHaveCome;
    private int looks;

    @Override
    void look() {
      allHaveCome |= poller.waiters() == CHANNELS;
      if (allHaveCome) {
        looks++;
        selectAll();
      }
    }
  }

  @Test
  void selectorIsLookedAtOnceARound_soThatNobodyIsReportedBeforeHisTurn() throws Exception {
    World.inOrder()
        .<Exception>run(() -> {
          var selector = new BusySelector();
          PollerTest.useSelector(selector);
          List<EndlessChannel> channels = new ArrayList<>();
          Nursery.run(nursery -> {
            for (int i = 0; i < CHANNELS; i++) {
              var channel = new EndlessChannel();
              channels.add(channel);
              nursery.start(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                  Readiness.waitReadable(channel);
                }
              });
            }
          });
          assertThat(selector.looks).isEqualTo(ROUNDS);
          assertThat(selector.withdrawals()).isZero();
          for (var channel : channels) {
            Readiness.notifyClosing(channel);
            channel.close();
          }
        });
  }
}
