-- Why a delivery did not arrive: a code, and what is said of it in both languages; fault stays what is said in English. Of what failed before
-- the sentence of the time tells what it was; words of other programs are in the log alone.
ALTER TABLE sensing_delivery
  ADD COLUMN fault_code text COLLATE "C",
  ADD COLUMN fault_zh   text;

UPDATE sensing_delivery SET
  fault_code = CASE
    WHEN fault = 'spring.mail.host is not set' THEN 'NO_MAIL_SERVER'
    WHEN fault = 'the route that named this webhook is gone' THEN 'ROUTE_GONE'
    WHEN fault LIKE 'the webhook answered %' OR fault LIKE 'the push service answered %' THEN 'REFUSED'
    WHEN fault LIKE 'the browser has signed out%' OR fault LIKE 'the push service knows the browser no more%' THEN 'BROWSER_GONE'
    WHEN way = 'EMAIL' THEN 'MAIL_FAILED'
    ELSE 'UNREACHABLE' END,
  fault_zh = CASE
    WHEN fault = 'spring.mail.host is not set' THEN '未配置邮件服务器'
    WHEN fault = 'the route that named this webhook is gone' THEN '指定此回调地址的路由已删除'
    WHEN fault LIKE 'the webhook answered %' THEN '回调地址返回 ' || substring(fault FROM '[0-9]{3}')
    WHEN fault LIKE 'the push service answered %' THEN '推送服务返回 ' || substring(fault FROM '[0-9]{3}')
    WHEN fault LIKE 'the browser has signed out%' THEN '此浏览器已退出登录'
    WHEN fault LIKE 'the push service knows the browser no more%' THEN '此浏览器的推送已失效'
    WHEN way = 'EMAIL' THEN '邮件未能发出'
    ELSE '无法连接对方' END,
  fault = CASE
    WHEN fault = 'spring.mail.host is not set' THEN 'no mail server is set up'
    WHEN fault LIKE 'the %' THEN fault
    WHEN way = 'EMAIL' THEN 'the letter could not be sent'
    ELSE 'there is no connection to the receiver' END
WHERE fault IS NOT NULL;

ALTER TABLE sensing_delivery ADD CONSTRAINT sensing_delivery_fault_words CHECK (fault_code IS NULL OR fault_zh IS NOT NULL);
