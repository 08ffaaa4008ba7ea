package io.citywide.security.scope;

import static io.citywide.security.scope.ScopeGround.KIND;

import java.util.Map;

/** Reports of citizens and Open311. */
final class CitizenDoors extends Doors {

  CitizenDoors(ScopeGround ground) {
    super(ground);
  }

  @Override
  void list() {
    free("POST /api/public/reports", 422);
    String report = "/api/public/reports/" + ground.trackingCode();
    String photo = report + "/media/" + ground.openPhoto();
    free("GET /api/public/reports/{trackingCode}", report, null, 200);
    free("GET /api/public/reports/{trackingCode}/events", (c, t) -> c.stream(report + "/events"), (c, t) -> "200");
    free("POST /api/public/reports/{trackingCode}/rating", report + "/rating", Map.of(), 422);
    free("POST /api/public/media", (c, t) -> c.upload("/api/public/media"), (c, t) -> "201");
    free("GET /api/public/reports/{trackingCode}/media/{sha256}", photo, null, 200);
    free("GET /api/public/reports/{trackingCode}/media/{sha256}/thumbnail", photo + "/thumbnail", null, 200);
    free("GET /open311/v2/discovery.{format}", "/open311/v2/discovery.json", null, 200);
    free("GET /open311/v2/services.{format}", "/open311/v2/services.json", null, 200);
    free("GET /open311/v2/services/{code}.{format}", "/open311/v2/services/" + KIND + ".json", null, 200);
    free("GET /open311/v2/requests.{format}", "/open311/v2/requests.json", null, 200);
    free("GET /open311/v2/requests/{id}.{format}", "/open311/v2/requests/999999999.json", null, 404);
    free("GET /open311/v2/tokens/{token}.{format}", "/open311/v2/tokens/none.json", null, 404);
    free("POST /open311/v2/requests.{format}", (c, t) -> c.post("/open311/v2/requests.json", "application/x-www-form-urlencoded", "a=b"), (c, t) -> "400");
  }
}
