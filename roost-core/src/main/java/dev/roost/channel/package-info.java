/** Channels between the tasks of a run. */
@NullMarked
package dev.roost.channel;

import org.jspecify.annotations.NullMarked;
