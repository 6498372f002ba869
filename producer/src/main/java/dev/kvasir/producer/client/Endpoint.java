package dev.kvasir.producer.client;

import dev.kvasir.producer.launch.Secrets;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where requests are posted to.
 *
 * @param url full address without credentials, as it stands in run records
 * @param tls whether the connection is encrypted
 * @param host host name or address
 * @param port port
 * @param path path and query of the endpoint
 * @param trust whose certificates are believed when it is encrypted
 */
public record Endpoint(String url, boolean tls, String host, int port, String path, Trust trust) {

  /**
   * Reads an address; one without a path gets the protocol's usual one.
   *
   * @throws IllegalArgumentException if it is no HTTP address
   */
  public static Endpoint parse(String url, String usualPath) {
    URI uri = uri(url);
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    if (uri.getHost() == null || !(tls || "http".equalsIgnoreCase(uri.getScheme()))) {
      throw new IllegalArgumentException(
          "the server's address is %s; it must look like http://host:port/path"
              .formatted(Secrets.removedFromAddress(url)));
    }
    if (uri.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "the address of the server at "
              + uri.getHost()
              + " holds credentials, which would be recorded; give them as a header");
    }
    String host = uri.getHost().replaceAll("^\\[|]$", "");
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    String path = uri.getRawPath();
    if (path == null || path.isEmpty() || path.equals("/")) {
      path = usualPath;
    }
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String origin = (tls ? "https" : "http") + "://" + bracketed(host) + ":" + port;
    return new Endpoint(origin + path, tls, host, port, path + query, Trust.OF_JAVA);
  }

  /** The same, believing other certificates. */
  public Endpoint trusting(Trust other) {
    return new Endpoint(url, tls, host, port, path, other);
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "the server's address is %s, which is no URL: %s"
              .formatted(Secrets.removedFromAddress(url), e.getReason()));
    }
  }

  private static String bracketed(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /** Scheme, host and port. */
  public URI origin() {
    return URI.create((tls ? "https" : "http") + "://" + bracketed(host) + ":" + port);
  }
}
