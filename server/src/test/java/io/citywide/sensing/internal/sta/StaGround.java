package io.citywide.sensing.internal.sta;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Gauges of water in made-up cities, and SensorThings as a client asks for it. */
@Component
public class StaGround {

  private static final String LEVEL = "{\"name\":\"level\",\"nameZh\":\"液位\",\"nameEn\":\"Level\",\"unit\":\"m\",\"low\":0,\"high\":%d,\"intervalSeconds\":60}";
  private static final String TEMP = "{\"name\":\"temp\",\"nameZh\":\"温度\",\"nameEn\":\"Temperature\",\"unit\":\"Cel\",\"low\":-40,\"high\":80,\"intervalSeconds\":60}";

  @Autowired TestPeople people;
  @Autowired DeviceDirectory directory;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  /**
   * @param area that it stands in, whatever its place
   * @param secretHash {@code null}: it does not sign in
   */
  public record Gauge(String code, double lon, double lat, String area, String secretHash) {

    public Gauge(String code, double lon, double lat, String area) {
      this(code, lon, lat, area, null);
    }
  }

  /** Imports the areas of a city. */
  public void city(TestCity city) {
    Answer answer = people.someone(Role.SYSTEM_ADMIN, city.city, null).client().put("/api/areas", city.geoJson());
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  /**
   * Registers gauges that are not there yet.
   *
   * @param most greatest level, metres
   * @param properties of {@code level} and {@code temp} those that they have
   */
  public void gauges(String type, int most, List<String> properties, Gauge... gauges) {
    String described = properties.stream().map(p -> p.equals("level") ? LEVEL.formatted(most) : TEMP).collect(Collectors.joining(",", "[", "]"));
    Viewer.runAs(Viewer.system("test"), () -> transaction.executeWithoutResult(status -> {
      jdbc.sql("INSERT INTO sensing_type (code, name_zh, name_en, properties, silent_after, retention) VALUES (:type, '水尺', 'Gauge', :properties::jsonb, '1 hour', '30000 days') ON CONFLICT DO NOTHING")
          .param("type", type).param("properties", described).update();
      for (Gauge gauge : gauges) {
        jdbc.sql("""
                INSERT INTO sensing_device (code, type_code, name, lon, lat, grid_key, area_code, secret_hash) VALUES (:code, :type, :code, :lon, :lat, 9, :area, :hash) ON CONFLICT DO NOTHING""")
            .param("code", gauge.code()).param("type", type).param("lon", gauge.lon()).param("lat", gauge.lat()).param("area", gauge.area()).param("hash", gauge.secretHash()).update();
        jdbc.sql("INSERT INTO sensing_series (device_id, property) SELECT id, p FROM sensing_device, unnest(:properties::text[]) p WHERE code = :code ON CONFLICT DO NOTHING")
            .param("properties", properties.toArray(String[]::new)).param("code", gauge.code()).update();
      }
    }));
    directory.refresh();
  }

  /** Asks for an address below the service root, whose options are encoded here, or for a link that the service gave. */
  public static Answer get(TestClient client, String address) {
    if (address.startsWith("http")) {
      return client.get(address.substring(client.base().length()));
    }
    int query = address.indexOf('?');
    if (query < 0) {
      return client.get("/sta/v1.1/" + address);
    }
    StringBuilder encoded = new StringBuilder("/sta/v1.1/" + address.substring(0, query + 1));
    for (String option : address.substring(query + 1).split("&")) {
      int equals = option.indexOf('=');
      encoded.append(option, 0, equals + 1).append(URLEncoder.encode(option.substring(equals + 1), StandardCharsets.UTF_8)).append('&');
    }
    return client.get(encoded.toString());
  }

  /** As {@link #get}, which must succeed. */
  public static JsonNode json(TestClient client, String address) {
    Answer answer = get(client, address);
    assertThat(answer.status()).as(address + " " + answer.text()).isEqualTo(200);
    return answer.json();
  }
}
