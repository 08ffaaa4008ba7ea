package io.citywide.platform.internal.web;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.Map;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.converter.HttpMessageConverters.ServerBuilder;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Refuses {@code null} among the elements of a list that a body holds: no list of any body has a meaning for it, and nobody who reads one looks for it. The values of a map may be {@code null}. */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class JsonBodies implements ServerHttpMessageConvertersCustomizer {

  private final JsonMapper json;

  JsonBodies(JsonMapper json) {
    this.json = json;
  }

  @Override
  public void customize(ServerBuilder converters) {
    converters.withJsonConverter(new JacksonJsonHttpMessageConverter(json.rebuild()
        .changeDefaultNullHandling(was -> was.withContentNulls(Nulls.FAIL))
        .withConfigOverride(Map.class, values -> values.setNullHandling(JsonSetter.Value.forContentNulls(Nulls.SET))).build()));
  }
}
