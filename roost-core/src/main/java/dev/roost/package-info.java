/** The model: runs, tasks, nurseries, cancel scopes. */
@NullMarked
package dev.roost;

import org.jspecify.annotations.NullMarked;
