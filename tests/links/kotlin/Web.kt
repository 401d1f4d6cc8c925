package com.shop
import org.springframework.web.bind.annotation.*
@RestController
class Web(private val store: Store) {
    @GetMapping("/u") fun user(@RequestParam name: String) = store.find(name)
}
