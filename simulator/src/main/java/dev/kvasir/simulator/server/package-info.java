/**
 * The HTTP face of simulated servers: OpenAI's endpoints over the engine in real time, faults on
 * request, metrics, and the log of true emission times. Each server lives on one event loop, and
 * nothing here may block it. Start reading at {@link dev.kvasir.simulator.server.SimulatedServers}.
 */
@NullMarked
package dev.kvasir.simulator.server;

import org.jspecify.annotations.NullMarked;
