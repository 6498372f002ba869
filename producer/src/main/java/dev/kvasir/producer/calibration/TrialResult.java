package dev.kvasir.producer.calibration;

/**
 * How faithfully a load was stamped.
 *
 * @param streams streams at the same time
 * @param tokensPerSecond tokens that were taken, per second
 * @param lagP50Ms median of stamp minus emission
 * @param lagP99Ms 99th percentile of it
 * @param lagP999Ms 99.9th percentile of it
 * @param lagMaxMs largest
 * @param gapP50Ms median time between the tokens of a stream, by stamps
 * @param gapP99Ms 99th percentile of it
 * @param trueGapP50Ms median time between the tokens of a stream, by emissions
 * @param trueGapP99Ms 99th percentile of it
 * @param cpuMicrosPerToken processor time of the client's whole process, per token
 * @param bytesPerToken memory that the client's process allocated, per token
 * @param readsPerToken socket reads, per token
 * @param dispatchP99Ms 99th percentile of how late requests left
 * @param missing tokens that were emitted and not taken
 */
public record TrialResult(
    int streams,
    double tokensPerSecond,
    double lagP50Ms,
    double lagP99Ms,
    double lagP999Ms,
    double lagMaxMs,
    double gapP50Ms,
    double gapP99Ms,
    double trueGapP50Ms,
    double trueGapP99Ms,
    double cpuMicrosPerToken,
    double bytesPerToken,
    double readsPerToken,
    double dispatchP99Ms,
    long missing) {}
