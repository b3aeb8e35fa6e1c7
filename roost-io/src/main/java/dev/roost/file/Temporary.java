package dev.roost.file;

import dev.roost.AsyncConsumer;
import dev.roost.AsyncFunction;
import dev.roost.CheckReturnValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file or a folder that lives as long as a block: made when the block begins, removed, with all
 * that is in it, when the block has ended, however it ends. Each block has one of its own.
 *
 * {@snippet file="dev/roost/file/FileSamplesTest.java" region="temporary"}
 */
@CheckReturnValue
public final class Temporary {

  /** How it is made. */
  interface Making {
    Path make() throws IOException;
  }

  private final Making making;

  Temporary(Making making) {
    this.making = making;
  }

  /**
   * Runs a block. A checkpoint at its beginning and at its end.
   *
   * @param body gets the file or folder
   * @param <X> what it may throw
   * @throws X what the body throws; an error in the removing is suppressed on it
   * @throws IOException if it cannot be made, or not be removed
   * @throws InterruptedException if cancelled; it is removed all the same
   * @throws IllegalStateException outside a run
   */
  public <X extends Exception> void run(AsyncConsumer<? super Path, X> body)
      throws X, IOException, InterruptedException {
    Objects.requireNonNull(body, "Temporary.run: the body is null");
    var _ =
        call(path -> {
          body.accept(path);
          return true;
        });
  }

  /**
   * Runs a block that has a result. A checkpoint at its beginning and at its end.
   *
   * @param body gets the file or folder
   * @param <T> its result
   * @param <X> what it may throw
   * @return what the body returns
   * @throws X what the body throws; an error in the removing is suppressed on it
   * @throws IOException if it cannot be made, or not be removed
   * @throws InterruptedException if cancelled; it is removed all the same
   * @throws IllegalStateException outside a run
   */
  public <T extends @Nullable Object, X extends Exception> T call(
      AsyncFunction<? super Path, ? extends T, X> body)
      throws X, IOException, InterruptedException {
    Objects.requireNonNull(body, "Temporary.call: the body is null");
    Path path = Sections.changing(making::make);
    T result;
    try {
      result = body.apply(path);
    } catch (Throwable t) {
      try {
        Sections.shielded(() -> Trees.delete(path));
      } catch (Throwable onTop) {
        t.addSuppressed(onTop);
      }
      throw t;
    }
    Sections.shielded(() -> Trees.delete(path));
    return result;
  }
}
