package dev.roost.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Roost;
import dev.roost.World;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What decides when threads without a baton serve a task that selects. */
class ChoiceTest {

  private static Choice made() {
    Choice choice = new Choice();
    assertThat(choice.make()).isTrue();
    return choice;
  }

  @Test
  void make_isForTheFirst() {
    Choice choice = new Choice();
    assertThat(choice.isMade()).isFalse();
    assertThat(choice.make()).isTrue();
    assertThat(choice.make()).isFalse();
    assertThat(choice.isMade()).isTrue();
  }

  @Test
  void makeBoth_makesBothOrNone() {
    Choice one = new Choice();
    Choice other = new Choice();
    assertThat(Choice.makeBoth(one, one)).isFalse();
    assertThat(Choice.makeBoth(one, made())).isFalse();
    assertThat(Choice.makeBoth(made(), one)).isFalse();
    assertThat(one.isMade()).isFalse();
    assertThat(Choice.makeBoth(other, one)).isTrue();
    assertThat(one.isMade()).isTrue();
    assertThat(other.isMade()).isTrue();
  }

  private final CrossChannel<String> channel = new CrossChannel<>(0);
  private final List<@Nullable String> served = new ArrayList<>();

  private CrossSelect<String> inLine(Choice choice) {
    CrossSelect<String> waiter =
        new CrossSelect<>(
            channel,
            channel.receivers,
            this,
            null,
            choice,
            new CrossSelect.Outcome<>() {
              @Override
              public void served(@Nullable String result) {
                served.add(result);
              }

              @Override
              public void failed(RuntimeException error) {
                throw error;
              }
            });
    channel.receivers.add(waiter);
    return waiter;
  }

  /** As if these had come between the first look of a select and its getting in line. */
  @Test
  void selectThatMeetsOthers_passesOverThoseWhoHaveSomething() throws Exception {
    World.run(() -> {
      Choice mine = new Choice();
      List<CrossSelect<String>> waiters =
          List.of(inLine(mine), inLine(made()), inLine(new Choice()), inLine(new Choice()));
      assertThat(channel.offer("item", mine)).isTrue();
      assertThat(mine.isMade()).isTrue();
      Roost.checkpoint();

      assertThat(served).containsExactly("item");
      assertThat(waiters)
          .extracting(CrossWaiter::isInLine)
          .containsExactly(true, false, false, true);
      assertThat(channel.offer("another", mine)).isFalse();
      assertThat(channel.receivers.size()).isEqualTo(2);
      waiters.forEach(CrossSelect::callOff);
      assertThat(channel.receivers.size()).isZero();
    });
  }

  @Test
  void selectThatHasSomething_takesNothing() throws Exception {
    World.run(() -> {
      CrossChannel<String> buffered = new CrossChannel<>(1);
      assertThat(buffered.offer("refused", made())).isFalse();
      assertThat(buffered.offer("kept", new Choice())).isTrue();
      assertThat(buffered.poll(made())).isNull();
      assertThat(buffered.poll(new Choice())).isEqualTo("kept");
    });
  }
}
