package dev.kvasir.app;

import dev.kvasir.app.command.Kvasir;

/** Where the program begins. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(Kvasir.execute(arguments));
  }
}
