package dev.kvasir.sink.warehouse;

/**
 * What the loader has done since it started.
 *
 * @param rows rows committed
 * @param transactions transactions committed
 * @param writingNanos how long those took in all, from their first row to their commit, nanoseconds
 * @param retries transactions that failed and were repeated
 * @param quarantined records that could not be decoded
 * @param waitingBatches batches that are read and not yet being written
 */
public record LoaderCounters(
    long rows,
    long transactions,
    long writingNanos,
    long retries,
    long quarantined,
    int waitingBatches) {}
