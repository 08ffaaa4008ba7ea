package io.citywide.conformance;

import de.fraunhofer.iosb.ilt.sta.ServiceFailureException;
import de.fraunhofer.iosb.ilt.sta.model.Datastream;
import de.fraunhofer.iosb.ilt.sta.model.Location;
import de.fraunhofer.iosb.ilt.sta.model.Observation;
import de.fraunhofer.iosb.ilt.sta.model.ObservedProperty;
import de.fraunhofer.iosb.ilt.sta.model.Sensor;
import de.fraunhofer.iosb.ilt.sta.model.Thing;
import de.fraunhofer.iosb.ilt.sta.model.ext.DataArrayDocument;
import de.fraunhofer.iosb.ilt.sta.model.ext.DataArrayValue;
import de.fraunhofer.iosb.ilt.sta.model.ext.EntityList;
import de.fraunhofer.iosb.ilt.sta.model.ext.UnitOfMeasurement;
import de.fraunhofer.iosb.ilt.sta.service.SensorThingsService;
import io.citywide.conformance.Outcome.Result;
import java.net.URI;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.geojson.Point;

/** The SensorThings client of others, Fraunhofer's FROST-Client, at work: what its users do first. */
final class FrostClient {

  private static final ZonedDateTime BEGIN = ZonedDateTime.parse("2026-01-31T08:00:00Z");

  private final List<Outcome> outcomes = new ArrayList<>();
  private final SensorThingsService service;
  private Thing thing;
  private Datastream stream;

  private FrostClient(URI root) throws Exception {
    service = new SensorThingsService(root);
  }

  private interface Act {
    void run() throws Exception;
  }

  static List<Outcome> run(URI root) throws Exception {
    FrostClient client = new FrostClient(root);
    client.tried("deepInsert", "A Thing with Location, Datastream, Sensor and ObservedProperty in one request", client::deepInsert);
    client.tried("observations", "Observations one by one, with time and parameters", client::observations);
    client.tried("dataArray", "Observations as a data array", client::dataArray);
    client.tried("filterAndPages", "$filter, $orderby, $count and all pages by nextLink", client::filterAndPages);
    client.tried("expand", "$expand with options inside", client::expand);
    client.tried("update", "PATCH of a Thing", client::update);
    client.tried("delete", "DELETE of a Thing and what belongs to it", client::delete);
    return client.outcomes;
  }

  private void tried(String name, String description, Act act) {
    long begin = System.nanoTime();
    String reason = "";
    try {
      act.run();
    } catch (Exception e) {
      reason = String.valueOf(e).replaceAll("\\s+", " ");
    }
    outcomes.add(new Outcome("FROST-Client." + name, description, reason.isEmpty() ? Result.PASSED : Result.FAILED, (System.nanoTime() - begin) / 1_000_000, reason));
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }

  private void deepInsert() throws ServiceFailureException {
    Thing made = new Thing("Pump", "A pump", Map.of("serial", "P-7"));
    made.setLocations(List.of(new Location("Pit", "A pit", "application/geo+json", new Point(118.79, 32.06))));
    Datastream flow = new Datastream("Flow", "Flow of the pump", "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement", new UnitOfMeasurement("litre per second", "l/s", "ucum:L/s"));
    flow.setSensor(new Sensor("Wheel", "A wheel", "text/html", "https://example.org/wheel"));
    flow.setObservedProperty(new ObservedProperty("Flow", URI.create("https://example.org/flow"), "Volume in time"));
    made.setDatastreams(List.of(flow));
    service.create(made);
    check(made.getId() != null, "the Thing has no id after it was made");
    thing = service.things().find(made.getId());
    check(thing.getProperties().get("serial").equals("P-7"), "properties are not those that were sent");
    stream = thing.datastreams().query().first();
    check(stream.getSensor().getName().equals("Wheel"), "the Sensor is not the one that was sent");
    check(thing.locations().query().first().getLocation() instanceof Point p && p.getCoordinates().getLongitude() == 118.79, "the Location is not the one that was sent");
  }

  private void observations() throws ServiceFailureException {
    for (int i = 0; i < 30; i++) {
      Observation observation = new Observation(i, stream);
      observation.setPhenomenonTimeFrom(BEGIN.plusMinutes(i));
      observation.setParameters(Map.of("n", i));
      service.create(observation);
    }
    check(stream.observations().query().count().list().getCount() == 30, "not all observations are there");
  }

  private void dataArray() throws ServiceFailureException {
    DataArrayValue values = new DataArrayValue(stream, Set.of(DataArrayValue.Property.Result, DataArrayValue.Property.PhenomenonTime));
    for (int i = 30; i < 250; i++) {
      Observation observation = new Observation(i, stream);
      observation.setPhenomenonTimeFrom(BEGIN.plusMinutes(i));
      values.addObservation(observation);
    }
    DataArrayDocument document = new DataArrayDocument();
    document.addDataArrayValue(values);
    List<String> links = service.create(document);
    check(links.size() == 220 && links.stream().noneMatch("error"::equals), "not all lines were taken: " + links);
  }

  private void filterAndPages() throws ServiceFailureException {
    EntityList<Observation> list = stream.observations().query().filter("result ge 10 and phenomenonTime lt 2026-01-31T12:00:00Z").orderBy("phenomenonTime desc").top(50).count().list();
    check(list.getCount() == 230, "230 were expected, counted " + list.getCount());
    int n = 239;
    for (Iterator<Observation> all = list.fullIterator(); all.hasNext(); n--) {
      check(((Number) all.next().getResult()).intValue() == n, "not in the order of time at " + n);
    }
    check(n == 9, "the pages ended at " + n);
  }

  private void expand() throws ServiceFailureException {
    Thing found = service.things().query().filter("properties/serial eq 'P-7'").expand("Datastreams($expand=Observations($orderby=result desc;$top=2),ObservedProperty),Locations").list().iterator().next();
    Datastream flow = found.getDatastreams().iterator().next();
    check(flow.getObservations().size() == 2 && ((Number) flow.getObservations().iterator().next().getResult()).intValue() == 249, "not the two greatest");
    check(flow.getObservedProperty().getName().equals("Flow") && found.getLocations().size() == 1, "what was expanded is not there");
  }

  private void update() throws ServiceFailureException {
    Thing change = thing.withOnlyId();
    change.setDescription("An old pump");
    service.update(change);
    check(service.things().find(thing.getId()).getDescription().equals("An old pump"), "the change is not there");
    check(service.things().find(thing.getId()).getName().equals("Pump"), "what was not named has changed");
  }

  private void delete() throws ServiceFailureException {
    service.delete(thing);
    check(service.datastreams().query().filter("id eq " + stream.getId()).list().isEmpty(), "the Datastream is still there");
  }
}
