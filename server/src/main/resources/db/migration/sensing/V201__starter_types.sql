-- Types that most cities have. They are data: whoever runs the city changes them, adds others and deletes what it has not.
INSERT INTO sensing_type (code, name_zh, name_en, silent_after, retention, properties, commands) VALUES
  ('smoke', '烟感', 'Smoke detector', '30 minutes', '730 days', '[
    {"name": "smoke", "nameZh": "烟雾浓度", "nameEn": "Smoke", "unit": "%/m", "low": 0, "high": 100, "intervalSeconds": 300},
    {"name": "temperature", "nameZh": "温度", "nameEn": "Temperature", "unit": "Cel", "low": -40, "high": 125, "intervalSeconds": 300},
    {"name": "battery", "nameZh": "电量", "nameEn": "Battery", "unit": "%", "low": 0, "high": 100, "intervalSeconds": 3600}]',
   '[{"name": "mute", "nameZh": "消音", "nameEn": "Mute", "parameters": []}, {"name": "self-test", "nameZh": "自检", "nameEn": "Self test", "parameters": []}]'),
  ('camera', '摄像机', 'Camera', '15 minutes', '730 days', '[
    {"name": "frameRate", "nameZh": "帧率", "nameEn": "Frame rate", "unit": "/s", "low": 0, "high": 120, "intervalSeconds": 300},
    {"name": "loss", "nameZh": "丢包率", "nameEn": "Packet loss", "unit": "%", "low": 0, "high": 100, "intervalSeconds": 300}]',
   '[{"name": "snapshot", "nameZh": "抓拍", "nameEn": "Take a picture", "parameters": []}, {"name": "preset", "nameZh": "转到预置位", "nameEn": "Go to preset", "parameters": ["number"]}]'),
  ('lift', '电梯', 'Lift', '10 minutes', '730 days', '[
    {"name": "floor", "nameZh": "楼层", "nameEn": "Floor", "unit": "1", "low": -20, "high": 200, "intervalSeconds": 60},
    {"name": "speed", "nameZh": "速度", "nameEn": "Speed", "unit": "m/s", "low": -10, "high": 10, "intervalSeconds": 60},
    {"name": "vibration", "nameZh": "振动", "nameEn": "Vibration", "unit": "m/s2", "low": 0, "high": 50, "intervalSeconds": 60},
    {"name": "doorOpen", "nameZh": "开门", "nameEn": "Door open", "unit": "1", "low": 0, "high": 1, "intervalSeconds": 60},
    {"name": "trapped", "nameZh": "困人", "nameEn": "People trapped", "unit": "1", "low": 0, "high": 1, "intervalSeconds": 60}]',
   '[]'),
  ('water-level', '水位计', 'Water level', '30 minutes', '730 days', '[
    {"name": "level", "nameZh": "水位", "nameEn": "Water level", "unit": "m", "low": -10, "high": 100, "intervalSeconds": 300},
    {"name": "battery", "nameZh": "电量", "nameEn": "Battery", "unit": "%", "low": 0, "high": 100, "intervalSeconds": 3600}]',
   '[{"name": "sample-every", "nameZh": "调整采样间隔", "nameEn": "Sample every", "parameters": ["seconds"]}]'),
  ('manhole', '智能井盖', 'Manhole cover', '2 hours', '730 days', '[
    {"name": "tilt", "nameZh": "倾角", "nameEn": "Tilt", "unit": "deg", "low": 0, "high": 180, "intervalSeconds": 900},
    {"name": "water", "nameZh": "井内水深", "nameEn": "Water in the shaft", "unit": "cm", "low": 0, "high": 2000, "intervalSeconds": 900},
    {"name": "battery", "nameZh": "电量", "nameEn": "Battery", "unit": "%", "low": 0, "high": 100, "intervalSeconds": 3600}]',
   '[{"name": "lock", "nameZh": "上锁", "nameEn": "Lock", "parameters": []}, {"name": "unlock", "nameZh": "开锁", "nameEn": "Unlock", "parameters": []}]'),
  ('air', '空气质量', 'Air quality', '30 minutes', '730 days', '[
    {"name": "pm25", "nameZh": "细颗粒物 PM2.5", "nameEn": "PM2.5", "unit": "ug/m3", "low": 0, "high": 1000, "intervalSeconds": 300},
    {"name": "pm10", "nameZh": "可吸入颗粒物 PM10", "nameEn": "PM10", "unit": "ug/m3", "low": 0, "high": 2000, "intervalSeconds": 300},
    {"name": "o3", "nameZh": "臭氧 O₃", "nameEn": "Ozone", "unit": "ug/m3", "low": 0, "high": 1000, "intervalSeconds": 300},
    {"name": "no2", "nameZh": "二氧化氮 NO₂", "nameEn": "Nitrogen dioxide", "unit": "ug/m3", "low": 0, "high": 1000, "intervalSeconds": 300},
    {"name": "so2", "nameZh": "二氧化硫 SO₂", "nameEn": "Sulphur dioxide", "unit": "ug/m3", "low": 0, "high": 2000, "intervalSeconds": 300},
    {"name": "co", "nameZh": "一氧化碳 CO", "nameEn": "Carbon monoxide", "unit": "mg/m3", "low": 0, "high": 100, "intervalSeconds": 300}]',
   '[]'),
  ('noise', '噪声', 'Noise', '15 minutes', '730 days', '[
    {"name": "laeq", "nameZh": "等效声级", "nameEn": "Equivalent level", "unit": "dB", "low": 20, "high": 140, "intervalSeconds": 60}]',
   '[]'),
  ('people-flow', '客流', 'Flow of people', '10 minutes', '730 days', '[
    {"name": "present", "nameZh": "在场人数", "nameEn": "People present", "unit": "1", "low": 0, "high": 200000, "intervalSeconds": 60},
    {"name": "entering", "nameZh": "进入", "nameEn": "Entering", "unit": "/min", "low": 0, "high": 10000, "intervalSeconds": 60},
    {"name": "leaving", "nameZh": "离开", "nameEn": "Leaving", "unit": "/min", "low": 0, "high": 10000, "intervalSeconds": 60}]',
   '[]'),
  ('weather', '气象站', 'Weather station', '30 minutes', '730 days', '[
    {"name": "temperature", "nameZh": "气温", "nameEn": "Temperature", "unit": "Cel", "low": -50, "high": 60, "intervalSeconds": 300},
    {"name": "humidity", "nameZh": "湿度", "nameEn": "Humidity", "unit": "%", "low": 0, "high": 100, "intervalSeconds": 300},
    {"name": "pressure", "nameZh": "气压", "nameEn": "Pressure", "unit": "hPa", "low": 800, "high": 1100, "intervalSeconds": 300},
    {"name": "windSpeed", "nameZh": "风速", "nameEn": "Wind speed", "unit": "m/s", "low": 0, "high": 80, "intervalSeconds": 300},
    {"name": "windDirection", "nameZh": "风向", "nameEn": "Wind direction", "unit": "deg", "low": 0, "high": 360, "intervalSeconds": 300},
    {"name": "rain", "nameZh": "降水", "nameEn": "Rain", "unit": "mm", "low": 0, "high": 200, "intervalSeconds": 300}]',
   '[]'),
  ('gas', '可燃气体', 'Combustible gas', '30 minutes', '730 days', '[
    {"name": "methane", "nameZh": "甲烷（爆炸下限百分比）", "nameEn": "Methane, per cent of the lower explosive limit", "unit": "%", "low": 0, "high": 100, "intervalSeconds": 300},
    {"name": "battery", "nameZh": "电量", "nameEn": "Battery", "unit": "%", "low": 0, "high": 100, "intervalSeconds": 3600}]',
   '[{"name": "mute", "nameZh": "消音", "nameEn": "Mute", "parameters": []}, {"name": "shut-off", "nameZh": "关阀", "nameEn": "Shut the valve", "parameters": []}]'),
  ('power', '用电安全', 'Electrical safety', '30 minutes', '730 days', '[
    {"name": "current", "nameZh": "电流", "nameEn": "Current", "unit": "A", "low": 0, "high": 1000, "intervalSeconds": 300},
    {"name": "voltage", "nameZh": "电压", "nameEn": "Voltage", "unit": "V", "low": 0, "high": 500, "intervalSeconds": 300},
    {"name": "leakage", "nameZh": "剩余电流", "nameEn": "Residual current", "unit": "mA", "low": 0, "high": 5000, "intervalSeconds": 300},
    {"name": "temperature", "nameZh": "线缆温度", "nameEn": "Cable temperature", "unit": "Cel", "low": -40, "high": 200, "intervalSeconds": 300}]',
   '[{"name": "switch-off", "nameZh": "断电", "nameEn": "Switch off", "parameters": []}]'),
  ('light', '路灯', 'Street light', '2 hours', '730 days', '[
    {"name": "power", "nameZh": "功率", "nameEn": "Power", "unit": "W", "low": 0, "high": 2000, "intervalSeconds": 900},
    {"name": "brightness", "nameZh": "亮度", "nameEn": "Brightness", "unit": "%", "low": 0, "high": 100, "intervalSeconds": 900}]',
   '[{"name": "dim", "nameZh": "调光", "nameEn": "Dim", "parameters": ["percent"]}]'),
  ('bin', '垃圾桶', 'Waste bin', '4 hours', '730 days', '[
    {"name": "fill", "nameZh": "满溢度", "nameEn": "Fill level", "unit": "%", "low": 0, "high": 100, "intervalSeconds": 1800},
    {"name": "battery", "nameZh": "电量", "nameEn": "Battery", "unit": "%", "low": 0, "high": 100, "intervalSeconds": 3600}]',
   '[]'),
  ('tilt', '倾斜监测', 'Tilt of a structure', '2 hours', '730 days', '[
    {"name": "x", "nameZh": "横向倾角", "nameEn": "Tilt across", "unit": "deg", "low": -90, "high": 90, "intervalSeconds": 900},
    {"name": "y", "nameZh": "纵向倾角", "nameEn": "Tilt along", "unit": "deg", "low": -90, "high": 90, "intervalSeconds": 900}]',
   '[]'),
  ('heartbeat', '在线状态', 'Presence only', '15 minutes', '730 days', '[
    {"name": "alive", "nameZh": "在线", "nameEn": "Alive", "unit": "1", "low": 0, "high": 1, "intervalSeconds": 300}]',
   '[]');
