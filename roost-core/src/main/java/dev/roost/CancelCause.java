package dev.roost;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a scope is cancelled: the first cause stays. */
sealed interface CancelCause {

  /** The reason as the user reads it. */
  Optional<String> reason();

  /** Goes on after "… was cancelled". */
  String describe(Scope scope);

  /** Somebody called {@code cancel}. */
  record Call(@Nullable String text, String caller) implements CancelCause {
    @Override
    public Optional<String> reason() {
      return Optional.ofNullable(text);
    }

    @Override
    public String describe(Scope scope) {
      return "by " + caller + (text == null ? "" : ": " + text);
    }
  }

  /** The deadline has passed. */
  record Deadline() implements CancelCause {
    @Override
    public Optional<String> reason() {
      return Optional.empty();
    }

    @Override
    public String describe(Scope scope) {
      return "by its deadline"; // which one that is, the name of the scope says
    }
  }

  /** It or a scope around it was asked to stop, and it is one that stops then. */
  record Stop(String who, String by) implements CancelCause {
    @Override
    public Optional<String> reason() {
      return Optional.of("stopping");
    }

    @Override
    public String describe(Scope scope) {
      return "because " + who + " was asked to stop " + by;
    }
  }

  /** Roost cancelled by itself. */
  record Own(String text) implements CancelCause {
    @Override
    public Optional<String> reason() {
      return Optional.of(text);
    }

    @Override
    public String describe(Scope scope) {
      return "because " + text;
    }
  }

  /** Something failed in a nursery. */
  record Failure(String who, Throwable error) implements CancelCause {
    @Override
    public Optional<String> reason() {
      return Optional.of(whatHappened());
    }

    @Override
    public String describe(Scope scope) {
      return "because " + whatHappened();
    }

    private String whatHappened() {
      return Cancellations.is(error) ? who + " was cancelled" : who + " failed: " + error;
    }
  }
}
