package com.shop.web;

class Helper {
    void run(String cmd) throws Exception {
        Runtime.getRuntime().exec(cmd);
    }
}
