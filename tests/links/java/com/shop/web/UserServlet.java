package com.shop.web;

import com.shop.store.UserDao;
import javax.servlet.http.*;

public class UserServlet extends HttpServlet {
    private final UserDao dao = new UserDao();
    private Helper helper;

    protected void doGet(HttpServletRequest req, HttpServletResponse resp) throws Exception {
        dao.find(req.getParameter("name"));
        UserDao.byMail(req.getParameter("mail"));
        helper.run(req.getParameter("cmd"));
    }
}
