package io.citywide.sensing.internal.sta;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.sta.RequestBatch.Item;
import io.citywide.sensing.internal.sta.RequestBatch.Made;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExceptionResolver;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * Does the requests of a {@link RequestBatch} one after the other. Each goes through the same servlet as one that comes alone, to the same handler
 * methods with the permissions that they declare, and is answered by the same words; a group of them within one transaction.
 */
@RestController
class BatchController {

  /** Bytes of a batch. */
  private static final int MOST_BYTES = 16 << 20;

  /** Bytes of all answers, beyond which nothing more is done. */
  private static final int MOST_ANSWERED = 32 << 20;

  private final ObjectProvider<DispatcherServlet> servlet;
  private final HandlerExceptionResolver problems;
  private final TransactionTemplate transaction;
  private final JsonMapper json;

  BatchController(ObjectProvider<DispatcherServlet> servlet, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems, TransactionTemplate transaction, JsonMapper json) {
    this.servlet = servlet;
    this.problems = problems;
    this.transaction = transaction;
    this.json = json;
  }

  /** Whoever may do one of its requests may send a batch; each of them is judged by itself. */
  @Requires({Permission.SENSING_READ, Permission.DEVICE_EDIT, Permission.OBSERVATION_WRITE})
  @PostMapping(StaController.ROOT + "/$batch")
  ResponseEntity<byte[]> batch(HttpServletRequest request, HttpServletResponse response) throws IOException {
    String root = request.getContextPath() + StaController.ROOT;
    Run run = new Run(request, response, root);
    for (List<Item> unit : RequestBatch.of(read(request), StaController.base(), root).units()) {
      if (unit.getFirst().group() == null) {
        run.alone(unit.getFirst());
      } else {
        run.together(unit);
      }
    }
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).header(HttpHeaders.CACHE_CONTROL, "no-store").body(json.writeValueAsBytes(run.answer));
  }

  private JsonNode read(HttpServletRequest request) throws IOException {
    byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      throw new ProblemException(PlatformProblem.TOO_LARGE, "a batch has at most " + MOST_BYTES + " bytes", Map.of("bound", MOST_BYTES)).zh("一批最多 " + MOST_BYTES + " 字节");
    }
    try {
      return json.readTree(body);
    } catch (JacksonException e) {
      throw RequestBatch.invalid("", "the body is no JSON: " + e.getOriginalMessage(), "请求体不是有效的 JSON");
    }
  }

  /** One batch being done. */
  private final class Run {

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final String root;
    private final ObjectNode answer = json.createObjectNode();
    private final ArrayNode responses = answer.putArray("responses");
    private final Map<String, Made> made = new HashMap<>();
    private long answered;

    Run(HttpServletRequest request, HttpServletResponse response, String root) {
      this.request = request;
      this.response = response;
      this.root = root;
    }

    void alone(Item item) {
      tell(item, done(item));
    }

    /** All or nothing: where one is refused nothing of the others stays, and nobody is told of it as done. */
    void together(List<Item> group) {
      List<InnerResponse> answers = new ArrayList<>();
      try {
        transaction.executeWithoutResult(status -> {
          for (Item item : group) {
            answers.add(done(item));
            if (answers.getLast().getStatus() >= HttpStatus.BAD_REQUEST.value()) {
              status.setRollbackOnly();
              return;
            }
          }
        });
      } catch (TransactionException | DataAccessException e) {
        group.forEach(item -> tell(item, refused(item, e)));
        return;
      }
      Item last = group.get(answers.size() - 1);
      boolean whole = answers.getLast().getStatus() < HttpStatus.BAD_REQUEST.value();
      for (int i = 0; i < group.size(); i++) {
        Item item = group.get(i);
        tell(item, whole || item == last ? answers.get(i) : refused(item, new ProblemException(StaProblem.NOT_DONE, "not done, because the request " + last.id() + " of its group was refused",
            Map.of("request", last.id())).zh("同组的请求 " + last.id() + " 被拒绝，因此未执行")));
      }
    }

    private InnerResponse done(Item item) {
      for (String id : item.references()) {
        if (!made.containsKey(id)) {
          return refused(item, new ProblemException(StaProblem.NOT_DONE, "not done, because the request " + id + " to which it refers made nothing", Map.of("request", id))
              .zh("所引用的请求 " + id + " 没有创建实体，因此未执行"));
        }
      }
      if (answered > MOST_ANSWERED) {
        return refused(item, new ProblemException(StaProblem.TOO_WIDE, "not done, because the answers of the batch have more than " + MOST_ANSWERED + " bytes already", Map.of("bound", MOST_ANSWERED))
            .zh("未执行：本批的应答已超过 " + MOST_ANSWERED + " 字节"));
      }
      InnerResponse inner = new InnerResponse(response);
      Item whole = item.with(made);
      try {
        servlet.getObject().service(inner(whole), inner);
      } catch (IOException | ServletException e) {
        throw new IllegalStateException("what reads and writes memory only has failed", e);
      }
      answered += inner.size();
      String location = inner.getHeader(HttpHeaders.LOCATION);
      if (inner.getStatus() == HttpStatus.CREATED.value() && location != null) {
        JsonNode entity = json.readTree(inner.text());
        made.put(item.id(), new Made(entity.path("@iot.selfLink").asString().substring(StaController.base().length() + 1), entity.path("@iot.id")));
      }
      return inner;
    }

    private InnerRequest inner(Item item) {
      byte[] body = item.body().isMissingNode() ? new byte[0] : json.writeValueAsBytes(item.body());
      return new InnerRequest(request, item.method(), root + "/" + item.url(), body);
    }

    private InnerResponse refused(Item item, Exception why) {
      InnerResponse inner = new InnerResponse(response);
      problems.resolveException(inner(item), inner, null, why);
      return inner;
    }

    private void tell(Item item, InnerResponse inner) {
      if (inner.getStatus() >= HttpStatus.BAD_REQUEST.value()) {
        made.remove(item.id());
      }
      ObjectNode one = responses.addObject().put("id", item.id()).put("status", inner.getStatus());
      if (inner.getHeader(HttpHeaders.LOCATION) != null) {
        one.put("location", inner.getHeader(HttpHeaders.LOCATION));
      }
      String text = inner.text();
      if (!text.isEmpty()) {
        boolean written = inner.getContentType() != null && MediaType.parseMediaType(inner.getContentType()).getSubtype().endsWith("json");
        one.putRawValue("body", new RawValue(written ? text : json.writeValueAsString(text)));
      }
    }
  }
}
