package dev.roost;

/**
 * A task's body that only adds something around one of the user's, after which the task is named.
 */
interface Wrapping {

  /** What it is around: for the name of the task. */
  Object wrapped();
}
