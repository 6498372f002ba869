/**
 * The live page: a web server that shows what the topics {@code runs}, {@code windows} and {@code
 * alerts} say while runs go on. It writes to no topic, commits no offset and keeps a bounded recent
 * past in memory. Start at {@link dev.kvasir.app.page.PageServer}.
 */
@NullMarked
package dev.kvasir.app.page;

import org.jspecify.annotations.NullMarked;
