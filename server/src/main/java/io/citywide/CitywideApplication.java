package io.citywide;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.modulith.Modulithic;

/** The server: one process, one module per direct package, in the order of ARCHITECTURE.md. */
@Modulithic(systemName = "Citywide")
@SpringBootApplication
@ConfigurationPropertiesScan
public class CitywideApplication {}
