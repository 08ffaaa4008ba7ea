/**
 * The MQTT extension of SensorThings 1.1 (18-088) on the server's own door for MQTT: {@code SensorThingsTree} takes Observations and
 * subscriptions, {@code Audience} knows who listens where and hears what is committed, an {@code Outbox} tells one client. While nobody
 * listens nothing is followed, noted or remembered.
 */
package io.citywide.sensing.internal.topics;
