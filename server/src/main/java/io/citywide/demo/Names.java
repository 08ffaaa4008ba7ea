package io.citywide.demo;

import java.util.List;

/** Invented names; characters, then how they are read. */
final class Names {

  private Names() {}

  static final List<String[]> DISTRICTS = pairs("云栖 Yunqi,澄江 Chengjiang,望山 Wangshan");

  static final List<String[]> STREETS = pairs(
      "望江 Wangjiang,听雨 Tingyu,鹤鸣 Heming,古渡 Gudu,锦帆 Jinfan,清河 Qinghe,朝霞 Zhaoxia,长堤 Changdi,"
          + "松涛 Songtao,竹溪 Zhuxi,枫林 Fenglin,白石 Baishi");

  static final List<String[]> COMMUNITIES = pairs(
      "梧桐 Wutong,杨柳 Yangliu,桂香 Guixiang,银杏 Yinxing,海棠 Haitang,玉兰 Yulan,紫藤 Ziteng,蔷薇 Qiangwei,芙蓉 Furong,"
          + "丹桂 Dangui,水杉 Shuishan,青松 Qingsong,翠竹 Cuizhu,腊梅 Lamei,百合 Baihe,石榴 Shiliu,枇杷 Pipa,樱花 Yinghua,"
          + "香樟 Xiangzhang,木槿 Mujin,晨光 Chenguang,暮云 Muyun,听泉 Tingquan,观澜 Guanlan,渔歌 Yuge,芦花 Luhua,沙洲 Shazhou,"
          + "渡口 Dukou,石桥 Shiqiao,月塘 Yuetang,星河 Xinghe,荷塘 Hetang,书香 Shuxiang,墨池 Mochi,琴台 Qintai,棋盘 Qipan,"
          + "画坊 Huafang,织锦 Zhijin,染坊 Ranfang,陶然 Taoran,瓷窑 Ciyao,米市 Mishi,盐仓 Yancang,茶亭 Chating,酒坊 Jiufang,"
          + "铁匠 Tiejiang,码头 Matou,灯塔 Dengta,钟楼 Zhonglou,鼓台 Gutai,东篱 Dongli,南屏 Nanping,西堂 Xitang,北苑 Beiyuan,"
          + "安居 Anju,乐业 Leye,和睦 Hemu,友邻 Youlin,平安 Pingan,长乐 Changle,春晖 Chunhui,秋实 Qiushi,瑞雪 Ruixue,夏荷 Xiahe");

  /** Of roads along the river's direction, the widest first. */
  static final List<String> AVENUES = List.of("云泽大道", "沿江大道", "中原大道", "迎宾大道", "朝阳大道", "望湖大道", "文昌大道", "金穗大道",
      "听雨路", "观澜路", "白鹭路", "青石路", "采薇路", "拾穗路", "临风路", "揽月路", "逐日路", "怀远路", "致和路", "思源路", "弘毅路",
      "明德路", "知行路", "守拙路", "向晚路", "初晴路", "微雨路", "新雪路");

  /** Of roads across it. */
  static final List<String> CROSSINGS = List.of("中央大街", "云泽大桥路", "凤台大街", "龙津大街", "长虹大街", "鹿鸣大街", "飞虹大街", "青云大街",
      "东柳街", "西柳街", "花市街", "灯市街", "书院街", "学宫街", "织造街", "漕运街", "绣衣街", "铜井街", "锦衣街", "泰安街", "永和街",
      "广济街", "慈恩街", "惠民街", "崇文街", "尚武街", "兴业街", "通达街");

  static final List<String> NUMERALS = List.of("一", "二", "三", "四", "五", "六", "七", "八", "九", "十");

  private static List<String[]> pairs(String words) {
    return List.of(words.split(",")).stream().map(pair -> pair.split(" ")).toList();
  }
}
