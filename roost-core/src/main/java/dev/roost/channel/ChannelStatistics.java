package dev.roost.channel;

/**
 * How a channel stands: a snapshot, the same from every end of it.
 *
 * @param bufferUsed how many items are in the buffer
 * @param peakBufferUsed the most that were in it at once
 * @param capacity how many it can hold; zero for a rendezvous, {@link Integer#MAX_VALUE} for no
 *     limit
 * @param openSendEnds how many send ends are open
 * @param openReceiveEnds how many receive ends are open
 * @param tasksWaitingToSend how many tasks wait for room or for a receiver
 * @param tasksWaitingToReceive how many tasks wait for an item
 * @param itemsDropped how many items were in the buffer when the last receive end was closed, and
 *     are gone
 */
public record ChannelStatistics(
    int bufferUsed,
    int peakBufferUsed,
    int capacity,
    int openSendEnds,
    int openReceiveEnds,
    int tasksWaitingToSend,
    int tasksWaitingToReceive,
    int itemsDropped) {}
