package dev.roost.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Has a {@code long} parameter of a test, of a method around it or of a {@link Fixture} get the
 * seed of the run, to draw data from that is the same when the test is replayed. A test that asks
 * for its seed has one: 0, if none was given.
 *
 * {@snippet file="dev/roost/junit/FixtureSampleTest.java" region="seed"}
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Seed {}
