package com.shop
import org.springframework.jdbc.core.JdbcTemplate
class Store(private val jdbc: JdbcTemplate) {
    fun find(name: String) = jdbc.queryForList("select * from u where n = '$name'")
}
