/** What primitives are built of: ours, and those of users. */
@NullMarked
package dev.roost.lowlevel;

import org.jspecify.annotations.NullMarked;
