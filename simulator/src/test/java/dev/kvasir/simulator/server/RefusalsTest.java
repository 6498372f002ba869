package dev.kvasir.simulator.server;

import static dev.kvasir.simulator.server.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that cannot be answered. */
class RefusalsTest extends WithOneServer {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/completions | {\"prompt\": | 400 | the body is no JSON",
        "/v1/completions | [] | 400 | the body is no JSON object",
        "/v1/completions | {} | 400 | prompt is missing or empty",
        "/v1/completions | {\"prompt\": [1, -2]} | 400 | prompt[1] is -2",
        "/v1/completions | {\"prompt\": [\"a\", \"b\"]} | 400 | prompt[0] is \"a\"",
        "/v1/completions | {\"prompt\": \"a\", \"max_tokens\": 5000} | 400 | this model's context is 4096 tokens; 5001 were asked for",
        "/v1/completions | {\"prompt\": \"a\", \"max_tokens\": 0} | 400 | max_tokens is 0",
        "/v1/completions | {\"prompt\": \"a\", \"stream\": 1} | 400 | stream is 1; expected true or false",
        "/v1/completions | {\"prompt\": \"a\", \"n\": 2} | 400 | n is not 1",
        "/v1/completions | {\"prompt\": \"a\", \"min_tokens\": 99} | 400 | min_tokens is 99",
        "/v1/completions | {\"prompt\": \"a\", \"stream_options\": {}} | 400 | stream_options without stream",
        "/v1/completions | {\"prompt\": \"a\", \"model\": \"other\"} | 404 | the model other does not exist",
        "/v1/chat/completions | {\"prompt\": \"a\"} | 400 | messages is missing or empty",
        "/v1/chat/completions | {\"messages\": [{\"content\": \"a\"}]} | 400 | messages[0] has no role",
        "/v1/chat/completions | {\"messages\": [{\"role\": \"user\"}]} | 400 | messages[0].content is neither",
        "/v1/nothing | {} | 404 | nothing is at /v1/nothing",
        "/metrics | {} | 405 | /metrics is for GET only",
      })
  void badRequestsAreErrorsInOpenAisShape(String path, String body, int status, String message)
      throws Exception {
    HttpResponse<String> response = client.post(path, body);

    assertThat(response.statusCode()).isEqualTo(status);
    JsonNode error = json(response.body()).path("error");
    assertThat(error.path("message").asText()).startsWith(message);
    assertThat(error.path("type").asText()).isNotEmpty();
    assertThat(error.path("code").asInt()).isEqualTo(status);
  }

  @Test
  void anUnknownFaultIsRefused() throws Exception {
    assertThat(client.post(COMPLETIONS, streaming(5, "explode")).statusCode()).isEqualTo(400);
  }

  @Test
  void aPortInUseIsNamed() {
    int taken = servers.ports().getFirst();

    assertThatThrownBy(() ->
            SimulatedServers.start(
                List.of(new SimulatedServers.Server("late", quick(true), taken, "tiny")),
                SimulatedServers.Options.defaults()))
        .hasMessageStartingWith(
            "the simulated server late cannot listen on 127.0.0.1:" + taken + " (")
        .hasMessageEndingWith("); expected a free port");
  }
}
