const EN: Readonly<Record<string, string>> = {
  件: 'items', 万件: '× 10,000 items', 人: 'people', 万人次: '× 10,000 visits', '人/分': 'people/min', 家: 'enterprises', 栋: 'buildings', 户: 'households',
  台: 'devices', 张: 'photos', 个: '', 分: 'points', 次: 'times', 天: 'd', 小时: 'h', 分钟: 'min', 公里: 'km', 元: 'CNY', 万元: '× 10,000 CNY',
}

/** What an indicator counts in, in the language of the page. In English the Chinese words have others; an unknown one stays as it was entered. */
export const sayCounted = (unit: string): string => (globalThis.document?.documentElement.lang === 'en' ? (EN[unit] ?? unit) : unit)
