package dev.roost.net;

import dev.roost.AsyncRunnable;
import dev.roost.ExceptionGroup;
import dev.roost.SwallowedCancellationError;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a server does with the errors of its handlers: they end it, unless somebody takes them. */
final class HandlerErrors {

  private final @Nullable Consumer<? super Exception> onError;

  HandlerErrors(@Nullable Consumer<? super Exception> onError) {
    this.onError = onError;
  }

  /** Runs a handler. */
  void handle(AsyncRunnable<?> handler) throws Exception {
    try {
      handler.run();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      failed(e);
    }
  }

  private void failed(Exception error) throws Exception {
    if (onError == null) {
      throw error;
    }
    if (!(error instanceof ExceptionGroup group)) {
      onError.accept(error);
      return;
    }
    // Cancellations among the errors of a nursery of the handler's are for the scopes around the
    // server.
    ExceptionGroup.Split split = group.split(HandlerErrors::isCancellation);
    split.rest().ifPresent(onError);
    if (split.matching().isPresent()) {
      throw split.matching().get();
    }
  }

  private static boolean isCancellation(Throwable error) {
    return error instanceof InterruptedException || error instanceof SwallowedCancellationError;
  }
}
