/**
 * What this machine's client can measure faithfully: its stamps against the known emission times of
 * a loopback emitter in another process. It starts no process and keeps no file. Start at {@link
 * dev.kvasir.producer.calibration.StampingTrial}.
 */
@NullMarked
package dev.kvasir.producer.calibration;

import org.jspecify.annotations.NullMarked;
