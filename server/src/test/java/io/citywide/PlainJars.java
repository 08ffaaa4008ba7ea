package io.citywide;

import java.util.Set;
import java.util.stream.Stream;
import org.springframework.modulith.core.ApplicationModuleDetectionStrategy;
import org.springframework.modulith.core.ApplicationModuleInformation;
import org.springframework.modulith.core.JavaPackage;
import org.springframework.modulith.core.NamedInterfaces;

/**
 * Modules are the direct packages. Of the modules grid and watch all packages are open: they are jars of their own without
 * Spring, so they cannot say so by an annotation; what is their own affair is package-private.
 */
public final class PlainJars implements ApplicationModuleDetectionStrategy {
  static final Set<String> NAMES = Set.of("io.citywide.grid", "io.citywide.watch");

  @Override
  public Stream<JavaPackage> getModuleBasePackages(JavaPackage root) {
    return ApplicationModuleDetectionStrategy.directSubPackage().getModuleBasePackages(root);
  }

  @Override
  public NamedInterfaces detectNamedInterfaces(JavaPackage base, ApplicationModuleInformation information) {
    return NAMES.contains(base.getName()) ? NamedInterfaces.forOpen(base) : NamedInterfaces.of(base, information);
  }
}
