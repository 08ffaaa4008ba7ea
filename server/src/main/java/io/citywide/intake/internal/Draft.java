package io.citywide.intake.internal;

import io.citywide.identity.Viewer;
import io.citywide.intake.Decision;
import io.citywide.intake.SignalDraft;
import io.citywide.place.Area;
import io.citywide.place.Component;
import io.citywide.place.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A report on its way: what was accepted, and what the steps found out since. One thread, one transaction. */
final class Draft {

  final SignalDraft given;
  final Viewer by;
  final Instant receivedAt;
  final List<Decision> decisions = new ArrayList<>();

  long signalId;
  String trackingCode;

  String title;
  Instant occurredAt;
  String urgency;
  Kind kind;
  Component component;
  Area area;

  /** WGS-84 degrees, both {@code null} without a position. */
  Double lon;
  Double lat;
  Long gridKey;
  String areaCode;

  Draft(SignalDraft given, Viewer by, Instant receivedAt) {
    this.given = given;
    this.by = by;
    this.receivedAt = receivedAt;
  }

  boolean hasPoint() {
    return lon != null;
  }

  String kindId() {
    return kind == null ? null : kind.id();
  }

  /** Who reported, as shown in a case's history: people by name, everything else by its channel. */
  String actorName() {
    return by.kind() == Viewer.Kind.PERSON || by.kind() == Viewer.Kind.MACHINE ? by.displayName() : given.channel();
  }

  /** By whom an idempotency key was chosen; two callers may choose the same. */
  String caller() {
    return by.caller();
  }

  void decide(Decision decision) {
    decisions.add(decision);
  }

  /** What all steps decided, in words. */
  String why() {
    return String.join("；", decisions.stream().map(Decision::why).toList());
  }
}
