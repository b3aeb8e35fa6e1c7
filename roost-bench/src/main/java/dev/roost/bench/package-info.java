/**
 * What Roost costs, beside what else there is for the same job.
 *
 * <p>A class is an operation, a method a way to do it: {@code roost}, {@code threads} (virtual
 * threads and {@code java.util.concurrent}), {@code kotlin} (kotlinx.coroutines on the event loop
 * of {@code runBlocking}), and in {@code dev.roost.bench.preview} {@code jdkScopes}
 * (StructuredTaskScope). {@link dev.roost.bench.Summary} makes one table of them.
 */
package dev.roost.bench;
