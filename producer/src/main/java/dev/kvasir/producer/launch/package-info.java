/**
 * How a strategy's servers are started: templates, and the launch that comes of them with a cell's
 * parameters. Starts nothing and reads no clock, file or environment. Start at {@link
 * dev.kvasir.producer.launch.Serving}.
 */
@NullMarked
package dev.kvasir.producer.launch;

import org.jspecify.annotations.NullMarked;
