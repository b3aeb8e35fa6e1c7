/**
 * The benchmarks of {@code dev.roost.bench} that need a preview of JDK 25: StructuredTaskScope,
 * under the same class names.
 */
package dev.roost.bench.preview;
