import type { Script } from "./script.js";

export const CHINESE: Script = {
  language: "zh",
  turns: [
    {
      user: "晚上好，露娜，你今天过得怎么样？",
      reply: [
        { tag: "[joy]", text: "晚上好！你来了，我真高兴。" },
        { text: "我今天一整天都在窗边看雨。" },
      ],
    },
    {
      user: "你那边现在还在下雨吗？",
      reply: [
        { text: "一个小时以前就停了。" },
        { tag: "[smile]", text: "现在整条街都亮得像一面镜子。" },
      ],
    },
    {
      user: "明天的天气会怎么样呢？",
      tool: {
        name: "get_weather",
        input: { place: "家", day: "明天" },
        result: "晴，微风，十八度",
      },
      reply: [
        { text: "我帮你查过了。" },
        { text: "明天是晴天，有一点微风，十八度。" },
        { text: "你可以不用带雨伞。" },
      ],
    },
    {
      user: "太好了，这样的天气我们做什么好呢？",
      reply: [
        { tag: "[joy]", text: "我们去河边散步吧！" },
        { text: "老桥旁边有一家小面包店，我一直想去看看。" },
      ],
    },
    {
      user: "你能给我讲一个月亮的故事吗？",
      bargeIn: true,
      reply: [
        { text: "当然可以。很久很久以前，月亮一个人在天上，觉得很孤单。" },
        { text: "所以她每天晚上都下来一点点，听听地上的人们在说什么。" },
        { text: "她听见渔夫在唱歌，也听见孩子们在数星星。" },
        { text: "等她装满了歌声，变得又圆又亮，就慢慢地回到天上去。" },
        { text: "从那以后，她每个月都来一次，再把一首新的歌带回家。" },
      ],
    },
    {
      user: "等一下，我想问你，她现在听得见我们说话吗？",
      reply: [
        { tag: "[surprise]", text: "啊！我想她听得见。" },
        { text: "今天晚上月亮快圆了，我们小声一点说话。" },
      ],
    },
    {
      user: "那请你替我跟她说一声晚安。",
      reply: [{ tag: "[smile]", text: "好的，我会告诉她。" }, { text: "她说，你也要好好睡觉。" }],
    },
    {
      user: "露娜，你会觉得累吗？",
      reply: [
        { text: "没有人跟我说话的时候，我才会累。" },
        { text: "一个好问题马上就能让我醒过来。" },
      ],
    },
    {
      user: "我不在的时候，你会做什么呢？",
      reply: [
        { text: "我会练习一首新歌。" },
        { text: "♪" },
        { tag: "[joy]", text: "明天你就是第一个听到它的人。" },
      ],
    },
    {
      user: "晚安，露娜，我们明天见。",
      reply: [{ tag: "[smile]", text: "晚安，我的朋友。" }, { text: "我会为你留一盏灯。" }],
    },
  ],
  unasked: [{ text: "这里好安静啊。" }, { tag: "[smile]", text: "你还在吗？" }],
};
