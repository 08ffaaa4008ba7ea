/**
 * What the city feels: device types and devices, observations, watch rules over them, graded warnings. Devices come in by MQTT,
 * HTTP, OGC SensorThings API 1.1, Kafka and files; warnings go out after GB/T 35965 and CAP 1.2. Owns the tables
 * {@code sensing_*}. Knows neither signals nor cases: what wants a case is said by events, and {@code intake} listens; what people
 * reported around devices is asked through {@code sensing::spi}, and {@code cases} answers.
 */
@ApplicationModule(allowedDependencies = {"grid", "watch", "platform", "identity", "ledger", "ledger::spi", "place", "map::spi"})
package io.citywide.sensing;

import org.springframework.modulith.ApplicationModule;
