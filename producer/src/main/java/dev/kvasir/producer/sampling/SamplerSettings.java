package dev.kvasir.producer.sampling;

import dev.kvasir.producer.client.LoopHealth;
import dev.kvasir.producer.publish.EventPublisher;
import dev.kvasir.time.EpochAnchor;
import dev.kvasir.time.Ticker;
import dev.kvasir.time.WallClock;
import java.net.URI;
import java.util.Map;

/**
 * What is sampled in a run.
 *
 * @param run run number
 * @param server the server's address, without a path
 * @param loop the event loop's health
 * @param publisher the publisher, which also takes the samples
 * @param anchor anchor of the run
 * @param ticker monotonic clock
 * @param wall wall clock
 * @param processes ids of processes whose footprint is sampled, by what they are
 */
public record SamplerSettings(
    long run,
    URI server,
    LoopHealth loop,
    EventPublisher publisher,
    EpochAnchor anchor,
    Ticker ticker,
    WallClock wall,
    Map<String, Long> processes) {}
