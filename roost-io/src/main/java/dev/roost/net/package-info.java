/**
 * Networking: TCP and TLS streams and listeners, servers, and waiting for channels of one's own.
 */
@NullMarked
package dev.roost.net;

import org.jspecify.annotations.NullMarked;
