/**
 * Rules that turn windows and samples into alerts. Pure: events come in, alerts go out. Start at
 * {@link dev.kvasir.streams.alert.RunAlerts}.
 */
@NullMarked
package dev.kvasir.streams.alert;

import org.jspecify.annotations.NullMarked;
