package io.citywide.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ObservationReaderTest {
  private static final long NOW = 1_790_000_000_000L;
  private final ObservationReader reader = new ObservationReader(4, 300_000);

  private Message read(String text) {
    return reader.read(2, NOW, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsOneObjectAListAndLines() {
    String one = "{\"device\":\"d1\",\"time\":1789999990000,\"values\":{\"level\":0.5,\"open\":true}}";
    String two = "{\"values\":{\"level\":2},\"time\":\"2026-09-21T21:33:19+08:00\",\"device\":\"d2\"}";
    Message single = read(one);
    assertThat(single.shard()).isEqualTo(2);
    assertThat(single.things()).containsExactly("d1", "d1");
    assertThat(single.properties()).containsExactly("level", "open");
    assertThat(single.values()).containsExactly(0.5, 1);
    assertThat(single.newest()).isEqualTo(1789999990000L);
    for (String many : new String[] {"[" + one + "," + two + "]", one + "\n" + two + "\n"}) {
      Message m = read(many);
      assertThat(m.things()).containsExactly("d1", "d1", "d2");
      assertThat(m.times()).containsExactly(1789999990000L, 1789999990000L, 1789997599000L);
      assertThat(m.refusal()).isEmpty();
    }
  }

  @Test
  void takesTheTimeOfTheRecordWhereNoneIsSaid() {
    assertThat(read("{\"device\":\"d\",\"values\":{\"x\":1}}").times()).containsExactly(NOW);
  }

  @Test
  void aTickMovesTimeAlone() {
    Message tick = read("{\"tick\":1789999999000}");
    assertThat(tick.newest()).isEqualTo(1789999999000L);
    assertThat(tick.things()).isEmpty();
    assertThat(tick.refusal()).isEmpty();
  }

  @Test
  void noClockOfADeviceMovesTimeAheadOfKafka() {
    assertThat(read("{\"device\":\"d\",\"time\":" + (NOW + 200_000) + ",\"values\":{\"x\":1}}").newest()).isEqualTo(NOW);
    assertThat(read("{\"tick\":" + (NOW + 200_000) + "}").newest()).isEqualTo(NOW);
  }

  @Test
  void refusesAnObservationAsAWholeAndKeepsTheOthers() {
    Message m = read("[{\"device\":\"d\",\"time\":1,\"values\":{\"x\":1,\"y\":\"two\"}},{\"device\":\"e\",\"time\":1,\"values\":{\"x\":3}},{\"time\":1,\"values\":{\"x\":3}},"
        + "{\"device\":\"f\",\"colour\":{\"r\":1},\"values\":{\"x\":3}},{\"device\":\"g\",\"time\":" + (NOW + 300_001) + ",\"values\":{\"x\":3}},{\"device\":\"h\",\"time\":\"noon\",\"values\":{\"x\":3}},7]");
    assertThat(m.things()).containsExactly("e");
    assertThat(m.refusal()).hasSize(7);
    assertThat(m.refusal()[0]).isEqualTo("y must be a number, true or false");
    assertThat(m.refusal()[1]).startsWith("device is missing");
    assertThat(m.refusal()[2]).startsWith("there is no member 'colour'");
    assertThat(m.refusal()[3]).contains("300000 ms after it came");
    assertThat(m.refusal()[4]).startsWith("time must be");
    assertThat(m.refusal()[5]).startsWith("an observation is an object");
  }

  @Test
  void whatIsNotJsonIsRefusedWithWhatCameBeforeItTaken() {
    Message m = read("{\"device\":\"d\",\"values\":{\"x\":1}}\n{\"device\":\"d\",\"values\":{\"x\":");
    assertThat(m.things()).containsExactly("d");
    assertThat(m.refusal()[0]).startsWith("not JSON");
    assertThat(read("").refusal()).hasSize(2);
    assertThat(reader.read(0, NOW, null).refusal()).hasSize(2);
  }
}
