package dev.kvasir.app.pipeline;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this machine is called. */
public final class HostName {

  private HostName() {}

  /** Its name; {@code unknown} when it has none. */
  public static String local() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
