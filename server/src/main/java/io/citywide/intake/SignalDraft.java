package io.citywide.intake;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A report as a channel understood it, before anything was checked. Every field may be absent; {@link Intake#accept}
 * says precisely which one it cannot take.
 *
 * @param channel where it came from: {@code CONSOLE}, {@code PUBLIC}, {@code OPEN311}, {@code HOTLINE}, …; upper case
 * @param sourceSystem the system it was first recorded in, {@code null}: here
 * @param sourceRef its id there; with {@code sourceSystem} the natural key by which it is taken only once
 * @param idempotencyKey the same key with the same content answers as the first time; {@code null}: none
 * @param kindId kind of the catalogue such as {@code gb47678.5-M06010}, {@code null}: to be recognised
 * @param title at most 200 characters, {@code null}: taken from the description
 * @param description 1..20,000 characters: hotlines write down long stories
 * @param lon degrees in {@code crs}, {@code null} together with {@code lat}
 * @param lat degrees in {@code crs}
 * @param crs {@code WGS84} (default), {@code CGCS2000}, {@code GCJ02} or {@code BD09}
 * @param address in words, at most 300 characters
 * @param areaCode deepest area the channel knows
 * @param componentIdent identifier of a city component, such as a manhole
 * @param occurredAt when it was seen; not in the future; {@code null}: now
 * @param urgency {@code NORMAL} (default) or {@code URGENT}
 * @param reporter who reported, {@code null}: nobody known
 * @param media sha256 of evidence stored before, at most 12
 * @param attributes further facts of the channel, kept and shown as they are; at most 50
 * @param history what another system did with it, {@code null}: a new report
 */
public record SignalDraft(
    String channel,
    String sourceSystem,
    String sourceRef,
    String idempotencyKey,
    String kindId,
    String title,
    String description,
    Double lon,
    Double lat,
    String crs,
    String address,
    String areaCode,
    String componentIdent,
    Instant occurredAt,
    String urgency,
    Reporter reporter,
    List<String> media,
    Map<String, String> attributes,
    History history) {

  public SignalDraft {
    media = media == null ? List.of() : List.copyOf(media);
    attributes = attributes == null ? Map.of() : Map.copyOf(attributes);
  }

  /** A draft to fill in. */
  public static Builder of(String channel, String description) {
    return new Builder().channel(channel).description(description);
  }

  /** The same draft, to change. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.channel = channel;
    b.sourceSystem = sourceSystem;
    b.sourceRef = sourceRef;
    b.idempotencyKey = idempotencyKey;
    b.kindId = kindId;
    b.title = title;
    b.description = description;
    b.lon = lon;
    b.lat = lat;
    b.crs = crs;
    b.address = address;
    b.areaCode = areaCode;
    b.componentIdent = componentIdent;
    b.occurredAt = occurredAt;
    b.urgency = urgency;
    b.reporter = reporter;
    b.media = media;
    b.attributes = attributes;
    b.history = history;
    return b;
  }

  /** Fills a draft field by field. */
  public static final class Builder {
    private String channel;
    private String sourceSystem;
    private String sourceRef;
    private String idempotencyKey;
    private String kindId;
    private String title;
    private String description;
    private Double lon;
    private Double lat;
    private String crs;
    private String address;
    private String areaCode;
    private String componentIdent;
    private Instant occurredAt;
    private String urgency;
    private Reporter reporter;
    private List<String> media;
    private Map<String, String> attributes;
    private History history;

    private Builder() {}

    public Builder channel(String channel) {
      this.channel = channel;
      return this;
    }

    /** The natural key: a report of this system and id is taken only once. */
    public Builder source(String system, String ref) {
      this.sourceSystem = system;
      this.sourceRef = ref;
      return this;
    }

    public Builder idempotencyKey(String idempotencyKey) {
      this.idempotencyKey = idempotencyKey;
      return this;
    }

    public Builder kindId(String kindId) {
      this.kindId = kindId;
      return this;
    }

    public Builder title(String title) {
      this.title = title;
      return this;
    }

    public Builder description(String description) {
      this.description = description;
      return this;
    }

    /** Degrees in the draft's coordinate system. */
    public Builder at(Double lon, Double lat) {
      this.lon = lon;
      this.lat = lat;
      return this;
    }

    public Builder crs(String crs) {
      this.crs = crs;
      return this;
    }

    public Builder address(String address) {
      this.address = address;
      return this;
    }

    public Builder areaCode(String areaCode) {
      this.areaCode = areaCode;
      return this;
    }

    public Builder componentIdent(String componentIdent) {
      this.componentIdent = componentIdent;
      return this;
    }

    public Builder occurredAt(Instant occurredAt) {
      this.occurredAt = occurredAt;
      return this;
    }

    public Builder urgency(String urgency) {
      this.urgency = urgency;
      return this;
    }

    public Builder reporter(Reporter reporter) {
      this.reporter = reporter;
      return this;
    }

    public Builder media(List<String> media) {
      this.media = media;
      return this;
    }

    public Builder attributes(Map<String, String> attributes) {
      this.attributes = attributes;
      return this;
    }

    public Builder history(History history) {
      this.history = history;
      return this;
    }

    public SignalDraft build() {
      return new SignalDraft(channel, sourceSystem, sourceRef, idempotencyKey, kindId, title, description, lon, lat, crs,
          address, areaCode, componentIdent, occurredAt, urgency, reporter, media, attributes, history);
    }
  }
}
