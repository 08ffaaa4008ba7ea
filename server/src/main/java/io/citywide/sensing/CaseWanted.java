package io.citywide.sensing;

import java.time.Instant;
import java.util.List;

/**
 * A warning or an alarm of a camera wants a case. Published in the transaction that stored it, delivered by the outbox at least
 * once; {@code source} and {@code ref} make it one signal however often it is delivered.
 *
 * @param source system it is first recorded in, such as {@code warning} or {@code camera}
 * @param ref its id there, steady
 * @param channel as {@code SignalDraft} has it: {@code SENSOR} or {@code CAMERA}
 * @param kindId kind of the catalogue; {@code null}: to be recognised
 * @param description the reason, in Chinese, with the values that fired it
 * @param lon WGS-84 degrees
 * @param lat WGS-84 degrees
 * @param urgent whether the case is urgent
 * @param pictures SHA-256 of evidence kept before
 */
public record CaseWanted(String source, String ref, String channel, String kindId, String title, String description, Double lon, Double lat, String areaCode,
    String componentIdent, boolean urgent, List<String> pictures, Instant at) {

  public CaseWanted {
    pictures = List.copyOf(pictures);
  }
}
