package dev.roost;

/**
 * Takes context that lives outside Roost, such as a logging context or a trace, along to children:
 * captured where a child is started, put back around it. Give it to {@link
 * RunOptions#contextCarrier}, or provide it through {@code ServiceLoader}, which makes it work in
 * every run.
 *
 * {@snippet file="dev/roost/CoreSamplesTest.java" region="context-carrier"}
 */
@FunctionalInterface
public interface ContextCarrier {

  /**
   * Captures the context of the task that starts a child. Called on that task's thread, and on the
   * thread that calls through a {@link Portal}; must not wait.
   *
   * @return puts the context back
   */
  Captured capture();

  /** A captured context. */
  @FunctionalInterface
  interface Captured {

    /**
     * Runs the child inside the captured context, on the child's thread. Must run it exactly once,
     * and let out what it throws.
     *
     * @param child the child
     * @throws Exception what the child throws
     */
    void around(AsyncRunnable<?> child) throws Exception;
  }
}
