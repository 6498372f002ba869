/**
 * Profiles as files: reads YAML into a validated {@link dev.kvasir.simulator.engine.Profile},
 * reporting every problem at once with its file and line. It starts nothing. Start reading at
 * {@link dev.kvasir.simulator.profile.Profiles}.
 */
@NullMarked
package dev.kvasir.simulator.profile;

import org.jspecify.annotations.NullMarked;
