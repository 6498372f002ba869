package dev.kvasir.simulator.engine;

/**
 * A snapshot of the engine.
 *
 * @param running requests that hold KV
 * @param waiting requests in the queue
 * @param heldBlocks blocks held by requests; free blocks with findable content are not held
 * @param blocks blocks in the pool
 * @param prefixQueries prompt tokens that were looked up in the prefix cache, ever
 * @param prefixHits those that were found, ever
 * @param preemptions how often a running request was sent back to the queue, ever
 * @param promptTokens prompt tokens of requests that produced their first token, ever
 * @param generatedTokens tokens produced, ever
 * @param steps steps completed, ever
 */
public record EngineState(
    int running,
    int waiting,
    int heldBlocks,
    int blocks,
    long prefixQueries,
    long prefixHits,
    long preemptions,
    long promptTokens,
    long generatedTokens,
    long steps) {}
