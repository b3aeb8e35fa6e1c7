package dev.roost;

import org.jspecify.annotations.Nullable;

/** Functions of three to five results, for {@link Together}; the JDK has them for one and two. */
public final class Combine {

  private Combine() {}

  /**
   * Combines three results.
   *
   * @param <A> the first
   * @param <B> the second
   * @param <C> the third
   * @param <R> what they are combined to
   */
  @FunctionalInterface
  public interface Three<
      A extends @Nullable Object,
      B extends @Nullable Object,
      C extends @Nullable Object,
      R extends @Nullable Object> {

    /**
     * Combines them; not a checkpoint.
     *
     * @param a the first
     * @param b the second
     * @param c the third
     * @return what they are combined to
     */
    R apply(A a, B b, C c);
  }

  /**
   * Combines four results.
   *
   * @param <A> the first
   * @param <B> the second
   * @param <C> the third
   * @param <D> the fourth
   * @param <R> what they are combined to
   */
  @FunctionalInterface
  public interface Four<
      A extends @Nullable Object,
      B extends @Nullable Object,
      C extends @Nullable Object,
      D extends @Nullable Object,
      R extends @Nullable Object> {

    /**
     * Combines them; not a checkpoint.
     *
     * @param a the first
     * @param b the second
     * @param c the third
     * @param d the fourth
     * @return what they are combined to
     */
    R apply(A a, B b, C c, D d);
  }

  /**
   * Combines five results.
   *
   * @param <A> the first
   * @param <B> the second
   * @param <C> the third
   * @param <D> the fourth
   * @param <E> the fifth
   * @param <R> what they are combined to
   */
  @FunctionalInterface
  public interface Five<
      A extends @Nullable Object,
      B extends @Nullable Object,
      C extends @Nullable Object,
      D extends @Nullable Object,
      E extends @Nullable Object,
      R extends @Nullable Object> {

    /**
     * Combines them; not a checkpoint.
     *
     * @param a the first
     * @param b the second
     * @param c the third
     * @param d the fourth
     * @param e the fifth
     * @return what they are combined to
     */
    R apply(A a, B b, C c, D d, E e);
  }
}
