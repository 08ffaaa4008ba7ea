package io.citywide.intake.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.intake.IntakeProblem;
import io.citywide.intake.Media;
import io.citywide.intake.internal.evidence.MediaStore;
import io.citywide.platform.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** Photos of reports and steps: whoever works here may upload; who sees what holds a photo may look at it. */
@RestController
class MediaController {

  private final MediaStore media;

  MediaController(MediaStore media) {
    this.media = media;
  }

  @Requires({Permission.SELF, Permission.SIGNAL_REPORT, Permission.SIGNAL_IMPORT, Permission.CASE_WORK})
  @PostMapping(path = "/api/media", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  Media store(@RequestPart("file") MultipartFile file) throws IOException {
    return store(media, file);
  }

  static Media store(MediaStore media, MultipartFile file) throws IOException {
    String name = file.getOriginalFilename() == null || file.getOriginalFilename().isBlank() ? "the file" : file.getOriginalFilename();
    if (file.getSize() > media.maxBytes()) {
      throw media.tooLarge(name, file.getSize());
    }
    try (InputStream content = file.getInputStream()) {
      return media.store(content, name);
    }
  }

  @Requires({Permission.SELF, Permission.SIGNAL_READ, Permission.CASE_READ})
  @GetMapping("/api/media/{sha256}")
  ResponseEntity<byte[]> photo(@PathVariable String sha256) {
    return answer(media, visible(sha256), false);
  }

  @Requires({Permission.SELF, Permission.SIGNAL_READ, Permission.CASE_READ})
  @GetMapping("/api/media/{sha256}/thumbnail")
  ResponseEntity<byte[]> thumbnail(@PathVariable String sha256) {
    return answer(media, visible(sha256), true);
  }

  private Media visible(String sha256) {
    return media.find(sha256).orElseThrow(() -> absent(sha256));
  }

  static ProblemException absent(String sha256) {
    return new ProblemException(IntakeProblem.MEDIA_NOT_FOUND, "there is no photo " + sha256 + " within your scope", Map.of("value", sha256)).zh("没有此照片，或不在您的可见范围内");
  }

  /** A photo never changes under its name, but not everybody may see it: only the browser that got it keeps it. */
  static ResponseEntity<byte[]> answer(MediaStore media, Media photo, boolean thumbnail) {
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(thumbnail ? MediaType.IMAGE_JPEG_VALUE : photo.contentType()))
        .cacheControl(CacheControl.maxAge(Duration.ofDays(365)).cachePrivate().immutable())
        .header("X-Content-Type-Options", "nosniff")
        .body(media.read(photo.sha256(), thumbnail));
  }
}
