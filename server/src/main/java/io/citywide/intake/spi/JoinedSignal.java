package io.citywide.intake.spi;

import java.time.Instant;
import java.util.List;

/**
 * A signal that belongs to an open case.
 *
 * @param personId who reported it with an account here, {@code null}: a citizen or another system
 * @param score 0..1, how sure the match is
 * @param why in words, such as "相距 34 米，晚 2 小时，同一窨井，文字相似 0.82"
 */
public record JoinedSignal(
    long signalId,
    String channel,
    String description,
    String urgency,
    Instant reportedAt,
    Long personId,
    String role,
    String actorName,
    List<String> media,
    double score,
    String why) {

  public JoinedSignal {
    media = List.copyOf(media);
  }
}
