/**
 * Runs in other tools' formats. Reads the warehouse through {@link
 * dev.kvasir.sink.warehouse.Queries} alone, so that it works through the door too, and writes to
 * streams that it is given. Start at {@link dev.kvasir.sink.exports.VllmExport} and {@link
 * dev.kvasir.sink.exports.CampaignExport}.
 */
@NullMarked
package dev.kvasir.sink.exports;

import org.jspecify.annotations.NullMarked;
