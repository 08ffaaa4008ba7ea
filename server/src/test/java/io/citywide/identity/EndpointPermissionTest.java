package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Least sight begins with this: no endpoint exists without saying who may call it. */
@ServerTest
class EndpointPermissionTest {

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  RequestMappingHandlerMapping mapping;

  @Test
  void everyEndpointDeclaresAPermissionOrWhyItIsOpen() {
    List<String> undeclared = new ArrayList<>();
    List<String> both = new ArrayList<>();
    mapping
        .getHandlerMethods()
        .forEach(
            (info, method) -> {
              String bean = method.getBeanType().getName();
              if (ErrorController.class.isAssignableFrom(method.getBeanType()) || bean.startsWith("org.springframework.") || bean.startsWith("org.springdoc.")) {
                return;
              }
              Requires requires = method.getMethodAnnotation(Requires.class);
              Open open = method.getMethodAnnotation(Open.class);
              if (requires == null && (open == null || open.value().isBlank())) {
                undeclared.add(info + " " + method.getShortLogMessage());
              }
              if (requires != null && open != null) {
                both.add(info.toString());
              }
            });
    assertThat(undeclared).as("endpoints without @Requires or @Open").isEmpty();
    assertThat(both).as("endpoints with both").isEmpty();
  }
}
