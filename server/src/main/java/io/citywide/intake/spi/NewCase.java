package io.citywide.intake.spi;

import java.time.Instant;
import java.util.List;

/**
 * A case to open.
 *
 * @param signalId its first signal, stored by the end of the same transaction
 * @param kindId {@code null}: a person decides
 * @param gridKey level 9 key of the position
 * @param areaCode deepest known area, usually a unit grid
 * @param urgency {@code NORMAL} or {@code URGENT}
 * @param reportedAt when intake received it
 * @param personId who reported it with an account here, {@code null}: a citizen or another system
 * @param role of that person, {@code null} as well
 * @param actorName shown as who reported: the person's display name, or the name of the channel
 * @param media sha256 of photos
 * @param why how place, kind and match were decided, in words
 */
public record NewCase(
    long signalId,
    String kindId,
    String title,
    String description,
    double lon,
    double lat,
    long gridKey,
    String areaCode,
    String address,
    String componentIdent,
    String urgency,
    String channel,
    Instant occurredAt,
    Instant reportedAt,
    Long personId,
    String role,
    String actorName,
    List<String> media,
    String why) {

  public NewCase {
    media = List.copyOf(media);
  }
}
