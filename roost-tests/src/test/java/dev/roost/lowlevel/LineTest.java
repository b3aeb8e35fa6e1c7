package dev.roost.lowlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LineTest {

  private static final class Number extends Line.Place {
    final int value;

    Number(int value) {
      this.value = value;
    }

    @Override
    public String toString() {
      return "" + value;
    }
  }

  @Test
  void randomSteps_agreeWithAList() {
    SplittableRandom random = new SplittableRandom(7);
    Line<Number> line = new Line<>();
    List<Number> model = new ArrayList<>();
    for (int step = 0; step < 2_000; step++) {
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          Number added = new Number(step);
          line.add(added);
          model.add(added);
          assertThat(added.isInLine()).isTrue();
        }
        case 2 -> assertThat(line.poll()).isSameAs(model.isEmpty() ? null : model.removeFirst());
        default -> {
          if (!model.isEmpty()) {
            Number removed = model.remove(random.nextInt(model.size()));
            assertThat(line.remove(removed)).isTrue();
            assertThat(line.remove(removed)).isFalse();
            assertThat(removed.isInLine()).isFalse();
          }
        }
      }
      assertThat(line.toList()).isEqualTo(model);
      assertThat(line.size()).isEqualTo(model.size());
      assertThat(line.isEmpty()).isEqualTo(model.isEmpty());
      assertThat(line.first()).isSameAs(model.isEmpty() ? null : model.getFirst());
    }
  }

  @Test
  void add_whatIsInALineAlready_isRefused() {
    Line<Number> line = new Line<>();
    Number number = new Number(1);
    line.add(number);
    assertThatThrownBy(() -> new Line<Number>().add(number))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Line.add: this place is in a line already. Take it out first, or make a place for each wait.");
    assertThat(new Line<Number>().remove(number)).isFalse();
    assertThat(line).hasToString("Line[1 waiting]");
  }
}
