/** Synchronisation between the tasks of a run. */
@NullMarked
package dev.roost.sync;

import org.jspecify.annotations.NullMarked;
