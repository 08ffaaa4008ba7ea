package io.citywide.demo;

import io.citywide.demo.StreetScene.Motif;
import java.util.List;
import java.util.Random;

/** What people in the city report, and in which words. */
final class Stories {

  /**
   * A kind of trouble.
   *
   * @param code kind of GB/T 47678.5 without its prefix, such as {@code M06010}
   * @param weight how often, beside the others
   * @param hours working hours a unit usually needs, for the invented past
   */
  record Story(String code, int weight, int hours, Motif motif, List<String> texts) {

    String kindId() {
      return "gb47678.5-" + code;
    }

    /** Kind of the component it is about, {@code null} for other trouble. */
    String componentKindId() {
      return code.compareTo("M06") < 0 ? "gb47678.5-C" + code.substring(1) : null;
    }
  }

  static final List<Story> ALL =
      List.of(
          new Story("M01002", 8, 8, Motif.MANHOLE, List.of("{路}{旁}有一个污水井盖破损，露出一个大洞，夜里很危险", "{旁}的污水井盖松动，车子一压就响", "{路}上污水井盖不见了，只放了一根树枝",
              "窨井盖塌陷，{旁}，差点有老人踩进去")),
          new Story("M01004", 5, 12, Motif.WATER, List.of("{路}雨水箅子堵住了，一下雨就积水", "{旁}雨水箅子破损，自行车轮会卡进去", "雨水箅子被垃圾堵死，{旁}积水有脚踝深")),
          new Story("M01037", 8, 24, Motif.LAMP, List.of("{路}{旁}路灯不亮，晚上一片漆黑", "{路}有三盏路灯坏了好几天", "{旁}路灯杆歪斜，看着要倒", "路灯一直闪，{路}{旁}，影响楼上居民休息")),
          new Story("M01027", 2, 24, Motif.BARRIER, List.of("{旁}通信交接箱门开着，线都露在外面", "{路}的通信交接箱被撞歪了")),
          new Story("M01028", 2, 8, Motif.CABLE, List.of("{旁}电力设施有异响，还冒火花", "{路}电力箱体破损，里面的设备看得见")),
          new Story("M02010", 4, 24, Motif.SIGN, List.of("{路}交通标志牌被树枝挡住了", "{旁}的限速标志牌歪倒在路边", "{路}口的标线磨没了，车都不知道怎么走")),
          new Story("M02014", 4, 4, Motif.SIGN, List.of("{路}口红绿灯不亮，早高峰很乱", "{旁}信号灯一直是红灯，不变了", "{路}口交通信号灯倒计时不显示")),
          new Story("M02017", 4, 16, Motif.BARRIER, List.of("{路}中间护栏被撞坏了一段，横在车道上", "{旁}交通护栏缺了两节，行人乱穿")),
          new Story("M03005", 6, 8, Motif.RUBBISH, List.of("{旁}垃圾箱破损，垃圾漏了一地", "{路}的果皮箱门掉了", "{旁}的垃圾箱倒在人行道上")),
          new Story("M03006", 2, 24, Motif.POSTER, List.of("{路}的户外广告牌松了，风一吹直晃", "{旁}广告灯箱破损，边上有玻璃碎片")),
          new Story("M04002", 6, 24, Motif.TREE, List.of("{路}{旁}一棵行道树倒了，压在人行道上", "{旁}行道树枝条折断挂在半空", "{路}行道树枯死好几棵", "树枝伸到三楼窗口，{旁}，请修剪")),
          new Story("M04013", 2, 48, Motif.TREE, List.of("{旁}绿地被踩秃了一大片", "{路}边的草坪枯黄，没人浇水")),
          new Story("M06001", 4, 120, Motif.SHED, List.of("{旁}有人在搭铁皮棚，占了消防通道", "{路}一楼住户私自搭建玻璃房", "小区里又在私搭乱建，{旁}")),
          new Story("M06010", 14, 4, Motif.RUBBISH, List.of("{旁}堆了一大堆垃圾，两天没人清，味道很大", "{路}人行道上有暴露垃圾", "{旁}生活垃圾散落一地，苍蝇很多", "有人半夜在{路}{旁}倒了好几袋垃圾")),
          new Story("M06012", 6, 4, Motif.RUBBISH, List.of("{路}路面很脏，全是泥", "{旁}地上油污没人冲洗", "{路}落叶和纸屑好几天没扫")),
          new Story("M06013", 10, 48, Motif.HOLE, List.of("{路}{旁}路面有个大坑，摩托车摔过人", "{旁}人行道地砖碎了一片", "{路}路面开裂下沉，雨天看不见坑", "道路破损，{旁}，公交车经过颠得厉害")),
          new Story("M06025", 4, 24, Motif.WATER, List.of("河面上漂着垃圾和水草，{旁}", "{旁}河道水面有油花", "{路}边的小河发绿发臭")),
          new Story("M06027", 5, 48, Motif.SMOKE, List.of("{旁}饭店油烟直排，窗户都不敢开", "{路}烧烤店油烟太大，每晚到十二点")),
          new Story("M06028", 6, 24, Motif.BARRIER, List.of("{旁}夜里施工噪声，吵得睡不着", "{路}商铺高音喇叭从早放到晚", "广场舞音响太大，{旁}，每晚七点开始")),
          new Story("M06035", 4, 8, Motif.RUBBISH, List.of("{旁}扔了一张旧沙发和床垫", "{路}人行道上有人丢弃旧衣柜")),
          new Story("M06036", 7, 8, Motif.RUBBISH, List.of("{旁}楼道口堆满杂物", "{路}店家把纸箱木板堆在盲道上", "{旁}乱堆建筑材料，轮椅过不去")),
          new Story("M06042", 6, 4, Motif.RUBBISH, List.of("{旁}垃圾站满溢，垃圾堆到马路上", "垃圾桶满了没人收，{路}{旁}")),
          new Story("M07001", 6, 8, Motif.POSTER, List.of("{旁}墙上贴满小广告", "{路}电线杆上又被贴了非法小广告", "楼道里喷了好多开锁小广告，{旁}")),
          new Story("M08002", 4, 24, Motif.BARRIER, List.of("{路}施工围挡占了整条人行道，行人走机动车道", "{旁}施工占道没有任何标志")),
          new Story("M08004", 4, 12, Motif.SMOKE, List.of("{旁}工地扬尘很大，没有洒水", "{路}渣土车过后满天灰")),
          new Story("M09005", 6, 4, Motif.STALL, List.of("{路}水果店把摊子摆到人行道上", "{旁}饭店桌椅摆到店外，占了盲道")),
          new Story("M09006", 8, 4, Motif.STALL, List.of("{路}{旁}流动摊贩占道经营，堵得走不了", "{旁}早上有人占道卖菜，留下一地菜叶", "{路}夜里有占道的炒饭摊")),
          new Story("M09009", 9, 4, Motif.CAR, List.of("{旁}机动车停在人行道上", "{路}双排停车，公交车开不过去", "有车堵住小区出口，{旁}", "机动车乱停放压盲道，{路}{旁}")),
          new Story("M09011", 6, 8, Motif.BICYCLES, List.of("{旁}共享单车倒了一片，堵住地铁口", "{路}共享单车乱停，盲道全被占了")),
          new Story("M09012", 4, 4, Motif.CAR, List.of("{旁}消防通道被私家车堵住", "消防通道上锁并堆放杂物，{路}{旁}")),
          new Story("M10002", 3, 4, Motif.CABLE, List.of("{路}上方线缆脱落，垂到一人高", "{旁}电线掉下来了，不知道有没有电")));

