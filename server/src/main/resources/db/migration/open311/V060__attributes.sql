-- Questions that a service asks its reporter (GeoReport v2, "service definition"). A row with kind_id '*'
-- belongs to every service, one ending in '*' to every kind that begins so.
CREATE TABLE open311_attribute (
  kind_id              text COLLATE "C" NOT NULL,
  code                 text COLLATE "C" NOT NULL CHECK (code ~ '^[A-Za-z0-9_]{1,40}$'),
  ordering             int NOT NULL DEFAULT 1,
  datatype             text NOT NULL CHECK (datatype IN ('string', 'number', 'datetime', 'text', 'singlevaluelist', 'multivaluelist')),
  required             boolean NOT NULL DEFAULT false,
  description          text NOT NULL,
  datatype_description text NOT NULL DEFAULT '',
  -- [{"key": "...", "name": "..."}] of a list
  choices              jsonb NOT NULL DEFAULT '[]',
  PRIMARY KEY (kind_id, code)
);

INSERT INTO open311_attribute (kind_id, code, ordering, datatype, required, description, datatype_description, choices) VALUES
  ('gb47678.5-M01*', 'COMPONENT', 1, 'string', false, '部件标识码（井盖、灯杆等铭牌上的编号）', '16 或 17 位数字', '[]'),
  ('gb47678.5-M02*', 'COMPONENT', 1, 'string', false, '部件标识码（铭牌上的编号）', '16 或 17 位数字', '[]'),
  ('gb47678.5-M06028', 'TIME_OF_DAY', 1, 'singlevaluelist', true, '噪声在什么时段最严重', '',
     '[{"key": "day", "name": "白天（6–22 时）"}, {"key": "night", "name": "夜间（22–6 时）"}, {"key": "always", "name": "全天"}]'),
  ('gb47678.5-M06028', 'SOURCE', 2, 'string', false, '噪声来自哪里', '如施工、商铺音响、广场舞', '[]'),
  ('gb47678.5-M09009', 'PLATE', 1, 'string', false, '车牌号码', '', '[]'),
  ('gb47678.5-M09012', 'BLOCKED', 1, 'multivaluelist', true, '哪些地方被占用', '',
     '[{"key": "stairs", "name": "楼梯间"}, {"key": "exit", "name": "安全出口"}, {"key": "road", "name": "消防车道"}]');
