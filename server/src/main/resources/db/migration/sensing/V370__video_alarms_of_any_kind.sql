-- A video alarm of GB/T 28181 need not say its AlarmType, and may say one that no class stands for: then it is of this class. As with the
-- classes of V230 the number of the method is recalled: check it against the printed standard before relying on it.
INSERT INTO sensing_camera_class (code, name_zh, name_en, category, kind_id, grade, min_confidence, opens_case, gb28181) VALUES
  ('video-alarm', '视频报警', 'Video alarm', 'Security', NULL, 2, 0, false, '5')
ON CONFLICT DO NOTHING;
