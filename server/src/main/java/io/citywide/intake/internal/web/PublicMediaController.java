package io.citywide.intake.internal.web;

import io.citywide.identity.Open;
import io.citywide.intake.Media;
import io.citywide.intake.internal.Tracking;
import io.citywide.intake.internal.evidence.MediaStore;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** Photos of citizens without an account: taken for a report, shown to who knows the report's secret code. */
@RestController
@RequestMapping("/api/public")
class PublicMediaController {

  private final MediaStore media;
  private final Tracking tracking;
  private final AnonymousLimits limit;

  PublicMediaController(MediaStore media, Tracking tracking, AnonymousLimits limit) {
    this.media = media;
    this.tracking = tracking;
    this.limit = limit;
  }

  @Open("a citizen reports without an account")
  @PostMapping(path = "/media", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  Media store(@RequestPart("file") MultipartFile file, HttpServletRequest request) throws IOException {
    limit.take(request.getRemoteAddr());
    return MediaController.store(media, file);
  }

  @Open("the tracking code is the secret")
  @GetMapping("/reports/{trackingCode}/media/{sha256}")
  ResponseEntity<byte[]> photo(@PathVariable String trackingCode, @PathVariable String sha256, HttpServletRequest request) {
    limit.look(request.getRemoteAddr());
    return MediaController.answer(media, held(trackingCode, sha256), false);
  }

  @Open("the tracking code is the secret")
  @GetMapping("/reports/{trackingCode}/media/{sha256}/thumbnail")
  ResponseEntity<byte[]> thumbnail(@PathVariable String trackingCode, @PathVariable String sha256, HttpServletRequest request) {
    limit.look(request.getRemoteAddr());
    return MediaController.answer(media, held(trackingCode, sha256), true);
  }

  private Media held(String trackingCode, String sha256) {
    return media.findHeldBy(tracking.find(trackingCode).signal().id(), sha256).orElseThrow(() -> MediaController.absent(sha256));
  }
}
