package io.citywide.intake.internal.evidence;

import io.citywide.sensing.spi.Pictures;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** Keeps pictures of cameras beside the photos of reports. */
@Component
class CameraPictures implements Pictures {

  private final MediaStore media;

  CameraPictures(MediaStore media) {
    this.media = media;
  }

  @Override
  public String keep(byte[] picture, Duration atLeast) {
    return media.storeFor(picture, "picture", atLeast).sha256();
  }

  @Override
  public Optional<Picture> find(String sha256, boolean thumbnail) {
    return media.findForAnybody(sha256).map(photo -> new Picture(thumbnail ? MediaType.IMAGE_JPEG_VALUE : photo.contentType(), media.read(sha256, thumbnail)));
  }
}
