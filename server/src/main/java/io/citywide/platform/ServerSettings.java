package io.citywide.platform;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What the whole process needs to know.
 *
 * @param data folder that holds everything the server keeps: database, evidence, keys, logs
 * @param keys folder of the installation's secrets; empty: {@code keys} in the data folder. Servers on one database share its content
 * @param zone time zone of the city, by which days, working hours and case numbers are counted
 */
@Validated
@ConfigurationProperties("citywide")
public record ServerSettings(@DefaultValue("data") Path data, @DefaultValue("") String keys, @DefaultValue("Asia/Shanghai") java.time.ZoneId zone) {}
