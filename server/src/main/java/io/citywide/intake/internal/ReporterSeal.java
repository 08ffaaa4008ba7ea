package io.citywide.intake.internal;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.citywide.intake.Reporter;
import io.citywide.platform.PersonalSeal;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who reported as intake_signal keeps it: one sealed value a row, bound to the row's id, and blind indexes. One value
 * and not one a column, because sealing has a price per value and nobody reads the telephone number alone.
 */
@Component
class ReporterSeal {

  static final String COLUMN = "intake_signal.personal";

  /** Attributes that name a person or a person's device. */
  private static final Set<String> PERSONAL = Set.of("account_id", "device_id");

  /** What one row says about a person; what is not known is left out of the sealed text. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Content(String name, String phone, String email, String identityNumber, Map<String, String> attributes) {

    Content {
      attributes = attributes == null ? Map.of() : attributes;
    }

    Reporter reporter(boolean confidential) {
      var reporter = new Reporter(name, phone, email, identityNumber, confidential);
      return reporter.anonymous() ? null : reporter;
    }
  }

  static final Content NOTHING = new Content(null, null, null, null, null);

  private final PersonalSeal seal;
  private final JsonMapper json;

  ReporterSeal(PersonalSeal seal, JsonMapper json) {
    this.seal = seal;
    this.json = json;
  }

  /** @return {@code null} where there is nothing about a person */
  byte[] seal(long signalId, Reporter reporter, Map<String, String> attributes) {
    Map<String, String> personal = attributes.isEmpty() ? Map.of() : new TreeMap<>(attributes);
    if (!personal.isEmpty()) {
      personal.keySet().retainAll(PERSONAL);
    }
    boolean unknown = reporter == null || reporter.anonymous();
    return unknown && personal.isEmpty() ? null
        : seal(signalId, unknown ? new Content(null, null, null, null, personal)
            : new Content(reporter.name(), reporter.phone(), reporter.email(), reporter.identityNumber(), personal));
  }

  byte[] seal(long signalId, Content content) {
    return seal.seal(COLUMN, Long.toString(signalId), json.writeValueAsString(content));
  }

  Content open(long signalId, byte[] sealed) {
    return sealed == null ? NOTHING : json.readValue(seal.open(COLUMN, Long.toString(signalId), sealed), Content.class);
  }

  /** The attributes that everybody who sees the report may see. */
  static Map<String, String> open(Map<String, String> attributes) {
    if (PERSONAL.stream().noneMatch(attributes::containsKey)) {
      return attributes;
    }
    Map<String, String> kept = new TreeMap<>(attributes);
    kept.keySet().removeAll(PERSONAL);
    return kept;
  }

  byte[] phoneIndex(String phone) {
    return seal.index("phone", Normal.phone(phone));
  }

  byte[] emailIndex(String email) {
    return seal.index("email", Normal.email(email));
  }

  byte[] identityIndex(String number) {
    return seal.index("identity", Normal.identityNumber(number));
  }

  /** Every index under which such a value may have been filed. */
  List<byte[]> indexes(String kind, String normalised) {
    return seal.indexes(kind, normalised);
  }

  /** Equal for the same reporter; {@code null} for one who cannot be told from others. */
  String key(Reporter reporter) {
    return reporter == null ? null : key(phoneIndex(reporter.phone()), emailIndex(reporter.email()));
  }

  static String key(byte[] phoneIndex, byte[] emailIndex) {
    byte[] of = phoneIndex == null ? emailIndex : phoneIndex;
    return of == null ? null : HexFormat.of().formatHex(of);
  }
}
