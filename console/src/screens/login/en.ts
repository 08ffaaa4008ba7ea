export default {
  title: 'Log in', slogan: 'City operations on one net.', login: 'User name', password: 'Password', submit: 'Log in', expired: 'Your session has ended. Log in again to return to where you were.',
  locked: 'This account is locked. Try again after {time}.', report: 'Report as a citizen',
  changePassword: 'Change password', mustChange: 'At the first login and after a reset, set a new password first.', current: 'Current password', next: 'New password', repeat: 'New password again',
  differ: 'The two new passwords differ.', changed: 'The password has been changed.', choose: 'Choose a position', chooseHint: 'You hold several positions. Choose the one to work in; you can switch at any time.',
}
