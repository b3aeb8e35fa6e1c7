/**
 * What it costs to talk over sockets: echo servers, each a program of its own, and who talks to
 * them, which is another one. {@link dev.roost.bench.net.Echo} measures how much they do in a
 * second, {@link dev.roost.bench.net.Idle} what they hold while they do nothing.
 */
package dev.roost.bench.net;
