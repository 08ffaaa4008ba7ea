package io.citywide.security.scope;

import static io.citywide.security.scope.ScopeGround.OWN;

import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Who calls: {@code role} is {@code null} for a machine and for the public, {@code client} always speaks from an address of its own. */
record Caller(String name, Role role, Set<Permission> permissions, TestClient client, Map<String, String> headers) {

  boolean covers(Target target) {
    return AreaScope.of(OWN).covers(target.area());
  }

  boolean sees(Target target) {
    return covers(target) && (role == null || !role.unitBound() || target.ownUnit());
  }

  Answer send(String method, String path, Object body) {
    return client.send(method, path, body, headers);
  }

  /** Sends text of another kind than JSON, or bytes. */
  Answer post(String path, String contentType, Object body) {
    Map<String, String> with = new LinkedHashMap<>(headers);
    with.put("Content-Type", contentType);
    return client.send("POST", path, body, with);
  }

  /** A table of one row. */
  Answer csv(String path, Map<String, Object> row) {
    List<String> columns = List.copyOf(row.keySet());
    String values = columns.stream().map(column -> String.valueOf(row.get(column))).collect(Collectors.joining(","));
    return post(path, "text/csv", String.join(",", columns) + "\n" + values + "\n");
  }

  /** A picture in a form. */
  Answer upload(String path) {
    return post(path, ScopeGround.FORM, ScopeGround.form(98));
  }

  /** An answer of bytes; those of a 200 as {@code read} makes them text. */
  Answer bytes(String path, Function<byte[], String> read) {
    return receive(path, BodyHandlers.ofByteArray(), (status, body) -> status == 200 ? read.apply(body) : new String(body, StandardCharsets.UTF_8));
  }

  /** The head of an answer that never ends. */
  Answer stream(String path) {
    return receive(path, BodyHandlers.ofInputStream(), (status, body) -> {
      try {
        body.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return "";
    });
  }

  private <T> Answer receive(String path, HttpResponse.BodyHandler<T> handler, BiFunction<Integer, T, String> read) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(client.base() + path));
    client.headers().forEach(request::header);
    headers.forEach(request::header);
    HttpClient http = HttpClient.newHttpClient();
    try {
      HttpResponse<T> answer = http.send(request.build(), handler);
      return new Answer(answer.statusCode(), read.apply(answer.statusCode(), answer.body()), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      http.shutdownNow();
    }
  }
}
