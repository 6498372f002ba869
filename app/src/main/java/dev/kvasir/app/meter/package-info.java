/**
 * What a process measures of itself and how its stages stand, for machines that watch it. It knows
 * no stage: each reports through {@link dev.kvasir.app.meter.Meters}. Start reading there.
 */
@NullMarked
package dev.kvasir.app.meter;

import org.jspecify.annotations.NullMarked;
