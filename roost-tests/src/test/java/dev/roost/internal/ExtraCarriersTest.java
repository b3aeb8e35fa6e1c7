package dev.roost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The carriers that make up for those that deep stacks keep. */
class ExtraCarriersTest {

  private static void overflow() {
    throw new StackOverflowError("no room here");
  }

  /** The way up would have been the last chance, if nobody waits so far down again. */
  @Test
  void whatCouldNotBeSettledForWantOfStack_isSettledLater() {
    synchronized (ExtraCarriers.class) { // the stall watch does so as well
      int before = ExtraCarriers.extra();
      ExtraCarriers.keeps(+1, ExtraCarriersTest::overflow);
      assertThat(ExtraCarriers.extra()).isEqualTo(before);
      ExtraCarriers.settleWhatIsOwed();
      assertThat(ExtraCarriers.extra()).isEqualTo(before + 1);
      ExtraCarriers.keeps(-1, ExtraCarriersTest::overflow);
      assertThat(ExtraCarriers.extra()).isEqualTo(before + 1);
      ExtraCarriers.settleWhatIsOwed();
      assertThat(ExtraCarriers.extra()).isEqualTo(before);
      ExtraCarriers.settleWhatIsOwed();
    }
  }
}
