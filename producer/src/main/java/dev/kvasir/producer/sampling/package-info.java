/**
 * Measurements beside the requests, each second of a run: the generator's own health and the
 * server's Prometheus page. It must never disturb the event loop: it has a thread of its own. Start
 * at {@link dev.kvasir.producer.sampling.RunSampler}.
 */
@NullMarked
package dev.kvasir.producer.sampling;

import org.jspecify.annotations.NullMarked;
