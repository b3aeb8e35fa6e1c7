package dev.roost.junit;

import dev.roost.testing.ScheduleMode;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs inside Roost: the test method and its {@code @BeforeEach} and {@code @AfterEach}
 * methods are parts of one task in one run, fresh for each test. They may declare {@code throws
 * InterruptedException} and call whatever a task may.
 *
 * {@snippet file="dev/roost/junit/RoostTestSampleTest.java" region="class"}
 *
 * <p>On a method it makes that method a test, as {@code @Test} would. On a class it goes for all
 * its tests, whatever their kind: {@code @Test}, {@code @ParameterizedTest}, {@code @RepeatedTest},
 * {@code @TestFactory}, those of subclasses and of {@code @Nested} classes. A method's annotation
 * replaces that of its class, with all attributes. Put it on the class for tests that JUnit
 * repeats, such as {@code @ParameterizedTest}: the same method cannot be two kinds of test.
 *
 * <h2>Parameters</h2>
 *
 * The test method and the lifecycle methods for each test may take:
 *
 * <ul>
 *   <li>a {@link dev.roost.Nursery}: open while the method runs, and cancelled when the test method
 *       ends. The one of a {@code @BeforeEach} method stays open until then too, so that servers
 *       started there serve the test; the test's own is cancelled before it. An error of a child
 *       fails the test.
 *   <li>a {@link dev.roost.testing.MockClock}: the clock of the run, which stands still unless
 *       {@link #autojump} is set.
 *   <li>a {@link dev.roost.Portal}: the door into the run for other threads.
 *   <li>a {@code long} with {@link Seed}: the seed of the run.
 *   <li>what a {@link Fixture} method of the class gives.
 * </ul>
 *
 * <h2>Failures</h2>
 *
 * A single error out of nurseries is reported as itself, not as a group of one, so that a failed
 * assertion or assumption in a child is one to JUnit as well. Several are reported as the {@link
 * dev.roost.ExceptionGroup} that they came in. A note hangs on each as a suppressed exception:
 * which task it comes from, and what the others were at.
 *
 * <p>A test whose tasks all wait for each other, so that it could never end, fails at once and says
 * who waits for what (see {@link dev.roost.Deadlock}).
 *
 * <h2>Threads</h2>
 *
 * The methods run on threads of Roost, one after another while the thread of JUnit waits: what
 * other extensions keep in thread-locals does not reach them, what they keep elsewhere does.
 * {@code @BeforeAll}, {@code @AfterAll} and constructors run outside of any run. An interrupt of
 * JUnit's thread, by its {@code @Timeout} for example, cancels the run, which unwinds before the
 * test ends. Between the methods nothing of the run happens: no task runs and no clock jumps.
 *
 * <h2>Configuration</h2>
 *
 * As system properties or configuration parameters of JUnit: {@code roost.seed} has every run take
 * that seed, whatever the annotations say, and {@code random} one that is drawn for all tests of
 * the JVM and logged; {@code roost.carrier} is the {@link dev.roost.Carrier} ({@code AUTO}, {@code
 * SHARED} or {@code OWN}); {@code roost.timeout} is the {@link #timeout} where none is given;
 * {@code roost.leakChecks}, if {@code false}, turns {@link #leakChecks} off for all.
 */
@Documented
@ExtendWith(RoostExtension.class)
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@SuppressWarnings("exports") // the extension is for JUnit alone
@Target({ElementType.ANNOTATION_TYPE, ElementType.METHOD, ElementType.TYPE})
@Test
public @interface RoostTest {

  /** The value of {@link #seed} that stands for none. */
  long NO_SEED = Long.MIN_VALUE;

  /**
   * Whether the run has a {@link dev.roost.testing.MockClock} that leaps to the next deadline
   * whenever all tasks wait, so that a test full of timeouts takes no time.
   *
   * @return false, for the real time, unless set; or for a clock that stands still, if a parameter
   *     asks for one
   */
  boolean autojump() default false;

  /**
   * What the order of tasks within each round is drawn from.
   *
   * @return the seed; {@link #NO_SEED}, for first in, first out, unless set
   */
  long seed() default NO_SEED;

  /**
   * How many checkpoints that need not wait a task may pass before the others get their turns.
   *
   * @return the number; 1, to give way at every checkpoint, unless set
   */
  int checkpointBudget() default 1;

  /**
   * In how many orders of tasks to try the test: with that many seeds in a row, from {@link #seed}
   * on or from 0. Each time the lifecycle methods run again, on a fresh instance of the test class;
   * other extensions do not. The first failure ends the test, and its message names the seed that
   * replays it. The test runs again then, in simpler orders, to find the turns that mattered. Given
   * {@code roost.seed}, that seed alone is tried.
   *
   * <p>Fields that carry an annotation ({@code @TempDir}, mocks) are taken along to the fresh
   * instance; with one instance for the whole class, it is not replaced. Tests made by a
   * {@code @TestFactory} run once.
   *
   * @return the number; 1 unless set
   */
  int schedules() default 1;

  /**
   * Whether a test that went well fails when it has left something behind: a stream or a listener
   * that is open when the run ends, a channel that tasks have waited for, a platform thread that
   * tasks have started and that is still alive. The failure names the place where each was opened
   * or started.
   *
   * @return true unless set
   */
  boolean leakChecks() default true;

  /**
   * Which orders {@link #schedules} tries. {@link ScheduleMode#ALL} and {@link
   * ScheduleMode#CANCELLATION} draw nothing: there {@code schedules} is a bound, 10,000 unless set,
   * and a test that has more fails. What is cancelled is the test method, not those for its
   * lifecycle: check in an {@code @AfterEach} method that nothing was leaked.
   *
   * @return the mode; {@link ScheduleMode#RANDOM} unless set
   */
  ScheduleMode mode() default ScheduleMode.RANDOM;

  /**
   * One order, as a failure named it: the test runs in that one alone. {@code -Droost.schedule}
   * does the same.
   *
   * @return the code of a {@link dev.roost.testing.Schedule}; empty, for none, unless set
   */
  String schedule() default "";

  /**
   * For how long, in real time, the test method may run, and each of its lifecycle methods. After
   * that the test fails, with a picture of all tasks and of what each was at, and the run is
   * cancelled.
   *
   * @return a number with a unit ({@code "500ms"}, {@code "5s"}, {@code "2m"}) or a duration after
   *     ISO 8601 ({@code "PT5S"}), {@code "0"} for no limit; unless set, what {@code roost.timeout}
   *     says, or one minute
   */
  String timeout() default "";
}
