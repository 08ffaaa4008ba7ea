package io.citywide.ledger.internal;

import io.citywide.ServerTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.test.context.TestPropertySource;

/** A server with a ledger of its own, in which nobody else works, sealed when the test says so. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ServerTest
@TestPropertySource(properties = "citywide.ledger.seal-every=1m")
@interface LedgerGround {}
