package com.shop.store;

import java.sql.*;

public class UserDao {
    private Connection c;

    public ResultSet find(String name) throws SQLException {
        Statement s = c.createStatement();
        return s.executeQuery("select * from u where name = '" + name + "'");
    }

    public static ResultSet byMail(String mail) throws SQLException {
        Connection c = DriverManager.getConnection("jdbc:h2:mem:");
        return c.createStatement().executeQuery("select * from u where mail = '" + mail + "'");
    }
}
