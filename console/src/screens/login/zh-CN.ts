export default {
  title: '登录', slogan: '城市运行管理，一网统管。', login: '用户名', password: '密码', submit: '登录', expired: '登录已过期，请重新登录。登录后回到刚才的页面。',
  locked: '账号已锁定，请在 {time} 之后再试。', report: '市民上报',
  changePassword: '修改密码', mustChange: '首次登录或密码重置后，请先设置新密码。', current: '当前密码', next: '新密码', repeat: '再次输入新密码',
  differ: '两次输入的新密码不一致。', changed: '密码已修改。', choose: '选择岗位', chooseHint: '您担任多个岗位，请选择本次使用的岗位，之后可随时切换。',
}
