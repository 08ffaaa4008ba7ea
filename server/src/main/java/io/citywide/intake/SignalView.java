package io.citywide.intake;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A signal as shown to those within whose scope it lies.
 *
 * @param state {@code WAITING_PLACE}, {@code OPENED}, {@code JOINED} or {@code DECLINED}
 * @param caseId {@code null} without a case
 * @param gridKey level 9 key of the position, {@code null} without one
 * @param areaCode deepest known area; the city's where none is known
 * @param reporter masked, {@code null}: nobody known
 * @param sealBroken who reported is kept, but cannot be opened: a key is missing or the bytes were altered
 */
public record SignalView(
    long id,
    Accepted.Outcome state,
    String channel,
    String sourceSystem,
    String sourceRef,
    Long caseId,
    String caseNo,
    String kindId,
    String title,
    String description,
    Double lon,
    Double lat,
    Long gridKey,
    String areaCode,
    String address,
    String componentIdent,
    String urgency,
    Instant occurredAt,
    Instant receivedAt,
    Reporter reporter,
    boolean sealBroken,
    List<String> media,
    Map<String, String> attributes,
    List<Decision> decisions) {}
