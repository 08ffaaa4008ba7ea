package io.citywide.flink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads observations as {@code POST /api/observations} takes them: objects, one after the other (NDJSON) or in a list, each
 * {@code {"device":"shed-1","time":"2026-03-01T08:15:30Z","values":{"level":0.1,"temp":21}}}. {@code time} may be milliseconds since 1970 UTC, or
 * be missing: then it is the moment at which the record came into Kafka. Values are numbers, or true and false for 1 and 0. Or
 * {@code {"tick": time}}: nothing that is expected is older in this partition. An object is taken as a whole or not at all; what is wrong is
 * refused with the reason and never stops the job.
 */
public final class ObservationReader implements KafkaRecordDeserializationSchema<Message> {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String[] FINE = {};
  private static final int LONGEST_SAMPLE = 200;

  private final int partitions;
  private final long aheadMillis;
  private transient boolean toldOfTimes;

  /**
   * @param partitions of the topic
   * @param aheadMillis a reading may be so far ahead of the time at which it came into Kafka
   */
  ObservationReader(int partitions, long aheadMillis) {
    this.partitions = partitions;
    this.aheadMillis = aheadMillis;
  }

  @Override
  public TypeInformation<Message> getProducedType() {
    return TypeInformation.of(Message.class);
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Message> out) {
    int partition = record.partition();
    if (record.timestampType() != TimestampType.LOG_APPEND_TIME && !toldOfTimes) {
      toldOfTimes = true;
      out.collect(refused(record, "the times of these records are those that their producers say, not those at which they came: Kafka deletes by them, perhaps before the job has read; "
          + "set message.timestamp.type=LogAppendTime for the topic (the record itself was taken)"));
    }
    if (partition < partitions) out.collect(read(partition, record.timestamp(), record.value()));
    else out.collect(refused(record, "partition " + partition + " is beyond the " + partitions + " that the job was started with (--partitions)"));
  }

  private static Message refused(ConsumerRecord<byte[], byte[]> record, String why) {
    String[] refusal = {why, record.topic() + "/" + record.partition() + "/" + record.offset()};
    return new Message(0, record.timestamp(), Long.MIN_VALUE, FINE, FINE, new long[0], new double[0], refusal);
  }

  Message read(int shard, long arrived, byte[] value) {
    return new Reading(arrived).read(shard, value == null ? new byte[0] : value);
  }

  private final class Reading {
    final long arrived;
    String[] things = new String[1];
    String[] properties = new String[1];
    long[] times = new long[1];
    double[] values = new double[1];
    int count;
    long newest = Long.MIN_VALUE;
    List<String> refusal;

    String device;
    long time;
    final List<String> names = new ArrayList<>(4);
    double[] numbers = new double[4];

    Reading(long arrived) {
      this.arrived = arrived;
    }

    Message read(int shard, byte[] value) {
      try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), value)) {
        JsonToken token = in.nextToken();
        if (token == null) refuse("an empty record");
        for (; token != null; token = in.nextToken()) {
          if (token == JsonToken.START_OBJECT) one(in);
          else if (token != JsonToken.START_ARRAY && token != JsonToken.END_ARRAY) refuse("an observation is an object, was " + token);
        }
      } catch (JacksonException e) {
        refuse("not JSON: " + e.getOriginalMessage());
      }
      String[] why = FINE;
      if (refusal != null) {
        refusal.add(new String(value, 0, Math.min(value.length, LONGEST_SAMPLE), StandardCharsets.UTF_8));
        why = refusal.toArray(String[]::new);
      }
      return new Message(shard, arrived, newest, Arrays.copyOf(things, count), Arrays.copyOf(properties, count), Arrays.copyOf(times, count), Arrays.copyOf(values, count), why);
    }

    void one(JsonParser in) {
      device = null;
      time = arrived;
      names.clear();
      boolean ticks = false;
      String wrong = null;
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = in.currentName();
        JsonToken token = in.nextToken();
        String flaw = switch (name) {
          case "device" -> device(in, token);
          case "time" -> time(in, token);
          case "values" -> values(in, token);
          case "tick" -> {
            ticks = true;
            yield tick(in, token);
          }
          default -> "there is no member '" + name + "': an observation has device, time and values";
        };
        if (flaw != null) {
          // The value may be an object; the rest of this observation comes after it.
          if (in.currentToken() == token) in.skipChildren();
          if (wrong == null) wrong = flaw;
        }
      }
      if (wrong != null) refuse(wrong);
      else if (!ticks) take();
    }

    void take() {
      if (device == null) refuse("device is missing: the code of the device");
      else if (names.isEmpty()) refuse("values is missing: an object of properties and numbers");
      else if (time - arrived > aheadMillis) refuse("time " + time + " of " + device + " is more than " + aheadMillis + " ms after it came; set the clock of the device");
      else {
        for (int i = 0; i < names.size(); i++) add(names.get(i), numbers[i]);
        newest = Math.max(newest, Math.min(time, arrived));
      }
    }

    void add(String name, double value) {
      if (count == things.length) {
        int more = count * 2;
        things = Arrays.copyOf(things, more);
        properties = Arrays.copyOf(properties, more);
        times = Arrays.copyOf(times, more);
        values = Arrays.copyOf(values, more);
      }
      things[count] = device;
      properties[count] = name;
      times[count] = time;
      values[count++] = value;
    }

    String device(JsonParser in, JsonToken token) {
      device = token == JsonToken.VALUE_STRING ? in.getString() : "";
      return device.isEmpty() ? "device must be a text" : null;
    }

    String time(JsonParser in, JsonToken token) {
      if (token == JsonToken.VALUE_NUMBER_INT) {
        time = in.getLongValue();
        return null;
      }
      try {
        if (token == JsonToken.VALUE_STRING) {
          time = OffsetDateTime.parse(in.getString()).toInstant().toEpochMilli();
          return null;
        }
      } catch (DateTimeException e) {
        // Said below.
      }
      return "time must be milliseconds since 1970 UTC, or a moment such as 2026-03-01T16:15:30+08:00";
    }

    String values(JsonParser in, JsonToken token) {
      if (token != JsonToken.START_OBJECT) return "values must be an object";
      String wrong = null;
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = in.currentName();
        double value;
        switch (in.nextToken()) {
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> value = in.getDoubleValue();
          case VALUE_TRUE -> value = 1;
          case VALUE_FALSE -> value = 0;
          default -> {
            wrong = name + " must be a number, true or false";
            in.skipChildren();
            continue;
          }
        }
        if (names.size() == numbers.length) numbers = Arrays.copyOf(numbers, names.size() * 2);
        numbers[names.size()] = value;
        names.add(name);
      }
      return wrong;
    }

    String tick(JsonParser in, JsonToken token) {
      if (token != JsonToken.VALUE_NUMBER_INT) return "tick must be milliseconds since 1970 UTC";
      newest = Math.max(newest, Math.min(in.getLongValue(), arrived));
      return null;
    }

    void refuse(String why) {
      if (refusal == null) refusal = new ArrayList<>();
      refusal.add(why);
    }
  }
}
