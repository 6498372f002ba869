/**
 * Breaks the stages on purpose and looks afterwards whether anything was lost. It runs them as
 * processes of their own, as a user would, and reads what came of it from the log, the tables and
 * the simulator's record; it may not reach into any of them. Start reading at {@link
 * dev.kvasir.app.chaos.Chaos}.
 */
@NullMarked
package dev.kvasir.app.chaos;

import org.jspecify.annotations.NullMarked;
