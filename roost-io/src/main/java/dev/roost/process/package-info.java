/** Other programs: starting them, talking to them, stopping them; and the signals of this one. */
@NullMarked
package dev.roost.process;

import org.jspecify.annotations.NullMarked;
