/** Tests that run inside Roost, for JUnit Jupiter: {@link dev.roost.junit.RoostTest}. */
@NullMarked
package dev.roost.junit;

import org.jspecify.annotations.NullMarked;
