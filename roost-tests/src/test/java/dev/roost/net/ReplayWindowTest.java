package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which records are new. */
class ReplayWindowTest {

  @Test
  void each_number_is_new_once() {
    var window = new ReplayWindow();
    for (long number : new long[] {0, 1, 5, 3, 64, 2, 63}) {
      assertThat(window.isNew(number)).as("%s", number).isTrue();
      assertThat(window.isNew(number)).as("%s again", number).isFalse();
    }
  }

  @Test
  void what_is_too_old_to_tell_is_a_repetition() {
    var window = new ReplayWindow();
    window.isNew(100);
    assertThat(window.isNew(37)).isTrue();
    assertThat(window.isNew(36)).isFalse();
    window.isNew(1L << 48);
    assertThat(window.isNew(100)).isFalse();
    assertThat(window.isNew((1L << 48) - 63)).isTrue();
  }

  @Test
  void it_agrees_with_a_set_where_that_matters() {
    var random = new Random(1);
    var window = new ReplayWindow();
    var seen = new HashSet<Long>();
    long highest = 0;
    for (int i = 0; i < 10_000; i++) {
      long number = Math.max(0, highest + random.nextInt(80) - 60);
      boolean recent = number > highest - 64;
      highest = Math.max(highest, number);
      assertThat(window.isNew(number)).isEqualTo(seen.add(number) && recent);
    }
  }
}
