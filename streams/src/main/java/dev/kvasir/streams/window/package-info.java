/**
 * Panes of every partition merged into what a user sees: the last 1, 10 and 60 seconds and the
 * whole run. Pure: reports, elapsed time and stored bytes come in, windows and state go out. Start
 * at {@link dev.kvasir.streams.window.MergedRuns}.
 */
@NullMarked
package dev.kvasir.streams.window;

import org.jspecify.annotations.NullMarked;
