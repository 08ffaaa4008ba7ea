-- Whether the caller uploaded a photo is asked with every report; a photo that many signals hold has many other holds.
CREATE INDEX intake_media_hold_uploader_idx ON intake_media_hold (sha256, uploader) WHERE uploader IS NOT NULL;
