/** The scheduler: who runs next, and what happens while nobody can. Not exported. */
@NullMarked
package dev.roost.internal;

import org.jspecify.annotations.NullMarked;
