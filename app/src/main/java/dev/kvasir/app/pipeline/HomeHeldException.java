package dev.kvasir.app.pipeline;

import java.io.Serial;

/** Another process holds the home, and what was asked for cannot go through it. */
public final class HomeHeldException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  public HomeHeldException(Home home, Holder holder, String remedy) {
    super("the home %s is held by %s; %s".formatted(home.folder(), holder.describe(), remedy));
  }

  HomeHeldException(Home home) {
    super(
        "the home %s is locked by a process that did not say who it is within a minute; find it with 'lsof %s'"
            .formatted(home.folder(), home.folder().resolve("lock")));
  }
}
