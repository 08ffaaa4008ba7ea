package io.citywide.intake.spi;

/** A case by id and number. */
public record CaseRef(long caseId, String caseNo) {}
