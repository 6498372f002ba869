package dev.kvasir.simulator.server;

import org.jspecify.annotations.Nullable;

/** A request that is answered with an error in OpenAI's shape. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final @Nullable String param;

  ApiException(int status, @Nullable String param, String message) {
    super(message, null, false, false);
    this.status = status;
    this.param = param;
  }

  static ApiException bad(@Nullable String param, String message) {
    return new ApiException(400, param, message);
  }

  int status() {
    return status;
  }

  /** The field that is wrong, if it is one. */
  @Nullable String param() {
    return param;
  }

  /** The name that vLLM gives to this kind of error. */
  String type() {
    return switch (status) {
      case 400, 413 -> "BadRequestError";
      case 404 -> "NotFoundError";
      case 405 -> "MethodNotAllowedError";
      case 429 -> "RateLimitError";
      default -> "InternalServerError";
    };
  }
}
