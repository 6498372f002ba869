package dev.kvasir.app.http;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Who may see the page. With a token: whoever presents it, once in the address, then by a cookie,
 * or as a bearer. Without: requests that name a loopback host, so that no other site can make a
 * browser fetch the page under its own name.
 */
public final class Gate {

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types default";
  private static final String COOKIE = "kvasir-page";
  private static final String BEARER = "Bearer ";

  private final byte @Nullable [] expected;

  /** A gate that asks for a token; null for one that lets the machine itself through. */
  public Gate(@Nullable String token) {
    this.expected = token == null ? null : digest(token);
  }

  /** Lets a request through or refuses it. */
  public void admit(RoutingContext context) {
    protect(context.response());
    HttpServerRequest request = context.request();
    if (!HttpMethod.GET.equals(request.method())) {
      refuse(context, 405, "the page answers GET alone");
    } else if (expected == null) {
      admitByHost(context);
    } else {
      admitByToken(context, expected);
    }
  }

  private static void protect(HttpServerResponse response) {
    response
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin");
  }

  private static void admitByHost(RoutingContext context) {
    HostAndPort authority = context.request().authority();
    if (authority != null && Loopback.isName(authority.host())) {
      context.next();
      return;
    }
    refuse(
        context,
        403,
        "this page is for its own machine: open it as http://127.0.0.1:"
            + context.request().localAddress().port()
            + ", through `ssh -L` from elsewhere");
  }

  private static void admitByToken(RoutingContext context, byte[] expected) {
    String inAddress = context.request().getParam("token");
    if (inAddress != null && MessageDigest.isEqual(expected, digest(inAddress))) {
      context
          .response()
          .addCookie(
              Cookie.cookie(COOKIE, HexFormat.of().formatHex(expected))
                  .setPath("/")
                  .setHttpOnly(true)
                  .setSecure(context.request().isSSL())
                  .setSameSite(CookieSameSite.LAX));
      context.response().setStatusCode(303).putHeader("Location", "/").end();
      return;
    }
    if (hasCookie(context.request(), expected) || hasBearer(context.request(), expected)) {
      context.next();
      return;
    }
    refuse(context, 401, "this page needs its token: open the address that kvasir printed with it");
  }

  private static boolean hasCookie(HttpServerRequest request, byte[] expected) {
    byte[] wanted = HexFormat.of().formatHex(expected).getBytes(StandardCharsets.US_ASCII);
    return request.cookies(COOKIE).stream()
        .anyMatch(cookie ->
            MessageDigest.isEqual(wanted, cookie.getValue().getBytes(StandardCharsets.UTF_8)));
  }

  private static boolean hasBearer(HttpServerRequest request, byte[] expected) {
    String header = request.getHeader("Authorization");
    return header != null
        && header.startsWith(BEARER)
        && MessageDigest.isEqual(expected, digest(header.substring(BEARER.length())));
  }

  private static void refuse(RoutingContext context, int status, String why) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .end(why + "\n");
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
