package dev.roost.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method that makes something for the tests of a {@link RoostTest} class: a server, a database, a
 * client that is logged in. A test, a {@code @BeforeEach} or {@code @AfterEach} method, or another
 * fixture gets it by a parameter of its type.
 *
 * {@snippet file="dev/roost/junit/FixtureSampleTest.java" region="class"}
 *
 * <h2>Three ways to give the value</h2>
 *
 * <ul>
 *   <li><b>Return it.</b> An {@code AutoCloseable} is closed when the test is over.
 *   <li><b>Provide it from inside a block</b>: the method takes a {@link Provider}, and {@link
 *       Provider#provide} returns when the test is over. So the fixture can be a nursery, a
 *       try-with-resources block or a cancel scope around the test.
 *   <li><b>Say that it has started</b>: the method takes a {@link dev.roost.TaskStatus}, as what
 *       {@link dev.roost.Nursery#startAndWait} starts does, and serves on. It is cancelled when the
 *       test is over.
 * </ul>
 *
 * A method that gives nothing is set up for every test, the others only for those that ask for
 * them, directly or through other fixtures, unless {@link #always} is set.
 *
 * <h2>Life</h2>
 *
 * <p>Each fixture is a task of the test's run, with a value of its own for each test. They are set
 * up before the first {@code @BeforeEach} method, all at once as far as what they ask for is there,
 * and torn down after the last {@code @AfterEach} method, one by one in the reverse order of
 * becoming ready.
 *
 * <p>If one of them fails, those that are still being set up are cancelled, those that have not
 * begun are not, and the test is cancelled and fails at once, with the error of the fixture and a
 * note of its name. The others stay up and are torn down as usual. Every error is reported.
 *
 * <h2>Parameters</h2>
 *
 * A fixture may take what a test may: other fixtures, a {@link dev.roost.Nursery} of its own that
 * is open until its teardown has ended and is cancelled then, the {@link
 * dev.roost.testing.MockClock}, a {@link dev.roost.Portal}, the {@link Seed}, and what other
 * extensions of JUnit resolve.
 *
 * <p>Methods of superclasses and of the classes around a {@code @Nested} one count too. The inner
 * one hides the outer one of the same type, and may ask for it. Where one class has several of a
 * type, name the method at the parameter: {@code @Fixture("primary") Database database}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.PARAMETER})
public @interface Fixture {

  /**
   * At a parameter: whose value it gets.
   *
   * @return the name of the fixture's method; unless set, the type decides. Means nothing at a
   *     method
   */
  String value() default "";

  /**
   * At a method: whether it is set up for every test of the class, asked for or not.
   *
   * @return false unless set. Means nothing at a parameter
   */
  boolean always() default false;
}
