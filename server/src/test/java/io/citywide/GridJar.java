package io.citywide;

import java.util.stream.Stream;
import org.springframework.modulith.core.ApplicationModuleDetectionStrategy;
import org.springframework.modulith.core.ApplicationModuleInformation;
import org.springframework.modulith.core.JavaPackage;
import org.springframework.modulith.core.NamedInterfaces;

/**
 * Modules are the direct packages. Of the module grid all packages are open: it is a jar of its own without
 * dependencies, so it cannot say so by an annotation; what is its own affair is package-private.
 */
public final class GridJar implements ApplicationModuleDetectionStrategy {

  @Override
  public Stream<JavaPackage> getModuleBasePackages(JavaPackage root) {
    return ApplicationModuleDetectionStrategy.directSubPackage().getModuleBasePackages(root);
  }

  @Override
  public NamedInterfaces detectNamedInterfaces(JavaPackage base, ApplicationModuleInformation information) {
    return base.getName().equals("io.citywide.grid") ? NamedInterfaces.forOpen(base) : NamedInterfaces.of(base, information);
  }
}
