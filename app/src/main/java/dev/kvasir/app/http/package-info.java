/** Who may talk to a server of this process. It serves nothing itself. Start reading at Gate. */
@NullMarked
package dev.kvasir.app.http;

import org.jspecify.annotations.NullMarked;