  private static final int TOTAL = ALL.stream().mapToInt(Story::weight).sum();

  private static final List<String> BESIDE = List.of("公交站旁", "小学门口", "菜场门口", "小区东门", "小区西门", "地铁口", "桥头", "路口", "社区卫生站旁", "便利店门前",
      "幼儿园对面", "广场边", "停车场入口", "邮局旁", "药店门口", "健身点旁");
  private static final List<String> OPENING = List.of("", "", "", "您好，", "市民反映：", "路过看到，", "麻烦处理一下，", "早上上班发现，", "我要反映一个情况，");
  private static final List<String> CLOSING = List.of("。", "。", "。", "，请尽快处理。", "，谢谢！", "，希望有人来看看。", "，已经好几天了。", "，请相关部门核实。");

  private Stories() {}

  static Story choose(Random random) {
    int at = random.nextInt(TOTAL);
    for (Story story : ALL) {
      at -= story.weight();
      if (at < 0) {
        return story;
      }
    }
    throw new AssertionError("the weights add up to " + TOTAL);
  }

  /** What is told: {@code text} as a person says it, {@code title} without the politeness. */
  record Words(String title, String text) {}

  /** A sentence or two; each call chooses anew, as two people never use the same words. */
  static Words tell(Story story, String road, Random random) {
    String title = one(story.texts(), random).replace("{路}", road).replace("{旁}", one(BESIDE, random));
    return new Words(title, one(OPENING, random) + title + one(CLOSING, random));
  }

  /** The story that shares the most pairs of characters with a text, as an acceptor who reads it would decide. */
  static Story recognise(String text) {
    Story best = ALL.getFirst();
    double bestShare = -1;
    for (Story story : ALL) {
      for (String template : story.texts()) {
        int shared = 0;
        for (int i = 0; i + 2 <= template.length(); i++) {
          shared += text.contains(template.substring(i, i + 2)) ? 1 : 0;
        }
        double share = shared / (double) template.length();
        if (share > bestShare) {
          bestShare = share;
          best = story;
        }
      }
    }
    return best;
  }

  /** @param percent 0 to 100 */
  static boolean chance(int percent, Random random) {
    return random.nextInt(100) < percent;
  }

  static String one(List<String> choices, Random random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
