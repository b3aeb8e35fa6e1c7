/** What it costs to hand items from task to task, through channels or queues. */
package dev.roost.bench.channel;
