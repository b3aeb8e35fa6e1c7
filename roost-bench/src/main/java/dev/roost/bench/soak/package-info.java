/**
 * A long trial of TCP streams with every byte accounted for: {@link dev.roost.bench.soak.Soak} has
 * clients and a server talk, and cuts them short at random moments.
 */
package dev.roost.bench.soak;
