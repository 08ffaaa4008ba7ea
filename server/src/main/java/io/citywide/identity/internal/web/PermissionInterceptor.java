package io.citywide.identity.internal.web;

import io.citywide.identity.IdentityProblem;
import io.citywide.identity.Open;
import io.citywide.identity.Requires;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Map;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Lets a request through to a handler method only with the permission that the method declares. */
final class PermissionInterceptor implements HandlerInterceptor {

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (!(handler instanceof HandlerMethod method)) {
      return true; // the console's files; they hold no data
    }
    if (isFramework(method) || method.hasMethodAnnotation(Open.class)) {
      return true;
    }
    Requires requires = method.getMethodAnnotation(Requires.class);
    if (requires == null) {
      throw new ProblemException(IdentityProblem.UNDECLARED, method.getShortLogMessage() + " declares no permission");
    }
    Viewer viewer = Viewer.current();
    if (Arrays.stream(requires.value()).noneMatch(viewer::may)) {
      viewer.require(requires.value()[0]);
    }
    if (requires.wholeCity() && !viewer.area().wholeCity()) {
      throw new ProblemException(IdentityProblem.FORBIDDEN, "this counts for the whole city, and " + viewer.displayName() + " is charged with area "
          + viewer.areaCode() + " only", Map.of("areaCode", String.valueOf(viewer.areaCode()))).zh("此项对全市生效，只有全市范围的岗位可以修改");
    }
    return true;
  }

  /** The error page and the API document come with the framework and show nothing of the city. */
  static boolean isFramework(HandlerMethod method) {
    String name = method.getBeanType().getName();
    return ErrorController.class.isAssignableFrom(method.getBeanType()) || name.startsWith("org.springframework.") || name.startsWith("org.springdoc.");
  }
}
