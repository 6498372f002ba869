package dev.kvasir.simulator.server;

/**
 * A completion that was asked for and makes sense.
 *
 * @param chat whether it came to the chat endpoint
 * @param prompt token ids
 * @param maxTokens the most tokens to produce
 * @param minTokens the fewest tokens to produce
 * @param ignoreEos whether exactly {@code maxTokens} are produced
 * @param stream whether tokens are sent as they come
 * @param includeUsage whether a last event carries the usage
 * @param continuousUsage whether every event carries the usage
 * @param seed the client's own seed, 0 without one
 */
@SuppressWarnings("ArrayRecordComponent")
record ApiRequest(
    boolean chat,
    int[] prompt,
    int maxTokens,
    int minTokens,
    boolean ignoreEos,
    boolean stream,
    boolean includeUsage,
    boolean continuousUsage,
    long seed,
    Fault fault) {}
