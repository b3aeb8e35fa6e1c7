/** Programs as users write them. Each has a {@code main}: {@code ./roost run BankTransfer}. */
@NullMarked
package dev.roost.examples;

import org.jspecify.annotations.NullMarked;
