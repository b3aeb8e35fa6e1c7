/**
 * The test kit: a clock that jumps, waiting until all tasks are blocked, assertions about
 * checkpoints, and sequencers. Needs no particular test framework; {@code dev.roost.junit} ties it
 * to JUnit.
 */
@NullMarked
package dev.roost.testing;

import org.jspecify.annotations.NullMarked;
