/** Files, without keeping the other tasks waiting for the disk. */
@NullMarked
package dev.roost.file;

import org.jspecify.annotations.NullMarked;
