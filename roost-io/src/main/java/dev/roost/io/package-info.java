/** Streams of bytes, whatever they are made of. */
@NullMarked
package dev.roost.io;

import org.jspecify.annotations.NullMarked;
