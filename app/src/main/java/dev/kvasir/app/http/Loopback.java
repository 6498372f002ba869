package dev.kvasir.app.http;

import java.net.InetAddress;

/** Which host names and addresses mean the machine itself; nothing is looked up. */
final class Loopback {

  private Loopback() {}

  public static boolean isName(String host) {
    String bare = host.startsWith("[") && host.endsWith("]") ? strip(host) : host;
    if (bare.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(bare).isLoopbackAddress();
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }

  private static String strip(String bracketed) {
    return bracketed.substring(1, bracketed.length() - 1);
  }
}
