package io.citywide.intake.internal.web;

import io.citywide.identity.Viewer;
import io.citywide.intake.BatchResult;
import io.citywide.intake.BatchResult.Rejected;
import io.citywide.intake.Intake;
import io.citywide.intake.IntakeProblem;
import io.citywide.intake.SignalDraft;
import io.citywide.platform.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a batch, a JSON array or one object a line; a row that cannot be read is rejected by itself. */
@Component
class SignalRows {

  private final JsonMapper json;

  SignalRows(JsonMapper json) {
    this.json = json.rebuild().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  }

  /**
   * @param key the batch's Idempotency-Key: with the place in the batch it stands for the number that a row does not
   *     have; {@code null}: a row without a number of its own is rejected, as it would be taken twice when sent again
   */
  BatchResult accept(byte[] body, String key, Viewer by, Intake intake) {
    List<Object> rows = rows(text(body));
    List<SignalDraft> drafts = new ArrayList<>();
    List<Integer> indexes = new ArrayList<>();
    List<Rejected> unread = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      try {
        Object row = rows.get(i);
        SignalDraft draft = row instanceof JsonNode node ? json.treeToValue(node, SignalDraft.class) : json.readValue((String) row, SignalDraft.class);
        drafts.add(draft == null ? null : Origin.bind(numbered(draft, key, i), by, "IMPORT"));
        indexes.add(i);
      } catch (ProblemException e) {
        unread.add(new Rejected(i, (String) e.extras().get("field"), e.problem().code(), e.getMessage()));
      } catch (JacksonException e) {
        String field = e instanceof DatabindException bind && !bind.getPath().isEmpty() ? bind.getPath().getLast().getPropertyName() : null;
        unread.add(new Rejected(i, field, IntakeProblem.INVALID.code(), "the row cannot be read: " + e.getOriginalMessage()));
      }
    }
    BatchResult result = intake.acceptAll(drafts);
    List<Rejected> rejected = Stream.concat(unread.stream(),
            result.rejected().stream().map(r -> new Rejected(indexes.get(r.index()), r.field(), r.code(), r.reason())))
        .sorted(Comparator.comparingInt(Rejected::index)).toList();
    return new BatchResult(result.accepted(), result.opened(), result.joined(), result.waiting(), result.duplicates(), rejected);
  }

  private static SignalDraft numbered(SignalDraft draft, String key, int index) {
    if (draft.sourceRef() != null) {
      return draft;
    }
    if (key == null || key.isBlank()) {
      throw new ProblemException(IntakeProblem.KEY_REQUIRED, "each row has a sourceRef, or the batch a header Idempotency-Key, so that sending it again changes nothing",
          Map.of("field", "sourceRef"));
    }
    return draft.toBuilder().source(draft.sourceSystem(), "batch " + key.strip() + " row " + index).build();
  }

  private List<Object> rows(String text) {
    if (text.stripLeading().startsWith("[")) {
      List<Object> rows = new ArrayList<>();
      try {
        json.readTree(text).forEach(rows::add);
      } catch (JacksonException e) {
        throw new ProblemException(IntakeProblem.INVALID, "the array cannot be read: " + e.getOriginalMessage()).zh("批量数据不是有效的 JSON 数组");
      }
      return rows;
    }
    return new ArrayList<>(text.lines().filter(line -> !line.isBlank()).toList());
  }

  private static String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new ProblemException(IntakeProblem.INVALID, "the batch is not UTF-8; convert it first", Map.of("remedy", "iconv -f GB18030 -t UTF-8"));
    }
  }
}
